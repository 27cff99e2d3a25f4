/* pump.c - moves IP packets between a TUN descriptor and a socket. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "pump.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROUNDS 4 /* batches of one callback: others want their turn, too */
#define IP4_HEADER 20 /* octets, at least and at most; RFC 791 section 3.1 */
#define IP4_HEADER_MAX 60
#define ANSWERS 10 /* errors at once, and a second: RFC 4443 section 2.4 (f) */

struct pump {
	const struct gw6c_host *host;
	struct gw6c_watch *on_tun, *on_sock;
	struct pump_ends ends;
	bool broken; /* told once */
	uint64_t answer_ms; /* the bucket of errors is full from then on */
	struct pump_rules rules;
	struct gw6c_counters count;
	struct mmsghdr message[PUMP_BATCH];
	struct iovec part[PUMP_BATCH];
	size_t packet_max; /* octets: the largest that passes */
	size_t stride; /* octets of a packet with its outer header */
	uint8_t room[]; /* PUMP_BATCH times stride */
};

static uint8_t *packet_at(struct pump *pump, int i)
{
	return pump->room + pump->stride * (size_t)i;
}

/* The other machine, says ICMP; not all systems have that. */
static bool is_isolated(int error)
{
#ifdef ENONET
	return error == ENONET;
#else
	(void)error;
	return false;
#endif
}

/* What passes by itself: the packet is lost, as on any link. Anybody can make
 * errors of the network by ICMP. */
static bool is_passing(int error)
{
	return error == EAGAIN || error == EINTR || error == ENOBUFS ||
	       error == ENOMEM || error == EHOSTUNREACH ||
	       error == ENETUNREACH || error == ECONNREFUSED ||
	       error == EMSGSIZE || error == EPERM || error == ENETDOWN ||
	       error == EIO || error == EINVAL || error == EPROTO ||
	       error == ENOPROTOOPT || error == EHOSTDOWN || error == EACCES ||
	       error == EOPNOTSUPP || is_isolated(error);
}

static void pump_break(struct pump *pump, const char *what, int error)
{
	struct gw6c_err err = { 0 };

	if (pump->broken)
		return;
	pump->broken = true;
	pump->host->forget(pump->host, pump->on_tun);
	pump->host->forget(pump->host, pump->on_sock);
	pump->on_tun = pump->on_sock = NULL;
	gw6c_fail(&err, GW6C_ENET, "%s: %s", what, strerror(error));
	pump->host->broken(pump->host, &err);
}

/* Octets before the packet; more than there are if the header is none. */
static size_t outer_header(const struct pump *pump, const uint8_t *at,
			   size_t len)
{
	size_t header;

	if (pump->ends.outer != PUMP_RAW4)
		return 0;
	if (len < IP4_HEADER || at[0] >> 4 != 4)
		return SIZE_MAX;
	header = (at[0] & 15u) * 4;
	return header < IP4_HEADER ? SIZE_MAX : header;
}

static void pump_in(struct pump *pump, uint8_t *packet, size_t len)
{
	size_t header = outer_header(pump, packet, len);

	if (pump->ends.outer == PUMP_UDP && len >= 8 && packet[0] >> 4 == 0xf) {
		pump->host->control(pump->host,
				    (struct gw6c_bytes){ packet, len });
		return;
	}
	if (header > len || len > pump->stride) {
		pump->count.in_dropped++;
		return;
	}
	packet += header;
	len -= header;
	if (len > pump->packet_max ||
	    pump_check_in(&pump->rules, packet, &len) != PUMP_PASS ||
	    write(pump->ends.tun, packet, len) != (ssize_t)len) {
		pump->count.in_dropped++;
		return;
	}
	pump->count.in_packets++;
	pump->count.in_octets += len;
}

static void pump_arm(struct pump *pump)
{
	for (int i = 0; i < PUMP_BATCH; i++) {
		pump->part[i].iov_base = packet_at(pump, i);
		pump->part[i].iov_len = pump->stride;
		pump->message[i].msg_hdr =
			(struct msghdr){ .msg_iov = &pump->part[i],
					 .msg_iovlen = 1 };
		pump->message[i].msg_len = 0;
	}
}

static void pump_from_sock(void *arg, int ready)
{
	struct pump *pump = arg;
	int n = PUMP_BATCH;

	(void)ready;
	for (int round = 0; round < ROUNDS && n == PUMP_BATCH; round++) {
		pump_arm(pump);
		n = recvmmsg(pump->ends.sock, pump->message, PUMP_BATCH,
			     MSG_DONTWAIT | MSG_TRUNC, NULL);
		if (n < 0 && !is_passing(errno))
			pump_break(pump, "the tunnel's socket", errno);
		for (int i = 0; i < n && !pump->broken; i++)
			pump_in(pump, packet_at(pump, i),
				pump->message[i].msg_len);
	}
}

/* True: not yet as many errors as there may be. */
static bool pump_may_answer(struct pump *pump)
{
	uint64_t now_ms = pump->host->now_ms(pump->host);

	if (pump->answer_ms < now_ms)
		pump->answer_ms = now_ms;
	if (pump->answer_ms > now_ms + 1000 - 1000 / ANSWERS)
		return false;
	pump->answer_ms += 1000 / ANSWERS;
	return true;
}

/* An answer that cannot be written is lost, as on any link. */
static void pump_answer(struct pump *pump, const uint8_t *packet, size_t len)
{
	uint8_t answer[PUMP_ANSWER];
	size_t octets = pump_refuse(&pump->rules, packet, len, answer);
	ssize_t written = 0;

	if (octets && pump_may_answer(pump))
		written = write(pump->ends.tun, answer, octets);
	(void)written;
}

/* May it leave? A sender whose address is not of the tunnel is told. */
static bool pump_passes(struct pump *pump, const uint8_t *packet, size_t len)
{
	enum pump_verdict verdict = pump_check_out(&pump->rules, packet, len);

	if (verdict == PUMP_SPOOF)
		pump_answer(pump, packet, len);
	return verdict == PUMP_PASS &&
	       !pump_is_refusal(&pump->rules, packet, len);
}

/* Fill the batch from the TUN device: returns packets that may pass. */
static int pump_gather(struct pump *pump, bool *more)
{
	int n = 0;

	*more = true;
	while (n < PUMP_BATCH) {
		ssize_t len = read(pump->ends.tun, packet_at(pump, n),
				   pump->packet_max);

		if (len <= 0) {
			*more = false;
			if (len < 0 && !is_passing(errno))
				pump_break(pump, "the tunnel's interface",
					   errno);
			if (len < 0 && errno == EINTR)
				continue;
			break;
		}
		if (!pump_passes(pump, packet_at(pump, n), (size_t)len)) {
			pump->count.out_dropped++;
			continue;
		}
		pump->part[n].iov_len = (size_t)len;
		n++;
	}
	return n;
}

/* Send the batch; a packet the network refuses is lost, the next may pass. */
static void pump_send(struct pump *pump, int n)
{
	int done = 0;

	while (done < n) {
		int sent = sendmmsg(pump->ends.sock, pump->message + done,
				    (unsigned)(n - done), MSG_DONTWAIT);

		for (int i = 0; i < sent; i++) {
			pump->count.out_packets++;
			pump->count.out_octets += pump->part[done + i].iov_len;
		}
		if (sent > 0) {
			done += sent;
			continue;
		}
		if (errno == EINTR)
			continue;
		pump->count.out_dropped++;
		done++;
		if (!is_passing(errno)) {
			pump_break(pump, "the tunnel's socket", errno);
			return;
		}
	}
}

static void pump_from_tun(void *arg, int ready)
{
	struct pump *pump = arg;
	bool more = true;

	(void)ready;
	for (int round = 0; round < ROUNDS && more && !pump->broken; round++) {
		pump_arm(pump);
		pump_send(pump, pump_gather(pump, &more));
	}
}

int pump_open(const struct gw6c_host *host, const struct pump_ends *ends,
	      const struct pump_rules *rules, struct pump **out,
	      struct gw6c_err *err)
{
	size_t max = ends->mtu + PUMP_EXCESS, stride;
	struct pump *pump;

	if (max < PUMP_PACKET)
		max = PUMP_PACKET;
	stride = max + (ends->outer == PUMP_RAW4 ? IP4_HEADER_MAX : 0);
	pump = calloc(1, sizeof(*pump) + PUMP_BATCH * stride);
	if (!pump)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	pump->host = host;
	pump->ends = *ends;
	pump->packet_max = max;
	pump->stride = stride;
	pump->rules = *rules;
	pump->count.size = sizeof(pump->count);
	pump->on_tun =
		host->on_fd(host, ends->tun, GW6C_READ, pump_from_tun, pump);
	pump->on_sock =
		host->on_fd(host, ends->sock, GW6C_READ, pump_from_sock, pump);
	if (pump->on_tun && pump->on_sock) {
		*out = pump;
		return GW6C_OK;
	}
	pump_close(pump);
	return gw6c_fail(err, GW6C_EOS, "out of memory");
}

void pump_close(struct pump *pump)
{
	if (!pump)
		return;
	pump->host->forget(pump->host, pump->on_tun);
	pump->host->forget(pump->host, pump->on_sock);
	free(pump);
}

void pump_count(struct pump *pump, struct gw6c_counters *out)
{
	*out = pump->count;
}
