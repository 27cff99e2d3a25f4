/* home_access_plan.c - in router mode, an address of its own for each device
 * that is reached by one. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_access.h"

#define ROOM 2 /* steps that are left to others */

/* FNV-1a: the same name has the same address in the same prefix, whatever else
 * is in the list. */
static uint64_t sum_of(const char *name)
{
	uint64_t sum = 14695981039346656037u;

	for (; *name; name++)
		sum = (sum ^ (uint8_t)*name) * 1099511628211u;
	return sum;
}

static bool is_lan(const struct gw6c_lease *lease, const struct gw6c_addr *net)
{
	if (!GW6C_HAS(lease, lans))
		return false;
	for (int i = 0; i < GW6C_LANS && lease->lans[i].dev[0]; i++)
		if (gw6c_addr_in(net, &lease->lans[i].prefix))
			return true;
	return false;
}

/* The last /64 of the prefix, which no network of a router gets first; of a /64,
 * that one. */
struct gw6c_addr access_own_address(const struct gw6c_lease *lease,
				    const char *name)
{
	struct gw6c_addr addr = lease->prefix, last = lease->prefix;
	uint64_t sum = sum_of(name);

	if (addr.family != 6 || addr.bits > 64)
		return (struct gw6c_addr){ .family = 0 };
	for (unsigned bit = addr.bits; bit < 64; bit++)
		last.octets[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
	if (!is_lan(lease, &last))
		addr = last;
	addr.bits = 128;
	for (int i = 0; i < 8; i++)
		addr.octets[8 + i] = (uint8_t)(sum >> (56 - 8 * i));
	addr.octets[8] &= (uint8_t)~2; /* it was not given by a manufacturer */
	return addr;
}

bool access_wants_address(const struct access_device *device,
			  const struct gw6c_lease *lease)
{
	if (!lease->router || device->addr.family == 6 ||
	    (!device->everybody && !device->n_allow))
		return false;
	for (int i = 0; i < device->n_services; i++)
		if (device->service[i].way == ACCESS_TCP)
			return true;
	return false;
}

bool access_has_address(const struct gw6c_plan *plan,
			const struct gw6c_addr *addr)
{
	for (uint32_t i = 0; i < plan->n && i < GW6C_STEPS; i++)
		if (plan->step[i].verb == GW6C_ADDR &&
		    memcmp(&plan->step[i].dst, addr, sizeof(*addr)) == 0)
			return true;
	return false;
}

static void ignore(void *arg, const char *text)
{
	(void)arg;
	(void)text;
}

/* What does not fit is told with the device, which goes without. */
static void add_addresses(const struct access_list *list,
			  const struct gw6c_lease *lease,
			  struct gw6c_plan *plan)
{
	int n = 0;

	for (int i = 0; i < list->n && n < ACCESS_OWN; i++) {
		struct gw6c_addr addr =
			access_own_address(lease, list->device[i].name);

		if (!access_wants_address(&list->device[i], lease) ||
		    !addr.family)
			continue;
		if (plan->n + ROOM >= GW6C_STEPS)
			return;
		gw6c_plan_add(plan, GW6C_ADDR)->dst = addr;
		n++;
	}
}

int access_plan(const struct gw6c_host *host, const struct gw6c_lease *lease,
		struct gw6c_plan *plan, struct gw6c_err *err)
{
	struct access_lists lists = { .n_mistakes = 0 };

	(void)err;
	if (!lease->router || lease->prefix.family != 6)
		return GW6C_OK;
	access_lists_look(host, &lists, ignore, NULL);
	add_addresses(&lists.list, lease, plan);
	access_lists_free(&lists);
	return GW6C_OK;
}
