/* distances.c - how far the brokers of a redirection are. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "distances.h"
#include "core/base/random.h"
#include "core/base/sockaddr.h"
#include "core/tsp/rudp.h"
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* One broker: resolved, then asked up to three times. */
struct probe {
	struct distances *all;
	struct server_addr server;
	struct lookup *lookup;
	struct gw6c_watch *reader, *timer;
	int fd; /* -1: none */
	int family; /* being resolved, or in use */
	bool foreign; /* it is there, but in the wrong family only */
	int sends;
	uint32_t stamp[DISTANCES_SENDS];
	uint64_t sent_ms[DISTANCES_SENDS];
	bool over;
	uint32_t ms; /* the outcome */
};

struct distances {
	struct loop *loop;
	int n, family;
	int open; /* probes that are not over */
	struct gw6c_watch *cap, *last;
	uint32_t ms[TSP_BROKERS];
	void (*done)(void *arg, const uint32_t *ms);
	void *arg;
	struct probe probe[TSP_BROKERS];
};

/* --- order ------------------------------------------------------------- */

void distances_sort(struct server_addr *list, uint32_t *ms, int n)
{
	for (int i = 1; i < n; i++) {
		struct server_addr server = list[i];
		uint32_t far = ms[i];
		int at = i;

		for (; at > 0 && ms[at - 1] > far; at--) {
			list[at] = list[at - 1];
			ms[at] = ms[at - 1];
		}
		list[at] = server;
		ms[at] = far;
	}
}

/* --- one broker -------------------------------------------------------- */

static void probe_close(struct probe *probe)
{
	loop_cancel(probe->lookup);
	loop_forget(probe->reader);
	loop_forget(probe->timer);
	if (probe->fd >= 0)
		close(probe->fd);
	probe->lookup = NULL;
	probe->reader = probe->timer = NULL;
	probe->fd = -1;
}

static void distances_tell(void *arg)
{
	struct distances *all = arg;

	all->last = NULL;
	loop_forget(all->cap);
	all->cap = NULL;
	for (int i = 0; i < all->n; i++)
		all->ms[i] = all->probe[i].ms;
	all->done(all->arg, all->ms);
}

/* ms: of the answer, or DISTANCES_DEAD. The last one that ends tells, from a
 * timer: this may run inside distances_start(). */
static void probe_end(struct probe *probe, uint32_t ms)
{
	struct distances *all = probe->all;

	if (probe->over)
		return;
	probe_close(probe);
	probe->over = true;
	probe->ms = ms < DISTANCES_DEAD ? ms : DISTANCES_DEAD;
	if (probe->foreign)
		probe->ms += DISTANCES_FAMILY;
	if (--all->open == 0)
		all->last = loop_timer(all->loop, 0, distances_tell, all);
}

static void probe_ask(void *arg)
{
	struct probe *probe = arg;
	uint8_t room[64];
	struct gw6c_buf out = GW6C_BUF(room);
	struct rudp_header header = { .word = rudp_word(0) };

	probe->timer = NULL;
	/* An off-path attacker cannot guess it. */
	random_octets(&header.stamp, sizeof(header.stamp));
	probe->stamp[probe->sends] = header.stamp;
	probe->sent_ms[probe->sends++] = loop_now_ms(probe->all->loop);
	rudp_put(&out, header, gw6c_text("ECHO REQUEST"));
	if (send(probe->fd, out.at, out.len, 0) < 0 && errno != EAGAIN &&
	    errno != ENOBUFS) {
		probe_end(probe, DISTANCES_DEAD);
		return;
	}
	if (probe->sends < DISTANCES_SENDS)
		probe->timer = loop_timer(probe->all->loop, DISTANCES_GAP_MS,
					  probe_ask, probe);
}

/* An answer carries our first word and the stamp of one of the sends, from
 * which it is counted. Anything else is not from that broker. */
static void probe_answer(struct probe *probe, struct gw6c_bytes datagram)
{
	uint64_t now_ms = loop_now_ms(probe->all->loop);
	struct rudp_header header;
	struct gw6c_bytes payload;

	if (!rudp_get(datagram, &header, &payload) ||
	    header.word != rudp_word(0))
		return;
	for (int i = 0; i < probe->sends; i++) {
		if (header.stamp != probe->stamp[i])
			continue;
		probe_end(probe,
			  tsp_status(payload, NULL) == 200
				  ? (uint32_t)(now_ms - probe->sent_ms[i])
				  : DISTANCES_DEAD);
		return;
	}
}

static void probe_read(void *arg, int ready)
{
	struct probe *probe = arg;
	uint8_t room[2048];
	ssize_t len = recv(probe->fd, room, sizeof(room), MSG_DONTWAIT);

	(void)ready;
	if (len >= 0)
		probe_answer(probe, (struct gw6c_bytes){ room, (size_t)len });
	else if (errno != EAGAIN && errno != EINTR)
		probe_end(probe, DISTANCES_DEAD); /* ICMP says: unreachable */
}

static void probe_resolve(struct probe *probe, int family);

static void probe_resolved(void *arg, const struct gw6c_addr *addrs, int n,
			   const struct gw6c_err *err)
{
	struct probe *probe = arg;
	struct distances *all = probe->all;

	(void)err;
	probe->lookup = NULL;
	if (n < 1 && probe->family == all->family) {
		probe_resolve(probe, all->family == 4 ? 6 : 4);
		return;
	}
	probe->foreign = n > 0 && probe->family != all->family;
	if (n > 0)
		probe->fd = sockaddr_connect_udp(&addrs[0], probe->server.port);
	if (probe->fd >= 0)
		probe->reader = loop_fd(all->loop, probe->fd, GW6C_READ,
					probe_read, probe);
	if (probe->reader)
		probe_ask(probe);
	else
		probe_end(probe, DISTANCES_DEAD);
}

static void probe_resolve(struct probe *probe, int family)
{
	probe->family = family;
	probe->lookup = loop_resolve(probe->all->loop, probe->server.host,
				     family, probe_resolved, probe);
	if (!probe->lookup)
		probe_end(probe, DISTANCES_DEAD);
}

/* --- all of them ------------------------------------------------------- */

static void distances_cap(void *arg)
{
	struct distances *all = arg;

	all->cap = NULL;
	for (int i = 0; i < all->n; i++)
		probe_end(&all->probe[i], DISTANCES_DEAD);
}

struct distances *distances_start(struct loop *loop,
				  const struct server_addr *list, int n,
				  int family,
				  void (*done)(void *arg, const uint32_t *ms),
				  void *arg)
{
	struct distances *all = calloc(1, sizeof(*all));

	if (!all)
		return NULL;
	all->loop = loop;
	all->n = all->open = n;
	all->family = family;
	all->done = done;
	all->arg = arg;
	for (int i = 0; i < n; i++) {
		struct probe *probe = &all->probe[i];

		probe->all = all;
		probe->server = list[i];
		probe->fd = -1;
	}
	all->cap = loop_timer(loop, DISTANCES_CAP_MS, distances_cap, all);
	if (!all->cap) {
		free(all);
		return NULL;
	}
	for (int i = 0; i < n; i++)
		probe_resolve(&all->probe[i], list[i].literal.family
						      ? list[i].literal.family
						      : family);
	return all;
}

void distances_stop(struct distances *distances)
{
	if (!distances)
		return;
	for (int i = 0; i < distances->n; i++)
		probe_close(&distances->probe[i]);
	loop_forget(distances->cap);
	loop_forget(distances->last);
	free(distances);
}
