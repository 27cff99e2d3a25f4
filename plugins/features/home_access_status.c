/* home_access_status.c - what the status says of Home Access: above all, what
 * is exposed to whom. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_access.h"

static const char *state_of(const struct home_access *access)
{
	if (!access->passing)
		return access->old ? "leaving" : "waiting for the tunnel";
	if (access->now && access->now->ready)
		return "serving";
	if (access->error[0])
		return "error";
	return access->now ? "starting" : "nothing to publish";
}

static void show_text(const struct home_access *access, const char *key,
		      const char *text)
{
	access->host->status(access->host, key, *text ? "%s" : NULL, text);
}

/* Field number n of a line of "show stat", whose fields have commas behind. */
static void field(const char *line, int n, char *room, size_t len)
{
	size_t end = strcspn(line, "\n");
	const char *stop = line + end;

	for (; n; n--) {
		const char *comma = memchr(line, ',', (size_t)(stop - line));

		line = comma ? comma + 1 : stop;
	}
	snprintf(room, len, "%.*s", (int)strcspn(line, ",\n"), line);
}

/* "up" or "down" of what is checked; "on" of the rest. */
static const char *health(const struct home_access *access, const char *backend)
{
	char prefix[ACCESS_BACKEND + 4], state[32];
	const char *line = access->states;

	snprintf(prefix, sizeof(prefix), "%s,s,", backend);
	while (line && strncmp(line, prefix, strlen(prefix)) != 0) {
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	if (!line)
		return "on";
	field(line, 17, state, sizeof(state));
	return strncmp(state, "UP", 2) == 0	? "up"
	       : strncmp(state, "DOWN", 4) == 0 ? "down"
						: "on";
}

static void who_text(const struct access_device *device, char *room, size_t len)
{
	struct gw6c_buf out = { .at = (uint8_t *)room, .cap = len - 1 };
	char text[GW6C_ADDR_TEXT];

	if (device->everybody)
		gw6c_put_text(&out, "public");
	for (int i = 0; i < device->n_allow; i++) {
		gw6c_put_text(&out, i ? "," : "");
		gw6c_put_text(&out, gw6c_addr_text(&device->allow[i], text));
	}
	if (device->password)
		gw6c_put_text(&out, device->n_allow ? "+password" : "password");
	if (!out.len)
		gw6c_put_text(&out, "nobody");
	if (out.overflow)
		memcpy(room + out.len - 3, "...", 3);
	room[out.len] = 0;
}

static void place_text(const struct home_access *access, int i, int k,
		       char *room, size_t len)
{
	const struct gw6c_host *host = access->host;
	const struct access_entry *entry = &access->entries->item[i];
	const struct access_service *service = &entry->device->service[k];
	char text[GW6C_ADDR_TEXT];

	if (service->way == ACCESS_TCP)
		snprintf(room, len, "[%s]:%u",
			 gw6c_addr_text(&entry->own, text),
			 (unsigned)service->port);
	else
		snprintf(room, len, "%s.%s:%ld", entry->device->name,
			 *access->domain ? access->domain : "-",
			 host->num(host, service->way == ACCESS_HTTP
						 ? "port"
						 : "tls_port"));
}

static void show_service(struct home_access *access, int i, int k)
{
	const struct access_entry *entry = &access->entries->item[i];
	const struct access_service *service = &entry->device->service[k];
	char key[24], who[80], place[GW6C_NAME + ACCESS_LABEL + 32];
	char backend[ACCESS_BACKEND];

	if (access->rows == ACCESS_ROWS)
		return;
	snprintf(key, sizeof(key), "device[%d]", access->rows++);
	who_text(entry->device, who, sizeof(who));
	place_text(access, i, k, place, sizeof(place));
	access_backend(entry->device, service, backend);
	access->host->status(access->host, key,
			     "name=%s way=%s at=%s to=%.60s:%u who=%s state=%s",
			     entry->device->name, access_way_name(service->way),
			     entry->on[k] ? place : "-", entry->device->host,
			     (unsigned)service->to, who,
			     entry->on[k] ? health(access, backend) : "off");
}

static void show_direct(struct home_access *access, int i)
{
	const struct access_entry *entry = &access->entries->item[i];
	char key[24], text[GW6C_ADDR_TEXT];

	if (access->rows == ACCESS_ROWS)
		return;
	snprintf(key, sizeof(key), "device[%d]", access->rows++);
	access->host->status(access->host, key,
			     "name=%s way=direct at=%s to=- who=- "
			     "state=name-only",
			     entry->device->name,
			     gw6c_addr_text(&entry->own, text));
}

static void show_devices(struct home_access *access)
{
	const struct access_entries *entries = access->entries;
	int before = access->rows;
	char key[24];

	access->rows = 0;
	for (int i = 0; access->passing && i < entries->n; i++) {
		if (entries->direct[i])
			show_direct(access, i);
		for (int k = 0; !entries->direct[i] &&
				k < entries->item[i].device->n_services;
		     k++)
			show_service(access, i, k);
	}
	for (int i = access->rows; i < before; i++) {
		snprintf(key, sizeof(key), "device[%d]", i);
		access->host->status(access->host, key, NULL);
	}
}

/* Why what is listed is not published: mistakes of the list, and refusals. */
static void show_reasons(struct home_access *access)
{
	const struct access_entries *entries = access->entries;
	const struct access_lists *lists = &access->lists;
	int before = access->told_mistakes, n = 0;
	char key[24];

	for (; n < lists->n_mistakes && n < ACCESS_MISTAKES; n++) {
		snprintf(key, sizeof(key), "mistake[%d]", n);
		access->host->status(access->host, key, "%s",
				     lists->mistake[n]);
	}
	for (int i = 0; access->passing && i < entries->n; i++)
		for (int k = 0; k < ACCESS_SERVICES && n < ACCESS_ROWS; k++) {
			const struct access_device *device =
				entries->item[i].device;

			if (!entries->why[i][k][0])
				continue;
			snprintf(key, sizeof(key), "mistake[%d]", n++);
			access->host->status(access->host, key, "%s: %s %s: %s",
					     device->where, device->name,
					     access_way_name(
						     device->service[k].way),
					     entries->why[i][k]);
		}
	access->told_mistakes = n;
	for (; n < before; n++) {
		snprintf(key, sizeof(key), "mistake[%d]", n);
		access->host->status(access->host, key, NULL);
	}
}

static int count_old(const struct home_access *access)
{
	int n = 0;

	for (const struct access_engine *at = access->old; at; at = at->next)
		n++;
	return n;
}

void access_show(struct home_access *access)
{
	const struct gw6c_host *host = access->host;
	char text[GW6C_ADDR_TEXT] = "";

	if (!GW6C_HAS(host, status) || !host->status)
		return;
	host->status(host, "state", "%s", state_of(access));
	show_text(access, "error", access->error);
	if (access->passing && access->lease.inner.family)
		gw6c_addr_text(&access->lease.inner, text);
	show_text(access, "address", text);
	show_text(access, "domain", access->passing ? access->domain : "");
	show_text(access, "certificate_error",
		  access->insecure ? "HAProxy does not start with certificate "
				     "and key; https answers nobody until they "
				     "are replaced"
				   : "");
	host->status(host, "restarts", "%u", access->restarts);
	host->status(host, "leaving", "%d", count_old(access));
	host->status(host, "hap6_proxy", "%s",
		     access->error[0] ? "ERROR" : "SUCCESS");
	host->status(host, "hap6_mapping", "%s",
		     access->lists.n_mistakes ? "ERROR" : "SUCCESS");
	show_devices(access);
	show_reasons(access);
}
