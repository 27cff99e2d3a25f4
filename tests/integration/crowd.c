/* crowd - strangers at the port of a broker, most of them over TCP.
 *
 * crowd guess FROM BROKER PORT USER SECONDS
 *	logs in as USER with wrong passwords, one after the other; prints
 *	"STATUS COUNT" of each status it was answered
 * crowd udp FROM BROKER PORT USER SECONDS
 *	the same over UDP, from many ports at once; proves nothing
 * crowd work FIRST ADDRESSES EACH BROKER PORT SECONDS WHOLE
 *	so many connections from each of so many addresses say WHOLE, wait for
 *	an answer of 600 octets or more, and begin again; prints how many came
 * crowd idle FIRST ADDRESSES EACH BROKER PORT SECONDS
 *	so many connections from each of so many addresses, which say nothing;
 *	prints "open N" when all are made, and again at the end
 * crowd trickle FROM BROKER PORT PAUSE_MS SECONDS WHOLE LAST
 *	says WHOLE at once, then LAST an octet at a time, again and again;
 *	prints after how many ms it was hung up on, or "open"
 *
 * IPv4; in WHOLE and LAST, "~" is the end of a line. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define CROWD 4096 /* connections, at most */

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void rest_ms(long ms)
{
	struct timespec time = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&time, NULL);
}

static struct sockaddr_in address(const char *text, uint32_t add, int port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)port) };

	if (inet_pton(AF_INET, text, &at.sin_addr) != 1) {
		fprintf(stderr, "crowd: %s is no address\n", text);
		exit(2);
	}
	at.sin_addr.s_addr = htonl(ntohl(at.sin_addr.s_addr) + add);
	return at;
}

/* Below 0: it did not work. */
static int meet(const char *from, uint32_t add, const char *broker, int port)
{
	struct sockaddr_in here = address(from, add, 0);
	struct sockaddr_in there = address(broker, 0, port);
	struct timeval limit = { .tv_sec = 5 };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (bind(fd, (struct sockaddr *)&here, sizeof(here)) == 0 &&
	    connect(fd, (struct sockaddr *)&there, sizeof(there)) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* --- guesses ----------------------------------------------------------- */

/* Status 0: none came. */
static int ask(int fd, const char *user)
{
	char room[4096], message[300];
	int status = 0, len, got;

	len = snprintf(
		message, sizeof(message),
		"VERSION=2.0.0\r\nAUTHENTICATE PLAIN\r\n%c%s%cwrong%d\r\n", 0,
		user, 0, rand() % 10000);
	if (send(fd, message, (size_t)len, MSG_NOSIGNAL) != len)
		return 0;
	while ((got = (int)recv(fd, room, sizeof(room) - 1, 0)) > 0) {
		const char *at;

		room[got] = 0;
		for (at = room; at && *at; at = strchr(at, '\n')) {
			at += *at == '\n';
			if (strtol(at, NULL, 10) >= 200)
				status = (int)strtol(at, NULL, 10);
		}
		if (status)
			break;
	}
	return status;
}

static int guess(char **argv)
{
	static long count[1000];
	long end = now_ms() + strtol(argv[4], NULL, 10) * 1000;

	while (now_ms() < end) {
		int fd = meet(argv[0], 0, argv[1], atoi(argv[2]));

		if (fd < 0) {
			count[1]++;
			rest_ms(10);
			continue;
		}
		count[ask(fd, argv[3]) % 1000]++;
		close(fd);
	}
	for (int i = 0; i < 1000; i++)
		if (count[i])
			printf("%d %ld\n", i, count[i]);
	return 0;
}

/* --- guesses over UDP -------------------------------------------------- */

#define GUESSERS 40
#define AGAIN_MS 1200 /* as an old client */

struct guesser {
	int fd, step;
	long sent_ms;
};

static int new_port(const char *from, const char *broker, int port)
{
	struct sockaddr_in here = address(from, 0, 0);
	struct sockaddr_in there = address(broker, 0, port);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&here, sizeof(here)) < 0 ||
	    connect(fd, (struct sockaddr *)&there, sizeof(there)) < 0) {
		perror("crowd");
		exit(1);
	}
	return fd;
}

static void say_step(struct guesser *guesser, const char *user)
{
	uint8_t out[300] = { 0xf0, 0, 0, (uint8_t)(0xf0 + guesser->step) };
	int len = 0;

	if (guesser->step == 0)
		len = sprintf((char *)out + 8, "VERSION=2.0.0\r\n");
	else if (guesser->step == 1)
		len = sprintf((char *)out + 8, "AUTHENTICATE PLAIN\r\n");
	else
		len = sprintf((char *)out + 8, "%c%s%cwrong%d\r\n", 0, user, 0,
			      rand() % 10000);
	send(guesser->fd, out, 8 + (size_t)len, 0);
	guesser->sent_ms = now_ms();
}

/* The status that it was answered at last; 0: not yet. */
static int hear_step(struct guesser *guesser, const char *user)
{
	char room[2048];
	ssize_t len = recv(guesser->fd, room, sizeof(room) - 1, 0);
	int status;

	if (len < 8 || (uint8_t)room[3] != 0xf0 + guesser->step ||
	    (uint8_t)room[1] == 0xff) /* a question */
		return 0;
	room[len] = 0;
	status = (int)strtol(room + 8, NULL, 10);
	if (status)
		return status;
	guesser->step++;
	say_step(guesser, user);
	return 0;
}

static int guess_udp(char **argv)
{
	static struct guesser all[GUESSERS];
	static long count[1000];
	long end = now_ms() + strtol(argv[4], NULL, 10) * 1000;

	while (now_ms() < end) {
		for (int i = 0; i < GUESSERS; i++) {
			int status =
				all[i].fd ? hear_step(&all[i], argv[3]) : 0;

			if (status) {
				count[status % 1000]++;
				close(all[i].fd);
			}
			if (status || !all[i].fd) {
				all[i] = (struct guesser){
					.fd = new_port(argv[0], argv[1],
						       atoi(argv[2]))
				};
				say_step(&all[i], argv[3]);
			} else if (now_ms() - all[i].sent_ms > AGAIN_MS) {
				say_step(&all[i], argv[3]);
			}
		}
		rest_ms(2);
	}
	for (int i = 0; i < 1000; i++)
		if (count[i])
			printf("%d %ld\n", i, count[i]);
	return 0;
}

/* --- those who make the broker work ------------------------------------ */

#define ANSWER 600 /* octets */

static void send_lines(int fd, const char *text)
{
	char room[2048];
	size_t len = 0;

	for (; *text && len < sizeof(room); text++)
		room[len++] = *text == '~' ? '\n' : *text;
	send(fd, room, len, MSG_NOSIGNAL);
}

struct worker {
	int fd;
	long heard;
};

/* True: it has all, or nothing more comes. */
static bool is_answered(struct worker *worker, long *answers)
{
	char room[4096];
	ssize_t len = recv(worker->fd, room, sizeof(room), MSG_DONTWAIT);

	if (len < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return false;
	worker->heard += len > 0 ? len : 0;
	*answers += worker->heard >= ANSWER;
	return len <= 0 || worker->heard >= ANSWER;
}

static int work(char **argv)
{
	static struct worker all[CROWD];
	int each = atoi(argv[2]), n = atoi(argv[1]) * each;
	long end = now_ms() + strtol(argv[5], NULL, 10) * 1000, answers = 0;

	while (now_ms() < end) {
		for (int i = 0; i < n && i < CROWD; i++) {
			if (all[i].fd > 0 && !is_answered(&all[i], &answers))
				continue;
			if (all[i].fd > 0)
				close(all[i].fd);
			all[i].fd = meet(argv[0], (uint32_t)(i / each), argv[3],
					 atoi(argv[4]));
			all[i].heard = 0;
			if (all[i].fd > 0)
				send_lines(all[i].fd, argv[6]);
		}
		rest_ms(2);
	}
	printf("%ld\n", answers);
	return 0;
}

/* --- those who say nothing --------------------------------------------- */

static int still_open(const int *fds, int n)
{
	int open = 0;
	char octet;

	for (int i = 0; i < n; i++)
		open += recv(fds[i], &octet, 1, MSG_DONTWAIT) < 0 &&
			(errno == EAGAIN || errno == EWOULDBLOCK);
	return open;
}

static int idle(char **argv)
{
	static int fds[CROWD];
	struct rlimit limit = { CROWD + 64, CROWD + 64 };
	int addresses = atoi(argv[1]), each = atoi(argv[2]), n = 0;

	setrlimit(RLIMIT_NOFILE, &limit);
	for (int i = 0; i < addresses * each && n < CROWD; i++) {
		fds[n] = meet(argv[0], (uint32_t)(i / each), argv[3],
			      atoi(argv[4]));
		if (fds[n] < 0)
			break;
		n++;
	}
	printf("open %d of %d\n", still_open(fds, n), n);
	fflush(stdout);
	rest_ms(strtol(argv[5], NULL, 10) * 1000);
	printf("open %d of %d\n", still_open(fds, n), n);
	return 0;
}

/* --- those who say little ---------------------------------------------- */

static void say(int fd, const char *text)
{
	for (; *text; text++)
		(void)!send(fd, *text == '~' ? "\n" : text, 1, MSG_NOSIGNAL);
}

/* What comes is dropped. */
static bool is_hung_up(int fd)
{
	char room[4096];
	ssize_t len;

	do
		len = recv(fd, room, sizeof(room), MSG_DONTWAIT);
	while (len > 0);
	return !len || (errno != EAGAIN && errno != EWOULDBLOCK);
}

static int trickle(char **argv)
{
	int fd = meet(argv[0], 0, argv[1], atoi(argv[2]));
	long start = now_ms(), end = start + strtol(argv[4], NULL, 10) * 1000;
	const char *at = argv[6];

	if (fd < 0)
		return 1;
	say(fd, argv[5]);
	while (now_ms() < end) {
		char octet[2] = { *at, 0 };

		say(fd, octet);
		rest_ms(strtol(argv[3], NULL, 10));
		if (is_hung_up(fd)) {
			printf("%ld\n", now_ms() - start);
			return 0;
		}
		at = at[0] && at[1] ? at + 1 : argv[6];
	}
	puts("open");
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 7 && strcmp(argv[1], "guess") == 0)
		return guess(argv + 2);
	if (argc == 7 && strcmp(argv[1], "udp") == 0)
		return guess_udp(argv + 2);
	if (argc == 9 && strcmp(argv[1], "work") == 0)
		return work(argv + 2);
	if (argc == 8 && strcmp(argv[1], "idle") == 0)
		return idle(argv + 2);
	if (argc == 9 && strcmp(argv[1], "trickle") == 0)
		return trickle(argv + 2);
	fprintf(stderr,
		"crowd: guess, udp, work, idle or trickle; see its source\n");
	return 2;
}
