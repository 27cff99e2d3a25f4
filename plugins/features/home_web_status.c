/* home_web_status.c - what the status says of Home Web. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_web.h"
#include <time.h>

static const char *state_of(const struct home_web *web)
{
	if (!web->passing)
		return web->workers.old ? "leaving" : "waiting for the tunnel";
	if (web->workers.now && web->workers.now->ready)
		return "serving";
	return web->error[0] ? "error" : "starting";
}

static void show_text(const struct home_web *web, const char *key,
		      const char *text)
{
	web->host->status(web->host, key, *text ? "%s" : NULL, text);
}

static const char *cert_error(const struct home_web *web)
{
	if (web->cert.error[0])
		return web->cert.error;
	return web->workers.now ? web->workers.now->cert_error : "";
}

static void show_certificate(const struct home_web *web)
{
	const struct web_worker *worker = web->workers.now;
	char date[64] = "";
	time_t end = worker ? (time_t)worker->cert_end : 0;
	struct tm tm;

	if (end && gmtime_r(&end, &tm))
		strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", &tm);
	show_text(web, "certificate_end", date);
	show_text(web, "certificate_name", worker ? worker->cert_name : "");
	show_text(web, "certificate_error", cert_error(web));
}

void web_show(const struct home_web *web)
{
	const struct gw6c_host *host = web->host;
	struct web_counts all = web_workers_sum(&web->workers);
	char text[1024];

	if (!GW6C_HAS(host, status) || !host->status)
		return;
	host->status(host, "state", "%s", state_of(web));
	show_text(web, "error", web->error);
	show_text(web, "address",
		  web_sockets_text(&web->sockets, text, sizeof(text)));
	show_text(web, "name", web->passing ? web->lease.name : "");
	show_text(web, "root", web_root(host, text, sizeof(text)));
	host->status(host, "requests", "%llu",
		     (unsigned long long)all.requests);
	host->status(host, "octets", "%llu", (unsigned long long)all.octets);
	host->status(host, "errors", "%llu", (unsigned long long)all.errors);
	host->status(host, "connections", "%llu",
		     (unsigned long long)all.connections);
	host->status(host, "restarts", "%u", web->restarts);
	show_text(web, "sandbox",
		  web->workers.now ? web->workers.now->sandbox : "");
	show_text(web, "access_log_error", web->files.log_error);
	show_certificate(web);
	host->status(host, "hap6_web", "%s",
		     web->error[0] ? "ERROR" : "SUCCESS");
}
