/* session.c - one TSP session: version, login, request, accept. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/log.h"
#include "lease_secret.h"
#include "session_parts.h"
#include <stdlib.h>
#include <strings.h>

#define LIMIT_MS 120000 /* from start to end */
#define TRANSLATED "192.0.0.2" /* who has no IPv4, of RFC 7335 */
#define MESSAGE_MAX 4096 /* octets we send at most */

static void session_limit(void *arg)
{
	struct session *session = arg;

	session->limit = NULL;
	session_fail(session, GW6C_ENET, REASON_NONE,
		     "the session took more than %d s", LIMIT_MS / 1000);
}

/* --- stages ------------------------------------------------------------ */

void session_say(struct session *session, struct gw6c_bytes message,
		 enum transport_want want)
{
	log_text(GW6C_DEBUG, "session", "C:", message);
	transport_ask(session->transport, message, want);
}

static bool session_mode_offered(const struct session *session,
				 const struct tsp_capability *capability)
{
	const struct gw6c_granted *grant =
		session->params.tunnel->tunnel->grants;

	for (; grant->type; grant++)
		for (int i = 0; i < capability->tunnels; i++)
			if (strcasecmp(capability->tunnel[i], grant->type) == 0)
				return true;
	return false;
}

static void session_capability(struct session *session,
			       struct gw6c_bytes answer)
{
	struct tsp_capability capability;
	char room[GW6C_ADDR_TEXT];

	if (tsp_status(answer, NULL) && session_refused(session, answer))
		return;
	if (!tsp_parse_capability(answer, &capability)) {
		session_fail(session, GW6C_EPEER, REASON_NONE,
			     "the peer does not speak TSP");
		return;
	}
	log_msg(GW6C_INFO, "session", "connected to %s at %s port %u over %s",
		session->params.broker.host,
		gw6c_addr_text(&session->params.addr, room),
		session->params.broker.port,
		session->params.udp ? "UDP" : "TCP");
	session->lease = capability.lease;
	if (!session_mode_offered(session, &capability)) {
		session_unoffered(session, capability.cut, REASON_MODE,
				  "the broker does not offer what "
				  "tunnel_mode=%s needs; set another "
				  "tunnel_mode",
				  session->params.settings->tunnel_mode);
		return;
	}
	login_begin(session, &capability);
}

/* The outer address to announce: as configured, or the one in use. */
static void session_client(struct session *session, struct gw6c_addr *out)
{
	const struct settings *settings = session->params.settings;
	const char *wish = session->params.addr.family == 6
				   ? settings->client_v6
				   : settings->client_v4;
	uint16_t port;

	if (session->params.addr.family !=
	    session->params.tunnel->tunnel->outer)
		gw6c_addr_parse(TRANSLATED, out);
	else if (!gw6c_addr_parse(wish, out))
		transport_local(session->transport, out, &port);
}

/* Whoever has the secret gets the same address: it does not go into the log. */
static void session_ask(struct session *session, struct tsp_tunnel *request)
{
	uint8_t room[MESSAGE_MAX], shown_room[MESSAGE_MAX];
	struct gw6c_buf out = GW6C_BUF(room), shown = GW6C_BUF(shown_room);

	tsp_put_message(&out, 0, NULL, request);
	if (*request->secret)
		snprintf(request->secret, sizeof(request->secret), "...");
	tsp_put_message(&shown, 0, NULL, request);
	if (out.overflow) {
		session_fail(session, GW6C_ECONFIG, REASON_NONE,
			     "the request is too long; shorten dns_server");
	} else {
		log_text(GW6C_DEBUG, "session", "C:", gw6c_got(&shown));
		transport_ask(session->transport, gw6c_got(&out), WANT_BODY);
	}
	explicit_bzero(room, sizeof(room));
}

void session_request(struct session *session)
{
	struct tsp_tunnel *request = malloc(sizeof(*request));
	struct gw6c_addr client;

	if (!request) {
		session_fail(session, GW6C_EOS, REASON_NONE, "out of memory");
		return;
	}
	session->stage = STAGE_CREATE;
	session_client(session, &client);
	answer_request(session->params.settings, session->params.tunnel->tunnel,
		       &client, request);
	snprintf(request->type, sizeof(request->type), "%s",
		 session->params.tunnel->name);
	if (session->lease && session->auth->auth->flags & GW6C_AUTH_EMPTY)
		lease_secret(session->params.settings->state_dir,
			     session->params.broker.host, request->secret);
	session_ask(session, request);
	free(request);
}

static void session_note(void *arg, const char *text)
{
	(void)arg;
	log_msg(GW6C_INFO, "session", "%s", text);
}

static int session_lease(struct session *session, struct gw6c_bytes xml,
			 struct gw6c_err *err)
{
	struct answer_context context = {
		.conf = session->params.conf,
		.settings = session->params.settings,
		.asked = session->params.tunnel->tunnel,
		.mode = session->params.mode,
		.arg = session->params.arg,
		.version = session->params.version,
		.udp = session->params.udp,
		.broker = session->params.broker,
		.remote = session->params.addr,
		.remote_port = session->params.broker.port,
	};
	struct tsp_tunnel *tunnel = malloc(sizeof(*tunnel));
	int rc;

	if (!tunnel)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	transport_local(session->transport, &context.local,
			&context.local_port);
	rc = tsp_parse_xml(xml, tunnel, err);
	if (rc == GW6C_OK)
		rc = answer_lease(tunnel, &context, &session->result.lease,
				  session_note, NULL, err);
	if (rc == GW6C_OK && session->params.fits)
		rc = session->params.fits(session->params.arg,
					  &session->result.lease, err);
	free(tunnel);
	return rc;
}

static void session_offer(struct session *session, struct gw6c_bytes body)
{
	static const char accept[] = "Content-length: 35\r\n"
				     "<tunnel action=\"accept\"></tunnel>\r\n";
	struct gw6c_bytes line, xml;
	struct gw6c_err err = { 0 };

	if (!tsp_status(body, NULL)) {
		session_fail(session, GW6C_EPEER, REASON_NONE,
			     "the reply to the create request has no status "
			     "code");
		return;
	}
	if (session_refused(session, body))
		return;
	text_line(body, &line, &xml);
	if (session_lease(session, xml, &err)) {
		/* A mode that is not installed is no fault of the broker's. */
		session_fail(session, err.rc,
			     err.rc == GW6C_EPEER ? REASON_PARAMETERS : 0, "%s",
			     err.text);
		return;
	}
	session->stage = STAGE_ACCEPT;
	/* Version 1 knows no accept: the offer is the tunnel. */
	if (session->params.version < TSP_V200 || session->params.offer_only)
		session_end(session, SESSION_UP);
	else
		session_say(session, gw6c_text(accept),
			    session->params.udp ? WANT_LINE : WANT_NOTHING);
}

static void session_accepted(struct session *session, struct gw6c_bytes answer)
{
	if (tsp_status(answer, NULL) && session_refused(session, answer))
		return;
	session_end(session, SESSION_UP);
}

/* Nobody ever answered: another transport or broker may. */
static void session_wire_failed(struct session *session,
				const struct gw6c_err *err)
{
	const char *host = session->params.broker.host;
	char room[GW6C_ADDR_TEXT];
	const char *addr = gw6c_addr_text(&session->params.addr, room);
	bool named = strcmp(host, addr) != 0;
	bool silent =
		err->rc == GW6C_ENET && !transport_answered(session->transport);

	gw6c_fail(&session->result.err, err->rc, "%s%s%s port %u over %s: %s",
		  named ? host : "", named ? " at " : "", addr,
		  session->params.broker.port,
		  session->params.udp ? "UDP" : "TCP", err->text);
	session_end(session, silent ? SESSION_SILENT : SESSION_FAILED);
}

/* What the first of the answers said does not count. */
static void session_contradicted(struct session *session,
				 const struct gw6c_err *err)
{
	struct session_result *result = &session->result;

	if (session->stage == STAGE_OVER && !session->limit)
		return; /* it is told */
	result->status = 0;
	result->reason = REASON_FORGED;
	result->brokers = 0;
	session_wire_failed(session, err);
}

/* Messages of a login are not logged as they are. */
static bool session_is_secret(enum session_stage stage)
{
	return stage >= STAGE_AUTHENTICATE && stage <= STAGE_STATUS;
}

static void session_answer(void *arg, struct gw6c_bytes answer,
			   const struct gw6c_err *err)
{
	struct session *session = arg;

	if (transport_contradicted(session->transport)) {
		session_contradicted(session, err);
		return;
	}
	if (session->stage == STAGE_OVER)
		return;
	if (err->rc) {
		session_wire_failed(session, err);
		return;
	}
	if (!session_is_secret(session->stage))
		log_text(GW6C_DEBUG, "session", "S:", answer);
	switch (session->stage) {
	case STAGE_VERSION:
		session_capability(session, answer);
		break;
	case STAGE_CREATE:
		session_offer(session, answer);
		break;
	case STAGE_ACCEPT:
		session_accepted(session, answer);
		break;
	default:
		login_answer(session, answer);
	}
}

/* --- begin ------------------------------------------------------------- */

static int session_connect(struct session *session, struct gw6c_err *err)
{
	const struct session_params *params = &session->params;
	const struct settings *settings = params->settings;
	struct gw6c_addr local = { 0 };
	const char *wish = params->addr.family == 6 ? settings->client_v6
						    : settings->client_v4;

	/* Of a proxied tunnel it is another machine's. */
	if (!settings->proxy_client)
		gw6c_addr_parse(wish, &local);
	return (params->udp ? transport_udp
			    : transport_tcp)(params->loop, &params->addr,
					     params->broker.port, &local,
					     session_answer, session,
					     &session->transport, err);
}

int session_start(const struct session_params *params,
		  void (*done)(void *arg, const struct session_result *result),
		  void *arg, struct session **out, struct gw6c_err *err)
{
	struct session *session = calloc(1, sizeof(*session));
	uint8_t room[32];
	struct gw6c_buf line = GW6C_BUF(room);

	if (!session)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	session->params = *params;
	session->done = done;
	session->arg = arg;
	if (session_connect(session, err)) {
		session_free(session);
		return err->rc;
	}
	session->limit =
		loop_timer(params->loop, LIMIT_MS, session_limit, session);
	tsp_put_version(&line, params->version);
	session_say(session, gw6c_got(&line), WANT_LINE);
	*out = session;
	return GW6C_OK;
}

struct transport *session_transport(struct session *session)
{
	return session->transport;
}

const struct session_result *session_outcome(const struct session *session)
{
	return &session->result;
}

void session_free(struct session *session)
{
	if (!session)
		return;
	loop_forget(session->limit);
	login_end(session);
	transport_free(session->transport);
	free(session);
}
