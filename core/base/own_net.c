/* own_net.c - the networks that this machine is in, by its addresses. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "own_net.h"
#include "prefix.h"
#include "sockaddr.h"
#include <ifaddrs.h>
#include <netinet/in.h>

/* Whatever address it is, by the one that all systems give it in. */
static bool own_net_addr(const struct sockaddr *from, struct gw6c_addr *out)
{
	struct sockaddr_storage copy = { 0 };
	uint16_t port;

	if (!from)
		return false;
	if (from->sa_family == AF_INET)
		memcpy(&copy, from, sizeof(struct sockaddr_in));
	else if (from->sa_family == AF_INET6)
		memcpy(&copy, from, sizeof(struct sockaddr_in6));
	else
		return false;
	return sockaddr_get(&copy, out, &port);
}

static uint8_t mask_bits(const struct sockaddr *mask, int family)
{
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	uint8_t octets[16] = { 0 }, bits = 0, most = family == 4 ? 32 : 128;

	if (!mask)
		return most;
	if (family == 4) {
		memcpy(&in, mask, sizeof(in));
		memcpy(octets, &in.sin_addr, 4);
	} else {
		memcpy(&in6, mask, sizeof(in6));
		memcpy(octets, &in6.sin6_addr, 16);
	}
	while (bits < most && octets[bits / 8] & 0x80 >> bits % 8)
		bits++;
	return bits;
}

bool own_net_each(bool (*call)(void *arg, const struct own_net *net), void *arg)
{
	struct ifaddrs *all, *at;

	if (getifaddrs(&all) < 0)
		return false;
	for (at = all; at; at = at->ifa_next) {
		struct own_net net = { 0 };

		if (!own_net_addr(at->ifa_addr, &net.addr))
			continue;
		net.addr.bits = mask_bits(at->ifa_netmask, net.addr.family);
		snprintf(net.dev, sizeof(net.dev), "%s", at->ifa_name);
		if (!call(arg, &net))
			break;
	}
	freeifaddrs(all);
	return true;
}

const char *own_net_text(const struct own_net *net,
			 const struct gw6c_addr *prefix,
			 char room[OWN_NET_TEXT])
{
	struct gw6c_addr shown = net->addr;
	char text[GW6C_ADDR_TEXT];
	bool same;

	shown.bits = shown.family == 4 ? 32 : 128;
	same = memcmp(&shown, prefix, sizeof(shown)) == 0;
	if (!same) {
		shown.bits = net->addr.bits;
		prefix_mask(&shown);
	}
	snprintf(room, OWN_NET_TEXT, "%s, the %s of %s",
		 gw6c_addr_text(&shown, text), same ? "address" : "network",
		 net->dev);
	return room;
}
