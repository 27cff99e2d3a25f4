/* connections.c - who is connected, how many may be, and for how long. One that
 * is late is shut down; the library notices, and closes it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "connections.h"
#include "config.h"
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef HAVE_LINUX_TCP_H
#include <linux/tcp.h>
#endif

#define BUCKETS 256
#define CLOSED 7 /* TCP_CLOSE of the kernel */

/* What a household has: an IPv4 address or a /64. */
struct net {
	uint8_t octets[9];
};

struct connection {
	struct connection *next, **link; /* in its bucket */
	struct net net;
	int fd;
	bool answering;
	bool resting; /* between two requests, and no head has begun */
	bool closed; /* fd is ours, until all has arrived */
	uint64_t since_ms; /* it waits; or its pace was looked at */
	uint64_t arrived; /* octets, then */
	uint64_t heard; /* octets that had come, as it began to rest */
};

struct connections {
	struct connection_limits limits;
	struct connection *bucket[BUCKETS];
	unsigned n, answering;
	bool draining;
};

static struct net net_of(const struct sockaddr *from)
{
	const struct sockaddr_in6 *six = (const void *)from;
	const struct sockaddr_in *four = (const void *)from;
	struct net net = { { 0 } };

	if (from->sa_family == AF_INET6) {
		net.octets[0] = 6;
		memcpy(net.octets + 1, &six->sin6_addr, 8);
	} else if (from->sa_family == AF_INET) {
		net.octets[0] = 4;
		memcpy(net.octets + 1, &four->sin_addr, 4);
	}
	return net;
}

static unsigned bucket_of(const struct net *net)
{
	unsigned sum = 0;

	for (size_t i = 0; i < sizeof(net->octets); i++)
		sum = sum * 31 + net->octets[i];
	return sum % BUCKETS;
}

struct connections *connections_new(const struct connection_limits *limits)
{
	struct connections *all = calloc(1, sizeof(*all));

	if (all)
		all->limits = *limits;
	return all;
}

void connections_free(struct connections *all)
{
	free(all);
}

unsigned connections_count(const struct connections *all)
{
	return all->n;
}

unsigned connections_answering(const struct connections *all)
{
	return all->answering;
}

bool connections_admit(const struct connections *all,
		       const struct sockaddr *from)
{
	struct net net = net_of(from);
	unsigned n = 0;

	if (all->draining || all->n >= all->limits.all)
		return false;
	for (const struct connection *at = all->bucket[bucket_of(&net)]; at;
	     at = at->next)
		n += memcmp(&at->net, &net, sizeof(net)) == 0;
	return n < all->limits.per_net;
}

struct connection *connections_add(struct connections *all, int fd,
				   const struct sockaddr *from, uint64_t now_ms)
{
	struct connection *one = calloc(1, sizeof(*one));

	if (!one)
		return NULL;
	one->fd = fd;
	one->net = net_of(from);
	one->since_ms = now_ms;
	one->link = &all->bucket[bucket_of(&one->net)];
	one->next = *one->link;
	if (one->next)
		one->next->link = &one->next;
	*one->link = one;
	all->n++;
	return one;
}

/* --- the bandwidth of all together --------------------------------------- */

static void pace(const struct connection *one, uint64_t share)
{
#ifdef SO_MAX_PACING_RATE
	uint32_t rate =
		share > UINT32_MAX - 1 ? UINT32_MAX - 1 : (uint32_t)share;

	setsockopt(one->fd, SOL_SOCKET, SO_MAX_PACING_RATE, &rate,
		   sizeof(rate));
#else
	(void)one;
	(void)share;
#endif
}

/* The kernel holds each answer to its share. */
static void share_rate(const struct connections *all)
{
	uint64_t share;

	if (!all->limits.rate || !all->answering)
		return;
	share = all->limits.rate / all->answering;
	for (int i = 0; i < BUCKETS; i++)
		for (const struct connection *at = all->bucket[i]; at;
		     at = at->next)
			if (at->answering)
				pace(at, share ? share : 1);
}

/* --- its life ------------------------------------------------------------ */

#ifdef HAVE_LINUX_TCP_H
/* False: the kernel does not tell. */
static bool ask_kernel(int fd, uint64_t *arrived, uint64_t *heard)
{
	struct tcp_info info;
	socklen_t len = sizeof(info);

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) < 0 ||
	    len < offsetof(struct tcp_info, tcpi_bytes_received) +
			    sizeof(info.tcpi_bytes_received))
		return false;
	*arrived = info.tcpi_bytes_acked;
	*heard = info.tcpi_bytes_received;
	return true;
}
#else
static bool ask_kernel(int fd, uint64_t *arrived, uint64_t *heard)
{
	(void)fd;
	(void)arrived;
	(void)heard;
	return false;
}
#endif

uint64_t connection_arrived(int fd)
{
	uint64_t arrived = 0, heard;

	return ask_kernel(fd, &arrived, &heard) ? arrived : 0;
}

static void answers(struct connections *all, struct connection *one, bool does)
{
	if (one->answering == does)
		return;
	one->answering = does;
	if (does)
		all->answering++;
	else
		all->answering--;
	share_rate(all);
}

/* Has the other end confirmed all that was sent? */
static bool has_arrived(int fd)
{
#ifdef HAVE_LINUX_TCP_H
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) < 0 ||
	       info.tcpi_state == CLOSED ||
	       (!info.tcpi_unacked && !info.tcpi_notsent_bytes);
#else
	(void)fd;
	return true;
#endif
}

static void drop(struct connections *all, struct connection *one)
{
	*one->link = one->next;
	if (one->next)
		one->next->link = one->link;
	all->n--;
	free(one);
}

/* What is sent is not yet received: when we end, so does the way there. */
void connection_remove(struct connections *all, struct connection *one)
{
	if (!one)
		return;
	answers(all, one, false);
	if (all->draining && !has_arrived(one->fd)) {
		one->fd = dup(one->fd);
		one->closed = one->fd >= 0;
	}
	if (!one->closed)
		drop(all, one);
}

/* How far it is, is asked when it has taken long. */
void connection_answer(struct connections *all, struct connection *one,
		       uint64_t now_ms)
{
	if (!one)
		return;
	answers(all, one, true);
	one->since_ms = now_ms;
	one->arrived = 0;
}

void connection_rest(struct connections *all, struct connection *one,
		     uint64_t now_ms)
{
	uint64_t arrived;

	if (!one)
		return;
	answers(all, one, false);
	one->resting = true;
	one->since_ms = now_ms;
	if (!ask_kernel(one->fd, &arrived, &one->heard))
		one->heard = 0;
	if (all->draining)
		shutdown(one->fd, SHUT_RDWR);
}

static bool is_slow(const struct connections *all, struct connection *one,
		    uint64_t now_ms)
{
	uint64_t ms = now_ms - one->since_ms, arrived;
	bool slow;

	if (!all->limits.slowest || ms < CONNECTION_PACE_MS)
		return false;
	arrived = connection_arrived(one->fd);
	slow = arrived - one->arrived < all->limits.slowest * (ms / 1000);
	one->arrived = arrived;
	one->since_ms = now_ms;
	return slow;
}

/* The library does not say when a head begins, but the kernel counts what comes.
 * Where it does not, a head may have begun at the last moment. */
static uint64_t patience_s(const struct connections *all,
			   struct connection *one, uint64_t now_ms)
{
	uint64_t arrived, heard;

	if (!one->resting)
		return all->limits.head_s;
	if (!ask_kernel(one->fd, &arrived, &heard))
		return all->limits.idle_s + all->limits.head_s;
	if (heard == one->heard)
		return all->limits.idle_s;
	one->resting = false;
	one->since_ms = now_ms;
	return all->limits.head_s;
}

static bool is_late(const struct connections *all, struct connection *one,
		    uint64_t now_ms)
{
	uint64_t patience_ms;

	/* Who drains us has a deadline for all. */
	if (one->answering)
		return !all->draining && is_slow(all, one, now_ms);
	patience_ms = patience_s(all, one, now_ms) * 1000;
	return now_ms - one->since_ms >= patience_ms;
}

/* The library sends a file in pieces, and keeps the last segment of each back
 * until the next: twice as slow. */
static void let_go(struct connection *one)
{
#ifdef TCP_CORK
	if (one->answering && !one->closed)
		setsockopt(one->fd, IPPROTO_TCP, TCP_CORK, &(int){ 0 },
			   sizeof(int));
#endif
}

static void look_at(struct connections *all, struct connection *one,
		    uint64_t now_ms)
{
	let_go(one);
	if (one->closed && has_arrived(one->fd)) {
		close(one->fd);
		drop(all, one);
	} else if (!one->closed && is_late(all, one, now_ms)) {
		shutdown(one->fd, SHUT_RDWR);
	}
}

void connections_tick(struct connections *all, uint64_t now_ms)
{
	struct connection *next;

	for (int i = 0; i < BUCKETS; i++)
		for (struct connection *at = all->bucket[i]; at; at = next) {
			next = at->next;
			look_at(all, at, now_ms);
		}
}

void connections_drain(struct connections *all)
{
	all->draining = true;
	for (int i = 0; i < BUCKETS; i++)
		for (const struct connection *at = all->bucket[i]; at;
		     at = at->next)
			if (!at->answering && !at->closed)
				shutdown(at->fd, SHUT_RDWR);
}
