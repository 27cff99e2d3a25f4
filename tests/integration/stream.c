/* stream.c - a TCP stream whose content is known, for tests of the path. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Octet number i of the stream; the period fits no packet size. */
static unsigned char stream_octet(size_t i)
{
	return (unsigned char)(i % 251);
}

static struct addrinfo *stream_resolve(const char *host, const char *port)
{
	struct addrinfo hints = {
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
	};
	struct addrinfo *found;
	int rc = getaddrinfo(host, port, &hints, &found);

	if (!rc)
		return found;
	fprintf(stderr, "stream: %s: %s\n", host, gai_strerror(rc));
	exit(2);
}

static int stream_die(const char *what)
{
	perror(what);
	return 1;
}

/* One connection: sends count octets, reads to the end of what comes. */
static int stream_serve(const struct addrinfo *at, size_t count)
{
	int fd = socket(at->ai_family, SOCK_STREAM, 0), one = 1, peer;
	unsigned char block[4096];

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (fd < 0 || bind(fd, at->ai_addr, at->ai_addrlen) < 0 ||
	    listen(fd, 1) < 0)
		return stream_die("listen");
	puts("ready");
	fflush(stdout);
	peer = accept(fd, NULL, NULL);
	if (peer < 0)
		return stream_die("accept");
	for (size_t done = 0; done < count;) {
		size_t len = count - done < sizeof(block) ? count - done
							  : sizeof(block);

		for (size_t i = 0; i < len; i++)
			block[i] = stream_octet(done + i);
		if (write(peer, block, len) != (ssize_t)len)
			return stream_die("write");
		done += len;
	}
	shutdown(peer, SHUT_WR);
	while (read(peer, block, sizeof(block)) > 0)
		;
	return 0;
}

static int stream_fetch(const struct addrinfo *from, size_t count)
{
	int fd = socket(from->ai_family, SOCK_STREAM, 0);
	unsigned char block[4096];
	size_t done = 0;
	ssize_t len;

	if (fd < 0 || connect(fd, from->ai_addr, from->ai_addrlen) < 0)
		return stream_die("connect");
	while ((len = read(fd, block, sizeof(block))) > 0) {
		for (ssize_t i = 0; i < len; i++, done++)
			if (block[i] != stream_octet(done)) {
				fprintf(stderr, "octet %zu is wrong\n", done);
				return 1;
			}
	}
	if (len < 0 || done != count) {
		fprintf(stderr, "%zu octets came, not %zu\n", done, count);
		return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct addrinfo *at;
	size_t count;

	if (argc != 5) {
		fputs("usage: stream serve|fetch ADDRESS PORT OCTETS\n",
		      stderr);
		return 2;
	}
	at = stream_resolve(argv[2], argv[3]);
	count = strtoul(argv[4], NULL, 10);
	alarm(60);
	if (strcmp(argv[1], "serve") == 0)
		return stream_serve(at, count);
	return stream_fetch(at, count);
}
