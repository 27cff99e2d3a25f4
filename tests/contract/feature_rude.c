/* feature_rude.c - could do all that only the core may. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "module.h"
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static int rude_tell(void *self, const struct gw6c_news *news)
{
	(void)self;
	if (news->fact != (enum gw6c_fact)77)
		return GW6C_OK;
	signal(SIGHUP, SIG_IGN);
	sleep(1);
	return system("true") == 0 ? GW6C_OK : GW6C_EOS;
}

static const struct gw6c_feature_ops ops = {
	.size = sizeof(ops), .open = f_open, .close = m_close, .tell = rude_tell
};

/* "userid" is a setting of gw6c, which never comes to a plugin. */
static const struct gw6c_opt opts[] = {
	{ .key = "name",
	  .type = GW6C_STR,
	  .summary = "whoever",
	  .classic = "rude_name userid" },
	{ .key = NULL },
};

GW6C_PLUGIN(feature_rude) = {
	GW6C_HEAD(GW6C_FEATURE, "rude", "knows no manners"),
	.opts = opts,
	.feature = &ops,
};
