/* home_access_conf_http.c - a device that speaks HTTP, as a backend. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_access_conf_parts.h"
#include <ctype.h>

/* Between quotation marks; percent signs begin a variable of HAProxy's. */
static void put_quoted(FILE *file, const char *text)
{
	putc('"', file);
	for (; *text; text++) {
		if (strchr("\"\\$", *text))
			putc('\\', file);
		if (*text == '%')
			putc('%', file);
		putc(*text, file);
	}
	putc('"', file);
}

/* Who may come, first of all. */
static void put_rules(FILE *file, const struct access_conf *conf,
		      const struct access_device *device)
{
	const char *name = device->name;
	char condition[80];

	if (device->n_allow) {
		fprintf(file, "    acl may_come src");
		conf_put_sources(file, device);
		putc('\n', file);
		conf_put_nothing(file, " unless may_come");
	}
	if (!device->password)
		return;
	snprintf(condition, sizeof(condition),
		 " if { sc0_gpc0_rate(visitors) ge %ld }", conf->failures);
	conf_put_too_many(file, condition);
	fprintf(file,
		"    http-request sc-inc-gpc0(0) if { req.hdr(authorization) "
		"-m found } !{ http_auth(users:%s) }\n"
		"    http-request auth realm %s unless { http_auth(users:%s) }\n"
		"    http-request del-header authorization\n",
		name, name, name);
}

static void put_headers(FILE *file, const struct access_device *device)
{
	for (int i = 0; i < device->n_headers; i++) {
		const struct access_header *header = &device->header[i];

		fprintf(file, "    http-%s %s-header %s",
			header->answer ? "response" : "request",
			*header->value ? "set" : "del", header->name);
		if (*header->value) {
			putc(' ', file);
			put_quoted(file, header->value);
		}
		putc('\n', file);
	}
}

/* "192\.168\.1\.20" */
static void put_pattern(FILE *file, const char *text)
{
	for (; *text; text++) {
		if (!isalnum((unsigned char)*text))
			putc('\\', file);
		putc(*text, file);
	}
}

static bool is_usual(const struct access_device *device, uint16_t port)
{
	return port == (device->tls ? 443 : 80);
}

static void put_own_host(FILE *file, const struct access_device *device,
			 const struct access_service *service)
{
	fprintf(file, "    http-request set-header host %s", device->host);
	if (!is_usual(device, service->to))
		fprintf(file, ":%u", (unsigned)service->to);
	putc('\n', file);
}

/* The address by which the device knows itself becomes the name by which the
 * visitor does. */
static void put_rewrite(FILE *file, const struct access_conf *conf,
			const struct access_entry *entry,
			const struct access_service *service)
{
	static const char *const fields[] = { "location", "content-location",
					      "refresh" };
	const struct access_device *device = entry->device;
	const char *scheme = access_way_name(service->way);
	bool https = service->way == ACCESS_HTTPS;
	uint16_t port = https ? conf->tls_port : conf->port;
	char text[GW6C_ADDR_TEXT];

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		fprintf(file,
			"    http-response replace-header %s '^(.*)https?"
			"://(?:",
			fields[i]);
		put_pattern(file, gw6c_addr_text(&entry->target, text));
		putc('|', file);
		put_pattern(file, device->host);
		fprintf(file,
			")(?::%u)%s([/?#].*)?$' '\\1%s://"
			"%%[var(txn.host)]",
			(unsigned)service->to,
			is_usual(device, service->to) ? "?" : "", scheme);
		if (port != (https ? 443 : 80))
			fprintf(file, ":%u", (unsigned)port);
		fprintf(file, "\\2'\n");
	}
	fprintf(file, "    http-response replace-header set-cookie '^(.*);\\s*"
		      "[Dd][Oo][Mm][Aa][Ii][Nn]=\\.?(?:");
	put_pattern(file, gw6c_addr_text(&entry->target, text));
	putc('|', file);
	put_pattern(file, device->host);
	fprintf(file, ")(;.*)?$' '\\1\\2'\n");
}

static void put_way(FILE *file, const struct access_service *service)
{
	const char *proto = access_way_name(service->way);

	fprintf(file,
		"    http-request set-header x-forwarded-for %%[src]\n"
		"    http-request set-header x-forwarded-proto %s\n"
		"    http-request set-header x-forwarded-host "
		"%%[req.hdr(host)]\n"
		"    http-request set-header forwarded 'for=\"[%%[src]]\";"
		"host=\"%%[req.hdr(host)]\";proto=%s'\n",
		proto, proto);
}

void conf_put_http(FILE *file, const struct access_conf *conf,
		   const struct access_entry *entry,
		   const struct access_service *service)
{
	const struct access_device *device = entry->device;
	char name[ACCESS_BACKEND];

	fprintf(file, "\nbackend %s\n", access_backend(device, service, name));
	put_rules(file, conf, device);
	fprintf(file, "    option http-no-delay\n"
		      "    http-request set-timeout server 24h if { "
		      "req.hdr(accept) -m sub text/event-stream }\n");
	put_way(file, service);
	if (device->own_host)
		put_own_host(file, device, service);
	put_headers(file, device);
	fprintf(file, "    http-response set-var(txn.answered) bool(true)\n"
		      "    http-after-response set-status 502 if { status 503 "
		      "} !{ var(txn.answered) -m found }\n");
	if (device->rewrite)
		put_rewrite(file, conf, entry, service);
	if (*device->check)
		fprintf(file, "    option httpchk GET '%s'\n", device->check);
	conf_put_server(file, entry, service);
}
