/* spawn.c - starts a program, and splits its output into lines. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "spawn.h"
#include "config.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <unistd.h>

#define PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#define ENV_MAX 128

/* --- output ------------------------------------------------------------ */

void spawn_rest(struct spawn_lines *lines)
{
	lines->text[lines->len] = 0;
	if (lines->len && lines->line)
		lines->line(lines->arg, lines->text);
	lines->len = 0;
}

static void spawn_text(struct spawn_lines *lines, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n' || lines->len == SPAWN_LINE - 1)
			spawn_rest(lines);
		if (text[i] != '\n')
			lines->text[lines->len++] = text[i];
	}
}

bool spawn_read(struct spawn_lines *lines, int output)
{
	char text[SPAWN_LINE];
	ssize_t len = read(output, text, sizeof(text));

	if (len > 0)
		spawn_text(lines, text, (size_t)len);
	return len > 0 || (len < 0 && (errno == EAGAIN || errno == EINTR));
}

/* --- its start --------------------------------------------------------- */

static void spawn_files(posix_spawn_file_actions_t *files, int output)
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
static void spawn_attributes(posix_spawnattr_t *attributes)
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
static bool spawn_find(const char *name, char *path, size_t len)
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

static int spawn_start(const struct gw6c_run *run, pid_t *pid, int output)
{
	static const char *const own[] = { "PATH=" PATH, "LC_ALL=C" };
	const char *const *more = run->env;
	const char *env[ENV_MAX] = { own[0], own[1] };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	char path[1024];
	int error;

	if (!spawn_find(run->argv[0], path, sizeof(path)))
		return ENOENT;
	for (int n = 2; more && *more; more++) {
		if (n == ENV_MAX - 1)
			return E2BIG;
		env[n++] = *more;
	}
	spawn_files(&files, output);
	spawn_attributes(&attributes);
	error = posix_spawn(pid, path, &files, &attributes,
			    (char *const *)run->argv, (char *const *)env);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attributes);
	return error;
}

int spawn(const struct gw6c_run *run, pid_t *pid, int *output,
	  struct gw6c_err *err)
{
	int ends[2], error;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return gw6c_fail(err, GW6C_EOS, "out of descriptors");
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	error = spawn_start(run, pid, ends[1]);
	close(ends[1]);
	if (!error) {
		*output = ends[0];
		return GW6C_OK;
	}
	close(ends[0]);
	return gw6c_fail(err, GW6C_EOS, "cannot run %s: %s", run->argv[0],
			 strerror(error));
}
