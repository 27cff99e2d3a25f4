/* host.c - makes the service table that a plugin instance is given. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/log.h"
#include "core/base/random.h"
#include "host_parts.h"
#include "plugin_kind.h"
#include <stdlib.h>

GW6C_PRINTF(3, 4)
static void service_log(const struct gw6c_host *host, enum gw6c_level level,
			const char *fmt, ...)
{
	struct instance *instance = host->priv;
	va_list args;

	va_start(args, fmt);
	log_args(level, instance->tag, fmt, args);
	va_end(args);
}

static void service_random(const struct gw6c_host *host, void *at, size_t len)
{
	(void)host;
	random_secret(at, len);
}

static uint64_t service_now_ms(const struct gw6c_host *host)
{
	struct instance *instance = host->priv;

	return instance->loop ? loop_now_ms(instance->loop) : 0;
}

static void service_network_changed(const struct gw6c_host *host)
{
	struct instance *instance = host->priv;

	if (instance->events.network_changed)
		instance->events.network_changed(instance->events.arg);
}

static void service_control(const struct gw6c_host *host,
			    struct gw6c_bytes datagram)
{
	struct instance *instance = host->priv;

	if (instance->events.control)
		instance->events.control(instance->events.arg, datagram);
}

static void service_damaged(const struct gw6c_host *host, const char *what)
{
	struct instance *instance = host->priv;

	if (instance->events.damaged)
		instance->events.damaged(instance->events.arg, what);
}

static void service_broken(const struct gw6c_host *host,
			   const struct gw6c_err *err)
{
	struct instance *instance = host->priv;

	if (instance->events.broken)
		instance->events.broken(instance->events.arg, err);
}

static void service_done(const struct gw6c_host *host, int rc,
			 struct gw6c_bytes out, const struct gw6c_err *err)
{
	struct instance *instance = host->priv;

	if (instance->events.done)
		instance->events.done(instance->events.arg, rc, out, err);
}

/* A backend that nobody asked to remember its steps has nothing to note. */
static int service_note(const struct gw6c_host *host,
			const struct gw6c_step *step, struct gw6c_err *err)
{
	struct instance *instance = host->priv;

	if (instance->plugin->kind != GW6C_OS)
		return gw6c_fail(err, GW6C_EBUG,
				 "note() is for backends in step()");
	if (!instance->events.note)
		return GW6C_OK;
	return instance->events.note(instance->events.arg, step, err);
}

static const char *find_run_dir(struct conf *conf)
{
	const struct setting *at = conf ? conf_get(conf, "run_dir", 0) : NULL;

	return at && *at->value ? at->value : RUNDIR;
}

struct gw6c_host *host_new(const struct gw6c_plugin *plugin, struct loop *loop,
			   struct conf *conf, const struct host_events *events)
{
	struct instance *instance = calloc(1, sizeof(*instance));

	if (!instance)
		return NULL;
	instance->plugin = plugin;
	instance->loop = loop;
	instance->conf = conf;
	if (events)
		instance->events = *events;
	snprintf(instance->tag, sizeof(instance->tag), "%s:%s",
		 plugin_kind_name(plugin->kind), plugin->name);
	instance->host = (struct gw6c_host){
		.size = sizeof(instance->host),
		.priv = instance,
		.log = service_log,
		.random = service_random,
		.now_ms = service_now_ms,
		.network_changed = service_network_changed,
		.control = service_control,
		.broken = service_broken,
		.damaged = service_damaged,
		.done = service_done,
		.note = service_note,
		.run_dir = find_run_dir(conf),
	};
	host_add_options(&instance->host);
	host_add_watches(&instance->host);
	host_add_programs(&instance->host);
	host_add_status(&instance->host);
	host_add_client(&instance->host);
	return &instance->host;
}

void host_use_conf(struct gw6c_host *host, struct conf *conf)
{
	struct instance *instance = host->priv;

	instance->conf = conf;
}

int host_left(const struct gw6c_host *host)
{
	const struct instance *instance = host->priv;
	int left = 0;

	for (const struct host_watch *at = instance->watches; at; at = at->next)
		left++;
	for (const struct host_child *at = instance->children; at;
	     at = at->next)
		left += !(at->run.flags & GW6C_RUN_FINISH);
	return left;
}

void host_end(struct gw6c_host *host)
{
	struct instance *instance = host ? host->priv : NULL;

	if (!instance)
		return;
	host_end_programs(host);
	while (instance->watches)
		host->forget(host, (struct gw6c_watch *)instance->watches);
	loop_forget(instance->request.timer);
	free(instance->lines);
	free(instance);
}
