/* child.c - a program that runs beside us. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "child.h"
#include "config.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#define ENV_MAX 128
#define LINE 512 /* octets of a line; longer ones are parted */
#define DRAIN 64 /* reads after its end */
#define TERM_MS 1000 /* patience after SIGTERM */

struct child {
	struct loop *loop;
	struct gw6c_run run;
	pid_t pid;
	int output; /* read end of its pipe */
	struct gw6c_watch *reader, *waiter;
	char text[LINE];
	size_t len;
};

/* --- output ------------------------------------------------------------ */

static void child_line(struct child *child)
{
	child->text[child->len] = 0;
	if (child->len && child->run.line)
		child->run.line(child->run.arg, child->text);
	child->len = 0;
}

static void child_text(struct child *child, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n' || child->len == LINE - 1)
			child_line(child);
		if (text[i] != '\n')
			child->text[child->len++] = text[i];
	}
}

/* False: there is no more to come. */
static bool child_drain(struct child *child)
{
	char text[LINE];
	ssize_t len = read(child->output, text, sizeof(text));

	if (len > 0)
		child_text(child, text, (size_t)len);
	return len > 0 || (len < 0 && (errno == EAGAIN || errno == EINTR));
}

static void child_read(void *arg, int ready)
{
	struct child *child = arg;

	(void)ready;
	if (child_drain(child))
		return;
	loop_forget(child->reader);
	child->reader = NULL;
}

/* --- its end ----------------------------------------------------------- */

static void child_free(struct child *child)
{
	loop_forget(child->reader);
	loop_forget(child->waiter);
	close(child->output);
	free(child);
}

/* What is still in the pipe is told first; a grandchild may keep it open. */
static void child_ended(void *arg, int status)
{
	struct child *child = arg;
	void (*ended)(void *arg, int status) = child->run.ended;
	void *ended_arg = child->run.arg;

	child->waiter = NULL;
	for (int i = 0; i < DRAIN && child->reader; i++)
		if (!child_drain(child))
			break;
	child_line(child);
	child_free(child);
	if (ended)
		ended(ended_arg, status);
}

static bool child_is_gone(const struct child *child)
{
	int status;
	pid_t got = waitpid(child->pid, &status, WNOHANG);

	return got == child->pid || (got < 0 && errno == ECHILD);
}

void child_end(struct child *child)
{
	const struct timespec nap = { .tv_nsec = 5000000 };

	if (!child)
		return;
	loop_forget(child->waiter);
	child->waiter = NULL;
	kill(child->pid, SIGTERM);
	for (int ms = 0; ms < TERM_MS; ms += 5) {
		if (child_is_gone(child)) {
			child_free(child);
			return;
		}
		nanosleep(&nap, NULL);
	}
	kill(child->pid, SIGKILL);
	waitpid(child->pid, NULL, 0);
	child_free(child);
}

/* --- its start --------------------------------------------------------- */

static void child_files(posix_spawn_file_actions_t *files, int output)
{
	posix_spawn_file_actions_init(files);
	posix_spawn_file_actions_addopen(files, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(files, output, 1);
	posix_spawn_file_actions_adddup2(files, output, 2);
#ifdef HAVE_POSIX_SPAWN_FILE_ACTIONS_ADDCLOSEFROM_NP
	/* Ours close themselves; those of plugins may not. */
	posix_spawn_file_actions_addclosefrom_np(files, 3);
#endif
}

/* A terminal's interrupt is for us: we end it then. */
static void child_attributes(posix_spawnattr_t *attributes)
{
	sigset_t none, all;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_init(attributes);
	posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK |
						     POSIX_SPAWN_SETSIGDEF |
						     POSIX_SPAWN_SETPGROUP);
	posix_spawnattr_setsigmask(attributes, &none);
	posix_spawnattr_setsigdefault(attributes, &all);
	posix_spawnattr_setpgroup(attributes, 0);
}

/* The path of argv[0]; posix_spawnp() would look into our own PATH. */
static bool child_find(const char *name, char *path, size_t len)
{
	const char *dir = PATH;

	if (strchr(name, '/'))
		return snprintf(path, len, "%s", name) < (int)len;
	for (; *dir; dir += strcspn(dir, ":"), dir += *dir == ':') {
		snprintf(path, len, "%.*s/%s", (int)strcspn(dir, ":"), dir,
			 name);
		if (access(path, X_OK) == 0)
			return true;
	}
	return false;
}

static int child_spawn(struct child *child, int output)
{
	static const char *const own[] = { "PATH=" PATH, "LC_ALL=C" };
	const char *const *more = child->run.env;
	const char *env[ENV_MAX] = { own[0], own[1] };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	char path[1024];
	int error;

	if (!child_find(child->run.argv[0], path, sizeof(path)))
		return ENOENT;
	for (int n = 2; more && *more; more++) {
		if (n == ENV_MAX - 1)
			return E2BIG;
		env[n++] = *more;
	}
	child_files(&files, output);
	child_attributes(&attributes);
	error = posix_spawn(&child->pid, path, &files, &attributes,
			    (char *const *)child->run.argv, (char *const *)env);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attributes);
	return error;
}

int child_run(struct loop *loop, const struct gw6c_run *run, struct child **out,
	      struct gw6c_err *err)
{
	struct child *child = calloc(1, sizeof(*child));
	int ends[2], error;

	if (!child || pipe2(ends, O_CLOEXEC) < 0) {
		free(child);
		return gw6c_fail(err, GW6C_EOS, "out of memory or descriptors");
	}
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	child->loop = loop;
	child->run = *run;
	child->output = ends[0];
	error = child_spawn(child, ends[1]);
	close(ends[1]);
	if (error) {
		child_free(child);
		return gw6c_fail(err, GW6C_EOS, "cannot run %s: %s",
				 run->argv[0], strerror(error));
	}
	child->reader =
		loop_fd(loop, child->output, GW6C_READ, child_read, child);
	child->waiter = loop_child(loop, child->pid, child_ended, child);
	if (child->reader && child->waiter) {
		*out = child;
		return GW6C_OK;
	}
	child_end(child);
	return gw6c_fail(err, GW6C_EOS, "out of memory");
}
