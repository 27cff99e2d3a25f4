/* broker.c - one run of gw6c-broker: set up, serve, revert. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "broker.h"
#include "broker/config/users.h"
#include "broker/dialog/failures.h"
#include "broker/dialog/guesses.h"
#include "broker/dialog/sources.h"
#include "broker_parts.h"
#include "core/base/child.h"
#include "core/base/core_dumps.h"
#include "core/base/daemon.h"
#include "core/base/exit_status.h"
#include "core/base/log.h"
#include "core/base/status.h"
#include "core/base/trusted.h"
#include "descriptors.h"
#include "overlap.h"
#include <signal.h>
#include <stdlib.h>

/* -v can only raise the level of stderr above the configured one. */
static void open_log(const struct broker_args *args,
		     const struct options *options)
{
	struct log_settings log = {
		.ident = "gw6c-broker",
		.times = true,
		.to_stderr = args->verbose > options->log_stderr
				     ? args->verbose
				     : (int)options->log_stderr,
		.to_console = (int)options->log_console,
		.to_file = (int)options->log_file,
		.to_syslog = (int)options->log_syslog,
		.path = options->log_filename,
		.rotate = options->log_rotation,
		.rotate_kib = (int)options->log_rotation_size,
		.facility = options->syslog_facility,
	};
	struct gw6c_err err = { 0 };

	if (log_open(&log, &err))
		log_msg(GW6C_WARN, "log", "%s; going on without it", err.text);
}

void broker_obey(const struct broker_args *args, const struct options *options)
{
	core_dumps_allow(options->core_dumps);
	open_log(args, options);
}

static void make_paths(struct broker *broker)
{
	const struct options *options = &broker->base->options;

	if (options->pid_file[0])
		snprintf(broker->pid_file, sizeof(broker->pid_file), "%s",
			 options->pid_file);
	else
		snprintf(broker->pid_file, sizeof(broker->pid_file),
			 "%s/gw6c-broker.pid", options->run_dir);
	snprintf(broker->journal, sizeof(broker->journal), "%s/plan",
		 options->run_dir);
	snprintf(broker->addresses6, sizeof(broker->addresses6), "%s/addresses",
		 options->state_dir);
	snprintf(broker->addresses4, sizeof(broker->addresses4),
		 "%s/addresses4", options->state_dir);
	snprintf(broker->prefixes, sizeof(broker->prefixes), "%s/prefixes",
		 options->state_dir);
	snprintf(broker->logins, sizeof(broker->logins), "%s/logins",
		 options->state_dir);
}

static void on_stop(void *arg, int signo)
{
	struct broker *broker = arg;

	log_msg(GW6C_NOTICE, "broker", "stopping on signal %d", signo);
	daemon_notify("STOPPING=1");
	loop_stop(broker->loop);
}

static void on_broken(void *arg, const struct gw6c_err *err)
{
	struct broker *broker = arg;

	log_msg(GW6C_ERROR, "device",
		"%s; stopping: no tunnel can work without it", err->text);
	broker->end = END_SETUP;
	loop_stop(broker->loop);
}

static int watch_signals(struct broker *broker, struct gw6c_err *err)
{
	static const int stop[] = { SIGTERM, SIGINT, SIGQUIT };

	for (int i = 0; i < 3; i++)
		broker->signals[i] =
			loop_signal(broker->loop, stop[i], on_stop, broker);
	broker->signals[3] =
		loop_signal(broker->loop, SIGHUP, broker_reload, broker);
	signal(SIGPIPE, SIG_IGN);
	for (int i = 0; i < 4; i++)
		if (!broker->signals[i])
			return gw6c_fail(err, GW6C_EOS, "out of memory");
	return GW6C_OK;
}

static int claim(struct broker *broker, const char *control,
		 struct gw6c_err *err)
{
	if (daemon_directory(control, err) ||
	    trusted_path(broker->base->options.run_dir, err) ||
	    daemon_directory(broker->addresses6, err) ||
	    trusted_path(broker->base->options.state_dir, err) ||
	    daemon_directory(broker->pid_file, err))
		return err->rc;
	if (daemon_lock(broker->pid_file, &broker->lock, err))
		return err->rc;
	return daemon_lock_directory(control, &broker->dir_lock, err);
}

static int open_pools(struct broker *broker, struct gw6c_err *err)
{
	const struct options *options = &broker->base->options;
	bool four = modes_carry(&broker->base->modes, 4);
	long all = options->max_tunnels;
	long limit = all + quota_unproven(all) + quota_patient(all);
	int known;

	broker->pool6 = pool_new(&options->pool6, limit, broker->addresses6);
	if (four)
		broker->pool4 =
			pool_new(&options->pool4, limit, broker->addresses4);
	if (options->prefixes6.family)
		broker->prefixes6 = pool_new_prefixes(&options->prefixes6, all,
						      broker->prefixes);
	if (!broker->pool6 || (four && !broker->pool4) ||
	    (options->prefixes6.family && !broker->prefixes6))
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	pool_reserve(broker->pool6, options_reserved(options), all);
	if (four)
		pool_reserve(broker->pool4, options_reserved(options), all);
	known = pool_load(broker->pool6);
	if (broker->pool4)
		known += pool_load(broker->pool4);
	if (broker->prefixes6)
		pool_load(broker->prefixes6);
	log_msg(GW6C_INFO, "pool", "clients remembered=%d", known);
	return GW6C_OK;
}

static int open_tables(struct broker *broker, struct gw6c_err *err)
{
	const struct dialogs_events events = { .accepted = broker_accepted,
					       .send = broker_send,
					       .arg = broker };

	if (open_pools(broker, err))
		return err->rc;
	broker->tunnels = tunnels_new(broker_gone, broker);
	broker->env.pool6 = broker->pool6;
	broker->env.pool4 = broker->pool4;
	broker->env.prefixes6 = broker->prefixes6;
	broker->env.taken = broker_taken;
	broker->env.sessions = broker_sessions;
	broker->env.vacant = broker_vacant;
	broker->env.up = broker_up;
	broker->env.displace = broker_displace;
	broker->env.arg = broker;
	broker->env.loop = broker->loop;
	broker->env.failures = failures_new();
	broker->env.quota = quota_new();
	broker->env.sources = sources_new();
	broker->dialogs = dialogs_new(&broker->env, &events);
	broker->env.guesses = guesses_new(broker->logins);
	if (!broker->tunnels || !broker->dialogs || !broker->env.failures ||
	    !broker->env.guesses || !broker->env.quota || !broker->env.sources)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	broker_reserve(broker, broker->base->conf);
	return GW6C_OK;
}

static int open_ends(struct broker *broker, struct gw6c_err *err)
{
	const struct net_events events = { .control = broker_control,
					   .heard = broker_heard,
					   .broken = on_broken,
					   .arg = broker };
	struct device_params device = { .loop = broker->loop,
					.loader = broker->base->loader,
					.conf = broker->base->conf,
					.options = &broker->base->options,
					.journal = broker->journal };

	pool_server(broker->pool6, &device.inner6);
	if (broker->pool4)
		pool_server(broker->pool4, &device.inner4);
	if (device_open(&device, &broker->device, err))
		return err->rc;
	if (net_open(broker->loop, &broker->base->options, &broker->base->modes,
		     broker->tunnels, device_fd(broker->device), &events,
		     &broker->net, err))
		return err->rc;
	if (!broker->base->options.tcp)
		return GW6C_OK;
	return streams_open(broker->loop, &broker->env, broker_accepted, broker,
			    &broker->streams, err);
}

static int begin(struct broker *broker, struct gw6c_err *err)
{
	char control[PATH_MAX];

	snprintf(control, sizeof(control), "%s/control",
		 broker->base->options.run_dir);
	broker->loop = loop_new();
	if (!broker->loop)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	broker->start_ms = loop_now_ms(broker->loop);
	if (watch_signals(broker, err) ||
	    loaded_env(broker->base, &broker->env, err) ||
	    claim(broker, control, err) || open_tables(broker, err) ||
	    open_ends(broker, err))
		return err->rc;
	return status_serve(broker->loop, control, broker_write_status, broker,
			    &broker->status, err);
}

/* The loop turns while the device is taken back, if the backend takes its time:
 * nothing that is gone by then may be called. */
static void end(struct broker *broker)
{
	broker_save(broker);
	broker->ending = true;
	loop_forget(broker->expire);
	status_end(broker->status);
	streams_close(broker->streams);
	net_close(broker->net);
	dialogs_free(broker->dialogs);
	tunnels_free(broker->tunnels);
	quota_free(broker->env.quota);
	sources_free(broker->env.sources);
	failures_free(broker->env.failures);
	guesses_free(broker->env.guesses);
	device_close(broker->device);
	pool_free(broker->pool6);
	pool_free(broker->pool4);
	pool_free(broker->prefixes6);
	daemon_unlock(broker->pid_file, broker->lock);
	if (broker->dir_lock >= 0)
		close(broker->dir_lock);
	for (int i = 0; i < 4; i++)
		loop_forget(broker->signals[i]);
	if (broker->loop) {
		child_finish_all(broker->loop, CHILD_FINISH_MS);
		loop_free(broker->loop);
	}
	loaded_free(broker->fresh);
	loaded_free(broker->base);
}

static void tell_ready(const struct broker *broker)
{
	const struct options *options = &broker->base->options;
	char pool6[GW6C_ADDR_TEXT], pool4[GW6C_ADDR_TEXT];
	bool four = broker->pool4 != NULL;

	for (int i = 0; i < options->listens; i++)
		log_msg(GW6C_INFO, "network", "listening on %s port %u",
			options->listen[i].host, options->listen[i].port);
	log_msg(GW6C_NOTICE, "broker",
		"ready: addresses from %s%s%s, interface %s",
		gw6c_addr_text(&options->pool6, pool6), four ? " and " : "",
		four ? gw6c_addr_text(&options->pool4, pool4) : "",
		device_name(broker->device));
	daemon_notify("READY=1");
	if (daemon_ready(END_OK))
		log_background();
}

/* tag: "" for commands, whose messages go to the terminal. */
static int fail(const char *tag, const struct gw6c_err *err)
{
	log_msg(GW6C_ERROR, tag, "%s", err->text);
	return err->rc == GW6C_EOS ? END_SETUP : END_CONFIG;
}

static void name_log(void)
{
	struct log_settings log = { .ident = "gw6c-broker", .to_stderr = 1 };
	struct gw6c_err err;

	log_open(&log, &err);
}

static void serve(struct broker *broker)
{
	struct gw6c_err err = { 0 };

	broker_obey(broker->args, &broker->base->options);
	descriptors_raise(STREAMS_MAX + STREAMS_SPARE);
	if (begin(broker, &err)) {
		broker->end = fail("broker", &err);
		return;
	}
	tell_ready(broker);
	loop_run(broker->loop);
}

int broker_serve(const struct broker_args *args)
{
	struct broker *broker = calloc(1, sizeof(*broker));
	struct gw6c_err err = { 0 };
	int status;

	name_log();
	if (!broker)
		return END_MEMORY;
	broker->args = args;
	broker->lock = broker->dir_lock = -1;
	if (loaded_read(args->file, &broker->base, &err)) {
		free(broker);
		return fail("", &err);
	}
	make_paths(broker);
	if (!args->foreground && !broker->base->options.foreground)
		daemon_fork();
	serve(broker);
	status = broker->end;
	end(broker);
	if (!status)
		log_msg(GW6C_NOTICE, "broker", "stopped; all changes reverted");
	log_close();
	free(broker);
	return status;
}

static bool is_running(const struct options *options)
{
	char control[PATH_MAX], room[STATUS_MAX];
	struct gw6c_buf out = GW6C_BUF(room);

	snprintf(control, sizeof(control), "%s/control", options->run_dir);
	return status_ask(control, &out, NULL) == GW6C_OK;
}

/* As gw6c --check has it. */
static void tell_check(const struct broker_args *args,
		       const struct loaded *loaded,
		       const struct dialog_env *env)
{
	const char *before = "";

	printf("%s: configuration OK: modes ", args->file);
	for (int i = 0; env->modes->offer[i]; i++, before = ",")
		printf("%s%s", before, env->modes->offer[i]->name);
	before = "";
	printf("; logins ");
	for (int i = 0; env->auth[i]; i++, before = ",")
		printf("%s%s", before, env->auth[i]->name);
	printf("; accounts %u; system %s\n", users_count(loaded->conf),
	       loaded->options.os);
}

int broker_check(const struct broker_args *args)
{
	struct loaded *loaded;
	struct dialog_env env = { 0 };
	const struct gw6c_plugin *os;
	struct gw6c_err err = { 0 };
	int status = END_OK;

	name_log();
	if (loaded_read(args->file, &loaded, &err))
		return fail("", &err);
	if (loaded_env(loaded, &env, &err) ||
	    loader_get(loaded->loader, GW6C_OS, loaded->options.os,
		       conf_get(loaded->conf, "template", 0), &os, &err))
		status = fail("", &err);
	else
		tell_check(args, loaded, &env);
	overlap_warn(&loaded->options, is_running(&loaded->options));
	loaded_free(loaded);
	return status;
}

static int keygen(struct loaded *loaded, struct gw6c_err *err)
{
	char path[PATH_MAX], print[SERVER_KEYS_PRINT];
	struct identity identity = { .len = 0 };
	const struct gw6c_plugin *auth;

	options_server_key(&loaded->options, path, sizeof(path));
	if (loaded_key_owner(loaded, &auth, err) ||
	    identity_make(path, auth, loaded->conf, err) ||
	    identity_load(path, loaded->file, auth, &identity, err))
		return err->rc;
	printf("created server key %s\nfingerprint %s\n"
	       "Give the fingerprint to your users: their client "
	       "shows it at the first login.\n",
	       path, identity_print(&identity, print));
	identity_wipe(&identity);
	return GW6C_OK;
}

int broker_keygen(const struct broker_args *args)
{
	struct gw6c_err err = { 0 };
	struct loaded *loaded;
	int status = END_OK;

	name_log();
	if (loaded_read(args->file, &loaded, &err))
		return fail("", &err);
	if (keygen(loaded, &err))
		status = fail("", &err);
	loaded_free(loaded);
	return status;
}
