/* client_life.c - makes a client, gives it its orders, and frees it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "client_parts.h"
#include "core/modules/mechanisms.h"
#include <stdlib.h>

static int client_load_plugins(struct client *client,
			       const struct gw6c_plugin **os,
			       struct gw6c_err *err)
{
	const struct client_params *params = &client->params;

	if (mechanisms_load(params->loader, params->conf, params->settings,
			    client->auths, err) ||
	    loader_get(params->loader, GW6C_TUNNEL,
		       params->settings->tunnel_mode,
		       conf_get(params->conf, "tunnel_mode", 0), &client->mode,
		       err))
		return err->rc;
	return loader_get(params->loader, GW6C_OS, params->os,
			  conf_get(params->conf, "template", 0), os, err);
}

static bool client_shows_only(const struct client *client,
			      const struct gw6c_plugin *os)
{
	uint32_t flags = os->os->flags;

	return os_can_show(os) &&
	       (client->params.dry_run || flags & GW6C_OS_DRY ||
		(client->params.settings->proxy_client &&
		 !(flags & GW6C_OS_PROXY)));
}

static int client_load(struct client *client, enum end *status,
		       struct gw6c_err *err)
{
	const struct client_params *params = &client->params;
	bool proxy = params->settings->proxy_client;
	struct tunnel_events events;
	struct tunnel_params tunnel = {
		.loop = params->loop,
		.loader = params->loader,
		.conf = params->conf,
		.settings = params->settings,
		.events = &events,
		.client = &client->services,
	};
	uint32_t flags;

	client_tunnel_events(client, &events);
	client_services(client, &client->services);
	*status = END_CONFIG;
	if (client_load_plugins(client, &tunnel.os, err))
		return err->rc;
	flags = tunnel.os->os->flags;
	client->once = params->dry_run || proxy || flags & GW6C_OS_ONCE;
	tunnel.show_only = client_shows_only(client, tunnel.os);
	if (proxy && !tunnel.show_only &&
	    !(flags & (GW6C_OS_DRY | GW6C_OS_PROXY)))
		return conf_fail(conf_get(params->conf, "template", 0), err,
				 "%s configures this machine, but "
				 "proxy_client=yes requests a tunnel for "
				 "another router; unset template to see what "
				 "to do there",
				 params->os);
	*status = END_SETUP;
	return tunnel_new(&tunnel, &client->tunnel, err);
}

int client_new(const struct client_params *params, struct client **out,
	       enum end *status, struct gw6c_err *err)
{
	struct client *client = calloc(1, sizeof(*client));

	*status = END_MEMORY;
	if (!client)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	client->params = *params;
	if (client_load(client, status, err)) {
		client_free(client);
		return err->rc;
	}
	*status = END_CONFIG;
	if (client_choose_home(client, err)) {
		client_free(client);
		return err->rc;
	}
	client_recall_blocked(client);
	*out = client;
	return GW6C_OK;
}

int client_check(struct client *client, struct gw6c_err *err)
{
	if (tunnel_check(client->tunnel, err) ||
	    tunnel_sweep(client->tunnel, err))
		return err->rc;
	client->checked = true;
	return GW6C_OK;
}

int client_start(struct client *client, enum end *status, struct gw6c_err *err)
{
	*status = END_SETUP;
	if (client_check(client, err) && !client_is_patient(client))
		return err->rc;
	client_begin(client);
	return GW6C_OK;
}

void client_stop(struct client *client, enum gw6c_reason reason)
{
	client_event(client, EVENT_STOP,
		     &(struct client_news){ .reason = reason });
}

/* --- options of features ------------------------------------------------- */

void client_use_fresh(struct client *client)
{
	struct conf *former = client->features;

	if (!client->fresh)
		return;
	client->features = client->fresh;
	client->fresh = NULL;
	tunnel_reload(client->tunnel, client->features);
	conf_free(former);
}

void client_reload(struct client *client, struct conf *conf)
{
	conf_free(client->fresh);
	client->fresh = conf;
	if (client->phase.state != CLIENT_STARTING &&
	    client->phase.state != CLIENT_STOPPING)
		client_use_fresh(client);
}

struct conf *client_conf(const struct client *client)
{
	if (client->fresh)
		return client->fresh;
	return client->features ? client->features : client->params.conf;
}

/* --- end ----------------------------------------------------------------- */

void client_free(struct client *client)
{
	if (!client)
		return;
	tunnel_free(client->tunnel);
	client_leave(client);
	conf_free(client->features);
	conf_free(client->fresh);
	free(client);
}
