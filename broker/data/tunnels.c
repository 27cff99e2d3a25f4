/* tunnels.c - the tunnels that are up, found by either end. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "tunnels.h"
#include "core/base/hash.h"
#include "core/base/prefix.h"
#include "core/base/random.h"
#include <stdlib.h>

#define BUCKETS 4096 /* a power of two */

struct tunnels {
	struct tunnel_entry *outer[BUCKETS], *inner[BUCKETS], *prefix[BUCKETS];
	long of_length[129]; /* prefixes */
	long count;
	void (*gone)(void *arg, const struct tunnel_entry *entry);
	void *arg;
};

struct tunnels *tunnels_new(void (*gone)(void *arg,
					 const struct tunnel_entry *entry),
			    void *arg)
{
	struct tunnels *tunnels = calloc(1, sizeof(*tunnels));

	if (!tunnels)
		return NULL;
	tunnels->gone = gone;
	tunnels->arg = arg;
	return tunnels;
}

static void drop(void *arg, struct tunnel_entry *entry)
{
	tunnels_remove(arg, entry);
}

void tunnels_free(struct tunnels *tunnels)
{
	if (!tunnels)
		return;
	tunnels_each(tunnels, drop, tunnels);
	free(tunnels);
}

static struct tunnel_entry **outer_bucket(struct tunnels *tunnels,
					  const struct endpoint *at)
{
	return &tunnels->outer[hash_endpoint(&at->addr, at->port) &
			       (BUCKETS - 1)];
}

static struct tunnel_entry **inner_bucket(struct tunnels *tunnels,
					  const uint8_t *octets)
{
	return &tunnels->inner[hash_octets(octets, 16) & (BUCKETS - 1)];
}

static struct tunnel_entry **prefix_bucket(struct tunnels *tunnels,
					   const struct gw6c_addr *prefix)
{
	return &tunnels->prefix[(hash_octets(prefix->octets, 16) ^
				 prefix->bits) &
				(BUCKETS - 1)];
}

static bool same_end(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port && a->protocol == b->protocol &&
	       memcmp(&a->addr, &b->addr, sizeof(a->addr)) == 0;
}

struct tunnel_entry *tunnels_by_outer(struct tunnels *tunnels,
				      const struct endpoint *at)
{
	struct tunnel_entry *entry = *outer_bucket(tunnels, at);

	while (entry && !same_end(&entry->to, at))
		entry = entry->next_outer;
	return entry;
}

struct tunnel_entry *tunnels_by_inner(struct tunnels *tunnels,
				      const uint8_t *octets)
{
	struct tunnel_entry *at = *inner_bucket(tunnels, octets);

	while (at && memcmp(at->grant.inner.octets, octets, 16) != 0)
		at = at->next_inner;
	return at;
}

static struct tunnel_entry *by_prefix(struct tunnels *tunnels,
				      const struct gw6c_addr *prefix)
{
	struct tunnel_entry *at = *prefix_bucket(tunnels, prefix);

	while (at && memcmp(&at->grant.prefix, prefix, sizeof(*prefix)) != 0)
		at = at->next_prefix;
	return at;
}

/* The first bits of an address. */
static struct gw6c_addr prefix_of(const uint8_t *octets, int bits)
{
	struct gw6c_addr prefix = { .family = 6, .bits = (uint8_t)bits };

	memcpy(prefix.octets, octets, sizeof(prefix.octets));
	prefix_mask(&prefix);
	return prefix;
}

/* Prefixes do not overlap: look up each length in use once. */
struct tunnel_entry *tunnels_route(struct tunnels *tunnels,
				   const uint8_t *octets)
{
	struct tunnel_entry *entry = tunnels_by_inner(tunnels, octets);

	for (int bits = 128; !entry && bits; bits--)
		if (tunnels->of_length[bits]) {
			struct gw6c_addr prefix = prefix_of(octets, bits);

			entry = by_prefix(tunnels, &prefix);
		}
	return entry;
}

static void add_prefix(struct tunnels *tunnels, struct tunnel_entry *entry)
{
	struct tunnel_entry **bucket;

	if (!entry->grant.prefix.family)
		return;
	bucket = prefix_bucket(tunnels, &entry->grant.prefix);
	entry->next_prefix = *bucket;
	*bucket = entry;
	tunnels->of_length[entry->grant.prefix.bits]++;
}

static void remove_prefix(struct tunnels *tunnels, struct tunnel_entry *entry)
{
	struct tunnel_entry **at;

	if (!entry->grant.prefix.family)
		return;
	at = prefix_bucket(tunnels, &entry->grant.prefix);
	while (*at != entry)
		at = &(*at)->next_prefix;
	*at = entry->next_prefix;
	tunnels->of_length[entry->grant.prefix.bits]--;
}

void tunnels_remove(struct tunnels *tunnels, struct tunnel_entry *entry)
{
	struct tunnel_entry **at = outer_bucket(tunnels, &entry->to);

	while (*at != entry)
		at = &(*at)->next_outer;
	*at = entry->next_outer;
	at = inner_bucket(tunnels, entry->grant.inner.octets);
	while (*at != entry)
		at = &(*at)->next_inner;
	*at = entry->next_inner;
	remove_prefix(tunnels, entry);
	tunnels->count--;
	tunnels->gone(tunnels->arg, entry);
	free(entry);
}

/* What an end that has proven nothing may be sent in advance, it may be sent
 * once; and once it may have a place. */
static void keep_counters(struct tunnel_entry *entry,
			  const struct tunnel_entry *old)
{
	entry->place_ms = old->place_ms;
	entry->in_packets = old->in_packets;
	entry->in_octets = old->in_octets;
	entry->out_packets = old->out_packets;
	entry->out_octets = old->out_octets;
}

struct tunnel_entry *tunnels_add(struct tunnels *tunnels,
				 const struct endpoint *to,
				 const struct grant *grant, uint64_t now_ms)
{
	struct tunnel_entry *entry = calloc(1, sizeof(*entry)), *old, **bucket;

	if (!entry)
		return NULL;
	entry->to = *to;
	entry->grant = *grant;
	/* Whoever asks for a proxied one has shown nothing of its far end. */
	entry->proven = grant->proven && !grant->proxy;
	entry->place_ms = now_ms;
	old = tunnels_by_outer(tunnels, to);
	if (old && !old->proven)
		keep_counters(entry, old);
	if (old)
		tunnels_remove(tunnels, old);
	old = tunnels_by_inner(tunnels, grant->inner.octets);
	if (old)
		tunnels_remove(tunnels, old);
	random_octets(entry->secret, sizeof(entry->secret));
	entry->since_ms = entry->heard_ms = now_ms;
	bucket = outer_bucket(tunnels, to);
	entry->next_outer = *bucket;
	*bucket = entry;
	bucket = inner_bucket(tunnels, grant->inner.octets);
	entry->next_inner = *bucket;
	*bucket = entry;
	add_prefix(tunnels, entry);
	tunnels->count++;
	return entry;
}

bool tunnels_may_send(const struct tunnel_entry *entry, size_t octets)
{
	return entry->proven ||
	       entry->out_octets + octets <= entry->in_octets + TUNNELS_ADVANCE;
}

long tunnels_count(const struct tunnels *tunnels)
{
	return tunnels->count;
}

void tunnels_each(struct tunnels *tunnels,
		  void (*call)(void *arg, struct tunnel_entry *entry),
		  void *arg)
{
	for (int i = 0; i < BUCKETS; i++) {
		struct tunnel_entry *at = tunnels->outer[i];

		while (at) {
			struct tunnel_entry *next = at->next_outer;

			call(arg, at);
			at = next;
		}
	}
}
