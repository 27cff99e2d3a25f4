/* terminal.c - a question to the person who started us. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "terminal.h"
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define TRIES 3

bool terminal_attended(void)
{
	return isatty(STDIN_FILENO) && tcgetpgrp(STDIN_FILENO) == getpgrp();
}

static int left_ms(const struct timespec *end)
{
	struct timespec now;
	long long ms;

	clock_gettime(CLOCK_MONOTONIC, &now);
	ms = (end->tv_sec - now.tv_sec) * 1000LL +
	     (end->tv_nsec - now.tv_nsec) / 1000000;
	return ms > 0 ? (int)ms : 0;
}

/* One line without its end, or false. */
static bool terminal_line(int fd, char *room, size_t len,
			  const struct timespec *end)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	ssize_t got;

	if (poll(&ready, 1, left_ms(end)) != 1)
		return false;
	got = read(fd, room, len - 1);
	if (got <= 0)
		return false;
	room[got] = 0;
	room[strcspn(room, "\r\n")] = 0;
	return true;
}

enum terminal_answer terminal_ask(const char *text, int wait_s)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	enum terminal_answer answer = TERMINAL_SILENCE;
	struct timespec end;
	char line[80];

	if (fd < 0)
		return TERMINAL_SILENCE;
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += wait_s;
	tcflush(fd, TCIFLUSH); /* what was typed before is no answer */
	dprintf(fd, "%s", text);
	for (int i = 0; i < TRIES && answer == TERMINAL_SILENCE; i++) {
		dprintf(fd, "(yes or no, within %d s) ",
			(left_ms(&end) + 999) / 1000);
		if (!terminal_line(fd, line, sizeof(line), &end))
			break;
		if (strcasecmp(line, "yes") == 0 || strcasecmp(line, "y") == 0)
			answer = TERMINAL_YES;
		if (strcasecmp(line, "no") == 0 || strcasecmp(line, "n") == 0)
			answer = TERMINAL_NO;
	}
	if (answer == TERMINAL_SILENCE)
		dprintf(fd, "\n");
	close(fd);
	return answer;
}
