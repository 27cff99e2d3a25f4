/* test_plan_text.c - each kind of step, in words. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/tunnel/plan_text.h"
#include "tests/unit/unit.h"
#include <stdlib.h>

static struct gw6c_plan plan;

static struct gw6c_addr addr(const char *text)
{
	struct gw6c_addr out = { 0 };
	char room[GW6C_ADDR_TEXT];
	const char *slash = text ? strchr(text, '/') : NULL;

	if (!text)
		return out;
	snprintf(room, sizeof(room), "%.*s",
		 (int)(slash ? (size_t)(slash - text) : strlen(text)), text);
	CU_ASSERT_TRUE(gw6c_addr_parse(room, &out));
	if (slash)
		out.bits = (uint8_t)atoi(slash + 1);
	return out;
}

static void steps_are_told(void)
{
	static const struct {
		uint16_t verb, kind;
		const char *dev, *dst, *local, *remote;
		uint32_t value;
		const char *want;
	} cases[] = {
		{ .verb = GW6C_LINK,
		  .kind = GW6C_TUN,
		  .want = "create tun the tunnel" },
		{ .verb = GW6C_LINK,
		  .kind = GW6C_TUN,
		  .dev = "x",
		  .want = "create tun x" },
		{ .verb = GW6C_LINK,
		  .kind = GW6C_SIT,
		  .dev = "sit9",
		  .local = "192.0.2.1",
		  .remote = "192.0.2.2",
		  .value = 64,
		  .want = "create sit sit9 local 192.0.2.1 remote 192.0.2.2 "
			  "ttl 64" },
		{ .verb = GW6C_LINK,
		  .kind = GW6C_IP6TNL,
		  .local = "2001:db8::1",
		  .remote = "2001:db8::2",
		  .value = 255,
		  .want = "create ip6tnl the tunnel local 2001:db8::1 remote "
			  "2001:db8::2 ttl 255" },
		{ .verb = GW6C_LINK,
		  .kind = GW6C_RAW_SINK,
		  .local = "192.0.2.1",
		  .want = "absorb raw packets to 192.0.2.1" },
		{ .verb = GW6C_LINK,
		  .kind = 99,
		  .local = "192.0.2.1",
		  .remote = "192.0.2.2",
		  .want = "create ? the tunnel local 192.0.2.1 remote "
			  "192.0.2.2 ttl 0" },
		{ .verb = GW6C_MTU,
		  .value = 1280,
		  .want = "mtu 1280 dev the tunnel" },
		{ .verb = GW6C_UP, .want = "up dev the tunnel" },
		{ .verb = GW6C_ADDR,
		  .dev = "lan0",
		  .dst = "2001:db8::1/64",
		  .want = "address 2001:db8::1/64 dev lan0" },
		{ .verb = GW6C_ADDR,
		  .dst = "2001:db8::1",
		  .remote = "2001:db8::2",
		  .want = "address 2001:db8::1 peer 2001:db8::2 dev the "
			  "tunnel" },
		{ .verb = GW6C_ROUTE,
		  .dst = "2001:db8::/32",
		  .value = 2048,
		  .want = "route 2001:db8::/32 dev the tunnel metric 2048" },
		{ .verb = GW6C_ROUTE,
		  .dev = "lan0",
		  .dst = "192.0.2.0/24",
		  .remote = "192.0.2.9",
		  .value = 1,
		  .want = "route 192.0.2.0/24 via 192.0.2.9 dev lan0 metric "
			  "1" },
		{ .verb = GW6C_REJECT,
		  .dst = "2001:db8::/48",
		  .value = 4096,
		  .want = "route 2001:db8::/48 unreachable metric 4096" },
		{ .verb = GW6C_FORWARD, .dst = "::", .want = "forward IPv6" },
		{ .verb = GW6C_FORWARD,
		  .dst = "0.0.0.0",
		  .want = "forward IPv4" },
		{ .verb = GW6C_KEEP,
		  .dev = "lan0",
		  .want = "keep the settings of lan0" },
		{ .verb = GW6C_PIN,
		  .dst = "192.0.2.1",
		  .want = "pin the current route to 192.0.2.1" },
		{ .verb = 99, .want = "step of kind 99" },
	};
	char text[256];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gw6c_step step = { .verb = cases[i].verb,
					  .kind = cases[i].kind,
					  .value = cases[i].value };

		snprintf(step.dev, sizeof(step.dev), "%s",
			 cases[i].dev ? cases[i].dev : "");
		step.dst = addr(cases[i].dst);
		step.local = addr(cases[i].local);
		step.remote = addr(cases[i].remote);
		plan_step_text(&plan, &step, text, sizeof(text));
		CU_ASSERT_STRING_EQUAL(text, cases[i].want);
	}
}

/* As soon as it has a name, the tunnel's is told. */
static void the_name_of_the_tunnel_is_told(void)
{
	struct gw6c_step step = { .verb = GW6C_UP };
	char text[256];

	snprintf(plan.dev, sizeof(plan.dev), "t");
	plan_step_text(&plan, &step, text, sizeof(text));
	CU_ASSERT_STRING_EQUAL(text, "up dev t");
	snprintf(step.dev, sizeof(step.dev), "x");
	plan_step_text(&plan, &step, text, sizeof(text));
	CU_ASSERT_STRING_EQUAL(text, "up dev x");
	plan.dev[0] = 0;
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(steps_are_told),
		UNIT_TEST(the_name_of_the_tunnel_is_told),
	};

	return UNIT_RUN("plan_text", tests);
}
