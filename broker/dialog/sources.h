/* sources.h - what the addresses that send to us may cause: answers, and
 * work. Anybody can forge an address, until it has shown that it receives. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_DIALOG_SOURCES_H
#define GW6C_BROKER_DIALOG_SOURCES_H

#include <gw6c/addr.h>

#define SOURCES_PROVEN_MS 600000 /* how long a proof is remembered */

/* Octets that are sent in advance: to one address (IPv6: one /64), to one
 * network (a /24, IPv6: a /56), to all. Then again so many a second. */
#define SOURCES_ADVANCE 2048
#define SOURCES_ADVANCE_S 32
#define SOURCES_NETWORK 8192
#define SOURCES_NETWORK_S 128
#define SOURCES_DEBT 4096 /* to one, until as much came that was not answered */
#define SOURCES_ALL 32768
#define SOURCES_ALL_S 4096
/* To an address that has shown that it receives. */
#define SOURCES_PROVEN 16384
#define SOURCES_PROVEN_S 512

/* Messages of logins, a second: of all that have proven nothing, of one
 * address that has, and of all of those. So many at once: each may take a
 * millisecond, and packets wait so long. */
#define SOURCES_WORK 100
#define SOURCES_WORK_BURST 20
#define SOURCES_WORK_ONE 50
#define SOURCES_WORK_ONE_BURST 20
#define SOURCES_WORK_PROVEN 400
#define SOURCES_WORK_PROVEN_BURST 40
/* Who asks for no more of it than so, with its network, goes first. */
#define SOURCES_LIGHT 1
#define SOURCES_LIGHT_BURST 12

/* To those that say the same again after a second, as an old client does. */
#define SOURCES_AGAIN_MS 1000
#define SOURCES_AGAIN 2048 /* octets, to all */
#define SOURCES_AGAIN_S 1024

#define SOURCES_STRAY 50 /* short answers to one address, a second */

struct sources;

struct sources *sources_new(void);
void sources_free(struct sources *sources); /* NULL is fine */

/* Octets have come from that address, with all headers. */
void sources_hear(struct sources *sources, const struct gw6c_addr *addr,
		  size_t octets, uint64_t now_ms);
/* May so many be sent there? If so, they are counted: as many as came, and
 * a few in advance. */
bool sources_may_say(struct sources *sources, const struct gw6c_addr *addr,
		     size_t octets, uint64_t now_ms);
/* The same for one that has said the same before, SOURCES_AGAIN_MS ago or
 * longer: an old client, which cannot prove anything, or a patient forger. */
bool sources_may_say_again(struct sources *sources,
			   const struct gw6c_addr *addr, size_t octets,
			   uint64_t now_ms);
/* Is it said from that address and port for the first time? If not, when? */
uint64_t sources_first_ms(struct sources *sources, const struct gw6c_addr *addr,
			  uint16_t port, uint64_t now_ms);
/* May an answer be sent that needs no session? It is counted as any other, and
 * by number. */
bool sources_may_stray(struct sources *sources, const struct gw6c_addr *addr,
		       size_t octets, uint64_t now_ms);
/* May a message of a login be worked on? proven: its sender is, or is there
 * over TCP. While there is more to do than can be, those who ask for little go
 * first. */
bool sources_may_work(struct sources *sources, const struct gw6c_addr *addr,
		      bool proven, uint64_t now_ms);

/* The address has shown that it receives what is sent there. */
void sources_prove(struct sources *sources, const struct gw6c_addr *addr,
		   uint64_t now_ms);

#endif
