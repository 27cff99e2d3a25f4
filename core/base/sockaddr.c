/* sockaddr.c - between our addresses and the system's. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "sockaddr.h"
#include <errno.h>
#include <netinet/in.h>
#include <unistd.h>

socklen_t sockaddr_put(const struct gw6c_addr *addr, uint16_t port,
		       struct sockaddr_storage *out)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;
	struct sockaddr_in *in4 = (struct sockaddr_in *)out;

	memset(out, 0, sizeof(*out));
	if (addr->family == 4) {
		in4->sin_family = AF_INET;
		in4->sin_port = htons(port);
		memcpy(&in4->sin_addr, addr->octets, 4);
		return sizeof(*in4);
	}
	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons(port);
	memcpy(&in6->sin6_addr, addr->octets, 16);
	return sizeof(*in6);
}

bool sockaddr_get(const struct sockaddr_storage *in, struct gw6c_addr *addr,
		  uint16_t *port)
{
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)in;
	const struct sockaddr_in *in4 = (const struct sockaddr_in *)in;
	const void *octets4 = NULL;

	memset(addr, 0, sizeof(*addr));
	*port = 0;
	if (in->ss_family == AF_INET) {
		octets4 = &in4->sin_addr;
		*port = ntohs(in4->sin_port);
	} else if (in->ss_family == AF_INET6) {
		*port = ntohs(in6->sin6_port);
		if (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr))
			octets4 = in6->sin6_addr.s6_addr + 12;
	} else {
		return false;
	}
	addr->family = octets4 ? 4 : 6;
	addr->bits = octets4 ? 32 : 128;
	if (octets4)
		memcpy(addr->octets, octets4, 4);
	else
		memcpy(addr->octets, &in6->sin6_addr, 16);
	return true;
}

int sockaddr_connect_udp(const struct gw6c_addr *addr, uint16_t port)
{
	struct sockaddr_storage to;
	socklen_t len = sockaddr_put(addr, port, &to);
	int saved, fd = socket(to.ss_family,
			       SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&to, len) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

bool sockaddr_source(const struct gw6c_addr *addr, struct gw6c_addr *out)
{
	int fd = sockaddr_connect_udp(addr, 9);
	struct sockaddr_storage here;
	socklen_t len = sizeof(here);
	uint16_t port;
	bool ok;

	if (fd < 0)
		return false;
	ok = getsockname(fd, (struct sockaddr *)&here, &len) == 0 &&
	     sockaddr_get(&here, out, &port);
	close(fd);
	return ok;
}

void sockaddr_may_fragment(int fd)
{
#if defined(IP_MTU_DISCOVER)
	int off = IP_PMTUDISC_DONT;

	setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &off, sizeof(off));
#elif defined(IP_DONTFRAG)
	int off = 0;

	setsockopt(fd, IPPROTO_IP, IP_DONTFRAG, &off, sizeof(off));
#else
	(void)fd;
#endif
}
