/* option.c - values of options that plugins declare, by their types. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "option.h"
#include "core/base/prefix.h"
#include "core/base/text.h"
#include "plugin_kind.h"
#include <string.h>
#include <strings.h>

#define GAPS ", \t"
#define SHOWN 80 /* octets of a value in a message */

bool option_word(const char *list, unsigned n, char room[OPTION_TEXT])
{
	for (;; n--) {
		size_t len;

		list += strspn(list, GAPS);
		len = strcspn(list, GAPS);
		if (!len)
			return false;
		if (!n) {
			snprintf(room, OPTION_TEXT, "%.*s", (int)len, list);
			return true;
		}
		list += len;
	}
}

bool option_has_word(const char *list, const char *word)
{
	char room[OPTION_TEXT];

	for (unsigned n = 0; list && option_word(list, n, room); n++)
		if (conf_same(room, word))
			return true;
	return false;
}

long option_duration(const char *text)
{
	static const struct {
		char unit;
		long s;
	} units[] = {
		{ 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 24L * 3600 }
	};
	size_t digits = strspn(text, "0123456789");
	long value = text_number(text, digits, 1000000000), s = 0;

	if (!text[digits])
		return value;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (text[digits] == units[i].unit && !text[digits + 1])
			s = units[i].s;
	return s && value >= 0 ? value * s : -1;
}

bool option_addr(const struct gw6c_opt *opt, const char *text,
		 struct gw6c_addr *out)
{
	bool ok = opt->type == GW6C_PREFIX ? prefix_parse(text, out)
					   : gw6c_addr_parse(text, out);

	return ok && (!opt->max || opt->max == out->family);
}

long option_num(const struct gw6c_opt *opt, const char *text)
{
	struct setting at = { .key = opt->key, .value = text, .file = "" };
	long value = 0;

	if (opt->type == GW6C_DURATION)
		value = option_duration(text);
	else if (opt->type == GW6C_PORT)
		value = text_number(text, strlen(text), 65535);
	else if (opt->type == GW6C_NUM)
		conf_num(&at, opt->min, opt->max, &value, NULL);
	return value < 0 && opt->type != GW6C_NUM ? 0 : value;
}

/* --- as configured ------------------------------------------------------ */

const struct gw6c_opt *option_of(const struct gw6c_plugin *plugin,
				 const char *key)
{
	for (const struct gw6c_opt *opt = plugin->opts; opt && opt->key; opt++)
		if (strcmp(opt->key, key) == 0)
			return opt;
	return NULL;
}

const struct setting *option_setting(const struct gw6c_plugin *plugin,
				     struct conf *conf,
				     const struct gw6c_opt *opt, int n)
{
	char name[OPTION_NAME];

	snprintf(name, sizeof(name), "%s.%s.%s", plugin_kind_name(plugin->kind),
		 plugin->name, opt->key);
	return conf ? conf_get(conf, name, n) : NULL;
}

/* The loader has checked that every setting has the declared type. An empty
 * one is the default. */
const char *option_text(const struct gw6c_plugin *plugin, struct conf *conf,
			const struct gw6c_opt *opt)
{
	const struct setting *at = option_setting(plugin, conf, opt, 0);
	const char *text = at && *at->value ? at->value
			   : opt->fallback  ? opt->fallback
					    : "";

	return opt->type == GW6C_DEVICE && strcasecmp(text, "auto") == 0 ? ""
									 : text;
}

/* --- checks ------------------------------------------------------------ */

static int wrong(const struct setting *at, struct gw6c_err *err,
		 const char *wanted)
{
	return conf_fail(at, err, "expected %s, got \"%.*s\"", wanted, SHOWN,
			 at->value);
}

static int check_word(const struct gw6c_opt *opt, const struct setting *at,
		      struct gw6c_err *err)
{
	char word[OPTION_TEXT], wanted[300];

	for (unsigned n = 0; option_word(opt->words, n, word); n++)
		if (strcasecmp(word, at->value) == 0)
			return GW6C_OK;
	snprintf(wanted, sizeof(wanted), "one of %s", opt->words);
	return wrong(at, err, wanted);
}

static int check_addr(const struct gw6c_opt *opt, const struct setting *at,
		      struct gw6c_err *err)
{
	struct gw6c_addr addr;
	char wanted[60];

	if (option_addr(opt, at->value, &addr))
		return GW6C_OK;
	snprintf(wanted, sizeof(wanted), "an IP%s%s %s", opt->max ? "v" : "",
		 opt->max == 4	 ? "4"
		 : opt->max == 6 ? "6"
				 : "",
		 opt->type == GW6C_PREFIX ? "prefix" : "address");
	return wrong(at, err, wanted);
}

static int check_duration(const struct gw6c_opt *opt, const struct setting *at,
			  struct gw6c_err *err)
{
	long s = option_duration(at->value);
	char wanted[120];

	if (s >= opt->min && s <= opt->max)
		return GW6C_OK;
	snprintf(wanted, sizeof(wanted),
		 "%ld to %ld seconds, such as 90, 90s, 15m, 2h or 7d", opt->min,
		 opt->max);
	return wrong(at, err, wanted);
}

static int check_one(const struct gw6c_opt *opt, const struct setting *at,
		     struct gw6c_err *err)
{
	bool yes;
	long num;

	switch (opt->type) {
	case GW6C_STR:
	case GW6C_SECRET:
		return GW6C_OK;
	case GW6C_NUM:
		return conf_num(at, opt->min, opt->max, &num, err);
	case GW6C_YES:
		return conf_yes(at, &yes, err);
	case GW6C_WORD:
		return check_word(opt, at, err);
	case GW6C_ADDRESS:
	case GW6C_PREFIX:
		return check_addr(opt, at, err);
	case GW6C_PATH:
		return at->value[0] == '/' ? GW6C_OK
					   : wrong(at, err, "an absolute path");
	case GW6C_PORT:
		return conf_num(at, 1, 65535, &num, err);
	case GW6C_DURATION:
		return check_duration(opt, at, err);
	case GW6C_DEVICE:
		return strlen(at->value) < GW6C_DEV &&
				       !strpbrk(at->value, " \t")
			       ? GW6C_OK
			       : wrong(at, err, "the name of an interface");
	}
	return conf_fail(at, err, "its type is not known");
}

/* Of these, a number or a yes is checked as such. */
static bool is_text(const struct gw6c_opt *opt)
{
	return opt->type == GW6C_STR || opt->type == GW6C_SECRET ||
	       opt->type == GW6C_ADDRESS || opt->type == GW6C_PREFIX ||
	       opt->type == GW6C_PATH || opt->type == GW6C_DEVICE;
}

int option_check(const struct gw6c_opt *opt, const struct setting *at,
		 struct gw6c_err *err)
{
	struct setting one = *at;
	char word[OPTION_TEXT];

	if (is_text(opt) && conf_text(at, opt->type == GW6C_SECRET, err))
		return err->rc;
	if (strlen(at->value) >= OPTION_TEXT)
		return conf_fail(at, err,
				 "the value has %zu octets; the maximum is %d",
				 strlen(at->value), OPTION_TEXT - 1);
	if (opt->flags & GW6C_OPT_OWN && at->value[0] == '/' &&
	    conf_trusted(at, at->value, err))
		return GW6C_ECONFIG;
	if (!(opt->flags & GW6C_OPT_LIST))
		return check_one(opt, at, err);
	one.value = word;
	for (unsigned n = 0; option_word(at->value, n, word); n++)
		if (check_one(opt, &one, err))
			return err->rc;
	return GW6C_OK;
}

const char *option_type_text(const struct gw6c_opt *opt, char *room, size_t len)
{
	static const char *const types[] = {
		[GW6C_STR] = "text",	     [GW6C_SECRET] = "secret",
		[GW6C_NUM] = "number",	     [GW6C_YES] = "yes or no",
		[GW6C_WORD] = "one of",	     [GW6C_ADDRESS] = "address",
		[GW6C_PREFIX] = "prefix",    [GW6C_PATH] = "path",
		[GW6C_PORT] = "port",	     [GW6C_DURATION] = "duration",
		[GW6C_DEVICE] = "interface",
	};
	bool range = opt->type == GW6C_NUM || opt->type == GW6C_DURATION;
	int used = snprintf(room, len, "%s%s",
			    opt->flags & GW6C_OPT_LIST ? "list: " : "",
			    types[opt->type]);

	if (range)
		snprintf(room + used, len - (size_t)used, " %ld to %ld%s",
			 opt->min, opt->max,
			 opt->type == GW6C_DURATION ? " s" : "");
	else if (opt->type == GW6C_WORD)
		snprintf(room + used, len - (size_t)used, " %s", opt->words);
	return room;
}
