/* distances.h - how far the brokers of a redirection are: each is asked one
 * TSP "ECHO REQUEST" over framed UDP, all at the same time. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_CLIENT_DISTANCES_H
#define GW6C_CORE_CLIENT_DISTANCES_H

#include "core/base/loop.h"
#include "core/tsp/tsp.h"

#define DISTANCES_DEAD 20000 /* no answer, no name, no way, a wrong answer */
#define DISTANCES_FAMILY 30000 /* added: the mode needs the other family */
#define DISTANCES_SENDS 3
#define DISTANCES_GAP_MS 3000 /* between sends to one broker */
#define DISTANCES_CAP_MS 12000 /* for all of them, names resolved included */

/* Nearest first; those equally far keep their order. ms goes along. */
void distances_sort(struct server_addr *list, uint32_t *ms, int n);

struct distances;

/* Measure the n (1..TSP_BROKERS) servers of list, which is copied. family:
 * the one that the tunnel mode needs outside, 4 or 6. done is called once,
 * never before this returned, with a distance for each in the same order;
 * the measurement is over then, but not freed. NULL: memory is out. */
struct distances *distances_start(struct loop *loop,
				  const struct server_addr *list, int n,
				  int family,
				  void (*done)(void *arg, const uint32_t *ms),
				  void *arg);
void distances_stop(struct distances *distances); /* NULL is fine */

#endif
