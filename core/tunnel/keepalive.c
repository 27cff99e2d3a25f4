/* keepalive.c - pings the broker through the tunnel. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "keepalive.h"
#include "core/base/log.h"
#include "core/base/random.h"
#include "core/base/sockaddr.h"
#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* Between pings when in doubt: at least, and before any reply has come. */
#define DOUBT_MS 100
#define DOUBT_UNKNOWN_MS 500

/* Echo request and reply have one layout in ICMP and ICMPv6; the kernel
 * fills in the checksum of the latter. */
struct echo {
	uint8_t type, code;
	uint16_t checksum, id, sequence; /* network order */
	uint8_t cookie[8];
};

struct keepalive {
	struct loop *loop;
	struct keepalive_events events;
	struct gw6c_watch *reader, *timer;
	int fd;
	int family; /* 4 or 6 */
	uint32_t interval_ms;
	int sends; /* of this round */
	int barred; /* of these, not let out by this machine */
	int misses; /* consecutive rounds */
	bool replied; /* in this round */
	bool doubted; /* this round: is the tunnel dead? */
	uint16_t sequence;
	struct echo echo; /* the last one sent */
	uint64_t round_ms, reply_ms; /* times; reply_ms 0: never */
	struct timespec sent; /* finer: tunnels can be short */
	double rtt_ms;
};

static void keepalive_round(void *arg);

uint32_t keepalive_round_ms(uint32_t interval_s)
{
	return interval_s >= 10 ? 5000 : interval_s * 500;
}

static uint16_t echo_checksum(const struct echo *echo)
{
	const uint8_t *octet = (const uint8_t *)echo;
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < sizeof(*echo); i += 2)
		sum += (uint32_t)octet[i] << 8 | octet[i + 1];
	sum = (sum >> 16) + (sum & 0xffff);
	sum += sum >> 16;
	return htons((uint16_t)~sum);
}

static void keepalive_timer(struct keepalive *ka, uint32_t ms)
{
	loop_forget(ka->timer);
	ka->timer = loop_timer(ka->loop, ms, keepalive_round, ka);
}

/* A send that fails is a ping that is not answered: nothing else to do. */
static void keepalive_send(struct keepalive *ka)
{
	ka->echo.type = ka->family == 6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO;
	ka->echo.sequence = htons(ka->sequence++);
	ka->echo.checksum = 0;
	if (ka->family == 4)
		ka->echo.checksum = echo_checksum(&ka->echo);
	clock_gettime(CLOCK_MONOTONIC, &ka->sent);
	ka->sends++;
	if (send(ka->fd, &ka->echo, sizeof(ka->echo), 0) < 0) {
		ka->barred += errno == EPERM;
		log_msg(GW6C_TRACE, "keepalive", "ping failed: %s",
			strerror(errno));
	} else {
		log_msg(GW6C_TRACE, "keepalive", "ping sequence=%u",
			ntohs(ka->echo.sequence));
	}
}

/* A broker that was not asked has missed nothing. */
static bool keepalive_mute(const struct keepalive *ka)
{
	return ka->barred == KEEPALIVE_SENDS;
}

static bool keepalive_heard(const struct keepalive *ka)
{
	return ka->events.heard && ka->events.heard(ka->events.arg);
}

/* When in doubt, a reply has the time of six round trips. */
static uint32_t keepalive_doubt_ms(const struct keepalive *ka)
{
	if (!ka->reply_ms)
		return DOUBT_UNKNOWN_MS;
	return 2 * ka->rtt_ms > DOUBT_MS ? (uint32_t)(2 * ka->rtt_ms)
					 : DOUBT_MS;
}

/* Milliseconds from one ping of the round to the next. */
static uint32_t keepalive_part_ms(const struct keepalive *ka)
{
	uint32_t part_ms =
		keepalive_round_ms(ka->interval_ms / 1000) / KEEPALIVE_SENDS;
	uint32_t doubt_ms = keepalive_doubt_ms(ka);

	return ka->doubted && doubt_ms < part_ms ? doubt_ms : part_ms;
}

static void keepalive_begin(struct keepalive *ka, bool doubted)
{
	ka->doubted = doubted;
	ka->sends = ka->barred = 0;
	ka->replied = false;
	ka->round_ms = loop_now_ms(ka->loop);
	keepalive_heard(ka);
	random_octets(ka->echo.cookie, sizeof(ka->echo.cookie));
	keepalive_send(ka);
	keepalive_timer(ka, keepalive_part_ms(ka));
}

/* Somewhere in the last quarter of the interval, counted from the start of
 * the round, so that the clients of a broker do not march in step. */
static void keepalive_rest(struct keepalive *ka)
{
	uint64_t spent_ms = loop_now_ms(ka->loop) - ka->round_ms;
	uint32_t gap_ms =
		ka->interval_ms / 4 * 3 + random_below(ka->interval_ms / 4 + 1);

	keepalive_timer(ka,
			spent_ms < gap_ms ? gap_ms - (uint32_t)spent_ms : 1);
}

/* Next ping of the round, next round, or a missed one. */
static void keepalive_round(void *arg)
{
	struct keepalive *ka = arg;
	bool doubted = ka->doubted;

	ka->timer = NULL;
	if (ka->events.round)
		ka->events.round(ka->events.arg);
	if (ka->replied) {
		keepalive_begin(ka, false);
		return;
	}
	if (ka->sends < KEEPALIVE_SENDS) {
		keepalive_send(ka);
		keepalive_timer(ka, keepalive_part_ms(ka));
		return;
	}
	if (keepalive_mute(ka) || keepalive_heard(ka)) {
		ka->misses = 0;
		ka->replied = true; /* by other packets, if at all */
		keepalive_rest(ka);
		ka->events.deaf(ka->events.arg, keepalive_mute(ka));
		return;
	}
	ka->misses++;
	keepalive_begin(ka, false);
	if (doubted)
		ka->events.denied(ka->events.arg);
	else
		ka->events.missed(ka->events.arg, ka->misses);
}

static bool keepalive_matches(const struct keepalive *ka,
			      const struct echo *got)
{
	uint8_t type = ka->family == 6 ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY;

	return got->type == type && got->id == ka->echo.id &&
	       memcmp(got->cookie, ka->echo.cookie, sizeof(got->cookie)) == 0;
}

static double ms_since(const struct timespec *then)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - then->tv_sec) * 1e3 +
	       (double)(now.tv_nsec - then->tv_nsec) / 1e6;
}

static void keepalive_reply(struct keepalive *ka, const struct echo *got)
{
	bool news = !ka->reply_ms || ka->misses > 0;

	if (ka->replied)
		return;
	ka->replied = true;
	ka->misses = 0;
	ka->reply_ms = loop_now_ms(ka->loop);
	if (got->sequence == ka->echo.sequence)
		ka->rtt_ms = ms_since(&ka->sent);
	log_msg(GW6C_TRACE, "keepalive", "reply sequence=%u rtt_ms=%.1f",
		ntohs(got->sequence), ka->rtt_ms);
	keepalive_rest(ka);
	if (news)
		ka->events.alive(ka->events.arg, ka->rtt_ms);
}

static void keepalive_read(void *arg, int ready)
{
	struct keepalive *ka = arg;
	uint8_t room[256];
	const uint8_t *at = room;
	struct echo got;
	ssize_t len;

	(void)ready;
	len = recv(ka->fd, room, sizeof(room), MSG_DONTWAIT | MSG_TRUNC);
	if (len > (ssize_t)sizeof(room))
		return;
	/* Raw IPv4 sockets give the IP header, too. */
	if (ka->family == 4 && len >= 20) {
		at += (room[0] & 15) * 4;
		len -= (room[0] & 15) * 4;
	}
	if (len < (ssize_t)sizeof(got))
		return;
	memcpy(&got, at, sizeof(got));
	if (keepalive_matches(ka, &got))
		keepalive_reply(ka, &got);
}

/* The flow label is 0: there are brokers that do not answer an echo request
 * whose label ends in f0..ff, which one of sixteen random ones does. */
static void keepalive_label(int fd)
{
#ifdef IPV6_AUTOFLOWLABEL
	int off = 0;

	setsockopt(fd, IPPROTO_IPV6, IPV6_AUTOFLOWLABEL, &off, sizeof(off));
#else
	(void)fd;
#endif
}

/* Only echo replies wake us. */
static void keepalive_filter(int fd, int family)
{
	struct icmp6_filter filter;

	if (family != 6)
		return;
	keepalive_label(fd);
	ICMP6_FILTER_SETBLOCKALL(&filter);
	ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &filter);
	setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof(filter));
}

static int keepalive_socket(struct keepalive *ka,
			    const struct gw6c_lease *lease,
			    struct gw6c_err *err)
{
	struct sockaddr_storage from, to;
	socklen_t from_len = sockaddr_put(&lease->inner, 0, &from);
	socklen_t to_len = sockaddr_put(&lease->keepalive, 0, &to);

	ka->fd = socket(from.ss_family, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
			ka->family == 6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
	if (ka->fd < 0)
		return gw6c_fail(err, GW6C_EOS,
				 "keepalive: raw socket: %s; run as root or "
				 "with CAP_NET_RAW",
				 strerror(errno));
	keepalive_filter(ka->fd, ka->family);
	if (ka->events.bind && ka->events.bind(ka->events.arg, ka->fd, err))
		return err->rc;
	if (bind(ka->fd, (struct sockaddr *)&from, from_len) < 0 ||
	    connect(ka->fd, (struct sockaddr *)&to, to_len) < 0)
		return gw6c_fail(err, GW6C_EOS, "keepalive: %s",
				 strerror(errno));
	return GW6C_OK;
}

int keepalive_start(struct loop *loop, const struct gw6c_lease *lease,
		    const struct keepalive_events *events,
		    struct keepalive **out, struct gw6c_err *err)
{
	struct keepalive *ka = calloc(1, sizeof(*ka));

	if (!ka)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	ka->loop = loop;
	ka->events = *events;
	ka->fd = -1;
	ka->family = lease->keepalive.family;
	ka->interval_ms = lease->keepalive_s * 1000;
	random_octets(&ka->echo.id, sizeof(ka->echo.id));
	if (keepalive_socket(ka, lease, err)) {
		keepalive_stop(ka);
		return err->rc;
	}
	ka->reader = loop_fd(loop, ka->fd, GW6C_READ, keepalive_read, ka);
	if (!ka->reader) {
		keepalive_stop(ka);
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	}
	keepalive_begin(ka, false);
	*out = ka;
	return GW6C_OK;
}

void keepalive_stop(struct keepalive *keepalive)
{
	if (!keepalive)
		return;
	loop_forget(keepalive->reader);
	loop_forget(keepalive->timer);
	if (keepalive->fd >= 0)
		close(keepalive->fd);
	free(keepalive);
}

/* One more ping of the round that waits for a reply: if it began anew, a loss
 * would not be noticed while the network keeps changing. */
static void keepalive_again(struct keepalive *ka)
{
	int sends = ka->sends, barred = ka->barred;

	keepalive_send(ka);
	ka->sends = sends;
	ka->barred = barred;
}

void keepalive_now(struct keepalive *keepalive)
{
	if (!keepalive)
		return;
	if (keepalive->replied)
		keepalive_begin(keepalive, false);
	else
		keepalive_again(keepalive);
}

void keepalive_doubt(struct keepalive *keepalive)
{
	if (!keepalive->doubted || keepalive->replied)
		keepalive_begin(keepalive, true);
}

int64_t keepalive_age_ms(const struct keepalive *keepalive, double *rtt_ms)
{
	if (!keepalive || !keepalive->reply_ms)
		return -1;
	*rtt_ms = keepalive->rtt_ms;
	return (int64_t)(loop_now_ms(keepalive->loop) - keepalive->reply_ms);
}
