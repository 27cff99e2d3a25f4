/* home_access_serve.c - starts an HAProxy when what is to be published is not
 * what is, and looks after it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_access.h"
#include <stdlib.h>

#define AGAIN_MAX_MS 60000
#define STEADY_MS 60000 /* has run so long: the next end is a new story */

#define OLD_SETUP 25 /* status of the programs of old, which ended with it */

/* --- trouble ------------------------------------------------------------------- */

static void on_again(void *arg)
{
	struct home_access *access = arg;

	access->again = NULL;
	access_serve(access);
}

/* The trouble is told once, and each time it is another one. */
static void trouble(struct home_access *access, int status, const char *text)
{
	bool same = strcmp(access->error, text) == 0;
	uint32_t ms = access->again_ms;

	snprintf(access->error, sizeof(access->error), "%s", text);
	access->host->log(access->host, same ? GW6C_INFO : GW6C_WARN,
			  "%s; trying again in %u s; the tunnel is not "
			  "affected; status=%d",
			  text, ms / 1000, status);
	access_forget(access, &access->again);
	access->again =
		access->host->on_timer(access->host, ms, on_again, access);
	access->again_ms = ms * 2 > AGAIN_MAX_MS ? AGAIN_MAX_MS : ms * 2;
}

/* --- what HAProxy tells --------------------------------------------------------------- */

static void on_ready(void *arg, struct access_engine *engine)
{
	struct home_access *access = arg;

	if (engine != access->now)
		return;
	if (access->before)
		access_engine_cut(access->before, engine);
	for (struct access_engine *at = access->old; at; at = at->next)
		access_engine_cut(at, engine);
	access_retire(access, &access->before);
	if (engine->secure && access->complained) {
		access->complained = false;
		access->host->log(access->host, GW6C_WARN,
				  "certificate and key can be used again; "
				  "https shows them from now on");
	}
	if (!access->again)
		access->error[0] = 0;
	access->host->log(access->host, GW6C_NOTICE,
			  "devices are published; services=%d",
			  engine->n_parts);
	access_show(access);
}

/* A certificate that is no good must not touch what needs none. */
static void now_ended(struct home_access *access,
		      const struct access_engine *engine, int status)
{
	uint64_t now_ms = access->host->now_ms(access->host);
	char text[ACCESS_TEXT];

	access_ask_end(access->asking);
	access->asking = NULL;
	access->now = access->before;
	access->before = NULL;
	access->stale = true;
	access->restarts++;
	if (engine->ready && now_ms - engine->since_ms >= STEADY_MS)
		access->again_ms = AGAIN_MIN_MS;
	if (!engine->ready && engine->secure) {
		access->insecure = access->complained = true;
		access->host->log(access->host, GW6C_WARN,
				  "certificate and key may be what is wrong; "
				  "https answers nobody until they are "
				  "replaced");
	}
	if (engine->error[0])
		snprintf(text, sizeof(text), "HAProxy cannot serve: %.300s",
			 engine->error);
	else
		snprintf(text, sizeof(text),
			 "HAProxy has ended (wait status %d)", status);
	trouble(access, OLD_SETUP, text);
}

static void on_ended(void *arg, struct access_engine *engine, int status)
{
	struct home_access *access = arg;

	if (engine == access->now) {
		now_ended(access, engine, status);
	} else if (engine == access->before) {
		access->before = NULL;
	} else {
		access_take_out(access, engine);
		access_finished(access);
	}
	access_show(access);
}

static void on_idle(void *arg, struct access_engine *engine)
{
	struct home_access *access = arg;

	access_take_out(access, engine);
	access_engine_end(engine);
	access_finished(access);
	access_show(access);
}

static void on_states(void *arg, const char *text)
{
	struct home_access *access = arg;

	access->asking = NULL;
	free(access->states);
	access->states = strdup(text);
	access_show(access);
}

void access_ask_states(struct home_access *access)
{
	if (access->now && access->now->ready && !access->asking)
		access->asking =
			access_ask(access->host, access->now->control,
				   "show stat -1 4 -1\n", on_states, access);
}

/* --- serving ----------------------------------------------------------------------------- */

static bool has_certificate(const struct home_access *access)
{
	const struct gw6c_host *host = access->host;

	return *host->str(host, "certificate") && *host->str(host, "key") &&
	       !access->insecure && access->lists.cert_stamp.ino &&
	       access->lists.key_stamp.ino;
}

static void make_entries(struct home_access *access)
{
	struct target_world world;
	const struct access_place place = {
		.lease = &access->lease,
		.plan = &access->plan,
		.world = &world,
		.resolver = &access->resolver,
		.domain = access->domain,
		.has_certificate = has_certificate(access),
	};

	if (!target_world_read(&world, &access->lease, access->plan.dev))
		world.n = 0;
	access_entries_make(access->entries, &access->lists, &place);
}

/* Chain and key in one text. */
static bool read_cert(const struct home_access *access,
		      struct access_work *work, char **text)
{
	const struct gw6c_host *host = access->host;
	char *cert = NULL, *key = NULL;
	size_t cert_len = 0, key_len = 0;
	bool ok = access_file_read(host->str(host, "certificate"), &cert,
				   &cert_len) &&
		  access_file_read(host->str(host, "key"), &key, &key_len);

	*text = ok ? malloc(cert_len + key_len + 1) : NULL;
	if (*text) {
		memcpy(*text, cert, cert_len);
		(*text)[cert_len] = '\n';
		memcpy(*text + cert_len + 1, key, key_len);
		work->cert = *text;
		work->cert_len = cert_len + key_len + 1;
	}
	if (key)
		explicit_bzero(key, key_len);
	free(cert);
	free(key);
	return *text;
}

static void fill_work(const struct home_access *access,
		      struct access_work *work)
{
	const struct gw6c_host *host = access->host;

	*work = (struct access_work){ .sockets = &access->sockets };
	work->conf = (struct access_conf){
		.entry = access->entries->item,
		.n = access->entries->n,
		.domain = access->domain,
		.users = &access->lists.users,
		.port = (uint16_t)host->num(host, "port"),
		.tls_port = (uint16_t)host->num(host, "tls_port"),
		.connections = host->num(host, "connections"),
		.requests = host->num(host, "requests"),
		.failures = host->num(host, "failures"),
		.answer_s = host->num(host, "answer_time"),
	};
}

/* A new one for the sockets there are; the one of before serves until it is
 * ready. */
static int replace(struct home_access *access, struct access_work *work,
		   char *text, struct gw6c_err *err)
{
	const struct access_engine_owner owner = { access->host, on_ready,
						   on_ended, on_idle, access };
	struct access_engine *engine;
	char *cert = NULL;

	if (has_certificate(access) && !read_cert(access, work, &cert)) {
		free(text);
		return gw6c_fail(err, GW6C_EOS,
				 "certificate and key cannot be read");
	}
	engine = access_engine_new(&owner, work, err);
	if (cert)
		explicit_bzero(cert, work->cert_len);
	free(cert);
	if (!engine) {
		free(text);
		return err->rc;
	}
	if (access->now && access->now->ready)
		access_retire(access, &access->before);
	if (access->now && !access->now->ready)
		access_retire(access, &access->now);
	if (access->now)
		access->before = access->now;
	access->now = engine;
	access_ask_end(access->asking);
	access->asking = NULL;
	free(access->text);
	access->text = text;
	access->stale = false;
	return GW6C_OK;
}

static int start(struct home_access *access, struct gw6c_err *err)
{
	struct gw6c_err missing = { 0 };
	struct access_sockets wanted;
	struct access_work work;
	bool changed;
	char *text;
	int n;

	make_entries(access);
	access_sockets_want(access->host, &access->lease, access->entries,
			    &wanted);
	n = access_sockets_open(access->host, &wanted, &access->sockets,
				&changed, &missing);
	access->sockets = wanted;
	if (wanted.left_out && !missing.rc)
		gw6c_fail(&missing, GW6C_ECONFIG,
			  "%d sockets do not fit, since there is room for %d; "
			  "publish fewer ports by address",
			  wanted.left_out, ACCESS_SOCKETS);
	if (!n) {
		access_retire_all(access);
		*err = missing;
		return err->rc;
	}
	fill_work(access, &work);
	text = access_engine_text(access->host, &work);
	if (!text)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	if (access->now && !access->stale && !changed && access->text &&
	    strcmp(text, access->text) == 0)
		free(text);
	else if (replace(access, &work, text, err))
		return err->rc;
	*err = missing;
	return err->rc;
}

void access_serve(struct home_access *access)
{
	struct gw6c_err err = { 0 };

	access_forget(access, &access->again);
	if (start(access, &err))
		trouble(access, OLD_SETUP, err.text);
	else if (!access->now)
		access->error[0] = 0;
	access_names_write(access->host, access->entries);
	access_show(access);
}
