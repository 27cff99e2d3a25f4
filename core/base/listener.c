/* listener.c - a TCP socket that listens, for those who answer there. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "listener.h"
#include "addr_class.h"
#include "sockaddr.h"
#include <errno.h>
#include <netinet/in.h>
#include <unistd.h>

#define BACKLOG 128

/* "[2001:db8::1]:80", "192.0.2.1:80" */
static void listener_text(const struct gw6c_addr *addr, uint16_t port,
			  char *room, size_t len)
{
	struct gw6c_addr host = *addr;
	char text[GW6C_ADDR_TEXT];

	host.bits = addr->family == 4 ? 32 : 128;
	gw6c_addr_text(&host, text);
	snprintf(room, len, addr->family == 6 ? "[%s]:%u" : "%s:%u", text,
		 (unsigned)port);
}

static int listener_fail(const char *where, int error, struct gw6c_err *err)
{
	switch (error) {
	case EADDRINUSE:
		return gw6c_fail(err, GW6C_EOS,
				 "cannot listen at %s: another program has "
				 "that port, and the system does not say "
				 "which; stop it (ss -ltnp shows it), or set "
				 "another port",
				 where);
	case EADDRNOTAVAIL:
		return gw6c_fail(err, GW6C_EOS,
				 "cannot listen at %s: this machine does not "
				 "have that address",
				 where);
	case EACCES:
	case EPERM:
		return gw6c_fail(err, GW6C_EOS,
				 "cannot listen at %s: not allowed to use a "
				 "port below 1024; start this program as "
				 "root, give it CAP_NET_BIND_SERVICE, or set "
				 "another port",
				 where);
	default:
		return gw6c_fail(err, GW6C_EOS, "cannot listen at %s: %s",
				 where, strerror(error));
	}
}

/* 0 or an errno. IPv4 is another socket: that of one family must not get in
 * the way of the other. */
static int listener_bind(int fd, const struct gw6c_addr *addr, uint16_t port)
{
	struct sockaddr_storage at;
	socklen_t len = sockaddr_put(addr, port, &at);
	int on = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
	    (addr->family == 6 &&
	     setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) < 0) ||
	    bind(fd, (struct sockaddr *)&at, len) < 0 ||
	    listen(fd, BACKLOG) < 0)
		return errno;
	return 0;
}

int listener_open(const struct gw6c_addr *addr, uint16_t port,
		  struct gw6c_err *err)
{
	char where[GW6C_ADDR_TEXT + 16];
	int fd, error;

	if (addr->family != 4 && addr->family != 6)
		return gw6c_fail(err, GW6C_EBUG,
				 "cannot listen: no address family was given");
	listener_text(addr, port, where, sizeof(where));
	if (addr_class(addr) == ADDR_LINK_LOCAL)
		return gw6c_fail(err, GW6C_EOS,
				 "cannot listen at %s: a link-local address "
				 "is not unique to one interface; set another "
				 "address of this machine",
				 where);
	fd = socket(addr->family == 6 ? AF_INET6 : AF_INET,
		    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return listener_fail(where, errno, err);
	error = listener_bind(fd, addr, port);
	if (!error)
		return fd;
	close(fd);
	return listener_fail(where, error, err);
}
