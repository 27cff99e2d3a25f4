/* home_access_entries.c - what of the list is in force, and why the rest is
 * not. Nothing is open without a rule. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_access.h"

struct maker {
	struct access_entries *entries;
	const struct access_lists *lists;
	const struct access_place *place;
	int i;
};

GW6C_PRINTF(3, 4)
static void off(const struct maker *maker, int service, const char *fmt, ...)
{
	char *why = maker->entries->why[maker->i][service];
	va_list args;

	va_start(args, fmt);
	vsnprintf(why, sizeof(maker->entries->why[0][0]), fmt, args);
	va_end(args);
}

static void all_off(const struct maker *maker, const char *text)
{
	const struct access_device *device =
		maker->entries->item[maker->i].device;

	for (int k = 0; k < device->n_services; k++)
		off(maker, k, "%s", text);
}

/* The first of its addresses that visitors may be taken to. */
static enum target_kind find_target(const struct maker *maker,
				    struct gw6c_addr *target,
				    struct gw6c_err *err)
{
	const struct access_place *place = maker->place;
	const struct access_device *device =
		maker->entries->item[maker->i].device;
	const struct gw6c_addr *addrs = &device->addr;
	const char *why;
	int n = 1;

	if (!device->addr.family) {
		n = access_resolved(place->resolver, device->host, &addrs,
				    &why);
		if (!n)
			gw6c_fail(err, GW6C_ENET, "%s: %s", device->host, why);
	}
	for (int i = n; i-- > 0;) {
		enum target_kind kind =
			target_kind(place->world, &addrs[i], err);

		*target = addrs[i];
		if (kind != TARGET_REFUSED)
			return kind;
	}
	return TARGET_REFUSED;
}

static const char *no_user(const struct maker *maker,
			   const struct access_device *device)
{
	const struct access_users *users = &maker->lists->users;

	if (!users->n)
		return "there are no users; name a file of them with "
		       "feature.home-access.users_file";
	for (int i = 0; i < device->n_users; i++)
		if (!access_users_find(users, device->user[i]))
			return "a user that it names is not in the file of "
			       "users";
	return NULL;
}

static void decide(const struct maker *maker, int k)
{
	struct access_entry *entry = &maker->entries->item[maker->i];
	const struct access_service *service = &entry->device->service[k];
	const struct access_place *place = maker->place;

	if (service->way != ACCESS_TCP && !*place->domain)
		off(maker, k,
		    "there is no domain; set "
		    "feature.home-access.domain");
	else if (service->way == ACCESS_HTTPS && !place->has_certificate)
		off(maker, k,
		    "there is no certificate that can be used; set "
		    "feature.home-access.certificate and key");
	else if (service->way == ACCESS_TCP && !place->lease->router)
		off(maker, k,
		    "it needs an address of its own; set "
		    "host_type=router");
	else if (service->way == ACCESS_TCP && !entry->own.family)
		off(maker, k,
		    "there is no address for it; %d devices at most "
		    "have one",
		    ACCESS_OWN);
	else
		entry->on[k] = true;
}

static void make_one(const struct maker *maker)
{
	struct access_entry *entry = &maker->entries->item[maker->i];
	const struct access_device *device = entry->device;
	struct gw6c_addr own =
		access_own_address(maker->place->lease, device->name);
	struct gw6c_addr target = { .family = 0 };
	struct gw6c_err err = { 0 };

	switch (find_target(maker, &target, &err)) {
	case TARGET_REFUSED:
		all_off(maker, err.text);
		return;
	case TARGET_DIRECT:
		entry->own = target;
		maker->entries->direct[maker->i] = true;
		return;
	case TARGET_RELAYED:
		break;
	}
	if (!device->everybody && !device->n_allow && !device->password) {
		all_off(maker, "nobody may come; add allow=PREFIX, password or "
			       "public");
		return;
	}
	if (device->password && no_user(maker, device)) {
		all_off(maker, no_user(maker, device));
		return;
	}
	entry->target = target;
	if (own.family && access_wants_address(device, maker->place->lease) &&
	    access_has_address(maker->place->plan, &own))
		entry->own = own;
	for (int k = 0; k < device->n_services; k++)
		decide(maker, k);
}

void access_entries_make(struct access_entries *entries,
			 const struct access_lists *lists,
			 const struct access_place *place)
{
	struct maker maker = { entries, lists, place, 0 };

	memset(entries, 0, sizeof(*entries));
	entries->n = lists->list.n;
	for (; maker.i < entries->n; maker.i++) {
		entries->item[maker.i].device = &lists->list.device[maker.i];
		make_one(&maker);
	}
}
