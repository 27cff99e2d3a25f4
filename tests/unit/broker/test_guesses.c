/* test_guesses.c - who guesses passwords waits, and nobody else does. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "broker/dialog/guesses.h"
#include "core/base/log.h"
#include "tests/fake/fake_hash.h"
#include "tests/unit/unit.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BEGIN_MS 10000000

static char logged[400];
static int lines;

void log_msg(enum gw6c_level level, const char *tag, const char *fmt, ...)
{
	va_list args;

	CU_ASSERT_EQUAL(level, GW6C_WARN);
	CU_ASSERT_STRING_EQUAL(tag, "login");
	va_start(args, fmt);
	vsnprintf(logged, sizeof(logged), fmt, args);
	va_end(args);
	lines++;
}

static struct guesses *guesses;
static uint64_t now_ms;

static void begin(void)
{
	guesses = guesses_new(NULL);
	now_ms = BEGIN_MS;
	lines = 0;
	logged[0] = 0;
}

static void end(void)
{
	guesses_free(guesses);
}

static struct guess guess(const char *from, bool proven, const char *name)
{
	struct guess made = { .proven = proven,
			      .name = name,
			      .now_ms = now_ms };

	gw6c_addr_parse(from, &made.from);
	return made;
}

static int ask(const char *from, bool proven, const char *name)
{
	struct guess made = guess(from, proven, name);

	return guesses_ask(guesses, &made);
}

static void fail(const char *from, bool proven, const char *name, int times)
{
	struct guess made = guess(from, proven, name);

	for (int i = 0; i < times; i++)
		guesses_failed(guesses, &made);
}

static void pass(const char *from, const char *name)
{
	struct guess made = guess(from, true, name);

	guesses_passed(guesses, &made);
}

#define BAD "203.0.113.66"
#define GOOD "198.51.100.7"

static void a_few_errors_are_free(void)
{
	begin();
	fail(BAD, true, "ann", GUESSES_FREE);
	CU_ASSERT_EQUAL(ask(BAD, true, "ann"), 0);
	CU_ASSERT_EQUAL(lines, 0);
	fail(BAD, true, "ann", 1);
	CU_ASSERT_TRUE(ask(BAD, true, "ann") < 0);
	CU_ASSERT_STRING_EQUAL(logged,
			       "6 failed logins as ann: answers to clients "
			       "that have not logged in before come up to "
			       "1000 ms late");
	CU_ASSERT_EQUAL(lines, 2);
	end();
}

static void a_network_waits_longer_each_time(void)
{
	uint64_t wait_ms = 1000;

	begin();
	fail(BAD, true, "", GUESSES_FREE);
	for (int i = 0; i < 12; i++) {
		fail(BAD, true, "", 1);
		now_ms += wait_ms - 1;
		CU_ASSERT_TRUE(ask(BAD, true, "") < 0);
		CU_ASSERT_TRUE(ask(BAD, true, "another") < 0);
		CU_ASSERT_TRUE(ask(BAD, false, "another") < 0);
		now_ms++;
		CU_ASSERT_EQUAL(ask(BAD, true, ""), 0);
		if (wait_ms < GUESSES_WAIT_MS)
			wait_ms *= 2;
	}
	CU_ASSERT_EQUAL(wait_ms, GUESSES_WAIT_MS);
	CU_ASSERT_STRING_EQUAL(logged,
			       "17 failed logins from " BAD ": it has to wait "
			       "64 s before the next one");
	end();
}

static void asking_too_early_makes_it_no_longer(void)
{
	begin();
	fail(BAD, true, "", GUESSES_FREE + 1);
	for (int i = 0; i < 100; i++)
		CU_ASSERT_TRUE(ask(BAD, true, "") < 0);
	now_ms += 1000;
	CU_ASSERT_EQUAL(ask(BAD, true, ""), 0);
	end();
}

static void others_do_not_wait(void)
{
	begin();
	fail(BAD, true, "bob", 100);
	CU_ASSERT_EQUAL(ask("203.0.113.67", true, "ann"), 0);
	fail("2001:db8:1:2233::1", true, "carl", 100);
	CU_ASSERT_TRUE(ask("2001:db8:1:22ff:9::1", true, "ann") < 0);
	CU_ASSERT_EQUAL(ask("2001:db8:1:2333::1", true, "ann"), 0);
	end();
}

/* Whatever strangers do, the user gets in, and from home at once. */
static void an_account_is_never_locked(void)
{
	char from[30];

	begin();
	pass(GOOD, "ann");
	for (int i = 0; i < 2000; i++) {
		snprintf(from, sizeof(from), "203.0.%d.%d", i / 250, i % 250);
		fail(from, true, "ann", 20);
	}
	CU_ASSERT_EQUAL(ask(GOOD, true, "ann"), 0);
	CU_ASSERT_EQUAL(ask(GOOD, false, "ann"), 0);
	CU_ASSERT_EQUAL(ask("192.0.2.9", true, "ann"), GUESSES_HOLD_MS);
	CU_ASSERT_EQUAL(ask("192.0.2.9", true, "bob"), 0);
	/* Home is for that account only. */
	CU_ASSERT_EQUAL(ask(GOOD, true, "bob"), 0);
	CU_ASSERT_EQUAL(ask("198.51.100.8", true, "ann"), GUESSES_HOLD_MS);
	end();
}

static void answers_come_later_each_time(void)
{
	static const int expected[] = { 125, 250, 500, 1000, 1000 };
	char from[30];

	begin();
	for (int i = 0; i < GUESSES_FREE + 5; i++) {
		snprintf(from, sizeof(from), "203.0.113.%d", i);
		fail(from, true, "ann", 1);
		CU_ASSERT_EQUAL(ask(GOOD, true, "ann"),
				i < GUESSES_FREE ? 0
						 : expected[i - GUESSES_FREE]);
	}
	end();
}

/* A neighbour behind the same NAT. */
static void who_was_there_before_is_told_from_who_guesses(void)
{
	begin();
	pass(BAD, "ann");
	fail(BAD, true, "bob", 100);
	CU_ASSERT_TRUE(ask(BAD, true, "bob") < 0);
	CU_ASSERT_EQUAL(ask(BAD, true, "ann"), 0);
	/* Guesses at ann's password from her own network. */
	fail(BAD, true, "ann", 100);
	CU_ASSERT_EQUAL(ask(BAD, true, "ann"), GUESSES_HOLD_MS);
	CU_ASSERT_EQUAL(ask(GOOD, true, "ann"), 0);
	/* What may be forged is counted apart. */
	CU_ASSERT_EQUAL(ask(BAD, false, "ann"), 0);
	pass(BAD, "ann");
	CU_ASSERT_EQUAL(ask(BAD, true, "ann"), 0);
	CU_ASSERT_TRUE(ask(BAD, true, "bob") < 0);
	end();
}

/* Whoever is behind the same NAT, in 16 connections at once, and for long: the
 * one whose password it is is told within 2 s, and no sooner than they. */
static void parallel_guesses_at_home_keep_nobody_out(void)
{
	static const char *home[] = { BAD, "2001:db8:1:2233::1" };

	for (int k = 0; k < 4; k++) {
		const char *from = home[k / 2];
		bool proven = k % 2;

		begin();
		pass(from, "ann");
		for (int second = 0; second < 60; second++) {
			for (int i = 0; i < 16; i++) {
				int ms = ask(from, proven, "ann");

				CU_ASSERT_TRUE(ms >= 0 && ms <= 1000);
				CU_ASSERT_EQUAL(ms == 1000,
						second * 16 + i > 8);
				fail(from, proven, "ann", 1);
			}
			CU_ASSERT_EQUAL(ask(from, proven, "ann"), 1000);
			now_ms += 1000;
		}
		/* All others of the network pay for it. */
		CU_ASSERT_TRUE(ask(from, proven, "bob") < 0);
		CU_ASSERT_TRUE(ask(from, proven, "") < 0);
		CU_ASSERT_EQUAL(ask(GOOD, true, "ann"), 0);
		end();
	}
}

/* A login that may be forged makes nobody known, and forgets the failures of
 * those who are. */
static void a_forged_login_makes_nobody_known(void)
{
	struct guess made;

	begin();
	made = guess(GOOD, false, "ann");
	fail(GOOD, true, "bob", 100);
	guesses_passed(guesses, &made);
	CU_ASSERT_TRUE(ask(GOOD, true, "ann") < 0);
	made.proven = true;
	guesses_passed(guesses, &made);
	CU_ASSERT_EQUAL(ask(GOOD, true, "ann"), 0);
	fail(GOOD, false, "ann", 100);
	CU_ASSERT_EQUAL(ask(GOOD, false, "ann"), GUESSES_HOLD_MS);
	made.proven = false;
	guesses_passed(guesses, &made);
	CU_ASSERT_EQUAL(ask(GOOD, false, "ann"), 0);
	end();
}

/* Her network has guessed, whoever it was. */
static void guesses_at_home_count_for_the_network(void)
{
	begin();
	pass(BAD, "ann");
	fail(BAD, true, "ann", GUESSES_FREE);
	CU_ASSERT_EQUAL(ask(BAD, true, "bob"), 0);
	fail(BAD, true, "ann", 1);
	CU_ASSERT_TRUE(ask(BAD, true, "bob") < 0);
	/* Elsewhere nobody waits for that. */
	CU_ASSERT_EQUAL(ask(GOOD, true, "ann"), 0);
	end();
}

/* Anybody can send from a forged address: that keeps nobody waiting who is
 * there, nor others for long. */
static void forged_failures_only_matter_to_the_unproven(void)
{
	uint64_t wait_ms = 1000;

	begin();
	fail(GOOD, false, "bob", GUESSES_FREE);
	CU_ASSERT_EQUAL(ask(GOOD, false, "ann"), 0);
	for (int i = 0; i < 10; i++) {
		fail(GOOD, false, "bob", 1);
		CU_ASSERT_EQUAL(ask(GOOD, true, "ann"), 0);
		CU_ASSERT_EQUAL(ask("198.51.100.8", false, "ann"), 0);
		now_ms += wait_ms - 1;
		CU_ASSERT_TRUE(ask(GOOD, false, "ann") < 0);
		now_ms++;
		CU_ASSERT_EQUAL(ask(GOOD, false, "ann"), 0);
		if (wait_ms < GUESSES_UNPROVEN_MS)
			wait_ms *= 2;
	}
	CU_ASSERT_EQUAL(wait_ms, GUESSES_UNPROVEN_MS);
	end();
}

static bool doubt(const char *from)
{
	struct guess made = guess(from, false, "");

	return guesses_doubt(guesses, &made.from, now_ms);
}

static void who_may_be_forged_is_to_prove_itself(void)
{
	begin();
	CU_ASSERT_FALSE(guesses_doubt(NULL, NULL, now_ms));
	fail(GOOD, true, "bob", 100);
	fail(GOOD, false, "bob", GUESSES_FREE);
	CU_ASSERT_FALSE(doubt(GOOD));
	fail(GOOD, false, "bob", 1);
	CU_ASSERT_TRUE(doubt(GOOD));
	CU_ASSERT_FALSE(doubt("198.51.100.8"));
	now_ms += GUESSES_FORGET_MS;
	CU_ASSERT_FALSE(doubt(GOOD));
	end();
}

static void who_was_there_is_known_after_a_restart(void)
{
	char path[] = "/tmp/gw6c-logins.XXXXXX";
	struct gw6c_err err = { 0 };

	close(mkstemp(path));
	guesses = guesses_new(path);
	now_ms = BEGIN_MS;
	pass(GOOD, "ann");
	pass("2001:db8:1:2233::1", "ann with a space");
	CU_ASSERT_EQUAL(guesses_save(guesses, &err), GW6C_OK);
	end();
	guesses = guesses_new(path);
	fail(GOOD, true, "bob", 100);
	fail("2001:db8:1:2233::1", true, "bob", 100);
	CU_ASSERT_EQUAL(ask(GOOD, true, "ann"), 0);
	CU_ASSERT_TRUE(ask(GOOD, true, "ann with a space") < 0);
	CU_ASSERT_EQUAL(ask("2001:db8:1:22ff::1", true, "ann with a space"), 0);
	CU_ASSERT_TRUE(ask("2001:db8:1:22ff::1", true, "ann") < 0);
	/* Nothing new: nothing is written. */
	unlink(path);
	pass(GOOD, "ann");
	CU_ASSERT_EQUAL(guesses_save(guesses, &err), GW6C_OK);
	CU_ASSERT_NOT_EQUAL(access(path, F_OK), 0);
	end();
}

/* What somebody else may have put there is not read. */
static void a_planted_file_is_not_believed(void)
{
	char path[] = "/tmp/gw6c-logins.XXXXXX", link[40];
	FILE *file = fdopen(mkstemp(path), "w");

	fputs(BAD " ann\nno address ann\n" GOOD "\n", file);
	fclose(file);
	snprintf(link, sizeof(link), "%s.link", path);
	CU_ASSERT_EQUAL(symlink(path, link), 0);
	for (int i = 0; i < 2; i++) {
		lines = 0;
		guesses = guesses_new(i ? link : path);
		now_ms = BEGIN_MS;
		CU_ASSERT_EQUAL(lines, i);
		fail(BAD, true, "bob", 100);
		fail(GOOD, true, "bob", 100);
		CU_ASSERT_EQUAL(ask(BAD, true, "ann"), i ? -1 : 0);
		CU_ASSERT_EQUAL(ask(GOOD, true, ""), -1);
		end();
	}
	unlink(link);
	unlink(path);
}

/* However many log in. */
static void the_file_has_an_end(void)
{
	char path[] = "/tmp/gw6c-logins.XXXXXX", from[30];
	struct gw6c_err err = { 0 };
	struct stat file;

	close(mkstemp(path));
	guesses = guesses_new(path);
	for (int i = 0; i < 5000; i++) {
		snprintf(from, sizeof(from), "10.%d.%d.1", i / 250, i % 250);
		pass(from, "ann");
	}
	CU_ASSERT_EQUAL(guesses_save(guesses, &err), GW6C_OK);
	CU_ASSERT_EQUAL(stat(path, &file), 0);
	CU_ASSERT_TRUE(file.st_size > 10000 && file.st_size <= 1024 * 16);
	CU_ASSERT_EQUAL(file.st_mode & 0777, 0600);
	/* The last ones are in it. */
	end();
	guesses = guesses_new(path);
	fail(from, true, "bob", 100);
	CU_ASSERT_EQUAL(ask(from, true, "ann"), 0);
	unlink(path);
	end();
}

/* Nor make room for those that are true. */
static void a_flood_makes_nobody_forgotten(void)
{
	char from[30];

	begin();
	fail(BAD, true, "", 50);
	for (int i = 0; i < 20000; i++) {
		snprintf(from, sizeof(from), "10.%d.%d.1", i / 250, i % 250);
		fail(from, false, "", 60);
		if (i < 5000)
			fail(from, true, "", 1);
	}
	CU_ASSERT_TRUE(ask(BAD, true, "") < 0);
	end();
}

static void an_hour_later_it_is_forgotten(void)
{
	begin();
	fail(BAD, true, "ann", 50);
	now_ms += GUESSES_FORGET_MS - 1;
	fail(BAD, true, "ann", 1);
	CU_ASSERT_TRUE(ask(BAD, true, "bob") < 0);
	now_ms += GUESSES_FORGET_MS;
	CU_ASSERT_EQUAL(ask(BAD, true, "ann"), 0);
	fail(BAD, true, "ann", GUESSES_FREE);
	CU_ASSERT_EQUAL(ask(BAD, true, "ann"), 0);
	end();
}

static void it_is_counted(void)
{
	struct guesses_counters count;

	begin();
	fail(BAD, true, "ann", 50);
	fail(GOOD, true, "ann", 50);
	ask(BAD, true, "ann");
	ask(BAD, true, "ann");
	ask("192.0.2.9", true, "ann");
	ask("192.0.2.9", true, "bob");
	guesses_count(guesses, now_ms, &count);
	CU_ASSERT_EQUAL(count.refused, 2);
	CU_ASSERT_EQUAL(count.held, 1);
	CU_ASSERT_EQUAL(count.waiting, 2);
	guesses_count(guesses, now_ms + GUESSES_WAIT_MS, &count);
	CU_ASSERT_EQUAL(count.waiting, 0);
	end();
}

static void the_log_is_not_flooded(void)
{
	char from[30];

	begin();
	for (int i = 0; i < 200; i++) {
		snprintf(from, sizeof(from), "203.0.113.%d", i);
		fail(from, true, "ann", 20);
	}
	CU_ASSERT_EQUAL(lines, 2);
	now_ms += 10000;
	fail("203.0.113.1", true, "", 1);
	CU_ASSERT_EQUAL(lines, 3);
	end();
}

static void without_a_table_nobody_waits(void)
{
	struct guess made = guess(BAD, true, "ann");

	guesses = NULL;
	guesses_failed(NULL, &made);
	guesses_passed(NULL, &made);
	CU_ASSERT_EQUAL(guesses_ask(NULL, &made), 0);
	guesses_free(NULL);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(a_few_errors_are_free),
		UNIT_TEST(a_network_waits_longer_each_time),
		UNIT_TEST(asking_too_early_makes_it_no_longer),
		UNIT_TEST(others_do_not_wait),
		UNIT_TEST(an_account_is_never_locked),
		UNIT_TEST(answers_come_later_each_time),
		UNIT_TEST(who_was_there_before_is_told_from_who_guesses),
		UNIT_TEST(parallel_guesses_at_home_keep_nobody_out),
		UNIT_TEST(a_forged_login_makes_nobody_known),
		UNIT_TEST(guesses_at_home_count_for_the_network),
		UNIT_TEST(forged_failures_only_matter_to_the_unproven),
		UNIT_TEST(who_may_be_forged_is_to_prove_itself),
		UNIT_TEST(who_was_there_is_known_after_a_restart),
		UNIT_TEST(a_planted_file_is_not_believed),
		UNIT_TEST(the_file_has_an_end),
		UNIT_TEST(a_flood_makes_nobody_forgotten),
		UNIT_TEST(an_hour_later_it_is_forgotten),
		UNIT_TEST(it_is_counted),
		UNIT_TEST(the_log_is_not_flooded),
		UNIT_TEST(without_a_table_nobody_waits),
	};

	return UNIT_RUN("broker: guesses", tests);
}
