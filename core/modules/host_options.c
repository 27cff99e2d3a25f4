/* host_options.c - the options of a plugin, as the host gives them. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/log.h"
#include "host_parts.h"
#include "option.h"

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

static const char *text_of(const struct gw6c_host *host,
			   const struct gw6c_opt *opt)
{
	const struct instance *instance = host->priv;

	return option_text(instance->plugin, instance->conf, opt);
}

static const char *service_str(const struct gw6c_host *host, const char *key)
{
	const struct gw6c_opt *opt = option_get(host, key);

	return opt ? text_of(host, opt) : "";
}

static long service_num(const struct gw6c_host *host, const char *key)
{
	const struct gw6c_opt *opt = option_get(host, key);

	return opt ? option_num(opt, text_of(host, opt)) : 0;
}

static bool service_yes(const struct gw6c_host *host, const char *key)
{
	const struct gw6c_opt *opt = option_get(host, key);
	struct setting at = { .key = key, .value = "", .file = "" };
	bool yes = false;

	if (opt)
		at.value = text_of(host, opt);
	if (*at.value)
		conf_yes(&at, &yes, NULL);
	return yes;
}

/* The words of a list stand in one setting, or are its elements. */
static bool option_item(const struct gw6c_host *host,
			const struct gw6c_opt *opt, unsigned n,
			char room[OPTION_TEXT])
{
	const struct instance *instance = host->priv;
	const struct setting *at;
	char word[OPTION_TEXT];

	if (!(opt->flags & GW6C_OPT_LIST)) {
		snprintf(room, OPTION_TEXT, "%s", n ? "" : text_of(host, opt));
		return *room;
	}
	if (!option_setting(instance->plugin, instance->conf, opt, 1))
		return option_word(text_of(host, opt), n, room);
	for (int i = 0;
	     (at = option_setting(instance->plugin, instance->conf, opt, i));
	     i++)
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
