/* nat_timeout.c - guesses how often a NAT wants to see a packet. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "nat_timeout.h"

#define LIVES 3 /* intervals: what is up for longer lives on keepalives */
#define NOTICE_S 15 /* three missed rounds */

uint32_t natlife_interval(const struct natlife *natlife, uint32_t interval_s)
{
	if (natlife->limit_s && natlife->limit_s < interval_s)
		return natlife->limit_s;
	return interval_s;
}

void natlife_lost(struct natlife *natlife, uint64_t up_s, uint32_t interval_s)
{
	natlife->suspect = interval_s > NATLIFE_MIN_S &&
			   up_s <= (uint64_t)interval_s * LIVES + NOTICE_S;
	if (!natlife->suspect)
		natlife->strikes = 0;
}

void natlife_excuse(struct natlife *natlife)
{
	natlife->suspect = false;
	natlife->strikes = 0;
}

bool natlife_back(struct natlife *natlife, uint32_t interval_s)
{
	uint32_t used_s = natlife_interval(natlife, interval_s);

	if (!natlife->suspect)
		return false;
	natlife->suspect = false;
	if (++natlife->strikes < NATLIFE_STRIKES)
		return false;
	natlife->strikes = 0;
	natlife->limit_s =
		used_s / 2 > NATLIFE_MIN_S ? used_s / 2 : NATLIFE_MIN_S;
	return true;
}
