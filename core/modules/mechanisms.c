/* mechanisms.c - which login mechanisms the configuration allows. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "mechanisms.h"
#include "core/base/log.h"

/* Keep the strongest first; equal ones stay in the order of the list. */
static void mechanisms_insert(const struct gw6c_plugin **list, int n,
			      const struct gw6c_plugin *plugin)
{
	int at = n;

	while (at > 0 && list[at - 1]->auth->rank < plugin->auth->rank) {
		list[at] = list[at - 1];
		at--;
	}
	list[at] = plugin;
	list[n + 1] = NULL;
}

static bool mechanisms_allowed(const struct settings *settings,
			       const struct gw6c_plugin *plugin)
{
	uint32_t flags = plugin->auth->flags;

	if (flags & GW6C_AUTH_EMPTY)
		return false;
	return !(flags & GW6C_AUTH_CLEARTEXT) || settings->allow_plain;
}

/* A module that is there but cannot be loaded is not a reason to stay down
 * while others are: warn. */
static int mechanisms_any(struct loader *loader, struct conf *conf,
			  const struct settings *settings,
			  const struct gw6c_plugin **out, struct gw6c_err *err)
{
	const struct setting *at = conf_get(conf, "auth_list", 0);
	const struct gw6c_plugin *plugin;
	int n = 0;

	for (int i = 0; i < SETTINGS_LIST && settings->auth_list[i]; i++) {
		const char *name = settings->auth_list[i];
		struct gw6c_err why = { 0 };

		if (!loader_has(loader, GW6C_AUTH, name))
			continue;
		if (loader_get(loader, GW6C_AUTH, name, at, &plugin, &why))
			log_msg(GW6C_WARN, "login", "%s", why.text);
		else if (mechanisms_allowed(settings, plugin))
			mechanisms_insert(out, n++, plugin);
	}
	if (n)
		return GW6C_OK;
	return gw6c_fail(err, GW6C_ECONFIG,
			 "auth_method=any: none of the login mechanisms of "
			 "auth_list is installed%s; install their plugins",
			 settings->allow_plain ? ""
					       : " (plain is used only with "
						 "allow_plain=yes)");
}

int mechanisms_load(struct loader *loader, struct conf *conf,
		    const struct settings *settings,
		    const struct gw6c_plugin *out[SETTINGS_LIST + 1],
		    struct gw6c_err *err)
{
	out[0] = out[1] = NULL;
	if (strcmp(settings->auth_method, "any") == 0)
		return mechanisms_any(loader, conf, settings, out, err);
	return loader_get(loader, GW6C_AUTH, settings->auth_method,
			  conf_get(conf, "auth_method", 0), &out[0], err);
}
