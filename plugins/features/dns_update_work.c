/* dns_update_work.c - attempts of the feature dns-update, one after the other:
 * what is done, told, and when it is tried again. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dns_update.h"

static void forget(struct dns_update *self, struct gw6c_watch **watch)
{
	self->host->forget(self->host, *watch);
	*watch = NULL;
}

static uint64_t now_of(const struct dns_update *self)
{
	return self->host->now_ms(self->host);
}

/* --- what is told ------------------------------------------------------- */

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
	const struct dns_entry *entry = dns_queue_find(&self->queue, owner);
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

/* --- attempts ----------------------------------------------------------- */

bool dns_work_journal(struct dns_update *self, struct gw6c_err *err)
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
	if (!dns_work_journal(self, &err))
		self->host->log(self->host, GW6C_WARN, "%s", err.text);
	if (result == DNS_OK)
		tell_done(self, &subject);
	else if (names > 1 && dns_result_of_name(result))
		self->host->log(self->host, GW6C_INFO,
				"one of %d names fails; they are tried one by "
				"one",
				names);
	else
		tell_failed(self, &subject, first, result, said);
}

/* GW6C_LATER: it runs. */
static int attempt(struct dns_update *self, struct gw6c_err *err)
{
	if (!dns_work_journal(self, err) && !self->ending)
		return err->rc;
	memset(&self->work, 0, sizeof(self->work));
	self->work.fd = -1;
	self->busy = true;
	return self->by->start(self, err);
}

static void on_next(void *arg)
{
	struct dns_update *self = arg;

	self->next = NULL;
	dns_work(self);
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
void dns_work_leave(struct dns_update *self)
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

void dns_work(struct dns_update *self)
{
	if ((!self->passing || self->settling) && !self->ending)
		return;
	while (!self->busy &&
	       dns_queue_take(&self->queue, now_of(self), self->by->batch)) {
		struct gw6c_err err = { 0 };
		int rc = attempt(self, &err);

		if (rc == GW6C_LATER)
			break;
		settle(self,
		       rc == GW6C_ECONFIG ? DNS_BADFILE
		       : rc		  ? DNS_OTHER
					  : DNS_OK,
		       err.text);
	}
	wait_for_next(self);
	dns_work_leave(self);
	if (!any_trouble(&self->queue))
		self->error[0] = 0;
	dns_show(self);
}

/* The server may be reached without the tunnel; if not, the journal is there.
 * It is waited for, since a journal that still has what was deleted would have
 * a later run delete what others have put there since. */
void dns_work_last(struct dns_update *self)
{
	uint64_t end_ms = now_of(self) + DNS_LEAVE_MS, now_ms = now_of(self);
	char said[DNS_TEXT];

	if (!self->by->last || !dns_queue_published(&self->queue))
		return;
	self->ending = true;
	dns_queue_empty(&self->queue, now_ms);
	while (now_ms < end_ms &&
	       dns_queue_take(&self->queue, now_ms, self->by->batch)) {
		memset(&self->work, 0, sizeof(self->work));
		self->work.fd = -1;
		said[0] = 0;
		settle(self,
		       self->by->last(self, (uint32_t)(end_ms - now_ms), said),
		       said);
		now_ms = now_of(self);
	}
	dns_work_leave(self);
}

void dns_update_ended(struct dns_update *self, enum dns_result result,
		      const char *said)
{
	settle(self, result, said);
	dns_work(self);
	dns_show(self);
}

void dns_work_break_off(struct dns_update *self)
{
	if (self->busy)
		self->by->cancel(self);
	self->busy = false;
	dns_queue_cancel(&self->queue, now_of(self));
}
