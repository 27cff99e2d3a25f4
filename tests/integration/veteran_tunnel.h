/* veteran_tunnel.h - what an old client is granted, and what it does with it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_TESTS_INTEGRATION_VETERAN_TUNNEL_H
#define GW6C_TESTS_INTEGRATION_VETERAN_TUNNEL_H

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define VETERAN_WORD 64

struct veteran_lease {
	char type[VETERAN_WORD];
	char ours[VETERAN_WORD], theirs[VETERAN_WORD]; /* inside the tunnel */
	char server[VETERAN_WORD]; /* the outer address of the broker */
	char prefix[VETERAN_WORD]; /* "-": none */
	char keepalive[VETERAN_WORD]; /* whom to ping */
};

/* Print why, and end. */
_Noreturn void veteran_die(const char *why);
long veteran_ms(void);
/* Our address on the way to the peer of that socket. */
void veteran_own(int sock, char room[INET6_ADDRSTRLEN]);

/* Read the answer as an old client does, which knows little of XML. */
void veteran_read(const char *answer, bool router, struct veteran_lease *lease);
/* Keepalives with so many octets of data, until three were answered; of a
 * router, one from its network, too. Echo requests are answered. sock: of the
 * session, which carries a tunnel over UDP. */
void veteran_keep(const struct veteran_lease *lease, int sock, size_t data);

#endif
