/* datagram.h - one incoming or outgoing datagram and its addresses. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DATA_DATAGRAM_H
#define GW6C_BROKER_DATA_DATAGRAM_H

#include "core/tsp/rudp.h"
#include "grant.h"
#include <netinet/in.h>
#include <sys/socket.h>

#define DATAGRAM_HEADER 256 /* octets: room for any header of a mode */

struct datagram {
	struct sockaddr_storage addr;
	struct iovec part;
	_Alignas(struct cmsghdr)
		uint8_t control[CMSG_SPACE(sizeof(struct in6_pktinfo))];
	/* One octet more, to detect truncation. */
	uint8_t octets[RUDP_HEADER + RUDP_RECV_MAX + 1];
};

/* Prepare to receive. */
void datagram_empty(struct msghdr *header, struct datagram *datagram);
/* Our address that the datagram was sent to; none: unknown. */
void datagram_local(struct msghdr *header, struct gw6c_addr *out);
/* Prepare to send len octets, those behind the first skip, from the address
 * that the client knows. */
void datagram_address(struct msghdr *header, struct datagram *datagram,
		      const struct endpoint *to, size_t skip, size_t len);

#endif
