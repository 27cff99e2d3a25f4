/* home_web_listen.c - where the pages are shown. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_web.h"
#include <unistd.h>

/* Once for each port. */
static void want(const struct gw6c_host *host, const struct gw6c_addr *addr,
		 struct web_sockets *out)
{
	bool tls = *host->str(host, "certificate");
	struct gw6c_addr at = *addr;

	at.bits = at.family == 4 ? 32 : 128;
	for (int i = 0; i < out->n; i++)
		if (memcmp(&out->item[i].addr, &at, sizeof(at)) == 0)
			return;
	if (out->n + 1 + tls > WEB_LISTENERS) {
		out->left_out += 1 + tls;
		return;
	}
	for (int i = 0; i <= tls; i++)
		out->item[out->n++] = (struct web_socket){
			.addr = at,
			.port = (uint16_t)host->num(host,
						    i ? "tls_port" : "port"),
			.tls = i,
			.fd = -1
		};
}

/* The address that the router has in each of its networks. */
static void want_lans(const struct gw6c_host *host,
		      const struct gw6c_lease *lease, struct web_sockets *out)
{
	if (!GW6C_HAS(lease, lans) || !lease->router)
		return;
	for (int i = 0; i < GW6C_LANS && lease->lans[i].dev[0]; i++) {
		struct gw6c_addr addr = lease->lans[i].prefix;

		if (addr.family != 6)
			continue;
		addr.octets[15] |= 1;
		want(host, &addr, out);
	}
}

void web_sockets_want(const struct gw6c_host *host,
		      const struct gw6c_lease *lease, struct web_sockets *out)
{
	static const struct gw6c_addr any = { .family = 6 };
	struct gw6c_addr addr;
	const char *word;

	out->n = out->left_out = 0;
	for (unsigned n = 0; (word = host->item(host, "listen", n)); n++) {
		if (strcmp(word, "tunnel") == 0) {
			if (lease->inner.family == 6)
				want(host, &lease->inner, out);
		} else if (strcmp(word, "lan") == 0) {
			want_lans(host, lease, out);
		} else if (strcmp(word, "any") == 0) {
			want(host, &any, out);
		} else if (gw6c_addr_parse(word, &addr)) {
			want(host, &addr, out);
		}
	}
}

static bool same(const struct web_socket *a, const struct web_socket *b)
{
	return memcmp(&a->addr, &b->addr, sizeof(a->addr)) == 0 &&
	       a->port == b->port && a->tls == b->tls;
}

/* What is open already. */
static void take(struct web_socket *wanted, struct web_sockets *have)
{
	for (int i = 0; i < have->n; i++) {
		if (have->item[i].fd < 0 || !same(wanted, &have->item[i]))
			continue;
		*wanted = have->item[i];
		have->item[i].fd = -1;
		return;
	}
}

static int count_open(const struct web_sockets *sockets)
{
	int n = 0;

	for (int i = 0; i < sockets->n; i++)
		n += sockets->item[i].fd >= 0;
	return n;
}

int web_sockets_open(const struct gw6c_host *host, struct web_sockets *wanted,
		     struct web_sockets *have, bool *changed,
		     struct gw6c_err *err)
{
	struct gw6c_err why = { 0 };

	for (int i = 0; i < wanted->n; i++)
		take(&wanted->item[i], have);
	*changed = count_open(have) > 0;
	web_sockets_close(have);
	for (int i = 0; i < wanted->n; i++) {
		struct web_socket *one = &wanted->item[i];

		if (one->fd >= 0)
			continue;
		one->fd = host->listen(host, &one->addr, one->port,
				       err->rc ? &why : err);
		*changed = *changed || one->fd >= 0;
	}
	return count_open(wanted);
}

void web_sockets_close(struct web_sockets *sockets)
{
	for (int i = 0; i < sockets->n; i++)
		if (sockets->item[i].fd >= 0)
			close(sockets->item[i].fd);
	sockets->n = 0;
}

void web_sockets_given(struct web_sockets *sockets)
{
	for (int i = 0; i < sockets->n; i++)
		sockets->item[i].given = sockets->item[i].fd >= 0;
}

void web_sockets_ready(struct web_sockets *sockets)
{
	for (int i = 0; i < sockets->n; i++)
		sockets->item[i].served = sockets->item[i].given;
}

void web_sockets_lost(struct web_sockets *sockets, bool before)
{
	for (int i = 0; i < sockets->n; i++) {
		struct web_socket *one = &sockets->item[i];

		one->served = one->served && before;
		one->given = one->served;
	}
}

void web_sockets_close_idle(struct web_sockets *sockets)
{
	for (int i = 0; i < sockets->n; i++) {
		struct web_socket *one = &sockets->item[i];

		if (one->fd < 0 || one->given || one->served)
			continue;
		close(one->fd);
		one->fd = -1;
	}
}

const char *web_sockets_text(const struct web_sockets *sockets, char *room,
			     size_t len)
{
	struct gw6c_buf out = { .at = (uint8_t *)room, .cap = len - 1 };

	for (int i = 0; i < sockets->n; i++) {
		const struct web_socket *one = &sockets->item[i];
		char text[GW6C_ADDR_TEXT], url[GW6C_ADDR_TEXT + 32], port[16];
		struct gw6c_addr addr = one->addr;

		if (one->fd < 0)
			continue;
		snprintf(port, sizeof(port), ":%u", (unsigned)one->port);
		snprintf(url, sizeof(url),
			 addr.family == 6 ? "%s%s://[%s]%s/" : "%s%s://%s%s/",
			 out.len ? " " : "", one->tls ? "https" : "http",
			 gw6c_addr_text(&addr, text),
			 one->port == (one->tls ? 443 : 80) ? "" : port);
		gw6c_put_text(&out, url);
	}
	room[out.len] = 0;
	return room;
}
