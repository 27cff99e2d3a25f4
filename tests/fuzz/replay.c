/* replay.c - runs a fuzz target on every file of its corpus, no fuzzer. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "fuzz.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int replay_file(const char *path)
{
	static uint8_t room[1 << 20];
	FILE *file = fopen(path, "rb");
	uint8_t *copy;
	size_t size;

	if (!file)
		return 0;
	size = fread(room, 1, sizeof(room), file);
	fclose(file);
	copy = malloc(size ? size : 1); /* exact: an overread is seen */
	if (!copy)
		return 0;
	memcpy(copy, room, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
	return 1;
}

static int replay_dir(const char *dir)
{
	DIR *list = opendir(dir);
	struct dirent *entry;
	char path[4096];
	int files = 0;

	while (list && (entry = readdir(list))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		files += replay_file(path);
	}
	if (list)
		closedir(list);
	printf("%s: %d files\n", dir, files);
	return files;
}

/* fuzz_NAME without arguments takes tests/fuzz/corpus/NAME; otherwise the
 * arguments are directories. A directory without files is a failure. */
int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '_');
	char dir[4096];
	int bad = 0;

	if (argc < 2) {
		snprintf(dir, sizeof(dir), "%s/tests/fuzz/corpus/%s", SRCDIR,
			 name ? name + 1 : "");
		return !replay_dir(dir);
	}
	for (int i = 1; i < argc; i++)
		bad |= !replay_dir(argv[i]);
	return bad;
}
