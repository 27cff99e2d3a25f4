/* lease_secret.c - by what a broker knows an anonymous client again. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "lease_secret.h"
#include "core/base/files.h"
#include "core/base/hash.h"
#include "core/base/log.h"
#include "core/base/random.h"
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

static void put_hex(const uint8_t *octets, size_t len, char *out)
{
	for (size_t i = 0; i < len; i++)
		snprintf(out + 2 * i, 3, "%02x", octets[i]);
}

static bool get_hex(const uint8_t *text, uint8_t out[HASH_KEY])
{
	for (size_t i = 0; i < 2 * HASH_KEY; i++)
		if (!isxdigit(text[i]))
			return false;
	for (size_t i = 0; i < HASH_KEY; i++) {
		char digits[3] = { (char)text[2 * i], (char)text[2 * i + 1] };

		out[i] = (uint8_t)strtoul(digits, NULL, 16);
	}
	return true;
}

/* Of a file that nobody else can read. */
static bool load(const char *path, uint8_t key[HASH_KEY])
{
	uint8_t room[2 * HASH_KEY];
	mode_t mode = 0;
	ssize_t len = files_load(path, room, sizeof(room), &mode);

	return len == sizeof(room) && !(mode & (S_IRWXG | S_IRWXO)) &&
	       get_hex(room, key);
}

static bool make(const char *path, uint8_t key[HASH_KEY])
{
	char text[2 * HASH_KEY + 1];
	struct gw6c_err err = { 0 };

	random_octets(key, HASH_KEY);
	put_hex(key, HASH_KEY, text);
	if (files_replace(path, gw6c_text(text), 0600, &err) == 0)
		return true;
	log_msg(GW6C_INFO, "session",
		"cannot write %s: %s; the broker may assign another address "
		"after a restart",
		path, err.rc ? err.text : strerror(errno));
	return false;
}

void lease_secret(const char *state_dir, const char *broker,
		  char out[TSP_SECRET])
{
	char path[PATH_MAX], about[GW6C_NAME + 1];
	uint8_t key[HASH_KEY];

	*out = 0;
	snprintf(path, sizeof(path), "%s/lease_secret", state_dir);
	if (!load(path, key) && !make(path, key))
		return;
	for (int half = 0; half < 2; half++) {
		uint64_t sum;

		snprintf(about, sizeof(about), "%d%s", half, broker);
		sum = hash_keyed(key, (const uint8_t *)about, strlen(about));
		snprintf(out + 16 * half, 17, "%016llx",
			 (unsigned long long)sum);
	}
	explicit_bzero(key, sizeof(key));
}
