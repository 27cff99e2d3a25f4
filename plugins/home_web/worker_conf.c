/* worker_conf.c - what the worker is told on its standard input. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "worker_conf.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TEXT 8192 /* octets of all lines */

static bool add_listener(struct worker_conf *conf, int fd, bool tls)
{
	if (conf->n_listeners == LISTENERS)
		return false;
	conf->listener[conf->n_listeners++] = (struct listener){ fd, tls };
	return true;
}

static bool is(const char *text, const char *other)
{
	return strcmp(text, other) == 0;
}

static void set_text(char *room, size_t len, const char *value)
{
	snprintf(room, len, "%s", value);
}

/* Descriptors. */
static bool set_descriptor(struct worker_conf *conf, const char *name, int fd)
{
	if (is(name, "http") || is(name, "https"))
		return add_listener(conf, fd, is(name, "https"));
	if (is(name, "root"))
		conf->site.root = fd;
	else if (is(name, "acme"))
		conf->site.acme = fd;
	else if (is(name, "control"))
		conf->control = fd;
	else if (is(name, "log"))
		conf->log = fd;
	else
		return false;
	return true;
}

static bool set_number(struct worker_conf *conf, const char *name,
		       unsigned long value)
{
	struct connection_limits *limits = &conf->limits;

	if (is(name, "connections"))
		limits->all = (unsigned)value;
	else if (is(name, "per_net"))
		limits->per_net = (unsigned)value;
	else if (is(name, "head_s"))
		limits->head_s = (unsigned)value;
	else if (is(name, "idle_s"))
		limits->idle_s = (unsigned)value;
	else if (is(name, "slowest"))
		limits->slowest = (unsigned)value;
	else if (is(name, "rate"))
		limits->rate = value;
	else if (is(name, "head_octets"))
		conf->head_octets = (unsigned)value;
	else if (is(name, "tls_port"))
		conf->site.tls_port = (unsigned)value;
	else if (is(name, "hsts"))
		conf->site.hsts_s = value;
	else if (is(name, "listing"))
		conf->site.listing = value;
	else if (is(name, "redirect"))
		conf->site.redirect = value;
	else
		return false;
	return true;
}

static bool set(struct worker_conf *conf, const char *name, const char *value)
{
	unsigned long number = strtoul(value, NULL, 10);

	if (is(name, "charset"))
		set_text(conf->site.charset, sizeof(conf->site.charset), value);
	else if (is(name, "name"))
		set_text(conf->site.name, sizeof(conf->site.name), value);
	else if (is(name, "mime_types"))
		set_text(conf->mime_types, sizeof(conf->mime_types), value);
	else
		return set_descriptor(conf, name, (int)number) ||
		       set_number(conf, name, number);
	return true;
}

bool worker_conf_read(int fd, struct worker_conf *conf, char *why, size_t len)
{
	char text[TEXT], *rest = text, *line;
	size_t used = 0;
	ssize_t got;

	*conf = (struct worker_conf){ .site = { .root = -1, .acme = -1 },
				      .control = -1,
				      .log = -1 };
	while ((got = read(fd, text + used, sizeof(text) - 1 - used)) > 0)
		used += (size_t)got;
	text[used] = 0;
	while ((line = strsep(&rest, "\n"))) {
		char *value = strchr(line, '=');

		if (!*line)
			continue;
		if (value)
			*value++ = 0;
		if (!value || !set(conf, line, value)) {
			snprintf(why, len, "it does not understand \"%s\"",
				 line);
			return false;
		}
	}
	if (conf->site.root < 0 || !conf->n_listeners) {
		snprintf(why, len, "it got no directory or no socket");
		return false;
	}
	return true;
}
