/* loader_parts.h - what the files of the loader share. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_MODULES_LOADER_PARTS_H
#define GW6C_CORE_MODULES_LOADER_PARTS_H

#include "loader.h"

#define LOADER_DIRS 8
#define LOADER_PATH 4096 /* octets of a module's path with its NUL */

/* "digest-md5" of kind auth: "auth_digest_md5". False: no name for a plugin. */
bool loader_module_name(enum gw6c_kind kind, const char *name,
			char room[LOADER_NAME + 16]);

/* Before anything is opened. False: out of memory. */
bool loader_start(void);

/* The descriptor linked into this program, or NULL. */
const struct gw6c_plugin *loader_built_in(const char *module);
/* Names of built-in modules, n = 0.., NULL at the end. The text is static. */
const char *loader_built_in_name(size_t n, char room[LOADER_NAME + 16]);

/* A file that was cut off would kill us: the linker maps what is not there. */
int loader_check_whole(const char *path, struct gw6c_err *err);

/* Open DIR/module.so, if nobody else can change it (core/base/trusted.h), and
 * find its descriptor. GW6C_ECONFIG with the true cause. The module stays
 * mapped for good. */
int loader_open_file(const char *dir, const char *module,
		     const struct gw6c_plugin **out, struct gw6c_err *err);
/* The same, whoever may write it: for one who asks for this very file. */
int loader_open_any(const char *dir, const char *module,
		    const struct gw6c_plugin **out, struct gw6c_err *err);

/* The same as loader_open_file(), until loader_forget(); for one who looks at
 * what he may not need. *handle is set also if the module is none of ours. */
int loader_look(const char *dir, const char *module, void **handle,
		const struct gw6c_plugin **out, struct gw6c_err *err);
/* NULL: nothing. What was opened otherwise stays mapped. */
void loader_forget(void *handle);

/* Is the descriptor one that this core can use as that kind? name may be
 * NULL: any. */
int loader_check(const struct gw6c_plugin *plugin, enum gw6c_kind kind,
		 const char *name, struct gw6c_err *err);

#endif
