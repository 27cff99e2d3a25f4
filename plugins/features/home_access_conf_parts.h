/* home_access_conf_parts.h - shared by home_access_conf*.c only. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_FEATURES_HOME_ACCESS_CONF_PARTS_H
#define GW6C_FEATURES_HOME_ACCESS_CONF_PARTS_H

#include "home_access_conf.h"

/* home_access_conf_http.c: the backends of http and https. */
void conf_put_http(FILE *file, const struct access_conf *conf,
		   const struct access_entry *entry,
		   const struct access_service *service);

/* home_access_conf_page.c: pages in words. */
void conf_put_errors(FILE *file);
/* "http-request return" of the page for a name that is not there. */
void conf_put_nothing(FILE *file, const char *condition);
void conf_put_too_many(FILE *file, const char *condition);

/* home_access_conf.c */
/* " { src 2001:db8::/32 ... }"; nothing for everybody. */
void conf_put_sources(FILE *file, const struct access_device *device);
void conf_put_server(FILE *file, const struct access_entry *entry,
		     const struct access_service *service);

#endif
