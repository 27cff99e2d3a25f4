/* quota.h - how many tunnels may be there at a time, and whose. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DATA_QUOTA_H
#define GW6C_BROKER_DATA_QUOTA_H

#include <gw6c/addr.h>

enum quota_class {
	QUOTA_NONE, /* not counted */
	QUOTA_ACCOUNT,
	QUOTA_ANONYMOUS, /* at an address that receives */
	QUOTA_UNPROVEN, /* anonymous, and the address may be forged */
	QUOTA_PATIENT, /* the same; it has waited and said the same again, as
			  an old client does, and few forgers */
};

#define QUOTA_CLASSES 5
#define QUOTA_UNPROVEN_ONE 8 /* at one address */
#define QUOTA_UNPROVEN_NETWORK 32

/* Of the configuration. */
struct quota_limits {
	long all; /* accounts and anonymous */
	long reserved; /* of these, for accounts */
	long one; /* anonymous at one address (IPv6: one /64) */
	long network; /* the same in one /24 (IPv6: one /56) */
};

enum quota_verdict {
	QUOTA_TAKEN,
	QUOTA_FULL, /* nothing left for that class */
	QUOTA_MANY, /* too many at that address, or in its network */
};

struct quota;

struct quota *quota_new(void);
void quota_free(struct quota *quota); /* NULL is fine */

/* Places for those that have proven nothing, in addition to all; and for the
 * patient ones, in addition to that. */
long quota_unproven(long all);
long quota_patient(long all);
static inline bool quota_is_doubtful(enum quota_class class)
{
	return class == QUOTA_UNPROVEN || class == QUOTA_PATIENT;
}

/* Is there a place for one more? */
enum quota_verdict quota_check(const struct quota *quota,
			       const struct quota_limits *limits,
			       const struct gw6c_addr *addr,
			       enum quota_class class);
/* Take a place, to be ended by quota_give() with the same. False: out of
 * memory. */
bool quota_take(struct quota *quota, const struct gw6c_addr *addr,
		enum quota_class class);
void quota_give(struct quota *quota, const struct gw6c_addr *addr,
		enum quota_class class);

#endif
