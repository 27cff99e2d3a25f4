/* relay.c - carries the datagrams of one client to a broker and back, as bad
 * networks do. A new start is a NAT that has chosen another port. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROOM 65536

struct relay {
	int fd[2]; /* to the client, to the broker */
	struct sockaddr_in client; /* the last one heard */
	const char *mode;
	unsigned count; /* datagrams seen */
	uint8_t held[ROOM]; /* by reorder */
	size_t held_len;
	int held_to;
};

static bool is(const struct relay *relay, const char *mode)
{
	return strcmp(relay->mode, mode) == 0;
}

static void pass(struct relay *relay, int to, const uint8_t *at, size_t len)
{
	if (to == 1)
		send(relay->fd[1], at, len, MSG_DONTWAIT);
	else if (relay->client.sin_port)
		sendto(relay->fd[0], at, len, MSG_DONTWAIT,
		       (struct sockaddr *)&relay->client,
		       sizeof(relay->client));
}

/* Every third datagram waits for the one behind it. */
static void reorder(struct relay *relay, int to, const uint8_t *at, size_t len)
{
	if (!relay->held_len && relay->count % 3 == 0) {
		memcpy(relay->held, at, len);
		relay->held_len = len;
		relay->held_to = to;
		return;
	}
	pass(relay, to, at, len);
	if (relay->held_len)
		pass(relay, relay->held_to, relay->held, relay->held_len);
	relay->held_len = 0;
}

static void mistreat(struct relay *relay, int to, uint8_t *at, size_t len)
{
	relay->count++;
	if (is(relay, "blackhole") || (is(relay, "loss") && rand() % 10 < 3))
		return;
	/* Tunnelled packets only: who spoils a login and mends the checksum of
	 * UDP makes it a wrong login, and that is for good. */
	if (is(relay, "corrupt") && len && at[0] >> 4 == 6 && rand() % 5 == 0)
		at[(size_t)rand() % len] ^= (uint8_t)(1 + rand() % 255);
	if (is(relay, "truncate") && rand() % 5 == 0)
		len /= 2;
	if (is(relay, "small") && len > 600) /* a path of a small MTU */
		return;
	if (is(relay, "reorder")) {
		reorder(relay, to, at, len);
		return;
	}
	pass(relay, to, at, len);
	if (is(relay, "duplicate"))
		pass(relay, to, at, len);
}

static void carry(struct relay *relay, int from)
{
	static uint8_t room[ROOM];
	struct sockaddr_in who;
	socklen_t who_len = sizeof(who);
	ssize_t len = recvfrom(relay->fd[from], room, sizeof(room),
			       MSG_DONTWAIT, (struct sockaddr *)&who, &who_len);

	if (len < 0)
		return; /* "port unreachable": the broker is away */
	if (from == 0)
		relay->client = who;
	mistreat(relay, !from, room, (size_t)len);
}

static struct sockaddr_in parse(char *text)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	char *colon = strchr(text, ':');

	if (colon)
		*colon++ = 0;
	if (!colon || inet_pton(AF_INET, text, &sin.sin_addr) != 1) {
		fprintf(stderr, "relay: no ADDRESS:PORT: %s\n", text);
		exit(2);
	}
	sin.sin_port = htons((uint16_t)strtoul(colon, NULL, 10));
	return sin;
}

int main(int argc, char **argv)
{
	struct relay relay = { .count = 0 };
	struct sockaddr_in here, there;
	struct pollfd ready[2];

	if (argc != 4) {
		fputs("usage: relay HERE:PORT BROKER:PORT plain|blackhole|loss|"
		      "corrupt|truncate|small|reorder|duplicate\n",
		      stderr);
		return 2;
	}
	here = parse(argv[1]);
	there = parse(argv[2]);
	relay.mode = argv[3];
	for (int i = 0; i < 2; i++) {
		relay.fd[i] = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		ready[i] = (struct pollfd){ relay.fd[i], POLLIN, 0 };
	}
	if (bind(relay.fd[0], (struct sockaddr *)&here, sizeof(here)) < 0 ||
	    connect(relay.fd[1], (struct sockaddr *)&there, sizeof(there)) <
		    0) {
		perror("relay");
		return 1;
	}
	while (poll(ready, 2, -1) > 0)
		for (int i = 0; i < 2; i++)
			if (ready[i].revents)
				carry(&relay, i);
	return 1;
}
