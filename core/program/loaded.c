/* loaded.c - a configuration, and what was made of it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "loaded.h"
#include "core/base/log.h"
#include "core/base/trusted.h"
#include "core/modules/classic.h"
#include "core/modules/feature_check.h"
#include "core/modules/mechanisms.h"
#include "core/modules/plugin_conf.h"
#include "core/modules/template.h"
#include "core/modules/wanted.h"
#include <stdlib.h>
#include <unistd.h>

#define ERRORS_MAX 16384 /* octets: all mistakes of a configuration */

void loaded_free(struct loaded *loaded)
{
	if (loaded->loader)
		loader_free(loaded->loader);
	settings_free(loaded->settings);
	conf_free(loaded->conf);
	*loaded = (struct loaded){ 0 };
}

/* Each on its line. */
static void loaded_tell(char *errors)
{
	char *line;

	while ((line = strsep(&errors, "\n")) && *line)
		log_msg(GW6C_ERROR, "config", "%s", line);
}

/* Those since the last time. */
static void loaded_warn(struct loaded *loaded)
{
	const char *text;

	while ((text = conf_warning(loaded->conf, loaded->warned++)))
		log_msg(GW6C_WARN, "config", "%s", text);
	loaded->warned--;
}

static bool loaded_settings(struct loaded *loaded)
{
	char *errors = calloc(1, ERRORS_MAX);
	bool ok;

	if (!errors)
		return false;
	ok = settings_read(loaded->conf, &loaded->settings, errors,
			   ERRORS_MAX) == GW6C_OK;
	loaded_tell(errors);
	free(errors);
	loaded_warn(loaded);
	return ok;
}

bool loaded_read(const struct run_params *params, struct loaded *out)
{
	struct gw6c_err err = { 0 };

	*out = (struct loaded){ .conf = conf_new() };
	if (!out->conf) {
		log_msg(GW6C_ERROR, "service", "out of memory");
		return false;
	}
	if ((params->path && conf_load(out->conf, params->path, &err)) ||
	    params->override(params->arg, out->conf, &err)) {
		log_msg(GW6C_ERROR, "config", "%s", err.text);
		loaded_free(out);
		return false;
	}
	if (!loaded_settings(out)) {
		loaded_free(out);
		return false;
	}
	if (loader_new(out->settings->plugin_dir, out->conf, &out->loader,
		       &err)) {
		log_msg(GW6C_ERROR, "plugins", "%s", err.text);
		loaded_free(out);
		return false;
	}
	return true;
}

/* What the configuration asks of the mode is possible. */
static bool loaded_check_mode(struct loaded *loaded,
			      const struct gw6c_plugin *mode)
{
	char *errors = calloc(1, ERRORS_MAX);
	bool ok;

	if (!errors)
		return false;
	ok = settings_check_mode(loaded->settings, loaded->conf, mode->tunnel,
				 errors, ERRORS_MAX) == GW6C_OK;
	loaded_tell(errors);
	free(errors);
	return ok;
}

static void loaded_refuse(void *arg, const char *text)
{
	(void)arg;
	log_msg(GW6C_ERROR, "config", "%s", text);
}

/* Of a plugin that was not looked at, since another was wrong. */
static void loaded_doubt(const char *text)
{
	log_msg(GW6C_ERROR, "config", "%s", text);
}

/* What the features say of their own options. */
static bool loaded_check_features(const struct run_params *params,
				  const struct loaded *loaded, int inner,
				  const struct feature_list *features)
{
	const struct settings *settings = loaded->settings;
	const char *const ours[] = { params->path ? params->path : "",
				     settings->passwd_file, settings->state_dir,
				     settings->run_dir, NULL };
	const struct feature_checks checks = { .conf = loaded->conf,
					       .inner = inner,
					       .ours = ours,
					       .strict = params->check,
					       .refuse = loaded_refuse };

	return features_check(&checks, features);
}

/* Are the plugins that the configuration names there and sound, and does it go
 * with them? On GW6C_ECONFIG without a text all is said. */
static int loaded_plugins(const struct run_params *params,
			  struct loaded *loaded, struct gw6c_err *err)
{
	const struct settings *settings = loaded->settings;
	const struct gw6c_plugin *plugin, *mode, *auths[SETTINGS_LIST + 1];
	struct feature_list features;

	if (classic_adopt(loaded->loader, loaded->conf, settings, err) ||
	    template_choose(loaded->loader, loaded->conf, settings,
			    params->dry_run, loaded->os, err) ||
	    mechanisms_load(loaded->loader, loaded->conf, settings, auths,
			    err) ||
	    loader_get(loaded->loader, GW6C_TUNNEL, settings->tunnel_mode,
		       conf_get(loaded->conf, "tunnel_mode", 0), &mode, err))
		return err->rc;
	if (!loaded_check_mode(loaded, mode))
		return err->rc = GW6C_ECONFIG;
	if (loader_get(loaded->loader, GW6C_OS, loaded->os,
		       conf_get(loaded->conf, "template", 0), &plugin, err))
		return err->rc;
	if (features_wanted(loaded->loader, loaded->conf, settings, &features,
			    err))
		return err->rc;
	if (!loaded_check_features(params, loaded, mode->tunnel->inner,
				   &features))
		return err->rc = GW6C_ECONFIG;
	return GW6C_OK;
}

/* Nobody else can put there what we would take for our own. */
static int loaded_places(const struct loaded *loaded, struct gw6c_err *err)
{
	const char *dir;

	for (int i = 0; (dir = loader_dir(loaded->loader, i)); i++)
		if (trusted_path(dir, err))
			return err->rc;
	if (trusted_path(loaded->settings->run_dir, err))
		return err->rc;
	return trusted_path(loaded->settings->state_dir, err);
}

bool loaded_prepare(const struct run_params *params, struct loaded *out)
{
	struct gw6c_err err = { 0 };
	bool ok;

	if (!loaded_read(params, out))
		return false;
	ok = loaded_places(out, &err) == GW6C_OK &&
	     loaded_plugins(params, out, &err) == GW6C_OK;
	loaded_warn(out);
	if (err.text[0])
		log_msg(GW6C_ERROR, "plugins", "%s", err.text);
	if (!ok && params->check)
		plugin_conf_wrong(out->loader, out->conf, loaded_doubt);
	if (!ok)
		loaded_free(out);
	return ok;
}

bool loaded_look(const struct run_params *params, struct loaded *out)
{
	struct run_params bare = *params;

	if (access(params->path, F_OK) < 0)
		bare.path = NULL;
	return loaded_read(&bare, out);
}
