/* sockaddr_mtu.c - the MTU of the interface that has an address. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "sockaddr.h"
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <unistd.h>

static uint32_t interface_mtu(const char *name)
{
	struct ifreq request = { 0 };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool ok;

	if (fd < 0)
		return 0;
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	ok = ioctl(fd, SIOCGIFMTU, &request) == 0;
	close(fd);
	return ok ? (uint32_t)request.ifr_mtu : 0;
}

uint32_t sockaddr_mtu(const struct gw6c_addr *local)
{
	struct ifaddrs *list = NULL;
	uint32_t mtu = 0;

	if (getifaddrs(&list) < 0)
		return 0;
	for (struct ifaddrs *at = list; at && !mtu; at = at->ifa_next) {
		struct sockaddr_storage storage = { 0 };
		struct gw6c_addr addr;
		uint16_t port;

		if (!at->ifa_addr || (at->ifa_addr->sa_family != AF_INET &&
				      at->ifa_addr->sa_family != AF_INET6))
			continue;
		memcpy(&storage, at->ifa_addr,
		       at->ifa_addr->sa_family == AF_INET
			       ? sizeof(struct sockaddr_in)
			       : sizeof(struct sockaddr_in6));
		if (sockaddr_get(&storage, &addr, &port) &&
		    memcmp(&addr, local, sizeof(addr)) == 0)
			mtu = interface_mtu(at->ifa_name);
	}
	freeifaddrs(list);
	return mtu;
}
