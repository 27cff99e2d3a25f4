/* fake_world.c - all that a client deals with, under a test's control. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "fake_world.h"
#include "core/base/files.h"
#include "core/base/log.h"
#include "core/base/random.h"
#include "core/base/sockaddr.h"
#include "core/base/status.h"
#include "core/client/distances.h"
#include "core/client/servers.h"
#include "core/client/terminal.h"
#include "core/modules/mechanisms.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <time.h>

struct world world;

/* --- base ---------------------------------------------------------------- */

struct gw6c_watch {
	uint64_t at_ms;
	void (*call)(void *arg);
	void *arg;
};

struct lookup {
	void (*call)(void *arg, const struct gw6c_addr *addrs, int n,
		     const struct gw6c_err *err);
	void *arg;
};

uint64_t loop_now_ms(const struct loop *loop)
{
	(void)loop;
	return world.now_ms;
}

struct gw6c_watch *loop_timer(struct loop *loop, uint32_t ms,
			      void (*call)(void *arg), void *arg)
{
	(void)loop;
	for (int i = 0; i < WORLD_TIMERS; i++) {
		if (world.timers[i])
			continue;
		world.timers[i] = malloc(sizeof(struct gw6c_watch));
		*world.timers[i] =
			(struct gw6c_watch){ world.now_ms + ms, call, arg };
		return world.timers[i];
	}
	CU_FAIL_FATAL("no room for a timer");
	return NULL;
}

static bool take(struct gw6c_watch *watch)
{
	for (int i = 0; i < WORLD_TIMERS; i++) {
		if (world.timers[i] != watch)
			continue;
		world.timers[i] = NULL;
		free(watch);
		return true;
	}
	return false;
}

void loop_forget(struct gw6c_watch *watch)
{
	if (watch)
		CU_ASSERT_TRUE(take(watch));
}

struct lookup *loop_resolve(struct loop *loop, const char *name, int family,
			    void (*call)(void *arg,
					 const struct gw6c_addr *addrs, int n,
					 const struct gw6c_err *err),
			    void *arg)
{
	(void)loop;
	CU_ASSERT_PTR_NULL(world.lookup);
	CU_ASSERT_EQUAL(family, strcmp(name, "ipv4only.arpa") == 0 ? 6 : 4);
	snprintf(world.name, sizeof(world.name), "%s", name);
	world.lookup = malloc(sizeof(*world.lookup));
	*world.lookup = (struct lookup){ call, arg };
	return world.lookup;
}

void loop_cancel(struct lookup *lookup)
{
	if (!lookup)
		return;
	CU_ASSERT_PTR_EQUAL(lookup, world.lookup);
	free(lookup);
	world.lookup = NULL;
}

double random_unit(void)
{
	return 0;
}

bool sockaddr_source(const struct gw6c_addr *addr, struct gw6c_addr *out)
{
	*out = world.source;
	return world.source.family && !(addr->family == 4 && world.only6);
}

bool terminal_attended(void)
{
	return world.attended;
}

void log_msg(enum gw6c_level level, const char *tag, const char *fmt, ...)
{
	size_t used = strlen(world.log);
	char text[1000];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	snprintf(world.log + used, sizeof(world.log) - used, "%d %s: %s\n",
		 level, tag, text);
}

void status_put(struct gw6c_buf *out, const char *name, const char *fmt, ...)
{
	char value[300], line[400];
	va_list args;

	va_start(args, fmt);
	vsnprintf(value, sizeof(value), fmt, args);
	va_end(args);
	snprintf(line, sizeof(line), "%s %s\n", name, value);
	gw6c_put_text(out, line);
}

/* --- modules ------------------------------------------------------------- */

static const struct gw6c_tunnel_ops mode_ops = {
	.size = sizeof(mode_ops),
	.outer = 4,
	.over = GW6C_OVER_UDP | GW6C_OVER_TCP,
};
static const struct gw6c_plugin mode = {
	GW6C_HEAD(GW6C_TUNNEL, "v6udpv4", "test"), .tunnel = &mode_ops
};
static struct gw6c_os_ops os_ops = { .size = sizeof(os_ops) };
static const struct gw6c_plugin os = { GW6C_HEAD(GW6C_OS, "test", "test"),
				       .os = &os_ops };

void loader_each(struct loader *loader, enum gw6c_kind kind,
		 void (*call)(void *arg, const char *name,
			      const struct gw6c_plugin *plugin,
			      const struct gw6c_err *err),
		 void *arg)
{
	(void)loader;
	(void)kind;
	(void)call;
	(void)arg;
}

/* Modes with what is behind v6anyv4: tunnel_mode=any. */
static int no_plan(const struct gw6c_lease *lease, struct gw6c_plan *plan,
		   struct gw6c_err *err)
{
	(void)lease;
	(void)plan;
	return gw6c_fail(err, GW6C_EBUG, "nobody plans here");
}

static const struct gw6c_granted any_grants[] = { { .type = "raw" },
						  { .type = "framed" },
						  { .type = NULL } };
static const struct gw6c_tunnel_ops any_ops = { .size = sizeof(any_ops),
						.flags = GW6C_TUNNEL_NAT,
						.outer = 4,
						.over = GW6C_OVER_UDP |
							GW6C_OVER_TCP,
						.grants = any_grants };
static const struct gw6c_tunnel_ops raw_ops = { .size = sizeof(raw_ops),
						.outer = 4,
						.over = GW6C_OVER_UDP |
							GW6C_OVER_TCP,
						.protocol = 41 };
static const struct gw6c_tunnel_ops framed_ops = { .size = sizeof(framed_ops),
						   .flags = GW6C_TUNNEL_NAT,
						   .outer = 4,
						   .over = GW6C_OVER_UDP,
						   .plan = no_plan };
static const struct gw6c_plugin any = { GW6C_HEAD(GW6C_TUNNEL, "any", "-"),
					.tunnel = &any_ops };
static const struct gw6c_plugin raw = { GW6C_HEAD(GW6C_TUNNEL, "raw", "-"),
					.tunnel = &raw_ops };
static const struct gw6c_plugin framed = {
	GW6C_HEAD(GW6C_TUNNEL, "framed", "-"), .tunnel = &framed_ops
};
static const struct gw6c_plugin *const others[] = { &any, &raw, &framed };

int loader_get(struct loader *loader, enum gw6c_kind kind, const char *name,
	       const struct setting *at, const struct gw6c_plugin **out,
	       struct gw6c_err *err)
{
	(void)loader;
	(void)at;
	(void)err;
	os_ops.flags = world.os_flags;
	*out = kind == GW6C_OS ? &os : &mode;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (kind == GW6C_TUNNEL && strcmp(name, others[i]->name) == 0)
			*out = others[i];
	return GW6C_OK;
}

int mechanisms_load(struct loader *loader, struct conf *conf,
		    const struct settings *settings,
		    const struct gw6c_plugin *out[SETTINGS_LIST + 1],
		    struct gw6c_err *err)
{
	(void)loader;
	(void)conf;
	(void)settings;
	(void)err;
	memcpy(out, world.auths, sizeof(world.auths));
	return GW6C_OK;
}

/* --- the session --------------------------------------------------------- */

int session_start(const struct session_params *params,
		  void (*done)(void *arg, const struct session_result *result),
		  void *arg, struct session **out, struct gw6c_err *err)
{
	struct session *session = &world.sessions[world.n_sessions];

	if (world.no_session)
		return gw6c_fail(err, GW6C_ENET, "no way there");
	CU_ASSERT_FATAL(world.n_sessions++ < WORLD_SESSIONS);
	*session = (struct session){ .params = *params,
				     .done = done,
				     .arg = arg,
				     .transport = { params->udp },
				     .used = true };
	*out = session;
	return GW6C_OK;
}

struct transport *session_transport(struct session *session)
{
	return &session->transport;
}

const struct session_result *session_outcome(const struct session *session)
{
	return &session->result;
}

void session_free(struct session *session)
{
	if (!session)
		return;
	CU_ASSERT_TRUE(session->used);
	session->used = false;
}

bool transport_is_udp(const struct transport *transport)
{
	return transport->udp;
}

int transport_socket(struct transport *transport)
{
	(void)transport;
	return WORLD_SOCK;
}

/* --- the tunnel ---------------------------------------------------------- */

int tunnel_new(const struct tunnel_params *params, struct tunnel **out,
	       struct gw6c_err *err)
{
	(void)err;
	world.tunnel.events = *params->events;
	world.tunnel.client = params->client;
	world.tunnel.show_only = params->show_only;
	*out = &world.tunnel;
	return GW6C_OK;
}

void tunnel_free(struct tunnel *tunnel)
{
	(void)tunnel;
}

int tunnel_check(struct tunnel *tunnel, struct gw6c_err *err)
{
	(void)tunnel;
	world.checks++;
	*err = world.unfit;
	return world.unfit.rc;
}

int tunnel_sweep(struct tunnel *tunnel, struct gw6c_err *err)
{
	(void)tunnel;
	(void)err;
	return GW6C_OK;
}

void tunnel_start(struct tunnel *tunnel, const struct gw6c_lease *granted,
		  int sock, enum gw6c_reason reason)
{
	tunnel->starts++;
	tunnel->sock = sock;
	tunnel->reason = reason;
	tunnel->lease = *granted;
	if (!tunnel->later)
		world_started(tunnel->refuses.rc);
}

void tunnel_stop(struct tunnel *tunnel, enum gw6c_reason reason,
		 const char *why, bool alive)
{
	tunnel->stops++;
	tunnel->reason = reason;
	tunnel->alive = alive;
	snprintf(tunnel->why, sizeof(tunnel->why), "%s", why);
	if (!tunnel->later)
		world_stopped();
}

void tunnel_pause(struct tunnel *tunnel)
{
	tunnel->pauses++;
}

void tunnel_probe(struct tunnel *tunnel)
{
	tunnel->probes++;
}

void tunnel_doubt(struct tunnel *tunnel)
{
	tunnel->doubts++;
}

void tunnel_reload(struct tunnel *tunnel, struct conf *conf)
{
	tunnel->reloads++;
	tunnel->conf = conf;
}

void tunnel_let_go(struct tunnel *tunnel)
{
	tunnel->let_goes++;
	tunnel->applied = false;
}

const struct gw6c_lease *tunnel_lease(const struct tunnel *tunnel)
{
	return tunnel->applied ? &tunnel->lease : NULL;
}

const struct gw6c_plan *tunnel_plan(const struct tunnel *tunnel)
{
	return tunnel->applied ? &tunnel->plan : NULL;
}

bool tunnel_count(struct tunnel *tunnel, struct gw6c_counters *out)
{
	*out = (struct gw6c_counters){ .size = sizeof(*out), .in_packets = 12 };
	return tunnel->applied;
}

void tunnel_networks(struct tunnel *tunnel,
		     void (*tell)(void *arg, const char *dev,
				  const struct gw6c_addr *network),
		     void *arg)
{
	(void)tunnel;
	for (int i = 0; i < world.n_routes; i++)
		tell(arg, world.routes[i].dev, &world.routes[i].addr);
}

bool tunnel_is_proven(const struct tunnel *tunnel)
{
	return tunnel->proven;
}

int64_t tunnel_age_ms(const struct tunnel *tunnel, double *rtt_ms)
{
	*rtt_ms = 3.5;
	return tunnel->applied ? 100000 : -1;
}

void tunnel_put_status(struct tunnel *tunnel, bool owner, struct gw6c_buf *out)
{
	(void)tunnel;
	(void)owner;
	gw6c_put_text(out, "feature.test.line 1\n");
}

/* --- the rest of the client ---------------------------------------------- */

struct broker_probe *broker_probe_start(struct loop *loop,
					const struct gw6c_addr *addr,
					uint16_t port, void (*seen)(void *arg),
					void *arg)
{
	(void)loop;
	(void)port;
	world.probing = true;
	world.probed = *addr;
	world.seen = seen;
	world.seen_arg = arg;
	return (struct broker_probe *)&world.probing;
}

void broker_probe_stop(struct broker_probe *broker_probe)
{
	if (broker_probe)
		world.probing = false;
}

void distances_sort(struct server_addr *list, uint32_t *ms, int n)
{
	struct server_addr first = list[0];

	(void)ms;
	list[0] = list[n - 1];
	list[n - 1] = first;
}

struct distances *distances_start(struct loop *loop,
				  const struct server_addr *list, int n,
				  int family,
				  void (*done)(void *arg, const uint32_t *ms),
				  void *arg)
{
	(void)loop;
	(void)list;
	CU_ASSERT_EQUAL(family, 4);
	world.measured = n;
	world.distances = done;
	world.distances_arg = arg;
	return (struct distances *)&world.measured;
}

void distances_stop(struct distances *distances)
{
	if (distances)
		world.measured = 0;
}

int servers_read(const char *path, struct server_addr *out, int max,
		 struct gw6c_err *err)
{
	(void)path;
	(void)max;
	(void)err;
	for (int i = 0; i < world.listed; i++) {
		snprintf(out[i].host, GW6C_NAME, "list%d", i);
		out[i].port = 3653;
	}
	return world.listed;
}

int servers_write_last(const char *path, const struct server_addr *server,
		       struct gw6c_err *err)
{
	(void)path;
	(void)server;
	(void)err;
	world.saved_last++;
	return GW6C_OK;
}

int servers_write_list(const char *path, const struct server_addr *servers,
		       int n, struct gw6c_err *err)
{
	(void)path;
	(void)servers;
	(void)n;
	(void)err;
	world.saved_list++;
	return GW6C_OK;
}

int trust_decide(const struct trust *trust, struct gw6c_bytes key,
		 struct gw6c_err *err)
{
	(void)key;
	(void)err;
	world.trust = *trust;
	world.trusts++;
	return GW6C_OK;
}

ssize_t files_load(const char *path, uint8_t *room, size_t len, mode_t *rights)
{
	(void)rights;
	CU_ASSERT_STRING_EQUAL(path, "/state/prefixes.txt");
	CU_ASSERT_FATAL(strlen(world.prefix) <= len);
	memcpy(room, world.prefix, strlen(world.prefix));
	return (ssize_t)strlen(world.prefix);
}

int files_replace(const char *path, struct gw6c_bytes text, mode_t rights,
		  struct gw6c_err *err)
{
	(void)err;
	CU_ASSERT_STRING_EQUAL(path, "/state/prefixes.txt");
	CU_ASSERT_EQUAL(rights, 0644);
	snprintf(world.prefix, sizeof(world.prefix), "%.*s", (int)text.len,
		 (const char *)text.at);
	return 0;
}

bool own_net_each(bool (*call)(void *arg, const struct own_net *net), void *arg)
{
	for (int i = 0; i < world.n_nets; i++)
		if (!call(arg, &world.nets[i]))
			break;
	return !world.no_nets;
}

const char *own_net_text(const struct own_net *net,
			 const struct gw6c_addr *prefix,
			 char room[OWN_NET_TEXT])
{
	(void)prefix;
	snprintf(room, OWN_NET_TEXT, "the net of %s", net->dev);
	return room;
}

/* The clock on the wall goes with that of the loop. */
time_t time(time_t *out)
{
	CU_ASSERT_PTR_NULL(out);
	return WORLD_WALL +
	       ((time_t)(world.now_ms - WORLD_START_MS) + world.wall_ms) / 1000;
}

int networks_read(const char *path, struct network out[NETWORKS_MAX],
		  struct gw6c_err *err)
{
	(void)err;
	CU_ASSERT_STRING_EQUAL(path, "/state/" NETWORKS_FILE);
	memcpy(out, world.networks, sizeof(world.networks));
	return world.n_networks;
}

int networks_write(const char *path, const struct network *networks, int n,
		   struct gw6c_err *err)
{
	(void)err;
	CU_ASSERT_STRING_EQUAL(path, "/state/" NETWORKS_FILE);
	CU_ASSERT_FATAL(n <= NETWORKS_MAX);
	memcpy(world.networks, networks, sizeof(networks[0]) * (size_t)n);
	world.n_networks = n;
	return GW6C_OK;
}

bool trust_is_pinned(const struct settings *settings,
		     const struct server_addr *server)
{
	(void)settings;
	return strcmp(server->host, "home") == 0 ? world.pinned
						 : world.pinned_there;
}

int proven_find(const char *path, struct proven *proven, struct gw6c_err *err)
{
	const struct proven *last = strcmp(proven->server.host, "home") == 0
					    ? &world.proven
					    : &world.elsewhere;

	(void)err;
	CU_ASSERT_STRING_EQUAL(path, "/state/" PROVEN_FILE);
	CU_ASSERT_STRING_EQUAL(proven->user, "ann");
	snprintf(proven->mechanism, sizeof(proven->mechanism), "%s",
		 last->mechanism);
	proven->rank = last->rank;
	return GW6C_OK;
}

int proven_store(const char *path, const struct proven *proven,
		 struct gw6c_err *err)
{
	(void)err;
	if (strcmp(path, "/state/" PROVEN_LED_FILE) == 0) {
		world.led_now = *proven;
		snprintf(world.led_from, sizeof(world.led_from), "%s",
			 proven->user);
		return GW6C_OK;
	}
	CU_ASSERT_STRING_EQUAL(path, "/state/" PROVEN_FILE);
	CU_ASSERT_STRING_EQUAL(proven->user, "ann");
	world.proven = *proven;
	return GW6C_OK;
}

int proven_each(const char *path, const char *user,
		void (*call)(void *arg, const struct proven *proven), void *arg,
		struct gw6c_err *err)
{
	struct proven led = { .user = user, .mechanism = "x", .rank = 1 };

	CU_ASSERT_STRING_EQUAL(path, "/state/" PROVEN_LED_FILE);
	CU_ASSERT_STRING_EQUAL(user, world.led_home ? world.led_home : "home");
	for (int i = 0; i < world.leds; i++) {
		snprintf(led.server.host, GW6C_NAME, "l%d", i);
		call(arg, &led);
	}
	if (!world.led)
		return GW6C_OK;
	CU_ASSERT_EQUAL(server_addr_parse(world.led, &led.server, err),
			GW6C_OK);
	call(arg, &led);
	return GW6C_OK;
}

/* --- what a test does ---------------------------------------------------- */

static void on_up(void *arg)
{
	(void)arg;
	world.ups++;
}

static void on_state(void *arg, const char *words)
{
	(void)arg;
	snprintf(world.words, sizeof(world.words), "%s", words);
	world.told++;
}

static void on_ended(void *arg, enum end status)
{
	(void)arg;
	world.ends++;
	world.end = status;
}

void world_begin_with(void (*change)(struct client_params *params))
{
	struct client_params params = { .settings = &world.settings,
					.conf = conf_new(),
					.os = "test",
					.up = on_up,
					.state = on_state,
					.ended = on_ended };
	struct gw6c_err err = { 0 };
	enum end status;

	world = (struct world){ .now_ms = WORLD_START_MS,
				.net = "192.0.2.",
				.tunnel = { .alive = true },
				.settings = { .on_refusal = "auto",
					      .retry_delay = 30,
					      .retry_delay_max = 300,
					      .tunnel_mode = "v6udpv4",
					      .auto_retry_connect = true,
					      .userid = "ann",
					      .auth_method = "any",
					      .state_dir = "/state",
					      .last_server = "/nowhere",
					      .broker_list = "/nowhere" } };
	gw6c_addr_parse("198.51.100.9", &world.source);
	snprintf(world.settings.broker.host, GW6C_NAME, "home");
	world.settings.broker.port = 3653;
	if (change)
		change(&params);
	CU_ASSERT_EQUAL_FATAL(client_new(&params, &world.client, &status, &err),
			      GW6C_OK);
	CU_ASSERT_EQUAL(client_start(world.client, &status, &err), GW6C_OK);
}

void world_begin(void)
{
	world_begin_with(NULL);
}

void world_end(void)
{
	struct conf *conf = world.client->params.conf;

	client_free(world.client);
	conf_free(conf);
	CU_ASSERT_EQUAL(world_timers(), 0);
	CU_ASSERT_EQUAL(world_sessions(), 0);
	CU_ASSERT_PTR_NULL(world.lookup);
	CU_ASSERT_FALSE(world.probing);
	CU_ASSERT_EQUAL(world.measured, 0);
}

static struct gw6c_watch *due(uint64_t until_ms)
{
	struct gw6c_watch *first = NULL;

	for (int i = 0; i < WORLD_TIMERS; i++)
		if (world.timers[i] && world.timers[i]->at_ms <= until_ms &&
		    (!first || world.timers[i]->at_ms < first->at_ms))
			first = world.timers[i];
	return first;
}

void world_pass(uint64_t ms)
{
	uint64_t until_ms = world.now_ms + ms;
	struct gw6c_watch *next;

	while ((next = due(until_ms))) {
		struct gw6c_watch now = *next;

		if (now.at_ms > world.now_ms)
			world.now_ms = now.at_ms;
		take(next);
		now.call(now.arg);
	}
	world.now_ms = until_ms;
}

int world_timers(void)
{
	int n = 0;

	for (int i = 0; i < WORLD_TIMERS; i++)
		n += world.timers[i] != NULL;
	return n;
}

void world_resolve(int n)
{
	struct lookup *lookup = world.lookup;
	struct gw6c_addr addrs[LOOP_ADDRS];
	struct gw6c_err err = { 0 };
	char text[32];

	CU_ASSERT_PTR_NOT_NULL_FATAL(lookup);
	world.lookup = NULL;
	for (int i = 0; i < n; i++) {
		snprintf(text, sizeof(text), "%s%d", world.net, i + 1);
		gw6c_addr_parse(text, &addrs[i]);
	}
	if (!n)
		gw6c_fail(&err, GW6C_ENET, "no such name");
	lookup->call(lookup->arg, addrs, n, &err);
	free(lookup);
}

struct session *world_session(void)
{
	CU_ASSERT_FATAL(world.n_sessions > 0);
	return &world.sessions[world.n_sessions - 1];
}

void world_session_ends(const struct session_result *result)
{
	struct session *session = world_session();

	CU_ASSERT_TRUE_FATAL(session->used);
	session->result = *result;
	session->done(session->arg, &session->result);
}

void world_grant(void)
{
	static struct session_result result;

	result = (struct session_result){ .end = SESSION_UP,
					  .mechanism = "plain",
					  .lease = { .mode = "v6udpv4",
						     .name = "ann.example",
						     .mtu = 1280,
						     .keepalive_s = 30 } };
	gw6c_addr_parse("198.51.100.9", &result.lease.local);
	gw6c_addr_parse("198.51.100.9", &result.lease.seen);
	gw6c_addr_parse("192.0.2.1", &result.lease.remote);
	world_session_ends(&result);
}

void world_up(void)
{
	world_begin();
	world_resolve(1);
	world_grant();
	CU_ASSERT_EQUAL_FATAL(world_state(), CLIENT_UP);
}

int world_sessions(void)
{
	int n = 0;

	for (int i = 0; i < world.n_sessions; i++)
		n += world.sessions[i].used;
	return n;
}

void world_lost(bool dead_peer)
{
	const struct gw6c_err err = { GW6C_ENET, "nothing comes" };

	world.tunnel.events.lost(world.tunnel.events.arg, dead_peer, &err);
}

void world_control(const char *hex)
{
	uint8_t room[200];
	size_t len = unit_hex(hex, room, sizeof(room));

	world.tunnel.events.control(world.tunnel.events.arg,
				    (struct gw6c_bytes){ room, len });
}

void world_started(int rc)
{
	struct gw6c_err err = { 0 };

	if (rc)
		gw6c_fail(&err, rc, "the step failed");
	world.tunnel.applied = !rc;
	world.tunnel.events.started(world.tunnel.events.arg, &err);
}

void world_stopped(void)
{
	world.tunnel.applied = false;
	world.tunnel.events.stopped(world.tunnel.events.arg);
}

bool world_logged(const char *text)
{
	return strstr(world.log, text) != NULL;
}

enum client_state world_state(void)
{
	return world.client->phase.state;
}

const char *world_status(const char *name)
{
	static char line[300];
	char room[8192] = "\n";
	struct gw6c_buf out = { .at = (uint8_t *)room + 1,
				.cap = sizeof(room) - 2 };
	char want[60];
	const char *at;

	client_status(world.client, !world.asked_by_others, &out);
	room[1 + out.len] = 0;
	snprintf(want, sizeof(want), "\n%s ", name);
	at = strstr(room, want);
	snprintf(line, sizeof(line), "%.*s",
		 at ? (int)strcspn(at + strlen(want), "\n") : 0,
		 at ? at + strlen(want) : "");
	return line;
}
