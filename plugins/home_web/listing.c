/* listing.c - a page with the files of a directory. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "listing.h"
#include "page.h"
#include "path.h"
#include "request.h"
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#define ENTRIES 5000 /* more are not for people */

struct entry {
	char *name;
	bool is_dir;
	unsigned long long size;
	time_t changed;
};

struct entries {
	struct entry *list;
	size_t n;
	bool more; /* than are listed */
};

const char *listing_size(unsigned long long octets, char room[16])
{
	static const char units[] = "kMGTPE";
	double value = (double)octets / 1000;
	int i = 0;

	if (octets < 1000) {
		snprintf(room, 16, "%llu B", octets);
		return room;
	}
	for (; value >= 999.5 && units[i + 1]; i++)
		value /= 1000;
	snprintf(room, 16, value < 9.95 ? "%.1f %cB" : "%.0f %cB", value,
		 units[i]);
	return room;
}

/* --- what there is ------------------------------------------------------ */

/* Directories first; else as people sort: case does not count at first. */
static int by_name(const void *a, const void *b)
{
	const struct entry *one = a, *other = b;
	int order = (int)other->is_dir - (int)one->is_dir;

	if (!order)
		order = strcasecmp(one->name, other->name);
	return order ? order : strcmp(one->name, other->name);
}

static bool entries_add(struct entries *all, const char *name,
			const struct stat *at)
{
	struct entry *list = all->list;

	if (all->n % 64 == 0)
		list = realloc(list, (all->n + 64) * sizeof(*list));
	if (!list)
		return false;
	all->list = list;
	list[all->n] = (struct entry){ .name = strdup(name),
				       .is_dir = S_ISDIR(at->st_mode),
				       .size = (unsigned long long)at->st_size,
				       .changed = at->st_mtime };
	return list[all->n].name && ++all->n;
}

/* "404.html" in the root: the site's own page for that status. */
static bool is_error_page(const char *path, const char *name,
			  const struct stat *at)
{
	return !*path && S_ISREG(at->st_mode) &&
	       (name[0] == '4' || name[0] == '5') &&
	       strspn(name, "0123456789") == 3 &&
	       strcmp(name + 3, ".html") == 0;
}

/* Only what would be served, too, and is there to be read. */
static bool entries_read(struct entries *all, int root, const char *path,
			 DIR *dir)
{
	const struct dirent *file;
	char whole[REQUEST_PATH + NAME_MAX + 1];
	struct stat at;

	while ((file = readdir(dir))) {
		if (file->d_name[0] == '.')
			continue;
		snprintf(whole, sizeof(whole), "%s%s", path, file->d_name);
		if (!path_look(root, whole, &at) ||
		    is_error_page(path, file->d_name, &at))
			continue;
		if (all->n == ENTRIES) {
			all->more = true;
			break;
		}
		if (!entries_add(all, file->d_name, &at))
			return false;
	}
	qsort(all->list, all->n, sizeof(*all->list), by_name);
	return true;
}

/* --- the page ----------------------------------------------------------- */

static void write_link(FILE *out, const char *name, bool is_dir)
{
	char url[3 * NAME_MAX + 4];

	if (!request_encode(name, url, sizeof(url)))
		return;
	/* Else a colon in a name would make a scheme of it. */
	fprintf(out, "<a href=\"./%s%s\">", url, is_dir ? "/" : "");
	page_text(out, name);
	fprintf(out, "%s</a>", is_dir ? "/" : "");
}

static void write_icon(FILE *out, bool is_dir)
{
	fputs(is_dir ? "<svg class=\"f\" viewBox=\"0 0 20 20\" "
		       "aria-hidden=\"true\"><path d=\"M2 5.5A1.5 1.5 0 0 1 "
		       "3.5 4h4l2 2h7A1.5 1.5 0 0 1 18 7.5v7a1.5 1.5 0 0 1-1.5 "
		       "1.5h-13A1.5 1.5 0 0 1 2 14.5z\"/></svg>"
		     : "<svg viewBox=\"0 0 20 20\" aria-hidden=\"true\">"
		       "<path d=\"M5 2.5h6.5L16 7v10.5H5zM11.5 2.5V7H16\"/>"
		       "</svg>",
	      out);
}

static void write_row(FILE *out, const struct entry *entry)
{
	char size[16] = "", date[32] = "", exact[32] = "";
	struct tm tm;

	if (gmtime_r(&entry->changed, &tm)) {
		strftime(date, sizeof(date), "%Y-%m-%d %H:%M", &tm);
		strftime(exact, sizeof(exact), "%Y-%m-%dT%H:%M:%SZ", &tm);
	}
	if (!entry->is_dir)
		listing_size(entry->size, size);
	fputs("<tr><td class=\"n\">", out);
	write_icon(out, entry->is_dir);
	write_link(out, entry->name, entry->is_dir);
	fprintf(out,
		"<td class=\"s\">%s<td class=\"d\">"
		"<time datetime=\"%s\">%s</time>\n",
		size, exact, date);
}

/* The way here, each step a link. */
static void write_heading(FILE *out, const char *path)
{
	char name[NAME_MAX + 1];
	size_t steps = 0;

	for (const char *at = path; *at; at++)
		steps += *at == '/';
	fputs("<h1>", out);
	for (size_t i = 0; i <= steps; i++) {
		size_t len = i ? strcspn(path, "/") : 0;

		snprintf(name, sizeof(name), "%.*s", (int)len, path);
		path += i ? len + 1 : 0;
		fputs(i ? "<i>/</i><a href=\"" : "<a href=\"", out);
		for (size_t up = i; up < steps; up++)
			fputs("../", out);
		fputs(i == steps ? "./\">" : "\">", out);
		page_text(out, i ? name : "Files");
		fputs("</a>", out);
	}
	fputs("</h1>\n", out);
}

static void write_page(FILE *out, const char *path, const struct entries *all)
{
	char title[REQUEST_PATH + 16];

	snprintf(title, sizeof(title), "Files in /%s", path);
	page_begin(out, title);
	write_heading(out, path);
	fputs("<div class=\"card\">\n<table>\n<thead><tr><th>Name"
	      "<th class=\"s\">Size<th class=\"d\">Changed (UTC)\n<tbody>\n",
	      out);
	if (*path)
		fputs("<tr><td class=\"n\"><a href=\"../\">.. (up)</a>"
		      "<td class=\"s\"><td class=\"d\">\n",
		      out);
	for (size_t i = 0; i < all->n; i++)
		write_row(out, &all->list[i]);
	if (!all->n && !*path)
		fputs("<tr><td class=\"n\">No files yet."
		      "<td class=\"s\"><td class=\"d\">\n",
		      out);
	fputs("</table>\n</div>\n", out);
	if (all->more)
		fprintf(out, "<p>Only the first %d files are listed.</p>\n",
			ENTRIES);
	page_end(out);
}

int listing_write(FILE *out, int root, const char *path, int fd)
{
	struct entries all = { 0 };
	DIR *dir = fdopendir(fd);
	bool ok;

	if (!dir) {
		close(fd);
		return ENOMEM;
	}
	ok = entries_read(&all, root, path, dir);
	closedir(dir);
	if (ok)
		write_page(out, path, &all);
	for (size_t i = 0; i < all.n; i++)
		free(all.list[i].name);
	free(all.list);
	return ok ? 0 : ENOMEM;
}
