/* mischief.c - sends datagrams that no honest peer would, from any address. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "raw4.h"
#include <arpa/inet.h>
#include <errno.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <netpacket/packet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PAYLOAD_MAX 1472 /* octets in one datagram of an Ethernet */
#define PER_KIND 40

struct path {
	struct in_addr from, to;
	uint16_t from_port, to_port;
	int fd;
};

static uint32_t seed = 20;

/* The same sequence in each run. */
static uint8_t random_octet(void)
{
	seed = seed * 1664525u + 1013904223u;
	return (uint8_t)(seed >> 24);
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* A whole IP packet; the kernel fills in length and checksum of IP. */
static void send_packet(int fd, struct in_addr to, const void *packet,
			size_t len)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_addr = to };

	while (sendto(fd, packet, len, 0, (struct sockaddr *)&sin,
		      sizeof(sin)) < 0)
		if (errno != ENOBUFS && errno != EINTR)
			die("send");
	usleep(500);
}

static void send_payload(const struct path *path, const uint8_t *payload,
			 size_t len)
{
	const struct raw4 ends = { path->from, path->to, path->from_port,
				   path->to_port };
	uint8_t packet[RAW4_HEADERS + PAYLOAD_MAX];

	send_packet(path->fd, path->to, packet,
		    raw4_udp(&ends, payload, len, packet));
}

/* First octets that lead into each branch of a receiver: control of either
 * sort, an IPv6 and an IPv4 packet, nothing known. */
static const uint8_t heads[] = { 0xf0, 0x60, 0x45, 0x00, 0xff };

static void send_garbage(const struct path *path)
{
	static const size_t lengths[] = { 0,	1,    4,    7,
					  8,	9,    20,   39,
					  40,	41,   100,  1240,
					  1280, 1281, 1400, PAYLOAD_MAX };
	uint8_t payload[PAYLOAD_MAX];

	for (size_t head = 0; head < sizeof(heads); head++)
		for (size_t n = 0; n < sizeof(lengths) / sizeof(*lengths);
		     n++) {
			for (size_t i = 0; i < lengths[n]; i++)
				payload[i] = random_octet();
			payload[0] = heads[head];
			send_payload(path, payload, lengths[n]);
		}
}

/* IPv6 packets that are well formed but not of this tunnel, or shorter or
 * longer than they say. */
static void send_strangers(const struct path *path)
{
	uint8_t packet[100] = { 0x60, [6] = 59, [7] = 64 };

	for (int i = 0; i < PER_KIND; i++) {
		uint16_t says = (uint16_t)(i % 3 == 0	? 60
					   : i % 3 == 1 ? 61
							: 0xffff);

		packet[4] = (uint8_t)(says >> 8);
		packet[5] = (uint8_t)says;
		for (int at = 8; at < 40; at++)
			packet[at] = random_octet();
		packet[8] = packet[24] = 0x20;
		send_payload(path, packet, sizeof(packet));
	}
}

/* Copies of count UDP datagrams seen on dev, from -> to, three times each. */
static int replay(const char *dev, struct path *path, int count)
{
	struct sockaddr_ll at = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)if_nametoindex(dev),
	};
	int sniff = socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_ALL));
	union {
		struct iphdr ip;
		uint8_t octets[65536];
	} packet;
	int seen = 0;

	if (sniff < 0 || bind(sniff, (struct sockaddr *)&at, sizeof(at)) < 0)
		die(dev);
	puts("ready");
	fflush(stdout);
	while (seen < count) {
		ssize_t len = recv(sniff, &packet, sizeof(packet), 0);

		if (len < (ssize_t)sizeof(packet.ip) ||
		    packet.ip.protocol != IPPROTO_UDP ||
		    packet.ip.saddr != path->from.s_addr ||
		    packet.ip.daddr != path->to.s_addr ||
		    packet.ip.id == htons(0x6666))
			continue;
		packet.ip.id = htons(0x6666); /* ours: not to be copied again */
		for (int i = 0; i < 3; i++)
			send_packet(path->fd, path->to, &packet, (size_t)len);
		seen++;
	}
	return 0;
}

static bool read_end(const char *text, struct in_addr *addr, uint16_t *port)
{
	char host[INET_ADDRSTRLEN + 8];
	char *colon;

	snprintf(host, sizeof(host), "%s", text);
	colon = strchr(host, ':');
	if (colon) {
		*colon = 0;
		*port = (uint16_t)strtoul(colon + 1, NULL, 10);
	}
	return inet_pton(AF_INET, host, addr) == 1;
}

int main(int argc, char **argv)
{
	struct path path = { .fd = socket(AF_INET, SOCK_RAW, IPPROTO_RAW) };

	if (argc < 4 || !read_end(argv[2], &path.from, &path.from_port) ||
	    !read_end(argv[3], &path.to, &path.to_port)) {
		fputs("usage: mischief garbage|strangers FROM:PORT TO:PORT\n"
		      "       mischief replay FROM TO DEVICE COUNT\n",
		      stderr);
		return 2;
	}
	if (path.fd < 0)
		die("raw socket");
	alarm(60);
	if (strcmp(argv[1], "replay") == 0 && argc == 6)
		return replay(argv[4], &path, (int)strtoul(argv[5], NULL, 10));
	if (strcmp(argv[1], "strangers") == 0)
		send_strangers(&path);
	else
		send_garbage(&path);
	return 0;
}
