/* test_attempts.c - what is tried next, after each way to fail. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/attempts.h"
#include "unit.h"
#include <gw6c/plugin.h>
#include <stdio.h>

const uint32_t tsp_versions[] = { 0x020002, 0x020001, 0x020000, 0x010001, 0 };

static struct settings settings = { .retry_delay = 30, .retry_delay_max = 300 };

static void init(struct attempts *attempts, uint32_t flags)
{
	snprintf(settings.broker.host, sizeof(settings.broker.host), "home");
	settings.broker.port = 3653;
	attempts_init(attempts, &settings, flags);
	attempts_resolved(attempts, 1);
}

static enum attempts_move after(struct attempts *attempts, enum session_end end,
				int rc, uint32_t *wait_ms)
{
	struct session_result result = { .end = end, .err = { .rc = rc } };

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

	init(&attempts, 0);
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

	init(&attempts, GW6C_TUNNEL_UDP_ONLY);
	CU_ASSERT_EQUAL(after(&attempts, SESSION_SILENT, GW6C_ENET, &wait_ms),
			ATTEMPTS_WAIT);
	CU_ASSERT_FALSE(attempts.tcp);
}

static void every_address_of_a_name_is_tried_on_each_transport(void)
{
	struct attempts attempts;
	uint32_t wait_ms;

	init(&attempts, 0);
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

	init(&attempts, 0);
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
					 .err = { .rc = GW6C_ENET } };
	struct attempts attempts;
	uint32_t wait_ms;

	init(&attempts, 0);
	attempts_after(&attempts, &result, 1.0, &wait_ms);
	CU_ASSERT_EQUAL(wait_ms, 33000);
	init(&attempts, 0);
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
		init(&attempts, 0);
		CU_ASSERT_EQUAL(after(&attempts, SESSION_FAILED, rcs[i],
				      &wait_ms),
				ATTEMPTS_STOP);
	}
}

static void refused_versions_descend_to_2_0_0_and_then_stop(void)
{
	struct attempts attempts;
	uint32_t wait_ms;

	init(&attempts, 0);
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
	init(&attempts, 0);
	for (int i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(after(&attempts, SESSION_VERSION, GW6C_ECONFIG,
				      &wait_ms),
				ATTEMPTS_NOW);
	CU_ASSERT_EQUAL(tsp_versions[attempts.version], 0x010001);
	CU_ASSERT_TRUE(attempts.tcp);
	CU_ASSERT_EQUAL(after(&attempts, SESSION_VERSION, GW6C_ECONFIG,
			      &wait_ms),
			ATTEMPTS_STOP);
	init(&attempts, GW6C_TUNNEL_UDP_ONLY);
	CU_ASSERT_FALSE(attempts.old_ok);
	init(&attempts, GW6C_TUNNEL_OUTER6);
	CU_ASSERT_FALSE(attempts.old_ok);
	settings.allow_v1 = false;
}

static void a_redirect_list_is_tried_in_order_then_home_after_a_wait(void)
{
	static const char *const list[] = { "a", "b", NULL };
	struct attempts attempts;
	uint32_t wait_ms;

	init(&attempts, GW6C_TUNNEL_UDP_ONLY);
	CU_ASSERT_EQUAL(redirect(&attempts, list, &wait_ms), ATTEMPTS_NOW);
	CU_ASSERT_STRING_EQUAL(attempts.broker.host, "a");
	after(&attempts, SESSION_SILENT, GW6C_ENET, &wait_ms);
	CU_ASSERT_STRING_EQUAL(attempts.broker.host, "b");
	CU_ASSERT_EQUAL(after(&attempts, SESSION_SILENT, GW6C_ENET, &wait_ms),
			ATTEMPTS_WAIT);
	CU_ASSERT_STRING_EQUAL(attempts.broker.host, "home");
}

static void redirect_loops_end_in_a_wait_from_home(void)
{
	static const char *const self[] = { "home", NULL };
	struct attempts attempts;
	uint32_t wait_ms;
	int n = 0;

	init(&attempts, 0);
	while (redirect(&attempts, self, &wait_ms) == ATTEMPTS_NOW)
		CU_ASSERT_FATAL(++n < ATTEMPTS_REDIRECTS);
	CU_ASSERT_EQUAL(n, ATTEMPTS_VISITS - 1);
	CU_ASSERT_STRING_EQUAL(attempts.broker.host, "home");
	CU_ASSERT_EQUAL(attempts.failures, 1);
}

static void a_chain_of_redirects_is_followed_eight_times_at_most(void)
{
	char name[8];
	const char *const list[] = { name, NULL };
	struct attempts attempts;
	uint32_t wait_ms;

	init(&attempts, 0);
	for (int i = 0; i < ATTEMPTS_REDIRECTS; i++) {
		snprintf(name, sizeof(name), "b%d", i);
		CU_ASSERT_EQUAL(redirect(&attempts, list, &wait_ms),
				ATTEMPTS_NOW);
	}
	CU_ASSERT_EQUAL(redirect(&attempts, list, &wait_ms), ATTEMPTS_WAIT);
}

static void the_saved_list_is_asked_when_home_is_unreachable(void)
{
	struct tsp_server list[2] = { { .host = "x", .port = 1 },
				      { .host = "y", .port = 2 } };
	struct attempts attempts;
	uint32_t wait_ms;

	init(&attempts, GW6C_TUNNEL_UDP_ONLY);
	attempts_fallback(&attempts, list, 2);
	CU_ASSERT_EQUAL(after(&attempts, SESSION_SILENT, GW6C_ENET, &wait_ms),
			ATTEMPTS_NOW);
	CU_ASSERT_STRING_EQUAL(attempts.broker.host, "x");
	after(&attempts, SESSION_SILENT, GW6C_ENET, &wait_ms);
	CU_ASSERT_STRING_EQUAL(attempts.broker.host, "y");
	CU_ASSERT_EQUAL(after(&attempts, SESSION_SILENT, GW6C_ENET, &wait_ms),
			ATTEMPTS_WAIT);
	CU_ASSERT_STRING_EQUAL(attempts.broker.host, "home");
}

static void a_stable_tunnel_is_replaced_at_once_a_flapping_one_slower(void)
{
	struct attempts attempts;

	init(&attempts, 0);
	CU_ASSERT_EQUAL(attempts_lost(&attempts, 5, 0), 0);
	CU_ASSERT_EQUAL(attempts_lost(&attempts, 5, 0), 30000);
	CU_ASSERT_EQUAL(attempts_lost(&attempts, 5, 0), 60000);
	CU_ASSERT_EQUAL(attempts_lost(&attempts, ATTEMPTS_STABLE_S, 0), 0);
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
		UNIT_TEST(
			a_stable_tunnel_is_replaced_at_once_a_flapping_one_slower),
	};

	return UNIT_RUN("attempts", tests);
}
