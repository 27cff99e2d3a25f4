/* test_host_client.c - lookups, the status, and what a plugin asks of the
 * client. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/modules/host.h"
#include "tests/unit/tunnel/fake_loop.h"
#include "tests/unit/unit.h"

static const struct gw6c_plugin feature = { GW6C_HEAD(GW6C_FEATURE, "two-words",
						      "-") };
static const struct gw6c_plugin backend = { GW6C_HEAD(GW6C_OS, "some", "-") };

static struct loop *loop;
static struct gw6c_host *host;
static char asked[512]; /* of the client */
static bool has_view = true;
static int done_rc, noted;
static size_t done_len;

static bool client_view(void *arg, struct gw6c_view *out)
{
	CU_ASSERT_PTR_EQUAL(arg, asked);
	CU_ASSERT_EQUAL(out->size, sizeof(*out));
	out->state = GW6C_STATE_WAITING;
	out->since_ms = 17;
	out->rtt_ms = 2.5;
	return has_view;
}

static void client_reconnect(void *arg, const char *why)
{
	size_t used = strlen(arg);

	snprintf((char *)arg + used, sizeof(asked) - used, "again(%s)", why);
}

static void client_stop(void *arg, const char *why)
{
	size_t used = strlen(arg);

	snprintf((char *)arg + used, sizeof(asked) - used, "stop(%s)", why);
}

static const struct host_client client = { .view = client_view,
					   .reconnect = client_reconnect,
					   .stop = client_stop,
					   .arg = asked };

static void on_done(void *arg, int rc, struct gw6c_bytes out,
		    const struct gw6c_err *err)
{
	(void)err;
	CU_ASSERT_PTR_EQUAL(arg, &done_rc);
	done_rc = rc;
	done_len = out.len;
}

static int on_note(void *arg, const struct gw6c_step *step,
		   struct gw6c_err *err)
{
	(void)step;
	CU_ASSERT_PTR_EQUAL(arg, &done_rc);
	noted++;
	return gw6c_fail(err, GW6C_EOS, "disk full");
}

static void begin(const struct gw6c_plugin *plugin, bool with_client)
{
	const struct host_events events = { .done = on_done,
					    .note = on_note,
					    .client = with_client ? &client
								  : NULL,
					    .arg = &done_rc };

	asked[0] = 0;
	done_rc = noted = 0;
	has_view = true;
	loop = loop_new();
	host = host_new(plugin, loop, NULL, &events);
	CU_ASSERT_PTR_NOT_NULL_FATAL(host);
}

static void end(void)
{
	host_end(host);
	CU_ASSERT_EQUAL(fake_loop_left(), 0);
}

static const char *status(void)
{
	static char room[65536];
	struct gw6c_buf out = { (uint8_t *)room, 0, sizeof(room) - 1, false };

	host_put_status(host, &out);
	CU_ASSERT_FALSE(out.overflow);
	room[out.len] = 0;
	return room;
}

static void status_lines_are_set_replaced_and_removed(void)
{
	begin(&feature, false);
	CU_ASSERT_STRING_EQUAL(status(), "");
	host->status(host, "networks", "%d", 2);
	host->status(host, "advertising", "yes");
	host->status(host, "z_9", "%s", "last");
	host->status(host, "networks", "%d", 3);
	CU_ASSERT_STRING_EQUAL(status(), "feature.two-words.networks 3\n"
					 "feature.two-words.advertising yes\n"
					 "feature.two-words.z_9 last\n");
	host->status(host, "advertising", NULL);
	host->status(host, "never", NULL);
	CU_ASSERT_STRING_EQUAL(status(), "feature.two-words.networks 3\n"
					 "feature.two-words.z_9 last\n");
	end();
}

static void bad_keys_and_too_many_lines_are_left_out(void)
{
	static const char *const bad[] = {
		"",
		"Up",
		"a b",
		"a-b",
		"a.b",
		"\xc3\xa4",
		"a234567890b234567890c234567890d234567890"
	};
	char key[16];

	begin(&feature, false);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		host->status(host, bad[i], "x");
	CU_ASSERT_STRING_EQUAL(status(), "");
	host->status(host, "a234567890b234567890c234567890d23456789", "x");
	CU_ASSERT_PTR_NOT_NULL(strstr(status(), "d23456789 x\n"));
	for (int i = 2; i <= 33; i++) {
		snprintf(key, sizeof(key), "key%d", i);
		host->status(host, key, "%d", i);
	}
	CU_ASSERT_PTR_NOT_NULL(strstr(status(), "key32 32\n"));
	CU_ASSERT_PTR_NULL(strstr(status(), "key33"));
	host->status(host, "key32", "still");
	CU_ASSERT_PTR_NOT_NULL(strstr(status(), "key32 still\n"));
	host->status(host, "key2", NULL);
	host->status(host, "key33", "fits");
	CU_ASSERT_PTR_NOT_NULL(strstr(status(), "key33 fits\n"));
	end();
}

/* Of several lines one name: they stand together, in the order of the first
 * setting, whatever else is set between. */
static void members_of_a_list_stand_together(void)
{
	static const char *const bad[] = { "[1]",   "a[]",     "a[x]",	 "a[1",
					   "a[1]b", "a[1][2]", "a-b[1]", "a]" };
	char key[16];

	begin(&feature, false);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		host->status(host, bad[i], "x");
	CU_ASSERT_STRING_EQUAL(status(), "");
	host->status(host, "cat[0]", "a");
	host->status(host, "dog[0]", "b");
	host->status(host, "cat", "c");
	host->status(host, "cat[10]", "d");
	host->status(host, "dog[1]", "e");
	host->status(host, "cat[0]", "f");
	CU_ASSERT_STRING_EQUAL(status(), "feature.two-words.cat[] f\n"
					 "feature.two-words.cat[] d\n"
					 "feature.two-words.dog[] b\n"
					 "feature.two-words.dog[] e\n"
					 "feature.two-words.cat c\n");
	host->status(host, "cat[0]", NULL);
	host->status(host, "dog[0]", NULL);
	host->status(host, "dog[1]", NULL);
	CU_ASSERT_STRING_EQUAL(status(), "feature.two-words.cat[] d\n"
					 "feature.two-words.cat c\n");
	host->status(host, "cat[10]", NULL);
	for (int i = 0; i <= 1000; i++) {
		snprintf(key, sizeof(key), "n[%d]", i);
		host->status(host, key, "x%d", i);
	}
	for (int i = 0; i <= 31; i++) {
		snprintf(key, sizeof(key), "key%d", i);
		host->status(host, key, "%d", i);
	}
	CU_ASSERT_PTR_NOT_NULL(strstr(status(), "n[] x999\n"));
	CU_ASSERT_PTR_NULL(strstr(status(), "n[] x1000\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(status(), "key30 30\n"));
	CU_ASSERT_PTR_NULL(strstr(status(), "key31"));
	end();
}

static void a_plugin_sees_how_the_client_is(void)
{
	struct gw6c_view view = { .size = sizeof(view), .rtt_ms = -7 };

	begin(&feature, true);
	CU_ASSERT_TRUE(host->view(host, &view));
	CU_ASSERT_EQUAL(view.state, GW6C_STATE_WAITING);
	CU_ASSERT_EQUAL(view.since_ms, 17);
	CU_ASSERT_EQUAL(view.size, sizeof(view));
	/* One that was built when the table was shorter. */
	view = (struct gw6c_view){ .size = 16, .rtt_ms = -7 };
	CU_ASSERT_TRUE(host->view(host, &view));
	CU_ASSERT_EQUAL(view.since_ms, 17);
	CU_ASSERT_EQUAL(view.size, 16);
	CU_ASSERT_EQUAL(view.rtt_ms, -7);
	has_view = false;
	CU_ASSERT_FALSE(host->view(host, &view));
	end();
	begin(&feature, false);
	CU_ASSERT_FALSE(host->view(host, &view));
	host->stop(host, "x");
	CU_ASSERT_EQUAL(fake_loop_left(), 0);
	end();
}

static void requests_come_after_the_present_call(void)
{
	begin(&feature, true);
	host->reconnect(host, "new \"name\"");
	host->reconnect(host, "again");
	CU_ASSERT_STRING_EQUAL(asked, "");
	fake_loop_pass(0);
	CU_ASSERT_STRING_EQUAL(asked, "again(feature:two-words: new \"name\")");
	asked[0] = 0;
	host->reconnect(host, "one");
	host->stop(host, "two");
	host->reconnect(host, "three");
	host->stop(host, "four");
	fake_loop_pass(10);
	CU_ASSERT_STRING_EQUAL(asked, "stop(feature:two-words: two)");
	asked[0] = 0;
	host->reconnect(host, "five");
	CU_ASSERT_EQUAL(host_left(host), 0); /* nothing of the plugin's */
	end();
	fake_loop_pass(10);
	CU_ASSERT_STRING_EQUAL(asked, "");
}

static int found, calls;

static void on_found(void *arg, const struct gw6c_addr *addrs, int n,
		     const struct gw6c_err *err)
{
	CU_ASSERT_PTR_EQUAL(arg, &found);
	CU_ASSERT_EQUAL(host_left(host), 0); /* it is gone by now */
	found = n ? addrs[0].octets[3] : err->rc;
	calls++;
}

static void a_name_is_looked_up(void)
{
	const struct gw6c_addr addr = { 4, 32, { 0 }, { 192, 0, 2, 7 } };
	const struct gw6c_err none = { 0 }, err = { .rc = GW6C_ENET };
	struct gw6c_watch *watch;

	begin(&feature, false);
	CU_ASSERT_PTR_NOT_NULL(host->lookup(host, "x", 4, on_found, &found));
	CU_ASSERT_EQUAL(host_left(host), 1);
	CU_ASSERT_TRUE(fake_loop_answer(&addr, 1, &none));
	CU_ASSERT_EQUAL(found, 7);
	host->lookup(host, "x", 4, on_found, &found);
	CU_ASSERT_TRUE(fake_loop_answer(NULL, 0, &err));
	CU_ASSERT_EQUAL(found, GW6C_ENET);
	watch = host->lookup(host, "x", 4, on_found, &found);
	host->forget(host, watch);
	CU_ASSERT_EQUAL(host_left(host), 0);
	CU_ASSERT_FALSE(fake_loop_answer(&addr, 1, &none));
	host->lookup(host, "x", 4, on_found, &found);
	end();
	CU_ASSERT_FALSE(fake_loop_answer(&addr, 1, &none));
	CU_ASSERT_EQUAL(calls, 2);
	host = host_new(&feature, NULL, NULL, NULL);
	CU_ASSERT_PTR_NULL(host->lookup(host, "x", 4, on_found, &found));
	host_end(host);
}

static void results_and_notes_reach_whom_they_concern(void)
{
	const struct gw6c_step step = { 0 };
	struct gw6c_err err = { 0 };

	begin(&backend, false);
	host->done(host, GW6C_EAUTH, gw6c_text("abc"), &err);
	CU_ASSERT_EQUAL(done_rc, GW6C_EAUTH);
	CU_ASSERT_EQUAL(done_len, 3);
	CU_ASSERT_EQUAL(host->note(host, &step, &err), GW6C_EOS);
	CU_ASSERT_EQUAL(noted, 1);
	end();
	begin(&feature, false);
	CU_ASSERT_EQUAL(host->note(host, &step, &err), GW6C_EBUG);
	CU_ASSERT_EQUAL(noted, 0);
	end();
	host = host_new(&backend, NULL, NULL, NULL);
	CU_ASSERT_EQUAL(host->note(host, &step, &err), GW6C_OK);
	host->done(host, GW6C_OK, GW6C_NOTHING, NULL);
	host_end(host);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(status_lines_are_set_replaced_and_removed),
		UNIT_TEST(bad_keys_and_too_many_lines_are_left_out),
		UNIT_TEST(members_of_a_list_stand_together),
		UNIT_TEST(a_plugin_sees_how_the_client_is),
		UNIT_TEST(requests_come_after_the_present_call),
		UNIT_TEST(a_name_is_looked_up),
		UNIT_TEST(results_and_notes_reach_whom_they_concern),
	};

	return UNIT_RUN("host_client", tests);
}
