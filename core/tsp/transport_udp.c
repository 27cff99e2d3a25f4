/* transport_udp.c - TSP over framed UDP: one message, one answer, and again
 * if it is lost (RFC 5572 section 6). */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/hash.h"
#include "core/base/log.h"
#include "core/base/random.h"
#include "core/base/sockaddr.h"
#include "transport_parts.h"
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

#define STAMPS 8 /* sends of one message, at most */
/* Sends of one without text, 10 s in all: a broker that does not know this
 * session is not obliged to answer it. */
#define POLLS 4
#define PROOFS 3 /* of one message: a broker that asks on is no use */
#define HEARD 16 /* answers that are remembered */
#define REFUSED_MS 300 /* until the next try, after an ICMP error */

/* A send of the message in force. The stamp is random, since it is opaque to
 * the broker and comes back: who does not see it cannot answer. */
struct sent {
	uint32_t stamp;
	uint64_t at_ms;
};

/* An answer that was taken. */
struct heard {
	struct rudp_header header; /* word 0: none */
	uint32_t len, hash; /* of its payload */
};

struct udp {
	struct transport transport; /* first */
	struct rudp_timer rto;
	uint32_t next; /* number of the next message */
	uint32_t word; /* of the one in force */
	struct sent sent[STAMPS];
	int sends;
	struct heard heard[HEARD]; /* the last ones, in a ring */
	unsigned answers; /* taken so far */
	int refused_sends; /* the last one with an ICMP error, 0: none */
	int proofs; /* brought for the message in force */
	unsigned dropped;
};

static void udp_send(struct udp *udp);

static void udp_missed(void *arg)
{
	struct udp *udp = arg;

	udp->transport.timer = NULL;
	rudp_timer_missed(&udp->rto);
	udp_send(udp);
}

static void udp_no_answer(struct udp *udp)
{
	const char *why = "the broker stopped answering";

	if (!udp->transport.answered)
		why = udp->refused_sends ? "nothing is listening there (port "
					   "unreachable)"
					 : "no answer";
	transport_fail(&udp->transport, GW6C_ENET, why);
}

/* What cannot be sent now is sent again, as what gets lost. */
static void udp_put(struct udp *udp, const struct gw6c_buf *out)
{
	if (send(udp->transport.fd, out->at, out->len, 0) < 0)
		log_msg(GW6C_DEBUG, "udp", "send: %s", strerror(errno));
}

/* Send the message in force, or give up. */
static void udp_send(struct udp *udp)
{
	struct transport *transport = &udp->transport;
	uint8_t room[RUDP_HEADER + RUDP_SEND_MAX];
	struct gw6c_buf out = GW6C_BUF(room);
	uint32_t wait_ms = rudp_timer_send(&udp->rto);
	struct rudp_header header = { .word = udp->word };

	if (!wait_ms || udp->sends == (transport->out_len ? STAMPS : POLLS)) {
		udp_no_answer(udp);
		return;
	}
	random_octets(&header.stamp, sizeof(header.stamp));
	udp->sent[udp->sends++] =
		(struct sent){ header.stamp, loop_now_ms(transport->loop) };
	rudp_put(&out, header,
		 (struct gw6c_bytes){ transport->out, transport->out_len });
	udp_put(udp, &out);
	explicit_bzero(room, sizeof(room));
	transport->timer =
		loop_timer(transport->loop, wait_ms, udp_missed, udp);
}

static void udp_next(struct udp *udp)
{
	udp->word = rudp_word(udp->next++);
	udp->sends = 0;
	udp->refused_sends = 0;
	udp->proofs = 0;
	udp_send(udp);
}

static void udp_ask_later(void *arg)
{
	struct udp *udp = arg;

	udp->transport.later = NULL;
	udp_next(udp);
}

/* Sending may fail at once: not inside the caller's ask. */
static void udp_ask(struct transport *transport)
{
	loop_forget(transport->later);
	transport->later =
		loop_timer(transport->loop, 0, udp_ask_later, transport);
}

static const struct sent *udp_find_sent(const struct udp *udp, uint32_t stamp)
{
	for (int i = 0; i < udp->sends; i++)
		if (udp->sent[i].stamp == stamp)
			return &udp->sent[i];
	return NULL;
}

static void udp_remember(struct udp *udp, struct rudp_header header,
			 struct gw6c_bytes payload)
{
	udp->heard[udp->answers++ % HEARD] =
		(struct heard){ header, (uint32_t)payload.len,
				hash_octets(payload.at, payload.len) };
}

/* Is it another answer to a datagram that was answered already? One of the two
 * is forged, by somebody who sees what we send. */
static bool udp_contradicts(const struct udp *udp, struct rudp_header header,
			    struct gw6c_bytes payload)
{
	for (int i = 0; i < HEARD; i++) {
		const struct heard *heard = &udp->heard[i];

		if (heard->header.word == header.word &&
		    heard->header.stamp == header.stamp)
			return heard->len != payload.len ||
			       heard->hash !=
				       hash_octets(payload.at, payload.len);
	}
	return false;
}

/* An answer must carry the number and a stamp of the message in force. */
static bool udp_take(struct udp *udp, struct gw6c_bytes datagram,
		     struct gw6c_bytes *payload)
{
	struct rudp_header header;
	const struct sent *sent;

	if (!rudp_get(datagram, &header, payload)) {
		udp->dropped++;
		return false;
	}
	if (udp_contradicts(udp, header, *payload)) {
		udp->transport.contradicted = true;
		return false;
	}
	sent = udp_find_sent(udp, header.stamp);
	if (!udp->transport.timer || header.word != udp->word || !sent) {
		udp->dropped++;
		return false;
	}
	udp_remember(udp, header, *payload);
	rudp_timer_answer(&udp->rto, (double)(loop_now_ms(udp->transport.loop) -
					      sent->at_ms) /
					     1000);
	return true;
}

/* The broker wants to know first whether we receive what it sends: bring back
 * its number, with the message in force. */
static bool udp_prove(struct udp *udp, struct gw6c_bytes question)
{
	struct transport *transport = &udp->transport;
	uint8_t plain[RUDP_HEADER + RUDP_SEND_MAX];
	uint8_t room[RUDP_HEADER + RUDP_PROOF + sizeof(plain)];
	struct gw6c_buf message = GW6C_BUF(plain), out = GW6C_BUF(room);
	struct rudp_header header;
	struct gw6c_bytes payload;

	if (!transport->timer || udp->proofs == PROOFS ||
	    !rudp_get(question, &header, &payload) ||
	    !udp_find_sent(udp, header.stamp))
		return false;
	header.word = udp->word;
	header.stamp = udp->sent[udp->sends - 1].stamp;
	rudp_put(&message, header,
		 (struct gw6c_bytes){ transport->out, transport->out_len });
	if (!rudp_put_proof(&out, question, gw6c_got(&message)))
		return false;
	udp->proofs++;
	udp_put(udp, &out);
	explicit_bzero(plain, sizeof(plain));
	explicit_bzero(room, sizeof(room));
	return true;
}

static void udp_answer(struct udp *udp, struct gw6c_bytes payload)
{
	struct transport *transport = &udp->transport;
	int whole;

	loop_forget(transport->timer);
	transport->timer = NULL;
	transport->answered = true;
	if (payload.len > RUDP_RECV_MAX) {
		transport_fail(
			transport, GW6C_ENET,
			"the broker's answer is too long for a datagram");
		return;
	}
	if (payload.len > sizeof(transport->in) - transport->in_len) {
		transport_fail(transport, GW6C_EPEER,
			       "the broker's answer is too long");
		return;
	}
	memcpy(transport->in + transport->in_len, payload.at, payload.len);
	transport->in_len += payload.len;
	whole = transport_whole(transport, true);
	if (whole || !payload.len) {
		if (!whole)
			gw6c_fail(&transport->err, GW6C_EPEER,
				  "the broker's answer is incomplete");
		transport_tell(transport);
		return;
	}
	/* The body goes on in further datagrams: poll for them. */
	transport->out_len = 0;
	udp_next(udp);
}

/* ICMP "port unreachable" before anybody has answered: it may be true, and it
 * may be forged. So the next tries come sooner; should they be answered, it was
 * not. Later, or of another kind: a lost try, the timer knows. */
static void udp_error(struct udp *udp, int error)
{
	struct transport *transport = &udp->transport;

	if (error != ECONNREFUSED || transport->answered || !transport->timer)
		return;
	if (udp->refused_sends == udp->sends)
		return; /* that one is known to be lost */
	udp->refused_sends = udp->sends;
	loop_forget(transport->timer);
	transport->timer =
		loop_timer(transport->loop, REFUSED_MS, udp_missed, udp);
}

static void udp_read(void *arg, int ready)
{
	struct udp *udp = arg;
	struct transport *transport = &udp->transport;
	uint8_t room[RUDP_HEADER + RUDP_RECV_MAX + 1];
	ssize_t len = recv(transport->fd, room, sizeof(room), MSG_DONTWAIT);
	bool before = transport->contradicted;
	struct gw6c_bytes datagram = { room, len < 0 ? 0 : (size_t)len };
	struct gw6c_bytes payload;

	(void)ready;
	if (len < 0 && errno != EAGAIN)
		udp_error(udp, errno);
	else if (len >= 0 && !udp_prove(udp, datagram) &&
		 udp_take(udp, datagram, &payload))
		udp_answer(udp, payload);
	else if (transport->contradicted && !before)
		transport_fail(transport, GW6C_ENET,
			       "two different answers to one request: one of "
			       "them is forged");
}

static void udp_stop(struct transport *transport)
{
	struct udp *udp = (struct udp *)transport;

	if (udp->dropped)
		log_msg(GW6C_DEBUG, "udp", "datagrams dropped=%u",
			udp->dropped);
	udp->dropped = 0;
}

static const struct transport_ops udp_ops = {
	.udp = true,
	.ask = udp_ask,
	.stop = udp_stop,
};

int transport_udp(struct loop *loop, const struct gw6c_addr *addr,
		  uint16_t port, const struct gw6c_addr *local,
		  transport_done *done, void *arg, struct transport **out,
		  struct gw6c_err *err)
{
	struct udp *udp = calloc(1, sizeof(*udp));

	if (!udp)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	udp->transport = (struct transport){ .ops = &udp_ops,
					     .loop = loop,
					     .fd = -1,
					     .done = done,
					     .arg = arg };
	rudp_timer_init(&udp->rto);
	if (transport_connect(&udp->transport, SOCK_DGRAM, addr, port, local,
			      err)) {
		transport_free(&udp->transport);
		return err->rc;
	}
	/* The tunnel's packets may be fragmented outside, never inside. */
	if (addr->family == 4)
		sockaddr_may_fragment(udp->transport.fd);
	udp->transport.reader =
		loop_fd(loop, udp->transport.fd, GW6C_READ, udp_read, udp);
	*out = &udp->transport;
	return GW6C_OK;
}
