/* test_broker_pool.c - who gets which address, now and after a restart. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "broker/data/pool.h"
#include "core/base/prefix.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct gw6c_addr none;

static struct gw6c_addr addr(const char *text)
{
	struct gw6c_addr out = { 0 };

	CU_ASSERT_TRUE_FATAL(gw6c_addr_parse(text, &out));
	return out;
}

static struct pool *pool(int bits, long limit, const char *path)
{
	struct gw6c_addr prefix = addr("2001:db8:7::");
	struct pool *out;

	prefix.bits = (uint8_t)bits;
	out = pool_new(&prefix, limit, path);
	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	return out;
}

/* The address a holder is given, as text; "full" if it gets none. */
static const char *take(struct pool *pool, const char *key)
{
	static char room[GW6C_ADDR_TEXT];
	struct gw6c_addr got;

	if (!pool_acquire(pool, key, &none, &got))
		return "full";
	return gw6c_addr_text(&got, room);
}

static void leave(struct pool *pool, const char *text)
{
	struct gw6c_addr left = addr(text);

	pool_release(pool, &left);
}

static const char *take_wish(struct pool *pool, const char *key,
			     const char *wish)
{
	static char room[GW6C_ADDR_TEXT];
	struct gw6c_addr wanted = addr(wish), got;

	if (!pool_acquire(pool, key, &wanted, &got))
		return "full";
	return gw6c_addr_text(&got, room);
}

static void only_a_holders_own_use_is_in_its_way(void)
{
	struct pool *seven = pool(112, 10, NULL);
	struct gw6c_addr wish = addr("2001:db8:7::50"), at;
	struct gw6c_addr outside = addr("2001:db8:9::50");

	CU_ASSERT_FALSE(pool_would_move(NULL, "bob", &wish));
	CU_ASSERT_FALSE(pool_would_move(seven, "bob", &wish));
	at = addr(take(seven, "bob"));
	CU_ASSERT_TRUE(pool_would_move(seven, "bob", &wish));
	CU_ASSERT_FALSE(pool_would_move(seven, "bob", &at));
	CU_ASSERT_FALSE(pool_would_move(seven, "bob", &none));
	CU_ASSERT_FALSE(pool_would_move(seven, "bob", &outside));
	take(seven, "bob");
	CU_ASSERT_FALSE(pool_would_move(seven, "bob", &wish));
	pool_release(seven, &at);
	CU_ASSERT_STRING_EQUAL(take_wish(seven, "ann", "2001:db8:7::50"),
			       "2001:db8:7::50");
	CU_ASSERT_FALSE(pool_would_move(seven, "bob", &wish));
	pool_release(seven, &wish);
	CU_ASSERT_TRUE(pool_would_move(seven, "bob", &wish));
	pool_release(seven, &at);
	CU_ASSERT_FALSE(pool_would_move(seven, "bob", &wish));
	pool_free(seven);
}

static void the_first_address_is_the_brokers_own(void)
{
	struct pool *p = pool(64, 10, NULL);
	struct gw6c_addr own, first = addr("2001:db8:7::1");

	pool_server(p, &own);
	CU_ASSERT_EQUAL(memcmp(&own, &first, sizeof(own)), 0);
	CU_ASSERT_STRING_EQUAL(take(p, "ann"), "2001:db8:7::2");
	CU_ASSERT_STRING_EQUAL(take_wish(p, "bob", "2001:db8:7::1"),
			       "2001:db8:7::3");
	pool_free(p);
}

static void a_holder_gets_the_same_address_again(void)
{
	struct pool *p = pool(64, 10, NULL);

	CU_ASSERT_STRING_EQUAL(take(p, "ann"), "2001:db8:7::2");
	leave(p, "2001:db8:7::2");
	CU_ASSERT_STRING_EQUAL(take(p, "bob"), "2001:db8:7::3");
	CU_ASSERT_STRING_EQUAL(take(p, "ann"), "2001:db8:7::2");
	CU_ASSERT_STRING_EQUAL(take(p, "ann"), "2001:db8:7::2");
	pool_free(p);
}

static void no_more_than_the_limit_are_in_use(void)
{
	struct pool *p = pool(64, 2, NULL);

	take(p, "ann");
	take(p, "bob");
	CU_ASSERT_STRING_EQUAL(take(p, "cid"), "full");
	CU_ASSERT_STRING_EQUAL(take(p, "bob"), "2001:db8:7::3");
	leave(p, "2001:db8:7::3");
	CU_ASSERT_STRING_EQUAL(take(p, "cid"), "full");
	leave(p, "2001:db8:7::3");
	CU_ASSERT_STRING_EQUAL(take(p, "cid"), "2001:db8:7::4");
	pool_free(p);
}

static void a_stray_leave_frees_nothing_of_others(void)
{
	struct pool *p = pool(64, 1, NULL);

	take(p, "ann");
	leave(p, "2001:db8:7::99");
	CU_ASSERT_STRING_EQUAL(take(p, "bob"), "full");
	leave(p, "2001:db8:7::2");
	leave(p, "2001:db8:7::2");
	leave(p, "2001:db8:7::2");
	CU_ASSERT_STRING_EQUAL(take(p, "bob"), "2001:db8:7::3");
	CU_ASSERT_STRING_EQUAL(take(p, "cid"), "full");
	pool_free(p);
}

/* Four are remembered for each that may be in use. */
static void the_one_away_for_longest_is_forgotten(void)
{
	struct pool *p = pool(64, 1, NULL);
	const char *keys[] = { "a", "b", "c", "d" };

	for (int i = 0; i < 4; i++) {
		char got[GW6C_ADDR_TEXT];

		snprintf(got, sizeof(got), "%s", take(p, keys[i]));
		leave(p, got);
	}
	CU_ASSERT_STRING_EQUAL(take(p, "a"), "2001:db8:7::2");
	leave(p, "2001:db8:7::2");
	CU_ASSERT_STRING_EQUAL(take(p, "e"), "2001:db8:7::6");
	leave(p, "2001:db8:7::6");
	CU_ASSERT_STRING_EQUAL(take(p, "c"), "2001:db8:7::4");
	leave(p, "2001:db8:7::4");
	CU_ASSERT_STRING_EQUAL(take(p, "a"), "2001:db8:7::2");
	leave(p, "2001:db8:7::2");
	CU_ASSERT_STRING_EQUAL(take(p, "b"), "2001:db8:7::7");
	pool_free(p);
}

/* 65536 addresses: the search for a free one must end, whatever the limit. */
static void a_small_prefix_is_never_searched_for_ever(void)
{
	struct pool *p = pool(112, 60000, NULL);
	long given = 0;
	char key[32];

	do
		snprintf(key, sizeof(key), "k%ld", given++);
	while (given < 70000 && given < 2000 &&
	       strcmp(take(p, key), "full") != 0);
	CU_ASSERT_EQUAL(given, 2000);
	pool_free(p);
	p = pool(112, 1, NULL);
	for (given = 0; given < 100000; given++) {
		char got[GW6C_ADDR_TEXT];

		snprintf(key, sizeof(key), "k%ld", given);
		snprintf(got, sizeof(got), "%s", take(p, key));
		leave(p, got);
	}
	CU_ASSERT_STRING_NOT_EQUAL(take(p, "last"), "full");
	pool_free(p);
}

static void a_configured_address_is_taken_from_who_is_away(void)
{
	struct pool *p = pool(64, 10, NULL);

	take(p, "guest");
	leave(p, "2001:db8:7::2");
	CU_ASSERT_STRING_EQUAL(take_wish(p, "ann", "2001:db8:7::2"),
			       "2001:db8:7::2");
	CU_ASSERT_STRING_NOT_EQUAL(take(p, "guest"), "2001:db8:7::2");
	pool_free(p);
}

static void no_tunnel_that_is_up_loses_its_address(void)
{
	struct pool *p = pool(64, 10, NULL);

	take(p, "guest");
	CU_ASSERT_STRING_EQUAL(take_wish(p, "ann", "2001:db8:7::2"),
			       "2001:db8:7::3");
	CU_ASSERT_STRING_EQUAL(take_wish(p, "ann", "2001:db8:7::9"),
			       "2001:db8:7::3");
	leave(p, "2001:db8:7::3");
	leave(p, "2001:db8:7::3");
	CU_ASSERT_STRING_EQUAL(take_wish(p, "ann", "2001:db8:7::9"),
			       "2001:db8:7::9");
	pool_free(p);
}

static void a_wish_outside_the_prefix_is_not_heard(void)
{
	struct pool *p = pool(64, 10, NULL);

	CU_ASSERT_STRING_EQUAL(take_wish(p, "ann", "2001:db8:8::5"),
			       "2001:db8:7::2");
	pool_free(p);
}

/* 192.0.2.8/29: .8 is the network, .9 the broker, .15 the broadcast. */
static void an_ipv4_pool_gives_each_host_once(void)
{
	struct gw6c_addr prefix = addr("192.0.2.8"), own;
	char seen[256] = "", key[8], room[GW6C_ADDR_TEXT];
	struct pool *p;

	prefix.bits = 29;
	p = pool_new(&prefix, 10, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	pool_server(p, &own);
	CU_ASSERT_STRING_EQUAL(gw6c_addr_text(&own, room), "192.0.2.9");
	CU_ASSERT_EQUAL(own.bits, 32);
	for (int i = 0; i < 6; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		strcat(seen, take(p, key));
		strcat(seen, " ");
	}
	CU_ASSERT_STRING_EQUAL(seen, "192.0.2.10 192.0.2.11 192.0.2.12 "
				     "192.0.2.13 192.0.2.14 full ");
	leave(p, "192.0.2.12");
	CU_ASSERT_STRING_EQUAL(take(p, "new"), "192.0.2.12");
	pool_free(p);
}

static void network_and_broadcast_are_no_hosts(void)
{
	static const char *const none_of[] = { "192.0.2.8", "192.0.2.9",
					       "192.0.2.15", "192.0.2.16" };
	struct gw6c_addr prefix = addr("192.0.2.8");
	struct pool *p;

	prefix.bits = 29;
	for (int i = 0; i < 4; i++) {
		p = pool_new(&prefix, 10, NULL);
		CU_ASSERT_STRING_EQUAL(take_wish(p, "ann", none_of[i]),
				       "192.0.2.10");
		pool_free(p);
	}
}

/* --- prefixes ---------------------------------------------------------- */

static struct pool *prefixes(const char *text, long limit, const char *path)
{
	struct gw6c_addr prefix;
	struct pool *out;

	CU_ASSERT_TRUE_FATAL(prefix_parse(text, &prefix));
	out = pool_new_prefixes(&prefix, limit, path);
	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	return out;
}

static const char *take_prefix(struct pool *p, const char *key, int bits,
			       const char *wish)
{
	static char room[GW6C_ADDR_TEXT];
	struct gw6c_addr wanted = { 0 }, got;

	if (wish)
		CU_ASSERT_TRUE_FATAL(prefix_parse(wish, &wanted));
	if (!pool_acquire_prefix(p, key, (uint8_t)bits, &wanted, &got))
		return "full";
	return gw6c_addr_text(&got, room);
}

static void leave_prefix(struct pool *p, const char *text)
{
	struct gw6c_addr left;

	CU_ASSERT_TRUE_FATAL(prefix_parse(text, &left));
	pool_release(p, &left);
}

static void prefixes_of_all_lengths_never_overlap(void)
{
	struct pool *p = prefixes("2001:db8:8000::/44", 1000, NULL);
	struct gw6c_addr got[100];
	int n = 0;

	for (int i = 0; i < 100; i++) {
		char key[16];

		snprintf(key, sizeof(key), "k%d", i);
		if (pool_acquire_prefix(p, key, (uint8_t)(48 + i % 17), &none,
					&got[n]))
			n++;
	}
	CU_ASSERT(n > 60);
	for (int i = 0; i < n; i++)
		for (int k = 0; k < i; k++)
			CU_ASSERT_FALSE(gw6c_addr_in(&got[i], &got[k]) ||
					gw6c_addr_in(&got[k], &got[i]));
	pool_free(p);
}

static void a_holder_keeps_its_prefix(void)
{
	struct pool *p = prefixes("2001:db8:8000::/40", 10, NULL);

	CU_ASSERT_STRING_EQUAL(take_prefix(p, "ann", 48, NULL),
			       "2001:db8:8000::/48");
	CU_ASSERT_STRING_EQUAL(take_prefix(p, "bob", 48, NULL),
			       "2001:db8:8001::/48");
	leave_prefix(p, "2001:db8:8000::/48");
	CU_ASSERT_STRING_EQUAL(take_prefix(p, "ann", 48, NULL),
			       "2001:db8:8000::/48");
	/* while a tunnel is up, also one of another length */
	CU_ASSERT_STRING_EQUAL(take_prefix(p, "ann", 56, NULL),
			       "2001:db8:8000::/48");
	leave_prefix(p, "2001:db8:8000::/48");
	leave_prefix(p, "2001:db8:8000::/48");
	CU_ASSERT_STRING_NOT_EQUAL(take_prefix(p, "ann", 56, NULL),
				   "2001:db8:8000::/48");
	pool_free(p);
}

static void a_used_up_prefix_is_told_until_one_is_left(void)
{
	struct pool *p = prefixes("2001:db8:8000::/47", 10, NULL);

	take_prefix(p, "a", 48, NULL);
	CU_ASSERT_STRING_EQUAL(take_prefix(p, "b", 48, NULL),
			       "2001:db8:8001::/48");
	CU_ASSERT_STRING_EQUAL(take_prefix(p, "c", 64, NULL), "full");
	leave_prefix(p, "2001:db8:8001::/48");
	CU_ASSERT_STRING_EQUAL(take_prefix(p, "c", 64, NULL),
			       "2001:db8:8001::/64");
	pool_free(p);
}

static void a_configured_prefix_puts_off_who_is_away(void)
{
	struct pool *p = prefixes("2001:db8:8000::/40", 10, NULL);

	take_prefix(p, "a", 64, NULL);
	take_prefix(p, "b", 64, NULL);
	leave_prefix(p, "2001:db8:8000::/64");
	CU_ASSERT_STRING_NOT_EQUAL(take_prefix(p, "ann", 48,
					       "2001:db8:8000::/48"),
				   "2001:db8:8000::/48"); /* b is up */
	leave_prefix(p, "2001:db8:8000:1::/64");
	CU_ASSERT_STRING_EQUAL(take_prefix(p, "cat", 48, "2001:db8:8000::/48"),
			       "2001:db8:8000::/48");
	CU_ASSERT_STRING_NOT_EQUAL(take_prefix(p, "a", 64, NULL),
				   "2001:db8:8000::/64");
	pool_free(p);
}

/* Half of it is in use, here and there: a block of that size cannot be given,
 * and nobody is forgotten in vain. */
static void a_request_that_cannot_be_met_changes_nothing(void)
{
	static const int wanted[] = { 47, 49, 52 };
	struct pool *p = prefixes("2001:db8:8000::/48", 1000, NULL);
	char key[16], had[256][GW6C_ADDR_TEXT];

	for (int i = 0; i < 256; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		snprintf(had[i], GW6C_ADDR_TEXT, "%s",
			 take_prefix(p, key, 56, NULL));
	}
	for (int i = 0; i < 256; i += 2)
		leave_prefix(p, had[i]);
	for (int i = 0; i < 3; i++)
		CU_ASSERT_STRING_EQUAL(take_prefix(p, "big", wanted[i], NULL),
				       "full");
	/* Nor does one who asks for more lose what it had. */
	CU_ASSERT_STRING_EQUAL(take_prefix(p, "k0", 49, NULL), "full");
	for (int i = 0; i < 256; i += 2) {
		snprintf(key, sizeof(key), "k%d", i);
		CU_ASSERT_STRING_EQUAL(take_prefix(p, key, 56, NULL), had[i]);
	}
	pool_free(p);
}

/* Of 65536 hosts, each once. */
static void a_large_pool_is_used_to_its_end(void)
{
	struct pool *p = pool(112, 100000, NULL);
	long given = 0;
	char key[32];

	do
		snprintf(key, sizeof(key), "k%ld", given++);
	while (strcmp(take(p, key), "full") != 0);
	CU_ASSERT_EQUAL(given - 1, 65534);
	pool_free(p);
}

/* A /44 has 16 of them; what is smaller shares one. */
static void small_prefixes_leave_large_ones_whole(void)
{
	struct pool *p = prefixes("2001:db8:8000::/44", 10000, NULL);
	char key[16];

	for (int i = 0; i < 512; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		CU_ASSERT_STRING_NOT_EQUAL(take_prefix(p, key, i % 2 ? 60 : 64,
						       NULL),
					   "full");
	}
	for (int i = 0; i < 15; i++) {
		snprintf(key, sizeof(key), "big%d", i);
		CU_ASSERT_STRING_NOT_EQUAL(take_prefix(p, key, 48, NULL),
					   "full");
	}
	CU_ASSERT_STRING_EQUAL(take_prefix(p, "one more", 48, NULL), "full");
	pool_free(p);
}

static void path_of(const char *dir, char *path, size_t len)
{
	snprintf(path, len, "%s/addresses", dir);
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	fclose(file);
}

static void keep(struct pool *p, const char *text)
{
	struct gw6c_addr kept = addr(text);

	pool_keep(p, &kept);
}

/* Whoever has shown nothing leaves nothing behind. */
static void a_guest_is_forgotten_unless_it_is_kept(void)
{
	struct pool *p = pool(112, 10, NULL);
	char had[GW6C_ADDR_TEXT];

	take(p, "\ta");
	leave(p, "2001:db8:7::2");
	CU_ASSERT_STRING_EQUAL(take(p, "\tb"), "2001:db8:7::3");
	keep(p, "2001:db8:7::3");
	leave(p, "2001:db8:7::3");
	take(p, "ann");
	leave(p, "2001:db8:7::4");
	snprintf(had, sizeof(had), "%s", take(p, "\ta"));
	CU_ASSERT_STRING_EQUAL(had, "2001:db8:7::5");
	CU_ASSERT_STRING_EQUAL(take(p, "\tb"), "2001:db8:7::3");
	CU_ASSERT_STRING_EQUAL(take(p, "ann"), "2001:db8:7::4");
	pool_free(p);
}

/* Two of eight for accounts. */
static void guests_leave_room_for_accounts(void)
{
	struct pool *p = pool(112, 8, NULL);

	pool_reserve(p, 250, 1000);
	for (int i = 0; i < 6; i++) {
		char key[] = { POOL_GUEST, (char)('a' + i), 0 };

		CU_ASSERT_STRING_NOT_EQUAL(take(p, key), "full");
	}
	CU_ASSERT_STRING_EQUAL(take(p, "\tz"), "full");
	CU_ASSERT_STRING_NOT_EQUAL(take(p, "\ta"), "full"); /* the same again */
	CU_ASSERT_STRING_NOT_EQUAL(take(p, "ann"), "full");
	CU_ASSERT_STRING_NOT_EQUAL(take(p, "bob"), "full");
	CU_ASSERT_STRING_EQUAL(take(p, "cat"), "full");
	leave(p, "2001:db8:7::3");
	CU_ASSERT_STRING_NOT_EQUAL(take(p, "\tz"), "full");
	pool_free(p);
}

/* Strangers do not make us forget accounts. */
static void guests_are_forgotten_first(void)
{
	struct pool *p = pool(112, 1, NULL); /* remembers four */
	char key[3] = { POOL_GUEST, 'a', 0 };

	CU_ASSERT_STRING_EQUAL(take(p, "ann"), "2001:db8:7::2");
	leave(p, "2001:db8:7::2");
	for (; key[1] < 'm'; key[1]++) {
		char had[GW6C_ADDR_TEXT];

		snprintf(had, sizeof(had), "%s", take(p, key));
		keep(p, had);
		leave(p, had);
	}
	CU_ASSERT_STRING_EQUAL(take(p, "ann"), "2001:db8:7::2");
	pool_free(p);
}

static bool is_secret(const struct pool *p, const char *text)
{
	struct gw6c_addr told = addr(text);

	return pool_is_secret(p, &told);
}

/* In a /96 and larger; what was told before is no secret any more. */
static void a_guest_gets_what_nobody_can_guess(void)
{
	struct pool *p = pool(64, 10, NULL);
	char first[GW6C_ADDR_TEXT], second[GW6C_ADDR_TEXT];

	snprintf(first, sizeof(first), "%s", take(p, "\ta"));
	snprintf(second, sizeof(second), "%s", take(p, "\tb"));
	CU_ASSERT_TRUE(is_secret(p, first));
	CU_ASSERT_TRUE(is_secret(p, second));
	CU_ASSERT_STRING_NOT_EQUAL(first, "2001:db8:7::2");
	CU_ASSERT_STRING_NOT_EQUAL(second, "2001:db8:7::3");
	CU_ASSERT_FALSE(is_secret(p, take(p, "ann")));
	keep(p, first);
	leave(p, first);
	CU_ASSERT_STRING_EQUAL(take(p, "\ta"), first);
	CU_ASSERT_FALSE(is_secret(p, first));
	/* Nor what is told twice, while it is used. */
	CU_ASSERT_STRING_EQUAL(take(p, "\tb"), second);
	CU_ASSERT_FALSE(is_secret(p, second));
	leave(p, second);
	CU_ASSERT_FALSE(is_secret(p, second));
	pool_free(p);
	p = pool(112, 10, NULL);
	CU_ASSERT_FALSE(is_secret(p, take(p, "\ta")));
	pool_free(p);
}

static void a_use_is_known_by_its_holder(void)
{
	struct pool *p = pool(112, 10, NULL);
	struct gw6c_addr block;
	char text[GW6C_ADDR_TEXT];

	CU_ASSERT_EQUAL(pool_uses(p, "ann", &block), 0);
	take(p, "ann");
	CU_ASSERT_EQUAL(pool_uses(p, "ann", &block), 1);
	CU_ASSERT_STRING_EQUAL(gw6c_addr_text(&block, text), "2001:db8:7::2");
	take(p, "ann");
	CU_ASSERT_EQUAL(pool_uses(p, "ann", &block), 2);
	CU_ASSERT_EQUAL(pool_uses(p, "bob", &block), 0);
	leave(p, "2001:db8:7::2");
	CU_ASSERT_EQUAL(pool_uses(p, "ann", &block), 1);
	leave(p, "2001:db8:7::2");
	CU_ASSERT_EQUAL(pool_uses(p, "ann", &block), 0);
	pool_free(p);
}

static void addresses_survive_a_restart(void)
{
	char dir[] = "/tmp/gw6c-pool.XXXXXX", path[64];
	struct gw6c_err err = { 0 };
	struct stat file;
	struct pool *p;
	char had[GW6C_ADDR_TEXT];

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
	path_of(dir, path, sizeof(path));
	p = pool(64, 10, path);
	snprintf(had, sizeof(had), "%s", take(p, "\t203.0.113.2/4000"));
	keep(p, had);
	take(p, "\t203.0.113.3/4000"); /* has shown nothing */
	take(p, "ann of the hills");
	CU_ASSERT_EQUAL(pool_save(p, &err), GW6C_OK);
	pool_free(p);
	CU_ASSERT_EQUAL(stat(path, &file), 0);
	CU_ASSERT_EQUAL(file.st_mode & 0777, 0600);
	p = pool(64, 10, path);
	CU_ASSERT_EQUAL(pool_load(p), 2);
	CU_ASSERT_STRING_EQUAL(take(p, "ann of the hills"), "2001:db8:7::2");
	CU_ASSERT_STRING_EQUAL(take(p, "\t203.0.113.2/4000"), had);
	CU_ASSERT_STRING_EQUAL(take(p, "new"), "2001:db8:7::3");
	pool_free(p);
	unlink(path);
	rmdir(dir);
}

static void lines_that_make_no_sense_are_left_out(void)
{
	char dir[] = "/tmp/gw6c-pool.XXXXXX", path[64], aside[80];
	struct stat file;
	struct pool *p;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
	path_of(dir, path, sizeof(path));
	write_file(path, "2001:db8:7::5 ann\n"
			 "2001:db8:7::5 twin\n" /* same address */
			 "2001:db8:7::6 ann\n" /* same holder */
			 "2001:db8:7::1 thief\n" /* ours */
			 "2001:db8:8::7 stranger\n" /* another prefix */
			 "2001:db8:7::8\n2001:db8:7::8 \n\nnonsense\n"
			 "192.0.2.1 four\n"
			 "2001:db8:7::9 bo"); /* cut, but whole */
	p = pool(64, 10, path);
	CU_ASSERT_EQUAL(pool_load(p), 2);
	CU_ASSERT_STRING_EQUAL(take(p, "ann"), "2001:db8:7::5");
	CU_ASSERT_STRING_EQUAL(take(p, "bo"), "2001:db8:7::9");
	pool_free(p);
	/* For somebody who can read it. */
	snprintf(aside, sizeof(aside), "%s.damaged", path);
	CU_ASSERT_EQUAL(stat(aside, &file), 0);
	CU_ASSERT_EQUAL(unlink(path), 0);
	CU_ASSERT_EQUAL(stat(aside, &file), 0);
	unlink(aside);
	rmdir(dir);
}

static void a_file_that_cannot_be_written_is_told(void)
{
	struct pool *p = pool(64, 10, "/proc/gw6c/none/addresses");
	struct gw6c_err err = { 0 };

	CU_ASSERT_EQUAL(pool_save(p, &err), GW6C_OK); /* nothing to say */
	take(p, "ann");
	CU_ASSERT_EQUAL(pool_save(p, &err), GW6C_EOS);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "/proc/gw6c/none/addresses"));
	pool_free(p);
	CU_ASSERT_EQUAL(pool_save(NULL, &err), GW6C_OK);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(only_a_holders_own_use_is_in_its_way),
		UNIT_TEST(the_first_address_is_the_brokers_own),
		UNIT_TEST(a_holder_gets_the_same_address_again),
		UNIT_TEST(no_more_than_the_limit_are_in_use),
		UNIT_TEST(a_stray_leave_frees_nothing_of_others),
		UNIT_TEST(the_one_away_for_longest_is_forgotten),
		UNIT_TEST(a_small_prefix_is_never_searched_for_ever),
		UNIT_TEST(a_configured_address_is_taken_from_who_is_away),
		UNIT_TEST(no_tunnel_that_is_up_loses_its_address),
		UNIT_TEST(a_wish_outside_the_prefix_is_not_heard),
		UNIT_TEST(an_ipv4_pool_gives_each_host_once),
		UNIT_TEST(network_and_broadcast_are_no_hosts),
		UNIT_TEST(prefixes_of_all_lengths_never_overlap),
		UNIT_TEST(a_holder_keeps_its_prefix),
		UNIT_TEST(a_used_up_prefix_is_told_until_one_is_left),
		UNIT_TEST(a_configured_prefix_puts_off_who_is_away),
		UNIT_TEST(a_request_that_cannot_be_met_changes_nothing),
		UNIT_TEST(a_large_pool_is_used_to_its_end),
		UNIT_TEST(small_prefixes_leave_large_ones_whole),
		UNIT_TEST(a_guest_is_forgotten_unless_it_is_kept),
		UNIT_TEST(guests_leave_room_for_accounts),
		UNIT_TEST(guests_are_forgotten_first),
		UNIT_TEST(a_guest_gets_what_nobody_can_guess),
		UNIT_TEST(a_use_is_known_by_its_holder),
		UNIT_TEST(addresses_survive_a_restart),
		UNIT_TEST(lines_that_make_no_sense_are_left_out),
		UNIT_TEST(a_file_that_cannot_be_written_is_told),
	};

	return UNIT_RUN("broker: pool", tests);
}
