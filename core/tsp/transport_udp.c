/* transport_udp.c - TSP over framed UDP: one message, one answer, and again
 * if it is lost (RFC 5572 section 6). */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/log.h"
#include "core/base/sockaddr.h"
#include "transport_parts.h"
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

#define STAMPS 8 /* sends of one message, at most */
#define PROOFS 3 /* of one message: a broker that asks on is no use */

struct udp {
	struct transport transport; /* first */
	struct rudp_timer rto;
	uint32_t next; /* number of the next message */
	uint32_t word; /* of the one in force */
	uint64_t start_ms;
	uint32_t stamp[STAMPS]; /* of its sends */
	int sends;
	int proofs; /* brought for the message in force */
	unsigned dropped;
};

static void udp_send(struct udp *udp);

static uint32_t udp_now(const struct udp *udp)
{
	return (uint32_t)(loop_now_ms(udp->transport.loop) - udp->start_ms);
}

static void udp_missed(void *arg)
{
	struct udp *udp = arg;

	udp->transport.timer = NULL;
	rudp_timer_missed(&udp->rto);
	udp_send(udp);
}

static void udp_no_answer(struct udp *udp)
{
	transport_fail(&udp->transport, GW6C_ENET,
		       udp->transport.answered ? "the broker stopped answering"
					       : "no answer");
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
	struct rudp_header header = { .word = udp->word,
				      .stamp = udp_now(udp) };

	if (!wait_ms || udp->sends == STAMPS) {
		udp_no_answer(udp);
		return;
	}
	udp->stamp[udp->sends++] = header.stamp;
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

static bool udp_sent_stamp(const struct udp *udp, uint32_t stamp)
{
	for (int i = 0; i < udp->sends; i++)
		if (udp->stamp[i] == stamp)
			return true;
	return false;
}

/* An answer must carry the number and a stamp of the message in force: the
 * number alone is easily guessed. */
static bool udp_take(struct udp *udp, struct gw6c_bytes datagram,
		     struct gw6c_bytes *payload)
{
	struct rudp_header header;

	if (!udp->transport.timer || !rudp_get(datagram, &header, payload) ||
	    header.word != udp->word || !udp_sent_stamp(udp, header.stamp) ||
	    payload->len > RUDP_RECV_MAX) {
		udp->dropped++;
		return false;
	}
	rudp_timer_answer(&udp->rto,
			  (double)(udp_now(udp) - header.stamp) / 1000);
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
	    !udp_sent_stamp(udp, header.stamp))
		return false;
	header.word = udp->word;
	header.stamp = udp->stamp[udp->sends - 1];
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

/* ICMP "port unreachable" to the first message: nobody listens. Later, or
 * of another kind: a lost try, the timer knows. */
static void udp_error(struct udp *udp, int error)
{
	if (error == ECONNREFUSED && !udp->transport.answered &&
	    udp->transport.timer)
		transport_fail(&udp->transport, GW6C_ENET,
			       "nothing is listening there (port unreachable)");
}

static void udp_read(void *arg, int ready)
{
	struct udp *udp = arg;
	uint8_t room[RUDP_HEADER + RUDP_RECV_MAX + 1];
	ssize_t len = recv(udp->transport.fd, room, sizeof(room), MSG_DONTWAIT);
	struct gw6c_bytes datagram = { room, len < 0 ? 0 : (size_t)len };
	struct gw6c_bytes payload;

	(void)ready;
	if (len < 0 && errno != EAGAIN)
		udp_error(udp, errno);
	else if (len >= 0 && !udp_prove(udp, datagram) &&
		 udp_take(udp, datagram, &payload))
		udp_answer(udp, payload);
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
	udp->start_ms = loop_now_ms(loop);
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
