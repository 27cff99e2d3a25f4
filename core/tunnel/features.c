/* features.c - the features in use, which are told about the tunnel. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "features.h"
#include "core/base/log.h"
#include "core/modules/host.h"
#include "core/modules/plugin_conf.h"
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

/* An opened feature. */
struct feature {
	const struct gw6c_plugin *plugin;
	struct gw6c_host *host;
	void *self;
};

struct features {
	struct loader *loader;
	struct loop *loop;
	struct conf *conf;
	bool dry;
	struct feature feature[SETTINGS_LIST + 1];
	int n;
};

static void feature_close(const struct feature *feature)
{
	feature->plugin->feature->close(feature->self);
	host_end(feature->host);
}

/* at: where the configuration names it, or NULL. */
static int features_add(struct features *features, const char *name,
			const struct setting *at, struct gw6c_err *err)
{
	struct feature *feature = &features->feature[features->n];

	if (loader_get(features->loader, GW6C_FEATURE, name, at,
		       &feature->plugin, err))
		return err->rc;
	if (features->dry)
		return GW6C_OK;
	feature->host =
		host_new(feature->plugin, features->loop, features->conf, NULL);
	if (!feature->host)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	if (feature->plugin->feature->open(feature->host, &feature->self,
					   err)) {
		host_end(feature->host);
		return err->rc;
	}
	features->n++;
	return GW6C_OK;
}

/* Implicit feature: failing to load it is not fatal. */
static void features_advertise(struct features *features)
{
	struct gw6c_err err = { 0 };

	if (features_add(features, SETTINGS_ADVERTISER, NULL, &err))
		log_msg(GW6C_WARN, "tunnel",
			"%s; hosts behind this router get no router "
			"advertisements (set ra=none if another program "
			"sends them)",
			err.text);
}

/* The advertiser of a run that was killed, when it is no longer asked for: to
 * be opened is enough for it to take back what it had left. */
static void features_sweep(struct features *features,
			   const struct settings *settings)
{
	struct gw6c_err err = { 0 };
	char left[PATH_MAX];

	snprintf(left, sizeof(left), "%s/" SETTINGS_ADVERTISER ".conf",
		 settings->run_dir);
	if (access(left, F_OK) == 0 &&
	    features_add(features, SETTINGS_ADVERTISER, NULL, &err) == GW6C_OK)
		feature_close(&features->feature[--features->n]);
}

int features_open(struct loader *loader, struct loop *loop, struct conf *conf,
		  const struct settings *settings, bool dry,
		  struct features **out, struct gw6c_err *err)
{
	struct features *features = calloc(1, sizeof(*features));
	const char *const *name = settings->features;

	if (!features)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	features->loader = loader;
	features->loop = loop;
	features->conf = conf;
	features->dry = dry;
	for (int i = 0; i < SETTINGS_LIST && name[i]; i++)
		if (features_add(features, name[i],
				 plugin_conf_feature(conf, name[i]), err)) {
			features_close(features);
			return err->rc;
		}
	if (settings->advertise)
		features_advertise(features);
	else if (!dry)
		features_sweep(features, settings);
	*out = features;
	return GW6C_OK;
}

void features_close(struct features *features)
{
	while (features && features->n)
		feature_close(&features->feature[--features->n]);
	free(features);
}

void features_tell(const struct features *features,
		   const struct gw6c_news *news)
{
	for (int i = 0; i < features->n; i++)
		features->feature[i]
			.plugin->feature->tell(features->feature[i].self, news);
}
