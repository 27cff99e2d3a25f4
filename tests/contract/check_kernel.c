/* check_kernel.c - a corner of the network of our own, and what is in it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include "config.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#ifdef HAVE_UNSHARE
#include <sys/mount.h>
#endif
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define STATE_MAX (4 << 20) /* octets of a state */
#define SYSCTLS "/proc/sys/net"

extern char **environ;

bool kernel_run(const char *const *argv, struct gw6c_buf *out)
{
	posix_spawn_file_actions_t actions;
	char room[4096];
	int ends[2], status = -1, rc;
	ssize_t len;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return false;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	rc = posix_spawnp(&pid, argv[0], &actions, NULL, (char **)argv,
			  environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	while (rc == 0 && (len = read(ends[0], room, sizeof(room))) > 0)
		if (out)
			gw6c_put(out, room, (size_t)len);
	close(ends[0]);
	if (rc == 0)
		waitpid(pid, &status, 0);
	return status == 0;
}

/* --- a corner ----------------------------------------------------------- */

#ifdef HAVE_UNSHARE
static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 &&
		  write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return ok;
}

/* Not root: root of a corner at least. */
static bool unshare_as_user(void)
{
	unsigned user = geteuid(), group = getegid();
	char users[40], groups[40];

	snprintf(users, sizeof(users), "0 %u 1", user);
	snprintf(groups, sizeof(groups), "0 %u 1", group);
	return unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS) == 0 &&
	       write_file("/proc/self/setgroups", "deny") &&
	       write_file("/proc/self/uid_map", users) &&
	       write_file("/proc/self/gid_map", groups);
}

/* The interfaces of /sys/class/net are those of who mounted it. */
static void mount_sys(void)
{
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC,
		  NULL) < 0)
		report_note("/sys shows the interfaces of this machine, for "
			    "that of the corner cannot be mounted: %s",
			    strerror(errno));
}

static bool unshare_network(char why[CHECK_WHY])
{
	if (geteuid() == 0 ? unshare(CLONE_NEWNET | CLONE_NEWNS) == 0
			   : unshare_as_user()) {
		mount_sys();
		return true;
	}
	snprintf(why, CHECK_WHY, "no network namespace of our own: %s%s",
		 strerror(errno), geteuid() ? "; try it as root" : "");
	return false;
}
#else
static bool unshare_network(char why[CHECK_WHY])
{
	snprintf(why, CHECK_WHY,
		 "this system has no network namespaces, and what a wrong "
		 "step would do to this machine is not tried");
	return false;
}
#endif

static bool loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo",
				 .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool ok = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &request) == 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

bool kernel_corner(char why[CHECK_WHY])
{
	static const char *const version[] = { "ip", "-V", NULL };

	if (!kernel_run(version, NULL)) {
		snprintf(why, CHECK_WHY,
			 "ip(8) is not there, to look at what is left");
		return false;
	}
	/* Where there are namespaces, this is how packets come. */
	if (access("/dev/net/tun", R_OK | W_OK) < 0) {
		snprintf(why, CHECK_WHY, "/dev/net/tun: %s%s", strerror(errno),
			 geteuid() ? "; try it as root" : "");
		return false;
	}
	if (!unshare_network(why))
		return false;
	if (loopback_up())
		return true;
	snprintf(why, CHECK_WHY, "no loopback in the corner: %s",
		 strerror(errno));
	return false;
}

void kernel_void(void)
{
	static const char *const family[] = { "-4", "-6" };

	for (int i = 0; i < 2; i++) {
		const char *route[] = { "ip",	   family[i], "route", "add",
					"default", "dev",     "lo",    NULL };

		kernel_run(route, NULL);
	}
}

/* --- its state ----------------------------------------------------------- */

static void look_file(const char *path, struct gw6c_buf *out)
{
	char room[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t len = fd < 0 ? -1 : read(fd, room, sizeof(room));

	if (fd >= 0)
		close(fd);
	if (len <= 0)
		return;
	gw6c_put_text(out, path);
	gw6c_put_text(out, " = ");
	for (ssize_t i = 0; i < len; i++)
		gw6c_put(out, room[i] == '\n' ? " " : &room[i], 1);
	gw6c_put(out, "\n", 1);
}

static void look_below(const char *path, struct gw6c_buf *out)
{
	struct dirent **list;
	int n = scandir(path, &list, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		const char *name = list[i]->d_name;
		char below[512];
		struct stat info;

		snprintf(below, sizeof(below), "%s/%s", path, name);
		/* These change by themselves. */
		if (name[0] != '.' && !strstr(name, "nf_conntrack") &&
		    lstat(below, &info) == 0) {
			if (S_ISDIR(info.st_mode))
				look_below(below, out);
			else if (info.st_mode & S_IRUSR)
				look_file(below, out);
		}
		free(list[i]);
	}
	if (n >= 0)
		free(list);
}

char *kernel_look(void)
{
	static const char *const lists[][8] = {
		{ "ip", "-d", "-o", "address" },
		{ "ip", "-4", "route", "show", "table", "all" },
		{ "ip", "-6", "route", "show", "table", "all" },
		{ "ip", "-4", "rule" },
		{ "ip", "-6", "rule" },
		{ "ip", "tuntap" },
	};
	struct gw6c_buf out = { .at = malloc(STATE_MAX), .cap = STATE_MAX - 1 };

	if (!out.at)
		return NULL;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		kernel_run(lists[i], &out);
	look_below(SYSCTLS, &out);
	if (out.overflow) {
		free(out.at);
		return NULL;
	}
	out.at[out.len] = 0;
	return (char *)out.at;
}

/* The line that begins at text. */
static void line_of(const char *text, char room[150])
{
	snprintf(room, 150, "%.*s", (int)strcspn(text, "\n"), text);
}

const char *kernel_differs(char *before, char *after, char room[CHECK_WHY])
{
	char was[150], is[150];
	size_t at = 0, line = 0;

	room[0] = 0;
	if (!before || !after) {
		snprintf(room, CHECK_WHY,
			 "it cannot be told: out of memory, or more than %d "
			 "octets of values",
			 STATE_MAX);
	} else if (strcmp(before, after) != 0) {
		for (; before[at] && before[at] == after[at]; at++)
			if (before[at] == '\n')
				line = at + 1;
		line_of(before + line, was);
		line_of(after + line, is);
		snprintf(room, CHECK_WHY, "it was \"%s\", it is \"%s\"", was,
			 is);
	}
	free(before);
	free(after);
	return room;
}
