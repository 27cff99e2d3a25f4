/* radvd_conf.c - what our radvd shall advertise; pure. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "radvd_conf.h"
#include <ctype.h>
#include <gw6c/buf.h>
#include <gw6c/host.h>

/* A name stands between blanks and braces of a file. */
static bool is_name(const char *dev)
{
	for (; *dev; dev++)
		if (!isalnum((unsigned char)*dev) && !strchr("-_.@+", *dev))
			return false;
	return true;
}

static void put_resolvers(struct gw6c_buf *out, const struct gw6c_lease *lease)
{
	char room[GW6C_ADDR_TEXT];

	for (int i = 0; i < GW6C_RESOLVERS; i++) {
		if (lease->resolver[i].family != 6)
			continue;
		gw6c_put_text(out, "\tRDNSS ");
		gw6c_put_text(out, gw6c_addr_text(&lease->resolver[i], room));
		gw6c_put_text(out, " { FlushRDNSS on; };\n");
	}
}

/* Hosts forget a prefix in two hours if we die without a word; at a proper
 * end they are told. */
static void put_lan(struct gw6c_buf *out, const struct gw6c_lease *lease,
		    const struct gw6c_lan *lan, bool dns)
{
	char text[512], room[GW6C_ADDR_TEXT];

	snprintf(text, sizeof(text),
		 "interface %s {\n"
		 "\tAdvSendAdvert on;\n"
		 "\tIgnoreIfMissing on;\n"
		 "\tMaxRtrAdvInterval 100;\n"
		 "\tAdvLinkMTU %u;\n"
		 "\tprefix %s {\n"
		 "\t\tAdvPreferredLifetime 1800;\n"
		 "\t\tAdvValidLifetime 7200;\n"
		 "\t\tDeprecatePrefix on;\n"
		 "\t};\n",
		 lan->dev, lease->mtu, gw6c_addr_text(&lan->prefix, room));
	gw6c_put_text(out, text);
	if (dns)
		put_resolvers(out, lease);
	gw6c_put_text(out, "};\n");
}

int radvd_conf(const struct gw6c_lease *lease, bool dns, char *room, size_t len)
{
	struct gw6c_buf out = { .at = (uint8_t *)room, .cap = len - 1 };
	int n = 0;

	gw6c_put_text(&out, "# of gw6c, which runs a radvd of its own\n");
	for (int i = 0; GW6C_HAS(lease, lans) && i < GW6C_LANS; i++) {
		const struct gw6c_lan *lan = &lease->lans[i];

		if (!lan->dev[0] || !lan->prefix.family)
			continue;
		if (!is_name(lan->dev))
			return -1;
		put_lan(&out, lease, lan, dns);
		n++;
	}
	room[out.len] = 0;
	return out.overflow ? -1 : n;
}
