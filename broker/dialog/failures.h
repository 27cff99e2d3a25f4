/* failures.h - failed logins, counted for each address. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_FAILURES_H
#define GW6C_BROKER_DIALOG_FAILURES_H

#include <gw6c/addr.h>

#define FAILURES_GAP_MS 60000 /* between two lines about one address */

struct failures;

struct failures *failures_new(void);
void failures_free(struct failures *failures); /* NULL is fine */

/* The first one of an address is logged, later ones at most once in
 * FAILURES_GAP_MS, with their number. name: "" if the client has not said
 * any. NULL is fine. */
void failures_count(struct failures *failures, const struct gw6c_addr *addr,
		    const char *name, uint64_t now_ms);
/* Log what was counted and is due. True: there is more to come. */
bool failures_tell(struct failures *failures, uint64_t now_ms);
unsigned long failures_total(const struct failures *failures);

#endif
