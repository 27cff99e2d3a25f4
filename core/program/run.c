/* run.c - one run of gw6c: load, check, ask, or serve until told to stop. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "run.h"
#include "core/base/child.h"
#include "core/base/core_dumps.h"
#include "core/base/daemon.h"
#include "core/base/log.h"
#include "core/base/status.h"
#include "core/base/trusted.h"
#include "core/client/client.h"
#include "core/modules/plugin_conf.h"
#include "loaded.h"
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

struct run {
	const struct run_params *params;
	struct loop *loop;
	struct loaded now;
	struct loaded fresh; /* to be used when the client has ended */
	struct gw6c_watch *swap; /* that it has, and fresh comes now */
	struct client *client;
	struct status *status;
	char pid_file[PATH_MAX];
	int lock; /* descriptor of the pid file, -1: none */
	int dir_lock; /* of run_dir, -1: none */
	enum end end;
	bool stopped; /* by a signal */
	bool service; /* of a service manager, that nobody sits before */
	bool was_up; /* a tunnel, of whatever configuration */
	struct gw6c_watch *signals[4];
};

static void run_doubt(const char *text)
{
	log_msg(GW6C_WARN, "plugins", "%s", text);
}

/* A log file that cannot be written is a warning: the tunnel is worth more. */
static void run_open_log(const struct loaded *loaded)
{
	const struct settings *settings = loaded->settings;
	bool chosen = conf_get(loaded->conf, "syslog_facility", 0);
	struct gw6c_err err = { 0 };
	struct log_settings log = {
		.ident = "gw6c",
		.times = true,
		.to_stderr = settings->log_stderr,
		.to_console = settings->log_console,
		.to_file = settings->log_file,
		.to_syslog = settings->log_syslog,
		.path = settings->log_filename,
		.rotate = settings->log_rotation,
		.rotate_delete = settings->log_rotation_delete,
		.rotate_kib = settings->log_rotation_size,
		.facility = settings->syslog_facility,
		.background_facility =
			chosen ? settings->syslog_facility : "DAEMON",
	};

	if (log_open(&log, &err))
		log_msg(GW6C_WARN, "log", "%s; going on without it", err.text);
}

/* What of a configuration is about the process. */
static void run_obey(const struct loaded *loaded)
{
	core_dumps_allow(loaded->settings->core_dumps);
	run_open_log(loaded);
}

static void run_up(void *arg)
{
	struct run *run = arg;

	run->was_up = true;
	if (daemon_ready(END_OK))
		log_background();
}

static void run_state(void *arg, const char *words)
{
	char line[800] = "STATUS=", text[700];

	(void)arg;
	log_escape(words, text, sizeof(text));
	snprintf(line, sizeof(line), "STATUS=%s", text);
	daemon_notify(line);
}

/* A shell within a desktop session inherits INVOCATION_ID, but somebody sits
 * before it, or waits for the exit status. */
static bool run_is_service(const struct run *run)
{
	if (!run->params->foreground && !run->now.settings->foreground)
		return false;
	return getenv("NOTIFY_SOCKET") ||
	       (getenv("INVOCATION_ID") && !isatty(STDIN_FILENO));
}

static void run_swap(void *arg);

/* The client cannot be freed in here. */
static void run_ended(void *arg, enum end status)
{
	struct run *run = arg;

	if (run->fresh.conf && !run->stopped) {
		run->swap = loop_timer(run->loop, 0, run_swap, run);
		return;
	}
	run->end = status;
	loop_stop(run->loop);
}

static enum end run_new_client(struct run *run)
{
	const struct client_params params = {
		.loop = run->loop,
		.conf = run->now.conf,
		.settings = run->now.settings,
		.loader = run->now.loader,
		.os = run->now.os,
		.dry_run = run->params->dry_run,
		.boot = run->params->boot,
		.patient = run->service || run->was_up,
		.up = run_up,
		.state = run_state,
		.ended = run_ended,
		.arg = run,
	};
	struct gw6c_err err = { 0 };
	enum end status;

	if (client_new(&params, &run->client, &status, &err) ||
	    client_start(run->client, &status, &err)) {
		log_msg(GW6C_ERROR, "client", "%s", err.text);
		return status;
	}
	plugin_conf_doubt(run->now.loader, run->now.conf, run_doubt);
	return END_OK;
}

/* The first signal lets features say goodbye through the tunnel; a second one
 * does not wait for them. */
static void run_stop(void *arg, int signo)
{
	struct run *run = arg;
	bool again = run->stopped;

	log_msg(GW6C_NOTICE, "service", "stopping%s on signal %d",
		again ? " at once" : "", signo);
	daemon_notify("STOPPING=1");
	run->end = END_OK;
	run->stopped = true;
	if (again || run->swap || !run->client)
		loop_stop(run->loop);
	else
		client_stop(run->client, GW6C_FOR_STOP);
}

/* The former client has ended. */
static void run_swap(void *arg)
{
	struct run *run = arg;

	run->swap = NULL;
	client_free(run->client);
	run->client = NULL;
	loaded_free(&run->now);
	run->now = run->fresh;
	run->fresh = (struct loaded){ 0 };
	run_obey(&run->now);
	run->end = run_new_client(run);
	if (run->end)
		loop_stop(run->loop);
}

/* A feature that is off is not even in memory: its switch, too, changes what
 * the client is made of. */
static void tell_anew(enum plugin_conf_change change)
{
	log_msg(GW6C_NOTICE, "config",
		"%s changed; ending the session for a new one",
		change == PLUGIN_CONF_MORE
			? "which features are on, or options of other plugins, "
			  "have"
			: "settings of the session have");
}

/* Do with it what the change asks for, and take it over. Of several that come
 * while the client ends, the last counts. */
static void run_use(struct run *run, struct loaded *fresh)
{
	enum plugin_conf_change change =
		plugin_conf_change(run->now.loader, client_conf(run->client),
				   fresh->conf);

	if (run->fresh.conf || change == PLUGIN_CONF_MORE ||
	    !settings_same_session(run->now.settings, fresh->settings)) {
		tell_anew(change);
		loaded_free(&run->fresh);
		run->fresh = *fresh;
		client_stop(run->client, GW6C_FOR_RELOAD);
		return;
	}
	run_obey(fresh);
	if (change == PLUGIN_CONF_FEATURES) {
		log_msg(GW6C_NOTICE, "config",
			"options of features have changed; the session is "
			"unchanged");
		client_reload(run->client, fresh->conf);
		fresh->conf = NULL;
	} else {
		log_msg(GW6C_NOTICE, "config", "the tunnel is unchanged");
	}
	loaded_free(fresh);
}

/* SIGHUP: the log file is opened again; the rest only if it has changed. A
 * faulty configuration is reported and not used. */
static void run_reload(void *arg, int signo)
{
	struct run *run = arg;
	struct loaded fresh;

	(void)signo;
	if (!run->client)
		return; /* it could not be made, and we are about to end */
	log_msg(GW6C_NOTICE, "config", "reloading %s", run->params->path);
	if (!loaded_prepare(run->params, &fresh)) {
		log_msg(GW6C_ERROR, "config",
			"keeping the current configuration");
		return;
	}
	log_reopen();
	run_use(run, &fresh);
}

static void run_write_status(void *arg, bool owner, struct gw6c_buf *out)
{
	struct run *run = arg;

	status_put(out, "pid", "%ld", (long)getpid());
	if (run->client)
		client_status(run->client, owner, out);
}

static int run_claim(struct run *run, struct gw6c_err *err)
{
	const struct settings *settings = run->now.settings;
	char control[PATH_MAX];

	if (run->params->dry_run)
		return GW6C_OK;
	if (settings->pid_file[0])
		snprintf(run->pid_file, sizeof(run->pid_file), "%s",
			 settings->pid_file);
	else
		snprintf(run->pid_file, sizeof(run->pid_file), "%s/gw6c.pid",
			 settings->run_dir);
	snprintf(control, sizeof(control), "%s/control", settings->run_dir);
	if (daemon_directory(control, err) ||
	    trusted_path(settings->run_dir, err) ||
	    daemon_directory(run->pid_file, err) ||
	    daemon_lock(run->pid_file, &run->lock, err) ||
	    daemon_lock_directory(control, &run->dir_lock, err))
		return err->rc;
	return status_serve(run->loop, control, run_write_status, run,
			    &run->status, err);
}

static bool run_watch_signals(struct run *run)
{
	static const int stop[] = { SIGTERM, SIGINT, SIGQUIT };

	for (int i = 0; i < 3; i++)
		run->signals[i] =
			loop_signal(run->loop, stop[i], run_stop, run);
	run->signals[3] = loop_signal(run->loop, SIGHUP, run_reload, run);
	signal(SIGPIPE, SIG_IGN);
	return run->signals[0] && run->signals[1] && run->signals[2] &&
	       run->signals[3];
}

static enum end run_life(struct run *run)
{
	struct gw6c_err err = { 0 };

	run->loop = loop_new();
	if (!run->loop || !run_watch_signals(run)) {
		log_msg(GW6C_ERROR, "service", "out of memory or descriptors");
		return END_MEMORY;
	}
	if (run_claim(run, &err)) {
		log_msg(GW6C_ERROR, "service", "%s", err.text);
		return END_CONFIG;
	}
	run->service = run_is_service(run);
	run->end = run_new_client(run);
	if (!run->end) {
		daemon_notify("READY=1");
		loop_run(run->loop);
	}
	return run->end;
}

static void run_clear(struct run *run)
{
	loop_forget(run->swap);
	client_free(run->client);
	status_end(run->status);
	daemon_unlock(run->pid_file, run->lock);
	if (run->dir_lock >= 0)
		close(run->dir_lock);
	for (int i = 0; i < 4; i++)
		loop_forget(run->signals[i]);
	if (run->loop) {
		child_finish_all(run->loop, CHILD_FINISH_MS);
		loop_free(run->loop);
	}
	loaded_free(&run->fresh);
	loaded_free(&run->now);
}

enum end run_serve(const struct run_params *params)
{
	struct run run = { .params = params, .lock = -1, .dir_lock = -1 };
	enum end end;

	if (!loaded_prepare(params, &run.now))
		return END_CONFIG;
	if (!params->foreground && !params->dry_run &&
	    !run.now.settings->foreground)
		daemon_fork();
	run_obey(&run.now);
	end = run_life(&run);
	run_clear(&run);
	if (end == END_OK && run.stopped)
		log_msg(GW6C_NOTICE, "service",
			"stopped; all changes reverted");
	log_close();
	return end;
}

enum end run_check(const struct run_params *params)
{
	struct loaded loaded;

	if (!loaded_prepare(params, &loaded))
		return END_CONFIG;
	plugin_conf_doubt(loaded.loader, loaded.conf, run_doubt);
	printf("%s: configuration OK: mode %s, login %s, system %s\n",
	       params->path, loaded.settings->tunnel_mode,
	       loaded.settings->auth_method, loaded.os);
	loaded_free(&loaded);
	return END_OK;
}
