/* test_sizes.c - no public struct changes under the feet of a plugin. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/unit.h"
#include <gw6c/plugin.h>
#include <stdio.h>

/* Where a member begins, and how large a struct is, in octets, with pointers
 * and long of 64 bits. A number that is wrong here is a broken plugin at
 * somebody's. Only what was added at the end of a table, with its line in
 * doc/ABI-CHANGES, may bring new ones. */
#define AT(type, member, want)                                                 \
	{                                                                      \
#type "." #member, offsetof(struct type, member), want         \
	}
#define SIZE(type, want)                                                       \
	{                                                                      \
#type, sizeof(struct type), want                               \
	}

static const struct {
	const char *what;
	size_t is, want;
} numbers[] = { SIZE(gw6c_err, 504),
		AT(gw6c_err, rc, 0),
		AT(gw6c_err, text, 4),
		SIZE(gw6c_bytes, 16),
		AT(gw6c_bytes, at, 0),
		AT(gw6c_bytes, len, 8),
		SIZE(gw6c_buf, 32),
		AT(gw6c_buf, at, 0),
		AT(gw6c_buf, len, 8),
		AT(gw6c_buf, cap, 16),
		AT(gw6c_buf, overflow, 24),
		SIZE(gw6c_addr, 20),
		AT(gw6c_addr, family, 0),
		AT(gw6c_addr, bits, 1),
		AT(gw6c_addr, spare, 2),
		AT(gw6c_addr, octets, 4),
		SIZE(gw6c_lease, 1256),
		AT(gw6c_lease, size, 0),
		AT(gw6c_lease, version, 4),
		AT(gw6c_lease, mode, 8),
		AT(gw6c_lease, asked, 24),
		AT(gw6c_lease, broker, 40),
		AT(gw6c_lease, local, 296),
		AT(gw6c_lease, seen, 316),
		AT(gw6c_lease, remote, 336),
		AT(gw6c_lease, local_port, 356),
		AT(gw6c_lease, remote_port, 358),
		AT(gw6c_lease, inner, 360),
		AT(gw6c_lease, peer, 380),
		AT(gw6c_lease, prefix, 400),
		AT(gw6c_lease, resolver, 420),
		AT(gw6c_lease, name, 480),
		AT(gw6c_lease, lifetime_s, 736),
		AT(gw6c_lease, keepalive_s, 740),
		AT(gw6c_lease, keepalive, 744),
		AT(gw6c_lease, dev, 764),
		AT(gw6c_lease, lan, 796),
		AT(gw6c_lease, mtu, 828),
		AT(gw6c_lease, metric, 832),
		AT(gw6c_lease, default_route, 836),
		AT(gw6c_lease, router, 837),
		AT(gw6c_lease, proxy, 838),
		AT(gw6c_lease, lans, 840),
		SIZE(gw6c_lan, 52),
		SIZE(gw6c_run, 48),
		SIZE(gw6c_step, 192),
		AT(gw6c_step, verb, 0),
		AT(gw6c_step, kind, 2),
		AT(gw6c_step, value, 4),
		AT(gw6c_step, dev, 8),
		AT(gw6c_step, dst, 40),
		AT(gw6c_step, local, 60),
		AT(gw6c_step, remote, 80),
		AT(gw6c_step, saved, 100),
		AT(gw6c_step, spare, 164),
		SIZE(gw6c_plan, 7728),
		AT(gw6c_plan, size, 0),
		AT(gw6c_plan, n, 4),
		AT(gw6c_plan, dev, 8),
		AT(gw6c_plan, fd, 40),
		AT(gw6c_plan, spare, 44),
		AT(gw6c_plan, step, 48),
		SIZE(gw6c_host, 152),
		AT(gw6c_host, size, 0),
		AT(gw6c_host, spare, 4),
		AT(gw6c_host, priv, 8),
		AT(gw6c_host, log, 16),
		AT(gw6c_host, str, 24),
		AT(gw6c_host, num, 32),
		AT(gw6c_host, yes, 40),
		AT(gw6c_host, random, 48),
		AT(gw6c_host, now_ms, 56),
		AT(gw6c_host, on_fd, 64),
		AT(gw6c_host, on_timer, 72),
		AT(gw6c_host, forget, 80),
		AT(gw6c_host, network_changed, 88),
		AT(gw6c_host, control, 96),
		AT(gw6c_host, broken, 104),
		AT(gw6c_host, run_wait, 136),
		AT(gw6c_host, damaged, 144),
		SIZE(gw6c_login, 72),
		AT(gw6c_login, size, 0),
		AT(gw6c_login, version, 4),
		AT(gw6c_login, user, 8),
		AT(gw6c_login, password, 16),
		AT(gw6c_login, broker, 24),
		AT(gw6c_login, realm, 32),
		AT(gw6c_login, secret, 40),
		AT(gw6c_login, ctx, 48),
		AT(gw6c_login, trust, 56),
		AT(gw6c_login, server_key, 64),
		SIZE(gw6c_auth_ops, 64),
		AT(gw6c_auth_ops, size, 0),
		AT(gw6c_auth_ops, flags, 4),
		AT(gw6c_auth_ops, strength, 8),
		AT(gw6c_auth_ops, mechanism, 16),
		AT(gw6c_auth_ops, open, 24),
		AT(gw6c_auth_ops, close, 32),
		AT(gw6c_auth_ops, step, 40),
		AT(gw6c_auth_ops, serve, 48),
		AT(gw6c_auth_ops, who, 56),
		SIZE(gw6c_opt, 48),
		AT(gw6c_opt, key, 0),
		AT(gw6c_opt, type, 8),
		AT(gw6c_opt, fallback, 16),
		AT(gw6c_opt, summary, 24),
		AT(gw6c_opt, min, 32),
		AT(gw6c_opt, max, 40),
		SIZE(gw6c_counters, 56),
		AT(gw6c_counters, size, 0),
		AT(gw6c_counters, spare, 4),
		AT(gw6c_counters, in_packets, 8),
		AT(gw6c_counters, in_octets, 16),
		AT(gw6c_counters, out_packets, 24),
		AT(gw6c_counters, out_octets, 32),
		AT(gw6c_counters, in_dropped, 40),
		AT(gw6c_counters, out_dropped, 48),
		SIZE(gw6c_tunnel_ops, 48),
		AT(gw6c_tunnel_ops, size, 0),
		AT(gw6c_tunnel_ops, flags, 4),
		AT(gw6c_tunnel_ops, grants, 8),
		AT(gw6c_tunnel_ops, plan, 16),
		AT(gw6c_tunnel_ops, open, 24),
		AT(gw6c_tunnel_ops, close, 32),
		AT(gw6c_tunnel_ops, count, 40),
		SIZE(gw6c_os_ops, 64),
		AT(gw6c_os_ops, size, 0),
		AT(gw6c_os_ops, flags, 4),
		AT(gw6c_os_ops, open, 8),
		AT(gw6c_os_ops, close, 16),
		AT(gw6c_os_ops, check, 24),
		AT(gw6c_os_ops, step, 32),
		AT(gw6c_os_ops, bind, 40),
		AT(gw6c_os_ops, lease, 48),
		AT(gw6c_os_ops, show, 56),
		SIZE(gw6c_feature_ops, 32),
		AT(gw6c_feature_ops, size, 0),
		AT(gw6c_feature_ops, flags, 4),
		AT(gw6c_feature_ops, open, 8),
		AT(gw6c_feature_ops, close, 16),
		AT(gw6c_feature_ops, tell, 24),
		SIZE(gw6c_plugin, 64),
		AT(gw6c_plugin, abi, 0),
		AT(gw6c_plugin, size, 4),
		AT(gw6c_plugin, kind, 8),
		AT(gw6c_plugin, name, 16),
		AT(gw6c_plugin, summary, 24),
		AT(gw6c_plugin, version, 32),
		AT(gw6c_plugin, opts, 40),
		AT(gw6c_plugin, needs, 48),
		AT(gw6c_plugin, auth, 56),
		AT(gw6c_plugin, tunnel, 56),
		AT(gw6c_plugin, os, 56),
		AT(gw6c_plugin, feature, 56),
		AT(gw6c_plugin, ops_size, 56) };

static void all_are_where_they_were(void)
{
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (numbers[i].is != numbers[i].want)
			printf("\n    %s is at, or has, %zu, was %zu",
			       numbers[i].what, numbers[i].is, numbers[i].want);
		CU_ASSERT_EQUAL(numbers[i].is, numbers[i].want);
	}
}

static void numbers_that_plugins_carry_are_the_same(void)
{
	static const int is[] = {
		GW6C_ABI,
		GW6C_AUTH,
		GW6C_TUNNEL,
		GW6C_OS,
		GW6C_FEATURE,
		GW6C_STR,
		GW6C_SECRET,
		GW6C_NUM,
		GW6C_YES,
		GW6C_TUNNEL_UP,
		GW6C_TUNNEL_DOWN,
		GW6C_OK,
		GW6C_MORE,
		GW6C_ECONFIG,
		GW6C_EAUTH,
		GW6C_EPEER,
		GW6C_ENET,
		GW6C_EOS,
		GW6C_EBUG,
		GW6C_ERROR,
		GW6C_TRACE,
		GW6C_READ,
		GW6C_WRITE,
		GW6C_LINK,
		GW6C_PIN,
		GW6C_TUN,
		GW6C_IP6TNL,
		GW6C_AUTH_EMPTY,
		GW6C_AUTH_PASSWORD,
		GW6C_TUNNEL_OUTER6,
		GW6C_TUNNEL_NO_PROXY,
		GW6C_OS_DRY,
		GW6C_OS_ONCE,
		GW6C_OS_PROXY,
	};
	static const int want[] = { 1, 1,  2,  3,  4,  1,  2,  3, 4, 1, 3, 0,
				    1, -1, -2, -3, -4, -5, -6, 1, 6, 1, 2, 1,
				    8, 1,  3,  1,  64, 1,  4,  1, 2, 4 };

	CU_ASSERT_EQUAL_FATAL(sizeof(is), sizeof(want));
	for (size_t i = 0; i < sizeof(is) / sizeof(is[0]); i++)
		CU_ASSERT_EQUAL(is[i], want[i]);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(all_are_where_they_were),
		UNIT_TEST(numbers_that_plugins_carry_are_the_same),
	};

	if (sizeof(void *) != 8 || sizeof(long) != 8) {
		puts("skipped: the numbers are those of 64-bit systems");
		return 77;
	}
	return UNIT_RUN("sizes", tests);
}
