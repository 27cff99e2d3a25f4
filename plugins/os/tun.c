/* tun.c - a packet device of the system this is built for. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "tun.h"
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static bool is_any(const char *wish)
{
	return !wish[0] || strcmp(wish, "auto") == 0;
}

#if defined(__linux__)
#include <linux/if_tun.h>

#define FRAMED false

static int device_open(const char *wish, char name[IF_NAMESIZE],
		       struct gw6c_err *err)
{
	struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	int fd;

	/* One that is there already could be somebody else's. */
	if (!is_any(wish) && if_nametoindex(wish))
		return gw6c_fail(err, GW6C_EOS,
				 "an interface \"%s\" exists and is not ours; "
				 "set another name (if_tunnel_...), or "
				 "\"auto\"",
				 wish);
	fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return gw6c_fail(err, GW6C_EOS,
				 "/dev/net/tun: %s; load the module tun, or "
				 "give the container access to that device",
				 strerror(errno));
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s",
		 is_any(wish) ? "gw6c%d" : wish);
	if (ioctl(fd, TUNSETIFF, &request) < 0) {
		gw6c_fail(err, GW6C_EOS, "/dev/net/tun: %s", strerror(errno));
		close(fd);
		return err->rc;
	}
	snprintf(name, IF_NAMESIZE, "%s", request.ifr_name);
	return fd;
}

#elif defined(__APPLE__)
#include <net/if_utun.h>
#include <sys/kern_control.h>
#include <sys/sys_domain.h>

#define FRAMED true

/* "utun7", or any: the system takes the first that is free. */
static int device_open(const char *wish, char name[IF_NAMESIZE],
		       struct gw6c_err *err)
{
	struct ctl_info info = { .ctl_name = UTUN_CONTROL_NAME };
	struct sockaddr_ctl at = { .sc_len = sizeof(at),
				   .sc_family = AF_SYSTEM,
				   .ss_sysaddr = AF_SYS_CONTROL };
	socklen_t len = IF_NAMESIZE;
	unsigned unit = 0;
	int fd;

	if (!is_any(wish) && sscanf(wish, "utun%u", &unit) != 1)
		return gw6c_fail(err, GW6C_EOS,
				 "packet devices are called utun0, utun1, ... "
				 "here, not \"%s\"",
				 wish);
	fd = socket(PF_SYSTEM, SOCK_DGRAM, SYSPROTO_CONTROL);
	at.sc_unit = is_any(wish) ? 0 : unit + 1;
	if (fd >= 0 && ioctl(fd, CTLIOCGINFO, &info) == 0) {
		at.sc_id = info.ctl_id;
		if (connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0 &&
		    getsockopt(fd, SYSPROTO_CONTROL, UTUN_OPT_IFNAME, name,
			       &len) == 0)
			return fd;
	}
	gw6c_fail(err, GW6C_EOS, "utun: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
	return err->rc;
}

#elif defined(__FreeBSD__) || defined(__NetBSD__) || defined(__OpenBSD__)
#include <net/if_tun.h>

#define FRAMED true
#define DEVICES 256

/* Both families through one device: they are told apart by a header, which
 * OpenBSD always has. */
static int device_head(int fd)
{
#ifdef TUNSIFHEAD
	int on = 1;

	return ioctl(fd, TUNSIFHEAD, &on);
#else
	(void)fd;
	return 0;
#endif
}

static int device_open(const char *wish, char name[IF_NAMESIZE],
		       struct gw6c_err *err)
{
	char path[64] = "/dev/tun";
	int fd = -1;

	errno = EBUSY;
	for (int i = 0; i < DEVICES && fd < 0; i++) {
		if (is_any(wish))
			snprintf(name, IF_NAMESIZE, "tun%d", i);
		else
			snprintf(name, IF_NAMESIZE, "%s", wish);
		/* One that is there, and idle, may be somebody's. */
		if (is_any(wish) && if_nametoindex(name))
			continue;
		snprintf(path, sizeof(path), "/dev/%s", name);
		fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
		if (fd < 0 && (errno != EBUSY || !is_any(wish)))
			break;
	}
	if (fd >= 0 && device_head(fd) == 0)
		return fd;
	gw6c_fail(err, GW6C_EOS, "%s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return err->rc;
}

#else

#define FRAMED false

static int device_open(const char *wish, char name[IF_NAMESIZE],
		       struct gw6c_err *err)
{
	(void)wish;
	(void)name;
	return gw6c_fail(err, GW6C_EOS,
			 "packet devices are not supported on this system; "
			 "set tunnel_mode=v6v4");
}

#endif

int tun_open(const struct gw6c_host *host, const char *wish,
	     struct gw6c_plan *plan, struct relay **relay, struct gw6c_err *err)
{
	char name[IF_NAMESIZE] = "";
	int fd = device_open(wish, name, err);

	*relay = NULL;
	if (fd < 0)
		return fd;
	plan->fd = fd;
	plan->gives = 0; /* bare packets, whatever the mode can use */
	if (FRAMED && relay_open(host, fd, &plan->fd, relay, err)) {
		close(fd);
		plan->fd = -1;
		return err->rc;
	}
	snprintf(plan->dev, sizeof(plan->dev), "%s", name);
	return GW6C_OK;
}

void tun_close(struct gw6c_plan *plan, struct relay **relay)
{
	if (plan->fd >= 0)
		close(plan->fd);
	plan->fd = -1;
	relay_close(*relay);
	*relay = NULL;
}
