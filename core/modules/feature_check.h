/* feature_check.h - what features find wrong with their options. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_MODULES_FEATURE_CHECK_H
#define GW6C_CORE_MODULES_FEATURE_CHECK_H

#include "core/config/conf.h"
#include "wanted.h"

struct feature_checks {
	struct conf *conf;
	int inner; /* family that the tunnel carries */
	const char *const *ours; /* paths that are gw6c's own; NULL ends */
	bool strict; /* what may pass is refused, too */
	/* "file:line: key: ..." of what is refused. */
	void (*refuse)(void *arg, const char *text);
	void *arg;
};

/* What may pass becomes a warning of conf. True: nothing is refused. */
bool features_check(const struct feature_checks *checks,
		    const struct feature_list *features);

#endif
