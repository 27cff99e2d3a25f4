/* space.h - which blocks of a prefix are taken: a binary tree of them, in which
 * each step has as much work as an address has bits, however many there are. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_SPACE_H
#define GW6C_CORE_BASE_SPACE_H

#include <gw6c/addr.h>

struct space;

/* Of a prefix of 1 bit at least. NULL: out of memory. */
struct space *space_new(const struct gw6c_addr *prefix);
void space_free(struct space *space); /* NULL is fine; owners are not freed */

/* Take a block inside the prefix for its owner, which is not NULL; it is idle.
 * False: it overlaps one that is taken, or out of memory. */
bool space_take(struct space *space, const struct gw6c_addr *block,
		void *owner);
/* Both want a block as it was taken; any other is left alone. */
void space_drop(struct space *space, const struct gw6c_addr *block);
void space_set_busy(struct space *space, const struct gw6c_addr *block,
		    bool busy);

/* The owner of that very block; of one that overlaps it. NULL: there is none. */
void *space_owner(const struct space *space, const struct gw6c_addr *block);
void *space_over(const struct space *space, const struct gw6c_addr *block);
/* Does it overlap a busy one? */
bool space_is_busy(const struct space *space, const struct gw6c_addr *block);

/* A free block of that length, from the smallest gap that is large enough.
 * False: there is none. */
bool space_find(const struct space *space, uint8_t bits, struct gw6c_addr *out);
/* The same, idle blocks counted as free. */
bool space_find_idle(const struct space *space, uint8_t bits,
		     struct gw6c_addr *out);
/* The first free address that is not before from. */
bool space_find_after(const struct space *space, const struct gw6c_addr *from,
		      struct gw6c_addr *out);

#endif
