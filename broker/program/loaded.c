/* loaded.c - a configuration file and what was made of it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "loaded.h"
#include "broker/config/users.h"
#include "core/base/log.h"
#include "core/base/trusted.h"
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

#define ERRORS_MAX 8192 /* octets */

void loaded_free(struct loaded *loaded)
{
	if (!loaded)
		return;
	loader_free(loaded->loader);
	options_free(&loaded->options);
	conf_free(loaded->conf);
	for (int i = 0; i < OPTIONS_LIST; i++)
		identity_wipe(&loaded->identity[i]);
	free(loaded);
}

/* Warn about world-readable passwords. */
static void warn_readable(const struct conf *conf)
{
	const struct setting *at;
	struct stat file;

	for (size_t i = 0; (at = conf_at(conf, i)); i++) {
		if (!users_is_passwd(at->key) || stat(at->file, &file) < 0 ||
		    !(file.st_mode & S_IROTH))
			continue;
		log_msg(GW6C_WARN, "config",
			"%s contains passwords and is world-readable; "
			"chmod 600 %s",
			at->file, at->file);
		return;
	}
}

static bool read_options(struct loaded *loaded)
{
	char errors[ERRORS_MAX], *rest = errors, *line;
	bool ok = options_read(loaded->conf, &loaded->options, errors,
			       sizeof(errors)) == GW6C_OK;

	while ((line = strsep(&rest, "\n")) && *line)
		log_msg(GW6C_ERROR, "config", "%s", line);
	for (size_t i = 0; conf_warning(loaded->conf, i); i++)
		log_msg(GW6C_WARN, "config", "%s",
			conf_warning(loaded->conf, i));
	warn_readable(loaded->conf);
	return ok;
}

static int read_file(struct loaded *loaded, const char *path,
		     struct gw6c_err *err)
{
	loaded->conf = conf_new();
	if (!loaded->conf)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	if (conf_load(loaded->conf, path, err))
		return err->rc;
	if (!read_options(loaded))
		return gw6c_fail(err, GW6C_ECONFIG,
				 "%s has errors; correct those listed above",
				 path);
	return loader_new(loaded->options.plugin_dir, loaded->conf,
			  &loaded->loader, err);
}

int loaded_read(const char *path, struct loaded **out, struct gw6c_err *err)
{
	struct loaded *loaded = calloc(1, sizeof(*loaded));

	*out = NULL;
	if (!loaded)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	loaded->file = path;
	if (read_file(loaded, path, err)) {
		loaded_free(loaded);
		return err->rc;
	}
	*out = loaded;
	return GW6C_OK;
}

/* Only if a mechanism needs it: otherwise a missing key is not an error. */
static int read_identity(struct loaded *loaded, const struct gw6c_plugin *auth,
			 struct identity *out, struct gw6c_err *err)
{
	char path[PATH_MAX], print[SERVER_KEYS_PRINT];

	if (!identity_needed(auth))
		return GW6C_OK;
	options_server_key(&loaded->options, path, sizeof(path));
	if (identity_load(path, loaded->file, auth, out, err))
		return err->rc;
	log_msg(GW6C_INFO, "config", "server key %s fingerprint=%s", path,
		identity_print(out, print));
	return GW6C_OK;
}

static int load_auths(struct loaded *loaded, struct dialog_env *env,
		      struct gw6c_err *err)
{
	const struct setting *at = conf_get(loaded->conf, "auth", 0);
	const struct options *options = &loaded->options;

	for (int i = 0; i < options->auths; i++)
		if (loader_get(loaded->loader, GW6C_AUTH, options->auth[i], at,
			       &env->auth[i], err) ||
		    read_identity(loaded, env->auth[i], &loaded->identity[i],
				  err))
			return err->rc;
	env->auth[options->auths] = NULL;
	return GW6C_OK;
}

static void warn_nobody(const struct loaded *loaded,
			const struct dialog_env *env)
{
	if (users_count(loaded->conf))
		return;
	for (int i = 0; env->auth[i]; i++)
		if (env->auth[i]->auth->flags & GW6C_AUTH_EMPTY)
			return;
	log_msg(GW6C_WARN, "config",
		"nobody can log in: there are no accounts, and anonymous is "
		"not allowed; add user.NAME.passwd=PASSWORD, or anonymous to "
		"auth");
}

/* Nobody else can put there what we would take for our own. */
static int check_places(const struct loaded *loaded, struct gw6c_err *err)
{
	const char *dir;

	for (int i = 0; (dir = loader_dir(loaded->loader, i)); i++)
		if (trusted_path(dir, err))
			return err->rc;
	if (trusted_path(loaded->options.run_dir, err))
		return err->rc;
	return trusted_path(loaded->options.state_dir, err);
}

int loaded_env(struct loaded *loaded, struct dialog_env *env,
	       struct gw6c_err *err)
{
	if (check_places(loaded, err) || load_auths(loaded, env, err) ||
	    modes_load(&loaded->options, loaded->conf, loaded->loader,
		       &loaded->modes, err))
		return err->rc;
	env->options = &loaded->options;
	env->conf = loaded->conf;
	env->identity = loaded->identity;
	env->modes = &loaded->modes;
	warn_nobody(loaded, env);
	if (dialog_is_short(env))
		return GW6C_OK;
	return gw6c_fail(err, GW6C_ECONFIG,
			 "auth and tunnel_modes: too many mechanisms and modes "
			 "for one unauthenticated reply; remove some");
}

/* --- whose key --------------------------------------------------------- */

static void find_owner(void *arg, const char *name,
		       const struct gw6c_plugin *plugin,
		       const struct gw6c_err *err)
{
	const struct gw6c_plugin **out = arg;

	(void)name;
	(void)err;
	if (!*out && plugin && identity_needed(plugin))
		*out = plugin;
}

int loaded_key_owner(struct loaded *loaded, const struct gw6c_plugin **out,
		     struct gw6c_err *err)
{
	const struct setting *at = conf_get(loaded->conf, "auth", 0);
	const struct options *options = &loaded->options;

	for (int i = 0; i < options->auths; i++) {
		if (loader_get(loaded->loader, GW6C_AUTH, options->auth[i], at,
			       out, err))
			return err->rc;
		if (identity_needed(*out))
			return GW6C_OK;
	}
	*out = NULL;
	loader_each(loaded->loader, GW6C_AUTH, find_owner, out);
	if (*out)
		return GW6C_OK;
	return gw6c_fail(err, GW6C_ECONFIG,
			 "no login mechanism that uses a server key is "
			 "installed");
}
