/* features_parts.h - an opened feature, shared by features*.c only. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_TUNNEL_FEATURES_PARTS_H
#define GW6C_CORE_TUNNEL_FEATURES_PARTS_H

#include "core/modules/wanted.h"
#include "features.h"
#include <limits.h>

struct feature {
	struct features *features;
	const struct gw6c_plugin *plugin;
	struct gw6c_host *host; /* NULL: not open */
	void *self;
	bool implied; /* nobody named it: the tunnel comes up without it, too */
	bool ready; /* was told READY, and not yet DOWN */
	bool leaving; /* said GW6C_LATER at LEAVING, and is waited for */
	bool owes; /* said so, and done() has not come */
};

struct features {
	struct features_params params;
	char path[PATH_MAX]; /* of the names of those that are open */
	struct feature feature[FEATURES_MAX];
	int n;
	struct gw6c_watch *timer; /* ends LEAVING */
};

int feature_open(struct feature *feature, struct conf *conf,
		 struct gw6c_err *err);
void feature_close(struct feature *feature);

/* features_facts.c: one that answered later has left. */
void feature_left(struct feature *feature);

#endif
