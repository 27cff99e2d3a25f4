/* home_access_names.c - tells the feature dns-update which names there are, by a
 * file of lines "NAME RULE [SERVICE PORT]". */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_access.h"
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

static const char *path_of(const struct gw6c_host *host, const char *suffix,
			   char room[PATH_MAX])
{
	snprintf(room, PATH_MAX, "%s/home-access.names%s", host->run_dir,
		 suffix);
	return room;
}

static void put_port(FILE *file, const struct access_service *service,
		     long port)
{
	if (service->way == ACCESS_HTTP && port != 80)
		fprintf(file, " http %ld", port);
	else if (service->way == ACCESS_HTTPS && port != 443)
		fprintf(file, " https %ld", port);
}

static void put_service(FILE *file, const struct gw6c_host *host,
			const struct access_entry *entry, int k)
{
	const struct access_service *service = &entry->device->service[k];
	char text[GW6C_ADDR_TEXT];

	fprintf(file, "%s %s", entry->device->name,
		entry->own.family ? gw6c_addr_text(&entry->own, text)
				  : "tunnel");
	put_port(file, service,
		 host->num(host,
			   service->way == ACCESS_HTTP ? "port" : "tls_port"));
	putc('\n', file);
}

/* The caller's to free(); NULL: memory is out. */
static char *names_text(const struct gw6c_host *host,
			const struct access_entries *entries)
{
	char *text = NULL, addr[GW6C_ADDR_TEXT];
	size_t len;
	FILE *file = open_memstream(&text, &len);

	if (!file)
		return NULL;
	for (int i = 0; i < entries->n; i++) {
		const struct access_entry *entry = &entries->item[i];

		if (entries->direct[i])
			fprintf(file, "%s %s\n", entry->device->name,
				gw6c_addr_text(&entry->own, addr));
		for (int k = 0; k < entry->device->n_services; k++)
			if (entry->on[k])
				put_service(file, host, entry, k);
	}
	if (fclose(file) == 0)
		return text;
	free(text);
	return NULL;
}

static bool is_there(const char *path, const char *text)
{
	char *known;
	size_t len;
	bool same = access_file_read(path, &known, &len) &&
		    len == strlen(text) && memcmp(known, text, len) == 0;

	free(known);
	return same;
}

/* Who reads it looks at it again only when it is another one. */
void access_names_write(const struct gw6c_host *host,
			const struct access_entries *entries)
{
	char path[PATH_MAX], fresh[PATH_MAX];
	char *text = names_text(host, entries);
	FILE *file = NULL;
	bool bad;

	path_of(host, "", path);
	if (text && !is_there(path, text)) {
		unlink(path_of(host, ".new", fresh));
		file = fopen(fresh, "wxe");
	}
	if (file) {
		bad = fputs(text, file) < 0;
		if (fclose(file) || bad || rename(fresh, path) < 0)
			unlink(fresh);
	}
	free(text);
}

void access_names_remove(const struct gw6c_host *host)
{
	char path[PATH_MAX];

	unlink(path_of(host, ".new", path));
	unlink(path_of(host, "", path));
}
