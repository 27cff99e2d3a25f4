/* host.c - makes the service table that a plugin instance is given. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "host.h"
#include "core/base/child.h"
#include "core/base/log.h"
#include "core/base/random.h"
#include "loader.h"
#include <stdlib.h>

struct instance;

/* What a plugin holds as a struct gw6c_watch: ended with its instance. */
struct host_watch {
	struct instance *instance;
	struct host_watch *next, **link;
	struct gw6c_watch *watch; /* of the loop */
	void (*on_fd)(void *arg, int ready);
	void (*on_timer)(void *arg);
	void *arg;
};

/* What a plugin holds as a struct gw6c_child. */
struct host_child {
	struct instance *instance;
	struct host_child *next, **link;
	struct child *child;
	struct gw6c_run run; /* as the plugin gave it */
};

struct instance {
	struct gw6c_host host; /* first: a host is freed as an instance */
	const struct gw6c_plugin *plugin;
	struct loop *loop;
	struct conf *conf;
	struct host_events events;
	struct host_watch *watches;
	struct host_child *children;
	char tag[64]; /* "auth:plain" */
};

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

static const struct gw6c_opt *option_of(const struct gw6c_plugin *plugin,
					const char *key)
{
	for (const struct gw6c_opt *opt = plugin->opts; opt && opt->key; opt++)
		if (strcmp(opt->key, key) == 0)
			return opt;
	return NULL;
}

/* The loader has checked that every setting has the declared type. An empty
 * one is the default. */
static const char *option_text(struct instance *instance,
			       const struct gw6c_opt *opt)
{
	const struct setting *at;
	char name[160];

	snprintf(name, sizeof(name), "%s.%s.%s",
		 plugin_kind_name(instance->plugin->kind),
		 instance->plugin->name, opt->key);
	at = instance->conf ? conf_get(instance->conf, name, 0) : NULL;
	if (at && *at->value)
		return at->value;
	return opt->fallback ? opt->fallback : "";
}

/* The option, its text in *text; NULL: the plugin has not declared it. */
static const struct gw6c_opt *option_get(const struct gw6c_host *host,
					 const char *key, const char **text)
{
	struct instance *instance = host->priv;
	const struct gw6c_opt *opt = option_of(instance->plugin, key);

	if (opt)
		*text = option_text(instance, opt);
	else
		log_msg(GW6C_ERROR, instance->tag,
			"asks for the option '%s', which it does not "
			"declare; this is a bug in the plugin; report it to "
			"its author",
			key);
	return opt;
}

static const char *service_str(const struct gw6c_host *host, const char *key)
{
	const char *text = "";

	option_get(host, key, &text);
	return text;
}

static long service_num(const struct gw6c_host *host, const char *key)
{
	const char *text = "";
	const struct gw6c_opt *opt = option_get(host, key, &text);
	struct setting at = { .key = key, .value = text, .file = "" };
	struct gw6c_err err;
	long num = 0;

	if (opt && *text)
		conf_num(&at, opt->min, opt->max, &num, &err);
	return num;
}

static bool service_yes(const struct gw6c_host *host, const char *key)
{
	const char *text = "";
	struct setting at = { .key = key, .file = "" };
	struct gw6c_err err;
	bool yes = false;

	option_get(host, key, &text);
	at.value = text;
	if (*text)
		conf_yes(&at, &yes, &err);
	return yes;
}

static void service_random(const struct gw6c_host *host, void *at, size_t len)
{
	(void)host;
	random_octets(at, len);
}

static uint64_t service_now_ms(const struct gw6c_host *host)
{
	struct instance *instance = host->priv;

	return instance->loop ? loop_now_ms(instance->loop) : 0;
}

static struct host_watch *watch_add(struct instance *instance, void *arg)
{
	struct host_watch *watch = calloc(1, sizeof(*watch));

	if (!watch)
		return NULL;
	watch->instance = instance;
	watch->arg = arg;
	watch->next = instance->watches;
	watch->link = &instance->watches;
	if (watch->next)
		watch->next->link = &watch->next;
	instance->watches = watch;
	return watch;
}

static void watch_drop(struct host_watch *watch)
{
	*watch->link = watch->next;
	if (watch->next)
		watch->next->link = watch->link;
	free(watch);
}

static void watch_fd(void *arg, int ready)
{
	struct host_watch *watch = arg;

	watch->on_fd(watch->arg, ready);
}

static void watch_timer(void *arg)
{
	struct host_watch *watch = arg;
	void (*call)(void *arg) = watch->on_timer;
	void *call_arg = watch->arg;

	watch_drop(watch);
	call(call_arg);
}

static struct gw6c_watch *watch_given(struct host_watch *watch)
{
	if (watch->watch)
		return (struct gw6c_watch *)watch;
	watch_drop(watch);
	return NULL;
}

static struct gw6c_watch *service_on_fd(const struct gw6c_host *host, int fd,
					int ready,
					void (*call)(void *arg, int ready),
					void *arg)
{
	struct instance *instance = host->priv;
	struct host_watch *watch =
		instance->loop ? watch_add(instance, arg) : NULL;

	if (!watch)
		return NULL;
	watch->on_fd = call;
	watch->watch = loop_fd(instance->loop, fd, ready, watch_fd, watch);
	return watch_given(watch);
}

static struct gw6c_watch *service_on_timer(const struct gw6c_host *host,
					   uint32_t ms, void (*call)(void *arg),
					   void *arg)
{
	struct instance *instance = host->priv;
	struct host_watch *watch =
		instance->loop ? watch_add(instance, arg) : NULL;

	if (!watch)
		return NULL;
	watch->on_timer = call;
	watch->watch = loop_timer(instance->loop, ms, watch_timer, watch);
	return watch_given(watch);
}

static void service_forget(const struct gw6c_host *host,
			   struct gw6c_watch *given)
{
	struct host_watch *watch = (struct host_watch *)given;

	(void)host;
	if (!watch)
		return;
	loop_forget(watch->watch);
	watch_drop(watch);
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

/* --- programs ---------------------------------------------------------- */

static void child_drop(struct host_child *child)
{
	*child->link = child->next;
	if (child->next)
		child->next->link = child->link;
	free(child);
}

static void child_line(void *arg, const char *text)
{
	struct host_child *child = arg;

	if (child->run.line)
		child->run.line(child->run.arg, text);
	else
		log_msg(GW6C_INFO, child->instance->tag, "%s", text);
}

static void child_ended(void *arg, int status)
{
	struct host_child *child = arg;
	struct gw6c_run run = child->run;

	child_drop(child);
	if (run.ended)
		run.ended(run.arg, status);
}

static struct gw6c_child *service_run(const struct gw6c_host *host,
				      const struct gw6c_run *run,
				      struct gw6c_err *err)
{
	struct instance *instance = host->priv;
	struct host_child *child = calloc(1, sizeof(*child));
	struct gw6c_run inner = *run;

	if (!child || !instance->loop) {
		free(child);
		gw6c_fail(err, GW6C_EOS, "cannot run programs here");
		return NULL;
	}
	child->instance = instance;
	child->run = *run;
	inner.line = child_line;
	inner.ended = child_ended;
	inner.arg = child;
	if (child_run(instance->loop, &inner, &child->child, err)) {
		free(child);
		return NULL;
	}
	child->next = instance->children;
	child->link = &instance->children;
	if (child->next)
		child->next->link = &child->next;
	instance->children = child;
	return (struct gw6c_child *)child;
}

static void service_end(const struct gw6c_host *host, struct gw6c_child *given)
{
	struct host_child *child = (struct host_child *)given;

	(void)host;
	if (!child)
		return;
	child_end(child->child);
	child_drop(child);
}

static int service_run_wait(const struct gw6c_host *host,
			    const struct gw6c_run *run, uint32_t limit_ms,
			    struct gw6c_err *err)
{
	struct host_child child = { .instance = host->priv, .run = *run };
	struct gw6c_run inner = *run;

	inner.line = child_line;
	inner.arg = &child;
	return child_wait(&inner, limit_ms, err);
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
		.str = service_str,
		.num = service_num,
		.yes = service_yes,
		.random = service_random,
		.now_ms = service_now_ms,
		.on_fd = service_on_fd,
		.on_timer = service_on_timer,
		.forget = service_forget,
		.network_changed = service_network_changed,
		.control = service_control,
		.broken = service_broken,
		.damaged = service_damaged,
		.run_dir = find_run_dir(conf),
		.run = service_run,
		.end = service_end,
		.run_wait = service_run_wait,
	};
	return &instance->host;
}

int host_left(const struct gw6c_host *host)
{
	const struct instance *instance = host->priv;
	int left = 0;

	for (const struct host_watch *at = instance->watches; at; at = at->next)
		left++;
	for (const struct host_child *at = instance->children; at;
	     at = at->next)
		left++;
	return left;
}

void host_end(struct gw6c_host *host)
{
	struct instance *instance = host ? host->priv : NULL;

	if (!instance)
		return;
	while (instance->children)
		service_end(host, (struct gw6c_child *)instance->children);
	while (instance->watches)
		service_forget(host, (struct gw6c_watch *)instance->watches);
	free(instance);
}
