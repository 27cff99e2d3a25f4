/* linux_onlink.c - networks that this machine reaches directly, by routes that
 * no address of its own shows: a lease may not take them over. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux.h"
#include <linux/ipv6_route.h>
#include <linux/route.h>

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

/* The network of an interface that is to get just this: whether its addresses
 * are ours is looked at already. */
static bool is_wanted(const struct gw6c_lease *lease,
		      const struct onlink *route)
{
	if (!GW6C_HAS(lease, lans))
		return false;
	for (int i = 0; i < GW6C_LANS && lease->lans[i].dev[0]; i++)
		if (strcmp(lease->lans[i].dev, route->dev) == 0 &&
		    memcmp(&lease->lans[i].prefix, &route->dst,
			   sizeof(route->dst)) == 0)
			return true;
	return false;
}

/* What is ours goes with the tunnel, and lo is for addresses, which are looked
 * at already. A default route is for what has none of its own. */
static bool counts(const struct linux_os *os, const struct onlink *route)
{
	return route->dst.bits && strcmp(route->dev, "lo") != 0 &&
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
			!is_wanted(lease, out);
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
	if (lease->proxy)
		return GW6C_OK;
	if (check(self, lease, "our address in the tunnel,", &lease->inner,
		  err) ||
	    check(self, lease, "the prefix", &lease->prefix, err))
		return err->rc;
	return GW6C_OK;
}
