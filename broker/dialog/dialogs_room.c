/* dialogs_room.c - the table of dialogues, and who has to leave it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/hash.h"
#include "dialogs_parts.h"
#include <stdlib.h>

#define OFFER_MS 15000 /* after which an offer to a stranger lapses */

void dialogs_end(struct dialogs *dialogs, struct entry **link)
{
	struct entry *entry = *link;

	*link = entry->next;
	dialog_end(&entry->dialog);
	explicit_bzero(entry, sizeof(*entry));
	free(entry);
	dialogs->count--;
}

void dialogs_clear(struct dialogs *dialogs)
{
	for (int i = 0; i < BUCKETS; i++)
		while (dialogs->bucket[i])
			dialogs_end(dialogs, &dialogs->bucket[i]);
}

struct entry **dialogs_find(struct dialogs *dialogs,
			    const struct endpoint *from)
{
	struct entry **at =
		&dialogs->bucket[hash_endpoint(&from->addr, from->port) &
				 (BUCKETS - 1)];

	while (*at && ((*at)->dialog.from.port != from->port ||
		       memcmp(&(*at)->dialog.from.addr, &from->addr,
			      sizeof(from->addr)) != 0))
		at = &(*at)->next;
	return at;
}

/* Who goes first when the table is full. Anybody can log in as anonymous. */
enum rank { STRANGER, PATIENT, PROVEN, STAYS };

static enum rank rank_of(const struct dialog *dialog)
{
	if (!dialog->proven)
		return dialog->patient ? PATIENT : STRANGER;
	return dialog->logged_in ? STAYS : PROVEN;
}

/* The bucket rotates, so that a flood does not hit only the earliest
 * clients. */
static bool evict(struct dialogs *dialogs, enum rank rank)
{
	for (int i = 0; i < BUCKETS; i++) {
		struct entry **at;

		dialogs->hand = (dialogs->hand + 1) & (BUCKETS - 1);
		at = &dialogs->bucket[dialogs->hand];
		while (*at && rank_of(&(*at)->dialog) != rank)
			at = &(*at)->next;
		if (!*at)
			continue;
		dialogs_end(dialogs, at);
		return true;
	}
	return false;
}

bool dialogs_make_room(struct dialogs *dialogs)
{
	return dialogs->count < DIALOGS_MAX || evict(dialogs, STRANGER) ||
	       evict(dialogs, PATIENT) || evict(dialogs, PROVEN);
}

/* An offer holds a place of its address, whatever comes after it. */
static bool is_stale(const struct dialog *dialog, uint64_t now_ms)
{
	return dialog->anonymous && dialog->stage == DIALOG_OFFER &&
	       now_ms - dialog->offered_ms > OFFER_MS;
}

static bool is_over(const struct entry *entry, uint64_t now_ms)
{
	return is_stale(&entry->dialog, now_ms) ||
	       now_ms - entry->heard_ms > DIALOG_IDLE_MS ||
	       now_ms - entry->begun_ms > DIALOG_LONG_MS;
}

long dialogs_expire(struct dialogs *dialogs, uint64_t now_ms)
{
	for (int i = 0; i < BUCKETS; i++) {
		struct entry **at = &dialogs->bucket[i];

		while (*at) {
			if (is_over(*at, now_ms))
				dialogs_end(dialogs, at);
			else
				at = &(*at)->next;
		}
	}
	return dialogs->count;
}
