/* linux_service.c - gw6c as a service of systemd. Its units have the text of
 * those in conf. */
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

struct unit {
	const char *name;
	const char *text; /* a format for program and configuration */
};

static const struct unit units[] = {
	{
		UNIT,
#include "linux_service_unit.h"
	},
	/* For units that need the tunnel; enabled by them. */
	{
		"gw6c-wait-up.service",
#include "linux_wait_up_unit.h"
	},
};
#define UNITS (sizeof(units) / sizeof(units[0]))

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

static const char *service_path(const char *root, const struct unit *unit,
				char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s/etc/systemd/system/%s", root, unit->name);
	return path;
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

static int service_write(const char *path, const struct unit *unit,
			 const struct gw6c_service *service,
			 struct gw6c_err *err)
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
	     dprintf(fd, unit->text, service->program, service->config) > 0;
	if (close(fd) == 0 && ok)
		return GW6C_OK;
	gw6c_fail(err, GW6C_EOS, "cannot write %s: %s", path, strerror(errno));
	unlink(path);
	return err->rc;
}

/* Both or none: of others we take neither. */
static int service_write_all(const char *root,
			     const struct gw6c_service *service,
			     struct gw6c_err *err)
{
	char path[PATH_MAX];

	for (size_t i = 0; i < UNITS; i++)
		if (access(service_path(root, &units[i], path), F_OK) == 0 &&
		    service_ours(path, err))
			return err->rc;
	for (size_t i = 0; i < UNITS; i++)
		if (service_write(service_path(root, &units[i], path),
				  &units[i], service, err))
			return err->rc;
	return GW6C_OK;
}

/* One of an older gw6c came alone. */
static int service_remove_all(const char *root, struct gw6c_err *err)
{
	struct gw6c_err not_ours = { 0 };
	char path[PATH_MAX];

	for (size_t i = 0; i < UNITS; i++) {
		service_path(root, &units[i], path);
		if (access(path, F_OK) < 0 || service_ours(path, &not_ours))
			continue;
		if (unlink(path) < 0)
			return gw6c_fail(err, GW6C_EOS, "cannot remove %s: %s",
					 path, strerror(errno));
	}
	return GW6C_OK;
}

static int service_register(const struct gw6c_host *host, const char *root,
			    const struct gw6c_service *service,
			    void (*line)(void *arg, const char *text),
			    void *arg, struct gw6c_err *err)
{
	char path[PATH_MAX], text[PATH_MAX + 80];

	if (service_has_systemd(root, err) ||
	    service_write_all(root, service, err) ||
	    service_ctl(host, "daemon-reload", NULL, false, err) ||
	    service_ctl(host, "enable", NULL, true, err))
		return err->rc;
	snprintf(text, sizeof(text),
		 "registered as %s; start it with: systemctl start gw6c",
		 service_path(root, &units[0], path));
	line(arg, text);
	return GW6C_OK;
}

static int service_unregister(const struct gw6c_host *host, const char *root,
			      void (*line)(void *arg, const char *text),
			      void *arg, struct gw6c_err *err)
{
	struct gw6c_err unused = { 0 };
	char path[PATH_MAX];

	service_path(root, &units[0], path);
	if (service_has_systemd(root, err))
		return err->rc;
	if (access(path, F_OK) < 0)
		return gw6c_fail(err, GW6C_EOS,
				 "not registered: there is no %s", path);
	if (service_ours(path, err) ||
	    service_ctl(host, "disable", "--now", true, err))
		return err->rc;
	/* Else systemd lists one that had failed, without its file. */
	service_ctl(host, "reset-failed", NULL, true, &unused);
	if (service_remove_all(root, err) ||
	    service_ctl(host, "daemon-reload", NULL, false, err))
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
