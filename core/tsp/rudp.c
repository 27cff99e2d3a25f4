/* rudp.c - framing and timers of TSP over UDP (RFC 5572 section 6). */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "rudp.h"

#define SEQUENCE_MASK 0x0fffffffu
#define IP6_HEADER 40 /* octets */
#define SMOOTH (1.0 / 8) /* gains of the RTT estimate */
#define SMOOTH_VAR (1.0 / 4)
#define RTO_MIN 2.0 /* seconds */
#define RTO_MAX 30.0
#define TRIES_NO_PEER 3 /* while nobody has ever answered */
#define TRIES 8

enum rudp_what rudp_what(struct gw6c_bytes datagram)
{
	if (datagram.len >= RUDP_HEADER && datagram.at[0] >> 4 == 0xf)
		return RUDP_CONTROL;
	if (datagram.len >= IP6_HEADER && datagram.at[0] >> 4 == 6)
		return RUDP_DATA6;
	return RUDP_JUNK;
}

uint32_t rudp_word(uint32_t n)
{
	return ~SEQUENCE_MASK | ((RUDP_FIRST + n) & SEQUENCE_MASK);
}

static void put32(struct gw6c_buf *out, uint32_t value)
{
	uint8_t octets[4] = { (uint8_t)(value >> 24), (uint8_t)(value >> 16),
			      (uint8_t)(value >> 8), (uint8_t)value };

	gw6c_put(out, octets, 4);
}

static uint32_t get32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
	       (uint32_t)at[2] << 8 | at[3];
}

void rudp_put(struct gw6c_buf *out, struct rudp_header header,
	      struct gw6c_bytes payload)
{
	put32(out, header.word);
	put32(out, header.stamp);
	gw6c_put(out, payload.at, payload.len);
}

bool rudp_get(struct gw6c_bytes datagram, struct rudp_header *header,
	      struct gw6c_bytes *payload)
{
	if (rudp_what(datagram) != RUDP_CONTROL)
		return false;
	header->word = get32(datagram.at);
	header->stamp = get32(datagram.at + 4);
	payload->at = datagram.at + RUDP_HEADER;
	payload->len = datagram.len - RUDP_HEADER;
	return true;
}

bool rudp_put_proof(struct gw6c_buf *out, struct gw6c_bytes question,
		    struct gw6c_bytes datagram)
{
	struct rudp_header header;
	struct gw6c_bytes proof;

	if (!rudp_get(question, &header, &proof) || header.word != RUDP_PROVE ||
	    proof.len != RUDP_PROOF)
		return false;
	rudp_put(out, header, proof);
	gw6c_put(out, datagram.at, datagram.len);
	return true;
}

const uint8_t *rudp_get_proof(struct gw6c_bytes *datagram)
{
	struct rudp_header header;
	struct gw6c_bytes payload;

	if (!rudp_get(*datagram, &header, &payload) ||
	    header.word != RUDP_PROVE || payload.len < RUDP_PROOF)
		return NULL;
	datagram->at = payload.at + RUDP_PROOF;
	datagram->len = payload.len - RUDP_PROOF;
	return payload.at;
}

static double clamp(double value, double min, double max)
{
	if (value < min)
		return min;
	return value > max ? max : value;
}

void rudp_timer_init(struct rudp_timer *timer)
{
	*timer = (struct rudp_timer){ .rttvar = 0.5, .rto = RTO_MIN };
}

uint32_t rudp_timer_send(struct rudp_timer *timer)
{
	if (timer->retries == TRIES_NO_PEER) {
		if (!timer->peer)
			return 0;
		timer->backoff = true;
	}
	if (timer->retries == TRIES)
		return 0;
	return (uint32_t)(timer->rto * 1000);
}

void rudp_timer_missed(struct rudp_timer *timer)
{
	if (timer->backoff)
		timer->rto = clamp(2 * timer->rto, RTO_MIN, RTO_MAX);
	timer->retries++;
}

void rudp_timer_answer(struct rudp_timer *timer, double rtt_s)
{
	double delta = rtt_s - timer->srtt;

	timer->peer = true;
	timer->retries = 0;
	timer->srtt += SMOOTH * delta;
	timer->rttvar +=
		SMOOTH_VAR * ((delta < 0 ? -delta : delta) - timer->rttvar);
	timer->rto = clamp(timer->srtt + 4 * timer->rttvar, RTO_MIN, RTO_MAX);
}
