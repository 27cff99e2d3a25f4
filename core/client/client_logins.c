/* client_logins.c - the record of logins: by which mechanism a broker has
 * proven itself to the account, and to which brokers redirections led it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "client_parts.h"
#include "core/base/log.h"
#include "proven.h"
#include "trust.h"
#include <ctype.h>
#include <limits.h>

#define NAME_MAX_OCTETS (GW6C_NAME + 16) /* with brackets and port */

static void state_path(const struct client *client, const char *name,
		       char room[PATH_MAX])
{
	snprintf(room, PATH_MAX, "%s/%s", client->params.settings->state_dir,
		 name);
}

/* The same however the configuration spells it. */
static void home_name(const struct client *client, char room[NAME_MAX_OCTETS])
{
	struct server_addr home = client->params.settings->broker;
	struct gw6c_buf out = { .at = (uint8_t *)room,
				.cap = NAME_MAX_OCTETS - 1 };

	if (home.literal.family)
		gw6c_addr_text(&home.literal, home.host);
	for (char *at = home.host; *at; at++)
		*at = (char)tolower((unsigned char)*at);
	server_addr_put(&out, &home);
	room[out.len] = 0;
}

/* --- what is on record --------------------------------------------------- */

/* The last ones that there is room for. */
struct led {
	struct server_addr *server;
	int n, max;
};

static void keep_server(void *arg, const struct proven *proven)
{
	struct led *led = arg;

	if (led->n == led->max)
		memmove(led->server, led->server + 1,
			sizeof(*led->server) * (size_t)--led->n);
	led->server[led->n++] = proven->server;
}

int client_led_to(const struct client *client, struct server_addr *out, int max)
{
	char path[PATH_MAX], name[NAME_MAX_OCTETS];
	struct led led = { .server = out, .max = max };
	struct gw6c_err err = { 0 };

	state_path(client, PROVEN_LED_FILE, path);
	home_name(client, name);
	if (proven_each(path, name, keep_server, &led, &err))
		log_msg(GW6C_WARN, "login", "%s", err.text);
	return led.n;
}

static struct proven last_login(const struct client *client,
				const struct server_addr *server)
{
	struct proven last = { .server = *server,
			       .user = client->params.settings->userid };
	struct gw6c_err err = { 0 };
	char path[PATH_MAX];

	state_path(client, PROVEN_FILE, path);
	if (proven_find(path, &last, &err))
		log_msg(GW6C_WARN, "login", "%s", err.text);
	return last;
}

struct proven client_last_login(const struct client *client,
				const struct server_addr *server)
{
	struct server_addr led[TRUST_LED];
	struct proven last = last_login(client, server), there;
	int n;

	if (last.rank ||
	    !server_addr_same(server, &client->params.settings->broker))
		return last;
	n = client_led_to(client, led, TRUST_LED);
	for (int i = 0; i < n; i++) {
		there = last_login(client, &led[i]);
		if (there.rank > last.rank)
			last = there;
	}
	return last;
}

bool client_home_is_pinned(const struct client *client)
{
	const struct settings *settings = client->params.settings;
	struct server_addr led[TRUST_LED];
	int n;

	if (trust_is_pinned(settings, &settings->broker))
		return true;
	n = client_led_to(client, led, TRUST_LED);
	for (int i = 0; i < n; i++)
		if (trust_is_pinned(settings, &led[i]))
			return true;
	return false;
}

/* --- what is put on it --------------------------------------------------- */

static void note(const struct client *client, const char *file,
		 const struct proven *now)
{
	struct gw6c_err err = { 0 };
	char path[PATH_MAX];

	state_path(client, file, path);
	if (proven_store(path, now, &err))
		log_msg(GW6C_WARN, "login",
			"%s; that %s has proven itself will not be known at "
			"the next start",
			err.text, now->server.host);
}

void client_note_login(const struct client *client,
		       const struct session_result *result)
{
	struct proven now = { .server = client->attempts.broker,
			      .user = client->params.settings->userid };
	char name[NAME_MAX_OCTETS];

	if (!result->proven || client->params.dry_run)
		return;
	for (int i = 0; client->auths[i]; i++)
		if (strcmp(client->auths[i]->name, result->mechanism) == 0)
			now.rank = client->auths[i]->auth->rank;
	snprintf(now.mechanism, sizeof(now.mechanism), "%s", result->mechanism);
	note(client, PROVEN_FILE, &now);
	if (!client_is_elsewhere(client))
		return;
	home_name(client, name);
	now.user = name;
	note(client, PROVEN_LED_FILE, &now);
}
