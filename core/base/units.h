/* units.h - times and sizes in units that a person reads. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_UNITS_H
#define GW6C_CORE_BASE_UNITS_H

#include <stdint.h>

#define UNITS_TEXT 32 /* octets for any of these texts */
#define UNITS_LONG_S 120 /* shorter times are read as they are */
#define UNITS_LONG_OCTETS 1000

/* "12 s", "14 min", "3 h 12 min", "2 d 4 h". In room, which is returned. */
const char *units_time(uint64_t seconds, char room[UNITS_TEXT]);
/* "0 B", "999 B", "1.2 kB", "12.3 MB" */
const char *units_size(uint64_t octets, char room[UNITS_TEXT]);

#endif
