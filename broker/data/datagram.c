/* datagram.c - one incoming or outgoing datagram and its addresses. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "datagram.h"
#include "core/base/sockaddr.h"

void datagram_empty(struct msghdr *header, struct datagram *datagram)
{
	datagram->part.iov_base = datagram->octets;
	datagram->part.iov_len = sizeof(datagram->octets);
	*header =
		(struct msghdr){ .msg_name = &datagram->addr,
				 .msg_namelen = sizeof(datagram->addr),
				 .msg_iov = &datagram->part,
				 .msg_iovlen = 1,
				 .msg_control = datagram->control,
				 .msg_controllen = sizeof(datagram->control) };
}

void datagram_local(struct msghdr *header, struct gw6c_addr *out)
{
	struct cmsghdr *at;

	memset(out, 0, sizeof(*out));
	for (at = CMSG_FIRSTHDR(header); at; at = CMSG_NXTHDR(header, at)) {
		struct in_pktinfo info4;
		struct in6_pktinfo info6;

		if (at->cmsg_level == IPPROTO_IP &&
		    at->cmsg_type == IP_PKTINFO) {
			memcpy(&info4, CMSG_DATA(at), sizeof(info4));
			out->family = 4;
			out->bits = 32;
			memcpy(out->octets, &info4.ipi_addr, 4);
		} else if (at->cmsg_level == IPPROTO_IPV6 &&
			   at->cmsg_type == IPV6_PKTINFO) {
			memcpy(&info6, CMSG_DATA(at), sizeof(info6));
			out->family = 6;
			out->bits = 128;
			memcpy(out->octets, &info6.ipi6_addr, 16);
		}
	}
}

/* Reply from the address that was contacted: a NAT expects no other. */
static void write_local(struct msghdr *header, struct datagram *datagram,
			const struct gw6c_addr *local)
{
	struct in_pktinfo info4 = { 0 };
	struct in6_pktinfo info6 = { 0 };
	bool four = local->family == 4;
	size_t len = four ? sizeof(info4) : sizeof(info6);
	struct cmsghdr *at = (struct cmsghdr *)(void *)datagram->control;

	memcpy(&info4.ipi_spec_dst, local->octets, 4);
	memcpy(&info6.ipi6_addr, local->octets, 16);
	memset(datagram->control, 0, sizeof(datagram->control));
	at->cmsg_level = four ? IPPROTO_IP : IPPROTO_IPV6;
	at->cmsg_type = four ? IP_PKTINFO : IPV6_PKTINFO;
	at->cmsg_len = CMSG_LEN(len);
	memcpy(CMSG_DATA(at), four ? (void *)&info4 : (void *)&info6, len);
	header->msg_control = datagram->control;
	header->msg_controllen = CMSG_SPACE(len);
}

void datagram_address(struct msghdr *header, struct datagram *datagram,
		      const struct endpoint *to, size_t skip, size_t len)
{
	*header = (struct msghdr){ .msg_name = &datagram->addr,
				   .msg_iov = &datagram->part,
				   .msg_iovlen = 1 };
	header->msg_namelen =
		sockaddr_put(&to->addr, to->port, &datagram->addr);
	datagram->part.iov_base = datagram->octets + skip;
	datagram->part.iov_len = len;
	if (to->local.family)
		write_local(header, datagram, &to->local);
}
