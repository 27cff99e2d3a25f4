/* nat_timeout.c - estimates the idle timeout of a NAT. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "nat_timeout.h"

#define LIVES 3 /* intervals: what is up for longer lives on keepalives */
#define NOTICE_S 15 /* three missed rounds */

uint32_t nat_timeout_interval(const struct nat_timeout *nat_timeout,
			      uint32_t interval_s)
{
	if (nat_timeout->limit_s && nat_timeout->limit_s < interval_s)
		return nat_timeout->limit_s;
	return interval_s;
}

void nat_timeout_lost(struct nat_timeout *nat_timeout, uint64_t up_s,
		      uint32_t interval_s)
{
	nat_timeout->suspect = interval_s > NATLIFE_MIN_S &&
			       up_s <= (uint64_t)interval_s * LIVES + NOTICE_S;
	if (!nat_timeout->suspect)
		nat_timeout->strikes = 0;
}

void nat_timeout_excuse(struct nat_timeout *nat_timeout)
{
	nat_timeout->suspect = false;
	nat_timeout->strikes = 0;
}

bool nat_timeout_back(struct nat_timeout *nat_timeout, uint32_t interval_s)
{
	uint32_t used_s = nat_timeout_interval(nat_timeout, interval_s);

	if (!nat_timeout->suspect)
		return false;
	nat_timeout->suspect = false;
	if (++nat_timeout->strikes < NATLIFE_STRIKES)
		return false;
	nat_timeout->strikes = 0;
	nat_timeout->limit_s =
		used_s / 2 > NATLIFE_MIN_S ? used_s / 2 : NATLIFE_MIN_S;
	return true;
}
