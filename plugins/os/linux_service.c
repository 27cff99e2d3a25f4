/* linux_service.c - gw6c as a service of systemd. Its text is that of
 * conf/gw6c.service.in. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux_service.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define UNIT "gw6c.service"
#define MARK "# Written by gw6c --register; gw6c --unregister removes it.\n"
#define LIMIT_MS 90000 /* a stop may wait for a tidy end */

static const char unit_text[] =
#include "linux_service_unit.h"
	;

static int service_has_systemd(const char *root, struct gw6c_err *err)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/run/systemd/system", root);
	if (access(path, F_OK) == 0)
		return GW6C_OK;
	return gw6c_fail(err, GW6C_EOS,
			 "this system does not run systemd, the only service "
			 "manager that --register supports; have your init "
			 "scripts start \"gw6c -f FILE\" and stop it with "
			 "SIGTERM");
}

static void service_path(const char *root, char *path, size_t len)
{
	snprintf(path, len, "%s/etc/systemd/system/" UNIT, root);
}

/* systemctl VERB [OPTION] [gw6c.service] */
static int service_ctl(const struct gw6c_host *host, const char *verb,
		       const char *option, bool unit, struct gw6c_err *err)
{
	const char *argv[5] = { "systemctl", verb };
	struct gw6c_run run = { .size = sizeof(run), .argv = argv };
	struct gw6c_err why = { 0 };
	int n = 2;

	if (option)
		argv[n++] = option;
	if (unit)
		argv[n++] = UNIT;
	if (host->run_wait(host, &run, LIMIT_MS, &why) == GW6C_OK)
		return GW6C_OK;
	return gw6c_fail(err, GW6C_EOS, "%s: %s", verb, why.text);
}

/* Is the unit one that we wrote? Others are their owner's: a package's, or of
 * somebody who changed it and took the mark out. */
static int service_ours(const char *path, struct gw6c_err *err)
{
	FILE *file = fopen(path, "re");
	char line[sizeof(MARK)] = "";
	bool ours = file && fgets(line, sizeof(line), file) &&
		    strcmp(line, MARK) == 0;

	if (file)
		fclose(file);
	if (ours)
		return GW6C_OK;
	return gw6c_fail(err, GW6C_EOS,
			 "%s was not written by gw6c --register, and is left "
			 "alone; remove it as it was installed",
			 path);
}

static int service_write(const char *path, const char *program,
			 const char *conf, struct gw6c_err *err)
{
	int fd = open(path,
		      O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
		      0644);
	bool ok;

	if (fd < 0)
		return gw6c_fail(err, GW6C_EOS,
				 "cannot write %s: %s; run as root", path,
				 strerror(errno));
	ok = dprintf(fd, "%s", MARK) > 0 &&
	     dprintf(fd, unit_text, program, conf) > 0;
	if (close(fd) == 0 && ok)
		return GW6C_OK;
	gw6c_fail(err, GW6C_EOS, "cannot write %s: %s", path, strerror(errno));
	unlink(path);
	return err->rc;
}

static int service_register(const struct gw6c_host *host, const char *root,
			    const struct gw6c_service *service,
			    void (*line)(void *arg, const char *text),
			    void *arg, struct gw6c_err *err)
{
	char path[PATH_MAX], text[PATH_MAX + 80];

	service_path(root, path, sizeof(path));
	if (service_has_systemd(root, err) ||
	    (access(path, F_OK) == 0 && service_ours(path, err)) ||
	    service_write(path, service->program, service->config, err) ||
	    service_ctl(host, "daemon-reload", NULL, false, err) ||
	    service_ctl(host, "enable", NULL, true, err))
		return err->rc;
	snprintf(text, sizeof(text),
		 "registered as %s; start it with: systemctl start gw6c", path);
	line(arg, text);
	return GW6C_OK;
}

static int service_unregister(const struct gw6c_host *host, const char *root,
			      void (*line)(void *arg, const char *text),
			      void *arg, struct gw6c_err *err)
{
	char path[PATH_MAX];

	service_path(root, path, sizeof(path));
	if (service_has_systemd(root, err))
		return err->rc;
	if (access(path, F_OK) < 0)
		return gw6c_fail(err, GW6C_EOS,
				 "not registered: there is no %s", path);
	if (service_ours(path, err) ||
	    service_ctl(host, "disable", "--now", true, err))
		return err->rc;
	if (unlink(path) < 0)
		return gw6c_fail(err, GW6C_EOS, "cannot remove %s: %s", path,
				 strerror(errno));
	if (service_ctl(host, "daemon-reload", NULL, false, err))
		return err->rc;
	line(arg, "stopped and unregistered");
	return GW6C_OK;
}

int linux_service_below(const struct gw6c_host *host, const char *root,
			const struct gw6c_service *service, bool add,
			void (*line)(void *arg, const char *text), void *arg,
			struct gw6c_err *err)
{
	return add ? service_register(host, root, service, line, arg, err)
		   : service_unregister(host, root, line, arg, err);
}

int linux_service(const struct gw6c_host *host,
		  const struct gw6c_service *service, bool add,
		  void (*line)(void *arg, const char *text), void *arg,
		  struct gw6c_err *err)
{
	return linux_service_below(host, "", service, add, line, arg, err);
}
