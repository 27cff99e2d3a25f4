/* answer_request.c - the request for a tunnel, from settings. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "answer.h"

static const char *family_type(int family)
{
	return family == 4 ? "ipv4" : "ipv6";
}

static void request_address(struct tsp_address *out, const char *type,
			    const char *text)
{
	snprintf(out->type, sizeof(out->type), "%s", type);
	snprintf(out->text, sizeof(out->text), "%s", text);
}

void answer_request(const struct settings *settings,
		    const struct gw6c_tunnel_ops *mode,
		    const struct gw6c_addr *client, struct tsp_tunnel *out)
{
	char room[GW6C_ADDR_TEXT];

	tsp_tunnel_init(out);
	snprintf(out->action, sizeof(out->action), "create");
	snprintf(out->type, sizeof(out->type), "%s", settings->tunnel_mode);
	snprintf(out->proxy, sizeof(out->proxy), "%s",
		 settings->proxy_client ? "yes" : "no");
	request_address(&out->client[out->clients++],
			family_type(client->family),
			gw6c_addr_text(client, room));
	if (settings->keepalive) {
		out->keepalive = settings->keepalive_interval;
		request_address(&out->keepalive_address,
				family_type(mode->inner),
				mode->inner == 4 ? "127.0.0.1" : "::");
	}
	if (!settings->router)
		return;
	out->router = true;
	out->prefix_length = settings->prefixlen;
	for (int i = 0; i < TSP_ADDRS && settings->dns_server[i]; i++)
		request_address(&out->router_dns_server[out->router_dns++],
				"dn", settings->dns_server[i]);
}
