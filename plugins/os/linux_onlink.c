/* linux_onlink.c - networks that this machine reaches directly, by routes that
 * no address of its own shows: a lease may not take them over. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux.h"
#include <ifaddrs.h>
#include <linux/ipv6_route.h>
#include <linux/route.h>
#include <netinet/in.h>

/* A route without a next hop. */
struct onlink {
	struct gw6c_addr dst;
	char dev[IF_NAMESIZE];
};

static bool overlap(const struct gw6c_addr *a, const struct gw6c_addr *b)
{
	return gw6c_addr_in(a, b) || gw6c_addr_in(b, a);
}

static bool hex_octets(const char *text, uint8_t octets[16])
{
	for (int i = 0; i < 16; i++) {
		unsigned octet;

		if (sscanf(text + 2 * i, "%2x", &octet) != 1)
			return false;
		octets[i] = (uint8_t)octet;
	}
	return true;
}

/* A line of /proc/net/ipv6_route. */
static bool route6(const char *line, struct onlink *out)
{
	char dst[33], hop[33];
	unsigned bits, flags;

	if (sscanf(line, "%32s %x %*s %*s %32s %*s %*s %*s %x %15s", dst, &bits,
		   hop, &flags, out->dev) != 5 ||
	    bits > 128 || !hex_octets(dst, out->dst.octets))
		return false;
	out->dst.family = 6;
	out->dst.bits = (uint8_t)bits;
	return strspn(hop, "0") == 32 && flags & RTF_UP &&
	       !(flags & (RTF_GATEWAY | RTF_REJECT | RTF_ANYCAST | RTF_LOCAL));
}

/* One of /proc/net/route: numbers in network order, read as they lie. */
static bool route4(const char *line, struct onlink *out)
{
	unsigned dst, hop, flags, mask;

	if (sscanf(line, "%15s %x %x %x %*s %*s %*s %x", out->dev, &dst, &hop,
		   &flags, &mask) != 5)
		return false;
	out->dst.family = 4;
	out->dst.bits = (uint8_t)__builtin_popcount(mask);
	memcpy(out->dst.octets, &dst, sizeof(dst));
	return !hop && flags & RTF_UP && !(flags & (RTF_GATEWAY | RTF_REJECT));
}

static bool is_inside(const struct onlink *route,
		      const struct gw6c_addr *prefix)
{
	return route->dst.bits >= prefix->bits &&
	       gw6c_addr_in(&route->dst, prefix);
}

/* The network that the interface of the route is to get; NULL: none. Whether
 * its addresses are ours is looked at already. */
static const struct gw6c_addr *wanted(const struct gw6c_lease *lease,
				      const struct onlink *route)
{
	if (!GW6C_HAS(lease, lans))
		return NULL;
	for (int i = 0; i < GW6C_LANS && lease->lans[i].dev[0]; i++)
		if (strcmp(lease->lans[i].dev, route->dev) == 0)
			return &lease->lans[i].prefix;
	return NULL;
}

static bool is_address_in(const struct ifaddrs *at,
			  const struct gw6c_addr *prefix)
{
	struct gw6c_addr addr = { .family = 6, .bits = 128 };
	struct sockaddr_in6 in6;

	if (!at->ifa_addr || at->ifa_addr->sa_family != AF_INET6)
		return false;
	memcpy(&in6, at->ifa_addr, sizeof(in6));
	memcpy(addr.octets, &in6.sin6_addr, sizeof(addr.octets));
	return gw6c_addr_in(&addr, prefix);
}

/* Have we had the prefix before? The core takes no other one in which an
 * interface of this machine that is not the tunnel's has an address. */
static bool is_known(const struct linux_os *os, const struct gw6c_addr *prefix)
{
	struct ifaddrs *all, *at;
	bool known;

	if (memcmp(&os->prefix, prefix, sizeof(*prefix)) == 0)
		return true;
	if (getifaddrs(&all) < 0)
		return false;
	for (at = all; at; at = at->ifa_next)
		if (is_address_in(at, prefix) &&
		    !linux_is_own(os, if_nametoindex(at->ifa_name)) &&
		    !linux_is_lan(os, at->ifa_name))
			break;
	known = at != NULL;
	freeifaddrs(all);
	return known;
}

/* Whoever keeps a prefix may well have routes for parts of it; and the network
 * that an interface is to get may be there already. */
static bool is_excused(const struct linux_os *os,
		       const struct gw6c_lease *lease,
		       const struct gw6c_addr *prefix,
		       const struct onlink *route)
{
	const struct gw6c_addr *lan = wanted(lease, route);

	if (lan && memcmp(lan, &route->dst, sizeof(*lan)) == 0)
		return true;
	if (prefix != &lease->prefix || !is_inside(route, prefix))
		return false;
	return (lan && is_inside(route, lan)) || is_known(os, prefix);
}

/* What is ours goes with the tunnel, and lo is for addresses, which are looked
 * at already. A route for half of the world is no network: other tunnels have
 * such ones, 2000::/3 or 0.0.0.0/1, in the place of a default route. */
static bool counts(const struct linux_os *os, const struct onlink *route)
{
	return route->dst.bits >= (route->dst.family == 4 ? 8 : 16) &&
	       strcmp(route->dev, "lo") != 0 &&
	       !linux_is_own(os, if_nametoindex(route->dev)) &&
	       !linux_is_lan(os, route->dev);
}

static bool find(const struct linux_os *os, const struct gw6c_lease *lease,
		 const struct gw6c_addr *prefix, struct onlink *out)
{
	FILE *file = fopen(prefix->family == 6 ? "/proc/self/net/ipv6_route"
					       : "/proc/self/net/route",
			   "re");
	bool found = false;
	char line[512];

	while (file && !found && fgets(line, sizeof(line), file)) {
		*out = (struct onlink){ .dev = "" };
		found = (prefix->family == 6 ? route6 : route4)(line, out) &&
			counts(os, out) && overlap(&out->dst, prefix) &&
			!is_excused(os, lease, prefix, out);
	}
	if (file)
		fclose(file);
	return found;
}

static int check(const struct linux_os *os, const struct gw6c_lease *lease,
		 const char *what, const struct gw6c_addr *prefix,
		 struct gw6c_err *err)
{
	char text[GW6C_ADDR_TEXT], net[GW6C_ADDR_TEXT];
	struct onlink route;

	if (!prefix->family || !find(os, lease, prefix, &route))
		return GW6C_OK;
	return gw6c_fail(err, GW6C_EPEER,
			 "bad tunnel parameters from the broker: %s %s "
			 "collides with %s, a network that this machine "
			 "reaches directly by %s; ask the operator of the "
			 "broker for another one",
			 what, gw6c_addr_text(prefix, text),
			 gw6c_addr_text(&route.dst, net), route.dev);
}

int linux_lease(void *self, const struct gw6c_lease *lease,
		struct gw6c_err *err)
{
	struct linux_os *os = self;

	if (lease->proxy)
		return GW6C_OK;
	if (check(os, lease, "our address in the tunnel,", &lease->inner,
		  err) ||
	    check(os, lease, "the prefix", &lease->prefix, err))
		return err->rc;
	os->inner = lease->inner;
	os->prefix = lease->prefix;
	return GW6C_OK;
}
