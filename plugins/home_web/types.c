/* types.c - the media type of a file by its name. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "types.h"
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SUFFIX 16 /* octets of a suffix with its NUL */

struct type {
	char suffix[SUFFIX];
	const char *name;
};

struct types {
	char *text; /* of the file, cut into words */
	struct type *list; /* by suffix */
	size_t n;
};

/* What the web cannot do without. By suffix. */
static const struct type own[] = {
	{ "7z", "application/x-7z-compressed" },
	{ "apk", "application/vnd.android.package-archive" },
	{ "asc", "text/plain" },
	{ "atom", "application/atom+xml" },
	{ "avif", "image/avif" },
	{ "bmp", "image/bmp" },
	{ "bz2", "application/x-bzip2" },
	{ "c", "text/plain" },
	{ "conf", "text/plain" },
	{ "css", "text/css" },
	{ "csv", "text/csv" },
	{ "diff", "text/plain" },
	{ "doc", "application/msword" },
	{ "epub", "application/epub+zip" },
	{ "flac", "audio/flac" },
	{ "gif", "image/gif" },
	{ "gz", "application/gzip" },
	{ "h", "text/plain" },
	{ "htm", "text/html" },
	{ "html", "text/html" },
	{ "ico", "image/vnd.microsoft.icon" },
	{ "ics", "text/calendar" },
	{ "jpeg", "image/jpeg" },
	{ "jpg", "image/jpeg" },
	{ "js", "text/javascript" },
	{ "json", "application/json" },
	{ "log", "text/plain" },
	{ "m4a", "audio/mp4" },
	{ "md", "text/markdown" },
	{ "mjs", "text/javascript" },
	{ "mkv", "video/x-matroska" },
	{ "mp3", "audio/mpeg" },
	{ "mp4", "video/mp4" },
	{ "odt", "application/vnd.oasis.opendocument.text" },
	{ "ogg", "audio/ogg" },
	{ "opus", "audio/ogg" },
	{ "otf", "font/otf" },
	{ "pdf", "application/pdf" },
	{ "png", "image/png" },
	{ "rss", "application/rss+xml" },
	{ "svg", "image/svg+xml" },
	{ "tar", "application/x-tar" },
	{ "tif", "image/tiff" },
	{ "tiff", "image/tiff" },
	{ "ttf", "font/ttf" },
	{ "txt", "text/plain" },
	{ "vcf", "text/vcard" },
	{ "wasm", "application/wasm" },
	{ "wav", "audio/x-wav" },
	{ "webm", "video/webm" },
	{ "webmanifest", "application/manifest+json" },
	{ "webp", "image/webp" },
	{ "woff", "font/woff" },
	{ "woff2", "font/woff2" },
	{ "xhtml", "application/xhtml+xml" },
	{ "xml", "application/xml" },
	{ "xz", "application/x-xz" },
	{ "zip", "application/zip" },
	{ "zst", "application/zstd" },
};

static int by_suffix(const void *a, const void *b)
{
	return strcasecmp(((const struct type *)a)->suffix,
			  ((const struct type *)b)->suffix);
}

/* --- those of the system ------------------------------------------------ */

static bool types_add(struct types *types, const char *suffix, const char *name)
{
	struct type *list = types->list;

	if (strlen(suffix) >= SUFFIX)
		return true;
	if (types->n % 256 == 0)
		list = realloc(list, (types->n + 256) * sizeof(*list));
	if (!list)
		return false;
	types->list = list;
	snprintf(list[types->n].suffix, SUFFIX, "%s", suffix);
	list[types->n++].name = name;
	return true;
}

static bool types_line(struct types *types, char *line)
{
	char *save, *name, *word;

	line[strcspn(line, "#\r")] = 0;
	name = strtok_r(line, " \t", &save);
	if (!name || !strchr(name, '/'))
		return true;
	while ((word = strtok_r(NULL, " \t", &save)))
		if (!types_add(types, word, name))
			return false;
	return true;
}

#define TEXT_MAX (1 << 20) /* octets of such a file */

static char *read_text(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = file ? malloc(TEXT_MAX + 1) : NULL, *less;
	size_t len = text ? fread(text, 1, TEXT_MAX, file) : 0;

	if (file)
		fclose(file);
	if (!text)
		return NULL;
	text[len] = 0;
	less = realloc(text, len + 1);
	return less ? less : text;
}

struct types *types_load(const char *path)
{
	struct types *types = calloc(1, sizeof(*types));
	char *rest, *line;
	bool ok = true;

	if (!types)
		return NULL;
	types->text = rest = read_text(path);
	while (ok && rest && (line = strsep(&rest, "\n")))
		ok = types_line(types, line);
	if (!types->n || !ok) {
		types_free(types);
		return NULL;
	}
	qsort(types->list, types->n, sizeof(*types->list), by_suffix);
	return types;
}

void types_free(struct types *types)
{
	if (!types)
		return;
	free(types->text);
	free(types->list);
	free(types);
}

/* --- which -------------------------------------------------------------- */

static const char *find(const struct type *list, size_t n, const char *suffix)
{
	struct type key;
	const struct type *found;

	if (!n || strlen(suffix) >= SUFFIX)
		return NULL;
	snprintf(key.suffix, sizeof(key.suffix), "%s", suffix);
	found = bsearch(&key, list, n, sizeof(*list), by_suffix);
	return found ? found->name : NULL;
}

static bool is_text(const char *type)
{
	size_t len = strlen(type);

	return strncmp(type, "text/", 5) == 0 ||
	       strcmp(type, "application/javascript") == 0 ||
	       strcmp(type, "application/xml") == 0 ||
	       (len > 4 && strcmp(type + len - 4, "+xml") == 0);
}

const char *types_of(const struct types *types, const char *name,
		     const char *charset, char *room, size_t len)
{
	const char *dot = strrchr(name, '.'), *type = NULL;

	if (dot && types)
		type = find(types->list, types->n, dot + 1);
	if (dot && !type)
		type = find(own, sizeof(own) / sizeof(own[0]), dot + 1);
	if (!type)
		type = "application/octet-stream";
	if (*charset && is_text(type))
		snprintf(room, len, "%s; charset=%s", type, charset);
	else
		snprintf(room, len, "%s", type);
	return room;
}
