/* master.c - a broker that only sends its clients to others, over UDP: as an
 * answer to the version, to the login or to the request. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEADER 8 /* octets before the text of a datagram */

struct master {
	const char *when; /* "version", "login" or "request" */
	char list[4000]; /* the redirection */
};

static void put(char *room, size_t len, const char *a, const char *b,
		const char *c)
{
	size_t used = strlen(room);

	snprintf(room + used, len - used, "%s%s%s", a, b, c);
}

static const char *type_of(const char *broker)
{
	uint8_t octets[16];

	if (inet_pton(AF_INET, broker, octets) == 1)
		return "ipv4";
	return inet_pton(AF_INET6, broker, octets) == 1 ? "ipv6" : "dn";
}

static void make_list(struct master *master, char **brokers)
{
	char *room = master->list;
	size_t len = sizeof(master->list);

	put(room, len, "1200 Redirect\r\n",
	    "<tunnel action=\"list\" type=\"broker\">\r\n", "");
	for (; *brokers; brokers++) {
		put(room, len, "<broker><address type=\"", type_of(*brokers),
		    "\">");
		put(room, len, *brokers, "</address></broker>\r\n", "");
	}
	put(room, len, "</tunnel>\r\n", "", "");
}

static bool begins(const char *text, const char *word)
{
	return strncmp(text, word, strlen(word)) == 0;
}

/* What was heard goes to standard output, a word a line. */
static void answer(const struct master *master, const char *text, char *out,
		   size_t len)
{
	const char *heard = begins(text, "VERSION=")	   ? "version"
			    : begins(text, "AUTHENTICATE") ? "login"
			    : begins(text, "Content-len")  ? "request"
			    : begins(text, "ECHO REQUEST") ? "echo"
							   : "nonsense";

	puts(heard);
	if (strcmp(heard, "request") == 0)
		snprintf(out, len, "Content-length: %zu\r\n%s",
			 strlen(master->list), master->list);
	else if (strcmp(heard, master->when) == 0)
		snprintf(out, len, "%s", master->list);
	else if (strcmp(heard, "version") == 0)
		snprintf(out, len,
			 "CAPABILITY TUNNEL=V6UDPV4 TUNNEL=V6V4 "
			 "AUTH=ANONYMOUS\r\n");
	else
		snprintf(out, len, "200 Success\r\n");
}

static void serve(const struct master *master, int fd)
{
	char in[4096], out[5000];
	struct sockaddr_storage from;

	for (;;) {
		socklen_t size = sizeof(from);
		ssize_t len = recvfrom(fd, in, sizeof(in) - 1, 0,
				       (struct sockaddr *)&from, &size);

		if (len < HEADER)
			continue;
		in[len] = 0;
		memcpy(out, in, HEADER);
		answer(master, in + HEADER, out + HEADER, sizeof(out) - HEADER);
		(void)!sendto(fd, out, HEADER + strlen(out + HEADER), 0,
			      (struct sockaddr *)&from, size);
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	static struct master master;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (argc < 5 || inet_pton(AF_INET, argv[1], &at.sin_addr) != 1) {
		fputs("usage: master ADDRESS PORT version|login|request "
		      "BROKER...\n",
		      stderr);
		return 2;
	}
	at.sin_port = htons((uint16_t)strtoul(argv[2], NULL, 10));
	master.when = argv[3];
	make_list(&master, argv + 4);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0) {
		perror("master");
		return 1;
	}
	puts("ready");
	alarm(300);
	serve(&master, fd);
	return 0;
}
