/* dialog_guess.c - a login that is decided may be a guess. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dialog_guess.h"
#include "core/base/loop.h"
#include "failures.h"
#include "guesses.h"

/* As whom: a mechanism that asks nobody for the secret tells it at the end. */
static const char *name_of(const struct dialog *dialog, int rc)
{
	if (dialog->tried[0] || rc != GW6C_OK)
		return dialog->tried;
	return dialog->auth->auth->who(dialog->auth_self);
}

/* Counted now, not when it is told: others that come meanwhile are guesses as
 * well. */
int dialog_guess(struct dialog *dialog, int rc)
{
	struct guesses *guesses = dialog->env->guesses;
	struct guess guess = { .from = dialog->from.addr,
			       .proven = dialog->proven,
			       .name = name_of(dialog, rc),
			       .now_ms = loop_now_ms(dialog->env->loop) };
	int ms;

	if (rc == GW6C_OK && !*guess.name)
		return 0; /* anonymous: there is nothing to be guessed */
	ms = guesses_ask(guesses, &guess);
	if (ms < 0)
		return ms;
	if (rc == GW6C_OK) {
		/* Who answers a challenge well has received it. */
		guess.proven |= dialog->challenged;
		guesses_passed(guesses, &guess);
		return ms;
	}
	failures_count(dialog->env->failures, &guess.from, guess.name,
		       guess.now_ms);
	guesses_failed(guesses, &guess);
	return ms;
}
