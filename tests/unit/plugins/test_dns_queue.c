/* test_dns_queue.c - what is to be published, when it is tried, and what is
 * known of the server afterwards. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "plugins/features/dns_update.h"
#include "tests/fake/fake_host.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct fake_host fake;
static struct dns_entry room[DNS_NAMES + 1]; /* the last is none */
static struct dns_queue queue = { .at = room };

static struct dns_record record(const char *addr)
{
	struct dns_record out = { .type = DNS_AAAA };

	CU_ASSERT_TRUE_FATAL(gw6c_addr_parse(addr, &out.addr));
	if (out.addr.family == 4)
		out.type = DNS_A;
	return out;
}

/* "NAME ADDRESS" each; those are wanted and no others. */
static bool want(uint64_t now_ms, const char *const *words)
{
	dns_queue_begin(&queue);
	for (; words && *words; words += 2) {
		struct dns_record one = record(words[1]);

		CU_ASSERT_TRUE(dns_queue_add(&queue, words[0], &one));
	}
	return dns_queue_commit(&queue, now_ms);
}
#define WANT(now_ms, ...)                                                      \
	want(now_ms, (const char *const[]){ __VA_ARGS__, NULL })

static void begin(void)
{
	queue.n = 0;
}

static void publish(uint64_t now_ms)
{
	CU_ASSERT_TRUE(dns_queue_take(&queue, now_ms, 16) > 0);
	dns_queue_finish(&queue, DNS_OK, now_ms);
}

static void what_is_wanted_is_due_once(void)
{
	begin();
	CU_ASSERT_EQUAL(dns_queue_due_ms(&queue), UINT64_MAX);
	CU_ASSERT_TRUE(WANT(7, "a", "2001:db8::1", "b", "2001:db8::2"));
	CU_ASSERT_EQUAL(dns_queue_due_ms(&queue), 7);
	CU_ASSERT_EQUAL(dns_queue_take(&queue, 6, 16), 0);
	CU_ASSERT_EQUAL(dns_queue_published(&queue), 0);
	CU_ASSERT_EQUAL(dns_queue_take(&queue, 7, 16), 2);
	CU_ASSERT_EQUAL(dns_queue_published(&queue), 2);
	CU_ASSERT_EQUAL(dns_queue_take(&queue, 7, 16), 0);
	dns_queue_finish(&queue, DNS_OK, 8);
	CU_ASSERT_EQUAL(dns_queue_due_ms(&queue), UINT64_MAX);
	CU_ASSERT_FALSE(WANT(9, "b", "2001:db8::2", "A", "2001:db8::1"));
	CU_ASSERT_EQUAL(dns_queue_take(&queue, 9, 16), 0);
	CU_ASSERT_EQUAL(queue.n, 2);
	CU_ASSERT_FALSE(dns_entry_dirty(&room[0]));
}

static void the_order_of_records_does_not_count(void)
{
	begin();
	WANT(0, "a", "2001:db8::1", "a", "2001:db8::2", "a", "192.0.2.1");
	publish(0);
	CU_ASSERT_FALSE(WANT(1, "a", "192.0.2.1", "a", "2001:db8::2", "a",
			     "2001:db8::1", "a", "2001:db8::1"));
	CU_ASSERT_EQUAL(room[0].n_done, 3);
	CU_ASSERT_EQUAL(room[0].had, DNS_A | DNS_AAAA);
	CU_ASSERT_TRUE(WANT(1, "a", "2001:db8::2", "a", "2001:db8::1"));
	publish(1);
	CU_ASSERT_EQUAL(room[0].had, DNS_AAAA);
}

static void no_more_than_there_is_room_for(void)
{
	struct dns_record one = record("2001:db8::1");
	char name[16];

	begin();
	dns_queue_begin(&queue);
	for (int i = 0; i < DNS_RECORDS; i++) {
		one.addr.octets[15] = (uint8_t)(9 - i);
		CU_ASSERT_TRUE(dns_queue_add(&queue, "a", &one));
	}
	one.addr.octets[15] = 77;
	CU_ASSERT_FALSE(dns_queue_add(&queue, "a", &one));
	for (int i = 1; i < DNS_NAMES; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		CU_ASSERT_TRUE(dns_queue_add(&queue, name, &one));
	}
	CU_ASSERT_FALSE(dns_queue_add(&queue, "more", &one));
}

static void what_is_wanted_no_more_goes_after_a_while(void)
{
	begin();
	WANT(0, "a", "2001:db8::1", "b", "2001:db8::2");
	publish(0);
	CU_ASSERT_TRUE(WANT(1000, "b", "2001:db8::2"));
	CU_ASSERT_EQUAL(dns_queue_due_ms(&queue), 6000);
	CU_ASSERT_TRUE(WANT(2000, "a", "2001:db8::1", "b", "2001:db8::2"));
	CU_ASSERT_EQUAL(dns_queue_due_ms(&queue), UINT64_MAX);
	WANT(3000, "b", "2001:db8::2");
	publish(8000);
	CU_ASSERT_EQUAL(queue.n, 1);
	CU_ASSERT_STRING_EQUAL(room[0].owner, "b");
}

static void what_was_never_sent_goes_at_once(void)
{
	begin();
	WANT(0, "a", "2001:db8::1");
	want(1, NULL);
	CU_ASSERT_EQUAL(queue.n, 0);
}

/* What nsupdate is given has 64 KiB at most. */
static void no_attempt_is_too_large(void)
{
	static uint8_t text[60000];
	struct gw6c_buf out = GW6C_BUF(text);
	struct dns_record one = record("2001:db8::1");
	char name[DNS_NAME];
	int n;

	begin();
	dns_queue_begin(&queue);
	for (int i = 0; i < 200; i++) {
		snprintf(name, sizeof(name), "device-%d", i);
		dns_queue_add(&queue, name, &one);
	}
	dns_queue_commit(&queue, 0);
	CU_ASSERT_EQUAL(dns_queue_take(&queue, 0, 150), 150);
	begin();
	dns_queue_begin(&queue);
	for (int i = 0; i < 200; i++) {
		memset(name, 'a', 253);
		snprintf(name + 250, 4, "%03d", i);
		for (int k = 0; k < DNS_RECORDS; k++) {
			one.addr.octets[15] = (uint8_t)k;
			dns_queue_add(&queue, name, &one);
		}
	}
	dns_queue_commit(&queue, 0);
	n = dns_queue_take(&queue, 0, DNS_NAMES);
	CU_ASSERT_TRUE(n >= 10 && n < 50);
	for (int i = 0; i < n; i++)
		room[i].had = DNS_TYPES;
	dns_nsupdate_script(&fake.host, &queue, &out);
	CU_ASSERT_FALSE(out.overflow);
}

/* 5 s doubled up to 10 min, ten times. */
static void a_trouble_that_may_pass_is_tried_ten_times(void)
{
	static const uint32_t after_s[] = { 5,	 10,  20,  40, 80,
					    160, 320, 600, 600 };
	uint64_t now_ms = 0;

	begin();
	WANT(0, "a", "2001:db8::1");
	for (int i = 0; i < 10; i++) {
		CU_ASSERT_EQUAL(dns_queue_take(&queue, now_ms, 1), 1);
		dns_queue_finish(&queue, i % 2 ? DNS_SERVFAIL : DNS_TIMEOUT,
				 now_ms);
		CU_ASSERT_EQUAL(room[0].attempts, i + 1);
		CU_ASSERT_EQUAL(room[0].had, DNS_AAAA);
		if (i == 9)
			break;
		now_ms += after_s[i] * 1000;
		CU_ASSERT_EQUAL(dns_queue_take(&queue, now_ms - 1, 1), 0);
		CU_ASSERT_EQUAL(dns_queue_due_ms(&queue), now_ms);
	}
	CU_ASSERT_TRUE(room[0].failed);
	CU_ASSERT_EQUAL(dns_queue_due_ms(&queue), UINT64_MAX);
	WANT(now_ms, "a", "2001:db8::2");
	CU_ASSERT_EQUAL(dns_queue_due_ms(&queue), now_ms);
	CU_ASSERT_EQUAL(dns_queue_take(&queue, now_ms, 1), 1);
	dns_queue_finish(&queue, DNS_TIMEOUT, now_ms);
	CU_ASSERT_EQUAL(dns_queue_due_ms(&queue), now_ms + 5000);
	dns_queue_again(&queue, false, now_ms);
	CU_ASSERT_EQUAL(dns_queue_due_ms(&queue), now_ms);
}

/* The address was there before, and what the server has now is not known. */
static void after_silence_the_former_address_is_sent_again(void)
{
	begin();
	WANT(0, "a", "2001:db8::1");
	publish(0);
	WANT(1, "a", "2001:db8::2");
	dns_queue_take(&queue, 1, 1);
	dns_queue_finish(&queue, DNS_TIMEOUT, 1);
	WANT(2, "a", "2001:db8::1");
	CU_ASSERT_EQUAL(dns_queue_take(&queue, 2, 1), 1);
	dns_queue_cancel(&queue, 3);
	CU_ASSERT_EQUAL(dns_queue_take(&queue, 3, 1), 1);
}

/* What was refused has changed nothing. */
static void a_refusal_is_tried_alone_and_then_seldom(void)
{
	begin();
	WANT(0, "a", "2001:db8::1", "b", "2001:db8::2");
	CU_ASSERT_EQUAL(dns_queue_take(&queue, 0, 16), 2);
	dns_queue_finish(&queue, DNS_REFUSED, 0);
	CU_ASSERT_EQUAL(dns_queue_published(&queue), 0);
	CU_ASSERT_EQUAL(dns_queue_take(&queue, 0, 16), 1);
	CU_ASSERT_TRUE(room[0].busy);
	dns_queue_finish(&queue, DNS_OK, 0);
	CU_ASSERT_EQUAL(dns_queue_take(&queue, 0, 16), 1);
	CU_ASSERT_TRUE(room[1].busy);
	dns_queue_finish(&queue, DNS_REFUSED, 0);
	CU_ASSERT_EQUAL(dns_queue_due_ms(&queue), 600000);
	CU_ASSERT_EQUAL(dns_queue_published(&queue), 1);
	/* A trouble of the way is that of all. */
	begin();
	WANT(0, "a", "2001:db8::1", "b", "2001:db8::2");
	dns_queue_take(&queue, 0, 16);
	dns_queue_finish(&queue, DNS_UNREACHABLE, 0);
	CU_ASSERT_EQUAL(dns_queue_take(&queue, 5000, 16), 2);
}

static void a_change_while_it_is_sent_is_sent_at_once(void)
{
	begin();
	WANT(0, "a", "2001:db8::1");
	dns_queue_take(&queue, 0, 1);
	WANT(1, "a", "2001:db8::2");
	dns_queue_finish(&queue, DNS_TIMEOUT, 2);
	CU_ASSERT_EQUAL(dns_queue_due_ms(&queue), 2);
	dns_queue_take(&queue, 2, 1);
	want(3, NULL);
	dns_queue_finish(&queue, DNS_OK, 4);
	CU_ASSERT_EQUAL(dns_queue_due_ms(&queue), 4);
	publish(4);
	CU_ASSERT_EQUAL(queue.n, 0);
}

static void at_the_end_all_is_tried_once_at_once(void)
{
	begin();
	WANT(0, "a", "2001:db8::1", "b", "2001:db8::2");
	dns_queue_take(&queue, 0, 1);
	dns_queue_finish(&queue, DNS_OK, 0);
	dns_queue_empty(&queue, 50);
	CU_ASSERT_EQUAL(queue.n, 1);
	CU_ASSERT_EQUAL(dns_queue_take(&queue, 50, 16), 1);
	CU_ASSERT_EQUAL(room[0].n_sent, 0);
	dns_queue_finish(&queue, DNS_TIMEOUT, 50);
	CU_ASSERT_EQUAL(dns_queue_take(&queue, 50, 16), 0);
	CU_ASSERT_EQUAL(dns_queue_published(&queue), 1);
}

static void other_settings_send_all_anew(void)
{
	begin();
	WANT(0, "a", "2001:db8::1");
	publish(0);
	dns_queue_again(&queue, false, 1);
	CU_ASSERT_EQUAL(dns_queue_take(&queue, 1, 1), 0);
	dns_queue_again(&queue, true, 1);
	CU_ASSERT_EQUAL(dns_queue_take(&queue, 1, 1), 1);
}

static void what_is_broken_off_is_sent_again_and_no_other(void)
{
	begin();
	WANT(0, "a", "2001:db8::1");
	publish(0);
	WANT(1, "a", "2001:db8::1", "b", "2001:db8::2");
	CU_ASSERT_EQUAL(dns_queue_take(&queue, 1, 16), 1);
	dns_queue_cancel(&queue, 2);
	CU_ASSERT_EQUAL(dns_queue_due_ms(&queue), 2);
	CU_ASSERT_EQUAL(dns_queue_take(&queue, 2, 16), 1);
	CU_ASSERT_FALSE(room[0].busy);
	CU_ASSERT_TRUE(room[1].busy);
}

/* Of a queue that is full. */
static void nothing_behind_the_end_is_touched(void)
{
	struct dns_record one = record("2001:db8::1");
	struct dns_entry *guard = &room[DNS_NAMES];
	char name[16];

	memset(guard, 1, sizeof(*guard));
	begin();
	dns_queue_begin(&queue);
	for (int i = 0; i < DNS_NAMES; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		dns_queue_add(&queue, name, &one);
	}
	CU_ASSERT_TRUE(dns_queue_commit(&queue, 1 << 30));
	CU_ASSERT_EQUAL(dns_queue_due_ms(&queue), 1 << 30);
	while (dns_queue_take(&queue, 1 << 30, DNS_NAMES))
		dns_queue_finish(&queue, DNS_OK, 1 << 30);
	CU_ASSERT_EQUAL(dns_queue_published(&queue), DNS_NAMES);
	CU_ASSERT_FALSE(dns_queue_commit(&queue, 1 << 30));
	CU_ASSERT_PTR_NULL(dns_queue_find(&queue, guard->owner));
	dns_queue_cancel(&queue, 1 << 30);
	dns_queue_again(&queue, true, 1 << 30);
	dns_queue_empty(&queue, 1 << 30);
	for (size_t i = 0; i < sizeof(*guard); i++)
		CU_ASSERT_EQUAL(((const uint8_t *)guard)[i], 1);
	CU_ASSERT_EQUAL(queue.n, DNS_NAMES);
}

static void one_thing_at_a_time_first_what_is_to_go(void)
{
	struct dns_action action;

	begin();
	WANT(0, "a", "2001:db8::1", "a", "192.0.2.1");
	dns_queue_take(&queue, 0, 1);
	CU_ASSERT_TRUE(dns_entry_action(&room[0], false, 0, &action));
	CU_ASSERT_TRUE(action.add);
	CU_ASSERT_EQUAL(action.types, DNS_A);
	dns_queue_finish(&queue, DNS_OK, 0);
	WANT(1, "a", "2001:db8::2");
	dns_queue_take(&queue, 1, 1);
	CU_ASSERT_TRUE(dns_entry_action(&room[0], false, 0, &action));
	CU_ASSERT_FALSE(action.add);
	CU_ASSERT_EQUAL(action.types, DNS_A);
	CU_ASSERT_TRUE(dns_entry_action(&room[0], false, 1, &action));
	CU_ASSERT_EQUAL(action.types, DNS_AAAA);
	CU_ASSERT_FALSE(action.add);
	CU_ASSERT_TRUE(dns_entry_action(&room[0], false, 2, &action));
	CU_ASSERT_TRUE(action.add);
	CU_ASSERT_PTR_EQUAL(action.record, &room[0].sent[0]);
	CU_ASSERT_FALSE(dns_entry_action(&room[0], false, 3, &action));
	CU_ASSERT_TRUE(dns_entry_action(&room[0], true, 0, &action));
	CU_ASSERT_EQUAL(action.types, DNS_A | DNS_AAAA);
	CU_ASSERT_TRUE(dns_entry_action(&room[0], true, 1, &action));
	CU_ASSERT_TRUE(action.add);
	CU_ASSERT_FALSE(dns_entry_action(&room[0], true, 2, &action));
}

/* --- on disk ------------------------------------------------------------ */

static char dir[] = "/tmp/gw6c-dns-queue-XXXXXX";
static char path[64];

static void put_file(const char *text, mode_t mode)
{
	FILE *file = fopen(path, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	fclose(file);
	chmod(path, mode);
}

static void the_journal_has_what_the_server_may_have(void)
{
	struct gw6c_err err = { 0 };
	struct stat info;
	char text[512];

	begin();
	WANT(0, "a.x", "2001:db8::1", "a.x", "192.0.2.1", "b.x", "2001:db8::2");
	dns_queue_take(&queue, 0, 1);
	CU_ASSERT_EQUAL(dns_journal_write(path, &queue, &err), GW6C_OK);
	CU_ASSERT_TRUE(dns_file_read(path, text, sizeof(text)) > 0);
	CU_ASSERT_STRING_EQUAL(strchr(text, '\n'), "\na.x A AAAA\n");
	CU_ASSERT_EQUAL(stat(path, &info), 0);
	CU_ASSERT_EQUAL(info.st_mode & 0777, 0644);
	begin();
	CU_ASSERT_EQUAL(dns_journal_read(path, &queue, &err), GW6C_OK);
	CU_ASSERT_EQUAL(queue.n, 1);
	CU_ASSERT_EQUAL(room[0].had, DNS_A | DNS_AAAA);
	CU_ASSERT_TRUE(dns_entry_dirty(&room[0]));
	publish(0);
	CU_ASSERT_EQUAL(dns_journal_write(path, &queue, &err), GW6C_OK);
	CU_ASSERT_EQUAL(access(path, F_OK), -1);
	CU_ASSERT_EQUAL(dns_journal_write(path, &queue, &err), GW6C_OK);
	CU_ASSERT_EQUAL(dns_journal_read(path, &queue, &err), GW6C_OK);
}

static void nonsense_in_the_journal_is_passed_over(void)
{
	struct gw6c_err err = { 0 };

	put_file("# x\na b\n; send\n-a AAAA\na.x\n_tcp.a.x SVCB HTTPS\n"
		 "a..x AAAA\n_ AAAA\n_a AAAA\n\n",
		 0644);
	begin();
	CU_ASSERT_EQUAL(dns_journal_read(path, &queue, &err), GW6C_OK);
	CU_ASSERT_EQUAL(queue.n, 1);
	CU_ASSERT_STRING_EQUAL(room[0].owner, "_tcp.a.x");
	CU_ASSERT_EQUAL(room[0].had, DNS_SVCB | DNS_HTTPS);
}

static void what_others_could_write_is_not_read(void)
{
	struct gw6c_err err = { 0 };
	char other[80];

	put_file("a.x AAAA\n", 0646);
	begin();
	CU_ASSERT_EQUAL(dns_journal_read(path, &queue, &err), GW6C_EOS);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "others"));
	CU_ASSERT_EQUAL(queue.n, 0);
	chmod(path, 0664);
	CU_ASSERT_EQUAL(dns_journal_read(path, &queue, &err), GW6C_EOS);
	chmod(path, 0644);
	snprintf(other, sizeof(other), "%s2", path);
	CU_ASSERT_EQUAL(link(path, other), 0);
	CU_ASSERT_EQUAL(dns_journal_read(path, &queue, &err), GW6C_EOS);
	unlink(path);
	CU_ASSERT_EQUAL(symlink(other, path), 0);
	CU_ASSERT_EQUAL(dns_journal_read(path, &queue, &err), GW6C_EOS);
	unlink(path);
	CU_ASSERT_EQUAL(rename(other, path), 0);
	CU_ASSERT_EQUAL(dns_journal_read(path, &queue, &err), GW6C_OK);
	CU_ASSERT_EQUAL(queue.n, 1);
	unlink(path);
}

void dns_update_ended(struct dns_update *self, enum dns_result result,
		      const char *said)
{
	(void)self;
	(void)result;
	(void)said;
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(no_attempt_is_too_large),
		UNIT_TEST(what_is_wanted_is_due_once),
		UNIT_TEST(the_order_of_records_does_not_count),
		UNIT_TEST(no_more_than_there_is_room_for),
		UNIT_TEST(what_is_wanted_no_more_goes_after_a_while),
		UNIT_TEST(what_was_never_sent_goes_at_once),
		UNIT_TEST(a_trouble_that_may_pass_is_tried_ten_times),
		UNIT_TEST(after_silence_the_former_address_is_sent_again),
		UNIT_TEST(a_refusal_is_tried_alone_and_then_seldom),
		UNIT_TEST(a_change_while_it_is_sent_is_sent_at_once),
		UNIT_TEST(at_the_end_all_is_tried_once_at_once),
		UNIT_TEST(other_settings_send_all_anew),
		UNIT_TEST(what_is_broken_off_is_sent_again_and_no_other),
		UNIT_TEST(nothing_behind_the_end_is_touched),
		UNIT_TEST(one_thing_at_a_time_first_what_is_to_go),
		UNIT_TEST(the_journal_has_what_the_server_may_have),
		UNIT_TEST(nonsense_in_the_journal_is_passed_over),
		UNIT_TEST(what_others_could_write_is_not_read),
	};
	int rc;

	fake_host_init(&fake);
	if (!mkdtemp(dir))
		return 1;
	snprintf(path, sizeof(path), "%s/journal", dir);
	rc = UNIT_RUN("queue of names", tests);
	rmdir(dir);
	return rc;
}
