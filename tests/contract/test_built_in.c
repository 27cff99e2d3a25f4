/* test_built_in.c - a module that is part of the program; what is printed. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/modules/loader.h"
#include "core/program/plugins_cmd.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/gw6c-built-in-XXXXXX";
static struct loader *loader;
static struct gw6c_err err;

static void begin(const char *dirs)
{
	err = (struct gw6c_err){ 0 };
	CU_ASSERT_EQUAL_FATAL(loader_new(dirs, NULL, &loader, &err), GW6C_OK);
}

/* Run it with stdout in a file; the text is static. */
static const char *printed(int (*call)(const char *arg), const char *arg,
			   int *rc)
{
	static char text[8000];
	FILE *file = tmpfile();
	int saved = dup(1);
	size_t len;

	fflush(stdout);
	dup2(fileno(file), 1);
	*rc = call(arg);
	fflush(stdout);
	dup2(saved, 1);
	close(saved);
	rewind(file);
	len = fread(text, 1, sizeof(text) - 1, file);
	text[len] = 0;
	fclose(file);
	return text;
}

static int list(const char *arg)
{
	(void)arg;
	plugins_list(loader);
	return GW6C_OK;
}

static int describe(const char *name)
{
	return plugins_describe(loader, name, &err);
}

static void a_built_in_module_needs_no_file(void)
{
	const struct gw6c_plugin *plugin = NULL;

	begin("/nowhere");
	CU_ASSERT_TRUE(loader_has(loader, GW6C_AUTH, "inside"));
	CU_ASSERT_FALSE(loader_has(loader, GW6C_AUTH, "outside"));
	CU_ASSERT_EQUAL(loader_get(loader, GW6C_AUTH, "inside", NULL, &plugin,
				   &err),
			GW6C_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(plugin);
	CU_ASSERT_STRING_EQUAL(plugin->summary, "built in");
	loader_free(loader);
}

static void a_built_in_module_wins_over_a_file(void)
{
	const struct gw6c_plugin *plugin;
	char path[300];
	FILE *file;
	const char *text;
	int rc;

	snprintf(path, sizeof(path), "%s/auth_inside.so", dir);
	file = fopen(path, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fclose(file);
	begin(dir);
	CU_ASSERT_EQUAL(loader_get(loader, GW6C_AUTH, "inside", NULL, &plugin,
				   &err),
			GW6C_OK);
	text = printed(list, NULL, &rc);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text,
		       "auth     inside           1          1  built in\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "path: built in\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "unusable /tmp/"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "cause: not used: overridden by the built-in "
			     "one\n"));
	loader_free(loader);
	unlink(path);
}

static void descriptions_tell_options_and_needs(void)
{
	static const char want[] =
		"auth 'good' 1 - what all should be like\n"
		"needs: feature:good os:absent (if installed)\n"
		"options:\n"
		"  auth.good.realm  (text)\n"
		"      any text\n"
		"  auth.good.key  (secret)\n"
		"      a secret\n"
		"  auth.good.rounds  (number 1 to 4096, default 16)\n"
		"      how often\n"
		"  auth.good.strict  (yes or no, default no)\n"
		"      refuse more\n";
	int rc;

	begin(MODULES);
	CU_ASSERT_STRING_EQUAL(printed(describe, "auth:good", &rc), want);
	CU_ASSERT_EQUAL(rc, GW6C_OK);
	/* Both plugins of that name. */
	CU_ASSERT_PTR_NOT_NULL(strstr(printed(describe, "good", &rc), want));
	CU_ASSERT_PTR_NOT_NULL(strstr(printed(describe, "good", &rc),
				      "feature 'good' 1 - does nothing\n"
				      "no options\n"));
	CU_ASSERT_STRING_EQUAL(printed(describe, "os:good", &rc), "");
	CU_ASSERT_EQUAL(rc, GW6C_ECONFIG);
	CU_ASSERT_STRING_EQUAL(err.text,
			       "there is no plugin 'os:good'; --list-plugins "
			       "lists all");
	printed(describe, "wrong-abi", &rc);
	CU_ASSERT_EQUAL(rc, GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "plugin ABI 2"));
	loader_free(loader);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(a_built_in_module_needs_no_file),
		UNIT_TEST(a_built_in_module_wins_over_a_file),
		UNIT_TEST(descriptions_tell_options_and_needs),
	};
	struct stat info;
	int bad;

	/* A tree of somebody else's is no place to load from as root. */
	if (geteuid() == 0 && (stat(MODULES, &info) < 0 || info.st_uid != 0 ||
			       info.st_mode & (S_IWGRP | S_IWOTH))) {
		puts("skipped: root does not load from " MODULES);
		return 77;
	}
	if (!mkdtemp(dir) || chmod(dir, 0755) < 0)
		return 1;
	bad = UNIT_RUN("built in", tests);
	rmdir(dir);
	return bad;
}
