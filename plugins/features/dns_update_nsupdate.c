/* dns_update_nsupdate.c - the back end nsupdate: RFC 2136 with TSIG (RFC 8945)
 * by the program of that name, which comes with BIND. The key stays in its
 * file. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dns_update.h"
#include <stdlib.h>

#define SCRIPT 60000 /* octets; a program takes no more than 64 KiB */
#define WAIT "10" /* seconds for one update */
#define WAIT_LAST "4" /* at the end */

/* --- what it shall do --------------------------------------------------- */

static void put_line(struct gw6c_buf *out, const char *text)
{
	gw6c_put_text(out, text);
	gw6c_put_text(out, "\n");
}

/* Also what we have not put there: the name is ours, and an address of an
 * earlier life would lead astray. */
static void put_deletes(struct gw6c_buf *out, const struct dns_entry *entry)
{
	char line[DNS_NAME + 40];

	for (uint16_t type = 1; type <= DNS_TYPES; type *= 2) {
		if (!(entry->had & type))
			continue;
		snprintf(line, sizeof(line), "update delete %s. %s",
			 entry->owner, dns_type_text(type));
		put_line(out, line);
	}
}

static void put_adds(struct gw6c_buf *out, const struct dns_entry *entry,
		     long ttl)
{
	char line[DNS_NAME + DNS_DATA + 60], data[DNS_DATA];

	for (int i = 0; i < entry->n_sent; i++) {
		const struct dns_record *record = &entry->sent[i];

		snprintf(line, sizeof(line), "update add %s. %ld %s %s",
			 entry->owner, ttl, dns_type_text(record->type),
			 dns_record_text(entry->owner, record, data));
		put_line(out, line);
	}
}

static void put_head(struct gw6c_buf *out, const struct gw6c_host *host)
{
	const char *server = host->str(host, "server"),
		   *zone = host->str(host, "zone");
	char line[DNS_NAME + 60];

	if (*server) {
		snprintf(line, sizeof(line), "server %.253s %ld", server,
			 host->num(host, "port"));
		put_line(out, line);
	}
	if (*zone) {
		snprintf(line, sizeof(line), "zone %.253s", zone);
		put_line(out, line);
	}
}

void dns_nsupdate_script(const struct gw6c_host *host,
			 const struct dns_queue *queue, struct gw6c_buf *out)
{
	put_head(out, host);
	for (int i = 0; i < queue->n; i++) {
		if (!queue->at[i].busy)
			continue;
		put_deletes(out, &queue->at[i]);
		put_adds(out, &queue->at[i], host->num(host, "ttl"));
	}
	put_line(out, "send");
}

/* --- running it --------------------------------------------------------- */

static void on_line(void *arg, const char *text)
{
	struct dns_update *self = arg;
	enum dns_result result = dns_result_line(text);

	self->host->log(self->host, GW6C_DEBUG, "nsupdate: %s", text);
	/* Without the key it was not signed, and all else follows from that.
	 * The server's own word counts most; why it could not be reached
	 * stands before that it could not. */
	if (result != DNS_OK && self->work.result != DNS_BADFILE &&
	    (self->work.result == DNS_OK || strstr(text, "update failed: ")))
		self->work.result = result;
	if (self->work.result != DNS_BADFILE || result == DNS_BADFILE)
		snprintf(self->work.said, sizeof(self->work.said),
			 "nsupdate: %s", text);
}

/* How it has ended; said: the last line, or what there is to tell instead. */
static enum dns_result result_of(const struct dns_update *self, int status,
				 char said[DNS_TEXT])
{
	enum dns_result result = self->work.result;

	if (!status && result != DNS_BADFILE)
		result = DNS_OK;
	else if (result == DNS_OK)
		result = DNS_OTHER;
	snprintf(said, DNS_TEXT, "%s", self->work.said);
	return result;
}

static void on_ended(void *arg, int status)
{
	struct dns_update *self = arg;
	char said[DNS_TEXT];
	enum dns_result result = result_of(self, status, said);

	self->work.child = NULL;
	if (result == DNS_OTHER && !*said)
		snprintf(said, sizeof(said), "nsupdate ended (wait status %d)",
			 status);
	dns_update_ended(self, result, said);
}

/* out: the child that does it; NULL: it is waited for, limit_ms at most. */
static int run(struct dns_update *self, struct gw6c_child **out,
	       uint32_t limit_ms, struct gw6c_err *err)
{
	const struct gw6c_host *host = self->host;
	const char *key = host->str(host, "key"),
		   *user = host->str(host, "user");
	/* Over TCP: large updates fit, and no answer can be forged blindly. */
	const char *argv[] = { host->str(host, "program"),
			       "-v",
			       "-t",
			       self->ending ? WAIT_LAST : WAIT,
			       *key ? "-k" : NULL,
			       key,
			       NULL };
	struct gw6c_buf script = { .at = malloc(SCRIPT), .cap = SCRIPT };
	struct gw6c_run run = { .size = sizeof(run),
				.argv = argv,
				.line = on_line,
				.ended = on_ended,
				.arg = self,
				.user = *user ? user : NULL };

	if (script.at)
		dns_nsupdate_script(host, &self->queue, &script);
	run.input = gw6c_got(&script);
	if (!script.at || script.overflow)
		gw6c_fail(err, GW6C_EOS, "out of memory for the update");
	else if (out)
		*out = host->run(host, &run, err);
	else
		host->run_wait(host, &run, limit_ms, err);
	free(script.at);
	return err->rc;
}

static int start(struct dns_update *self, struct gw6c_err *err)
{
	if (dns_key_check(self->host, err))
		return err->rc;
	run(self, &self->work.child, 0, err);
	return self->work.child ? GW6C_LATER : err->rc;
}

static void cancel(struct dns_update *self)
{
	self->host->end(self->host, self->work.child);
	self->work.child = NULL;
}

static enum dns_result last(struct dns_update *self, uint32_t limit_ms,
			    char said[DNS_TEXT])
{
	struct gw6c_err err = { 0 };
	int rc = dns_key_check(self->host, &err);
	enum dns_result result;

	if (!rc)
		rc = run(self, NULL, limit_ms, &err);
	result = rc == GW6C_ECONFIG ? DNS_BADFILE : result_of(self, rc, said);
	if (result == DNS_OTHER || rc == GW6C_ECONFIG)
		snprintf(said, DNS_TEXT, "%.*s", DNS_TEXT - 1, err.text);
	return result;
}

const struct dns_backend dns_nsupdate = {
	.name = "nsupdate",
	.batch = DNS_NAMES,
	.types = DNS_TYPES,
	.keeps = true,
	.start = start,
	.cancel = cancel,
	.last = last,
};
