/* notified.c - a service manager's ear: prints what comes to a socket, a line
 * each. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

int main(int argc, char **argv)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	char room[2000];
	ssize_t len;

	if (argc != 2 || fd < 0 || strlen(argv[1]) >= sizeof(at.sun_path))
		return 1;
	memcpy(at.sun_path, argv[1], strlen(argv[1]));
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0)
		return 1;
	while ((len = recv(fd, room, sizeof(room) - 1, 0)) >= 0) {
		printf("%.*s\n", (int)len, room);
		fflush(stdout);
	}
	return 1;
}
