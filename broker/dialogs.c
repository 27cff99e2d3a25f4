/* dialogs.c - the dialogues that are under way, and who may begin one. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dialogs.h"
#include "hash.h"
#include <stdlib.h>

#define BUCKETS 1024 /* powers of two */
#define SOURCES 1024

struct entry {
	struct entry *next;
	struct dialog dialog;
	uint64_t heard_ms;
	uint32_t word; /* of the last message answered */
	size_t answer_len;
	uint8_t answer[RUDP_SEND_MAX]; /* without header */
};

/* How often strangers of one bucket of addresses begin. */
struct source {
	uint64_t second;
	unsigned begun;
};

struct dialogs {
	const struct desk *desk;
	void (*accepted)(void *arg, const struct dialog *dialog);
	void *arg;
	struct entry *bucket[BUCKETS];
	long count;
	struct source source[SOURCES];
	struct dialogs_counters counters;
};

struct dialogs *
dialogs_new(const struct desk *desk,
	    void (*accepted)(void *arg, const struct dialog *dialog), void *arg)
{
	struct dialogs *dialogs = calloc(1, sizeof(*dialogs));

	if (!dialogs)
		return NULL;
	dialogs->desk = desk;
	dialogs->accepted = accepted;
	dialogs->arg = arg;
	return dialogs;
}

static void entry_end(struct dialogs *dialogs, struct entry **link)
{
	struct entry *entry = *link;

	*link = entry->next;
	dialog_end(&entry->dialog);
	explicit_bzero(entry, sizeof(*entry));
	free(entry);
	dialogs->count--;
}

void dialogs_free(struct dialogs *dialogs)
{
	for (int i = 0; dialogs && i < BUCKETS; i++)
		while (dialogs->bucket[i])
			entry_end(dialogs, &dialogs->bucket[i]);
	free(dialogs);
}

static struct entry **find(struct dialogs *dialogs, const struct endpoint *from)
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

/* Nobody is made to answer more than a few strangers a second: our answers
 * are longer than their questions. */
static bool may_begin(struct dialogs *dialogs, const struct endpoint *from,
		      uint64_t now_ms)
{
	struct source *source =
		&dialogs->source[hash_endpoint(&from->addr, 0) & (SOURCES - 1)];

	if (source->second != now_ms / 1000) {
		source->second = now_ms / 1000;
		source->begun = 0;
	}
	if (++source->begun <= DIALOGS_RATE)
		return true;
	dialogs->counters.limited++;
	return false;
}

static struct entry *begin(struct dialogs *dialogs, struct entry **link,
			   const struct endpoint *from)
{
	struct entry *entry = calloc(1, sizeof(*entry));

	if (!entry)
		return NULL;
	dialog_init(&entry->dialog, dialogs->desk, from);
	entry->next = *link;
	*link = entry;
	dialogs->count++;
	return entry;
}

static void put_answer(struct gw6c_buf *out, struct rudp_header header,
		       const struct entry *entry)
{
	rudp_put(out, header,
		 (struct gw6c_bytes){ entry->answer, entry->answer_len });
}

static void answer(struct dialogs *dialogs, struct entry *entry,
		   struct gw6c_bytes payload)
{
	struct gw6c_buf text = { .at = entry->answer,
				 .cap = sizeof(entry->answer) };

	dialog_message(&entry->dialog, payload, &text);
	entry->answer_len = text.overflow ? 0 : text.len;
	if (entry->dialog.stage == DIALOG_DONE && entry->dialog.offered) {
		entry->dialog.offered = false;
		dialogs->accepted(dialogs->arg, &entry->dialog);
	}
}

static bool is_version(struct gw6c_bytes payload)
{
	struct gw6c_bytes line, rest;
	uint32_t version;

	tsp_line(payload, &line, &rest);
	return tsp_parse_version(line, &version);
}

/* An entry for the datagram: the dialogue it belongs to, or a new one. */
static struct entry *entry_for(struct dialogs *dialogs,
			       const struct endpoint *from,
			       struct gw6c_bytes payload, uint32_t word,
			       uint64_t now_ms)
{
	struct entry **link = find(dialogs, from);
	struct entry *entry = *link;

	/* A client that begins again from the same port. */
	if (entry && entry->word != word && is_version(payload)) {
		if (!may_begin(dialogs, from, now_ms))
			return NULL;
		entry_end(dialogs, link);
		return begin(dialogs, link, from);
	}
	if (entry)
		return entry;
	if (!may_begin(dialogs, from, now_ms) || dialogs->count >= DIALOGS_MAX)
		return NULL;
	return begin(dialogs, link, from);
}

void dialogs_datagram(struct dialogs *dialogs, const struct endpoint *from,
		      struct gw6c_bytes datagram, uint64_t now_ms,
		      struct gw6c_buf *out)
{
	struct rudp_header header;
	struct gw6c_bytes payload;
	struct entry *entry;

	if (!rudp_get(datagram, &header, &payload) ||
	    payload.len > RUDP_RECV_MAX)
		return;
	dialogs->counters.messages++;
	if (dialog_is_echo(payload)) {
		if (may_begin(dialogs, from, now_ms))
			rudp_put(out, header, gw6c_text("200 OK\r\n"));
		return;
	}
	entry = entry_for(dialogs, from, payload, header.word, now_ms);
	if (!entry)
		return;
	entry->heard_ms = now_ms;
	if (entry->word && header.word < entry->word) {
		dialogs->counters.stale++;
		return;
	}
	if (entry->word == header.word) {
		dialogs->counters.repeated++;
	} else {
		entry->word = header.word;
		answer(dialogs, entry, payload);
	}
	put_answer(out, header, entry);
}

long dialogs_expire(struct dialogs *dialogs, uint64_t now_ms)
{
	for (int i = 0; i < BUCKETS; i++) {
		struct entry **at = &dialogs->bucket[i];

		while (*at) {
			if (now_ms - (*at)->heard_ms > DIALOG_IDLE_MS)
				entry_end(dialogs, at);
			else
				at = &(*at)->next;
		}
	}
	return dialogs->count;
}

const struct dialogs_counters *dialogs_count(const struct dialogs *dialogs)
{
	return &dialogs->counters;
}
