/* test_tunnel.c - how a tunnel starts and ends, and what features hear of it,
 * with a fake backend, mode, features, keepalive and loop. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/log.h"
#include "core/base/sockaddr.h"
#include "core/modules/wanted.h"
#include "core/tunnel/keepalive.h"
#include "core/tunnel/tunnel.h"
#include "fake_loop.h"
#include "tests/unit/unit.h"
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

/* Everything that happens, in order, in words. */
static char trace[2048];

GW6C_PRINTF(1, 2)
static void say(const char *fmt, ...)
{
	size_t used = strlen(trace);
	va_list args;

	va_start(args, fmt);
	vsnprintf(trace + used, sizeof(trace) - used, fmt, args);
	va_end(args);
	used = strlen(trace);
	snprintf(trace + used, sizeof(trace) - used, " ");
}

/* What happened since the last time this was asked. */
#define HAPPENED(want)                                                         \
	do {                                                                   \
		CU_ASSERT_STRING_EQUAL(trace, want);                           \
		if (strcmp(trace, want) != 0)                                  \
			fprintf(stderr, "%d: %s\n", __LINE__, trace);          \
		trace[0] = 0;                                                  \
	} while (0)

static int warnings;

void log_args(enum gw6c_level level, const char *tag, const char *fmt,
	      va_list args)
{
	(void)tag;
	(void)fmt;
	(void)args;
	warnings += level <= GW6C_WARN;
}

void log_msg(enum gw6c_level level, const char *tag, const char *fmt, ...)
{
	(void)tag;
	(void)fmt;
	warnings += level <= GW6C_WARN;
}

bool log_wants(enum gw6c_level level)
{
	return level <= GW6C_WARN;
}

void log_escape(const char *in, char *out, size_t len)
{
	snprintf(out, len, "%s", in);
}

/* --- the backend: "+1", "-1" for the steps by their value --- */

static const struct gw6c_host *os_host;
static struct tunnel *tunnel;

static struct {
	unsigned fail, later; /* value of the step to be added */
	unsigned undo_later;
	uint32_t gives;
	int fd;
	uint32_t mtu; /* of the lease that it was given */
	bool fail_lease;
	uint64_t received; /* by the kernel; 0: it cannot tell */
	int bound; /* the last descriptor of bind(); 0: none */
} os;

static int os_open(const struct gw6c_host *host, void **self,
		   struct gw6c_err *err)
{
	(void)err;
	os_host = host;
	*self = &os;
	return GW6C_OK;
}

static void os_close(void *self)
{
	(void)self;
}

static int os_step(void *self, struct gw6c_plan *plan, struct gw6c_step *step,
		   bool add, struct gw6c_err *err)
{
	(void)self;
	say("%c%u", add ? '+' : '-', step->value);
	if (step->verb == GW6C_LINK && add) {
		CU_ASSERT_EQUAL(plan->gives, 0);
		plan->gives = os.gives;
		plan->fd = os.fd;
	}
	if (add && step->value == os.fail)
		return gw6c_fail(err, GW6C_EOS, "refused");
	return step->value == (add ? os.later : os.undo_later) ? GW6C_LATER
							       : GW6C_OK;
}

static int os_show(void *self, const struct gw6c_plan *plan,
		   const struct gw6c_step *step, bool add,
		   void (*line)(void *arg, const char *text), void *arg,
		   struct gw6c_err *err)
{
	(void)self;
	(void)plan;
	(void)line;
	(void)arg;
	(void)err;
	say("show%c%u", add ? '+' : '-', step ? step->value : 0);
	return GW6C_OK;
}

static int os_lease(void *self, const struct gw6c_lease *given,
		    struct gw6c_err *err)
{
	(void)self;
	os.mtu = given->mtu;
	return os.fail_lease ? gw6c_fail(err, GW6C_ECONFIG, "no lease")
			     : GW6C_OK;
}

static bool os_received(void *self, const char *dev, uint64_t *packets)
{
	CU_ASSERT_PTR_EQUAL(self, &os);
	CU_ASSERT_STRING_EQUAL(dev, tunnel_plan(tunnel)->dev);
	*packets = os.received;
	return os.received;
}

static int os_bind(void *self, int fd, const char *dev, struct gw6c_err *err)
{
	CU_ASSERT_PTR_EQUAL(self, &os);
	CU_ASSERT_STRING_EQUAL(dev, tunnel_plan(tunnel)->dev);
	os.bound = fd;
	return gw6c_fail(err, GW6C_ENET, "no such device");
}

static void os_networks(void *self,
			void (*tell)(void *arg, const char *dev,
				     const struct gw6c_addr *network),
			void *arg)
{
	const struct gw6c_addr network = { .family = 6, .bits = 64 };

	CU_ASSERT_PTR_EQUAL(self, &os);
	tell(arg, "lan0", &network);
}

static struct gw6c_os_ops os_ops = { .size = sizeof(os_ops),
				     .open = os_open,
				     .close = os_close,
				     .step = os_step,
				     .lease = os_lease,
				     .bind = os_bind,
				     .received = os_received,
				     .networks = os_networks,
				     .show = os_show };
static const struct gw6c_os_ops dry_ops = { .size = sizeof(dry_ops),
					    .flags = GW6C_OS_DRY,
					    .open = os_open,
					    .close = os_close,
					    .step = os_step };
static const struct gw6c_plugin dry_plugin = { GW6C_HEAD(GW6C_OS, "dry", "-"),
					       .os = &dry_ops };
static const struct gw6c_plugin os_plugin = { GW6C_HEAD(GW6C_OS, "fake", "-"),
					      .os = &os_ops };

/* --- the modes: steps 1 to 3 --- */

static const struct gw6c_host *mode_host;
static struct {
	bool fail_plan, fail_open;
	uint32_t wants, value; /* of step 2 */
	uint64_t in_packets;
	int more; /* steps */
} mode;

static int mode_plan(const struct gw6c_lease *lease, struct gw6c_plan *plan,
		     struct gw6c_err *err)
{
	(void)lease;
	if (mode.fail_plan)
		return gw6c_fail(err, GW6C_EPEER, "no plan");
	plan->wants = mode.wants;
	plan->gives = 99;
	gw6c_plan_add(plan, GW6C_LINK)->value = 1;
	gw6c_plan_add(plan, GW6C_MTU)->value = mode.value;
	gw6c_plan_add(plan, GW6C_MTU)->value = 3;
	for (int i = 0; i < mode.more; i++)
		gw6c_plan_add(plan, GW6C_UP)->value = 9;
	return GW6C_OK;
}

static int mode_open(const struct gw6c_host *host,
		     const struct gw6c_lease *lease,
		     const struct gw6c_plan *plan, int sock, void **self,
		     struct gw6c_err *err)
{
	mode_host = host;
	*self = NULL;
	CU_ASSERT_EQUAL(plan->fd, os.fd);
	say("open(%s,%d)", lease->name, sock);
	return mode.fail_open ? gw6c_fail(err, GW6C_EOS, "no path") : GW6C_OK;
}

static void mode_close(void *self)
{
	(void)self;
	say("close");
}

static void mode_count(void *self, struct gw6c_counters *out)
{
	(void)self;
	out->in_packets = mode.in_packets;
}

static const struct gw6c_tunnel_ops udp_ops = { .size = sizeof(udp_ops),
						.overhead = 28,
						.plan = mode_plan,
						.open = mode_open,
						.close = mode_close,
						.count = mode_count };
static const struct gw6c_plugin udp_plugin = {
	GW6C_HEAD(GW6C_TUNNEL, "udp", "-"), .tunnel = &udp_ops
};
static const struct gw6c_tunnel_ops raw_ops = { .size = sizeof(raw_ops),
						.protocol = 41,
						.plan = mode_plan };
static const struct gw6c_plugin raw_plugin = {
	GW6C_HEAD(GW6C_TUNNEL, "raw", "-"), .tunnel = &raw_ops
};
static const struct gw6c_tunnel_ops own_ops = { .size = sizeof(own_ops),
						.protocol = 41,
						.plan = mode_plan,
						.open = mode_open,
						.close = mode_close };
static const struct gw6c_plugin own_plugin = {
	GW6C_HEAD(GW6C_TUNNEL, "own", "-"), .tunnel = &own_ops
};

/* --- the features: "a" and "b"; b has a plan and may leave later --- */

static const struct gw6c_host *feature_host[2];
static struct gw6c_news heard; /* the last news */
static struct gw6c_lease heard_lease, heard_before;
static char heard_why[GW6C_DOWN + 1][64]; /* the last of each fact */
static enum gw6c_reason heard_reason[GW6C_DOWN + 1];
static struct {
	bool later; /* b, at LEAVING */
	int steps; /* that b adds: 101, 102, ... */
	bool link, fail; /* of b's plan */
	bool also_a; /* adds step 50 */
} b;

static int feature_open_a(const struct gw6c_host *host, void **self,
			  struct gw6c_err *err)
{
	(void)err;
	feature_host[0] = host;
	*self = (void *)"a";
	say("open-a");
	return GW6C_OK;
}

static int feature_open_b(const struct gw6c_host *host, void **self,
			  struct gw6c_err *err)
{
	(void)err;
	feature_host[1] = host;
	*self = (void *)"b";
	return GW6C_OK;
}

static void feature_close(void *self)
{
	if (self && strcmp(self, "a") == 0)
		say("close-a");
}

static int feature_tell(void *self, const struct gw6c_news *news)
{
	static const char *const facts[] = { "?", "READY", "CHANGED", "LEAVING",
					     "DOWN" };

	heard = *news;
	heard_lease = *news->lease;
	heard_reason[news->fact] = news->reason;
	snprintf(heard_why[news->fact], sizeof(heard_why[0]), "%s", news->why);
	if (news->before)
		heard_before = *news->before;
	say("%s-%s", facts[news->fact], (const char *)self);
	return news->fact == GW6C_LEAVING && b.later &&
			       *(const char *)self == 'b'
		       ? GW6C_LATER
		       : GW6C_OK;
}

static int feature_plan(const struct gw6c_host *host,
			const struct gw6c_lease *lease, struct gw6c_plan *plan,
			struct gw6c_err *err)
{
	(void)lease;
	CU_ASSERT_PTR_EQUAL(host, feature_host[1]);
	plan->wants = 77;
	for (int i = 1; i <= b.steps; i++)
		gw6c_plan_add(plan, b.link ? GW6C_LINK : GW6C_ADDR)->value =
			100 + (uint32_t)i;
	return b.fail ? gw6c_fail(err, GW6C_ECONFIG, "no such LAN") : GW6C_OK;
}

static int feature_plan_a(const struct gw6c_host *host,
			  const struct gw6c_lease *given,
			  struct gw6c_plan *plan, struct gw6c_err *err)
{
	(void)host;
	(void)given;
	(void)err;
	if (b.also_a)
		gw6c_plan_add(plan, GW6C_ADDR)->value = 50;
	return GW6C_OK;
}

static const struct gw6c_opt opts[] = { { .key = "x", .type = GW6C_STR },
					{ .key = NULL } };
static const struct gw6c_feature_ops a_ops = { .size = sizeof(a_ops),
					       .open = feature_open_a,
					       .close = feature_close,
					       .tell = feature_tell,
					       .plan = feature_plan_a };
static const struct gw6c_feature_ops b_ops = { .size = sizeof(b_ops),
					       .open = feature_open_b,
					       .close = feature_close,
					       .tell = feature_tell,
					       .plan = feature_plan };
static const struct gw6c_plugin a_plugin = { GW6C_HEAD(GW6C_FEATURE, "a", "-"),
					     .opts = opts, .feature = &a_ops };
static const struct gw6c_plugin b_plugin = { GW6C_HEAD(GW6C_FEATURE, "b", "-"),
					     .opts = opts, .feature = &b_ops };

/* --- what core/modules would do --- */

int loader_get(struct loader *loader, enum gw6c_kind kind, const char *name,
	       const struct setting *at, const struct gw6c_plugin **out,
	       struct gw6c_err *err)
{
	static const struct gw6c_plugin *const all[] = {
		&udp_plugin, &raw_plugin, &own_plugin, &a_plugin, &b_plugin
	};

	(void)loader;
	(void)at;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i]->kind == kind && strcmp(all[i]->name, name) == 0) {
			*out = all[i];
			return GW6C_OK;
		}
	return gw6c_fail(err, GW6C_ECONFIG, "not installed");
}

int features_wanted(struct loader *loader, struct conf *from,
		    const struct settings *given, struct feature_list *out,
		    struct gw6c_err *err)
{
	(void)loader;
	(void)from;
	(void)given;
	(void)err;
	*out = (struct feature_list){ .item = { { .plugin = &a_plugin },
						{ .plugin = &b_plugin } },
				      .n = 2 };
	return GW6C_OK;
}

static uint32_t outer_mtu;

uint32_t sockaddr_mtu(const struct gw6c_addr *addr)
{
	(void)addr;
	return outer_mtu;
}

/* --- the keepalive --- */

static struct keepalive_events pings;
static struct {
	bool fail;
	int probes, doubts;
	struct gw6c_lease lease; /* it was begun for */
} keepalive;

int keepalive_start(struct loop *loop, const struct gw6c_lease *lease,
		    const struct keepalive_events *events,
		    struct keepalive **out, struct gw6c_err *err)
{
	(void)loop;
	keepalive.lease = *lease;
	if (keepalive.fail)
		return gw6c_fail(err, GW6C_EOS, "no raw socket");
	pings = *events;
	*out = (struct keepalive *)&keepalive;
	say("ping");
	return GW6C_OK;
}

void keepalive_stop(struct keepalive *ka)
{
	if (ka)
		say("hush");
}

void keepalive_now(struct keepalive *ka)
{
	keepalive.probes += ka != NULL;
}

void keepalive_doubt(struct keepalive *ka)
{
	keepalive.doubts += ka != NULL;
	say("doubt");
}

int64_t keepalive_age_ms(const struct keepalive *ka, double *rtt_ms)
{
	*rtt_ms = 2.5;
	return ka ? 17 : -1;
}

static void reply(void)
{
	pings.alive(pings.arg, 2.5);
}

/* --- the client --- */

static struct gw6c_err last;

static void on_started(void *arg, const struct gw6c_err *err)
{
	(void)arg;
	last = *err;
	say("started(%d)", err->rc);
}

static void on_stopped(void *arg)
{
	(void)arg;
	say("stopped");
}

static void on_alive(void *arg, double rtt_ms)
{
	(void)arg;
	say("alive(%.1f)", rtt_ms);
}

static void on_lost(void *arg, bool dead_peer, const struct gw6c_err *why)
{
	(void)arg;
	last = *why;
	say("lost(%d)", dead_peer);
}

static void on_control(void *arg, struct gw6c_bytes datagram)
{
	(void)arg;
	say("control(%zu)", datagram.len);
}

static void on_network_changed(void *arg)
{
	(void)arg;
	say("network");
}

static void on_damaged(void *arg, const char *what)
{
	(void)arg;
	say("damaged(%s)", what);
}

static char directory[] = "/tmp/gw6c-test-tunnel-XXXXXX";
static struct loop *loop;
static struct conf *conf;
static struct gw6c_lease lease;
static const struct settings settings = { .run_dir = directory };

static bool exists(const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return access(path, F_OK) == 0;
}

static void begin(const char *mode_name)
{
	const struct tunnel_events events = {
		.started = on_started,
		.stopped = on_stopped,
		.alive = on_alive,
		.lost = on_lost,
		.control = on_control,
		.network_changed = on_network_changed,
		.damaged = on_damaged,
	};
	struct tunnel_params params = { .settings = &settings,
					.os = &os_plugin,
					.events = &events };
	struct gw6c_err err = { 0 };

	memset(&os, 0, sizeof(os));
	memset(&mode, 0, sizeof(mode));
	memset(&b, 0, sizeof(b));
	memset(&keepalive, 0, sizeof(keepalive));
	mode.value = 2;
	os.fd = 7;
	lease = (struct gw6c_lease){ .size = sizeof(lease),
				     .name = "one",
				     .keepalive_s = 30 };
	snprintf(lease.mode, sizeof(lease.mode), "%s", mode_name);
	params.loop = loop = loop_new();
	params.conf = conf = conf_new();
	CU_ASSERT_EQUAL_FATAL(tunnel_new(&params, &tunnel, &err), GW6C_OK);
	HAPPENED("open-a ");
}

static void end(void)
{
	tunnel_free(tunnel);
	CU_ASSERT_EQUAL(fake_loop_left(), 0);
	CU_ASSERT_FALSE(exists("plan"));
	CU_ASSERT_FALSE(exists("features"));
	loop_free(loop);
	conf_free(conf);
	trace[0] = 0;
}

static void start(void)
{
	tunnel_start(tunnel, &lease, 5, GW6C_FOR_RENEWAL);
}

/* Up, and packets pass. */
static void up(const char *mode_name)
{
	begin(mode_name);
	start();
	reply();
	trace[0] = 0;
}

static void ready_comes_with_the_first_reply(void)
{
	begin("udp");
	start();
	HAPPENED("+1 +2 +3 open(one,5) ping started(0) ");
	reply();
	HAPPENED("READY-a READY-b alive(2.5) ");
	CU_ASSERT_EQUAL(heard.reason, GW6C_FOR_NOTHING);
	CU_ASSERT_STRING_EQUAL(heard.why, "");
	CU_ASSERT_PTR_NULL(heard.before);
	reply();
	HAPPENED("alive(2.5) ");
	CU_ASSERT_TRUE(exists("plan"));
	CU_ASSERT_TRUE(exists("features"));
	end();
}

static void without_keepalives_an_open_path_has_to_do(void)
{
	begin("udp");
	lease.keepalive_s = 0;
	start();
	HAPPENED("+1 +2 +3 open(one,5) READY-a READY-b started(0) ");
	end();
	begin("udp");
	keepalive.fail = true;
	start();
	HAPPENED("+1 +2 +3 open(one,5) READY-a READY-b started(0) ");
	end();
}

static void a_packet_that_came_in_proves_it_as_well(void)
{
	begin("udp");
	start();
	trace[0] = 0;
	pings.round(pings.arg);
	HAPPENED("");
	mode.in_packets = 1;
	pings.round(pings.arg);
	HAPPENED("READY-a READY-b ");
	pings.round(pings.arg);
	HAPPENED("");
	end();
}

static void another_routers_tunnel_is_no_news(void)
{
	begin("raw");
	lease.proxy = true;
	b.steps = 1;
	start();
	HAPPENED("+1 +2 +3 started(0) ");
	tunnel_stop(tunnel, GW6C_FOR_STOP, "", true);
	HAPPENED("-3 -2 -1 stopped ");
	end();
}

static void the_same_plan_changes_once_packets_pass_again(void)
{
	up("udp");
	snprintf(lease.name, sizeof(lease.name), "two");
	start();
	HAPPENED("hush close open(two,5) ping started(0) ");
	reply();
	HAPPENED("CHANGED-a CHANGED-b alive(2.5) ");
	CU_ASSERT_EQUAL(heard.reason, GW6C_FOR_RENEWAL);
	CU_ASSERT_STRING_EQUAL(heard_before.name, "one");
	CU_ASSERT_STRING_EQUAL(heard_lease.name, "two");
	/* Twice without a proof: the one that they know counts. */
	snprintf(lease.name, sizeof(lease.name), "three");
	start();
	snprintf(lease.name, sizeof(lease.name), "four");
	start();
	reply();
	CU_ASSERT_STRING_EQUAL(heard_before.name, "two");
	CU_ASSERT_STRING_EQUAL(heard_lease.name, "four");
	CU_ASSERT_STRING_EQUAL(tunnel_lease(tunnel)->name, "four");
	end();
}

static void a_path_without_the_session_goes_on(void)
{
	up("raw");
	snprintf(lease.name, sizeof(lease.name), "two");
	start();
	HAPPENED("CHANGED-a CHANGED-b started(0) ");
	CU_ASSERT_STRING_EQUAL(heard_before.name, "one");
	lease.keepalive_s = 31;
	start();
	HAPPENED("hush ping started(0) ");
	reply();
	trace[0] = 0;
	lease.keepalive.family = 6;
	start();
	HAPPENED("hush ping started(0) ");
	end();
}

static void another_plan_takes_the_former_ones_place(void)
{
	up("udp");
	mode.value = 4;
	snprintf(lease.name, sizeof(lease.name), "two");
	start();
	HAPPENED("hush close DOWN-b DOWN-a -3 -2 -1 +1 +4 +3 open(two,5) ping "
		 "started(0) ");
	CU_ASSERT_EQUAL(heard.reason, GW6C_FOR_RENEWAL);
	CU_ASSERT_STRING_EQUAL(heard_lease.name, "one");
	reply();
	HAPPENED("READY-a READY-b alive(2.5) ");
	end();
}

static void what_was_damaged_is_done_again(void)
{
	up("udp");
	os_host->damaged(os_host, "route removed");
	HAPPENED("damaged(route removed) ");
	start();
	HAPPENED("hush close DOWN-b DOWN-a -3 -2 -1 +1 +2 +3 open(one,5) ping "
		 "started(0) ");
	reply();
	trace[0] = 0;
	start();
	HAPPENED("hush close open(one,5) ping started(0) ");
	end();
}

/* Up, without keepalives. */
static void up_silently(const char *mode_name)
{
	begin(mode_name);
	lease.keepalive_s = 0;
	gw6c_addr_parse("2001:db8::1", &lease.peer);
	start();
	trace[0] = 0;
}

static void a_doubt_is_settled_by_the_keepalive(void)
{
	up("udp");
	keepalive.doubts = 0;
	tunnel_doubt(tunnel);
	CU_ASSERT_EQUAL(keepalive.doubts, 1);
	HAPPENED("doubt ");
	pings.denied(pings.arg);
	HAPPENED("lost(1) ");
	CU_ASSERT_EQUAL(last.rc, GW6C_EPEER);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(last.text, "does not know this session: it was "
				  "restarted, or another machine has logged in "
				  "with this account"));
	end();
}

static void a_doubt_needs_no_keepalive(void)
{
	for (int i = 0; i < 3; i++) {
		up_silently("udp");
		tunnel_doubt(tunnel);
		HAPPENED("ping doubt ");
		CU_ASSERT_EQUAL(keepalive.lease.keepalive_s, 30);
		CU_ASSERT_EQUAL(memcmp(&keepalive.lease.keepalive,
				       &keepalive.lease.peer,
				       sizeof(keepalive.lease.peer)),
				0);
		if (i == 0) {
			pings.alive(pings.arg, 1);
			HAPPENED("hush alive(1.0) ");
		} else if (i == 1) {
			pings.deaf(pings.arg, false);
			HAPPENED("hush ");
		} else {
			pings.denied(pings.arg);
			HAPPENED("lost(1) ");
		}
		end();
	}
	up_silently("udp");
	keepalive.fail = true;
	tunnel_doubt(tunnel);
	HAPPENED("lost(1) ");
	end();
}

static void events_come_through(void)
{
	struct gw6c_err err = { .rc = GW6C_EOS };
	struct gw6c_counters count;
	double rtt_ms;

	up("udp");
	mode.in_packets = 3;
	CU_ASSERT_TRUE(tunnel_count(tunnel, &count));
	CU_ASSERT_EQUAL(count.in_packets, 3);
	CU_ASSERT_EQUAL(tunnel_age_ms(tunnel, &rtt_ms), 17);
	tunnel_probe(tunnel);
	CU_ASSERT_EQUAL(keepalive.probes, 1);
	os_host->network_changed(os_host);
	mode_host->control(mode_host, gw6c_text("abc"));
	mode_host->broken(mode_host, &err);
	pings.missed(pings.arg, KEEPALIVE_MISSES - 1);
	HAPPENED("network control(3) lost(0) ");
	pings.missed(pings.arg, KEEPALIVE_MISSES);
	pings.missed(pings.arg, KEEPALIVE_MISSES + 1);
	HAPPENED("lost(1) ");
	tunnel_pause(tunnel);
	HAPPENED("hush close ");
	CU_ASSERT_FALSE(tunnel_count(tunnel, &count));
	CU_ASSERT_PTR_NOT_NULL(tunnel_plan(tunnel));
	os_host->damaged(os_host, "while nobody cares");
	HAPPENED("");
	end();
}

static void what_comes_in_counts_in_user_space(void)
{
	up("udp");
	os.received = 5;
	mode.in_packets = 0;
	CU_ASSERT_FALSE(pings.heard(pings.arg));
	mode.in_packets = 3;
	os.received = 6;
	CU_ASSERT_TRUE(pings.heard(pings.arg));
	os.received = 7;
	CU_ASSERT_FALSE(pings.heard(pings.arg));
	end();
}

/* Where the kernel moves the packets, the backend may know of them. */
static void what_comes_in_counts_in_the_kernel(void)
{
	up("raw");
	os.received = 0;
	CU_ASSERT_FALSE(pings.heard(pings.arg));
	os.received = 4;
	CU_ASSERT_TRUE(pings.heard(pings.arg));
	CU_ASSERT_FALSE(pings.heard(pings.arg));
	os.received = 5;
	CU_ASSERT_TRUE(pings.heard(pings.arg));
	end();
}

/* Packets without a single reply prove the tunnel, too. */
static void other_packets_prove_that_packets_pass(void)
{
	begin("raw");
	start();
	CU_ASSERT_FALSE(tunnel_is_proven(tunnel));
	trace[0] = 0;
	warnings = 0;
	pings.deaf(pings.arg, false);
	HAPPENED("READY-a READY-b ");
	CU_ASSERT_TRUE(tunnel_is_proven(tunnel));
	CU_ASSERT_EQUAL(warnings, 1);
	pings.deaf(pings.arg, true);
	HAPPENED("");
	CU_ASSERT_EQUAL(warnings, 1); /* told once */
	end();
}

static void pings_use_the_tunnel_alone(void)
{
	struct gw6c_err err = { 0 };

	up("raw");
	CU_ASSERT_EQUAL(pings.bind(pings.arg, 9, &err), GW6C_ENET);
	CU_ASSERT_EQUAL(os.bound, 9);
	CU_ASSERT_STRING_EQUAL(err.text, "no such device");
	end();
}

static void features_leave_while_packets_pass(void)
{
	up("udp");
	tunnel_stop(tunnel, GW6C_FOR_STOP, "signal 15", true);
	HAPPENED("LEAVING-a LEAVING-b hush close DOWN-b DOWN-a -3 -2 -1 "
		 "stopped ");
	CU_ASSERT_EQUAL(heard.reason, GW6C_FOR_STOP);
	CU_ASSERT_STRING_EQUAL(heard.why, "signal 15");
	CU_ASSERT_PTR_NULL(tunnel_lease(tunnel));
	tunnel_stop(tunnel, GW6C_FOR_STOP, "", true);
	HAPPENED("stopped ");
	end();
}

static void the_dead_and_the_unready_are_not_left(void)
{
	up("udp");
	tunnel_stop(tunnel, GW6C_FOR_LOSS, "", false);
	HAPPENED("hush close DOWN-b DOWN-a -3 -2 -1 stopped ");
	end();
	begin("udp");
	start();
	trace[0] = 0;
	tunnel_stop(tunnel, GW6C_FOR_LOSS, "", true);
	HAPPENED("hush close -3 -2 -1 stopped ");
	end();
	up("udp");
	tunnel_pause(tunnel);
	trace[0] = 0;
	tunnel_stop(tunnel, GW6C_FOR_LOSS, "", true);
	HAPPENED("DOWN-b DOWN-a -3 -2 -1 stopped ");
	end();
}

static void a_goodbye_ends_when_it_is_said(void)
{
	up("udp");
	b.later = true;
	tunnel_stop(tunnel, GW6C_FOR_STOP, "", true);
	HAPPENED("LEAVING-a LEAVING-b ");
	/* Who was not asked to wait changes nothing. */
	feature_host[0]->done(feature_host[0], 0, GW6C_NOTHING, NULL);
	fake_loop_pass(1000);
	HAPPENED("");
	feature_host[1]->done(feature_host[1], 0, GW6C_NOTHING, NULL);
	HAPPENED("");
	fake_loop_pass(0);
	HAPPENED("hush close DOWN-b DOWN-a -3 -2 -1 stopped ");
	end();
}

static void a_goodbye_has_five_seconds(void)
{
	up("udp");
	b.later = true;
	tunnel_stop(tunnel, GW6C_FOR_STOP, "", true);
	trace[0] = 0;
	fake_loop_pass(4999);
	HAPPENED("");
	fake_loop_pass(1);
	HAPPENED("hush close DOWN-b DOWN-a -3 -2 -1 stopped ");
	end();
}

static void a_goodbye_can_be_cut_short(void)
{
	up("udp");
	b.later = true;
	tunnel_stop(tunnel, GW6C_FOR_STOP, "", true);
	trace[0] = 0;
	tunnel_stop(tunnel, GW6C_FOR_STOP, "", true);
	HAPPENED("");
	tunnel_stop(tunnel, GW6C_FOR_STOP, "", false);
	HAPPENED("hush close DOWN-b DOWN-a -3 -2 -1 stopped ");
	fake_loop_pass(10000);
	HAPPENED("");
	end();
}

static void answer(int rc, const char *text)
{
	struct gw6c_err err = { 0 };

	if (rc)
		gw6c_fail(&err, rc, "%s", text);
	os_host->done(os_host, rc, GW6C_NOTHING, &err);
	fake_loop_pass(0);
}

static void a_step_may_take_its_time(void)
{
	begin("udp");
	os.later = 2;
	os.undo_later = 1;
	start();
	HAPPENED("+1 +2 ");
	CU_ASSERT_PTR_NULL(tunnel_lease(tunnel));
	answer(GW6C_OK, "");
	HAPPENED("+3 open(one,5) ping started(0) ");
	tunnel_stop(tunnel, GW6C_FOR_STOP, "", true);
	HAPPENED("hush close -3 -2 -1 ");
	tunnel_stop(tunnel, GW6C_FOR_STOP, "", true);
	HAPPENED("");
	answer(GW6C_OK, "");
	HAPPENED("stopped ");
	end();
}

static void a_start_can_be_given_up(void)
{
	begin("udp");
	os.later = 2;
	start();
	trace[0] = 0;
	tunnel_stop(tunnel, GW6C_FOR_STOP, "", true);
	HAPPENED("");
	answer(GW6C_OK, "");
	HAPPENED("-2 -1 stopped ");
	end();
	/* While the former plan goes, and the new one has not come. */
	up("udp");
	os.undo_later = 2;
	mode.value = 4;
	start();
	HAPPENED("hush close DOWN-b DOWN-a -3 -2 ");
	tunnel_stop(tunnel, GW6C_FOR_STOP, "", true);
	HAPPENED("");
	answer(GW6C_OK, "");
	HAPPENED("-1 stopped ");
	end();
}

static void what_fails_is_undone(void)
{
	begin("udp");
	os.fail = 3;
	start();
	HAPPENED("+1 +2 +3 -2 -1 started(-5) ");
	CU_ASSERT_PTR_NOT_NULL(strstr(last.text, "refused"));
	os.fail = 0;
	os.later = 3;
	start();
	answer(GW6C_ENET, "too late");
	HAPPENED("+1 +2 +3 -2 -1 started(-4) ");
	CU_ASSERT_PTR_NOT_NULL(strstr(last.text, "too late"));
	os.later = 0;
	mode.fail_open = true;
	start();
	HAPPENED("+1 +2 +3 open(one,5) -3 -2 -1 started(-5) ");
	end();
}

static void what_cannot_begin_ends_what_there_was(void)
{
	up("udp");
	mode.fail_plan = true;
	start();
	HAPPENED("hush close DOWN-b DOWN-a -3 -2 -1 started(-3) ");
	CU_ASSERT_EQUAL(heard.reason, GW6C_FOR_LOSS);
	CU_ASSERT_STRING_EQUAL(heard.why, "no plan");
	snprintf(lease.mode, sizeof(lease.mode), "none");
	start();
	HAPPENED("started(-1) ");
	lease.proxy = true;
	mode.fail_plan = false;
	snprintf(lease.mode, sizeof(lease.mode), "udp");
	start();
	HAPPENED("started(-3) ");
	end();
}

/* What was said of an earlier end is not said again. */
static void each_fact_has_its_own_reason(void)
{
	struct conf *other = conf_new();

	conf_set(other, "feature.a.x", "new", "test", NULL);
	up("udp");
	mode.fail_plan = true;
	start();
	mode.fail_plan = false;
	start();
	reply();
	start();
	reply();
	CU_ASSERT_STRING_EQUAL(heard_why[GW6C_CHANGED], "");
	CU_ASSERT_EQUAL(heard_reason[GW6C_CHANGED], GW6C_FOR_RENEWAL);
	CU_ASSERT_STRING_EQUAL(heard_why[GW6C_DOWN], "no plan");
	CU_ASSERT_EQUAL(heard_reason[GW6C_DOWN], GW6C_FOR_LOSS);
	b.later = true;
	tunnel_stop(tunnel, GW6C_FOR_MOVE, "moved", true);
	CU_ASSERT_STRING_EQUAL(heard_why[GW6C_LEAVING], "moved");
	CU_ASSERT_EQUAL(heard_reason[GW6C_LEAVING], GW6C_FOR_MOVE);
	tunnel_stop(tunnel, GW6C_FOR_LOSS, "lost", false);
	b.later = false;
	start();
	reply();
	tunnel_stop(tunnel, GW6C_FOR_LOSS, "lost", false);
	start();
	reply();
	snprintf(heard_why[GW6C_DOWN], sizeof(heard_why[0]), "?");
	tunnel_reload(tunnel, other);
	CU_ASSERT_STRING_EQUAL(heard_why[GW6C_DOWN], "");
	CU_ASSERT_EQUAL(heard_reason[GW6C_DOWN], GW6C_FOR_RELOAD);
	end();
	conf_free(other);
}

static void count_network(void *arg, const char *dev,
			  const struct gw6c_addr *network)
{
	CU_ASSERT_STRING_EQUAL(dev, "lan0");
	CU_ASSERT_EQUAL(network->bits, 64);
	++*(int *)arg;
}

static int networks(void)
{
	int n = 0;

	tunnel_networks(tunnel, count_network, &n);
	return n;
}

static void the_system_names_its_networks(void)
{
	begin("udp");
	CU_ASSERT_EQUAL(networks(), 1);
	end();
}

static void a_dry_backend_makes_no_tunnel(void)
{
	struct gw6c_err err = { 0 };
	const struct tunnel_events events = { .started = on_started,
					      .stopped = on_stopped };
	struct tunnel_params params = { .settings = &settings,
					.events = &events };

	for (int i = 0; i < 2; i++) {
		begin("udp");
		tunnel_free(tunnel);
		trace[0] = 0;
		params.conf = conf;
		params.loop = loop;
		params.show_only = i == 1;
		params.os = i == 1 ? &os_plugin : &dry_plugin;
		CU_ASSERT_EQUAL(tunnel_new(&params, &tunnel, &err), GW6C_OK);
		CU_ASSERT_EQUAL(networks(), 0);
		start();
		HAPPENED(i == 0 ? "+1 +2 +3 started(0) "
				: "show+0 show+1 show+2 show+3 show-0 show-3 "
				  "show-2 show-1 started(0) ");
		CU_ASSERT_FALSE(exists("plan"));
		CU_ASSERT_FALSE(exists("features"));
		tunnel_stop(tunnel, GW6C_FOR_STOP, "", true);
		HAPPENED(i == 0 ? "-3 -2 -1 stopped " : "stopped ");
		end();
	}
}

static void a_mode_moves_packets_if_there_is_a_descriptor(void)
{
	static const struct {
		const char *mode;
		int fd;
		const char *want;
	} cases[] = {
		{ "own", -1, "+1 +2 +3 ping started(0) " },
		{ "own", 0, "+1 +2 +3 open(one,5) ping started(0) " },
		{ "own", 7, "+1 +2 +3 open(one,5) ping started(0) " },
		{ "udp", -1, "+1 +2 +3 open(one,5) ping started(0) " },
	};
	struct gw6c_counters count;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(cases[i].mode);
		os.fd = cases[i].fd;
		start();
		HAPPENED(cases[i].want);
		CU_ASSERT_EQUAL(tunnel_count(tunnel, &count), i == 3);
		end();
	}
}

static void packets_fit_into_the_outer_interface(void)
{
	static const struct {
		uint32_t outer, wish, want;
	} cases[] = {
		{ 0, 1400, 1400 },    { 1500, 1400, 1400 },
		{ 1428, 1400, 1400 }, { 1427, 1400, 1399 },
		{ 1307, 1400, 1280 }, { 1309, 1400, 1281 },
		{ 1300, 1280, 1280 }, { 28, 1400, 1400 },
		{ 29, 1400, 1280 },   { 1300, 1281, 1280 },
		{ 1308, 1281, 1280 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin("udp");
		outer_mtu = cases[i].outer;
		lease.mtu = cases[i].wish;
		warnings = 0;
		start();
		CU_ASSERT_EQUAL(warnings, cases[i].wish != cases[i].want);
		CU_ASSERT_EQUAL(tunnel_lease(tunnel)->mtu, cases[i].want);
		CU_ASSERT_EQUAL(os.mtu, cases[i].want);
		end();
	}
	begin("raw");
	outer_mtu = 1300;
	lease.mtu = 1400;
	lease.proxy = true;
	start();
	CU_ASSERT_EQUAL(os.mtu, 1400);
	end();
	outer_mtu = 0;
}

static void a_plan_fits_into_its_room(void)
{
	begin("udp");
	mode.more = GW6C_STEPS - 3;
	start();
	CU_ASSERT_EQUAL(last.rc, GW6C_OK);
	mode.more = GW6C_STEPS - 2;
	start();
	CU_ASSERT_EQUAL(last.rc, GW6C_EBUG);
	mode.more = 0;
	os.fail_lease = true;
	trace[0] = 0;
	start();
	HAPPENED("started(-1) ");
	end();
}

static void only_what_was_asked_for_is_taken(void)
{
	begin("udp");
	os.gives = GW6C_VNET;
	mode.wants = GW6C_CSUM;
	start();
	HAPPENED("+1 +2 +3 -3 -2 -1 started(-6) ");
	mode.wants = GW6C_CSUM | GW6C_VNET;
	start();
	HAPPENED("+1 +2 +3 open(one,5) ping started(0) ");
	CU_ASSERT_EQUAL(tunnel_plan(tunnel)->gives, GW6C_VNET);
	mode.wants = GW6C_VNET;
	trace[0] = 0;
	start();
	HAPPENED("hush close -3 -2 -1 +1 +2 +3 open(one,5) ping started(0) ");
	end();
}

static void features_add_steps(void)
{
	begin("udp");
	b.steps = 2;
	start();
	HAPPENED("+1 +2 +3 +101 +102 open(one,5) ping started(0) ");
	CU_ASSERT_EQUAL(tunnel_plan(tunnel)->wants, 0);
	b.also_a = true;
	start();
	HAPPENED("hush close -102 -101 -3 -2 -1 +1 +2 +3 +50 +101 +102 "
		 "open(one,5) ping started(0) ");
	b.also_a = false;
	start();
	trace[0] = 0;
	start();
	HAPPENED("hush close open(one,5) ping started(0) ");
	b.steps = 1;
	start();
	HAPPENED("hush close -102 -101 -3 -2 -1 +1 +2 +3 +101 open(one,5) ping "
		 "started(0) ");
	end();
}

static void features_that_fail_add_none(void)
{
	begin("udp");
	b.steps = GW6C_STEPS - 3;
	start();
	CU_ASSERT_EQUAL(tunnel_plan(tunnel)->n, GW6C_STEPS);
	b.steps = GW6C_STEPS - 2;
	start();
	CU_ASSERT_EQUAL(tunnel_plan(tunnel)->n, 3);
	b.steps = 1;
	b.fail = true;
	start();
	CU_ASSERT_EQUAL(tunnel_plan(tunnel)->n, 3);
	b.fail = false;
	b.link = true;
	start();
	CU_ASSERT_EQUAL(tunnel_plan(tunnel)->n, 3);
	end();
}

/* Of what features add, the system may refuse any; what the mode needs, it may
 * not. A refused step is asked for again with the next new plan only. */
static void a_refused_step_of_a_feature_is_left_out(void)
{
	begin("udp");
	b.steps = 3;
	os.fail = 101;
	start();
	HAPPENED("+1 +2 +3 +101 +102 +103 open(one,5) ping started(0) ");
	CU_ASSERT_EQUAL(tunnel_plan(tunnel)->n, 5);
	CU_ASSERT_EQUAL(tunnel_plan(tunnel)->step[3].value, 102);
	CU_ASSERT_EQUAL(tunnel_plan(tunnel)->step[4].value, 103);
	start();
	HAPPENED("hush close open(one,5) ping started(0) ");
	tunnel_reload(tunnel, conf);
	HAPPENED("");
	os.fail = 102;
	mode.value = 4;
	start();
	HAPPENED("hush close -103 -102 -3 -2 -1 +1 +4 +3 +101 +102 +103 "
		 "open(one,5) ping started(0) ");
	os.fail = 3;
	mode.value = 2;
	start();
	HAPPENED("hush close -103 -101 -3 -4 -1 +1 +2 +3 -2 -1 started(-5) ");
	end();
}

static void an_end_waits_for_slow_steps_only(void)
{
	uint64_t before_ms;

	up("udp");
	b.later = true;
	os.undo_later = 2;
	tunnel_stop(tunnel, GW6C_FOR_STOP, "", true);
	trace[0] = 0;
	before_ms = loop_now_ms(loop);
	tunnel_free(tunnel);
	HAPPENED("hush close DOWN-b DOWN-a -3 -2 -1 close-a ");
	CU_ASSERT_EQUAL(loop_now_ms(loop) - before_ms, 10000);
	tunnel = NULL;
	end();
	begin("udp");
	os.later = 3;
	start();
	trace[0] = 0;
	tunnel_free(tunnel);
	HAPPENED("-3 -2 -1 close-a ");
	tunnel = NULL;
	end();
	up("udp");
	tunnel_free(tunnel);
	HAPPENED("hush close DOWN-b DOWN-a -3 -2 -1 close-a ");
	tunnel = NULL;
	end();
}

static void what_is_let_go_stays(void)
{
	up("udp");
	tunnel_let_go(tunnel);
	HAPPENED("hush close DOWN-b DOWN-a ");
	CU_ASSERT_FALSE(exists("plan"));
	CU_ASSERT_PTR_NULL(tunnel_plan(tunnel));
	end();
}

static struct conf *with_option(const char *key)
{
	struct conf *other = conf_new();

	CU_ASSERT_EQUAL(conf_set(other, key, "new", "test", NULL), GW6C_OK);
	return other;
}

static int os_check(void *self, struct gw6c_err *err)
{
	CU_ASSERT_PTR_EQUAL(self, &os);
	return gw6c_fail(err, GW6C_EOS, "no rights");
}

static void a_backend_says_what_it_lacks(void)
{
	struct gw6c_err err = { 0 };

	begin("udp");
	CU_ASSERT_EQUAL(tunnel_check(tunnel, &err), GW6C_OK);
	os_ops.check = os_check;
	CU_ASSERT_EQUAL(tunnel_check(tunnel, &err), GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(err.text, "no rights");
	os_ops.size = offsetof(struct gw6c_os_ops, check);
	CU_ASSERT_EQUAL(tunnel_check(tunnel, &err), GW6C_OK);
	os_ops.size = sizeof(os_ops);
	os_ops.check = NULL;
	end();
}

/* As a run leaves it that is killed after the second step. */
static void what_a_killed_run_left_is_undone(void)
{
	struct gw6c_err err = { 0 };
	char journal[PATH_MAX], room[16384];
	size_t len;
	FILE *file;

	snprintf(journal, sizeof(journal), "%s/plan", directory);
	up("udp");
	file = fopen(journal, "re");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	len = fread(room, 1, sizeof(room), file);
	fclose(file);
	tunnel_let_go(tunnel);
	file = fopen(journal, "we");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fwrite(room, 1, len, file);
	fclose(file);
	trace[0] = 0;
	CU_ASSERT_EQUAL(tunnel_sweep(tunnel, &err), GW6C_OK);
	HAPPENED("-3 -2 -1 ");
	CU_ASSERT_FALSE(exists("plan"));
	CU_ASSERT_EQUAL(tunnel_sweep(tunnel, &err), GW6C_OK);
	HAPPENED("");
	end();
}

static void new_options_need_no_new_session(void)
{
	struct conf *other = with_option("feature.a.x");

	up("udp");
	tunnel_stop(tunnel, GW6C_FOR_LOSS, "silence", false);
	start();
	reply();
	trace[0] = 0;
	heard_why[GW6C_DOWN][0] = '?';
	tunnel_reload(tunnel, conf);
	HAPPENED("");
	tunnel_reload(tunnel, other);
	HAPPENED("DOWN-a close-a open-a READY-a ");
	CU_ASSERT_STRING_EQUAL(feature_host[0]->str(feature_host[0], "x"),
			       "new");
	CU_ASSERT_EQUAL(heard_reason[GW6C_DOWN], GW6C_FOR_RELOAD);
	CU_ASSERT_STRING_EQUAL(heard_why[GW6C_DOWN], "");
	end();
	begin("udp");
	tunnel_reload(tunnel, other);
	HAPPENED("close-a open-a ");
	end();
	conf_free(other);
}

static void other_steps_are_done_without_a_new_session(void)
{
	struct conf *other = with_option("feature.b.x");

	up("udp");
	b.steps = 1;
	tunnel_reload(tunnel, other);
	HAPPENED("DOWN-b hush close DOWN-a -3 -2 -1 +1 +2 +3 +101 open(one,5) "
		 "ping ");
	reply();
	HAPPENED("READY-a READY-b alive(2.5) ");
	os.fail = 102;
	b.steps = 2;
	tunnel_reload(tunnel, conf);
	HAPPENED("DOWN-b hush close DOWN-a -101 -3 -2 -1 +1 +2 +3 +101 +102 "
		 "open(one,5) ping ");
	os.fail = 3;
	b.steps = 4;
	tunnel_reload(tunnel, conf);
	CU_ASSERT_PTR_NOT_NULL(strstr(trace, "+3 -2 -1 lost(0) "));
	CU_ASSERT_PTR_NULL(strstr(trace, "started"));
	os.fail = 0;
	trace[0] = 0;
	start();
	CU_ASSERT_PTR_NOT_NULL(strstr(trace, "started(0)"));
	/* Given up, and then begun by the client. */
	os.undo_later = 2;
	b.steps = 3;
	tunnel_reload(tunnel, other);
	tunnel_stop(tunnel, GW6C_FOR_STOP, "", true);
	answer(GW6C_OK, "");
	trace[0] = 0;
	start();
	CU_ASSERT_PTR_NOT_NULL(strstr(trace, "started(0)"));
	os.undo_later = 0;
	end();
	conf_free(other);
}

static void plugins_have_their_lines_in_the_status(void)
{
	char room[256] = "";
	struct gw6c_buf out = { (uint8_t *)room, 0, sizeof(room) - 1, false };

	up("udp");
	feature_host[1]->status(feature_host[1], "lans", "%d", 2);
	mode_host->status(mode_host, "path", "fast");
	os_host->status(os_host, "kernel", "6.1");
	tunnel_put_status(tunnel, true, &out);
	CU_ASSERT_STRING_EQUAL(room, "os.fake.kernel 6.1\n"
				     "tunnel.udp.path fast\n"
				     "feature.b.lans 2\n");
	/* What the tunnel is used for is nobody else's business. */
	out.len = 0;
	tunnel_put_status(tunnel, false, &out);
	room[out.len] = 0;
	CU_ASSERT_STRING_EQUAL(room, "os.fake.kernel 6.1\n"
				     "tunnel.udp.path fast\n");
	end();
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(ready_comes_with_the_first_reply),
		UNIT_TEST(without_keepalives_an_open_path_has_to_do),
		UNIT_TEST(a_packet_that_came_in_proves_it_as_well),
		UNIT_TEST(another_routers_tunnel_is_no_news),
		UNIT_TEST(the_same_plan_changes_once_packets_pass_again),
		UNIT_TEST(a_path_without_the_session_goes_on),
		UNIT_TEST(another_plan_takes_the_former_ones_place),
		UNIT_TEST(what_was_damaged_is_done_again),
		UNIT_TEST(a_doubt_is_settled_by_the_keepalive),
		UNIT_TEST(a_doubt_needs_no_keepalive),
		UNIT_TEST(events_come_through),
		UNIT_TEST(what_comes_in_counts_in_user_space),
		UNIT_TEST(what_comes_in_counts_in_the_kernel),
		UNIT_TEST(other_packets_prove_that_packets_pass),
		UNIT_TEST(pings_use_the_tunnel_alone),
		UNIT_TEST(features_leave_while_packets_pass),
		UNIT_TEST(the_dead_and_the_unready_are_not_left),
		UNIT_TEST(a_goodbye_ends_when_it_is_said),
		UNIT_TEST(a_goodbye_has_five_seconds),
		UNIT_TEST(a_goodbye_can_be_cut_short),
		UNIT_TEST(a_step_may_take_its_time),
		UNIT_TEST(a_start_can_be_given_up),
		UNIT_TEST(what_fails_is_undone),
		UNIT_TEST(what_cannot_begin_ends_what_there_was),
		UNIT_TEST(each_fact_has_its_own_reason),
		UNIT_TEST(the_system_names_its_networks),
		UNIT_TEST(a_dry_backend_makes_no_tunnel),
		UNIT_TEST(a_mode_moves_packets_if_there_is_a_descriptor),
		UNIT_TEST(packets_fit_into_the_outer_interface),
		UNIT_TEST(a_plan_fits_into_its_room),
		UNIT_TEST(only_what_was_asked_for_is_taken),
		UNIT_TEST(features_add_steps),
		UNIT_TEST(a_refused_step_of_a_feature_is_left_out),
		UNIT_TEST(features_that_fail_add_none),
		UNIT_TEST(an_end_waits_for_slow_steps_only),
		UNIT_TEST(what_is_let_go_stays),
		UNIT_TEST(a_backend_says_what_it_lacks),
		UNIT_TEST(what_a_killed_run_left_is_undone),
		UNIT_TEST(new_options_need_no_new_session),
		UNIT_TEST(other_steps_are_done_without_a_new_session),
		UNIT_TEST(plugins_have_their_lines_in_the_status),
	};
	int status;

	if (!mkdtemp(directory))
		return 1;
	status = UNIT_RUN("tunnel", tests);
	rmdir(directory);
	return status;
}
