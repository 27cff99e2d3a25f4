/* units.c - times and sizes in units that a person reads. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "units.h"
#include <stdio.h>

const char *units_time(uint64_t seconds, char room[UNITS_TEXT])
{
	unsigned long long s = seconds;

	if (s >= 2 * 86400)
		snprintf(room, UNITS_TEXT, "%llu d %llu h", s / 86400,
			 s / 3600 % 24);
	else if (s >= 3600)
		snprintf(room, UNITS_TEXT, "%llu h %llu min", s / 3600,
			 s / 60 % 60);
	else if (s >= UNITS_LONG_S)
		snprintf(room, UNITS_TEXT, "%llu min", s / 60);
	else
		snprintf(room, UNITS_TEXT, "%llu s", s);
	return room;
}

const char *units_size(uint64_t octets, char room[UNITS_TEXT])
{
	static const char *const units[] = { "kB", "MB", "GB", "TB" };
	unsigned long long tenths = octets / 100;
	unsigned unit = 0;

	if (octets < UNITS_LONG_OCTETS) {
		snprintf(room, UNITS_TEXT, "%llu B",
			 (unsigned long long)octets);
		return room;
	}
	for (; tenths >= 10000 && unit < 3; unit++)
		tenths /= 1000;
	snprintf(room, UNITS_TEXT, "%llu.%llu %s", tenths / 10, tenths % 10,
		 units[unit]);
	return room;
}
