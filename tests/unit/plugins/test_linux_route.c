/* test_linux_route.c - our routes beside those of others. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux_lab.h"
#include <errno.h>

static struct gw6c_step route(const char *prefix, uint32_t metric)
{
	struct gw6c_step step = lab_step(GW6C_ROUTE, prefix);

	step.value = metric;
	return step;
}

#define V6 "-6 route show default"
#define V4 "-4 route show default"

static void a_route_has_its_metric_and_goes(void)
{
	struct gw6c_step six = route("::/0", LAB_METRIC);
	struct gw6c_step four = route("0.0.0.0/0", LAB_METRIC);
	struct gw6c_step part = route("2001:db8::/33", 77);

	snprintf(six.saved, sizeof(six.saved), "metric 9"); /* of another run */
	lab_begin(true);
	CU_ASSERT_EQUAL(lab_do(&part), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(lab_status, "");
	CU_ASSERT_EQUAL(lab_do(&six), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(lab_status, "default_route used");
	CU_ASSERT_EQUAL(lab_do(&four), GW6C_OK);
	CU_ASSERT_TRUE(lab_shows(V6, "default dev gw6c0 proto 199 metric "
				     "2048 "));
	CU_ASSERT_TRUE(lab_shows(V4, "default dev gw6c0 proto 199 scope link "
				     "metric 2048 "));
	CU_ASSERT_TRUE(lab_shows("-6 route show 2001:db8::/33",
				 "dev gw6c0 proto 199 metric 77 "));
	CU_ASSERT_EQUAL(lab_notes, 0);
	CU_ASSERT_STRING_EQUAL(six.saved, "");
	CU_ASSERT_EQUAL(lab_undo(&part), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(lab_status, "default_route used");
	CU_ASSERT_EQUAL(lab_undo(&four), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(lab_status, "default_route -");
	CU_ASSERT_EQUAL(lab_undo(&six), GW6C_OK);
	CU_ASSERT_EQUAL(lab_undo(&six), GW6C_OK); /* again: it is not there */
	CU_ASSERT_TRUE(lab_is(V6, ""));
	CU_ASSERT_TRUE(lab_is(V4, ""));
	CU_ASSERT_FALSE(lab_shows("-6 route", "2001:db8::/33"));
	lab_end();
}

/* Theirs stays, and ours is there when theirs goes. */
static void a_metric_that_is_taken_is_left(void)
{
	static const struct {
		const char *prefix, *add, *show, *log;
	} cases[] = {
		{ "::/0", "-6 route add default dev lan0 metric 2048", V6,
		  "3 another program has a route to ::/0 with metric 2048; "
		  "ours has 2049\n" },
		{ "0.0.0.0/0", "-4 route add default dev wan0 metric 2048", V4,
		  "3 another program has a route to 0.0.0.0/0 with metric "
		  "2048; ours has 2049\n" },
		{ "::/0", "-6 route add blackhole default metric 2048", V6,
		  "3 another program has a route to ::/0 with metric 2048; "
		  "ours has 2049\n" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gw6c_step step = route(cases[i].prefix, LAB_METRIC);

		lab_begin(true);
		CU_ASSERT_TRUE(lab_ip(cases[i].add));
		CU_ASSERT_EQUAL(lab_do(&step), GW6C_OK);
		CU_ASSERT_EQUAL(step.value, LAB_METRIC);
		CU_ASSERT_STRING_EQUAL(step.saved, "metric 2049");
		CU_ASSERT_STRING_EQUAL(lab_noted, "metric 2049");
		CU_ASSERT_EQUAL(lab_notes, 1);
		CU_ASSERT_EQUAL(strncmp(lab_host.log, cases[i].log,
					strlen(cases[i].log)),
				0);
		CU_ASSERT_TRUE(lab_shows(cases[i].show, "metric 2048"));
		CU_ASSERT_TRUE(lab_shows(cases[i].show, "metric 2049"));
		CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
		CU_ASSERT_TRUE(lab_shows(cases[i].show, "metric 2048"));
		CU_ASSERT_FALSE(lab_shows(cases[i].show, "metric 2049"));
		lab_end();
	}
}

/* What was never ours, or is no longer, may go. */
static void only_ours_are_missed(void)
{
	struct gw6c_step step = route("::/0", LAB_METRIC);

	lab_begin(true);
	CU_ASSERT_TRUE(lab_ip("-6 route add default dev lan0 metric 2048"));
	CU_ASSERT_EQUAL(lab_do(&step), GW6C_OK);
	CU_ASSERT_TRUE(lab_ip("-6 route delete default dev lan0 metric 2048"));
	lab_settle();
	CU_ASSERT_EQUAL(lab_host.damaged, 0);
	CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
	CU_ASSERT_TRUE(lab_ip("-6 route add default dev gw6c0 metric 2049"));
	CU_ASSERT_TRUE(lab_ip("-6 route delete default dev gw6c0 metric 2049"));
	lab_settle();
	CU_ASSERT_EQUAL(lab_host.damaged, 0);
	CU_ASSERT_EQUAL(lab_do(&step), GW6C_OK);
	CU_ASSERT_TRUE(lab_ip("-6 route delete default dev gw6c0 metric 2048"));
	lab_settle();
	CU_ASSERT_EQUAL(lab_host.damaged, 1);
	lab_end();
}

static void a_route_that_cannot_be_removed_is_told(void)
{
	struct gw6c_step step = route("::/0", LAB_METRIC);

	lab_begin(true);
	step.dst.bits = 129; /* the kernel knows no such */
	CU_ASSERT_EQUAL(lab_undo(&step), GW6C_EOS);
	CU_ASSERT_NOT_EQUAL(lab_err.text[0], 0);
	lab_end();
}

static void the_rest_of_a_prefix_is_unreachable(void)
{
	struct gw6c_step six = lab_step(GW6C_REJECT, "2001:db8::/48");
	struct gw6c_step four = lab_step(GW6C_REJECT, "192.0.2.0/24");
	struct gw6c_step again = six;

	six.value = four.value = again.value = 4096;
	lab_begin(false);
	CU_ASSERT_EQUAL(lab_do(&six), GW6C_OK);
	CU_ASSERT_EQUAL(lab_do(&four), GW6C_OK);
	CU_ASSERT_TRUE(lab_shows("-6 route show type unreachable",
				 "unreachable 2001:db8::/48 dev lo proto 199 "
				 "metric 4096 "));
	CU_ASSERT_TRUE(lab_shows("-4 route show type unreachable",
				 "unreachable 192.0.2.0/24 proto 199 "));
	/* One of ours, of another run, say. */
	CU_ASSERT_EQUAL(lab_do(&again), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(again.saved, "metric 4097");
	CU_ASSERT_EQUAL(lab_undo(&six), GW6C_OK);
	CU_ASSERT_FALSE(lab_shows("-6 route", "metric 4096"));
	CU_ASSERT_TRUE(lab_shows("-6 route", "metric 4097"));
	CU_ASSERT_EQUAL(lab_undo(&again), GW6C_OK);
	CU_ASSERT_EQUAL(lab_undo(&four), GW6C_OK);
	CU_ASSERT_FALSE(lab_shows("-6 route", "unreachable"));
	CU_ASSERT_FALSE(lab_shows("-4 route", "unreachable"));
	lab_end();
}

/* Sixteen are tried. */
static void there_is_an_end_of_metrics(void)
{
	struct gw6c_step step = route("::/0", LAB_METRIC);
	char add[64];

	lab_begin(true);
	for (int metric = 2048; metric <= 2063; metric++) {
		snprintf(add, sizeof(add),
			 "-6 route add default dev lan0 metric %d", metric);
		CU_ASSERT_TRUE(lab_ip(add));
	}
	CU_ASSERT_EQUAL(lab_do(&step), GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(lab_err.text,
			       "routes of other programs have the metrics "
			       "2048 to 2063; set another metric");
	CU_ASSERT_STRING_EQUAL(step.saved, "");
	CU_ASSERT_FALSE(lab_shows(V6, "gw6c0"));
	CU_ASSERT_TRUE(lab_ip("-6 route delete default dev lan0 metric 2063"));
	CU_ASSERT_EQUAL(lab_do(&step), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(step.saved, "metric 2063");
	CU_ASSERT_TRUE(lab_shows(V6, "dev gw6c0 proto 199 metric 2063"));
	lab_end();
}

/* What could not be undone after a crash is not done. */
static void without_a_note_there_is_no_route(void)
{
	struct gw6c_step step = route("::/0", LAB_METRIC);

	lab_begin(true);
	CU_ASSERT_TRUE(lab_ip("-6 route add default dev lan0 metric 2048"));
	lab_note_rc = GW6C_EOS;
	CU_ASSERT_EQUAL(lab_do(&step), GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(lab_err.text, "the disk is full");
	CU_ASSERT_FALSE(lab_shows(V6, "gw6c0"));
	lab_end();
}

/* Without a metric, the kernel chooses: no other is better. */
static void no_metric_has_no_next(void)
{
	struct gw6c_step step = route("::/0", 0);

	lab_begin(true);
	CU_ASSERT_EQUAL(lab_do(&step), GW6C_OK);
	CU_ASSERT_TRUE(lab_shows(V6, "metric 1024"));
	CU_ASSERT_EQUAL(lab_do(&step), GW6C_EOS);
	CU_ASSERT_PTR_NOT_NULL(strstr(lab_err.text, strerror(EEXIST)));
	lab_end();
}

static void a_route_needs_its_interface(void)
{
	struct gw6c_step step = route("::/0", LAB_METRIC);

	snprintf(step.dev, sizeof(step.dev), "none0");
	lab_begin(true);
	CU_ASSERT_EQUAL(lab_do(&step), GW6C_ENET);
	CU_ASSERT_STRING_EQUAL(lab_err.text, "there is no interface \"none0\"");
	CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
	snprintf(step.dev, sizeof(step.dev), "lan0");
	CU_ASSERT_EQUAL(lab_do(&step), GW6C_OK);
	CU_ASSERT_TRUE(lab_shows(V6, "dev lan0 proto 199"));
	lab_end();
}

static void a_route_may_have_a_next_hop(void)
{
	struct gw6c_step four = route("0.0.0.0/0", LAB_METRIC);
	struct gw6c_step six = route("::/0", LAB_METRIC);

	snprintf(four.dev, sizeof(four.dev), "lan0");
	snprintf(six.dev, sizeof(six.dev), "lan0");
	gw6c_addr_parse("192.0.2.1", &four.remote);
	gw6c_addr_parse("fe80::1", &six.remote);
	lab_begin(false);
	CU_ASSERT_TRUE(lab_ip("address add 192.0.2.9/24 dev lan0"));
	CU_ASSERT_EQUAL(lab_do(&four), GW6C_OK);
	CU_ASSERT_EQUAL(lab_do(&six), GW6C_OK);
	CU_ASSERT_TRUE(lab_shows(V4, "default via 192.0.2.1 dev lan0 proto 199 "
				     "metric 2048 "));
	CU_ASSERT_TRUE(
		lab_shows(V6, "default via fe80::1 dev lan0 proto 199 "));
	CU_ASSERT_EQUAL(lab_undo(&four), GW6C_OK);
	CU_ASSERT_EQUAL(lab_undo(&six), GW6C_OK);
	CU_ASSERT_TRUE(lab_is(V4, ""));
	lab_end();
}

/* --- the present way to a host ------------------------------------------- */

static void the_present_way_to_a_host_is_kept(void)
{
	static const struct {
		const char *host, *add, *saved, *show, *text;
	} cases[] = {
		{ "198.51.100.7", "-4 route add default via 192.0.2.1",
		  "lan0 192.0.2.1", "-4 route show 198.51.100.7",
		  "198.51.100.7 via 192.0.2.1 dev lan0 proto 199 " },
		{ "198.51.100.7", "-4 route add default dev wan0", "wan0 -",
		  "-4 route show 198.51.100.7",
		  "198.51.100.7 dev wan0 proto 199 scope link " },
		{ "2001:db8:a::7", "-6 route add default via fe80::1 dev lan0",
		  "lan0 fe80::1", "-6 route show 2001:db8:a::7",
		  "2001:db8:a::7 via fe80::1 dev lan0 proto 199 " },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gw6c_step step = lab_step(GW6C_PIN, cases[i].host);

		lab_begin(true);
		CU_ASSERT_TRUE(lab_ip("address add 192.0.2.9/24 dev lan0"));
		CU_ASSERT_EQUAL(lab_do(&step), GW6C_EOS);
		CU_ASSERT_EQUAL(strncmp(lab_err.text, "no route there: ", 16),
				0);
		CU_ASSERT_TRUE(lab_ip(cases[i].add));
		CU_ASSERT_EQUAL(lab_do(&step), GW6C_OK);
		CU_ASSERT_STRING_EQUAL(step.saved, cases[i].saved);
		CU_ASSERT_EQUAL(step.remote.family, 0);
		CU_ASSERT_TRUE(lab_shows(cases[i].show, cases[i].text));
		CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
		CU_ASSERT_TRUE(lab_is(cases[i].show, ""));
		lab_end();
	}
}

static void a_host_route_of_others_stays(void)
{
	struct gw6c_step step = lab_step(GW6C_PIN, "198.51.100.7");

	lab_begin(true);
	CU_ASSERT_TRUE(lab_ip("route add 198.51.100.7 dev wan0"));
	CU_ASSERT_EQUAL(lab_do(&step), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(step.saved, "");
	CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
	CU_ASSERT_TRUE(lab_shows("route", "198.51.100.7 dev wan0"));
	snprintf(step.saved, sizeof(step.saved), "none0 -"); /* has gone */
	CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
	lab_end();
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(a_route_has_its_metric_and_goes),
		UNIT_TEST(a_metric_that_is_taken_is_left),
		UNIT_TEST(only_ours_are_missed),
		UNIT_TEST(a_route_that_cannot_be_removed_is_told),
		UNIT_TEST(the_rest_of_a_prefix_is_unreachable),
		UNIT_TEST(there_is_an_end_of_metrics),
		UNIT_TEST(without_a_note_there_is_no_route),
		UNIT_TEST(no_metric_has_no_next),
		UNIT_TEST(a_route_needs_its_interface),
		UNIT_TEST(a_route_may_have_a_next_hop),
		UNIT_TEST(the_present_way_to_a_host_is_kept),
		UNIT_TEST(a_host_route_of_others_stays),
	};

	return lab_works() ? UNIT_RUN("linux_route", tests) : LAB_SKIPPED;
}
