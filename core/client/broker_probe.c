/* broker_probe.c - watches out for a broker that went away. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "broker_probe.h"
#include "core/base/random.h"
#include "core/base/sockaddr.h"
#include "core/tsp/rudp.h"
#include <stdlib.h>
#include <unistd.h>

struct broker_probe {
	struct loop *loop;
	struct gw6c_watch *reader, *timer;
	int fd;
	uint32_t stamp; /* random: who does not see it cannot answer */
	uint64_t until_ms;
	void (*seen)(void *arg);
	void *arg;
};

static void broker_probe_ask(void *arg)
{
	struct broker_probe *broker_probe = arg;
	uint8_t room[64];
	struct gw6c_buf out = GW6C_BUF(room);
	struct rudp_header header = { .word = rudp_word(0),
				      .stamp = broker_probe->stamp };

	broker_probe->timer = NULL;
	if (loop_now_ms(broker_probe->loop) > broker_probe->until_ms)
		return;
	rudp_put(&out, header, gw6c_text("ECHO REQUEST"));
	/* Lost or refused: the next one is asked soon. */
	(void)!send(broker_probe->fd, out.at, out.len, 0);
	broker_probe->timer = loop_timer(broker_probe->loop, LOOKOUT_GAP_MS,
					 broker_probe_ask, broker_probe);
}

static void broker_probe_read(void *arg, int ready)
{
	struct broker_probe *broker_probe = arg;
	uint8_t room[2048];
	ssize_t len = recv(broker_probe->fd, room, sizeof(room), MSG_DONTWAIT);
	struct rudp_header header;
	struct gw6c_bytes payload;

	(void)ready;
	if (len < 0 ||
	    !rudp_get((struct gw6c_bytes){ room, (size_t)len }, &header,
		      &payload) ||
	    header.stamp != broker_probe->stamp)
		return;
	loop_forget(broker_probe->timer);
	loop_forget(broker_probe->reader);
	broker_probe->timer = broker_probe->reader = NULL;
	broker_probe->seen(broker_probe->arg);
}

struct broker_probe *broker_probe_start(struct loop *loop,
					const struct gw6c_addr *addr,
					uint16_t port, void (*seen)(void *arg),
					void *arg)
{
	struct broker_probe *broker_probe = calloc(1, sizeof(*broker_probe));

	if (!broker_probe)
		return NULL;
	broker_probe->loop = loop;
	broker_probe->seen = seen;
	broker_probe->arg = arg;
	broker_probe->until_ms = loop_now_ms(loop) + LOOKOUT_LONG_MS;
	random_octets(&broker_probe->stamp, sizeof(broker_probe->stamp));
	broker_probe->fd = sockaddr_connect_udp(addr, port);
	if (broker_probe->fd >= 0)
		broker_probe->reader =
			loop_fd(loop, broker_probe->fd, GW6C_READ,
				broker_probe_read, broker_probe);
	/* Clients that lost the same broker do not ask in step. */
	if (broker_probe->reader)
		broker_probe->timer =
			loop_timer(loop,
				   500 + random_below(LOOKOUT_GAP_MS - 500),
				   broker_probe_ask, broker_probe);
	if (!broker_probe->timer) {
		broker_probe_stop(broker_probe);
		return NULL;
	}
	return broker_probe;
}

void broker_probe_stop(struct broker_probe *broker_probe)
{
	if (!broker_probe)
		return;
	loop_forget(broker_probe->timer);
	loop_forget(broker_probe->reader);
	if (broker_probe->fd >= 0)
		close(broker_probe->fd);
	free(broker_probe);
}
