/* rudp.h - framing and timers of TSP over UDP; pure (RFC 5572 section 6). */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_TSP_RUDP_H
#define GW6C_CORE_TSP_RUDP_H

#include <gw6c/buf.h>

#define RUDP_HEADER 8 /* octets */
#define RUDP_FIRST 240 /* first sequence number: low octet stays F0..FF */
#define RUDP_SEND_MAX 1400 /* octets of payload we put in a datagram */
#define RUDP_RECV_MAX 4096 /* octets of payload we take */
#define RUDP_LOST 0xffffffffu /* first word: "no session" of some brokers */
/* First word of a question for proof, and of the answer. The broker sends a
 * number, in place of an answer that is longer than what came; the client
 * brings it back, with its whole datagram behind it. Older clients ignore
 * the word, and send theirs again. */
#define RUDP_PROVE 0xfffffffeu
#define RUDP_PROOF 8 /* octets of the number */

/* What the first nibble says of a datagram. */
enum rudp_what {
	RUDP_JUNK, /* short, or of neither kind: drop and count */
	RUDP_CONTROL,
	RUDP_DATA6, /* an IPv6 packet, at least 40 octets */
};

struct rudp_header {
	uint32_t word; /* 0xF0000000 | sequence number */
	uint32_t stamp; /* opaque to the broker */
};

enum rudp_what rudp_what(struct gw6c_bytes datagram);
uint32_t rudp_word(uint32_t n); /* of the n-th message, from 0 */
/* Append header and payload; overflow as gw6c_buf has it. */
void rudp_put(struct gw6c_buf *out, struct rudp_header header,
	      struct gw6c_bytes payload);
/* False if not RUDP_CONTROL. payload is within datagram. */
bool rudp_get(struct gw6c_bytes datagram, struct rudp_header *header,
	      struct gw6c_bytes *payload);

/* Append a datagram that is preceded by a proof; false and nothing if what the
 * broker has sent is no question for one. */
bool rudp_put_proof(struct gw6c_buf *out, struct gw6c_bytes question,
		    struct gw6c_bytes datagram);
/* The proof in front of a datagram, NULL: none, and the datagram itself. */
const uint8_t *rudp_get_proof(struct gw6c_bytes *datagram);

/* Retransmission: one state a session, constants in rudp.c. */
struct rudp_timer {
	double srtt, rttvar, rto; /* seconds */
	int retries;
	bool peer; /* it has answered once */
	bool backoff;
};

void rudp_timer_init(struct rudp_timer *timer);
/* A message goes out (again): milliseconds to wait for its answer, or 0: no
 * more tries, the session has failed. */
uint32_t rudp_timer_send(struct rudp_timer *timer);
/* Nothing came in that time. */
void rudp_timer_missed(struct rudp_timer *timer);
/* The answer came, rtt_s after the send its echoed stamp names. */
void rudp_timer_answer(struct rudp_timer *timer, double rtt_s);

#endif
