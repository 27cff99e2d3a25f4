/* dialogs_parts.h - the table of dialogues, shared by dialogs*.c only. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_DIALOGS_PARTS_H
#define GW6C_BROKER_DIALOG_DIALOGS_PARTS_H

#include "dialogs.h"
#include "proof.h"

#define BUCKETS 1024 /* a power of two */

struct entry {
	struct dialogs *dialogs;
	struct entry *next;
	struct dialog dialog;
	uint64_t begun_ms, heard_ms; /* first and last new message */
	struct rudp_header header; /* of the last message */
	uint32_t first_word; /* of VERSION */
	int copies; /* of the answer */
	size_t answer_len;
	uint8_t answer[RUDP_SEND_MAX]; /* without header */
};

struct dialogs {
	const struct dialog_env *env;
	struct dialogs_events events;
	struct entry *bucket[BUCKETS];
	long count;
	unsigned hand; /* next bucket to evict from */
	uint64_t now_ms; /* of the last datagram */
	struct proof proof;
	struct dialogs_counters counters;
};

/* dialogs_room.c: where the entry of a client is, or would be. */
struct entry **dialogs_find(struct dialogs *dialogs,
			    const struct endpoint *from);
void dialogs_end(struct dialogs *dialogs, struct entry **link);
/* If the table is full, who has proven nothing goes first. */
bool dialogs_make_room(struct dialogs *dialogs);

#endif
