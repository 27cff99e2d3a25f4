/* http_date.h - dates as HTTP has them. RFC 9110 section 5.6.7. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_HOME_WEB_HTTP_DATE_H
#define GW6C_HOME_WEB_HTTP_DATE_H

#include <stdbool.h>
#include <time.h>

#define HTTP_DATE 32 /* octets with the NUL */

/* "Sun, 06 Nov 1994 08:49:37 GMT"; in room, which is returned. */
const char *http_date(time_t at, char room[HTTP_DATE]);
/* That, and the two older forms. */
bool http_date_parse(const char *text, time_t *out);

#endif
