/* dialog_login.c - the server side of a login, by an auth plugin. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dialog_login.h"
#include "broker/config/users.h"
#include "core/base/base64.h"
#include "core/base/log.h"
#include "core/base/loop.h"
#include "core/base/text.h"
#include "core/base/wipe.h"
#include "core/modules/host.h"
#include "dialog_guess.h"
#include "dialog_refuse.h"
#include "guesses.h"
#include "refusals.h"
#include <stdlib.h>
#include <strings.h>

#define FAILED "Authentication failed" /* for any reason */
/* Octets of an outgoing message: those whose base64 fits in RUDP_SEND_MAX. */
#define LOGIN_MAX 1046
#define BROKEN "Server side error"
#define TOO_MANY "Too many failed logins from your network; try again later"
#define LOGIN_IN_MAX 4096 /* octets of an incoming message */

/* What a mechanism has said later. */
struct login_result {
	int rc;
	size_t len;
	uint8_t message[LOGIN_MAX];
	struct gw6c_err err;
};

static int find_secret(void *ctx, const char *user, struct gw6c_buf *out)
{
	struct dialog *dialog = ctx;
	const char *password = users_password(dialog->env->conf, user);

	snprintf(dialog->tried, sizeof(dialog->tried), "%s", user);
	if (!password)
		return GW6C_EAUTH;
	gw6c_put_text(out, password);
	return GW6C_OK;
}

static int give_server_key(void *ctx, struct gw6c_buf *out)
{
	const struct dialog *dialog = ctx;
	const struct dialog_env *env = dialog->env;
	int i = 0;

	while (env->auth[i] != dialog->auth)
		i++;
	if (!env->identity || !env->identity[i].len)
		return GW6C_ECONFIG;
	gw6c_put(out, env->identity[i].key, env->identity[i].len);
	return GW6C_OK;
}

void dialog_login_end(struct dialog *dialog)
{
	if (dialog->auth_self)
		dialog->auth->auth->close(dialog->auth_self);
	host_end(dialog->auth_host);
	dialog->auth_self = NULL;
	dialog->auth_host = NULL;
	if (dialog->result)
		wipe(dialog->result, sizeof(*dialog->result));
	free(dialog->result);
	dialog->result = NULL;
}

void dialog_logged_in(struct dialog *dialog, struct gw6c_buf *out)
{
	const char *who = dialog->auth->auth->who(dialog->auth_self);
	char room[GW6C_ADDR_TEXT];

	snprintf(dialog->user, sizeof(dialog->user), "%s", who);
	dialog->anonymous = !dialog->user[0];
	dialog->logged_in = true;
	/* Who answers a challenge well has received it. */
	dialog->proven |= dialog->challenged;
	dialog_login_end(dialog);
	log_msg(GW6C_INFO, "login", "%s port %u: logged in as %s using %s",
		gw6c_addr_text(&dialog->from.addr, room), dialog->from.port,
		dialog->anonymous ? "anonymous" : dialog->user,
		dialog->auth->auth->mechanism);
	dialog->stage = DIALOG_REQUEST;
	dialog_say(out, 200, "Success");
}

/* Frame the output of the mechanism. */
static void put_login(const struct dialog *dialog,
		      const struct gw6c_buf *message, struct gw6c_buf *out)
{
	if (dialog->auth->auth->flags & GW6C_AUTH_BASE64)
		base64_put(out, gw6c_got(message));
	else
		gw6c_put(out, message->at, message->len);
	gw6c_put_text(out, "\r\n");
}

/* --- a result that is told later -------------------------------------- */

static struct login_result *keep_result(int rc, struct gw6c_bytes out,
					const struct gw6c_err *err)
{
	struct login_result *result = calloc(1, sizeof(*result));

	if (!result)
		return NULL;
	result->rc = rc;
	if (err)
		result->err = *err;
	if (rc == GW6C_LATER) {
		result->rc = gw6c_fail(&result->err, GW6C_EBUG,
				       "the module brought no result that can "
				       "be used; report it to its author");
		return result;
	}
	if (out.len > sizeof(result->message)) {
		result->rc = gw6c_fail(&result->err, GW6C_EBUG,
				       "a message of %zu octets is too long; "
				       "the maximum is %d",
				       out.len, LOGIN_MAX);
		return result;
	}
	result->len = out.len;
	if (out.len)
		memcpy(result->message, out.at, out.len);
	return result;
}

/* --- the verdict ------------------------------------------------------- */

static void go_on(void *arg);

/* Right or wrong, it is told later. False: out of memory. */
static bool hold_back(struct dialog *dialog, struct login_result *result,
		      int ms)
{
	dialog->result = result;
	dialog->held = true;
	if (!result ||
	    !dialog->auth_host->on_timer(dialog->auth_host, (uint32_t)ms, go_on,
					 dialog))
		return false;
	dialog->stage = DIALOG_WAITING;
	return true;
}

/* False: the verdict is not to be told now. */
static bool may_tell(struct dialog *dialog, int rc,
		     const struct gw6c_buf *message, const struct gw6c_err *err,
		     struct gw6c_buf *out)
{
	int ms = dialog->held ? 0 : dialog_guess(dialog, rc);

	if (ms < 0) {
		/* Nobody learns whether the password was right. */
		dialog_login_end(dialog);
		dialog_refuse(dialog, out, 530, TOO_MANY);
		return false;
	}
	return !ms ||
	       !hold_back(dialog, keep_result(rc, gw6c_got(message), err), ms);
}

/* Whose fault it is, the status tells: 310 is ours. */
static void failed(struct dialog *dialog, int rc, const struct gw6c_err *err,
		   struct gw6c_buf *out)
{
	bool theirs = rc == GW6C_EAUTH || rc == GW6C_EPEER;

	log_msg(theirs ? GW6C_INFO : GW6C_WARN, "login", "%s login failed: %s",
		dialog->auth->auth->mechanism, err->text);
	dialog_login_end(dialog);
	dialog_refuse(dialog, out, theirs ? 300 : 310,
		      theirs ? FAILED : BROKEN);
}

/* The mechanism has answered. */
static void served(struct dialog *dialog, int rc,
		   const struct gw6c_buf *message, const struct gw6c_err *err,
		   struct gw6c_buf *out)
{
	bool verdict = rc == GW6C_OK || rc == GW6C_EAUTH;

	if (verdict && !may_tell(dialog, rc, message, err, out))
		return;
	if (rc != GW6C_OK && rc != GW6C_MORE) {
		failed(dialog, rc, err, out);
		return;
	}
	if (rc == GW6C_OK && !message->len) {
		dialog_logged_in(dialog, out);
		return;
	}
	dialog->challenged |= rc == GW6C_MORE && message->len;
	dialog->stage = rc == GW6C_OK ? DIALOG_STATUS : DIALOG_LOGIN;
	put_login(dialog, message, out);
}

static void serve(struct dialog *dialog, struct gw6c_bytes in,
		  struct gw6c_buf *out)
{
	uint8_t room[LOGIN_MAX];
	struct gw6c_buf message = GW6C_BUF(room);
	struct gw6c_err err = { 0 };
	int rc = dialog->auth->auth->serve(dialog->auth_self, in, &message,
					   &err);

	if (rc == GW6C_LATER)
		dialog->stage = DIALOG_WAITING;
	else
		served(dialog, rc, &message, &err, out);
}

/* --- a mechanism that answers later ------------------------------------ */

static void go_on(void *arg)
{
	struct dialog *dialog = arg;
	struct login_result result = *dialog->result;
	struct gw6c_buf message = { .at = result.message,
				    .len = result.len,
				    .cap = sizeof(result.message) };
	uint8_t room[RUDP_SEND_MAX];
	struct gw6c_buf out = GW6C_BUF(room);

	wipe(dialog->result, sizeof(*dialog->result));
	free(dialog->result);
	dialog->result = NULL;
	served(dialog, result.rc, &message, &result.err, &out);
	wipe(&result, sizeof(result));
	if (dialog->stage != DIALOG_WAITING && dialog->later)
		dialog->later(dialog->arg, &out);
}

/* Not before the mechanism has returned: it may be closed then. */
static void on_done(void *arg, int rc, struct gw6c_bytes out,
		    const struct gw6c_err *err)
{
	struct dialog *dialog = arg;

	if (dialog->stage != DIALOG_WAITING || dialog->result)
		return;
	dialog->result = keep_result(rc, out, err);
	if (dialog->result)
		dialog->auth_host->on_timer(dialog->auth_host, 0, go_on,
					    dialog);
}

/* --- the client's messages --------------------------------------------- */

static const struct gw6c_plugin *find_auth(const struct dialog *dialog,
					   struct gw6c_bytes line)
{
	static const char word[] = "AUTHENTICATE ";
	const struct gw6c_plugin *const *auth = dialog->env->auth;
	size_t len = sizeof(word) - 1;

	if (line.len <= len ||
	    strncasecmp((const char *)line.at, word, len) != 0)
		return NULL;
	for (; *auth; auth++) {
		const char *name = (*auth)->auth->mechanism;

		if (line.len - len == strlen(name) &&
		    strncasecmp((const char *)line.at + len, name,
				strlen(name)) == 0)
			return *auth;
	}
	return NULL;
}

static int open_auth(struct dialog *dialog, struct gw6c_err *err)
{
	const struct host_events events = { .done = on_done, .arg = dialog };

	dialog->login = (struct gw6c_login){
		.size = sizeof(dialog->login),
		.version = dialog->version,
		.user = "",
		.password = "",
		.broker = "",
		.realm = dialog->env->options->realm,
		.secret = find_secret,
		.server_key = give_server_key,
		.ctx = dialog,
	};
	dialog->auth_host = host_new(dialog->auth, dialog->env->loop,
				     dialog->env->conf, &events);
	if (!dialog->auth_host)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	return dialog->auth->auth->open(dialog->auth_host, &dialog->login,
					&dialog->auth_self, err);
}

void dialog_authenticate(struct dialog *dialog, struct gw6c_bytes in,
			 struct gw6c_buf *out)
{
	struct gw6c_bytes line, rest;
	struct gw6c_err err = { 0 };

	uint64_t now_ms = loop_now_ms(dialog->env->loop);

	if (guesses_doubt(dialog->env->guesses, &dialog->from.addr, now_ms) &&
	    dialog_wants_proof(dialog, now_ms))
		return;
	if (refusals_say(dialog, PHASE_LOGIN, out))
		return;
	text_line(in, &line, &rest);
	dialog->auth = find_auth(dialog, line);
	if (!dialog->auth) {
		dialog_refuse(dialog, out, 300, FAILED);
		return;
	}
	if (open_auth(dialog, &err)) {
		log_msg(GW6C_WARN, "login", "%s", err.text);
		dialog_refuse(dialog, out, 310, BROKEN);
		return;
	}
	dialog->stage = DIALOG_LOGIN;
	/* The client speaks first: its message is only acknowledged. */
	if (!(dialog->auth->auth->flags & GW6C_AUTH_INITIAL))
		serve(dialog, GW6C_NOTHING, out);
}

void dialog_login(struct dialog *dialog, struct gw6c_bytes in,
		  struct gw6c_buf *out)
{
	uint8_t room[LOGIN_IN_MAX];
	struct gw6c_buf raw = GW6C_BUF(room);
	struct gw6c_bytes line, rest;

	if (!(dialog->auth->auth->flags & GW6C_AUTH_BASE64)) {
		/* Raw octets may contain line ends. */
		while (in.len &&
		       (in.at[in.len - 1] == '\n' || in.at[in.len - 1] == '\r'))
			in.len--;
		serve(dialog, in, out);
		return;
	}
	text_line(in, &line, &rest);
	if (!base64_get(line, &raw)) {
		dialog_login_end(dialog);
		dialog_refuse(dialog, out, 300, FAILED);
		return;
	}
	serve(dialog, gw6c_got(&raw), out);
	wipe(room, sizeof(room));
}
