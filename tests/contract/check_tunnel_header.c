/* check_tunnel_header.c - wrap() and unwrap() of a mode: inverse, pure, and
 * not misled by what strangers send. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include "core/base/random.h"

#define ROUNDS 500
#define PACKET_MAX 1500

struct wrapped {
	uint8_t octets[256 + PACKET_MAX];
	uint8_t packet[PACKET_MAX];
	size_t len; /* of the packet */
};

/* A packet of the inner family, with any content. */
static void wrap(const struct gw6c_tunnel_ops *ops, struct wrapped *out)
{
	size_t least = ops->inner == 4 ? 20 : 40;
	uint16_t number;

	random_octets(&number, sizeof(number));
	out->len = least + number % (PACKET_MAX - least + 1);
	random_octets(out->packet, out->len);
	out->packet[0] = (uint8_t)(ops->inner << 4 | (out->packet[0] & 15));
	memcpy(out->octets + ops->header, out->packet, out->len);
	random_octets(out->octets, ops->header);
	call_begin("wrap");
	ops->wrap(out->octets, out->octets + ops->header, out->len);
	call_end(0);
}

static bool unwrap(const struct gw6c_tunnel_ops *ops, const uint8_t *at,
		   size_t len, struct gw6c_bytes *packet)
{
	*packet = GW6C_NOTHING;
	return CALL("unwrap",
		    ops->unwrap((struct gw6c_bytes){ at, len }, packet));
}

/* NULL: all is as it should be. */
static const char *round_fault(const struct gw6c_tunnel_ops *ops)
{
	struct wrapped made, copy;
	struct gw6c_bytes packet;
	size_t all;

	wrap(ops, &made);
	all = ops->header + made.len;
	if (memcmp(made.octets + ops->header, made.packet, made.len) != 0)
		return "wrap() changes the packet";
	if (!ops->protocol && made.octets[0] >> 4 == 0xf)
		return "what wrap() makes begins with the bits 1111, as "
		       "control datagrams do";
	copy = made;
	if (!unwrap(ops, made.octets, all, &packet))
		return "unwrap() refuses what wrap() made";
	if (memcmp(&made, &copy, sizeof(made)) != 0)
		return "unwrap() changes the data";
	if (packet.len != made.len || packet.at != made.octets + ops->header)
		return "unwrap() gives another packet";
	return NULL;
}

static void are_inverse(const struct gw6c_tunnel_ops *ops)
{
	const char *fault = NULL;

	report_try("unwrap undoes wrap");
	for (int i = 0; i < ROUNDS && !fault; i++)
		fault = round_fault(ops);
	report(!fault, "%s", fault ? fault : "");
}

static void is_pure(const struct gw6c_tunnel_ops *ops)
{
	struct wrapped made;
	uint8_t again[256];

	wrap(ops, &made);
	random_octets(again, ops->header);
	call_begin("wrap");
	ops->wrap(again, made.packet, made.len);
	call_end(0);
	report_try("wrap writes the whole header, the same for the same "
		   "packet");
	report(memcmp(again, made.octets, ops->header) == 0, "it does not");
}

static void refuses_short_data(const struct gw6c_tunnel_ops *ops)
{
	struct gw6c_bytes packet;
	struct wrapped made;
	size_t taken = SIZE_MAX;

	wrap(ops, &made);
	report_try("unwrap refuses data without a packet");
	for (size_t len = 0; len <= ops->header; len++)
		if (unwrap(ops, made.octets, len, &packet))
			taken = len;
	report(taken == SIZE_MAX, "it takes %zu octets", taken);
}

/* What a stranger sends: any octets. */
static void stays_within(const struct gw6c_tunnel_ops *ops)
{
	uint8_t octets[600];
	bool outside = false, control = false;

	for (int i = 0; i < ROUNDS; i++) {
		struct gw6c_bytes packet;
		size_t len = (size_t)i % sizeof(octets);

		random_octets(octets, sizeof(octets));
		if (!unwrap(ops, octets, len, &packet))
			continue;
		if (packet.at < octets || packet.len > len ||
		    (size_t)(packet.at - octets) > len - packet.len)
			outside = true;
		if (!ops->protocol && octets[0] >> 4 == 0xf)
			control = true;
	}
	report_try("unwrap stays within the data, whatever it is");
	report(!outside, "it gives octets that are none of them");
	report_try("unwrap refuses wrong data");
	report(!control,
	       "it takes data that begins with the bits 1111, which wrap() "
	       "never makes");
}

void check_tunnel_header(const struct gw6c_tunnel_ops *ops)
{
	are_inverse(ops);
	is_pure(ops);
	refuses_short_data(ops);
	stays_within(ops);
}
