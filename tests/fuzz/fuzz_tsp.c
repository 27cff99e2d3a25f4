/* fuzz_tsp.c - any octets as what a peer says: lines, frames, XML, answers. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/tsp/answer.h"
#include "core/tsp/rudp.h"
#include "fuzz.h"
#include "tests/fake/fake_modes.h"
#include <stdlib.h>

static void must(bool ok)
{
	if (!ok)
		abort();
}

/* What was read can be written, and is read again as the same. */
static void fuzz_xml(struct gw6c_bytes in)
{
	static struct tsp_tunnel first, second;
	static uint8_t room[64 * 1024];
	struct gw6c_buf out = GW6C_BUF(room);
	struct gw6c_err err = { 0 };

	if (tsp_parse_xml(in, &first, &err)) {
		must(err.rc == GW6C_EPEER && err.text[0]);
		return;
	}
	tsp_put_xml(&out, &first);
	if (out.overflow || out.len > TSP_BODY_MAX)
		return;
	if (!first.clients)
		return; /* elements below it are not written without it */
	must(tsp_parse_xml(gw6c_got(&out), &second, &err) == GW6C_OK);
	must(first.clients == second.clients);
	must(first.servers == second.servers);
	must(first.keepalive == second.keepalive);
	must(first.prefix_length == second.prefix_length);
	must(memcmp(first.client, second.client, sizeof(first.client)) == 0);
}

static void fuzz_answer(struct gw6c_bytes in, bool v4v6)
{
	static struct tsp_tunnel tunnel;
	struct settings settings = { .tunnel_mode = v4v6 ? "v4v6" : "v6anyv4",
				     .keepalive = true,
				     .keepalive_interval = 30,
				     .router = true,
				     .prefixlen = 48,
				     .if_prefix = "lan0" };
	struct answer_context context = { .settings = &settings,
					  .asked = v4v6 ? &v4v6_ops : &any_ops,
					  .mode = find_mode,
					  .udp = !v4v6 };
	struct gw6c_lease lease;
	struct gw6c_err err = { 0 };

	if (tsp_parse_xml(in, &tunnel, &err) ||
	    answer_lease(&tunnel, &context, &lease, NULL, NULL, &err)) {
		must(err.rc == GW6C_EPEER && err.text[0]);
		return;
	}
	must(lease.inner.family == (v4v6 ? 4 : 6));
	must(lease.remote.family == (v4v6 || !context.udp ? 6 : 4) ||
	     strcmp(lease.mode, "v6udpv4") == 0);
	must(!lease.prefix.family || v4v6 ||
	     (lease.prefix.bits >= 16 && lease.prefix.bits <= 64));
	must(!lease.keepalive_s ||
	     (lease.keepalive_s >= 5 && lease.keepalive_s <= 3600));
}

static void fuzz_lines(struct gw6c_bytes in)
{
	struct tsp_capability capability;
	struct gw6c_bytes line, rest, text;
	struct rudp_header header;
	struct server_addr server;
	struct gw6c_err err = { 0 };
	uint32_t version;
	size_t header_len;
	char host[300];
	long len;

	text_line(in, &line, &rest);
	must(line.len <= in.len && rest.len <= in.len);
	if (tsp_status(in, &text))
		must(text.at >= in.at && text.at + text.len <= in.at + in.len);
	tsp_parse_version(line, &version);
	tsp_parse_capability(in, &capability);
	len = tsp_content_length(in, &header_len);
	must(len <= TSP_BODY_MAX && header_len <= in.len);
	if (rudp_get(in, &header, &text))
		must(text.at + text.len == in.at + in.len);
	snprintf(host, sizeof(host), "%.*s", (int)in.len, (const char *)in.at);
	if (server_addr_parse(host, &server, &err) == GW6C_OK)
		must(server.port && server.host[0]);
	else
		must(err.rc == GW6C_ECONFIG);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gw6c_bytes in = { data + 1, size - 1 };

	if (!size)
		return 0;
	switch (data[0] % 4) {
	case 0:
		fuzz_lines(in);
		break;
	case 1:
		fuzz_xml(in);
		break;
	case 2:
		fuzz_answer(in, false);
		break;
	default:
		fuzz_answer(in, true);
	}
	return 0;
}
