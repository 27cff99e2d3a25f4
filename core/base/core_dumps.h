/* core_dumps.h - whether a crash writes our memory, with its passwords, to a
 * file. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_CORE_DUMPS_H
#define GW6C_CORE_BASE_CORE_DUMPS_H

#include <stdbool.h>

/* No: neither this process nor the programs that it runs leave a core file, and
 * where the system can do that, no other program of our user reads our memory.
 * Yes: as it was before the first call. To be called with false before a
 * secret is read. */
void core_dumps_allow(bool yes);

#endif
