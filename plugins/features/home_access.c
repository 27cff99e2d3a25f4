/* home_access.c - publishes devices of the home network at the address of the
 * tunnel: what changes, and when. Visitors are answered by an HAProxy of our
 * own, without rights; the system's is never touched. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_access.h"
#include <stdlib.h>

#define LOOK_MS 2000 /* between looks at the files */
#define LOOKS 5 /* looks between questions for what else may have changed */
#define SOON_MS 100 /* several addresses come together */
#define LEAVE_MS 4000 /* for what was asked, while the tunnel ends */

/* Statuses of the programs of old, which ended with them. */
#define OLD_INIT 24
#define OLD_EXPOSE 26

/* --- what changes ------------------------------------------------------------------------- */

static void on_soon(void *arg)
{
	struct home_access *access = arg;

	access->soon = NULL;
	if (access->passing)
		access_serve(access);
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
		access_serve(access);
	} else if (access_lists_changed(host, &access->lists)) {
		host->log(host, GW6C_NOTICE, "the list of devices has changed");
		read_lists(access);
		access_serve(access);
		ask_for_addresses(access);
	} else if (++access->looks % LOOKS == 0) {
		access_serve(access);
		access_ask_states(access);
	}
}

/* --- the tunnel ---------------------------------------------------------------------------- */

static void withdraw(struct home_access *access)
{
	access->passing = false;
	access_forget(access, &access->again);
	access_forget(access, &access->soon);
	access_forget(access, &access->look);
	access_ask_end(access->asking);
	access->asking = NULL;
	access_retire_all(access);
	access_sockets_close(&access->sockets);
	access_resolve_end(&access->resolver);
	access_names_remove(access->host);
	access->error[0] = 0;
	access->again_ms = AGAIN_MIN_MS;
}

static void on_leave(void *arg)
{
	struct home_access *access = arg;

	access->leave = NULL;
	access_end_old(access, 0);
	access_show(access);
	access_finished(access);
}

static int leave(struct home_access *access)
{
	withdraw(access);
	access->awaited = access->old;
	access_forget(access, &access->leave);
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
	access_forget(access, &access->leave);
	withdraw(access);
	if (reason == GW6C_FOR_STOP)
		access_end_old(access, 0);
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
	access_serve(access);
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
	access_serve(access);
	return GW6C_OK;
}

static void close_access(void *arg)
{
	struct home_access *access = arg;

	withdraw(access);
	access_forget(access, &access->leave);
	access_end_old(access, 0);
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
