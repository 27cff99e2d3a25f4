/* classic.h - settings of older files that options of plugins stand for. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_MODULES_CLASSIC_H
#define GW6C_CORE_MODULES_CLASSIC_H

#include "core/config/settings.h"
#include "loader.h"

/* After settings_read(): each setting that is none of ours becomes the option
 * KIND.NAME.KEY of the plugins that declare it as classic. An option that is
 * set by its own name wins; of several classic names, the first that the plugin
 * declares; the command line always. What is still unknown then, and not in the
 * index of plugins, draws a warning. GW6C_EOS when memory is out. */
int classic_adopt(struct loader *loader, struct conf *conf,
		  const struct settings *settings, struct gw6c_err *err);

#endif
