/* test_dns_update.c - when names are published, corrected and taken back, what
 * nsupdate and a command are given, and what the status says. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "plugins/features/dns_update.h"
#include "tests/fake/fake_host.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

extern const struct gw6c_plugin feature_dns_update_LTX_gw6c_plugin;
static const struct gw6c_feature_ops *ops;

static char dir[] = "/tmp/gw6c-dns-update-XXXXXX";
static char journal[64];
static struct fake_host fake;
static struct gw6c_lease lease;
static void *self;
static const char *names[4]; /* of the option of that name */
static int runs, ends, dones, fail, waits;
static bool running;
static uint32_t limit_ms; /* of the last run that was waited for */
static const char *wait_said; /* by those that fail; NULL: none does */
static int wait_bad; /* so many fail, and then none */
static char command[512], input[8192], saved[512];
static void (*line)(void *arg, const char *text);
static void (*ended)(void *arg, int status);
static void *run_arg;
static char shown[60][2][1024];
static int n_shown;

static const char *status_of(const char *key)
{
	for (int i = 0; i < n_shown; i++)
		if (strcmp(shown[i][0], key) == 0)
			return shown[i][1];
	return "";
}

GW6C_PRINTF(3, 4)
static void status(const struct gw6c_host *host, const char *key,
		   const char *fmt, ...)
{
	va_list args;
	int i = 0;

	(void)host;
	while (i < n_shown && strcmp(shown[i][0], key) != 0)
		i++;
	if (i == n_shown)
		n_shown++;
	snprintf(shown[i][0], sizeof(shown[i][0]), "%s", key);
	shown[i][1][0] = 0;
	va_start(args, fmt);
	if (fmt)
		vsnprintf(shown[i][1], sizeof(shown[i][1]), fmt, args);
	va_end(args);
}

static const char *item(const struct gw6c_host *host, const char *key,
			unsigned n)
{
	(void)host;
	CU_ASSERT_STRING_EQUAL(key, "names");
	return n < 4 ? names[n] : NULL;
}

static const char *text_of(const char *path)
{
	static char text[4096];
	FILE *file = fopen(path, "r");

	text[0] = 0;
	if (file) {
		text[fread(text, 1, sizeof(text) - 1, file)] = 0;
		fclose(file);
	}
	return text;
}

/* What was to survive a kill at that moment is kept in saved. */
static void note(const struct gw6c_run *what)
{
	CU_ASSERT_FALSE(running);
	command[0] = 0;
	for (int i = 0; what->argv[i]; i++) {
		strcat(command, i ? " " : "");
		strcat(command, what->argv[i]);
	}
	snprintf(input, sizeof(input), "%.*s", (int)what->input.len,
		 (const char *)what->input.at);
	snprintf(saved, sizeof(saved), "%.500s", text_of(journal));
	CU_ASSERT_EQUAL(what->flags, 0);
}

static struct gw6c_child *run(const struct gw6c_host *host,
			      const struct gw6c_run *what, struct gw6c_err *err)
{
	(void)host;
	note(what);
	runs++;
	if (fail) {
		gw6c_fail(err, GW6C_EOS, "cannot run nsupdate");
		return NULL;
	}
	running = true;
	line = what->line;
	ended = what->ended;
	run_arg = what->arg;
	return (struct gw6c_child *)&running;
}

static int run_wait(const struct gw6c_host *host, const struct gw6c_run *what,
		    uint32_t limit, struct gw6c_err *err)
{
	(void)host;
	note(what);
	waits++;
	limit_ms = limit;
	if (!wait_said || waits > wait_bad)
		return GW6C_OK;
	what->line(what->arg, wait_said);
	return gw6c_fail(err, GW6C_EOS, "nsupdate: exit status 2");
}

static void end(const struct gw6c_host *host, struct gw6c_child *child)
{
	(void)host;
	if (!child)
		return;
	CU_ASSERT_TRUE(running);
	running = false;
	ends++;
}

static void done(const struct gw6c_host *host, int rc, struct gw6c_bytes out,
		 const struct gw6c_err *err)
{
	(void)host;
	(void)out;
	(void)err;
	CU_ASSERT_EQUAL(rc, GW6C_OK);
	dones++;
}

#define KEY                                                                    \
	"key \"a\" {\n\talgorithm hmac-sha256;\n\tsecret \"c2VjcmV0cw==\";\n};\n"

static void write_key(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	fclose(file);
	chmod(path, 0600);
}

static void finish(const char *said, int rc)
{
	CU_ASSERT_TRUE(running);
	running = false;
	if (said)
		line(run_arg, said);
	ended(run_arg, rc);
}

static void begin(const char *by)
{
	struct gw6c_err err = { 0 };

	write_key("dns.key", KEY);
	fake_host_init(&fake);
	fake_host_option(&fake, "by", by);
	fake_host_option(&fake, "name", "@");
	fake_host_option(&fake, "ttl", "300");
	fake_host_option(&fake, "server", "ns.example");
	fake_host_option(&fake, "port", "53");
	fake_host_option(&fake, "key", "dns.key");
	fake_host_option(&fake, "program", "nsupdate");
	fake_host_option(&fake, "command", "/bin/cmd");
	fake_host_option(&fake, "journal", journal);
	fake.host.run_dir = dir;
	fake.host.run = run;
	fake.host.run_wait = run_wait;
	fake.host.end = end;
	fake.host.item = item;
	fake.host.done = done;
	fake.host.status = status;
	runs = ends = dones = fail = n_shown = waits = 0;
	wait_said = NULL;
	wait_bad = 1;
	running = false;
	memset(names, 0, sizeof(names));
	lease = (struct gw6c_lease){ .size = sizeof(lease),
				     .name = "Ann.Example" };
	gw6c_addr_parse("2001:db8:1::2", &lease.inner);
	gw6c_addr_parse("2001:db8:2::", &lease.prefix);
	lease.prefix.bits = 48;
	CU_ASSERT_EQUAL_FATAL(ops->open(&fake.host, &self, &err), GW6C_OK);
}

static void set(const char *key, const char *value)
{
	for (int i = 0; i < FAKE_OPTIONS && fake.option[i].key; i++)
		if (strcmp(fake.option[i].key, key) == 0) {
			fake.option[i].value = value;
			return;
		}
	fake_host_option(&fake, key, value);
}

static int tell(enum gw6c_fact fact, enum gw6c_reason reason)
{
	const struct gw6c_plan plan = { .size = sizeof(plan) };
	const struct gw6c_news news = { .size = sizeof(news),
					.fact = fact,
					.reason = reason,
					.why = "",
					.lease = &lease,
					.plan = &plan };

	return ops->tell(self, &news);
}

/* READY, and the first look. */
static void ready(void)
{
	CU_ASSERT_EQUAL(tell(GW6C_READY, GW6C_FOR_NOTHING), GW6C_OK);
	fake_host_pass(&fake, 299);
	CU_ASSERT_EQUAL(runs, 0);
	fake_host_pass(&fake, 1);
}

static void leave(void)
{
	ops->close(self);
	CU_ASSERT_FALSE(running);
	CU_ASSERT_EQUAL(fake_host_left(&fake), 0);
	CU_ASSERT_STRING_EQUAL(text_of(journal), "");
}

static void ask_as(const char *feature, const char *text, mode_t mode)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s.names", dir, feature);
	unlink(path);
	if (!text)
		return;
	file = fopen(path, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	fclose(file);
	chmod(path, mode);
}

static void ask(const char *text, mode_t mode)
{
	ask_as("cams", text, mode);
}

static bool told(const char *text)
{
	return strstr(fake.log, text) != NULL;
}

static void our_name_is_sent_once_and_follows_the_address(void)
{
	char path[128];

	begin("nsupdate");
	CU_ASSERT_STRING_EQUAL(status_of("state"), "waiting for the tunnel");
	ready();
	CU_ASSERT_EQUAL(runs, 1);
	CU_ASSERT_STRING_EQUAL(command, "nsupdate -v -t 10 -k dns.key");
	CU_ASSERT_STRING_EQUAL(input, "server ns.example 53\n"
				      "update delete ann.example. AAAA\n"
				      "update add ann.example. 300 AAAA "
				      "2001:db8:1::2\nsend\n");
	CU_ASSERT_PTR_NOT_NULL(strstr(saved, "\nann.example AAAA\n"));
	CU_ASSERT_STRING_EQUAL(status_of("state"), "publishing");
	CU_ASSERT_STRING_EQUAL(status_of("name_1"),
			       "ann.example AAAA 2001:db8:1::2 PENDING");
	finish(NULL, 0);
	CU_ASSERT_STRING_EQUAL(status_of("state"), "published");
	CU_ASSERT_STRING_EQUAL(status_of("name_1"),
			       "ann.example AAAA 2001:db8:1::2 SUCCESS");
	CU_ASSERT_STRING_EQUAL(status_of("success"), "1");
	snprintf(path, sizeof(path), "%s/dns-update.state", dir);
	CU_ASSERT_STRING_EQUAL(text_of(path), "ann.example SUCCESS\n");
	CU_ASSERT_STRING_EQUAL(fake.log,
			       "3 1 name published, 0 names deleted, from "
			       "ann.example on; by nsupdate\n");
	fake_host_pass(&fake, 60000);
	CU_ASSERT_EQUAL(tell(GW6C_LEAVING, GW6C_FOR_LOSS), GW6C_OK);
	CU_ASSERT_EQUAL(tell(GW6C_DOWN, GW6C_FOR_LOSS), GW6C_OK);
	CU_ASSERT_EQUAL(tell(GW6C_READY, GW6C_FOR_NOTHING), GW6C_OK);
	fake_host_pass(&fake, 60000);
	CU_ASSERT_EQUAL(runs, 1);
	gw6c_addr_parse("2001:db8:1::3", &lease.inner);
	tell(GW6C_CHANGED, GW6C_FOR_RENEWAL);
	fake_host_pass(&fake, 300);
	CU_ASSERT_EQUAL(runs, 2);
	CU_ASSERT_PTR_NOT_NULL(strstr(input, "update delete ann.example. AAAA\n"
					     "update add ann.example. 300 AAAA "
					     "2001:db8:1::3\n"));
	finish(NULL, 0);
	CU_ASSERT_EQUAL(tell(GW6C_LEAVING, GW6C_FOR_STOP), GW6C_LATER);
	CU_ASSERT_EQUAL(runs, 3);
	CU_ASSERT_STRING_EQUAL(command, "nsupdate -v -t 4 -k dns.key");
	CU_ASSERT_STRING_EQUAL(input, "server ns.example 53\n"
				      "update delete ann.example. AAAA\n"
				      "send\n");
	CU_ASSERT_EQUAL(dones, 0);
	finish(NULL, 0);
	CU_ASSERT_EQUAL(dones, 1);
	CU_ASSERT_EQUAL(tell(GW6C_DOWN, GW6C_FOR_STOP), GW6C_OK);
	leave();
	CU_ASSERT_EQUAL(access(path, F_OK), -1);
	CU_ASSERT_EQUAL(runs, 3);
}

static void names_of_options_follow_the_prefix(void)
{
	begin("nsupdate");
	names[0] = "nas=prefix::5/https/8443";
	names[1] = "b_d=tunnel";
	ready();
	CU_ASSERT_PTR_NOT_NULL(strstr(input,
				      "update add nas.ann.example. 300 AAAA "
				      "2001:db8:2::5\n"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(input, "update add nas.ann.example. 300 HTTPS 1 . "
			      "port=8443\n"));
	CU_ASSERT_TRUE(told("2 names: \"b_d\" is no name"));
	finish(NULL, 0);
	lease.prefix = (struct gw6c_addr){ 0 };
	tell(GW6C_CHANGED, GW6C_FOR_RENEWAL);
	fake_host_pass(&fake, 5299);
	CU_ASSERT_EQUAL(runs, 1);
	fake_host_pass(&fake, 1001);
	CU_ASSERT_EQUAL(runs, 2);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(input, "update delete nas.ann.example. HTTPS\n"));
	CU_ASSERT_PTR_NULL(strstr(input, "update add"));
	finish(NULL, 0);
	CU_ASSERT_EQUAL(tell(GW6C_LEAVING, GW6C_FOR_STOP), GW6C_LATER);
	finish(NULL, 0);
	leave();
}

/* A name that is asked for and cannot be published is no secret. */
static void what_cannot_be_published_is_told(void)
{
	char path[128];

	begin("print");
	snprintf(path, sizeof(path), "%s/dns-update.state", dir);
	names[0] = "nas=prefix::20/https/8443";
	names[1] = "nas=lan::20";
	ask("cam prefix::5\ncam 2001:db8::5\n", 0644);
	lease.prefix = (struct gw6c_addr){ 0 };
	set("name", "none");
	ready();
	CU_ASSERT_STRING_EQUAL(status_of("state"), "published in part");
	CU_ASSERT_STRING_EQUAL(status_of("success"), "1");
	CU_ASSERT_STRING_EQUAL(status_of("pending"), "3");
	CU_ASSERT_STRING_EQUAL(status_of("errors"), "0");
	CU_ASSERT_STRING_EQUAL(status_of("error"),
			       "nas.ann.example: there is no delegated prefix");
	CU_ASSERT_STRING_EQUAL(
		status_of("name_2"),
		"nas.ann.example: there is no delegated prefix PENDING");
	CU_ASSERT_STRING_EQUAL(
		status_of("name_3"),
		"nas.ann.example: there is no network of if_prefix PENDING");
	CU_ASSERT_STRING_EQUAL(text_of(path), "nas.ann.example PENDING\n"
					      "cam.ann.example PENDING\n");
	/* There is one, but too long for that suffix. */
	ask(NULL, 0);
	names[1] = NULL;
	names[0] = "nas=prefix::1:0:0:0:0:20";
	gw6c_addr_parse("2001:db8:2::", &lease.prefix);
	lease.prefix.bits = 64;
	tell(GW6C_CHANGED, GW6C_FOR_RENEWAL);
	fake_host_pass(&fake, 300);
	fake_host_pass(&fake, 6000);
	CU_ASSERT_STRING_EQUAL(status_of("errors"), "1");
	CU_ASSERT_STRING_EQUAL(status_of("pending"), "0");
	CU_ASSERT_STRING_EQUAL(status_of("state"), "published in part");
	CU_ASSERT_PTR_NOT_NULL(strstr(status_of("name_1"), " ERROR"));
	CU_ASSERT_STRING_EQUAL(text_of(path), "nas.ann.example ERROR\n");
	names[0] = "nas=prefix::20";
	fake_host_pass(&fake, 2000);
	CU_ASSERT_STRING_EQUAL(status_of("state"), "published");
	CU_ASSERT_STRING_EQUAL(status_of("error"), "");
	CU_ASSERT_STRING_EQUAL(status_of("errors"), "0");
	CU_ASSERT_STRING_EQUAL(text_of(path), "nas.ann.example SUCCESS\n");
	CU_ASSERT_EQUAL(tell(GW6C_LEAVING, GW6C_FOR_STOP), GW6C_OK);
	leave();
}

static void what_the_back_end_cannot_publish_is_an_error(void)
{
	begin("ddns-proxy");
	set("name", "none");
	names[0] = "old=192.0.2.9";
	ready();
	CU_ASSERT_STRING_EQUAL(status_of("state"), "published in part");
	CU_ASSERT_STRING_EQUAL(status_of("errors"), "1");
	CU_ASSERT_STRING_EQUAL(status_of("name_1"),
			       "old.ann.example: ddns-proxy publishes no A "
			       "record ERROR");
	CU_ASSERT_EQUAL(tell(GW6C_LEAVING, GW6C_FOR_STOP), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(status_of("name_1"), "");
	leave();
}

static void other_features_ask_by_a_file(void)
{
	begin("nsupdate");
	set("name", "none");
	ask("cam tunnel\r\n# x\n\nc_m tunnel\nb 2001:db8::9", 0644);
	ask_as(".h", "hidden tunnel\n", 0644);
	ready();
	CU_ASSERT_PTR_NOT_NULL(
		strstr(input, "add cam.ann.example. 300 AAAA 2001:db8:1::2\n"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(input, "add b.ann.example. 300 AAAA 2001:db8::9\n"));
	CU_ASSERT_PTR_NULL(strstr(input, "hidden"));
	ask_as(".h", NULL, 0);
	CU_ASSERT_PTR_NULL(strstr(input, "add ann.example"));
	CU_ASSERT_TRUE(told("2 cams.names:4: \"c_m\" is no name"));
	finish(NULL, 0);
	fake.log[0] = 0;
	ask("cam 2001:db8::8\nc_m tunnel\n", 0644);
	fake_host_pass(&fake, 2000);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(input, "add cam.ann.example. 300 AAAA 2001:db8::8\n"));
	finish(NULL, 0);
	/* Another line: told again, and then no more. */
	CU_ASSERT_TRUE(told("2 cams.names:2: \"c_m\" is no name"));
	fake.log[0] = 0;
	fake_host_pass(&fake, 2000);
	CU_ASSERT_FALSE(told("c_m"));
	/* What others could write: what it asked for goes. */
	ask("evil tunnel\n", 0666);
	fake_host_pass(&fake, 2000);
	CU_ASSERT_TRUE(told("cams.names is not read: others own it"));
	fake_host_pass(&fake, 6000);
	CU_ASSERT_PTR_NULL(strstr(input, "evil"));
	ask(NULL, 0);
	if (running)
		finish(NULL, 0);
	if (tell(GW6C_LEAVING, GW6C_FOR_STOP) == GW6C_LATER)
		finish(NULL, 0);
	leave();
}

static void trouble_is_told_once_and_tried_again(void)
{
	begin("nsupdate");
	ready();
	finish("update failed: SERVFAIL", 2 << 8);
	CU_ASSERT_TRUE(told("2 cannot publish ann.example: the server has "
			    "failed (SERVFAIL)"));
	CU_ASSERT_TRUE(told("trying again in 5 s (1 of 10); the tunnel is not "
			    "affected\n"));
	CU_ASSERT_STRING_EQUAL(status_of("state"), "error");
	CU_ASSERT_STRING_EQUAL(status_of("error"),
			       "ann.example: the server has failed (SERVFAIL); "
			       "its log says why: perhaps it cannot write the "
			       "zone");
	CU_ASSERT_STRING_EQUAL(status_of("pending"), "1");
	fake.log[0] = 0;
	fake_host_pass(&fake, 4999);
	CU_ASSERT_EQUAL(runs, 1);
	fake_host_pass(&fake, 1);
	CU_ASSERT_EQUAL(runs, 2);
	finish("; TSIG error with server: tsig indicates error", 2 << 8);
	CU_ASSERT_TRUE(told("4 cannot publish"));
	CU_ASSERT_STRING_EQUAL(status_of("errors"), "1");
	/* The word of the server counts more than what came before. */
	tell(GW6C_DOWN, GW6C_FOR_LOSS);
	tell(GW6C_READY, GW6C_FOR_NOTHING);
	fake_host_pass(&fake, 300);
	line(run_arg, "; TSIG error with server: tsig indicates error");
	finish("update failed: NOTAUTH(BADKEY)", 2 << 8);
	CU_ASSERT_TRUE(told("2 cannot publish ann.example: the server does not "
			    "know the key (BADKEY)"));
	CU_ASSERT_TRUE(told("trying again in 600 s (1 of 10)"));
	tell(GW6C_DOWN, GW6C_FOR_LOSS);
	tell(GW6C_READY, GW6C_FOR_NOTHING);
	fake_host_pass(&fake, 300);
	finish(NULL, 0);
	CU_ASSERT_STRING_EQUAL(status_of("state"), "published");
	CU_ASSERT_STRING_EQUAL(status_of("error"), "");
	CU_ASSERT_EQUAL(tell(GW6C_LEAVING, GW6C_FOR_STOP), GW6C_LATER);
	finish(NULL, 0);
	leave();
}

/* What was refused is not wanted any more, and the former is still there. */
static void trouble_is_over_when_the_former_address_is_back(void)
{
	begin("nsupdate");
	ready();
	finish(NULL, 0);
	gw6c_addr_parse("2001:db8:1::3", &lease.inner);
	tell(GW6C_CHANGED, GW6C_FOR_RENEWAL);
	fake_host_pass(&fake, 300);
	finish("update failed: REFUSED", 2 << 8);
	CU_ASSERT_STRING_EQUAL(status_of("state"), "error");
	gw6c_addr_parse("2001:db8:1::2", &lease.inner);
	tell(GW6C_CHANGED, GW6C_FOR_RENEWAL);
	fake_host_pass(&fake, 300);
	CU_ASSERT_EQUAL(runs, 2);
	CU_ASSERT_STRING_EQUAL(status_of("state"), "published");
	CU_ASSERT_STRING_EQUAL(status_of("error"), "");
	CU_ASSERT_EQUAL(tell(GW6C_LEAVING, GW6C_FOR_STOP), GW6C_LATER);
	finish(NULL, 0);
	leave();
}

static void after_ten_attempts_it_is_told_that_it_was_the_last(void)
{
	begin("nsupdate");
	fail = 1;
	ready();
	fake_host_pass(&fake, 1834999);
	CU_ASSERT_EQUAL(runs, 9);
	CU_ASSERT_FALSE(told("given up"));
	fake_host_pass(&fake, 1);
	CU_ASSERT_EQUAL(runs, 10);
	CU_ASSERT_TRUE(told("2 cannot publish ann.example: cannot run "
			    "nsupdate; given up after 10 attempts"));
	fake_host_pass(&fake, 6000000);
	CU_ASSERT_EQUAL(runs, 10);
	CU_ASSERT_EQUAL(tell(GW6C_LEAVING, GW6C_FOR_STOP), GW6C_OK);
	unlink(journal);
	leave();
}

static void the_next_start_takes_back_what_is_not_wanted(void)
{
	FILE *file = fopen(journal, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs("old.ann.example A AAAA\nann.example AAAA\n", file);
	fclose(file);
	chmod(journal, 0600);
	begin("nsupdate");
	ops->sweep(&fake.host);
	CU_ASSERT_TRUE(told("3 2 names of a run that was killed may still be "
			    "there, from old.ann.example on"));
	CU_ASSERT_EQUAL(runs, 0);
	ready();
	CU_ASSERT_PTR_NULL(strstr(input, "old"));
	finish(NULL, 0);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text_of(journal), "\nold.ann.example A AAAA\n"));
	fake_host_pass(&fake, 5000);
	CU_ASSERT_EQUAL(runs, 2);
	CU_ASSERT_STRING_EQUAL(input, "server ns.example 53\n"
				      "update delete old.ann.example. A\n"
				      "update delete old.ann.example. AAAA\n"
				      "send\n");
	finish(NULL, 0);
	CU_ASSERT_PTR_NULL(strstr(text_of(journal), "old"));
	CU_ASSERT_EQUAL(tell(GW6C_LEAVING, GW6C_FOR_STOP), GW6C_LATER);
	finish(NULL, 0);
	leave();
}

static void put_journal(const char *text)
{
	write_key(journal, text);
}

/* Another back end cannot delete them: it is told, and they stay in the
 * journal. */
static void what_another_back_end_has_left_is_told(void)
{
	put_journal("by nsupdate\nold.ann.example A AAAA\nann.example AAAA\n");
	begin("print");
	CU_ASSERT_TRUE(told("2 to be deleted by hand: old.ann.example A AAAA, "
			    "published by nsupdate before"));
	CU_ASSERT_TRUE(told("2 to be deleted by hand: ann.example AAAA, "));
	CU_ASSERT_STRING_EQUAL(status_of("by_hand_1"),
			       "old.ann.example A AAAA to be deleted by hand "
			       "(nsupdate)");
	CU_ASSERT_STRING_EQUAL(
		status_of("by_hand_2"),
		"ann.example AAAA to be deleted by hand (nsupdate)");
	CU_ASSERT_STRING_EQUAL(status_of("by_hand_3"), "");
	CU_ASSERT_FALSE(told("killed"));
	ready();
	CU_ASSERT_FALSE(told("of no use any more: old"));
	ops->close(self);
	CU_ASSERT_STRING_EQUAL(
		text_of(journal),
		"by nsupdate\nold.ann.example A AAAA\nann.example AAAA\n");
	/* One that keeps a journal, too */
	begin("command");
	ops->sweep(&fake.host);
	CU_ASSERT_FALSE(told("killed"));
	ready();
	finish(NULL, 0);
	CU_ASSERT_PTR_NULL(strstr(command, "old"));
	CU_ASSERT_STRING_EQUAL(status_of("by_hand_1"),
			       "old.ann.example A AAAA to be deleted by hand "
			       "(nsupdate)");
	CU_ASSERT_EQUAL(tell(GW6C_LEAVING, GW6C_FOR_STOP), GW6C_LATER);
	CU_ASSERT_STRING_EQUAL(command, "/bin/cmd delete ann.example AAAA");
	CU_ASSERT_PTR_NOT_NULL(strstr(saved,
				      "\nby command\nann.example AAAA\n"
				      "by nsupdate\nold.ann.example A AAAA\n"
				      "ann.example AAAA\n"));
	finish(NULL, 0);
	ops->close(self);
	CU_ASSERT_PTR_NULL(strstr(text_of(journal), "command"));
	/* And the one that has published them takes them back. */
	begin("nsupdate");
	CU_ASSERT_STRING_EQUAL(status_of("by_hand_1"), "");
	CU_ASSERT_FALSE(told("by hand"));
	ready();
	finish(NULL, 0);
	fake_host_pass(&fake, 5000);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(input, "update delete old.ann.example. A\n"));
	finish(NULL, 0);
	CU_ASSERT_EQUAL(tell(GW6C_LEAVING, GW6C_FOR_STOP), GW6C_LATER);
	finish(NULL, 0);
	leave();
}

static void a_journal_that_names_no_back_end_is_told_where_none_deletes(void)
{
	put_journal("# x\nold.ann.example AAAA\n");
	begin("print");
	CU_ASSERT_TRUE(told("2 to be deleted by hand: old.ann.example AAAA, "
			    "published by others before"));
	ops->close(self);
	unlink(journal);
}

/* By a reload, in the midst of it. */
static void another_back_end_leaves_what_it_cannot_delete(void)
{
	struct gw6c_err err = { 0 };

	begin("nsupdate");
	ready();
	finish(NULL, 0);
	fake.log[0] = 0;
	set("by", "print");
	CU_ASSERT_EQUAL(ops->reload(self, &err), GW6C_OK);
	CU_ASSERT_TRUE(told("2 to be deleted by hand: ann.example AAAA, "
			    "published by nsupdate before"));
	CU_ASSERT_STRING_EQUAL(
		status_of("by_hand_1"),
		"ann.example AAAA to be deleted by hand (nsupdate)");
	set("by", "nsupdate");
	CU_ASSERT_EQUAL(ops->reload(self, &err), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(status_of("by_hand_1"), "");
	fake_host_pass(&fake, 300);
	CU_ASSERT_EQUAL(runs, 2);
	finish(NULL, 0);
	CU_ASSERT_EQUAL(tell(GW6C_LEAVING, GW6C_FOR_STOP), GW6C_LATER);
	finish(NULL, 0);
	leave();
}

/* What could not be taken back in time is in the journal. */
static void the_end_waits_for_nobody_for_long(void)
{
	begin("nsupdate");
	ready();
	CU_ASSERT_TRUE(running);
	CU_ASSERT_EQUAL(tell(GW6C_LEAVING, GW6C_FOR_STOP), GW6C_LATER);
	CU_ASSERT_EQUAL(ends, 1);
	CU_ASSERT_EQUAL(runs, 2);
	CU_ASSERT_STRING_EQUAL(status_of("state"), "leaving");
	fake_host_pass(&fake, 4499);
	CU_ASSERT_EQUAL(dones, 0);
	fake_host_pass(&fake, 1);
	CU_ASSERT_EQUAL(dones, 1);
	CU_ASSERT_EQUAL(ends, 2);
	CU_ASSERT_TRUE(told("2 1 name could not be deleted; the next start "
			    "does it\n"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text_of(journal), "\nann.example AAAA\n"));
	tell(GW6C_DOWN, GW6C_FOR_STOP);
	unlink(journal);
	leave();
	CU_ASSERT_EQUAL(runs, 2);
}

/* The server may be reached without the tunnel: it is waited for, and what was
 * deleted is no more in the journal, so that a later run does not delete what
 * others have put there since. */
static void a_tunnel_that_is_dead_at_the_end_is_no_reason_to_stay(void)
{
	begin("nsupdate");
	ready();
	finish(NULL, 0);
	tell(GW6C_DOWN, GW6C_FOR_LOSS);
	fake.log[0] = 0;
	ops->close(self);
	CU_ASSERT_EQUAL(runs, 1);
	CU_ASSERT_EQUAL(waits, 1);
	CU_ASSERT_EQUAL(limit_ms, 4500);
	CU_ASSERT_STRING_EQUAL(command, "nsupdate -v -t 4 -k dns.key");
	CU_ASSERT_STRING_EQUAL(input, "server ns.example 53\n"
				      "update delete ann.example. AAAA\n"
				      "send\n");
	CU_ASSERT_PTR_NOT_NULL(strstr(saved, "\nann.example AAAA\n"));
	CU_ASSERT_STRING_EQUAL(fake.log,
			       "3 0 names published, 1 name deleted, from "
			       "ann.example on; by nsupdate\n");
	CU_ASSERT_EQUAL(access(journal, F_OK), -1);
}

static void what_could_not_be_deleted_at_the_end_is_told_and_kept(void)
{
	begin("nsupdate");
	ready();
	finish(NULL, 0);
	tell(GW6C_DOWN, GW6C_FOR_LOSS);
	wait_said = "; Communication with ::1#53 failed: timed out";
	ops->close(self);
	CU_ASSERT_EQUAL(waits, 1);
	CU_ASSERT_TRUE(told("2 cannot delete ann.example: the server does not "
			    "answer"));
	CU_ASSERT_TRUE(told("2 1 name could not be deleted; the next start "
			    "does it\n"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text_of(journal), "\nann.example AAAA\n"));
	unlink(journal);
}

/* One that is refused does not keep the others there. */
static void at_a_dead_end_too_each_is_tried_alone(void)
{
	begin("nsupdate");
	names[0] = "nas=2001:db8::5";
	ready();
	finish(NULL, 0);
	tell(GW6C_DOWN, GW6C_FOR_LOSS);
	wait_said = "update failed: REFUSED";
	wait_bad = 2;
	ops->close(self);
	CU_ASSERT_EQUAL(waits, 3);
	CU_ASSERT_TRUE(told("2 cannot delete ann.example: the server refuses"));
	CU_ASSERT_TRUE(told("1 name deleted, from nas.ann.example on"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text_of(journal), "\nann.example AAAA\n"));
	CU_ASSERT_PTR_NULL(strstr(text_of(journal), "nas"));
	unlink(journal);
}

/* A reload that ends the session may have turned us off. */
static void a_reload_that_ends_the_session_takes_names_back(void)
{
	begin("nsupdate");
	ready();
	finish(NULL, 0);
	CU_ASSERT_EQUAL(tell(GW6C_LEAVING, GW6C_FOR_RELOAD), GW6C_LATER);
	CU_ASSERT_STRING_EQUAL(input, "server ns.example 53\n"
				      "update delete ann.example. AAAA\n"
				      "send\n");
	finish(NULL, 0);
	CU_ASSERT_EQUAL(dones, 1);
	CU_ASSERT_TRUE(told("1 name deleted"));
	CU_ASSERT_EQUAL(access(journal, F_OK), -1);
	tell(GW6C_DOWN, GW6C_FOR_RELOAD);
	leave();
	CU_ASSERT_EQUAL(runs, 2);
	CU_ASSERT_EQUAL(waits, 0);
}

static void other_options_are_taken_over(void)
{
	struct gw6c_err err = { 0 };

	begin("nsupdate");
	ready();
	finish(NULL, 0);
	set("server", "ns2.example");
	CU_ASSERT_EQUAL(ops->reload(self, &err), GW6C_OK);
	fake_host_pass(&fake, 300);
	CU_ASSERT_EQUAL(runs, 2);
	CU_ASSERT_PTR_NOT_NULL(strstr(input, "server ns2.example 53\n"));
	finish(NULL, 0);
	set("domain", "bob.example.");
	CU_ASSERT_EQUAL(ops->reload(self, &err), GW6C_OK);
	fake_host_pass(&fake, 300);
	CU_ASSERT_PTR_NOT_NULL(strstr(input, "add bob.example. 300 AAAA"));
	CU_ASSERT_PTR_NULL(strstr(input, "ann"));
	finish(NULL, 0);
	fake_host_pass(&fake, 5000);
	CU_ASSERT_PTR_NOT_NULL(strstr(input, "delete ann.example. AAAA"));
	finish(NULL, 0);
	CU_ASSERT_EQUAL(tell(GW6C_LEAVING, GW6C_FOR_STOP), GW6C_LATER);
	finish(NULL, 0);
	leave();
}

static void without_a_domain_nothing_is_published(void)
{
	begin("nsupdate");
	lease.name[0] = 0;
	ready();
	CU_ASSERT_EQUAL(runs, 0);
	CU_ASSERT_TRUE(told("2 nothing is published: the broker has given us "
			    "no domain name; set feature.dns-update.domain"));
	CU_ASSERT_STRING_EQUAL(status_of("state"), "error");
	snprintf(lease.name, sizeof(lease.name), "a b");
	tell(GW6C_CHANGED, GW6C_FOR_RENEWAL);
	fake_host_pass(&fake, 300);
	CU_ASSERT_EQUAL(runs, 0);
	CU_ASSERT_TRUE(told("\"a b\" is no domain name"));
	snprintf(lease.name, sizeof(lease.name), "a.b");
	tell(GW6C_CHANGED, GW6C_FOR_RENEWAL);
	fake_host_pass(&fake, 300);
	finish(NULL, 0);
	CU_ASSERT_STRING_EQUAL(status_of("state"), "published");
	CU_ASSERT_STRING_EQUAL(status_of("domain"), "a.b");
	lease.name[0] = 0;
	tell(GW6C_CHANGED, GW6C_FOR_RENEWAL);
	fake_host_pass(&fake, 300);
	CU_ASSERT_STRING_EQUAL(status_of("state"), "error");
	CU_ASSERT_STRING_EQUAL(status_of("domain"), "");
	CU_ASSERT_EQUAL(tell(GW6C_LEAVING, GW6C_FOR_STOP), GW6C_LATER);
	CU_ASSERT_PTR_NOT_NULL(strstr(input, "update delete a.b. AAAA\n"));
	finish(NULL, 0);
	leave();
}

static void a_command_is_run_for_each_record(void)
{
	begin("command");
	names[0] = "nas=2001:db8::5/https/8443";
	ready();
	CU_ASSERT_STRING_EQUAL(command, "/bin/cmd add ann.example AAAA 300 "
					"2001:db8:1::2");
	finish(NULL, 0);
	CU_ASSERT_STRING_EQUAL(command, "/bin/cmd add nas.ann.example AAAA 300 "
					"2001:db8::5");
	finish(NULL, 0);
	CU_ASSERT_STRING_EQUAL(command, "/bin/cmd add nas.ann.example HTTPS "
					"300 1 . port=8443");
	finish("no such zone", 1 << 8);
	CU_ASSERT_TRUE(told("2 cannot publish nas.ann.example: command: no "
			    "such zone; trying again in 5 s"));
	fake_host_pass(&fake, 5000);
	CU_ASSERT_STRING_EQUAL(command, "/bin/cmd delete nas.ann.example AAAA");
	fake_host_pass(&fake, 30000);
	CU_ASSERT_EQUAL(ends, 1);
	CU_ASSERT_TRUE(told("the command did not end within 30 s"));
	tell(GW6C_DOWN, GW6C_FOR_LOSS);
	ops->close(self);
	CU_ASSERT_EQUAL(fake_host_left(&fake), 0);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text_of(journal),
		       "\nann.example AAAA\nnas.ann.example AAAA HTTPS\n"));
	unlink(journal);
}

static void what_is_printed_needs_no_journal(void)
{
	begin("print");
	ops->sweep(&fake.host);
	CU_ASSERT_STRING_EQUAL(fake.log, "");
	ready();
	CU_ASSERT_EQUAL(runs, 0);
	CU_ASSERT_TRUE(told("3 to be created: ann.example. 300 IN AAAA "
			    "2001:db8:1::2\n"));
	CU_ASSERT_STRING_EQUAL(status_of("name_1"),
			       "ann.example AAAA 2001:db8:1::2 SUCCESS");
	CU_ASSERT_EQUAL(tell(GW6C_LEAVING, GW6C_FOR_STOP), GW6C_OK);
	CU_ASSERT_TRUE(told("3 of no use any more: ann.example. IN AAAA\n"));
	leave();
}

static void a_tunnel_of_ipv4_gets_an_a_record(void)
{
	begin("print");
	gw6c_addr_parse("192.0.2.7", &lease.inner);
	ready();
	CU_ASSERT_TRUE(told("to be created: ann.example. 300 IN A 192.0.2.7"));
	CU_ASSERT_EQUAL(tell(GW6C_LEAVING, GW6C_FOR_STOP), GW6C_OK);
	leave();
	begin("ddns-proxy");
	gw6c_addr_parse("192.0.2.7", &lease.inner);
	ready();
	CU_ASSERT_TRUE(told("2 name: ann.example is left out: ddns-proxy "
			    "publishes no A record"));
	leave();
}

/* Nothing is sent that could not be taken back. */
static void without_a_journal_nothing_is_sent(void)
{
	begin("nsupdate");
	CU_ASSERT_EQUAL(mkdir(journal, 0700), 0);
	ready();
	CU_ASSERT_EQUAL(runs, 0);
	CU_ASSERT_TRUE(told("2 cannot publish ann.example: cannot write "));
	rmdir(journal);
	fake_host_pass(&fake, 5000);
	CU_ASSERT_EQUAL(runs, 1);
	finish(NULL, 0);
	CU_ASSERT_EQUAL(tell(GW6C_LEAVING, GW6C_FOR_STOP), GW6C_LATER);
	finish(NULL, 0);
	leave();
}

/* --- the key ------------------------------------------------------------ */

static int key_rc(const char *text)
{
	struct gw6c_err err = { 0 };

	write_key("dns.key", text);
	return dns_key_check(&fake.host, &err);
}

static void a_key_is_what_tsig_keygen_makes(void)
{
	static const char *const good[] = {
		KEY,
		"# of mine\n/* so */ // and\nkey a.b { secret YQ==; algorithm "
		"HMAC-SHA512-256; };",
		"key a{algorithm \"hmac-md5.sig-alg.reg.int\";secret "
		"\"YWJj YWJj\";};",
		"key a { algorithm hmac-md5; secret \"+/+/\"; };",
	};
	static const char *const bad[] = {
		"",
		"\n",
		"nonsense\n",
		"options { };\n" KEY,
		KEY "zone \"x\" { type primary; };\n",
		KEY KEY,
		"key { algorithm hmac-md5; secret \"YQ==\"; };",
		"key \"\" { algorithm hmac-md5; secret \"YQ==\"; };",
		"key a { secret \"YQ==\"; };",
		"key a { algorithm hmac-md5; };",
		"key a { algorithm hmac-md4; secret \"YQ==\"; };",
		"key a { algorithm hmac-md5-; secret \"YQ==\"; };",
		"key a { algorithm hmac-md5-x; secret \"YQ==\"; };",
		"key a { algorithm hmac-sha256x; secret \"YQ==\"; };",
		"key a { algorithm hmac-md5; secret \"!!!!\"; };",
		"key a { algorithm hmac-md5; secret \"\"; };",
		"key a { algorithm hmac-md5; secret \"YQ=\"; };",
		"key a { algorithm hmac-md5; secret \"Y===\"; };",
		"key a { algorithm hmac-md5; secret \"YQ=a\"; };",
		"key a { algorithm hmac-md5; secret \"YQ==; };",
		"key a { algorithm hmac-md5; secret \"YQ==\" };",
		"key a { algorithm hmac-md5; secret \"YQ==\"; }",
		"key a { algorithm hmac-md5; secret \"YQ==\"; secret "
		"\"YQ==\"; };",
		"key a { algorithm hmac-md5; secret \"YQ==\"; b c; };",
		"key a { algorithm hmac-md5; secret \"YQ==\";",
		"/* key a { algorithm hmac-md5; secret \"YQ==\"; };",
	};

	begin("print");
	leave();
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		if (key_rc(good[i]) != GW6C_OK)
			CU_FAIL("a key is refused");
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (key_rc(bad[i]) != GW6C_ECONFIG) {
			fprintf(stderr, "not refused: %s\n", bad[i]);
			CU_FAIL("no key is taken");
		}
	}
	unlink("dns.key");
	mkdir("dns.key", 0700);
	set("key", "dns.key");
	CU_ASSERT_EQUAL(dns_key_check(&fake.host, &(struct gw6c_err){ 0 }),
			GW6C_ECONFIG);
	rmdir("dns.key");
	CU_ASSERT_EQUAL(dns_key_check(&fake.host, &(struct gw6c_err){ 0 }),
			GW6C_ECONFIG);
	set("key", "");
	CU_ASSERT_EQUAL(dns_key_check(&fake.host, &(struct gw6c_err){ 0 }),
			GW6C_OK);
}

/* nsupdate would say so, and go on without one. */
static void nothing_is_sent_without_the_key(void)
{
	begin("nsupdate");
	names[0] = "nas=2001:db8::5";
	write_key("dns.key", "key a { };");
	ready();
	CU_ASSERT_EQUAL(runs, 0);
	CU_ASSERT_TRUE(told("2 cannot publish ann.example and 1 more: the key "
			    "cannot be used"));
	CU_ASSERT_TRUE(told("dns.key has a key without algorithm or secret"));
	CU_ASSERT_STRING_EQUAL(status_of("state"), "error");
	CU_ASSERT_STRING_EQUAL(status_of("errors"), "2");
	CU_ASSERT_EQUAL(access(journal, F_OK), -1);
	write_key("dns.key", KEY);
	fake_host_pass(&fake, 600000);
	CU_ASSERT_EQUAL(runs, 1);
	finish(NULL, 0);
	CU_ASSERT_STRING_EQUAL(status_of("state"), "published");
	write_key("dns.key", "");
	tell(GW6C_DOWN, GW6C_FOR_LOSS);
	ops->close(self);
	CU_ASSERT_EQUAL(waits, 0);
	CU_ASSERT_TRUE(told("2 cannot delete ann.example and 1 more: the key "
			    "cannot be used"));
	unlink(journal);
}

/* Whatever comes of it, also where it was taken without a signature. */
static void what_was_sent_without_the_key_is_an_error(void)
{
	static const char *const lines[] = {
		"could not read key from k.{private,key}: file not found",
		"could not create key from hmac-md5:a:!: bad base64 encoding",
	};

	for (int i = 0; i < 4; i++) {
		begin("nsupdate");
		ready();
		line(run_arg, lines[i / 2]);
		finish(i % 2 ? "update failed: REFUSED" : NULL,
		       i % 2 ? 2 << 8 : 0);
		CU_ASSERT_TRUE(told("2 cannot publish ann.example: the key "
				    "cannot be used"));
		CU_ASSERT_TRUE(told(lines[i / 2]));
		CU_ASSERT_FALSE(told("(REFUSED)"));
		CU_ASSERT_STRING_EQUAL(status_of("state"), "error");
		tell(GW6C_DOWN, GW6C_FOR_LOSS);
		ops->close(self);
		unlink(journal);
	}
}

/* --- mistakes ----------------------------------------------------------- */

static char faults[2048];

static void fault(void *arg, int rc, const char *key, const char *text)
{
	size_t used = strlen(faults);

	(void)arg;
	snprintf(faults + used, sizeof(faults) - used, "%d %s: %s\n", rc, key,
		 text);
}

/* want NULL: nothing is wrong. */
static bool check(int inner, const char *want)
{
	faults[0] = 0;
	ops->check(&fake.host, inner, NULL, fault, NULL);
	return want ? strstr(faults, want) != NULL : !faults[0];
}

static void mistakes_are_found_before_the_start(void)
{
	char key[64];
	FILE *file;

	begin("print");
	leave();
	CU_ASSERT_TRUE(check(6, NULL));
	names[0] = "nas=tunnel/http";
	CU_ASSERT_TRUE(check(6, "-1 names: expected a name"));
	names[0] = NULL;
	set("domain", "a..b");
	CU_ASSERT_TRUE(check(6, "-1 domain: \"a..b\" is no"));
	set("domain", "a.b");
	set("name", "-a");
	set("user", "nobody-x");
	CU_ASSERT_TRUE(check(6, "-1 name: \"-a\" is no"));
	CU_ASSERT_PTR_NOT_NULL(strstr(faults, "-5 user: there is no user"));
	set("name", "none");
	set("user", "");
	set("by", "ddns-proxy");
	CU_ASSERT_TRUE(check(6, NULL));
	CU_ASSERT_TRUE(check(4, "-1 by: the DDNS proxy"));
	set("by", "command");
	set("command", "");
	CU_ASSERT_TRUE(check(6, "-1 command: no program"));
	set("command", "/nonexistent");
	CU_ASSERT_TRUE(check(6, "-5 command: /nonexistent: "));
	set("by", "nsupdate");
	set("server", "ns example");
	set("program", "/nonexistent");
	snprintf(key, sizeof(key), "%s/key", dir);
	file = fopen(key, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fclose(file);
	chmod(key, 0604);
	set("key", key);
	CU_ASSERT_TRUE(check(6, "-1 server: \"ns example\" is no"));
	CU_ASSERT_PTR_NOT_NULL(strstr(faults, "can be read by everybody"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(faults, "-5 program: there is no program /nonexistent"));
	chmod(key, 0640);
	set("server", "[2001:db8::1]");
	set("program", "sh");
	CU_ASSERT_TRUE(check(6, "-1 server: "));
	set("server", "2001:db8::1");
	CU_ASSERT_TRUE(check(6, "-5 key: "));
	CU_ASSERT_PTR_NULL(strstr(faults, "-1 key"));
	write_key(key, KEY);
	CU_ASSERT_TRUE(check(6, NULL));
	set("user", "nobody");
	CU_ASSERT_TRUE(check(6, "/key cannot be read by the user nobody"));
	unlink(key);
	CU_ASSERT_TRUE(check(6, "-5 key: "));
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(our_name_is_sent_once_and_follows_the_address),
		UNIT_TEST(names_of_options_follow_the_prefix),
		UNIT_TEST(what_cannot_be_published_is_told),
		UNIT_TEST(what_the_back_end_cannot_publish_is_an_error),
		UNIT_TEST(other_features_ask_by_a_file),
		UNIT_TEST(trouble_is_told_once_and_tried_again),
		UNIT_TEST(trouble_is_over_when_the_former_address_is_back),
		UNIT_TEST(after_ten_attempts_it_is_told_that_it_was_the_last),
		UNIT_TEST(the_next_start_takes_back_what_is_not_wanted),
		UNIT_TEST(what_another_back_end_has_left_is_told),
		UNIT_TEST(
			a_journal_that_names_no_back_end_is_told_where_none_deletes),
		UNIT_TEST(another_back_end_leaves_what_it_cannot_delete),
		UNIT_TEST(the_end_waits_for_nobody_for_long),
		UNIT_TEST(
			a_tunnel_that_is_dead_at_the_end_is_no_reason_to_stay),
		UNIT_TEST(
			what_could_not_be_deleted_at_the_end_is_told_and_kept),
		UNIT_TEST(at_a_dead_end_too_each_is_tried_alone),
		UNIT_TEST(a_reload_that_ends_the_session_takes_names_back),
		UNIT_TEST(other_options_are_taken_over),
		UNIT_TEST(without_a_domain_nothing_is_published),
		UNIT_TEST(a_command_is_run_for_each_record),
		UNIT_TEST(what_is_printed_needs_no_journal),
		UNIT_TEST(a_tunnel_of_ipv4_gets_an_a_record),
		UNIT_TEST(without_a_journal_nothing_is_sent),
		UNIT_TEST(a_key_is_what_tsig_keygen_makes),
		UNIT_TEST(nothing_is_sent_without_the_key),
		UNIT_TEST(what_was_sent_without_the_key_is_an_error),
		UNIT_TEST(mistakes_are_found_before_the_start),
	};
	int rc;

	ops = feature_dns_update_LTX_gw6c_plugin.feature;
	if (!mkdtemp(dir) || chdir(dir))
		return 1;
	snprintf(journal, sizeof(journal), "%s/journal", dir);
	rc = UNIT_RUN("names of the tunnel", tests);
	unlink("dns.key");
	rmdir(dir);
	return rc;
}
