/* tsp.h - the text of the Tunnel Setup Protocol, both ends; pure, no I/O.
 * RFC 5572 section 4, and what gogo6 brokers and clients made of it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_TSP_TSP_H
#define GW6C_CORE_TSP_TSP_H

#include "core/base/server_addr.h"
#include "core/base/text.h"
#include <gw6c/lease.h>

#define TSP_BODY_MAX 8192 /* octets of a Content-length we take */
#define TSP_BROKERS 50 /* of a redirect */
#define TSP_ADDRS 8 /* addresses of one element */
#define TSP_WORDS 16 /* items of one kind in a CAPABILITY line */
#define TSP_WORD 32 /* octets of one with its NUL */
#define TSP_SECRET 33 /* octets of a client's secret in hex, with its NUL */

/* Versions as 0xMMmmpp, newest first, 0 ends: what we offer in turn. */
extern const uint32_t tsp_versions[];
#define TSP_V202 0x020002u
#define TSP_V200 0x020000u
#define TSP_V101 0x010001u

/* 3 or 4 digits, then SP, end, CR or LF: the code; else 0. text: behind it,
 * up to the line's end, may be NULL. */
int tsp_status(struct gw6c_bytes in, struct gw6c_bytes *text);
#define TSP_REDIRECT(code) ((code) > 1000)

/* What a status means to the operator: what went wrong and what to change;
 * rc is how to treat it (section 6 of the protocol notes). code below 1000. */
struct tsp_meaning {
	int code;
	int rc; /* ECONFIG, EAUTH: final. EPEER: next broker. ENET: later */
	const char *text, *remedy;
};
const struct tsp_meaning *tsp_meaning(int code); /* never NULL */

/* "VERSION=2.0.2" CR LF */
void tsp_put_version(struct gw6c_buf *out, uint32_t version);
bool tsp_parse_version(struct gw6c_bytes line, uint32_t *out);
void tsp_version_text(uint32_t version, char room[16]);

/* CAPABILITY TUNNEL=V6V4 AUTH=PLAIN ... : values in upper case. */
struct tsp_capability {
	int tunnels, auths;
	bool lease; /* the broker knows clients again by a secret */
	bool cut; /* no line end: in a datagram, something may be missing */
	char tunnel[TSP_WORDS][TSP_WORD], auth[TSP_WORDS][TSP_WORD];
};
bool tsp_parse_capability(struct gw6c_bytes line, struct tsp_capability *out);
void tsp_put_capability(struct gw6c_buf *out,
			const struct tsp_capability *capability);

/* An element of the vocabulary, request and answer alike. Absent text is "",
 * absent numbers -1. Only syntax is checked here: what it may mean is
 * answer.h's (client) and the broker's business. */
struct tsp_address {
	char type[8]; /* "ipv4", "ipv6", "dn" */
	char text[GW6C_NAME];
};

struct tsp_tunnel {
	char action[16]; /* create, accept, reject, delete, info, list */
	char type[GW6C_MODE];
	char proxy[4]; /* "yes", "no", "" */
	long lifetime, mtu;
	int clients; /* entries of client[] used */
	struct tsp_address client[TSP_ADDRS];
	int servers;
	struct tsp_address server[TSP_ADDRS];
	long keepalive; /* interval, s; -1: no such element */
	struct tsp_address keepalive_address; /* type "" if absent */
	bool router; /* there is a router element */
	long prefix_length; /* -1: no prefix element */
	char prefix[GW6C_NAME];
	char secret[TSP_SECRET]; /* by which the client is known again */
	int router_dns; /* name servers of the reverse zone */
	struct tsp_address router_dns_server[TSP_ADDRS];
	int resolvers; /* client/dns_server */
	struct tsp_address resolver[TSP_ADDRS];
	int brokers; /* of a redirect */
	struct tsp_address broker[TSP_BROKERS];
};

void tsp_tunnel_init(struct tsp_tunnel *tunnel); /* everything absent */

/* Strict XML of the subset, DOCTYPE and entities of its own refused, limits
 * of appendix A. GW6C_EPEER says what is wrong. */
int tsp_parse_xml(struct gw6c_bytes xml, struct tsp_tunnel *out,
		  struct gw6c_err *err);
/* The same tunnel as XML that the oldest readers take; text is escaped. */
void tsp_put_xml(struct gw6c_buf *out, const struct tsp_tunnel *tunnel);

/* Written out as old readers need it: IPv6 as eight groups of four digits,
 * IPv4 dotted, no prefix length. */
void tsp_full_text(const struct gw6c_addr *addr, char room[GW6C_ADDR_TEXT]);

/* "Content-length: N" CR LF. Length of the body, header_len octets before
 * it; 0 if the line is not whole yet; -1: not such a line, or too long. */
long tsp_content_length(struct gw6c_bytes in, size_t *header_len);
/* Header, then status line if code is not 0, then XML if tunnel is given. */
void tsp_put_message(struct gw6c_buf *out, int code, const char *text,
		     const struct tsp_tunnel *tunnel);

#endif
