/* identity.c - the server key, by which the broker proves itself. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "identity.h"
#include "core/base/files.h"
#include "core/base/trusted.h"
#include "core/base/wipe.h"
#include "core/modules/host.h"
#include <errno.h>
#include <sys/stat.h>

#define FILE_MAX 8192 /* octets */

bool identity_needed(const struct gw6c_plugin *auth)
{
	return auth->auth->flags & GW6C_AUTH_SERVER_KEY;
}

void identity_wipe(struct identity *identity)
{
	wipe(identity, sizeof(*identity));
}

static int parse(const struct gw6c_plugin *auth, struct gw6c_bytes file,
		 struct identity *out, struct gw6c_err *err)
{
	struct gw6c_buf key = GW6C_BUF(out->key);
	struct gw6c_buf public_key = GW6C_BUF(out->public_key);
	struct gw6c_host *host = host_new(auth, NULL, NULL, NULL);
	int rc;

	if (!host)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	rc = auth->auth->key_read(host, file, &key, &public_key, err);
	host_end(host);
	if (!rc && (key.overflow || public_key.overflow))
		rc = gw6c_fail(err, GW6C_ECONFIG,
			       "the key is longer than %d octets",
			       IDENTITY_MAX);
	out->len = key.len;
	out->public_len = public_key.len;
	return rc;
}

static int check_file(const char *path, const char *conf, ssize_t len,
		      mode_t mode, struct gw6c_err *err)
{
	if (len < 0)
		return gw6c_fail(err, GW6C_ECONFIG,
				 errno == ENOENT
					 ? "cannot read the server key %s: %s; "
					   "create it: gw6c-broker -f %s keygen"
					 : "cannot read the server key %s: %s",
				 path, trusted_error(errno), conf);
	if (mode & (S_IRWXG | S_IRWXO))
		return gw6c_fail(err, GW6C_ECONFIG,
				 "the server key %s is readable by others; "
				 "create a new one, or chmod 600 %s",
				 path, path);
	return GW6C_OK;
}

int identity_load(const char *path, const char *conf,
		  const struct gw6c_plugin *auth, struct identity *out,
		  struct gw6c_err *err)
{
	uint8_t room[FILE_MAX];
	mode_t mode = 0;
	ssize_t len = files_load(path, room, sizeof(room), &mode);
	struct gw6c_bytes file = { room, len > 0 ? (size_t)len : 0 };
	struct gw6c_err why = { 0 };
	int rc = check_file(path, conf, len, mode, err);

	identity_wipe(out);
	if (!rc && parse(auth, file, out, &why))
		rc = gw6c_fail(err, GW6C_ECONFIG,
			       "the server key %s cannot be used for %s: %s; "
			       "create one: gw6c-broker -f %s keygen",
			       path, auth->name, why.text, conf);
	wipe(room, sizeof(room));
	if (rc)
		identity_wipe(out);
	return rc;
}

int identity_make(const char *path, const struct gw6c_plugin *auth,
		  struct conf *conf, struct gw6c_err *err)
{
	uint8_t room[FILE_MAX];
	struct gw6c_buf file = GW6C_BUF(room);
	struct gw6c_host *host;
	struct stat there;
	int rc;

	if (lstat(path, &there) == 0)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "the server key %s already exists; clients "
				 "that know it will reject a new one. To "
				 "replace it, remove it first",
				 path);
	host = host_new(auth, NULL, conf, NULL);
	if (!host)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	rc = auth->auth->key_make(host, &file, err);
	host_end(host);
	if (!rc && file.overflow)
		rc = gw6c_fail(err, GW6C_EBUG,
			       "the new server key is longer than %d octets",
			       FILE_MAX);
	if (!rc && files_replace(path, gw6c_got(&file), 0600, err))
		rc = err->rc ? err->rc
			     : gw6c_fail(err, GW6C_EOS, "cannot write %s: %s",
					 path, strerror(errno));
	wipe(room, sizeof(room));
	return rc;
}

const char *identity_print(const struct identity *identity,
			   char room[SERVER_KEYS_PRINT])
{
	return server_keys_print((struct gw6c_bytes){ identity->public_key,
						      identity->public_len },
				 room);
}
