/* listen.c - the sockets that clients send to. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "listen.h"
#include "core/base/sockaddr.h"
#include <errno.h>
#include <netinet/in.h>
#include <unistd.h>

#define BUFFER (4 << 20) /* octets of a socket's queue */

/* As much as the system allows, and more for root: what comes while we are
 * busy must not be lost. */
static void make_queue(int fd, int forced, int asked)
{
	int size = BUFFER;

	if (setsockopt(fd, SOL_SOCKET, forced, &size, sizeof(size)) < 0)
		setsockopt(fd, SOL_SOCKET, asked, &size, sizeof(size));
}

/* protocol 0: UDP. */
static int open_socket(uint8_t family, uint8_t protocol)
{
	int on = 1;
	int fd = socket(family == 4 ? AF_INET : AF_INET6,
			(protocol ? SOCK_RAW : SOCK_DGRAM) | SOCK_CLOEXEC |
				SOCK_NONBLOCK,
			protocol);

	if (fd < 0)
		return fd;
	make_queue(fd, SO_RCVBUFFORCE, SO_RCVBUF);
	make_queue(fd, SO_SNDBUFFORCE, SO_SNDBUF);
	if (family == 4) {
		setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on));
		sockaddr_may_fragment(fd);
	} else {
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
		setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on));
	}
	return fd;
}

int listen_udp(const struct server_addr *at, struct gw6c_err *err)
{
	struct sockaddr_storage addr;
	socklen_t len = sockaddr_put(&at->literal, at->port, &addr);
	int fd = open_socket(at->literal.family, 0);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&addr, len) == 0)
		return fd;
	gw6c_fail(err, GW6C_ECONFIG,
		  "cannot listen on %s UDP port %u: %s; change listen, or stop "
		  "the program using the port",
		  at->host, at->port, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

int listen_raw(const struct gw6c_plugin *mode, struct gw6c_err *err)
{
	int fd = open_socket(mode->tunnel->outer, mode->tunnel->protocol);

	if (fd < 0)
		gw6c_fail(err, GW6C_EOS,
			  "cannot open a raw socket for %s tunnels: %s; run as "
			  "root, with CAP_NET_RAW, or remove the mode from "
			  "tunnel_modes",
			  mode->name, strerror(errno));
	return fd;
}
