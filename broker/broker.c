/* broker.c - one run of gw6c-broker: set up, serve, take back. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "broker.h"
#include "core/daemon.h"
#include "core/exit.h"
#include "core/host.h"
#include "core/log.h"
#include "core/planner.h"
#include "core/status.h"
#include "dialogs.h"
#include "net.h"
#include "tunnels.h"
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#define ERRORS_MAX 8192 /* octets */
#define EXPIRE_MS 2000 /* how often the dead are looked for */
#define DEAD_AFTER 5 /* keepalive intervals without a packet */

struct loaded {
	struct conf *conf;
	struct options options;
	struct loader *loader;
};

struct broker {
	const struct broker_args *args;
	struct loaded now;
	struct desk desk;
	struct loop *loop;
	struct pool *pool;
	struct tunnels *tunnels;
	struct dialogs *dialogs;
	struct net *net;
	struct status *status;
	struct backend os;
	struct gw6c_host *os_host;
	struct gw6c_plan plan;
	struct journal journal;
	bool applied;
	struct gw6c_watch *expire, *signals[4];
	char pid_file[PATH_MAX], journal_path[PATH_MAX], pool_path[PATH_MAX];
	int lock;
	uint64_t start_ms;
	unsigned long accepted, expired;
};

/* --- configuration ----------------------------------------------------- */

static void loaded_free(struct loaded *loaded)
{
	loader_free(loaded->loader);
	options_free(&loaded->options);
	conf_free(loaded->conf);
	*loaded = (struct loaded){ 0 };
}

static bool load_options(struct loaded *loaded)
{
	char errors[ERRORS_MAX], *rest = errors, *line;
	bool ok = options_read(loaded->conf, &loaded->options, errors,
			       sizeof(errors)) == GW6C_OK;

	while ((line = strsep(&rest, "\n")) && *line)
		log_msg(GW6C_ERROR, "", "%s", line);
	for (size_t i = 0; conf_warning(loaded->conf, i); i++)
		log_msg(GW6C_WARN, "", "%s", conf_warning(loaded->conf, i));
	return ok;
}

static int load(const struct broker_args *args, struct loaded *out,
		struct gw6c_err *err)
{
	*out = (struct loaded){ .conf = conf_new() };
	if (!out->conf)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	if (conf_load(out->conf, args->file, err) == GW6C_OK &&
	    load_options(out) &&
	    loader_new(out->options.plugin_dir, out->conf, &out->loader, err) ==
		    GW6C_OK)
		return GW6C_OK;
	loaded_free(out);
	return err->rc ? err->rc
		       : gw6c_fail(err, GW6C_ECONFIG,
				   "%s has mistakes; nothing was started",
				   args->file);
}

static int load_auths(struct loaded *loaded, struct desk *desk,
		      struct gw6c_err *err)
{
	const struct setting *at = conf_get(loaded->conf, "auth", 0);
	const struct options *options = &loaded->options;

	for (int i = 0; i < options->auths; i++)
		if (loader_get(loaded->loader, GW6C_AUTH, options->auth[i], at,
			       &desk->auth[i], err))
			return err->rc;
	desk->auth[options->auths] = NULL;
	desk->options = options;
	desk->conf = loaded->conf;
	return GW6C_OK;
}

static int open_log(const struct broker *broker, struct gw6c_err *err)
{
	const struct options *options = &broker->now.options;
	int verbose = broker->args->verbose;
	struct log_settings log = {
		.ident = "gw6c-broker",
		.to_stderr = verbose > options->log_stderr
				     ? verbose
				     : (int)options->log_stderr,
		.to_console = (int)options->log_console,
		.to_file = (int)options->log_file,
		.to_syslog = (int)options->log_syslog,
		.path = options->log_filename,
		.rotate = options->log_rotation,
		.rotate_kib = (int)options->log_rotation_size,
		.facility = options->syslog_facility,
	};

	return log_open(&log, err);
}

/* --- the packet device ------------------------------------------------- */

static void make_plan(struct broker *broker)
{
	const struct options *options = &broker->now.options;
	struct gw6c_plan *plan = &broker->plan;
	struct gw6c_step *step;

	*plan = (struct gw6c_plan){ .size = sizeof(*plan), .fd = -1 };
	snprintf(plan->dev, sizeof(plan->dev), "%s", options->tunnel_dev);
	gw6c_plan_add(plan, GW6C_LINK)->kind = GW6C_TUN;
	gw6c_plan_add(plan, GW6C_MTU)->value = (uint32_t)options->mtu;
	gw6c_plan_add(plan, GW6C_UP);
	pool_server(broker->pool, &gw6c_plan_add(plan, GW6C_ADDR)->dst);
	step = gw6c_plan_add(plan, GW6C_ROUTE);
	step->dst = options->pool6;
	step->value = (uint32_t)options->metric;
	gw6c_plan_add(plan, GW6C_FORWARD)->dst.family = 6;
}

static int open_os(struct broker *broker, struct gw6c_err *err)
{
	const struct gw6c_os_ops *ops;
	uint32_t swept;

	if (loader_get(broker->now.loader, GW6C_OS, DEFAULT_OS, NULL,
		       &broker->os.plugin, err))
		return err->rc;
	ops = broker->os.plugin->os;
	broker->os_host = host_new(broker->os.plugin, broker->loop,
				   broker->now.conf, NULL);
	if (!broker->os_host ||
	    ops->open(broker->os_host, &broker->os.self, err))
		return err->rc ? err->rc
			       : gw6c_fail(err, GW6C_EOS, "out of memory");
	broker->journal = (struct journal){ .path = broker->journal_path,
					    .os = broker->os.plugin->name };
	if ((ops->check && ops->check(broker->os.self, err)) ||
	    plan_sweep(&broker->os, &broker->journal, &swept, err))
		return err->rc;
	make_plan(broker);
	if (plan_apply(&broker->os, &broker->journal, &broker->plan, err))
		return err->rc;
	broker->applied = true;
	return GW6C_OK;
}

static void close_os(struct broker *broker)
{
	if (broker->applied)
		plan_undo(&broker->os, &broker->journal, &broker->plan);
	if (broker->os.self)
		broker->os.plugin->os->close(broker->os.self);
	host_end(broker->os_host);
}

/* --- events ------------------------------------------------------------ */

static void save_pool(struct broker *broker)
{
	struct gw6c_err err = { 0 };

	if (pool_save(broker->pool, &err))
		log_msg(GW6C_WARN, "", "%s", err.text);
}

static const char *holder(const struct grant *grant)
{
	return grant->key[0] == '?' ? "anonymous" : grant->key;
}

static void expire_one(void *arg, struct tunnel_entry *entry)
{
	struct broker *broker = arg;
	uint64_t silent_ms = loop_now_ms(broker->loop) - entry->heard_ms;
	char room[GW6C_ADDR_TEXT];

	if (!entry->grant.keepalive_s ||
	    silent_ms < (uint64_t)entry->grant.keepalive_s * 1000 * DEAD_AFTER)
		return;
	log_msg(GW6C_NOTICE, "", "tunnel of %s ended: %s was silent for %llu s",
		holder(&entry->grant),
		gw6c_addr_text(&entry->grant.inner, room),
		(unsigned long long)silent_ms / 1000);
	pool_leave(broker->pool, &entry->grant.inner);
	tunnels_remove(broker->tunnels, entry);
	broker->expired++;
}

/* Runs only while there is something that can expire. */
static void on_expire(void *arg)
{
	struct broker *broker = arg;
	long left;

	broker->expire = NULL;
	tunnels_each(broker->tunnels, expire_one, broker);
	left = dialogs_expire(broker->dialogs, loop_now_ms(broker->loop));
	if (left || tunnels_count(broker->tunnels))
		broker->expire =
			loop_timer(broker->loop, EXPIRE_MS, on_expire, broker);
}

static void on_control(void *arg, const struct endpoint *from,
		       struct gw6c_bytes datagram, struct gw6c_buf *out)
{
	struct broker *broker = arg;

	dialogs_datagram(broker->dialogs, from, datagram,
			 loop_now_ms(broker->loop), out);
	if (!broker->expire)
		broker->expire =
			loop_timer(broker->loop, EXPIRE_MS, on_expire, broker);
}

static void on_accepted(void *arg, const struct dialog *dialog)
{
	struct broker *broker = arg;
	const struct grant *grant = &dialog->grant;
	char inner[GW6C_ADDR_TEXT], outer[GW6C_ADDR_TEXT];
	bool again = tunnels_by_inner(broker->tunnels, grant->inner.octets);

	if (again)
		pool_leave(broker->pool, &grant->inner);
	if (!again &&
	    tunnels_count(broker->tunnels) >= broker->now.options.max_tunnels) {
		pool_leave(broker->pool, &grant->inner);
		log_msg(GW6C_WARN, "", "max_tunnels=%ld is reached",
			broker->now.options.max_tunnels);
		return;
	}
	if (!tunnels_add(broker->tunnels, &dialog->from, grant,
			 loop_now_ms(broker->loop)))
		return;
	broker->accepted++;
	save_pool(broker);
	log_msg(GW6C_NOTICE, "", "tunnel of %s up: v6udpv4 %s to %s port %u%s",
		holder(grant), gw6c_addr_text(&grant->inner, inner),
		gw6c_addr_text(&dialog->from.addr, outer), dialog->from.port,
		grant->nat ? ", behind a NAT" : "");
}

static void on_stop(void *arg, int signo)
{
	struct broker *broker = arg;

	log_msg(GW6C_NOTICE, "", "stopping on signal %d", signo);
	daemon_notify("STOPPING=1");
	loop_stop(broker->loop);
}

/* Accounts and logs are taken anew; what the sockets and the device are made
 * of needs a new start. */
static void on_reload(void *arg, int signo)
{
	struct broker *broker = arg;
	struct loaded fresh;
	struct desk desk = broker->desk;
	struct gw6c_err err = { 0 };

	(void)signo;
	log_msg(GW6C_NOTICE, "", "reloading %s", broker->args->file);
	if (load(broker->args, &fresh, &err) == GW6C_OK &&
	    load_auths(&fresh, &desk, &err) == GW6C_OK) {
		dialogs_free(broker->dialogs);
		loaded_free(&broker->now);
		broker->now = fresh;
		desk.options = &broker->now.options;
		broker->desk = desk;
		broker->dialogs =
			dialogs_new(&broker->desk, on_accepted, broker);
		log_reopen();
		open_log(broker, &err);
		log_msg(GW6C_NOTICE, "", "accounts and logins are as in %s now",
			broker->args->file);
		return;
	}
	loaded_free(&fresh);
	log_msg(GW6C_ERROR, "", "%s; going on as before", err.text);
}

/* --- status ------------------------------------------------------------ */

struct listing {
	struct broker *broker;
	struct gw6c_buf *out;
	int n;
};

static void status_tunnel(void *arg, struct tunnel_entry *entry)
{
	struct listing *listing = arg;
	uint64_t now_ms = loop_now_ms(listing->broker->loop);
	char name[32], inner[GW6C_ADDR_TEXT], outer[GW6C_ADDR_TEXT];

	snprintf(name, sizeof(name), "tunnel%d", ++listing->n);
	status_put(listing->out, name,
		   "%s %s at %s port %u nat=%s up_s=%llu heard_s=%llu "
		   "in=%llu out=%llu",
		   holder(&entry->grant),
		   gw6c_addr_text(&entry->grant.inner, inner),
		   gw6c_addr_text(&entry->to.addr, outer), entry->to.port,
		   entry->grant.nat ? "yes" : "no",
		   (unsigned long long)(now_ms - entry->since_ms) / 1000,
		   (unsigned long long)(now_ms - entry->heard_ms) / 1000,
		   (unsigned long long)entry->in_packets,
		   (unsigned long long)entry->out_packets);
}

static void write_status(void *arg, struct gw6c_buf *out)
{
	struct broker *broker = arg;
	const struct dialogs_counters *d = dialogs_count(broker->dialogs);
	const struct net_counters *n = net_count(broker->net);
	struct listing listing = { broker, out, 0 };
	char room[GW6C_ADDR_TEXT];
	struct gw6c_addr inner;

	pool_server(broker->pool, &inner);
	status_put(out, "pid", "%ld", (long)getpid());
	status_put(out, "up_s", "%llu",
		   (unsigned long long)(loop_now_ms(broker->loop) -
					broker->start_ms) /
			   1000);
	status_put(out, "interface", "%s", broker->plan.dev);
	status_put(out, "address", "%s", gw6c_addr_text(&inner, room));
	status_put(out, "pool", "%s",
		   gw6c_addr_text(&broker->now.options.pool6, room));
	status_put(out, "tunnels", "%ld", tunnels_count(broker->tunnels));
	status_put(out, "accepted", "%lu", broker->accepted);
	status_put(out, "expired", "%lu", broker->expired);
	status_put(out, "messages", "%lu repeated=%lu limited=%lu stale=%lu",
		   d->messages, d->repeated, d->limited, d->stale);
	status_put(out, "dropped",
		   "junk=%lu unknown=%lu spoofed=%lu undeliverable=%lu "
		   "lost=%lu",
		   n->junk, n->unknown, n->spoofed, n->undeliverable, n->lost);
	tunnels_each(broker->tunnels, status_tunnel, &listing);
}

/* --- life -------------------------------------------------------------- */

static void make_paths(struct broker *broker)
{
	const struct options *options = &broker->now.options;

	if (options->pid_file[0])
		snprintf(broker->pid_file, sizeof(broker->pid_file), "%s",
			 options->pid_file);
	else
		snprintf(broker->pid_file, sizeof(broker->pid_file),
			 "%s/gw6c-broker.pid", options->run_dir);
	snprintf(broker->journal_path, sizeof(broker->journal_path), "%s/plan",
		 options->run_dir);
	snprintf(broker->pool_path, sizeof(broker->pool_path), "%s/addresses",
		 options->state_dir);
}

static int watch_signals(struct broker *broker, struct gw6c_err *err)
{
	static const int stop[] = { SIGTERM, SIGINT, SIGQUIT };

	for (int i = 0; i < 3; i++)
		broker->signals[i] =
			loop_signal(broker->loop, stop[i], on_stop, broker);
	broker->signals[3] =
		loop_signal(broker->loop, SIGHUP, on_reload, broker);
	signal(SIGPIPE, SIG_IGN);
	return broker->signals[3] ? GW6C_OK
				  : gw6c_fail(err, GW6C_EOS, "out of memory");
}

static int open_tables(struct broker *broker, struct gw6c_err *err)
{
	const struct options *options = &broker->now.options;
	int known;

	/* Room to remember those that are away. */
	broker->pool = pool_new(&options->pool6, options->max_tunnels * 4,
				broker->pool_path);
	broker->tunnels = tunnels_new();
	broker->desk.pool = broker->pool;
	broker->desk.loop = broker->loop;
	broker->dialogs = dialogs_new(&broker->desk, on_accepted, broker);
	if (!broker->pool || !broker->tunnels || !broker->dialogs)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	known = pool_load(broker->pool);
	log_msg(GW6C_INFO, "", "clients remembered=%d", known);
	return GW6C_OK;
}

static int begin(struct broker *broker, struct gw6c_err *err)
{
	const struct net_events events = { .control = on_control,
					   .arg = broker };
	char control[PATH_MAX];

	snprintf(control, sizeof(control), "%s/control",
		 broker->now.options.run_dir);
	broker->loop = loop_new();
	if (!broker->loop)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	broker->start_ms = loop_now_ms(broker->loop);
	if (watch_signals(broker, err) ||
	    load_auths(&broker->now, &broker->desk, err) ||
	    daemon_directory(control, err) ||
	    daemon_directory(broker->pool_path, err) ||
	    daemon_directory(broker->pid_file, err) ||
	    daemon_lock(broker->pid_file, &broker->lock, err) ||
	    open_tables(broker, err) || open_os(broker, err) ||
	    net_open(broker->loop, &broker->now.options, broker->tunnels,
		     broker->plan.fd, &events, &broker->net, err))
		return err->rc;
	return status_serve(broker->loop, control, write_status, broker,
			    &broker->status, err);
}

static void end(struct broker *broker)
{
	save_pool(broker);
	status_end(broker->status);
	net_close(broker->net);
	dialogs_free(broker->dialogs);
	tunnels_free(broker->tunnels);
	close_os(broker);
	pool_free(broker->pool);
	daemon_unlock(broker->pid_file, broker->lock);
	loop_forget(broker->expire);
	for (int i = 0; i < 4; i++)
		loop_forget(broker->signals[i]);
	if (broker->loop)
		loop_free(broker->loop);
	loaded_free(&broker->now);
}

static void tell_ready(const struct broker *broker)
{
	char pool[GW6C_ADDR_TEXT];

	for (int i = 0; i < broker->now.options.listens; i++)
		log_msg(GW6C_INFO, "", "listening at %s port %u",
			broker->now.options.listen[i].host,
			broker->now.options.listen[i].port);
	log_msg(GW6C_NOTICE, "", "ready: addresses of %s, interface %s",
		gw6c_addr_text(&broker->now.options.pool6, pool),
		broker->plan.dev);
	daemon_notify("READY=1");
	if (daemon_ready(END_OK))
		log_background();
}

static int fail(const struct gw6c_err *err)
{
	log_msg(GW6C_ERROR, "", "%s", err->text);
	return err->rc == GW6C_EOS ? END_SETUP : END_CONFIG;
}

static void name_log(void)
{
	struct log_settings log = { .ident = "gw6c-broker", .to_stderr = 1 };
	struct gw6c_err err;

	log_open(&log, &err);
}

int broker_serve(const struct broker_args *args)
{
	struct broker *broker = calloc(1, sizeof(*broker));
	struct gw6c_err err = { 0 };
	int status = END_OK;

	name_log();
	if (!broker)
		return END_MEMORY;
	broker->args = args;
	broker->lock = -1;
	if (load(args, &broker->now, &err)) {
		free(broker);
		return fail(&err);
	}
	make_paths(broker);
	if (!args->foreground && !broker->now.options.foreground)
		daemon_fork();
	if (open_log(broker, &err) || begin(broker, &err)) {
		status = fail(&err);
	} else {
		tell_ready(broker);
		loop_run(broker->loop);
	}
	end(broker);
	if (!status)
		log_msg(GW6C_NOTICE, "", "stopped, everything undone");
	log_close();
	free(broker);
	return status;
}

int broker_check(const struct broker_args *args)
{
	struct loaded loaded;
	struct desk desk;
	struct gw6c_err err = { 0 };
	int status = END_OK;

	name_log();
	if (load(args, &loaded, &err))
		return fail(&err);
	if (load_auths(&loaded, &desk, &err))
		status = fail(&err);
	else
		printf("%s: good\n", args->file);
	loaded_free(&loaded);
	return status;
}

int broker_status(const struct broker_args *args, bool json)
{
	struct loaded loaded;
	struct gw6c_err err = { 0 };
	struct gw6c_buf out = { .cap = STATUS_MAX };
	char control[PATH_MAX];
	int status = END_OK;

	name_log();
	if (load(args, &loaded, &err))
		return fail(&err);
	snprintf(control, sizeof(control), "%s/control",
		 loaded.options.run_dir);
	loaded_free(&loaded);
	out.at = malloc(out.cap);
	if (!out.at)
		return END_MEMORY;
	if (status_ask(control, &out, &err)) {
		fprintf(stderr, "gw6c-broker: %s\n", err.text);
		status = END_CONNECT;
	} else {
		status_print(gw6c_got(&out), json);
	}
	free(out.at);
	return status;
}
