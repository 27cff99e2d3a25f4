/* home_access_conf.h - what HAProxy is told, as text. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_FEATURES_HOME_ACCESS_CONF_H
#define GW6C_FEATURES_HOME_ACCESS_CONF_H

#include "home_access_devices.h"
#include "home_access_users.h"

/* A device, and what of it is in force. */
struct access_entry {
	const struct access_device *device;
	struct gw6c_addr target; /* where visitors are taken */
	struct gw6c_addr own; /* in router mode, by address; or none */
	bool on[ACCESS_SERVICES];
};

/* A socket that visitors come to. */
struct access_bind {
	enum access_way way; /* HTTP; TLS: also for HTTPS; TCP */
	int entry, service; /* of TCP */
	int fd; /* as HAProxy sees it */
};

struct access_conf {
	const struct access_entry *entry;
	int n;
	const struct access_bind *bind;
	int n_binds;
	const char *domain; /* names are below it */
	const struct access_users *users;
	uint16_t port, tls_port; /* of http, and of https and tls */
	/* Descriptors as HAProxy sees them; -1: there is none. */
	int stats; /* it is asked through that */
	int map; /* what access_conf_map() makes */
	int certificate; /* chain and key */
	int inside[2]; /* from the end of TLS to what is in it */
	long connections; /* at a time */
	long requests; /* of one visitor in 10 s */
	long failures; /* passwords of one visitor in 10 min */
	long answer_s; /* patience with devices */
};

/* The configuration, and the map that it refers to; the caller's to free().
 * NULL: memory is out. */
char *access_conf_text(const struct access_conf *conf);
char *access_conf_map(const struct access_conf *conf);

/* "camera:http", "camera:tcp:554": the backend of a service; in room. */
#define ACCESS_BACKEND (ACCESS_LABEL + 16)
const char *access_backend(const struct access_device *device,
			   const struct access_service *service,
			   char room[ACCESS_BACKEND]);

#endif
