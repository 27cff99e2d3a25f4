/* home_access_ask.c - asks HAProxy what a person would ask at its console. The
 * console is one end of a pair of sockets, through which the other ends of new
 * pairs are handed over: no file, and nobody else can ask. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_access.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER_MAX (1 << 21) /* octets */

struct access_ask {
	const struct gw6c_host *host;
	void (*answer)(void *arg, const char *text);
	void *arg;
	int fd;
	struct gw6c_watch *watch;
	char *text;
	size_t len, cap;
};

static bool hand_over(int control, int fd)
{
	char room[CMSG_SPACE(sizeof(int))] = { 0 }, word = 'x';
	struct iovec at = { &word, 1 };
	struct msghdr message = { .msg_iov = &at,
				  .msg_iovlen = 1,
				  .msg_control = room,
				  .msg_controllen = sizeof(room) };
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);

	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(head), &fd, sizeof(int));
	return sendmsg(control, &message, MSG_DONTWAIT | MSG_NOSIGNAL) == 1;
}

static bool grow(struct access_ask *ask)
{
	size_t cap = ask->cap ? ask->cap * 2 : 4096;
	char *text = cap <= ANSWER_MAX ? realloc(ask->text, cap) : NULL;

	if (!text)
		return false;
	ask->text = text;
	ask->cap = cap;
	return true;
}

/* All is read before anything is told: its owner may end it then. */
static void on_ready(void *arg, int ready)
{
	struct access_ask *ask = arg;
	ssize_t got;

	(void)ready;
	if (ask->len + 1 >= ask->cap && !grow(ask)) {
		ask->len = 0;
		got = 0;
	} else {
		got = read(ask->fd, ask->text + ask->len,
			   ask->cap - ask->len - 1);
	}
	if (got > 0) {
		ask->len += (size_t)got;
		return;
	}
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (ask->text)
		ask->text[ask->len] = 0;
	ask->answer(ask->arg, ask->text ? ask->text : "");
	access_ask_end(ask);
}

struct access_ask *access_ask(const struct gw6c_host *host, int control,
			      const char *command,
			      void (*answer)(void *arg, const char *text),
			      void *arg)
{
	struct access_ask *ask = calloc(1, sizeof(*ask));
	ssize_t len = (ssize_t)strlen(command);
	int ends[2];

	if (!ask || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)) {
		free(ask);
		return NULL;
	}
	*ask = (struct access_ask){
		.host = host, .answer = answer, .arg = arg, .fd = ends[0]
	};
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	if (hand_over(control, ends[1]) &&
	    write(ends[0], command, (size_t)len) == len)
		ask->watch =
			host->on_fd(host, ends[0], GW6C_READ, on_ready, ask);
	close(ends[1]);
	if (ask->watch)
		return ask;
	close(ends[0]);
	free(ask);
	return NULL;
}

void access_ask_end(struct access_ask *ask)
{
	if (!ask)
		return;
	ask->host->forget(ask->host, ask->watch);
	close(ask->fd);
	free(ask->text);
	free(ask);
}
