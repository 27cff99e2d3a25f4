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

/* systemctl status is for everybody, and so is the socket. */
static void no_name_and_no_address_is_for_everybody(void)
{
	static const struct {
		enum session_end end;
		int status;
		enum session_reason reason;
		const char *words;
	} cases[] = {
		{ SESSION_SILENT, 0, REASON_NONE, "broker does not answer" },
		{ SESSION_FAILED, 530, REASON_NONE, "(status 530)" },
		{ SESSION_FAILED, 0, REASON_NONE, "session with the broker" },
		{ SESSION_FAILED, 0, REASON_RESOLVE, "name cannot be" },
		{ SESSION_FAILED, 0, REASON_REDIRECT, "a redirection" },
		{ SESSION_FAILED, 0, REASON_MODE, "not offer the tunnel" },
		{ SESSION_FAILED, 0, REASON_MECHANISM, "no login that may" },
		{ SESSION_FAILED, 0, REASON_LOGIN, "login has failed" },
		{ SESSION_FAILED, 0, REASON_PARAMETERS, "broker grants" },
		{ SESSION_FAILED, 0, REASON_FORGED, "is forged" },
		{ SESSION_FAILED, 0, REASON_SETUP, "cannot be set up" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct session_result result = { .end = cases[i].end,
						 .status = cases[i].status,
						 .reason = cases[i].reason,
						 .err = { GW6C_EPEER,
							  "zoe at home" } };

		world_begin_with(patient);
		CU_ASSERT_STRING_EQUAL(world.words, "resolving the broker");
		world_resolve(1);
		world_session_ends(&result);
		if (world_state() != CLIENT_WAITING) { /* over TCP, too */
			world_pass(0);
			world_resolve(1);
			world_session_ends(&result);
		}
		CU_ASSERT_EQUAL(world_state(), CLIENT_WAITING);
		CU_ASSERT_PTR_NOT_NULL(strstr(world.words, cases[i].words));
		CU_ASSERT_PTR_NULL(strstr(world.words, "zoe"));
		CU_ASSERT_PTR_NULL(strstr(world.words, "home"));
		CU_ASSERT_PTR_NOT_NULL(
			strstr(world_status("summary"), "zoe at home"));
		world.asked_by_others = true;
		CU_ASSERT_STRING_EQUAL(world_status("summary"), world.words);
		CU_ASSERT_PTR_NOT_NULL(
			strstr(world_status("failure"), cases[i].words));
		CU_ASSERT_PTR_NULL(strstr(world_status("failure"), "zoe"));
		world_end();
	}
	world_up();
	world_pass(60000);
	gw6c_addr_parse("198.51.100.10", &world.source);
	changed();
	world_pass(0);
	world_resolve(0);
	CU_ASSERT_PTR_NULL(strstr(world.words, "198.51"));
	world_end();
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
			       "no tunnel: refused: login refused (status "
			       "300); next attempt in 300 s");
	CU_ASSERT_STRING_EQUAL(world_status("summary"),
			       "no tunnel: refused: it came to nothing; next "
			       "attempt in 300 s");
	CU_ASSERT_STRING_EQUAL(world_status("failure"), "it came to nothing");
	CU_ASSERT_STRING_EQUAL(world_status("refusals"), "1");
	world_pass(300000);
	world_resolve(1);
	CU_ASSERT_STRING_EQUAL(world.words,
			       "asking the broker for a tunnel over UDP");
	CU_ASSERT_STRING_EQUAL(world_status("summary"),
			       "asking home for a tunnel over UDP");
	world_grant();
	CU_ASSERT_EQUAL(world_state(), CLIENT_UP);
	CU_ASSERT_STRING_EQUAL(world.words, "tunnel up: v6udpv4");
	CU_ASSERT_EQUAL(strncmp(world_status("summary"),
				"tunnel up: v6udpv4 to", 21),
			0);
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

static void raw_mode(struct client_params *params)
{
	(void)params;
	world.settings.tunnel_mode = "raw";
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

static struct network known[NETWORKS_MAX];
static int n_known;

static void any_mode_and_known(struct client_params *params)
{
	any_mode(params);
	memcpy(world.networks, known, sizeof(known));
	world.n_networks = n_known;
}

/* What is asked for first, by a client that finds this one in the file. */
static const char *asked_with(const char *local, const char *usual,
			      const char *mode, int64_t until_s)
{
	static char name[32];

	known[0] =
		(struct network){ .until_s = (uint64_t)(WORLD_WALL + until_s) };
	n_known = 1;
	gw6c_addr_parse(local, &known[0].local);
	snprintf(known[0].asked, GW6C_MODE, "%s", usual);
	snprintf(known[0].mode, GW6C_MODE, "%s", mode);
	world_begin_with(any_mode_and_known);
	world_resolve(1);
	snprintf(name, sizeof(name), "%s", asked());
	world_end();
	return name;
}

static void what_is_dropped_is_known_after_a_restart(void)
{
	world_begin_with(any_mode);
	world_resolve(1);
	grant_raw();
	lose_raw(false);
	CU_ASSERT_EQUAL_FATAL(world.n_networks, 1);
	CU_ASSERT_STRING_EQUAL(world.networks[0].asked, "any");
	CU_ASSERT_STRING_EQUAL(world.networks[0].mode, "framed");
	CU_ASSERT_EQUAL(world.networks[0].until_s, WORLD_WALL + 3600);
	world_end();
#define HERE "198.51.100.9"
	CU_ASSERT_STRING_EQUAL(asked_with(HERE, "any", "framed", 3600),
			       "framed");
	CU_ASSERT_STRING_EQUAL(asked_with(HERE, "any", "framed", 1), "framed");
	CU_ASSERT_STRING_EQUAL(asked_with(HERE, "any", "framed", 0), "any");
	CU_ASSERT_STRING_EQUAL(asked_with(HERE, "any", "framed", 3601), "any");
	CU_ASSERT_STRING_EQUAL(asked_with("198.51.100.8", "any", "framed", 60),
			       "any");
	CU_ASSERT_STRING_EQUAL(asked_with(HERE, "other", "framed", 60), "any");
	CU_ASSERT_STRING_EQUAL(asked_with(HERE, "any", "other", 60), "any");
}

static void of_many_networks_the_last_are_kept(void)
{
	n_known = NETWORKS_MAX;
	for (int i = 0; i < n_known; i++) {
		known[i] = (struct network){ .asked = "any",
					     .mode = "framed",
					     .until_s = WORLD_WALL + 1000 };
		gw6c_addr_parse("192.0.2.0", &known[i].local);
		known[i].local.octets[3] = (uint8_t)i;
	}
	known[3].until_s = 1; /* it is over */
	world_begin_with(any_mode_and_known);
	world_resolve(1);
	grant_raw();
	lose_raw(false);
	CU_ASSERT_EQUAL(world.n_networks, NETWORKS_MAX);
	CU_ASSERT_EQUAL(world.networks[0].local.octets[3], 0);
	CU_ASSERT_EQUAL(world.networks[3].local.octets[3], 4);
	CU_ASSERT_EQUAL(world.networks[NETWORKS_MAX - 1].local.octets[0], 198);
	gw6c_addr_parse("198.51.100.11", &world.source);
	world_grant();
	lose_raw(true);
	world.source.octets[3] = 9;
	CU_ASSERT_EQUAL(world.n_networks, NETWORKS_MAX);
	world_end();
	known[3].until_s = WORLD_WALL + 1000;
	world_begin_with(any_mode_and_known);
	world_resolve(1);
	grant_raw();
	lose_raw(false);
	CU_ASSERT_EQUAL(world.n_networks, NETWORKS_MAX);
	CU_ASSERT_EQUAL(world.networks[0].local.octets[3], 1);
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

/* What was learnt of UDP elsewhere, or for another mode, counts for nothing. */
static void a_mode_that_has_nothing_but_udp_is_asked_for_over_udp(void)
{
	world_begin_with(any_mode);
	world_resolve(1);
	grant_raw();
	gw6c_addr_parse("198.51.100.10", &world.source);
	lose_raw(false); /* of the network before */
	CU_ASSERT_STRING_EQUAL(asked(), "any");
	silent();
	world_pass(0);
	world_resolve(1);
	CU_ASSERT_STRING_EQUAL(asked(), "any");
	CU_ASSERT_FALSE(world_session()->params.udp);
	world_grant();
	gw6c_addr_parse("198.51.100.9", &world.source);
	lose_raw(true);
	CU_ASSERT_STRING_EQUAL(asked(), "framed");
	CU_ASSERT_TRUE(world_session()->params.udp);
	CU_ASSERT_FALSE(world.client->attempts.tcp);
	/* Silence is no reason to try TCP then. */
	silent();
	CU_ASSERT_EQUAL(world_state(), CLIENT_WAITING);
	world_end();
}

/* As long as its other tunnels come to nothing, it is asked again. */
static void what_the_broker_does_not_offer_is_asked_for_once_a_tunnel(void)
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
	silent(); /* which tells nothing of the network */
	world_pass(0);
	world_resolve(1);
	CU_ASSERT_STRING_EQUAL(asked(), "any");
	silent();
	world_pass(400000);
	world_resolve(1);
	CU_ASSERT_STRING_EQUAL(asked(), "any");
	grant_raw();
	lose_raw(true);
	CU_ASSERT_STRING_EQUAL(asked(), "any");
	grant_raw();
	lose_raw(false);
	CU_ASSERT_STRING_EQUAL(asked(), "framed");
	world_grant();
	CU_ASSERT_EQUAL(world_state(), CLIENT_UP);
	CU_ASSERT_EQUAL(world.n_networks, 1);
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

/* --- what a redirection may not change ----------------------------------- */

#define AUTH_OPS(name_, flags_, rank_)                                         \
	static const struct gw6c_auth_ops name_##_ops = {                      \
		.size = sizeof(struct gw6c_auth_ops),                          \
		.flags = (flags_),                                             \
		.rank = (rank_)                                                \
	};                                                                     \
	static const struct gw6c_plugin name_ = {                              \
		GW6C_HEAD(GW6C_AUTH, #name_, "test"), .auth = &name_##_ops     \
	}
AUTH_OPS(keyed, GW6C_AUTH_PASSWORD | GW6C_AUTH_MUTUAL | GW6C_AUTH_SERVER_KEY,
	 70);
AUTH_OPS(hashed, GW6C_AUTH_PASSWORD | GW6C_AUTH_MUTUAL, 30);
AUTH_OPS(clear_text, GW6C_AUTH_PASSWORD | GW6C_AUTH_CLEARTEXT, 10);
AUTH_OPS(nameless, GW6C_AUTH_EMPTY, 0);

static void with_any(struct client_params *params)
{
	(void)params;
	world.auths[0] = &keyed;
	world.auths[1] = &hashed;
	world.auths[2] = &clear_text;
}

static void with_hashed(struct client_params *params)
{
	(void)params;
	world.auths[0] = &hashed;
}

static void with_nameless(struct client_params *params)
{
	(void)params;
	world.auths[0] = &nameless;
}

/* The session at b0, after a redirection from home. */
static const struct session_params *at_b0(void)
{
	world_resolve(1);
	redirected(1);
	world_pass(0);
	CU_ASSERT_STRING_EQUAL(world.name, "b0");
	world_resolve(1);
	return &world_session()->params;
}

static int n_auths(const struct session_params *params)
{
	int n = 0;

	while (params->auths[n])
		n++;
	return n;
}

static void at_home_all_that_is_allowed_may_be_used(void)
{
	world_begin_with(with_any);
	world.pinned_there = true;
	world_resolve(1);
	CU_ASSERT_EQUAL(n_auths(&world_session()->params), 3);
	CU_ASSERT_STRING_EQUAL(world_session()->params.limit, "");
	ask();
	CU_ASSERT_FALSE(world.trust.elsewhere);
	CU_ASSERT_EQUAL(world.trust.n_led, 0);
	world_end();
}

/* Another account has logged in there by the key. */
static void a_known_key_is_asked_for_where_nothing_else_is_known(void)
{
	for (int i = 0; i < 3; i++) {
		const struct session_params *params;

		world_begin_with(with_any);
		world.pinned = i < 2;
		world.pinned_there = i == 2;
		world.led = i == 2 ? "b7" : NULL;
		world.settings.allow_weaker = i == 1;
		world_resolve(1);
		params = &world_session()->params;
		CU_ASSERT_EQUAL(n_auths(params), i == 1 ? 3 : 1);
		CU_ASSERT_PTR_EQUAL(params->auths[0], &keyed);
		CU_ASSERT_EQUAL(strstr(params->limit,
				       "the key of home is known, but no "
				       "login of this account") != NULL,
				i == 0);
		CU_ASSERT_EQUAL(strstr(params->limit, "of one that it led "
						      "to, is known") != NULL,
				i == 2);
		CU_ASSERT_EQUAL(strstr(params->limit, "set allow_weaker=yes") !=
					NULL,
				i != 1);
		CU_ASSERT_EQUAL(params->limit_rc, GW6C_ECONFIG);
		world_end();
	}
	/* A login on record counts instead, be it weaker. */
	world_begin_with(with_any);
	world.pinned = true;
	world.proven = (struct proven){ .mechanism = "was", .rank = 30 };
	world_resolve(1);
	CU_ASSERT_EQUAL(n_auths(&world_session()->params), 2);
	world_end();
	/* What is named, and what there is no choice of, is used. */
	world_begin_with(with_hashed);
	world.pinned = true;
	world_resolve(1);
	CU_ASSERT_EQUAL(n_auths(&world_session()->params), 1);
	world_end();
	world_begin_with(with_any);
	world.pinned = true;
	world.settings.auth_method = "hashed";
	world_resolve(1);
	CU_ASSERT_EQUAL(n_auths(&world_session()->params), 3);
	world_end();
}

/* Elsewhere it is the key of the broker there. */
static void a_known_key_is_asked_for_there_too(void)
{
	const struct session_params *params;

	world_begin_with(with_any);
	world.pinned_there = true;
	params = at_b0();
	CU_ASSERT_EQUAL(n_auths(params), 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(params->limit, "the key of b0 is known"));
	world_end();
}

static void at_home_too_nothing_weaker_than_before_is_used(void)
{
	static const struct {
		uint32_t rank;
		int n;
	} used[] = { { 10, 3 }, { 11, 2 }, { 30, 2 },
		     { 31, 1 }, { 70, 1 }, { 71, 0 } };

	for (size_t i = 0; i < COUNT(used); i++) {
		const struct session_params *params;

		world_begin_with(with_any);
		world.proven = (struct proven){ .mechanism = "was",
						.rank = used[i].rank };
		world_resolve(1);
		params = &world_session()->params;
		CU_ASSERT_EQUAL(n_auths(params), used[i].n);
		CU_ASSERT_PTR_NOT_NULL(strstr(params->limit, "in there by was, "
							     "and nothing "
							     "weaker"));
		CU_ASSERT_PTR_NOT_NULL(
			strstr(params->limit, "allow_weaker=yes"));
		CU_ASSERT_EQUAL(params->limit_rc, GW6C_ECONFIG);
		CU_ASSERT_EQUAL(params->past->rank, used[i].rank);
		CU_ASSERT_STRING_EQUAL(params->past->mechanism, "was");
		world_end();
	}
}

static void what_the_operator_allows_is_used_at_home(void)
{
	static const char *const methods[] = { "any", "hashed" };

	for (int i = 0; i < 2; i++) {
		world_begin_with(i ? with_hashed : with_any);
		world.settings.auth_method = methods[i];
		world.settings.allow_weaker = !i;
		world.proven.rank = 71;
		world_resolve(1);
		CU_ASSERT_EQUAL(n_auths(&world_session()->params), i ? 1 : 3);
		CU_ASSERT_STRING_EQUAL(world_session()->params.limit, "");
		CU_ASSERT_EQUAL(world_session()->params.past->rank, 71);
		world_end();
	}
	/* One that is left of all that were installed is none that was named */
	world_begin_with(with_hashed);
	world.proven.rank = 70;
	world_resolve(1);
	CU_ASSERT_EQUAL(n_auths(&world_session()->params), 0);
	world_end();
}

static void elsewhere_the_stronger_of_two_records_counts(void)
{
	static const struct {
		uint32_t home, there;
		int n;
		const char *says;
	} used[] = { { 10, 30, 2, "in there by there" },
		     { 30, 10, 2, "at home by home" },
		     { 70, 30, 1, "at home by home" },
		     { 0, 70, 1, "in there by there" } };

	for (size_t i = 0; i < COUNT(used); i++) {
		const struct session_params *params;

		world_begin_with(with_any);
		world.proven = (struct proven){ .mechanism = "home",
						.rank = used[i].home };
		world.elsewhere = (struct proven){ .mechanism = "there",
						   .rank = used[i].there };
		params = at_b0();
		CU_ASSERT_EQUAL(n_auths(params), used[i].n);
		CU_ASSERT_PTR_NOT_NULL(strstr(params->limit, used[i].says));
		CU_ASSERT_EQUAL(params->limit_rc, GW6C_EPEER);
		world_end();
	}
	/* A known key at home, and a stronger login there: both count. */
	world_begin_with(with_any);
	world.pinned = true;
	world.elsewhere = (struct proven){ .mechanism = "there", .rank = 71 };
	CU_ASSERT_EQUAL(n_auths(at_b0()), 0);
	world_end();
}

static void a_redirection_does_not_lower_the_mechanism(void)
{
	static const struct {
		uint32_t rank;
		int n;
	} used[] = { { 0, 2 },	{ 10, 2 }, { 11, 2 }, { 30, 2 },
		     { 31, 1 }, { 70, 1 }, { 71, 0 } };

	for (size_t i = 0; i < COUNT(used); i++) {
		const struct session_params *params;

		world_begin_with(with_any);
		world.proven = (struct proven){ .mechanism = "was",
						.rank = used[i].rank };
		params = at_b0();
		CU_ASSERT_EQUAL(n_auths(params), used[i].n);
		if (used[i].n)
			CU_ASSERT_PTR_EQUAL(params->auths[0], &keyed);
		CU_ASSERT_EQUAL(strstr(params->limit, "by was: nothing "
						      "weaker") != NULL,
				used[i].rank != 0);
		world_end();
	}
	/* What the operator named is used. */
	world_begin_with(with_hashed);
	world.settings.auth_method = "hashed";
	world.proven.rank = 70;
	CU_ASSERT_PTR_EQUAL(at_b0()->auths[0], &hashed);
	CU_ASSERT_STRING_EQUAL(world_session()->params.limit, "");
	world_end();
	/* One that is left of all that were installed is none that was named */
	world_begin_with(with_hashed);
	world.proven.rank = 70;
	CU_ASSERT_EQUAL(n_auths(at_b0()), 0);
	world_end();
}

static void with_clear_text(struct client_params *params)
{
	(void)params;
	world.auths[0] = &clear_text;
	world.settings.auth_method = "clear-text";
}

static void no_redirection_gets_the_password_itself(void)
{
	const struct session_params *params;

	/* Neither where there is a choice, nor by its name, nor by a record. */
	for (int i = 0; i < 3; i++) {
		world_begin_with(i ? with_clear_text : with_any);
		world.pinned_there = i == 2;
		world.elsewhere.rank = i == 2 ? 30 : 0;
		params = at_b0();
		CU_ASSERT_EQUAL(n_auths(params), i ? 0 : 2);
		CU_ASSERT_PTR_NOT_NULL(
			strstr(params->limit, "a redirection from home leads"));
		CU_ASSERT_PTR_NOT_NULL(
			strstr(params->limit, "clear text is not used"));
		CU_ASSERT_PTR_NOT_NULL(strstr(params->limit, "server=b0"));
		CU_ASSERT_EQUAL(params->limit_rc, GW6C_EPEER);
		world_end();
	}
	world_begin_with(with_clear_text);
	world_resolve(1);
	CU_ASSERT_EQUAL(n_auths(&world_session()->params), 1);
	CU_ASSERT_STRING_EQUAL(world_session()->params.limit, "");
	world_end();
}

/* By its name, too, unless that broker is known. */
static void no_stranger_gets_an_answer_where_a_key_is_known(void)
{
	static const struct {
		bool pinned, pinned_there;
		uint32_t there;
		const char *led;
		int n;
	} cases[] = {
		{ true, false, 0, NULL, 0 }, { false, false, 0, NULL, 1 },
		{ true, true, 0, NULL, 1 },  { true, false, 30, NULL, 1 },
		{ false, true, 0, "b7", 1 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct session_params *params;

		for (int named = 0; named < 2; named++) {
			world_begin_with(with_hashed);
			if (named)
				world.settings.auth_method = "hashed";
			world.pinned = cases[i].pinned;
			world.pinned_there = cases[i].pinned_there;
			world.elsewhere.rank = cases[i].there;
			world.led = cases[i].led;
			params = at_b0();
			CU_ASSERT_EQUAL(n_auths(params), cases[i].n);
			if (!cases[i].n)
				CU_ASSERT_PTR_NOT_NULL(strstr(
					params->limit,
					"the key of home is known: only"));
			world_end();
		}
	}
	/* Who has no password gives nothing away. */
	world_begin_with(with_nameless);
	world.settings.auth_method = "nameless";
	world.pinned = true;
	CU_ASSERT_EQUAL(n_auths(at_b0()), 1);
	CU_ASSERT_STRING_EQUAL(world_session()->params.limit, "");
	world_end();
}

/* A broker that only redirects has no key, and no login of its own. */
static void where_a_redirection_led_before_counts_as_home(void)
{
	const struct session_params *params;

	/* The next one is held to known keys, */
	world_begin_with(with_any);
	world.led = "b7";
	world.pinned_there = true;
	params = at_b0();
	CU_ASSERT_EQUAL(n_auths(params), 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(params->limit, "a redirection leads"));
	ask();
	CU_ASSERT_TRUE(world.trust.elsewhere);
	CU_ASSERT_EQUAL_FATAL(world.trust.n_led, 1);
	CU_ASSERT_STRING_EQUAL(world.trust.led[0].host, "b7");
	world_end();
	/* and to what the account has used, */
	world_begin_with(with_any);
	world.led = "b7";
	world.elsewhere = (struct proven){ .mechanism = "was", .rank = 31 };
	CU_ASSERT_EQUAL(n_auths(at_b0()), 1);
	world_end();
	/* and so is home, should it not redirect. */
	world_begin_with(with_any);
	world.led = "b7";
	world.elsewhere = (struct proven){ .mechanism = "was", .rank = 31 };
	world_resolve(1);
	params = &world_session()->params;
	CU_ASSERT_EQUAL(n_auths(params), 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(params->limit, "in there by was"));
	ask();
	CU_ASSERT_FALSE(world.trust.elsewhere);
	CU_ASSERT_EQUAL(world.trust.n_led, 1);
	world_end();
}

static void of_many_where_redirections_led_the_last_count(void)
{
	world_begin_with(with_any);
	world.leds = 19;
	world.led = "b7";
	world_resolve(1);
	ask();
	CU_ASSERT_EQUAL_FATAL(world.trust.n_led, TRUST_LED);
	CU_ASSERT_STRING_EQUAL(world.trust.led[0].host, "l4");
	CU_ASSERT_STRING_EQUAL(world.trust.led[14].host, "l18");
	CU_ASSERT_STRING_EQUAL(world.trust.led[15].host, "b7");
	world_end();
}

/* However it is written in the configuration. */
static void home_is_the_same_in_any_case(void)
{
	static const struct {
		const char *written, *called;
	} cases[] = {
		{ "HoMe", "home" },
		{ "Home:4000", "home:4000" },
		{ "[2001:DB8:0::1]", "[2001:db8::1]" },
		{ "198.51.100.2", "198.51.100.2" },
	};
	struct gw6c_err err = { 0 };

	for (size_t i = 0; i < COUNT(cases); i++) {
		world_begin_with(with_any);
		world_resolve(1);
		world.led_home = cases[i].called;
		CU_ASSERT_EQUAL(server_addr_parse(cases[i].written,
						  &world.settings.broker, &err),
				GW6C_OK);
		ask();
		world_end();
	}
}

static void where_a_redirection_led_is_written_down_once_it_is_proven(void)
{
	struct session_result up = { .end = SESSION_UP,
				     .mechanism = "keyed",
				     .lease = { .mode = "v6udpv4" } };

	for (int i = 0; i < 2; i++) {
		world_begin_with(with_any);
		at_b0();
		up.proven = i;
		world_session_ends(&up);
		CU_ASSERT_STRING_EQUAL(world.led_now.server.host,
				       i ? "b0" : "");
		CU_ASSERT_STRING_EQUAL(world.led_from, i ? "home" : "");
		CU_ASSERT_EQUAL(world.led_now.rank, i ? 70 : 0);
		world_end();
	}
	/* Home itself is where it is. */
	world_begin_with(with_any);
	world_resolve(1);
	world_session_ends(&up);
	CU_ASSERT_STRING_EQUAL(world.led_from, "");
	CU_ASSERT_STRING_EQUAL(world.proven.mechanism, "keyed");
	world_end();
}

static void a_known_key_asks_for_a_known_key_after_a_redirection(void)
{
	const struct session_params *params;

	world_begin_with(with_any);
	world.pinned = true;
	params = at_b0();
	CU_ASSERT_EQUAL(n_auths(params), 1);
	CU_ASSERT_PTR_EQUAL(params->auths[0], &keyed);
	CU_ASSERT_PTR_NOT_NULL(strstr(params->limit, "the key of home is "
						     "known"));
	ask();
	CU_ASSERT_STRING_EQUAL_FATAL(world.trust.server->host, "b0");
	CU_ASSERT_TRUE(world.trust.elsewhere);
	CU_ASSERT_STRING_EQUAL(world.trust.home->host, "home");
	world_end();
}

static void a_broker_that_was_named_and_not_trusted_is_left_for_the_next(void)
{
	static const enum session_reason reasons[] = { REASON_LOGIN,
						       REASON_MECHANISM };

	for (size_t i = 0; i < COUNT(reasons); i++) {
		struct session_result result = { .end = SESSION_FAILED,
						 .reason = reasons[i],
						 .err = { GW6C_EAUTH,
							  "unknown key" } };

		world_begin_with(with_any);
		at_b0();
		world_session_ends(&result);
		CU_ASSERT_EQUAL(world_state(), CLIENT_WAITING);
		CU_ASSERT_TRUE(world_logged("unknown key; retrying in"));
		world_pass(33000);
		CU_ASSERT_STRING_EQUAL(world.name, "home");
		/* At home it is a verdict. */
		world_resolve(1);
		world_session_ends(&result);
		CU_ASSERT_EQUAL(world.ends, 1);
		world_end();
	}
}

static void redirect_by(bool proven)
{
	static const uint32_t ms[] = { 20, 30 };
	struct session_result result = { .end = SESSION_REDIRECT,
					 .status = 1200,
					 .brokers = 2,
					 .mechanism = "hashed",
					 .proven = proven,
					 .err = { GW6C_EPEER, "go there" } };

	for (int i = 0; i < 2; i++) {
		snprintf(result.broker[i].host, GW6C_NAME, "b%d", i);
		result.broker[i].port = 3653;
	}
	world_resolve(1);
	world_session_ends(&result);
	world.distances(world.distances_arg, ms);
}

static void only_a_proven_broker_is_remembered(void)
{
	struct session_result up = { .end = SESSION_UP,
				     .mechanism = "hashed",
				     .lease = { .mode = "v6udpv4" } };

	world_begin_with(with_any);
	redirect_by(false);
	CU_ASSERT_EQUAL(world.saved_list, 0);
	CU_ASSERT_TRUE(world_logged("home has not proven itself"));
	world_pass(0);
	world_resolve(1);
	world_session_ends(&up);
	CU_ASSERT_EQUAL(world.saved_last, 0);
	world_end();
	world_begin_with(with_any);
	redirect_by(true);
	CU_ASSERT_EQUAL(world.saved_list, 1);
	world_pass(0);
	world_resolve(1);
	up.proven = true;
	world_session_ends(&up);
	CU_ASSERT_EQUAL(world.saved_last, 1);
	world_end();
	/* Nobody proves anything to an account without a password. */
	world_begin_with(with_nameless);
	redirect_by(false);
	CU_ASSERT_EQUAL(world.saved_list, 1);
	world_end();
	/* What the operator wrote may always come back. */
	world_begin_with(with_any);
	world_resolve(1);
	up.proven = false;
	world_session_ends(&up);
	CU_ASSERT_EQUAL(world.saved_last, 1);
	world_end();
}

static void a_proven_login_is_written_down(void)
{
	struct session_result up = { .end = SESSION_UP,
				     .mechanism = "hashed",
				     .lease = { .mode = "v6udpv4",
						.lifetime_s = 100 } };
	struct session_result refused = { .end = SESSION_FAILED,
					  .status = 303,
					  .mechanism = "keyed",
					  .proven = true,
					  .err = { GW6C_ECONFIG, "no" } };

	world_begin_with(with_any);
	world_resolve(1);
	world_session_ends(&up);
	CU_ASSERT_STRING_EQUAL(world.proven.mechanism, "");
	world_pass(91000); /* renewed */
	up.proven = true;
	world_session_ends(&up);
	CU_ASSERT_STRING_EQUAL(world.proven.mechanism, "hashed");
	CU_ASSERT_EQUAL(world.proven.rank, 30);
	CU_ASSERT_STRING_EQUAL(world.proven.server.host, "home");
	world_end();
	/* Whatever came of the session then. */
	world_begin_with(with_any);
	world_resolve(1);
	world_session_ends(&refused);
	CU_ASSERT_STRING_EQUAL(world.proven.mechanism, "keyed");
	CU_ASSERT_EQUAL(world.proven.rank, 70);
	world_end();
}

/* --- what a lease may not take over --------------------------------------- */

static void add_net(const char *dev, const char *addr, uint8_t bits)
{
	struct own_net *net = &world.nets[world.n_nets++];

	snprintf(net->dev, sizeof(net->dev), "%s", dev);
	gw6c_addr_parse(addr, &net->addr);
	net->addr.bits = bits;
}

static void set_addr(struct gw6c_addr *out, const char *text)
{
	char copy[60];
	char *slash;

	snprintf(copy, sizeof(copy), "%s", text);
	slash = strchr(copy, '/');
	if (slash)
		*slash = 0;
	*out = (struct gw6c_addr){ 0 };
	gw6c_addr_parse(copy, out);
	if (slash)
		out->bits = (uint8_t)atoi(slash + 1);
}

/* What a lease with these addresses is told. */
static const char *fits(const char *inner, const char *peer, const char *prefix,
			const char *remote)
{
	const struct session_params *params = &world_session()->params;
	static struct gw6c_err err;
	struct gw6c_lease lease = { 0 };
	int rc;

	set_addr(&lease.inner, inner);
	set_addr(&lease.peer, peer);
	set_addr(&lease.prefix, prefix);
	set_addr(&lease.remote, remote);
	err = (struct gw6c_err){ 0 };
	rc = params->fits(params->arg, &lease, &err);
	CU_ASSERT_EQUAL(rc, err.rc);
	CU_ASSERT(rc == GW6C_OK ||
		  rc == (world.no_nets ? GW6C_ENET : GW6C_EPEER));
	return err.text;
}

#define GOOD "2001:db8:1::2", "2001:db8:1::1", "2001:db8:2::/48"

static void a_lease_takes_over_nothing_of_this_machine(void)
{
	static const struct {
		const char *inner, *peer, *prefix, *remote, *words[3];
	} cases[] = {
		{ "2001:db8:a::7",
		  "2001:db8:1::1",
		  "-",
		  "192.0.2.1",
		  { "our address in the tunnel, 2001:db8:a::7", "eth0" } },
		{ "2001:db8:a::5",
		  "2001:db8:1::1",
		  "-",
		  "192.0.2.1",
		  { "our address in the tunnel, 2001:db8:a::5", "eth0" } },
		{ "2001:db8:1::2",
		  "2001:db8:a:0:ffff::1",
		  "-",
		  "192.0.2.1",
		  { "address of the server in the tunnel, 2001:db8:a:0:ffff",
		    "eth0" } },
		{ "2001:db8:1::2",
		  "2001:db8:1::1",
		  "2001:db8:a::/48",
		  "192.0.2.1",
		  { "the prefix 2001:db8:a::/48", "eth0" } },
		{ "2001:db8:1::2",
		  "2001:db8:1::1",
		  "2001:db8:a:0:8000::/65",
		  "192.0.2.1",
		  { "the prefix 2001:db8:a:0:8000::/65" } },
		{ "10.7.7.7",
		  "10.8.0.1",
		  "-",
		  "192.0.2.1",
		  { "our address in the tunnel, 10.7.7.7", "eth1" } },
		{ "10.8.0.2",
		  "10.8.0.1",
		  "10.6.0.0/15",
		  "192.0.2.1",
		  { "the prefix 10.6.0.0/15", "eth1" } },
		{ GOOD,
		  "10.7.1.1",
		  { "the outer address of the server, 10.7.1.1", "eth1" } },
		{ GOOD,
		  "10.7.0.9",
		  { "the outer address of the server, 10.7.0.9", "eth1" } },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *text;

		world_begin();
		add_net("lo", "127.0.0.1", 8);
		add_net("eth0", "2001:db8:a::5", 64);
		add_net("eth1", "10.7.0.9", 16);
		world_resolve(1);
		text = fits(cases[i].inner, cases[i].peer, cases[i].prefix,
			    cases[i].remote);
		CU_ASSERT_PTR_NOT_NULL(
			strstr(text, "bad tunnel parameters from the broker"));
		for (int j = 0; cases[i].words[j]; j++)
			CU_ASSERT_PTR_NOT_NULL(strstr(text, cases[i].words[j]));
		CU_ASSERT_STRING_EQUAL(fits(GOOD, "192.0.2.1"), "");
		CU_ASSERT_STRING_EQUAL(fits(GOOD, "203.0.113.9"), "");
		world_end();
	}
}

static void add_route(const char *dev, const char *network)
{
	struct own_net *net = &world.routes[world.n_routes++];

	snprintf(net->dev, sizeof(net->dev), "%s", dev);
	set_addr(&net->addr, network);
}

static void a_lease_takes_over_no_network_with_a_route(void)
{
	static const struct {
		const char *route, *inner, *peer, *prefix, *remote, *words;
	} cases[] = {
		{ "2001:db8:b::/64", "2001:db8:b::7", "2001:db8:1::1", "-",
		  "192.0.2.1", "our address in the tunnel, 2001:db8:b::7" },
		{ "2001:db8:b::7/128", "2001:db8:b::7", "2001:db8:1::1", "-",
		  "192.0.2.1", "our address in the tunnel, 2001:db8:b::7" },
		{ "2001:db8:b::/64", "2001:db8:1::2", "2001:db8:b::1", "-",
		  "192.0.2.1", "of the server in the tunnel, 2001:db8:b::1" },
		{ "2001:db8:2:5::/64", GOOD, "192.0.2.1",
		  "the prefix 2001:db8:2::/48" },
		{ "2001:db8:2::/47", GOOD, "192.0.2.1",
		  "the prefix 2001:db8:2::/48" },
		{ "203.0.113.0/24", GOOD, "203.0.113.9",
		  "the outer address of the server, 203.0.113.9" },
		{ "10.7.0.0/16", "10.7.7.7", "10.8.0.1", "-", "192.0.2.1",
		  "our address in the tunnel, 10.7.7.7" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *text;

		world_begin();
		add_route("wg0", "2001:db8:ffff::/48");
		add_route("wan0", cases[i].route);
		world_resolve(1);
		text = fits(cases[i].inner, cases[i].peer, cases[i].prefix,
			    cases[i].remote);
		CU_ASSERT_PTR_NOT_NULL(strstr(text, cases[i].words));
		CU_ASSERT_PTR_NOT_NULL(strstr(text, "collides with "));
		CU_ASSERT_PTR_NOT_NULL(
			strstr(text, "a network that this machine reaches "
				     "directly by wan0; ask"));
		CU_ASSERT_STRING_EQUAL(fits("2001:db8:7::2", "2001:db8:7::1",
					    "-", "198.51.100.1"),
				       "");
		/* The broker is where it is. */
		add_route("wan0", "192.0.2.1/32");
		add_route("wan0", "192.0.2.0/24");
		CU_ASSERT_STRING_EQUAL(fits("2001:db8:7::2", "2001:db8:7::1",
					    "-", "192.0.2.1"),
				       "");
		CU_ASSERT_STRING_EQUAL(fits("2001:db8:7::2", "2001:db8:7::1",
					    "-", "192.0.2.2"),
				       "");
		world_end();
	}
}

/* Leftovers of an earlier run, and what others do within a known prefix. */
static void routes_in_a_prefix_of_ours_are_no_collision(void)
{
	static const struct {
		const char *dev, *route, *last;
		bool fits;
	} cases[] = {
		{ "wan0", "2001:db8:2:5::/64", "2001:db8:2::/48\n", true },
		{ "wan0", "2001:db8:2::/48", "2001:db8:2::/48\n", true },
		{ "wan0", "2001:db8:2::7/128", "2001:db8:2::/48\n", true },
		{ "wan0", "2001:db8:2::/47", "2001:db8:2::/48\n", false },
		{ "wan0", "2001:db8:2:5::/64", "2001:db8:2::/56\n", false },
		{ "wan0", "2001:db8:2:5::/64", "", false },
		/* What lan0 is to get is there. */
		{ "lan0", "2001:db8:2:5::/64", "", true },
		{ "lan0", "2001:db8:2:5::7/128", "", true },
		{ "lan0", "2001:db8:2:6::/64", "", false },
		{ "lan0", "2001:db8:2:4::/63", "", false },
		{ "lan1", "2001:db8:2:5::/64", "", false },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct session_params *params;
		struct gw6c_lease lease = { .lans = { { .dev = "lan0" } } };
		struct gw6c_err err = { 0 };

		world_begin();
		add_route(cases[i].dev, cases[i].route);
		snprintf(world.prefix, sizeof(world.prefix), "%s",
			 cases[i].last);
		world_resolve(1);
		params = &world_session()->params;
		lease.remote = params->addr;
		set_addr(&lease.prefix, "2001:db8:2::/48");
		set_addr(&lease.lans[0].prefix, "2001:db8:2:5::/64");
		CU_ASSERT_EQUAL(params->fits(params->arg, &lease, &err),
				cases[i].fits ? GW6C_OK : GW6C_EPEER);
		/* It is for nothing else. */
		if (cases[i].last[0]) {
			set_addr(&lease.inner, "2001:db8:2:5::9");
			world.routes[0].addr = lease.inner;
			CU_ASSERT_EQUAL(params->fits(params->arg, &lease, &err),
					GW6C_EPEER);
		}
		world_end();
	}
}

static void a_broker_of_our_own_network_is_no_collision(void)
{
	world_begin();
	add_net("eth1", "192.0.2.9", 24);
	world_resolve(1); /* 192.0.2.1 */
	CU_ASSERT_STRING_EQUAL(fits(GOOD, "192.0.2.1"), "");
	CU_ASSERT_STRING_EQUAL(fits(GOOD, "192.0.2.2"), "");
	CU_ASSERT_PTR_NOT_NULL(strstr(fits(GOOD, "192.0.2.9"), "eth1"));
	world.no_nets = true;
	CU_ASSERT_PTR_NOT_NULL(
		strstr(fits(GOOD, "192.0.2.1"), "cannot read the addresses"));
	world_end();
}

/* Our interfaces may have addresses of the prefix that we have had before. */
static void the_prefix_of_last_time_is_no_collision(void)
{
	static const struct {
		const char *dev, *addr, *last;
		uint8_t bits;
		bool fits;
	} cases[] = {
		{ "lan0", "2001:db8:2:5::9", "2001:db8:2::/48\n", 64, true },
		{ "lan0", "2001:db8:2:5::9", "2001:db8:2::/48", 96, true },
		{ "lan0", "2001:db8:2:5::9", "2001:db8:2::/56\n", 64, false },
		{ "lan0", "2001:db8:2:5::9", "", 64, false },
		/* On whatever interface, and whichever part of it. */
		{ "lan0", "2001:db8:2:6::9", "2001:db8:2::/48\n", 64, true },
		{ "wg0", "2001:db8:2:5::9", "2001:db8:2::/48\n", 64, true },
		{ "wg0", "2001:db8:2::9", "2001:db8:2::/48\n", 48, true },
		{ "wg0", "2001:db8:2:ffff::9", "2001:db8:2::/48\n", 128, true },
		/* It does not lie in the prefix. */
		{ "wg0", "2001:db8:2::9", "2001:db8:2::/48\n", 47, false },
		{ "lan0", "2001:db8:2:5::9", "2001:db8:2::/48\n", 32, false },
		{ "wg0", "2001:db8:2:5::9", "2001:db8:3::/48\n", 64, false },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct session_params *params;
		struct gw6c_lease lease = { .lans = { { .dev = "lan0" } } };
		struct gw6c_err err = { 0 };

		world_begin();
		add_net(cases[i].dev, cases[i].addr, cases[i].bits);
		snprintf(world.prefix, sizeof(world.prefix), "%s",
			 cases[i].last);
		world_resolve(1);
		params = &world_session()->params;
		lease.remote = params->addr;
		set_addr(&lease.prefix, "2001:db8:2::/48");
		set_addr(&lease.lans[0].prefix, "2001:db8:2:5::/64");
		CU_ASSERT_EQUAL(params->fits(params->arg, &lease, &err),
				cases[i].fits ? GW6C_OK : GW6C_EPEER);
		/* It is for nothing else. */
		set_addr(&lease.inner, cases[i].addr);
		CU_ASSERT_EQUAL(params->fits(params->arg, &lease, &err),
				GW6C_EPEER);
		world_end();
	}
}

static void a_larger_prefix_than_was_asked_for_must_be_known(void)
{
	static const char had[] = "2001:db8:9::/48\n2001:db8:2::/48\n";

	world_begin();
	world.settings.prefixlen = 56;
	world_resolve(1);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(fits(GOOD, "192.0.2.1"),
		       "the prefix 2001:db8:2::/48 is larger than the /56 that "
		       "was asked for; if it is meant, set prefixlen=48"));
	world.settings.prefixlen = 48;
	CU_ASSERT_STRING_EQUAL(fits(GOOD, "192.0.2.1"), "");
	world.settings.prefixlen = 49;
	snprintf(world.prefix, sizeof(world.prefix), "2001:db8:3::/48\n");
	CU_ASSERT_PTR_NOT_NULL(strstr(fits(GOOD, "192.0.2.1"), "larger"));
	snprintf(world.prefix, sizeof(world.prefix), "%s", had);
	CU_ASSERT_STRING_EQUAL(fits(GOOD, "192.0.2.1"), "");
	CU_ASSERT_STRING_EQUAL(fits("2001:db8:1::2", "2001:db8:1::1", "-",
				    "192.0.2.1"),
			       "");
	world_end();
}

/* In force with that prefix, and what the file has then. */
static const char *prefixes_after(const char *before, const char *prefix)
{
	static char after[512];
	struct session_result result = { .end = SESSION_UP,
					 .mechanism = "plain",
					 .lease = { .mode = "v6udpv4" } };

	world_begin();
	snprintf(world.prefix, sizeof(world.prefix), "%s", before);
	set_addr(&result.lease.prefix, prefix);
	world_resolve(1);
	world_session_ends(&result);
	snprintf(after, sizeof(after), "%s", world.prefix);
	world_end();
	return after;
}

static void the_last_eight_prefixes_are_known(void)
{
	CU_ASSERT_STRING_EQUAL(prefixes_after("", "2001:db8::/48"),
			       "2001:db8::/48\n");
	CU_ASSERT_STRING_EQUAL(prefixes_after("fd01::/48\nx\nfd02::/48",
					      "fd03::/56"),
			       "fd01::/48\nfd02::/48\nfd03::/56\n");
	CU_ASSERT_STRING_EQUAL(prefixes_after("fd01::/48\nfd02::/48\n",
					      "fd01::/48"),
			       "fd02::/48\nfd01::/48\n");
	CU_ASSERT_STRING_EQUAL(
		prefixes_after("fd01::/48\nfd02::/48\nfd03::/48\nfd04::/48\n"
			       "fd05::/48\nfd06::/48\nfd07::/48\nfd08::/48\n",
			       "fd09::/48"),
		"fd02::/48\nfd03::/48\nfd04::/48\nfd05::/48\nfd06::/48\n"
		"fd07::/48\nfd08::/48\nfd09::/48\n");
}

static void a_prefix_is_known_once_it_is_in_force(void)
{
	struct session_result result = { .end = SESSION_UP,
					 .mechanism = "plain",
					 .lease = { .mode = "v6udpv4" } };

	world_begin();
	world_resolve(1);
	world_session_ends(&result);
	CU_ASSERT_STRING_EQUAL(world.prefix, "");
	world_end();
	world_begin();
	world.tunnel.later = true;
	world_resolve(1);
	set_addr(&result.lease.prefix, "2001:db8:2::/48");
	world_session_ends(&result);
	CU_ASSERT_STRING_EQUAL(world.prefix, "");
	world_started(GW6C_OK);
	CU_ASSERT_STRING_EQUAL(world.prefix, "2001:db8:2::/48\n");
	world_end();
}

static void a_dry_run_makes_no_prefix_known(void)
{
	struct session_result result = { .end = SESSION_UP,
					 .mechanism = "plain",
					 .lease = { .mode = "v6udpv4" } };

	world_begin_with(dry);
	world_resolve(1);
	set_addr(&result.lease.prefix, "2001:db8:2::/48");
	world_session_ends(&result);
	CU_ASSERT_EQUAL(world.tunnel.starts, 1);
	CU_ASSERT_STRING_EQUAL(world.prefix, "");
	world_end();
}

static void the_tunnel_that_is_replaced_is_no_collision(void)
{
	struct gw6c_step *step;

	world_up();
	snprintf(world.tunnel.plan.dev, GW6C_DEV, "tun");
	step = gw6c_plan_add(&world.tunnel.plan, GW6C_ADDR);
	snprintf(step->dev, GW6C_DEV, "lan0");
	set_addr(&step->dst, "2001:db8:2::1/64");
	add_net("tun", "2001:db8:1::2", 128);
	add_net("lan0", "2001:db8:2::1", 64);
	CU_ASSERT_STRING_EQUAL(fits(GOOD, "192.0.2.1"), "");
	add_net("lan1", "2001:db8:2::1", 64);
	CU_ASSERT_PTR_NOT_NULL(strstr(fits(GOOD, "192.0.2.1"), "lan1"));
	world.n_nets = 0;
	add_net("lan0", "2001:db8:2::2", 64);
	CU_ASSERT_PTR_NOT_NULL(strstr(fits(GOOD, "192.0.2.1"), "lan0"));
	world.n_nets = 0;
	/* So are its routes, and the networks around its addresses. */
	step = gw6c_plan_add(&world.tunnel.plan, GW6C_ROUTE);
	snprintf(step->dev, GW6C_DEV, "lan0");
	set_addr(&step->dst, "2001:db8:2:4::/62");
	add_route("tun", "2001:db8:1::/64");
	add_route("lan0", "2001:db8:2::/64");
	add_route("lan0", "2001:db8:2:4::/62");
	CU_ASSERT_STRING_EQUAL(fits(GOOD, "192.0.2.1"), "");
	snprintf(world.routes[2].dev, GW6C_DEV, "lan1");
	CU_ASSERT_PTR_NOT_NULL(strstr(fits(GOOD, "192.0.2.1"), "lan1"));
	world.n_routes = 2;
	add_route("lan0", "2001:db8:2::/63");
	CU_ASSERT_PTR_NOT_NULL(strstr(fits(GOOD, "192.0.2.1"), "lan0"));
	world_end();
}

/* --- a network of IPv6 alone ------------------------------------------------ */

/* As far as the question for a translator. */
static void without_ipv4(void (*change)(struct client_params *params))
{
	world_begin_with(change);
	world.only6 = true;
	world_resolve(2);
	CU_ASSERT_EQUAL(world.n_sessions, 0);
	CU_ASSERT_STRING_EQUAL(world.name, "ipv4only.arpa");
}

static void is_at(const char *text)
{
	char room[GW6C_ADDR_TEXT];

	CU_ASSERT_STRING_EQUAL(gw6c_addr_text(&world_session()->params.addr,
					      room),
			       text);
}

static void a_translator_is_gone_through(void)
{
	without_ipv4(any_mode);
	world.net = "64:ff9b::192.0.0.17";
	world_resolve(1);
	CU_ASSERT_STRING_EQUAL(asked(), "framed");
	CU_ASSERT_TRUE(world.client->attempts.udp_only);
	is_at("64:ff9b::c000:201");
	CU_ASSERT_TRUE(world_logged("using framed through its translator "
				    "(NAT64) 64:ff9b::/96"));
	silent();
	world_pass(0);
	world.net = "192.0.2.";
	world_resolve(2);
	world.net = "64:ff9b::192.0.0.17";
	world_resolve(1);
	is_at("64:ff9b::c000:202");
	world_grant();
	/* IPv4 is there again: as usual. */
	world.only6 = false;
	world_lost(false);
	world_pass(0);
	world.net = "192.0.2.";
	world_resolve(1);
	is_at("192.0.2.1");
	CU_ASSERT_STRING_EQUAL(asked(), "any");
	world_end();
}

static void without_a_translator_all_is_as_it_was(void)
{
	without_ipv4(any_mode);
	world_resolve(1);
	is_at("192.0.2.1");
	CU_ASSERT_STRING_EQUAL(asked(), "any");
	CU_ASSERT_FALSE(world_logged("translator (NAT64) "));
	world_end();
	without_ipv4(any_mode);
	world_resolve(0);
	is_at("192.0.2.1");
	world_end();
	/* A network that is down has none to ask. */
	world_begin_with(any_mode);
	world.source.family = 0;
	world_resolve(1);
	is_at("192.0.2.1");
	world_end();
	/* And a mode that is not in UDP needs none. */
	world_begin_with(raw_mode);
	world.only6 = true;
	world_resolve(1);
	is_at("192.0.2.1");
	world_end();
}

static void the_question_for_a_translator_may_be_given_up(void)
{
	without_ipv4(any_mode);
	client_stop(world.client, GW6C_FOR_STOP);
	CU_ASSERT_EQUAL(world.ends, 1);
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
	/* Over UDP first, though TCP was needed where we were. */
	world.client->attempts.tcp = true;
	gw6c_addr_parse("198.51.100.11", &world.source);
	changed();
	world_pass(0);
	world_resolve(1);
	CU_ASSERT_TRUE(world_session()->params.udp);
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

/* The seconds of two clocks do not begin together. */
static void a_moment_in_the_status_stays(void)
{
	char since[64], loss[64];

	for (int64_t ahead_ms = 0; ahead_ms < 1000; ahead_ms += 250) {
		world_up();
		world.wall_ms = ahead_ms;
		world_pass(1000);
		world_lost(true);
		world_pass(0);
		world_pass(2000);
		world_resolve(1);
		world_grant();
		snprintf(since, sizeof(since), "%s", world_status("since"));
		snprintf(loss, sizeof(loss), "%s", world_status("last_loss"));
		for (int i = 0; i < 20; i++) {
			world_pass(130);
			CU_ASSERT_STRING_EQUAL(world_status("since"), since);
			CU_ASSERT_STRING_EQUAL(world_status("last_loss"), loss);
		}
		/* Somebody sets the clock. */
		world.wall_ms += 3600000;
		CU_ASSERT_STRING_NOT_EQUAL(world_status("since"), since);
		CU_ASSERT_STRING_NOT_EQUAL(world_status("last_loss"), loss);
		world_end();
	}
	world.wall_ms = 0;
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
	CU_ASSERT_STRING_EQUAL(world.words, "no tunnel: the tunnel was lost; "
					    "next attempt in 30 s");
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

/* Anybody can say so in the broker's name. */
static void a_broker_that_knows_us_no_longer_is_asked_through_the_tunnel(void)
{
	world_up();
	world_control("fffffffe00000000"
		      "33313020780d0a");
	world_control("ffffffff00000000"
		      "33303020780d0a");
	world_control("ffffffff");
	CU_ASSERT_EQUAL(world.tunnel.doubts, 0);
	for (int i = 0; i < 3; i++)
		world_control(UNKNOWN);
	CU_ASSERT_EQUAL(world.tunnel.doubts, 1);
	CU_ASSERT_EQUAL(world_state(), CLIENT_UP);
	CU_ASSERT_TRUE(world_logged("does not know this session; asking "
				    "through the tunnel"));
	world_pass(1999);
	world_control(UNKNOWN);
	CU_ASSERT_EQUAL(world.tunnel.doubts, 1);
	world_pass(1);
	world_control(UNKNOWN);
	CU_ASSERT_EQUAL(world.tunnel.doubts, 2);
	CU_ASSERT_EQUAL(world_state(), CLIENT_UP);
	world_end();
}

static void a_session_that_is_unknown_is_replaced_in_any_case(void)
{
	static const struct gw6c_err why = { GW6C_EPEER, "it is unknown" };

	world_up();
	world.settings.auto_retry_connect = false;
	world.tunnel.events.lost(world.tunnel.events.arg, true, &why);
	CU_ASSERT_TRUE(world_logged("tunnel lost: it is unknown; reconnect"));
	world_pass(0);
	CU_ASSERT_EQUAL(world_state(), CLIENT_RESOLVING);
	CU_ASSERT_EQUAL(world.ends, 0);
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
		UNIT_TEST(no_name_and_no_address_is_for_everybody),
		UNIT_TEST(a_refusal_counts_where_it_was_met),
		UNIT_TEST(after_a_tunnel_a_refusal_is_waited_for),
		UNIT_TEST(one_can_have_a_refusal_end_it),
		UNIT_TEST(a_short_retry_delay_is_no_password_guesser),
		UNIT_TEST(a_service_waits_for_what_the_machine_lacks),
		UNIT_TEST(
			a_service_waits_when_it_cannot_set_up_the_first_tunnel),
		UNIT_TEST(
			where_a_protocol_is_dropped_another_mode_is_asked_for),
		UNIT_TEST(what_is_dropped_is_known_after_a_restart),
		UNIT_TEST(of_many_networks_the_last_are_kept),
		UNIT_TEST(a_mode_that_carried_something_is_asked_for_again),
		UNIT_TEST(
			a_mode_that_has_nothing_but_udp_is_asked_for_over_udp),
		UNIT_TEST(
			what_the_broker_does_not_offer_is_asked_for_once_a_tunnel),
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
		UNIT_TEST(a_translator_is_gone_through),
		UNIT_TEST(without_a_translator_all_is_as_it_was),
		UNIT_TEST(the_question_for_a_translator_may_be_given_up),
		UNIT_TEST(a_lease_takes_over_nothing_of_this_machine),
		UNIT_TEST(a_lease_takes_over_no_network_with_a_route),
		UNIT_TEST(routes_in_a_prefix_of_ours_are_no_collision),
		UNIT_TEST(a_broker_of_our_own_network_is_no_collision),
		UNIT_TEST(the_prefix_of_last_time_is_no_collision),
		UNIT_TEST(a_larger_prefix_than_was_asked_for_must_be_known),
		UNIT_TEST(the_last_eight_prefixes_are_known),
		UNIT_TEST(a_prefix_is_known_once_it_is_in_force),
		UNIT_TEST(a_dry_run_makes_no_prefix_known),
		UNIT_TEST(the_tunnel_that_is_replaced_is_no_collision),
		UNIT_TEST(at_home_all_that_is_allowed_may_be_used),
		UNIT_TEST(a_known_key_is_asked_for_where_nothing_else_is_known),
		UNIT_TEST(a_known_key_is_asked_for_there_too),
		UNIT_TEST(no_redirection_gets_the_password_itself),
		UNIT_TEST(no_stranger_gets_an_answer_where_a_key_is_known),
		UNIT_TEST(where_a_redirection_led_before_counts_as_home),
		UNIT_TEST(of_many_where_redirections_led_the_last_count),
		UNIT_TEST(home_is_the_same_in_any_case),
		UNIT_TEST(
			where_a_redirection_led_is_written_down_once_it_is_proven),
		UNIT_TEST(at_home_too_nothing_weaker_than_before_is_used),
		UNIT_TEST(what_the_operator_allows_is_used_at_home),
		UNIT_TEST(elsewhere_the_stronger_of_two_records_counts),
		UNIT_TEST(a_redirection_does_not_lower_the_mechanism),
		UNIT_TEST(a_known_key_asks_for_a_known_key_after_a_redirection),
		UNIT_TEST(
			a_broker_that_was_named_and_not_trusted_is_left_for_the_next),
		UNIT_TEST(only_a_proven_broker_is_remembered),
		UNIT_TEST(a_proven_login_is_written_down),
		UNIT_TEST(distances_are_told),
		UNIT_TEST(nobody_is_sent_to_what_is_no_host),
		UNIT_TEST(a_public_broker_that_names_a_private_one_is_told_of),
		UNIT_TEST(a_person_is_asked_only_before_the_first_tunnel),
		UNIT_TEST(another_network_ends_a_wait),
		UNIT_TEST(another_network_restarts_what_is_older_three_times),
		UNIT_TEST(another_address_needs_another_session),
		UNIT_TEST(without_an_address_a_tunnel_stays),
		UNIT_TEST(a_lost_tunnel_is_replaced_when_the_call_is_over),
		UNIT_TEST(a_moment_in_the_status_stays),
		UNIT_TEST(the_status_tells_since_when_and_the_last_loss),
		UNIT_TEST(nothing_is_left_while_a_tunnel_is_waited_for),
		UNIT_TEST(a_wait_counts_from_the_loss),
		UNIT_TEST(another_network_shortens_a_slow_stop),
		UNIT_TEST(silence_is_final_without_auto_retry_connect),
		UNIT_TEST(
			a_broker_that_knows_us_no_longer_is_asked_through_the_tunnel),
		UNIT_TEST(a_session_that_is_unknown_is_replaced_in_any_case),
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
