/* linux_rtnl.c - talks rtnetlink; and the links. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux.h"
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#define MTU_MIN 1280 /* RFC 8200 section 5; below, IPv6 leaves the device */

int linux_family(const struct gw6c_addr *addr)
{
	return addr->family == 4 ? AF_INET : AF_INET6;
}

size_t linux_octets(const struct gw6c_addr *addr)
{
	return addr->family == 4 ? 4 : 16;
}

int linux_open_talk(struct linux_os *os, struct gw6c_err *err)
{
	int on = 1;

	os->talk = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!os->talk || mnl_socket_bind(os->talk, 0, MNL_SOCKET_AUTOPID) < 0)
		return gw6c_fail(err, GW6C_EOS, "rtnetlink: %s",
				 strerror(errno));
	/* The kernel's own words; old kernels have none. */
	mnl_socket_setsockopt(os->talk, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(os->talk, NETLINK_CAP_ACK, &on, sizeof(on));
	return GW6C_OK;
}

void linux_close_talk(struct linux_os *os)
{
	if (os->talk)
		mnl_socket_close(os->talk);
}

const char *linux_dev(const struct gw6c_plan *plan,
		      const struct gw6c_step *step)
{
	return step->dev[0] ? step->dev : plan->dev;
}

struct nlmsghdr *linux_message(struct linux_os *os, void *room, uint16_t type,
			       uint16_t flags)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(room);

	message->nlmsg_type = type;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	message->nlmsg_seq = ++os->sequence;
	return message;
}

static int find_text(const struct nlattr *attr, void *arg)
{
	const char **text = arg;

	if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG &&
	    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
		*text = mnl_attr_get_str(attr);
	return MNL_CB_OK;
}

/* The verdict in an acknowledgement: 0 or errno, and words for it. */
static int verdict(const struct nlmsghdr *answer, struct gw6c_err *err)
{
	const struct nlmsgerr *ack = mnl_nlmsg_get_payload(answer);
	const char *text = NULL;
	int error = -ack->error;

	if (!error)
		return 0;
	if (answer->nlmsg_flags & NLM_F_ACK_TLVS)
		mnl_attr_parse(answer, sizeof(*ack), find_text, &text);
	gw6c_fail(err, GW6C_EOS, "%s%s%s", strerror(error), text ? ": " : "",
		  text ? text : "");
	return error;
}

int linux_talk(struct linux_os *os, struct nlmsghdr *message,
	       struct gw6c_err *err)
{
	char room[8192];
	ssize_t len;

	if (mnl_socket_sendto(os->talk, message, message->nlmsg_len) < 0)
		len = -1;
	else
		len = mnl_socket_recvfrom(os->talk, room, sizeof(room));
	while (len > 0) {
		const struct nlmsghdr *answer = (struct nlmsghdr *)room;

		if (mnl_nlmsg_ok(answer, (int)len) &&
		    answer->nlmsg_seq == message->nlmsg_seq &&
		    answer->nlmsg_type == NLMSG_ERROR)
			return verdict(answer, err);
		len = mnl_socket_recvfrom(os->talk, room, sizeof(room));
	}
	gw6c_fail(err, GW6C_EOS, "rtnetlink: %s", strerror(errno));
	return errno ? errno : EIO;
}

int linux_ask(struct linux_os *os, struct nlmsghdr *message, size_t header,
	      int (*found)(const struct nlattr *attr, void *arg), void *arg)
{
	_Alignas(struct nlmsghdr) char room[16384];
	const struct nlmsghdr *answer = (struct nlmsghdr *)room;
	ssize_t len;

	message->nlmsg_flags = NLM_F_REQUEST;
	if (mnl_socket_sendto(os->talk, message, message->nlmsg_len) < 0)
		return errno;
	do
		len = mnl_socket_recvfrom(os->talk, room, sizeof(room));
	while (len > 0 && answer->nlmsg_seq != message->nlmsg_seq);
	if (len < 0)
		return errno;
	if (!mnl_nlmsg_ok(answer, (int)len))
		return EIO;
	if (answer->nlmsg_type == NLMSG_ERROR)
		return -((const struct nlmsgerr *)mnl_nlmsg_get_payload(answer))
				->error;
	mnl_attr_parse(answer, (unsigned)header, found, arg);
	return 0;
}

/* A dump that is under way. */
struct dump {
	uint32_t sequence;
	int (*found)(const struct nlmsghdr *one, void *arg);
	void *arg;
	bool done;
	int error; /* errno; EINTR: what was dumped has changed meanwhile */
};

static void dump_one(struct dump *dump, const struct nlmsghdr *one)
{
	const struct nlmsgerr *verdict = mnl_nlmsg_get_payload(one);

	if (one->nlmsg_flags & NLM_F_DUMP_INTR)
		dump->error = EINTR;
	if (one->nlmsg_type == NLMSG_ERROR)
		dump->error = -verdict->error;
	if (one->nlmsg_type == NLMSG_ERROR || one->nlmsg_type == NLMSG_DONE)
		dump->done = true;
	else
		dump->found(one, dump->arg);
}

/* To its end, whatever becomes of it: the next request would be refused, or
 * take the rest for its answer. */
int linux_dump(struct linux_os *os, struct nlmsghdr *message,
	       int (*found)(const struct nlmsghdr *one, void *arg), void *arg)
{
	_Alignas(struct nlmsghdr) char room[16384];
	struct dump dump = { message->nlmsg_seq, found, arg, false, 0 };

	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	if (mnl_socket_sendto(os->talk, message, message->nlmsg_len) < 0)
		return errno;
	while (!dump.done) {
		ssize_t got = mnl_socket_recvfrom(os->talk, room, sizeof(room));
		const struct nlmsghdr *one = (struct nlmsghdr *)room;
		int len = (int)got;

		if (got < 0)
			return errno;
		for (; mnl_nlmsg_ok(one, len); one = mnl_nlmsg_next(one, &len))
			if (one->nlmsg_seq == dump.sequence)
				dump_one(&dump, one);
	}
	return dump.error;
}

int linux_no_interface(const char *dev, struct gw6c_err *err)
{
	return gw6c_fail(err, GW6C_ENET, "there is no interface \"%s\"", dev);
}

/* --- link -------------------------------------------------------------- */

static struct nlmsghdr *link_message(struct linux_os *os, void *room,
				     unsigned index)
{
	struct nlmsghdr *message = linux_message(os, room, RTM_NEWLINK, 0);
	struct ifinfomsg *info =
		mnl_nlmsg_put_extra_header(message, sizeof(*info));

	info->ifi_family = AF_UNSPEC;
	info->ifi_index = (int)index;
	return message;
}

int linux_mtu_step(struct linux_os *os, struct gw6c_plan *plan,
		   struct gw6c_step *step, bool add, struct gw6c_err *err)
{
	const char *dev = linux_dev(plan, step);
	char room[512];
	struct nlmsghdr *message;

	if (!add)
		return GW6C_OK; /* goes with the interface */
	if (step->value < MTU_MIN)
		return gw6c_fail(err, GW6C_EOS,
				 "IPv6 needs an MTU of at least %d", MTU_MIN);
	if (!if_nametoindex(dev))
		return linux_no_interface(dev, err);
	message = link_message(os, room, if_nametoindex(dev));
	mnl_attr_put_u32(message, IFLA_MTU, step->value);
	return linux_talk(os, message, err) ? err->rc : GW6C_OK;
}

int linux_up_step(struct linux_os *os, struct gw6c_plan *plan,
		  struct gw6c_step *step, bool add, struct gw6c_err *err)
{
	const char *dev = linux_dev(plan, step);
	char room[512];
	struct nlmsghdr *message;
	struct ifinfomsg *info;

	if (!add)
		return GW6C_OK; /* goes with the interface */
	if (!if_nametoindex(dev))
		return linux_no_interface(dev, err);
	message = link_message(os, room, if_nametoindex(dev));
	info = mnl_nlmsg_get_payload(message);
	info->ifi_flags = info->ifi_change = IFF_UP;
	return linux_talk(os, message, err) ? err->rc : GW6C_OK;
}
