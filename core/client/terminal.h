/* terminal.h - a question to the person who started us. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_CLIENT_TERMINAL_H
#define GW6C_CORE_CLIENT_TERMINAL_H

#include <stdbool.h>

enum terminal_answer { TERMINAL_YES, TERMINAL_NO, TERMINAL_SILENCE };

/* Is there a terminal, and are we in its foreground? */
bool terminal_attended(void);

/* Show text, and wait for "yes" or "no" up to wait_s seconds; a signal ends
 * the wait, too. */
enum terminal_answer terminal_ask(const char *text, int wait_s);

#endif
