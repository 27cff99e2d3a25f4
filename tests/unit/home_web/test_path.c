/* test_path.c - files below a directory, and nothing outside it: by the kernel,
 * and by steps of our own. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "plugins/home_web/path.h"
#include "tests/unit/unit.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char dir[] = "/tmp/gw6c-web-path-XXXXXX";
static int root;

static void write_file(const char *name)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(name, file);
	fclose(file);
}

static void make_link(const char *to, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/root/%s", dir, name);
	CU_ASSERT_EQUAL(symlink(to, path), 0);
}

static void make_dir(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	CU_ASSERT_EQUAL(mkdir(path, 0755), 0);
}

static void make_site(void)
{
	char path[256];

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
	make_dir("root");
	make_dir("root/sub");
	make_dir("root/sub/.in");
	write_file("outside");
	write_file("root/file");
	write_file("root/.hidden");
	write_file("root/sub/file");
	write_file("root/sub/.in/file");
	make_link("file", "to-file");
	make_link("sub/../file", "round");
	make_link("../file", "sub/up");
	make_link("../../outside", "sub/out");
	make_link("../outside", "out");
	make_link("..", "parent");
	make_link("/etc/passwd", "absolute");
	make_link(".hidden", "to-hidden");
	make_link("sub/.in", "to-in");
	make_link("loop", "loop");
	make_link("out", "to-out");
	make_link("sub", "to-sub");
	snprintf(path, sizeof(path), "%s/root/fifo", dir);
	CU_ASSERT_EQUAL(mkfifo(path, 0666), 0);
	snprintf(path, sizeof(path), "%s/root", dir);
	root = open(path, O_RDONLY | O_DIRECTORY);
	CU_ASSERT_FATAL(root >= 0);
}

/* What is read there, "" for a directory, or the errno as text. */
static const char *got(int (*opens)(int, const char *, struct stat *),
		       const char *path)
{
	static char text[64];
	struct stat at;
	int fd = opens(root, path, &at);
	ssize_t len;

	if (fd < 0) {
		snprintf(text, sizeof(text), "%d", -fd);
		return text;
	}
	len = S_ISDIR(at.st_mode) ? 0 : read(fd, text, sizeof(text) - 1);
	text[len > 0 ? len : 0] = 0;
	close(fd);
	return text;
}

static const struct {
	const char *path, *want; /* NULL: nothing */
} cases[] = {
	{ "", "" },
	{ "file", "root/file" },
	{ "sub", "" },
	{ "sub/", "" },
	{ "sub/file", "root/sub/file" },
	{ "to-file", "root/file" },
	{ "round", "root/file" },
	{ "sub/up", "root/file" },
	{ "to-sub/file", "root/sub/file" },
	{ "to-sub/", "" },
	{ "none", NULL },
	{ "file/", NULL },
	{ "file/x", NULL },
	{ "to-file/x", NULL },
	{ "sub/out", NULL },
	{ "out", NULL },
	{ "to-out", NULL },
	{ "parent", NULL },
	{ "parent/outside", NULL },
	{ "absolute", NULL },
	{ "to-hidden", NULL },
	{ "to-in/file", NULL },
	{ "to-in", NULL },
	{ "loop", NULL },
	{ "fifo", NULL },
	{ "..", NULL },
	{ "../outside", NULL },
	{ "sub/../../outside", NULL },
};

static void same_for(int (*opens)(int, const char *, struct stat *))
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *text = got(opens, cases[i].path);
		bool ok = cases[i].want ? strcmp(text, cases[i].want) == 0
					: atoi(text) > 0;

		CU_ASSERT_TRUE(ok);
		if (!ok)
			printf("%s: %s\n", cases[i].path, text);
	}
}

static void stays_below_the_root(void)
{
	same_for(path_open);
}

static void stays_below_it_without_the_kernel(void)
{
	same_for(path_walk);
}

/* What is outside is not told from what is nowhere, not even by the error. */
static void tells_nothing_of_outside(void)
{
	static const char *const paths[] = {
		"parent/outside",     "parent/outside/x", "parent/root",
		"parent/root/file/x", "parent/none",	  "out/x",
		"absolute/x",
	};
	char want[16];

	snprintf(want, sizeof(want), "%d", ENOENT);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		CU_ASSERT_STRING_EQUAL(got(path_open, paths[i]), want);
}

static int descriptors(void)
{
	int fd = open("/dev/null", O_RDONLY);

	close(fd);
	return fd;
}

static void leaves_no_descriptor(void)
{
	int before = descriptors();

	same_for(path_walk);
	same_for(path_open);
	CU_ASSERT_EQUAL(descriptors(), before);
}

static void looks_as_it_opens(void)
{
	struct stat at;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (!strstr(cases[i].path, "..") &&
		    !strchr(cases[i].path, '/') && cases[i].path[0])
			CU_ASSERT_EQUAL(path_look(root, cases[i].path, &at),
					cases[i].want != NULL);
}

/* So many links may follow one another, and no more. */
static void follows_links_to_an_end(void)
{
	char name[16], to[16];

	for (int i = 0; i < 17; i++) {
		snprintf(name, sizeof(name), "hop%d", i);
		snprintf(to, sizeof(to), i < 16 ? "hop%d" : "file", i + 1);
		make_link(to, name);
	}
	CU_ASSERT_STRING_EQUAL(got(path_open, "hop1"), "root/file");
	CU_ASSERT_TRUE(atoi(got(path_open, "hop0")) > 0);
}

static void removes_site(void)
{
	char command[64];

	close(root);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	CU_ASSERT_EQUAL(system(command), 0);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(make_site),
		UNIT_TEST(stays_below_the_root),
		UNIT_TEST(stays_below_it_without_the_kernel),
		UNIT_TEST(tells_nothing_of_outside),
		UNIT_TEST(leaves_no_descriptor),
		UNIT_TEST(looks_as_it_opens),
		UNIT_TEST(follows_links_to_an_end),
		UNIT_TEST(removes_site),
	};

	return UNIT_RUN("home-web: path", tests);
}
