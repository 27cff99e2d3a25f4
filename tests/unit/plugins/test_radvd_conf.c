/* test_radvd_conf.c - what our radvd shall advertise. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "plugins/features/radvd_conf.h"
#include "tests/unit/unit.h"

static struct gw6c_lease lease;
static char text[RADVD_CONF_MAX];

static struct gw6c_addr addr(const char *from, uint8_t bits)
{
	struct gw6c_addr out = { 0 };

	gw6c_addr_parse(from, &out);
	out.bits = bits;
	return out;
}

static void begin(void)
{
	lease = (struct gw6c_lease){ .size = sizeof(lease), .mtu = 1400 };
	snprintf(lease.lans[0].dev, GW6C_DEV, "lan0");
	lease.lans[0].prefix = addr("2001:db8:aa::", 64);
	lease.resolver[0] = addr("2001:db8::53", 128);
}

static void a_network_gets_its_prefix_and_the_mtu_of_the_tunnel(void)
{
	begin();
	CU_ASSERT_EQUAL(radvd_conf(&lease, false, text, sizeof(text)), 1);
	CU_ASSERT_STRING_EQUAL(text,
			       "# of gw6c, which runs a radvd of its own\n"
			       "interface lan0 {\n"
			       "\tAdvSendAdvert on;\n"
			       "\tIgnoreIfMissing on;\n"
			       "\tMaxRtrAdvInterval 100;\n"
			       "\tAdvLinkMTU 1400;\n"
			       "\tprefix 2001:db8:aa::/64 {\n"
			       "\t\tAdvPreferredLifetime 1800;\n"
			       "\t\tAdvValidLifetime 7200;\n"
			       "\t\tDeprecatePrefix on;\n"
			       "\t};\n"
			       "};\n");
}

static void each_network_with_a_prefix_and_no_other(void)
{
	begin();
	snprintf(lease.lans[1].dev, GW6C_DEV, "lan1");
	snprintf(lease.lans[2].dev, GW6C_DEV, "lan2");
	lease.lans[2].prefix = addr("2001:db8:aa:7::", 64);
	CU_ASSERT_EQUAL(radvd_conf(&lease, false, text, sizeof(text)), 2);
	CU_ASSERT_PTR_NULL(strstr(text, "lan1"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "prefix 2001:db8:aa:7::/64 {"));
	lease.lans[0].prefix.family = lease.lans[2].prefix.family = 0;
	CU_ASSERT_EQUAL(radvd_conf(&lease, false, text, sizeof(text)), 0);
}

static void the_brokers_resolvers_only_if_wanted(void)
{
	begin();
	radvd_conf(&lease, false, text, sizeof(text));
	CU_ASSERT_PTR_NULL(strstr(text, "RDNSS"));
	radvd_conf(&lease, true, text, sizeof(text));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\tRDNSS 2001:db8::53 {"));
}

static void no_name_becomes_a_statement(void)
{
	static const char *const bad[] = { "a b", "a{", "a;", "a\nb", "a\"" };

	for (int i = 0; i < 5; i++) {
		begin();
		snprintf(lease.lans[0].dev, GW6C_DEV, "%s", bad[i]);
		CU_ASSERT_EQUAL(radvd_conf(&lease, false, text, sizeof(text)),
				-1);
	}
}

/* A core from before networks were a list. */
static void an_older_lease_has_none(void)
{
	begin();
	lease.size = offsetof(struct gw6c_lease, lans);
	CU_ASSERT_EQUAL(radvd_conf(&lease, false, text, sizeof(text)), 0);
}

static void a_room_that_is_too_small_is_told(void)
{
	begin();
	CU_ASSERT_EQUAL(radvd_conf(&lease, false, text, 100), -1);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(a_network_gets_its_prefix_and_the_mtu_of_the_tunnel),
		UNIT_TEST(each_network_with_a_prefix_and_no_other),
		UNIT_TEST(the_brokers_resolvers_only_if_wanted),
		UNIT_TEST(no_name_becomes_a_statement),
		UNIT_TEST(an_older_lease_has_none),
		UNIT_TEST(a_room_that_is_too_small_is_told),
	};

	return UNIT_RUN("configuration of radvd", tests);
}
