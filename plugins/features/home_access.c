/* home_access.c - publishes devices of the home network at the address of the
 * tunnel: when what is started, and why. Visitors are answered by an HAProxy of
 * our own, without rights; the system's is never touched. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_access.h"
#include <stdlib.h>
#include <unistd.h>

#define AGAIN_MIN_MS 1000 /* before another try */
#define AGAIN_MAX_MS 60000
#define STEADY_MS 60000 /* has run so long: the next end is a new story */
#define LOOK_MS 2000 /* between looks at the files */
#define LOOKS 5 /* looks between questions for what else may have changed */
#define SOON_MS 100 /* several addresses come together */
#define LEAVE_MS 4000 /* for what was asked, while the tunnel ends */
#define OLD_MOST 8 /* that leave; the oldest ends when there are more */

/* Statuses of the programs of old, which ended with them. */
#define OLD_INIT 24
#define OLD_SETUP 25
#define OLD_EXPOSE 26

static void serve(struct home_access *access);

static void forget(struct home_access *access, struct gw6c_watch **watch)
{
	access->host->forget(access->host, *watch);
	*watch = NULL;
}

/* --- trouble ------------------------------------------------------------------- */

static void on_again(void *arg)
{
	struct home_access *access = arg;

	access->again = NULL;
	serve(access);
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
	forget(access, &access->again);
	access->again =
		access->host->on_timer(access->host, ms, on_again, access);
	access->again_ms = ms * 2 > AGAIN_MAX_MS ? AGAIN_MAX_MS : ms * 2;
}

/* --- those that leave ------------------------------------------------------------- */

static void finished(struct home_access *access)
{
	if (!access->awaited || access->old)
		return;
	access->awaited = false;
	forget(access, &access->leave);
	access->host->done(access->host, GW6C_OK, GW6C_NOTHING, NULL);
}

/* All but the newest of them. */
static void end_old(struct home_access *access, int kept)
{
	struct access_engine **link = &access->old;

	while (*link && kept--)
		link = &(*link)->next;
	while (*link) {
		struct access_engine *engine = *link;

		*link = engine->next;
		access_engine_end(engine);
	}
}

/* What has not begun to serve has nothing to finish. */
static void retire(struct home_access *access, struct access_engine **which)
{
	struct access_engine *engine = *which;

	*which = NULL;
	if (!engine)
		return;
	if (!engine->ready) {
		access_engine_end(engine);
		return;
	}
	access_engine_leave(engine);
	engine->next = access->old;
	access->old = engine;
	end_old(access, OLD_MOST);
}

static void retire_all(struct home_access *access)
{
	retire(access, &access->now);
	retire(access, &access->before);
	free(access->text);
	access->text = NULL;
}

static void on_leave(void *arg)
{
	struct home_access *access = arg;

	access->leave = NULL;
	end_old(access, 0);
	access_show(access);
	finished(access);
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
	retire(access, &access->before);
	if (!access->again)
		access->error[0] = 0;
	access->host->log(access->host, GW6C_NOTICE,
			  "devices are published; services=%d",
			  engine->n_parts);
	access_show(access);
}

static void take_out(struct home_access *access, struct access_engine *engine)
{
	struct access_engine **link = &access->old;

	while (*link && *link != engine)
		link = &(*link)->next;
	if (*link)
		*link = engine->next;
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
	if (!engine->ready && engine->secure)
		access->insecure = true;
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
		take_out(access, engine);
		finished(access);
	}
	access_show(access);
}

static void on_idle(void *arg, struct access_engine *engine)
{
	struct home_access *access = arg;

	take_out(access, engine);
	access_engine_end(engine);
	finished(access);
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

static void ask_states(struct home_access *access)
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
		retire(access, &access->before);
	if (access->now && !access->now->ready)
		retire(access, &access->now);
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
		retire_all(access);
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

static void serve(struct home_access *access)
{
	struct gw6c_err err = { 0 };

	forget(access, &access->again);
	if (start(access, &err))
		trouble(access, OLD_SETUP, err.text);
	else if (!access->now)
		access->error[0] = 0;
	access_names_write(access->host, access->entries);
	access_show(access);
}

/* --- what changes ------------------------------------------------------------------------- */

static void on_soon(void *arg)
{
	struct home_access *access = arg;

	access->soon = NULL;
	if (access->passing)
		serve(access);
}

static void on_resolved(void *arg)
{
	struct home_access *access = arg;

	if (!access->soon)
		access->soon = access->host->on_timer(access->host, SOON_MS,
						      on_soon, access);
}

static void read_lists(struct home_access *access)
{
	access_lists_read(access->host, &access->lists);
	if (access->lists.n_mistakes)
		access->host
			->log(access->host, GW6C_WARN,
			      "mistakes in the list of devices or of users: "
			      "%d; the other devices are published; "
			      "status=%d",
			      access->lists.n_mistakes, OLD_EXPOSE);
	access_resolve(&access->resolver, &access->lists.list);
}

/* A device that is new in the list has no address yet. */
static void ask_for_addresses(const struct home_access *access)
{
	const struct access_list *list = &access->lists.list;
	int n = 0;

	for (int i = 0; i < list->n && n < ACCESS_OWN; i++) {
		struct gw6c_addr addr =
			access_own_address(&access->lease,
					   list->device[i].name);

		if (!access_wants_address(&list->device[i], &access->lease) ||
		    !addr.family)
			continue;
		n++;
		if (access_has_address(&access->plan, &addr))
			continue;
		access->host->reconnect(access->host,
					"a device of the list needs an address "
					"of its own");
		return;
	}
}

static void on_look(void *arg)
{
	struct home_access *access = arg;
	const struct gw6c_host *host = access->host;

	access->look = host->on_timer(host, LOOK_MS, on_look, access);
	if (!access->passing)
		return;
	if (access_cert_changed(host, &access->lists)) {
		access->insecure = false;
		access->stale = true;
		read_lists(access);
		serve(access);
	} else if (access_lists_changed(host, &access->lists)) {
		host->log(host, GW6C_NOTICE, "the list of devices has changed");
		read_lists(access);
		serve(access);
		ask_for_addresses(access);
	} else if (++access->looks % LOOKS == 0) {
		serve(access);
		ask_states(access);
	}
}

/* --- the tunnel ---------------------------------------------------------------------------- */

static void withdraw(struct home_access *access)
{
	access->passing = false;
	forget(access, &access->again);
	forget(access, &access->soon);
	forget(access, &access->look);
	access_ask_end(access->asking);
	access->asking = NULL;
	retire_all(access);
	access_sockets_close(&access->sockets);
	access_resolve_end(&access->resolver);
	access_names_remove(access->host);
	access->error[0] = 0;
	access->again_ms = AGAIN_MIN_MS;
}

static int leave(struct home_access *access)
{
	withdraw(access);
	access->awaited = access->old;
	forget(access, &access->leave);
	if (access->old)
		access->leave = access->host->on_timer(access->host, LEAVE_MS,
						       on_leave, access);
	access_show(access);
	return access->awaited ? GW6C_LATER : GW6C_OK;
}

/* A tunnel that was lost may come back with the same address, and what is under
 * way goes on then. */
static void down(struct home_access *access, enum gw6c_reason reason)
{
	access->awaited = false;
	forget(access, &access->leave);
	withdraw(access);
	if (reason == GW6C_FOR_STOP)
		end_old(access, 0);
	access_show(access);
}

static void pass(struct home_access *access, const struct gw6c_news *news)
{
	const struct gw6c_lease *lease = news->lease;
	const struct gw6c_host *host = access->host;
	size_t size = lease->size < sizeof(access->lease)
			      ? lease->size
			      : sizeof(access->lease);
	const char *domain = host->str(host, "domain");

	memset(&access->lease, 0, sizeof(access->lease));
	memcpy(&access->lease, lease, size);
	access->plan = *news->plan;
	snprintf(access->domain, sizeof(access->domain), "%s",
		 *domain ? domain : access->lease.name);
	access->passing = true;
	access->awaited = false;
	if (!access->look)
		access->look = host->on_timer(host, LOOK_MS, on_look, access);
	read_lists(access);
	serve(access);
}

static int tell(void *arg, const struct gw6c_news *news)
{
	struct home_access *access = arg;

	switch (news->fact) {
	case GW6C_READY:
	case GW6C_CHANGED:
		pass(access, news);
		break;
	case GW6C_LEAVING:
		return leave(access);
	case GW6C_DOWN:
		down(access, news->reason);
		break;
	}
	return GW6C_OK;
}

static int reload(void *arg, struct gw6c_err *err)
{
	struct home_access *access = arg;
	const char *domain = access->host->str(access->host, "domain");

	(void)err;
	access->again_ms = AGAIN_MIN_MS;
	access->insecure = false;
	snprintf(access->domain, sizeof(access->domain), "%s",
		 *domain ? domain : access->lease.name);
	if (!access->passing)
		return GW6C_OK;
	access->stale = true;
	read_lists(access);
	serve(access);
	return GW6C_OK;
}

static void close_access(void *arg)
{
	struct home_access *access = arg;

	withdraw(access);
	forget(access, &access->leave);
	end_old(access, 0);
	access_lists_free(&access->lists);
	free(access->states);
	free(access->entries);
	free(access);
}

static int open_access(const struct gw6c_host *host, void **out,
		       struct gw6c_err *err)
{
	struct home_access *access = calloc(1, sizeof(*access));

	if (access)
		access->entries = calloc(1, sizeof(*access->entries));
	if (!access || !access->entries) {
		free(access);
		return gw6c_fail(err, GW6C_EOS, "out of memory; status=%d",
				 OLD_INIT);
	}
	access->host = host;
	access->resolver = (struct access_resolver){ .host = host,
						     .news = on_resolved,
						     .arg = access };
	access->again_ms = AGAIN_MIN_MS;
	access_show(access);
	*out = access;
	return GW6C_OK;
}

const struct gw6c_feature_ops access_ops = {
	.size = sizeof(access_ops),
	.open = open_access,
	.close = close_access,
	.tell = tell,
	.plan = access_plan,
	.sweep = access_names_remove,
	.reload = reload,
	.check = access_check,
};
