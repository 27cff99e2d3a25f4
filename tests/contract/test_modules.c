/* test_modules.c - modules on disk: which load, and what is said of others. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/modules/loader.h"
#include "tests/unit/unit.h"
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/gw6c-modules-XXXXXX";
static struct conf *conf;
static struct loader *loader;
static const struct gw6c_plugin *plugin;
static struct gw6c_err err;

static void in_dir(char room[PATH_MAX], const char *file)
{
	snprintf(room, PATH_MAX, "%s/%s", dir, file);
}

/* The octets of a built module, free() them. */
static void *built(const char *module, size_t *len)
{
	char path[PATH_MAX];
	struct stat info;
	void *room;
	int fd;

	snprintf(path, sizeof(path), MODULES "/%s.so", module);
	fd = open(path, O_RDONLY);
	CU_ASSERT_FATAL(fd >= 0 && fstat(fd, &info) == 0);
	*len = (size_t)info.st_size;
	room = malloc(*len);
	CU_ASSERT_EQUAL(read(fd, room, *len), info.st_size);
	close(fd);
	return room;
}

static void write_in_dir(const char *file, const void *at, size_t len)
{
	char path[PATH_MAX];
	int fd;

	in_dir(path, file);
	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0755);
	CU_ASSERT_TRUE(fd >= 0 && write(fd, at, len) == (ssize_t)len);
	close(fd);
}

/* Copy a module from the build directory, under another name perhaps. */
static void install(const char *module, const char *as)
{
	char name[100];
	size_t len;
	void *room = built(module, &len);

	snprintf(name, sizeof(name), "%s.so", as);
	write_in_dir(name, room, len);
	free(room);
}

static void removed(const char *file)
{
	char path[PATH_MAX];

	in_dir(path, file);
	unlink(path);
}

static void begin(const char *text)
{
	char path[PATH_MAX];

	plugin = NULL;
	err = (struct gw6c_err){ 0 };
	conf = conf_new();
	write_in_dir("test.conf", text, strlen(text));
	in_dir(path, "test.conf");
	CU_ASSERT_EQUAL(conf_load(conf, path, &err), GW6C_OK);
	CU_ASSERT_EQUAL_FATAL(loader_new(dir, conf, &loader, &err), GW6C_OK);
}

static void end(void)
{
	loader_free(loader);
	conf_free(conf);
}

static int get(enum gw6c_kind kind, const char *name)
{
	return loader_get(loader, kind, name, conf_get(conf, "name", 0),
			  &plugin, &err);
}

/* Shown when a message is not what it should be. */
static bool says(const char *text)
{
	bool there = strstr(err.text, text) != NULL;

	if (!there)
		printf("\n    wanted \"%s\"\n    in     \"%s\"\n", text,
		       err.text);
	return there;
}

/* --- good ones ---------------------------------------------------------- */

static void a_good_module_loads_with_what_it_needs(void)
{
	const struct gw6c_plugin *twice;
	struct gw6c_buf out = { .cap = 0 };

	install("auth_good", "auth_good");
	install("feature_good", "feature_good");
	begin("auth.good.rounds=20\nauth.good.strict=yes\n");
	CU_ASSERT_EQUAL(get(GW6C_AUTH, "good"), GW6C_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(plugin);
	CU_ASSERT_STRING_EQUAL(plugin->name, "good");
	CU_ASSERT_EQUAL(plugin->auth->step(NULL, GW6C_NOTHING, &out, NULL),
			GW6C_OK);
	twice = plugin;
	CU_ASSERT_EQUAL(get(GW6C_AUTH, "good"), GW6C_OK);
	CU_ASSERT_PTR_EQUAL(plugin, twice);
	end();
}

static void a_module_can_be_loaded_by_a_second_loader(void)
{
	for (int i = 0; i < 3; i++) {
		begin("");
		CU_ASSERT_EQUAL(get(GW6C_AUTH, "good"), GW6C_OK);
		CU_ASSERT_STRING_EQUAL(plugin->name, "good");
		end();
	}
	CU_ASSERT_STRING_EQUAL(plugin->name, "good"); /* stays mapped */
}

static void a_dash_in_a_name_is_a_bar_in_the_file(void)
{
	install("auth_two_words", "auth_two_words");
	begin("");
	CU_ASSERT_TRUE(loader_has(loader, GW6C_AUTH, "two-words"));
	CU_ASSERT_EQUAL(get(GW6C_AUTH, "two-words"), GW6C_OK);
	CU_ASSERT_EQUAL(get(GW6C_AUTH, "two_words"), GW6C_OK);
	CU_ASSERT_FALSE(loader_has(loader, GW6C_OS, "two-words"));
	end();
}

static void a_newer_module_loads(void)
{
	install("auth_newer", "auth_newer");
	begin("");
	CU_ASSERT_EQUAL(get(GW6C_AUTH, "newer"), GW6C_OK);
	CU_ASSERT_TRUE(plugin->size > sizeof(*plugin));
	CU_ASSERT_TRUE(plugin->auth->size > sizeof(*plugin->auth));
	CU_ASSERT_TRUE(GW6C_HAS(plugin->auth, who));
	end();
}

static void an_older_module_loads(void)
{
	install("os_older", "os_older");
	begin("");
	CU_ASSERT_EQUAL(get(GW6C_OS, "older"), GW6C_OK);
	CU_ASSERT_TRUE(GW6C_HAS(plugin->os, step));
	CU_ASSERT_FALSE(GW6C_HAS(plugin->os, bind));
	end();
}

static void a_module_of_the_first_release_loads(void)
{
	install("auth_abi1", "auth_abi1");
	begin("auth.abi1.rounds=4096\n");
	CU_ASSERT_EQUAL(get(GW6C_AUTH, "abi1"), GW6C_OK);
	CU_ASSERT_EQUAL(plugin->auth->open(NULL, NULL, &(void *){ NULL }, &err),
			GW6C_OK);
	end();
}

/* --- bad ones ----------------------------------------------------------- */

static void each_bad_module_is_told_with_its_cause(void)
{
	static const struct {
		const char *module;
		enum gw6c_kind kind;
		const char *name, *cause;
	} cases[] = {
		{ "auth_wrong_abi", GW6C_AUTH, "wrong-abi",
		  "built for plugin ABI 2; this gw6c supports ABI 1" },
		{ "auth_short", GW6C_AUTH, "short",
		  "its descriptor has 8 octets, but at least " },
		{ "auth_orphan", GW6C_AUTH, "orphan",
		  "libgone.so: cannot open shared object file" },
		{ "auth_undefined", GW6C_AUTH, "undefined",
		  "undefined symbol: gw6c_contract_nowhere" },
		{ "auth_wrong_kind", GW6C_AUTH, "wrong-kind",
		  "it is of kind feature, not auth" },
		{ "auth_wrong_name", GW6C_AUTH, "wrong-name",
		  "it calls itself 'other'" },
		{ "auth_no_symbol", GW6C_AUTH, "no-symbol",
		  "symbol auth_no_symbol_LTX_gw6c_plugin is missing; was the "
		  "file renamed?" },
		{ "auth_missing_op", GW6C_AUTH, "missing-op",
		  "its operations lack 'serve'" },
		{ "auth_no_head", GW6C_AUTH, "no-head",
		  "its descriptor has no size; GW6C_HEAD() or \".size = " },
		{ "auth_no_size", GW6C_AUTH, "no-size",
		  "its table of operations has no size; \".size = "
		  "sizeof(struct gw6c_auth_ops)\" is missing" },
		{ "auth_any", GW6C_AUTH, "any",
		  "its name 'any' is reserved, because it means" },
		{ "tunnel_far_too_long_a_name", GW6C_TUNNEL,
		  "far-too-long-a-name",
		  "its name 'far-too-long-a-name' has 19 letters, and at most "
		  "15 are allowed" },
		{ "tunnel_half", GW6C_TUNNEL, "half",
		  "its operations lack 'unwrap'" },
		{ "os_cut", GW6C_OS, "cut", "its operations lack 'step'" },
		{ "auth_bad_options", GW6C_AUTH, "bad-options",
		  "its option 'colour' has an unknown type (99)" },
		{ "auth_twice", GW6C_AUTH, "twice",
		  "it declares the option 'two_words' twice" },
		{ "feature_bereft", GW6C_FEATURE, "bereft",
		  "it needs another plugin: os 'absent': no os_absent.so in " },
		{ "feature_vague", GW6C_FEATURE, "vague",
		  "it needs 'rain', which is not the name of a plugin" },
	};
	char start[300];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		install(cases[i].module, cases[i].module);
		begin("# a comment\nname=x\n");
		CU_ASSERT_EQUAL(get(cases[i].kind, cases[i].name),
				GW6C_ECONFIG);
		snprintf(start, sizeof(start), "%s/test.conf:2: %s '%s': ", dir,
			 plugin_kind_name(cases[i].kind), cases[i].name);
		CU_ASSERT_EQUAL(strncmp(err.text, start, strlen(start)), 0);
		CU_ASSERT_TRUE(says(cases[i].cause));
		/* Not half loaded: the second answer is the same. */
		CU_ASSERT_EQUAL(get(cases[i].kind, cases[i].name),
				GW6C_ECONFIG);
		end();
	}
}

static void a_circle_of_needs_is_refused(void)
{
	install("feature_circle_a", "feature_circle_a");
	install("feature_circle_b", "feature_circle_b");
	begin("");
	CU_ASSERT_EQUAL(get(GW6C_FEATURE, "circle-a"), GW6C_ECONFIG);
	CU_ASSERT_TRUE(
		says("feature 'circle-a': it needs another plugin: feature "
		     "'circle-b': it needs another plugin: feature "
		     "'circle-a': it needs itself: circular dependency"));
	CU_ASSERT_EQUAL(get(GW6C_FEATURE, "circle-b"), GW6C_ECONFIG);
	end();
}

static void files_that_are_no_modules_are_told(void)
{
	static const struct {
		const char *text, *cause;
	} cases[] = {
		{ "", "file too short" },
		{ "This is not a shared object at all, whatever its name is; "
		  "but it is longer than a header.",
		  "invalid ELF header" },
	};

	for (int i = 0; i < 2; i++) {
		write_in_dir("auth_garbage.so", cases[i].text,
			     strlen(cases[i].text));
		begin("");
		CU_ASSERT_TRUE(loader_has(loader, GW6C_AUTH, "garbage"));
		CU_ASSERT_EQUAL(get(GW6C_AUTH, "garbage"), GW6C_ECONFIG);
		CU_ASSERT_TRUE(says(cases[i].cause));
		end();
	}
	removed("auth_garbage.so");
}

/* The linker would die of a bus error. */
static void a_module_without_its_end_is_told(void)
{
	size_t len, least = 0;
	void *room = built("auth_two_words", &len);

	for (size_t cut = 0; cut < len; cut += cut < 1024 ? 1 : 97) {
		write_in_dir("auth_two_words.so", room, cut);
		begin("");
		if (get(GW6C_AUTH, "two-words") == GW6C_OK) {
			least = cut;
			end();
			break; /* only names for debuggers are missing */
		}
		CU_ASSERT_EQUAL(err.rc, GW6C_ECONFIG);
		CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "auth_two_words.so"));
		end();
	}
	CU_ASSERT_TRUE(least == 0 || least > 4096);
	free(room);
	removed("auth_two_words.so");
}

static void a_directory_is_no_module(void)
{
	char path[PATH_MAX];

	in_dir(path, "auth_dir.so");
	mkdir(path, 0755);
	begin("");
	CU_ASSERT_EQUAL(get(GW6C_AUTH, "dir"), GW6C_ECONFIG);
	CU_ASSERT_TRUE(says("is not a regular file"));
	end();
	rmdir(path);
}

static void a_missing_module_is_told_with_where_it_was_sought(void)
{
	char want[300];

	install("auth_two_words", "auth_two_words");
	removed("auth_two_words.so");
	begin("\n\n\nname=x\n");
	CU_ASSERT_FALSE(loader_has(loader, GW6C_AUTH, "two-words"));
	CU_ASSERT_EQUAL(get(GW6C_AUTH, "two-words"), GW6C_ECONFIG);
	snprintf(want, sizeof(want),
		 "%s/test.conf:4: auth 'two-words': no auth_two_words.so in "
		 "%s; is its package installed? Installed are: ",
		 dir, dir);
	CU_ASSERT_EQUAL(strncmp(err.text, want, strlen(want)), 0);
	end();
}

static void what_is_there_instead_is_told(void)
{
	char few[PATH_MAX];

	in_dir(few, "few");
	mkdir(few, 0755);
	install("auth_good", "few/auth_good");
	install("auth_two_words", "few/auth_two_words");
	conf = conf_new();
	CU_ASSERT_EQUAL_FATAL(loader_new(few, conf, &loader, &err), GW6C_OK);
	CU_ASSERT_EQUAL(get(GW6C_AUTH, "two-wrods"), GW6C_ECONFIG);
	CU_ASSERT_TRUE(says("Installed are: good, two-words; did you mean "
			    "\"two-words\"?"));
	CU_ASSERT_EQUAL(get(GW6C_AUTH, "other"), GW6C_ECONFIG);
	CU_ASSERT_STRING_EQUAL(strstr(err.text, "Installed"),
			       "Installed are: good, two-words");
	CU_ASSERT_EQUAL(get(GW6C_OS, "good"), GW6C_ECONFIG);
	CU_ASSERT_STRING_EQUAL(strstr(err.text, "Installed"),
			       "Installed is none");
	end();
	removed("few/auth_good.so");
	removed("few/auth_two_words.so");
	rmdir(few);
}

static void each_line(void *arg, const char *name,
		      const struct gw6c_plugin *what,
		      const struct gw6c_err *why)
{
	char *text = arg;
	size_t used = strlen(text);

	CU_ASSERT_EQUAL(!what, why->rc != 0);
	snprintf(text + used, 400 - used, "%s%s ", name, what ? "" : "!");
}

static void each_of_a_kind_is_told_once(void)
{
	char one[PATH_MAX], two[PATH_MAX], both[2 * PATH_MAX + 20];
	char text[400] = "";

	in_dir(one, "one");
	in_dir(two, "two");
	mkdir(one, 0755);
	mkdir(two, 0755);
	install("auth_two_words", "one/auth_two_words");
	install("auth_two_words", "two/auth_two_words");
	install("auth_wrong_abi", "one/auth_wrong_abi");
	install("os_older", "two/os_older");
	snprintf(both, sizeof(both), "%s:%s:/nowhere", one, two);
	CU_ASSERT_EQUAL_FATAL(loader_new(both, NULL, &loader, &err), GW6C_OK);
	loader_each(loader, GW6C_AUTH, each_line, text);
	CU_ASSERT_STRING_EQUAL(text, "two-words wrong-abi! ");
	text[0] = 0;
	loader_each(loader, GW6C_FEATURE, each_line, text);
	CU_ASSERT_STRING_EQUAL(text, "");
	loader_free(loader);
	removed("one/auth_two_words.so");
	removed("two/auth_two_words.so");
	removed("one/auth_wrong_abi.so");
	removed("two/os_older.so");
	rmdir(one);
	rmdir(two);
}

static void names_that_could_be_paths_are_refused(void)
{
	static const char *const odd[] = {
		"",    "../good",     "good.so", "Good", "-x",
		"a b", "gr\303\274n", "_x",	 "a/b"
	};
	char name[200];

	begin("");
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	CU_ASSERT_EQUAL(get(GW6C_AUTH, name), GW6C_ECONFIG);
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		CU_ASSERT_EQUAL(get(GW6C_AUTH, odd[i]), GW6C_ECONFIG);
		CU_ASSERT_TRUE(says("not a valid plugin name"));
		CU_ASSERT_FALSE(loader_has(loader, GW6C_AUTH, odd[i]));
	}
	end();
}

/* --- options ------------------------------------------------------------ */

static void options_are_checked_with_file_and_line(void)
{
	static const struct {
		const char *text, *cause;
	} cases[] = {
		{ "\nauth.good.round=1\n",
		  "test.conf:2: auth.good.round: auth 'good' has no such "
		  "option; did you mean 'rounds'?" },
		{ "auth.good.quite_different=1\n",
		  "gw6c --describe auth:good lists all" },
		{ "auth.good.rounds=0\n",
		  "test.conf:1: auth.good.rounds: expected a number from 1 to "
		  "4096, got \"0\"" },
		{ "auth.good.rounds=many\n", "got \"many\"" },
		{ "auth.good.strict=perhaps\n", "expected yes or no" },
		{ "auth: { good: { rounds = [ 1, 2 ]; }; };\n",
		  "takes one value, not a list" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(cases[i].text);
		CU_ASSERT_EQUAL(get(GW6C_AUTH, "good"), GW6C_ECONFIG);
		CU_ASSERT_TRUE(says(cases[i].cause));
		CU_ASSERT_PTR_NULL(strstr(err.text, "': /"));
		end();
	}
	begin("auth.good.rounds=many\n");
	CU_ASSERT_EQUAL(loader_peek(loader, GW6C_AUTH, "good", &plugin, &err),
			GW6C_OK);
	end();
}

static void good_options_are_taken(void)
{
	static const char *const cases[] = {
		"auth.good.rounds=1\nauth.good.rounds=4096\n",
		"auth.good.rounds=\nauth.good.strict=\nauth.good.realm=\n",
		"auth.good.realm=#any text, at all\nauth.good.key=x\n",
		"auth.goodness=1\nfeature.other.rounds=many\n",
		"auth: { good: { rounds = 0x10; strict = true; }; };\n",
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(cases[i]);
		CU_ASSERT_EQUAL(get(GW6C_AUTH, "good"), GW6C_OK);
		end();
	}
}

static void options_are_found_with_bars_for_dashes(void)
{
	begin("auth.two_words.x=1\n");
	install("auth_two_words", "auth_two_words");
	CU_ASSERT_EQUAL(get(GW6C_AUTH, "two-words"), GW6C_ECONFIG);
	CU_ASSERT_TRUE(says("has no such option"));
	end();
}

/* --- safety ------------------------------------------------------------- */

static void the_environment_does_not_matter(void)
{
	char empty[PATH_MAX], here[PATH_MAX];

	in_dir(empty, "empty");
	mkdir(empty, 0755);
	setenv("LTDL_LIBRARY_PATH", dir, 1);
	setenv("LD_LIBRARY_PATH", dir, 1);
	CU_ASSERT_PTR_NOT_NULL(getcwd(here, sizeof(here)));
	CU_ASSERT_EQUAL(chdir(dir), 0);
	CU_ASSERT_EQUAL_FATAL(loader_new(empty, NULL, &loader, &err), GW6C_OK);
	CU_ASSERT_FALSE(loader_has(loader, GW6C_AUTH, "good"));
	CU_ASSERT_EQUAL(loader_get(loader, GW6C_AUTH, "good", NULL, &plugin,
				   &err),
			GW6C_ECONFIG);
	CU_ASSERT_TRUE(says("no auth_good.so in "));
	loader_free(loader);
	unsetenv("LTDL_LIBRARY_PATH");
	unsetenv("LD_LIBRARY_PATH");
	CU_ASSERT_EQUAL(chdir(here), 0);
	rmdir(empty);
}

static void a_libtool_archive_beside_it_is_not_read(void)
{
	static const char archive[] = "dlname='auth_wrong_abi.so'\n"
				      "library_names='auth_wrong_abi.so'\n"
				      "installed=yes\nlibdir='/tmp'\n";

	write_in_dir("auth_good.la", archive, strlen(archive));
	begin("");
	CU_ASSERT_EQUAL(get(GW6C_AUTH, "good"), GW6C_OK);
	end();
	removed("auth_good.la");
}

static void a_module_that_others_may_write_is_not_loaded(void)
{
	char path[PATH_MAX];
	const char *const paths[] = { dir, path };
	static const mode_t modes[] = { 0757, 0777, 0775 };
	bool root = geteuid() == 0;

	install("feature_good", "feature_good");
	in_dir(path, "feature_good.so");
	begin("");
	/* A user may have a group of their own, that root has not. */
	for (int i = 0; i < (root ? 6 : 4); i++) {
		CU_ASSERT_EQUAL(chmod(paths[i % 2], modes[i / 2]), 0);
		CU_ASSERT_EQUAL(loader_peek(loader, GW6C_FEATURE, "good",
					    &plugin, &err),
				GW6C_ECONFIG);
		CU_ASSERT_TRUE(says("is writable by others"));
		CU_ASSERT_EQUAL(chmod(paths[i % 2], 0755), 0);
	}
	for (int i = 0; i < 2 && root; i++) {
		CU_ASSERT_EQUAL(chown(paths[i], 4711, 0), 0);
		CU_ASSERT_EQUAL(loader_peek(loader, GW6C_FEATURE, "good",
					    &plugin, &err),
				GW6C_ECONFIG);
		CU_ASSERT_TRUE(says("belongs to user 4711, not to root"));
		CU_ASSERT_EQUAL(chown(paths[i], 0, 0), 0);
	}
	CU_ASSERT_EQUAL(get(GW6C_FEATURE, "good"), GW6C_OK);
	end();
}

static void directories_are_searched_in_order(void)
{
	char first[PATH_MAX], both[PATH_MAX + 100], many[200] = "";

	in_dir(first, "first");
	mkdir(first, 0755);
	install("auth_good", "first/auth_good");
	install("auth_wrong_abi", "auth_wrong_abi");
	snprintf(both, sizeof(both), ":/nowhere::%s:%s", first, dir);
	CU_ASSERT_EQUAL_FATAL(loader_new(both, NULL, &loader, &err), GW6C_OK);
	CU_ASSERT_EQUAL(loader_get(loader, GW6C_AUTH, "good", NULL, &plugin,
				   &err),
			GW6C_OK);
	CU_ASSERT_EQUAL(loader_get(loader, GW6C_AUTH, "wrong-abi", NULL,
				   &plugin, &err),
			GW6C_ECONFIG);
	CU_ASSERT_TRUE(says("ABI 2"));
	loader_free(loader);
	for (int i = 0; i < 9; i++)
		strcat(many, "/d:");
	CU_ASSERT_EQUAL(loader_new(many, NULL, &loader, &err), GW6C_ECONFIG);
	memset(both, 'd', PATH_MAX);
	both[PATH_MAX] = 0;
	CU_ASSERT_EQUAL(loader_new(both, NULL, &loader, &err), GW6C_ECONFIG);
	removed("first/auth_good.so");
	rmdir(first);
}

/* --- the list ----------------------------------------------------------- */

static char listed[8000];

static void list_line(void *arg, const char *path,
		      const struct gw6c_plugin *what,
		      const struct gw6c_err *why)
{
	size_t used = strlen(listed);
	const char *slash = strrchr(path, '/');

	(void)arg;
	snprintf(listed + used, sizeof(listed) - used, "%s %s|", slash + 1,
		 what ? what->name : why->text);
}

static void the_list_is_sorted_and_whole(void)
{
	char second[PATH_MAX], both[2 * PATH_MAX];

	in_dir(second, "second");
	mkdir(second, 0755);
	install("os_older", "second/os_older");
	install("auth_newer", "second/auth_newer");
	write_in_dir("libforeign.so", "", 0);
	write_in_dir("auth_text.txt", "", 0);
	snprintf(both, sizeof(both), "%s:%s:/nowhere", dir, second);
	CU_ASSERT_EQUAL_FATAL(loader_new(both, NULL, &loader, &err), GW6C_OK);
	loader_list(loader, list_line, NULL);
	loader_free(loader);
	snprintf(err.text, sizeof(err.text), "%.499s", listed);
	CU_ASSERT_EQUAL(strncmp(listed, "nowhere cannot read it: No such ", 32),
			0);
	CU_ASSERT_PTR_NOT_NULL(strstr(listed, "|auth_good.so good|"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(listed, "|auth_newer.so newer|auth_newer.so not used: "
			       "overridden by /tmp/"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(listed, "|auth_wrong_abi.so built for plugin ABI"));
	CU_ASSERT_PTR_NOT_NULL(strstr(
		listed,
		"|auth_wrong_name.so it calls itself 'other' and is not found"));
	CU_ASSERT_TRUE(strstr(listed, "|auth_") < strstr(listed, "|os_"));
	CU_ASSERT_TRUE(strstr(listed, "|os_") < strstr(listed, "|feature_"));
	CU_ASSERT_PTR_NULL(strstr(listed, "foreign"));
	CU_ASSERT_PTR_NULL(strstr(listed, "text"));
	removed("second/os_older.so");
	removed("second/auth_newer.so");
	rmdir(second);
}

static void remove_all(void)
{
	DIR *at = opendir(dir);
	const struct dirent *file;

	while (at && (file = readdir(at)))
		removed(file->d_name);
	closedir(at);
	rmdir(dir);
}

int main(void)
{
	static const struct unit_test tests[] = {
		/* First: the linker opens no path twice. */
		UNIT_TEST(a_module_without_its_end_is_told),
		UNIT_TEST(a_good_module_loads_with_what_it_needs),
		UNIT_TEST(a_module_can_be_loaded_by_a_second_loader),
		UNIT_TEST(a_dash_in_a_name_is_a_bar_in_the_file),
		UNIT_TEST(a_newer_module_loads),
		UNIT_TEST(an_older_module_loads),
		UNIT_TEST(a_module_of_the_first_release_loads),
		UNIT_TEST(each_bad_module_is_told_with_its_cause),
		UNIT_TEST(a_circle_of_needs_is_refused),
		UNIT_TEST(files_that_are_no_modules_are_told),
		UNIT_TEST(a_directory_is_no_module),
		UNIT_TEST(a_missing_module_is_told_with_where_it_was_sought),
		UNIT_TEST(what_is_there_instead_is_told),
		UNIT_TEST(each_of_a_kind_is_told_once),
		UNIT_TEST(names_that_could_be_paths_are_refused),
		UNIT_TEST(options_are_checked_with_file_and_line),
		UNIT_TEST(good_options_are_taken),
		UNIT_TEST(options_are_found_with_bars_for_dashes),
		UNIT_TEST(the_environment_does_not_matter),
		UNIT_TEST(a_libtool_archive_beside_it_is_not_read),
		UNIT_TEST(a_module_that_others_may_write_is_not_loaded),
		UNIT_TEST(directories_are_searched_in_order),
		UNIT_TEST(the_list_is_sorted_and_whole),
	};
	int bad;

	if (!mkdtemp(dir) || chmod(dir, 0755) < 0)
		return 1;
	bad = UNIT_RUN("modules", tests);
	remove_all();
	return bad;
}
