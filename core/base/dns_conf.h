/* dns_conf.h - resolv.conf(5) and hosts(5), as the system's resolver reads
 * them. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_DNS_CONF_H
#define GW6C_CORE_BASE_DNS_CONF_H

#include <gw6c/addr.h>
#include <sys/socket.h>

#define DNS_SERVERS 3
#define DNS_DOMAINS 8
#define DNS_NAME 256 /* octets of a name in text, with its NUL */

struct dns_conf {
	struct sockaddr_storage server[DNS_SERVERS];
	int servers;
	bool none; /* the file names no server: this machine is asked */
	char search[DNS_DOMAINS][DNS_NAME];
	int domains;
	int ndots, timeout_s, attempts;
};

void dns_conf_read(const char *path, struct dns_conf *out);

/* The addresses that a hosts file has for the name, any case. */
int dns_hosts(const char *path, const char *name, int family,
	      struct gw6c_addr *out, int max);

/* What a name stands for, in the order in which it is asked: number n = 0..
 * into room, with or without a domain of the search list. False: no more. */
bool dns_candidate(const struct dns_conf *conf, const char *name, int n,
		   char room[DNS_NAME]);

#endif
