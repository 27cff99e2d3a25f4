/* os_script.c - has the tunnel set up by a template script, as the clients
 * before this one had. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "script_env.h"
#include "tun.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

struct script {
	const struct gw6c_host *host;
	struct gw6c_lease lease; /* size 0: none yet */
	struct script_env env;
	char memory[PATH_MAX]; /* file with the environment */
	struct relay *relay;
};

static int script_open(const struct gw6c_host *host, void **self,
		       struct gw6c_err *err)
{
	struct script *script;

	if (!GW6C_HAS(host, run_wait))
		return gw6c_fail(err, GW6C_ECONFIG, "it needs a newer gw6c");
	script = calloc(1, sizeof(*script));
	if (!script)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	script->host = host;
	snprintf(script->memory, sizeof(script->memory), "%s/script.env",
		 host->run_dir);
	*self = script;
	return GW6C_OK;
}

static void script_close(void *self)
{
	struct script *script = self;

	relay_close(script->relay);
	free(script);
}

/* What others may change must not run with root's rights. */
static int script_trust(const char *path, struct gw6c_err *err)
{
	struct stat info;

	if (stat(path, &info) < 0)
		return gw6c_fail(err, GW6C_EOS, "%s: %s", path,
				 strerror(errno));
	if (!S_ISREG(info.st_mode))
		return gw6c_fail(err, GW6C_EOS, "%s is not a regular file",
				 path);
	if (geteuid() == 0 && (info.st_uid != 0 || info.st_mode & 022))
		return gw6c_fail(err, GW6C_EOS,
				 "%s is owned or writable by others than "
				 "root, and is not run as root; chown root "
				 "it and chmod go-w it if you trust it",
				 path);
	return GW6C_OK;
}

/* Saved with the line ends of Windows: the system looks for a program whose
 * name ends in CR then, and says that there is none. */
static int script_lines(const char *path, struct gw6c_err *err)
{
	FILE *file = fopen(path, "re");
	char line[300];
	bool ends =
		file && fgets(line, sizeof(line), file) && strstr(line, "\r\n");

	if (file)
		fclose(file);
	if (!ends)
		return GW6C_OK;
	return gw6c_fail(err, GW6C_EOS,
			 "%s has lines that end in CR LF, which no shell "
			 "takes; remove the CRs: sed -i 's/\\r$//' %s",
			 path, path);
}

static int script_named(const struct script *script, struct gw6c_err *err)
{
	if (script->host->str(script->host, "path")[0] == '/')
		return GW6C_OK;
	return gw6c_fail(err, GW6C_ECONFIG,
			 "which script? Write template=/the/path, or "
			 "os.script.path=/the/path");
}

static int script_check(void *self, struct gw6c_err *err)
{
	const struct script *script = self;
	const char *path;

	if (script_named(script, err))
		return err->rc;
	path = script->host->str(script->host, "path");
	return script_trust(path, err) ? err->rc : script_lines(path, err);
}

static int script_lease(void *self, const struct gw6c_lease *lease,
			struct gw6c_err *err)
{
	struct script *script = self;
	size_t size = sizeof(script->lease);

	(void)err;
	memset(&script->lease, 0, size);
	memcpy(&script->lease, lease, lease->size < size ? lease->size : size);
	return GW6C_OK;
}

/* Scripts of old need not be executable, nor begin with "#!". */
static bool runs_by_itself(const char *path)
{
	FILE *file = fopen(path, "re");
	char head[2] = "";
	bool marked = file && fread(head, 1, 2, file) == 2 && head[0] == '#' &&
		      head[1] == '!';

	if (file)
		fclose(file);
	return marked && access(path, X_OK) == 0;
}

static int script_run(struct script *script, bool create, struct gw6c_err *err)
{
	const struct gw6c_host *host = script->host;
	const char *path = script->env.path;
	const char *const own[] = { path, NULL };
	const char *const shell[] = { "/bin/sh", path, NULL };
	uint32_t limit_ms = (uint32_t)host->num(host, "timeout") * 1000;
	struct gw6c_err why = { 0 };
	struct gw6c_run run = { .size = sizeof(run), .env = script->env.var };

	if (script_trust(path, err) || script_lines(path, err))
		return err->rc;
	run.argv = runs_by_itself(path) ? own : shell;
	script_env_operation(&script->env, create);
	host->log(host, GW6C_DEBUG, "running %s %s", path, script->env.var[0]);
	if (host->run_wait(host, &run, limit_ms, &why) == GW6C_OK)
		return GW6C_OK;
	return gw6c_fail(err, why.rc, "%s%s%s", run.argv == own ? "" : path,
			 run.argv == own ? "" : ": ", why.text);
}

/* An interface of the kernel is the script's to create: only its name is
 * chosen here, as the samples of old had it. */
static const char *script_dev(const struct gw6c_step *step, const char *wish)
{
#ifdef __linux__
	const char *sit = "sit1", *ip6tnl = "ip6tnl1";
#else
	const char *sit = "gif0", *ip6tnl = "gif0";
#endif
	if (wish[0] && strcmp(wish, "auto") != 0)
		return wish;
	if (step->kind == GW6C_TUN)
		return "tun";
	return step->kind == GW6C_SIT ? sit : ip6tnl;
}

static int script_create(struct script *script, struct gw6c_plan *plan,
			 const struct gw6c_step *step, struct gw6c_err *err)
{
	char wish[GW6C_DEV];

	snprintf(wish, sizeof(wish), "%s",
		 step->dev[0] ? step->dev : plan->dev);
	if (!script->lease.size)
		return gw6c_fail(err, GW6C_EOS,
				 "a script can only set up the tunnel of gw6c");
	if (step->kind == GW6C_TUN) {
		if (tun_open(script->host, wish, plan, &script->relay, err))
			return err->rc;
	} else {
		snprintf(plan->dev, sizeof(plan->dev), "%s",
			 script_dev(step, wish));
	}
	if (script_env_make(&script->env, script->host, &script->lease,
			    plan->dev, err) ||
	    (!script->lease.proxy && /* nobody takes that back */
	     script_env_write(&script->env, script->memory, err))) {
		tun_close(plan, &script->relay);
		return err->rc;
	}
	return script_run(script, true, err);
}

/* Without the file there is nothing of ours. */
static int script_remove(struct script *script, struct gw6c_plan *plan,
			 struct gw6c_err *err)
{
	int rc = GW6C_OK;

	tun_close(plan, &script->relay);
	if (script->env.n || script_env_read(&script->env, script->memory))
		rc = script_run(script, false, err);
	unlink(script->memory);
	script->env.n = 0;
	return rc;
}

/* A script that fails may have done half of its work. */
static int script_link(struct script *script, struct gw6c_plan *plan,
		       const struct gw6c_step *step, bool add,
		       struct gw6c_err *err)
{
	struct gw6c_err why = { 0 };

	if (!add)
		return script_remove(script, plan, err);
	if (script_create(script, plan, step, err) == GW6C_OK)
		return GW6C_OK;
	if (script_remove(script, plan, &why))
		script->host->log(script->host, GW6C_WARN, "reverting: %s",
				  why.text);
	return err->rc;
}

static int script_knows(const struct gw6c_step *step, struct gw6c_err *err)
{
	if (step->verb > GW6C_LINK && step->verb <= GW6C_KEEP)
		return GW6C_OK;
	return gw6c_fail(err, GW6C_EOS, "step %u is not supported by scripts",
			 step->verb);
}

/* Of the steps the first is the script; it does the work of the others. */
static int script_step(void *self, struct gw6c_plan *plan,
		       struct gw6c_step *step, bool add, struct gw6c_err *err)
{
	if (step->verb == GW6C_LINK && step->kind != GW6C_RAW_SINK)
		return script_link(self, plan, step, add, err);
	return script_knows(step, err);
}

static int script_show(void *self, const struct gw6c_plan *plan,
		       const struct gw6c_step *step, bool add,
		       void (*line)(void *arg, const char *text), void *arg,
		       struct gw6c_err *err)
{
	struct script *script = self;
	char text[PATH_MAX + 80];

	if (!step) {
		line(arg, add ? "# to set up:" : "# to revert it:");
		return GW6C_OK;
	}
	if (step->verb != GW6C_LINK)
		return script_knows(step, err);
	if (script_named(script, err) ||
	    script_env_make(&script->env, script->host, &script->lease,
			    script_dev(step, plan->dev), err))
		return err->rc;
	script_env_operation(&script->env, add);
	for (int i = 0; i < script->env.n; i++) {
		int name = (int)strcspn(script->env.var[i], "=");

		snprintf(text, sizeof(text), "%.*s='%s' \\", name,
			 script->env.var[i], script->env.var[i] + name + 1);
		line(arg, text);
	}
	line(arg, script->env.path);
	script->env.n = 0;
	return GW6C_OK;
}

static int script_bind(void *self, int fd, const char *dev,
		       struct gw6c_err *err)
{
	(void)self;
#ifdef SO_BINDTODEVICE
	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, dev,
		       (socklen_t)strlen(dev) + 1) < 0)
		return gw6c_fail(err, GW6C_EOS, "binding to %s: %s", dev,
				 strerror(errno));
#else
	(void)fd;
	(void)dev;
	(void)err;
#endif
	return GW6C_OK;
}

static const struct gw6c_opt script_opts[] = {
	{ .key = "path",
	  .type = GW6C_STR,
	  .summary = "the script; template= can also name it",
	  .flags = GW6C_OPT_OWN },
	{ .key = "home",
	  .type = GW6C_STR,
	  .summary = "TSP_HOME_DIR, if it is not gw6_dir" },
	{ .key = "timeout",
	  .type = GW6C_NUM,
	  .fallback = "60",
	  .summary = "timeout in seconds",
	  .min = 1,
	  .max = 3600 },
	{ .key = NULL }
};

static const struct gw6c_os_ops script_ops = {
	.size = sizeof(script_ops),
	.flags = GW6C_OS_PROXY | GW6C_OS_SCRIPT,
	.open = script_open,
	.close = script_close,
	.check = script_check,
	.step = script_step,
	.bind = script_bind,
	.lease = script_lease,
	.show = script_show,
};

GW6C_PLUGIN(os_script) = {
	GW6C_HEAD(GW6C_OS, "script", "runs a template script"),
	.opts = script_opts,
	.os = &script_ops,
};
