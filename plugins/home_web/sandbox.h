/* sandbox.h - what the worker gives up before it speaks to strangers. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_HOME_WEB_SANDBOX_H
#define GW6C_HOME_WEB_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

/* No capability, no new privileges, limits. False: why says what failed. */
bool sandbox_limit(char *why, size_t len);
/* From now on only files below these directories (below 0: none), and only the
 * system calls that serving takes. said: "landlock 4, seccomp", for people. */
bool sandbox_close(const int *dirs, size_t n, char *said, size_t len);

#endif
