/* daemon.c - one process: its lock, its pid file, its way to the background. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "daemon.h"
#include "trusted.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int ready_pipe = -1; /* child's end, while the parent waits */
static volatile sig_atomic_t waited_for; /* the child, in the parent */

static void daemon_dirname(const char *path, char *dir, size_t len)
{
	char *slash;

	snprintf(dir, len, "%s", path);
	slash = strrchr(dir, '/');
	if (!slash)
		snprintf(dir, len, ".");
	else
		slash[slash == dir] = 0;
}

void daemon_stdio(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int daemon_directory(const char *path, struct gw6c_err *err)
{
	char dir[PATH_MAX];

	daemon_dirname(path, dir, sizeof(dir));
	if (mkdir(dir, 0755) == 0 || errno == EEXIST)
		return trusted_parents(path, err);
	return gw6c_fail(err, GW6C_ECONFIG,
			 "cannot create the directory %s: %s; create it, or "
			 "set another one",
			 dir, strerror(errno));
}

static long daemon_read_pid(int fd)
{
	char text[32] = "";
	ssize_t len = pread(fd, text, sizeof(text) - 1, 0);

	return len > 0 ? strtol(text, NULL, 10) : 0;
}

/* The file may have been removed by its last holder between our open and our
 * lock: then the lock is on a file without a name. */
static bool daemon_same_file(int fd, const char *path)
{
	struct stat mine, named;

	return fstat(fd, &mine) == 0 && stat(path, &named) == 0 &&
	       mine.st_ino == named.st_ino && mine.st_dev == named.st_dev;
}

static int daemon_open_lock(const char *path, struct gw6c_err *err)
{
	int fd = trusted_open(path, O_RDWR | O_CREAT, 0644);

	if (fd < 0)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "cannot write the pid file %s: %s; %s", path,
				 trusted_error(errno),
				 errno == EACCES ? "run as root, or set "
						   "pid_file and run_dir"
						 : "remove it, or set pid_file "
						   "and run_dir");
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	gw6c_fail(err, GW6C_ECONFIG,
		  "already running as process %ld, which holds %s; stop it "
		  "first, or set a different pid_file and run_dir",
		  daemon_read_pid(fd), path);
	close(fd);
	return err->rc;
}

int daemon_lock(const char *path, int *fd, struct gw6c_err *err)
{
	char text[32];
	int len;

	do {
		*fd = daemon_open_lock(path, err);
		if (*fd < 0)
			return err->rc;
		if (daemon_same_file(*fd, path))
			break;
		close(*fd);
	} while (true);
	len = snprintf(text, sizeof(text), "%ld\n", (long)getpid());
	if (ftruncate(*fd, 0) < 0 || pwrite(*fd, text, (size_t)len, 0) != len) {
		gw6c_fail(err, GW6C_ECONFIG, "cannot write the pid file %s: %s",
			  path, strerror(errno));
		daemon_unlock(path, *fd);
		return err->rc;
	}
	return GW6C_OK;
}

void daemon_unlock(const char *path, int fd)
{
	if (fd < 0)
		return;
	unlink(path);
	close(fd);
}

int daemon_lock_directory(const char *path, int *fd, struct gw6c_err *err)
{
	char dir[PATH_MAX];

	daemon_dirname(path, dir, sizeof(dir));
	*fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*fd < 0)
		return gw6c_fail(err, GW6C_ECONFIG, "%s: %s", dir,
				 strerror(errno));
	if (flock(*fd, LOCK_EX | LOCK_NB) == 0)
		return GW6C_OK;
	close(*fd);
	*fd = -1;
	return gw6c_fail(err, GW6C_ECONFIG,
			 "already running: another process uses %s; stop it "
			 "first, or set a different run_dir",
			 dir);
}

static void daemon_pass_on(int signo)
{
	if (waited_for)
		kill(waited_for, signo);
}

/* The parent's whole life: wait for the word, or for the end. */
static void daemon_wait(int fd, pid_t child)
{
	struct sigaction action = { .sa_handler = daemon_pass_on };
	unsigned char status;
	int ended;
	ssize_t len;

	waited_for = child;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	do
		len = read(fd, &status, 1);
	while (len < 0 && errno == EINTR);
	if (len == 1)
		_exit(status);
	while (waitpid(child, &ended, 0) < 0 && errno == EINTR)
		;
	_exit(WIFEXITED(ended) ? WEXITSTATUS(ended) : 1);
}

void daemon_fork(void)
{
	int ends[2];
	pid_t child;

	if (pipe(ends) < 0)
		return;
	child = fork();
	if (child > 0) {
		close(ends[1]);
		daemon_wait(ends[0], child);
	}
	close(ends[0]);
	if (child < 0) {
		close(ends[1]);
		return;
	}
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	ready_pipe = ends[1];
}

bool daemon_ready(int status)
{
	unsigned char octet = (unsigned char)status;
	int null;

	if (ready_pipe < 0)
		return false;
	setsid();
	null = open("/dev/null", O_RDWR);
	for (int fd = 0; null >= 0 && fd < 3; fd++)
		dup2(null, fd);
	if (null > 2)
		close(null);
	(void)!write(ready_pipe, &octet, 1);
	close(ready_pipe);
	ready_pipe = -1;
	return true;
}

void daemon_notify(const char *text)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t len;
	int fd;

	len = path ? strlen(path) : 0;
	if (len < 2 || len >= sizeof(to.sun_path))
		return;
	memcpy(to.sun_path, path, len);
	if (path[0] == '@')
		to.sun_path[0] = 0;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	(void)!sendto(fd, text, strlen(text), MSG_NOSIGNAL,
		      (struct sockaddr *)&to,
		      (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
				  len));
	close(fd);
}
