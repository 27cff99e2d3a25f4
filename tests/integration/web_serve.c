/* web_serve.c - runs the worker of Home Web without gw6c: web_serve WORKER PORT
 * ROOT [NAME=VALUE...]. Listens at ::1 (PORT 0: any), prints the port, then
 * passes on what the worker says. Ends with its standard input. As root it runs
 * the worker as nobody. acme=DIR and log=FILE are opened; cert=FILE and then
 * key=FILE are sent, and a second port, printed too, has https. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static char conf[8192];
static size_t used;
static char pem[65536];
static size_t pem_len;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void add(const char *name, const char *value)
{
	used += (size_t)snprintf(conf + used, sizeof(conf) - used, "%s=%s\n",
				 name, value);
}

static void add_fd(const char *name, int fd)
{
	char text[16];

	if (fd < 0)
		die(name);
	fcntl(fd, F_SETFD, 0);
	snprintf(text, sizeof(text), "%d", fd);
	add(name, text);
}

static int listen_at(unsigned port, unsigned *out)
{
	struct sockaddr_in6 at = { .sin6_family = AF_INET6,
				   .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;

	at.sin6_port = htons((uint16_t)port);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&at, len) < 0 || listen(fd, 512) < 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &len) < 0)
		die("listen");
	*out = ntohs(at.sin6_port);
	return fd;
}

/* "C", the certificate and its key, with a NUL behind each. */
static void add_pem(const char *path)
{
	FILE *in = fopen(path, "r");

	if (!in)
		die(path);
	if (!pem_len)
		pem[pem_len++] = 'C';
	pem_len += fread(pem + pem_len, 1, sizeof(pem) / 2 - 2, in);
	pem[pem_len++] = 0;
	fclose(in);
}

/* NAME=VALUE as it is, or the file that it names. */
static void take(char *arg)
{
	static const struct {
		const char *name;
		int flags;
	} files[] = { { "acme", O_RDONLY | O_DIRECTORY },
		      { "log", O_WRONLY | O_APPEND | O_CREAT } };
	char *value = strchr(arg, '=');

	if (!value)
		die(arg);
	*value++ = 0;
	if (strcmp(arg, "cert") == 0 || strcmp(arg, "key") == 0) {
		add_pem(value);
		return;
	}
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (strcmp(arg, files[i].name) == 0) {
			add_fd(arg, open(value, files[i].flags, 0644));
			return;
		}
	add(arg, value);
}

static void become_nobody(void)
{
	const struct passwd *user = getpwnam("nobody");

	if (geteuid() != 0)
		return;
	if (!user || setgroups(0, NULL) < 0 || setgid(user->pw_gid) < 0 ||
	    setuid(user->pw_uid) < 0)
		die("nobody");
}

static pid_t start(const char *worker)
{
	int ends[2];
	pid_t pid;

	if (pipe(ends) < 0)
		die("pipe");
	pid = fork();
	if (pid == 0) {
		dup2(ends[0], 0);
		close(ends[0]);
		close(ends[1]);
		become_nobody();
		execl(worker, worker, (char *)NULL);
		die(worker);
	}
	close(ends[0]);
	if (write(ends[1], conf, used) != (ssize_t)used)
		die("write");
	close(ends[1]);
	return pid;
}

int main(int argc, char **argv)
{
	unsigned port, tls = 0;
	int control[2], status = 0;
	char octet;
	pid_t pid;

	if (argc < 4 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control) < 0)
		die("usage: web_serve WORKER PORT ROOT [NAME=VALUE...]");
	signal(SIGPIPE, SIG_IGN);
	add_fd("http", listen_at((unsigned)atoi(argv[2]), &port));
	add_fd("root", open(argv[3], O_RDONLY | O_DIRECTORY));
	add_fd("control", control[1]);
	add("connections", "2000");
	add("per_net", "2000");
	add("head_octets", "16384");
	add("head_s", "10");
	add("idle_s", "15");
	for (int i = 4; i < argc; i++) {
		if (strncmp(argv[i], "cert=", 5) == 0) {
			char text[16];

			add_fd("https", listen_at(0, &tls));
			snprintf(text, sizeof(text), "%u", tls);
			add("tls_port", text);
		}
		take(argv[i]);
	}
	if (pem_len && send(control[0], pem, pem_len, 0) < 0)
		die("send");
	printf("port %u\ntls %u\n", port, tls);
	fflush(stdout);
	pid = start(argv[1]);
	close(control[1]);
	/* "L" and the like are passed on. */
	while (read(0, &octet, 1) > 0)
		if (octet != '\n' && write(control[0], &octet, 1) < 0)
			break;
	close(control[0]);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}
