/* streams.h - dialogues over TCP. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_STREAMS_H
#define GW6C_BROKER_DIALOG_STREAMS_H

#include "dialog.h"

#define STREAMS_MAX 1024 /* connections at a time */
#define STREAMS_OF_ONE 32 /* from one address, or one /64 */
#define STREAM_LONG_MS 120000 /* the limit of a dialogue */

struct streams;

struct streams_counters {
	unsigned long connections, turned_away, bad;
};

/* Listen over TCP on all addresses of options. accepted: as in dialogs.h. */
int streams_open(struct loop *loop, const struct dialog_env *env,
		 void (*accepted)(void *arg, const struct dialog *dialog),
		 void *arg, struct streams **out, struct gw6c_err *err);
void streams_close(struct streams *streams); /* NULL is fine */
/* End all dialogues; their clients start over. */
void streams_clear(struct streams *streams); /* NULL is fine */

const struct streams_counters *streams_count(const struct streams *streams);

#endif
