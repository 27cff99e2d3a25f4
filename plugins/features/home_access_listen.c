/* home_access_listen.c - what visitors come to: the address of the tunnel, and
 * those of devices. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_access.h"
#include <unistd.h>

static void want(struct access_sockets *out, const struct access_socket *socket)
{
	for (int i = 0; i < out->n; i++)
		if (memcmp(&out->item[i].addr, &socket->addr,
			   sizeof(socket->addr)) == 0 &&
		    out->item[i].port == socket->port)
			return;
	if (out->n == ACCESS_SOCKETS) {
		out->left_out++;
		return;
	}
	out->item[out->n] = *socket;
	out->item[out->n++].fd = -1;
}

/* A name leads to one address: that of the device if it has one, so all its
 * services are there. */
static void want_service(const struct gw6c_host *host,
			 const struct gw6c_lease *lease,
			 const struct access_entries *entries, int i, int k,
			 struct access_sockets *out)
{
	const struct access_entry *entry = &entries->item[i];
	const struct access_service *service = &entry->device->service[k];
	struct access_socket socket = {
		.addr = entry->own.family ? entry->own : lease->inner,
		.way = service->way == ACCESS_HTTPS ? ACCESS_TLS : service->way,
		.entry = i,
		.service = k,
	};

	socket.addr.bits = 128;
	socket.port = service->way == ACCESS_TCP ? service->port
		      : service->way == ACCESS_HTTP
			      ? (uint16_t)host->num(host, "port")
			      : (uint16_t)host->num(host, "tls_port");
	if (socket.addr.family == 6)
		want(out, &socket);
}

void access_sockets_want(const struct gw6c_host *host,
			 const struct gw6c_lease *lease,
			 const struct access_entries *entries,
			 struct access_sockets *out)
{
	out->n = out->left_out = 0;
	for (int i = 0; i < entries->n; i++)
		for (int k = 0; k < ACCESS_SERVICES; k++)
			if (entries->item[i].on[k])
				want_service(host, lease, entries, i, k, out);
}

static bool take(struct access_socket *wanted, struct access_sockets *have)
{
	for (int i = 0; i < have->n; i++) {
		struct access_socket *at = &have->item[i];

		if (at->fd < 0 || at->port != wanted->port ||
		    memcmp(&at->addr, &wanted->addr, sizeof(at->addr)) != 0)
			continue;
		wanted->fd = at->fd;
		at->fd = -1;
		return true;
	}
	return false;
}

int access_sockets_open(const struct gw6c_host *host,
			struct access_sockets *wanted,
			struct access_sockets *have, bool *changed,
			struct gw6c_err *err)
{
	struct gw6c_err why = { 0 };
	int n = 0;

	*changed = false;
	for (int i = 0; i < wanted->n; i++)
		take(&wanted->item[i], have);
	for (int i = 0; i < have->n; i++)
		*changed = *changed || have->item[i].fd >= 0;
	access_sockets_close(have);
	for (int i = 0; i < wanted->n; i++) {
		struct access_socket *at = &wanted->item[i];

		if (at->fd < 0) {
			at->fd = host->listen(host, &at->addr, at->port,
					      err->rc ? &why : err);
			*changed = *changed || at->fd >= 0;
		}
		n += at->fd >= 0;
	}
	return n;
}

void access_sockets_close(struct access_sockets *sockets)
{
	for (int i = 0; i < sockets->n; i++)
		if (sockets->item[i].fd >= 0)
			close(sockets->item[i].fd);
	sockets->n = 0;
}
