/* test_client.c - what the client does, in each state, with each event. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/client/distances.h"
#include "fake_world.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <time.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void ends(enum session_end end, int status, enum session_reason reason,
		 int rc)
{
	struct session_result result = { .end = end,
					 .status = status,
					 .reason = reason,
					 .err = { rc, "it came to nothing" } };

	world_session_ends(&result);
}

static void silent(void)
{
	ends(SESSION_SILENT, 0, REASON_NONE, GW6C_ENET);
}

/* Nobody answers, on either transport. */
static void waiting(void)
{
	world_begin();
	for (int i = 0; i < 2; i++) {
		world_pass(0);
		world_resolve(1);
		silent();
	}
	CU_ASSERT_EQUAL(world_state(), CLIENT_WAITING);
}

static void connecting(void)
{
	world_begin();
	world_resolve(1);
}

static void changed(void)
{
	world.tunnel.events.network_changed(world.tunnel.events.arg);
}

static void grant_for(uint32_t lifetime_s)
{
	struct session_result result = {
		.end = SESSION_UP,
		.mechanism = "plain",
		.lease = { .mode = "v6udpv4", .lifetime_s = lifetime_s }
	};

	world_session_ends(&result);
}

/* --- the way up ---------------------------------------------------------- */

static void a_name_a_session_and_a_tunnel_lead_up(void)
{
	world_begin();
	CU_ASSERT_EQUAL(world_state(), CLIENT_RESOLVING);
	CU_ASSERT_STRING_EQUAL(world.name, "home");
	world_resolve(1);
	CU_ASSERT_EQUAL(world_state(), CLIENT_CONNECTING);
	CU_ASSERT_TRUE(world_session()->params.udp);
	CU_ASSERT_EQUAL(world_session()->params.addr.octets[3], 1);
	CU_ASSERT_EQUAL(world.saved_last, 0);
	world_grant();
	CU_ASSERT_EQUAL(world_state(), CLIENT_UP);
	CU_ASSERT_EQUAL(world.tunnel.starts, 1);
	CU_ASSERT_EQUAL(world.tunnel.stops, 0);
	CU_ASSERT_EQUAL(world.tunnel.sock, WORLD_SOCK);
	CU_ASSERT_EQUAL(world.tunnel.reason, GW6C_FOR_NOTHING);
	CU_ASSERT_EQUAL(world.ups, 1);
	CU_ASSERT_EQUAL(world.saved_last, 1);
	CU_ASSERT_TRUE(world_logged("3 client: tunnel up: v6udpv4"));
	CU_ASSERT_EQUAL(world_sessions(), 1);
	world_end();
}

static void over_tcp_the_tunnel_gets_no_socket(void)
{
	world_begin();
	world_resolve(1);
	silent();
	world_pass(0);
	world_resolve(1);
	CU_ASSERT_FALSE(world_session()->params.udp);
	world_grant();
	CU_ASSERT_EQUAL(world.tunnel.sock, -1);
	CU_ASSERT_STRING_EQUAL(world_status("transport"), "tcp");
	world_end();
}

static void others_are_not_told_the_account(void)
{
	world_up();
	CU_ASSERT_STRING_EQUAL(world_status("name"), "ann.example");
	CU_ASSERT_STRING_EQUAL(world_status("login"), "plain");
	world.asked_by_others = true;
	CU_ASSERT_STRING_EQUAL(world_status("name"), "");
	CU_ASSERT_STRING_EQUAL(world_status("login"), "");
	CU_ASSERT_STRING_EQUAL(world_status("state"), "up");
	CU_ASSERT_STRING_EQUAL(world_status("mode"), "v6udpv4");
	world_end();
}

static void a_tunnel_may_take_its_time_to_start(void)
{
	world_begin();
	world.tunnel.later = true;
	world_resolve(1);
	world_grant();
	CU_ASSERT_EQUAL(world_state(), CLIENT_STARTING);
	CU_ASSERT_EQUAL(world.ups, 0);
	world.tunnel.events.network_changed(world.tunnel.events.arg);
	world_pass(500);
	CU_ASSERT_EQUAL(world_state(), CLIENT_STARTING);
	world_started(GW6C_OK);
	CU_ASSERT_EQUAL(world_state(), CLIENT_UP);
	CU_ASSERT_EQUAL(world.ups, 1);
	world_end();
}

static void what_cannot_be_set_up_ends_the_first_time_only(void)
{
	static const struct {
		int rc;
		enum end end;
	} says[] = { { GW6C_EOS, END_SETUP },
		     { GW6C_ECONFIG, END_CONFIG },
		     { GW6C_EPEER, END_SETUP } };

	for (size_t i = 0; i < COUNT(says); i++) {
		world_begin();
		world.tunnel.refuses.rc = says[i].rc;
		world_resolve(1);
		world_grant();
		CU_ASSERT_EQUAL(world.ends, 1);
		CU_ASSERT_EQUAL(world.end, says[i].end);
		CU_ASSERT_EQUAL(world_state(), CLIENT_IDLE);
		world_end();
	}
	world_begin();
	world.tunnel.refuses.rc = GW6C_ENET;
	world_resolve(1);
	world_grant();
	CU_ASSERT_EQUAL(world.ends, 0);
	CU_ASSERT_EQUAL(world_state(), CLIENT_WAITING);
	world_end();
}

static void a_tunnel_that_was_up_once_is_tried_again(void)
{
	world_up();
	world_pass(70000);
	world_lost(false);
	world_pass(0);
	world.tunnel.refuses.rc = GW6C_EOS;
	world_resolve(1);
	world_grant();
	CU_ASSERT_EQUAL(world.ends, 0);
	CU_ASSERT_EQUAL(world_state(), CLIENT_WAITING);
	CU_ASSERT_TRUE(world_logged("cannot be set up: the step failed"));
	world_end();
}

static void proxied(struct client_params *params)
{
	(void)params;
	world.settings.proxy_client = true;
	world.os_flags = GW6C_OS_PROXY;
}

static void somebody_elses_tunnel_is_left_alone_when_it_is_set_up(void)
{
	world_begin_with(proxied);
	world_resolve(1);
	world_grant();
	CU_ASSERT_EQUAL(world.tunnel.let_goes, 1);
	CU_ASSERT_EQUAL(world.ends, 1);
	CU_ASSERT_EQUAL(world.end, END_OK);
	CU_ASSERT_EQUAL(world.ups, 0);
	world_end();
}

/* --- it comes to nothing ------------------------------------------------- */

static void what_cannot_pass_ends_with_a_status_of_its_own(void)
{
	static const struct {
		int status;
		enum session_reason reason;
		int rc;
		enum end end;
	} says[] = {
		{ 300, REASON_NONE, GW6C_EAUTH, END_AUTH },
		{ 303, REASON_NONE, GW6C_ECONFIG, END_MODE },
		{ 301, REASON_NONE, GW6C_ECONFIG, END_BUSY },
		{ 530, REASON_NONE, GW6C_ECONFIG, END_BUSY },
		{ 302, REASON_NONE, GW6C_ECONFIG, END_VERSION },
		{ 310, REASON_NONE, GW6C_ECONFIG, END_TSP },
		{ 1200, REASON_NONE, GW6C_ECONFIG, END_REDIRECT },
		{ 0, REASON_MODE, GW6C_ECONFIG, END_MODE },
		{ 0, REASON_MECHANISM, GW6C_ECONFIG, END_MECHANISM },
		{ 0, REASON_LOGIN, GW6C_EAUTH, END_AUTH },
		{ 0, REASON_PARAMETERS, GW6C_ECONFIG, END_PARAMETERS },
		{ 0, REASON_NONE, GW6C_ECONFIG, END_CONFIG },
		{ 0, REASON_NONE, GW6C_EAUTH, END_AUTH },
		{ 0, REASON_NONE, GW6C_EBUG, END_CONFIG },
	};

	for (size_t i = 0; i < COUNT(says); i++) {
		world_begin();
		world_resolve(1);
		ends(SESSION_FAILED, says[i].status, says[i].reason,
		     says[i].rc);
		CU_ASSERT_EQUAL(world.ends, 1);
		CU_ASSERT_EQUAL(world.end, says[i].end);
		CU_ASSERT_EQUAL(world_state(), CLIENT_IDLE);
		CU_ASSERT_EQUAL(world.tunnel.stops, 1);
		CU_ASSERT_FALSE(world.tunnel.alive);
		CU_ASSERT_EQUAL(world_sessions(), 0);
		world_end();
	}
}

static void patient(struct client_params *params)
{
	params->patient = true;
}

static void told_to_wait(struct client_params *params)
{
	(void)params;
	world.settings.on_refusal = "wait";
}

static void told_to_stop(struct client_params *params)
{
	params->patient = true;
	world.settings.on_refusal = "stop";
}

static void refused(void)
{
	ends(SESSION_FAILED, 300, REASON_NONE, GW6C_EAUTH);
}

/* Whoever refuses, and why, it is another session later: nobody is there to
 * start us again. */
static void a_service_outlives_a_refusal(void)
{
	static void (*const who[])(struct client_params *
				   params) = { patient, told_to_wait };
	static const char *const waits[] = { "300",  "600",  "1200",
					     "2400", "3600", "3600" };

	for (size_t i = 0; i < COUNT(who); i++) {
		world_begin_with(who[i]);
		for (size_t j = 0; j < COUNT(waits); j++) {
			int sessions = world.n_sessions;

			world_resolve(1);
			CU_ASSERT_EQUAL(world.n_sessions, sessions + 1);
			refused();
			CU_ASSERT_EQUAL(world.ends, 0);
			CU_ASSERT_EQUAL(world_state(), CLIENT_WAITING);
			CU_ASSERT_STRING_EQUAL(world_status("retry_in_s"),
					       waits[j]);
			CU_ASSERT_FALSE(world.probing);
			world_pass(strtoul(waits[j], NULL, 10) * 1000 - 1);
			CU_ASSERT_EQUAL(world_state(), CLIENT_WAITING);
			world_pass(1);
			CU_ASSERT_EQUAL(world_state(), CLIENT_RESOLVING);
		}
		CU_ASSERT_TRUE(world_logged(
			"1 client: it came to nothing; trying again in 300 s"));
		world_end();
	}
}

static void a_refusal_is_in_the_state(void)
{
	world_begin_with(patient);
	world_resolve(1);
	refused();
	CU_ASSERT_STRING_EQUAL(world.words,
			       "no tunnel: refused: it came to nothing; next "
			       "attempt in 300 s");
	CU_ASSERT_STRING_EQUAL(world_status("summary"), world.words);
	CU_ASSERT_STRING_EQUAL(world_status("failure"), "it came to nothing");
	CU_ASSERT_STRING_EQUAL(world_status("refusals"), "1");
	world_pass(300000);
	world_resolve(1);
	CU_ASSERT_STRING_EQUAL(world.words,
			       "asking home for a tunnel over UDP");
	world_grant();
	CU_ASSERT_EQUAL(world_state(), CLIENT_UP);
	CU_ASSERT_EQUAL(strncmp(world.words, "tunnel up: v6udpv4 to", 21), 0);
	CU_ASSERT_EQUAL(world.client->attempts.refusals, 0);
	world_end();
}

/* Who can make the network change cannot make us try passwords; but what one
 * network's broker says counts there. */
static void a_refusal_counts_where_it_was_met(void)
{
	world_begin_with(patient);
	world_resolve(1);
	refused();
	changed();
	CU_ASSERT_EQUAL(world_state(), CLIENT_WAITING);
	world.source.family = 0;
	changed();
	CU_ASSERT_EQUAL(world_state(), CLIENT_WAITING);
	gw6c_addr_parse("198.51.100.10", &world.source);
	changed();
	CU_ASSERT_EQUAL(world_state(), CLIENT_RESOLVING);
	world_end();
}

static void after_a_tunnel_a_refusal_is_waited_for(void)
{
	world_up();
	world_pass(70000);
	world_lost(false);
	world_pass(0);
	world_resolve(1);
	refused();
	CU_ASSERT_EQUAL(world.ends, 0);
	CU_ASSERT_EQUAL(world_state(), CLIENT_WAITING);
	CU_ASSERT_STRING_EQUAL(world_status("retry_in_s"), "300");
	world_end();
}

static void one_can_have_a_refusal_end_it(void)
{
	world_begin_with(told_to_stop);
	world_resolve(1);
	refused();
	CU_ASSERT_EQUAL(world.ends, 1);
	CU_ASSERT_EQUAL(world.end, END_AUTH);
	world_end();
}

static void a_short_retry_delay_is_no_password_guesser(void)
{
	world_begin_with(told_to_wait);
	world.client->attempts.delay_max_ms = 1000;
	world_resolve(1);
	refused();
	CU_ASSERT_STRING_EQUAL(world_status("retry_in_s"), "10");
	world_end();
}

static void unfit(struct client_params *params)
{
	params->patient = true;
	world.unfit = (struct gw6c_err){ GW6C_EOS, "no /dev/net/tun" };
}

/* It is looked for again before the broker is asked again. */
static void a_service_waits_for_what_the_machine_lacks(void)
{
	world_begin_with(unfit);
	CU_ASSERT_EQUAL(world.ends, 0);
	CU_ASSERT_EQUAL(world_state(), CLIENT_WAITING);
	CU_ASSERT_EQUAL(world.n_sessions, 0);
	CU_ASSERT_STRING_EQUAL(world_status("failure"),
			       "a tunnel cannot be set up here: no "
			       "/dev/net/tun");
	world_pass(30000);
	CU_ASSERT_EQUAL(world_state(), CLIENT_WAITING);
	world.unfit.rc = 0;
	world_pass(60000);
	CU_ASSERT_EQUAL(world_state(), CLIENT_RESOLVING);
	CU_ASSERT_PTR_NOT_NULL(world.lookup);
	world.checks = 0;
	world_resolve(1);
	world_grant();
	world_lost(false);
	world_pass(0);
	CU_ASSERT_EQUAL(world.checks, 0);
	world_end();
}

static void a_service_waits_when_it_cannot_set_up_the_first_tunnel(void)
{
	world_begin_with(patient);
	world.tunnel.refuses.rc = GW6C_EOS;
	world_resolve(1);
	world_grant();
	CU_ASSERT_EQUAL(world.ends, 0);
	CU_ASSERT_EQUAL(world_state(), CLIENT_WAITING);
	world_end();
}

static void any_mode(struct client_params *params)
{
	(void)params;
	world.settings.tunnel_mode = "any";
}

static void grant_raw(void)
{
	struct session_result result = { .end = SESSION_UP,
					 .mechanism = "plain",
					 .lease = { .mode = "raw" } };

	gw6c_addr_parse("198.51.100.9", &result.lease.local);
	world_session_ends(&result);
}

static const char *asked(void)
{
	return world_session()->params.tunnel->name;
}

/* From a tunnel to the session after it. */
static void lose_raw(bool proven)
{
	world.tunnel.proven = proven;
	world_lost(true);
	world_pass(400000); /* longer than any wait */
	world_resolve(1);
}

static void where_a_protocol_is_dropped_another_mode_is_asked_for(void)
{
	world_begin_with(any_mode);
	world_resolve(1);
	CU_ASSERT_STRING_EQUAL(asked(), "any");
	grant_raw();
	lose_raw(false);
	CU_ASSERT_STRING_EQUAL(asked(), "framed");
	CU_ASSERT_TRUE(world.client->attempts.udp_only);
	CU_ASSERT_TRUE(world_logged("nothing ever came through the raw tunnel: "
				    "this network seems to drop IP protocol "
				    "41; asking for framed"));
	/* Elsewhere it counts for nothing, and at the end of its hour. */
	gw6c_addr_parse("198.51.100.10", &world.source);
	world_grant();
	lose_raw(true);
	CU_ASSERT_STRING_EQUAL(asked(), "any");
	CU_ASSERT_FALSE(world.client->attempts.udp_only);
	gw6c_addr_parse("198.51.100.9", &world.source);
	world_grant();
	lose_raw(true);
	CU_ASSERT_STRING_EQUAL(asked(), "framed");
	world_grant();
	world_pass(3600000);
	lose_raw(true);
	CU_ASSERT_STRING_EQUAL(asked(), "any");
	world_end();
}

static void a_mode_that_carried_something_is_asked_for_again(void)
{
	world_begin_with(any_mode);
	world_resolve(1);
	grant_raw();
	lose_raw(true);
	CU_ASSERT_STRING_EQUAL(asked(), "any");
	world_grant(); /* over the session's own socket */
	lose_raw(false);
	CU_ASSERT_STRING_EQUAL(asked(), "any");
	world_end();
}

static void what_the_broker_does_not_offer_is_not_asked_for_twice(void)
{
	world_begin_with(any_mode);
	world_resolve(1);
	grant_raw();
	lose_raw(false);
	ends(SESSION_FAILED, 303, REASON_NONE, GW6C_ECONFIG);
	CU_ASSERT_EQUAL(world.ends, 0);
	CU_ASSERT_EQUAL(world_state(), CLIENT_WAITING);
	CU_ASSERT_EQUAL(world.client->attempts.refusals, 0);
	world_pass(400000);
	world_resolve(1);
	CU_ASSERT_STRING_EQUAL(asked(), "any");
	grant_raw();
	lose_raw(false);
	CU_ASSERT_STRING_EQUAL(asked(), "any");
	world_end();
}

static void a_slow_lookup_is_told(void)
{
	world_begin();
	world_pass(1999);
	CU_ASSERT_FALSE(world_logged("resolving"));
	world_pass(1);
	CU_ASSERT_TRUE(world_logged("3 client: still resolving home"));
	world_resolve(1);
	CU_ASSERT_EQUAL(world_timers(), 0);
	world_end();
	world_begin();
	world_resolve(1);
	world_pass(3000);
	CU_ASSERT_FALSE(world_logged("resolving"));
	world_end();
}

static int times_logged(const char *text)
{
	const char *at = world.log;
	int n = 0;

	for (; (at = strstr(at, text)); at++)
		n++;
	return n;
}

static void attended(struct client_params *params)
{
	(void)params;
	world.attended = true;
}

/* On a terminal every two seconds, of the name as of the broker. */
static void who_sits_at_a_terminal_sees_progress(void)
{
	world_begin_with(attended);
	world_pass(4000);
	CU_ASSERT_EQUAL(times_logged("3 client: still resolving home\n"), 2);
	world_resolve(1);
	world_pass(1999);
	CU_ASSERT_FALSE(world_logged("still waiting"));
	world_pass(2001);
	CU_ASSERT_EQUAL(times_logged(
				"3 client: still waiting for home over UDP\n"),
			2);
	CU_ASSERT_EQUAL(times_logged("still resolving"), 2);
	world_grant();
	world_pass(10000);
	CU_ASSERT_EQUAL(times_logged("still"), 4);
	world_end();
	/* Others see it of the name, and once. */
	world_begin();
	world_pass(9000);
	CU_ASSERT_EQUAL(times_logged("still resolving home"), 1);
	world_resolve(1);
	world_pass(9000);
	CU_ASSERT_EQUAL(times_logged("still"), 1);
	world_end();
}

static void what_may_pass_is_waited_for(void)
{
	world_begin();
	world_resolve(1);
	ends(SESSION_FAILED, 530, REASON_NONE, GW6C_EPEER);
	CU_ASSERT_EQUAL(world_state(), CLIENT_WAITING);
	CU_ASSERT_FALSE(world.probing); /* it is there */
	CU_ASSERT_STRING_EQUAL(world_status("retry_in_s"), "30");
	CU_ASSERT_STRING_EQUAL(world_status("failure"), "it came to nothing");
	CU_ASSERT_TRUE(world_logged(
		"2 client: it came to nothing; retrying in 30 s, until"));
	world_pass(29999);
	CU_ASSERT_EQUAL(world_state(), CLIENT_WAITING);
	world_pass(1);
	CU_ASSERT_EQUAL(world_state(), CLIENT_RESOLVING);
	world_resolve(1);
	ends(SESSION_FAILED, 530, REASON_NONE, GW6C_EPEER);
	/* The same is said more quietly. */
	CU_ASSERT_TRUE(world_logged(
		"4 client: it came to nothing; retrying in 60 s\n"));
	world_end();
}

static void booting(struct client_params *params)
{
	params->boot = true;
}

static void dry(struct client_params *params)
{
	params->dry_run = true;
}

static void nobody_waits_at_boot_or_for_a_dry_run(void)
{
	world_begin_with(booting);
	world_resolve(0);
	CU_ASSERT_EQUAL(world.end, END_RESOLVE);
	CU_ASSERT_EQUAL(world.ends, 1);
	CU_ASSERT_TRUE(world_logged("giving up (--boot)"));
	world_end();
	world_begin_with(dry);
	world_resolve(1);
	silent();
	world_pass(0);
	world_resolve(1);
	silent();
	CU_ASSERT_EQUAL(world.end, END_CONNECT);
	CU_ASSERT_EQUAL(world.ends, 1);
	CU_ASSERT_TRUE(world_logged("giving up (--dry-run)"));
	world_end();
}

static void a_session_that_cannot_begin_is_a_silent_broker(void)
{
	world_begin();
	world.no_session = true;
	world_resolve(1);
	CU_ASSERT_TRUE(world_logged("no way there; retrying immediately"));
	world.no_session = false;
	world_pass(0);
	world_resolve(1);
	CU_ASSERT_FALSE(world_session()->params.udp);
	world_end();
}

static void a_silent_broker_is_watched_for(void)
{
	waiting();
	CU_ASSERT_TRUE(world.probing);
	CU_ASSERT_EQUAL(world.probed.octets[3], 1);
	world.seen(world.seen_arg);
	CU_ASSERT_FALSE(world.probing);
	CU_ASSERT_EQUAL(world_state(), CLIENT_RESOLVING);
	CU_ASSERT_TRUE(world_logged("the broker answers again"));
	world_end();
}

static void waits(const char *name)
{
	for (int i = 0; i < 2; i++) {
		world_pass(0);
		CU_ASSERT_STRING_EQUAL(world.name, name);
		world_resolve(1);
		silent();
	}
}

static void only_the_configured_broker_is_watched_for(void)
{
	/* It is silent, and so are those of the file. */
	world_begin();
	world.listed = 1;
	waits("home");
	world.net = "203.0.113.";
	waits("list0");
	CU_ASSERT_EQUAL(world_state(), CLIENT_WAITING);
	CU_ASSERT_TRUE(world.probing);
	CU_ASSERT_EQUAL(world.probed.octets[0], 192);
	CU_ASSERT_FALSE(world.tunnel.alive);
	world_end();
	/* One of them answers, though not well. */
	world_begin();
	world.listed = 1;
	waits("home");
	world_pass(0);
	world_resolve(1);
	ends(SESSION_FAILED, 530, REASON_NONE, GW6C_EPEER);
	CU_ASSERT_EQUAL(world_state(), CLIENT_WAITING);
	CU_ASSERT_FALSE(world.probing);
	world_end();
}

static void a_name_that_is_unknown_is_not_watched_for(void)
{
	world_begin();
	world_resolve(0);
	CU_ASSERT_EQUAL(world_state(), CLIENT_WAITING);
	CU_ASSERT_FALSE(world.probing);
	CU_ASSERT_STRING_EQUAL(world_status("retry_in_s"), "10");
	world_end();
}

/* --- redirections -------------------------------------------------------- */

static void redirected(int n)
{
	struct session_result result = { .end = SESSION_REDIRECT,
					 .status = 1200,
					 .brokers = n,
					 .err = { GW6C_EPEER, "go there" } };

	for (int i = 0; i < n; i++) {
		snprintf(result.broker[i].host, GW6C_NAME, "b%d", i);
		result.broker[i].port = 3653;
	}
	world_session_ends(&result);
}

static void of_several_brokers_the_nearest_comes_first(void)
{
	static const uint32_t ms[] = { 30, 20 };

	world_begin();
	world_resolve(1);
	redirected(2);
	CU_ASSERT_EQUAL(world_state(), CLIENT_MEASURING);
	CU_ASSERT_EQUAL(world.measured, 2);
	/* A change of the network would not restart this. */
	world_pass(5000);
	world.tunnel.events.network_changed(world.tunnel.events.arg);
	CU_ASSERT_EQUAL(world_state(), CLIENT_MEASURING);
	world.distances(world.distances_arg, ms);
	CU_ASSERT_EQUAL(world.measured, 0);
	CU_ASSERT_EQUAL(world.saved_list, 1);
	world_pass(0);
	CU_ASSERT_STRING_EQUAL(world.name, "b1");
	world_end();
}

static void a_single_broker_is_not_measured(void)
{
	world_begin();
	world_resolve(1);
	redirected(1);
	CU_ASSERT_EQUAL(world_state(), CLIENT_RESOLVING);
	world_pass(0);
	CU_ASSERT_STRING_EQUAL(world.name, "b0");
	world_end();
}

static void a_broker_that_redirects_is_not_watched_for(void)
{
	connecting();
	redirected(1);
	waits("b0");
	CU_ASSERT_EQUAL(world_state(), CLIENT_WAITING);
	CU_ASSERT_FALSE(world.probing);
	world_end();
}

static void distances_are_told(void)
{
	static const uint32_t ms[] = { DISTANCES_DEAD - 1, DISTANCES_DEAD,
				       DISTANCES_FAMILY };

	connecting();
	redirected(3);
	world.distances(world.distances_arg, ms);
	/* The fake sorts names and not distances. */
	CU_ASSERT_TRUE(world_logged("distance to b2 port 3653: 19999 ms"));
	CU_ASSERT_TRUE(
		world_logged("distance to b1 port 3653: does not answer"));
	CU_ASSERT_TRUE(
		world_logged("distance to b0 port 3653: other address family"));
	CU_ASSERT_TRUE(world_logged("home redirects to 3 brokers; b2 is the "
				    "nearest (19999 ms)"));
	world_end();
}

static void nobody_is_sent_to_what_is_no_host(void)
{
	connecting();
	redirected(1);
	world_pass(0);
	world.net = "127.0.0.";
	world_resolve(2);
	CU_ASSERT_TRUE(world_logged("refusing redirect to b0: not a usable"));
	CU_ASSERT_EQUAL(world.n_sessions, 1);
	world_end();
	/* What is configured may be anything. */
	world_begin();
	world.net = "127.0.0.";
	world_resolve(1);
	CU_ASSERT_EQUAL(world.n_sessions, 1);
	world_end();
}

static void a_public_broker_that_names_a_private_one_is_told_of(void)
{
	static const struct {
		const char *from, *to;
		bool told;
	} says[] = { { "198.41.0.", "10.0.0.", true },
		     { "10.0.1.", "10.0.0.", false },
		     { "198.41.0.", "198.41.1.", false } };

	for (size_t i = 0; i < COUNT(says); i++) {
		world_begin();
		world.net = says[i].from;
		world_resolve(1);
		redirected(1);
		world_pass(0);
		world.net = says[i].to;
		world_resolve(2);
		CU_ASSERT_EQUAL(world_logged("redirects to b0, a private "
					     "address: 10.0.0.1"),
				says[i].told);
		CU_ASSERT_EQUAL(world.n_sessions, 2);
		CU_ASSERT_EQUAL(world_session()->params.addr.octets[3], 1);
		world_end();
	}
}

/* --- keys ---------------------------------------------------------------- */

static void ask(void)
{
	const struct session_params *params = &world_session()->params;
	struct gw6c_err err = { 0 };

	params->trust(params->arg, &params->broker, GW6C_NOTHING, &err);
}

static void a_person_is_asked_only_before_the_first_tunnel(void)
{
	connecting();
	ask();
	CU_ASSERT_TRUE(world.trust.may_ask);
	CU_ASSERT_TRUE(world.trust.keep);
	grant_for(100);
	world_pass(90000);
	ask();
	CU_ASSERT_EQUAL(world.trusts, 2);
	CU_ASSERT_FALSE(world.trust.may_ask);
	world_end();
	world_begin_with(booting);
	world_resolve(1);
	ask();
	CU_ASSERT_FALSE(world.trust.may_ask);
	world_end();
	world_begin_with(dry);
	world_resolve(1);
	ask();
	CU_ASSERT_TRUE(world.trust.may_ask);
	CU_ASSERT_FALSE(world.trust.keep);
	CU_ASSERT_TRUE(world_session()->params.offer_only);
	world_end();
}

/* --- the network changes ------------------------------------------------- */

static void another_network_ends_a_wait(void)
{
	waiting();
	changed();
	CU_ASSERT_EQUAL(world_state(), CLIENT_RESOLVING);
	world_resolve(1);
	CU_ASSERT_TRUE(world_session()->params.udp); /* from the beginning */
	/* And that may be restarted three times. */
	for (int i = 0; i < 3; i++) {
		world_pass(300);
		changed();
		CU_ASSERT_EQUAL(world_state(), CLIENT_RESOLVING);
		world_resolve(1);
	}
	world_pass(300);
	changed();
	CU_ASSERT_EQUAL(world_state(), CLIENT_CONNECTING);
	world_end();
}

static void another_network_restarts_what_is_older_three_times(void)
{
	world_begin();
	world_pass(299);
	changed();
	CU_ASSERT_FALSE(world_logged("the network has changed"));
	for (int i = 0; i < 3; i++) {
		world_pass(i ? 300 : 1);
		world.log[0] = 0;
		changed();
		CU_ASSERT_TRUE(world_logged("the network has changed"));
		CU_ASSERT_EQUAL(world_state(), CLIENT_RESOLVING);
		world_resolve(1);
		CU_ASSERT_EQUAL(world_state(), CLIENT_CONNECTING);
	}
	world_pass(300);
	changed();
	CU_ASSERT_EQUAL(world_state(), CLIENT_CONNECTING);
	/* A tunnel forgives them. */
	world_grant();
	world_pass(70000);
	world_lost(false);
	world_pass(300);
	changed();
	CU_ASSERT_EQUAL(world.client->reactions.restarts, 1);
	world_end();
}

static void another_address_needs_another_session(void)
{
	world_up();
	changed();
	CU_ASSERT_EQUAL(world.tunnel.probes, 1);
	CU_ASSERT_EQUAL(world_state(), CLIENT_UP);
	gw6c_addr_parse("198.51.100.10", &world.source);
	changed();
	CU_ASSERT_EQUAL(world.tunnel.probes, 1);
	CU_ASSERT_EQUAL(world_state(), CLIENT_LOSING);
	CU_ASSERT_TRUE(world_logged("our address changed from 198.51.100.9 to "
				    "198.51.100.10; reconnecting up_s=0"));
	world_pass(0);
	CU_ASSERT_EQUAL(world_state(), CLIENT_RESOLVING);
	CU_ASSERT_EQUAL(world.tunnel.stops, 0); /* it may become the same */
	world_resolve(1);
	world_grant();
	CU_ASSERT_EQUAL(world.tunnel.reason, GW6C_FOR_MOVE);
	CU_ASSERT_EQUAL(world.ups, 2);
	world_end();
}

static void without_an_address_a_tunnel_stays(void)
{
	world_up();
	world.source.family = 0;
	changed();
	CU_ASSERT_EQUAL(world_state(), CLIENT_UP);
	CU_ASSERT_EQUAL(world.tunnel.probes, 0);
	world_end();
}

/* --- the tunnel is lost -------------------------------------------------- */

static void a_lost_tunnel_is_replaced_when_the_call_is_over(void)
{
	world_up();
	world_pass(60000);
	world_lost(true);
	CU_ASSERT_EQUAL(world_state(), CLIENT_LOSING);
	CU_ASSERT_EQUAL(world.tunnel.pauses, 1); /* of the beginning */
	CU_ASSERT_EQUAL(world_sessions(), 1);
	world_lost(true); /* once is enough */
	world_pass(0);
	CU_ASSERT_EQUAL(world.tunnel.pauses, 2);
	CU_ASSERT_EQUAL(world_sessions(), 0);
	CU_ASSERT_TRUE(world_logged(
		"tunnel lost: nothing comes; reconnecting up_s=60"));
	world_resolve(1);
	world_grant();
	CU_ASSERT_EQUAL(world.tunnel.reason, GW6C_FOR_LOSS);
	CU_ASSERT_EQUAL(world.tunnel.stops, 0);
	CU_ASSERT_EQUAL(world.client->tunnels, 2);
	world_end();
}

#define WALL 1790000000 /* 2026-09-21 14:13:20 UTC */

/* The clock on the wall goes with that of the loop. */
time_t time(time_t *out)
{
	time_t now = WALL + (time_t)(world.now_ms - WORLD_START_MS) / 1000;

	if (out)
		*out = now;
	return now;
}

/* Since when, and the last loss with its cause: also long after it. */
static void the_status_tells_since_when_and_the_last_loss(void)
{
	setenv("TZ", "UTC", 1);
	tzset();
	world_up();
	CU_ASSERT_STRING_EQUAL(world_status("last_loss"), "-");
	CU_ASSERT_STRING_EQUAL(world_status("since"), "2026-09-21 14:13:20");
	world_pass(60000);
	CU_ASSERT_STRING_EQUAL(world_status("since"), "2026-09-21 14:13:20");
	world_lost(true);
	world_pass(0);
	world_pass(2000);
	world_resolve(1);
	world_grant();
	world_pass(11520000);
	CU_ASSERT_STRING_EQUAL(world_status("last_loss"),
			       "2026-09-21 14:14:20, nothing comes");
	CU_ASSERT_STRING_EQUAL(world_status("since"), "2026-09-21 14:14:22");
	CU_ASSERT_STRING_EQUAL(world_status("since_s"), "11520");
	CU_ASSERT_PTR_NOT_NULL(
		strstr(world_status("summary"), ", up 3 h 12 min"));
	CU_ASSERT_PTR_NULL(strstr(world.words, ", up"));
	world_end();
	unsetenv("TZ");
	tzset();
}

/* Two that die young: the second is waited for, with nothing set up. */
static void lost_twice(void)
{
	world_up();
	world_lost(false);
	world_pass(0);
	world_resolve(1);
	world_grant();
	CU_ASSERT_EQUAL(world.tunnel.reason, GW6C_FOR_LOSS);
	world_lost(false);
	CU_ASSERT_TRUE(world_logged("reconnecting after a delay"));
}

static void nothing_is_left_while_a_tunnel_is_waited_for(void)
{
	lost_twice();
	world_pass(0);
	CU_ASSERT_EQUAL(world_state(), CLIENT_WAITING);
	CU_ASSERT_EQUAL(world.tunnel.stops, 1);
	CU_ASSERT_FALSE(world.tunnel.alive);
	CU_ASSERT_EQUAL(world.tunnel.reason, GW6C_FOR_LOSS);
	CU_ASSERT_STRING_EQUAL(world.tunnel.why, "tunnel lost: nothing comes");
	CU_ASSERT_FALSE(world.probing);
	CU_ASSERT_STRING_EQUAL(world_status("retry_in_s"), "30");
	world_pass(30000);
	CU_ASSERT_EQUAL(world_state(), CLIENT_RESOLVING);
	world_end();
}

static void a_wait_counts_from_the_loss(void)
{
	lost_twice();
	world.tunnel.later = true;
	world_pass(4000);
	CU_ASSERT_EQUAL(world_state(), CLIENT_STOPPING);
	CU_ASSERT_EQUAL(world_timers(), 0);
	world_stopped();
	CU_ASSERT_EQUAL(world_state(), CLIENT_WAITING);
	world_pass(25999);
	CU_ASSERT_EQUAL(world_state(), CLIENT_WAITING);
	world_pass(1);
	CU_ASSERT_EQUAL(world_state(), CLIENT_RESOLVING);
	world_end();
	/* Longer than the wait. */
	lost_twice();
	world.tunnel.later = true;
	world_pass(31000);
	world_stopped();
	world_pass(0);
	CU_ASSERT_EQUAL(world_state(), CLIENT_RESOLVING);
	world_end();
}

static void another_network_shortens_a_slow_stop(void)
{
	lost_twice();
	world.tunnel.later = true;
	world_pass(0);
	changed();
	CU_ASSERT_EQUAL(world_state(), CLIENT_STOPPING);
	CU_ASSERT_TRUE(world_logged("the network has changed; retrying now"));
	world_stopped();
	CU_ASSERT_EQUAL(world_state(), CLIENT_RESOLVING);
	world_end();
	/* The same of a broker that would be watched for. */
	connecting();
	silent();
	world_pass(0);
	world_resolve(1);
	world.tunnel.later = true;
	silent();
	CU_ASSERT_EQUAL(world_state(), CLIENT_STOPPING);
	changed();
	world_stopped();
	CU_ASSERT_EQUAL(world_state(), CLIENT_RESOLVING);
	/* It is an attempt that may be restarted three times. */
	for (int i = 0; i < 3; i++) {
		world_pass(300);
		changed();
		CU_ASSERT_EQUAL(world_state(), CLIENT_RESOLVING);
		world_resolve(1);
	}
	world_end();
	/* Before it begins. */
	lost_twice();
	changed();
	world_pass(0);
	CU_ASSERT_EQUAL(world_state(), CLIENT_RESOLVING);
	CU_ASSERT_EQUAL(world.tunnel.stops, 0);
	world_end();
}

static void silence_is_final_without_auto_retry_connect(void)
{
	world_up();
	world.settings.auto_retry_connect = false;
	world_lost(true);
	CU_ASSERT_EQUAL(world.ends, 0); /* not inside the data path */
	world_pass(0);
	CU_ASSERT_EQUAL(world.ends, 1);
	CU_ASSERT_EQUAL(world.end, END_KEEPALIVE);
	CU_ASSERT_EQUAL(world.tunnel.reason, GW6C_FOR_LOSS);
	CU_ASSERT_FALSE(world.tunnel.alive);
	world_end();
	world_up();
	world.settings.auto_retry_connect = false;
	world_lost(false);
	world_pass(0);
	CU_ASSERT_EQUAL(world.ends, 0);
	world_end();
}

#define UNKNOWN                                                                \
	"ffffffff00000000"                                                     \
	"33313020780d0a" /* "310 x" */

static void a_broker_that_knows_us_no_longer_is_believed_once(void)
{
	world_up();
	world_control("fffffffe00000000"
		      "33313020780d0a");
	world_control("ffffffff00000000"
		      "33303020780d0a");
	world_control("ffffffff");
	CU_ASSERT_EQUAL(world_state(), CLIENT_UP);
	world_control(UNKNOWN);
	CU_ASSERT_EQUAL(world_state(), CLIENT_LOSING);
	CU_ASSERT_TRUE(world_logged("the broker does not know this session"));
	world_pass(0);
	world_resolve(1);
	world_grant();
	world_pass(9999);
	world_control(UNKNOWN);
	CU_ASSERT_EQUAL(world_state(), CLIENT_UP);
	world_pass(1);
	world_control(UNKNOWN);
	CU_ASSERT_EQUAL(world_state(), CLIENT_LOSING);
	world_end();
}

static void grant_behind_nat(void)
{
	struct session_result result = { .end = SESSION_UP,
					 .mechanism = "plain",
					 .lease = { .mode = "v6udpv4",
						    .keepalive_s = 40 } };

	gw6c_addr_parse("192.168.0.2", &result.lease.local);
	gw6c_addr_parse("198.51.100.9", &result.lease.seen);
	gw6c_addr_parse("192.0.2.1", &result.lease.remote);
	world_session_ends(&result);
}

static void a_nat_that_forgets_us_is_kept_awake(void)
{
	world_begin();
	world_resolve(1);
	grant_behind_nat();
	CU_ASSERT_TRUE(world_logged("NAT detected: our address is "
				    "192.168.0.2, the broker sees "
				    "198.51.100.9"));
	for (int i = 0; i < 2; i++) {
		CU_ASSERT_EQUAL(world.tunnel.lease.keepalive_s, 40);
		world_pass(100000);
		world_lost(true);
		world_pass(0);
		world_resolve(1);
		grant_behind_nat();
	}
	CU_ASSERT_EQUAL(world.tunnel.lease.keepalive_s, 20);
	CU_ASSERT_TRUE(world_logged("sending them every 20 s"));
	/* Without a NAT there is no need. */
	world_pass(1000000);
	world_lost(true);
	world_pass(0);
	world_resolve(1);
	world_grant();
	CU_ASSERT_EQUAL(world.tunnel.lease.keepalive_s, 30);
	world_end();
}

/* --- damage -------------------------------------------------------------- */

static void damaged(void)
{
	world.tunnel.events.damaged(world.tunnel.events.arg, "route removed");
}

static void what_others_damage_is_repaired_over_the_session_there_is(void)
{
	world_up();
	world_pass(50000);
	damaged();
	CU_ASSERT_EQUAL(world.tunnel.stops, 0); /* not inside the backend */
	world_pass(0);
	CU_ASSERT_EQUAL(world.tunnel.stops, 1);
	CU_ASSERT_FALSE(world.tunnel.alive);
	CU_ASSERT_EQUAL(world.tunnel.starts, 2);
	CU_ASSERT_EQUAL(world.tunnel.reason, GW6C_FOR_REPAIR);
	CU_ASSERT_EQUAL(world.tunnel.sock, WORLD_SOCK);
	CU_ASSERT_EQUAL(world_state(), CLIENT_UP);
	CU_ASSERT_EQUAL(world.n_sessions, 1);
	CU_ASSERT_EQUAL(world_sessions(), 1);
	CU_ASSERT_EQUAL(world.ups, 1); /* it was up all the while */
	CU_ASSERT_STRING_EQUAL(world_status("since_s"), "50");
	CU_ASSERT_STRING_EQUAL(world_status("tunnels"), "1");
	world_end();
}

static void repairs_are_no_fight(void)
{
	world_up();
	damaged();
	world_pass(9999);
	damaged();
	CU_ASSERT_TRUE(world_logged("tunnel lost: route removed"));
	world_pass(0);
	CU_ASSERT_EQUAL(world_state(), CLIENT_RESOLVING);
	world_resolve(1);
	world_grant();
	CU_ASSERT_EQUAL(world.tunnel.reason, GW6C_FOR_REPAIR);
	world_end();
	world_up();
	damaged();
	world_pass(10000);
	damaged();
	world_pass(0);
	CU_ASSERT_EQUAL(world_state(), CLIENT_UP);
	CU_ASSERT_EQUAL(world.tunnel.starts, 3);
	world_end();
}

static void a_repair_that_fails_needs_a_new_session(void)
{
	world_up();
	world.tunnel.refuses.rc = GW6C_EOS;
	damaged();
	world_pass(0);
	CU_ASSERT_TRUE(world_logged("tunnel lost: the step failed"));
	CU_ASSERT_EQUAL(world_state(), CLIENT_RESOLVING);
	world_resolve(1);
	world_grant(); /* still not: that is no repair any more */
	CU_ASSERT_TRUE(world_logged("2 client: the tunnel was granted but "
				    "cannot be set up: the step failed"));
	CU_ASSERT_EQUAL(world_state(), CLIENT_WAITING);
	world_pass(60000);
	world.tunnel.refuses.rc = GW6C_OK;
	world_resolve(1);
	world_grant();
	CU_ASSERT_EQUAL(world.tunnel.reason, GW6C_FOR_REPAIR);
	CU_ASSERT_EQUAL(world.ups, 2);
	world_end();
}

/* --- renewal ------------------------------------------------------------- */

static void leased(uint32_t lifetime_s)
{
	world_begin();
	world_resolve(1);
	grant_for(lifetime_s);
	CU_ASSERT_EQUAL(world_state(), CLIENT_UP);
}

static void a_lease_is_renewed_before_it_ends(void)
{
	static const struct {
		uint32_t lifetime_s, at_s;
	} says[] = { { 100, 90 }, { 600, 540 }, { 6000, 5940 } };

	for (size_t i = 0; i < COUNT(says); i++) {
		leased(says[i].lifetime_s);
		world_pass(says[i].at_s * 1000 - 1);
		CU_ASSERT_EQUAL(world.n_sessions, 1);
		world_pass(1);
		CU_ASSERT_EQUAL(world.n_sessions, 2);
		CU_ASSERT_EQUAL(world_state(), CLIENT_UP);
		grant_for(says[i].lifetime_s);
		CU_ASSERT_EQUAL(world.tunnel.reason, GW6C_FOR_RENEWAL);
		CU_ASSERT_EQUAL(world_state(), CLIENT_UP);
		CU_ASSERT_EQUAL(world.ups, 1);
		CU_ASSERT_EQUAL(world_sessions(), 1);
		CU_ASSERT_TRUE(world_logged("3 client: lease renewed "));
		/* And again. */
		world_pass(says[i].at_s * 1000);
		CU_ASSERT_EQUAL(world.n_sessions, 3);
		world_end();
	}
}

static void the_former_session_stays_until_the_tunnel_has_moved(void)
{
	leased(100);
	world_pass(90000);
	world.tunnel.later = true;
	grant_for(100);
	CU_ASSERT_EQUAL(world_sessions(), 2);
	world_started(GW6C_OK);
	CU_ASSERT_EQUAL(world_sessions(), 1);
	CU_ASSERT_TRUE(world.sessions[1].used);
	world_end();
}

static void a_renewal_that_cannot_be_set_up_is_a_loss(void)
{
	leased(100);
	world_pass(90000);
	world.tunnel.refuses.rc = GW6C_EOS;
	grant_for(100);
	CU_ASSERT_TRUE(world_logged("granted but cannot be set up"));
	CU_ASSERT_EQUAL(world_state(), CLIENT_WAITING);
	CU_ASSERT_EQUAL(world_sessions(), 0);
	world_end();
}

static void a_renewal_is_tried_until_the_lease_has_ended(void)
{
	leased(100);
	world_pass(90000);
	silent();
	CU_ASSERT_TRUE(world_logged("2 client: cannot renew the lease"));
	world_pass(4999);
	CU_ASSERT_EQUAL(world.n_sessions, 2);
	world_pass(1);
	CU_ASSERT_EQUAL(world.n_sessions, 3);
	redirected(1);
	CU_ASSERT_TRUE(world_logged("4 client: cannot renew the lease: the "
				    "broker redirects to another one"));
	world.no_session = true;
	CU_ASSERT_EQUAL(world_sessions(), 1);
	world_pass(4999);
	CU_ASSERT_EQUAL(world_state(), CLIENT_UP);
	world_pass(1);
	CU_ASSERT_EQUAL(world_state(), CLIENT_RESOLVING);
	CU_ASSERT_TRUE(world_logged("tunnel lost: its lease has expired"));
	world.no_session = false;
	world_resolve(1);
	world_grant();
	CU_ASSERT_EQUAL(world.tunnel.reason, GW6C_FOR_RENEWAL);
	CU_ASSERT_EQUAL(world.ups, 2);
	world_end();
}

static void a_repair_does_not_prolong_a_lease(void)
{
	leased(100);
	world_pass(80000);
	damaged();
	world_pass(10000);
	CU_ASSERT_EQUAL(world.n_sessions, 2);
	/* During one, a renewal waits. */
	world.tunnel.later = true;
	damaged();
	world_pass(0);
	CU_ASSERT_EQUAL(world_state(), CLIENT_STOPPING);
	grant_for(100);
	CU_ASSERT_EQUAL(world.tunnel.starts, 2);
	world_pass(10000);
	CU_ASSERT_EQUAL(world.n_sessions, 2);
	world_stopped();
	world_started(GW6C_OK);
	world_pass(1000);
	CU_ASSERT_TRUE(world_logged("its lease has expired"));
	world_end();
}

/* --- an end is wanted ---------------------------------------------------- */

static void features_say_goodbye_before_the_end(void)
{
	world_up();
	world.tunnel.later = true;
	client_stop(world.client, GW6C_FOR_STOP);
	CU_ASSERT_EQUAL(world.tunnel.stops, 1);
	CU_ASSERT_TRUE(world.tunnel.alive);
	CU_ASSERT_EQUAL(world.tunnel.reason, GW6C_FOR_STOP);
	CU_ASSERT_STRING_EQUAL(world.tunnel.why, "");
	world_lost(true); /* what happens meanwhile */
	changed();
	world_pass(4000);
	CU_ASSERT_EQUAL(world.ends, 0);
	CU_ASSERT_EQUAL(world_sessions(), 1); /* its socket carries them */
	CU_ASSERT_STRING_EQUAL(world_status("state"), "stopping");
	client_stop(world.client, GW6C_FOR_STOP);
	world_stopped();
	CU_ASSERT_EQUAL(world.ends, 1);
	CU_ASSERT_EQUAL(world.end, END_OK);
	CU_ASSERT_EQUAL(world_sessions(), 0);
	CU_ASSERT_EQUAL(world.tunnel.stops, 1);
	world_end();
}

static void a_reload_is_told_as_such(void)
{
	world_up();
	client_stop(world.client, GW6C_FOR_RELOAD);
	CU_ASSERT_EQUAL(world.tunnel.reason, GW6C_FOR_RELOAD);
	CU_ASSERT_TRUE(world.tunnel.alive);
	CU_ASSERT_EQUAL(world.ends, 1);
	world_end();
}

static void resolving(void)
{
	world_begin();
}

static void measuring(void)
{
	connecting();
	redirected(2);
}

static void starting(void)
{
	connecting();
	world.tunnel.later = true;
	world_grant();
	world.tunnel.later = false;
}

static void losing(void)
{
	world_up();
	world_lost(true);
}

static void repairing(void)
{
	world_up();
	damaged();
}

static void without_a_tunnel_the_end_comes_at_once(void)
{
	static void (*const ways[])(void) = { resolving, connecting, measuring,
					      starting,	 losing,     repairing,
					      waiting };

	for (size_t i = 0; i < COUNT(ways); i++) {
		ways[i]();
		client_stop(world.client, GW6C_FOR_STOP);
		world_pass(0);
		CU_ASSERT_EQUAL(world.ends, 1);
		CU_ASSERT_EQUAL(world.end, END_OK);
		CU_ASSERT_EQUAL(world_state(), CLIENT_IDLE);
		CU_ASSERT_FALSE(world.tunnel.alive);
		CU_ASSERT_EQUAL(world.tunnel.reason, GW6C_FOR_STOP);
		CU_ASSERT_EQUAL(world_sessions(), 0);
		CU_ASSERT_EQUAL(world_timers(), 0);
		/* And nothing more. */
		changed();
		world_lost(true);
		client_stop(world.client, GW6C_FOR_STOP);
		CU_ASSERT_EQUAL(world.ends, 1);
		world_end();
	}
}

static void a_slow_stop_may_become_an_end(void)
{
	lost_twice();
	world.tunnel.later = true;
	world_pass(0);
	client_stop(world.client, GW6C_FOR_STOP);
	CU_ASSERT_EQUAL(world.ends, 0);
	world_stopped();
	CU_ASSERT_EQUAL(world.ends, 1);
	CU_ASSERT_EQUAL(world.end, END_OK);
	world_end();
}

static void the_cause_of_an_end_outlives_a_signal(void)
{
	world_up();
	world.settings.auto_retry_connect = false;
	world.tunnel.later = true;
	world_lost(true);
	world_pass(0);
	client_stop(world.client, GW6C_FOR_STOP);
	world_stopped();
	CU_ASSERT_EQUAL(world.end, END_KEEPALIVE);
	world_end();
}

/* --- features and their options ------------------------------------------ */

static void options_of_features_need_no_session(void)
{
	struct conf *first = conf_new(), *second = conf_new();

	world_up();
	CU_ASSERT_PTR_EQUAL(client_conf(world.client),
			    world.client->params.conf);
	client_reload(world.client, first);
	CU_ASSERT_EQUAL(world.tunnel.reloads, 1);
	CU_ASSERT_PTR_EQUAL(world.tunnel.conf, first);
	CU_ASSERT_PTR_EQUAL(client_conf(world.client), first);
	client_reload(world.client, second);
	CU_ASSERT_EQUAL(world.tunnel.reloads, 2);
	CU_ASSERT_PTR_EQUAL(world.tunnel.conf, second);
	CU_ASSERT_EQUAL(world.n_sessions, 1);
	CU_ASSERT_EQUAL(world_state(), CLIENT_UP);
	world_end();
}

static void options_wait_for_a_start_and_a_stop(void)
{
	struct conf *last = conf_new();

	connecting();
	world.tunnel.later = true;
	world_grant();
	client_reload(world.client, conf_new());
	client_reload(world.client, last);
	CU_ASSERT_EQUAL(world.tunnel.reloads, 0);
	CU_ASSERT_PTR_EQUAL(client_conf(world.client), last);
	world_started(GW6C_OK);
	CU_ASSERT_EQUAL(world.tunnel.reloads, 1);
	CU_ASSERT_PTR_EQUAL(world.tunnel.conf, last);
	world_end();
	lost_twice();
	world.tunnel.later = true;
	world_pass(0);
	client_reload(world.client, conf_new());
	CU_ASSERT_EQUAL(world.tunnel.reloads, 0);
	world_stopped();
	CU_ASSERT_EQUAL(world.tunnel.reloads, 1);
	world_end();
}

static void plugins_see_how_the_client_is(void)
{
	static const struct {
		void (*get_there)(void);
		uint32_t state;
	} says[] = {
		{ resolving, GW6C_STATE_CONNECTING },
		{ connecting, GW6C_STATE_CONNECTING },
		{ measuring, GW6C_STATE_CONNECTING },
		{ starting, GW6C_STATE_CONNECTING },
		{ world_up, GW6C_STATE_UP },
		{ losing, GW6C_STATE_WAITING },
		{ waiting, GW6C_STATE_WAITING },
	};

	for (size_t i = 0; i < COUNT(says); i++) {
		const struct host_client *client;
		struct gw6c_view view;

		says[i].get_there();
		client = world.tunnel.client;
		CU_ASSERT_TRUE(client->view(client->arg, &view));
		CU_ASSERT_EQUAL(view.size, sizeof(view));
		CU_ASSERT_EQUAL(view.state, says[i].state);
		CU_ASSERT_EQUAL(view.rtt_ms, world.tunnel.applied ? 3.5 : -1);
		CU_ASSERT_EQUAL(view.counted, world.tunnel.applied);
		CU_ASSERT_EQUAL(view.since_ms, world.now_ms);
		world_end();
	}
}

static void plugins_see_why_it_is_not_up(void)
{
	const struct host_client *client;
	struct gw6c_view view;

	world_up();
	client = world.tunnel.client;
	world_pass(60000);
	client->view(client->arg, &view);
	CU_ASSERT_STRING_EQUAL(view.reason, "");
	CU_ASSERT_EQUAL(view.since_ms, world.now_ms - 60000);
	CU_ASSERT_EQUAL(view.count.in_packets, 12);
	world_lost(true);
	client->view(client->arg, &view);
	CU_ASSERT_STRING_EQUAL(view.reason, "tunnel lost: nothing comes");
	CU_ASSERT_EQUAL(view.since_ms, world.now_ms);
	world_pass(0);
	world_resolve(1);
	world_grant();
	client->view(client->arg, &view);
	CU_ASSERT_STRING_EQUAL(view.reason, "");
	CU_ASSERT_EQUAL(view.since_ms, world.now_ms);
	world_end();
}

static void a_plugin_may_ask_for_a_new_session(void)
{
	const struct host_client *client;

	world_up();
	client = world.tunnel.client;
	client->reconnect(client->arg, "feature:test: it is late");
	CU_ASSERT_TRUE(world_logged("3 client: tunnel lost: a new session was "
				    "requested by feature:test: it is late; "
				    "reconnecting"));
	world_pass(0);
	CU_ASSERT_EQUAL(world_state(), CLIENT_RESOLVING);
	client->reconnect(client->arg, "feature:test: again");
	CU_ASSERT_TRUE(world_logged("4 client: a new session was requested by "
				    "feature:test: again; there is no tunnel"));
	CU_ASSERT_EQUAL(world_state(), CLIENT_RESOLVING);
	world_resolve(1);
	world_grant();
	CU_ASSERT_EQUAL(world.tunnel.reason, GW6C_FOR_RELOAD);
	world_end();
}

static void a_plugin_may_ask_for_the_end(void)
{
	const struct host_client *client;

	world_up();
	client = world.tunnel.client;
	client->stop(client->arg, "feature:test: enough");
	CU_ASSERT_TRUE(world_logged("3 client: stopping: requested by "
				    "feature:test: enough"));
	CU_ASSERT_TRUE(world.tunnel.alive);
	CU_ASSERT_EQUAL(world.tunnel.reason, GW6C_FOR_STOP);
	CU_ASSERT_EQUAL(world.ends, 1);
	CU_ASSERT_EQUAL(world.end, END_OK);
	world_end();
}

/* --- status -------------------------------------------------------------- */

static void the_status_says_what_there_is(void)
{
	static const struct {
		void (*get_there)(void);
		const char *state;
	} says[] = {
		{ resolving, "resolving" }, { connecting, "connecting" },
		{ measuring, "measuring" }, { starting, "starting" },
		{ world_up, "up" },	    { losing, "stopping" },
		{ waiting, "waiting" },
	};

	for (size_t i = 0; i < COUNT(says); i++) {
		bool up = says[i].get_there == world_up;

		says[i].get_there();
		world.now_ms += 7000;
		CU_ASSERT_STRING_EQUAL(world_status("state"), says[i].state);
		CU_ASSERT_STRING_EQUAL(world_status("since_s"), "7");
		CU_ASSERT_STRING_EQUAL(world_status("broker"), "home");
		CU_ASSERT_STRING_EQUAL(world_status("login"),
				       up ? "plain" : "");
		CU_ASSERT_STRING_EQUAL(world_status("in_packets"),
				       up ? "12" : "");
		CU_ASSERT_STRING_EQUAL(world_status("feature.test.line"), "1");
		world_end();
	}
}

static void a_router_is_told_its_prefix_and_its_name(void)
{
	struct session_result result = { .end = SESSION_UP,
					 .lease = { .name = "a.example",
						    .lans[0].dev = "l" } };

	connecting();
	gw6c_addr_parse("2001:db8::", &result.lease.prefix);
	result.lease.prefix.bits = 56;
	world_session_ends(&result);
	CU_ASSERT_TRUE(world_logged(
		"3 client: delegated prefix 2001:db8::/56 on l\n"));
	CU_ASSERT_TRUE(world_logged("our name is a.example\n"));
	CU_ASSERT_STRING_EQUAL(world_status("name"), "a.example");
	CU_ASSERT_STRING_EQUAL(world_status("prefix"), "2001:db8::/56");
	CU_ASSERT_STRING_EQUAL(world_status("reply_age_s"), "100.0");
	world_end();
}

static void an_idle_client_has_no_lease_to_show(void)
{
	world_up();
	client_stop(world.client, GW6C_FOR_STOP);
	CU_ASSERT_STRING_EQUAL(world_status("state"), "idle");
	CU_ASSERT_STRING_EQUAL(world_status("mtu"), "");
	world_end();
}

static void a_tunnel_that_is_done_anew_has_no_lease_to_show(void)
{
	world_up();
	world.tunnel.applied = false;
	CU_ASSERT_STRING_EQUAL(world_status("state"), "up");
	CU_ASSERT_STRING_EQUAL(world_status("transport"), "udp");
	CU_ASSERT_STRING_EQUAL(world_status("mtu"), "");
	changed();
	CU_ASSERT_EQUAL(world_state(), CLIENT_UP);
	world_end();
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(a_name_a_session_and_a_tunnel_lead_up),
		UNIT_TEST(over_tcp_the_tunnel_gets_no_socket),
		UNIT_TEST(others_are_not_told_the_account),
		UNIT_TEST(a_tunnel_may_take_its_time_to_start),
		UNIT_TEST(what_cannot_be_set_up_ends_the_first_time_only),
		UNIT_TEST(a_tunnel_that_was_up_once_is_tried_again),
		UNIT_TEST(
			somebody_elses_tunnel_is_left_alone_when_it_is_set_up),
		UNIT_TEST(what_cannot_pass_ends_with_a_status_of_its_own),
		UNIT_TEST(a_service_outlives_a_refusal),
		UNIT_TEST(a_refusal_is_in_the_state),
		UNIT_TEST(a_refusal_counts_where_it_was_met),
		UNIT_TEST(after_a_tunnel_a_refusal_is_waited_for),
		UNIT_TEST(one_can_have_a_refusal_end_it),
		UNIT_TEST(a_short_retry_delay_is_no_password_guesser),
		UNIT_TEST(a_service_waits_for_what_the_machine_lacks),
		UNIT_TEST(
			a_service_waits_when_it_cannot_set_up_the_first_tunnel),
		UNIT_TEST(
			where_a_protocol_is_dropped_another_mode_is_asked_for),
		UNIT_TEST(a_mode_that_carried_something_is_asked_for_again),
		UNIT_TEST(
			what_the_broker_does_not_offer_is_not_asked_for_twice),
		UNIT_TEST(a_slow_lookup_is_told),
		UNIT_TEST(who_sits_at_a_terminal_sees_progress),
		UNIT_TEST(what_may_pass_is_waited_for),
		UNIT_TEST(nobody_waits_at_boot_or_for_a_dry_run),
		UNIT_TEST(a_session_that_cannot_begin_is_a_silent_broker),
		UNIT_TEST(a_silent_broker_is_watched_for),
		UNIT_TEST(only_the_configured_broker_is_watched_for),
		UNIT_TEST(a_name_that_is_unknown_is_not_watched_for),
		UNIT_TEST(of_several_brokers_the_nearest_comes_first),
		UNIT_TEST(a_single_broker_is_not_measured),
		UNIT_TEST(a_broker_that_redirects_is_not_watched_for),
		UNIT_TEST(distances_are_told),
		UNIT_TEST(nobody_is_sent_to_what_is_no_host),
		UNIT_TEST(a_public_broker_that_names_a_private_one_is_told_of),
		UNIT_TEST(a_person_is_asked_only_before_the_first_tunnel),
		UNIT_TEST(another_network_ends_a_wait),
		UNIT_TEST(another_network_restarts_what_is_older_three_times),
		UNIT_TEST(another_address_needs_another_session),
		UNIT_TEST(without_an_address_a_tunnel_stays),
		UNIT_TEST(a_lost_tunnel_is_replaced_when_the_call_is_over),
		UNIT_TEST(the_status_tells_since_when_and_the_last_loss),
		UNIT_TEST(nothing_is_left_while_a_tunnel_is_waited_for),
		UNIT_TEST(a_wait_counts_from_the_loss),
		UNIT_TEST(another_network_shortens_a_slow_stop),
		UNIT_TEST(silence_is_final_without_auto_retry_connect),
		UNIT_TEST(a_broker_that_knows_us_no_longer_is_believed_once),
		UNIT_TEST(a_nat_that_forgets_us_is_kept_awake),
		UNIT_TEST(
			what_others_damage_is_repaired_over_the_session_there_is),
		UNIT_TEST(repairs_are_no_fight),
		UNIT_TEST(a_repair_that_fails_needs_a_new_session),
		UNIT_TEST(a_lease_is_renewed_before_it_ends),
		UNIT_TEST(the_former_session_stays_until_the_tunnel_has_moved),
		UNIT_TEST(a_renewal_that_cannot_be_set_up_is_a_loss),
		UNIT_TEST(a_renewal_is_tried_until_the_lease_has_ended),
		UNIT_TEST(a_repair_does_not_prolong_a_lease),
		UNIT_TEST(features_say_goodbye_before_the_end),
		UNIT_TEST(a_reload_is_told_as_such),
		UNIT_TEST(without_a_tunnel_the_end_comes_at_once),
		UNIT_TEST(a_slow_stop_may_become_an_end),
		UNIT_TEST(the_cause_of_an_end_outlives_a_signal),
		UNIT_TEST(options_of_features_need_no_session),
		UNIT_TEST(options_wait_for_a_start_and_a_stop),
		UNIT_TEST(plugins_see_how_the_client_is),
		UNIT_TEST(plugins_see_why_it_is_not_up),
		UNIT_TEST(a_plugin_may_ask_for_a_new_session),
		UNIT_TEST(a_plugin_may_ask_for_the_end),
		UNIT_TEST(the_status_says_what_there_is),
		UNIT_TEST(a_router_is_told_its_prefix_and_its_name),
		UNIT_TEST(an_idle_client_has_no_lease_to_show),
		UNIT_TEST(a_tunnel_that_is_done_anew_has_no_lease_to_show),
	};

	return UNIT_RUN("client", tests);
}
