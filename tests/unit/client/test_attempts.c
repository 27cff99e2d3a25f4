/* test_attempts.c - what is tried next, after each way to fail. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/client/attempts.h"
#include "tests/unit/unit.h"
#include <gw6c/plugin.h>
#include <stdio.h>

const uint32_t tsp_versions[] = { 0x020002, 0x020001, 0x020000, 0x010001, 0 };

#define UDP_BLOCKED(first)                                                     \
	first "; then: TCP is answered, but this mode needs UDP: let UDP "     \
	      "port 3653 through the firewall on the way (over TCP: status 303)"

static struct settings settings = { .retry_delay = 30, .retry_delay_max = 300 };

static const struct gw6c_tunnel_ops any4 = {
	.outer = 4, .over = GW6C_OVER_UDP | GW6C_OVER_TCP
};
static const struct gw6c_tunnel_ops only_udp = { .outer = 4,
						 .over = GW6C_OVER_UDP };
static const struct gw6c_tunnel_ops outer6 = {
	.outer = 6, .over = GW6C_OVER_UDP | GW6C_OVER_TCP
};

static void init(struct attempts *attempts, const struct gw6c_tunnel_ops *mode)
{
	snprintf(settings.broker.host, sizeof(settings.broker.host), "home");
	settings.broker.port = 3653;
	attempts_init(attempts, &settings, mode);
	attempts_resolved(attempts, 1);
}

static enum attempts_move after(struct attempts *attempts, enum session_end end,
				int rc, uint32_t *wait_ms)
{
	/* Of a failed session the broker said why. */
	struct session_result result = { .end = end,
					 .status = end == SESSION_FAILED ? 530
									 : 0,
					 .err = { .rc = rc } };

	return attempts_after(attempts, &result, 0, wait_ms);
}

static enum attempts_move redirect(struct attempts *attempts,
				   const char *const *hosts, uint32_t *wait_ms)
{
	struct session_result result = { .end = SESSION_REDIRECT };

	for (int i = 0; hosts[i]; i++) {
		snprintf(result.broker[i].host, GW6C_NAME, "%s", hosts[i]);
		result.broker[i].port = 3653;
		result.brokers++;
	}
	return attempts_after(attempts, &result, 0, wait_ms);
}

static void silence_leads_to_tcp_at_once_and_then_to_a_wait(void)
{
	struct attempts attempts;
	uint32_t wait_ms;

	init(&attempts, &any4);
	CU_ASSERT_FALSE(attempts.tcp);
	CU_ASSERT_EQUAL(after(&attempts, SESSION_SILENT, GW6C_ENET, &wait_ms),
			ATTEMPTS_NOW);
	CU_ASSERT_TRUE(attempts.tcp);
	CU_ASSERT_EQUAL(wait_ms, 0);
	CU_ASSERT_EQUAL(after(&attempts, SESSION_SILENT, GW6C_ENET, &wait_ms),
			ATTEMPTS_WAIT);
	CU_ASSERT_FALSE(attempts.tcp);
	CU_ASSERT_EQUAL(wait_ms, 30000);
}

static void a_udp_only_mode_never_uses_tcp(void)
{
	struct attempts attempts;
	uint32_t wait_ms;

	init(&attempts, &only_udp);
	CU_ASSERT_EQUAL(after(&attempts, SESSION_SILENT, GW6C_ENET, &wait_ms),
			ATTEMPTS_WAIT);
	CU_ASSERT_FALSE(attempts.tcp);
}

static void every_address_of_a_name_is_tried_on_each_transport(void)
{
	struct attempts attempts;
	uint32_t wait_ms;

	init(&attempts, &any4);
	for (int tcp = 0; tcp < 2; tcp++)
		for (int addr = 0; addr < 3; addr++) {
			attempts_resolved(&attempts, 3);
			CU_ASSERT_EQUAL(attempts.addr, addr);
			CU_ASSERT_EQUAL(attempts.tcp, tcp);
			CU_ASSERT_EQUAL(after(&attempts, SESSION_SILENT,
					      GW6C_ENET, &wait_ms),
					tcp && addr == 2 ? ATTEMPTS_WAIT
							 : ATTEMPTS_NOW);
		}
}

static void waits_double_up_to_the_maximum(void)
{
	static const uint32_t want_s[] = { 30, 60, 120, 240, 300, 300 };
	struct attempts attempts;
	uint32_t wait_ms;

	init(&attempts, &any4);
	for (size_t i = 0; i < sizeof(want_s) / sizeof(want_s[0]); i++) {
		CU_ASSERT_EQUAL(after(&attempts, SESSION_FAILED, GW6C_ENET,
				      &wait_ms),
				ATTEMPTS_WAIT);
		CU_ASSERT_EQUAL(wait_ms, want_s[i] * 1000);
	}
	attempts_afresh(&attempts);
	after(&attempts, SESSION_FAILED, GW6C_ENET, &wait_ms);
	CU_ASSERT_EQUAL(wait_ms, 30000);
}

static void jitter_adds_a_tenth_at_most_and_a_second_is_the_least(void)
{
	struct session_result result = { .end = SESSION_FAILED,
					 .status = 530,
					 .err = { .rc = GW6C_ENET } };
	struct attempts attempts;
	uint32_t wait_ms;

	init(&attempts, &any4);
	attempts_after(&attempts, &result, 1.0, &wait_ms);
	CU_ASSERT_EQUAL(wait_ms, 33000);
	init(&attempts, &any4);
	attempts.delay_ms = 0;
	attempts_after(&attempts, &result, 0, &wait_ms);
	CU_ASSERT_EQUAL(wait_ms, 1000);
}

static void what_the_operator_must_mend_is_final(void)
{
	static const int rcs[] = { GW6C_ECONFIG, GW6C_EAUTH, GW6C_EOS,
				   GW6C_EBUG };
	struct attempts attempts;
	uint32_t wait_ms;

	for (size_t i = 0; i < sizeof(rcs) / sizeof(rcs[0]); i++) {
		init(&attempts, &any4);
		CU_ASSERT_EQUAL(after(&attempts, SESSION_FAILED, rcs[i],
				      &wait_ms),
				ATTEMPTS_STOP);
	}
}

static void refused_versions_descend_to_2_0_0_and_then_stop(void)
{
	struct attempts attempts;
	uint32_t wait_ms;

	init(&attempts, &any4);
	for (int i = 1; i <= 2; i++) {
		CU_ASSERT_EQUAL(after(&attempts, SESSION_VERSION, GW6C_ECONFIG,
				      &wait_ms),
				ATTEMPTS_NOW);
		CU_ASSERT_EQUAL(attempts.version, i);
		CU_ASSERT_EQUAL(wait_ms, 1000);
	}
	CU_ASSERT_EQUAL(after(&attempts, SESSION_VERSION, GW6C_ECONFIG,
			      &wait_ms),
			ATTEMPTS_STOP);
}

static void version_1_0_1_is_offered_over_tcp_only_if_allowed(void)
{
	struct attempts attempts;
	uint32_t wait_ms;

	settings.allow_v1 = true;
	init(&attempts, &any4);
	for (int i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(after(&attempts, SESSION_VERSION, GW6C_ECONFIG,
				      &wait_ms),
				ATTEMPTS_NOW);
	CU_ASSERT_EQUAL(tsp_versions[attempts.version], 0x010001);
	CU_ASSERT_TRUE(attempts.tcp);
	CU_ASSERT_EQUAL(after(&attempts, SESSION_VERSION, GW6C_ECONFIG,
			      &wait_ms),
			ATTEMPTS_STOP);
	init(&attempts, &only_udp);
	CU_ASSERT_FALSE(attempts.old_ok);
	init(&attempts, &outer6);
	CU_ASSERT_FALSE(attempts.old_ok);
	settings.allow_v1 = false;
}

static void a_redirect_list_is_tried_in_order_then_home_after_a_wait(void)
{
	static const char *const list[] = { "a", "b", NULL };
	struct attempts attempts;
	uint32_t wait_ms;

	init(&attempts, &only_udp);
	CU_ASSERT_EQUAL(redirect(&attempts, list, &wait_ms), ATTEMPTS_NOW);
	CU_ASSERT_STRING_EQUAL(attempts.broker.host, "a");
	after(&attempts, SESSION_SILENT, GW6C_ENET, &wait_ms);
	CU_ASSERT_STRING_EQUAL(attempts.broker.host, "b");
	CU_ASSERT_EQUAL(after(&attempts, SESSION_SILENT, GW6C_ENET, &wait_ms),
			ATTEMPTS_WAIT);
	CU_ASSERT_STRING_EQUAL(attempts.broker.host, "home");
}

/* What the session ended with is told by the broker (status) or by us. */
static enum attempts_move failed(struct attempts *attempts, int status,
				 int reason, int rc)
{
	struct session_result result = { .end = SESSION_FAILED,
					 .status = status,
					 .reason = reason,
					 .err = { .rc = rc } };
	uint32_t wait_ms;

	return attempts_after(attempts, &result, 0, &wait_ms);
}

static void a_broken_session_is_tried_once_more_over_tcp(void)
{
	static const struct {
		int status, rc;
	} ways[] = { { 310, GW6C_EPEER }, { 0, GW6C_ENET } };
	struct attempts attempts;

	for (size_t i = 0; i < 2; i++) {
		init(&attempts, &any4);
		CU_ASSERT_EQUAL(failed(&attempts, ways[i].status, 0,
				       ways[i].rc),
				ATTEMPTS_NOW);
		CU_ASSERT_TRUE(attempts.tcp);
		CU_ASSERT_EQUAL(failed(&attempts, ways[i].status, 0,
				       ways[i].rc),
				ATTEMPTS_WAIT);
		init(&attempts, &only_udp);
		CU_ASSERT_EQUAL(failed(&attempts, ways[i].status, 0,
				       ways[i].rc),
				ATTEMPTS_WAIT);
		CU_ASSERT_FALSE(attempts.tcp);
	}
	/* What the broker said over one transport it says over the other. */
	init(&attempts, &any4);
	CU_ASSERT_EQUAL(failed(&attempts, 530, 0, GW6C_ENET), ATTEMPTS_WAIT);
	init(&attempts, &any4);
	CU_ASSERT_EQUAL(failed(&attempts, 0, REASON_PARAMETERS, GW6C_EPEER),
			ATTEMPTS_WAIT);
}

static void a_listed_broker_begins_with_udp_and_the_newest_version(void)
{
	static const char *const list[] = { "a", "b", NULL };
	struct attempts attempts;
	uint32_t wait_ms;

	init(&attempts, &any4);
	after(&attempts, SESSION_SILENT, GW6C_ENET, &wait_ms);
	after(&attempts, SESSION_VERSION, GW6C_ECONFIG, &wait_ms);
	CU_ASSERT_TRUE(attempts.tcp);
	redirect(&attempts, list, &wait_ms);
	CU_ASSERT_EQUAL(wait_ms, 0);
	CU_ASSERT_FALSE(attempts.tcp);
	CU_ASSERT_EQUAL(attempts.version, 0);
	/* Dead on both transports: the next, at once, from the beginning. */
	after(&attempts, SESSION_SILENT, GW6C_ENET, &wait_ms);
	CU_ASSERT_STRING_EQUAL(attempts.broker.host, "a");
	CU_ASSERT_TRUE(attempts.tcp);
	CU_ASSERT_EQUAL(after(&attempts, SESSION_SILENT, GW6C_ENET, &wait_ms),
			ATTEMPTS_NOW);
	CU_ASSERT_STRING_EQUAL(attempts.broker.host, "b");
	CU_ASSERT_FALSE(attempts.tcp);
	CU_ASSERT_EQUAL(wait_ms, 0);
}

static void a_listed_broker_that_fails_in_passing_is_left_for_the_next(void)
{
	static const char *const list[] = { "a", "b", "c", "d", NULL };
	struct attempts attempts;
	uint32_t wait_ms;

	init(&attempts, &any4);
	redirect(&attempts, list, &wait_ms);
	CU_ASSERT_EQUAL(failed(&attempts, 0, REASON_RESOLVE, GW6C_ENET),
			ATTEMPTS_NOW);
	CU_ASSERT_STRING_EQUAL(attempts.broker.host, "b");
	CU_ASSERT_EQUAL(failed(&attempts, 301, 0, GW6C_ENET), ATTEMPTS_NOW);
	CU_ASSERT_STRING_EQUAL(attempts.broker.host, "c");
	CU_ASSERT_EQUAL(failed(&attempts, 0, REASON_PARAMETERS, GW6C_EPEER),
			ATTEMPTS_NOW);
	CU_ASSERT_STRING_EQUAL(attempts.broker.host, "d");
	/* A wrong password is wrong everywhere. */
	CU_ASSERT_EQUAL(failed(&attempts, 300, 0, GW6C_EAUTH), ATTEMPTS_STOP);
}

static void a_redirect_to_nowhere_backs_off_from_home(void)
{
	static const char *const list[] = { "a", "b", NULL };
	struct attempts attempts;
	uint32_t wait_ms;

	init(&attempts, &any4);
	redirect(&attempts, list, &wait_ms);
	CU_ASSERT_EQUAL(failed(&attempts, 1200, REASON_REDIRECT, GW6C_EPEER),
			ATTEMPTS_WAIT);
	CU_ASSERT_STRING_EQUAL(attempts.broker.host, "home");
}

static void a_further_redirect_replaces_the_list(void)
{
	static const char *const old[] = { "a", "b", NULL };
	static const char *const fresh[] = { "x", NULL };
	struct attempts attempts;
	uint32_t wait_ms;

	init(&attempts, &only_udp);
	redirect(&attempts, old, &wait_ms);
	redirect(&attempts, fresh, &wait_ms);
	CU_ASSERT_STRING_EQUAL(attempts.broker.host, "x");
	CU_ASSERT_EQUAL(after(&attempts, SESSION_SILENT, GW6C_ENET, &wait_ms),
			ATTEMPTS_WAIT);
	CU_ASSERT_STRING_EQUAL(attempts.broker.host, "home");
}

static void redirect_loops_end_in_a_wait_from_home(void)
{
	static const char *const self[] = { "home", NULL };
	static const char *const SELF[] = { "HOME", NULL };
	struct attempts attempts;
	uint32_t wait_ms;
	int n = 0;

	init(&attempts, &any4);
	while (redirect(&attempts, n % 2 ? self : SELF, &wait_ms) ==
	       ATTEMPTS_NOW)
		CU_ASSERT_FATAL(++n < ATTEMPTS_REDIRECTS);
	CU_ASSERT_EQUAL(n, ATTEMPTS_VISITS - 1);
	CU_ASSERT_STRING_EQUAL(attempts.broker.host, "home");
	CU_ASSERT_EQUAL(attempts.failures, 1);
	CU_ASSERT_EQUAL(wait_ms, 30000);
	/* After the wait it may have come to its senses. */
	CU_ASSERT_EQUAL(redirect(&attempts, self, &wait_ms), ATTEMPTS_NOW);
}

static void two_brokers_that_send_us_to_and_fro_are_left(void)
{
	static const char *const to[] = { "away", NULL };
	static const char *const fro[] = { "home", NULL };
	struct attempts attempts;
	uint32_t wait_ms;
	int n = 0;

	init(&attempts, &any4);
	while (redirect(&attempts, n % 2 ? fro : to, &wait_ms) == ATTEMPTS_NOW)
		CU_ASSERT_FATAL(++n < ATTEMPTS_REDIRECTS);
	/* home and away three times each */
	CU_ASSERT_EQUAL(n, 2 * ATTEMPTS_VISITS - 1);
}

/* Each round begins with a dead one, so that the loop is not at the list's
 * first place. */
static void visits_count_at_every_place_of_a_list(void)
{
	static const char *const list[] = { "dead", "home", "other", NULL };
	struct attempts attempts;
	uint32_t wait_ms;
	int visits = 1;

	init(&attempts, &only_udp);
	for (int i = 0; i < ATTEMPTS_VISITS; i++) {
		redirect(&attempts, list, &wait_ms);
		if (strcmp(attempts.broker.host, "dead") == 0)
			after(&attempts, SESSION_SILENT, GW6C_ENET, &wait_ms);
		visits += strcmp(attempts.broker.host, "home") == 0;
	}
	CU_ASSERT_EQUAL(visits, ATTEMPTS_VISITS);
	CU_ASSERT_STRING_EQUAL(attempts.broker.host, "other");
}

static void the_port_makes_another_broker_and_the_spelling_does_not(void)
{
	struct session_result other = { .end = SESSION_REDIRECT, .brokers = 1 };
	struct attempts attempts;
	uint32_t wait_ms;

	snprintf(other.broker[0].host, GW6C_NAME, "2001:db8::1");
	gw6c_addr_parse("2001:db8::1", &other.broker[0].literal);
	init(&attempts, &any4);
	for (int i = 0; i < ATTEMPTS_VISITS; i++) {
		CU_ASSERT_FALSE(attempts_circle(&attempts, &other));
		attempts_after(&attempts, &other, 0, &wait_ms);
	}
	snprintf(other.broker[0].host, GW6C_NAME, "2001:db8:0::0:1");
	CU_ASSERT_TRUE(attempts_circle(&attempts, &other));
	other.broker[0].port++;
	CU_ASSERT_FALSE(attempts_circle(&attempts, &other));
}

static void a_tunnel_makes_redirects_count_anew(void)
{
	static const char *const self[] = { "home", NULL };
	struct attempts attempts;
	uint32_t wait_ms;

	init(&attempts, &any4);
	for (int n = 0; n < 2 * ATTEMPTS_REDIRECTS; n++) {
		CU_ASSERT_EQUAL(redirect(&attempts, self, &wait_ms),
				ATTEMPTS_NOW);
		attempts_lost(&attempts, ATTEMPTS_STABLE_S, 0);
	}
}

static void a_chain_of_redirects_is_followed_eight_times_at_most(void)
{
	char name[8];
	const char *const list[] = { name, NULL };
	struct attempts attempts;
	uint32_t wait_ms;

	init(&attempts, &any4);
	for (int i = 0; i < ATTEMPTS_REDIRECTS; i++) {
		snprintf(name, sizeof(name), "b%d", i);
		CU_ASSERT_EQUAL(redirect(&attempts, list, &wait_ms),
				ATTEMPTS_NOW);
	}
	CU_ASSERT_EQUAL(redirect(&attempts, list, &wait_ms), ATTEMPTS_WAIT);
	CU_ASSERT_STRING_EQUAL(attempts.broker.host, "home");
}

/* A file of two; arg counts how often it is read. */
static int read_two(void *arg, struct server_addr *out, int max)
{
	int *reads = arg;

	CU_ASSERT_EQUAL(max, TSP_BROKERS);
	++*reads;
	out[0] = (struct server_addr){ .host = "x", .port = 1 };
	out[1] = (struct server_addr){ .host = "y", .port = 2 };
	return 2;
}

static void the_saved_list_is_asked_when_home_is_unreachable(void)
{
	struct attempts attempts;
	uint32_t wait_ms;
	int reads = 0;

	init(&attempts, &only_udp);
	attempts_fallback(&attempts, read_two, &reads);
	CU_ASSERT_EQUAL(after(&attempts, SESSION_SILENT, GW6C_ENET, &wait_ms),
			ATTEMPTS_NOW);
	CU_ASSERT_STRING_EQUAL(attempts.broker.host, "x");
	CU_ASSERT_FALSE(attempts.redirected);
	after(&attempts, SESSION_SILENT, GW6C_ENET, &wait_ms);
	CU_ASSERT_STRING_EQUAL(attempts.broker.host, "y");
	CU_ASSERT_EQUAL(after(&attempts, SESSION_SILENT, GW6C_ENET, &wait_ms),
			ATTEMPTS_WAIT);
	CU_ASSERT_STRING_EQUAL(attempts.broker.host, "home");
	CU_ASSERT_EQUAL(reads, 1);
	/* The same when its name is gone. */
	CU_ASSERT_EQUAL(failed(&attempts, 0, REASON_RESOLVE, GW6C_ENET),
			ATTEMPTS_NOW);
	CU_ASSERT_STRING_EQUAL(attempts.broker.host, "x");
}

static void the_saved_list_is_left_alone_while_home_answers(void)
{
	struct attempts attempts;
	uint32_t wait_ms;
	int reads = 0;

	init(&attempts, &any4);
	attempts_fallback(&attempts, read_two, &reads);
	/* UDP blocked: TCP is left to try. */
	CU_ASSERT_EQUAL(after(&attempts, SESSION_SILENT, GW6C_ENET, &wait_ms),
			ATTEMPTS_NOW);
	CU_ASSERT_EQUAL(failed(&attempts, 530, 0, GW6C_ENET), ATTEMPTS_WAIT);
	CU_ASSERT_EQUAL(failed(&attempts, 1200, REASON_REDIRECT, GW6C_EPEER),
			ATTEMPTS_WAIT);
	CU_ASSERT_STRING_EQUAL(attempts.broker.host, "home");
	CU_ASSERT_EQUAL(reads, 0);
}

static void a_stable_tunnel_is_replaced_at_once_a_flapping_one_slower(void)
{
	struct attempts attempts;

	init(&attempts, &any4);
	CU_ASSERT_EQUAL(attempts_lost(&attempts, 5, 0), 0);
	CU_ASSERT_EQUAL(attempts_lost(&attempts, 5, 0), 30000);
	CU_ASSERT_EQUAL(attempts_lost(&attempts, 5, 0), 60000);
	attempts_moved(&attempts);
	CU_ASSERT_EQUAL(attempts_lost(&attempts, 5, 0), 0);
	CU_ASSERT_EQUAL(attempts_lost(&attempts, 5, 0), 30000);
	CU_ASSERT_EQUAL(attempts_lost(&attempts, ATTEMPTS_STABLE_S, 0), 0);
}

/* What carried nothing there may do here; what the broker speaks, it does. */
static void elsewhere_udp_comes_first_again(void)
{
	struct attempts attempts;
	uint32_t wait_ms;

	init(&attempts, &any4);
	attempts_resolved(&attempts, 2);
	after(&attempts, SESSION_SILENT, GW6C_ENET, &wait_ms);
	CU_ASSERT_EQUAL(attempts.addr, 1);
	after(&attempts, SESSION_SILENT, GW6C_ENET, &wait_ms);
	after(&attempts, SESSION_SILENT, GW6C_ENET, &wait_ms);
	CU_ASSERT_TRUE(attempts.tcp);
	CU_ASSERT_EQUAL(attempts.addr, 1);
	after(&attempts, SESSION_VERSION, GW6C_OK, &wait_ms);
	attempts.udp_failure.err.rc = GW6C_ENET;
	/* A tunnel that is lost where it was is no reason. */
	attempts_lost(&attempts, ATTEMPTS_STABLE_S, 0);
	CU_ASSERT_TRUE(attempts.tcp);
	attempts.addr = 1;
	attempts_moved(&attempts);
	CU_ASSERT_FALSE(attempts.tcp);
	CU_ASSERT_EQUAL(attempts.addr, 0);
	CU_ASSERT_EQUAL(attempts.version, 1);
	CU_ASSERT_EQUAL(attempts.udp_failure.err.rc, GW6C_OK);
	/* Older versions know no UDP. */
	attempts.version = 3;
	attempts_moved(&attempts);
	CU_ASSERT_TRUE(attempts.tcp);
}

/* Over TCP it cannot be done blindly; where there is none, we wait. */
static void a_forged_answer_is_a_reason_for_tcp(void)
{
	const struct session_result forged = {
		.end = SESSION_FAILED,
		.reason = REASON_FORGED,
		.err = { GW6C_ENET, "one of two" },
	};
	const struct session_result *result = &forged;
	struct attempts attempts;
	uint32_t wait_ms;

	init(&attempts, &any4);
	CU_ASSERT_EQUAL(attempts_next(&attempts, &result, 0, &wait_ms),
			ATTEMPTS_NOW);
	CU_ASSERT_TRUE(attempts.tcp);
	CU_ASSERT_PTR_EQUAL(result, &forged);
	CU_ASSERT_EQUAL(attempts_next(&attempts, &result, 0, &wait_ms),
			ATTEMPTS_WAIT);
	CU_ASSERT_FALSE(attempts.tcp);
	result = &forged;
	init(&attempts, &only_udp);
	CU_ASSERT_EQUAL(attempts_next(&attempts, &result, 0, &wait_ms),
			ATTEMPTS_WAIT);
	CU_ASSERT_EQUAL(wait_ms, 30000);
	CU_ASSERT_FALSE(attempts.tcp);
	CU_ASSERT_STRING_EQUAL(attempts.broker.host, "home");
	CU_ASSERT_EQUAL(result->reason, REASON_FORGED);
	CU_ASSERT_EQUAL(result->err.rc, GW6C_ENET);
	CU_ASSERT_STRING_EQUAL(result->err.text,
			       "one of two; this tunnel_mode works over UDP "
			       "only, so the login cannot go over TCP, where "
			       "this is harder, and UDP is tried again");
}

/* Tried over UDP first, which came to nothing as said. */
static const struct session_result *refused_over_tcp(struct attempts *attempts,
						     enum session_end end,
						     int rc, int status)
{
	static struct session_result first, second;
	const struct session_result *result = &first;
	uint32_t wait_ms;

	first = (struct session_result){ .end = end, .err = { rc, "no UDP" } };
	second = (struct session_result){ .end = SESSION_FAILED,
					  .status = status,
					  .err = { GW6C_ECONFIG, "no mode" } };
	init(attempts, &any4);
	CU_ASSERT_EQUAL(attempts_next(attempts, &result, 0, &wait_ms),
			ATTEMPTS_NOW);
	CU_ASSERT_PTR_EQUAL(result, &first);
	attempts->tcp = true;
	result = &second;
	attempts_next(attempts, &result, 0, &wait_ms);
	return result == &second ? NULL : result;
}

static void a_refused_mode_over_tcp_tells_why_udp_failed(void)
{
	const struct session_result *told;
	struct attempts attempts;

	told = refused_over_tcp(&attempts, SESSION_SILENT, GW6C_ENET, 303);
	CU_ASSERT_PTR_NOT_NULL_FATAL(told);
	CU_ASSERT_STRING_EQUAL(told->err.text, UDP_BLOCKED("no UDP"));
	CU_ASSERT_EQUAL(told->end, SESSION_SILENT);
	CU_ASSERT_EQUAL(told->err.rc, GW6C_ENET);
	/* UDP may pass later: it is waited for. */
	CU_ASSERT_EQUAL(attempts.failures, 1);
	/* Any other refusal is what it says. */
	CU_ASSERT_PTR_NULL(
		refused_over_tcp(&attempts, SESSION_SILENT, GW6C_ENET, 300));
	/* A version is no failure of UDP. */
	CU_ASSERT_PTR_NULL(
		refused_over_tcp(&attempts, SESSION_VERSION, GW6C_ENET, 303));
}

static void a_minute_is_stable_and_a_new_beginning_forgets(void)
{
	struct attempts attempts;

	init(&attempts, &any4);
	CU_ASSERT_EQUAL(attempts_lost(&attempts, ATTEMPTS_STABLE_S, 0), 0);
	CU_ASSERT_EQUAL(attempts.failures, 0);
	CU_ASSERT_EQUAL(attempts_lost(&attempts, ATTEMPTS_STABLE_S - 1, 0), 0);
	CU_ASSERT_EQUAL(attempts.failures, 1);
	attempts_afresh(&attempts);
	CU_ASSERT_EQUAL(attempts.failures, 0);
	CU_ASSERT_EQUAL(attempts.visits, 1);
	/* The name has fewer addresses now. */
	attempts.addr = 2;
	attempts_resolved(&attempts, 2);
	CU_ASSERT_EQUAL(attempts.addr, 0);
}

/* There is nothing else to try: what lets it through is told, with the port. */
static void silence_of_a_udp_only_mode_names_the_firewall(void)
{
	struct session_result silent = { .end = SESSION_SILENT,
					 .err = { GW6C_ENET, "no answer" } };
	const struct session_result *result = &silent;
	struct attempts attempts;
	uint32_t wait_ms;

	init(&attempts, &only_udp);
	attempts.broker.port = 4000;
	CU_ASSERT_EQUAL(attempts_next(&attempts, &result, 0, &wait_ms),
			ATTEMPTS_WAIT);
	CU_ASSERT_EQUAL(result->err.rc, GW6C_ENET);
	CU_ASSERT_EQUAL(result->end, SESSION_SILENT);
	CU_ASSERT_STRING_EQUAL(result->err.text,
			       "no answer; if the broker is running, let UDP "
			       "port 4000 through the firewall on the way");
	/* Others go on over TCP. */
	result = &silent;
	init(&attempts, &any4);
	CU_ASSERT_EQUAL(attempts_next(&attempts, &result, 0, &wait_ms),
			ATTEMPTS_NOW);
	CU_ASSERT_PTR_EQUAL(result, &silent);
}

static void what_tcp_did_is_not_told_as_udp(void)
{
	static const char *const says[] = { "no UDP at 1", "no UDP at 2",
					    "no TCP at 1" };
	struct session_result silent = { .end = SESSION_SILENT };
	struct session_result refused = { .end = SESSION_FAILED,
					  .status = 303,
					  .err = { GW6C_ECONFIG, "no mode" } };
	const struct session_result *result;
	struct attempts attempts;
	uint32_t wait_ms;

	init(&attempts, &any4);
	for (int i = 0; i < 3; i++) {
		attempts_resolved(&attempts, 2);
		gw6c_fail(&silent.err, GW6C_ENET, "%s", says[i]);
		result = &silent;
		attempts_next(&attempts, &result, 0, &wait_ms);
	}
	CU_ASSERT_TRUE(attempts.tcp);
	result = &refused;
	attempts_next(&attempts, &result, 0, &wait_ms);
	CU_ASSERT_STRING_EQUAL(result->err.text, UDP_BLOCKED("no UDP at 2"));
}

static void an_older_version_is_no_failure_of_udp(void)
{
	const struct session_result old = { .end = SESSION_VERSION,
					    .err = { GW6C_ECONFIG, "older" } };
	const struct session_result *result;
	struct attempts attempts;
	uint32_t wait_ms;

	settings.allow_v1 = true;
	init(&attempts, &any4);
	settings.allow_v1 = false;
	for (int i = 0; i < 3; i++) {
		result = &old;
		CU_ASSERT_FALSE(attempts.tcp);
		CU_ASSERT_EQUAL(attempts_next(&attempts, &result, 0, &wait_ms),
				ATTEMPTS_NOW);
	}
	CU_ASSERT_TRUE(attempts.tcp);
	CU_ASSERT_EQUAL(attempts.udp_failure.err.rc, GW6C_OK);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(silence_leads_to_tcp_at_once_and_then_to_a_wait),
		UNIT_TEST(a_udp_only_mode_never_uses_tcp),
		UNIT_TEST(every_address_of_a_name_is_tried_on_each_transport),
		UNIT_TEST(waits_double_up_to_the_maximum),
		UNIT_TEST(
			jitter_adds_a_tenth_at_most_and_a_second_is_the_least),
		UNIT_TEST(what_the_operator_must_mend_is_final),
		UNIT_TEST(refused_versions_descend_to_2_0_0_and_then_stop),
		UNIT_TEST(version_1_0_1_is_offered_over_tcp_only_if_allowed),
		UNIT_TEST(
			a_redirect_list_is_tried_in_order_then_home_after_a_wait),
		UNIT_TEST(redirect_loops_end_in_a_wait_from_home),
		UNIT_TEST(a_chain_of_redirects_is_followed_eight_times_at_most),
		UNIT_TEST(the_saved_list_is_asked_when_home_is_unreachable),
		UNIT_TEST(a_broken_session_is_tried_once_more_over_tcp),
		UNIT_TEST(
			a_listed_broker_begins_with_udp_and_the_newest_version),
		UNIT_TEST(
			a_listed_broker_that_fails_in_passing_is_left_for_the_next),
		UNIT_TEST(a_redirect_to_nowhere_backs_off_from_home),
		UNIT_TEST(a_further_redirect_replaces_the_list),
		UNIT_TEST(two_brokers_that_send_us_to_and_fro_are_left),
		UNIT_TEST(visits_count_at_every_place_of_a_list),
		UNIT_TEST(
			the_port_makes_another_broker_and_the_spelling_does_not),
		UNIT_TEST(a_tunnel_makes_redirects_count_anew),
		UNIT_TEST(the_saved_list_is_left_alone_while_home_answers),
		UNIT_TEST(a_refused_mode_over_tcp_tells_why_udp_failed),
		UNIT_TEST(a_minute_is_stable_and_a_new_beginning_forgets),
		UNIT_TEST(silence_of_a_udp_only_mode_names_the_firewall),
		UNIT_TEST(what_tcp_did_is_not_told_as_udp),
		UNIT_TEST(an_older_version_is_no_failure_of_udp),
		UNIT_TEST(elsewhere_udp_comes_first_again),
		UNIT_TEST(a_forged_answer_is_a_reason_for_tcp),
		UNIT_TEST(
			a_stable_tunnel_is_replaced_at_once_a_flapping_one_slower),
	};

	return UNIT_RUN("attempts", tests);
}
