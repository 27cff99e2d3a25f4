/* loader_files.c - modules on disk and built in; the user of libltdl. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/trusted.h"
#include "loader_parts.h"
#include <dlfcn.h>
#include <ltdl.h>

#define SYMBOL "_LTX_gw6c_plugin"

/* Never lt_dlexit(): it frees the loaders that our resident modules still
 * point to, and a module opened again would be looked up through them. */
bool loader_start(void)
{
	static bool started;

	if (!started)
		started = lt_dlinit() == 0;
	return started;
}

bool loader_module_name(enum gw6c_kind kind, const char *name,
			char room[LOADER_NAME + 16])
{
	static const char taken[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";
	size_t len = strlen(name);

	if (!len || len >= LOADER_NAME || strspn(name, taken) != len ||
	    name[0] == '-' || name[0] == '_')
		return false;
	snprintf(room, LOADER_NAME + 16, "%s_%s", plugin_kind_name(kind), name);
	for (char *at = room; *at; at++)
		if (*at == '-')
			*at = '_';
	return true;
}

const struct gw6c_plugin *loader_built_in(const char *module)
{
	const lt_dlsymlist *at = lt_preloaded_symbols;
	char symbol[LOADER_NAME + 40];

	snprintf(symbol, sizeof(symbol), "%s" SYMBOL, module);
	for (; at->name; at++)
		if (at->address && strcmp(at->name, symbol) == 0)
			return at->address;
	return NULL;
}

const char *loader_built_in_name(size_t n, char room[LOADER_NAME + 16])
{
	for (const lt_dlsymlist *at = lt_preloaded_symbols; at->name; at++) {
		const char *tail = strstr(at->name, SYMBOL);

		if (!at->address || !tail || tail[strlen(SYMBOL)] || n--)
			continue;
		snprintf(room, LOADER_NAME + 16, "%.*s", (int)(tail - at->name),
			 at->name);
		return room;
	}
	return NULL;
}

/* libltdl says "file not found" to everything, and binds lazily: a missing
 * function would kill us at its first call. Ask the linker first. */
static int loader_probe(const char *path, void **probe, struct gw6c_err *err)
{
	*probe = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (*probe)
		return GW6C_OK;
	return gw6c_fail(err, GW6C_ECONFIG,
			 "cannot load %s: %s; reinstall it or its "
			 "dependencies",
			 path, dlerror());
}

static lt_dlhandle loader_ltdl_open(const char *path)
{
	lt_dladvise advise;
	lt_dlhandle handle = NULL;

	if (lt_dladvise_init(&advise))
		return NULL;
	if (!lt_dladvise_local(&advise) && !lt_dladvise_resident(&advise))
		handle = lt_dlopenadvise(path, advise);
	lt_dladvise_destroy(&advise);
	return handle;
}

static int loader_symbol(const char *path, const char *module, void *handle,
			 const struct gw6c_plugin **out, struct gw6c_err *err)
{
	char symbol[LOADER_NAME + 40];

	snprintf(symbol, sizeof(symbol), "%s" SYMBOL, module);
	*out = dlsym(handle, symbol);
	if (*out)
		return GW6C_OK;
	return gw6c_fail(err, GW6C_ECONFIG,
			 "%s is not a gw6c plugin: symbol %s is missing; was "
			 "the file renamed?",
			 path, symbol);
}

int loader_open_any(const char *dir, const char *module,
		    const struct gw6c_plugin **out, struct gw6c_err *err)
{
	char path[LOADER_PATH];
	lt_dlhandle handle;
	void *probe;
	int rc;

	snprintf(path, sizeof(path), "%s/%s.so", dir, module);
	if (loader_check_whole(path, err) || loader_probe(path, &probe, err))
		return err->rc;
	handle = loader_ltdl_open(path);
	if (!handle) {
		gw6c_fail(err, GW6C_ECONFIG, "cannot load %s: %s", path,
			  lt_dlerror());
		dlclose(probe);
		return err->rc;
	}
	rc = loader_symbol(path, module, probe, out, err);
	dlclose(probe);
	return rc;
}

int loader_look(const char *dir, const char *module, void **handle,
		const struct gw6c_plugin **out, struct gw6c_err *err)
{
	char path[LOADER_PATH];

	snprintf(path, sizeof(path), "%s/%s.so", dir, module);
	if (trusted_path(dir, err) || trusted_path(path, err) ||
	    loader_check_whole(path, err) || loader_probe(path, handle, err))
		return err->rc;
	return loader_symbol(path, module, *handle, out, err);
}

void loader_forget(void *handle)
{
	if (handle)
		dlclose(handle);
}

int loader_open_file(const char *dir, const char *module,
		     const struct gw6c_plugin **out, struct gw6c_err *err)
{
	char path[LOADER_PATH];

	snprintf(path, sizeof(path), "%s/%s.so", dir, module);
	if (trusted_path(dir, err) || trusted_path(path, err))
		return err->rc;
	return loader_open_any(dir, module, out, err);
}
