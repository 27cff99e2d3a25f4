/* linux_onlink.c - networks that this machine reaches directly, by routes that
 * no address of its own shows. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux.h"
#include <linux/ipv6_route.h>
#include <linux/route.h>
#include <stdio.h>
#include <string.h>

/* A route without a next hop. */
struct onlink {
	struct gw6c_addr dst;
	char dev[IF_NAMESIZE];
};

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

/* The broker in the tunnel of another gw6c, which may be the same one. */
static bool is_broker(struct linux_os *os, const struct onlink *route)
{
	return route->dst.bits == (route->dst.family == 4 ? 32 : 128) &&
	       linux_is_marked(os, if_nametoindex(route->dev));
}

/* What is ours goes with the tunnel, and lo is for addresses. A route for half
 * of the world is no network: other tunnels have such ones, 2000::/3 or
 * 0.0.0.0/1, in the place of a default route. */
static bool counts(struct linux_os *os, const struct onlink *route)
{
	return route->dst.bits >= (route->dst.family == 4 ? 8 : 16) &&
	       strcmp(route->dev, "lo") != 0 &&
	       !linux_is_own(os, if_nametoindex(route->dev)) &&
	       !is_broker(os, route);
}

static void tell_all(struct linux_os *os, const char *path,
		     bool (*read_line)(const char *line, struct onlink *out),
		     void (*tell)(void *arg, const char *dev,
				  const struct gw6c_addr *network),
		     void *arg)
{
	FILE *file = fopen(path, "re");
	char line[512];

	while (file && fgets(line, sizeof(line), file)) {
		struct onlink route = { .dev = "" };

		if (read_line(line, &route) && counts(os, &route))
			tell(arg, route.dev, &route.dst);
	}
	if (file)
		fclose(file);
}

void linux_networks(void *self,
		    void (*tell)(void *arg, const char *dev,
				 const struct gw6c_addr *network),
		    void *arg)
{
	tell_all(self, "/proc/self/net/ipv6_route", route6, tell, arg);
	tell_all(self, "/proc/self/net/route", route4, tell, arg);
}
