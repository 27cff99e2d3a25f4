/* host_status.c - the lines that a plugin adds to the status. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/log.h"
#include "core/base/status.h"
#include "host_parts.h"
#include "plugin_kind.h"
#include <stdlib.h>

/* Octets of a key before the number that makes it a member of a list, "x[7]";
 * all of it if it has none. */
static size_t key_name(const char *key)
{
	size_t len = strcspn(key, "["), digits;

	if (!key[len])
		return len;
	digits = strspn(key + len + 1, "0123456789");
	return digits && strcmp(key + len + 1 + digits, "]") == 0 ? len : 0;
}

static bool key_is_good(const char *key)
{
	size_t len = key_name(key);

	return len && strlen(key) < sizeof(((struct host_line *)0)->key) &&
	       strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_") >= len;
}

static struct host_line *line_find(struct instance *instance, const char *key)
{
	for (int i = 0; i < instance->n_lines; i++)
		if (strcmp(instance->lines[i].key, key) == 0)
			return &instance->lines[i];
	return NULL;
}

/* Those behind it move up: the order is that of the first setting. */
static void line_remove(struct instance *instance, struct host_line *line)
{
	size_t behind =
		(size_t)(&instance->lines[instance->n_lines] - line) - 1;

	memmove(line, line + 1, behind * sizeof(*line));
	instance->n_lines--;
}

static bool same_list(const char *a, const char *b)
{
	size_t len = key_name(a);

	return a[len] && key_name(b) == len && b[len] &&
	       strncmp(a, b, len) == 0;
}

/* The members of a list stand together. */
static int line_place(const struct instance *instance, const char *key)
{
	for (int i = instance->n_lines; i-- > 0;)
		if (same_list(key, instance->lines[i].key))
			return i + 1;
	return instance->n_lines;
}

static bool line_fits(const struct instance *instance, const char *key)
{
	bool member = key[key_name(key)];
	int n = 0;

	for (int i = 0; i < instance->n_lines; i++) {
		const char *other = instance->lines[i].key;

		n += (other[key_name(other)] != 0) == member;
	}
	return n < (member ? HOST_MEMBERS : HOST_LINES);
}

/* NULL: there is no room. */
static struct host_line *line_add(struct instance *instance, const char *key)
{
	size_t n = (size_t)instance->n_lines;
	struct host_line *lines, *line;

	if (!line_fits(instance, key))
		return NULL;
	lines = realloc(instance->lines, (n + 1) * sizeof(*lines));
	if (!lines)
		return NULL;
	instance->lines = lines;
	line = &lines[line_place(instance, key)];
	memmove(line + 1, line, (size_t)(&lines[n] - line) * sizeof(*line));
	instance->n_lines++;
	snprintf(line->key, sizeof(line->key), "%s", key);
	return line;
}

GW6C_PRINTF(3, 4)
static void service_status(const struct gw6c_host *host, const char *key,
			   const char *fmt, ...)
{
	struct instance *instance = host->priv;
	struct host_line *line;
	va_list args;

	if (!key_is_good(key)) {
		log_msg(GW6C_ERROR, instance->tag,
			"the status key '%s' is not 1 to %zu of a-z, 0-9 and "
			"_; this is a bug in the plugin; report it to its "
			"author",
			key, sizeof(line->key) - 1);
		return;
	}
	line = line_find(instance, key);
	if (!fmt) {
		if (line)
			line_remove(instance, line);
		return;
	}
	if (!line)
		line = line_add(instance, key);
	if (!line) {
		log_msg(GW6C_WARN, instance->tag,
			"no room for another status line; ignoring key=%s",
			key);
		return;
	}
	va_start(args, fmt);
	vsnprintf(line->value, sizeof(line->value), fmt, args);
	va_end(args);
}

void host_put_status(const struct gw6c_host *host, struct gw6c_buf *out)
{
	const struct instance *instance = host->priv;
	char name[160];

	for (int i = 0; i < instance->n_lines; i++) {
		const char *key = instance->lines[i].key;
		size_t len = key_name(key);

		snprintf(name, sizeof(name), "%s.%s.%.*s%s",
			 plugin_kind_name(instance->plugin->kind),
			 instance->plugin->name, (int)len, key,
			 key[len] ? STATUS_LIST : "");
		status_put(out, name, "%s", instance->lines[i].value);
	}
}

void host_add_status(struct gw6c_host *host)
{
	host->status = service_status;
}
