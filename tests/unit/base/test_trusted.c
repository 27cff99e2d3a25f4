/* test_trusted.c - files that nobody can change but root and we ourselves,
 * whatever is on the way to them. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/files.h"
#include "core/base/trusted.h"
#include "tests/unit/unit.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/xattr.h>
#endif

#define STRANGER 4711
#define PRIVATE 5711
#define TEAM 5712

static char dir[] = "/tmp/gw6c-test-trusted.XXXXXX";
static char home[PATH_MAX], file[PATH_MAX + 8]; /* DIR/home, and in it */
static struct gw6c_err err;
static uid_t euid; /* whom we pretend to be */

/* --- who there is ------------------------------------------------------- */

uid_t geteuid(void)
{
	return euid;
}

static char names[3][8] = { "root", "ann", "bob" };

static struct passwd users[] = {
	{ .pw_name = names[0], .pw_uid = 0, .pw_gid = 0 },
	{ .pw_name = names[1], .pw_uid = 1000, .pw_gid = PRIVATE },
	{ .pw_name = names[2], .pw_uid = 1001, .pw_gid = 6001 },
};
static size_t next_user;

struct passwd *getpwnam(const char *name)
{
	for (size_t i = 0; i < 3; i++)
		if (strcmp(users[i].pw_name, name) == 0)
			return &users[i];
	return NULL;
}

void setpwent(void)
{
	next_user = 0;
}

struct passwd *getpwent(void)
{
	return next_user < 3 ? &users[next_user++] : NULL;
}

void endpwent(void)
{
}

static char *members[3]; /* of TEAM */

struct group *getgrgid(gid_t gid)
{
	static char *nobody[1];
	static struct group private = { .gr_gid = PRIVATE, .gr_mem = nobody };
	static struct group team = { .gr_gid = TEAM, .gr_mem = members };

	return gid == PRIVATE ? &private : gid == TEAM ? &team : NULL;
}

/* --- the tree ----------------------------------------------------------- */

static void put(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);

	CU_ASSERT_TRUE_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(write(fd, "text", 4), 4);
	close(fd);
}

static const char *in_dir(const char *name)
{
	static char rooms[4][PATH_MAX];
	static int n;
	char *room = rooms[n++ % 4];

	snprintf(room, PATH_MAX, "%s/%s", dir, name);
	return room;
}

static void begin(void)
{
	char command[PATH_MAX + 40];

	euid = 0;
	members[0] = NULL;
	snprintf(command, sizeof(command), "rm -rf %s/*", dir);
	CU_ASSERT_EQUAL(system(command), 0);
	CU_ASSERT_EQUAL(chown(dir, 0, 0) || chmod(dir, 0755), 0);
	snprintf(home, sizeof(home), "%s/home", dir);
	snprintf(file, sizeof(file), "%s/file", home);
	CU_ASSERT_EQUAL(mkdir(home, 0755), 0);
	CU_ASSERT_EQUAL(chmod(home, 0755), 0);
	put(file);
}

static bool ok(const char *path)
{
	err = (struct gw6c_err){ 0 };
	return trusted_path(path, &err) == GW6C_OK && !err.text[0];
}

/* Refused, with this command to mend it. */
static bool mended_by(const char *path, const char *command, const char *what)
{
	char text[PATH_MAX + 40];
	size_t len, end;

	if (ok(path) || err.rc != GW6C_ECONFIG)
		return false;
	end = (size_t)snprintf(text, sizeof(text), "%s %s", command, what);
	len = strlen(err.text);
	return len > end && strcmp(err.text + len - end, text) == 0 &&
	       strncmp(err.text, path, strlen(path)) == 0;
}

/* --- tests --------------------------------------------------------------- */

static void what_is_ours_and_what_is_not_there_is_fine(void)
{
	begin();
	CU_ASSERT_TRUE(ok(file));
	CU_ASSERT_TRUE(ok(home));
	CU_ASSERT_TRUE(ok("/"));
	CU_ASSERT_TRUE(ok("/dev/null"));
	CU_ASSERT_TRUE(ok(in_dir("home/none")));
	CU_ASSERT_TRUE(ok(in_dir("none/none")));
	CU_ASSERT_EQUAL(trusted_path(in_dir("home/none"), NULL), GW6C_OK);
}

static void the_owner_counts_at_each_place_of_the_way(void)
{
	const char *const places[] = { dir, home, file };

	for (int i = 0; i < 3; i++) {
		begin();
		CU_ASSERT_EQUAL(lchown(places[i], STRANGER, 0), 0);
		CU_ASSERT_TRUE(mended_by(file, "chown root", places[i]));
		CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "user 4711"));
		euid = STRANGER; /* and ourselves, besides root */
		CU_ASSERT_TRUE(ok(file));
		euid = STRANGER + 1;
		CU_ASSERT_FALSE(ok(file));
		CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "copy of your own"));
	}
}

static void the_mode_counts_at_each_place_of_the_way(void)
{
	const char *const places[] = { dir, home, file };
	static const mode_t modes[] = { 0757, 0775, 0777 };

	for (int i = 0; i < 9; i++) {
		begin();
		CU_ASSERT_EQUAL(chmod(places[i / 3], modes[i % 3]), 0);
		CU_ASSERT_TRUE(mended_by(file, "chmod go-w", places[i / 3]));
		euid = 1000;
		CU_ASSERT_TRUE(mended_by(file, "chmod go-w", places[i / 3]));
	}
}

static void above_it_a_sticky_directory_is_fine(void)
{
	begin();
	CU_ASSERT_EQUAL(chmod(home, 01777), 0);
	CU_ASSERT_TRUE(ok(file));
	CU_ASSERT_TRUE(ok(in_dir("home/none")));
	CU_ASSERT_TRUE(mended_by(home, "chmod go-w", home));
	CU_ASSERT_EQUAL(trusted_parents(file, &err), GW6C_OK);
	/* What is in it must be ours. */
	CU_ASSERT_EQUAL(chown(file, STRANGER, 0), 0);
	CU_ASSERT_TRUE(mended_by(file, "chown root", file));
	CU_ASSERT_EQUAL(trusted_parents(file, &err), GW6C_OK);
	/* Sticky does not help a directory of somebody else. */
	CU_ASSERT_EQUAL(chown(file, 0, 0) || chown(home, STRANGER, 0), 0);
	CU_ASSERT_FALSE(ok(file));
	CU_ASSERT_EQUAL(trusted_parents(file, &err), GW6C_ECONFIG);
	/* Nor does it a file. */
	begin();
	CU_ASSERT_EQUAL(chmod(file, 01666), 0);
	CU_ASSERT_FALSE(ok(file));
}

static void in_a_sticky_directory_a_second_name_is_none_of_ours(void)
{
	begin();
	CU_ASSERT_EQUAL(link(file, in_dir("home/other")), 0);
	CU_ASSERT_TRUE(ok(file));
	CU_ASSERT_EQUAL(chmod(home, 01777), 0);
	CU_ASSERT_FALSE(ok(file));
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "cp -p"));
	CU_ASSERT_EQUAL(unlink(in_dir("home/other")), 0);
	CU_ASSERT_TRUE(ok(file));
	/* Directories have several links, and one name. */
	CU_ASSERT_EQUAL(mkdir(in_dir("home/sub"), 0755), 0);
	CU_ASSERT_TRUE(ok(in_dir("home/sub")));
	/* Below that the stickiness is over. */
	put(in_dir("home/sub/one"));
	CU_ASSERT_EQUAL(link(in_dir("home/sub/one"), in_dir("home/sub/two")),
			0);
	CU_ASSERT_TRUE(ok(in_dir("home/sub/two")));
}

static void only_a_group_of_nobody_else_may_write(void)
{
	static const uid_t who[] = { 0, 1000 };
	char root[] = "root", ann[] = "ann", bob[] = "bob";

	for (int i = 0; i < 2; i++) {
		begin();
		euid = who[i];
		CU_ASSERT_EQUAL(chown(home, 0, TEAM) || chmod(home, 0775), 0);
		CU_ASSERT_TRUE(ok(file));
		members[0] = root;
		CU_ASSERT_TRUE(ok(file));
		members[1] = bob;
		members[2] = NULL;
		CU_ASSERT_TRUE(mended_by(file, "chmod go-w", home));
		members[1] = ann;
		CU_ASSERT_EQUAL(ok(file), who[i] == 1000);
		CU_ASSERT_EQUAL(chown(home, 0, PRIVATE), 0);
		CU_ASSERT_EQUAL(ok(file), who[i] == 1000);
		/* Nobody knows who is in this one. */
		CU_ASSERT_EQUAL(chown(home, 0, 5999), 0);
		CU_ASSERT_FALSE(ok(file));
		/* What root obeys itself is for root alone. */
		begin();
		euid = who[i];
		CU_ASSERT_EQUAL(chown(file, 0, TEAM) || chmod(file, 0660), 0);
		CU_ASSERT_EQUAL(ok(file), who[i] == 1000);
	}
}

/* The bits of the group are no more than the most that a list gives. */
static void a_list_may_name_somebody_else(void)
{
#ifdef __linux__
	static const uint8_t list[] = {
		2,  0, 0, 0, /* version */
		1,  0, 7, 0, 255,  255,	 255, 255, /* owner */
		2,  0, 7, 0, 0x67, 0x12, 0,   0, /* user 4711 */
		4,  0, 5, 0, 255,  255,	 255, 255, /* group */
		16, 0, 7, 0, 255,  255,	 255, 255, /* mask */
		32, 0, 5, 0, 255,  255,	 255, 255, /* others */
	};

	begin();
	CU_ASSERT_EQUAL(chown(home, 0, TEAM) || chmod(home, 0775), 0);
	CU_ASSERT_TRUE(ok(file));
	if (setxattr(home, "system.posix_acl_access", list, sizeof(list), 0))
		return; /* this file system has none */
	CU_ASSERT_TRUE(mended_by(file, "chmod go-w", home));
	CU_ASSERT_EQUAL(chmod(home, 0755), 0);
	CU_ASSERT_TRUE(ok(file));
#endif
}

static void links_are_followed_and_judged(void)
{
	char link[PATH_MAX + 8];

	begin();
	snprintf(link, sizeof(link), "%s/link", dir);
	CU_ASSERT_EQUAL(mkdir(in_dir("bad"), 0777) ||
				chmod(in_dir("bad"), 0777),
			0);
	put(in_dir("bad/file"));
	CU_ASSERT_EQUAL(symlink("home/file", link), 0);
	CU_ASSERT_TRUE(ok(link));
	CU_ASSERT_EQUAL(lchown(link, STRANGER, 0), 0);
	CU_ASSERT_TRUE(mended_by(link, "chown -h root", link));
	/* Where it leads to: relative, absolute, and back. */
	CU_ASSERT_EQUAL(unlink(link) || symlink("bad/file", link), 0);
	CU_ASSERT_TRUE(mended_by(link, "chmod go-w", in_dir("bad")));
	CU_ASSERT_EQUAL(unlink(link) || symlink(in_dir("bad"), link), 0);
	CU_ASSERT_FALSE(ok(in_dir("link/file")));
	CU_ASSERT_FALSE(ok(link));
	CU_ASSERT_EQUAL(unlink(link) || symlink("bad/../home", link), 0);
	CU_ASSERT_FALSE(ok(in_dir("link/file")));
	CU_ASSERT_EQUAL(unlink(link) || symlink("./home/.", link), 0);
	CU_ASSERT_TRUE(ok(in_dir("link/../link/./file")));
	/* A link to the directory that it is in, which is the last then. */
	CU_ASSERT_EQUAL(symlink(".", in_dir("bad/self")), 0);
	CU_ASSERT_FALSE(ok(in_dir("bad/self")));
	CU_ASSERT_EQUAL(chmod(in_dir("bad"), 01777), 0);
	CU_ASSERT_FALSE(ok(in_dir("bad/self")));
	CU_ASSERT_TRUE(ok(in_dir("bad/self/file")));
	/* Round and round. */
	CU_ASSERT_EQUAL(unlink(link) || symlink("link", link), 0);
	CU_ASSERT_FALSE(ok(link));
}

static void a_name_without_a_slash_is_here(void)
{
	char here[PATH_MAX];

	begin();
	CU_ASSERT_PTR_NOT_NULL_FATAL(getcwd(here, sizeof(here)));
	CU_ASSERT_EQUAL(chdir(home), 0);
	CU_ASSERT_TRUE(ok("file"));
	CU_ASSERT_EQUAL(trusted_parents("file", &err), GW6C_OK);
	CU_ASSERT_EQUAL(chmod(home, 0757), 0);
	CU_ASSERT_FALSE(ok("file"));
	CU_ASSERT_FALSE(ok("../home/file"));
	CU_ASSERT_EQUAL(trusted_parents("file", &err), GW6C_ECONFIG);
	CU_ASSERT_EQUAL(trusted_parents("/file", &err), GW6C_OK);
	CU_ASSERT_EQUAL(trusted_parents(file, &err), GW6C_ECONFIG);
	CU_ASSERT_EQUAL(trusted_parents(home, &err), GW6C_OK);
	CU_ASSERT_EQUAL(chdir(here), 0);
}

/* 0, or errno. */
static int open_it(void)
{
	int fd = trusted_open(file, O_RDONLY, 0);

	if (fd < 0)
		return errno;
	CU_ASSERT_EQUAL(fcntl(fd, F_GETFD), FD_CLOEXEC);
	close(fd);
	return 0;
}

static void a_file_of_our_own_is_opened(void)
{
	uint8_t room[8];

	begin();
	CU_ASSERT_EQUAL(open_it(), 0);
	CU_ASSERT_EQUAL(files_load(file, room, sizeof(room), NULL), 4);
	euid = 1000;
	CU_ASSERT_EQUAL(open_it(), 0);
	CU_ASSERT_EQUAL(chown(file, 1000, 0), 0);
	CU_ASSERT_EQUAL(open_it(), 0);
	CU_ASSERT_EQUAL(unlink(file), 0);
	CU_ASSERT_EQUAL(open_it(), ENOENT);
}

static void a_file_of_others_is_not(void)
{
	uint8_t room[8];

	begin();
	CU_ASSERT_EQUAL(chown(file, 1000, 0), 0);
	CU_ASSERT_EQUAL(open_it(), EPERM);
	CU_ASSERT_EQUAL(files_load(file, room, sizeof(room), NULL), -1);
	CU_ASSERT_EQUAL(errno, EPERM);
	begin();
	CU_ASSERT_EQUAL(chmod(file, 0620), 0);
	CU_ASSERT_EQUAL(open_it(), EPERM);
	CU_ASSERT_EQUAL(chmod(file, 0602), 0);
	CU_ASSERT_EQUAL(open_it(), EPERM);
	CU_ASSERT_EQUAL(chmod(file, 0644), 0);
	CU_ASSERT_EQUAL(open_it(), 0);
	CU_ASSERT_EQUAL(link(file, in_dir("home/other")), 0);
	CU_ASSERT_EQUAL(open_it(), EPERM);
	CU_ASSERT_EQUAL(unlink(file) || symlink("other", file), 0);
	CU_ASSERT_EQUAL(open_it(), ELOOP);
	CU_ASSERT_EQUAL(unlink(file) || mkfifo(file, 0600), 0);
	CU_ASSERT_EQUAL(open_it(), EINVAL);
	CU_ASSERT_EQUAL(unlink(file) || mkdir(file, 0700), 0);
	CU_ASSERT_EQUAL(open_it(), EINVAL);
}

static void the_reason_is_in_words(void)
{
	CU_ASSERT_STRING_EQUAL(trusted_error(ELOOP), "it is a symbolic link");
	CU_ASSERT_STRING_EQUAL(trusted_error(EINVAL),
			       "it is not a regular file");
	CU_ASSERT_STRING_EQUAL(trusted_error(ENXIO),
			       "it is not a regular file");
	CU_ASSERT_PTR_NOT_NULL(strstr(trusted_error(EPERM), "others own it"));
	CU_ASSERT_STRING_EQUAL(trusted_error(ENOSPC), strerror(ENOSPC));
}

static void a_state_file_is_in_no_directory_of_others(void)
{
	const struct gw6c_bytes text = gw6c_text("new");
	uint8_t room[8];

	begin();
	CU_ASSERT_EQUAL(files_replace(file, text, 0600, &err), 0);
	CU_ASSERT_EQUAL(chown(home, STRANGER, 0), 0);
	err = (struct gw6c_err){ 0 };
	CU_ASSERT_EQUAL(files_replace(file, text, 0600, &err), -1);
	errno = 0;
	CU_ASSERT_EQUAL(files_load(file, room, sizeof(room), NULL), -1);
	CU_ASSERT_EQUAL(errno, EPERM);
	CU_ASSERT_EQUAL(err.rc, GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "belongs to user 4711"));
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(what_is_ours_and_what_is_not_there_is_fine),
		UNIT_TEST(the_owner_counts_at_each_place_of_the_way),
		UNIT_TEST(the_mode_counts_at_each_place_of_the_way),
		UNIT_TEST(above_it_a_sticky_directory_is_fine),
		UNIT_TEST(in_a_sticky_directory_a_second_name_is_none_of_ours),
		UNIT_TEST(only_a_group_of_nobody_else_may_write),
		UNIT_TEST(a_list_may_name_somebody_else),
		UNIT_TEST(links_are_followed_and_judged),
		UNIT_TEST(a_name_without_a_slash_is_here),
		UNIT_TEST(a_file_of_our_own_is_opened),
		UNIT_TEST(a_file_of_others_is_not),
		UNIT_TEST(the_reason_is_in_words),
		UNIT_TEST(a_state_file_is_in_no_directory_of_others),
	};
	char command[80];
	int rc;

	if (getuid() != 0) {
		puts("skipped: it needs root, to give files away");
		return 77;
	}
	if (!mkdtemp(dir))
		return 1;
	rc = UNIT_RUN("trusted", tests);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command) == 0 ? rc : 1;
}
