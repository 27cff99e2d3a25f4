/* dialog_guess.h - a login that is decided may be a guess. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_DIALOG_GUESS_H
#define GW6C_BROKER_DIALOG_DIALOG_GUESS_H

#include "dialog_state.h"

/* rc: what the mechanism has decided, GW6C_OK or GW6C_EAUTH; it is counted.
 * How long to hold back the answer in ms, or below 0: refuse the login. */
int dialog_guess(struct dialog *dialog, int rc);

#endif
