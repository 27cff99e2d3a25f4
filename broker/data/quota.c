/* quota.c - how many tunnels may be there at a time, and whose. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "quota.h"
#include "core/base/prefix.h"
#include <stdlib.h>

struct place {
	struct gw6c_addr one, network;
	enum quota_class class;
};

struct quota {
	struct place *place;
	long places, room;
	long of[QUOTA_CLASSES];
};

struct quota *quota_new(void)
{
	return calloc(1, sizeof(struct quota));
}

void quota_free(struct quota *quota)
{
	if (quota)
		free(quota->place);
	free(quota);
}

long quota_unproven(long all)
{
	return all / 8 + 8;
}

long quota_patient(long all)
{
	return all / 32 + 4;
}

static struct place place_of(const struct gw6c_addr *addr,
			     enum quota_class class)
{
	return (struct place){ prefix_around(addr, 32, 64),
			       prefix_around(addr, 24, 56), class };
}

static bool same(const struct gw6c_addr *a, const struct gw6c_addr *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* Are there fewer at that address, and in its network? */
static bool has_room(const struct quota *quota, const struct place *place,
		     long most_one, long most_network)
{
	long one = 0, network = 0;

	for (long i = 0; i < quota->places; i++) {
		const struct place *at = &quota->place[i];

		if (at->class != place->class)
			continue;
		one += same(&at->one, &place->one);
		network += same(&at->network, &place->network);
	}
	return one < most_one && network < most_network;
}

enum quota_verdict quota_check(const struct quota *quota,
			       const struct quota_limits *limits,
			       const struct gw6c_addr *addr,
			       enum quota_class class)
{
	struct place place = place_of(addr, class);
	const long *of = quota->of;
	long proven = of[QUOTA_ACCOUNT] + of[QUOTA_ANONYMOUS];
	bool full = proven >= limits->all;

	switch (class) {
	case QUOTA_NONE:
		return QUOTA_TAKEN;
	case QUOTA_ACCOUNT:
		return full ? QUOTA_FULL : QUOTA_TAKEN;
	case QUOTA_ANONYMOUS:
		if (full ||
		    of[QUOTA_ANONYMOUS] >= limits->all - limits->reserved)
			return QUOTA_FULL;
		return has_room(quota, &place, limits->one, limits->network)
			       ? QUOTA_TAKEN
			       : QUOTA_MANY;
	case QUOTA_UNPROVEN:
		full = of[class] >= quota_unproven(limits->all);
		break;
	case QUOTA_PATIENT:
		full = of[class] >= quota_patient(limits->all);
		break;
	}
	if (full)
		return QUOTA_FULL;
	return has_room(quota, &place, QUOTA_UNPROVEN_ONE,
			QUOTA_UNPROVEN_NETWORK)
		       ? QUOTA_TAKEN
		       : QUOTA_MANY;
}

static bool grow(struct quota *quota)
{
	long room = quota->room ? 2 * quota->room : 64;
	struct place *place =
		realloc(quota->place, (size_t)room * sizeof(*quota->place));

	if (!place)
		return false;
	quota->place = place;
	quota->room = room;
	return true;
}

bool quota_take(struct quota *quota, const struct gw6c_addr *addr,
		enum quota_class class)
{
	if (class == QUOTA_NONE)
		return true;
	if (quota->places == quota->room && !grow(quota))
		return false;
	quota->place[quota->places++] = place_of(addr, class);
	quota->of[class]++;
	return true;
}

void quota_give(struct quota *quota, const struct gw6c_addr *addr,
		enum quota_class class)
{
	struct place place = place_of(addr, class);

	for (long i = 0; i < quota->places; i++) {
		struct place *at = &quota->place[i];

		if (at->class != class || !same(&at->one, &place.one))
			continue;
		*at = quota->place[--quota->places];
		quota->of[class]--;
		return;
	}
}
