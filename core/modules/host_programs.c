/* host_programs.c - programs that the host runs for a plugin, and sockets for
 * them. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/child.h"
#include "core/base/listener.h"
#include "core/base/log.h"
#include "host_parts.h"
#include <stdlib.h>

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

	if (!(run.flags & GW6C_RUN_AGAIN))
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
	if (child_run(instance->loop, instance->tag, &inner, &child->child,
		      err)) {
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

void host_end_programs(struct gw6c_host *host)
{
	struct instance *instance = host->priv;

	while (instance->children) {
		child_finish(instance->children->child);
		child_drop(instance->children);
	}
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

static int service_listen(const struct gw6c_host *host,
			  const struct gw6c_addr *addr, uint16_t port,
			  struct gw6c_err *err)
{
	(void)host;
	return listener_open(addr, port, err);
}

void host_add_programs(struct gw6c_host *host)
{
	host->run = service_run;
	host->end = service_end;
	host->run_wait = service_run_wait;
	host->listen = service_listen;
}
