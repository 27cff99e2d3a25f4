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

struct candidates {
	struct loader *loader;
	struct conf *conf;
	const struct settings *settings;
	const struct gw6c_plugin **out;
	int n;
};

/* A module that is there but cannot be loaded is not a reason to stay down
 * while others are: warn. */
static void consider(struct candidates *all, const char *name,
		     const struct setting *at)
{
	const struct gw6c_plugin *plugin;
	struct gw6c_err why = { 0 };

	if (all->n == SETTINGS_LIST)
		return;
	if (loader_get(all->loader, GW6C_AUTH, name, at, &plugin, &why))
		log_msg(GW6C_WARN, "login", "%s", why.text);
	else if (mechanisms_allowed(all->settings, plugin))
		mechanisms_insert(all->out, all->n++, plugin);
}

static void consider_each(void *arg, const char *name,
			  const struct gw6c_plugin *plugin,
			  const struct gw6c_err *err)
{
	(void)plugin;
	(void)err;
	consider(arg, name, NULL);
}

static int none_is_left(const struct candidates *all, struct gw6c_err *err)
{
	const struct setting *at = conf_get(all->conf, "auth_list", 0);
	const char *clear = all->settings->allow_plain
				    ? ""
				    : "; one that sends the password in clear "
				      "text needs allow_plain=yes";

	if (all->settings->auth_list[0] && at)
		return conf_fail(at, err,
				 "lists no mechanism that is installed and "
				 "allowed%s",
				 clear);
	return gw6c_fail(err, GW6C_ECONFIG,
			 "auth_method=any: none of the login mechanisms that "
			 "are allowed is installed%s; install their plugins",
			 clear);
}

/* Those of auth_list that are installed, or all that are. */
static int mechanisms_any(struct candidates *all, struct gw6c_err *err)
{
	const char *const *list = all->settings->auth_list;
	const struct setting *at = conf_get(all->conf, "auth_list", 0);

	for (int i = 0; i < SETTINGS_LIST && list[i]; i++)
		if (loader_has(all->loader, GW6C_AUTH, list[i]))
			consider(all, list[i], at);
	if (!list[0])
		loader_each(all->loader, GW6C_AUTH, consider_each, all);
	return all->n ? GW6C_OK : none_is_left(all, err);
}

/* What the mechanisms need of the configuration. */
static int mechanisms_need(const struct candidates *all, struct gw6c_err *err)
{
	const struct settings *settings = all->settings;
	const struct setting *at = conf_get(all->conf, "auth_method", 0);
	const char *missing = NULL;
	uint32_t flags = 0;

	for (int i = 0; i < all->n; i++)
		flags |= all->out[i]->auth->flags;
	if (!(flags & GW6C_AUTH_PASSWORD))
		return GW6C_OK;
	if (!*settings->userid)
		missing = "userid=";
	else if (!*settings->passwd)
		missing = "passwd= or passwd_file=";
	if (!missing)
		return GW6C_OK;
	if (!at)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "configuration: auth_method: needs %s",
				 missing);
	return conf_fail(at, err,
			 "needs %s; only " DEFAULT_AUTH " works without",
			 missing);
}

int mechanisms_load(struct loader *loader, struct conf *conf,
		    const struct settings *settings,
		    const struct gw6c_plugin *out[SETTINGS_LIST + 1],
		    struct gw6c_err *err)
{
	struct candidates all = { loader, conf, settings, out, 0 };

	out[0] = out[1] = NULL;
	if (strcmp(settings->auth_method, "any") == 0) {
		if (mechanisms_any(&all, err))
			return err->rc;
	} else if (loader_get(loader, GW6C_AUTH, settings->auth_method,
			      conf_get(conf, "auth_method", 0), &out[0], err)) {
		return err->rc;
	} else {
		all.n = 1;
	}
	return mechanisms_need(&all, err);
}
