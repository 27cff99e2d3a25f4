/* home_web_worker.c - a running worker: how it is started, what it tells, and
 * what it is told. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_web.h"
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define FDS 16 /* of a program */
#define FIRST_FD 3 /* as the program sees them */
#define CONF 8192 /* octets of its settings */
#define MORE_FILES 64 /* descriptors beside connections and their files */

/* --- what it tells --------------------------------------------------------- */

static void read_counts(struct web_worker *worker, const char *text)
{
	struct web_counts *counts = &worker->counts;
	unsigned long long n[4];

	if (sscanf(text, "%llu %llu %llu %llu", &n[0], &n[1], &n[2], &n[3]) !=
	    4)
		return;
	*counts = (struct web_counts){ n[0], n[1], n[2], n[3] };
}

static void read_certificate(struct web_worker *worker, const char *text)
{
	char *end;

	worker->cert_end = strtoll(text, &end, 10);
	snprintf(worker->cert_name, sizeof(worker->cert_name), "%s",
		 *end ? end + 1 : "");
}

static const char *after(const char *text, const char *word)
{
	size_t len = strlen(word);

	return strncmp(text, word, len) == 0 ? text + len : NULL;
}

static void on_line(void *arg, const char *text)
{
	struct web_worker *worker = arg;
	const char *rest;

	if ((rest = after(text, "count "))) {
		read_counts(worker, rest);
	} else if ((rest = after(text, "ready "))) {
		worker->ready = true;
		snprintf(worker->sandbox, sizeof(worker->sandbox), "%s", rest);
	} else if ((rest = after(text, "certificate-before "))) {
		read_certificate(worker, rest);
	} else if ((rest = after(text, "certificate "))) {
		read_certificate(worker, rest);
		worker->cert_error[0] = 0;
		worker->cert_asked = false;
		worker->cert_taken = true;
	} else if ((rest = after(text, "certificate-error "))) {
		snprintf(worker->cert_error, sizeof(worker->cert_error), "%s",
			 rest);
		worker->cert_asked = false;
		worker->cert_told = false;
	} else if ((rest = after(text, "error "))) {
		snprintf(worker->error, sizeof(worker->error), "%s", rest);
	} else {
		worker->owner.host->log(worker->owner.host, GW6C_INFO, "%s",
					text);
		return;
	}
	worker->owner.news(worker->owner.arg, worker);
}

static void worker_free(struct web_worker *worker)
{
	close(worker->control);
	free(worker);
}

static void on_ended(void *arg, int status)
{
	struct web_worker *worker = arg;

	worker->child = NULL;
	worker->owner.ended(worker->owner.arg, worker, status);
	worker_free(worker);
}

/* --- what it is told ---------------------------------------------------------- */

/* One that does not listen is about to end. */
static void send_word(const struct web_worker *worker, char word,
		      const struct web_pair *pair, int fd)
{
	char room[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec at[2] = { { &word, 1 } };
	struct msghdr message = { .msg_iov = at, .msg_iovlen = 1 };

	if (pair)
		at[message.msg_iovlen++] =
			(struct iovec){ pair->text, pair->len };
	if (fd >= 0) {
		struct cmsghdr *head;

		message.msg_control = room;
		message.msg_controllen = sizeof(room);
		head = CMSG_FIRSTHDR(&message);
		head->cmsg_level = SOL_SOCKET;
		head->cmsg_type = SCM_RIGHTS;
		head->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(head), &fd, sizeof(int));
	}
	(void)!sendmsg(worker->control, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void web_worker_leave(struct web_worker *worker)
{
	if (!worker->leaving)
		send_word(worker, 'L', NULL, -1);
	worker->leaving = true;
}

void web_worker_send_log(const struct web_worker *worker, int fd)
{
	send_word(worker, 'A', NULL, fd);
}

void web_worker_send_cert(struct web_worker *worker,
			  const struct web_pair *pair)
{
	worker->cert_asked = true;
	send_word(worker, 'C', pair, -1);
}

void web_worker_end(struct web_worker *worker)
{
	worker->owner.host->end(worker->owner.host, worker->child);
	worker_free(worker);
}

/* --- its start ------------------------------------------------------------------ */

/* What is passed, and the lines that say so. */
struct outfit {
	int fds[FDS];
	uint32_t n;
	char text[CONF];
	struct gw6c_buf conf;
};

static void add_line(struct outfit *outfit, const char *name, const char *value)
{
	gw6c_put_text(&outfit->conf, name);
	gw6c_put_text(&outfit->conf, "=");
	gw6c_put_text(&outfit->conf, value);
	gw6c_put_text(&outfit->conf, "\n");
}

static void add_number(struct outfit *outfit, const char *name, long long value)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", value);
	add_line(outfit, name, text);
}

static void add_fd(struct outfit *outfit, const char *name, int fd)
{
	if (fd < 0 || outfit->n == FDS)
		return;
	add_number(outfit, name, FIRST_FD + (long long)outfit->n);
	outfit->fds[outfit->n++] = fd;
}

static void add_options(struct outfit *outfit, const struct gw6c_host *host)
{
	/* Of the worker, and of ours. */
	static const char *const numbers[][2] = {
		{ "connections", "connections" },
		{ "per_net", "connections_per_net" },
		{ "head_octets", "head_size" },
		{ "head_s", "head_time" },
		{ "idle_s", "idle_time" },
		{ "slowest", "slowest" },
		{ "hsts", "hsts" },
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		add_number(outfit, numbers[i][0],
			   host->num(host, numbers[i][1]));
	add_number(outfit, "rate", host->num(host, "rate") * 1000LL);
	add_number(outfit, "listing", host->yes(host, "listing"));
	add_number(outfit, "redirect", host->yes(host, "redirect"));
	add_line(outfit, "charset", host->str(host, "charset"));
	add_line(outfit, "mime_types", host->str(host, "mime_types"));
}

static void fill(struct outfit *outfit, const struct gw6c_host *host,
		 const struct web_sockets *sockets,
		 const struct web_files *files, const char *name)
{
	outfit->conf = (struct gw6c_buf)GW6C_BUF(outfit->text);
	for (int i = 0; i < sockets->n; i++)
		add_fd(outfit, sockets->item[i].tls ? "https" : "http",
		       sockets->item[i].fd);
	add_fd(outfit, "root", files->root);
	add_fd(outfit, "acme", files->acme);
	add_fd(outfit, "log", files->log);
	/* Who wants https alone does not get http because a port is taken. */
	if (*host->str(host, "certificate"))
		add_number(outfit, "tls_port", host->num(host, "tls_port"));
	add_options(outfit, host);
	add_line(outfit, "name", name);
}

/* Who is that user already needs no change. */
static const char *other_user(const char *name)
{
	const struct passwd *user = getpwnam(name);

	return user && user->pw_uid == geteuid() && user->pw_uid ? NULL : name;
}

static int start(struct web_worker *worker, struct outfit *outfit,
		 struct gw6c_err *err)
{
	const struct gw6c_host *host = worker->owner.host;
	const char *argv[] = { host->str(host, "worker"), NULL };
	struct gw6c_run run = {
		.size = sizeof(run),
		.argv = argv,
		.line = on_line,
		.ended = on_ended,
		.arg = worker,
		.user = other_user(host->str(host, "user")),
		.input = gw6c_got(&outfit->conf),
		.fds = outfit->fds,
		.n_fds = outfit->n,
		.max_files = (uint32_t)host->num(host, "connections") * 2 +
			     MORE_FILES,
	};

	if (outfit->conf.overflow)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "the options of home-web are too long");
	worker->since_ms = host->now_ms(host);
	worker->child = host->run(host, &run, err);
	return worker->child ? GW6C_OK : err->rc;
}

/* It finds them there when it begins: what has worked before, should the other
 * not do so. */
static void send_certs(struct web_worker *worker, const struct web_cert *cert)
{
	int room = 4 * (WEB_PEM_MAX + 1);

	setsockopt(worker->control, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	if (cert->good.text)
		send_word(worker, 'B', &cert->good, -1);
	if (cert->asked.text)
		web_worker_send_cert(worker, &cert->asked);
}

struct web_worker *web_worker_new(const struct web_owner *owner,
				  const struct web_sockets *sockets,
				  const struct web_files *files,
				  const struct web_cert *cert, const char *name,
				  struct gw6c_err *err)
{
	struct web_worker *worker = calloc(1, sizeof(*worker));
	struct outfit outfit = { .n = 0 };
	int ends[2], rc;

	if (!worker ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) {
		gw6c_fail(err, GW6C_EOS, "out of memory or descriptors");
		free(worker);
		return NULL;
	}
	worker->owner = *owner;
	worker->control = ends[0];
	fill(&outfit, owner->host, sockets, files, name);
	add_fd(&outfit, "control", ends[1]);
	send_certs(worker, cert);
	rc = start(worker, &outfit, err);
	close(ends[1]);
	if (rc == GW6C_OK)
		return worker;
	worker_free(worker);
	return NULL;
}
