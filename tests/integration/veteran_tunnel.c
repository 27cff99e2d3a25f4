/* veteran_tunnel.c - what an old client is granted, and what it does with
 * it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "veteran_tunnel.h"
#include <poll.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define PERIOD_MS 100
#define PATIENCE_MS 15000
#define WANTED 3
#define ECHO_MAX 64 /* octets of data */
#define PACKET (40 + 8 + ECHO_MAX)

void veteran_die(const char *why)
{
	printf("failed: %s\n", why);
	exit(1);
}

long veteran_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void veteran_own(int sock, char room[INET6_ADDRSTRLEN])
{
	struct sockaddr_storage at;
	socklen_t len = sizeof(at);
	const void *addr = &((struct sockaddr_in *)&at)->sin_addr;

	if (getsockname(sock, (struct sockaddr *)&at, &len) < 0)
		veteran_die("no address of our own");
	if (at.ss_family == AF_INET6)
		addr = &((struct sockaddr_in6 *)&at)->sin6_addr;
	inet_ntop(at.ss_family, addr, room, INET6_ADDRSTRLEN);
}

/* --- the answer -------------------------------------------------------- */

/* What stands between two texts, behind a place. */
static void between(const char *at, const char *before, const char *after,
		    char room[VETERAN_WORD])
{
	const char *begin = at ? strstr(at, before) : NULL;
	const char *end = begin ? strstr(begin + strlen(before), after) : NULL;

	if (!end || end - begin - (long)strlen(before) >= VETERAN_WORD)
		veteran_die(before);
	begin += strlen(before);
	snprintf(room, VETERAN_WORD, "%.*s", (int)(end - begin), begin);
}

/* Scripts cut the text, so that it has all its digits. */
static void check_full(const char *text)
{
	if (strchr(text, ':') &&
	    (strlen(text) != 39 || strspn(text, "0123456789abcdef:") != 39))
		veteran_die("an address is abbreviated");
}

void veteran_read(const char *answer, bool router, struct veteran_lease *lease)
{
	const char *server = strstr(answer, "<server>");
	const char *client = strstr(answer, "<client>");
	const char *inside, *outside;

	between(answer, " type=\"", "\"", lease->type);
	inside = strcmp(lease->type, "v4v6") == 0 ? "\"ipv4\">" : "\"ipv6\">";
	outside = strcmp(lease->type, "v4v6") == 0 ? "\"ipv6\">" : "\"ipv4\">";
	between(server, outside, "<", lease->server);
	between(server, inside, "<", lease->theirs);
	between(client, inside, "<", lease->ours);
	between(strstr(client, "<keepalive interval=\""), inside, "<",
		lease->keepalive);
	snprintf(lease->prefix, sizeof(lease->prefix), "-");
	if (router)
		between(client, "<prefix length=\"64\">", "<", lease->prefix);
	check_full(lease->theirs);
	check_full(lease->ours);
	check_full(lease->prefix);
}

/* --- packets ----------------------------------------------------------- */

static uint16_t sum_of(uint32_t sum, const uint8_t *at, size_t len)
{
	for (size_t i = 0; i < len; i += 2)
		sum += (uint32_t)at[i] << 8 | at[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

/* An echo request, of the family of from. Returns its octets. */
static size_t put_echo(const char *from, const char *to, uint16_t n,
		       size_t data, uint8_t out[PACKET])
{
	bool six = strchr(from, ':') != NULL;
	size_t header = six ? 40 : 20, len = 8 + data;
	uint8_t *echo = out + header;
	uint16_t sum;

	memset(out, 0, PACKET);
	out[0] = six ? 0x60 : 0x45;
	if (six) {
		out[5] = (uint8_t)len;
		out[6] = 58;
		out[7] = 64;
	} else {
		out[3] = (uint8_t)(header + len);
		out[8] = 64;
		out[9] = 1;
	}
	inet_pton(six ? AF_INET6 : AF_INET, from, out + (six ? 8 : 12));
	inet_pton(six ? AF_INET6 : AF_INET, to, out + (six ? 24 : 16));
	echo[0] = six ? 128 : 8;
	echo[5] = 77;
	echo[7] = (uint8_t)n;
	sum = six ? sum_of((uint32_t)len + 58, out + 8, 32 + len)
		  : sum_of(0, echo, len);
	memcpy(echo + 2, &sum, 2);
	sum = sum_of(0, out, 20);
	if (!six)
		memcpy(out + 10, &sum, 2);
	return header + len;
}

/* As the kernel of an old client does. */
static void answer(int fd, uint8_t *packet, size_t len)
{
	bool six = packet[0] >> 4 == 6;
	size_t header = six ? 40 : 20, size = six ? 16 : 4;
	uint8_t *from = packet + (six ? 8 : 12), *to = from + size;
	uint8_t *echo = packet + header, room[16];
	uint16_t sum = 0;

	memcpy(room, from, size);
	memcpy(from, to, size);
	memcpy(to, room, size);
	echo[0] = six ? 129 : 0;
	memcpy(echo + 2, &sum, 2);
	sum = six ? sum_of((uint32_t)(len - header) + 58, packet + 8, len - 8)
		  : sum_of(0, echo, len - header);
	memcpy(echo + 2, &sum, 2);
	send(fd, packet, len, 0);
}

/* 1: an answer to us. */
static int hear(int fd, bool raw4)
{
	uint8_t room[2048], *at = room;
	ssize_t len = recv(fd, room, sizeof(room), MSG_DONTWAIT);
	size_t header;

	if (len > 20 && raw4) { /* the outer header comes, too */
		at += (room[0] & 15) * 4;
		len -= (room[0] & 15) * 4;
	}
	header = len > 0 && at[0] >> 4 == 6 ? 40 : 20;
	if (len < (ssize_t)header + 8)
		return 0;
	if (at[header] == (header == 40 ? 128 : 8))
		answer(fd, at, (size_t)len);
	return at[header] == (header == 40 ? 129 : 0) && at[header + 5] == 77;
}

/* How the packets travel. */
static int open_data(const struct veteran_lease *lease, int sock)
{
	struct sockaddr_in four = { .sin_family = AF_INET };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	bool out6 = strcmp(lease->type, "v4v6") == 0;
	int fd, rc;

	if (strcmp(lease->type, "v6udpv4") == 0)
		return sock;
	fd = out6 ? socket(AF_INET6, SOCK_RAW, 4)
		  : socket(AF_INET, SOCK_RAW, 41);
	inet_pton(AF_INET, lease->server, &four.sin_addr);
	inet_pton(AF_INET6, lease->server, &six.sin6_addr);
	rc = out6 ? connect(fd, (struct sockaddr *)&six, sizeof(six))
		  : connect(fd, (struct sockaddr *)&four, sizeof(four));
	if (fd < 0 || rc < 0)
		veteran_die("no socket for packets");
	return fd;
}

static void ping(const struct veteran_lease *lease, const char *from, int fd,
		 size_t data, int wanted)
{
	bool raw4 = strcmp(lease->type, "v6v4") == 0;
	long end = veteran_ms() + PATIENCE_MS;
	int answers = 0;

	for (uint16_t n = 0; answers < wanted; n++) {
		uint8_t packet[PACKET];
		long until = veteran_ms() + PERIOD_MS, left;

		if (veteran_ms() > end)
			veteran_die("no packets pass");
		send(fd, packet,
		     put_echo(from, lease->keepalive, n, data, packet), 0);
		while (answers < wanted && (left = until - veteran_ms()) > 0) {
			struct pollfd ready = { .fd = fd, .events = POLLIN };

			if (poll(&ready, 1, (int)left) > 0)
				answers += hear(fd, raw4);
		}
	}
}

void veteran_keep(const struct veteran_lease *lease, int sock, size_t data)
{
	int fd = open_data(lease, sock);
	char host[VETERAN_WORD];

	ping(lease, lease->ours, fd, data, WANTED);
	if (lease->prefix[0] == '-')
		return;
	snprintf(host, sizeof(host), "%s", lease->prefix);
	host[strlen(host) - 1] = '7';
	ping(lease, host, fd, data, 1);
}
