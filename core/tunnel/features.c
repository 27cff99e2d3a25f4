/* features.c - the features in use, which are told about the tunnel. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "features.h"
#include "core/base/log.h"
#include "features_file.h"
#include "features_parts.h"
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

static void feature_done(void *arg, int rc, struct gw6c_bytes out,
			 const struct gw6c_err *err)
{
	(void)rc;
	(void)out;
	(void)err;
	feature_left(arg);
}

int feature_open(struct feature *feature, struct conf *conf,
		 struct gw6c_err *err)
{
	const struct features_params *params = &feature->features->params;
	const struct host_events events = { .done = feature_done,
					    .client = params->client,
					    .arg = feature };

	feature->host = host_new(feature->plugin, params->loop, conf, &events);
	if (!feature->host)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	if (feature->plugin->feature->open(feature->host, &feature->self,
					   err)) {
		host_end(feature->host);
		feature->host = NULL;
		return err->rc;
	}
	return GW6C_OK;
}

void feature_close(struct feature *feature)
{
	if (!feature->host)
		return;
	feature->plugin->feature->close(feature->self);
	host_end(feature->host);
	feature->host = NULL;
	feature->ready = feature->leaving = feature->owes = false;
}

static int features_load(struct features *features, struct gw6c_err *err)
{
	const struct features_params *params = &features->params;
	struct feature_list list;

	if (features_wanted(params->loader, params->conf, params->settings,
			    &list, err))
		return err->rc;
	for (int i = 0; i < list.n; i++)
		features->feature[i] =
			(struct feature){ .features = features,
					  .plugin = list.item[i].plugin,
					  .implied = list.item[i].implied };
	features->n = list.n;
	return GW6C_OK;
}

/* An earlier run was killed while this one was open. */
static void feature_sweep(void *arg, const char *name)
{
	const struct features *features = arg;
	const struct features_params *params = &features->params;
	const struct gw6c_plugin *plugin;
	struct gw6c_err err = { 0 };
	struct gw6c_host *host;

	if (loader_get(params->loader, GW6C_FEATURE, name, NULL, &plugin,
		       &err)) {
		log_msg(GW6C_WARN, "tunnel",
			"an earlier run did not shut down cleanly, and what "
			"feature %s may have left stays: %s",
			name, err.text);
		return;
	}
	if (!GW6C_HAS(plugin->feature, sweep) || !plugin->feature->sweep)
		return;
	host = host_new(plugin, params->loop, params->conf, NULL);
	if (!host)
		return;
	plugin->feature->sweep(host);
	host_end(host);
}

/* Before anything is opened, so that nothing of an open one is lost. */
static int features_write_names(struct features *features, struct gw6c_err *err)
{
	char room[FEATURES_MAX * LOADER_NAME];
	struct gw6c_buf names = GW6C_BUF(room);

	for (int i = 0; i < features->n; i++) {
		gw6c_put_text(&names, features->feature[i].plugin->name);
		gw6c_put_text(&names, "\n");
	}
	if (!features->n)
		return GW6C_OK;
	return features_file_write(features->path, gw6c_got(&names), err);
}

static int features_open_all(struct features *features, struct gw6c_err *err)
{
	for (int i = 0; i < features->n; i++) {
		struct feature *feature = &features->feature[i];
		struct gw6c_err why = { 0 };

		if (feature_open(feature, features->params.conf, &why) == 0)
			continue;
		if (!feature->implied) {
			*err = why;
			return err->rc;
		}
		log_msg(GW6C_WARN, "tunnel", "%s", why.text);
	}
	return GW6C_OK;
}

static int features_begin(struct features *features, struct gw6c_err *err)
{
	const struct features_params *params = &features->params;
	bool dry = params->dry;

	snprintf(features->path, sizeof(features->path), "%s/features",
		 params->settings->run_dir);
	if (!dry) {
		features_file_read(features->path, feature_sweep, features);
		unlink(features->path);
	}
	if (features_load(features, err))
		return err->rc;
	if (dry) {
		features->n = 0;
		return GW6C_OK;
	}
	if (features_write_names(features, err))
		return err->rc;
	return features_open_all(features, err);
}

int features_open(const struct features_params *params, struct features **out,
		  struct gw6c_err *err)
{
	struct features *features = calloc(1, sizeof(*features));

	if (!features)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	features->params = *params;
	if (features_begin(features, err)) {
		features_close(features);
		return err->rc;
	}
	*out = features;
	return GW6C_OK;
}

void features_close(struct features *features)
{
	if (!features)
		return;
	loop_forget(features->timer);
	for (int i = features->n; i-- > 0;)
		feature_close(&features->feature[i]);
	if (!features->params.dry)
		unlink(features->path);
	free(features);
}

void features_put_status(const struct features *features, struct gw6c_buf *out)
{
	for (int i = 0; i < features->n; i++)
		if (features->feature[i].host)
			host_put_status(features->feature[i].host, out);
}
