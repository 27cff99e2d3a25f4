/* worker.c - gw6c-web: shows the files of a directory to strangers. It is
 * started by the feature home-web of gw6c, which gives it all that it needs:
 * settings on standard input, the directory and the sockets as descriptors. It
 * has no rights, opens nothing else, and ends with who started it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"
#include "sandbox.h"
#include "server.h"
#include "tls.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TELL_MS 1000 /* at most so often */
#define WHY 300

/* Words of gw6c, a datagram each. */
#define LEAVE 'L' /* answer what was asked, and end */
#define LOG 'A' /* another file for accesses, a descriptor */
#define CERTIFICATE 'C' /* show it: its text, NUL, and that of its key */
#define BEFORE 'B' /* the same, of one that has worked before */
#define WORD_MAX (1 + 2 * 65536)

struct worker {
	struct worker_conf conf;
	struct server *server;
	struct server_counts told;
	uint64_t told_ms;
	bool leaving, gone;
};

/* A line for gw6c; nobody waits if it does not read. */
__attribute__((format(printf, 1, 2))) static void tell(const char *fmt, ...)
{
	char line[512];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(line, sizeof(line) - 1, fmt, args);
	va_end(args);
	if (len < 0)
		return;
	if (len > (int)sizeof(line) - 2)
		len = (int)sizeof(line) - 2;
	line[len++] = '\n';
	if (write(STDOUT_FILENO, line, (size_t)len) < 0)
		return;
}

static void tell_certificate(const char *word)
{
	char name[256];
	time_t end = tls_end(name, sizeof(name));

	tell("%s %lld %s", word, (long long)end, name);
}

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* How many milliseconds until there is something to tell, or -1. */
static int tell_counts(struct worker *worker)
{
	struct server_counts now = server_count(worker->server);
	uint64_t ms = now_ms();

	if (memcmp(&now, &worker->told, sizeof(now)) == 0)
		return -1;
	if (ms < worker->told_ms + TELL_MS)
		return (int)(worker->told_ms + TELL_MS - ms);
	worker->told = now;
	worker->told_ms = ms;
	tell("count %llu %llu %llu %llu", (unsigned long long)now.requests,
	     (unsigned long long)now.octets, (unsigned long long)now.errors,
	     (unsigned long long)now.connections);
	return -1;
}

/* --- what gw6c says --------------------------------------------------------- */

static void take_certificate(char word, const char *pair, size_t len)
{
	char why[WHY];
	bool of_key;

	if (tls_load(pair, len, &of_key, why, sizeof(why)))
		tell_certificate(word == BEFORE ? "certificate-before"
						: "certificate");
	else
		tell("certificate-error %s", why);
}

static void take_log(struct worker *worker, int fd)
{
	if (worker->conf.log >= 0)
		close(worker->conf.log);
	worker->conf.log = fd;
}

/* The descriptor that came with it, or -1. */
static int passed(struct msghdr *message)
{
	const struct cmsghdr *at = CMSG_FIRSTHDR(message);
	int fd = -1;

	if (at && at->cmsg_type == SCM_RIGHTS &&
	    at->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(&fd, CMSG_DATA(at), sizeof(int));
	return fd;
}

static void take(struct worker *worker, const char *text, size_t len, int fd)
{
	if (*text == LEAVE)
		worker->leaving = true;
	else if (*text == CERTIFICATE || *text == BEFORE)
		take_certificate(*text, text + 1, len - 1);
	else if (*text == LOG && fd >= 0)
		take_log(worker, fd);
}

/* False: it has said no more. If nothing more can come, gw6c has ended, however
 * it did. */
static bool listen_to(struct worker *worker)
{
	static char text[WORD_MAX];
	char room[CMSG_SPACE(sizeof(int))];
	struct iovec at = { text, sizeof(text) };
	struct msghdr message = { .msg_iov = &at,
				  .msg_iovlen = 1,
				  .msg_control = room,
				  .msg_controllen = sizeof(room) };
	ssize_t got = recvmsg(worker->conf.control, &message,
			      MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (got <= 0) {
		worker->gone = got == 0 || (errno != EAGAIN && errno != EINTR);
		return false;
	}
	take(worker, text, (size_t)got, passed(&message));
	explicit_bzero(text, (size_t)got); /* there may be a key in it */
	return true;
}

/* --- its life ---------------------------------------------------------------- */

static int sooner(int one, int other)
{
	return one < 0 || (other >= 0 && other < one) ? other : one;
}

static void serve(struct worker *worker)
{
	struct pollfd fds[LISTENERS + 1];

	while (!worker->gone) {
		unsigned n = server_wait(worker->server, fds + 1);
		int timeout = sooner(server_timeout(worker->server),
				     tell_counts(worker));

		fds[0] = (struct pollfd){ .fd = worker->conf.control,
					  .events = POLLIN };
		if (poll(fds, n + 1, timeout) < 0 && errno != EINTR)
			break;
		if (fds[0].revents)
			listen_to(worker);
		if (worker->leaving)
			server_leave(worker->server);
		server_run(worker->server);
		if (worker->leaving &&
		    !server_count(worker->server).connections)
			break;
	}
	worker->told_ms = 0;
	tell_counts(worker);
}

/* A directory that cannot be read would be a site of errors. */
static bool can_read(int root, char *why)
{
	int fd = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		snprintf(why, WHY, "the root cannot be read: %s",
			 strerror(errno));
	else
		close(fd);
	return fd >= 0;
}

static bool begin(struct worker *worker, char *why, char *said, size_t len)
{
	int dirs[2];

	if (!worker_conf_read(STDIN_FILENO, &worker->conf, why, WHY) ||
	    !sandbox_limit(why, WHY) || !can_read(worker->conf.site.root, why))
		return false;
	/* What was said before we began: the certificate is there then. Without
	 * one, http and the challenges of an authority are served. */
	while (listen_to(worker))
		;
	if (*worker->conf.mime_types)
		worker->conf.site.types = types_load(worker->conf.mime_types);
	worker->server = server_new(&worker->conf, why, WHY);
	if (!worker->server)
		return false;
	dirs[0] = worker->conf.site.root;
	dirs[1] = worker->conf.site.acme;
	sandbox_close(dirs, 2, said, len);
	return true;
}

/* Certificate and key come by standard input, as they do with CERTIFICATE. */
static int check_certificate(void)
{
	static char pair[WORD_MAX];
	char why[WHY] = "";
	size_t len = 0;
	ssize_t got;
	bool of_key;

	while (len < sizeof(pair) &&
	       (got = read(STDIN_FILENO, pair + len, sizeof(pair) - len)) > 0)
		len += (size_t)got;
	if (tls_load(pair, len, &of_key, why, sizeof(why)))
		tell("good");
	else
		tell("%s %s", of_key ? "key" : "certificate", why);
	explicit_bzero(pair, len);
	return 0;
}

int main(int argc, char **argv)
{
	struct worker worker = { .conf = { .control = -1 } };
	char why[WHY] = "", said[64] = "";

	signal(SIGPIPE, SIG_IGN);
	if (argc == 2 && strcmp(argv[1], "--check") == 0)
		return check_certificate();
	fcntl(STDOUT_FILENO, F_SETFL,
	      fcntl(STDOUT_FILENO, F_GETFL) | O_NONBLOCK);
	if (!begin(&worker, why, said, sizeof(said))) {
		tell("error %s", why);
		return 1;
	}
	tell("ready %s", said);
	serve(&worker);
	server_free(worker.server);
	types_free(worker.conf.site.types);
	return 0;
}
