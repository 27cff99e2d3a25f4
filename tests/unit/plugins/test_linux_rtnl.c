/* test_linux_rtnl.c - requests to rtnetlink and what is made of the answers,
 * on sockets that are made up here. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "plugins/os/linux.h"
#include "tests/unit/unit.h"
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <string.h>

#define INDEX 7
#define DATAGRAMS 8

static struct linux_os os;
static struct gw6c_plan plan = { .dev = "gw6c0" };
static struct gw6c_err err;

/* --- the kernel ----------------------------------------------------------- */

static int open_error, bind_error, send_error, receive_error; /* errno */
static char opened; /* its address is that of the socket */
static int closed, options;

/* What was asked last. */
static _Alignas(struct nlmsghdr) char asked[512];
static int asks;

/* What is answered. */
static struct datagram {
	_Alignas(struct nlmsghdr) char at[512];
	int len;
} answers[DATAGRAMS];
static int answers_n, answers_at;

struct mnl_socket *mnl_socket_open2(int bus, int flags)
{
	CU_ASSERT_EQUAL(bus, NETLINK_ROUTE);
	CU_ASSERT_EQUAL(flags, SOCK_CLOEXEC);
	errno = open_error;
	return open_error ? NULL : (struct mnl_socket *)&opened;
}

int mnl_socket_bind(struct mnl_socket *socket, unsigned groups, pid_t pid)
{
	CU_ASSERT_PTR_EQUAL(socket, &opened);
	CU_ASSERT_EQUAL(groups, 0);
	CU_ASSERT_EQUAL(pid, MNL_SOCKET_AUTOPID);
	errno = bind_error;
	return bind_error ? -1 : 0;
}

int mnl_socket_setsockopt(const struct mnl_socket *socket, int type, void *at,
			  socklen_t len)
{
	(void)socket;
	CU_ASSERT_TRUE(type == NETLINK_EXT_ACK || type == NETLINK_CAP_ACK);
	CU_ASSERT_EQUAL(len, sizeof(int));
	CU_ASSERT_EQUAL(*(int *)at, 1);
	options++;
	return 0;
}

int mnl_socket_close(struct mnl_socket *socket)
{
	CU_ASSERT_PTR_EQUAL(socket, &opened);
	closed++;
	return 0;
}

ssize_t mnl_socket_sendto(const struct mnl_socket *socket, const void *at,
			  size_t len)
{
	CU_ASSERT_PTR_EQUAL(socket, &opened);
	CU_ASSERT_EQUAL(((const struct nlmsghdr *)at)->nlmsg_len, len);
	memcpy(asked, at, len);
	asks++;
	errno = send_error;
	return send_error ? -1 : (ssize_t)len;
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *socket, void *room,
			    size_t len)
{
	const struct datagram *next = &answers[answers_at];

	CU_ASSERT_PTR_EQUAL(socket, &opened);
	errno = receive_error;
	if (answers_at == answers_n)
		return -1;
	answers_at++;
	CU_ASSERT_TRUE(len >= sizeof(next->at));
	memcpy(room, next->at, sizeof(next->at));
	return next->len;
}

unsigned if_nametoindex(const char *name)
{
	return strcmp(name, "gw6c0") == 0 ? INDEX : 0;
}

/* --- its answers ---------------------------------------------------------- */

static void begin(void)
{
	os = (struct linux_os){ .talk = (struct mnl_socket *)&opened,
				.sequence = 41 };
	err = (struct gw6c_err){ 0 };
	open_error = bind_error = send_error = 0;
	receive_error = ENOBUFS;
	asks = answers_n = answers_at = 0;
}

static void *room_of_last(void)
{
	return answers[answers_n - 1].at + answers[answers_n - 1].len;
}

/* One more message in the last datagram. */
static struct nlmsghdr *put(uint16_t type, uint16_t flags, uint32_t sequence)
{
	struct nlmsghdr *one = mnl_nlmsg_put_header(room_of_last());

	one->nlmsg_type = type;
	one->nlmsg_flags = flags;
	one->nlmsg_seq = sequence;
	return one;
}

/* It is complete. */
static void end(const struct nlmsghdr *one)
{
	answers[answers_n - 1].len += (int)one->nlmsg_len;
}

/* The first message of the next datagram. */
static struct nlmsghdr *answer(uint16_t type, uint16_t flags, uint32_t sequence)
{
	answers[answers_n++].len = 0;
	return put(type, flags, sequence);
}

static void put_error(struct nlmsghdr *one, int error)
{
	struct nlmsgerr *ack = mnl_nlmsg_put_extra_header(one, sizeof(*ack));

	ack->error = -error;
}

static void answer_error(uint32_t sequence, int error)
{
	struct nlmsghdr *one = answer(NLMSG_ERROR, 0, sequence);

	put_error(one, error);
	end(one);
}

static void put_route(struct nlmsghdr *one, uint32_t metric)
{
	mnl_nlmsg_put_extra_header(one, sizeof(struct rtmsg));
	mnl_attr_put_u32(one, RTA_PRIORITY, metric);
	end(one);
}

/* --- verdicts ------------------------------------------------------------- */

static int talk(void)
{
	char room[512];

	return linux_talk(&os, linux_message(&os, room, RTM_NEWROUTE, 0), &err);
}

static void a_request_has_the_next_number(void)
{
	char room[64];
	const struct nlmsghdr *message;

	begin();
	message = linux_message(&os, room, RTM_NEWLINK, NLM_F_EXCL);
	CU_ASSERT_EQUAL(message->nlmsg_type, RTM_NEWLINK);
	CU_ASSERT_EQUAL(message->nlmsg_flags,
			NLM_F_REQUEST | NLM_F_ACK | NLM_F_EXCL);
	CU_ASSERT_EQUAL(message->nlmsg_seq, 42);
	message = linux_message(&os, room, RTM_NEWLINK, 0);
	CU_ASSERT_EQUAL(message->nlmsg_seq, 43);
}

static void each_family_has_its_addresses(void)
{
	struct gw6c_addr addr = { .family = 4 };

	CU_ASSERT_EQUAL(linux_family(&addr), AF_INET);
	CU_ASSERT_EQUAL(linux_octets(&addr), 4);
	addr.family = 6;
	CU_ASSERT_EQUAL(linux_family(&addr), AF_INET6);
	CU_ASSERT_EQUAL(linux_octets(&addr), 16);
}

static void the_verdict_is_that_of_the_request(void)
{
	begin();
	answer_error(41, EPERM); /* of the one before */
	put_route(answer(RTM_NEWROUTE, 0, 42), 1);
	answer_error(42, EPERM);
	answers[2].len = 3; /* cut off */
	answer_error(42, 0);
	CU_ASSERT_EQUAL(talk(), 0);
	CU_ASSERT_EQUAL(answers_at, 4);
	CU_ASSERT_EQUAL(err.rc, GW6C_OK);
	begin();
	answer_error(42, EEXIST);
	CU_ASSERT_EQUAL(talk(), EEXIST);
	CU_ASSERT_EQUAL(err.rc, GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(err.text, "File exists");
}

static void the_words_of_the_kernel_are_told(void)
{
	static const struct {
		uint16_t flags, type;
		const char *words;
		size_t len;
		const char *want;
	} cases[] = {
		{ NLM_F_ACK_TLVS, NLMSGERR_ATTR_MSG, "No such", 8,
		  "Invalid argument: No such" },
		{ 0, NLMSGERR_ATTR_MSG, "No such", 8, "Invalid argument" },
		{ NLM_F_ACK_TLVS, NLMSGERR_ATTR_OFFS, "No such", 8,
		  "Invalid argument" },
		{ NLM_F_ACK_TLVS, NLMSGERR_ATTR_MSG, "No such", 7,
		  "Invalid argument" }, /* without an end */
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct nlmsghdr *one;

		begin();
		one = answer(NLMSG_ERROR, cases[i].flags, 42);
		put_error(one, EINVAL);
		mnl_attr_put(one, cases[i].type, cases[i].len, cases[i].words);
		end(one);
		CU_ASSERT_EQUAL(talk(), EINVAL);
		CU_ASSERT_STRING_EQUAL(err.text, cases[i].want);
	}
}

static void silence_is_an_error(void)
{
	begin();
	send_error = EACCES;
	answer_error(42, 0);
	CU_ASSERT_EQUAL(talk(), EACCES);
	CU_ASSERT_EQUAL(answers_at, 0);
	CU_ASSERT_STRING_EQUAL(err.text, "rtnetlink: Permission denied");
	begin();
	CU_ASSERT_EQUAL(talk(), ENOBUFS);
	CU_ASSERT_EQUAL(err.rc, GW6C_EOS);
	begin();
	receive_error = 0; /* an end */
	answer(NLMSG_ERROR, 0, 42); /* of nothing */
	answer_error(42, 0);
	CU_ASSERT_EQUAL(talk(), EIO);
}

/* --- questions ------------------------------------------------------------ */

static uint32_t metric;

static int metric_attr(const struct nlattr *attr, void *arg)
{
	CU_ASSERT_PTR_EQUAL(arg, &metric);
	if (mnl_attr_get_type(attr) == RTA_PRIORITY)
		metric = mnl_attr_get_u32(attr);
	return MNL_CB_OK;
}

static int ask(void)
{
	char room[512];
	struct nlmsghdr *message =
		linux_message(&os, room, RTM_GETROUTE, NLM_F_EXCL);

	mnl_nlmsg_put_extra_header(message, sizeof(struct rtmsg));
	metric = 0;
	return linux_ask(&os, message, sizeof(struct rtmsg), metric_attr,
			 &metric);
}

static void the_answer_is_that_to_the_question(void)
{
	const struct nlmsghdr *message = (struct nlmsghdr *)asked;

	begin();
	put_route(answer(RTM_NEWROUTE, 0, 41), 1);
	put_route(answer(RTM_NEWROUTE, 0, 42), 2);
	CU_ASSERT_EQUAL(ask(), 0);
	CU_ASSERT_EQUAL(metric, 2);
	CU_ASSERT_EQUAL(message->nlmsg_flags, NLM_F_REQUEST);
	begin();
	answer_error(41, EPERM);
	answer_error(42, ENETUNREACH);
	CU_ASSERT_EQUAL(ask(), ENETUNREACH);
	CU_ASSERT_EQUAL(metric, 0);
}

static void no_answer_is_an_error(void)
{
	begin();
	send_error = EACCES;
	put_route(answer(RTM_NEWROUTE, 0, 42), 2);
	CU_ASSERT_EQUAL(ask(), EACCES);
	begin();
	CU_ASSERT_EQUAL(ask(), ENOBUFS);
	begin();
	put_route(answer(RTM_NEWROUTE, 0, 42), 2);
	answers[0].len--; /* cut off */
	CU_ASSERT_EQUAL(ask(), EIO);
	CU_ASSERT_EQUAL(metric, 0);
}

/* --- dumps ---------------------------------------------------------------- */

static uint32_t sum; /* of the metrics found */

static int route_found(const struct nlmsghdr *one, void *arg)
{
	CU_ASSERT_PTR_EQUAL(arg, &sum);
	mnl_attr_parse(one, sizeof(struct rtmsg), metric_attr, &metric);
	sum += metric;
	return MNL_CB_OK;
}

static int dump(void)
{
	char room[512];
	struct nlmsghdr *message =
		linux_message(&os, room, RTM_GETROUTE, NLM_F_EXCL);
	int error;

	sum = 0;
	mnl_nlmsg_put_extra_header(message, sizeof(struct rtmsg));
	error = linux_dump(&os, message, route_found, &sum);
	message = (struct nlmsghdr *)asked;
	CU_ASSERT_EQUAL(message->nlmsg_flags, NLM_F_REQUEST | NLM_F_DUMP);
	return error;
}

/* Routes in two datagrams and the end in a third; one of them all says that
 * something has changed, -1: none. */
static void answer_dump(int changed)
{
	uint16_t flags[5] = { 0 };

	if (changed >= 0)
		flags[changed] = NLM_F_DUMP_INTR;
	put_route(answer(RTM_NEWROUTE, NLM_F_MULTI, 41), 1000);
	put_route(answer(RTM_NEWROUTE, NLM_F_MULTI | flags[0], 42), 1);
	put_route(put(RTM_NEWROUTE, NLM_F_MULTI | flags[1], 42), 2);
	put_route(put(RTM_NEWROUTE, NLM_F_MULTI | flags[2], 42), 4);
	put_route(answer(RTM_NEWROUTE, NLM_F_MULTI | flags[3], 42), 8);
	end(answer(NLMSG_DONE, NLM_F_MULTI | flags[4], 42));
	answer_error(42, EPERM); /* what is behind the end */
}

static void a_dump_is_all_there_are(void)
{
	begin();
	answer_dump(-1);
	CU_ASSERT_EQUAL(dump(), 0);
	CU_ASSERT_EQUAL(sum, 15);
	CU_ASSERT_EQUAL(answers_at, 4);
	CU_ASSERT_EQUAL(asks, 1);
}

/* Whoever asks next gets nothing of it. */
static void a_change_meanwhile_is_told_at_the_end(void)
{
	for (int changed = 0; changed < 5; changed++) {
		begin();
		answer_dump(changed);
		CU_ASSERT_EQUAL(dump(), EINTR);
		CU_ASSERT_EQUAL(answers_at, 4);
		CU_ASSERT_EQUAL(asks, 1);
	}
}

static void a_dump_that_fails_is_an_error(void)
{
	begin();
	send_error = EACCES;
	answer_dump(-1);
	CU_ASSERT_EQUAL(dump(), EACCES);
	CU_ASSERT_EQUAL(answers_at, 0);
	begin();
	put_route(answer(RTM_NEWROUTE, NLM_F_MULTI, 42), 1);
	CU_ASSERT_EQUAL(dump(), ENOBUFS);
	begin();
	answer_error(42, EPERM);
	answer_error(42, EEXIST);
	CU_ASSERT_EQUAL(dump(), EPERM);
	CU_ASSERT_EQUAL(answers_at, 1);
}

/* --- the socket, and links ------------------------------------------------ */

static void the_socket_is_opened_and_closed(void)
{
	begin();
	os.talk = NULL;
	options = closed = 0;
	CU_ASSERT_EQUAL(linux_open_talk(&os, &err), GW6C_OK);
	CU_ASSERT_EQUAL(options, 2);
	linux_close_talk(&os);
	CU_ASSERT_EQUAL(closed, 1);
	bind_error = EADDRINUSE;
	CU_ASSERT_EQUAL(linux_open_talk(&os, &err), GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(err.text, "rtnetlink: Address already in use");
	open_error = EPROTONOSUPPORT;
	CU_ASSERT_EQUAL(linux_open_talk(&os, &err), GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(err.text, "rtnetlink: Protocol not supported");
	linux_close_talk(&os); /* that was never opened */
	CU_ASSERT_EQUAL(closed, 1);
}

static int step_on(linux_step_fn *fn, const char *dev, uint32_t value, bool add)
{
	struct gw6c_step step = { .value = value };

	snprintf(step.dev, sizeof(step.dev), "%s", dev);
	return fn(&os, &plan, &step, add, &err);
}

static int mtu_attr(const struct nlattr *attr, void *arg)
{
	if (mnl_attr_get_type(attr) == IFLA_MTU)
		*(uint32_t *)arg = mnl_attr_get_u32(attr);
	return MNL_CB_OK;
}

static void the_mtu_is_set(void)
{
	const struct nlmsghdr *message = (struct nlmsghdr *)asked;
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(message);
	uint32_t mtu = 0;

	begin();
	answer_error(42, 0);
	CU_ASSERT_EQUAL(step_on(linux_mtu_step, "", 1280, true), GW6C_OK);
	CU_ASSERT_EQUAL(message->nlmsg_type, RTM_NEWLINK);
	CU_ASSERT_EQUAL(message->nlmsg_flags, NLM_F_REQUEST | NLM_F_ACK);
	CU_ASSERT_EQUAL(info->ifi_family, AF_UNSPEC);
	CU_ASSERT_EQUAL(info->ifi_index, INDEX);
	mnl_attr_parse(message, sizeof(*info), mtu_attr, &mtu);
	CU_ASSERT_EQUAL(mtu, 1280);
	CU_ASSERT_EQUAL(step_on(linux_mtu_step, "", 1279, true), GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(err.text, "IPv6 needs an MTU of at least 1280");
	CU_ASSERT_EQUAL(asks, 1);
	answer_error(43, EINVAL);
	CU_ASSERT_EQUAL(step_on(linux_mtu_step, "gw6c0", 9999, true), GW6C_EOS);
}

static void the_interface_is_taken_up(void)
{
	const struct nlmsghdr *message = (struct nlmsghdr *)asked;
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(message);

	begin();
	answer_error(42, 0);
	CU_ASSERT_EQUAL(step_on(linux_up_step, "", 0, true), GW6C_OK);
	CU_ASSERT_EQUAL(info->ifi_index, INDEX);
	CU_ASSERT_EQUAL(info->ifi_flags, IFF_UP);
	CU_ASSERT_EQUAL(info->ifi_change, IFF_UP);
	answer_error(43, EPERM);
	CU_ASSERT_EQUAL(step_on(linux_up_step, "", 0, true), GW6C_EOS);
}

static void what_goes_with_the_interface_is_not_undone(void)
{
	begin();
	CU_ASSERT_EQUAL(step_on(linux_mtu_step, "", 0, false), GW6C_OK);
	CU_ASSERT_EQUAL(step_on(linux_up_step, "", 0, false), GW6C_OK);
	CU_ASSERT_EQUAL(step_on(linux_mtu_step, "x", 1280, true), GW6C_ENET);
	CU_ASSERT_STRING_EQUAL(err.text, "there is no interface \"x\"");
	CU_ASSERT_EQUAL(step_on(linux_up_step, "x", 0, true), GW6C_ENET);
	CU_ASSERT_EQUAL(asks, 0);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(a_request_has_the_next_number),
		UNIT_TEST(each_family_has_its_addresses),
		UNIT_TEST(the_verdict_is_that_of_the_request),
		UNIT_TEST(the_words_of_the_kernel_are_told),
		UNIT_TEST(silence_is_an_error),
		UNIT_TEST(the_answer_is_that_to_the_question),
		UNIT_TEST(no_answer_is_an_error),
		UNIT_TEST(a_dump_is_all_there_are),
		UNIT_TEST(a_change_meanwhile_is_told_at_the_end),
		UNIT_TEST(a_dump_that_fails_is_an_error),
		UNIT_TEST(the_socket_is_opened_and_closed),
		UNIT_TEST(the_mtu_is_set),
		UNIT_TEST(the_interface_is_taken_up),
		UNIT_TEST(what_goes_with_the_interface_is_not_undone),
	};

	return UNIT_RUN("linux_rtnl", tests);
}
