/* broker_probe.h - watches out for a broker that went away, while the client
 * waits: one small question every few seconds, no session. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_CLIENT_BROKER_PROBE_H
#define GW6C_CORE_CLIENT_BROKER_PROBE_H

#include "core/base/loop.h"

struct broker_probe;

/* Ask addr:port "ECHO REQUEST" (a TSP message that makes no session) every
 * LOOKOUT_GAP_MS, for LOOKOUT_LONG_MS at most. seen is called once, at the
 * first answer of any kind; the broker_probe is over then, but not freed.
 * NULL: out of memory or sockets. */
#define LOOKOUT_GAP_MS 2000
#define LOOKOUT_LONG_MS 600000
struct broker_probe *broker_probe_start(struct loop *loop,
					const struct gw6c_addr *addr,
					uint16_t port, void (*seen)(void *arg),
					void *arg);
void broker_probe_stop(struct broker_probe *broker_probe); /* NULL is fine */

#endif
