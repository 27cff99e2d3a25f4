/* labels.c - prints the IPv6 flow labels of echo requests on an interface.
 *
 * usage: labels DEVICE COUNT
 * One line each, "0" or five hexadecimal digits. Ends after COUNT, or with
 * status 1 after 20 s. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/ip6.h>
#include <netpacket/packet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define ALL 3 /* ETH_P_ALL: what goes out, too */

static int listen_on(const char *dev)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(ALL),
				  .sll_ifindex = (int)if_nametoindex(dev) };
	int fd = socket(AF_PACKET, SOCK_DGRAM, htons(ALL));

	if (fd < 0 || !at.sll_ifindex ||
	    bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0) {
		perror(dev);
		exit(1);
	}
	return fd;
}

int main(int argc, char **argv)
{
	struct {
		struct ip6_hdr ip;
		struct icmp6_hdr icmp;
	} packet;
	int count = argc > 2 ? atoi(argv[2]) : 1;
	int fd = listen_on(argc > 1 ? argv[1] : "lo");

	alarm(20);
	while (count > 0) {
		ssize_t len = recv(fd, &packet, sizeof(packet), 0);

		if (len < (ssize_t)sizeof(packet) ||
		    packet.ip.ip6_vfc >> 4 != 6 ||
		    packet.ip.ip6_nxt != IPPROTO_ICMPV6 ||
		    packet.icmp.icmp6_type != ICMP6_ECHO_REQUEST)
			continue;
		printf("%x\n", ntohl(packet.ip.ip6_flow) & 0xfffff);
		fflush(stdout);
		count--;
	}
	return 0;
}
