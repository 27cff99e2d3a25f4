/* host_watch.c - descriptors, timers and lookups that the host watches for a
 * plugin. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "host_parts.h"
#include <stdlib.h>

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

static void watch_lookup(void *arg, const struct gw6c_addr *addrs, int n,
			 const struct gw6c_err *err)
{
	struct host_watch watch = *(struct host_watch *)arg;

	watch_drop(arg);
	watch.on_lookup(watch.arg, addrs, n, err);
}

static struct gw6c_watch *watch_given(struct host_watch *watch)
{
	if (watch->watch || watch->lookup)
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

static struct gw6c_watch *
service_lookup(const struct gw6c_host *host, const char *name, int family,
	       void (*call)(void *arg, const struct gw6c_addr *addrs, int n,
			    const struct gw6c_err *err),
	       void *arg)
{
	struct instance *instance = host->priv;
	struct host_watch *watch =
		instance->loop ? watch_add(instance, arg) : NULL;

	if (!watch)
		return NULL;
	watch->on_lookup = call;
	watch->lookup =
		loop_resolve(instance->loop, name, family, watch_lookup, watch);
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
	loop_cancel(watch->lookup);
	watch_drop(watch);
}

void host_add_watches(struct gw6c_host *host)
{
	host->on_fd = service_on_fd;
	host->on_timer = service_on_timer;
	host->lookup = service_lookup;
	host->forget = service_forget;
}
