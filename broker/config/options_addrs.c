/* options_addrs.c - listening addresses, and address pools. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "options_addrs.h"
#include "core/base/addr_class.h"
#include "core/base/prefix.h"

static int add_listen(struct reader *reader, const struct setting *at,
		      const char *word, struct gw6c_err *err)
{
	struct options *out = reader->out;
	struct server_addr server;
	struct gw6c_err why = { 0 };

	if (out->listens == OPTIONS_LIST)
		return conf_fail(at, err,
				 "too many addresses; the maximum is %d",
				 OPTIONS_LIST);
	if (server_addr_parse(word, &server, &why) || !server.literal.family)
		return conf_fail(at, err,
				 "\"%s\" is not an address to listen on; "
				 "examples: 192.0.2.1, 0.0.0.0:3653 or "
				 "[::]:3653",
				 word);
	out->listen[out->listens++] = server;
	return GW6C_OK;
}

static int read_pool(const struct setting *at, int family, int min, int max,
		     struct gw6c_addr *out, struct gw6c_err *err)
{
	bool four = family == 4;

	if (prefix_parse(at->value, out) && out->bits >= min &&
	    out->bits <= max && out->family == family && addr_is_routable(out))
		return GW6C_OK;
	*out = (struct gw6c_addr){ 0 };
	return conf_fail(at, err,
			 "\"%s\" is not a unicast IPv%d prefix with a "
			 "length from %d to %d, such as %s",
			 at->value, family, min, max,
			 four ? "192.0.2.0/24" : "2001:db8:1000::/64");
}

static int read_pool6(struct reader *reader, struct gw6c_err *err)
{
	const struct setting *at = conf_get(reader->conf, "pool6", 0);

	if (!at)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "pool6 is missing; set it to the IPv6 prefix "
				 "for client addresses, such as "
				 "pool6=2001:db8:1000::/64");
	return read_pool(at, 6, 16, 112, &reader->out->pool6, err);
}

static int read_pool4(struct reader *reader, struct gw6c_err *err)
{
	const struct setting *at = conf_get(reader->conf, "pool4", 0);

	if (!at || !*at->value)
		return GW6C_OK;
	return read_pool(at, 4, 8, 29, &reader->out->pool4, err);
}

static int read_prefixes6(struct reader *reader, struct gw6c_err *err)
{
	const struct setting *at = conf_get(reader->conf, "prefixes6", 0);
	struct options *out = reader->out;

	if (!at || !*at->value)
		return GW6C_OK;
	if (read_pool(at, 6, 16, 64, &out->prefixes6, err))
		return err->rc;
	if (prefix_overlap(&out->prefixes6, &out->pool6))
		return conf_fail(at, err,
				 "overlaps with pool6; use separate "
				 "prefixes");
	if (out->largest_prefix < out->prefixes6.bits)
		out->largest_prefix = out->prefixes6.bits;
	return GW6C_OK;
}

static int read_server_v4(struct reader *reader, struct gw6c_err *err)
{
	const struct setting *at = conf_get(reader->conf, "server_v4", 0);

	if (!at || !*at->value)
		return GW6C_OK;
	if (gw6c_addr_parse(at->value, &reader->out->server_v4) &&
	    reader->out->server_v4.family == 4)
		return GW6C_OK;
	return conf_fail(at, err, "\"%s\" is not an IPv4 address", at->value);
}

static void read_listen(struct reader *reader)
{
	struct gw6c_err err = { 0 };
	struct setting none = { .key = "listen", .file = "", .value = "" };

	options_each_word(reader, "listen", add_listen);
	if (reader->out->listens)
		return;
	add_listen(reader, &none, "0.0.0.0", &err);
	add_listen(reader, &none, "[::]", &err);
}

void options_addrs(struct reader *reader)
{
	static int (*const readers[])(struct reader *, struct gw6c_err *) = {
		read_pool6, read_pool4, read_prefixes6, read_server_v4
	};
	struct gw6c_err err = { 0 };

	read_listen(reader);
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
		if (readers[i](reader, &err))
			options_error(reader, &err);
}
