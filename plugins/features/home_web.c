/* home_web.c - publishes a directory at the address of the tunnel: settings,
 * addresses, supervision and status. Strangers are answered by a program of its
 * own without rights, the worker. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_web.h"
#include <stdlib.h>
#include <unistd.h>

#define AGAIN_MIN_MS 1000 /* before another try */
#define AGAIN_MAX_MS 60000
#define STEADY_MS 60000 /* has run so long: the next end is a new story */
#define LOOK_MS 10000 /* between looks at certificate and log */
#define LEAVE_MS 4000 /* for what was asked, while the tunnel ends */

/* Statuses of the programs of old, which ended with them. */
#define OLD_INIT 24
#define OLD_SETUP 25

/* --- supervision -------------------------------------------------------------- */

static void serve(struct home_web *web, bool anew);

static void forget(struct home_web *web, struct gw6c_watch **watch)
{
	web->host->forget(web->host, *watch);
	*watch = NULL;
}

static void on_again(void *arg)
{
	struct home_web *web = arg;

	web->again = NULL;
	serve(web, false);
}

/* The trouble is told once, and each time it is another one. */
static void trouble(struct home_web *web, int status, const char *text)
{
	bool same = strcmp(web->error, text) == 0;

	snprintf(web->error, sizeof(web->error), "%s", text);
	web->host->log(web->host, same ? GW6C_INFO : GW6C_WARN,
		       "%s; trying again in %u s; the tunnel is not affected; "
		       "status=%d",
		       text, web->again_ms / 1000, status);
	forget(web, &web->again);
	web->again =
		web->host->on_timer(web->host, web->again_ms, on_again, web);
	web->again_ms = web->again_ms * 2 > AGAIN_MAX_MS ? AGAIN_MAX_MS
							 : web->again_ms * 2;
}

static void on_leave(void *arg);

/* Each has a time of its own: the timer is for the first. */
static void wait_for_old(struct home_web *web)
{
	uint64_t due_ms = web_workers_due_ms(&web->workers);
	uint64_t now_ms = web->host->now_ms(web->host);
	uint32_t ms = due_ms > now_ms ? (uint32_t)(due_ms - now_ms) : 0;

	forget(web, &web->leave);
	if (due_ms)
		web->leave = web->host->on_timer(web->host, ms, on_leave, web);
}

static void finished(struct home_web *web)
{
	if (!web->awaited || web->workers.old)
		return;
	web->awaited = false;
	forget(web, &web->leave);
	web->host->done(web->host, GW6C_OK, GW6C_NOTHING, NULL);
}

static void on_leave(void *arg)
{
	struct home_web *web = arg;

	web->leave = NULL;
	web_workers_end(&web->workers, web->host->now_ms(web->host));
	wait_for_old(web);
	web_show(web);
	finished(web);
}

static void on_ended(void *arg, struct web_worker *worker, int status)
{
	struct home_web *web = arg;
	uint64_t ran_ms = web->host->now_ms(web->host) - worker->since_ms;
	char text[WEB_TEXT + 64];

	if (!web_workers_ended(&web->workers, worker)) {
		wait_for_old(web);
		web_show(web);
		finished(web);
		return;
	}
	web->stale = true;
	web_sockets_lost(&web->sockets, web->workers.now);
	web_sockets_close_idle(&web->sockets);
	web->restarts++;
	if (ran_ms >= STEADY_MS)
		web->again_ms = AGAIN_MIN_MS;
	if (worker->error[0])
		snprintf(text, sizeof(text), "the worker cannot serve: %s",
			 worker->error);
	else
		snprintf(text, sizeof(text),
			 "the worker has ended (wait status %d)", status);
	trouble(web, OLD_SETUP, text);
	web_show(web);
}

static void on_news(void *arg, struct web_worker *worker)
{
	struct home_web *web = arg;
	char text[1024];

	if (worker == web->workers.now && worker->ready && !web->again &&
	    web->error[0])
		web->error[0] = 0;
	if (worker == web->workers.now && worker->ready && !worker->told) {
		worker->told = true;
		web_workers_ready(&web->workers);
		web_sockets_ready(&web->sockets);
		wait_for_old(web);
		web->host->log(web->host, GW6C_NOTICE,
			       "pages are published at %s; sandbox=\"%s\"",
			       web_sockets_text(&web->sockets, text,
						sizeof(text)),
			       worker->sandbox);
	}
	if (worker->cert_taken && worker == web->workers.now)
		web_look_taken(web);
	worker->cert_taken = false;
	if (worker->cert_error[0] && !worker->cert_told) {
		worker->cert_told = true;
		web_look_complain(web, worker, worker->cert_error);
	}
	web_show(web);
}

/* --- serving --------------------------------------------------------------------- */

static void on_look(void *arg)
{
	struct home_web *web = arg;

	web->look = web->host->on_timer(web->host, LOOK_MS, on_look, web);
	if (!web->workers.now)
		return;
	web_look_log(web);
	web_look_cert(web);
}

static void look_at_files(struct home_web *web)
{
	if (!*web->host->str(web->host, "access_log") &&
	    !*web->host->str(web->host, "certificate"))
		forget(web, &web->look);
	else if (!web->look)
		web->look =
			web->host->on_timer(web->host, LOOK_MS, on_look, web);
}

/* The files of before stay until the new ones are there. */
static int prepare(struct home_web *web, struct gw6c_err *err)
{
	const struct gw6c_host *host = web->host;
	struct web_files files;
	char root[1024], known[WEB_TEXT];

	if (web_files_open(host, &files, err))
		return err->rc;
	if (web_check_readable(web_root(host, root, sizeof(root)),
			       host->str(host, "user"), err)) {
		web_files_close(&files);
		return err->rc;
	}
	snprintf(known, sizeof(known), "%s", web->files.log_error);
	web_files_close(&web->files);
	web->files = files;
	web_look_tell_log(web, known);
	return GW6C_OK;
}

/* A new worker for the sockets there are. */
static int replace(struct home_web *web, struct gw6c_err *err)
{
	const struct gw6c_host *host = web->host;
	const struct web_owner owner = { host, on_news, on_ended, web };
	struct web_worker *worker;

	if (prepare(web, err))
		return err->rc;
	/* They may come later: the rest is served without them. */
	web_cert_read(host, &web->cert);
	worker = web_worker_new(&owner, &web->sockets, &web->files, &web->cert,
				web->lease.name, err);
	if (!worker)
		return err->rc;
	web_workers_add(&web->workers, worker);
	web_sockets_given(&web->sockets);
	web->stale = false;
	if (web->cert.error[0])
		web_look_complain(web, worker, web->cert.error);
	else if (!*host->str(host, "certificate"))
		web->complained = false;
	return GW6C_OK;
}

/* Some sockets may be missing: the others serve, and all are tried again. */
static int start(struct home_web *web, bool anew, struct gw6c_err *err)
{
	struct web_sockets wanted;
	struct gw6c_err missing = { 0 };
	bool changed;
	int n;

	web_sockets_want(web->host, &web->lease, &wanted);
	n = web_sockets_open(web->host, &wanted, &web->sockets, &changed,
			     &missing);
	web->sockets = wanted;
	web->stale = web->stale || anew || changed || !web->workers.now;
	if (!n && !missing.rc)
		gw6c_fail(&missing, GW6C_ECONFIG,
			  "there is no address to listen at: the tunnel has "
			  "none of IPv6, or no network of this router does");
	if (wanted.left_out && !missing.rc)
		gw6c_fail(&missing, GW6C_ECONFIG,
			  "%d of the sockets that are asked for do not fit, "
			  "since there is room for %d; name fewer addresses "
			  "with feature.home-web.listen, or any",
			  wanted.left_out, WEB_LISTENERS);
	if (!n)
		web_workers_retire(&web->workers);
	else if (web->stale && replace(web, err)) {
		web_sockets_close_idle(&web->sockets);
		return err->rc;
	}
	*err = missing;
	return err->rc;
}

/* anew: with a new worker, also if the sockets are the same. */
static void serve(struct home_web *web, bool anew)
{
	struct gw6c_err err = { 0 };

	forget(web, &web->again);
	if (start(web, anew, &err))
		trouble(web, OLD_SETUP, err.text);
	wait_for_old(web);
	look_at_files(web);
	web_show(web);
}

/* Nothing is taken any more; what runs may go on. */
static void withdraw(struct home_web *web)
{
	web->passing = false;
	forget(web, &web->again);
	forget(web, &web->look);
	web_workers_retire(&web->workers);
	web_sockets_close(&web->sockets);
	web_files_close(&web->files);
	web->error[0] = 0;
	web->again_ms = AGAIN_MIN_MS;
}

static int leave(struct home_web *web)
{
	withdraw(web);
	web_workers_hurry(&web->workers,
			  web->host->now_ms(web->host) + LEAVE_MS);
	wait_for_old(web);
	web->awaited = web->workers.old;
	web_show(web);
	return web->awaited ? GW6C_LATER : GW6C_OK;
}

/* A tunnel that was lost may come back with the same address, and what is being
 * fetched goes on then. */
static void down(struct home_web *web, enum gw6c_reason reason)
{
	web->awaited = false;
	withdraw(web);
	if (reason == GW6C_FOR_STOP)
		web_workers_end(&web->workers, UINT64_MAX);
	wait_for_old(web);
	web_show(web);
}

static void pass(struct home_web *web, const struct gw6c_lease *lease)
{
	size_t size = lease->size < sizeof(web->lease) ? lease->size
						       : sizeof(web->lease);

	memset(&web->lease, 0, sizeof(web->lease));
	memcpy(&web->lease, lease, size);
	web->passing = true;
	web->awaited = false;
	serve(web, false);
}

static int tell(void *arg, const struct gw6c_news *news)
{
	struct home_web *web = arg;

	switch (news->fact) {
	case GW6C_READY:
	case GW6C_CHANGED:
		pass(web, news->lease);
		break;
	case GW6C_LEAVING:
		return leave(web);
	case GW6C_DOWN:
		down(web, news->reason);
		break;
	}
	return GW6C_OK;
}

static int reload(void *arg, struct gw6c_err *err)
{
	struct home_web *web = arg;

	(void)err;
	web->again_ms = AGAIN_MIN_MS;
	if (web->passing)
		serve(web, true);
	return GW6C_OK;
}

static void close_web(void *arg)
{
	struct home_web *web = arg;

	withdraw(web);
	forget(web, &web->leave);
	web_workers_end(&web->workers, UINT64_MAX);
	web_cert_close(&web->cert);
	free(web);
}

static int open_web(const struct gw6c_host *host, void **out,
		    struct gw6c_err *err)
{
	struct home_web *web = calloc(1, sizeof(*web));

	if (!web)
		return gw6c_fail(err, GW6C_EOS, "out of memory; status=%d",
				 OLD_INIT);
	web->host = host;
	web->files = WEB_NO_FILES;
	web->again_ms = AGAIN_MIN_MS;
	web_show(web);
	*out = web;
	return GW6C_OK;
}

const struct gw6c_feature_ops web_ops = {
	.size = sizeof(web_ops),
	.open = open_web,
	.close = close_web,
	.tell = tell,
	.reload = reload,
	.check = web_check,
};
