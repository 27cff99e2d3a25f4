/* test_linux_kernel.c - which interfaces the kernel is asked for, when it moves
 * the packets: on a kernel that is made up here. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "plugins/os/linux.h"
#include "tests/fake/fake_host.h"
#include "tests/unit/unit.h"
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/if_tunnel.h>
#include <linux/ip6_tunnel.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>

#define INDEX 7

static struct fake_host fake;
static struct linux_os os;
static struct gw6c_plan plan;
static struct gw6c_err err;

/* --- the kernel ----------------------------------------------------------- */

/* What it was asked to make, and what it answers. */
static struct {
	int calls, removed;
	uint16_t flags;
	char name[IF_NAMESIZE], kind[16];
	uint8_t local[16], remote[16], ttl, protocol;
	size_t local_len, remote_len;
	int discovers; /* path MTU; -1: not said */
	uint32_t tunnel_flags;
	int error; /* errno */
	const char *there; /* an interface, or NULL */
	const char *alias; /* of it */
} kernel;

static char prepared[64], conf[128];
static bool has_conf;
static int tuns, ups;

static int data_attr(const struct nlattr *attr, void *arg)
{
	const void *at = mnl_attr_get_payload(attr);
	size_t len = mnl_attr_get_payload_len(attr);

	(void)arg;
	switch (mnl_attr_get_type(attr)) {
	case IFLA_IPTUN_LOCAL:
		memcpy(kernel.local, at, kernel.local_len = len);
		break;
	case IFLA_IPTUN_REMOTE:
		memcpy(kernel.remote, at, kernel.remote_len = len);
		break;
	case IFLA_IPTUN_TTL:
		kernel.ttl = mnl_attr_get_u8(attr);
		break;
	case IFLA_IPTUN_PROTO:
		kernel.protocol = mnl_attr_get_u8(attr);
		break;
	case IFLA_IPTUN_PMTUDISC:
		kernel.discovers = mnl_attr_get_u8(attr);
		break;
	case IFLA_IPTUN_FLAGS:
		kernel.tunnel_flags = mnl_attr_get_u32(attr);
		break;
	default:
		break;
	}
	return MNL_CB_OK;
}

static int info_attr(const struct nlattr *attr, void *arg)
{
	(void)arg;
	if (mnl_attr_get_type(attr) == IFLA_INFO_KIND)
		snprintf(kernel.kind, sizeof(kernel.kind), "%s",
			 mnl_attr_get_str(attr));
	if (mnl_attr_get_type(attr) == IFLA_INFO_DATA)
		mnl_attr_parse_nested(attr, data_attr, NULL);
	return MNL_CB_OK;
}

static int link_attr(const struct nlattr *attr, void *arg)
{
	(void)arg;
	if (mnl_attr_get_type(attr) == IFLA_IFNAME)
		snprintf(kernel.name, sizeof(kernel.name), "%s",
			 mnl_attr_get_str(attr));
	if (mnl_attr_get_type(attr) == IFLA_LINKINFO)
		mnl_attr_parse_nested(attr, info_attr, NULL);
	return MNL_CB_OK;
}

struct nlmsghdr *linux_message(struct linux_os *given, void *room,
			       uint16_t type, uint16_t flags)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(room);

	(void)given;
	message->nlmsg_type = type;
	message->nlmsg_flags = flags;
	return message;
}

int linux_talk(struct linux_os *given, struct nlmsghdr *message,
	       struct gw6c_err *out)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(message);

	(void)given;
	kernel.calls++;
	kernel.flags = message->nlmsg_flags;
	if (message->nlmsg_type == RTM_DELLINK)
		kernel.removed = info->ifi_index;
	else
		mnl_attr_parse(message, sizeof(*info), link_attr, NULL);
	if (kernel.error)
		gw6c_fail(out, GW6C_EOS, "the kernel says so");
	return kernel.error;
}

/* Of the interface there is. */
int linux_ask(struct linux_os *given, struct nlmsghdr *message, size_t header,
	      int (*found)(const struct nlattr *attr, void *arg), void *arg)
{
	const struct ifinfomsg *asked = mnl_nlmsg_get_payload(message);
	_Alignas(struct nlmsghdr) char room[256];
	struct nlmsghdr *answer = mnl_nlmsg_put_header(room);

	(void)given;
	CU_ASSERT_EQUAL(asked->ifi_index, INDEX);
	CU_ASSERT_EQUAL(asked->ifi_family, AF_UNSPEC);
	mnl_nlmsg_put_extra_header(answer, header);
	mnl_attr_put_strz(answer, IFLA_IFNAME, "gw6c");
	if (kernel.alias)
		mnl_attr_put_strz(answer, IFLA_IFALIAS, kernel.alias);
	return mnl_attr_parse(answer, (unsigned)header, found, arg) < 0;
}

unsigned if_nametoindex(const char *name)
{
	return kernel.there && strcmp(kernel.there, name) == 0 ? INDEX : 0;
}

/* --- the other files of the backend --------------------------------------- */

const char *linux_dev(const struct gw6c_plan *of, const struct gw6c_step *step)
{
	return step->dev[0] ? step->dev : of->dev;
}

int linux_choose_name(const char *wish, char name[IF_NAMESIZE],
		      struct gw6c_err *out)
{
	if (strcmp(wish, "taken") == 0)
		return gw6c_fail(out, GW6C_EOS, "taken");
	snprintf(name, IF_NAMESIZE, "%s", *wish ? wish : "none");
	return GW6C_OK;
}

void linux_prepare(struct linux_os *given, const char *name)
{
	(void)given;
	snprintf(prepared, sizeof(prepared), "%s", name);
}

int linux_tun_add(struct linux_os *given, struct gw6c_plan *of,
		  struct gw6c_step *step, struct gw6c_err *out)
{
	(void)given;
	(void)step;
	(void)out;
	of->fd = 3;
	tuns++;
	return GW6C_OK;
}

bool linux_conf_set(const char *dev, const char *key, const char *value)
{
	snprintf(conf, sizeof(conf), "%s %s=%s", dev, key, value);
	errno = EROFS;
	return has_conf;
}

int linux_up_step(struct linux_os *given, struct gw6c_plan *of,
		  struct gw6c_step *step, bool add, struct gw6c_err *out)
{
	(void)given;
	(void)of;
	(void)out;
	CU_ASSERT_STRING_EQUAL(step->dev, kernel.name);
	CU_ASSERT_EQUAL(step->verb, GW6C_UP);
	CU_ASSERT_TRUE(add);
	ups++;
	return GW6C_OK;
}

/* --- tests ---------------------------------------------------------------- */

static void begin(int error)
{
	fake_host_init(&fake);
	os = (struct linux_os){ .host = &fake.host };
	plan = (struct gw6c_plan){ .size = sizeof(plan), .fd = -1 };
	err = (struct gw6c_err){ 0 };
	memset(&kernel, 0, sizeof(kernel));
	kernel.error = error;
	kernel.discovers = -1;
	prepared[0] = conf[0] = 0;
	has_conf = true;
	tuns = ups = 0;
}

static struct gw6c_step between(enum gw6c_link kind, const char *local,
				const char *remote, uint32_t value)
{
	struct gw6c_step step = { .verb = GW6C_LINK,
				  .kind = (uint16_t)kind,
				  .value = value };

	snprintf(step.dev, sizeof(step.dev), "tun7");
	gw6c_addr_parse(local, &step.local);
	gw6c_addr_parse(remote, &step.remote);
	return step;
}

static struct gw6c_step sit(void)
{
	return between(GW6C_SIT, "192.0.2.1", "198.51.100.2", 64);
}

static struct gw6c_step ip6tnl(void)
{
	return between(GW6C_IP6TNL, "2001:db8::1", "2001:db8:9::2", 63);
}

static struct gw6c_step sink(const char *local, uint32_t protocol)
{
	return between(GW6C_RAW_SINK, local, "", protocol);
}

static void sit_is_ipv6_in_ipv4(void)
{
	struct gw6c_step step = sit();

	begin(0);
	CU_ASSERT_EQUAL(linux_kernel_add(&os, &plan, &step, &err), GW6C_OK);
	CU_ASSERT_EQUAL(kernel.flags, NLM_F_CREATE | NLM_F_EXCL);
	CU_ASSERT_STRING_EQUAL(kernel.name, "tun7");
	CU_ASSERT_STRING_EQUAL(kernel.kind, "sit");
	CU_ASSERT_EQUAL(kernel.local_len, 4);
	CU_ASSERT_EQUAL(kernel.remote_len, 4);
	CU_ASSERT_EQUAL(memcmp(kernel.local, step.local.octets, 4), 0);
	CU_ASSERT_EQUAL(memcmp(kernel.remote, step.remote.octets, 4), 0);
	CU_ASSERT_EQUAL(kernel.ttl, 64);
	CU_ASSERT_EQUAL(kernel.protocol, IPPROTO_IPV6);
	CU_ASSERT_EQUAL(kernel.discovers, 0);
	CU_ASSERT_EQUAL(kernel.tunnel_flags, 0);
	CU_ASSERT_STRING_EQUAL(plan.dev, "tun7");
	CU_ASSERT_STRING_EQUAL(step.saved, "tun7");
	CU_ASSERT_STRING_EQUAL(prepared, "tun7");
	CU_ASSERT_EQUAL(plan.fd, -1);
}

static void ip6tnl_is_ipv4_in_ipv6(void)
{
	struct gw6c_step step = ip6tnl();

	begin(0);
	CU_ASSERT_EQUAL(linux_kernel_add(&os, &plan, &step, &err), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(kernel.kind, "ip6tnl");
	CU_ASSERT_EQUAL(kernel.local_len, 16);
	CU_ASSERT_EQUAL(kernel.remote_len, 16);
	CU_ASSERT_EQUAL(memcmp(kernel.local, step.local.octets, 16), 0);
	CU_ASSERT_EQUAL(memcmp(kernel.remote, step.remote.octets, 16), 0);
	CU_ASSERT_EQUAL(kernel.ttl, 63);
	CU_ASSERT_EQUAL(kernel.protocol, IPPROTO_IPIP);
	CU_ASSERT_EQUAL(kernel.discovers, -1);
	CU_ASSERT_EQUAL(kernel.tunnel_flags, IP6_TNL_F_IGN_ENCAP_LIMIT);
}

static void a_kernel_without_them_gets_a_packet_device(void)
{
	struct gw6c_step step = ip6tnl();

	begin(EOPNOTSUPP);
	CU_ASSERT_EQUAL(linux_kernel_add(&os, &plan, &step, &err), GW6C_OK);
	CU_ASSERT_EQUAL(tuns, 1);
	CU_ASSERT_EQUAL(plan.fd, 3);
	CU_ASSERT_STRING_EQUAL(prepared, "");
	CU_ASSERT_STRING_EQUAL(fake.log,
			       "4 the kernel does not support ip6tnl tunnels: "
			       "forwarding packets in user space\n");
	step = sit();
	begin(EOPNOTSUPP);
	CU_ASSERT_EQUAL(linux_kernel_add(&os, &plan, &step, &err), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(fake.log,
			       "4 the kernel does not support sit tunnels: "
			       "forwarding packets in user space\n");
}

static void what_the_kernel_refuses_is_told(void)
{
	static const struct {
		int error;
		const char *text;
	} cases[] = {
		{ EEXIST, "the kernel says so; another interface has the same "
			  "two ends (see: ip tunnel show)" },
		{ ENOBUFS, "the kernel says so; another interface has the same "
			   "two ends (see: ip tunnel show)" },
		{ EPERM, "the kernel says so" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gw6c_step step = sit();

		begin(cases[i].error);
		CU_ASSERT_EQUAL(linux_kernel_add(&os, &plan, &step, &err),
				GW6C_EOS);
		CU_ASSERT_STRING_EQUAL(err.text, cases[i].text);
		CU_ASSERT_STRING_EQUAL(step.saved, "");
		CU_ASSERT_EQUAL(tuns, 0);
	}
}

static void a_name_that_is_taken_is_not_asked_for(void)
{
	struct gw6c_step step = sit();

	begin(0);
	snprintf(step.dev, sizeof(step.dev), "taken");
	CU_ASSERT_EQUAL(linux_kernel_add(&os, &plan, &step, &err), GW6C_EOS);
	CU_ASSERT_EQUAL(kernel.calls, 0);
}

static void only_what_is_ours_is_removed(void)
{
	static const struct {
		const char *saved, *there, *alias;
		int removed;
	} cases[] = {
		{ "tun7", "tun7", "gw6c", INDEX },
		{ "t", "t", "gw6c", INDEX },
		{ "tun7", "tun7", "gw6c0", 0 }, /* somebody else's by now */
		{ "tun7", "tun7", NULL, 0 },
		{ "tun7", NULL, NULL, 0 },
		{ "", "", "gw6c", 0 }, /* none was made */
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gw6c_step step = sit();

		begin(0);
		kernel.there = cases[i].there;
		kernel.alias = cases[i].alias;
		snprintf(step.saved, sizeof(step.saved), "%s", cases[i].saved);
		CU_ASSERT_EQUAL(linux_kernel_remove(&os, &step, &err), GW6C_OK);
		CU_ASSERT_EQUAL(kernel.removed, cases[i].removed);
		CU_ASSERT_EQUAL(kernel.calls, cases[i].removed != 0);
	}
}

static void a_removal_that_fails_is_told(void)
{
	static const int errors[] = { ENODEV, EPERM };
	static const int results[] = { GW6C_OK, GW6C_EOS };

	for (int i = 0; i < 2; i++) {
		struct gw6c_step step = sit();

		begin(errors[i]);
		kernel.there = "tun7";
		kernel.alias = "gw6c";
		snprintf(step.saved, sizeof(step.saved), "tun7");
		CU_ASSERT_EQUAL(linux_kernel_remove(&os, &step, &err),
				results[i]);
	}
}

/* --- what absorbs packets ------------------------------------------------- */

static void a_sink_takes_packets_of_anybody(void)
{
	static const struct {
		const char *local, *kind;
		uint32_t protocol;
		size_t len;
	} cases[] = {
		{ "192.0.2.1", "sit", IPPROTO_IPV6, 4 },
		{ "2001:db8::1", "ip6tnl", IPPROTO_IPIP, 16 },
	};

	for (size_t i = 0; i < 2; i++) {
		struct gw6c_step step = sink(cases[i].local, cases[i].protocol);
		static const uint8_t anybody[16];

		begin(0);
		CU_ASSERT_EQUAL(linux_sink_add(&os, &plan, &step, &err),
				GW6C_OK);
		CU_ASSERT_STRING_EQUAL(kernel.kind, cases[i].kind);
		CU_ASSERT_EQUAL(kernel.local_len, cases[i].len);
		CU_ASSERT_EQUAL(memcmp(kernel.local, step.local.octets,
				       cases[i].len),
				0);
		CU_ASSERT_EQUAL(memcmp(kernel.remote, anybody, 16), 0);
		CU_ASSERT_EQUAL(kernel.protocol, IPPROTO_IPV6);
		CU_ASSERT_STRING_EQUAL(kernel.name, "auto");
		CU_ASSERT_STRING_EQUAL(step.saved, "auto");
		CU_ASSERT_STRING_EQUAL(prepared, "auto");
		CU_ASSERT_STRING_EQUAL(conf, "auto disable_ipv6=1");
		CU_ASSERT_EQUAL(ups, 1);
		CU_ASSERT_STRING_EQUAL(plan.dev, ""); /* not the tunnel */
		CU_ASSERT_EQUAL(plan.fd, -1);
	}
}

static void a_sink_is_not_always_needed(void)
{
	static const int errors[] = { EOPNOTSUPP, EEXIST };
	struct gw6c_step step = sink("192.0.2.1", 253);

	begin(0);
	CU_ASSERT_EQUAL(linux_sink_add(&os, &plan, &step, &err), GW6C_OK);
	CU_ASSERT_EQUAL(kernel.calls, 0);
	for (int i = 0; i < 2; i++) {
		step = sink("192.0.2.1", IPPROTO_IPV6);
		begin(errors[i]);
		CU_ASSERT_EQUAL(linux_sink_add(&os, &plan, &step, &err),
				GW6C_OK);
		CU_ASSERT_EQUAL(kernel.calls, 1);
		CU_ASSERT_STRING_EQUAL(step.saved, "");
		CU_ASSERT_EQUAL(ups, 0);
	}
	begin(EPERM);
	CU_ASSERT_EQUAL(linux_sink_add(&os, &plan, &step, &err), GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(err.text, "the kernel says so");
}

/* With IPv6 on it, it would answer instead. */
static void a_sink_that_would_answer_goes_again(void)
{
	struct gw6c_step step = sink("192.0.2.1", IPPROTO_IPV6);

	begin(0);
	has_conf = false;
	kernel.there = "auto";
	kernel.alias = "gw6c";
	CU_ASSERT_EQUAL(linux_sink_add(&os, &plan, &step, &err), GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(err.text, "cannot disable IPv6 on auto: "
					 "Read-only file system");
	CU_ASSERT_EQUAL(kernel.removed, INDEX);
	CU_ASSERT_EQUAL(ups, 0);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(sit_is_ipv6_in_ipv4),
		UNIT_TEST(ip6tnl_is_ipv4_in_ipv6),
		UNIT_TEST(a_kernel_without_them_gets_a_packet_device),
		UNIT_TEST(what_the_kernel_refuses_is_told),
		UNIT_TEST(a_name_that_is_taken_is_not_asked_for),
		UNIT_TEST(only_what_is_ours_is_removed),
		UNIT_TEST(a_removal_that_fails_is_told),
		UNIT_TEST(a_sink_takes_packets_of_anybody),
		UNIT_TEST(a_sink_is_not_always_needed),
		UNIT_TEST(a_sink_that_would_answer_goes_again),
	};

	return UNIT_RUN("linux_kernel", tests);
}
