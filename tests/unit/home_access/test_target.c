/* test_target.c - where visitors may be taken, and where never. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "plugins/features/home_access_target.h"
#include "tests/unit/unit.h"
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#define MOST 140

/* The machine of these tests, instead of ours. */
static struct ifaddrs interfaces[MOST];
static struct sockaddr_storage rooms[MOST][2];
static int n_interfaces, freed;
static bool fail;
static struct target_world world;
static struct gw6c_lease lease;
static struct gw6c_err err;

int getifaddrs(struct ifaddrs **out)
{
	if (fail)
		return -1;
	for (int i = 0; i < n_interfaces; i++)
		interfaces[i].ifa_next =
			i + 1 < n_interfaces ? &interfaces[i + 1] : NULL;
	*out = n_interfaces ? interfaces : NULL;
	return 0;
}

void freeifaddrs(struct ifaddrs *at)
{
	CU_ASSERT_PTR_EQUAL(at, interfaces);
	freed++;
}

static void put(struct sockaddr_storage *room, const char *text)
{
	struct gw6c_addr addr = { .family = 0 };

	CU_ASSERT_TRUE_FATAL(gw6c_addr_parse(text, &addr));
	memset(room, 0, sizeof(*room));
	if (addr.family == 4) {
		struct sockaddr_in *at = (void *)room;

		at->sin_family = AF_INET;
		memcpy(&at->sin_addr, addr.octets, 4);
	} else {
		struct sockaddr_in6 *at = (void *)room;

		at->sin6_family = AF_INET6;
		memcpy(&at->sin6_addr, addr.octets, 16);
	}
}

static void add(const char *dev, unsigned flags, const char *addr,
		const char *mask)
{
	struct ifaddrs *at = &interfaces[n_interfaces];
	struct sockaddr_storage *room = rooms[n_interfaces++];

	put(&room[0], addr);
	put(&room[1], mask);
	*at = (struct ifaddrs){ .ifa_name = (char *)(uintptr_t)dev,
				.ifa_flags = flags,
				.ifa_addr = (void *)&room[0],
				.ifa_netmask = (void *)&room[1] };
}

static void begin(void)
{
	n_interfaces = freed = 0;
	fail = false;
	lease = (struct gw6c_lease){ .size = sizeof(lease) };
	gw6c_addr_parse("192.168.1.77", &lease.remote);
	gw6c_addr_parse("2001:db8:1::2", &lease.inner);
	gw6c_addr_parse("2001:db8:1::1", &lease.peer);
	add("lo", IFF_UP | IFF_LOOPBACK, "127.0.0.1", "255.0.0.0");
	add("lo", IFF_UP | IFF_LOOPBACK, "10.9.9.9", "255.255.255.0");
	add("eth0", IFF_UP, "192.168.1.2", "255.255.255.0");
	add("eth1", IFF_UP, "10.0.16.1", "255.255.240.0");
	add("eth1", IFF_UP, "fd00::5", "ffff:ffff:ffff:ffff::");
	add("eth2", 0, "10.2.2.1", "255.255.255.0");
	add("ppp0", IFF_UP | IFF_POINTOPOINT, "10.3.3.1", "255.255.255.0");
	add("tun", IFF_UP, "10.4.4.1", "255.255.255.0");
	add("eth3", IFF_UP, "10.5.5.1", "255.255.255.254");
	add("eth4", IFF_UP, "169.254.3.1", "255.255.0.0");
}

static void look(void)
{
	CU_ASSERT_TRUE(target_world_read(&world, &lease, "tun"));
	CU_ASSERT_EQUAL(freed, 1);
}

static enum target_kind kind(const char *text)
{
	struct gw6c_addr addr = { .family = 0 };

	CU_ASSERT_TRUE_FATAL(gw6c_addr_parse(text, &addr));
	err = (struct gw6c_err){ 0 };
	return target_kind(&world, &addr, &err);
}

static void is_refused(const char *text, const char *why)
{
	CU_ASSERT_EQUAL(kind(text), TARGET_REFUSED);
	CU_ASSERT_EQUAL(err.rc, GW6C_ECONFIG);
	CU_ASSERT_PTR_EQUAL(strstr(err.text, text), err.text);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, why));
}

static void neighbours_are_reached(void)
{
	begin();
	look();
	CU_ASSERT_EQUAL(kind("192.168.1.20"), TARGET_RELAYED);
	CU_ASSERT_EQUAL(kind("192.168.1.1"), TARGET_RELAYED);
	CU_ASSERT_EQUAL(kind("192.168.1.254"), TARGET_RELAYED);
	CU_ASSERT_EQUAL(kind("10.0.31.254"), TARGET_RELAYED);
	CU_ASSERT_EQUAL(kind("10.0.16.255"), TARGET_RELAYED);
	is_refused("192.168.2.1", "in no network");
	is_refused("192.168.1.0", "in no network");
	is_refused("192.168.1.255", "in no network");
	is_refused("10.0.31.255", "in no network");
	is_refused("10.0.32.1", "in no network");
	is_refused("10.0.15.1", "in no network");
	is_refused("8.8.8.8", "in no network");
	is_refused("10.9.9.8", "in no network"); /* of the loopback */
	is_refused("10.2.2.2", "in no network"); /* it is down */
	is_refused("10.3.3.2", "in no network"); /* the provider's */
	is_refused("10.4.4.2", "in no network"); /* the tunnel's */
	is_refused("10.5.5.0", "in no network"); /* two ends, no network */
}

static void nothing_of_ours_is(void)
{
	begin();
	look();
	is_refused("192.168.1.2", "an address of this machine");
	is_refused("10.0.16.1", "an address of this machine");
	is_refused("10.2.2.1", "an address of this machine");
	is_refused("192.168.1.77", "the tunnel or its broker");
	is_refused("127.0.0.1", "loopback");
	is_refused("127.255.1.1", "loopback");
	is_refused("0.0.0.0", "no address of a host");
	is_refused("0.1.2.3", "no address of a host");
	is_refused("169.254.3.2", "link-local");
	is_refused("224.0.0.1", "multicast");
	is_refused("239.1.1.1", "multicast");
	is_refused("240.0.0.1", "no address of a host");
	is_refused("255.255.255.255", "no address of a host");
}

static void only_devices_in_the_prefix_have_ipv6(void)
{
	begin();
	look();
	is_refused("fd00::9", "the tunnel has no prefix");
	gw6c_addr_parse("2001:db8:2::", &lease.prefix);
	lease.prefix.bits = 48;
	freed = 0;
	look();
	CU_ASSERT_EQUAL(kind("2001:db8:2:3::4"), TARGET_DIRECT);
	is_refused("2001:db8:3::4", "not in our prefix 2001:db8:2::/48");
	is_refused("fd00::9", "not in our prefix");
	is_refused("fd00::5", "an address of this machine");
	is_refused("::1", "not in our prefix");
	is_refused("::ffff:192.168.1.20", "not in our prefix");
	is_refused("2001:db8:1::1", "the tunnel or its broker");
}

/* Who does not know what is his own lets nobody pass. */
static void a_machine_that_cannot_be_read(void)
{
	begin();
	fail = true;
	CU_ASSERT_FALSE(target_world_read(&world, &lease, "tun"));
	is_refused("192.168.1.20", "in no network");
	begin();
	while (n_interfaces < TARGET_NETS)
		add("eth0", IFF_UP, "192.168.1.3", "255.255.255.0");
	look();
	add("eth0", IFF_UP, "192.168.1.4", "255.255.255.0");
	CU_ASSERT_FALSE(target_world_read(&world, &lease, "tun"));
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(neighbours_are_reached),
		UNIT_TEST(nothing_of_ours_is),
		UNIT_TEST(only_devices_in_the_prefix_have_ipv6),
		UNIT_TEST(a_machine_that_cannot_be_read),
	};

	return UNIT_RUN("home-access: target", tests);
}
