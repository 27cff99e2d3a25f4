/* streams.h - dialogues over TCP. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_STREAMS_H
#define GW6C_BROKER_DIALOG_STREAMS_H

#include "dialog.h"

#define STREAMS_MAX 1024 /* connections at a time */
#define STREAMS_SPARE 64 /* descriptors for all that is no connection */
#define STREAMS_OF_ONE 32 /* from one address, or one /64 */

struct streams;

struct streams_counters {
	unsigned long connections, turned_away, bad;
	unsigned long closed; /* to make room for others */
	unsigned long pauses; /* no descriptor was left */
};

/* Listen over TCP on all addresses of options. accepted: as in dialogs.h. */
int streams_open(struct loop *loop, const struct dialog_env *env,
		 void (*accepted)(void *arg, const struct dialog *dialog),
		 void *arg, struct streams **out, struct gw6c_err *err);
void streams_close(struct streams *streams); /* NULL is fine */
/* End all dialogues; their clients start over. */
void streams_clear(struct streams *streams); /* NULL is fine */

const struct streams_counters *streams_count(struct streams *streams);

#endif
