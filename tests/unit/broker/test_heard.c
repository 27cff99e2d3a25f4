/* test_heard.c - what a packet from the far end of a tunnel makes us ask. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "broker/data/probe.h"
#include "broker/program/broker_parts.h"
#include "tests/unit/unit.h"

/* --- doubles ----------------------------------------------------------- */

static uint64_t now_ms;

uint64_t loop_now_ms(const struct loop *loop)
{
	return now_ms;
}

static struct gw6c_addr ours, other; /* two addresses of the broker */
static int asked_at_ours, asked_at_other;

void net_put(struct net *net, const struct endpoint *to,
	     const struct gw6c_plugin *mode, struct gw6c_bytes packet)
{
	asked_at_ours += memcmp(&to->local, &ours, sizeof(ours)) == 0;
	asked_at_other += memcmp(&to->local, &other, sizeof(other)) == 0;
}

int net_raw_socket(const struct net *net, uint8_t family, uint8_t protocol)
{
	return -1;
}

void net_tell_lost(struct net *net, const struct endpoint *to)
{
}

const char *broker_holder(const struct grant *grant)
{
	return "";
}

void broker_save(struct broker *broker)
{
}

void broker_watch_expiry(struct broker *broker)
{
}

void dialogs_prove(struct dialogs *dialogs, const struct gw6c_addr *addr,
		   uint64_t now)
{
}

void device_sink(struct device *device, const struct gw6c_addr *local,
		 uint8_t protocol)
{
}

/* --- a tunnel ---------------------------------------------------------- */

static struct broker broker;
static struct tunnel_entry entry;

static void begin(void)
{
	struct gw6c_addr net;

	memset(&broker, 0, sizeof(broker));
	memset(&entry, 0, sizeof(entry));
	gw6c_addr_parse("192.0.2.6", &ours);
	gw6c_addr_parse("192.0.2.7", &other);
	gw6c_addr_parse("203.0.113.2", &entry.to.addr);
	gw6c_addr_parse("2001:db8:7::a", &entry.grant.inner);
	entry.to.local = ours;
	entry.proven = true;
	memset(entry.secret, 7, sizeof(entry.secret));
	gw6c_addr_parse("2001:db8:7::", &net);
	net.bits = 64;
	broker.env.pool6 = pool_new(&net, 10, NULL);
	now_ms = 1000000;
	asked_at_ours = asked_at_other = 0;
}

static void end(void)
{
	pool_free(broker.env.pool6);
}

static void hear(const struct gw6c_addr *local, bool answer)
{
	struct endpoint from = entry.to;
	uint8_t packet[PROBE_MAX];
	size_t len = probe_packet(&entry.grant.inner, &entry.grant.inner,
				  entry.secret, packet);

	from.local = *local;
	packet[40] = answer ? 129 : 128; /* echo reply, request */
	broker_heard(&broker, &entry, &from,
		     (struct gw6c_bytes){ packet, len });
}

/* Whoever forges packets to another address of ours takes nothing from what
 * the tunnel's own end is asked, and asks nothing of it. */
static void packets_elsewhere_take_nothing_from_the_end(void)
{
	begin();
	for (int i = 0; i < 100; i++) {
		hear(&other, false);
		hear(&other, false); /* too soon */
		CU_ASSERT_EQUAL(asked_at_other, i + 1);
		CU_ASSERT_EQUAL(asked_at_ours, 0);
		now_ms += 200;
	}
	CU_ASSERT_EQUAL(entry.asks, 0);
	/* At the same time as one of them. */
	hear(&other, false);
	hear(&ours, false);
	CU_ASSERT_EQUAL(asked_at_ours, 1);
	CU_ASSERT_EQUAL(entry.asks, 1);
	/* And the other way round. */
	now_ms += 200;
	hear(&ours, false);
	hear(&other, false);
	CU_ASSERT_EQUAL(asked_at_ours, 2);
	CU_ASSERT_EQUAL(asked_at_other, 102);
	now_ms += 199;
	hear(&ours, false);
	hear(&other, false);
	CU_ASSERT_EQUAL(asked_at_ours, 2);
	CU_ASSERT_EQUAL(asked_at_other, 102);
	end();
}

static void an_answer_moves_the_end(void)
{
	begin();
	hear(&other, false);
	CU_ASSERT_EQUAL(memcmp(&entry.to.local, &ours, sizeof(ours)), 0);
	hear(&other, true);
	CU_ASSERT_EQUAL(memcmp(&entry.to.local, &other, sizeof(other)), 0);
	CU_ASSERT_TRUE(entry.answers);
	now_ms += 200;
	hear(&other, false);
	CU_ASSERT_EQUAL(asked_at_other, 1);
	end();
}

static void the_end_is_asked_so_often(void)
{
	begin();
	for (int i = 0; i < 40; i++) {
		hear(&ours, false);
		now_ms += 200;
	}
	CU_ASSERT_EQUAL(asked_at_ours, 20);
	end();
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(packets_elsewhere_take_nothing_from_the_end),
		UNIT_TEST(an_answer_moves_the_end),
		UNIT_TEST(the_end_is_asked_so_often),
	};

	return UNIT_RUN("broker: heard", tests);
}
