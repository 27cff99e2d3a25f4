/* web_sit.c - many connections that only sit there: web_sit ADDRESS PORT N
 * SECONDS [drip|hello|kept]. With drip each sends a head, an octet a second; with
 * hello, the beginning of a TLS handshake; with kept, a whole request, and no
 * other one: it ends when all are shut, and says after how many ms the first
 * and the last was. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST 4000

static int fds[MOST];

static int sit(const struct sockaddr_in6 *at)
{
	int fd = socket(AF_INET6, SOCK_STREAM, 0);

	if (fd >= 0 &&
	    connect(fd, (const struct sockaddr *)at, sizeof(*at)) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Ask once, and wait for the end of each. */
static int keep(int n)
{
	static const char request[] = "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n";
	long long begin, first = 0, last = 0;
	char room[4096];

	for (int i = 0; i < n; i++)
		if (send(fds[i], request, sizeof(request) - 1, MSG_NOSIGNAL) <
			    0 ||
		    recv(fds[i], room, sizeof(room), 0) <= 0)
			return 1;
	begin = now_ms();
	for (int i = 0; i < n; i++) {
		while (recv(fds[i], room, sizeof(room), 0) > 0)
			;
		last = now_ms() - begin;
		if (!first)
			first = last;
	}
	printf("shut after %lld %lld\n", first, last);
	return 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_in6 at = { .sin6_family = AF_INET6 };
	struct rlimit files = { MOST + 10, MOST + 10 };
	static const char hello[] = "\x16\x03\x01\x02";
	static const char head[] = "GET / HTTP/1.1\r\nHost: x\r\nX: ";
	int n = argc > 3 ? atoi(argv[3]) : 0, got = 0;

	if (argc < 5 || n > MOST ||
	    inet_pton(AF_INET6, argv[1], &at.sin6_addr) != 1) {
		fprintf(stderr, "usage: web_sit ADDRESS PORT N SECONDS "
				"[drip|hello|kept]\n");
		return 2;
	}
	setrlimit(RLIMIT_NOFILE, &files);
	at.sin6_port = htons((uint16_t)atoi(argv[2]));
	for (int i = 0; i < n; i++) {
		fds[i] = sit(&at);
		got += fds[i] >= 0;
	}
	for (int i = 0; argc > 5 && *argv[5] == 'h' && i < n; i++)
		if (send(fds[i], hello, 4, MSG_NOSIGNAL) < 0)
			return 1;
	printf("%d of %d connected\n", got, n);
	fflush(stdout);
	if (argc > 5 && *argv[5] == 'k')
		return keep(n);
	for (int s = 0; s < atoi(argv[4]); s++) {
		for (int i = 0; argc > 5 && *argv[5] == 'd' && i < n; i++)
			if (fds[i] >= 0 &&
			    send(fds[i], s < 24 ? head + s : "x", 1,
				 MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
				close(fds[i]);
				fds[i] = -1;
			}
		sleep(1);
	}
	return 0;
}
