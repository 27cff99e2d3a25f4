/* check_auth.c - what any login mechanism must do, at both its ends. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include "core/base/server_keys.h"
#include <ctype.h>
#include <stdlib.h>

#define USER "ann"
#define PASSWORD "correct horse"
#define MESSAGES 8 /* of one login, at most */

static int secret(void *ctx, const char *user, struct gw6c_buf *out)
{
	(void)ctx;
	if (strcmp(user, USER) != 0)
		return GW6C_EAUTH;
	gw6c_put_text(out, PASSWORD);
	return GW6C_OK;
}

/* Of the broker, by key_make() and key_read(). */
static uint8_t private_room[CHECK_KEY_MAX], public_room[CHECK_KEY_MAX];
static struct gw6c_buf private_key = GW6C_BUF(private_room);
static struct gw6c_buf public_key = GW6C_BUF(public_room);

static int give_key(void *ctx, struct gw6c_buf *out)
{
	(void)ctx;
	if (!private_key.len)
		return GW6C_ECONFIG;
	gw6c_put(out, private_key.at, private_key.len);
	return GW6C_OK;
}

/* On the wire, numbers may lack the octet of their sign. */
static bool same_key(struct gw6c_bytes a, struct gw6c_bytes b)
{
	uint8_t room_a[SERVER_KEYS_BLOB], room_b[SERVER_KEYS_BLOB];
	struct gw6c_buf one = GW6C_BUF(room_a), other = GW6C_BUF(room_b);

	return server_keys_normal(a, &one) && server_keys_normal(b, &other) &&
	       one.len == other.len && memcmp(one.at, other.at, one.len) == 0;
}

static int trust(void *ctx, struct gw6c_bytes key, struct gw6c_err *err)
{
	bool *asked = ctx;

	*asked = true;
	return same_key(key, gw6c_got(&public_key))
		       ? GW6C_OK
		       : gw6c_fail(err, GW6C_EAUTH, "another key");
}

/* One end of a login. */
struct end {
	const struct gw6c_auth_ops *ops;
	bool broker;
	struct instance instance;
	struct gw6c_login login;
	bool open;
	bool trust_asked;
	struct gw6c_err err; /* of open() */
	int rc; /* of its last turn */
	uint8_t room[4096];
	struct gw6c_buf out;
};

static bool end_open(struct end *end, const struct module *module, bool broker,
		     const char *user, const char *password)
{
	*end = (struct end){ .ops = module->plugin->auth,
			     .broker = broker,
			     .rc = GW6C_MORE };
	if (!instance_start(&end->instance, module))
		return false;
	end->login = (struct gw6c_login){ .size = sizeof(end->login),
					  .version = 0x020002,
					  .user = user,
					  .password = password,
					  .broker = "broker.example",
					  .realm = "broker.example",
					  .secret = secret,
					  .ctx = &end->trust_asked,
					  .trust = trust,
					  .server_key = give_key };
	end->open = CALL("open", end->ops->open(end->instance.host, &end->login,
						&end->instance.self,
						&end->err)) == GW6C_OK;
	return end->open;
}

static int end_close(struct end *end)
{
	if (end->open) {
		call_begin("close");
		end->ops->close(end->instance.self);
		call_end(0);
	}
	return instance_end(&end->instance);
}

/* False: refused, with nothing said about why. */
static bool end_turn(struct end *end, struct gw6c_bytes in)
{
	struct gw6c_err err = { 0 };

	end->out = (struct gw6c_buf)GW6C_BUF(end->room);
	if (end->broker)
		end->rc = CALL("serve", end->ops->serve(end->instance.self, in,
							&end->out, &err));
	else
		end->rc = CALL("step", end->ops->step(end->instance.self, in,
						      &end->out, &err));
	end->rc = instance_wait(&end->instance, end->rc, LATER_MS, &end->out,
				&err);
	return end->rc >= 0 || err.text[0];
}

/* A whole login. Messages number `cut` and on are what is left of them after
 * `keep` octets; cut -1: none is cut. Returns messages exchanged; what went
 * over the wire is appended to wire. */
struct talk {
	struct end client, broker;
	int messages, cut;
	size_t keep, cut_len; /* cut_len: octets the cut message had */
	uint8_t wire_room[16384];
	struct gw6c_buf wire;
	bool silent; /* an error came without a text */
};

static struct gw6c_bytes carry(struct talk *talk, const struct end *from)
{
	struct gw6c_bytes message = gw6c_got(&from->out);

	if (talk->messages == talk->cut) {
		talk->cut_len = message.len;
		if (message.len > talk->keep)
			message.len = talk->keep;
	}
	talk->messages++;
	gw6c_put(&talk->wire, message.at, message.len);
	return message;
}

static void talk_run(struct talk *talk, const struct module *module,
		     const char *user, const char *password)
{
	const struct gw6c_auth_ops *ops = module->plugin->auth;
	struct gw6c_bytes in = GW6C_NOTHING;
	bool client_turn = ops->flags & GW6C_AUTH_INITIAL;

	talk->wire = (struct gw6c_buf)GW6C_BUF(talk->wire_room);
	if (!end_open(&talk->client, module, false, user, password) ||
	    !end_open(&talk->broker, module, true, "", ""))
		return;
	if (ops->flags & GW6C_AUTH_EMPTY) {
		end_turn(&talk->client, in);
		end_turn(&talk->broker, in);
		return;
	}
	while (talk->messages < MESSAGES) {
		struct end *turn = client_turn ? &talk->client : &talk->broker;

		if (!end_turn(turn, in))
			talk->silent = true;
		if (turn->rc < 0 || (turn->rc == GW6C_OK && !turn->out.len))
			break;
		in = carry(talk, turn);
		client_turn = !client_turn;
		if (turn->rc == GW6C_OK && turn->broker) {
			end_turn(&talk->client, in);
			break;
		}
	}
}

static int talk_end(struct talk *talk)
{
	return end_close(&talk->client) + end_close(&talk->broker);
}

static bool contains(struct gw6c_bytes where, const char *what)
{
	return memmem(where.at, where.len, what, strlen(what)) != NULL;
}

/* --- the contract ------------------------------------------------------ */

static bool has_logged_in(const struct talk *talk)
{
	return talk->client.rc == GW6C_OK && talk->broker.rc == GW6C_OK;
}

static void check_table(const struct gw6c_auth_ops *ops)
{
	const char *at = ops->mechanism;

	report_try("the mechanism has a name of RFC 4422: A-Z, 0-9, - and _");
	while (isupper((unsigned char)*at) || isdigit((unsigned char)*at) ||
	       *at == '-' || *at == '_')
		at++;
	report(!*at && at > ops->mechanism && at - ops->mechanism <= 20,
	       "it is \"%s\"", ops->mechanism);
	report_try("a password that is shown has a low rank");
	report(!(ops->flags & GW6C_AUTH_CLEARTEXT) || ops->rank <= 10,
	       "%u, more than 10", ops->rank);
}

/* Appended octets of a file that key_make() made are key_read() back. */
static void check_key(const struct module *module)
{
	const struct gw6c_auth_ops *ops = module->plugin->auth;
	bool has = ops->flags & GW6C_AUTH_SERVER_KEY;

	report_try("it has key_type, key_make and key_read if the flags say "
		   "so");
	if (!report(!ops->key_type == !has && !ops->key_make == !has &&
			    !ops->key_read == !has,
		    "GW6C_AUTH_SERVER_KEY is %sset", has ? "" : "not ") ||
	    !has)
		return;
	check_auth_key(module, &private_key, &public_key);
}

static bool opens(const struct module *module)
{
	struct end client, broker;
	struct process before;
	char why[CHECK_WHY];
	bool ok;

	process_look(&before);
	report_try("opens at the client's end");
	ok = report(end_open(&client, module, false, USER, PASSWORD), "%s",
		    client.err.text);
	report_try("opens at the broker's end");
	ok = report(end_open(&broker, module, true, "", ""), "%s",
		    broker.err.text) &&
	     ok;
	report_try("closes without a message");
	report(end_close(&client) + end_close(&broker) == 0,
	       "something is left watched");
	report_try("leaves no descriptor, signal handler or thread");
	process_differs(&before, why);
	report(!why[0], "%s", why);
	return ok;
}

static bool right_password(const struct module *module)
{
	const struct gw6c_auth_ops *ops = module->plugin->auth;
	struct talk talk = { .cut = -1 };
	const char *want = ops->rank > 0 ? USER : "", *who = NULL;
	bool ok;

	talk_run(&talk, module, USER, PASSWORD);
	report_try("the right password satisfies the client");
	report(talk.client.rc == GW6C_OK, "it returned %d", talk.client.rc);
	report_try("the right password satisfies the broker");
	report(talk.broker.rc == GW6C_OK, "it returned %d", talk.broker.rc);
	ok = has_logged_in(&talk);
	if (ok) {
		call_begin("who");
		who = ops->who(talk.broker.instance.self);
		call_end(0);
	}
	report_try("the broker knows who it is");
	report(who && strcmp(who, want) == 0, "it says \"%s\", not \"%s\"",
	       who ? who : "nothing", want);
	report_try("the password is on the wire only if the flags say so");
	report(contains(gw6c_got(&talk.wire), PASSWORD) ==
		       !!(ops->flags & GW6C_AUTH_CLEARTEXT),
	       "GW6C_AUTH_CLEARTEXT is wrong, or base64 is done twice");
	report_try("asks about the broker's key only if the flags say so");
	report(talk.client.trust_asked == !!(ops->flags & GW6C_AUTH_SERVER_KEY),
	       "GW6C_AUTH_SERVER_KEY is wrong");
	report_try("no watch is left");
	report(talk_end(&talk) == 0, "something is");
	report_try("the password is never logged");
	report(!module_logged(module, PASSWORD), "it is: use -v");
	return ok;
}

static void wrong_password(const struct module *module)
{
	struct talk wrong = { .cut = -1 }, unknown = { .cut = -1 };

	talk_run(&wrong, module, USER, "correct house");
	talk_run(&unknown, module, "bob", PASSWORD);
	report_try("a wrong password is refused");
	report(wrong.broker.rc == GW6C_EAUTH, "it returned %d, not GW6C_EAUTH",
	       wrong.broker.rc);
	report_try("an unknown user is refused");
	report(unknown.broker.rc == GW6C_EAUTH,
	       "it returned %d, not GW6C_EAUTH", unknown.broker.rc);
	report_try("both refusals come at the same message");
	report(wrong.messages == unknown.messages, "after %d and %d messages",
	       wrong.messages, unknown.messages);
	report_try("a refusal has a reason");
	report(!wrong.silent && !unknown.silent, "err->text is empty");
	talk_end(&wrong);
	talk_end(&unknown);
}

/* Each message of a good login, cut at each octet of its first half: at its
 * end there may be something that can be left out. */
static void cut_messages(const struct module *module)
{
	bool entered = false, silent = false;

	report_try("no login with a message that was cut");
	for (int cut = 0; cut < MESSAGES; cut++) {
		size_t len = 1;

		for (size_t keep = 0; keep < len; keep++) {
			struct talk talk = { .cut = cut, .keep = keep };

			talk_run(&talk, module, USER, PASSWORD);
			if (talk.cut_len)
				len = (talk.cut_len + 1) / 2;
			/* Only both ends together make a login: a broker has
			 * let in a client before it tells it so. */
			if (talk.cut_len && has_logged_in(&talk))
				entered = true;
			silent = silent || talk.silent;
			talk_end(&talk);
		}
	}
	report(!entered, "both ends were satisfied with one");
	report_try("each of them is refused with a reason");
	report(!silent, "err->text is empty");
}

static bool one_round(void *arg)
{
	struct talk talk = { .cut = -1 };

	talk_run(&talk, arg, USER, PASSWORD);
	talk_end(&talk);
	return true;
}

static void needs_no_more_and_more(struct module *module)
{
	size_t octets;
	bool told, small;

	report_try("needs no more and more memory");
	small = check_memory(one_round, module, &octets, &told);
	if (told)
		report(small, "%zu octets are lost after %d logins", octets,
		       CHECK_ROUNDS);
	else
		report_skip("what is allocated cannot be told here");
}

void check_auth(struct module *module)
{
	const struct gw6c_auth_ops *ops = module->plugin->auth;

	check_table(ops);
	check_key(module);
	if (!opens(module) || !right_password(module))
		return;
	if (!(ops->flags & GW6C_AUTH_EMPTY)) {
		wrong_password(module);
		cut_messages(module);
	}
	needs_no_more_and_more(module);
}
