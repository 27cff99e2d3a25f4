/* client_status.c - what the client says about itself. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "client_parts.h"
#include "config.h"
#include "core/base/log.h"
#include "core/base/status.h"
#include "core/base/units.h"
#include <time.h>

static const char *state_name(enum client_state state)
{
	static const char *const names[] = {
		[CLIENT_IDLE] = "idle",
		[CLIENT_RESOLVING] = "resolving",
		[CLIENT_CONNECTING] = "connecting",
		[CLIENT_MEASURING] = "measuring",
		[CLIENT_STARTING] = "starting",
		[CLIENT_UP] = "up",
		[CLIENT_LOSING] = "stopping",
		[CLIENT_STOPPING] = "stopping",
		[CLIENT_WAITING] = "waiting",
	};

	return names[state];
}

bool client_behind_nat(const struct gw6c_lease *lease)
{
	return lease->seen.family &&
	       memcmp(&lease->seen, &lease->local, sizeof(lease->seen)) != 0;
}

void client_tell_up(const struct client *client)
{
	const struct gw6c_lease *lease = tunnel_lease(client->tunnel);
	const struct gw6c_plan *plan = tunnel_plan(client->tunnel);
	char a[GW6C_ADDR_TEXT], b[GW6C_ADDR_TEXT];

	if (client_behind_nat(lease))
		log_msg(GW6C_NOTICE, "client",
			"NAT detected: our address is %s, the broker sees %s",
			gw6c_addr_text(&lease->local, a),
			gw6c_addr_text(&lease->seen, b));
	log_msg(GW6C_NOTICE, "client",
		"tunnel up: %s to %s, our address %s on %s", lease->mode,
		gw6c_addr_text(&lease->remote, b),
		gw6c_addr_text(&lease->inner, a), plan->dev);
	if (lease->prefix.family)
		log_msg(GW6C_NOTICE, "client", "delegated prefix %s%s%s",
			gw6c_addr_text(&lease->prefix, a),
			lease->lans[0].dev[0] ? " on " : "",
			lease->lans[0].dev);
	if (lease->name[0])
		log_msg(GW6C_INFO, "client", "our name is %s", lease->name);
}

static void status_addr(struct gw6c_buf *out, const char *name,
			const struct gw6c_addr *addr)
{
	char room[GW6C_ADDR_TEXT];

	if (addr->family)
		status_put(out, name, "%s", gw6c_addr_text(addr, room));
}

static void status_lease(struct client *client, bool owner,
			 struct gw6c_buf *out)
{
	char version[16];
	const struct gw6c_lease *lease = tunnel_lease(client->tunnel);
	const struct gw6c_plan *plan = tunnel_plan(client->tunnel);

	tsp_version_text(lease->version, version);
	status_put(out, "tsp_version", "%s", version);
	status_put(out, "mode", "%s", lease->mode);
	status_put(out, "nat", "%s", client_behind_nat(lease) ? "yes" : "no");
	status_put(out, "interface", "%s", plan->dev);
	status_addr(out, "address", &lease->inner);
	status_addr(out, "peer", &lease->peer);
	status_addr(out, "prefix", &lease->prefix);
	status_addr(out, "outer", &lease->local);
	status_addr(out, "seen", &lease->seen);
	status_addr(out, "server", &lease->remote);
	if (lease->name[0] && owner)
		status_put(out, "name", "%s", lease->name);
	status_put(out, "mtu", "%u", lease->mtu);
	if (lease->lifetime_s)
		status_put(out, "lifetime_s", "%u", lease->lifetime_s);
}

static void status_traffic(struct client *client, struct gw6c_buf *out)
{
	const struct gw6c_lease *lease = tunnel_lease(client->tunnel);
	struct gw6c_counters count;
	double rtt_ms;
	int64_t age_ms = tunnel_age_ms(client->tunnel, &rtt_ms);

	status_put(out, "keepalive_s", "%u", lease->keepalive_s);
	if (age_ms >= 0) {
		status_put(out, "reply_age_s", "%.1f", (double)age_ms / 1000);
		status_put(out, "rtt_ms", "%.1f", rtt_ms);
	}
	if (!tunnel_count(client->tunnel, &count)) {
		status_put(out, "data_path", "kernel");
		return;
	}
	status_put(out, "data_path", "user space");
	status_put(out, "in_packets", "%llu",
		   (unsigned long long)count.in_packets);
	status_put(out, "in_octets", "%llu",
		   (unsigned long long)count.in_octets);
	status_put(out, "in_dropped", "%llu",
		   (unsigned long long)count.in_dropped);
	status_put(out, "out_packets", "%llu",
		   (unsigned long long)count.out_packets);
	status_put(out, "out_octets", "%llu",
		   (unsigned long long)count.out_octets);
	status_put(out, "out_dropped", "%llu",
		   (unsigned long long)count.out_dropped);
}

static void status_up(struct client *client, bool owner, struct gw6c_buf *out)
{
	bool udp = transport_is_udp(session_transport(client->session));

	status_put(out, "transport", "%s", udp ? "udp" : "tcp");
	if (owner)
		status_put(out, "login", "%s",
			   session_outcome(client->session)->mechanism);
	if (!tunnel_lease(client->tunnel))
		return; /* a reload does its steps anew */
	status_lease(client, owner, out);
	status_traffic(client, out);
}

/* Since when the client is in its state; a tunnel that was renewed or repaired
 * was up all the while. */
static uint64_t since_ms(const struct client *client)
{
	return client->phase.state == CLIENT_UP ? client->up_ms
						: client->phase.since_ms;
}

/* --- the state in words -------------------------------------------------- */

static const char *reason_words(const struct session_result *result)
{
	static const char *const words[] = {
		[REASON_RESOLVE] = "the broker's name cannot be resolved",
		[REASON_REDIRECT] = "a redirection cannot be followed",
		[REASON_MODE] = "the broker does not offer the tunnel mode",
		[REASON_MECHANISM] = "the broker offers no login that may be "
				     "used",
		[REASON_LOGIN] = "the login has failed",
		[REASON_PARAMETERS] = "what the broker grants cannot be used "
				      "here",
		[REASON_FORGED] = "an answer of the broker is forged",
		[REASON_SETUP] = "the tunnel cannot be set up here",
	};

	if (result->end == SESSION_SILENT)
		return "the broker does not answer";
	return result->reason ? words[result->reason]
			      : "the session with the broker has failed";
}

void client_note_failure(struct client *client,
			 const struct session_result *result)
{
	client->failure = result->err;
	if (result->status)
		snprintf(client->cause, sizeof(client->cause), "%s (status %d)",
			 tsp_meaning(result->status)->text, result->status);
	else
		snprintf(client->cause, sizeof(client->cause), "%s",
			 reason_words(result));
}

static void waiting_words(const struct client *client, const char *why,
			  char *room, size_t len)
{
	uint64_t now_ms = loop_now_ms(client->params.loop);
	uint64_t at_ms = client->phase.retry_at_ms;
	uint64_t left_ms = at_ms > now_ms ? at_ms - now_ms + 500 : 0;

	snprintf(room, len, "no tunnel: %s%s; next attempt in %llu s",
		 client->phase.next == NEXT_REFUSED ? "refused: " : "", why,
		 (unsigned long long)left_ms / 1000);
}

/* One sentence for people: for the owner, or for everybody, to whom it names
 * neither brokers nor addresses, and repeats nothing that a broker said. */
static void state_words(const struct client *client, bool owner, char *room,
			size_t len)
{
	const struct attempts *attempts = &client->attempts;
	const struct gw6c_lease *lease = tunnel_lease(client->tunnel);
	const char *broker = owner ? attempts->broker.host : "the broker";
	char a[GW6C_ADDR_TEXT];

	switch (client->phase.state) {
	case CLIENT_RESOLVING:
		snprintf(room, len, "resolving %s", broker);
		return;
	case CLIENT_CONNECTING:
		snprintf(room, len, "asking %s for a tunnel over %s", broker,
			 attempts->tcp ? "TCP" : "UDP");
		return;
	case CLIENT_UP:
		snprintf(room, len, "tunnel up: %s%s%s",
			 lease ? lease->mode : "", owner ? " to " : "",
			 lease && owner ? gw6c_addr_text(&lease->remote, a)
					: "");
		return;
	case CLIENT_WAITING:
		waiting_words(client,
			      owner ? client->failure.text : client->cause,
			      room, len);
		return;
	default:
		snprintf(room, len, "%s", state_name(client->phase.state));
		return;
	}
}

void client_tell_state(const struct client *client)
{
	char words[700];

	if (!client->params.state)
		return;
	state_words(client, false, words, sizeof(words));
	client->params.state(client->params.arg, words);
}

/* --- the status ---------------------------------------------------------- */

static void status_wait(const struct client *client, bool owner,
			struct gw6c_buf *out)
{
	uint64_t now_ms = loop_now_ms(client->params.loop);
	uint64_t left_ms = client->phase.retry_at_ms > now_ms
				   ? client->phase.retry_at_ms - now_ms
				   : 0;

	status_put(out, "retry_in_s", "%llu",
		   (unsigned long long)left_ms / 1000);
	status_put(out, "failure", "%s",
		   owner ? client->failure.text : client->cause);
	if (client->phase.next == NEXT_REFUSED)
		status_put(out, "refusals", "%d", client->attempts.refusals);
}

#define STATUS_TIME 32

/* Told once, it stays: two clocks turn to the next second at different times.
 * But for a clock that was set meanwhile. */
static const char *status_time(struct told *told, uint64_t at_ms,
			       uint64_t now_ms, char room[STATUS_TIME])
{
	time_t at = time(NULL) - (time_t)((now_ms - at_ms) / 1000);
	struct tm local;

	if (told->at_ms != at_ms || at < told->at - 1 || at > told->at + 1)
		*told = (struct told){ .at_ms = at_ms, .at = at };
	localtime_r(&told->at, &local);
	strftime(room, STATUS_TIME, "%Y-%m-%d %H:%M:%S", &local);
	return room;
}

/* Since when it is in its state, and when the tunnel was lost, and why. */
static void status_times(struct client *client, struct gw6c_buf *out)
{
	uint64_t now_ms = loop_now_ms(client->params.loop);
	uint64_t since_s = (now_ms - since_ms(client)) / 1000;
	const struct loss *loss = &client->loss;
	char room[STATUS_TIME];

	status_put(out, "since", "%s",
		   status_time(&client->told_since, since_ms(client), now_ms,
			       room));
	status_put(out, "since_s", "%llu", (unsigned long long)since_s);
	if (loss->at_ms)
		status_put(out, "last_loss", "%s, %s",
			   status_time(&client->told_loss, loss->at_ms, now_ms,
				       room),
			   loss->why);
	else
		status_put(out, "last_loss", "-");
}

/* The state in words, and how long a tunnel is up. */
static void status_summary(const struct client *client, bool owner,
			   struct gw6c_buf *out)
{
	uint64_t up_ms = loop_now_ms(client->params.loop) - client->up_ms;
	char words[700], room[UNITS_TEXT];
	bool up = client->phase.state == CLIENT_UP;

	state_words(client, owner, words, sizeof(words));
	status_put(out, "summary", "%s%s%s", words, up ? ", up " : "",
		   up ? units_time(up_ms / 1000, room) : "");
}

void client_status(struct client *client, bool owner, struct gw6c_buf *out)
{
	status_put(out, "version", "%s", PACKAGE_VERSION);
	status_put(out, "state", "%s", state_name(client->phase.state));
	status_summary(client, owner, out);
	status_times(client, out);
	status_put(out, "broker", "%s", client->attempts.broker.host);
	status_put(out, "port", "%u", client->attempts.broker.port);
	status_put(out, "system", "%s", client->params.os);
	status_put(out, "tunnels", "%u", client->tunnels);
	if (client->phase.state == CLIENT_WAITING)
		status_wait(client, owner, out);
	if (client->phase.state == CLIENT_UP)
		status_up(client, owner, out);
	tunnel_put_status(client->tunnel, owner, out);
}

/* --- what plugins may ask ------------------------------------------------ */

static uint32_t view_state(enum client_state state)
{
	switch (state) {
	case CLIENT_IDLE:
		return GW6C_STATE_IDLE;
	case CLIENT_UP:
		return GW6C_STATE_UP;
	case CLIENT_LOSING:
	case CLIENT_STOPPING:
	case CLIENT_WAITING:
		return GW6C_STATE_WAITING;
	default:
		return GW6C_STATE_CONNECTING;
	}
}

static bool client_view(void *arg, struct gw6c_view *out)
{
	struct client *client = arg;

	*out = (struct gw6c_view){ .size = sizeof(*out),
				   .state = view_state(client->phase.state),
				   .since_ms = since_ms(client),
				   .rtt_ms = -1 };
	snprintf(out->reason, sizeof(out->reason), "%.*s",
		 (int)sizeof(out->reason) - 1, client->failure.text);
	if (tunnel_age_ms(client->tunnel, &out->rtt_ms) < 0)
		out->rtt_ms = -1;
	out->counted = tunnel_count(client->tunnel, &out->count);
	return true;
}

static void client_reconnect(void *arg, const char *why)
{
	struct client *client = arg;
	char text[300];

	snprintf(text, sizeof(text), "a new session was requested by %.250s",
		 why);
	if (client->phase.state != CLIENT_UP)
		log_msg(GW6C_INFO, "client",
			"%s; there is no tunnel to replace", text);
	client_event(client, EVENT_RECONNECT,
		     &(struct client_news){ .why = text });
}

static void client_stop_for(void *arg, const char *why)
{
	log_msg(GW6C_NOTICE, "client", "stopping: requested by %s", why);
	client_stop(arg, GW6C_FOR_STOP);
}

void client_services(struct client *client, struct host_client *out)
{
	*out = (struct host_client){
		.view = client_view,
		.reconnect = client_reconnect,
		.stop = client_stop_for,
		.arg = client,
	};
}
