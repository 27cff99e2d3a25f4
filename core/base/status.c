/* status.c - tells the state of a running program, and asks for it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "status.h"
#include "log.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define ASK_TIMEOUT_S 5
#define PAUSE_MS 1000 /* while there are no descriptors */

struct status {
	struct loop *loop;
	struct gw6c_watch *watch, *pause; /* one of them */
	int fd;
	struct sockaddr_un at;
	void (*write)(void *arg, bool owner, struct gw6c_buf *out);
	void *arg;
};

void status_put(struct gw6c_buf *out, const char *name, const char *fmt, ...)
{
	char text[1000], value[1500]; /* names of accounts are long */
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	log_escape(text, value, sizeof(value));
	gw6c_put_text(out, name);
	gw6c_put(out, " ", 1);
	gw6c_put_text(out, value);
	gw6c_put(out, "\n", 1);
}

static int status_address(const char *path, struct sockaddr_un *at,
			  struct gw6c_err *err)
{
	*at = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(at->sun_path))
		return gw6c_fail(err, GW6C_ECONFIG,
				 "%s is too long for a socket path (%zu "
				 "octets); set a shorter run_dir",
				 path, sizeof(at->sun_path) - 1);
	memcpy(at->sun_path, path, strlen(path));
	return GW6C_OK;
}

/* Of the process at the other end, as it was when it connected. */
static bool status_is_owner(int fd)
{
#ifdef SO_PEERCRED
	struct ucred peer;
	socklen_t len = sizeof(peer);
	bool known = getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0;
	uid_t user = peer.uid;
#else
	uid_t user;
	gid_t group;
	bool known = getpeereid(fd, &user, &group) == 0;
#endif
	return known && (user == 0 || user == geteuid());
}

static void status_listen(void *arg);

/* Without a descriptor for the asker, the socket would stay ready and call
 * without end. */
static void status_pause(struct status *status)
{
	status->pause =
		loop_timer(status->loop, PAUSE_MS, status_listen, status);
	if (!status->pause)
		return;
	loop_forget(status->watch);
	status->watch = NULL;
}

/* The answer fits into the socket's buffer, or is cut: no asker can make us
 * wait. */
static void status_answer(void *arg, int ready)
{
	struct status *status = arg;
	int fd = accept4(status->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct gw6c_buf out = { .cap = STATUS_MAX };
	bool owner;

	(void)ready;
	if (fd < 0 && (errno == EMFILE || errno == ENFILE))
		status_pause(status);
	if (fd < 0)
		return;
	out.at = malloc(out.cap);
	if (out.at) {
		owner = status_is_owner(fd);
		status_put(&out, STATUS_COMPLETE, owner ? "yes" : "no");
		status->write(status->arg, owner, &out);
		(void)!send(fd, out.at, out.len, MSG_NOSIGNAL);
	}
	free(out.at);
	close(fd);
}

static void status_listen(void *arg)
{
	struct status *status = arg;

	status->pause = NULL;
	status->watch = loop_fd(status->loop, status->fd, GW6C_READ,
				status_answer, status);
}

int status_serve(struct loop *loop, const char *path,
		 void (*write)(void *arg, bool owner, struct gw6c_buf *out),
		 void *arg, struct status **out, struct gw6c_err *err)
{
	struct status *status = calloc(1, sizeof(*status));

	if (!status)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	status->loop = loop;
	status->write = write;
	status->arg = arg;
	status->fd = -1;
	if (status_address(path, &status->at, err)) {
		free(status);
		return err->rc;
	}
	unlink(path);
	status->fd =
		socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (status->fd < 0 ||
	    bind(status->fd, (struct sockaddr *)&status->at,
		 sizeof(status->at)) < 0 ||
	    chmod(path, 0666) < 0 || listen(status->fd, 8) < 0) {
		gw6c_fail(err, GW6C_EOS, "cannot serve the status at %s: %s",
			  path, strerror(errno));
		status_end(status);
		return err->rc;
	}
	status_listen(status);
	*out = status;
	return GW6C_OK;
}

void status_end(struct status *status)
{
	if (!status)
		return;
	loop_forget(status->watch);
	loop_forget(status->pause);
	if (status->fd >= 0)
		close(status->fd);
	unlink(status->at.sun_path);
	free(status);
}

/* Up to the end of the answer. 0, or errno. */
static int status_read(int fd, struct gw6c_buf *out)
{
	ssize_t len;

	do {
		len = recv(fd, out->at + out->len, out->cap - out->len, 0);
		if (len > 0)
			out->len += (size_t)len;
	} while (len > 0 || (len < 0 && errno == EINTR));
	return len < 0 ? errno : 0;
}

int status_ask(const char *path, struct gw6c_buf *out, struct gw6c_err *err)
{
	struct timeval limit = { .tv_sec = ASK_TIMEOUT_S };
	struct sockaddr_un at;
	bool connected = false;
	int fd, error;

	if (status_address(path, &at, err))
		return err->rc;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	/* One that accepts nobody lets connect() wait as well. */
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	if (fd >= 0)
		connected =
			connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0;
	error = connected ? status_read(fd, out) : errno;
	if (fd >= 0)
		close(fd);
	if (error == EAGAIN)
		return gw6c_fail(err, GW6C_ENET,
				 "the process behind %s is running, but does "
				 "not answer (waited %d s); it is stopped or "
				 "hangs; continue or restart it",
				 path, ASK_TIMEOUT_S);
	if (!connected)
		return gw6c_fail(err, GW6C_ENET,
				 "not running: no answer at %s (%s)", path,
				 strerror(error));
	if (error || !out->len)
		return gw6c_fail(err, GW6C_ENET,
				 "the process behind %s hung up without an "
				 "answer%s%s; ask again",
				 path, error ? ": " : "",
				 error ? strerror(error) : "");
	return GW6C_OK;
}
