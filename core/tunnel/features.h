/* features.h - the features in use, which are told about the tunnel. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_TUNNEL_FEATURES_H
#define GW6C_CORE_TUNNEL_FEATURES_H

#include "core/config/settings.h"
#include "core/modules/loader.h"

struct features;

/* Load and open what settings name, and the advertiser of prefixes where one
 * is of use; dry: load only. What is given is borrowed until
 * features_close(). */
int features_open(struct loader *loader, struct loop *loop, struct conf *conf,
		  const struct settings *settings, bool dry,
		  struct features **out, struct gw6c_err *err);
void features_close(struct features *features); /* NULL is fine */

void features_tell(const struct features *features,
		   const struct gw6c_news *news);

#endif
