/* features.h - the features in use, which are told about the tunnel. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_TUNNEL_FEATURES_H
#define GW6C_CORE_TUNNEL_FEATURES_H

#include "core/config/settings.h"
#include "core/modules/host.h"
#include "core/modules/loader.h"

#define FEATURES_LEAVE_MS 5000 /* for those that leave later, all together */

struct features;

/* Borrowed until features_close(). */
struct features_params {
	struct loader *loader;
	struct loop *loop;
	struct conf *conf;
	const struct settings *settings;
	const struct host_client *client; /* or NULL */
	bool dry; /* load only */
	/* After features_leave() returned true: the last has left, or the
	 * time is over. */
	void (*left)(void *arg);
	void *arg;
};

/* Take back what features of a run that was killed had left; then load and
 * open what is asked for. */
int features_open(const struct features_params *params, struct features **out,
		  struct gw6c_err *err);
void features_close(struct features *features); /* NULL is fine */

/* Append their steps to the mode's. Those of a feature that fails are left
 * out, with a warning. */
void features_plan(const struct features *features,
		   const struct gw6c_lease *lease, struct gw6c_plan *plan);

/* Packets pass: READY for those that do not know it yet. The others are told
 * CHANGED where news has a lease from before. */
void features_pass(struct features *features, const struct gw6c_news *news);
/* LEAVING. True: at least one answers later, and left() will be called. */
bool features_leave(struct features *features, const struct gw6c_news *news);
/* DOWN, for those that were told READY. Nobody is waited for any more. */
void features_down(struct features *features, const struct gw6c_news *news);

/* Other options, for those whose options differ. down: what one is told that
 * has to be opened anew and was told READY; READY is the caller's to tell. */
void features_reload(struct features *features, struct conf *conf,
		     const struct gw6c_news *down);

void features_put_status(const struct features *features, struct gw6c_buf *out);

#endif
