/* dns_update_proxy.c - the back end ddns-proxy: updates as older programs sent
 * them, one record each and without TSIG, over TCP through the tunnel to the
 * broker alone, which knows us by our address. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dns_update.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#define MESSAGE 512 /* octets, as older programs had it */
#define LATE_MS 10000 /* for one record */
#define OPCODE_UPDATE 5 /* RFC 2136 section 1.3 */
#define FLAGS (OPCODE_UPDATE << 11)
#define FLAG_ANSWER 0x8000
#define TYPE_SOA 6
#define TYPE_AAAA 28
#define TYPE_ANY 255
#define CLASS_IN 1
#define CLASS_ANY 255

/* --- messages ----------------------------------------------------------- */

static void put16(struct gw6c_buf *out, unsigned value)
{
	const uint8_t octets[2] = { (uint8_t)(value >> 8), (uint8_t)value };

	gw6c_put(out, octets, sizeof(octets));
}

static void put32(struct gw6c_buf *out, uint32_t value)
{
	put16(out, value >> 16);
	put16(out, value & 0xffff);
}

static void put_name(struct gw6c_buf *out, const char *name)
{
	while (*name) {
		uint8_t len = (uint8_t)strcspn(name, ".");

		gw6c_put(out, &len, 1);
		gw6c_put(out, name, len);
		name += len + (name[len] == '.');
	}
	gw6c_put(out, "", 1);
}

static void put_body(struct gw6c_buf *out, uint16_t id, const char *zone,
		     const char *owner, const struct dns_record *record,
		     uint32_t ttl)
{
	put16(out, id);
	put16(out, FLAGS);
	put16(out, 1); /* zone */
	put16(out, 0); /* no prerequisite */
	put16(out, 1); /* update */
	put16(out, 0); /* nothing additional */
	put_name(out, zone);
	put16(out, TYPE_SOA);
	put16(out, CLASS_IN);
	put_name(out, owner);
	put16(out, record ? TYPE_AAAA : TYPE_ANY);
	put16(out, record ? CLASS_IN : CLASS_ANY);
	put32(out, record ? ttl : 0);
	put16(out, record ? 16 : 0);
	if (record)
		gw6c_put(out, record->addr.octets, 16);
}

bool dns_proxy_message(uint16_t id, const char *zone, const char *owner,
		       const struct dns_record *record, uint32_t ttl,
		       struct gw6c_buf *out)
{
	uint8_t room[MESSAGE];
	struct gw6c_buf body = GW6C_BUF(room);

	put_body(&body, id, zone, owner, record, ttl);
	put16(out, (unsigned)body.len);
	gw6c_put(out, body.at, body.len);
	return !body.overflow && !out->overflow;
}

static unsigned get16(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

bool dns_proxy_answer(struct gw6c_bytes answer, uint16_t id,
		      enum dns_result *result)
{
	unsigned flags;

	if (answer.len < 12 || get16(answer.at) != id)
		return false;
	flags = get16(answer.at + 2);
	if (!(flags & FLAG_ANSWER) || (flags >> 11 & 15) != OPCODE_UPDATE)
		return false;
	*result = dns_result_rcode(flags & 15);
	return true;
}

/* --- the connection ----------------------------------------------------- */

static void hang_up(struct dns_update *self)
{
	struct dns_work *work = &self->work;

	self->host->forget(self->host, work->watch);
	self->host->forget(self->host, work->timer);
	work->watch = work->timer = NULL;
	if (work->fd >= 0)
		close(work->fd);
	work->fd = -1;
	work->len = 0;
}

static int next(struct dns_update *self, struct gw6c_err *err);

static void over(struct dns_update *self, enum dns_result result)
{
	struct gw6c_err err = { 0 };
	int rc = GW6C_OK;

	hang_up(self);
	if (result == DNS_OK)
		rc = next(self, &err);
	if (rc == GW6C_LATER)
		return;
	dns_update_ended(self, rc ? DNS_OTHER : result, rc ? err.text : "");
}

static void on_late(void *arg)
{
	struct dns_update *self = arg;

	self->work.timer = NULL;
	over(self, DNS_TIMEOUT);
}

/* An answer to something else is passed over. False: it is over. */
static bool look_at_answers(struct dns_update *self)
{
	struct dns_work *work = &self->work;
	enum dns_result result;
	size_t len;

	while (work->len >= 2 && (len = get16(work->room) + 2u) <= work->len) {
		struct gw6c_bytes answer = { work->room + 2, len - 2 };

		if (dns_proxy_answer(answer, work->id, &result)) {
			over(self, result);
			return false;
		}
		self->host->log(self->host, GW6C_INFO,
				"an answer of the broker to another question "
				"is ignored");
		memmove(work->room, work->room + len, work->len - len);
		work->len -= len;
	}
	return true;
}

static void on_answer(void *arg, int ready)
{
	struct dns_update *self = arg;
	struct dns_work *work = &self->work;
	ssize_t got = read(work->fd, work->room + work->len,
			   sizeof(work->room) - work->len);

	(void)ready;
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		over(self, DNS_UNREACHABLE);
		return;
	}
	work->len += (size_t)got;
	if (look_at_answers(self) && work->len == sizeof(work->room))
		over(self, DNS_BADFORM);
}

static const struct dns_entry *busy_of(const struct dns_queue *queue)
{
	int i = 0;

	while (i < queue->n && !queue->at[i].busy)
		i++;
	return i < queue->n ? &queue->at[i] : NULL;
}

/* So little goes into the buffer of a new connection as a whole. */
static void on_connected(void *arg, int ready)
{
	struct dns_update *self = arg;
	const struct gw6c_host *host = self->host;
	struct dns_work *work = &self->work;
	const struct dns_entry *entry = busy_of(&self->queue);
	uint8_t room[MESSAGE + 2];
	struct gw6c_buf out = GW6C_BUF(room);
	struct dns_action action;

	(void)ready;
	host->forget(host, work->watch);
	host->random(host, &work->id, sizeof(work->id));
	dns_entry_action(entry, true, work->step - 1, &action);
	dns_proxy_message(work->id, self->domain, entry->owner, action.record,
			  (uint32_t)host->num(host, "ttl"), &out);
	work->watch = host->on_fd(host, work->fd, GW6C_READ, on_answer, self);
	if (out.overflow ||
	    send(work->fd, out.at, out.len, MSG_NOSIGNAL) != (ssize_t)out.len)
		over(self, DNS_UNREACHABLE);
}

static struct sockaddr_in6 address_of(const struct gw6c_addr *addr, long port)
{
	struct sockaddr_in6 at = { .sin6_family = AF_INET6,
				   .sin6_port = htons((uint16_t)port) };

	memcpy(&at.sin6_addr, addr->octets, 16);
	return at;
}

/* From our address in the tunnel, by which the broker knows us, to its own. */
static int call_broker(struct dns_update *self, struct gw6c_err *err)
{
	const struct gw6c_host *host = self->host;
	const struct gw6c_lease *lease = &self->lease;
	struct sockaddr_in6 from = address_of(&lease->inner, 0),
			    to = address_of(&lease->peer,
					    host->num(host, "proxy_port"));
	int fd;

	if (lease->inner.family != 6 || lease->peer.family != 6)
		return gw6c_fail(err, GW6C_ENET,
				 "the broker has no IPv6 address in the "
				 "tunnel; choose another back end");
	fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	self->work.fd = fd;
	if (fd >= 0 && bind(fd, (struct sockaddr *)&from, sizeof(from)) == 0 &&
	    (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0 ||
	     errno == EINPROGRESS))
		return GW6C_OK;
	gw6c_fail(err, GW6C_ENET, "cannot connect to the broker: %s",
		  strerror(errno));
	hang_up(self);
	return err->rc;
}

static int next(struct dns_update *self, struct gw6c_err *err)
{
	const struct gw6c_host *host = self->host;
	const struct dns_entry *entry = busy_of(&self->queue);
	struct dns_work *work = &self->work;
	struct dns_action action;

	if (!entry || !dns_entry_action(entry, true, work->step++, &action))
		return GW6C_OK;
	if (call_broker(self, err))
		return err->rc;
	work->watch =
		host->on_fd(host, work->fd, GW6C_WRITE, on_connected, self);
	work->timer = host->on_timer(host, LATE_MS, on_late, self);
	return GW6C_LATER;
}

const struct dns_backend dns_proxy = {
	.name = "ddns-proxy",
	.batch = 1,
	.types = DNS_AAAA,
	.keeps = true,
	.start = next,
	.cancel = hang_up,
};
