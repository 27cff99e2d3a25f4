/* guest.c - an anonymous client as they were: it proves nothing, and calls
 * itself what it likes. Its packets are echo requests to the broker. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define WAIT_MS 2000 /* for an answer, as old clients do */
#define TRIES 3
#define PERIOD_MS 200

static int sock;
static uint32_t word = 0xf00000f0u;

static void die(const char *why)
{
	printf("failed: %s\n", why);
	exit(1);
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static ssize_t receive(uint8_t *room, size_t len, long until)
{
	struct pollfd ready = { .fd = sock, .events = POLLIN };
	long left = until - now_ms();

	if (left < 0 || poll(&ready, 1, (int)left) <= 0)
		return -1;
	return recv(sock, room, len, MSG_DONTWAIT);
}

/* The answer's text, which must begin as wanted. */
static const char *ask(const char *text, const char *wanted)
{
	static uint8_t room[4200];
	uint8_t out[1500] = { 0 };
	uint32_t header = htonl(word++);

	memcpy(out, &header, 4);
	memcpy(out + 8, text, strlen(text));
	for (int i = 0; i < TRIES; i++) {
		long until = now_ms() + WAIT_MS;
		ssize_t len;

		send(sock, out, 8 + strlen(text), 0);
		while ((len = receive(room, sizeof(room) - 1, until)) >= 0) {
			if (len < 8 || memcmp(room, &header, 4) != 0)
				continue;
			room[len] = 0;
			if (strncmp((char *)room + 8, wanted, strlen(wanted)) !=
			    0)
				die((char *)room + 8);
			return (const char *)room + 8;
		}
	}
	die("no answer");
	return NULL;
}

static void create(const char *type, const char *claimed, struct in6_addr *ours,
		   struct in6_addr *theirs)
{
	char body[400], message[500], addr[64];
	const char *answer, *client, *server;

	snprintf(body, sizeof(body),
		 "<tunnel action=\"create\" type=\"%s\" proxy=\"no\">\r\n"
		 " <client>\r\n  <address type=\"ipv4\">%s</address>\r\n"
		 "  <keepalive interval=\"30\"><address type=\"ipv6\">::"
		 "</address></keepalive>\r\n </client>\r\n</tunnel>\r\n",
		 type, claimed);
	snprintf(message, sizeof(message), "Content-length: %zu\r\n%s",
		 strlen(body), body);
	answer = ask(message, "Content-length: ");
	client = strstr(answer, "<client>");
	server = strstr(answer, "<server>");
	if (!client || !server)
		die(strchr(answer, '\n') + 1);
	client = strstr(client, "\"ipv6\">");
	server = strstr(server, "\"ipv6\">");
	if (!client || !server || sscanf(client + 7, "%63[^<]", addr) != 1 ||
	    inet_pton(AF_INET6, addr, ours) != 1 ||
	    sscanf(server + 7, "%63[^<]", addr) != 1 ||
	    inet_pton(AF_INET6, addr, theirs) != 1)
		die("the answer has no addresses");
}

static uint16_t sum_of(const uint8_t *packet)
{
	uint32_t sum = 8 + 58;

	for (int i = 8; i < 48; i += 2)
		sum += (uint32_t)packet[i] << 8 | packet[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void ping(const struct in6_addr *from, const struct in6_addr *to,
		 uint16_t n)
{
	uint8_t packet[48] = { 0x60, [5] = 8, [6] = 58, [7] = 64, [40] = 128 };
	uint16_t number = htons(n), sum;

	memcpy(packet + 8, from, 16);
	memcpy(packet + 24, to, 16);
	memcpy(packet + 46, &number, 2);
	sum = htons(sum_of(packet));
	memcpy(packet + 42, &sum, 2);
	send(sock, packet, sizeof(packet), 0);
}

/* How many came back. */
static int keep(const struct in6_addr *ours, const struct in6_addr *theirs,
		long until)
{
	int answers = 0;

	for (uint16_t n = 0; now_ms() < until; n++) {
		long next = now_ms() + PERIOD_MS;
		uint8_t room[2048];
		ssize_t len;

		ping(ours, theirs, n);
		while ((len = receive(room, sizeof(room), next)) >= 0)
			answers += len >= 48 && room[0] >> 4 == 6 &&
				   room[6] == 58 && room[40] == 129 &&
				   memcmp(room + 24, ours, 16) == 0;
	}
	return answers;
}

int main(int argc, char **argv)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(3653) };
	struct in6_addr ours, theirs;
	char text[INET6_ADDRSTRLEN];
	long start = now_ms();

	if (argc != 5 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1) {
		fputs("usage: guest BROKER MODE CLAIMED SECONDS\n", stderr);
		return 2;
	}
	sock = socket(AF_INET, SOCK_DGRAM, 0);
	if (sock < 0 || connect(sock, (struct sockaddr *)&to, sizeof(to)) < 0)
		die("no socket");
	ask("VERSION=2.0.2\r\n", "CAPABILITY ");
	ask("AUTHENTICATE ANONYMOUS\r\n", "200 ");
	create(argv[2], argv[3], &ours, &theirs);
	ask("Content-length: 35\r\n<tunnel action=\"accept\"></tunnel>\r\n",
	    "");
	printf("login_ms %ld\n", now_ms() - start);
	printf("address %s\n", inet_ntop(AF_INET6, &ours, text, sizeof(text)));
	fflush(stdout);
	printf("answers %d\n",
	       keep(&ours, &theirs, now_ms() + atol(argv[4]) * 1000));
	return 0;
}
