/* dialogs.c - the current dialogues, and admission of new ones. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dialogs.h"
#include "core/base/loop.h"
#include "core/base/text.h"
#include "dialogs_parts.h"
#include "sources.h"
#include <stdlib.h>

#define ECHO_MS 5000 /* how late a duplicate datagram may arrive */
#define OVERHEAD 28 /* octets of IPv4 and UDP headers */

/* What has come. */
struct message {
	const struct endpoint *from;
	struct rudp_header header;
	struct gw6c_bytes payload;
	bool proven; /* by a number of ours */
};

struct dialogs *dialogs_new(const struct dialog_env *env,
			    const struct dialogs_events *events)
{
	struct dialogs *dialogs = calloc(1, sizeof(*dialogs));

	if (!dialogs)
		return NULL;
	dialogs->env = env;
	dialogs->events = *events;
	proof_init(&dialogs->proof);
	return dialogs;
}

void dialogs_free(struct dialogs *dialogs)
{
	if (!dialogs)
		return;
	dialogs_clear(dialogs);
	free(dialogs);
}

/* --- answers ----------------------------------------------------------- */

/* In the place of an answer: no longer than the message was. */
static void ask_proof(struct dialogs *dialogs, const struct endpoint *from,
		      uint32_t stamp, struct gw6c_buf *out)
{
	struct rudp_header header = { .word = RUDP_PROVE, .stamp = stamp };
	uint8_t proof[RUDP_PROOF];

	if (!sources_may_say(dialogs->env->sources, &from->addr,
			     OVERHEAD + RUDP_HEADER + RUDP_PROOF,
			     dialogs->now_ms)) {
		dialogs->counters.limited++;
		return;
	}
	proof_make(&dialogs->proof, from, dialogs->now_ms, proof);
	rudp_put(out, header, (struct gw6c_bytes){ proof, sizeof(proof) });
	dialogs->counters.asked++;
}

static bool may_answer(struct dialogs *dialogs, const struct entry *entry)
{
	const struct dialog *dialog = &entry->dialog;
	size_t octets = OVERHEAD + RUDP_HEADER + entry->answer_len;

	return dialog->proven ||
	       (dialog->patient ? sources_may_say_again
				: sources_may_say)(dialogs->env->sources,
						   &dialog->from.addr, octets,
						   dialogs->now_ms);
}

/* False: proof is asked for instead. */
static bool put_answer(struct dialogs *dialogs, struct entry *entry,
		       struct gw6c_buf *out)
{
	if (entry->dialog.stage == DIALOG_WAITING)
		return true;
	if (entry->copies >= DIALOGS_COPIES) {
		dialogs->counters.limited++;
		return true;
	}
	if (!may_answer(dialogs, entry)) {
		ask_proof(dialogs, &entry->dialog.from, entry->header.stamp,
			  out);
		return false;
	}
	entry->copies++;
	rudp_put(out, entry->header,
		 (struct gw6c_bytes){ entry->answer, entry->answer_len });
	return true;
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
	dialogs->now_ms = loop_now_ms(dialogs->env->loop);
	put_answer(dialogs, entry, &out);
	dialogs->events.send(dialogs->events.arg, &entry->dialog.from, &out);
}

/* May this message be worked on? */
static bool may_work(struct dialogs *dialogs, const struct entry *entry,
		     struct gw6c_bytes payload)
{
	const struct dialog *dialog = &entry->dialog;

	return !dialog_is_costly(dialog, payload) ||
	       sources_may_work(dialogs->env->sources, &dialog->from.addr,
				dialog->proven, dialogs->now_ms);
}

/* False: not worked on, but forgotten: a proof must come first. */
static bool answer(struct dialogs *dialogs, struct entry *entry,
		   const struct message *message)
{
	struct dialog *dialog = &entry->dialog;
	struct gw6c_buf text = { .at = entry->answer,
				 .cap = sizeof(entry->answer) };

	entry->heard_ms = dialogs->now_ms;
	dialog->wants_proof = false;
	dialog_message(dialog, message->payload, &text);
	if (dialog->wants_proof)
		return false;
	entry->header = message->header;
	entry->copies = 0;
	entry->answer_len = text.overflow ? 0 : text.len;
	if (dialog->proven)
		sources_prove(dialogs->env->sources, &dialog->from.addr,
			      dialogs->now_ms);
	if (dialog->stage == DIALOG_DONE && dialog->offered) {
		dialog->offered = false;
		dialogs->events.accepted(dialogs->events.arg, dialog);
	}
	return true;
}

/* --- messages ---------------------------------------------------------- */

static struct entry *begin(struct dialogs *dialogs, struct entry **link,
			   const struct message *message)
{
	struct entry *entry = calloc(1, sizeof(*entry));

	if (!entry)
		return NULL;
	dialog_init(&entry->dialog, dialogs->env, message->from);
	entry->dialog.proven = message->proven;
	entry->dialog.later = answer_later;
	entry->dialog.arg = entry;
	entry->dialogs = dialogs;
	entry->begun_ms = dialogs->now_ms;
	entry->first_word = message->header.word;
	entry->dialog.patient =
		dialogs->now_ms - sources_first_ms(dialogs->env->sources,
						   &message->from->addr,
						   message->from->port,
						   dialogs->now_ms) >=
		SOURCES_AGAIN_MS;
	entry->next = *link;
	*link = entry;
	dialogs->count++;
	return entry;
}

static bool is_version(struct gw6c_bytes payload)
{
	struct gw6c_bytes line, rest;
	uint32_t version;

	text_line(payload, &line, &rest);
	return tsp_parse_version(line, &version);
}

/* Without a session: a few answers, none longer than what came; if need be,
 * only the number. */
static void put_stray(struct dialogs *dialogs, const struct message *message,
		      int code, const char *text, struct gw6c_buf *out)
{
	char line[32];

	snprintf(line, sizeof(line), "%d %s\r\n", code, text);
	if (strlen(line) > message->payload.len)
		snprintf(line, sizeof(line), "%d\r\n", code);
	if (strlen(line) <= message->payload.len &&
	    sources_may_stray(dialogs->env->sources, &message->from->addr,
			      OVERHEAD + RUDP_HEADER + strlen(line),
			      dialogs->now_ms))
		rudp_put(out, message->header, gw6c_text(line));
	else
		dialogs->counters.limited++;
}

/* A message from a client without a dialogue. Nothing is kept of one that must
 * prove first that it receives. */
static void on_stranger(struct dialogs *dialogs, const struct message *message,
			struct gw6c_buf *out)
{
	struct entry *entry = NULL;

	if (!is_version(message->payload)) {
		put_stray(dialogs, message, 310, "No session", out);
		return;
	}
	if (dialogs_make_room(dialogs))
		entry = begin(dialogs, dialogs_find(dialogs, message->from),
			      message);
	if (!entry) {
		put_stray(dialogs, message, 530, "Server too busy", out);
		return;
	}
	answer(dialogs, entry, message);
	if (!put_answer(dialogs, entry, out))
		dialogs_end(dialogs, dialogs_find(dialogs, message->from));
}

/* Is the word older than that of the last message? */
static bool is_stale(const struct entry *entry, uint32_t word)
{
	uint32_t ahead = (word - entry->header.word) & 0x0fffffff;

	return ahead > 0x07ffffff;
}

/* A client may begin at a port where a forger has begun before. */
static void on_stale(struct dialogs *dialogs, const struct entry *entry,
		     const struct message *message, struct gw6c_buf *out)
{
	dialogs->counters.stale++;
	if (!entry->dialog.proven && is_version(message->payload))
		ask_proof(dialogs, message->from, message->header.stamp, out);
}

/* While a reply is waited for, only the last message counts. */
static void on_message(struct dialogs *dialogs, struct entry *entry,
		       const struct message *message, struct gw6c_buf *out)
{
	bool repeated = entry->header.word == message->header.word;

	if (is_stale(entry, message->header.word) ||
	    (!repeated && entry->dialog.stage == DIALOG_WAITING)) {
		on_stale(dialogs, entry, message, out);
		return;
	}
	entry->dialog.proven |= message->proven;
	if (repeated) {
		entry->header = message->header;
		entry->dialog.patient |=
			dialogs->now_ms - entry->heard_ms >= SOURCES_AGAIN_MS;
		dialogs->counters.repeated++;
	} else if (!may_work(dialogs, entry, message->payload) ||
		   !answer(dialogs, entry, message)) {
		dialogs->counters.limited++;
		if (!entry->dialog.proven)
			ask_proof(dialogs, message->from, message->header.stamp,
				  out);
		return;
	}
	put_answer(dialogs, entry, out);
}

/* Does a client start over from the same port? A late duplicate of its first
 * datagram must not end the dialogue; unless that may be a forger's, and this
 * is none. */
static bool begins_again(const struct dialogs *dialogs,
			 const struct entry *entry,
			 const struct message *message)
{
	uint32_t word = message->header.word;

	return entry->header.word != word && is_version(message->payload) &&
	       (entry->first_word != word ||
		(message->proven && !entry->dialog.proven) ||
		dialogs->now_ms - entry->heard_ms > ECHO_MS);
}

/* Whoever forges its address must not end the dialogue of a client that has
 * proven more. */
static bool may_begin_again(const struct dialogs *dialogs,
			    const struct entry *entry,
			    const struct message *message)
{
	return message->proven || !entry->dialog.proven ||
	       dialogs->now_ms - entry->heard_ms > ECHO_MS;
}

static void on_session(struct dialogs *dialogs, struct entry **link,
		       const struct message *message, struct gw6c_buf *out)
{
	struct entry *entry = *link;

	if (!entry) {
		on_stranger(dialogs, message, out);
	} else if (!begins_again(dialogs, entry, message)) {
		on_message(dialogs, entry, message, out);
	} else if (may_begin_again(dialogs, entry, message)) {
		dialogs_end(dialogs, link);
		on_stranger(dialogs, message, out);
	} else {
		ask_proof(dialogs, message->from, message->header.stamp, out);
	}
}

/* False: it cannot be a client's. A wrong proof is none at all: it may be an
 * old one. */
static bool open_message(struct dialogs *dialogs, struct gw6c_bytes datagram,
			 struct message *out)
{
	const uint8_t *proof = rudp_get_proof(&datagram);

	out->proven = proof && proof_is_good(&dialogs->proof, out->from,
					     dialogs->now_ms, proof);
	/* Clients send no status: ignore it, or two brokers made to talk to
	 * each other would never stop. */
	return rudp_get(datagram, &out->header, &out->payload) &&
	       out->header.word != RUDP_PROVE &&
	       out->payload.len <= RUDP_RECV_MAX &&
	       !tsp_status(out->payload, NULL);
}

void dialogs_datagram(struct dialogs *dialogs, const struct endpoint *from,
		      struct gw6c_bytes datagram, uint64_t now_ms,
		      struct gw6c_buf *out)
{
	struct message message = { .from = from };

	dialogs->now_ms = now_ms;
	if (!open_message(dialogs, datagram, &message))
		return;
	dialogs->counters.messages++;
	sources_hear(dialogs->env->sources, &from->addr,
		     OVERHEAD + datagram.len, now_ms);
	if (message.proven) {
		dialogs->counters.proven++;
		sources_prove(dialogs->env->sources, &from->addr, now_ms);
	}
	if (dialog_is_echo(message.payload))
		put_stray(dialogs, &message, 200, "OK", out);
	else
		on_session(dialogs, dialogs_find(dialogs, from), &message, out);
}

void dialogs_prove(struct dialogs *dialogs, const struct gw6c_addr *addr,
		   uint64_t now_ms)
{
	sources_prove(dialogs->env->sources, addr, now_ms);
}

const struct dialogs_counters *dialogs_count(const struct dialogs *dialogs)
{
	return &dialogs->counters;
}
