/* test_auth.c - what any login mechanism must do at both its ends, run
 * against the modules named on the command line. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/fake/fake_host.h"
#include <dlfcn.h>
#include <gw6c/plugin.h>
#include <stdlib.h>

#define USER "ann"
#define PASSWORD "correct horse"
#define MESSAGES 8 /* of one login, at most */

static int failures;

static void check(bool ok, const char *module, const char *what)
{
	printf("%s: %s: %s\n", ok ? "ok" : "FAILED", module, what);
	failures += !ok;
}

static int secret(void *ctx, const char *user, struct gw6c_buf *out)
{
	(void)ctx;
	if (strcmp(user, USER) != 0)
		return GW6C_EAUTH;
	gw6c_put_text(out, PASSWORD);
	return GW6C_OK;
}

/* One end of a login. */
struct end {
	const struct gw6c_auth_ops *ops;
	bool broker;
	struct fake_host fake;
	struct gw6c_login login;
	void *self;
	int rc; /* of its last turn */
	uint8_t room[4096];
	struct gw6c_buf out;
};

static bool end_open(struct end *end, const struct gw6c_auth_ops *ops,
		     bool broker, const char *user, const char *password)
{
	struct gw6c_err err = { 0 };

	*end = (struct end){ .ops = ops, .broker = broker, .rc = GW6C_MORE };
	fake_host_init(&end->fake);
	end->fake.random = broker ? 100 : 1;
	end->login = (struct gw6c_login){ .size = sizeof(end->login),
					  .version = 0x020002,
					  .user = user,
					  .password = password,
					  .broker = "broker.example",
					  .realm = "broker.example",
					  .secret = secret };
	return ops->open(&end->fake.host, &end->login, &end->self, &err) ==
	       GW6C_OK;
}

/* False: refused, with nothing said about why. */
static bool end_turn(struct end *end, struct gw6c_bytes in)
{
	struct gw6c_err err = { 0 };

	end->out = (struct gw6c_buf)GW6C_BUF(end->room);
	end->rc =
		(end->broker ? end->ops->serve
			     : end->ops->step)(end->self, in, &end->out, &err);
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

static void talk_run(struct talk *talk, const struct gw6c_auth_ops *ops,
		     const char *user, const char *password)
{
	struct gw6c_bytes in = GW6C_NOTHING;
	bool client_turn = ops->flags & GW6C_AUTH_INITIAL;

	talk->wire = (struct gw6c_buf)GW6C_BUF(talk->wire_room);
	end_open(&talk->client, ops, false, user, password);
	end_open(&talk->broker, ops, true, "", "");
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

static void talk_end(struct talk *talk)
{
	talk->client.ops->close(talk->client.self);
	talk->broker.ops->close(talk->broker.self);
}

static bool contains(struct gw6c_bytes where, const char *what)
{
	return memmem(where.at, where.len, what, strlen(what)) != NULL;
}

/* --- the contract ------------------------------------------------------ */

static void right_password(const char *module, const struct gw6c_auth_ops *ops)
{
	struct talk talk = { .cut = -1 };
	bool named = ops->strength > 0;

	talk_run(&talk, ops, USER, PASSWORD);
	check(talk.client.rc == GW6C_OK, module, "the client is satisfied");
	check(talk.broker.rc == GW6C_OK, module, "the broker is satisfied");
	check(talk.broker.rc == GW6C_OK && strcmp(ops->who(talk.broker.self),
						  named ? USER : "") == 0,
	      module, "the broker knows who it is");
	check(contains(gw6c_got(&talk.wire), PASSWORD) ==
		      !!(ops->flags & GW6C_AUTH_CLEARTEXT),
	      module, "the password is shown only if the flags say so");
	check(!strstr(talk.client.fake.log, PASSWORD) &&
		      !strstr(talk.broker.fake.log, PASSWORD),
	      module, "the password is never logged");
	check(fake_host_left(&talk.client.fake) == 0 &&
		      fake_host_left(&talk.broker.fake) == 0,
	      module, "no watch is left");
	talk_end(&talk);
}

static void wrong_password(const char *module, const struct gw6c_auth_ops *ops)
{
	struct talk wrong = { .cut = -1 }, unknown = { .cut = -1 };

	talk_run(&wrong, ops, USER, "correct house");
	talk_run(&unknown, ops, "bob", PASSWORD);
	check(wrong.broker.rc == GW6C_EAUTH, module,
	      "a wrong password is refused");
	check(unknown.broker.rc == GW6C_EAUTH, module,
	      "an unknown user is refused");
	check(wrong.messages == unknown.messages, module,
	      "both refusals come at the same message");
	check(!wrong.silent && !unknown.silent, module,
	      "a refusal has a reason");
	talk_end(&wrong);
	talk_end(&unknown);
}

/* Each message of a good login, cut at each octet of its first half: at its
 * end there may be something that can be left out. */
static void cut_messages(const char *module, const struct gw6c_auth_ops *ops)
{
	bool entered = false, silent = false;

	for (int cut = 0; cut < MESSAGES; cut++) {
		size_t len = 1;

		for (size_t keep = 0; keep < len; keep++) {
			struct talk talk = { .cut = cut, .keep = keep };

			talk_run(&talk, ops, USER, PASSWORD);
			if (talk.cut_len)
				len = (talk.cut_len + 1) / 2;
			/* Only both ends together make a login: a broker has
			 * let in a client before it tells it so. */
			if (talk.cut_len && talk.client.rc == GW6C_OK &&
			    talk.broker.rc == GW6C_OK)
				entered = true;
			silent = silent || talk.silent;
			talk_end(&talk);
		}
	}
	check(!entered, module, "no login with a message that was cut");
	check(!silent, module, "each of them is refused with a reason");
}

static void unused(const char *module, const struct gw6c_auth_ops *ops)
{
	struct end client, broker;

	check(end_open(&client, ops, false, USER, PASSWORD) &&
		      end_open(&broker, ops, true, "", ""),
	      module, "opens at both ends");
	ops->close(client.self);
	ops->close(broker.self);
	check(true, module, "closes without a message");
}

static const struct gw6c_plugin *descriptor(const char *path)
{
	void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	const char *base = strrchr(path, '/');
	char symbol[256];

	if (!module) {
		printf("%s\n", dlerror());
		return NULL;
	}
	base = base ? base + 1 : path;
	snprintf(symbol, sizeof(symbol), "%.*s_LTX_gw6c_plugin",
		 (int)strcspn(base, "."), base);
	return dlsym(module, symbol);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const struct gw6c_plugin *plugin = descriptor(argv[i]);

		if (!plugin || plugin->kind != GW6C_AUTH) {
			check(false, argv[i], "is a login mechanism");
			continue;
		}
		unused(plugin->name, plugin->auth);
		right_password(plugin->name, plugin->auth);
		if (plugin->auth->flags & GW6C_AUTH_EMPTY)
			continue;
		wrong_password(plugin->name, plugin->auth);
		cut_messages(plugin->name, plugin->auth);
	}
	return failures || argc < 2;
}
