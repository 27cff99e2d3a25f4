/* check_auth_key.c - the key by which a broker proves itself: made, read, and
 * the same each time. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"

/* The name of the algorithm comes first, RFC 4253 section 6.6. */
static bool is_of_type(const struct gw6c_buf *key, const char *type)
{
	size_t len = strlen(type);
	const uint8_t *at = key->at;

	return key->len > 4 + len && at[0] == 0 && at[1] == 0 && at[2] == 0 &&
	       at[3] == len && memcmp(at + 4, type, len) == 0;
}

static bool is_text(const struct gw6c_buf *file)
{
	for (size_t i = 0; i < file->len; i++)
		if (file->at[i] != '\n' &&
		    (file->at[i] < ' ' || file->at[i] > '~'))
			return false;
	return file->len > 0;
}

static int key_read(const struct gw6c_auth_ops *ops,
		    const struct instance *instance, struct gw6c_bytes file,
		    struct gw6c_buf *private_key, struct gw6c_buf *public_key,
		    struct gw6c_err *err)
{
	private_key->len = public_key->len = 0;
	*err = (struct gw6c_err){ 0 };
	return CALL("key_read", ops->key_read(instance->host, file, private_key,
					      public_key, err));
}

/* A file that is damaged is none. */
static void refuses_damage(const struct gw6c_auth_ops *ops,
			   const struct instance *instance,
			   const struct gw6c_buf *file)
{
	uint8_t rooms[2][CHECK_KEY_MAX];
	struct gw6c_buf a = GW6C_BUF(rooms[0]), b = GW6C_BUF(rooms[1]);
	struct gw6c_bytes half = { file->at, file->len / 2 };
	struct gw6c_err err;

	report_try("refuses half a key file, and says why");
	report(key_read(ops, instance, half, &a, &b, &err) < 0 && err.text[0],
	       "it takes it, or says nothing");
	report_try("refuses an empty key file, and says why");
	report(key_read(ops, instance, GW6C_NOTHING, &a, &b, &err) < 0 &&
		       err.text[0],
	       "it takes it, or says nothing");
}

static void reads_the_same(const struct gw6c_auth_ops *ops,
			   const struct instance *instance,
			   const struct gw6c_buf *file,
			   const struct gw6c_buf *private_key,
			   const struct gw6c_buf *public_key)
{
	uint8_t rooms[2][CHECK_KEY_MAX];
	struct gw6c_buf a = GW6C_BUF(rooms[0]), b = GW6C_BUF(rooms[1]);
	struct gw6c_err err;

	report_try("reads the same key from the same file");
	report(key_read(ops, instance, gw6c_got(file), &a, &b, &err) ==
			       GW6C_OK &&
		       a.len == private_key->len && b.len == public_key->len &&
		       memcmp(a.at, private_key->at, a.len) == 0 &&
		       memcmp(b.at, public_key->at, b.len) == 0,
	       "it does not %s", err.text);
}

static bool key_made(const struct gw6c_auth_ops *ops,
		     const struct instance *instance, struct gw6c_buf *file)
{
	struct gw6c_err err = { 0 };
	int rc = CALL("key_make", ops->key_make(instance->host, file, &err));

	report_try("makes a key file, which is text");
	return report(rc == GW6C_OK && !file->overflow && is_text(file), "%s",
		      err.text[0] ? err.text : "it is none");
}

static void differs_each_time(const struct gw6c_auth_ops *ops,
			      const struct instance *instance,
			      const struct gw6c_buf *file)
{
	uint8_t room[CHECK_KEY_MAX];
	struct gw6c_buf other = GW6C_BUF(room);
	struct gw6c_err err = { 0 };

	report_try("makes another key each time");
	report(CALL("key_make", ops->key_make(instance->host, &other, &err)) ==
			       GW6C_OK &&
		       (other.len != file->len ||
			memcmp(other.at, file->at, other.len) != 0),
	       "it is the same %s", err.text);
}

void check_auth_key(const struct module *module, struct gw6c_buf *private_key,
		    struct gw6c_buf *public_key)
{
	const struct gw6c_auth_ops *ops = module->plugin->auth;
	uint8_t room[CHECK_KEY_MAX];
	struct gw6c_buf file = GW6C_BUF(room);
	struct instance instance;
	struct gw6c_err err;
	int rc;

	if (!instance_start(&instance, module))
		return;
	if (key_made(ops, &instance, &file)) {
		report_try("reads the key that it made");
		rc = key_read(ops, &instance, gw6c_got(&file), private_key,
			      public_key, &err);
		report(rc == GW6C_OK && private_key->len > 0 &&
			       !private_key->overflow,
		       "%s", err.text[0] ? err.text : "there is nothing in it");
		report_try("the public key is in the form of RFC 4253, and of "
			   "its type");
		report(is_of_type(public_key, ops->key_type),
		       "it does not begin with \"%s\"", ops->key_type);
		reads_the_same(ops, &instance, &file, private_key, public_key);
		refuses_damage(ops, &instance, &file);
		differs_each_time(ops, &instance, &file);
	}
	report_try("keys leave no watch");
	report(instance_end(&instance) == 0, "something is left");
}
