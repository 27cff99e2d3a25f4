/* home_web_workers.c - the workers there are: the one that serves, the one that
 * it takes over from, and those that leave, each for a time of its own. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_web.h"

#define OLD_WORKERS 4 /* that linger at a time */
#define LINGER_MS 300000 /* for what runs on an address that may come back */

static void add(struct web_counts *all, const struct web_counts *counts)
{
	all->requests += counts->requests;
	all->octets += counts->octets;
	all->errors += counts->errors;
	all->connections += counts->connections;
}

static void remember(struct web_workers *workers,
		     const struct web_worker *worker)
{
	add(&workers->past, &worker->counts);
	workers->past.connections = 0;
}

struct web_counts web_workers_sum(const struct web_workers *workers)
{
	struct web_counts all = workers->past;

	if (workers->now)
		add(&all, &workers->now->counts);
	if (workers->before)
		add(&all, &workers->before->counts);
	for (const struct web_worker *at = workers->old; at; at = at->next)
		add(&all, &at->counts);
	return all;
}

/* Takes it out of the list. */
static void end(struct web_workers *workers, struct web_worker **link)
{
	struct web_worker *worker = *link;

	*link = worker->next;
	remember(workers, worker);
	web_worker_end(worker);
}

/* Of many that linger, the first have had their time. */
static void retire(struct web_workers *workers, struct web_worker *worker)
{
	const struct gw6c_host *host = worker->owner.host;
	struct web_worker **link = &workers->old;

	web_worker_leave(worker);
	worker->until_ms = host->now_ms(host) + LINGER_MS;
	worker->next = workers->old;
	workers->old = worker;
	for (int n = 0; *link && n < OLD_WORKERS; n++)
		link = &(*link)->next;
	while (*link)
		end(workers, link);
}

void web_workers_retire(struct web_workers *workers)
{
	struct web_worker *now = workers->now;

	web_workers_ready(workers);
	workers->now = NULL;
	if (now)
		retire(workers, now);
}

void web_workers_ready(struct web_workers *workers)
{
	struct web_worker *before = workers->before;

	workers->before = NULL;
	if (before)
		retire(workers, before);
}

void web_workers_add(struct web_workers *workers, struct web_worker *worker)
{
	struct web_worker *now = workers->now;

	workers->now = worker;
	if (now && now->ready)
		workers->before = now;
	else if (now)
		retire(workers, now);
}

bool web_workers_ended(struct web_workers *workers,
		       const struct web_worker *worker)
{
	struct web_worker **at = &workers->old;

	remember(workers, worker);
	if (worker == workers->now) {
		workers->now = workers->before;
		workers->before = NULL;
		return true;
	}
	if (worker == workers->before)
		workers->before = NULL;
	while (*at && *at != worker)
		at = &(*at)->next;
	if (*at)
		*at = worker->next;
	return false;
}

void web_workers_hurry(struct web_workers *workers, uint64_t until_ms)
{
	for (struct web_worker *at = workers->old; at; at = at->next)
		if (at->until_ms > until_ms)
			at->until_ms = until_ms;
}

uint64_t web_workers_due_ms(const struct web_workers *workers)
{
	uint64_t first_ms = 0;

	for (const struct web_worker *at = workers->old; at; at = at->next)
		if (!first_ms || at->until_ms < first_ms)
			first_ms = at->until_ms;
	return first_ms;
}

void web_workers_end(struct web_workers *workers, uint64_t until_ms)
{
	struct web_worker **link = &workers->old;

	while (*link)
		if ((*link)->until_ms <= until_ms)
			end(workers, link);
		else
			link = &(*link)->next;
}
