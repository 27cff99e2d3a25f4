/* home_access_target.c - which addresses visitors may be taken to: neighbours
 * in a network that this machine is in, and nothing of its own. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_access_target.h"
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

static bool take_sockaddr(const struct sockaddr *from, struct gw6c_addr *out)
{
	*out = (struct gw6c_addr){ .family = 0 };
	if (from && from->sa_family == AF_INET) {
		const struct sockaddr_in *at = (const void *)from;

		out->family = 4;
		out->bits = 32;
		memcpy(out->octets, &at->sin_addr, 4);
	} else if (from && from->sa_family == AF_INET6) {
		const struct sockaddr_in6 *at = (const void *)from;

		out->family = 6;
		out->bits = 128;
		memcpy(out->octets, &at->sin6_addr, 16);
	}
	return out->family;
}

static uint8_t mask_bits(const struct sockaddr *from, int family)
{
	struct gw6c_addr mask;
	uint8_t bits = 0;

	if (!take_sockaddr(from, &mask) || mask.family != family)
		return family == 4 ? 32 : 128;
	while (bits < mask.bits &&
	       mask.octets[bits / 8] & (uint8_t)(0x80 >> bits % 8))
		bits++;
	return bits;
}

static void add_ends(struct target_world *world, const struct gw6c_lease *lease)
{
	const struct gw6c_addr ends[] = { lease->local,	 lease->seen,
					  lease->remote, lease->inner,
					  lease->peer,	 lease->keepalive };

	memcpy(world->end, ends, sizeof(ends));
	world->prefix = lease->prefix;
}

bool target_world_read(struct target_world *world,
		       const struct gw6c_lease *lease, const char *dev)
{
	struct ifaddrs *first, *at;

	*world = (struct target_world){ .n = 0 };
	add_ends(world, lease);
	if (getifaddrs(&first) < 0)
		return false;
	for (at = first; at && world->n < TARGET_NETS; at = at->ifa_next) {
		struct target_net *net = &world->net[world->n];

		if (!take_sockaddr(at->ifa_addr, &net->addr))
			continue;
		net->addr.bits = mask_bits(at->ifa_netmask, net->addr.family);
		net->shared =
			!(at->ifa_flags & (IFF_LOOPBACK | IFF_POINTOPOINT)) &&
			at->ifa_flags & IFF_UP &&
			strcmp(at->ifa_name, dev) != 0;
		world->n++;
	}
	freeifaddrs(first);
	return !at; /* what was left out could be an address of ours */
}

static bool same_host(const struct gw6c_addr *a, const struct gw6c_addr *b)
{
	return a->family && a->family == b->family &&
	       memcmp(a->octets, b->octets, sizeof(a->octets)) == 0;
}

/* What no device has, wherever it is connected. */
static const char *never(const struct gw6c_addr *addr)
{
	static const struct {
		uint8_t first, second, bits;
		const char *what;
	} ranges[] = {
		{ 127, 0, 8, "a loopback address" },
		{ 0, 0, 8, "no address of a host" },
		{ 169, 254, 16, "a link-local address" },
		{ 224, 0, 4, "a multicast address" },
		{ 240, 0, 4, "no address of a host" },
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		const struct gw6c_addr range = {
			.family = 4,
			.bits = ranges[i].bits,
			.octets = { ranges[i].first, ranges[i].second }
		};

		if (gw6c_addr_in(addr, &range))
			return ranges[i].what;
	}
	return NULL;
}

static const char *ours(const struct target_world *world,
			const struct gw6c_addr *addr)
{
	for (int i = 0; i < world->n; i++)
		if (same_host(addr, &world->net[i].addr))
			return "an address of this machine";
	for (int i = 0; i < TARGET_ENDS; i++)
		if (same_host(addr, &world->end[i]))
			return "an address of the tunnel or its broker";
	return NULL;
}

/* The first and the last address of a network are no host's. */
static bool is_edge(const struct gw6c_addr *addr, uint8_t bits)
{
	uint32_t host = 0, mask = bits ? UINT32_MAX >> bits : UINT32_MAX;

	for (int i = 0; i < 4; i++)
		host = host << 8 | addr->octets[i];
	host &= mask;
	return host == 0 || host == mask;
}

static bool is_neighbour(const struct target_world *world,
			 const struct gw6c_addr *addr)
{
	for (int i = 0; i < world->n; i++) {
		const struct target_net *net = &world->net[i];

		if (net->shared && net->addr.bits && net->addr.bits < 31 &&
		    gw6c_addr_in(addr, &net->addr) &&
		    !is_edge(addr, net->addr.bits))
			return true;
	}
	return false;
}

static enum target_kind refuse(const struct gw6c_addr *addr, const char *what,
			       const char *remedy, struct gw6c_err *err)
{
	char text[GW6C_ADDR_TEXT];

	gw6c_fail(err, GW6C_ECONFIG, "%s is %s; %s", gw6c_addr_text(addr, text),
		  what, remedy);
	return TARGET_REFUSED;
}

enum target_kind target_kind(const struct target_world *world,
			     const struct gw6c_addr *addr, struct gw6c_err *err)
{
	char text[GW6C_ADDR_TEXT], outside[GW6C_ADDR_TEXT + 32];
	const char *what = never(addr);

	if (!what)
		what = ours(world, addr);
	if (what)
		return refuse(addr, what,
			      "only devices of the home network can be "
			      "published",
			      err);
	if (addr->family == 4)
		return is_neighbour(world, addr)
			       ? TARGET_RELAYED
			       : refuse(addr,
					"in no network that this machine is "
					"connected to",
					"connect it, or correct the address",
					err);
	if (gw6c_addr_in(addr, &world->prefix))
		return TARGET_DIRECT;
	if (!world->prefix.family)
		return refuse(addr, "IPv6, and the tunnel has no prefix",
			      "set host_type=router, or name the IPv4 address "
			      "of the device",
			      err);
	snprintf(outside, sizeof(outside), "not in our prefix %s",
		 gw6c_addr_text(&world->prefix, text));
	return refuse(addr, outside,
		      "give the device an address from it, or name its IPv4 "
		      "address",
		      err);
}
