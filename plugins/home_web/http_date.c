/* http_date.c - dates as HTTP has them. RFC 9110 section 5.6.7. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "http_date.h"
#include <stddef.h>
#include <string.h>

const char *http_date(time_t at, char room[HTTP_DATE])
{
	struct tm tm;

	if (!gmtime_r(&at, &tm) ||
	    !strftime(room, HTTP_DATE, "%a, %d %b %Y %H:%M:%S GMT", &tm))
		room[0] = 0;
	return room;
}

bool http_date_parse(const char *text, time_t *out)
{
	static const char *const forms[] = { "%a, %d %b %Y %H:%M:%S GMT",
					     "%A, %d-%b-%y %H:%M:%S GMT",
					     "%a %b %d %H:%M:%S %Y" };

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct tm tm = { 0 };
		const char *end = strptime(text, forms[i], &tm);

		if (!end || *end)
			continue;
		*out = timegm(&tm);
		return true;
	}
	return false;
}
