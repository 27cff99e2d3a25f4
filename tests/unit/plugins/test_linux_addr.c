/* test_linux_addr.c - addresses on the tunnel and on networks behind us, and
 * the way back to the prefix before. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux_lab.h"
#include <errno.h>
#include <time.h>

static struct gw6c_step addr(const char *dev, const char *address)
{
	struct gw6c_step step = lab_step(GW6C_ADDR, address);

	snprintf(step.dev, sizeof(step.dev), "%s", dev);
	return step;
}

#define TUNNEL "-o address show dev gw6c0"
#define LAN "-o address show dev x"
#define REMOVED "an address of the network behind us was removed"

static void the_tunnel_has_an_address_and_a_peer(void)
{
	struct gw6c_step six = addr("", "2001:db8:1::2");
	struct gw6c_step four = addr("", "10.9.0.2");

	gw6c_addr_parse("2001:db8:1::1", &six.remote);
	gw6c_addr_parse("10.9.0.1", &four.remote);
	lab_begin(true);
	CU_ASSERT_EQUAL(lab_do(&six), GW6C_OK);
	CU_ASSERT_EQUAL(lab_do(&four), GW6C_OK);
	CU_ASSERT_TRUE(lab_shows(TUNNEL, "2001:db8:1::2 peer 2001:db8:1::1/128 "
					 "scope global nodad"));
	CU_ASSERT_TRUE(lab_shows(TUNNEL, "10.9.0.2 peer 10.9.0.1/32 scope "
					 "global"));
	CU_ASSERT_EQUAL(lab_do(&six), GW6C_EOS); /* it is there */
	CU_ASSERT_PTR_NOT_NULL(strstr(lab_err.text, strerror(EEXIST)));
	CU_ASSERT_STRING_EQUAL(six.saved, "");
	CU_ASSERT_EQUAL(lab_undo(&six), GW6C_OK);
	CU_ASSERT_EQUAL(lab_undo(&four), GW6C_OK);
	CU_ASSERT_FALSE(lab_shows(TUNNEL, "2001:db8:1::2"));
	CU_ASSERT_FALSE(lab_shows(TUNNEL, "10.9.0.2"));
	CU_ASSERT_EQUAL(lab_undo(&six), GW6C_OK);
	/* A tunnel's prefix is no network behind us. */
	CU_ASSERT_EQUAL(lab_do(&six), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(six.saved, "");
	lab_end();
}

static void an_address_needs_no_peer(void)
{
	struct gw6c_step step = addr("", "2001:db8:1::2");

	gw6c_addr_parse("10.9.0.1", &step.remote); /* of another family */
	lab_begin(true);
	CU_ASSERT_EQUAL(lab_do(&step), GW6C_OK);
	CU_ASSERT_TRUE(lab_shows(TUNNEL, "inet6 2001:db8:1::2/128 scope"));
	lab_end();
}

static void an_address_needs_its_interface(void)
{
	struct gw6c_step step = addr("none0", "2001:db8::1/64");

	lab_begin(false);
	CU_ASSERT_EQUAL(lab_do(&step), GW6C_ENET);
	CU_ASSERT_STRING_EQUAL(lab_err.text, "there is no interface \"none0\"");
	CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
	lab_end();
}

static void what_the_kernel_refuses_is_told(void)
{
	struct gw6c_step step = addr("x", "2001:db8::1/64");

	lab_begin(false);
	step.dst.bits = 129;
	CU_ASSERT_EQUAL(lab_do(&step), GW6C_EOS);
	CU_ASSERT_EQUAL(lab_undo(&step), GW6C_EOS);
	lab_end();
}

static void disable(const char *dev)
{
	char path[80];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/disable_ipv6",
		 dev);
	file = fopen(path, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs("1", file);
	fclose(file);
}

static void ipv6_is_switched_on_for_the_tunnel_alone(void)
{
	struct gw6c_step tunnel = addr("", "2001:db8:1::2");
	struct gw6c_step four = addr("", "10.9.0.2");
	struct gw6c_step lan = addr("x", "2001:db8::1/64");

	lab_begin(true);
	disable("gw6c0");
	disable("x");
	CU_ASSERT_EQUAL(lab_do(&four), GW6C_OK);
	CU_ASSERT_TRUE(lab_ip("-4 address flush dev gw6c0"));
	CU_ASSERT_FALSE(lab_shows("-6 address show dev gw6c0", "inet6"));
	CU_ASSERT_EQUAL(lab_do(&tunnel), GW6C_OK);
	CU_ASSERT_TRUE(lab_shows(TUNNEL, "2001:db8:1::2"));
	CU_ASSERT_EQUAL(lab_do(&lan), GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(lab_err.text,
			       "IPv6 is disabled on x; set "
			       "net.ipv6.conf.x.disable_ipv6=0 with "
			       "sysctl(8)");
	lab_end();
}

/* --- networks behind us --------------------------------------------------- */

static void an_address_of_others_stays_theirs(void)
{
	struct gw6c_step step = addr("x", "2001:db8::1/64");

	lab_begin(true);
	CU_ASSERT_TRUE(lab_ip("address add 2001:db8::1/64 dev x"));
	CU_ASSERT_EQUAL(lab_do(&step), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(step.saved, "theirs");
	CU_ASSERT_STRING_EQUAL(lab_host.log,
			       "4 x has 2001:db8::1/64 already\n");
	CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
	CU_ASSERT_TRUE(lab_shows(LAN, "2001:db8::1/64"));
	lab_end();
}

static void an_address_that_goes_is_missed(void)
{
	static const bool theirs[] = { false, true };

	for (int i = 0; i < 2; i++) {
		struct gw6c_step step = addr("x", "2001:db8::1/64");

		lab_begin(true);
		if (theirs[i])
			CU_ASSERT_TRUE(lab_ip("address add 2001:db8::1/64 dev "
					      "x"));
		CU_ASSERT_EQUAL(lab_do(&step), GW6C_OK);
		CU_ASSERT_TRUE(lab_shows(LAN, "2001:db8::1/64 scope global"));
		CU_ASSERT_FALSE(lab_shows(LAN, "nodad"));
		lab_host.log[0] = 0;
		CU_ASSERT_TRUE(lab_ip("address delete 2001:db8::1/64 dev "
				      "x"));
		lab_settle();
		CU_ASSERT_STRING_EQUAL(lab_host.log,
				       "3 damaged: " REMOVED "\n");
		CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
		lab_settle();
		CU_ASSERT_EQUAL(lab_host.damaged, 1);
		lab_end();
	}
}

static void what_we_take_back_is_not_missed(void)
{
	struct gw6c_step step = addr("x", "2001:db8::1/64");

	lab_begin(true);
	CU_ASSERT_EQUAL(lab_do(&step), GW6C_OK);
	CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
	CU_ASSERT_FALSE(lab_shows(LAN, "2001:db8::1"));
	CU_ASSERT_TRUE(lab_ip("address add 2001:db8::1/64 dev x"));
	CU_ASSERT_TRUE(lab_ip("address delete 2001:db8::1/64 dev x"));
	lab_settle();
	CU_ASSERT_EQUAL(lab_host.damaged, 0);
	lab_end();
}

/* --- the prefix before ---------------------------------------------------- */

/* One after the other on an interface; the last one is there. */
static struct gw6c_step had(const char *dev, const char *const *addresses)
{
	struct gw6c_step step = { .verb = 0 };

	for (; *addresses; addresses++) {
		step = addr(dev, *addresses);
		CU_ASSERT_EQUAL(lab_do(&step), GW6C_OK);
		if (addresses[1])
			CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
	}
	return step;
}
#define HAD(dev, ...) had(dev, (const char *const[]){ __VA_ARGS__, NULL })
#define WAYS "-6 route show proto 199"

static void there_is_a_way_back_to_the_prefix_before(void)
{
	struct gw6c_step step;

	lab_begin(true);
	step = HAD("x", "2001:db8:1:7f::1/60", "2001:db8:2::1/60");
	CU_ASSERT_STRING_EQUAL(step.saved, "former 2001:db8:1:70::/60");
	CU_ASSERT_TRUE(lab_shows(WAYS, "2001:db8:1:70::/60 dev x metric "
				       "4096 expires 7"));
	CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
	CU_ASSERT_TRUE(lab_is(WAYS, ""));
	lab_end();
}

static void the_newest_of_others_is_the_one_before(void)
{
	struct gw6c_step step;

	lab_begin(true);
	step = HAD("x", "2001:db8:1::1/64", "2001:db8:1::1/64");
	CU_ASSERT_STRING_EQUAL(step.saved, "");
	CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
	step = HAD("x", "2001:db8:2::1/64", "2001:db8:3::1/64",
		   "2001:db8:3::1/64");
	CU_ASSERT_STRING_EQUAL(step.saved, "former 2001:db8:2::/64");
	CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
	step = HAD("wan0", "2001:db8:4::1/64");
	CU_ASSERT_STRING_EQUAL(step.saved, ""); /* of another interface */
	CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
	step = HAD("x", "192.0.2.1/24"); /* has no such thing */
	CU_ASSERT_STRING_EQUAL(step.saved, "");
	CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
	step = HAD("wan0", "198.51.100.1/24", "2001:db8:5::1/64");
	CU_ASSERT_STRING_EQUAL(step.saved, "former 2001:db8:4::/64");
	CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
	lab_end();
}

/* Eight are remembered. */
static void the_eighth_before_is_remembered(void)
{
	static const char *const many[] = {
		"2001:db8:1::1/64", "2001:db8:1::1/64", "2001:db8:1::1/64",
		"2001:db8:1::1/64", "2001:db8:1::1/64", "2001:db8:1::1/64",
		"2001:db8:1::1/64", "2001:db8:1::1/64", NULL,
	};
	struct gw6c_step step;

	for (int seven = 1; seven >= 0; seven--) {
		lab_begin(true);
		step = HAD("x", "2001:db8:9::1/64");
		CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
		step = had("x", many + seven); /* 6 or 7 undone */
		CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
		step = HAD("x", "2001:db8:1::1/64");
		CU_ASSERT_STRING_EQUAL(step.saved,
				       seven ? "former 2001:db8:9::/64" : "");
		CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
		lab_end();
	}
}

/* One that ended in order. */
static void another_run_knows_the_prefix_before(void)
{
	struct gw6c_step step;

	lab_begin(true);
	step = HAD("x", "2001:db8:1::1/64", "2001:db8:2::1/64");
	CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
	lab_again();
	step = HAD("x", "2001:db8:2::1/64");
	CU_ASSERT_STRING_EQUAL(step.saved, "former 2001:db8:1::/64");
	CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
	lab_again();
	step = HAD("x", "2001:db8:3::1/64");
	CU_ASSERT_STRING_EQUAL(step.saved, "former 2001:db8:2::/64");
	CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
	/* Many short ones do not fill the disk, nor what is known. */
	for (int i = 0; i < 300; i++) {
		step = HAD("x", "2001:db8:3::1/64");
		CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
		CU_ASSERT_TRUE(lab_file_size("linux.former") < 4200);
	}
	lab_again();
	step = HAD("x", "2001:db8:4::1/64");
	CU_ASSERT_STRING_EQUAL(step.saved, "former 2001:db8:3::/64");
	CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
	lab_end();
}

static void what_an_earlier_run_left_must_make_sense(void)
{
	static const struct {
		long long ago_s;
		const char *rest;
		bool known;
	} cases[] = {
		{ 0, "x 2001:db8:7::/64", true },
		{ 7190, "x 2001:db8:7::/64", true },
		{ 7200, "x 2001:db8:7::/64", false },
		{ -100, "x 2001:db8:7::/64", false }, /* of another boot */
		{ 0, "wan0 2001:db8:7::/64", false },
		{ 0, "x 2001:db8:7::/128", false },
		{ 0, "x 2001:db8:7::/129", false },
		{ 0, "x 2001:db8:7::", false },
		{ 0, "x 192.0.2.0/24", false },
		{ 0, "x nonsense/64", false },
		{ 0, "x", false },
	};
	char text[128], want[64];
	struct timespec now;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gw6c_step step;

		lab_begin(true);
		clock_gettime(CLOCK_BOOTTIME, &now);
		snprintf(text, sizeof(text), "%lld %s\n",
			 (long long)now.tv_sec - cases[i].ago_s, cases[i].rest);
		lab_put_file("linux.former", text);
		step = HAD("x", "2001:db8:1::1/64");
		want[0] = 0;
		if (cases[i].known)
			snprintf(want, sizeof(want), "former %s",
				 cases[i].rest + 2);
		CU_ASSERT_STRING_EQUAL(step.saved, want);
		CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
		lab_end();
	}
}

/* Of a file that somebody has changed, say. */
static void a_note_that_makes_no_sense_is_left(void)
{
	static const char *const notes[] = {
		"former 2001:db8:7::/129",
		"former x/64",
		"former 2001:db8:7::",
		"formal 2001:db8:7::/64",
	};

	lab_begin(true);
	CU_ASSERT_TRUE(lab_ip("-6 route add 2001:db8:7::/64 dev x metric "
			      "4096 proto 199"));
	for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++) {
		struct gw6c_step step = addr("x", "2001:db8:2::1/64");

		snprintf(step.saved, sizeof(step.saved), "%s", notes[i]);
		CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
		CU_ASSERT_TRUE(lab_shows(WAYS, "2001:db8:7::/64"));
	}
	lab_end();
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(the_tunnel_has_an_address_and_a_peer),
		UNIT_TEST(an_address_needs_no_peer),
		UNIT_TEST(an_address_needs_its_interface),
		UNIT_TEST(what_the_kernel_refuses_is_told),
		UNIT_TEST(ipv6_is_switched_on_for_the_tunnel_alone),
		UNIT_TEST(an_address_of_others_stays_theirs),
		UNIT_TEST(an_address_that_goes_is_missed),
		UNIT_TEST(what_we_take_back_is_not_missed),
		UNIT_TEST(there_is_a_way_back_to_the_prefix_before),
		UNIT_TEST(the_newest_of_others_is_the_one_before),
		UNIT_TEST(the_eighth_before_is_remembered),
		UNIT_TEST(another_run_knows_the_prefix_before),
		UNIT_TEST(what_an_earlier_run_left_must_make_sense),
		UNIT_TEST(a_note_that_makes_no_sense_is_left),
	};

	return lab_works() ? UNIT_RUN("linux_addr", tests) : LAB_SKIPPED;
}
