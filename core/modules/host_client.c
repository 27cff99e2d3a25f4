/* host_client.c - what a plugin asks of the client. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/log.h"
#include "host_parts.h"

/* A plugin that was built earlier has room for less. */
static bool service_view(const struct gw6c_host *host, struct gw6c_view *out)
{
	struct instance *instance = host->priv;
	const struct host_client *client = instance->events.client;
	struct gw6c_view view = { .size = sizeof(view), .rtt_ms = -1 };

	if (!client || !client->view(client->arg, &view))
		return false;
	if (out->size < view.size)
		view.size = out->size;
	memcpy(out, &view, view.size);
	return true;
}

static void request_act(void *arg)
{
	struct instance *instance = arg;
	const struct host_client *client = instance->events.client;
	struct host_request request = instance->request;

	instance->request = (struct host_request){ 0 };
	if (request.stop)
		client->stop(client->arg, request.why);
	else
		client->reconnect(client->arg, request.why);
}

/* One at a time: the first, but an end counts more than a new session. */
static void request_make(struct instance *instance, bool stop, const char *why)
{
	struct host_request *request = &instance->request;

	if (!instance->events.client || !instance->loop)
		return;
	if (request->timer && (request->stop || !stop))
		return;
	if (!request->timer)
		request->timer =
			loop_timer(instance->loop, 0, request_act, instance);
	if (!request->timer) {
		log_msg(GW6C_ERROR, instance->tag, "out of memory");
		return;
	}
	request->stop = stop;
	snprintf(request->why, sizeof(request->why), "%s: %s", instance->tag,
		 why);
}

static void service_reconnect(const struct gw6c_host *host, const char *why)
{
	request_make(host->priv, false, why);
}

static void service_stop(const struct gw6c_host *host, const char *why)
{
	request_make(host->priv, true, why);
}

void host_add_client(struct gw6c_host *host)
{
	host->view = service_view;
	host->reconnect = service_reconnect;
	host->stop = service_stop;
}
