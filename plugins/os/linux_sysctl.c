/* linux_sysctl.c - settings below /proc/sys, forwarding with all that the
 * kernel changes along with it, and what programs for routers change. */
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

/* A step that changes what was there before: known for good before it does. */
static int note(struct linux_os *os, const struct gw6c_step *step,
		struct gw6c_err *err)
{
	if (!GW6C_HAS(os->host, note) || !os->host->note)
		return GW6C_OK;
	return os->host->note(os->host, step, err);
}

/* --- forwarding -------------------------------------------------------- */

/* Append " xDEV" to what is saved, if it has room. */
static void remember(struct linux_os *os, struct gw6c_step *step, char mark,
		     const char *dev)
{
	size_t used = strlen(step->saved), len = sizeof(step->saved);

	if (used + strlen(dev) + 3 > len)
		os->host->log(os->host, GW6C_WARN,
			      "too many interfaces; the setting of %s will "
			      "not be restored",
			      dev);
	else
		snprintf(step->saved + used, len - used, " %c%s", mark, dev);
}

/* A forwarding host ignores router advertisements unless accept_ra is 2:
 * uplinks that live by them must not lose their default route. */
static bool lives_by_ra(const char *dev)
{
	return conf_is(dev, "accept_ra", "1") &&
	       !conf_is(dev, "forwarding", "1") && strcmp(dev, "lo") != 0;
}

static void remember_uplinks(struct linux_os *os, struct gw6c_step *step,
			     const struct if_nameindex *list)
{
	for (; list && list->if_index; list++) {
		if (conf_is(list->if_name, "forwarding", "1"))
			remember(os, step, 'f', list->if_name);
		else if (lives_by_ra(list->if_name))
			remember(os, step, 'r', list->if_name);
	}
}

static void keep_uplinks(const struct if_nameindex *list)
{
	for (; list && list->if_index; list++)
		if (lives_by_ra(list->if_name))
			linux_conf_set(list->if_name, "accept_ra", "2");
}

static int forward_fail(const char *name, struct gw6c_err *err)
{
	return gw6c_fail(err, GW6C_EOS, "/proc/sys/%s: %s", name,
			 strerror(errno));
}

static int forward_change(struct linux_os *os, struct gw6c_step *step,
			  const char *name, const struct if_nameindex *list,
			  struct gw6c_err *err)
{
	remember_uplinks(os, step, list);
	if (note(os, step, err))
		return err->rc;
	keep_uplinks(list);
	return linux_sysctl_set(name, "1") ? GW6C_OK : forward_fail(name, err);
}

/* saved: "1" if it was on; else "0" and the interfaces that are touched. */
static int forward_on(struct linux_os *os, struct gw6c_step *step,
		      const char *name, struct gw6c_err *err)
{
	struct if_nameindex *list = NULL;
	char value[16];
	int rc;

	if (!linux_sysctl_get(name, value, sizeof(value)))
		return forward_fail(name, err);
	if (strcmp(value, "0") != 0) {
		snprintf(step->saved, sizeof(step->saved), "1");
		return GW6C_OK;
	}
	snprintf(step->saved, sizeof(step->saved), "0");
	if (step->dst.family == 6)
		list = if_nameindex();
	rc = forward_change(os, step, name, list, err);
	if (list)
		if_freenameindex(list);
	return rc;
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

/* --- what programs for routers change ---------------------------------- */

/* radvd(8) gives the router itself what it advertises, and leaves it there. */
static const char *const kept[] = { "mtu", "hop_limit" };
#define KEPT (sizeof(kept) / sizeof(kept[0]))

static int keep_on(struct linux_os *os, const char *dev, struct gw6c_step *step,
		   struct gw6c_err *err)
{
	char value[16];
	size_t used = 0;

	if (!if_nametoindex(dev))
		return linux_no_interface(dev, err);
	step->saved[0] = 0;
	for (size_t i = 0; i < KEPT; i++) {
		/* Without IPv6 on it, there is nothing that could change. */
		if (!linux_conf_get(dev, kept[i], value, sizeof(value)))
			return GW6C_OK;
		used += (size_t)snprintf(step->saved + used,
					 sizeof(step->saved) - used, "%s%s",
					 i ? " " : "", value);
	}
	return note(os, step, err);
}

/* A device that is gone took its settings along. */
static int keep_off(struct linux_os *os, const char *dev,
		    const struct gw6c_step *step)
{
	char words[sizeof(step->saved)], *rest = words, *word;

	snprintf(words, sizeof(words), "%s", step->saved);
	for (size_t i = 0; i < KEPT && (word = strsep(&rest, " ")); i++)
		if (*word && if_nametoindex(dev) &&
		    !conf_is(dev, kept[i], word) &&
		    !linux_conf_set(dev, kept[i], word))
			os->host->log(os->host, GW6C_WARN,
				      "cannot restore "
				      "net.ipv6.conf.%s.%s=%s: %s",
				      dev, kept[i], word, strerror(errno));
	return GW6C_OK;
}

int linux_keep_step(struct linux_os *os, struct gw6c_plan *plan,
		    struct gw6c_step *step, bool add, struct gw6c_err *err)
{
	const char *dev = linux_dev(plan, step);

	return add ? keep_on(os, dev, step, err) : keep_off(os, dev, step);
}
