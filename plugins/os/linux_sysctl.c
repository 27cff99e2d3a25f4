/* linux_sysctl.c - settings below /proc/sys, and forwarding with all that
 * the kernel changes along with it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#define ALL6 "net/ipv6/conf/all/forwarding"
#define ALL4 "net/ipv4/ip_forward"

bool linux_sysctl_get(const char *name, char *room, size_t len)
{
	char path[PATH_MAX];
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	got = read(fd, room, len - 1);
	close(fd);
	if (got < 0)
		return false;
	room[got] = 0;
	room[strcspn(room, "\n")] = 0;
	return true;
}

bool linux_sysctl_set(const char *name, const char *value)
{
	char path[PATH_MAX];
	ssize_t len = (ssize_t)strlen(value);
	bool ok;
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/%s", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ok = write(fd, value, (size_t)len) == len;
	close(fd);
	return ok;
}

static void conf_name(const char *dev, const char *key, char *room, size_t len)
{
	snprintf(room, len, "net/ipv6/conf/%s/%s", dev, key);
}

bool linux_conf_get(const char *dev, const char *key, char *room, size_t len)
{
	char name[128];

	conf_name(dev, key, name, sizeof(name));
	return linux_sysctl_get(name, room, len);
}

bool linux_conf_set(const char *dev, const char *key, const char *value)
{
	char name[128];

	conf_name(dev, key, name, sizeof(name));
	return linux_sysctl_set(name, value);
}

static bool conf_is(const char *dev, const char *key, const char *want)
{
	char value[16];

	return linux_conf_get(dev, key, value, sizeof(value)) &&
	       strcmp(value, want) == 0;
}

/* Append " xDEV" to the note, if it has room. */
static void note(struct linux_os *os, char *saved, size_t len, char mark,
		 const char *dev)
{
	size_t used = strlen(saved);

	if (used + strlen(dev) + 3 > len)
		os->host->log(os->host, GW6C_WARN,
			      "too many interfaces; the setting of %s will "
			      "not be restored",
			      dev);
	else
		snprintf(saved + used, len - used, " %c%s", mark, dev);
}

/* A forwarding host ignores router advertisements unless accept_ra is 2:
 * uplinks that live by them must not lose their default route. */
static void keep_uplinks(struct linux_os *os, struct gw6c_step *step)
{
	struct if_nameindex *list = if_nameindex();

	for (struct if_nameindex *at = list; at && at->if_index; at++) {
		if (conf_is(at->if_name, "forwarding", "1"))
			note(os, step->saved, sizeof(step->saved), 'f',
			     at->if_name);
		else if (conf_is(at->if_name, "accept_ra", "1") &&
			 strcmp(at->if_name, "lo") != 0 &&
			 linux_conf_set(at->if_name, "accept_ra", "2"))
			note(os, step->saved, sizeof(step->saved), 'r',
			     at->if_name);
	}
	if (list)
		if_freenameindex(list);
}

static int forward_fail(const char *name, struct gw6c_err *err)
{
	return gw6c_fail(err, GW6C_EOS, "/proc/sys/%s: %s", name,
			 strerror(errno));
}

/* saved: "1" if it was on; else "0" and the interfaces that were touched. */
static int forward_on(struct linux_os *os, struct gw6c_step *step,
		      const char *name, struct gw6c_err *err)
{
	char value[16];

	if (!linux_sysctl_get(name, value, sizeof(value)))
		return forward_fail(name, err);
	if (strcmp(value, "0") != 0) {
		snprintf(step->saved, sizeof(step->saved), "1");
		return GW6C_OK;
	}
	snprintf(step->saved, sizeof(step->saved), "0");
	if (step->dst.family == 6)
		keep_uplinks(os, step);
	if (!linux_sysctl_set(name, "1"))
		return forward_fail(name, err);
	return GW6C_OK;
}

static void restore_uplink(const char *word)
{
	const char *dev = word + 1;

	if (word[0] == 'f')
		linux_conf_set(dev, "forwarding", "1");
	else if (word[0] == 'r' && conf_is(dev, "accept_ra", "2"))
		linux_conf_set(dev, "accept_ra", "1");
}

/* If somebody else has switched it off meanwhile, it is theirs. */
static int forward_off(struct gw6c_step *step, const char *name,
		       struct gw6c_err *err)
{
	char value[16], words[sizeof(step->saved)], *rest = words, *word;

	if (step->saved[0] != '0')
		return GW6C_OK;
	if (linux_sysctl_get(name, value, sizeof(value)) &&
	    strcmp(value, "1") == 0 && !linux_sysctl_set(name, "0"))
		return forward_fail(name, err);
	snprintf(words, sizeof(words), "%s", step->saved + 1);
	while ((word = strsep(&rest, " ")))
		restore_uplink(word);
	return GW6C_OK;
}

int linux_forward_step(struct linux_os *os, struct gw6c_plan *plan,
		       struct gw6c_step *step, bool add, struct gw6c_err *err)
{
	const char *name = step->dst.family == 4 ? ALL4 : ALL6;

	(void)plan;
	return add ? forward_on(os, step, name, err)
		   : forward_off(step, name, err);
}
