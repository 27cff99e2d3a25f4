/* test_proven.c - the file of proven logins, whatever is in it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/client/proven.h"
#include "tests/unit/unit.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/gw6c-test-proven.XXXXXX";
static char path[128];

static void put(const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	CU_ASSERT_EQUAL(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static const char *content(void)
{
	static char room[70000];
	int fd = open(path, O_RDONLY);
	ssize_t len = read(fd, room, sizeof(room) - 1);

	close(fd);
	room[len < 0 ? 0 : len] = 0;
	return room;
}

static struct proven login(const char *server, const char *user)
{
	struct proven out = { .user = user, .rank = 99, .mechanism = "x" };
	struct gw6c_err err;

	CU_ASSERT_EQUAL(server_addr_parse(server, &out.server, &err), GW6C_OK);
	return out;
}

/* "MECHANISM RANK" of server and user. */
static const char *found(const char *server, const char *user)
{
	static char room[80];
	struct proven out = login(server, user);
	struct gw6c_err err = { 0 };

	CU_ASSERT_EQUAL(proven_find(path, &out, &err), GW6C_OK);
	snprintf(room, sizeof(room), "%s %u", out.mechanism, out.rank);
	return room;
}

static void store(const char *server, const char *user, const char *mechanism,
		  uint32_t rank)
{
	struct proven in = login(server, user);
	struct gw6c_err err = { 0 };

	snprintf(in.mechanism, sizeof(in.mechanism), "%s", mechanism);
	in.rank = rank;
	CU_ASSERT_EQUAL(proven_store(path, &in, &err), GW6C_OK);
}

static void what_is_stored_is_found_for_this_account_alone(void)
{
	struct stat at;

	unlink(path);
	CU_ASSERT_STRING_EQUAL(found("b.example.net", "ann"), " 0");
	store("b.example.net", "ann", "digest-md5", 30);
	store("b.example.net:4000", "ann", "passdss-3des-1", 70);
	store("[2001:db8::1]", "bob of b", "scram-sha-256", 50);
	CU_ASSERT_STRING_EQUAL(content(),
			       "b.example.net digest-md5 30 ann\n"
			       "b.example.net:4000 passdss-3des-1 70 ann\n"
			       "[2001:db8::1] scram-sha-256 50 bob of b\n");
	CU_ASSERT_STRING_EQUAL(found("B.example.NET:3653", "ann"),
			       "digest-md5 30");
	CU_ASSERT_STRING_EQUAL(found("b.example.net:4000", "ann"),
			       "passdss-3des-1 70");
	CU_ASSERT_STRING_EQUAL(found("[2001:db8:0::1]:3653", "bob of b"),
			       "scram-sha-256 50");
	CU_ASSERT_STRING_EQUAL(found("b.example.net", "an"), " 0");
	CU_ASSERT_STRING_EQUAL(found("b.example.net", "Ann"), " 0");
	CU_ASSERT_STRING_EQUAL(found("b.example.net:4001", "ann"), " 0");
	CU_ASSERT_EQUAL(stat(path, &at), 0);
	CU_ASSERT_EQUAL(at.st_mode & 07777, 0600);
}

static void the_last_login_counts(void)
{
	unlink(path);
	store("a.example.net", "ann", "passdss-3des-1", 70);
	store("b.example.net", "ann", "passdss-3des-1", 70);
	store("A.example.net", "ann", "digest-md5", 30);
	CU_ASSERT_STRING_EQUAL(content(),
			       "b.example.net passdss-3des-1 70 ann\n"
			       "A.example.net digest-md5 30 ann\n");
	CU_ASSERT_STRING_EQUAL(found("a.example.net", "ann"), "digest-md5 30");
}

static void lines_of_others_are_no_login(void)
{
	static const char *const lines[] = {
		"",
		"\n",
		"b.example.net\n",
		"b.example.net x\n",
		"b.example.net digest-md5 ann\n",
		"b.example.net  30 ann\n",
		"b.example.net x -1 ann\n",
		"b.example.net x 1000001 ann\n",
		"b.example.net x 30\n",
		"b.example.net x 30 ann b\n",
		"b.example.net "
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		" 30 ann\n",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		put(lines[i]);
		CU_ASSERT_STRING_EQUAL(found("b.example.net", "ann"), " 0");
	}
	put("b.example.net x 1000000 ann");
	CU_ASSERT_STRING_EQUAL(found("b.example.net", "ann"), "x 1000000");
}

/* Names that cannot be one line would make lines of their own. */
static void no_name_makes_a_line_of_its_own(void)
{
	unlink(path);
	store("b.example.net", "ann\nc.example.net x 70 bob", "x", 10);
	CU_ASSERT_STRING_EQUAL(found("c.example.net", "bob"), " 0");
	store("b.example.net", "ann\x7f", "x", 10);
	CU_ASSERT_EQUAL(access(path, F_OK), -1);
}

static void the_file_does_not_grow_for_ever(void)
{
	char user[200];
	struct stat at;

	unlink(path);
	for (int i = 0; i < 500; i++) {
		snprintf(user, sizeof(user), "%03d%0150d", i, 0);
		store("b.example.net", user, "digest-md5", 30);
	}
	CU_ASSERT_EQUAL(stat(path, &at), 0);
	CU_ASSERT(at.st_size > 60000 && at.st_size <= 65536);
	CU_ASSERT_STRING_EQUAL(found("b.example.net", user), "digest-md5 30");
	snprintf(user, sizeof(user), "%03d%0150d", 0, 0);
	CU_ASSERT_STRING_EQUAL(found("b.example.net", user), " 0");
}

static void a_link_is_neither_read_nor_written_through(void)
{
	struct proven in = login("b.example.net", "ann");
	struct gw6c_err err = { 0 };
	char target[160];

	unlink(path);
	snprintf(target, sizeof(target), "%s/target", dir);
	CU_ASSERT_EQUAL(symlink(target, path), 0);
	close(open(target, O_WRONLY | O_CREAT, 0600));
	CU_ASSERT_EQUAL(proven_find(path, &in, &err), GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, path));
	CU_ASSERT_STRING_EQUAL(in.mechanism, "");
	CU_ASSERT_EQUAL(proven_store(path, &in, &err), GW6C_ECONFIG);
	unlink(target);
}

static void put_each(void *arg, const struct proven *proven)
{
	size_t len = strlen(arg);

	snprintf((char *)arg + len, 200 - len, "%s:%u %s %u;",
		 proven->server.host, proven->server.port, proven->mechanism,
		 proven->rank);
}

static void those_of_one_account_are_told_in_order(void)
{
	struct gw6c_err err = { 0 };
	char text[200] = "";

	unlink(path);
	CU_ASSERT_EQUAL(proven_each(path, "ann", put_each, text, &err),
			GW6C_OK);
	put("b.example.net x 30 ann\n"
	    "c.example.net x 30 anna\n"
	    "not:a:server x 30 ann\n"
	    "d.example.net x 2000000 ann\n"
	    "[2001:db8::1]:4000 y 70 ann");
	CU_ASSERT_EQUAL(proven_each(path, "ann", put_each, text, &err),
			GW6C_OK);
	CU_ASSERT_STRING_EQUAL(text, "b.example.net:3653 x 30;"
				     "2001:db8::1:4000 y 70;");
	unlink(path);
	CU_ASSERT_EQUAL(symlink("/nowhere", path), 0);
	CU_ASSERT_EQUAL(proven_each(path, "ann", put_each, text, &err),
			GW6C_ECONFIG);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(what_is_stored_is_found_for_this_account_alone),
		UNIT_TEST(the_last_login_counts),
		UNIT_TEST(lines_of_others_are_no_login),
		UNIT_TEST(no_name_makes_a_line_of_its_own),
		UNIT_TEST(the_file_does_not_grow_for_ever),
		UNIT_TEST(those_of_one_account_are_told_in_order),
		UNIT_TEST(a_link_is_neither_read_nor_written_through),
	};

	int rc;

	if (!mkdtemp(dir))
		return 1;
	snprintf(path, sizeof(path), "%s/logins", dir);
	rc = UNIT_RUN("proven", tests);
	unlink(path);
	rmdir(dir);
	return rc;
}
