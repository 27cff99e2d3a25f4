/* features.c - the features in use, which are told about the tunnel. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "features.h"
#include "core/base/log.h"
#include "core/modules/host.h"
#include "core/modules/wanted.h"
#include <stdlib.h>

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
	struct feature feature[FEATURES_MAX];
	int n;
};

static void feature_close(const struct feature *feature)
{
	feature->plugin->feature->close(feature->self);
	host_end(feature->host);
}

static int features_add(struct features *features,
			const struct gw6c_plugin *plugin, struct gw6c_err *err)
{
	struct feature *feature = &features->feature[features->n];

	feature->plugin = plugin;
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

int features_open(struct loader *loader, struct loop *loop, struct conf *conf,
		  const struct settings *settings, bool dry,
		  struct features **out, struct gw6c_err *err)
{
	struct features *features = calloc(1, sizeof(*features));
	struct feature_list list;

	if (!features)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	features->loader = loader;
	features->loop = loop;
	features->conf = conf;
	features->dry = dry;
	if (features_wanted(loader, conf, settings, &list, err)) {
		features_close(features);
		return err->rc;
	}
	for (int i = 0; i < list.n; i++) {
		struct gw6c_err why = { 0 };

		if (features_add(features, list.item[i].plugin, &why) ==
		    GW6C_OK)
			continue;
		if (!list.item[i].implied) {
			features_close(features);
			*err = why;
			return why.rc;
		}
		log_msg(GW6C_WARN, "tunnel", "%s", why.text);
	}
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
