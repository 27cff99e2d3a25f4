/* linux_addr.c - addresses, on the tunnel and on the networks behind us. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux.h"
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

/* Some machines have IPv6 switched off for every interface. On the tunnel,
 * which is ours and goes away again, it is wanted; elsewhere we do not ask. */
static void want_ipv6(const struct gw6c_step *step, const char *dev)
{
	char value[16];

	if (step->dst.family == 6 && !step->dev[0] &&
	    linux_conf_get(dev, "disable_ipv6", value, sizeof(value)) &&
	    strcmp(value, "0") != 0)
		linux_conf_set(dev, "disable_ipv6", "0");
}

#define THEIRS "theirs" /* in saved: it was there before */

static int addr_failed(struct linux_os *os, struct gw6c_step *step,
		       const char *dev, int error, struct gw6c_err *err)
{
	char room[GW6C_ADDR_TEXT];

	if (error == EEXIST && step->dev[0]) {
		snprintf(step->saved, sizeof(step->saved), THEIRS);
		linux_note_lan(os, step, true);
		os->host->log(os->host, GW6C_INFO, "%s has %s already", dev,
			      gw6c_addr_text(&step->dst, room));
		return GW6C_OK;
	}
	if (error == EACCES)
		return gw6c_fail(err, GW6C_EOS,
				 "IPv6 is disabled on %s; set "
				 "net.ipv6.conf.%s.disable_ipv6=0 with "
				 "sysctl(8)",
				 dev, dev);
	return err->rc;
}

int linux_addr_step(struct linux_os *os, struct gw6c_plan *plan,
		    struct gw6c_step *step, bool add, struct gw6c_err *err)
{
	const char *dev = linux_dev(plan, step);
	bool peer = step->remote.family == step->dst.family;
	unsigned index = if_nametoindex(dev);
	char room[512];
	struct nlmsghdr *message;
	struct ifaddrmsg *info;
	int error;

	if (!add && step->dev[0])
		linux_note_lan(os, step, false);
	if (!add && strcmp(step->saved, THEIRS) == 0)
		return GW6C_OK;
	if (!add && step->dev[0])
		linux_former_remove(os, step);
	if (!index)
		return add ? linux_no_interface(dev, err) : GW6C_OK;
	if (add)
		want_ipv6(step, dev);
	message = linux_message(os, room, add ? RTM_NEWADDR : RTM_DELADDR,
				add ? NLM_F_CREATE | NLM_F_EXCL : 0);
	info = mnl_nlmsg_put_extra_header(message, sizeof(*info));
	info->ifa_family = (uint8_t)linux_family(&step->dst);
	info->ifa_prefixlen = step->dst.bits;
	info->ifa_index = index;
	info->ifa_scope = RT_SCOPE_UNIVERSE;
	/* Nobody else is on a tunnel; on a LAN somebody may be. */
	if (!step->dev[0])
		info->ifa_flags = IFA_F_NODAD;
	mnl_attr_put(message, IFA_LOCAL, linux_octets(&step->dst),
		     step->dst.octets);
	mnl_attr_put(message, IFA_ADDRESS, linux_octets(&step->dst),
		     peer ? step->remote.octets : step->dst.octets);
	error = linux_talk(os, message, err);
	if (!error && add && step->dev[0]) {
		linux_note_lan(os, step, true);
		linux_former_add(os, step);
	}
	if (!error || (!add && (error == EADDRNOTAVAIL || error == ENODEV)))
		return GW6C_OK;
	return add ? addr_failed(os, step, dev, error, err) : err->rc;
}
