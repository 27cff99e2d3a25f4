/* guesses.h - who guesses passwords has to wait, longer each time, and those
 * whose password it is do not. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_GUESSES_H
#define GW6C_BROKER_DIALOG_GUESSES_H

#include <gw6c/addr.h>
#include <gw6c/err.h>

#define GUESSES_FREE 5 /* failed logins that change nothing: typing errors */
#define GUESSES_WAIT_MS 64000 /* the longest time between two of a network */
#define GUESSES_UNPROVEN_MS 8000 /* the same of one that may be forged */
#define GUESSES_HOLD_MS 1000 /* the longest that an answer is held back */
#define GUESSES_FORGET_MS 3600000 /* since the last failed one */

struct guesses;

struct guesses_counters {
	unsigned long refused; /* too early after failed ones */
	unsigned long held; /* answered late */
	unsigned waiting; /* networks that may not try now */
};

/* One login that is decided. */
struct guess {
	struct gw6c_addr from; /* counts with its /32 or /56 */
	bool proven; /* the client receives what is sent there */
	const char *name; /* of the account, as the client says */
	uint64_t now_ms;
};

/* path: the file of who has logged in from where, NULL: none. NULL: out of
 * memory. */
struct guesses *guesses_new(const char *path);
int guesses_save(struct guesses *guesses, struct gw6c_err *err);
void guesses_free(struct guesses *guesses); /* NULL is fine */

/* How long to hold back the answer, whatever it is; below 0: refuse the login,
 * whatever it is, and count nothing. Who has logged in to the account from
 * there before waits for nobody else's failures, and is never refused: a
 * dialogue has one try, and waits for its answer. NULL is fine. */
int guesses_ask(struct guesses *guesses, const struct guess *guess);
/* Have so many logins failed in the name of that address that a client should
 * prove that it is there, before it tries? NULL is fine. */
bool guesses_doubt(struct guesses *guesses, const struct gw6c_addr *from,
		   uint64_t now_ms);
/* What has come of it. The log is told of those who have to wait. */
void guesses_failed(struct guesses *guesses, const struct guess *guess);
void guesses_passed(struct guesses *guesses, const struct guess *guess);

void guesses_count(const struct guesses *guesses, uint64_t now_ms,
		   struct guesses_counters *out);

#endif
