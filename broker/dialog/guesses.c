/* guesses.c - who guesses passwords has to wait. What is counted for a network
 * refuses it nothing but new names: those who have logged in from there before
 * are told apart. What is counted for an account only makes answers late, or
 * strangers could keep its user out. All tables are bounded. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "guesses.h"
#include "core/base/hash.h"
#include "core/base/log.h"
#include "core/base/prefix.h"
#include "core/base/units.h"
#include "known.h"
#include <stdlib.h>

#define SETS 256 /* powers of two */
#define WAYS 4 /* entries of a set: of these, one can be replaced */
#define ACCOUNTS 1024
#define FIRST_WAIT_MS 1000
#define FIRST_HOLD_MS 125
#define TOLD_GAP_MS 10000 /* between two lines of the log */

struct network {
	struct gw6c_addr addr; /* family 0: unused */
	struct tries tries;
	uint64_t until_ms; /* it has to wait */
};

struct guesses {
	/* Of clients that are where they say they are; and of the others,
	 * who may be anybody. */
	struct network proven[SETS][WAYS], unproven[SETS][WAYS];
	struct tries account[ACCOUNTS]; /* those of a bucket count as one */
	struct known *known;
	unsigned long refused, held;
	uint64_t network_told_ms, account_told_ms; /* 0: never */
};

struct guesses *guesses_new(const char *path)
{
	struct guesses *guesses = calloc(1, sizeof(*guesses));

	if (guesses)
		guesses->known = known_new(path);
	if (guesses && guesses->known)
		return guesses;
	free(guesses);
	return NULL;
}

void guesses_free(struct guesses *guesses)
{
	if (guesses)
		known_free(guesses->known);
	free(guesses);
}

int guesses_save(struct guesses *guesses, struct gw6c_err *err)
{
	return known_save(guesses->known, err);
}

/* --- tables ------------------------------------------------------------ */

static uint32_t hash_name(const char *name)
{
	return hash_octets((const uint8_t *)name, strlen(name));
}

/* One client has all of a /56. */
static struct gw6c_addr network_of(const struct gw6c_addr *addr)
{
	return prefix_around(addr, 32, 56);
}

static bool same(const struct gw6c_addr *a, const struct gw6c_addr *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

static unsigned tries_now(const struct tries *tries, uint64_t now_ms)
{
	return now_ms - tries->last_ms < GUESSES_FORGET_MS ? tries->failed : 0;
}

static unsigned tries_add(struct tries *tries, uint64_t now_ms)
{
	tries->failed = tries_now(tries, now_ms) + 1;
	tries->last_ms = now_ms;
	return tries->failed;
}

static struct network *find_network(struct network set[SETS][WAYS],
				    const struct gw6c_addr *addr)
{
	struct network *at = set[hash_endpoint(addr, 0) & (SETS - 1)];

	for (int i = 0; i < WAYS; i++)
		if (same(&at[i].addr, addr))
			return &at[i];
	return NULL;
}

/* In the place of the one with the fewest failed ones, if it is new. */
static struct network *make_network(struct network set[SETS][WAYS],
				    const struct gw6c_addr *addr,
				    uint64_t now_ms)
{
	struct network *at = set[hash_endpoint(addr, 0) & (SETS - 1)];
	struct network *found = find_network(set, addr), *least = at;

	if (found)
		return found;
	for (int i = 1; i < WAYS; i++)
		if (tries_now(&at[i].tries, now_ms) <
		    tries_now(&least->tries, now_ms))
			least = &at[i];
	*least = (struct network){ .addr = *addr };
	return least;
}

static struct tries *account_of(struct guesses *guesses, const char *name)
{
	return &guesses->account[hash_name(name) & (ACCOUNTS - 1)];
}

/* --- how long ---------------------------------------------------------- */

/* Twice as long each time. */
static uint32_t grown(unsigned failed, uint32_t first, uint32_t most)
{
	unsigned n = failed > GUESSES_FREE ? failed - GUESSES_FREE : 0;

	if (!n)
		return 0;
	return n > 16 || first << (n - 1) > most ? most : first << (n - 1);
}

static int hold_ms(const struct tries *tries, uint64_t now_ms)
{
	return (int)grown(tries_now(tries, now_ms), FIRST_HOLD_MS,
			  GUESSES_HOLD_MS);
}

static bool has_to_wait(const struct network *network, uint64_t now_ms)
{
	return network && now_ms < network->until_ms;
}

/* Nothing that may be forged keeps those waiting who are there. */
static int ask_stranger(struct guesses *guesses, const struct gw6c_addr *addr,
			const struct guess *guess)
{
	if (has_to_wait(find_network(guesses->proven, addr), guess->now_ms))
		return -1;
	if (!guess->proven &&
	    has_to_wait(find_network(guesses->unproven, addr), guess->now_ms))
		return -1;
	return *guess->name ? hold_ms(account_of(guesses, guess->name),
				      guess->now_ms)
			    : 0;
}

/* Who logs in there waits for none but those who guess its own password there.
 * Nobody can tell them apart: none is refused, and each of them waits for
 * itself. In a common queue, whoever asks most would be in front. */
static int ask_known(const struct known_pair *pair, const struct guess *guess)
{
	return hold_ms(&pair->tries[guess->proven], guess->now_ms);
}

int guesses_ask(struct guesses *guesses, const struct guess *guess)
{
	struct gw6c_addr addr = network_of(&guess->from);
	struct known_pair *pair;
	int ms;

	if (!guesses)
		return 0;
	pair = known_find(guesses->known, &addr, guess->name);
	ms = pair ? ask_known(pair, guess)
		  : ask_stranger(guesses, &addr, guess);
	guesses->refused += ms < 0;
	guesses->held += ms > 0;
	return ms;
}

bool guesses_doubt(struct guesses *guesses, const struct gw6c_addr *from,
		   uint64_t now_ms)
{
	const struct network *network;
	struct gw6c_addr addr;

	if (!guesses)
		return false;
	addr = network_of(from);
	network = find_network(guesses->unproven, &addr);
	return network && tries_now(&network->tries, now_ms) > GUESSES_FREE;
}

/* --- what has come of it ----------------------------------------------- */

static bool may_tell(uint64_t *told_ms, uint64_t now_ms)
{
	if (*told_ms && now_ms - *told_ms < TOLD_GAP_MS)
		return false;
	*told_ms = now_ms;
	return true;
}

static void tell_network(struct guesses *guesses, const struct network *network,
			 uint32_t wait_ms, uint64_t now_ms)
{
	char room[GW6C_ADDR_TEXT], time[UNITS_TEXT];

	if (may_tell(&guesses->network_told_ms, now_ms))
		log_msg(GW6C_WARN, "login",
			"%u failed logins from %s: it has to wait %s before "
			"the next one",
			network->tries.failed,
			gw6c_addr_text(&network->addr, room),
			units_time(wait_ms / 1000, time));
}

static void tell_account(struct guesses *guesses, unsigned failed,
			 const char *name, uint64_t now_ms)
{
	if (!may_tell(&guesses->account_told_ms, now_ms))
		return;
	log_msg(GW6C_WARN, "login",
		"%u failed logins as %.64s: answers to clients that have not "
		"logged in before come up to %d ms late",
		failed, name, GUESSES_HOLD_MS);
}

static void network_failed(struct guesses *guesses,
			   const struct gw6c_addr *addr, bool proven,
			   uint64_t now_ms)
{
	struct network *network =
		make_network(proven ? guesses->proven : guesses->unproven, addr,
			     now_ms);
	uint32_t wait_ms =
		grown(tries_add(&network->tries, now_ms), FIRST_WAIT_MS,
		      proven ? GUESSES_WAIT_MS : GUESSES_UNPROVEN_MS);

	network->until_ms = now_ms + wait_ms;
	if (proven && wait_ms)
		tell_network(guesses, network, wait_ms, now_ms);
}

static void account_failed(struct guesses *guesses, const char *name,
			   uint64_t now_ms)
{
	unsigned failed = tries_add(account_of(guesses, name), now_ms);

	if (failed > GUESSES_FREE)
		tell_account(guesses, failed, name, now_ms);
}

/* Whoever it was, its network has guessed; but that the account is guessed at
 * is no news for those who have to wait at its home. */
void guesses_failed(struct guesses *guesses, const struct guess *guess)
{
	struct gw6c_addr addr = network_of(&guess->from);
	struct known_pair *pair;

	if (!guesses)
		return;
	pair = known_find(guesses->known, &addr, guess->name);
	if (pair)
		tries_add(&pair->tries[guess->proven], guess->now_ms);
	network_failed(guesses, &addr, guess->proven, guess->now_ms);
	if (*guess->name && !pair)
		account_failed(guesses, guess->name, guess->now_ms);
}

/* Who has only written the address on a datagram is not known there by that. */
void guesses_passed(struct guesses *guesses, const struct guess *guess)
{
	struct gw6c_addr addr = network_of(&guess->from);

	if (guesses &&
	    (guess->proven || known_find(guesses->known, &addr, guess->name)))
		known_add(guesses->known, &addr, guess->name);
}

void guesses_count(const struct guesses *guesses, uint64_t now_ms,
		   struct guesses_counters *out)
{
	*out = (struct guesses_counters){ .refused = guesses->refused,
					  .held = guesses->held };
	for (int i = 0; i < SETS; i++)
		for (int j = 0; j < WAYS; j++)
			out->waiting += guesses->proven[i][j].until_ms > now_ms;
}
