/* host_options.c - the options of a plugin, as the host gives them. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/log.h"
#include "host_parts.h"
#include "option.h"
#include "plugin_kind.h"

#define OPTION_NAME 160 /* octets of KIND.NAME.KEY with its NUL */

static const struct gw6c_opt *option_of(const struct gw6c_plugin *plugin,
					const char *key)
{
	for (const struct gw6c_opt *opt = plugin->opts; opt && opt->key; opt++)
		if (strcmp(opt->key, key) == 0)
			return opt;
	return NULL;
}

/* The declaration of an option; NULL: there is none. */
static const struct gw6c_opt *option_get(const struct gw6c_host *host,
					 const char *key)
{
	const struct instance *instance = host->priv;
	const struct gw6c_opt *opt = option_of(instance->plugin, key);

	if (!opt)
		log_msg(GW6C_ERROR, instance->tag,
			"asks for the option '%s', which it does not declare; "
			"this is a bug in the plugin; report it to its author",
			key);
	return opt;
}

/* Element n of a setting; NULL: there is none. */
static const struct setting *option_setting(struct instance *instance,
					    const struct gw6c_opt *opt, int n)
{
	char name[OPTION_NAME];

	snprintf(name, sizeof(name), "%s.%s.%s",
		 plugin_kind_name(instance->plugin->kind),
		 instance->plugin->name, opt->key);
	return instance->conf ? conf_get(instance->conf, name, n) : NULL;
}

/* The loader has checked that every setting has the declared type. An empty
 * one is the default. */
static const char *option_text(const struct gw6c_host *host,
			       const struct gw6c_opt *opt)
{
	const struct setting *at = option_setting(host->priv, opt, 0);
	const char *text = at && *at->value ? at->value
			   : opt->fallback  ? opt->fallback
					    : "";

	return opt->type == GW6C_DEVICE && conf_same(text, "auto") ? "" : text;
}

static const char *service_str(const struct gw6c_host *host, const char *key)
{
	const struct gw6c_opt *opt = option_get(host, key);

	return opt ? option_text(host, opt) : "";
}

static long service_num(const struct gw6c_host *host, const char *key)
{
	const struct gw6c_opt *opt = option_get(host, key);

	return opt ? option_num(opt, option_text(host, opt)) : 0;
}

static bool service_yes(const struct gw6c_host *host, const char *key)
{
	const struct gw6c_opt *opt = option_get(host, key);
	struct setting at = { .key = key, .value = "", .file = "" };
	bool yes = false;

	if (opt)
		at.value = option_text(host, opt);
	if (*at.value)
		conf_yes(&at, &yes, NULL);
	return yes;
}

/* The words of a list stand in one setting, or are its elements. */
static bool option_item(const struct gw6c_host *host,
			const struct gw6c_opt *opt, unsigned n,
			char room[OPTION_TEXT])
{
	const struct setting *at;
	char word[OPTION_TEXT];

	if (!(opt->flags & GW6C_OPT_LIST)) {
		snprintf(room, OPTION_TEXT, "%s",
			 n ? "" : option_text(host, opt));
		return *room;
	}
	if (!option_setting(host->priv, opt, 1))
		return option_word(option_text(host, opt), n, room);
	for (int i = 0; (at = option_setting(host->priv, opt, i)); i++)
		for (unsigned k = 0; option_word(at->value, k, word); k++)
			if (!n--) {
				memcpy(room, word, OPTION_TEXT);
				return true;
			}
	return false;
}

static const char *service_item(const struct gw6c_host *host, const char *key,
				unsigned n)
{
	const struct gw6c_opt *opt = option_get(host, key);
	struct instance *instance = host->priv;

	return opt && option_item(host, opt, n, instance->item) ? instance->item
								: NULL;
}

static bool service_addr(const struct gw6c_host *host, const char *key,
			 unsigned n, struct gw6c_addr *out)
{
	const struct gw6c_opt *opt = option_get(host, key);
	char room[OPTION_TEXT];

	return opt && option_item(host, opt, n, room) &&
	       option_addr(opt, room, out);
}

void host_add_options(struct gw6c_host *host)
{
	host->str = service_str;
	host->num = service_num;
	host->yes = service_yes;
	host->item = service_item;
	host->addr = service_addr;
}
