/* offpath.c - what somebody sends who sees nothing of the path, in the name of
 * the broker: answers, status 310, errors of ICMP. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "raw4.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <netinet/udp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PAYLOAD_MAX 1400

/* From the broker's address and port to the client's. */
struct path {
	struct in_addr from, to;
	uint16_t from_port, to_port;
	int fd;
};

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void send_packet(const struct path *path, const void *packet, size_t len)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
				   .sin_addr = path->to };

	while (sendto(path->fd, packet, len, 0, (struct sockaddr *)&sin,
		      sizeof(sin)) < 0)
		if (errno != ENOBUFS && errno != EINTR && errno != EPERM)
			die("send");
}

static struct iphdr ip_header(uint8_t protocol, struct in_addr from,
			      struct in_addr to, size_t len)
{
	return (struct iphdr){ .version = 4,
			       .ihl = 5,
			       .ttl = 64,
			       .tot_len = htons((uint16_t)len),
			       .protocol = protocol,
			       .saddr = from.s_addr,
			       .daddr = to.s_addr };
}

static void send_udp(const struct path *path, const uint8_t *payload,
		     size_t len)
{
	const struct raw4 ends = { path->from, path->to, path->from_port,
				   path->to_port };
	uint8_t packet[RAW4_HEADERS + PAYLOAD_MAX];

	send_packet(path, packet, raw4_udp(&ends, payload, len, packet));
}

static void put32(uint8_t *at, uint32_t value)
{
	value = htonl(value);
	memcpy(at, &value, sizeof(value));
}

/* Answers to the first message of a session that began just now, to each port
 * up to last: the number is known, the stamp a guess. */
static void send_answers(struct path *path, uint16_t last, int seconds,
			 const char *text)
{
	uint16_t first = path->to_port;
	uint8_t payload[PAYLOAD_MAX];
	size_t len = strlen(text);
	time_t end = time(NULL) + seconds;

	put32(payload, 0xf0000000u + 240);
	memcpy(payload + 8, text, len);
	memcpy(payload + 8 + len, "\r\n", 2);
	while (time(NULL) < end) {
		for (path->to_port = first; path->to_port <= last;
		     path->to_port++)
			for (uint32_t stamp = 0; stamp < 8; stamp++) {
				put32(payload + 4, stamp);
				send_udp(path, payload, len + 10);
			}
		usleep(1000);
	}
}

static void send_unknown(const struct path *path, int count)
{
	static const uint8_t lost[] = "\xff\xff\xff\xff\0\0\0\0"
				      "310 unknown\r\n";

	for (int i = 0; i < count; i++) {
		send_udp(path, lost, sizeof(lost) - 1);
		usleep(200);
	}
}

static uint16_t checksum(const uint8_t *at, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)at[i] << 8 | at[i + 1];
	while (sum >> 16)
		sum = (sum >> 16) + (sum & 0xffff);
	return htons((uint16_t)~sum);
}

/* An error about a datagram that the client has sent. */
static void send_icmp(const struct path *path, uint8_t type, uint8_t code)
{
	struct {
		struct icmphdr icmp;
		struct iphdr ip;
		struct udphdr udp;
	} error = { .icmp = { .type = type, .code = code },
		    .ip = ip_header(IPPROTO_UDP, path->to, path->from, 128),
		    .udp = { .source = htons(path->to_port),
			     .dest = htons(path->from_port),
			     .len = htons(108) } };
	uint8_t packet[sizeof(struct iphdr) + sizeof(error)];
	struct iphdr ip =
		ip_header(IPPROTO_ICMP, path->from, path->to, sizeof(packet));

	if (type == ICMP_DEST_UNREACH && code == ICMP_FRAG_NEEDED)
		error.icmp.un.frag.mtu = htons(576);
	error.ip.check = checksum((uint8_t *)&error.ip, sizeof(error.ip));
	error.icmp.checksum = checksum((uint8_t *)&error, sizeof(error));
	memcpy(packet, &ip, sizeof(ip));
	memcpy(packet + sizeof(ip), &error, sizeof(error));
	send_packet(path, packet, sizeof(packet));
}

static void send_errors(const struct path *path, int rounds)
{
	for (int i = 0; i < rounds; i++) {
		for (uint8_t code = 0; code <= NR_ICMP_UNREACH; code++)
			send_icmp(path, ICMP_DEST_UNREACH, code);
		send_icmp(path, ICMP_SOURCE_QUENCH, 0);
		send_icmp(path, ICMP_TIME_EXCEEDED, 0);
		send_icmp(path, ICMP_PARAMETERPROB, 0);
		usleep(20000);
	}
}

/* Port unreachable, for each port up to last. */
static void send_refusals(struct path *path, uint16_t last, int seconds)
{
	uint16_t first = path->to_port;
	time_t end = time(NULL) + seconds;

	while (time(NULL) < end) {
		for (path->to_port = first; path->to_port <= last;
		     path->to_port++)
			send_icmp(path, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH);
		usleep(10000);
	}
}

static bool read_end(const char *text, struct in_addr *addr, uint16_t *port)
{
	char host[INET_ADDRSTRLEN + 8];
	char *colon;

	snprintf(host, sizeof(host), "%s", text);
	colon = strchr(host, ':');
	if (!colon)
		return false;
	*colon = 0;
	*port = (uint16_t)strtoul(colon + 1, NULL, 10);
	return inet_pton(AF_INET, host, addr) == 1;
}

int main(int argc, char **argv)
{
	struct path path = { .fd = socket(AF_INET, SOCK_RAW, IPPROTO_RAW) };
	const char *what = argc > 4 ? argv[1] : "";

	if (argc < 5 || !read_end(argv[2], &path.from, &path.from_port) ||
	    !read_end(argv[3], &path.to, &path.to_port)) {
		fputs("usage: offpath unknown|errors FROM:PORT TO:PORT COUNT\n"
		      "       offpath answers FROM:PORT TO:FIRST LAST SECONDS "
		      "TEXT\n"
		      "       offpath refusals FROM:PORT TO:FIRST LAST "
		      "SECONDS\n",
		      stderr);
		return 2;
	}
	if (path.fd < 0)
		die("raw socket");
	alarm(60);
	if (strcmp(what, "unknown") == 0)
		send_unknown(&path, atoi(argv[4]));
	else if (strcmp(what, "errors") == 0)
		send_errors(&path, atoi(argv[4]));
	else if (strcmp(what, "answers") == 0 && argc == 7)
		send_answers(&path, (uint16_t)atoi(argv[4]), atoi(argv[5]),
			     argv[6]);
	else if (strcmp(what, "refusals") == 0 && argc == 6)
		send_refusals(&path, (uint16_t)atoi(argv[4]), atoi(argv[5]));
	else
		return 2;
	return 0;
}
