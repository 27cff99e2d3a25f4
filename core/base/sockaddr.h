/* sockaddr.h - between our addresses and the system's. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_SOCKADDR_H
#define GW6C_CORE_BASE_SOCKADDR_H

#include <gw6c/addr.h>
#include <sys/socket.h>

/* port in host order. Returns the length. */
socklen_t sockaddr_put(const struct gw6c_addr *addr, uint16_t port,
		       struct sockaddr_storage *out);
/* False if of another family. IPv4 mapped into IPv6 becomes IPv4. */
bool sockaddr_get(const struct sockaddr_storage *in, struct gw6c_addr *addr,
		  uint16_t *port);

/* A connected, non-blocking UDP socket, or -1 and errno. */
int sockaddr_connect_udp(const struct gw6c_addr *addr, uint16_t port);

/* The local address that packets to addr have now; false: no route. */
bool sockaddr_source(const struct gw6c_addr *addr, struct gw6c_addr *out);

/* What is sent over IPv4 may be fragmented on its way; where a system has no
 * say in that, nothing happens. */
void sockaddr_may_fragment(int fd);

/* MTU, octets, of the interface that has this address; 0: not known. */
uint32_t sockaddr_mtu(const struct gw6c_addr *local);

#endif
