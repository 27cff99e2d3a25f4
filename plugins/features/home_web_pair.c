/* home_web_pair.c - do certificate and key work? The worker has the library
 * that knows: it is run for that question alone, and given nothing else. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"
#include "home_web.h"
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 5000

/* What others could change is not run. */
static bool is_ours(const char *program)
{
	struct stat at;

	return stat(program, &at) == 0 && S_ISREG(at.st_mode) &&
	       (at.st_uid == 0 || at.st_uid == geteuid()) &&
	       !(at.st_mode & (S_IWGRP | S_IWOTH));
}

/* In the child. The texts are no secret for that user, who is given them to
 * serve with. */
static void become_worker(const char *program, const char *name, int end)
{
	const struct passwd *user = getpwnam(name);

	if (dup2(end, STDIN_FILENO) < 0 || dup2(end, STDOUT_FILENO) < 0)
		_exit(127);
	if (geteuid() == 0 &&
	    (!user || setgroups(0, NULL) < 0 || setgid(user->pw_gid) < 0 ||
	     setuid(user->pw_uid) < 0))
		_exit(127);
	execl(program, program, "--check", (char *)NULL);
	_exit(127);
}

/* All that is sent, to its end; "" if that takes too long. */
static void receive(int fd, char *room, size_t len)
{
	struct pollfd at = { .fd = fd, .events = POLLIN };
	size_t used = 0;
	ssize_t got = 1;

	while (got > 0 && used < len - 1 && poll(&at, 1, PATIENCE_MS) > 0) {
		got = read(fd, room + used, len - 1 - used);
		used += got > 0 ? (size_t)got : 0;
	}
	room[got == 0 ? used : 0] = 0;
	room[strcspn(room, "\n")] = 0;
}

static void ask(int fd, const struct web_pair *pair, char *room, size_t len)
{
	int size = 4 * (WEB_PEM_MAX + 1);
	ssize_t sent;

	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	sent = send(fd, pair->text, pair->len, MSG_DONTWAIT | MSG_NOSIGNAL);
	shutdown(fd, SHUT_WR);
	if (sent == (ssize_t)pair->len)
		receive(fd, room, len);
}

void web_pair_check(const struct gw6c_host *host, const struct web_pair *pair,
		    char *said, size_t len)
{
	int ends[2];
	pid_t pid;

	said[0] = 0;
	if (!is_ours(host->str(host, "worker")) ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return;
	pid = fork();
	if (pid == 0)
		become_worker(host->str(host, "worker"),
			      host->str(host, "user"), ends[1]);
	close(ends[1]);
	if (pid > 0) {
		ask(ends[0], pair, said, len);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	close(ends[0]);
}
