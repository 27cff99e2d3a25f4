/* home_access_devices.h - the list of devices that are to be published. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_FEATURES_HOME_ACCESS_DEVICES_H
#define GW6C_FEATURES_HOME_ACCESS_DEVICES_H

#include <gw6c/plugin.h>

#define ACCESS_DEVICES 250 /* in a list */
#define ACCESS_SERVICES 6 /* of a device */
#define ACCESS_ALLOWED 16 /* prefixes of a device */
#define ACCESS_USERS 8 /* named by a device */
#define ACCESS_HEADERS 6 /* rules of a device */
#define ACCESS_LABEL 64 /* octets of a name with its NUL */

enum access_way {
	ACCESS_HTTP = 0, /* by the name in Host */
	ACCESS_HTTPS = 1, /* the same; TLS ends here */
	ACCESS_TLS = 2, /* by the name in TLS, which stays closed */
	ACCESS_TCP = 3, /* by an address of its own */
};

struct access_service {
	enum access_way way;
	uint16_t port; /* of the visitor; 0: that of all */
	uint16_t to; /* of the device */
};

struct access_header {
	bool answer; /* of the device's answer; else of the request */
	char name[40];
	char value[160]; /* "": it is removed */
};

struct access_device {
	char name[ACCESS_LABEL]; /* lower case */
	char host[GW6C_NAME]; /* address or host name, as written */
	struct gw6c_addr addr; /* of a literal; none: host is a name */
	struct access_service service[ACCESS_SERVICES];
	int n_services;

	/* Who may come: all that is set must hold; nothing set: nobody. */
	bool everybody;
	struct gw6c_addr allow[ACCESS_ALLOWED];
	int n_allow;
	bool password;
	char user[ACCESS_USERS][32]; /* those of the list; none: all */
	int n_users;

	bool rewrite; /* its own address in redirects and cookies */
	bool own_host; /* it is told its address as Host, not its name */
	bool tls; /* it speaks TLS */
	bool checked;
	char check[80]; /* path to ask for; "": a connection is enough */
	struct access_header header[ACCESS_HEADERS];
	int n_headers;

	char where[160]; /* "file:line" of it */
};

struct access_list {
	struct access_device *device;
	int n;
};

typedef void (*access_mistake)(void *arg, const char *text);

/* Append what text has, one device up to each end ('\n' or ';'). A mistake is
 * told as "where:line: ..."; its device is left out, the others stay. */
void access_list_read(struct access_list *list, const char *where,
		      struct gw6c_bytes text, char end, access_mistake mistake,
		      void *arg);
void access_list_free(struct access_list *list);

/* "http", "https", "tls" or "tcp" */
const char *access_way_name(enum access_way way);

#endif
