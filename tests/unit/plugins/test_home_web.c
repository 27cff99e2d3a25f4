/* test_home_web.c - when the worker of Home Web is started, restarted, told to
 * leave and ended, and what it is given. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "plugins/features/home_web.h"
#include "tests/fake/fake_host.h"
#include "tests/unit/unit.h"
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

extern const struct gw6c_plugin feature_home_web_LTX_gw6c_plugin;
static const struct gw6c_feature_ops *ops;

#define MOST 12

static char dir[] = "/tmp/gw6c-home-web-XXXXXX";
static struct fake_host fake;
static struct gw6c_lease lease;
static void *self;
static const char *places; /* of the option "listen" */
static struct {
	bool runs;
	char conf[8192];
	int control; /* its end */
	void (*line)(void *arg, const char *text);
	void (*ended)(void *arg, int status);
	void *arg;
} child[MOST];
static int runs, ends, dones, listens;
static int refuse; /* this port; 1: all */
static char shown[40][2][512];
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

static struct gw6c_child *run(const struct gw6c_host *host,
			      const struct gw6c_run *what, struct gw6c_err *err)
{
	CU_ASSERT_FATAL(runs < MOST);
	(void)host;
	(void)err;
	CU_ASSERT_EQUAL(what->flags, 0);
	CU_ASSERT_STRING_EQUAL(what->argv[0], "/libexec/worker");
	CU_ASSERT_PTR_NULL(what->env);
	CU_ASSERT_TRUE(what->max_files >= 20);
	memset(&child[runs], 0, sizeof(child[runs]));
	memcpy(child[runs].conf, what->input.at, what->input.len);
	child[runs].control =
		fcntl(what->fds[what->n_fds - 1], F_DUPFD_CLOEXEC, 3);
	child[runs].runs = true;
	child[runs].line = what->line;
	child[runs].ended = what->ended;
	child[runs].arg = what->arg;
	return (struct gw6c_child *)&child[runs++];
}

static void end(const struct gw6c_host *host, struct gw6c_child *given)
{
	(void)host;
	for (int i = 0; i < runs; i++)
		if ((void *)&child[i] == (void *)given) {
			CU_ASSERT_TRUE(child[i].runs);
			child[i].runs = false;
			close(child[i].control);
			ends++;
		}
}

static void dies(int i, int with)
{
	child[i].runs = false;
	close(child[i].control);
	child[i].ended(child[i].arg, with);
}

/* What it was told since. */
static char told(int i)
{
	char word = 0;

	return recv(child[i].control, &word, 1, MSG_DONTWAIT) == 1 ? word : 0;
}

/* Those that the feature has open. */
static int sockets_open(void)
{
	struct stat wanted, at;
	int n = 0;

	if (stat("/dev/full", &wanted) < 0)
		return -1;
	for (int fd = 0; fd < 256; fd++)
		n += fstat(fd, &at) == 0 && at.st_rdev == wanted.st_rdev;
	return n;
}

static int listens_at(const struct gw6c_host *host,
		      const struct gw6c_addr *addr, uint16_t port,
		      struct gw6c_err *err)
{
	(void)host;
	(void)addr;
	listens++;
	if (!refuse || (refuse > 1 && refuse != port))
		return open("/dev/full", O_RDONLY | O_CLOEXEC);
	return gw6c_fail(err, GW6C_EOS, "port %u is taken", (unsigned)port);
}

static const char *item(const struct gw6c_host *host, const char *key,
			unsigned n)
{
	static char word[64];
	const char *at = strcmp(key, "listen") ? "" : places;

	(void)host;
	for (; n && *at; n--)
		at += strcspn(at, " ") + (at[strcspn(at, " ")] == ' ');
	snprintf(word, sizeof(word), "%.*s", (int)strcspn(at, " "), at);
	return *word ? word : NULL;
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

static int tell(enum gw6c_fact fact, enum gw6c_reason reason)
{
	const struct gw6c_news news = { .size = sizeof(news),
					.fact = fact,
					.reason = reason,
					.why = "",
					.lease = &lease };

	return ops->tell(self, &news);
}

static void change(const char *key, const char *value)
{
	for (int i = 0; i < FAKE_OPTIONS && fake.option[i].key; i++)
		if (strcmp(fake.option[i].key, key) == 0)
			fake.option[i].value = value;
}

/* A file in dir, with its name as its text. */
static void make(char path[64], const char *name)
{
	FILE *out;

	snprintf(path, 64, "%s/%s", dir, name);
	out = fopen(path, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	fputs(name, out);
	fclose(out);
}

static void begin(void)
{
	const struct passwd *us = getpwuid(geteuid());
	struct gw6c_err err = { 0 };

	ops = feature_home_web_LTX_gw6c_plugin.feature;
	fake_host_init(&fake);
	fake_host_option(&fake, "root", dir);
	fake_host_option(&fake, "user", us ? us->pw_name : "root");
	fake_host_option(&fake, "port", "80");
	fake_host_option(&fake, "tls_port", "443");
	fake_host_option(&fake, "worker", "/libexec/worker");
	fake_host_option(&fake, "connections", "10");
	fake.host.run = run;
	fake.host.end = end;
	fake.host.listen = listens_at;
	fake.host.item = item;
	fake.host.status = status;
	fake.host.done = done;
	places = "tunnel";
	runs = ends = dones = listens = refuse = n_shown = 0;
	lease = (struct gw6c_lease){ .size = sizeof(lease), .mtu = 1280 };
	gw6c_addr_parse("2001:db8::2", &lease.inner);
	snprintf(lease.name, sizeof(lease.name), "ann.example");
	CU_ASSERT_EQUAL_FATAL(ops->open(&fake.host, &self, &err), GW6C_OK);
}

static void finish(void)
{
	ops->close(self);
	for (int i = 0; i < runs; i++)
		CU_ASSERT_FALSE(child[i].runs);
	CU_ASSERT_EQUAL(fake_host_left(&fake), 0);
}

static void serves_when_packets_pass(void)
{
	begin();
	CU_ASSERT_STRING_EQUAL(status_of("state"), "waiting for the tunnel");
	CU_ASSERT_EQUAL(tell(GW6C_READY, GW6C_FOR_NOTHING), GW6C_OK);
	CU_ASSERT_EQUAL(runs, 1);
	CU_ASSERT_EQUAL(listens, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(child[0].conf, "http=3\nroot=4\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(child[0].conf, "name=ann.example\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(child[0].conf, "\ncontrol=5\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(child[0].conf, "\nconnections=10\n"));
	CU_ASSERT_STRING_EQUAL(status_of("state"), "starting");
	child[0].line(child[0].arg, "ready landlock 4, seccomp");
	CU_ASSERT_STRING_EQUAL(status_of("state"), "serving");
	CU_ASSERT_STRING_EQUAL(status_of("sandbox"), "landlock 4, seccomp");
	CU_ASSERT_STRING_EQUAL(status_of("address"), "http://[2001:db8::2]/");
	child[0].line(child[0].arg, "count 7 800 2 3");
	CU_ASSERT_STRING_EQUAL(status_of("requests"), "7");
	CU_ASSERT_STRING_EQUAL(status_of("octets"), "800");
	CU_ASSERT_STRING_EQUAL(status_of("errors"), "2");
	CU_ASSERT_STRING_EQUAL(status_of("connections"), "3");
	child[0].line(child[0].arg, "certificate 784111777 a.example");
	CU_ASSERT_STRING_EQUAL(status_of("certificate_end"),
			       "1994-11-06T08:49:37Z");
	CU_ASSERT_STRING_EQUAL(status_of("certificate_name"), "a.example");
	finish();
}

static void follows_the_address(void)
{
	begin();
	tell(GW6C_READY, GW6C_FOR_NOTHING);
	child[0].line(child[0].arg, "ready x");
	child[0].line(child[0].arg, "count 1 10 0 1");
	tell(GW6C_CHANGED, GW6C_FOR_MOVE);
	CU_ASSERT_EQUAL(runs, 1); /* the same address */
	CU_ASSERT_EQUAL(told(0), 0);
	gw6c_addr_parse("2001:db8::3", &lease.inner);
	tell(GW6C_CHANGED, GW6C_FOR_RENEWAL);
	CU_ASSERT_EQUAL(runs, 2);
	CU_ASSERT_EQUAL(listens, 2);
	CU_ASSERT_EQUAL(told(0), 0); /* until the other one serves */
	child[1].line(child[1].arg, "ready x");
	CU_ASSERT_EQUAL(told(0), 'L');
	CU_ASSERT_TRUE(child[0].runs); /* for what runs there */
	child[1].line(child[1].arg, "count 2 5 0 1");
	CU_ASSERT_STRING_EQUAL(status_of("requests"), "3");
	CU_ASSERT_STRING_EQUAL(status_of("connections"), "2");
	dies(0, 0);
	CU_ASSERT_STRING_EQUAL(status_of("requests"), "3");
	CU_ASSERT_STRING_EQUAL(status_of("connections"), "1");
	CU_ASSERT_STRING_EQUAL(status_of("state"), "serving");
	CU_ASSERT_STRING_EQUAL(status_of("restarts"), "0");
	finish();
}

static void keeps_few_old_workers(void)
{
	begin();
	for (int i = 2; i < 9; i++) {
		char text[32];

		snprintf(text, sizeof(text), "2001:db8::%d", i);
		gw6c_addr_parse(text, &lease.inner);
		tell(i == 2 ? GW6C_READY : GW6C_CHANGED, GW6C_FOR_MOVE);
	}
	CU_ASSERT_EQUAL(runs, 7);
	CU_ASSERT_EQUAL(ends, 2);
	CU_ASSERT_FALSE(child[1].runs);
	CU_ASSERT_TRUE(child[2].runs);
	fake_host_pass(&fake, 300000);
	CU_ASSERT_EQUAL(ends, 6);
	CU_ASSERT_TRUE(child[6].runs);
	finish();
}

/* Five minutes are five minutes, whatever happens meanwhile. */
static void lets_each_linger_as_long(void)
{
	struct gw6c_err err = { 0 };

	begin();
	tell(GW6C_READY, GW6C_FOR_NOTHING);
	child[0].line(child[0].arg, "ready x");
	ops->reload(self, &err);
	child[1].line(child[1].arg, "ready x");
	CU_ASSERT_EQUAL(told(0), 'L');
	fake_host_pass(&fake, 200000);
	ops->reload(self, &err);
	child[2].line(child[2].arg, "ready x");
	CU_ASSERT_EQUAL(told(1), 'L');
	fake_host_pass(&fake, 99999);
	tell(GW6C_CHANGED, GW6C_FOR_MOVE);
	CU_ASSERT_EQUAL(ends, 0);
	fake_host_pass(&fake, 1);
	CU_ASSERT_EQUAL(ends, 1);
	CU_ASSERT_FALSE(child[0].runs);
	fake_host_pass(&fake, 199999);
	CU_ASSERT_TRUE(child[1].runs);
	fake_host_pass(&fake, 1);
	CU_ASSERT_FALSE(child[1].runs);
	CU_ASSERT_TRUE(child[2].runs);
	CU_ASSERT_EQUAL(told(2), 0);
	finish();
}

/* One that cannot serve takes no other one down with it. */
static void keeps_the_old_until_the_new_serves(void)
{
	struct gw6c_err err = { 0 };

	begin();
	tell(GW6C_READY, GW6C_FOR_NOTHING);
	child[0].line(child[0].arg, "ready one");
	child[0].line(child[0].arg, "count 4 10 0 1");
	ops->reload(self, &err);
	child[1].line(child[1].arg, "error no luck");
	dies(1, 256);
	CU_ASSERT_EQUAL(told(0), 0);
	CU_ASSERT_STRING_EQUAL(status_of("state"), "serving");
	CU_ASSERT_STRING_EQUAL(status_of("error"),
			       "the worker cannot serve: no luck");
	CU_ASSERT_STRING_EQUAL(status_of("sandbox"), "one");
	CU_ASSERT_STRING_EQUAL(status_of("address"), "http://[2001:db8::2]/");
	CU_ASSERT_EQUAL(sockets_open(), 1);
	CU_ASSERT_STRING_EQUAL(status_of("requests"), "4");
	CU_ASSERT_STRING_EQUAL(status_of("connections"), "1");
	child[0].line(child[0].arg, "count 5 10 0 1");
	CU_ASSERT_STRING_EQUAL(status_of("hap6_web"), "ERROR");
	fake_host_pass(&fake, 1000);
	CU_ASSERT_EQUAL(runs, 3);
	CU_ASSERT_EQUAL(told(0), 0);
	CU_ASSERT_STRING_EQUAL(status_of("requests"), "5");
	/* Once more new options, before it is ready. */
	ops->reload(self, &err);
	CU_ASSERT_EQUAL(runs, 4);
	CU_ASSERT_EQUAL(told(2), 'L');
	CU_ASSERT_EQUAL(told(0), 0);
	child[3].line(child[3].arg, "ready two");
	CU_ASSERT_EQUAL(told(0), 'L');
	CU_ASSERT_EQUAL(told(3), 0);
	CU_ASSERT_STRING_EQUAL(status_of("error"), "");
	dies(0, 0);
	CU_ASSERT_STRING_EQUAL(status_of("restarts"), "1");
	/* The old one ends first: the new one comes all the same. */
	ops->reload(self, &err);
	dies(3, 9);
	child[4].line(child[4].arg, "ready three");
	CU_ASSERT_STRING_EQUAL(status_of("state"), "serving");
	CU_ASSERT_STRING_EQUAL(status_of("requests"), "5");
	/* Both leave with the tunnel. */
	ops->reload(self, &err);
	CU_ASSERT_EQUAL(tell(GW6C_LEAVING, GW6C_FOR_STOP), GW6C_LATER);
	CU_ASSERT_EQUAL(told(4), 'L');
	CU_ASSERT_EQUAL(told(5), 'L');
	dies(4, 0);
	CU_ASSERT_EQUAL(dones, 0);
	fake_host_pass(&fake, 4000);
	CU_ASSERT_EQUAL(dones, 1);
	finish();
}

/* 1 s, 2 s, 4 s; and from 1 s again once it ran a minute. */
static void starts_it_again(void)
{
	begin();
	tell(GW6C_READY, GW6C_FOR_NOTHING);
	child[0].line(child[0].arg, "ready x");
	dies(0, 9);
	CU_ASSERT_STRING_EQUAL(status_of("state"), "error");
	CU_ASSERT_STRING_EQUAL(status_of("hap6_web"), "ERROR");
	CU_ASSERT_STRING_EQUAL(status_of("restarts"), "1");
	CU_ASSERT_PTR_NOT_NULL(strstr(fake.log, "status=25"));
	CU_ASSERT_EQUAL(sockets_open(), 0);
	CU_ASSERT_STRING_EQUAL(status_of("address"), "");
	fake_host_pass(&fake, 999);
	CU_ASSERT_EQUAL(runs, 1);
	fake_host_pass(&fake, 1);
	CU_ASSERT_EQUAL(runs, 2);
	CU_ASSERT_EQUAL(listens, 2); /* nobody waited for it meanwhile */
	CU_ASSERT_EQUAL(sockets_open(), 1);
	CU_ASSERT_STRING_EQUAL(status_of("address"), "http://[2001:db8::2]/");
	dies(1, 9);
	fake_host_pass(&fake, 1999);
	CU_ASSERT_EQUAL(runs, 2);
	fake_host_pass(&fake, 1);
	CU_ASSERT_EQUAL(runs, 3);
	child[2].line(child[2].arg, "ready x");
	CU_ASSERT_STRING_EQUAL(status_of("state"), "serving");
	CU_ASSERT_STRING_EQUAL(status_of("error"), "");
	CU_ASSERT_STRING_EQUAL(status_of("hap6_web"), "SUCCESS");
	fake_host_pass(&fake, 60000);
	dies(2, 9);
	fake_host_pass(&fake, 1000);
	CU_ASSERT_EQUAL(runs, 4);
	finish();
}

static void tells_what_the_worker_says(void)
{
	begin();
	tell(GW6C_READY, GW6C_FOR_NOTHING);
	child[0].line(child[0].arg, "error no luck");
	dies(0, 256);
	CU_ASSERT_STRING_EQUAL(status_of("error"),
			       "the worker cannot serve: no luck");
	finish();
}

static void tries_a_port_again(void)
{
	begin();
	refuse = 1;
	tell(GW6C_READY, GW6C_FOR_NOTHING);
	CU_ASSERT_EQUAL(runs, 0);
	CU_ASSERT_STRING_EQUAL(status_of("error"), "port 80 is taken");
	fake_host_pass(&fake, 1000);
	CU_ASSERT_EQUAL(listens, 2);
	refuse = 0;
	fake_host_pass(&fake, 2000);
	CU_ASSERT_EQUAL(listens, 3);
	CU_ASSERT_EQUAL(runs, 1);
	child[0].line(child[0].arg, "ready x");
	CU_ASSERT_STRING_EQUAL(status_of("state"), "serving");
	finish();
}

static int count_in_log(const char *text)
{
	int n = 0;

	for (const char *at = fake.log; (at = strstr(at, text)); at++)
		n++;
	return n;
}

/* All but https is there without it. */
static void serves_without_a_certificate(void)
{
	char cert[64], key[64];

	begin();
	make(key, "key.pem");
	snprintf(cert, sizeof(cert), "%s/later.pem", dir);
	fake_host_option(&fake, "certificate", cert);
	fake_host_option(&fake, "key", key);
	tell(GW6C_READY, GW6C_FOR_NOTHING);
	CU_ASSERT_EQUAL_FATAL(runs, 1);
	CU_ASSERT_PTR_NULL(strstr(child[0].conf, "cert="));
	CU_ASSERT_PTR_NULL(strstr(child[0].conf, "key="));
	child[0].line(child[0].arg, "ready x");
	CU_ASSERT_STRING_EQUAL(status_of("state"), "serving");
	CU_ASSERT_STRING_EQUAL(status_of("error"), "");
	CU_ASSERT_PTR_NOT_NULL(strstr(status_of("certificate_error"), cert));
	fake_host_pass(&fake, 20000);
	CU_ASSERT_EQUAL(count_in_log("certificate and key cannot be"), 1);
	CU_ASSERT_EQUAL(count_in_log("https answers nobody until"), 1);
	CU_ASSERT_EQUAL(told(0), 0);
	make(cert, "later.pem");
	CU_ASSERT_EQUAL(unlink(key), 0);
	fake_host_pass(&fake, 10000);
	CU_ASSERT_EQUAL(told(0), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(status_of("certificate_error"), key));
	fake_host_pass(&fake, 10000);
	CU_ASSERT_EQUAL(count_in_log("certificate and key cannot be"), 2);
	make(key, "key.pem");
	fake_host_pass(&fake, 10000);
	CU_ASSERT_EQUAL(told(0), 'C');
	CU_ASSERT_STRING_EQUAL(status_of("certificate_error"), "");
	fake_host_pass(&fake, 10000);
	CU_ASSERT_EQUAL(told(0), 0);
	CU_ASSERT_EQUAL(unlink(cert), 0);
	finish();
}

/* A bad one is told when the worker says so, and not with all that it says. */
static void tells_of_a_bad_certificate_once(void)
{
	begin();
	tell(GW6C_READY, GW6C_FOR_NOTHING);
	child[0].line(child[0].arg, "certificate-error no luck");
	child[0].line(child[0].arg, "ready x");
	CU_ASSERT_STRING_EQUAL(status_of("state"), "serving");
	CU_ASSERT_STRING_EQUAL(status_of("certificate_error"), "no luck");
	for (int i = 0; i < 5; i++)
		child[0].line(child[0].arg, "count 1 2 3 4");
	CU_ASSERT_EQUAL(count_in_log("no luck"), 1);
	CU_ASSERT_EQUAL(count_in_log("no luck; https answers nobody"), 1);
	child[0].line(child[0].arg, "certificate-error no luck");
	CU_ASSERT_EQUAL(count_in_log("no luck"), 2);
	child[0].line(child[0].arg, "certificate 784111777 a.example");
	CU_ASSERT_STRING_EQUAL(status_of("certificate_error"), "");
	CU_ASSERT_EQUAL(count_in_log("can be used again"), 1);
	child[0].line(child[0].arg, "certificate 784111777 a.example");
	CU_ASSERT_EQUAL(count_in_log("can be used again"), 1);
	child[0].line(child[0].arg, "count 2 2 3 4");
	CU_ASSERT_EQUAL(count_in_log("no luck"), 2);
	child[0].line(child[0].arg, "certificate-error bad");
	child[0].line(child[0].arg, "count 3 2 3 4");
	CU_ASSERT_EQUAL(count_in_log("bad; going on with the old ones"), 1);
	finish();
}

/* A whole word as text, with '|' for each NUL. */
static const char *told_text(int i)
{
	static char text[WEB_PEM_MAX];
	ssize_t len =
		recv(child[i].control, text, sizeof(text) - 1, MSG_DONTWAIT);

	if (len < 0)
		return "";
	text[len] = 0;
	for (ssize_t at = 0; at < len; at++)
		text[at] = text[at] ? text[at] : '|';
	return text;
}

static void write_file(const char *path, const char *text, size_t len)
{
	FILE *out = fopen(path, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	CU_ASSERT_EQUAL(fwrite(text, 1, len, out), len);
	fclose(out);
}

static void begin_with_certificate(char cert[64], char key[64])
{
	begin();
	make(cert, "cert");
	make(key, "key");
	fake_host_option(&fake, "certificate", cert);
	fake_host_option(&fake, "key", key);
	tell(GW6C_READY, GW6C_FOR_NOTHING);
	CU_ASSERT_STRING_EQUAL(told_text(0), "Ccert|key|");
	CU_ASSERT_STRING_EQUAL(told_text(0), "");
	child[0].line(child[0].arg, "certificate 784111777 a.example");
	child[0].line(child[0].arg, "ready x");
}

/* Whatever the files say now, and whichever worker it is. */
static void keeps_the_certificate_that_works(void)
{
	struct gw6c_err err = { 0 };
	char cert[64], key[64];

	begin_with_certificate(cert, key);
	write_file(cert, "rubbish", 7);
	fake_host_pass(&fake, 9999);
	CU_ASSERT_STRING_EQUAL(told_text(0), "");
	fake_host_pass(&fake, 1);
	CU_ASSERT_STRING_EQUAL(told_text(0), "Crubbish|key|");
	child[0].line(child[0].arg, "certificate-error no luck");
	CU_ASSERT_EQUAL(count_in_log("no luck; going on with the old"), 1);
	fake_host_pass(&fake, 10000);
	CU_ASSERT_STRING_EQUAL(told_text(0), "");
	/* New options. */
	ops->reload(self, &err);
	CU_ASSERT_STRING_EQUAL(told_text(1), "Bcert|key|");
	CU_ASSERT_STRING_EQUAL(told_text(1), "Crubbish|key|");
	child[1].line(child[1].arg, "certificate-before 784111777 a.example");
	child[1].line(child[1].arg, "certificate-error no luck");
	child[1].line(child[1].arg, "ready x");
	CU_ASSERT_STRING_EQUAL(status_of("state"), "serving");
	CU_ASSERT_STRING_EQUAL(status_of("certificate_name"), "a.example");
	CU_ASSERT_STRING_EQUAL(status_of("certificate_error"), "no luck");
	CU_ASSERT_EQUAL(count_in_log("no luck; going on with the old"), 2);
	/* A worker that died. */
	dies(1, 9);
	fake_host_pass(&fake, 1000);
	CU_ASSERT_STRING_EQUAL(told_text(2), "Bcert|key|");
	CU_ASSERT_STRING_EQUAL(told_text(2), "Crubbish|key|");
	child[2].line(child[2].arg, "certificate-before 784111777 a.example");
	child[2].line(child[2].arg, "certificate-error no luck");
	child[2].line(child[2].arg, "ready x");
	/* A tunnel that was away, and a file that is. */
	tell(GW6C_DOWN, GW6C_FOR_LOSS);
	CU_ASSERT_EQUAL(unlink(cert), 0);
	tell(GW6C_READY, GW6C_FOR_NOTHING);
	CU_ASSERT_STRING_EQUAL(told_text(3), "Bcert|key|");
	CU_ASSERT_STRING_EQUAL(told_text(3), "");
	CU_ASSERT_PTR_NOT_NULL(
		strstr(status_of("certificate_error"), "No such file"));
	CU_ASSERT_EQUAL(count_in_log("No such file or directory; going on"), 1);
	child[3].line(child[3].arg, "ready x");
	/* The next one. */
	write_file(cert, "two", 3);
	fake_host_pass(&fake, 10000);
	CU_ASSERT_STRING_EQUAL(told_text(3), "Ctwo|key|");
	CU_ASSERT_STRING_EQUAL(status_of("certificate_error"), "");
	child[3].line(child[3].arg, "certificate 784111778 b.example");
	ops->reload(self, &err);
	CU_ASSERT_STRING_EQUAL(told_text(4), "Btwo|key|");
	CU_ASSERT_STRING_EQUAL(told_text(4), "Ctwo|key|");
	/* There is to be no https any more. */
	change("certificate", "");
	ops->reload(self, &err);
	CU_ASSERT_STRING_EQUAL(told_text(5), "");
	change("certificate", cert);
	CU_ASSERT_EQUAL(unlink(cert), 0);
	ops->reload(self, &err);
	CU_ASSERT_STRING_EQUAL(told_text(6), "");
	finish();
}

/* Of two that are under way, an answer would not say which it is for. */
static void asks_for_one_certificate_at_a_time(void)
{
	struct gw6c_err err = { 0 };
	char cert[64], key[64];

	begin_with_certificate(cert, key);
	write_file(cert, "two", 3);
	fake_host_pass(&fake, 10000);
	CU_ASSERT_STRING_EQUAL(told_text(0), "Ctwo|key|");
	write_file(key, "three", 5);
	fake_host_pass(&fake, 10000);
	CU_ASSERT_STRING_EQUAL(told_text(0), "");
	child[0].line(child[0].arg, "certificate 784111778 b.example");
	fake_host_pass(&fake, 10000);
	CU_ASSERT_STRING_EQUAL(told_text(0), "Ctwo|three|");
	child[0].line(child[0].arg, "certificate-error no luck");
	write_file(key, "four", 4);
	fake_host_pass(&fake, 10000);
	CU_ASSERT_STRING_EQUAL(told_text(0), "Ctwo|four|");
	ops->reload(self, &err);
	CU_ASSERT_STRING_EQUAL(told_text(1), "Btwo|key|");
	CU_ASSERT_STRING_EQUAL(told_text(1), "Ctwo|four|");
	/* One that leaves has no say. */
	child[0].line(child[0].arg, "certificate 784111778 b.example");
	child[1].line(child[1].arg, "certificate-before 784111778 b.example");
	ops->reload(self, &err);
	CU_ASSERT_STRING_EQUAL(told_text(2), "Btwo|key|");
	finish();
}

/* What is no text is not sent at all. */
static void says_what_is_wrong_with_a_file(void)
{
	static char large[WEB_PEM_MAX + 1];
	static const struct {
		const char *text;
		size_t len;
		const char *told;
	} bad[] = { { "", 0, " is empty" },
		    { "DER\0", 4, " is not text (PEM)" },
		    { large, sizeof(large), " has more than 32768 octets" } };
	char cert[64], key[64], want[160];

	memset(large, 'x', sizeof(large));
	for (size_t i = 0; i < 2 * sizeof(bad) / sizeof(bad[0]); i++) {
		begin_with_certificate(cert, key);
		write_file(i % 2 ? key : cert, bad[i / 2].text, bad[i / 2].len);
		fake_host_pass(&fake, 10000);
		snprintf(want, sizeof(want), "%s%s", i % 2 ? key : cert,
			 bad[i / 2].told);
		CU_ASSERT_PTR_NOT_NULL(
			strstr(status_of("certificate_error"), want));
		CU_ASSERT_EQUAL(count_in_log(want), 1);
		CU_ASSERT_STRING_EQUAL(told_text(0), "");
		finish();
	}
	begin_with_certificate(cert, key);
	CU_ASSERT_EQUAL(unlink(key), 0);
	CU_ASSERT_EQUAL(mkdir(key, 0700), 0);
	fake_host_pass(&fake, 10000);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(status_of("certificate_error"), " is not a file"));
	CU_ASSERT_EQUAL(rmdir(key), 0);
	write_file(key, large, WEB_PEM_MAX);
	fake_host_pass(&fake, 10000);
	CU_ASSERT_EQUAL(told(0), 'C');
	CU_ASSERT_STRING_EQUAL(status_of("certificate_error"), "");
	finish();
}

/* Who redirects to https says nothing in clear, also while https has no socket:
 * the worker knows where it would be. */
static void redirects_to_https_that_is_not_there(void)
{
	char cert[64], key[64];

	begin();
	make(cert, "cert.pem");
	make(key, "key.pem");
	fake_host_option(&fake, "certificate", cert);
	fake_host_option(&fake, "key", key);
	fake_host_option(&fake, "redirect", "yes");
	change("tls_port", "8443");
	refuse = 8443;
	tell(GW6C_READY, GW6C_FOR_NOTHING);
	CU_ASSERT_EQUAL(runs, 1);
	CU_ASSERT_STRING_EQUAL(status_of("error"), "port 8443 is taken");
	CU_ASSERT_STRING_EQUAL(status_of("address"), "http://[2001:db8::2]/");
	CU_ASSERT_PTR_NULL(strstr(child[0].conf, "https="));
	CU_ASSERT_PTR_NOT_NULL(strstr(child[0].conf, "\ntls_port=8443\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(child[0].conf, "\nredirect=1\n"));
	finish();
	begin();
	tell(GW6C_READY, GW6C_FOR_NOTHING);
	CU_ASSERT_PTR_NULL(strstr(child[0].conf, "tls_port="));
	finish();
}

static void leaves_when_all_is_answered(void)
{
	begin();
	tell(GW6C_READY, GW6C_FOR_NOTHING);
	CU_ASSERT_EQUAL(tell(GW6C_LEAVING, GW6C_FOR_STOP), GW6C_LATER);
	CU_ASSERT_EQUAL(told(0), 'L');
	CU_ASSERT_EQUAL(dones, 0);
	CU_ASSERT_STRING_EQUAL(status_of("state"), "leaving");
	dies(0, 0);
	CU_ASSERT_EQUAL(dones, 1);
	CU_ASSERT_EQUAL(tell(GW6C_DOWN, GW6C_FOR_STOP), GW6C_OK);
	finish();
}

static void leaves_without_those_who_are_slow(void)
{
	begin();
	tell(GW6C_READY, GW6C_FOR_NOTHING);
	tell(GW6C_LEAVING, GW6C_FOR_STOP);
	fake_host_pass(&fake, 3999);
	CU_ASSERT_EQUAL(dones, 0);
	fake_host_pass(&fake, 1);
	CU_ASSERT_EQUAL(dones, 1);
	CU_ASSERT_EQUAL(ends, 1);
	tell(GW6C_DOWN, GW6C_FOR_STOP);
	CU_ASSERT_EQUAL(tell(GW6C_LEAVING, GW6C_FOR_STOP), GW6C_OK);
	finish();
}

/* What is being fetched may go on when the address is back. */
static void lets_a_lost_tunnel_come_back(void)
{
	begin();
	tell(GW6C_READY, GW6C_FOR_NOTHING);
	tell(GW6C_DOWN, GW6C_FOR_LOSS);
	CU_ASSERT_EQUAL(told(0), 'L');
	CU_ASSERT_TRUE(child[0].runs);
	tell(GW6C_READY, GW6C_FOR_NOTHING);
	CU_ASSERT_EQUAL(runs, 2);
	CU_ASSERT_TRUE(child[0].runs);
	tell(GW6C_DOWN, GW6C_FOR_STOP);
	CU_ASSERT_FALSE(child[0].runs);
	CU_ASSERT_FALSE(child[1].runs);
	finish();
}

static void takes_over_new_options(void)
{
	struct gw6c_err err = { 0 };

	begin();
	CU_ASSERT_EQUAL(ops->reload(self, &err), GW6C_OK);
	CU_ASSERT_EQUAL(runs, 0);
	tell(GW6C_READY, GW6C_FOR_NOTHING);
	CU_ASSERT_EQUAL(ops->reload(self, &err), GW6C_OK);
	CU_ASSERT_EQUAL(runs, 2);
	CU_ASSERT_EQUAL(listens, 1);
	CU_ASSERT_EQUAL(told(0), 'L');
	finish();
}

/* What could not be taken over is, as soon as it can. */
static void takes_over_late_what_it_could_not(void)
{
	char none[64], log[64], moved[80];
	struct gw6c_err err = { 0 };

	begin();
	snprintf(none, sizeof(none), "%s/none", dir);
	snprintf(log, sizeof(log), "%s/log", dir);
	snprintf(moved, sizeof(moved), "%s.old", log);
	fake_host_option(&fake, "access_log", log);
	tell(GW6C_READY, GW6C_FOR_NOTHING);
	child[0].line(child[0].arg, "ready x");
	change("root", none);
	gw6c_addr_parse("2001:db8::3", &lease.inner);
	tell(GW6C_CHANGED, GW6C_FOR_RENEWAL);
	CU_ASSERT_EQUAL_FATAL(runs, 1);
	CU_ASSERT_EQUAL(told(0), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(status_of("error"), none));
	CU_ASSERT_EQUAL(sockets_open(), 0);
	CU_ASSERT_STRING_EQUAL(status_of("address"), "");
	/* Its log is still looked after. */
	CU_ASSERT_EQUAL(rename(log, moved), 0);
	fake_host_pass(&fake, 10000);
	CU_ASSERT_EQUAL(access(log, F_OK), 0);
	CU_ASSERT_EQUAL(told(0), 'A');
	CU_ASSERT_EQUAL_FATAL(runs, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(status_of("error"), none));
	child[0].line(child[0].arg, "count 1 1 0 0");
	CU_ASSERT_PTR_NOT_NULL(strstr(status_of("error"), none));
	CU_ASSERT_STRING_EQUAL(status_of("hap6_web"), "ERROR");
	change("root", dir);
	fake_host_pass(&fake, 60000);
	CU_ASSERT_EQUAL_FATAL(runs, 2);
	CU_ASSERT_EQUAL(sockets_open(), 1);
	child[1].line(child[1].arg, "ready x");
	CU_ASSERT_STRING_EQUAL(status_of("error"), "");
	CU_ASSERT_STRING_EQUAL(status_of("address"), "http://[2001:db8::3]/");
	/* New options the same. */
	change("root", none);
	CU_ASSERT_EQUAL(ops->reload(self, &err), GW6C_OK);
	fake_host_pass(&fake, 60000);
	CU_ASSERT_EQUAL_FATAL(runs, 2);
	/* The same socket: it is served by the worker of before. */
	CU_ASSERT_EQUAL(sockets_open(), 1);
	change("root", dir);
	fake_host_pass(&fake, 60000);
	CU_ASSERT_EQUAL_FATAL(runs, 3);
	fake_host_pass(&fake, 60000);
	CU_ASSERT_EQUAL_FATAL(runs, 3);
	finish();
}

/* The site is worth more than its log. */
static void serves_without_its_log(void)
{
	char logs[64], log[80];
	const char *without = "going on without a log of requests";

	begin();
	snprintf(logs, sizeof(logs), "%s/logs", dir);
	snprintf(log, sizeof(log), "%s/log", logs);
	fake_host_option(&fake, "access_log", log);
	tell(GW6C_READY, GW6C_FOR_NOTHING);
	CU_ASSERT_EQUAL_FATAL(runs, 1);
	CU_ASSERT_PTR_NULL(strstr(child[0].conf, "\nlog="));
	child[0].line(child[0].arg, "ready x");
	CU_ASSERT_STRING_EQUAL(status_of("state"), "serving");
	CU_ASSERT_STRING_EQUAL(status_of("error"), "");
	CU_ASSERT_STRING_EQUAL(status_of("hap6_web"), "SUCCESS");
	CU_ASSERT_PTR_NOT_NULL(strstr(status_of("access_log_error"), log));
	CU_ASSERT_EQUAL(count_in_log(without), 1);
	fake_host_pass(&fake, 20000);
	CU_ASSERT_EQUAL(count_in_log(without), 1);
	CU_ASSERT_EQUAL(told(0), 0);
	CU_ASSERT_EQUAL(mkdir(logs, 0755), 0);
	fake_host_pass(&fake, 10000);
	CU_ASSERT_EQUAL(access(log, F_OK), 0);
	CU_ASSERT_EQUAL(told(0), 'A');
	CU_ASSERT_STRING_EQUAL(status_of("access_log_error"), "");
	CU_ASSERT_EQUAL(count_in_log("is written again"), 1);
	fake_host_pass(&fake, 20000);
	CU_ASSERT_EQUAL(told(0), 0);
	CU_ASSERT_EQUAL(count_in_log("is written again"), 1);
	/* It may be lost later, too. */
	CU_ASSERT_EQUAL(unlink(log), 0);
	CU_ASSERT_EQUAL(rmdir(logs), 0);
	fake_host_pass(&fake, 10000);
	CU_ASSERT_EQUAL(told(0), 0);
	CU_ASSERT_EQUAL(count_in_log(without), 2);
	CU_ASSERT_PTR_NOT_NULL(strstr(status_of("access_log_error"), log));
	CU_ASSERT_STRING_EQUAL(status_of("state"), "serving");
	finish();
}

/* Nobody waits at a socket that no worker has. */
static void refuses_where_nobody_serves(void)
{
	struct gw6c_err err = { 0 };
	char none[64];

	begin();
	snprintf(none, sizeof(none), "%s/none", dir);
	change("root", none);
	tell(GW6C_READY, GW6C_FOR_NOTHING);
	CU_ASSERT_EQUAL(runs, 0);
	CU_ASSERT_EQUAL(sockets_open(), 0);
	CU_ASSERT_STRING_EQUAL(status_of("state"), "error");
	CU_ASSERT_STRING_EQUAL(status_of("address"), "");
	change("root", dir);
	fake_host_pass(&fake, 1000);
	CU_ASSERT_EQUAL_FATAL(runs, 1);
	CU_ASSERT_EQUAL(sockets_open(), 1);
	child[0].line(child[0].arg, "ready x");
	/* A new one that fails has a socket more than that of before. */
	places = "tunnel ::1";
	ops->reload(self, &err);
	CU_ASSERT_EQUAL_FATAL(runs, 2);
	CU_ASSERT_EQUAL(sockets_open(), 2);
	dies(1, 9);
	CU_ASSERT_EQUAL(sockets_open(), 1);
	CU_ASSERT_STRING_EQUAL(status_of("address"), "http://[2001:db8::2]/");
	dies(0, 9);
	CU_ASSERT_EQUAL(sockets_open(), 0);
	CU_ASSERT_STRING_EQUAL(status_of("address"), "");
	fake_host_pass(&fake, 60000);
	CU_ASSERT_EQUAL(sockets_open(), 2);
	finish();
}

static void listens_where_it_is_told(void)
{
	struct web_sockets out;
	char text[256];

	begin();
	lease.router = true;
	snprintf(lease.lans[0].dev, GW6C_DEV, "lan0");
	gw6c_addr_parse("2001:db8:5::", &lease.lans[0].prefix);
	lease.lans[0].prefix.bits = 64;
	places = "tunnel lan 192.0.2.1 tunnel any";
	web_sockets_want(&fake.host, &lease, &out);
	CU_ASSERT_EQUAL(out.n, 4);
	for (int i = 0; i < out.n; i++)
		out.item[i].fd = 0;
	out.item[2].port = 8080;
	CU_ASSERT_STRING_EQUAL(web_sockets_text(&out, text, sizeof(text)),
			       "http://[2001:db8::2]/ http://[2001:db8:5::1]/ "
			       "http://192.0.2.1:8080/ http://[::]/");
	lease.router = false;
	places = "lan";
	web_sockets_want(&fake.host, &lease, &out);
	CU_ASSERT_EQUAL(out.n, 0);
	lease.inner = (struct gw6c_addr){ 0 };
	gw6c_addr_parse("192.0.2.7", &lease.inner);
	places = "tunnel";
	web_sockets_want(&fake.host, &lease, &out);
	CU_ASSERT_EQUAL(out.n, 0);
	CU_ASSERT_EQUAL(tell(GW6C_READY, GW6C_FOR_NOTHING), GW6C_OK);
	CU_ASSERT_EQUAL(runs, 0);
	CU_ASSERT_STRING_EQUAL(status_of("state"), "error");
	finish();
}

/* Those that do not fit are told, and the others serve. */
static void tells_which_sockets_do_not_fit(void)
{
	char cert[64];

	begin();
	make(cert, "cert.pem");
	places = "tunnel ::1 ::2 ::3 ::4 ::5 ::6 ::7 ::8 ::9";
	tell(GW6C_READY, GW6C_FOR_NOTHING);
	CU_ASSERT_EQUAL(listens, 10);
	CU_ASSERT_STRING_EQUAL(status_of("error"), "");
	finish();
	begin();
	places = "tunnel ::1 ::2 ::3 ::4 ::5 ::6 ::7 ::8 ::9 ::a ::a ::9";
	tell(GW6C_READY, GW6C_FOR_NOTHING);
	CU_ASSERT_EQUAL(listens, 10);
	CU_ASSERT_EQUAL(runs, 1);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(status_of("error"), "room for 10; name fewer"));
	finish();
	begin();
	fake_host_option(&fake, "certificate", cert);
	fake_host_option(&fake, "key", cert);
	places = "tunnel ::1 ::2 ::3 ::4 ::5";
	tell(GW6C_READY, GW6C_FOR_NOTHING);
	CU_ASSERT_EQUAL(listens, 10);
	CU_ASSERT_PTR_NOT_NULL(strstr(status_of("error"), "2 of the sockets"));
	finish();
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(serves_when_packets_pass),
		UNIT_TEST(follows_the_address),
		UNIT_TEST(keeps_few_old_workers),
		UNIT_TEST(lets_each_linger_as_long),
		UNIT_TEST(keeps_the_old_until_the_new_serves),
		UNIT_TEST(starts_it_again),
		UNIT_TEST(tells_what_the_worker_says),
		UNIT_TEST(tries_a_port_again),
		UNIT_TEST(serves_without_a_certificate),
		UNIT_TEST(tells_of_a_bad_certificate_once),
		UNIT_TEST(keeps_the_certificate_that_works),
		UNIT_TEST(asks_for_one_certificate_at_a_time),
		UNIT_TEST(says_what_is_wrong_with_a_file),
		UNIT_TEST(redirects_to_https_that_is_not_there),
		UNIT_TEST(leaves_when_all_is_answered),
		UNIT_TEST(leaves_without_those_who_are_slow),
		UNIT_TEST(lets_a_lost_tunnel_come_back),
		UNIT_TEST(takes_over_new_options),
		UNIT_TEST(takes_over_late_what_it_could_not),
		UNIT_TEST(serves_without_its_log),
		UNIT_TEST(refuses_where_nobody_serves),
		UNIT_TEST(listens_where_it_is_told),
		UNIT_TEST(tells_which_sockets_do_not_fit),
	};
	char command[64];
	int rc;

	if (!mkdtemp(dir) || chmod(dir, 0755) < 0)
		return 1;
	rc = UNIT_RUN("home-web: feature", tests);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command) ? 1 : rc;
}
