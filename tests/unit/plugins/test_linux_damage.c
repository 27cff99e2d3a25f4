/* test_linux_damage.c - which events of rtnetlink mean that something of ours
 * is gone. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "plugins/os/linux.h"
#include "tests/unit/unit.h"
#include <errno.h>
#include <ifaddrs.h>
#include <libmnl/libmnl.h>
#include <linux/netconf.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <sys/ioctl.h>

#define OWN 7
#define FORMER 6 /* an interface of ours that has gone */
#define FOREIGN 3
#define METRIC 2048

static struct linux_os os;
static bool forwards[2]; /* at present: IPv4, IPv6 */

/* --- instead of linux_watch.c and linux_sysctl.c -------------------------- */

unsigned linux_present(const struct linux_os *given)
{
	(void)given;
	return OWN;
}

bool linux_is_own(const struct linux_os *given, unsigned index)
{
	(void)given;
	return index == OWN || index == FORMER;
}

int linux_family(const struct gw6c_addr *addr)
{
	return addr->family == 4 ? AF_INET : AF_INET6;
}

size_t linux_octets(const struct gw6c_addr *addr)
{
	return addr->family == 4 ? 4 : 16;
}

bool linux_forwards(uint8_t family)
{
	return forwards[family == 6];
}

struct nlmsghdr *linux_message(struct linux_os *given, void *at, uint16_t type,
			       uint16_t flags)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(at);

	(void)given;
	message->nlmsg_type = type;
	message->nlmsg_flags = flags;
	return message;
}

/* How often somebody changes the routes while they are told; and whether ours
 * are still there then. */
static struct {
	int changes, asked;
	bool there;
	int error; /* errno */
} kernel;

static void tell_routes(int (*found)(const struct nlmsghdr *one, void *arg),
			void *arg);

int linux_dump(struct linux_os *given, struct nlmsghdr *message,
	       int (*found)(const struct nlmsghdr *one, void *arg), void *arg)
{
	(void)given;
	CU_ASSERT_EQUAL(message->nlmsg_type, RTM_GETROUTE);
	kernel.asked++;
	if (kernel.there || kernel.changes)
		tell_routes(found, arg);
	return kernel.changes && kernel.changes-- ? EINTR : kernel.error;
}

/* --- events --------------------------------------------------------------- */

static _Alignas(struct nlmsghdr) char room[1024];

struct route {
	uint16_t event, flags;
	uint8_t type, table;
	const char *dst; /* "::/0" is NULL */
	uint8_t bits;
	uint32_t metric, oif;
	unsigned info_flags;
	uint8_t protocol;
};

#define REPLACED                                                               \
	.event = RTM_NEWROUTE, .flags = NLM_F_REPLACE, .type = RTN_UNICAST,    \
	.table = RT_TABLE_MAIN, .metric = METRIC, .oif = FOREIGN
#define DELETED                                                                \
	.event = RTM_DELROUTE, .type = RTN_UNICAST, .table = RT_TABLE_MAIN,    \
	.metric = METRIC, .oif = OWN

static const struct nlmsghdr *event_of(const struct route *route)
{
	struct nlmsghdr *event = mnl_nlmsg_put_header(room);
	struct rtmsg *info = mnl_nlmsg_put_extra_header(event, sizeof(*info));
	struct gw6c_addr dst;

	event->nlmsg_type = route->event;
	event->nlmsg_flags = route->flags;
	info->rtm_family = AF_INET6;
	info->rtm_type = route->type;
	info->rtm_table = route->table;
	info->rtm_dst_len = route->bits;
	info->rtm_flags = route->info_flags;
	info->rtm_protocol = route->protocol;
	if (route->dst && gw6c_addr_parse(route->dst, &dst))
		mnl_attr_put(event, RTA_DST, 16, dst.octets);
	mnl_attr_put_u32(event, RTA_PRIORITY, route->metric);
	mnl_attr_put_u32(event, RTA_OIF, route->oif);
	return event;
}

static const char *damage_by(struct route route)
{
	const char *damage = linux_damage(&os, event_of(&route));

	return damage ? damage : "none";
}
#define DAMAGE(want, ...)                                                      \
	CU_ASSERT_STRING_EQUAL(damage_by((struct route){ __VA_ARGS__ }), want)
#define WAS_REPLACED "a route of the tunnel was replaced"
#define WAS_REMOVED "a route of the tunnel was removed"

static void note(enum gw6c_verb verb, const char *dst, uint8_t bits,
		 uint32_t metric, bool add)
{
	struct gw6c_step step = { .verb = (uint16_t)verb, .value = metric };

	gw6c_addr_parse(dst, &step.dst);
	step.dst.bits = bits;
	linux_note_route(&os, &step, add);
}

/* Those that begin() sets, with two of others. */
static void tell_routes(int (*found)(const struct nlmsghdr *one, void *arg),
			void *arg)
{
	static const struct route routes[] = {
		{ DELETED, .table = 77 },
		{ DELETED },
		{ DELETED, .metric = METRIC + 1 },
		{ DELETED, .dst = "2001:db8::", .bits = 48, .metric = 4096,
		  .type = RTN_UNREACHABLE },
	};

	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++)
		CU_ASSERT_EQUAL(found(event_of(&routes[i]), arg), MNL_CB_OK);
}

static void begin(void)
{
	struct mnl_socket *talk = os.talk;

	os = (struct linux_os){ .talk = talk };
	note(GW6C_ROUTE, "::", 0, METRIC, true);
	note(GW6C_REJECT, "2001:db8::", 48, 4096, true);
}

static void a_route_in_the_place_of_ours_is_damage(void)
{
	begin();
	DAMAGE(WAS_REPLACED, REPLACED);
	DAMAGE(WAS_REPLACED, REPLACED, .type = RTN_UNREACHABLE);
	DAMAGE(WAS_REPLACED, REPLACED, .type = RTN_BLACKHOLE, .oif = OWN);
	DAMAGE("none", REPLACED, .oif = OWN);
	DAMAGE("none", REPLACED, .flags = NLM_F_CREATE);
	DAMAGE("none", REPLACED, .metric = METRIC - 1);
	DAMAGE("none", REPLACED, .table = 77);
	DAMAGE("none", REPLACED, .dst = "2001:db8:1::", .bits = 48);
	note(GW6C_ROUTE, "::", 0, METRIC, false);
	DAMAGE("none", REPLACED);
}

static void the_rest_of_a_prefix_must_be_unreachable(void)
{
	begin();
	DAMAGE(WAS_REPLACED, REPLACED, .dst = "2001:db8::", .bits = 48,
	       .metric = 4096, .oif = OWN);
	DAMAGE(WAS_REPLACED, REPLACED, .dst = "2001:db8::", .bits = 48,
	       .metric = 4096, .type = RTN_BLACKHOLE);
	DAMAGE("none", REPLACED, .dst = "2001:db8::", .bits = 48,
	       .metric = 4096, .type = RTN_UNREACHABLE);
}

static void a_route_that_goes_is_damage(void)
{
	begin();
	DAMAGE(WAS_REMOVED, DELETED);
	DAMAGE(WAS_REMOVED, DELETED, .oif = FOREIGN); /* had ours replaced */
	DAMAGE("none", DELETED, .oif = FORMER);
	DAMAGE("none", DELETED, .metric = 1024);
	DAMAGE("none", DELETED, .table = 77);
	DAMAGE("none", DELETED, .info_flags = RTM_F_CLONED);
	DAMAGE("none", DELETED, .event = RTM_NEWROUTE);
}

/* Set and taken back again and again, as in many tunnels of a long run. */
static void there_is_room_for_the_next(void)
{
	struct gw6c_step step = { .verb = GW6C_ADDR, .dev = "lan0" };

	begin();
	gw6c_addr_parse("2001:db8::1", &step.dst);
	for (int i = 0; i < 3 * LINUX_ROUTES; i++) {
		note(GW6C_ROUTE, "2001:db8:7::", 48, METRIC, true);
		note(GW6C_ROUTE, "2001:db8:7::", 48, METRIC, false);
		linux_note_lan(&os, &step, true);
		linux_note_lan(&os, &step, false);
	}
	for (int i = 2; i < LINUX_ROUTES; i++)
		note(GW6C_ROUTE, "2001:db8:7::", 48, METRIC + (uint32_t)i,
		     true);
	DAMAGE(WAS_REMOVED, DELETED, .dst = "2001:db8:7::", .bits = 48,
	       .metric = METRIC + LINUX_ROUTES - 1);
	DAMAGE(WAS_REMOVED, DELETED);
	note(GW6C_ROUTE, "2001:db8:9::", 48, METRIC, true); /* no room */
	DAMAGE("none", DELETED, .dst = "2001:db8:9::", .bits = 48);
	for (int i = 0; i < LINUX_LANS; i++) {
		step.dst.octets[15] = (uint8_t)i;
		linux_note_lan(&os, &step, true);
	}
	for (int i = 0; i < LINUX_LANS; i++) {
		CU_ASSERT_STRING_EQUAL(os.lan[i].dev, "lan0");
		CU_ASSERT_EQUAL(os.lan[i].addr.octets[15], i);
	}
}

static void what_we_ask_for_is_no_damage(void)
{
	struct nlmsghdr *event = (struct nlmsghdr *)room;

	begin();
	event_of(&(struct route){ DELETED });
	event->nlmsg_pid = mnl_socket_get_portid(os.talk);
	CU_ASSERT_PTR_NULL(linux_damage(&os, event));
	event->nlmsg_pid++;
	CU_ASSERT_PTR_NOT_NULL(linux_damage(&os, event));
}

static bool counts(struct route route)
{
	return linux_route_counts(&os, event_of(&route));
}

static void routes_of_others_count(void)
{
	static const uint8_t types[] = { RTN_UNREACHABLE, RTN_BLACKHOLE,
					 RTN_PROHIBIT };

	begin();
	CU_ASSERT_TRUE(counts((struct route){ REPLACED }));
	for (size_t i = 0; i < sizeof(types); i++)
		CU_ASSERT_TRUE(
			counts((struct route){ REPLACED, .type = types[i] }));
	CU_ASSERT_FALSE(counts((struct route){ REPLACED, .type = RTN_LOCAL }));
	CU_ASSERT_FALSE(counts((struct route){ REPLACED, .oif = OWN }));
	CU_ASSERT_FALSE(counts((struct route){ REPLACED, .table = 77 }));
	CU_ASSERT_FALSE(
		counts((struct route){ REPLACED, .protocol = LINUX_PROTOCOL }));
	CU_ASSERT_FALSE(
		counts((struct route){ REPLACED, .info_flags = RTM_F_CLONED }));
}

/* --- forwarding ----------------------------------------------------------- */

static const char *netconf(uint8_t family, int index)
{
	struct nlmsghdr *event = mnl_nlmsg_put_header(room);
	struct netconfmsg *info =
		mnl_nlmsg_put_extra_header(event, sizeof(*info));
	const char *damage;

	event->nlmsg_type = RTM_NEWNETCONF;
	info->ncm_family = family;
	mnl_attr_put_u32(event, NETCONFA_IFINDEX, (uint32_t)index);
	damage = linux_damage(&os, event);
	return linux_damage_holds(&os, damage) ? damage : "none";
}

static void forwarding_that_is_off_is_damage(void)
{
	static const struct {
		uint8_t family, af;
		const char *off;
	} both[] = {
		{ 4, AF_INET, "IPv4 forwarding was switched off" },
		{ 6, AF_INET6, "IPv6 forwarding was switched off" },
	};

	for (int i = 0; i < 2; i++) {
		const uint8_t af = both[i].af;

		begin();
		forwards[i] = false;
		forwards[!i] = true;
		CU_ASSERT_STRING_EQUAL(netconf(af, NETCONFA_IFINDEX_ALL),
				       "none");
		linux_note_forward(&os, both[i].family, true);
		CU_ASSERT_STRING_EQUAL(netconf(af, NETCONFA_IFINDEX_ALL),
				       both[i].off);
		CU_ASSERT_STRING_EQUAL(netconf(af, FOREIGN), "none");
		CU_ASSERT_STRING_EQUAL(netconf(both[!i].af,
					       NETCONFA_IFINDEX_ALL),
				       "none");
		forwards[i] = true; /* again, meanwhile */
		CU_ASSERT_STRING_EQUAL(netconf(af, NETCONFA_IFINDEX_ALL),
				       "none");
		forwards[i] = false;
		linux_note_forward(&os, both[i].family, false);
		CU_ASSERT_STRING_EQUAL(netconf(af, NETCONFA_IFINDEX_ALL),
				       "none");
	}
	CU_ASSERT_FALSE(linux_damage_holds(&os, NULL));
	CU_ASSERT_TRUE(linux_damage_holds(&os, "a route"));
}

/* --- addresses of networks behind us -------------------------------------- */

static struct sockaddr_in6 there = { .sin6_family = AF_INET6 };
static struct ifaddrs on_lan = { .ifa_name = (char *)"lan0",
				 .ifa_addr = (struct sockaddr *)&there };
static bool has_lan;

unsigned if_nametoindex(const char *name)
{
	return has_lan && strcmp(name, on_lan.ifa_name) == 0 ? FOREIGN : 0;
}

int getifaddrs(struct ifaddrs **list)
{
	*list = &on_lan;
	return 0;
}

void freeifaddrs(struct ifaddrs *list)
{
	(void)list;
}

static void lose(const char *address)
{
	struct nlmsghdr *event = mnl_nlmsg_put_header(room);
	struct ifaddrmsg *info =
		mnl_nlmsg_put_extra_header(event, sizeof(*info));
	struct gw6c_addr addr;

	gw6c_addr_parse(address, &addr);
	event->nlmsg_type = RTM_DELADDR;
	info->ifa_family = AF_INET6;
	mnl_attr_put(event, IFA_ADDRESS, 16, addr.octets);
	linux_lan_lost(&os, event);
}

static void only_an_address_that_is_missing_is_damage(void)
{
	struct gw6c_step step = { .verb = GW6C_ADDR, .dev = "lan0" };

	begin();
	gw6c_addr_parse("2001:db8::1", &step.dst);
	linux_note_lan(&os, &step, true);
	memcpy(&there.sin6_addr, step.dst.octets, 16);
	has_lan = true;
	there.sin6_addr.s6_addr[15] = 2;
	CU_ASSERT_PTR_NULL(linux_lan_damage(&os)); /* nobody said so */
	there.sin6_addr.s6_addr[15] = 1;
	CU_ASSERT_PTR_NULL(linux_lan_damage(&os));
	lose("2001:db8::1"); /* and it is there again */
	CU_ASSERT_PTR_NULL(linux_lan_damage(&os));
	there.sin6_addr.s6_addr[15] = 2;
	CU_ASSERT_PTR_NULL(linux_lan_damage(&os));
	lose("2001:db8::2");
	CU_ASSERT_PTR_NULL(linux_lan_damage(&os));
	lose("2001:db8::1");
	has_lan = false;
	CU_ASSERT_PTR_NULL(linux_lan_damage(&os));
	has_lan = true;
	CU_ASSERT_STRING_EQUAL(linux_lan_damage(&os),
			       "an address of the network behind us was "
			       "removed");
	linux_note_lan(&os, &step, false);
	CU_ASSERT_PTR_NULL(linux_lan_damage(&os));
}

static bool has_own;

char *if_indextoname(unsigned index, char name[IF_NAMESIZE])
{
	return index == OWN && has_own ? strcpy(name, "lo") : NULL;
}

static bool is_down, no_flags;

int ioctl(int fd, unsigned long what, ...)
{
	struct ifreq *request;
	va_list args;

	(void)fd;
	va_start(args, what);
	request = va_arg(args, struct ifreq *);
	va_end(args);
	CU_ASSERT_EQUAL(what, SIOCGIFFLAGS);
	request->ifr_flags = is_down ? 0 : IFF_UP;
	return no_flags ? -1 : 0;
}

static const char *looked_for(void)
{
	const char *damage = linux_any_damage(&os);

	return damage ? damage : "none";
}

static void an_interface_that_is_down_is_found(void)
{
	begin();
	has_own = kernel.there = is_down = true;
	CU_ASSERT_STRING_EQUAL(looked_for(),
			       "the tunnel interface was taken down");
	no_flags = true; /* it cannot be asked */
	CU_ASSERT_STRING_EQUAL(looked_for(), "none");
	no_flags = is_down = false;
	CU_ASSERT_STRING_EQUAL(looked_for(), "none");
	has_own = kernel.there = false;
}

static void addresses_behind_us_are_looked_for(void)
{
	struct gw6c_step step = { .verb = GW6C_ADDR, .dev = "x" };

	begin();
	has_own = kernel.there = has_lan = true;
	on_lan.ifa_name = (char *)"x";
	gw6c_addr_parse("2001:db8::1", &step.dst);
	linux_note_lan(&os, &step, true);
	there.sin6_addr.s6_addr[15] = 2;
	CU_ASSERT_STRING_EQUAL(looked_for(), "none");
	CU_ASSERT_PTR_NOT_NULL(linux_lan_damage(&os));
	on_lan.ifa_name = (char *)"lan0";
	has_own = kernel.there = has_lan = false;
}

static void an_address_that_goes_is_damage(void)
{
	static const struct {
		unsigned index;
		uint8_t scope;
		bool damage;
	} cases[] = { { OWN, RT_SCOPE_UNIVERSE, true },
		      { OWN, RT_SCOPE_LINK, false },
		      { FOREIGN, RT_SCOPE_UNIVERSE, false } };

	begin();
	for (int i = 0; i < 3; i++) {
		struct nlmsghdr *event = mnl_nlmsg_put_header(room);
		struct ifaddrmsg *info =
			mnl_nlmsg_put_extra_header(event, sizeof(*info));

		event->nlmsg_type = RTM_DELADDR;
		info->ifa_index = cases[i].index;
		info->ifa_scope = cases[i].scope;
		CU_ASSERT_EQUAL(linux_damage(&os, event) != NULL,
				cases[i].damage);
	}
}

/* What can be asked for is; what cannot is no damage. */
static void damage_is_looked_for(void)
{
	begin();
	has_own = false;
	CU_ASSERT_STRING_EQUAL(linux_any_damage(&os),
			       "the tunnel interface was deleted");
	has_own = true;
	kernel.there = true;
	CU_ASSERT_PTR_NULL(linux_any_damage(&os));
	forwards[0] = forwards[1] = false;
	CU_ASSERT_PTR_NULL(linux_any_damage(&os));
	linux_note_forward(&os, 6, true);
	CU_ASSERT_STRING_EQUAL(linux_any_damage(&os),
			       "IPv6 forwarding was switched off");
	linux_note_forward(&os, 4, true);
	CU_ASSERT_STRING_EQUAL(linux_any_damage(&os),
			       "IPv4 forwarding was switched off");
	forwards[0] = forwards[1] = true;
	CU_ASSERT_PTR_NULL(linux_any_damage(&os));
	has_own = false;
}

/* What was told while others made changes is asked for anew, from the
 * beginning; but not for ever. */
static void routes_are_looked_for(void)
{
	begin();
	has_own = true;
	for (int changes = 0; changes < 8; changes++) {
		for (int left = 0; left < 2; left++) {
			const char *damage;

			kernel.changes = changes;
			kernel.there = left;
			kernel.asked = 0;
			damage = linux_any_damage(&os);
			CU_ASSERT_EQUAL(kernel.asked,
					changes < 4 ? changes + 1 : 4);
			CU_ASSERT_STRING_EQUAL(damage ? damage : "none",
					       !left && changes < 4
						       ? WAS_REMOVED
						       : "none");
		}
	}
	kernel.changes = 0;
	kernel.asked = 0;
	kernel.there = false;
	kernel.error = EPERM; /* it does not tell */
	CU_ASSERT_PTR_NULL(linux_any_damage(&os));
	CU_ASSERT_EQUAL(kernel.asked, 1);
	kernel.error = 0;
	has_own = false;
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(a_route_in_the_place_of_ours_is_damage),
		UNIT_TEST(the_rest_of_a_prefix_must_be_unreachable),
		UNIT_TEST(a_route_that_goes_is_damage),
		UNIT_TEST(there_is_room_for_the_next),
		UNIT_TEST(what_we_ask_for_is_no_damage),
		UNIT_TEST(routes_of_others_count),
		UNIT_TEST(forwarding_that_is_off_is_damage),
		UNIT_TEST(damage_is_looked_for),
		UNIT_TEST(routes_are_looked_for),
		UNIT_TEST(an_interface_that_is_down_is_found),
		UNIT_TEST(addresses_behind_us_are_looked_for),
		UNIT_TEST(an_address_that_goes_is_damage),
		UNIT_TEST(only_an_address_that_is_missing_is_damage),
	};

	os.talk = mnl_socket_open(NETLINK_ROUTE);
	if (!os.talk || mnl_socket_bind(os.talk, 0, MNL_SOCKET_AUTOPID) < 0)
		return 77;
	return UNIT_RUN("linux_damage", tests);
}
