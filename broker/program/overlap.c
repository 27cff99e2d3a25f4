/* overlap.c - pools that are on an interface of this machine already: what
 * another broker or a network has cannot be given to clients. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "overlap.h"
#include "core/base/log.h"
#include "core/base/prefix.h"
#include "core/base/sockaddr.h"
#include <ifaddrs.h>
#include <netinet/in.h>

/* An address of an interface, and the prefix that it is on. */
static bool on_link(const struct ifaddrs *at, struct gw6c_addr *addr,
		    struct gw6c_addr *prefix)
{
	struct sockaddr_storage room = { 0 };
	struct gw6c_addr mask;
	uint16_t port;
	size_t size;

	if (!at->ifa_addr || !at->ifa_netmask ||
	    (at->ifa_addr->sa_family != AF_INET &&
	     at->ifa_addr->sa_family != AF_INET6))
		return false;
	size = at->ifa_addr->sa_family == AF_INET ? sizeof(struct sockaddr_in)
						  : sizeof(struct sockaddr_in6);
	memcpy(&room, at->ifa_addr, size);
	if (!sockaddr_get(&room, addr, &port))
		return false;
	memcpy(&room, at->ifa_netmask, size);
	room.ss_family = at->ifa_addr->sa_family; /* some leave it out */
	if (!sockaddr_get(&room, &mask, &port))
		return false;
	*prefix = *addr;
	prefix->bits = 0;
	for (unsigned i = 0; i < addr->bits; i++)
		prefix->bits += mask.octets[i / 8] >> (7 - i % 8) & 1;
	prefix_mask(prefix);
	return true;
}

/* The first host of a pool is the broker itself. */
static bool is_first(const struct gw6c_addr *addr, const struct gw6c_addr *pool)
{
	struct gw6c_addr first = *pool;

	first.bits = addr->bits;
	first.octets[pool->family == 4 ? 3 : 15] |= 1;
	return memcmp(addr, &first, sizeof(first)) == 0;
}

static void check_pool(const struct ifaddrs *at, const char *key,
		       const struct gw6c_addr *pool, bool running)
{
	char mine[GW6C_ADDR_TEXT], theirs[GW6C_ADDR_TEXT];
	struct gw6c_addr addr, prefix;

	if (!pool->family || !on_link(at, &addr, &prefix) || !prefix.bits ||
	    !prefix_overlap(pool, &prefix) ||
	    (running && is_first(&addr, pool)))
		return;
	log_msg(GW6C_WARN, "config",
		"%s: %s overlaps %s of interface %s; use a prefix that is "
		"routed to this machine, and on none of its interfaces",
		key, gw6c_addr_text(pool, mine),
		gw6c_addr_text(&prefix, theirs), at->ifa_name);
}

void overlap_warn(const struct options *options, bool running)
{
	struct ifaddrs *list, *at;

	if (getifaddrs(&list) < 0)
		return; /* nothing is known of interfaces */
	for (at = list; at; at = at->ifa_next) {
		check_pool(at, "pool6", &options->pool6, running);
		check_pool(at, "pool4", &options->pool4, running);
		check_pool(at, "prefixes6", &options->prefixes6, false);
	}
	freeifaddrs(list);
}
