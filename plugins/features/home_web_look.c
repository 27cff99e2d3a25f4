/* home_web_look.c - certificate and log may be mended or break while pages are
 * served: what is looked at again, and told once. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_web.h"

void web_look_complain(struct home_web *web, const struct web_worker *worker,
		       const char *why)
{
	web->complained = true;
	web->host
		->log(web->host, GW6C_WARN,
		      "certificate and key cannot be used: %s; %s", why,
		      worker->cert_end || web->cert.good.text
			      ? "going on with the old ones until they are "
				"replaced"
			      : "https answers nobody until they are replaced");
}

void web_look_taken(struct home_web *web)
{
	web_cert_works(&web->cert);
	if (web->complained)
		web->host->log(web->host, GW6C_WARN,
			       "certificate and key can be used again; https "
			       "shows them from now on");
	web->complained = false;
}

void web_look_cert(struct home_web *web)
{
	char known[WEB_TEXT];

	/* One at a time: its answer says of which it is by coming. */
	if (web->workers.now->cert_asked ||
	    !web_cert_is_new(web->host, &web->cert))
		return;
	snprintf(known, sizeof(known), "%s", web->cert.error);
	if (web_cert_read(web->host, &web->cert))
		web_worker_send_cert(web->workers.now, &web->cert.asked);
	else if (strcmp(web->cert.error, known) != 0)
		web_look_complain(web, web->workers.now, web->cert.error);
	web_show(web);
}

void web_look_tell_log(const struct home_web *web, const char *known)
{
	const struct gw6c_host *host = web->host;
	const char *error = web->files.log_error;

	if (strcmp(error, known) == 0)
		return;
	if (*error)
		host->log(host, GW6C_WARN,
			  "%s; going on without a log of requests, and trying "
			  "again",
			  error);
	else if (*host->str(host, "access_log"))
		host->log(host, GW6C_WARN,
			  "access_log %s is written again; requests since the "
			  "last line are missing from it",
			  host->str(host, "access_log"));
}

void web_look_log(struct home_web *web)
{
	char known[WEB_TEXT];

	snprintf(known, sizeof(known), "%s", web->files.log_error);
	if (web_files_new_log(web->host, &web->files))
		web_worker_send_log(web->workers.now, web->files.log);
	web_look_tell_log(web, known);
	web_show(web);
}
