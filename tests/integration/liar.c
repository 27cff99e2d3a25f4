/* liar.c - a broker over UDP that grants what it is told to. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEADER 8 /* octets before the text of a datagram */

/* The tunnel, as the command line names it. */
struct grant {
	const char *type, *outer, *peer, *inner;
	char prefix[64], length[8]; /* "" for none */
};

static void make_prefix(const struct grant *grant, char *room, size_t len)
{
	room[0] = 0;
	if (grant->prefix[0])
		snprintf(room, len,
			 "<router><prefix length=\"%s\">%s</prefix></router>",
			 grant->length, grant->prefix);
}

static void make_tunnel(const struct grant *grant, const char *client,
			char *room, size_t len)
{
	const char *inner = strchr(grant->inner, ':') ? "ipv6" : "ipv4";
	const char *outer = strchr(grant->outer, ':') ? "ipv6" : "ipv4";
	char body[2000], prefix[200];

	make_prefix(grant, prefix, sizeof(prefix));
	snprintf(body, sizeof(body),
		 "200 Success\r\n"
		 "<tunnel action=\"info\" type=\"%s\" lifetime=\"1440\">\r\n"
		 " <server><address type=\"%s\">%s</address>"
		 "<address type=\"%s\">%s</address></server>\r\n"
		 " <client><address type=\"%s\">%s</address>"
		 "<address type=\"%s\">%s</address>%s</client>\r\n"
		 "</tunnel>\r\n",
		 grant->type, outer, grant->outer, inner, grant->peer, outer,
		 client, inner, grant->inner, prefix);
	snprintf(room, len, "Content-length: %zu\r\n%s", strlen(body), body);
}

static int begins(const char *text, const char *word)
{
	return strncmp(text, word, strlen(word)) == 0;
}

static void answer(const struct grant *grant, const char *text,
		   const struct sockaddr_storage *from, char *out, size_t len)
{
	char client[INET6_ADDRSTRLEN];
	const void *octets =
		from->ss_family == AF_INET
			? (const void *)&((const struct sockaddr_in *)from)
				  ->sin_addr
			: (const void *)&((const struct sockaddr_in6 *)from)
				  ->sin6_addr;

	inet_ntop(from->ss_family, octets, client, sizeof(client));
	if (begins(text, "VERSION="))
		snprintf(out, len, "CAPABILITY TUNNEL=%s AUTH=ANONYMOUS\r\n",
			 grant->type);
	else if (begins(text, "Content-length") && strstr(text, "create"))
		make_tunnel(grant, client, out, len);
	else
		snprintf(out, len, "200 Success\r\n");
}

static void serve(const struct grant *grant, int fd)
{
	char in[4096], out[4096];
	struct sockaddr_storage from;

	for (;;) {
		socklen_t size = sizeof(from);
		ssize_t len = recvfrom(fd, in, sizeof(in) - 1, 0,
				       (struct sockaddr *)&from, &size);

		if (len < HEADER || (in[0] & 0xf0) != 0xf0)
			continue;
		in[len] = 0;
		if (begins(in + HEADER, "Content-length") &&
		    strstr(in + HEADER, "accept"))
			puts("accepted");
		memcpy(out, in, HEADER);
		answer(grant, in + HEADER, &from, out + HEADER,
		       sizeof(out) - HEADER);
		(void)!sendto(fd, out, HEADER + strlen(out + HEADER), 0,
			      (struct sockaddr *)&from, size);
	}
}

static int listen_at(const char *text)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6,
				    .sin6_port = htons(3653) };
	struct sockaddr_in four = { .sin_family = AF_INET,
				    .sin_port = htons(3653) };
	int fd;

	if (inet_pton(AF_INET, text, &four.sin_addr) == 1) {
		fd = socket(AF_INET, SOCK_DGRAM, 0);
		return bind(fd, (struct sockaddr *)&four, sizeof(four)) ? -1
									: fd;
	}
	if (inet_pton(AF_INET6, text, &six.sin6_addr) != 1)
		return -1;
	fd = socket(AF_INET6, SOCK_DGRAM, 0);
	return bind(fd, (struct sockaddr *)&six, sizeof(six)) ? -1 : fd;
}

int main(int argc, char **argv)
{
	struct grant grant = { 0 };
	int fd = -1;

	if (argc >= 6)
		fd = listen_at(argv[1]);
	if (fd < 0) {
		fputs("usage: liar ADDRESS TYPE OUTER PEER INNER "
		      "[PREFIX LENGTH]\n",
		      stderr);
		return 2;
	}
	grant.type = argv[2];
	grant.outer = argv[3];
	grant.peer = argv[4];
	grant.inner = argv[5];
	if (argc > 7) {
		snprintf(grant.prefix, sizeof(grant.prefix), "%s", argv[6]);
		snprintf(grant.length, sizeof(grant.length), "%s", argv[7]);
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("ready");
	alarm(300);
	serve(&grant, fd);
	return 0;
}
