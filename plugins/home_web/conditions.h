/* conditions.h - is what a client has still good? Pure. RFC 9110 section 13. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_HOME_WEB_CONDITIONS_H
#define GW6C_HOME_WEB_CONDITIONS_H

#include <stdbool.h>
#include <time.h>

/* Fields of a request; NULL: it has none. */
struct conditions {
	const char *if_match, *if_unmodified_since;
	const char *if_none_match, *if_modified_since;
	const char *if_range;
};

/* 0: send it; 304 or 412. etag is strong, and in its quotes. */
int conditions_check(const struct conditions *asked, const char *etag,
		     time_t changed);
/* Is a part of the file of use to who has the other parts? */
bool conditions_want_range(const struct conditions *asked, const char *etag,
			   time_t changed, time_t now);

#endif
