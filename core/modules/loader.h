/* loader.h - finds, checks and opens plugins; the only user of libltdl. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_MODULES_LOADER_H
#define GW6C_CORE_MODULES_LOADER_H

#include "core/base/loop.h"
#include "core/config/conf.h"
#include "plugin_kind.h"
#include <gw6c/plugin.h>

#define LOADER_NAME 64 /* octets of a plugin name with its NUL */

struct loader;

/* dirs: where modules are, searched in order, "a:b"; "" for the built-in
 * one. conf is borrowed: origins in messages, and options of plugins. */
int loader_new(const char *dirs, struct conf *conf, struct loader **out,
	       struct gw6c_err *err);
/* After every host was ended. Modules stay mapped. */
void loader_free(struct loader *loader);

/* Load by configured name ("digest-md5"), check ABI, sizes, kind, name, the
 * required operations, its options in conf, and load what it needs. at: the
 * setting that names it, for the message; NULL if nobody did. A second call
 * for the same plugin gives the same descriptor. GW6C_ECONFIG with cause and
 * remedy. A module or directory that others than root (or our own user) may
 * write is refused when we run as root. */
int loader_get(struct loader *loader, enum gw6c_kind kind, const char *name,
	       const struct setting *at, const struct gw6c_plugin **out,
	       struct gw6c_err *err);

/* Like loader_get(), but ignores its options and its needs; for listings. */
int loader_peek(struct loader *loader, enum gw6c_kind kind, const char *name,
		const struct gw6c_plugin **out, struct gw6c_err *err);

/* Is there such a module at all (file or built in)? Loads nothing. */
bool loader_has(struct loader *loader, enum gw6c_kind kind, const char *name);

/* Call back for every sound module of a kind, sorted by name. One that cannot
 * be used is told by its name and why, without a descriptor. That of a feature
 * is there during the call only: one that is not loaded then costs no memory. */
void loader_each(struct loader *loader, enum gw6c_kind kind,
		 void (*call)(void *arg, const char *name,
			      const struct gw6c_plugin *plugin,
			      const struct gw6c_err *err),
		 void *arg);

/* The names of all modules of a kind, ", " between, in room; and the one that
 * is nearest to name, or "", in near. Nothing is opened. */
void loader_names(const struct loader *loader, enum gw6c_kind kind,
		  const char *name, char *room, size_t len,
		  char near[LOADER_NAME]);

/* Are the settings below KIND.NAME. those that the plugin declares? told hears
 * of each mistake but the last, which is in err; NULL: nobody does. */
int loader_check_options(const struct gw6c_plugin *plugin, struct conf *conf,
			 void (*told)(const char *text), struct gw6c_err *err);

/* The directories in order, n = 0.., NULL at the end. */
const char *loader_dir(const struct loader *loader, int n);

/* Call back for every module found, sorted by kind and name: path ("built
 * in" if so), and the descriptor, or NULL and why it is not used. A directory
 * that cannot be read is told in the same way. */
void loader_list(struct loader *loader,
		 void (*call)(void *arg, const char *path,
			      const struct gw6c_plugin *plugin,
			      const struct gw6c_err *err),
		 void *arg);

#endif
