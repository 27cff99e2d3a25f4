/* sources.c - what the addresses that send to us may cause. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "sources.h"
#include "bucket.h"
#include "core/base/hash.h"
#include "core/base/prefix.h"
#include <stdlib.h>

#define SETS 2048 /* a power of two */
#define WAYS 4
#define BEGINNERS 16384 /* a power of two */
#define FORGET_MS 10000 /* a beginner: clients do not try longer */
#define CREDIT_MAX 2048 /* octets that came and were not answered */

static const struct bucket_limit one_limit = { SOURCES_ADVANCE,
					       SOURCES_ADVANCE_S };
static const struct bucket_limit debt_limit = { SOURCES_DEBT,
						SOURCES_ADVANCE_S };
static const struct bucket_limit network_limit = { SOURCES_NETWORK,
						   SOURCES_NETWORK_S };
static const struct bucket_limit all_limit = { SOURCES_ALL, SOURCES_ALL_S };
static const struct bucket_limit proven_limit = { SOURCES_PROVEN,
						  SOURCES_PROVEN_S };
static const struct bucket_limit again_limit = { SOURCES_AGAIN,
						 SOURCES_AGAIN_S };
static const struct bucket_limit stray_limit = { SOURCES_STRAY, SOURCES_STRAY };
static const struct bucket_limit work_limit = { SOURCES_WORK_BURST,
						SOURCES_WORK };
static const struct bucket_limit work_one_limit = { SOURCES_WORK_ONE_BURST,
						    SOURCES_WORK_ONE };
static const struct bucket_limit light_limit = { SOURCES_LIGHT_BURST,
						 SOURCES_LIGHT };
static const struct bucket_limit work_proven_limit = {
	SOURCES_WORK_PROVEN_BURST, SOURCES_WORK_PROVEN
};

/* An address, or a network. */
struct source {
	struct gw6c_addr addr; /* family 0: none */
	uint64_t used_ms, proven_until;
	size_t credit; /* octets heard and not yet answered */
	struct bucket advance, stray, work;
	struct bucket light; /* what it may ask for before others go first */
	struct bucket debt; /* what more of it may be owed */
};

/* Where something was said for the first time, as the number of an end. */
struct beginner {
	uint32_t end, first_ms;
};

struct sources {
	struct source one[SETS][WAYS], network[SETS][WAYS];
	struct beginner beginner[BEGINNERS];
	struct bucket all, again, work, work_proven;
};

struct sources *sources_new(void)
{
	struct sources *sources = calloc(1, sizeof(*sources));

	if (!sources)
		return NULL;
	sources->all.left = all_limit.burst;
	sources->again.left = again_limit.burst;
	sources->work.left = work_limit.burst;
	sources->work_proven.left = work_proven_limit.burst;
	return sources;
}

void sources_free(struct sources *sources)
{
	free(sources);
}

static bool is_proven(const struct source *source, uint64_t now_ms)
{
	return source->proven_until > now_ms;
}

/* One that has proven nothing goes first, then the one not heard longest. */
static bool goes_before(const struct source *a, const struct source *b,
			uint64_t now_ms)
{
	if (is_proven(a, now_ms) != is_proven(b, now_ms))
		return is_proven(b, now_ms);
	return a->used_ms < b->used_ms;
}

static struct source *find(struct source table[SETS][WAYS],
			   const struct gw6c_addr key,
			   const struct bucket_limit *limit, uint64_t now_ms)
{
	struct source *set = table[hash_endpoint(&key, 0) & (SETS - 1)];
	struct source *last = set;

	for (struct source *at = set; at < set + WAYS; at++) {
		if (memcmp(&at->addr, &key, sizeof(key)) == 0) {
			at->used_ms = now_ms;
			return at;
		}
		if (goes_before(at, last, now_ms))
			last = at;
	}
	*last = (struct source){ .addr = key, .used_ms = now_ms };
	last->advance = (struct bucket){ limit->burst, now_ms };
	last->debt = (struct bucket){ debt_limit.burst, now_ms };
	last->stray = (struct bucket){ stray_limit.burst, now_ms };
	last->work = (struct bucket){ work_one_limit.burst, now_ms };
	last->light = (struct bucket){ light_limit.burst, now_ms };
	return last;
}

static struct source *find_one(struct sources *sources,
			       const struct gw6c_addr *addr, uint64_t now_ms)
{
	return find(sources->one, prefix_around(addr, 32, 64), &one_limit,
		    now_ms);
}

static struct source *find_network(struct sources *sources,
				   const struct gw6c_addr *addr,
				   uint64_t now_ms)
{
	return find(sources->network, prefix_around(addr, 24, 56),
		    &network_limit, now_ms);
}

/* What came before and was not answered makes up for what was sent in advance,
 * and then is forgotten by and by: a flood gets no more octets than it has. */
static void pay_back(struct source *source, uint64_t now_ms)
{
	size_t owed;

	bucket_fill(&source->debt, &debt_limit, now_ms);
	owed = (size_t)(debt_limit.burst - source->debt.left);
	if (owed > source->credit)
		owed = source->credit;
	source->credit -= owed;
	source->debt.left += (double)owed;
	source->credit -= source->credit / 32;
}

void sources_hear(struct sources *sources, const struct gw6c_addr *addr,
		  size_t octets, uint64_t now_ms)
{
	struct source *source = find_one(sources, addr, now_ms);

	pay_back(source, now_ms);
	source->credit += octets;
	if (source->credit > CREDIT_MAX)
		source->credit = CREDIT_MAX;
}

/* Take excess from what is sent in advance. */
static bool advance(struct sources *sources, struct source *source,
		    double excess, uint64_t now_ms)
{
	struct source *network;

	if (is_proven(source, now_ms))
		return bucket_take(&source->advance, &proven_limit, excess,
				   now_ms);
	network = find_network(sources, &source->addr, now_ms);
	if (!bucket_has(&source->advance, &one_limit, excess, now_ms) ||
	    !bucket_has(&source->debt, &debt_limit, excess, now_ms) ||
	    !bucket_has(&network->advance, &network_limit, excess, now_ms) ||
	    !bucket_has(&sources->all, &all_limit, excess, now_ms))
		return false;
	source->advance.left -= excess;
	source->debt.left -= excess;
	network->advance.left -= excess;
	sources->all.left -= excess;
	return true;
}

bool sources_may_say(struct sources *sources, const struct gw6c_addr *addr,
		     size_t octets, uint64_t now_ms)
{
	struct source *source = find_one(sources, addr, now_ms);

	if (octets <= source->credit) {
		source->credit -= octets;
		return true;
	}
	if (!advance(sources, source, (double)(octets - source->credit),
		     now_ms))
		return false;
	source->credit = 0;
	return true;
}

bool sources_may_say_again(struct sources *sources,
			   const struct gw6c_addr *addr, size_t octets,
			   uint64_t now_ms)
{
	struct source *source = find_one(sources, addr, now_ms);

	if (sources_may_say(sources, addr, octets, now_ms))
		return true;
	if (!bucket_has(&source->debt, &debt_limit, (double)octets, now_ms) ||
	    !bucket_take(&sources->again, &again_limit, (double)octets, now_ms))
		return false;
	source->debt.left -= (double)octets;
	return true;
}

uint64_t sources_first_ms(struct sources *sources, const struct gw6c_addr *addr,
			  uint16_t port, uint64_t now_ms)
{
	uint32_t end = hash_endpoint(addr, port), now = (uint32_t)now_ms;
	struct beginner *beginner = &sources->beginner[end & (BEGINNERS - 1)];

	if (beginner->end != end || now - beginner->first_ms > FORGET_MS)
		*beginner = (struct beginner){ end, now };
	return now_ms - (now - beginner->first_ms);
}

bool sources_may_stray(struct sources *sources, const struct gw6c_addr *addr,
		       size_t octets, uint64_t now_ms)
{
	struct source *source = find_one(sources, addr, now_ms);

	return bucket_has(&source->stray, &stray_limit, 1, now_ms) &&
	       sources_may_say(sources, addr, octets, now_ms) &&
	       bucket_take(&source->stray, &stray_limit, 1, now_ms);
}

/* Has it asked for so little of late that it may be a user's? One that asks for
 * a little all the time has not, nor has one with many neighbours that do. */
static bool is_light(struct source *one, struct source *network,
		     uint64_t now_ms)
{
	return bucket_has(&one->light, &light_limit, 1, now_ms) &&
	       bucket_has(&network->light, &light_limit, 1, now_ms);
}

static void take_light(struct source *source)
{
	if (source->light.left >= 1)
		source->light.left--;
}

static bool work_proven(struct sources *sources, const struct gw6c_addr *addr,
			uint64_t now_ms)
{
	struct source *one = find_one(sources, addr, now_ms);
	struct source *network = find_network(sources, addr, now_ms);
	/* Others leave half of it to those. */
	double wanted = is_light(one, network, now_ms)
				? 1
				: work_proven_limit.burst / 2 + 1;

	if (!bucket_has(&one->work, &work_one_limit, 1, now_ms) ||
	    !bucket_has(&sources->work_proven, &work_proven_limit, wanted,
			now_ms))
		return false;
	one->work.left--;
	sources->work_proven.left--;
	take_light(one);
	take_light(network);
	return true;
}

bool sources_may_work(struct sources *sources, const struct gw6c_addr *addr,
		      bool proven, uint64_t now_ms)
{
	return proven ? work_proven(sources, addr, now_ms)
		      : bucket_take(&sources->work, &work_limit, 1, now_ms);
}

void sources_prove(struct sources *sources, const struct gw6c_addr *addr,
		   uint64_t now_ms)
{
	struct source *source = find_one(sources, addr, now_ms);

	if (!is_proven(source, now_ms))
		source->advance = (struct bucket){ proven_limit.burst, now_ms };
	source->proven_until = now_ms + SOURCES_PROVEN_MS;
}
