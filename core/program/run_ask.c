/* run_ask.c - questions about a running gw6c, and about plugins. They need no
 * secret and change nothing, so anybody may ask them, whatever the
 * configuration is like. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/status.h"
#include "plugins_cmd.h"
#include "run.h"
#include <limits.h>
#include <stdlib.h>

/* As much of the configuration as can be read. NULL: out of memory. */
static struct conf *ask_conf(const struct run_params *params)
{
	struct conf *conf = conf_new();
	struct gw6c_err err = { 0 };

	if (!conf)
		return NULL;
	if (conf_load(conf, params->path, &err))
		fprintf(stderr,
			"gw6c: warning: %s; using defaults for what was not "
			"read\n",
			err.text);
	err = (struct gw6c_err){ 0 };
	if (params->override(params->arg, conf, &err))
		fprintf(stderr, "gw6c: warning: %s\n", err.text);
	return conf;
}

static const char *ask_value(struct conf *conf, const char *key,
			     const char *fallback)
{
	const struct setting *at = conf_get(conf, key, 0);

	return at && *at->value ? at->value : fallback;
}

enum end run_status(const struct run_params *params, bool json)
{
	struct conf *conf = ask_conf(params);
	struct gw6c_buf out = { .at = malloc(STATUS_MAX), .cap = STATUS_MAX };
	struct gw6c_err err = { 0 };
	char control[PATH_MAX];
	enum end end = END_OK;

	if (!conf || !out.at) {
		conf_free(conf);
		free(out.at);
		return END_MEMORY;
	}
	snprintf(control, sizeof(control), "%s/control",
		 ask_value(conf, "run_dir", RUNDIR));
	if (status_ask(control, &out, &err)) {
		fprintf(stderr, "gw6c: %s\n", err.text);
		end = END_CONNECT;
	} else {
		status_print(stdout, gw6c_got(&out), json);
	}
	conf_free(conf);
	free(out.at);
	return end;
}

/* What is asked of the plugins that there are. */
static enum end ask_plugins(const struct run_params *params,
			    int (*ask)(struct loader *loader, const char *name,
				       struct gw6c_err *err),
			    const char *name)
{
	struct conf *conf = ask_conf(params);
	struct loader *loader = NULL;
	struct gw6c_err err = { 0 };
	enum end end = END_OK;

	if (!conf)
		return END_MEMORY;
	if (loader_new(ask_value(conf, "plugin_dir", ""), conf, &loader,
		       &err) ||
	    ask(loader, name, &err)) {
		fprintf(stderr, "gw6c: %s\n", err.text);
		end = END_CONFIG;
	}
	if (loader)
		loader_free(loader);
	conf_free(conf);
	return end;
}

static int list(struct loader *loader, const char *name, struct gw6c_err *err)
{
	(void)name;
	(void)err;
	plugins_list(loader);
	return GW6C_OK;
}

enum end run_list_plugins(const struct run_params *params)
{
	return ask_plugins(params, list, NULL);
}

enum end run_describe(const struct run_params *params, const char *name)
{
	return ask_plugins(params, plugins_describe, name);
}
