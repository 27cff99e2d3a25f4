/* fuzz_auth.c - any octets as the messages of a login, at both ends. The
 * first octet picks mechanism and end; a 0xff parts the messages. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "fuzz.h"
#include "tests/fake/fake_host.h"
#include <gw6c/plugin.h>
#include <stdlib.h>

extern const struct gw6c_plugin auth_anonymous_LTX_gw6c_plugin;
extern const struct gw6c_plugin auth_plain_LTX_gw6c_plugin;
extern const struct gw6c_plugin auth_digest_md5_LTX_gw6c_plugin;

static const struct gw6c_plugin *const plugins[] = {
	&auth_anonymous_LTX_gw6c_plugin, &auth_plain_LTX_gw6c_plugin,
	&auth_digest_md5_LTX_gw6c_plugin
};

static int secret(void *ctx, const char *user, struct gw6c_buf *out)
{
	(void)ctx;
	if (strcmp(user, "ann") != 0)
		return GW6C_EAUTH;
	gw6c_put_text(out, "s3cret");
	return GW6C_OK;
}

static int turn(const struct gw6c_auth_ops *ops, void *self, bool broker,
		struct gw6c_bytes in)
{
	uint8_t room[700];
	struct gw6c_buf out = GW6C_BUF(room);
	struct gw6c_err err = { 0 };
	int rc = (broker ? ops->serve : ops->step)(self, in, &out, &err);

	if (rc < 0 && !err.text[0])
		abort();
	if (rc == GW6C_OK && broker && ops->rank && !*ops->who(self))
		abort();
	return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fake_host fake;
	struct gw6c_login login = { .size = sizeof(login),
				    .version = 0x020002,
				    .user = "ann",
				    .password = "s3cret",
				    .broker = "b",
				    .realm = "r",
				    .secret = secret };
	const struct gw6c_auth_ops *ops;
	const uint8_t *end = data + size;
	struct gw6c_err err = { 0 };
	bool broker;
	void *self;
	int rc = GW6C_MORE;

	if (!size)
		return 0;
	ops = plugins[data[0] / 2 % 3]->auth;
	broker = data[0] % 2;
	data++;
	fake_host_init(&fake);
	if (ops->open(&fake.host, &login, &self, &err))
		abort();
	if (broker && !(ops->flags & GW6C_AUTH_INITIAL))
		rc = turn(ops, self, broker, GW6C_NOTHING);
	for (int i = 0; i < 4 && data <= end; i++) {
		const uint8_t *stop =
			data < end ? memchr(data, 0xff, (size_t)(end - data))
				   : NULL;
		size_t len = (size_t)((stop ? stop : end) - data);

		rc = turn(ops, self, broker, (struct gw6c_bytes){ data, len });
		data += len + 1;
	}
	(void)rc;
	ops->close(self);
	return 0;
}
