/* broker_probe.c - watches out for a broker that went away. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "broker_probe.h"
#include "core/base/random.h"
#include "core/tsp/rudp.h"
#include "core/base/sockaddr.h"
#include <stdlib.h>
#include <unistd.h>

struct lookout {
	struct loop *loop;
	struct gw6c_watch *reader, *timer;
	int fd;
	uint64_t until_ms;
	void (*seen)(void *arg);
	void *arg;
};

static void lookout_ask(void *arg)
{
	struct lookout *lookout = arg;
	uint8_t room[64];
	struct gw6c_buf out = GW6C_BUF(room);
	struct rudp_header header = { .word = rudp_word(0) };

	lookout->timer = NULL;
	if (loop_now_ms(lookout->loop) > lookout->until_ms)
		return;
	rudp_put(&out, header, gw6c_text("ECHO REQUEST"));
	/* Lost or refused: the next one is asked soon. */
	(void)!send(lookout->fd, out.at, out.len, 0);
	lookout->timer =
		loop_timer(lookout->loop, LOOKOUT_GAP_MS, lookout_ask, lookout);
}

static void lookout_read(void *arg, int ready)
{
	struct lookout *lookout = arg;
	uint8_t room[2048];
	ssize_t len = recv(lookout->fd, room, sizeof(room), MSG_DONTWAIT);

	(void)ready;
	if (len < 0 ||
	    rudp_what((struct gw6c_bytes){ room, (size_t)len }) != RUDP_CONTROL)
		return;
	loop_forget(lookout->timer);
	loop_forget(lookout->reader);
	lookout->timer = lookout->reader = NULL;
	lookout->seen(lookout->arg);
}

struct lookout *lookout_start(struct loop *loop, const struct gw6c_addr *addr,
			      uint16_t port, void (*seen)(void *arg), void *arg)
{
	struct lookout *lookout = calloc(1, sizeof(*lookout));

	if (!lookout)
		return NULL;
	lookout->loop = loop;
	lookout->seen = seen;
	lookout->arg = arg;
	lookout->until_ms = loop_now_ms(loop) + LOOKOUT_LONG_MS;
	lookout->fd = sockaddr_connect_udp(addr, port);
	if (lookout->fd >= 0)
		lookout->reader = loop_fd(loop, lookout->fd, GW6C_READ,
					  lookout_read, lookout);
	/* Clients that lost the same broker do not ask in step. */
	if (lookout->reader)
		lookout->timer =
			loop_timer(loop,
				   500 + random_below(LOOKOUT_GAP_MS - 500),
				   lookout_ask, lookout);
	if (!lookout->timer) {
		lookout_stop(lookout);
		return NULL;
	}
	return lookout;
}

void lookout_stop(struct lookout *lookout)
{
	if (!lookout)
		return;
	loop_forget(lookout->timer);
	loop_forget(lookout->reader);
	if (lookout->fd >= 0)
		close(lookout->fd);
	free(lookout);
}
