/* dns_update.c - the names of this machine, and of what is behind it, in the
 * domain name system, for as long as the tunnel is there. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dns_update.h"
#include <stdlib.h>
#include <unistd.h>

#define LOOK_MS 2000 /* between looks at what other features ask for */
#define SETTLE_MS 300 /* before the first one, while they hear the same */
#define LEAVE_MS 4500 /* to delete all, when gw6c ends */

static void forget(struct dns_update *self, struct gw6c_watch **watch)
{
	self->host->forget(self->host, *watch);
	*watch = NULL;
}

static uint64_t now_of(const struct dns_update *self)
{
	return self->host->now_ms(self->host);
}

/* --- what is told ------------------------------------------------------------ */

/* What the present attempt is about. */
struct subject {
	const char *first;
	int adds, deletes;
	uint8_t attempts; /* before it */
};

static struct subject subject_of(const struct dns_queue *queue)
{
	struct subject subject = { .first = "" };

	for (int i = 0; i < queue->n; i++) {
		const struct dns_entry *entry = &queue->at[i];

		if (!entry->busy)
			continue;
		if (!*subject.first)
			subject.first = entry->owner;
		if (entry->attempts > subject.attempts)
			subject.attempts = entry->attempts;
		subject.adds += entry->n_sent > 0;
		subject.deletes += entry->n_sent == 0;
	}
	return subject;
}

static void tell_done(const struct dns_update *self,
		      const struct subject *subject)
{
	char adds[32], deletes[32];

	if (!self->by->keeps)
		return;
	self->host->log(self->host, GW6C_NOTICE,
			"%s published, %s deleted, from %s on; by %s",
			dns_count_text(subject->adds, adds),
			dns_count_text(subject->deletes, deletes),
			subject->first, self->by->name);
}

/* When the next attempt is, of those that have just failed. */
static void next_text(const struct dns_update *self, const char *owner,
		      char *room, size_t len)
{
	const struct dns_entry *entry =
		dns_queue_get((struct dns_queue *)&self->queue, owner);
	uint64_t now_ms = now_of(self);

	*room = 0;
	if (self->ending || !entry)
		return;
	if (entry->failed)
		snprintf(room, len,
			 "; given up after %d attempts, until it is to be "
			 "another one, or the tunnel",
			 DNS_ATTEMPTS);
	else if (entry->attempts)
		snprintf(room, len, "; trying again in %lu s (%u of %d)",
			 (unsigned long)((entry->due_ms - now_ms + 999) / 1000),
			 entry->attempts, DNS_ATTEMPTS);
}

static void tell_failed(struct dns_update *self, const struct subject *subject,
			const char *owner, enum dns_result result,
			const char *said)
{
	int others = subject->adds + subject->deletes - 1;
	char next[128], more[64] = "";
	bool anew;

	next_text(self, owner, next, sizeof(next));
	if (others)
		snprintf(more, sizeof(more), " and %d more", others);
	snprintf(self->error, sizeof(self->error), "%.160s%s: %.220s", owner,
		 more, result == DNS_OTHER ? said : dns_result_text(result));
	anew = !subject->attempts || self->ending ||
	       subject->attempts + 1 >= DNS_ATTEMPTS;
	self->host->log(self->host, anew ? GW6C_WARN : GW6C_INFO,
			"cannot %s %s%s: %s%s%s%s%s",
			subject->adds ? "publish" : "delete", owner, more,
			result == DNS_OTHER ? said : dns_result_text(result),
			result != DNS_OTHER && *said ? "; " : "",
			result != DNS_OTHER ? said : "", next,
			self->ending ? "" : "; the tunnel is not affected");
}

/* --- attempts ------------------------------------------------------------------ */

static bool write_journal(struct dns_update *self, struct gw6c_err *err)
{
	return !self->by->keeps ||
	       dns_journal_write(self->journal, &self->queue, err) == GW6C_OK;
}

static bool any_trouble(const struct dns_queue *queue)
{
	for (int i = 0; i < queue->n; i++)
		if (queue->at[i].result != DNS_OK &&
		    dns_entry_dirty(&queue->at[i]))
			return true;
	return false;
}

static void settle(struct dns_update *self, enum dns_result result,
		   const char *said)
{
	struct subject subject = subject_of(&self->queue);
	int names = subject.adds + subject.deletes;
	struct gw6c_err err = { 0 };
	char first[DNS_NAME];

	snprintf(first, sizeof(first), "%s", subject.first);
	subject.first = first;
	self->busy = false;
	dns_queue_finish(&self->queue, result, now_of(self));
	if (!write_journal(self, &err))
		self->host->log(self->host, GW6C_WARN, "%s", err.text);
	if (result == DNS_OK)
		tell_done(self, &subject);
	else if (names > 1 && !dns_result_passes(result))
		self->host->log(self->host, GW6C_INFO,
				"one of %d names fails; they are tried one by "
				"one",
				names);
	else
		tell_failed(self, &subject, first, result, said);
	if (!any_trouble(&self->queue))
		self->error[0] = 0;
}

/* GW6C_LATER: it runs. */
static int attempt(struct dns_update *self, struct gw6c_err *err)
{
	if (!write_journal(self, err) && !self->ending)
		return err->rc;
	memset(&self->work, 0, sizeof(self->work));
	self->work.fd = -1;
	self->busy = true;
	return self->by->start(self, err);
}

static void work(struct dns_update *self);

static void on_next(void *arg)
{
	struct dns_update *self = arg;

	self->next = NULL;
	work(self);
}

static void wait_for_next(struct dns_update *self)
{
	uint64_t due_ms = dns_queue_due_ms(&self->queue);
	uint64_t now_ms = now_of(self);

	forget(self, &self->next);
	if (self->busy || due_ms == UINT64_MAX)
		return;
	self->next = self->host->on_timer(self->host,
					  due_ms > now_ms
						  ? (uint32_t)(due_ms - now_ms)
						  : 0,
					  on_next, self);
}

/* At the end each name is tried once. */
static void leave_if_done(struct dns_update *self)
{
	int left = dns_queue_published(&self->queue);
	char text[32];

	if (!self->ending || self->busy)
		return;
	forget(self, &self->next);
	forget(self, &self->leave);
	if (left && self->by->keeps)
		self->host->log(self->host, GW6C_WARN,
				"%s could not be deleted; the next start "
				"does it",
				dns_count_text(left, text));
	if (!self->awaited)
		return;
	self->awaited = false;
	self->host->done(self->host, GW6C_OK, GW6C_NOTHING, NULL);
}

static void work(struct dns_update *self)
{
	if (!self->passing && !self->ending)
		return;
	while (!self->busy &&
	       dns_queue_take(&self->queue, now_of(self), self->by->batch)) {
		struct gw6c_err err = { 0 };
		int rc = attempt(self, &err);

		if (rc == GW6C_LATER)
			break;
		settle(self, rc ? DNS_OTHER : DNS_OK, err.text);
	}
	wait_for_next(self);
	leave_if_done(self);
	dns_show(self);
}

void dns_update_ended(struct dns_update *self, enum dns_result result,
		      const char *said)
{
	settle(self, result, said);
	work(self);
	dns_show(self);
}

static void break_off(struct dns_update *self)
{
	if (self->busy)
		self->by->cancel(self);
	self->busy = false;
	dns_queue_cancel(&self->queue, now_of(self));
}

/* --- facts ------------------------------------------------------------------------ */

static void on_look(void *arg)
{
	struct dns_update *self = arg;

	self->look = self->host->on_timer(self->host, LOOK_MS, on_look, self);
	dns_sources_read(self);
	work(self);
}

/* Others hear of it at the same time, and write what they ask for; until then
 * nothing is done. */
static void look_soon(struct dns_update *self)
{
	forget(self, &self->next);
	forget(self, &self->look);
	self->look = self->host->on_timer(self->host, SETTLE_MS, on_look, self);
}

static void pass(struct dns_update *self, const struct gw6c_lease *lease)
{
	size_t size = lease->size < sizeof(self->lease) ? lease->size
							: sizeof(self->lease);

	memset(&self->lease, 0, sizeof(self->lease));
	memcpy(&self->lease, lease, size);
	if (!self->passing)
		dns_queue_again(&self->queue, false, now_of(self));
	self->passing = true;
	self->ending = self->awaited = false;
	forget(self, &self->leave);
	look_soon(self);
	dns_show(self);
}

static void hold(struct dns_update *self)
{
	self->passing = false;
	forget(self, &self->look);
	forget(self, &self->next);
}

static void on_late(void *arg)
{
	struct dns_update *self = arg;

	self->leave = NULL;
	break_off(self);
	leave_if_done(self);
	dns_show(self);
}

/* Only the end takes names away: else the tunnel comes back, and what differs
 * then is corrected. */
static int leave(struct dns_update *self, enum gw6c_reason reason)
{
	hold(self);
	if (reason != GW6C_FOR_STOP) {
		dns_show(self);
		return GW6C_OK;
	}
	break_off(self);
	self->ending = true;
	dns_queue_empty(&self->queue, now_of(self));
	work(self);
	if (!self->busy)
		return GW6C_OK;
	self->awaited = true;
	self->leave = self->host->on_timer(self->host, LEAVE_MS, on_late, self);
	return GW6C_LATER;
}

static void down(struct dns_update *self)
{
	self->awaited = false;
	forget(self, &self->leave);
	hold(self);
	if (self->ending)
		break_off(self);
	dns_show(self);
}

static int tell(void *arg, const struct gw6c_news *news)
{
	struct dns_update *self = arg;

	switch (news->fact) {
	case GW6C_READY:
	case GW6C_CHANGED:
		pass(self, news->lease);
		break;
	case GW6C_LEAVING:
		return leave(self, news->reason);
	case GW6C_DOWN:
		down(self);
		break;
	}
	return GW6C_OK;
}

/* --- life ---------------------------------------------------------------------------- */

static void take_options(struct dns_update *self)
{
	const struct gw6c_host *host = self->host;

	self->by = dns_backend_of(host);
	snprintf(self->journal, sizeof(self->journal), "%s",
		 host->str(host, "journal"));
}

static int reload(void *arg, struct gw6c_err *err)
{
	struct dns_update *self = arg;
	char former[sizeof(self->journal)];
	struct gw6c_err ignored = { 0 };

	(void)err;
	break_off(self);
	memcpy(former, self->journal, sizeof(former));
	take_options(self);
	if (strcmp(former, self->journal) != 0 && write_journal(self, &ignored))
		unlink(former);
	self->faults[0] = self->error[0] = 0;
	dns_queue_again(&self->queue, true, now_of(self));
	if (self->passing)
		look_soon(self);
	dns_show(self);
	return GW6C_OK;
}

/* Without a goodbye: the tunnel was dead. The server may be reached all the
 * same; if not, the journal is there. */
static void last_task(struct dns_update *self)
{
	if (self->ending || !self->by->last ||
	    !dns_queue_published(&self->queue))
		return;
	dns_queue_empty(&self->queue, now_of(self));
	dns_queue_take(&self->queue, now_of(self), DNS_NAMES);
	self->by->last(self);
}

static void close_update(void *arg)
{
	struct dns_update *self = arg;

	hold(self);
	forget(self, &self->leave);
	break_off(self);
	last_task(self);
	dns_show_remove(self->host);
	free(self->state);
	free(self->queue.at);
	free(self);
}

static int open_update(const struct gw6c_host *host, void **out,
		       struct gw6c_err *err)
{
	struct dns_update *self = calloc(1, sizeof(*self));
	struct gw6c_err unread = { 0 };

	if (self)
		self->queue.at = calloc(DNS_NAMES, sizeof(*self->queue.at));
	if (!self || !self->queue.at) {
		free(self);
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	}
	self->host = host;
	self->work.fd = -1;
	take_options(self);
	if (self->by->keeps &&
	    dns_journal_read(self->journal, &self->queue, &unread))
		host->log(host, GW6C_WARN, "%s", unread.text);
	dns_show(self);
	*out = self;
	return GW6C_OK;
}

const struct gw6c_feature_ops dns_ops = {
	.size = sizeof(dns_ops),
	.open = open_update,
	.close = close_update,
	.tell = tell,
	.sweep = dns_show_remove,
	.reload = reload,
	.check = dns_check,
};
