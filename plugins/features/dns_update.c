/* dns_update.c - the names of this machine, and of what is behind it, in the
 * domain name system, for as long as the tunnel is there. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dns_update.h"
#include <stdlib.h>
#include <unistd.h>

#define LOOK_MS 2000 /* between looks at what other features ask for */
#define SETTLE_MS 300 /* before the first one, while they hear the same */

static void forget(struct dns_update *self, struct gw6c_watch **watch)
{
	self->host->forget(self->host, *watch);
	*watch = NULL;
}

static uint64_t now_of(const struct dns_update *self)
{
	return self->host->now_ms(self->host);
}

/* --- facts -------------------------------------------------------------- */

static void on_look(void *arg)
{
	struct dns_update *self = arg;

	self->look = self->host->on_timer(self->host, LOOK_MS, on_look, self);
	self->settling = false;
	dns_sources_read(self);
	dns_work(self);
}

/* Others hear of it at the same time, and write what they ask for; until then
 * nothing is done. */
static void look_soon(struct dns_update *self)
{
	self->settling = true;
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
	dns_work_break_off(self);
	dns_work_leave(self);
	dns_show(self);
}

/* Only the end takes names away, also that of a session by a reload, which may
 * have turned us off: else the tunnel comes back, and what differs then is
 * corrected. */
static int leave(struct dns_update *self, enum gw6c_reason reason)
{
	hold(self);
	if (reason != GW6C_FOR_STOP && reason != GW6C_FOR_RELOAD) {
		dns_show(self);
		return GW6C_OK;
	}
	dns_work_break_off(self);
	self->ending = true;
	self->n_unmet = 0;
	dns_queue_empty(&self->queue, now_of(self));
	dns_work(self);
	if (!self->busy)
		return GW6C_OK;
	self->awaited = true;
	self->leave =
		self->host->on_timer(self->host, DNS_LEAVE_MS, on_late, self);
	return GW6C_LATER;
}

static void down(struct dns_update *self)
{
	self->awaited = false;
	forget(self, &self->leave);
	hold(self);
	if (self->ending)
		dns_work_break_off(self);
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

/* --- life --------------------------------------------------------------- */

static void take_options(struct dns_update *self)
{
	const struct gw6c_host *host = self->host;

	self->by = dns_backend_of(host);
	self->queue.by = self->by->keeps ? self->by->name : "";
	snprintf(self->journal, sizeof(self->journal), "%s",
		 host->str(host, "journal"));
}

static void tell_by_hand(const struct dns_update *self)
{
	char by[16] = "others", line[DNS_NAME + 32];
	const char *at = self->queue.left;

	while (dns_left_next(&at, by, line))
		self->host->log(self->host, GW6C_WARN,
				"to be deleted by hand: %s, published by %s "
				"before; or choose that back end again; remove "
				"it from %s then",
				line, by, self->journal);
}

/* What is there, of this back end and of others. */
static void read_journal(struct dns_update *self, const char *path)
{
	struct gw6c_err err = { 0 };

	free(self->queue.left);
	self->queue.left = NULL;
	self->queue.n = 0;
	if (dns_journal_read(path, &self->queue, &err))
		self->host->log(self->host, GW6C_WARN, "%s", err.text);
	tell_by_hand(self);
}

static int reload(void *arg, struct gw6c_err *err)
{
	struct dns_update *self = arg;
	char former[sizeof(self->journal)];
	const struct dns_backend *by = self->by;
	struct gw6c_err ignored = { 0 };

	(void)err;
	dns_work_break_off(self);
	memcpy(former, self->journal, sizeof(former));
	take_options(self);
	if (self->by != by)
		read_journal(self, former);
	if (self->by->keeps && strcmp(former, self->journal) != 0 &&
	    dns_work_journal(self, &ignored))
		unlink(former);
	self->faults[0] = self->error[0] = 0;
	dns_queue_again(&self->queue, true, now_of(self));
	if (self->passing)
		look_soon(self);
	dns_show(self);
	return GW6C_OK;
}

static void close_update(void *arg)
{
	struct dns_update *self = arg;

	hold(self);
	forget(self, &self->leave);
	dns_work_break_off(self);
	if (!self->ending)
		dns_work_last(self);
	dns_show_remove(self->host);
	free(self->state);
	free(self->queue.at);
	free(self->queue.left);
	free(self->unmet);
	free(self);
}

static int open_update(const struct gw6c_host *host, void **out,
		       struct gw6c_err *err)
{
	struct dns_update *self = calloc(1, sizeof(*self));

	if (self)
		self->queue.at = calloc(DNS_NAMES, sizeof(*self->queue.at));
	if (!self || !self->queue.at) {
		free(self);
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	}
	self->host = host;
	self->work.fd = -1;
	take_options(self);
	read_journal(self, self->journal);
	dns_show(self);
	*out = self;
	return GW6C_OK;
}

static void tell_left(const struct gw6c_host *host, struct dns_queue *queue)
{
	struct gw6c_err err = { 0 };
	char text[32];

	dns_journal_read(host->str(host, "journal"), queue, &err);
	if (queue->n)
		host->log(host, GW6C_NOTICE,
			  "%s of a run that was killed may still be there, "
			  "from %s on; with this feature, they are corrected "
			  "when the tunnel is up",
			  dns_count_text(queue->n, text), queue->at[0].owner);
}

/* The server may be behind the tunnel: nothing can be done yet, nor later if
 * the feature is not wanted any more. */
static void sweep(const struct gw6c_host *host)
{
	const struct dns_backend *by = dns_backend_of(host);
	struct dns_queue queue = { .at = calloc(DNS_NAMES, sizeof(*queue.at)),
				   .by = by->name };

	dns_show_remove(host);
	if (queue.at && by->keeps)
		tell_left(host, &queue);
	free(queue.at);
	free(queue.left);
}

const struct gw6c_feature_ops dns_ops = {
	.size = sizeof(dns_ops),
	.open = open_update,
	.close = close_update,
	.tell = tell,
	.sweep = sweep,
	.reload = reload,
	.check = dns_check,
};
