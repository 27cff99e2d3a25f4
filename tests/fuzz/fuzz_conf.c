/* fuzz_conf.c - any octets as a configuration file, of either syntax. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/config/conf_parts.h"
#include "fuzz.h"
#include <gw6c/plugin.h>
#include <stdlib.h>

/* libconfig 1.5 loses strings of a text that has a syntax error; it
 * is not ours to free. */
GW6C_EXPORT const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libconfig.so";
}

/* Detected first, then forced: each reader sees every text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;

	for (int syntax = CONF_DETECT; syntax <= CONF_LIBCONFIG; syntax++) {
		struct conf *conf = conf_new();
		struct gw6c_err err = { 0 };

		if (!conf)
			abort();
		if (conf_parse(conf, "fuzz.conf", text, size, syntax, &err) &&
		    (err.rc != GW6C_ECONFIG || !err.text[0]))
			abort();
		conf_free(conf);
	}
	return 0;
}
