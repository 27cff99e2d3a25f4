/* dns_update_status.c - what the status says of names, and the file that other
 * features read. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dns_update.h"
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#define STATE_FILE "dns-update.state" /* in run_dir */
#define LINES 20 /* of names in the status */
#define LINE (DNS_NAME + 16)

const char *dns_count_text(int n, char room[32])
{
	snprintf(room, 32, "%d name%s", n, n == 1 ? "" : "s");
	return room;
}

static const char *state_of_entry(const struct dns_entry *entry)
{
	if (!dns_entry_dirty(entry))
		return "SUCCESS";
	if (entry->failed ||
	    (entry->attempts && !dns_result_passes(entry->result)))
		return "ERROR";
	return "PENDING";
}

static const char *state_of_unmet(const struct dns_unmet *unmet)
{
	return unmet->passes ? "PENDING" : "ERROR";
}

static int count(const struct dns_queue *queue, const char *state)
{
	int n = 0;

	for (int i = 0; i < queue->n; i++)
		n += strcmp(state_of_entry(&queue->at[i]), state) == 0;
	return n;
}

static int count_all(const struct dns_update *self, const char *state)
{
	int n = count(&self->queue, state);

	for (int i = 0; i < self->n_unmet; i++)
		n += strcmp(state_of_unmet(&self->unmet[i]), state) == 0;
	return n;
}

/* Is it asked for once more, in vain, by one before number before? */
static bool is_unmet(const struct dns_update *self, const char *owner,
		     int before)
{
	for (int i = 0; i < before; i++)
		if (strcmp(self->unmet[i].owner, owner) == 0)
			return true;
	return false;
}

/* --- the file ----------------------------------------------------------- */

static const char *path_of(const struct gw6c_host *host, char room[PATH_MAX])
{
	snprintf(room, PATH_MAX, "%s/" STATE_FILE, host->run_dir);
	return room;
}

void dns_show_remove(const struct gw6c_host *host)
{
	char path[PATH_MAX];

	unlink(path_of(host, path));
}

static void put_line(struct gw6c_buf *out, const char *owner, const char *state)
{
	char line[LINE];

	snprintf(line, sizeof(line), "%s %s\n", owner, state);
	gw6c_put_text(out, line);
}

/* One line for each name: what is left out of it counts more. */
static char *state_text(const struct dns_update *self)
{
	const struct dns_queue *queue = &self->queue;
	struct gw6c_buf out = {
		.cap = (size_t)(queue->n + self->n_unmet) * LINE + 1
	};

	out.at = malloc(out.cap);
	if (!out.at)
		return NULL;
	for (int i = 0; i < queue->n; i++)
		if (!is_unmet(self, queue->at[i].owner, self->n_unmet))
			put_line(&out, queue->at[i].owner,
				 state_of_entry(&queue->at[i]));
	for (int i = 0; i < self->n_unmet; i++)
		if (!is_unmet(self, self->unmet[i].owner, i))
			put_line(&out, self->unmet[i].owner,
				 state_of_unmet(&self->unmet[i]));
	gw6c_put(&out, "", 1);
	return (char *)out.at;
}

static void show_file(struct dns_update *self)
{
	char path[PATH_MAX], *text = state_text(self);

	if (!text || (self->state && strcmp(self->state, text) == 0)) {
		free(text);
		return;
	}
	if (!*text)
		dns_show_remove(self->host);
	else if (!dns_file_replace(path_of(self->host, path), text,
				   strlen(text)))
		self->host->log(self->host, GW6C_WARN, "cannot write %s", path);
	free(self->state);
	self->state = text;
}

/* --- the status --------------------------------------------------------- */

static const char *state_of(const struct dns_update *self)
{
	if (self->ending)
		return "leaving";
	if (!self->passing)
		return "waiting for the tunnel";
	if (self->error[0] || !self->domain[0])
		return "error";
	if (count(&self->queue, "PENDING"))
		return "publishing";
	return self->n_unmet ? "published in part" : "published";
}

static void put_records(struct gw6c_buf *out, const struct dns_entry *entry)
{
	char data[DNS_DATA];

	for (int n = 0; n < entry->n_want; n++) {
		gw6c_put_text(out, " ");
		gw6c_put_text(out, dns_type_text(entry->want[n].type));
		gw6c_put_text(out, " ");
		gw6c_put_text(out, dns_record_text(entry->owner,
						   &entry->want[n], data));
	}
	if (!entry->n_want)
		gw6c_put_text(out, " to be deleted");
	gw6c_put(out, "", 1);
}

static void show_unmet(const struct dns_update *self, int i, const char *key)
{
	const struct gw6c_host *host = self->host;

	if (i < self->n_unmet)
		host->status(host, key, "%s: %s %s", self->unmet[i].owner,
			     self->unmet[i].why,
			     state_of_unmet(&self->unmet[i]));
	else
		host->status(host, key, NULL);
}

static void show_error(const struct dns_update *self)
{
	const struct gw6c_host *host = self->host;

	if (!self->error[0] && self->n_unmet)
		host->status(host, "error", "%s: %s", self->unmet[0].owner,
			     self->unmet[0].why);
	else
		host->status(host, "error", self->error[0] ? "%s" : NULL,
			     self->error);
}

static void show_name(const struct dns_update *self, int i)
{
	const struct gw6c_host *host = self->host;
	const struct dns_entry *entry = &self->queue.at[i];
	char key[20], room[DNS_RECORDS * (DNS_DATA + 10)];
	struct gw6c_buf text = GW6C_BUF(room);

	snprintf(key, sizeof(key), "name_%d", i + 1);
	if (i >= self->queue.n) {
		show_unmet(self, i - self->queue.n, key);
		return;
	}
	put_records(&text, entry);
	host->status(host, key, "%s%s %s", entry->owner, room,
		     state_of_entry(entry));
}

static void show_left(const struct dns_update *self)
{
	const struct gw6c_host *host = self->host;
	const char *at = self->queue.left;
	char by[16] = "others", line[DNS_NAME + 32], key[20];

	for (int i = 0; i < LINES; i++) {
		snprintf(key, sizeof(key), "by_hand_%d", i + 1);
		if (dns_left_next(&at, by, line))
			host->status(host, key, "%s to be deleted by hand (%s)",
				     line, by);
		else
			host->status(host, key, NULL);
	}
}

void dns_show(struct dns_update *self)
{
	const struct gw6c_host *host = self->host;

	show_file(self);
	if (!GW6C_HAS(host, status) || !host->status)
		return;
	host->status(host, "state", "%s", state_of(self));
	show_error(self);
	host->status(host, "by", "%s", self->by->name);
	host->status(host, "domain", self->domain[0] ? "%s" : NULL,
		     self->domain);
	host->status(host, "success", "%d", count(&self->queue, "SUCCESS"));
	host->status(host, "pending", "%d", count_all(self, "PENDING"));
	host->status(host, "errors", "%d", count_all(self, "ERROR"));
	for (int i = 0; i < LINES; i++)
		show_name(self, i);
	show_left(self);
}
