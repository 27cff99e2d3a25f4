/* check_auth.c - what any login mechanism must do, at both its ends. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
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

/* A server key of 1024 bits: "ssh-dss" p q g y x. */
static const uint8_t server_key[] = {
	0x00, 0x00, 0x00, 0x07, 0x73, 0x73, 0x68, 0x2d, 0x64, 0x73, 0x73, 0x00,
	0x00, 0x00, 0x80, 0xf1, 0xb0, 0x13, 0x94, 0xc2, 0x49, 0x6b, 0x11, 0xf7,
	0x51, 0x15, 0x47, 0xfb, 0xa5, 0x82, 0xfa, 0x94, 0xcc, 0xbf, 0xbe, 0xe0,
	0xd6, 0xb6, 0xf2, 0x1f, 0xcf, 0x60, 0xc5, 0xe2, 0x37, 0xed, 0x42, 0xf5,
	0xbe, 0xab, 0x70, 0xba, 0x82, 0xc5, 0xa9, 0xdd, 0xed, 0x4b, 0x5c, 0x1f,
	0xaa, 0x64, 0xb4, 0xa6, 0x95, 0xf6, 0xea, 0xc6, 0x6b, 0xa6, 0x27, 0x3a,
	0xe3, 0x84, 0x5a, 0x8b, 0xe8, 0x66, 0xea, 0x9c, 0xdd, 0x68, 0x68, 0xe4,
	0xa3, 0x7f, 0x82, 0xad, 0x61, 0xd5, 0xfc, 0x01, 0x8d, 0xd4, 0x95, 0x96,
	0x4d, 0xf8, 0xd1, 0xfd, 0xf8, 0x51, 0xee, 0xb1, 0xe5, 0x91, 0xf5, 0x68,
	0x7e, 0xb9, 0x8c, 0xeb, 0xd1, 0xe8, 0xed, 0x2a, 0x37, 0xa3, 0x09, 0xfd,
	0x61, 0x93, 0xbc, 0x93, 0x5a, 0xc5, 0xd7, 0xfe, 0xdd, 0xcf, 0xd8, 0x5c,
	0x64, 0x1a, 0x7d, 0xa6, 0xe8, 0xf7, 0xd8, 0x1e, 0x05, 0x71, 0x7b, 0x00,
	0x00, 0x00, 0x14, 0xf1, 0x4d, 0xeb, 0x13, 0x23, 0x28, 0x48, 0x52, 0x1d,
	0x1a, 0x38, 0x13, 0x2e, 0x17, 0x9f, 0x34, 0x45, 0xc7, 0xad, 0xdb, 0x00,
	0x00, 0x00, 0x80, 0x1b, 0x12, 0xfc, 0x8f, 0xe7, 0x65, 0x68, 0x41, 0xcc,
	0x3e, 0x83, 0x3c, 0x10, 0x09, 0xc8, 0x9a, 0xeb, 0x37, 0x22, 0x73, 0x67,
	0x2a, 0x04, 0x7d, 0xd5, 0x7d, 0xb0, 0x10, 0x39, 0xc1, 0xc6, 0xe1, 0x49,
	0x82, 0xa9, 0x56, 0xfa, 0x37, 0x8f, 0xa9, 0x06, 0xd5, 0x63, 0x5a, 0xa2,
	0x06, 0xa4, 0x05, 0xbc, 0x53, 0xee, 0x92, 0x4e, 0x86, 0xbe, 0x27, 0x73,
	0xd9, 0x38, 0xac, 0xb6, 0x74, 0xb4, 0xd0, 0x02, 0xed, 0x7c, 0x49, 0x73,
	0x85, 0xfa, 0xe8, 0xaf, 0x8e, 0x1a, 0x38, 0xd8, 0x4a, 0xcc, 0xb3, 0x9b,
	0xf5, 0x69, 0x74, 0x7b, 0x5d, 0xd0, 0x51, 0x16, 0x07, 0x2c, 0x0f, 0xd1,
	0x21, 0xe2, 0xa2, 0x90, 0xc8, 0x91, 0xf7, 0x06, 0x68, 0x9c, 0xb4, 0xe7,
	0x60, 0x87, 0x2e, 0xea, 0x05, 0xef, 0xb6, 0x2b, 0x43, 0x36, 0xe1, 0x59,
	0xcb, 0xb6, 0x2a, 0x6f, 0x6e, 0x37, 0x65, 0x1a, 0xd6, 0xde, 0x5b, 0x00,
	0x00, 0x00, 0x80, 0x63, 0xea, 0xd1, 0x3f, 0x3d, 0x51, 0x8e, 0xa8, 0x9c,
	0x3a, 0xb7, 0x54, 0xff, 0xcb, 0x39, 0xbb, 0x7f, 0x36, 0x71, 0xd9, 0x73,
	0x22, 0xbf, 0x27, 0x38, 0x77, 0xe8, 0x6c, 0x73, 0xc1, 0xb3, 0xe2, 0x4b,
	0x37, 0xa8, 0x62, 0xf5, 0x11, 0x32, 0x7c, 0x4c, 0x29, 0x99, 0x06, 0xa9,
	0x6b, 0x7e, 0xf8, 0x42, 0x69, 0xa2, 0xc6, 0x4f, 0x34, 0xde, 0x4c, 0xb9,
	0x62, 0xca, 0xe6, 0x29, 0x3e, 0xfe, 0xfe, 0x41, 0x0c, 0x52, 0x2e, 0xec,
	0xf6, 0x8e, 0x0a, 0xcb, 0x03, 0x79, 0x67, 0x86, 0x27, 0xe6, 0x91, 0x99,
	0x4f, 0xfa, 0x1e, 0xf5, 0x81, 0xe6, 0x34, 0x86, 0x53, 0x91, 0x88, 0x35,
	0xcc, 0x0e, 0x6e, 0x5a, 0x05, 0xaf, 0xac, 0x09, 0xa4, 0xc8, 0xcf, 0xd2,
	0x8a, 0x02, 0x83, 0xc3, 0xf3, 0x5b, 0x07, 0x74, 0x03, 0x8b, 0xf1, 0x77,
	0xa3, 0xb4, 0x56, 0x99, 0xd9, 0xab, 0x89, 0x9a, 0x14, 0xce, 0xba, 0x00,
	0x00, 0x00, 0x13, 0x88, 0xae, 0xd0, 0x79, 0x38, 0x87, 0x7b, 0x09, 0x21,
	0x13, 0x5e, 0x0c, 0x61, 0xbd, 0xd2, 0x27, 0x77, 0x3a, 0xbf
};

static int give_key(void *ctx, struct gw6c_buf *out)
{
	(void)ctx;
	gw6c_put(out, server_key, sizeof(server_key));
	return GW6C_OK;
}

static int trust(void *ctx, struct gw6c_bytes key, struct gw6c_err *err)
{
	bool *asked = ctx;

	*asked = true;
	return key.len < sizeof(server_key) &&
			       memcmp(key.at, server_key, key.len) == 0
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
	end->open = end->ops->open(end->instance.host, &end->login,
				   &end->instance.self, &end->err) == GW6C_OK;
	return end->open;
}

static int end_close(struct end *end)
{
	if (end->open)
		end->ops->close(end->instance.self);
	return instance_end(&end->instance);
}

/* False: refused, with nothing said about why. */
static bool end_turn(struct end *end, struct gw6c_bytes in)
{
	struct gw6c_err err = { 0 };

	end->out = (struct gw6c_buf)GW6C_BUF(end->room);
	end->rc = (end->broker ? end->ops->serve
			       : end->ops->step)(end->instance.self, in,
						 &end->out, &err);
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
	if (ok)
		who = ops->who(talk.broker.instance.self);
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
	if (!opens(module) || !right_password(module))
		return;
	if (!(ops->flags & GW6C_AUTH_EMPTY)) {
		wrong_password(module);
		cut_messages(module);
	}
	needs_no_more_and_more(module);
}
