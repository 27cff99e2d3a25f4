/* test_servers.c - the files that remember servers, whatever is in them. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/client/servers.h"
#include "tests/unit/unit.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/gw6c-test-servers.XXXXXX";
static char path[128];

static void put(const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	CU_ASSERT_EQUAL(write(fd, text, len), (ssize_t)len);
	close(fd);
}

/* How many servers this text has. */
static int count(const char *text, struct server_addr *out)
{
	struct gw6c_err err = { 0 };

	put(text, strlen(text));
	return servers_read(path, out, TSP_BROKERS, &err);
}

/* The file as it is, in a room of its own. */
static const char *content(void)
{
	static char room[65536];
	int fd = open(path, O_RDONLY);
	ssize_t len = read(fd, room, sizeof(room) - 1);

	close(fd);
	room[len < 0 ? 0 : len] = 0;
	return room;
}

static struct server_addr server(const char *text)
{
	struct server_addr out;
	struct gw6c_err err;

	CU_ASSERT_EQUAL(server_addr_parse(text, &out, &err), GW6C_OK);
	return out;
}

static void the_last_server_is_written_as_it_was_used(void)
{
	static const char *const forms[] = { "broker.example.net",
					     "192.0.2.1:4000", "[2001:db8::1]",
					     "[2001:db8::1]:4000" };
	struct server_addr got, want;
	struct gw6c_err err = { 0 };
	char line[80];

	for (size_t i = 0; i < 4; i++) {
		want = server(forms[i]);
		CU_ASSERT_EQUAL(servers_write_last(path, &want, &err), GW6C_OK);
		snprintf(line, sizeof(line), "%s\n", forms[i]);
		CU_ASSERT_STRING_EQUAL(content(), line);
		CU_ASSERT_EQUAL(servers_read(path, &got, 1, &err), 1);
		CU_ASSERT_EQUAL(memcmp(&got, &want, sizeof(got)), 0);
	}
}

static void a_list_has_no_brackets_and_loses_no_port(void)
{
	struct server_addr list[] = { server("b.example.net"),
				      server("192.0.2.4:5000"),
				      server("[2001:db8::3]"),
				      server("[2001:db8::4]:5000") };
	struct server_addr got[TSP_BROKERS];
	struct gw6c_err err = { 0 };

	CU_ASSERT_EQUAL(servers_write_list(path, list, 4, &err), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(content(), "b.example.net\n192.0.2.4:5000\n"
					  "2001:db8::3\n"
					  "[2001:db8::4]:5000\n");
	CU_ASSERT_EQUAL(servers_read(path, got, TSP_BROKERS, &err), 4);
	CU_ASSERT_EQUAL(memcmp(got, list, sizeof(list)), 0);
}

static void files_of_old_clients_and_of_other_systems_are_read(void)
{
	struct server_addr got[TSP_BROKERS];

	CU_ASSERT_EQUAL(count("# a comment\r\n\r\n  east.example.net \r\n"
			      "2001:db8::1\r\n\t# and this\n192.0.2.1",
			      got),
			3);
	CU_ASSERT_STRING_EQUAL(got[0].host, "east.example.net");
	CU_ASSERT_EQUAL(got[1].literal.family, 6);
	CU_ASSERT_EQUAL(got[1].port, SERVER_PORT);
	CU_ASSERT_STRING_EQUAL(got[2].host, "192.0.2.1");
}

static void what_is_no_server_is_skipped_line_by_line(void)
{
	static const char *const bad[] = { "a b",     "a;reboot", "%s%n",
					   "a:0",     "a:99999",  "a:1x",
					   "[::1",    "x::y::z",  "$(id)",
					   "a\033[2J" };
	struct server_addr got[TSP_BROKERS];
	char text[200];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "%s\ngood.example.net\n", bad[i]);
		CU_ASSERT_EQUAL(count(text, got), 1);
		CU_ASSERT_STRING_EQUAL(got[0].host, "good.example.net");
	}
}

/* The tail of an endless line must not become a server of its own. */
static void long_lines_and_octets_of_zero_are_no_servers(void)
{
	static char text[70000];
	struct server_addr got[TSP_BROKERS];
	struct gw6c_err err = { 0 };
	char name[SERVERS_LINE + 1];

	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	snprintf(text, sizeof(text), "%s\n", name);
	CU_ASSERT_EQUAL(count(text, got), 1);
	snprintf(text, sizeof(text), "%sa\nb\n", name);
	CU_ASSERT_EQUAL(count(text, got), 1);
	CU_ASSERT_STRING_EQUAL(got[0].host, "b");
	for (size_t len = 200; len < 600; len += 7) {
		memset(text, 'a', len);
		snprintf(text + len, 20, "%s\nb\n", "evil.test");
		if (len > SERVERS_LINE)
			CU_ASSERT_EQUAL(count(text, got), 1);
		CU_ASSERT_EQUAL(strcmp(got[0].host, "evil.test") == 0, false);
	}
	put("good\0evil\nb\n", 12);
	CU_ASSERT_EQUAL(servers_read(path, got, TSP_BROKERS, &err), 1);
	CU_ASSERT_STRING_EQUAL(got[0].host, "b");
	/* Cut in the middle of a name. */
	memset(text, '#', sizeof(text));
	memcpy(text + 65530, "\nevil.test\n", 11);
	put(text, sizeof(text));
	CU_ASSERT_EQUAL(servers_read(path, got, TSP_BROKERS, &err), 0);
}

static void no_more_than_fifty_are_taken(void)
{
	static char text[2000];
	struct server_addr got[TSP_BROKERS + 1];

	text[0] = 0;
	for (int i = 0; i < 2 * TSP_BROKERS; i++)
		snprintf(text + strlen(text), 10, "b%d\n", i);
	memset(&got[TSP_BROKERS], 0x55, sizeof(got[0]));
	CU_ASSERT_EQUAL(count(text, got), TSP_BROKERS);
	CU_ASSERT_STRING_EQUAL(got[TSP_BROKERS - 1].host, "b49");
	CU_ASSERT_EQUAL(got[TSP_BROKERS].host[0], 0x55);
}

static void a_missing_and_an_empty_file_are_no_mistake(void)
{
	struct server_addr got[TSP_BROKERS];
	struct gw6c_err err = { 0 };

	unlink(path);
	CU_ASSERT_EQUAL(servers_read(path, got, TSP_BROKERS, &err), 0);
	CU_ASSERT_EQUAL(count("", got), 0);
	CU_ASSERT_EQUAL(count("\n\n#\n", got), 0);
	CU_ASSERT_EQUAL(err.rc, 0);
}

static void links_fifos_and_directories_are_refused(void)
{
	struct server_addr got;
	struct gw6c_err err = { 0 };

	unlink(path);
	CU_ASSERT_EQUAL(mkdir(path, 0755), 0);
	CU_ASSERT_EQUAL(servers_read(path, &got, 1, &err), -1);
	CU_ASSERT_EQUAL(err.rc, GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, path));
	rmdir(path);
	CU_ASSERT_EQUAL(mkfifo(path, 0644), 0);
	CU_ASSERT_EQUAL(servers_read(path, &got, 1, &err), -1);
	unlink(path);
	CU_ASSERT_EQUAL(symlink("/etc/hosts", path), 0);
	CU_ASSERT_EQUAL(servers_read(path, &got, 1, &err), -1);
	unlink(path);
}

static void writing_replaces_links_and_gives_the_mode(void)
{
	struct server_addr one = server("b.example.net");
	struct gw6c_err err = { 0 };
	char other[160];
	struct stat stat;

	snprintf(other, sizeof(other), "%s/other", dir);
	CU_ASSERT_EQUAL(symlink(other, path), 0);
	umask(077);
	CU_ASSERT_EQUAL(servers_write_list(path, &one, 1, &err), GW6C_OK);
	umask(022);
	CU_ASSERT_EQUAL(lstat(path, &stat), 0);
	CU_ASSERT_TRUE(S_ISREG(stat.st_mode));
	CU_ASSERT_EQUAL(stat.st_mode & 07777, 0644);
	CU_ASSERT_EQUAL(access(other, F_OK), -1);
	snprintf(other, sizeof(other), "%s.new", path);
	CU_ASSERT_EQUAL(access(other, F_OK), -1);
}

static void what_cannot_be_written_is_told_and_leaves_the_old(void)
{
	struct server_addr one = server("b.example.net");
	struct gw6c_err err = { 0 };
	char blocked[160];

	put("old.example.net\n", 16);
	snprintf(blocked, sizeof(blocked), "%s.new", path);
	CU_ASSERT_EQUAL(mkdir(blocked, 0755), 0);
	CU_ASSERT_EQUAL(servers_write_last(path, &one, &err), GW6C_EOS);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, path));
	CU_ASSERT_STRING_EQUAL(content(), "old.example.net\n");
	rmdir(blocked);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(the_last_server_is_written_as_it_was_used),
		UNIT_TEST(a_list_has_no_brackets_and_loses_no_port),
		UNIT_TEST(files_of_old_clients_and_of_other_systems_are_read),
		UNIT_TEST(what_is_no_server_is_skipped_line_by_line),
		UNIT_TEST(long_lines_and_octets_of_zero_are_no_servers),
		UNIT_TEST(no_more_than_fifty_are_taken),
		UNIT_TEST(a_missing_and_an_empty_file_are_no_mistake),
		UNIT_TEST(links_fifos_and_directories_are_refused),
		UNIT_TEST(writing_replaces_links_and_gives_the_mode),
		UNIT_TEST(what_cannot_be_written_is_told_and_leaves_the_old),
	};
	int rc;

	if (!mkdtemp(dir))
		return 1;
	snprintf(path, sizeof(path), "%s/servers", dir);
	rc = UNIT_RUN("servers", tests);
	unlink(path);
	rmdir(dir);
	return rc;
}
