/* dns_update_command.c - the back end command: a program of the administrator's
 * is run for each record; and print, which only tells. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dns_update.h"

#define LATE_MS 30000 /* for one run */

static struct dns_entry *busy_of(const struct dns_queue *queue)
{
	for (int i = 0; i < queue->n; i++)
		if (queue->at[i].busy)
			return &queue->at[i];
	return NULL;
}

static void forget(struct dns_update *self)
{
	self->host->forget(self->host, self->work.timer);
	self->work.timer = NULL;
}

/* --- command ------------------------------------------------------------ */

static int run_next(struct dns_update *self, struct gw6c_err *err);

static void on_line(void *arg, const char *text)
{
	struct dns_update *self = arg;

	self->host->log(self->host, GW6C_INFO, "command: %s", text);
	snprintf(self->work.said, sizeof(self->work.said), "command: %s", text);
}

static void on_ended(void *arg, int status)
{
	struct dns_update *self = arg;
	struct gw6c_err err = { 0 };
	char said[DNS_TEXT];
	int rc = GW6C_OK;

	forget(self);
	self->work.child = NULL;
	if (!status)
		rc = run_next(self, &err);
	if (rc == GW6C_LATER)
		return;
	snprintf(said, sizeof(said), "%.*s", DNS_TEXT - 1,
		 rc ? err.text : self->work.said);
	if (status && !*said)
		snprintf(said, sizeof(said),
			 "the command ended (wait status %d)", status);
	dns_update_ended(self, rc || status ? DNS_OTHER : DNS_OK, said);
}

static void on_late(void *arg)
{
	struct dns_update *self = arg;

	self->work.timer = NULL;
	self->host->end(self->host, self->work.child);
	self->work.child = NULL;
	dns_update_ended(self, DNS_OTHER,
			 "the command did not end within 30 s");
}

/* add NAME TYPE TTL DATA, or delete NAME TYPE. */
static int run_one(struct dns_update *self, const struct dns_entry *entry,
		   const struct dns_action *action, struct gw6c_err *err)
{
	const struct gw6c_host *host = self->host;
	char ttl[32], data[DNS_DATA] = "";
	const char *argv[] = { host->str(host, "command"),
			       action->add ? "add" : "delete",
			       entry->owner,
			       dns_type_text(action->types),
			       action->add ? ttl : NULL,
			       data,
			       NULL };
	const char *user = host->str(host, "user");
	struct gw6c_run run = { .size = sizeof(run),
				.argv = argv,
				.line = on_line,
				.ended = on_ended,
				.arg = self,
				.user = *user ? user : NULL };

	snprintf(ttl, sizeof(ttl), "%ld", host->num(host, "ttl"));
	if (action->add)
		dns_record_text(entry->owner, action->record, data);
	self->work.child = host->run(host, &run, err);
	if (!self->work.child)
		return err->rc;
	self->work.timer = host->on_timer(host, LATE_MS, on_late, self);
	return GW6C_LATER;
}

static int run_next(struct dns_update *self, struct gw6c_err *err)
{
	const struct dns_entry *entry = busy_of(&self->queue);
	struct dns_action action;

	if (!entry ||
	    !dns_entry_action(entry, false, self->work.step++, &action))
		return GW6C_OK;
	return run_one(self, entry, &action, err);
}

static void cancel(struct dns_update *self)
{
	forget(self);
	self->host->end(self->host, self->work.child);
	self->work.child = NULL;
}

const struct dns_backend dns_command = {
	.name = "command",
	.batch = 1,
	.types = DNS_TYPES,
	.keeps = true,
	.start = run_next,
	.cancel = cancel,
};

/* --- print -------------------------------------------------------------- */

static int print(struct dns_update *self, struct gw6c_err *err)
{
	const struct gw6c_host *host = self->host;
	const struct dns_entry *entry = busy_of(&self->queue);
	struct dns_action action;
	char data[DNS_DATA];

	(void)err;
	for (int step = 0; dns_entry_action(entry, false, step, &action);
	     step++)
		if (action.add)
			host->log(host, GW6C_NOTICE,
				  "to be created: %s. %ld IN %s %s",
				  entry->owner, host->num(host, "ttl"),
				  dns_type_text(action.types),
				  dns_record_text(entry->owner, action.record,
						  data));
		else
			host->log(host, GW6C_NOTICE,
				  "of no use any more: %s. IN %s", entry->owner,
				  dns_type_text(action.types));
	return GW6C_OK;
}

static void nothing(struct dns_update *self)
{
	(void)self;
}

const struct dns_backend dns_print = {
	.name = "print",
	.batch = 1,
	.types = DNS_TYPES,
	.start = print,
	.cancel = nothing,
};
