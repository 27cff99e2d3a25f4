/* dialogs.c - the current dialogues, and admission of new ones. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dialogs.h"
#include "core/base/hash.h"
#include "core/base/text.h"
#include <stdlib.h>

#define BUCKETS 1024 /* powers of two */
#define SOURCES 4096
#define ECHO_MS 5000 /* how late a duplicate datagram may arrive */
#define ANSWER_MAX 4 /* times the octets received: prevents amplification */
#define OVERHEAD 28 /* octets of IPv4 and UDP headers */

struct entry {
	struct dialogs *dialogs;
	struct entry *next;
	struct dialog dialog;
	uint64_t begun_ms, heard_ms; /* first and last new message */
	struct rudp_header header; /* of the last message */
	uint32_t first_word; /* of VERSION */
	size_t heard, said; /* octets, headers included, before login */
	size_t answer_len;
	uint8_t answer[RUDP_SEND_MAX]; /* without header */
};

/* Recent messages of unauthenticated clients at one address (one /64). Another
 * address of the same bucket replaces it, so that none can be locked out. */
struct source {
	struct gw6c_addr addr;
	uint64_t second;
	unsigned messages;
};

struct dialogs {
	const struct dialog_env *env;
	struct dialogs_events events;
	struct entry *bucket[BUCKETS];
	long count;
	unsigned hand; /* next bucket to evict from */
	struct source source[SOURCES];
	struct dialogs_counters counters;
};

struct dialogs *dialogs_new(const struct dialog_env *env,
			    const struct dialogs_events *events)
{
	struct dialogs *dialogs = calloc(1, sizeof(*dialogs));

	if (!dialogs)
		return NULL;
	dialogs->env = env;
	dialogs->events = *events;
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

void dialogs_clear(struct dialogs *dialogs)
{
	for (int i = 0; i < BUCKETS; i++)
		while (dialogs->bucket[i])
			entry_end(dialogs, &dialogs->bucket[i]);
}

void dialogs_free(struct dialogs *dialogs)
{
	if (dialogs)
		dialogs_clear(dialogs);
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

/* Unauthenticated clients get few replies per second, so that forged source
 * addresses cannot be used to flood others. */
static bool may_speak(struct dialogs *dialogs, const struct endpoint *from,
		      uint64_t now_ms)
{
	struct gw6c_addr addr = from->addr;
	struct source *source;

	if (addr.family == 6)
		memset(addr.octets + 8, 0, 8);
	source = &dialogs->source[hash_endpoint(&addr, 0) & (SOURCES - 1)];
	if (source->second != now_ms / 1000 ||
	    memcmp(&source->addr, &addr, sizeof(addr)) != 0) {
		source->addr = addr;
		source->second = now_ms / 1000;
		source->messages = 0;
	}
	if (++source->messages <= DIALOGS_RATE)
		return true;
	dialogs->counters.limited++;
	return false;
}

static bool is_stranger(const struct entry *entry)
{
	return !entry->dialog.logged_in;
}

/* The table is full: evict a client that has not logged in. The bucket rotates,
 * so that a flood does not hit only the earliest clients. */
static bool make_room(struct dialogs *dialogs)
{
	for (int i = 0; i < BUCKETS; i++) {
		struct entry **at;

		dialogs->hand = (dialogs->hand + 1) & (BUCKETS - 1);
		at = &dialogs->bucket[dialogs->hand];
		while (*at && !is_stranger(*at))
			at = &(*at)->next;
		if (!*at)
			continue;
		entry_end(dialogs, at);
		return true;
	}
	return false;
}

/* An unauthenticated client gets about three times the octets that it has sent
 * over the whole dialogue, and never more than ANSWER_MAX times. */
static void put_answer(struct gw6c_buf *out, struct entry *entry)
{
	size_t said = entry->answer_len + RUDP_HEADER + OVERHEAD;

	if (entry->dialog.stage == DIALOG_WAITING)
		return;
	if (is_stranger(entry) &&
	    entry->said + said > ANSWER_MAX * entry->heard)
		return;
	entry->said += said;
	rudp_put(out, entry->header,
		 (struct gw6c_bytes){ entry->answer, entry->answer_len });
}

static void hear(struct entry *entry, struct rudp_header header,
		 struct gw6c_bytes payload)
{
	entry->header = header;
	entry->heard += RUDP_HEADER + payload.len + OVERHEAD;
}

/* The reply that came later, to the last message. */
static void answer_later(void *arg, const struct gw6c_buf *text)
{
	struct entry *entry = arg;
	struct dialogs *dialogs = entry->dialogs;
	uint8_t room[RUDP_HEADER + RUDP_SEND_MAX];
	struct gw6c_buf out = GW6C_BUF(room);

	entry->answer_len = text->overflow ? 0 : text->len;
	if (entry->answer_len)
		memcpy(entry->answer, text->at, entry->answer_len);
	put_answer(&out, entry);
	dialogs->events.send(dialogs->events.arg, &entry->dialog.from, &out);
}

static struct entry *begin(struct dialogs *dialogs, struct entry **link,
			   const struct endpoint *from)
{
	struct entry *entry = calloc(1, sizeof(*entry));

	if (!entry)
		return NULL;
	dialog_init(&entry->dialog, dialogs->env, from);
	entry->dialog.later = answer_later;
	entry->dialog.arg = entry;
	entry->dialogs = dialogs;
	entry->next = *link;
	*link = entry;
	dialogs->count++;
	return entry;
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
		dialogs->events.accepted(dialogs->events.arg, &entry->dialog);
	}
}

static bool is_version(struct gw6c_bytes payload)
{
	struct gw6c_bytes line, rest;
	uint32_t version;

	text_line(payload, &line, &rest);
	return tsp_parse_version(line, &version);
}

/* A message from a client without a dialogue. */
static void on_stranger(struct dialogs *dialogs, const struct endpoint *from,
			struct rudp_header header, struct gw6c_bytes payload,
			uint64_t now_ms, struct gw6c_buf *out)
{
	struct entry *entry = NULL;

	if (!is_version(payload)) {
		rudp_put(out, header, gw6c_text("310 No session\r\n"));
		return;
	}
	if (dialogs->count < DIALOGS_MAX || make_room(dialogs))
		entry = begin(dialogs, find(dialogs, from), from);
	if (!entry) {
		rudp_put(out, header, gw6c_text("530 Server too busy\r\n"));
		return;
	}
	entry->begun_ms = entry->heard_ms = now_ms;
	entry->first_word = header.word;
	hear(entry, header, payload);
	answer(dialogs, entry, payload);
	put_answer(out, entry);
}

/* Is the word older than that of the last message? */
static bool is_stale(const struct entry *entry, uint32_t word)
{
	uint32_t ahead = (word - entry->header.word) & 0x0fffffff;

	return ahead > 0x07ffffff;
}

/* While a reply is waited for, only the last message counts. */
static void on_message(struct dialogs *dialogs, struct entry *entry,
		       struct rudp_header header, struct gw6c_bytes payload,
		       uint64_t now_ms, struct gw6c_buf *out)
{
	bool repeated = entry->header.word == header.word;

	if (is_stale(entry, header.word) ||
	    (!repeated && entry->dialog.stage == DIALOG_WAITING)) {
		dialogs->counters.stale++;
		return;
	}
	hear(entry, header, payload);
	if (repeated) {
		dialogs->counters.repeated++;
	} else {
		entry->heard_ms = now_ms;
		answer(dialogs, entry, payload);
	}
	put_answer(out, entry);
}

/* Does a client start over from the same port? A late duplicate of its first
 * datagram must not end the dialogue. */
static bool begins_again(const struct entry *entry, uint32_t word,
			 struct gw6c_bytes payload, uint64_t now_ms)
{
	return entry->header.word != word && is_version(payload) &&
	       (entry->first_word != word ||
		now_ms - entry->heard_ms > ECHO_MS);
}

void dialogs_datagram(struct dialogs *dialogs, const struct endpoint *from,
		      struct gw6c_bytes datagram, uint64_t now_ms,
		      struct gw6c_buf *out)
{
	struct rudp_header header;
	struct gw6c_bytes payload;
	struct entry **link = find(dialogs, from), *entry = *link;

	/* Clients send no status: ignore it, or two brokers made to talk to
	 * each other would never stop. */
	if (!rudp_get(datagram, &header, &payload) ||
	    payload.len > RUDP_RECV_MAX || tsp_status(payload, NULL))
		return;
	dialogs->counters.messages++;
	if ((!entry || is_stranger(entry)) && !may_speak(dialogs, from, now_ms))
		return;
	if (dialog_is_echo(payload)) {
		rudp_put(out, header, gw6c_text("200 OK\r\n"));
		return;
	}
	if (entry && begins_again(entry, header.word, payload, now_ms)) {
		entry_end(dialogs, link);
		entry = NULL;
	}
	if (entry)
		on_message(dialogs, entry, header, payload, now_ms, out);
	else
		on_stranger(dialogs, from, header, payload, now_ms, out);
}

static bool is_over(const struct entry *entry, uint64_t now_ms)
{
	return now_ms - entry->heard_ms > DIALOG_IDLE_MS ||
	       now_ms - entry->begun_ms > DIALOG_LONG_MS;
}

long dialogs_expire(struct dialogs *dialogs, uint64_t now_ms)
{
	for (int i = 0; i < BUCKETS; i++) {
		struct entry **at = &dialogs->bucket[i];

		while (*at) {
			if (is_over(*at, now_ms))
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
