/* fuzz_web.c - what of a request is ours to parse: the first line is a target,
 * the second a field. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "fuzz.h"
#include "plugins/home_web/conditions.h"
#include "plugins/home_web/encodings.h"
#include "plugins/home_web/http_date.h"
#include "plugins/home_web/ranges.h"
#include "plugins/home_web/request.h"
#include <stdlib.h>
#include <string.h>

/* No path that is taken has a step upward, a hidden name or a control. */
static void check_path(const char *target)
{
	char path[REQUEST_PATH], url[3 * REQUEST_PATH];

	if (request_path(target, path))
		return;
	if (path[0] == '/' || path[0] == '.' || strstr(path, "/.") ||
	    strstr(path, "//") || strchr(path, '\\') || strchr(path, '\n'))
		abort();
	if (!request_encode(path, url, sizeof(url)))
		abort();
}

static void check_ranges(const char *text, uint64_t size)
{
	struct range range[RANGES_MAX];
	uint64_t sum = 0;
	size_t n;

	if (ranges_parse(text, size, range, &n) != RANGES_SOME)
		return;
	for (size_t i = 0; i < n; i++) {
		if (range[i].first > range[i].last || range[i].last >= size)
			abort();
		sum += range[i].last - range[i].first + 1;
	}
	if (!n || n > RANGES_MAX || sum > size)
		abort();
}

static void check_fields(const char *text)
{
	const struct encoding *list[ENCODINGS + 1];
	const struct conditions asked = { text, NULL, text, NULL, text };
	char host[REQUEST_HOST];
	time_t at;

	encodings_choose(text, list);
	conditions_check(&asked, "\"a\"", 1);
	conditions_want_range(&asked, "\"a\"", 1, 2);
	http_date_parse(text, &at);
	request_absolute(text, host);
	request_is_token(text);
	if (request_host_is_good(text))
		request_host_name(text, host);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text = malloc(len + 1), *field;

	if (!text)
		return 0;
	memcpy(text, data, len);
	text[len] = 0;
	field = strchr(text, '\n');
	if (field)
		*field++ = 0;
	check_path(text);
	check_fields(field ? field : text);
	check_ranges(field ? field : text, 0);
	check_ranges(field ? field : text, 1);
	check_ranges(field ? field : text, 1000);
	check_ranges(field ? field : text, UINT64_MAX / 2);
	free(text);
	return 0;
}
