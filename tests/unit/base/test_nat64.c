/* test_nat64.c - the table of RFC 6052 section 2.4, both ways. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/nat64.h"
#include "core/base/prefix.h"
#include "tests/unit/unit.h"

static const struct {
	const char *prefix, *behind; /* 192.0.2.33 */
	const char *known; /* 192.0.0.171 */
} table[] = {
	{ "2001:db8::/32", "2001:db8:c000:221::", "2001:db8:c000:ab::" },
	{ "2001:db8:100::/40", "2001:db8:1c0:2:21::", "2001:db8:1c0:0:ab::" },
	{ "2001:db8:122::/48",
	  "2001:db8:122:c000:2:2100::", "2001:db8:122:c000:0:ab00::" },
	{ "2001:db8:122:300::/56",
	  "2001:db8:122:3c0:0:221::", "2001:db8:122:3c0:0:ab::" },
	{ "2001:db8:122:344::/64",
	  "2001:db8:122:344:c0:2:2100::", "2001:db8:122:344:c0:0:ab00::" },
	{ "2001:db8:122:344::/96", "2001:db8:122:344::192.0.2.33",
	  "2001:db8:122:344::192.0.0.171" },
	{ "64:ff9b::/96", "64:ff9b::192.0.2.33", "64:ff9b::192.0.0.171" },
};

static void addresses_go_behind_each_prefix(void)
{
	struct gw6c_addr prefix, from, want, got;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		CU_ASSERT_TRUE(prefix_parse(table[i].prefix, &prefix));
		gw6c_addr_parse("192.0.2.33", &from);
		CU_ASSERT_TRUE(gw6c_addr_parse(table[i].behind, &want));
		nat64_embed(&prefix, &from, &got);
		CU_ASSERT_EQUAL(memcmp(&got, &want, sizeof(got)), 0);
		nat64_embed(&prefix, &from, &from); /* in its own place */
		CU_ASSERT_EQUAL(memcmp(&from, &want, sizeof(from)), 0);
	}
}

static void the_prefix_is_seen_by_the_known_addresses(void)
{
	struct gw6c_addr prefix, got, addrs[2];

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		prefix_parse(table[i].prefix, &prefix);
		gw6c_addr_parse("2001:db8::1", &addrs[0]);
		CU_ASSERT_TRUE(gw6c_addr_parse(table[i].known, &addrs[1]));
		CU_ASSERT_TRUE(nat64_prefix(addrs, 2, &got));
		CU_ASSERT_EQUAL(memcmp(&got, &prefix, sizeof(got)), 0);
		CU_ASSERT_FALSE(nat64_prefix(addrs, 1, &got));
	}
	gw6c_addr_parse("64:ff9b::192.0.0.170", &addrs[0]);
	CU_ASSERT_TRUE(nat64_prefix(addrs, 1, &got));
}

static void other_addresses_show_none(void)
{
	static const char *const others[] = {
		"64:ff9b::192.0.0.172",		 "64:ff9b::192.0.0.169",
		"64:ff9b::192.0.1.170",		 "64:ff9b::193.0.0.170",
		"2001:db8:122:344:1c0:0:ab00::", "192.0.0.170",
	};
	struct gw6c_addr addr, got;

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		gw6c_addr_parse(others[i], &addr);
		CU_ASSERT_FALSE(nat64_prefix(&addr, 1, &got));
	}
	CU_ASSERT_FALSE(nat64_prefix(NULL, 0, &got));
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(addresses_go_behind_each_prefix),
		UNIT_TEST(the_prefix_is_seen_by_the_known_addresses),
		UNIT_TEST(other_addresses_show_none),
	};

	return UNIT_RUN("nat64", tests);
}
