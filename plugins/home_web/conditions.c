/* conditions.c - is what a client has still good? Pure. RFC 9110 section 13. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "conditions.h"
#include "http_date.h"
#include <stddef.h>
#include <string.h>

/* Is etag one of a list: *, "a", W/"b"? A weak one counts only where the octets
 * need not be the same. */
static bool has_tag(const char *list, const char *etag, bool weak_counts)
{
	size_t len = strlen(etag);

	list += strspn(list, " \t,");
	if (list[0] == '*' && !list[1 + strspn(list + 1, " \t")])
		return true;
	while (*list) {
		bool weak = strncmp(list, "W/", 2) == 0;
		const char *tag = list + (weak ? 2 : 0), *end;

		end = *tag == '"' ? strchr(tag + 1, '"') : NULL;
		if (!end)
			return false;
		if ((!weak || weak_counts) && (size_t)(end + 1 - tag) == len &&
		    strncmp(tag, etag, len) == 0)
			return true;
		list = end + 1 + strspn(end + 1, " \t,");
	}
	return false;
}

int conditions_check(const struct conditions *asked, const char *etag,
		     time_t changed)
{
	time_t at;

	if (asked->if_match) {
		if (!has_tag(asked->if_match, etag, false))
			return 412;
	} else if (asked->if_unmodified_since &&
		   http_date_parse(asked->if_unmodified_since, &at) &&
		   changed > at) {
		return 412;
	}
	if (asked->if_none_match)
		return has_tag(asked->if_none_match, etag, true) ? 304 : 0;
	if (asked->if_modified_since &&
	    http_date_parse(asked->if_modified_since, &at) && changed <= at)
		return 304;
	return 0;
}

bool conditions_want_range(const struct conditions *asked, const char *etag,
			   time_t changed, time_t now)
{
	time_t at;

	if (!asked->if_range)
		return true;
	if (http_date_parse(asked->if_range, &at))
		return changed == at && now - changed > 1;
	return strcmp(asked->if_range, etag) == 0;
}
