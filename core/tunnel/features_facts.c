/* features_facts.c - what features are told, and who has left. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/log.h"
#include "features_parts.h"

/* It did work; its author wants to know all the same. */
static void feature_blame(const struct feature *feature, const char *what)
{
	log_msg(GW6C_WARN, "tunnel",
		"feature %s %s; this is a bug in the plugin; report it to its "
		"author",
		feature->plugin->name, what);
}

static int feature_tell(struct feature *feature, const struct gw6c_news *news,
			enum gw6c_fact fact)
{
	struct gw6c_news one = *news;
	int rc;

	one.size = sizeof(one);
	one.fact = fact;
	if (fact == GW6C_READY) {
		one.reason = GW6C_FOR_NOTHING;
		one.why = "";
	}
	if (fact != GW6C_CHANGED)
		one.before = NULL;
	feature->ready = fact != GW6C_DOWN;
	rc = feature->plugin->feature->tell(feature->self, &one);
	if (rc == GW6C_LATER && fact == GW6C_LEAVING)
		feature->owes = true;
	else if (rc)
		feature_blame(feature, "failed to hear of the tunnel");
	return rc;
}

void features_pass(struct features *features, const struct gw6c_news *news)
{
	for (int i = 0; i < features->n; i++) {
		struct feature *feature = &features->feature[i];

		if (feature->host && !feature->ready)
			feature_tell(feature, news, GW6C_READY);
		else if (feature->host && news->before)
			feature_tell(feature, news, GW6C_CHANGED);
	}
}

static void features_left(void *arg)
{
	struct features *features = arg;

	features->timer = NULL;
	for (int i = 0; i < features->n; i++) {
		struct feature *feature = &features->feature[i];

		if (feature->leaving)
			log_msg(GW6C_WARN, "tunnel",
				"feature %s did not finish within %d s; the "
				"tunnel ends without it",
				feature->plugin->name,
				FEATURES_LEAVE_MS / 1000);
		feature->leaving = false;
	}
	features->params.left(features->params.arg);
}

static bool features_wait(const struct features *features)
{
	for (int i = 0; i < features->n; i++)
		if (features->feature[i].leaving)
			return true;
	return false;
}

static void features_limit(struct features *features, uint32_t ms)
{
	loop_forget(features->timer);
	features->timer =
		loop_timer(features->params.loop, ms, features_left, features);
}

/* From the loop, since the feature is in a callback of its own. */
void feature_left(struct feature *feature)
{
	struct features *features = feature->features;

	if (!feature->owes)
		feature_blame(feature, "reports the end of a goodbye that it "
				       "did not begin");
	feature->owes = false;
	if (!feature->leaving)
		return;
	feature->leaving = false;
	if (!features_wait(features))
		features_limit(features, 0);
}

bool features_leave(struct features *features, const struct gw6c_news *news)
{
	for (int i = 0; i < features->n; i++) {
		struct feature *feature = &features->feature[i];

		if (feature->host && feature->ready)
			feature->leaving =
				feature_tell(feature, news, GW6C_LEAVING) ==
				GW6C_LATER;
	}
	if (!features_wait(features))
		return false;
	features_limit(features, FEATURES_LEAVE_MS);
	return features->timer != NULL;
}

void features_down(struct features *features, const struct gw6c_news *news)
{
	loop_forget(features->timer);
	features->timer = NULL;
	for (int i = features->n; i-- > 0;) {
		struct feature *feature = &features->feature[i];

		feature->leaving = false;
		if (feature->host && feature->ready)
			feature_tell(feature, news, GW6C_DOWN);
	}
}
