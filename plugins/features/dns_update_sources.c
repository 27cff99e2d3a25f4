/* dns_update_sources.c - who asks for names: options, and files FEATURE.names
 * that other features keep in run_dir. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dns_update.h"
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#define SUFFIX ".names"
#define FILE_MAX 65536 /* octets of one */
#define FILES 16

struct reading {
	struct dns_update *self;
	char *faults; /* of this time, as lines */
	size_t used;
};

/* --- what is wrong ------------------------------------------------------ */

/* Once, as long as it lasts; what does not fit is told later. */
GW6C_PRINTF(2, 3)
static void complain(struct reading *reading, const char *fmt, ...)
{
	struct dns_update *self = reading->self;
	char line[DNS_TEXT + 200];
	va_list args;
	size_t len;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	len = strlen(line);
	if (reading->used + len + 2 > sizeof(self->faults))
		return;
	if (!strstr(self->faults, line))
		self->host->log(self->host, GW6C_WARN, "%s", line);
	memcpy(reading->faults + reading->used, line, len);
	reading->used += len;
	reading->faults[reading->used++] = '\n';
	reading->faults[reading->used] = 0;
}

/* --- wishes ------------------------------------------------------------- */

void dns_unmet_add(struct dns_update *self, const char *owner, int rc,
		   const char *why)
{
	size_t n = (size_t)self->n_unmet;
	struct dns_unmet *grown = NULL;

	if (n < DNS_NAMES)
		grown = realloc(self->unmet, (n + 1) * sizeof(*grown));
	if (!grown)
		return;
	self->unmet = grown;
	self->n_unmet++;
	snprintf(grown[n].owner, sizeof(grown[n].owner), "%s", owner);
	snprintf(grown[n].why, sizeof(grown[n].why), "%.159s", why);
	grown[n].passes = rc == GW6C_MORE;
}

static void leave_out(struct reading *reading, const char *where,
		      const char *owner, const struct gw6c_err *why)
{
	complain(reading, "%s: %s is left out: %s", where, owner, why->text);
	dns_unmet_add(reading->self, owner, why->rc, why->text);
}

static void add_record(struct reading *reading, const char *where,
		       const char *owner, const struct dns_record *record)
{
	struct dns_update *self = reading->self;
	struct gw6c_err err = { 0 };

	if (!(self->by->types & record->type))
		gw6c_fail(&err, GW6C_ECONFIG, "%s publishes no %s record",
			  self->by->name, dns_type_text(record->type));
	else if (!dns_queue_add(&self->queue, owner, record))
		gw6c_fail(&err, GW6C_ECONFIG,
			  "there is room for %d names with %d records each",
			  DNS_NAMES, DNS_RECORDS);
	if (err.rc)
		leave_out(reading, where, owner, &err);
}

static void add_wish(struct reading *reading, const char *where,
		     const struct dns_wish *wish)
{
	const struct dns_update *self = reading->self;
	char owner[DNS_NAME], name[DNS_NAME];
	struct dns_record record = { 0 };
	struct gw6c_err err = { 0 };

	if (dns_wish_owner(wish, self->domain, owner, &err)) {
		complain(reading, "%s: %s is left out: %s", where, wish->name,
			 err.text);
		return;
	}
	if (dns_wish_addr(wish, &self->lease, &record.addr, &err)) {
		leave_out(reading, where, owner, &err);
		return;
	}
	record.type = record.addr.family == 4 ? DNS_A : DNS_AAAA;
	add_record(reading, where, owner, &record);
	if (dns_wish_port(wish, owner, name, &record))
		add_record(reading, where, name, &record);
}

static void read_options(struct reading *reading)
{
	const struct gw6c_host *host = reading->self->host;
	const char *name = host->str(host, "name"), *item;
	struct dns_wish wish = { .rule = "tunnel" };
	struct gw6c_err err = { 0 };

	if (strcmp(name, "none") != 0) {
		snprintf(wish.name, sizeof(wish.name), "%s", name);
		if (strcmp(name, "@") == 0 || dns_name_ok(name))
			add_wish(reading, "name", &wish);
	}
	for (unsigned n = 0; (item = host->item(host, "names", n)); n++)
		if (dns_wish_item(item, &wish, &err) == GW6C_OK)
			add_wish(reading, "names", &wish);
		else
			complain(reading, "names: %s", err.text);
}

/* --- files -------------------------------------------------------------- */

static void read_lines(struct reading *reading, const char *file, char *text)
{
	struct dns_wish wish;
	char where[NAME_MAX + 32];
	int number = 0;

	for (char *line = text, *end; line; line = end) {
		struct gw6c_err err = { 0 };
		int rc;

		end = strchr(line, '\n');
		if (end)
			*end++ = 0;
		snprintf(where, sizeof(where), "%s:%d", file, ++number);
		rc = dns_wish_line(line, &wish, &err);
		if (rc == GW6C_OK)
			add_wish(reading, where, &wish);
		else if (rc != GW6C_MORE)
			complain(reading, "%s: %s; the line is left out", where,
				 err.text);
	}
}

static void read_file(struct reading *reading, const char *file)
{
	char path[PATH_MAX], *text = malloc(FILE_MAX);
	long len;

	snprintf(path, sizeof(path), "%s/%s", reading->self->host->run_dir,
		 file);
	len = text ? dns_file_read(path, text, FILE_MAX) : -1;
	if (len >= 0)
		read_lines(reading, file, text);
	else if (errno != ENOENT)
		complain(reading, "%s is not read: %s", path,
			 errno == EPERM ? "others own it, can write it or have "
					  "linked it"
					: strerror(errno));
	free(text);
}

static int is_ours(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name), more = strlen(SUFFIX);

	return entry->d_name[0] != '.' && len > more &&
	       strcmp(entry->d_name + len - more, SUFFIX) == 0;
}

static void read_files(struct reading *reading)
{
	struct dirent **list = NULL;
	int n = scandir(reading->self->host->run_dir, &list, is_ours,
			alphasort);

	for (int i = 0; i < n; i++) {
		if (i < FILES)
			read_file(reading, list[i]->d_name);
		free(list[i]);
	}
	if (n >= 0)
		free(list);
}

/* --- all of it ---------------------------------------------------------- */

int dns_domain(const struct gw6c_host *host, const struct gw6c_lease *lease,
	       char room[DNS_NAME], struct gw6c_err *err)
{
	const char *given = host->str(host, "domain");
	const char *name = *given ? given : lease->name;
	size_t len = strlen(name);

	room[0] = 0;
	if (!len)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "the broker has given us no domain name; set "
				 "feature.dns-update.domain");
	if (len >= DNS_NAME + 1)
		len = DNS_NAME;
	snprintf(room, DNS_NAME, "%.*s", (int)(len - (name[len - 1] == '.')),
		 name);
	for (char *at = room; *at; at++)
		*at = (char)tolower((unsigned char)*at);
	if (dns_name_ok(room))
		return GW6C_OK;
	room[0] = 0;
	return gw6c_fail(err, GW6C_ECONFIG,
			 "\"%.80s\" is no domain name; set "
			 "feature.dns-update.domain",
			 name);
}

bool dns_sources_read(struct dns_update *self)
{
	char faults[sizeof(self->faults)] = "";
	struct reading reading = { self, faults, 0 };
	struct gw6c_err err = { 0 };

	self->n_unmet = 0;
	dns_queue_begin(&self->queue);
	if (dns_domain(self->host, &self->lease, self->domain, &err)) {
		complain(&reading, "nothing is published: %s", err.text);
	} else {
		read_options(&reading);
		read_files(&reading);
	}
	memcpy(self->faults, faults, sizeof(faults));
	return dns_queue_commit(&self->queue, self->host->now_ms(self->host));
}
