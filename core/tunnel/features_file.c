/* features_file.c - the names of open features on disk. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "features_file.h"
#include "core/base/files.h"
#include "core/base/text.h"
#include "core/modules/loader.h"
#include <errno.h>

#define FILE_MAX 4096 /* octets */

int features_file_write(const char *path, struct gw6c_bytes names,
			struct gw6c_err *err)
{
	if (files_replace(path, names, 0600, err) == 0)
		return GW6C_OK;
	if (err->rc)
		return err->rc;
	return gw6c_fail(err, GW6C_EOS,
			 "cannot write %s: %s; without it a crash could leave "
			 "traces of features behind, so none is started",
			 path, strerror(errno));
}

void features_file_read(const char *path,
			void (*call)(void *arg, const char *name), void *arg)
{
	uint8_t room[FILE_MAX];
	ssize_t len = files_load(path, room, sizeof(room), NULL);
	struct gw6c_bytes rest = { room, len < 0 ? 0 : (size_t)len }, line;
	char name[LOADER_NAME];

	while (text_line(rest, &line, &rest)) {
		if (!line.len || line.len >= sizeof(name))
			continue;
		memcpy(name, line.at, line.len);
		name[line.len] = 0;
		call(arg, name);
	}
}
