/* host_parts.h - a plugin instance as its host sees it, shared by host*.c
 * only. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_MODULES_HOST_PARTS_H
#define GW6C_CORE_MODULES_HOST_PARTS_H

#include "host.h"
#include "option.h"

struct instance;

/* What a plugin holds as a struct gw6c_watch: ended with its instance. */
struct host_watch {
	struct instance *instance;
	struct host_watch *next, **link;
	struct gw6c_watch *watch; /* of the loop; NULL: a lookup */
	struct lookup *lookup;
	void (*on_lookup)(void *arg, const struct gw6c_addr *addrs, int n,
			  const struct gw6c_err *err);
	void (*on_fd)(void *arg, int ready);
	void (*on_timer)(void *arg);
	void *arg;
};

/* What a plugin holds as a struct gw6c_child. */
struct host_child {
	struct instance *instance;
	struct host_child *next, **link;
	struct child *child;
	struct gw6c_run run; /* as the plugin gave it */
};

#define HOST_LINES 32 /* of the status, a plugin */
#define HOST_MEMBERS 1000 /* of lists besides */

/* A line of the status. */
struct host_line {
	char key[40];
	char value[256];
};

/* What a plugin asks of the client, once its call has returned. */
struct host_request {
	struct gw6c_watch *timer; /* NULL: nothing was asked for */
	bool stop; /* else: reconnect */
	char why[256];
};

struct instance {
	struct gw6c_host host; /* first: a host is freed as an instance */
	const struct gw6c_plugin *plugin;
	struct loop *loop;
	struct conf *conf;
	struct host_events events;
	struct host_watch *watches;
	struct host_child *children;
	struct host_line *lines; /* n_lines of them, or NULL */
	int n_lines;
	struct host_request request;
	char tag[64]; /* "auth:plain" */
	char item[OPTION_TEXT]; /* what item() gave last */
};

/* Each file puts its services into the table. */
void host_add_options(struct gw6c_host *host);
void host_add_watches(struct gw6c_host *host);
void host_add_programs(struct gw6c_host *host);
void host_add_status(struct gw6c_host *host);
void host_add_client(struct gw6c_host *host);

/* The plugin is closed: last tasks go on, other programs end. */
void host_end_programs(struct gw6c_host *host);

#endif
