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

bool linux_conf_is(const char *dev, const char *key, const char *want)
{
	char value[16];

	return linux_conf_get(dev, key, value, sizeof(value)) &&
	       strcmp(value, want) == 0;
}

int linux_note(struct linux_os *os, const struct gw6c_step *step,
	       struct gw6c_err *err)
{
	if (!GW6C_HAS(os->host, note) || !os->host->note)
		return GW6C_OK;
	return os->host->note(os->host, step, err);
}

/* --- forwarding -------------------------------------------------------- */

static bool is_denied(int error)
{
	return error == EROFS || error == EACCES || error == EPERM;
}

/* sysctl(8) has dots where there are slashes. */
static int forward_fail(const char *name, struct gw6c_err *err)
{
	int error = errno;
	char key[64];

	snprintf(key, sizeof(key), "%s", name);
	for (char *at = key; (at = strchr(at, '/'));)
		*at = '.';
	return gw6c_fail(err, GW6C_EOS, "/proc/sys/%s: %s%s%s%s", name,
			 strerror(error), is_denied(error) ? "; set " : "",
			 is_denied(error) ? key : "",
			 is_denied(error) ? "=1 where this container is "
					    "started, or make /proc/sys "
					    "writable here"
					  : "");
}

/* What is set is written once more first, which changes nothing: where that
 * is not allowed, nothing else is to be changed. */
static int forward_change(struct linux_os *os, const struct gw6c_plan *plan,
			  struct gw6c_step *step, const char *name,
			  struct gw6c_err *err)
{
	bool was = step->saved[0] == '1';

	if (!was && !linux_sysctl_set(name, "0"))
		return forward_fail(name, err);
	if (!was && linux_note(os, step, err))
		return err->rc;
	if (step->dst.family == 6 && !os->forwards6 &&
	    linux_ra_begin(os, plan, !was, err))
		return err->rc;
	return was || linux_sysctl_set(name, "1") ? GW6C_OK
						  : forward_fail(name, err);
}

/* saved: "1" if it was on, else "0". */
static int forward_on(struct linux_os *os, const struct gw6c_plan *plan,
		      struct gw6c_step *step, const char *name,
		      struct gw6c_err *err)
{
	char value[16];

	if (!linux_sysctl_get(name, value, sizeof(value)))
		return forward_fail(name, err);
	snprintf(step->saved, sizeof(step->saved), "%d",
		 strcmp(value, "0") != 0);
	if (forward_change(os, plan, step, name, err)) {
		if (step->dst.family == 6)
			linux_ra_end(os);
		return err->rc;
	}
	linux_note_forward(os, step->dst.family, true);
	return GW6C_OK;
}

/* If somebody else has switched it off meanwhile, it is theirs. */
static int forward_off(struct linux_os *os, struct gw6c_step *step,
		       const char *name, struct gw6c_err *err)
{
	char value[16];
	bool ok;

	linux_note_forward(os, step->dst.family, false);
	ok = step->saved[0] != '0' ||
	     !linux_sysctl_get(name, value, sizeof(value)) ||
	     strcmp(value, "1") != 0 || linux_sysctl_set(name, "0");
	if (!ok)
		forward_fail(name, err);
	if (step->dst.family == 6)
		linux_ra_end(os);
	return ok ? GW6C_OK : err->rc;
}

bool linux_forwards(uint8_t family)
{
	char value[16];

	return linux_sysctl_get(family == 4 ? ALL4 : ALL6, value,
				sizeof(value)) &&
	       strcmp(value, "0") != 0;
}

int linux_forward_step(struct linux_os *os, struct gw6c_plan *plan,
		       struct gw6c_step *step, bool add, struct gw6c_err *err)
{
	const char *name = step->dst.family == 4 ? ALL4 : ALL6;

	return add ? forward_on(os, plan, step, name, err)
		   : forward_off(os, step, name, err);
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
	return linux_note(os, step, err);
}

/* A device that is gone took its settings along. */
static int keep_off(struct linux_os *os, const char *dev,
		    const struct gw6c_step *step)
{
	char words[sizeof(step->saved)], *rest = words, *word;

	snprintf(words, sizeof(words), "%s", step->saved);
	for (size_t i = 0; i < KEPT && (word = strsep(&rest, " ")); i++)
		if (*word && if_nametoindex(dev) &&
		    !linux_conf_is(dev, kept[i], word) &&
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
