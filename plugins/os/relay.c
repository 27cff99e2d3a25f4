/* relay.c - takes the family off packets of a device, and puts it on: the
 * data paths know bare packets only. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "tun.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEADER 4 /* octets before a packet */
#define PACKET 65536
#define BATCH 32 /* packets in one go */

struct relay {
	const struct gw6c_host *host;
	int device, inner; /* inner: our end; the other is plan->fd */
	struct gw6c_watch *on_device, *on_inner;
	uint8_t frame[HEADER + PACKET];
};

static bool passed(int error)
{
	return error == EAGAIN || error == EWOULDBLOCK || error == EINTR ||
	       error == ENOBUFS;
}

static void relay_break(struct relay *relay)
{
	struct gw6c_err err = { 0 };

	gw6c_fail(&err, GW6C_EOS, "the tunnel's interface: %s",
		  strerror(errno));
	relay->host->forget(relay->host, relay->on_device);
	relay->host->forget(relay->host, relay->on_inner);
	relay->on_device = relay->on_inner = NULL;
	relay->host->broken(relay->host, &err);
}

/* What finds no room is lost, as on any link. */
static void relay_from_device(void *arg, int ready)
{
	struct relay *relay = arg;

	(void)ready;
	for (int i = 0; i < BATCH; i++) {
		ssize_t len =
			read(relay->device, relay->frame, sizeof(relay->frame));

		if (len < 0 && !passed(errno))
			relay_break(relay);
		if (len <= 0)
			return;
		if (len > HEADER)
			(void)!send(relay->inner, relay->frame + HEADER,
				    (size_t)len - HEADER, MSG_DONTWAIT);
	}
}

static void relay_to_device(void *arg, int ready)
{
	struct relay *relay = arg;

	(void)ready;
	for (int i = 0; i < BATCH; i++) {
		ssize_t len =
			recv(relay->inner, relay->frame + HEADER, PACKET, 0);
		uint32_t family;

		if (len <= 0)
			return;
		family = htonl(relay->frame[HEADER] >> 4 == 4 ? AF_INET
							      : AF_INET6);
		memcpy(relay->frame, &family, HEADER);
		(void)!write(relay->device, relay->frame, HEADER + (size_t)len);
	}
}

static void nonblocking(int fd)
{
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
}

int relay_open(const struct gw6c_host *host, int device, int *fd,
	       struct relay **out, struct gw6c_err *err)
{
	struct relay *relay = calloc(1, sizeof(*relay));
	int ends[2];

	if (!relay || socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) < 0) {
		free(relay);
		return gw6c_fail(err, GW6C_EOS, "out of memory or descriptors");
	}
	nonblocking(ends[0]);
	nonblocking(ends[1]);
	nonblocking(device);
	relay->host = host;
	relay->device = device;
	relay->inner = ends[0];
	relay->on_device =
		host->on_fd(host, device, GW6C_READ, relay_from_device, relay);
	relay->on_inner = host->on_fd(host, relay->inner, GW6C_READ,
				      relay_to_device, relay);
	if (relay->on_device && relay->on_inner) {
		*fd = ends[1];
		*out = relay;
		return GW6C_OK;
	}
	host->forget(host, relay->on_device);
	host->forget(host, relay->on_inner);
	close(ends[0]);
	close(ends[1]);
	free(relay);
	return gw6c_fail(err, GW6C_EOS, "out of memory");
}

void relay_close(struct relay *relay)
{
	if (!relay)
		return;
	relay->host->forget(relay->host, relay->on_device);
	relay->host->forget(relay->host, relay->on_inner);
	close(relay->device);
	close(relay->inner);
	free(relay);
}
