/* home_access_conf.c - what HAProxy is told: who is taken where. Pure. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_access_conf_parts.h"
#include <stdlib.h>

const char *access_backend(const struct access_device *device,
			   const struct access_service *service,
			   char room[ACCESS_BACKEND])
{
	const char *way = access_way_name(service->way);

	if (service->way == ACCESS_TCP)
		snprintf(room, ACCESS_BACKEND, "%s:%s:%u", device->name, way,
			 (unsigned)service->port);
	else
		snprintf(room, ACCESS_BACKEND, "%s:%s", device->name, way);
	return room;
}

/* --- each service that is in force ------------------------------------------- */

struct at {
	const struct access_entry *entry;
	const struct access_service *service;
	int i, k;
};

/* The next one behind at, which begins as { .k = -1 }. */
static bool next(const struct access_conf *conf, struct at *at)
{
	for (at->k++; at->i < conf->n; at->i++, at->k = 0) {
		at->entry = &conf->entry[at->i];
		for (; at->k < at->entry->device->n_services; at->k++) {
			at->service = &at->entry->device->service[at->k];
			if (at->entry->on[at->k])
				return true;
		}
	}
	return false;
}

static bool has(const struct access_conf *conf, enum access_way way)
{
	struct at at = { .k = -1 };

	while (next(conf, &at))
		if (at.service->way == way)
			return true;
	return false;
}

/* --- general ------------------------------------------------------------------ */

static void put_general(FILE *file, const struct access_conf *conf)
{
	fprintf(file,
		"# For the HAProxy of gw6c, which makes it anew each time.\n"
		"global\n"
		"    stats socket sockpair@%d level admin\n"
		"    stats timeout 1h\n"
		"    maxconn %ld\n"
		"    ssl-default-bind-options ssl-min-ver TLSv1.2\n"
		"\ndefaults\n"
		"    mode http\n"
		"    timeout connect 5s\n"
		"    timeout client 1h\n"
		"    timeout server %lds\n"
		"    timeout tunnel 24h\n"
		"    timeout http-request 10s\n"
		"    timeout http-keep-alive 15s\n"
		"    timeout queue 10s\n"
		"    timeout check 5s\n"
		"    retries 1\n"
		"    option clitcpka\n"
		"    clitcpka-idle 60s\n"
		"    clitcpka-intvl 30s\n"
		"    clitcpka-cnt 4\n"
		"    option srvtcpka\n"
		"    srvtcpka-idle 60s\n"
		"    srvtcpka-intvl 30s\n"
		"    srvtcpka-cnt 4\n",
		conf->stats, conf->connections, conf->answer_s);
	conf_put_errors(file);
	fprintf(file, "\nbackend visitors\n"
		      "    stick-table type ipv6 size 50k expire 10m store "
		      "http_req_rate(10s),gpc0_rate(10m)\n"
		      "\nbackend callers\n"
		      "    mode tcp\n"
		      "    stick-table type ipv6 size 50k expire 1m store "
		      "conn_rate(10s)\n");
}

static void put_users(FILE *file, const struct access_conf *conf,
		      const struct access_device *device)
{
	const struct access_users *all = conf->users;

	if (!device->password)
		return;
	fprintf(file, "\nuserlist users:%s\n", device->name);
	for (int i = 0; i < all->n; i++) {
		bool meant = !device->n_users;

		for (int k = 0; k < device->n_users; k++)
			meant = meant ||
				strcmp(device->user[k], all->item[i].name) == 0;
		if (meant)
			fprintf(file, "    user %s password %s\n",
				all->item[i].name, all->item[i].hash);
	}
}

void conf_put_sources(FILE *file, const struct access_device *device)
{
	char text[GW6C_ADDR_TEXT];

	for (int i = 0; i < device->n_allow; i++)
		fprintf(file, " %s", gw6c_addr_text(&device->allow[i], text));
}

void conf_put_server(FILE *file, const struct access_entry *entry,
		     const struct access_service *service)
{
	const struct access_device *device = entry->device;
	bool http = service->way <= ACCESS_HTTPS;
	char text[GW6C_ADDR_TEXT];

	fprintf(file, "    server s %s:%u%s%s\n",
		gw6c_addr_text(&entry->target, text), (unsigned)service->to,
		http && device->tls ? " ssl verify none" : "",
		device->checked ? " check inter 15s fastinter 3s fall 2 rise 1"
				: "");
}

/* --- what visitors come to ------------------------------------------------------ */

static void put_binds(FILE *file, const struct access_conf *conf,
		      enum access_way way)
{
	for (int i = 0; i < conf->n_binds; i++)
		if (conf->bind[i].way == way)
			fprintf(file, "    bind fd@%d tcp-ut 2m\n",
				conf->bind[i].fd);
}

/* What a visitor could say to look like another one, or to confuse devices. The
 * field Connection may name others that are to be dropped on the way. */
static void put_cleaning(FILE *file)
{
	fprintf(file,
		"    http-request del-header forwarded\n"
		"    http-request del-header ^x[-_]forwarded -m reg\n"
		"    http-request del-header ^x[-_](real|client|cluster-client|"
		"original)[-_] -m reg\n"
		"    http-request del-header ^(true-client-ip|client-ip|"
		"cf-connecting-ip|forwarded-for|proxy|proxy-connection|"
		"proxy-authorization|keep-alive|te)$ -m reg\n"
		"    http-request set-header connection upgrade if { "
		"req.hdr(upgrade) -m found }\n"
		"    http-request del-header connection unless { "
		"req.hdr(upgrade) -m found }\n"
		"    http-request add-header via 1.1\\ home\n");
}

/* A URI with another host than the field is refused by HAProxy itself. */
static void put_routing(FILE *file, const struct access_conf *conf,
			enum access_way way)
{
	const char *name = access_way_name(way);
	char condition[80];

	fprintf(file, "    http-request track-sc0 src,ipmask(32,64) table "
		      "visitors\n");
	snprintf(condition, sizeof(condition),
		 " if { sc0_http_req_rate(visitors) gt %ld }", conf->requests);
	conf_put_too_many(file, condition);
	fprintf(file, "    option http-no-delay\n"
		      "    acl whole url -m reg -i ^https?://\n");
	conf_put_nothing(file, " if METH_CONNECT");
	conf_put_nothing(file, " unless { url_beg / } or whole");
	fprintf(file,
		"    http-request set-uri %%[pathq] if whole\n"
		"    http-request set-var(txn.host) req.hdr(host),lower,"
		"regsub(:[0-9]*$,),regsub([.]$,)\n"
		"    http-request set-var(txn.key) str(%s/),concat(,txn.host)\n",
		name);
	put_cleaning(file);
	fprintf(file,
		"    use_backend %%[var(txn.key),map_str(/dev/fd/%d)] if { "
		"var(txn.key),map_str(/dev/fd/%d) -m found }\n"
		"    default_backend nothing\n",
		conf->map, conf->map);
}

static void put_names(FILE *file, const struct access_conf *conf)
{
	bool http = has(conf, ACCESS_HTTP), https = has(conf, ACCESS_HTTPS);

	if (http) {
		fprintf(file, "\nfrontend http\n");
		put_binds(file, conf, ACCESS_HTTP);
		put_routing(file, conf, ACCESS_HTTP);
	}
	if (https) {
		fprintf(file,
			"\nfrontend https\n"
			"    bind sockpair@%d accept-proxy ssl crt "
			"/dev/fd/%d alpn h2,http/1.1\n",
			conf->inside[0], conf->certificate);
		put_routing(file, conf, ACCESS_HTTPS);
		fprintf(file,
			"\nbackend inside\n"
			"    mode tcp\n"
			"    timeout server 24h\n"
			"    server s sockpair@%d send-proxy-v2\n",
			conf->inside[1]);
	}
	if (http || https) {
		fprintf(file, "\nbackend nothing\n");
		conf_put_nothing(file, "");
	}
}

/* The name is in the first octets of TLS, which stays closed. A device that a
 * visitor may not come to is like one that is not there. */
static void put_closed(FILE *file, const struct access_conf *conf)
{
	struct at at = { .k = -1 };
	bool https = has(conf, ACCESS_HTTPS);
	char name[ACCESS_BACKEND];

	if (!https && !has(conf, ACCESS_TLS))
		return;
	fprintf(file, "\nfrontend tls\n    mode tcp\n");
	put_binds(file, conf, ACCESS_TLS);
	fprintf(file,
		"    timeout client 24h\n"
		"    tcp-request inspect-delay 5s\n"
		"    tcp-request connection track-sc0 src,ipmask(32,64) table "
		"callers\n"
		"    tcp-request connection reject if { "
		"sc0_conn_rate(callers) gt %ld }\n"
		"    tcp-request content reject unless { req.ssl_hello_type 1 "
		"}\n"
		"    tcp-request content set-var(txn.sni) req.ssl_sni,lower\n",
		conf->requests);
	while (next(conf, &at)) {
		const struct access_device *device = at.entry->device;

		if (at.service->way != ACCESS_TLS)
			continue;
		fprintf(file,
			"    use_backend %s if { var(txn.sni) -m str "
			"%s.%s }",
			access_backend(device, at.service, name), device->name,
			conf->domain);
		if (device->n_allow) {
			fprintf(file, " { src");
			conf_put_sources(file, device);
			fprintf(file, " }");
		}
		putc('\n', file);
	}
	fprintf(file, "    default_backend %s\n", https ? "inside" : "closed");
	if (!https)
		fprintf(file, "\nbackend closed\n"
			      "    mode tcp\n"
			      "    tcp-request content reject\n");
}

/* --- devices ---------------------------------------------------------------------- */

static void put_relay(FILE *file, const struct access_conf *conf,
		      const struct at *at)
{
	const struct access_device *device = at->entry->device;
	char name[ACCESS_BACKEND];

	fprintf(file, "\nlisten %s\n    mode tcp\n",
		access_backend(device, at->service, name));
	for (int i = 0; i < conf->n_binds; i++)
		if (conf->bind[i].way == ACCESS_TCP &&
		    conf->bind[i].entry == at->i &&
		    conf->bind[i].service == at->k)
			fprintf(file, "    bind fd@%d tcp-ut 2m\n",
				conf->bind[i].fd);
	fprintf(file, "    timeout client 24h\n"
		      "    timeout server 24h\n");
	if (device->n_allow) {
		fprintf(file, "    tcp-request connection reject unless { src");
		conf_put_sources(file, device);
		fprintf(file, " }\n");
	}
	fprintf(file,
		"    tcp-request connection track-sc0 src,ipmask(32,64) table "
		"callers\n"
		"    tcp-request connection reject if { "
		"sc0_conn_rate(callers) gt %ld }\n",
		conf->requests);
	conf_put_server(file, at->entry, at->service);
}

static void put_device(FILE *file, const struct access_conf *conf,
		       const struct at *at)
{
	char name[ACCESS_BACKEND];

	switch (at->service->way) {
	case ACCESS_HTTP:
	case ACCESS_HTTPS:
		conf_put_http(file, conf, at->entry, at->service);
		break;
	case ACCESS_TLS:
		fprintf(file,
			"\nbackend %s\n    mode tcp\n    timeout server 24h\n",
			access_backend(at->entry->device, at->service, name));
		conf_put_server(file, at->entry, at->service);
		break;
	case ACCESS_TCP:
		put_relay(file, conf, at);
		break;
	}
}

char *access_conf_text(const struct access_conf *conf)
{
	struct at at = { .k = -1 };
	char *text = NULL;
	size_t len;
	FILE *file = open_memstream(&text, &len);
	bool bad;

	if (!file)
		return NULL;
	put_general(file, conf);
	for (int i = 0; i < conf->n; i++)
		put_users(file, conf, conf->entry[i].device);
	put_names(file, conf);
	put_closed(file, conf);
	while (next(conf, &at))
		put_device(file, conf, &at);
	bad = ferror(file);
	if (fclose(file) == 0 && !bad)
		return text;
	free(text);
	return NULL;
}

char *access_conf_map(const struct access_conf *conf)
{
	struct at at = { .k = -1 };
	char *text = NULL, name[ACCESS_BACKEND];
	size_t len;
	FILE *file = open_memstream(&text, &len);

	if (!file)
		return NULL;
	fprintf(file, "# way/name backend\n");
	while (next(conf, &at))
		if (at.service->way <= ACCESS_HTTPS)
			fprintf(file, "%s/%s.%s %s\n",
				access_way_name(at.service->way),
				at.entry->device->name, conf->domain,
				access_backend(at.entry->device, at.service,
					       name));
	if (fclose(file) == 0)
		return text;
	free(text);
	return NULL;
}
