/* modes.c - the tunnel modes that the broker offers, by their descriptors. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "modes.h"
#include <strings.h>

#define NAMES_MAX 200 /* octets of the list of installed modes */

/* All tunnel plugins there are. */
struct installed {
	const struct gw6c_plugin *mode[2 * MODES_MAX];
	int n;
};

static bool only_asks(const struct gw6c_plugin *mode)
{
	return !mode->tunnel->plan;
}

/* Modules that cannot be used are told by "gw6c --list-plugins", and by us if
 * they are asked for. */
static void find_one(void *arg, const char *name,
		     const struct gw6c_plugin *plugin,
		     const struct gw6c_err *err)
{
	struct installed *all = arg;

	(void)name;
	(void)err;
	if (plugin && plugin->kind == GW6C_TUNNEL && all->n < 2 * MODES_MAX)
		all->mode[all->n++] = plugin;
}

static bool has_pool(const struct options *options,
		     const struct gw6c_plugin *mode)
{
	return mode->tunnel->inner == 4 ? options->pool4.family != 0
					: options->pool6.family != 0;
}

static int append(const struct gw6c_plugin **list,
		  const struct gw6c_plugin *mode, struct gw6c_err *err)
{
	int n = 0;

	while (list[n] && list[n] != mode)
		n++;
	if (n == MODES_MAX)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "more than %d tunnel modes; list those to "
				 "offer in tunnel_modes",
				 MODES_MAX);
	list[n] = mode;
	return GW6C_OK;
}

/* --- as configured ----------------------------------------------------- */

static const struct gw6c_plugin *find_installed(const struct installed *all,
						const char *name)
{
	for (int i = 0; i < all->n; i++)
		if (strcasecmp(all->mode[i]->name, name) == 0)
			return all->mode[i];
	return NULL;
}

static int fail_mode(const struct installed *all, const struct setting *at,
		     const char *name, const char *what, struct gw6c_err *err)
{
	char names[NAMES_MAX] = "";

	for (int i = 0; i < all->n; i++) {
		size_t used = strlen(names);

		if (!only_asks(all->mode[i]))
			snprintf(names + used, sizeof(names) - used, "%s%s",
				 used ? ", " : "", all->mode[i]->name);
	}
	return conf_fail(at, err, "\"%.40s\" %s; installed: %s", name, what,
			 *names ? names : "none");
}

static int offer_named(const struct options *options, struct conf *conf,
		       struct loader *loader, const struct installed *all,
		       struct modes *out, struct gw6c_err *err)
{
	const struct setting *at = conf_get(conf, "tunnel_modes", 0);

	for (int i = 0; i < options->modes; i++) {
		const char *name = options->mode[i];
		const struct gw6c_plugin *mode = find_installed(all, name);

		if (!mode && !loader_has(loader, GW6C_TUNNEL, name))
			return fail_mode(all, at, name,
					 "is not an installed tunnel mode",
					 err);
		if (loader_get(loader, GW6C_TUNNEL, mode ? mode->name : name,
			       at, &mode, err))
			return err->rc;
		if (only_asks(mode))
			return fail_mode(all, at, name,
					 "lets the broker choose a mode, and "
					 "is none that it could offer",
					 err);
		if (!has_pool(options, mode))
			return conf_fail(at, err,
					 "%s requires pool%u=, the IPv%u "
					 "prefix for client addresses",
					 mode->name, mode->tunnel->inner,
					 mode->tunnel->inner);
		if (append(out->offer, mode, err))
			return err->rc;
	}
	return GW6C_OK;
}

static int offer_all(const struct options *options, struct loader *loader,
		     const struct installed *all, struct modes *out,
		     struct gw6c_err *err)
{
	for (int i = 0; i < all->n; i++) {
		const struct gw6c_plugin *mode = all->mode[i];

		if (only_asks(mode) || !has_pool(options, mode))
			continue;
		if (loader_get(loader, GW6C_TUNNEL, mode->name, NULL, &mode,
			       err) ||
		    append(out->offer, mode, err))
			return err->rc;
	}
	return GW6C_OK;
}

static bool grants_any(const struct modes *modes,
		       const struct gw6c_plugin *mode)
{
	const struct gw6c_granted *at = mode->tunnel->grants;

	for (; at->type; at++)
		if (modes_offered(modes, at->mode ? at->mode : at->type))
			return true;
	return false;
}

static int add_asking(const struct installed *all, struct modes *out,
		      struct gw6c_err *err)
{
	for (int i = 0; i < all->n; i++)
		if (only_asks(all->mode[i]) && grants_any(out, all->mode[i]) &&
		    append(out->ask, all->mode[i], err))
			return err->rc;
	return GW6C_OK;
}

int modes_load(const struct options *options, struct conf *conf,
	       struct loader *loader, struct modes *out, struct gw6c_err *err)
{
	struct installed all = { .n = 0 };

	*out = (struct modes){ .offer = { NULL } };
	loader_each(loader, GW6C_TUNNEL, find_one, &all);
	if (options->modes ? offer_named(options, conf, loader, &all, out, err)
			   : offer_all(options, loader, &all, out, err))
		return err->rc;
	if (!out->offer[0])
		return gw6c_fail(err, GW6C_ECONFIG,
				 "no tunnel mode is installed that pool6 or "
				 "pool4 has addresses for; install one, or "
				 "check plugin_dir");
	return add_asking(&all, out, err);
}

/* --- look-up ----------------------------------------------------------- */

const struct gw6c_plugin *modes_offered(const struct modes *modes,
					const char *name)
{
	const struct gw6c_plugin *const *at = modes->offer;

	while (*at && strcasecmp((*at)->name, name) != 0)
		at++;
	return *at;
}

const struct gw6c_plugin *modes_asked(const struct modes *modes,
				      const char *type)
{
	const struct gw6c_plugin *const *at;

	for (at = modes->offer; *at; at++)
		if (strcmp((*at)->name, type) == 0)
			return *at;
	for (at = modes->ask; *at; at++)
		if (strcmp((*at)->name, type) == 0)
			return *at;
	return NULL;
}

const struct gw6c_plugin *modes_through_nat(const struct modes *modes,
					    uint8_t inner, uint8_t outer)
{
	const struct gw6c_plugin *const *at = modes->offer;

	while (*at && ((*at)->tunnel->inner != inner ||
		       (*at)->tunnel->outer != outer ||
		       !((*at)->tunnel->flags & GW6C_TUNNEL_NAT)))
		at++;
	return *at;
}

bool modes_carry(const struct modes *modes, uint8_t inner)
{
	for (const struct gw6c_plugin *const *at = modes->offer; *at; at++)
		if ((*at)->tunnel->inner == inner)
			return true;
	return false;
}

/* --- packets ----------------------------------------------------------- */

bool mode_unwrap(const struct gw6c_plugin *mode, struct gw6c_bytes data,
		 struct gw6c_bytes *packet)
{
	*packet = data;
	return !mode->tunnel->unwrap || mode->tunnel->unwrap(data, packet);
}

bool mode_is_packet(const struct gw6c_plugin *mode, struct gw6c_bytes packet)
{
	uint8_t family = mode->tunnel->inner;

	return packet.len >= (family == 6 ? 40 : 20) &&
	       packet.at[0] >> 4 == family;
}
