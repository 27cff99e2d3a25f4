/* test_random.c - which source random octets and numbers come from. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/random.h"
#include "core/modules/host.h"
#include "tests/unit/unit.h"
#include <gnutls/crypto.h>
#include <string.h>

static gnutls_rnd_level_t level;
static size_t length;

int gnutls_rnd(gnutls_rnd_level_t from, void *at, size_t len)
{
	level = from;
	length = len;
	memset(at, 0xa5, len);
	return 0;
}

static void secrets_come_from_the_source_for_keys(void)
{
	uint8_t room[24] = { 0 };

	random_octets(room, 23);
	CU_ASSERT_EQUAL(level, GNUTLS_RND_NONCE);
	CU_ASSERT_EQUAL(length, 23);
	random_secret(room, 23);
	CU_ASSERT_EQUAL(level, GNUTLS_RND_KEY);
	CU_ASSERT_EQUAL(length, 23);
	CU_ASSERT_EQUAL(room[22], 0xa5);
	CU_ASSERT_EQUAL(room[23], 0);
}

/* Diffie-Hellman secrets and nonces of signatures among them. */
static void what_plugins_draw_may_be_a_secret(void)
{
	static const struct gw6c_plugin plugin = {
		GW6C_HEAD(GW6C_AUTH, "any", "any"),
	};
	struct gw6c_host *host = host_new(&plugin, NULL, NULL, NULL);
	uint8_t room[48];

	CU_ASSERT_PTR_NOT_NULL_FATAL(host);
	level = GNUTLS_RND_NONCE;
	host->random(host, room, sizeof(room));
	CU_ASSERT_EQUAL(level, GNUTLS_RND_KEY);
	CU_ASSERT_EQUAL(length, sizeof(room));
	host_end(host);
}

static void numbers_stay_below_their_limit(void)
{
	for (uint32_t limit = 1; limit < 100; limit++)
		CU_ASSERT_TRUE(random_below(limit) < limit);
	CU_ASSERT_EQUAL(random_below(1000), 0xa5a5a5a5a5a5a5a5 % 1000);
	CU_ASSERT_TRUE(random_unit() >= 0 && random_unit() < 1);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(secrets_come_from_the_source_for_keys),
		UNIT_TEST(what_plugins_draw_may_be_a_secret),
		UNIT_TEST(numbers_stay_below_their_limit),
	};

	return UNIT_RUN("random", tests);
}
