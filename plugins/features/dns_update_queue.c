/* dns_update_queue.c - what is to be published and to be deleted, and when it
 * is tried. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dns_update.h"
#include <stdlib.h>
#include <strings.h>

#define AGAIN_MIN_MS 5000 /* before the second attempt, then doubled */
#define AGAIN_MAX_MS 600000
#define STATEMENT 100 /* octets of one for nsupdate, beside names */
#define BATCH 50000 /* octets of those of one attempt, one entry more or less */
#define GRACE_MS 5000 /* before what is not wanted any more goes */

/* --- sets of records ---------------------------------------------------- */

static bool same(const struct dns_record *a, int n, const struct dns_record *b,
		 int m)
{
	return n == m && memcmp(a, b, sizeof(*a) * (size_t)n) == 0;
}

static uint8_t types_of(const struct dns_record *record, int n)
{
	uint8_t types = 0;

	while (n-- > 0)
		types |= (uint8_t)record[n].type;
	return types;
}

bool dns_entry_dirty(const struct dns_entry *entry)
{
	return !same(entry->want, entry->n_want, entry->done, entry->n_done) ||
	       entry->had != types_of(entry->done, entry->n_done);
}

/* --- entries ------------------------------------------------------------ */

static int place(const struct dns_queue *queue, const char *owner)
{
	int i = 0;

	while (i < queue->n && strcasecmp(queue->at[i].owner, owner) != 0)
		i++;
	return i;
}

const struct dns_entry *dns_queue_find(const struct dns_queue *queue,
				       const char *owner)
{
	int i = place(queue, owner);

	return i < queue->n ? &queue->at[i] : NULL;
}

struct dns_entry *dns_queue_get(struct dns_queue *queue, const char *owner)
{
	int i = place(queue, owner);
	struct dns_entry *entry = &queue->at[i];

	if (i < queue->n)
		return entry;
	if (i == DNS_NAMES)
		return NULL;
	memset(entry, 0, sizeof(*entry));
	snprintf(entry->owner, sizeof(entry->owner), "%s", owner);
	queue->n++;
	return entry;
}

static bool is_over(const struct dns_entry *entry)
{
	return !entry->busy && !entry->n_want && !entry->had;
}

static void drop_over(struct dns_queue *queue)
{
	int kept = 0;

	for (int i = 0; i < queue->n; i++) {
		if (is_over(&queue->at[i]))
			continue;
		if (kept != i)
			queue->at[kept] = queue->at[i];
		kept++;
	}
	queue->n = kept;
}

static void renew(struct dns_entry *entry, uint64_t due_ms)
{
	entry->attempts = 0;
	entry->alone = entry->failed = false;
	entry->due_ms = due_ms;
}

/* --- what is wanted ----------------------------------------------------- */

void dns_queue_begin(struct dns_queue *queue)
{
	for (int i = 0; i < queue->n; i++) {
		struct dns_entry *entry = &queue->at[i];

		memset(entry->next, 0, sizeof(entry->next));
		entry->n_next = 0;
	}
}

/* In order, so that two sets are the same octets. */
bool dns_queue_add(struct dns_queue *queue, const char *owner,
		   const struct dns_record *record)
{
	struct dns_entry *entry = dns_queue_get(queue, owner);
	int i;

	if (!entry)
		return false;
	for (i = 0; i < entry->n_next; i++) {
		int order = memcmp(record, &entry->next[i], sizeof(*record));

		if (!order)
			return true;
		if (order < 0)
			break;
	}
	if (entry->n_next == DNS_RECORDS)
		return false;
	memmove(&entry->next[i + 1], &entry->next[i],
		sizeof(*record) * (size_t)(entry->n_next - i));
	entry->next[i] = *record;
	entry->n_next++;
	return true;
}

static void take_next(struct dns_entry *entry, uint64_t now_ms)
{
	memcpy(entry->want, entry->next, sizeof(entry->want));
	entry->n_want = entry->n_next;
	renew(entry, now_ms + (entry->n_want ? 0 : GRACE_MS));
}

bool dns_queue_commit(struct dns_queue *queue, uint64_t now_ms)
{
	bool changed = false;

	for (int i = 0; i < queue->n; i++) {
		struct dns_entry *entry = &queue->at[i];

		if (same(entry->next, entry->n_next, entry->want,
			 entry->n_want))
			continue;
		take_next(entry, now_ms);
		changed = true;
	}
	drop_over(queue);
	return changed;
}

void dns_queue_empty(struct dns_queue *queue, uint64_t now_ms)
{
	dns_queue_begin(queue);
	for (int i = 0; i < queue->n; i++) {
		take_next(&queue->at[i], now_ms);
		renew(&queue->at[i], now_ms);
	}
	drop_over(queue);
}

void dns_queue_again(struct dns_queue *queue, bool anew, uint64_t now_ms)
{
	for (int i = 0; i < queue->n; i++) {
		struct dns_entry *entry = &queue->at[i];

		if (anew)
			entry->n_done = 0;
		renew(entry, now_ms + (entry->n_want ? 0 : GRACE_MS));
	}
}

/* --- attempts ----------------------------------------------------------- */

static bool is_due(const struct dns_entry *entry, uint64_t now_ms)
{
	return !entry->busy && !entry->failed && entry->due_ms <= now_ms &&
	       dns_entry_dirty(entry);
}

static void begin(struct dns_entry *entry)
{
	memcpy(entry->sent, entry->want, sizeof(entry->sent));
	entry->n_sent = entry->n_want;
	entry->before = entry->had;
	entry->had |= types_of(entry->sent, entry->n_sent);
	entry->busy = true;
}

/* Octets of its statements for nsupdate, at most. */
static size_t cost_of(const struct dns_entry *entry)
{
	size_t lines = entry->n_sent;

	for (uint16_t type = 1; type <= DNS_TYPES; type *= 2)
		lines += (entry->had & type) != 0;
	return lines * (2 * strlen(entry->owner) + STATEMENT);
}

int dns_queue_take(struct dns_queue *queue, uint64_t now_ms, int max)
{
	size_t cost = 0;
	int n = 0;

	for (int i = 0; i < queue->n && n < max && cost < BATCH; i++) {
		struct dns_entry *entry = &queue->at[i];

		if (!is_due(entry, now_ms) || (entry->alone && n))
			continue;
		begin(entry);
		cost += cost_of(entry);
		n++;
		if (entry->alone)
			break;
	}
	return n;
}

static uint32_t again_ms(unsigned attempts)
{
	uint32_t ms = AGAIN_MIN_MS;

	while (--attempts && ms < AGAIN_MAX_MS)
		ms *= 2;
	return ms < AGAIN_MAX_MS ? ms : AGAIN_MAX_MS;
}

static void succeed(struct dns_entry *entry)
{
	memcpy(entry->done, entry->sent, sizeof(entry->done));
	entry->n_done = entry->n_sent;
	entry->had = types_of(entry->done, entry->n_done);
	entry->attempts = 0;
	entry->alone = false;
}

/* An update is done as a whole or not at all: what was refused has changed
 * nothing; else it is not known what the server has now. What does not pass by
 * itself may be mended at the server. */
static void fail(struct dns_entry *entry, enum dns_result result, bool others,
		 uint64_t now_ms)
{
	bool passes = dns_result_passes(result);

	if (passes)
		entry->n_done = 0;
	else
		entry->had = entry->before;
	if (others) {
		entry->alone = true;
		entry->due_ms = now_ms;
		return;
	}
	entry->attempts++;
	entry->failed = entry->attempts == DNS_ATTEMPTS;
	entry->due_ms =
		now_ms + (passes ? again_ms(entry->attempts) : AGAIN_MAX_MS);
}

static int busy_of(const struct dns_queue *queue)
{
	int n = 0;

	for (int i = 0; i < queue->n; i++)
		n += queue->at[i].busy;
	return n;
}

void dns_queue_finish(struct dns_queue *queue, enum dns_result result,
		      uint64_t now_ms)
{
	bool others = busy_of(queue) > 1 && dns_result_of_name(result);

	for (int i = 0; i < queue->n; i++) {
		struct dns_entry *entry = &queue->at[i];

		if (!entry->busy)
			continue;
		entry->busy = false;
		entry->result = result;
		if (result == DNS_OK)
			succeed(entry);
		else
			fail(entry, result, others, now_ms);
		/* What was sent is not what is wanted by now. */
		if (!same(entry->sent, entry->n_sent, entry->want,
			  entry->n_want))
			renew(entry, now_ms);
	}
	drop_over(queue);
}

void dns_queue_cancel(struct dns_queue *queue, uint64_t now_ms)
{
	for (int i = 0; i < queue->n; i++) {
		if (!queue->at[i].busy)
			continue;
		queue->at[i].busy = false;
		queue->at[i].n_done = 0;
		queue->at[i].due_ms = now_ms;
	}
}

uint64_t dns_queue_due_ms(const struct dns_queue *queue)
{
	uint64_t due_ms = UINT64_MAX;

	for (int i = 0; i < queue->n; i++) {
		const struct dns_entry *entry = &queue->at[i];

		if (entry->due_ms < due_ms && is_due(entry, entry->due_ms))
			due_ms = entry->due_ms;
	}
	return due_ms;
}

int dns_queue_published(const struct dns_queue *queue)
{
	int n = 0;

	for (int i = 0; i < queue->n; i++)
		n += queue->at[i].had != 0;
	return n;
}

/* --- one thing at a time ------------------------------------------------ */

static bool delete_action(uint8_t types, bool whole, int *step,
			  struct dns_action *out)
{
	if (whole && types && !(*step)--) {
		out->types = types;
		return true;
	}
	for (uint16_t type = 1; !whole && type <= DNS_TYPES; type *= 2)
		if (types & type && !(*step)--) {
			out->types = type;
			return true;
		}
	return false;
}

bool dns_entry_action(const struct dns_entry *entry, bool whole, int step,
		      struct dns_action *out)
{
	*out = (struct dns_action){ .add = false };
	if (delete_action(entry->before, whole, &step, out))
		return true;
	if (step >= entry->n_sent)
		return false;
	*out = (struct dns_action){ .add = true,
				    .types = entry->sent[step].type,
				    .record = &entry->sent[step] };
	return true;
}
