/* translator.c - of a NAT64, as much as one client in UDP sees of it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void translate(int six, int four)
{
	struct pollfd fds[] = { { .fd = six, .events = POLLIN },
				{ .fd = four, .events = POLLIN } };
	struct sockaddr_in6 client = { 0 };
	socklen_t size = sizeof(client);
	char room[65536];
	ssize_t len;

	while (poll(fds, 2, -1) > 0) {
		if (fds[0].revents) {
			size = sizeof(client);
			len = recvfrom(six, room, sizeof(room), 0,
				       (struct sockaddr *)&client, &size);
			if (len >= 0)
				(void)!send(four, room, (size_t)len, 0);
		}
		if (fds[1].revents) {
			len = recv(four, room, sizeof(room), 0);
			if (len >= 0 && client.sin6_port)
				sendto(six, room, (size_t)len, 0,
				       (struct sockaddr *)&client, size);
		}
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6,
				    .sin6_port = htons(3653) };
	struct sockaddr_in four = { .sin_family = AF_INET,
				    .sin_port = htons(3653) };
	int fd6 = socket(AF_INET6, SOCK_DGRAM, 0);
	int fd4 = socket(AF_INET, SOCK_DGRAM, 0);

	if (argc != 3 || inet_pton(AF_INET6, argv[1], &six.sin6_addr) != 1 ||
	    inet_pton(AF_INET, argv[2], &four.sin_addr) != 1) {
		fputs("usage: translator IPV6 IPV4\n", stderr);
		return 2;
	}
	if (bind(fd6, (struct sockaddr *)&six, sizeof(six)) < 0 ||
	    connect(fd4, (struct sockaddr *)&four, sizeof(four)) < 0) {
		perror("translator");
		return 1;
	}
	puts("ready");
	fflush(stdout);
	alarm(300);
	translate(fd6, fd4);
	return 0;
}
