/* plugin_kind.c - the kinds of plugins, by name. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "plugin_kind.h"

const char *plugin_kind_name(enum gw6c_kind kind)
{
	switch (kind) {
	case GW6C_AUTH:
		return "auth";
	case GW6C_TUNNEL:
		return "tunnel";
	case GW6C_OS:
		return "os";
	case GW6C_FEATURE:
		return "feature";
	}
	return "unknown";
}

bool plugin_kind_parse(const char *text, size_t len, enum gw6c_kind *out)
{
	for (int kind = GW6C_AUTH; kind <= GW6C_FEATURE; kind++) {
		const char *name = plugin_kind_name((enum gw6c_kind)kind);

		if (strlen(name) == len && strncmp(name, text, len) == 0) {
			*out = (enum gw6c_kind)kind;
			return true;
		}
	}
	return false;
}

bool os_can_show(const struct gw6c_plugin *os)
{
	return GW6C_HAS(os->os, show) && os->os->show;
}
