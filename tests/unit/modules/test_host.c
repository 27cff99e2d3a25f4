/* test_host.c - the services that a plugin instance is given. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/log.h"
#include "core/modules/host.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <unistd.h>

static const struct gw6c_opt opts[] = {
	{ .key = "name",
	  .type = GW6C_STR,
	  .fallback = "nobody",
	  .summary = "any text" },
	{ .key = "bare", .type = GW6C_STR, .summary = "any text" },
	{ .key = "key", .type = GW6C_SECRET, .summary = "a secret" },
	{ .key = "rounds",
	  .type = GW6C_NUM,
	  .fallback = "16",
	  .summary = "how often",
	  .min = -9,
	  .max = 4096 },
	{ .key = "strict",
	  .type = GW6C_YES,
	  .fallback = "yes",
	  .summary = "refuse more" },
	{ .key = NULL },
};
static const struct gw6c_plugin plugin = {
	GW6C_HEAD(GW6C_AUTH, "two-words", "for this test"),
	.opts = opts,
};

static struct conf *conf;
static struct loop *loop;
static struct gw6c_host *host;
static int calls;
static struct gw6c_watch *watch;

static void set(const char *key, const char *value)
{
	CU_ASSERT_EQUAL(conf_set(conf, key, value, "test", NULL), GW6C_OK);
}

static void begin(const struct host_events *events)
{
	calls = 0;
	conf = conf_new();
	loop = loop_new();
	host = host_new(&plugin, loop, conf, events);
	CU_ASSERT_PTR_NOT_NULL_FATAL(host);
}

static void end(void)
{
	host_end(host);
	loop_free(loop);
	conf_free(conf);
}

static void stop(void *arg)
{
	loop_stop(arg);
}

static void turn(uint32_t ms)
{
	loop_timer(loop, ms, stop, loop);
	loop_run(loop);
}

static void options_have_their_defaults(void)
{
	begin(NULL);
	CU_ASSERT_STRING_EQUAL(host->str(host, "name"), "nobody");
	CU_ASSERT_STRING_EQUAL(host->str(host, "bare"), "");
	CU_ASSERT_EQUAL(host->num(host, "rounds"), 16);
	CU_ASSERT_TRUE(host->yes(host, "strict"));
	CU_ASSERT_EQUAL(host->num(host, "bare"), 0);
	CU_ASSERT_FALSE(host->yes(host, "bare"));
	end();
}

static void settings_come_before_defaults(void)
{
	static const struct {
		const char *text;
		long num;
	} nums[] = { { "7", 7 }, { "-9", -9 }, { "0x20", 32 }, { "", 16 } };

	begin(NULL);
	set("auth.two-words.name", "ann");
	set("auth.two_words.key", "s3");
	set("auth.two-words.strict", "OFF");
	CU_ASSERT_STRING_EQUAL(host->str(host, "name"), "ann");
	CU_ASSERT_STRING_EQUAL(host->str(host, "key"), "s3");
	CU_ASSERT_FALSE(host->yes(host, "strict"));
	for (int i = 0; i < 4; i++) {
		set("auth.two-words.rounds", nums[i].text);
		CU_ASSERT_EQUAL(host->num(host, "rounds"), nums[i].num);
	}
	set("auth.two-words.name", "");
	CU_ASSERT_STRING_EQUAL(host->str(host, "name"), "nobody");
	end();
}

/* Else a plugin could read the password of another. */
static void undeclared_options_stay_closed(void)
{
	begin(NULL);
	set("auth.two-words.secret", "s3");
	CU_ASSERT_STRING_EQUAL(host->str(host, "secret"), "");
	CU_ASSERT_STRING_EQUAL(host->str(host, "key.x"), "");
	CU_ASSERT_EQUAL(host->num(host, "nothing"), 0);
	CU_ASSERT_FALSE(host->yes(host, "nothing"));
	end();
}

static void log_lines_carry_kind_and_name(void)
{
	char path[] = "/tmp/gw6c-host-XXXXXX", text[4000] = "";
	struct log_settings settings = {
		.ident = "gw6c", .to_file = 2, .path = path, .facility = "USER"
	};
	int fd = mkstemp(path);

	CU_ASSERT_EQUAL(log_open(&settings, NULL), GW6C_OK);
	begin(NULL);
	host->log(host, GW6C_INFO, "%s", "all is %well");
	end();
	log_close();
	CU_ASSERT_TRUE(read(fd, text, sizeof(text) - 1) > 0);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, " I gw6c: auth:two-words: all is %well\n"));
	close(fd);
	unlink(path);
}

static void count(void *arg)
{
	(void)arg;
	calls++;
}

static void count_ready(void *arg, int ready)
{
	(void)arg;
	calls += ready == GW6C_READ;
	host->forget(host, watch);
}

static void watches_work_and_end_with_the_instance(void)
{
	int fds[2];

	begin(NULL);
	CU_ASSERT_EQUAL(pipe(fds), 0);
	CU_ASSERT_EQUAL(write(fds[1], "x", 1), 1);
	host->on_timer(host, 0, count, NULL);
	host->forget(host, host->on_timer(host, 0, count, NULL));
	watch = host->on_fd(host, fds[0], GW6C_READ, count_ready, NULL);
	CU_ASSERT_PTR_NULL(host->on_fd(host, 987, 1, count_ready, NULL));
	host->forget(host, NULL);
	turn(10);
	CU_ASSERT_EQUAL(calls, 2);
	host->on_timer(host, 0, count, NULL);
	host->on_fd(host, fds[0], GW6C_READ, count_ready, NULL);
	host_end(host);
	host = NULL;
	turn(10);
	CU_ASSERT_EQUAL(calls, 2);
	end();
	close(fds[0]);
	close(fds[1]);
}

static void end_host(void *arg)
{
	(void)arg;
	calls++;
	host_end(host);
	host = NULL;
}

static void on_broken(void *arg, const struct gw6c_err *err)
{
	(void)err;
	end_host(arg);
}

static void break_it(void *arg, int ready)
{
	(void)arg;
	(void)ready;
	host->broken(host, &(struct gw6c_err){ .rc = GW6C_ENET });
}

/* "broken" makes the core end the tunnel, within the plugin's callback. */
static void an_instance_may_end_in_its_own_callback(void)
{
	const struct host_events events = { .broken = on_broken };
	int fds[2];

	begin(&events);
	CU_ASSERT_EQUAL(pipe(fds), 0);
	CU_ASSERT_EQUAL(write(fds[1], "x", 1), 1);
	host->on_fd(host, fds[0], GW6C_READ, break_it, NULL);
	turn(10);
	CU_ASSERT_EQUAL(calls, 1);
	end();
	begin(NULL);
	host->on_timer(host, 0, end_host, NULL);
	turn(10);
	CU_ASSERT_EQUAL(calls, 1);
	end();
	close(fds[0]);
	close(fds[1]);
}

static void on_control(void *arg, struct gw6c_bytes datagram)
{
	(void)arg;
	calls += (int)datagram.len;
}

static void events_go_to_whom_they_concern(void)
{
	const struct host_events events = { .network_changed = count,
					    .control = on_control };

	begin(&events);
	host->network_changed(host);
	host->control(host, gw6c_text("12345"));
	host->broken(host, &(struct gw6c_err){ .rc = GW6C_ENET });
	CU_ASSERT_EQUAL(calls, 6);
	end();
	begin(NULL);
	host->network_changed(host);
	host->control(host, gw6c_text("12345"));
	host->broken(host, &(struct gw6c_err){ .rc = GW6C_ENET });
	CU_ASSERT_EQUAL(calls, 0);
	end();
}

static void without_a_loop_and_settings_it_still_answers(void)
{
	uint8_t octets[64] = { 0 }, zero[64] = { 0 };

	calls = 0;
	host = host_new(&plugin, NULL, NULL, NULL);
	CU_ASSERT_EQUAL(host->num(host, "rounds"), 16);
	CU_ASSERT_PTR_NULL(host->on_timer(host, 0, count, NULL));
	CU_ASSERT_PTR_NULL(host->on_fd(host, 0, 1, count_ready, NULL));
	CU_ASSERT_EQUAL(host->now_ms(host), 0);
	host->random(host, octets, sizeof(octets));
	CU_ASSERT_NOT_EQUAL(memcmp(octets, zero, sizeof(zero)), 0);
	CU_ASSERT_TRUE(GW6C_HAS(host, broken));
	host_end(host);
	host_end(NULL);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(options_have_their_defaults),
		UNIT_TEST(settings_come_before_defaults),
		UNIT_TEST(undeclared_options_stay_closed),
		UNIT_TEST(log_lines_carry_kind_and_name),
		UNIT_TEST(watches_work_and_end_with_the_instance),
		UNIT_TEST(an_instance_may_end_in_its_own_callback),
		UNIT_TEST(events_go_to_whom_they_concern),
		UNIT_TEST(without_a_loop_and_settings_it_still_answers),
	};

	return UNIT_RUN("host", tests);
}
