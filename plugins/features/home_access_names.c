/* home_access_names.c - tells the feature dns-update which names there are, by a
 * file of lines "NAME RULE [SERVICE PORT]". */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_access.h"
#include <limits.h>
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

void access_names_write(const struct gw6c_host *host,
			const struct access_entries *entries)
{
	char path[PATH_MAX], fresh[PATH_MAX], text[GW6C_ADDR_TEXT];
	FILE *file;
	int bad;

	unlink(path_of(host, ".new", fresh));
	file = fopen(fresh, "wxe");
	if (!file)
		return;
	for (int i = 0; i < entries->n; i++) {
		const struct access_entry *entry = &entries->item[i];

		if (entries->direct[i])
			fprintf(file, "%s %s\n", entry->device->name,
				gw6c_addr_text(&entry->own, text));
		for (int k = 0; k < entry->device->n_services; k++)
			if (entry->on[k])
				put_service(file, host, entry, k);
	}
	bad = ferror(file);
	if (fclose(file) || bad || rename(fresh, path_of(host, "", path)) < 0)
		unlink(fresh);
}

void access_names_remove(const struct gw6c_host *host)
{
	char path[PATH_MAX];

	unlink(path_of(host, ".new", path));
	unlink(path_of(host, "", path));
}
