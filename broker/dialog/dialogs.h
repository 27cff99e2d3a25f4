/* dialogs.h - the current dialogues, and admission of new ones. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_DIALOGS_H
#define GW6C_BROKER_DIALOG_DIALOGS_H

#include "dialog.h"

#define DIALOGS_MAX 2048
#define DIALOGS_COPIES 8 /* of one answer, for a client asks as often */

struct dialogs;

struct dialogs_counters {
	unsigned long messages, repeated, limited, stale;
	unsigned long asked, proven; /* for a proof; and got it */
};

struct dialogs_events {
	/* An offer was accepted; the tunnel is to be set up. */
	void (*accepted)(void *arg, const struct dialog *dialog);
	/* A reply, with its header, to a message that had none at once. */
	void (*send)(void *arg, const struct endpoint *to,
		     const struct gw6c_buf *out);
	void *arg;
};

struct dialogs *dialogs_new(const struct dialog_env *env,
			    const struct dialogs_events *events);
void dialogs_free(struct dialogs *dialogs); /* NULL is fine */
/* End all dialogues; their clients start over. */
void dialogs_clear(struct dialogs *dialogs);

/* One control datagram; the reply, with its header, is appended to out. A
 * duplicate gets the same reply again; nothing in out: no reply, or not yet.
 * Where nothing is proven and the reply would be longer than what came, it is
 * a question for proof (rudp.h). */
void dialogs_datagram(struct dialogs *dialogs, const struct endpoint *from,
		      struct gw6c_bytes datagram, uint64_t now_ms,
		      struct gw6c_buf *out);

/* The address has shown in another way that it receives. */
void dialogs_prove(struct dialogs *dialogs, const struct gw6c_addr *addr,
		   uint64_t now_ms);

/* Drop those idle for DIALOG_IDLE_MS, or older than DIALOG_LONG_MS, and offers
 * to anonymous clients sooner. Returns how many are left. */
long dialogs_expire(struct dialogs *dialogs, uint64_t now_ms);
const struct dialogs_counters *dialogs_count(const struct dialogs *dialogs);

#endif
