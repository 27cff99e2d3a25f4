/* nat_timeout.h - estimates the idle timeout of a NAT from tunnels that died
 * while idle. Pure: no clock, no socket. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_CLIENT_NAT_TIMEOUT_H
#define GW6C_CORE_CLIENT_NAT_TIMEOUT_H

#include <stdbool.h>
#include <stdint.h>

#define NATLIFE_STRIKES 2 /* tunnels that must die before it is the NAT */
#define NATLIFE_MIN_S 5 /* no more keepalives than that, whatever dies */

struct nat_timeout {
	uint32_t limit_s; /* longest interval to use, 0: as granted */
	int strikes; /* tunnels that died so, one after the other */
	bool suspect; /* the last one has, and is not replaced yet */
};

/* The interval to use where interval_s was granted; 0 stays 0. */
uint32_t nat_timeout_interval(const struct nat_timeout *nat_timeout,
			      uint32_t interval_s);

/* A tunnel behind a NAT fell silent after up_s, with a keepalive each
 * interval_s. One that lived through several of them did not die of that. */
void nat_timeout_lost(struct nat_timeout *nat_timeout, uint64_t up_s,
		      uint32_t interval_s);

/* The next attempt failed too, so the NAT is not to blame. */
void nat_timeout_excuse(struct nat_timeout *nat_timeout);

/* The next session worked at once: the broker was there all the time. True:
 * the interval was found to be too long, and is half of that now. */
bool nat_timeout_back(struct nat_timeout *nat_timeout, uint32_t interval_s);

#endif
