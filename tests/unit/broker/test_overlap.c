/* test_overlap.c - pools that are on an interface of this machine: one with
 * 2001:db8:7::1/64 and 192.0.2.1/24, and a second address 2001:db8:7::2. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "broker/program/overlap.h"
#include "core/base/log.h"
#include "core/base/prefix.h"
#include "core/base/sockaddr.h"
#include "tests/unit/unit.h"
#include <ifaddrs.h>

static int warnings;
static char text[400];

/* In the place of the logger's. */
void log_msg(enum gw6c_level level, const char *tag, const char *fmt, ...)
{
	va_list args;

	(void)tag;
	CU_ASSERT_EQUAL(level, GW6C_WARN);
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	warnings++;
}

static struct ifaddrs list[4];
static struct sockaddr_storage room[4][2];

static void add(int n, const char *address, const char *mask)
{
	const char *const both[] = { address, mask };
	struct gw6c_addr addr;

	for (int i = 0; i < 2; i++) {
		CU_ASSERT_TRUE(gw6c_addr_parse(both[i], &addr));
		sockaddr_put(&addr, 0, &room[n][i]);
	}
	list[n] = (struct ifaddrs){
		.ifa_next = n ? &list[n - 1] : NULL,
		.ifa_addr = (struct sockaddr *)&room[n][0],
		.ifa_netmask = (struct sockaddr *)&room[n][1],
	};
}

int getifaddrs(struct ifaddrs **out)
{
	static char name[] = "lan0";

	add(0, "2001:db8:7::1", "ffff:ffff:ffff:ffff::");
	add(1, "192.0.2.1", "255.255.255.0");
	add(2, "2001:db8:9::2", "ffff:ffff:ffff:ffff::");
	list[3] = (struct ifaddrs){ .ifa_next = &list[2] };
	for (int i = 0; i < 4; i++)
		list[i].ifa_name = name;
	*out = &list[3];
	return 0;
}

void freeifaddrs(struct ifaddrs *at)
{
	(void)at;
}

/* Warnings about a configuration with that pool. */
static int warns(const char *pool6, const char *pool4, const char *prefixes6,
		 bool running)
{
	struct options options = { .realm = "" };

	prefix_parse(pool6, &options.pool6);
	prefix_parse(pool4, &options.pool4);
	prefix_parse(prefixes6, &options.prefixes6);
	warnings = 0;
	overlap_warn(&options, running);
	return warnings;
}

static void pools_on_an_interface_are_told(void)
{
	CU_ASSERT_EQUAL(warns("2001:db8:7::/64", "", "", false), 1);
	CU_ASSERT_STRING_EQUAL(text,
			       "pool6: 2001:db8:7::/64 overlaps "
			       "2001:db8:7::/64 of interface lan0; use a "
			       "prefix that is routed to this machine, and on "
			       "none of its interfaces");
	CU_ASSERT_EQUAL(warns("2001:db8:7:0:8000::/65", "", "", false), 1);
	CU_ASSERT_EQUAL(warns("2001:db8::/32", "", "", false), 2);
	CU_ASSERT_EQUAL(warns("2001:db8:8::/64", "192.0.2.128/25",
			      "2001:db8:9::/48", true),
			2);
	CU_ASSERT_EQUAL(warns("2001:db8:8::/64", "192.0.3.0/24",
			      "2001:db8:a::/48", false),
			0);
}

static void the_brokers_own_address_is_none_of_others(void)
{
	CU_ASSERT_EQUAL(warns("2001:db8:7::/64", "192.0.2.0/24", "", true), 0);
	CU_ASSERT_EQUAL(warns("2001:db8:7::/64", "192.0.2.0/24", "", false), 2);
	CU_ASSERT_EQUAL(warns("2001:db8:9::/64", "", "", true), 1);
	CU_ASSERT_EQUAL(warns("2001:db8:1::/64", "", "2001:db8:7::/48", true),
			1);
}

static const struct unit_test tests[] = {
	UNIT_TEST(pools_on_an_interface_are_told),
	UNIT_TEST(the_brokers_own_address_is_none_of_others),
};

int main(void)
{
	return UNIT_RUN("broker: overlap", tests);
}
