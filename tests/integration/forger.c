/* forger.c - a broker's end of PASSDSS-3DES-1 that lies in one way. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "auth/passdss_math.h"
#include <gw6c/plugin.h>
#include <stdlib.h>

extern const struct gw6c_plugin auth_passdss_3des_1_LTX_gw6c_plugin;
#define honest auth_passdss_3des_1_LTX_gw6c_plugin.auth

#define ROOM 2048

struct forger {
	const char *forge; /* what is wrong */
	void *inner; /* the honest one */
};

static int forger_open(const struct gw6c_host *host,
		       const struct gw6c_login *login, void **self,
		       struct gw6c_err *err)
{
	struct forger *forger = calloc(1, sizeof(*forger));

	if (!forger)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	forger->forge = host->str(host, "forge");
	if (honest->open(host, login, &forger->inner, err)) {
		free(forger);
		return err->rc;
	}
	*self = forger;
	return GW6C_OK;
}

static void forger_close(void *self)
{
	struct forger *forger = self;

	honest->close(forger->inner);
	free(forger);
}

static int forger_step(void *self, struct gw6c_bytes in, struct gw6c_buf *out,
		       struct gw6c_err *err)
{
	struct forger *forger = self;

	return honest->step(forger->inner, in, out, err);
}

/* The broker's number of the key exchange: 0, 1, and n-1 of the group. */
static void forge_number(const char *forge, struct passdss_reply *reply)
{
	static const uint8_t one[] = { 1 };
	static const uint8_t last[] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xc9, 0x0f,
		0xda, 0xa2, 0x21, 0x68, 0xc2, 0x34, 0xc4, 0xc6, 0x62, 0x8b,
		0x80, 0xdc, 0x1c, 0xd1, 0x29, 0x02, 0x4e, 0x08, 0x8a, 0x67,
		0xcc, 0x74, 0x02, 0x0b, 0xbe, 0xa6, 0x3b, 0x13, 0x9b, 0x22,
		0x51, 0x4a, 0x08, 0x79, 0x8e, 0x34, 0x04, 0xdd, 0xef, 0x95,
		0x19, 0xb3, 0xcd, 0x3a, 0x43, 0x1b, 0x30, 0x2b, 0x0a, 0x6d,
		0xf2, 0x5f, 0x14, 0x37, 0x4f, 0xe1, 0x35, 0x6d, 0x6d, 0x51,
		0xc2, 0x45, 0xe4, 0x85, 0xb5, 0x76, 0x62, 0x5e, 0x7e, 0xc6,
		0xf4, 0x4c, 0x42, 0xe9, 0xa6, 0x37, 0xed, 0x6b, 0x0b, 0xff,
		0x5c, 0xb6, 0xf4, 0x06, 0xb7, 0xed, 0xee, 0x38, 0x6b, 0xfb,
		0x5a, 0x89, 0x9f, 0xa5, 0xae, 0x9f, 0x24, 0x11, 0x7c, 0x4b,
		0x1f, 0xe6, 0x49, 0x28, 0x66, 0x51, 0xec, 0xe6, 0x53, 0x81,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe
	};

	if (strcmp(forge, "zero") == 0)
		reply->dh = GW6C_NOTHING;
	else if (strcmp(forge, "one") == 0)
		reply->dh = (struct gw6c_bytes){ one, sizeof(one) };
	else if (strcmp(forge, "last") == 0)
		reply->dh = (struct gw6c_bytes){ last, sizeof(last) };
}

static void forge_reply(const char *forge, struct gw6c_buf *out)
{
	uint8_t copy[ROOM];
	struct gw6c_bytes message = { copy, out->len };
	struct passdss_reply reply;

	memcpy(copy, out->at, out->len);
	if (!passdss_get_reply(message, &reply))
		return;
	out->len = 0;
	forge_number(forge, &reply);
	passdss_put_reply(out, &reply);
	if (strcmp(forge, "signature") == 0)
		out->at[out->len - 1] ^= 1;
	else if (strcmp(forge, "key") == 0)
		out->at[40] ^= 1;
	else if (strcmp(forge, "short") == 0)
		out->len /= 2;
	else if (strcmp(forge, "long") == 0)
		gw6c_put(out, "01", 2);
	else if (strcmp(forge, "huge") == 0)
		out->at[0] = 0xff;
}

static int forger_serve(void *self, struct gw6c_bytes in, struct gw6c_buf *out,
			struct gw6c_err *err)
{
	struct forger *forger = self;
	int rc = honest->serve(forger->inner, in, out, err);

	if (rc == GW6C_MORE && out->len <= ROOM)
		forge_reply(forger->forge, out);
	return rc;
}

static const char *forger_who(void *self)
{
	struct forger *forger = self;

	return honest->who(forger->inner);
}

static int forger_key_make(const struct gw6c_host *host, struct gw6c_buf *file,
			   struct gw6c_err *err)
{
	return honest->key_make(host, file, err);
}

static int forger_key_read(const struct gw6c_host *host, struct gw6c_bytes file,
			   struct gw6c_buf *private_key,
			   struct gw6c_buf *public_key, struct gw6c_err *err)
{
	return honest->key_read(host, file, private_key, public_key, err);
}

static const struct gw6c_opt options[] = {
	{ .key = "forge",
	  .type = GW6C_STR,
	  .fallback = "",
	  .summary = "what is wrong" },
	{ .key = "allow_short_keys",
	  .type = GW6C_YES,
	  .fallback = "no",
	  .summary = "of the honest one" },
	{ .key = NULL },
};

static const struct gw6c_auth_ops forger_ops = {
	.size = sizeof(forger_ops),
	.flags = GW6C_AUTH_INITIAL | GW6C_AUTH_BASE64 | GW6C_AUTH_BARE |
		 GW6C_AUTH_MUTUAL | GW6C_AUTH_PASSWORD | GW6C_AUTH_SERVER_KEY,
	.rank = 70,
	.mechanism = "PASSDSS-3DES-1",
	.open = forger_open,
	.close = forger_close,
	.step = forger_step,
	.serve = forger_serve,
	.who = forger_who,
	.key_type = "ssh-dss",
	.key_make = forger_key_make,
	.key_read = forger_key_read,
};

GW6C_PLUGIN(auth_forger) = {
	GW6C_HEAD(GW6C_AUTH, "forger", "PASSDSS-3DES-1 with a lie in it"),
	.opts = options,
	.auth = &forger_ops,
};
