/* client_home.c - which server to begin with, and the files that remember
 * servers. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "client_parts.h"
#include "core/base/log.h"
#include "servers.h"
#include <limits.h>

/* For attempts.c: the configured broker is unreachable. */
static int home_read_list(void *arg, struct server_addr *out, int max)
{
	const struct client *client = arg;
	const struct settings *settings = client->params.settings;
	struct gw6c_err err = { 0 };
	char path[PATH_MAX];
	int n;

	settings_path(settings, settings->broker_list, path, sizeof(path));
	n = servers_read(path, out, max, &err);
	if (n < 0)
		log_msg(GW6C_WARN, "servers", "%s", err.text);
	else if (n > 0)
		log_msg(GW6C_INFO, "servers",
			"%s cannot be reached; trying the brokers listed in "
			"%s",
			client->attempts.home.host, path);
	return n < 0 ? 0 : n;
}

/* always_use_same_server: the last good one takes the configured one's place
 * for the whole run, and no list of earlier redirects is asked: an address
 * that stays the same is worth more than a quick return. */
int client_choose_home(struct client *client, struct gw6c_err *err)
{
	const struct settings *settings = client->params.settings;
	struct server_addr last;
	char path[PATH_MAX];
	int n = 0;

	attempts_init(&client->attempts, settings, client->mode->tunnel);
	settings_path(settings, settings->last_server, path, sizeof(path));
	if (settings->always_use_same_server)
		n = servers_read(path, &last, 1, err);
	if (n < 0)
		return err->rc;
	if (n == 0) {
		attempts_fallback(&client->attempts, home_read_list, client);
		return GW6C_OK;
	}
	client->attempts.home = last;
	attempts_afresh(&client->attempts);
	log_msg(GW6C_INFO, "servers",
		"always_use_same_server=yes: using server %s from %s",
		last.host, path);
	return GW6C_OK;
}

void client_save_last(const struct client *client,
		      const struct session_result *result)
{
	const struct settings *settings = client->params.settings;
	struct gw6c_err err = { 0 };
	char path[PATH_MAX];

	if (client->params.dry_run || !client_may_return(client, result))
		return;
	settings_path(settings, settings->last_server, path, sizeof(path));
	if (servers_write_last(path, &client->attempts.broker, &err))
		log_msg(GW6C_WARN, "servers", "%s", err.text);
}

void client_save_list(const struct client *client,
		      const struct session_result *result)
{
	const struct settings *settings = client->params.settings;
	struct gw6c_err err = { 0 };
	char path[PATH_MAX];

	if (client->params.dry_run)
		return;
	if (!client_may_keep(client, result)) {
		log_msg(GW6C_INFO, "servers",
			"not writing the list: %s has not proven itself by a "
			"login",
			client->attempts.broker.host);
		return;
	}
	settings_path(settings, settings->broker_list, path, sizeof(path));
	if (servers_write_list(path, result->broker, result->brokers, &err))
		log_msg(GW6C_WARN, "servers", "%s", err.text);
}
