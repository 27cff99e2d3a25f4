/* test_dns_names.c - which names are taken, and which address a rule means. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "plugins/features/dns_update.h"
#include "tests/unit/unit.h"

static struct gw6c_lease lease;
static struct dns_wish wish;
static struct gw6c_err err;

static int line(const char *text)
{
	memset(&err, 0, sizeof(err));
	return dns_wish_line(text, &wish, &err);
}

static int item(const char *text)
{
	memset(&err, 0, sizeof(err));
	return dns_wish_item(text, &wish, &err);
}

static void set(struct gw6c_addr *addr, const char *text, uint8_t bits)
{
	CU_ASSERT_TRUE_FATAL(gw6c_addr_parse(text, addr));
	addr->bits = bits;
}

/* RFC 1035 section 2.3.4 */
static void labels_have_1_to_63_octets_and_names_253(void)
{
	char label[65], name[300];

	memset(label, 'a', 64);
	label[64] = 0;
	CU_ASSERT_FALSE(dns_name_ok(label));
	label[63] = 0;
	CU_ASSERT_TRUE(dns_name_ok(label));
	snprintf(name, sizeof(name), "%s.%s.%s.%.61s", label, label, label,
		 label);
	CU_ASSERT_EQUAL(strlen(name), 253);
	CU_ASSERT_TRUE(dns_name_ok(name));
	snprintf(name, sizeof(name), "%s.%s.%s.%.62s", label, label, label,
		 label);
	CU_ASSERT_FALSE(dns_name_ok(name));
	CU_ASSERT_TRUE(dns_name_ok("a"));
	CU_ASSERT_TRUE(dns_name_ok("A-9.b"));
}

static void nothing_else_is_a_name(void)
{
	static const char *const bad[] = { "",	  ".",	  "a.",	 ".a",	"a..b",
					   "-a",  "a-",	  "a_b", "a b", "a;b",
					   "a\n", "\xfc", "*",	 "a.-b" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CU_ASSERT_FALSE(dns_name_ok(bad[i]));
}

static void a_line_has_a_name_and_a_rule_and_may_have_a_port(void)
{
	CU_ASSERT_EQUAL(line("  cam \t tunnel \r"), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(wish.name, "cam");
	CU_ASSERT_STRING_EQUAL(wish.rule, "tunnel");
	CU_ASSERT_EQUAL(wish.port, 0);
	CU_ASSERT_EQUAL(line("@ 2001:db8::1 RTSP 65535"), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(wish.name, "@");
	CU_ASSERT_STRING_EQUAL(wish.service, "rtsp");
	CU_ASSERT_EQUAL(wish.port, 65535);
	CU_ASSERT_EQUAL(line("cam prefix::1:20"), GW6C_OK);
	CU_ASSERT_EQUAL(line("cam lan::20"), GW6C_OK);
	CU_ASSERT_EQUAL(line("cam 192.0.2.1"), GW6C_OK);
	CU_ASSERT_EQUAL(line(""), GW6C_MORE);
	CU_ASSERT_EQUAL(line(" \r"), GW6C_MORE);
	CU_ASSERT_EQUAL(line(" # cam tunnel"), GW6C_MORE);
}

static void a_bad_line_is_refused_with_its_reason(void)
{
	static const char *const bad[][2] = {
		{ "cam", "expected a name and an address" },
		{ "cam tunnel https", "expected a name and an address" },
		{ "cam tunnel https 1 x", "expected a name and an address" },
		{ "c_m tunnel", "\"c_m\" is no name" },
		{ "cam tunnels", "\"tunnels\" is no address" },
		{ "cam 2001:db8::/64", "is no address" },
		{ "cam prefix:192.0.2.1", "is no address" },
		{ "cam prefix", "is no address" },
		{ "cam prefix::x", "is no address" },
		{ "cam host.example", "is no address" },
		{ "cam tunnel https 0", "\"0\" is no port" },
		{ "cam tunnel https 65536", "\"65536\" is no port" },
		{ "cam tunnel https +1", "\"+1\" is no port" },
		{ "cam tunnel https 1x", "\"1x\" is no port" },
		{ "cam tunnel ht_ps 1", "\"ht_ps\" is no service" },
		{ "cam tunnel 0123456789abcdef 1", "is no service" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CU_ASSERT_EQUAL(line(bad[i][0]), GW6C_ECONFIG);
		CU_ASSERT_PTR_NOT_NULL(strstr(err.text, bad[i][1]));
	}
}

static void an_option_says_the_same_with_other_marks(void)
{
	CU_ASSERT_EQUAL(item("nas=2001:db8::5/https/8443"), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(wish.name, "nas");
	CU_ASSERT_STRING_EQUAL(wish.rule, "2001:db8::5");
	CU_ASSERT_STRING_EQUAL(wish.service, "https");
	CU_ASSERT_EQUAL(wish.port, 8443);
	CU_ASSERT_EQUAL(item("nas=tunnel"), GW6C_OK);
	CU_ASSERT_EQUAL(wish.port, 0);
	CU_ASSERT_EQUAL(item("nas"), GW6C_ECONFIG);
	CU_ASSERT_EQUAL(item("=tunnel"), GW6C_ECONFIG);
	CU_ASSERT_EQUAL(item("nas=tunnel/https"), GW6C_ECONFIG);
}

static const char *addr_of(const char *rule)
{
	static char room[GW6C_ADDR_TEXT];
	struct gw6c_addr addr = { 0 };
	char text[100];

	snprintf(text, sizeof(text), "cam %s", rule);
	CU_ASSERT_EQUAL_FATAL(line(text), GW6C_OK);
	if (dns_wish_addr(&wish, &lease, &addr, &err))
		return err.rc == GW6C_MORE ? "none" : "wrong";
	return gw6c_addr_text(&addr, room);
}

static void a_rule_means_an_address_of_the_lease(void)
{
	lease = (struct gw6c_lease){ .size = sizeof(lease) };
	CU_ASSERT_STRING_EQUAL(addr_of("tunnel"), "none");
	CU_ASSERT_STRING_EQUAL(addr_of("prefix::1"), "none");
	CU_ASSERT_STRING_EQUAL(addr_of("lan::1"), "none");
	CU_ASSERT_STRING_EQUAL(addr_of("2001:db8::7"), "2001:db8::7");
	set(&lease.inner, "2001:db8:1::2", 64);
	set(&lease.prefix, "2001:db8:2::", 48);
	set(&lease.lans[0].prefix, "2001:db8:2:3::", 64);
	CU_ASSERT_STRING_EQUAL(addr_of("tunnel"), "2001:db8:1::2");
	CU_ASSERT_STRING_EQUAL(addr_of("prefix::1:0:0:0:20"),
			       "2001:db8:2:1::20");
	CU_ASSERT_STRING_EQUAL(addr_of("lan::20"), "2001:db8:2:3::20");
	CU_ASSERT_STRING_EQUAL(addr_of("lan::1:0:0:0:20"), "wrong");
	CU_ASSERT_STRING_EQUAL(addr_of("prefix::8000:0:0:0:0"),
			       "2001:db8:2:8000::");
	CU_ASSERT_STRING_EQUAL(addr_of("prefix::1:0:0:0:0:0"), "wrong");
	set(&lease.inner, "192.0.2.7", 24);
	CU_ASSERT_STRING_EQUAL(addr_of("tunnel"), "192.0.2.7");
}

static void a_name_is_below_the_domain_in_lower_case(void)
{
	char owner[DNS_NAME], domain[DNS_NAME];

	line("Cam.Attic tunnel");
	CU_ASSERT_EQUAL(dns_wish_owner(&wish, "ann.example", owner, &err), 0);
	CU_ASSERT_STRING_EQUAL(owner, "cam.attic.ann.example");
	line("@ tunnel");
	CU_ASSERT_EQUAL(dns_wish_owner(&wish, "ann.example", owner, &err), 0);
	CU_ASSERT_STRING_EQUAL(owner, "ann.example");
	memset(domain, 'a', 251);
	domain[251] = 0;
	line("c tunnel");
	CU_ASSERT_EQUAL(dns_wish_owner(&wish, domain, owner, &err), 0);
	line("cc tunnel");
	CU_ASSERT_EQUAL(dns_wish_owner(&wish, domain, owner, &err),
			GW6C_ECONFIG);
}

static const char *port_of(const char *text)
{
	static char room[DNS_NAME + DNS_DATA + 20];
	char name[DNS_NAME], data[DNS_DATA];
	struct dns_record record;

	CU_ASSERT_EQUAL_FATAL(line(text), GW6C_OK);
	if (!dns_wish_port(&wish, "cam.ann.example", name, &record))
		return "none";
	snprintf(room, sizeof(room), "%s %s %s", name,
		 dns_type_text(record.type),
		 dns_record_text(name, &record, data));
	return room;
}

/* RFC 9460 sections 7.2 and 9 */
static void an_unusual_port_gets_a_record(void)
{
	CU_ASSERT_STRING_EQUAL(port_of("cam tunnel"), "none");
	CU_ASSERT_STRING_EQUAL(port_of("cam tunnel https 443"), "none");
	CU_ASSERT_STRING_EQUAL(port_of("cam tunnel http 80"), "none");
	CU_ASSERT_STRING_EQUAL(port_of("cam tunnel https 80"),
			       "cam.ann.example HTTPS 1 . port=80");
	CU_ASSERT_STRING_EQUAL(port_of("cam tunnel http 443"),
			       "_http.cam.ann.example SVCB 1 cam.ann.example. "
			       "port=443");
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(labels_have_1_to_63_octets_and_names_253),
		UNIT_TEST(nothing_else_is_a_name),
		UNIT_TEST(a_line_has_a_name_and_a_rule_and_may_have_a_port),
		UNIT_TEST(a_bad_line_is_refused_with_its_reason),
		UNIT_TEST(an_option_says_the_same_with_other_marks),
		UNIT_TEST(a_rule_means_an_address_of_the_lease),
		UNIT_TEST(a_name_is_below_the_domain_in_lower_case),
		UNIT_TEST(an_unusual_port_gets_a_record),
	};

	return UNIT_RUN("names to publish", tests);
}
