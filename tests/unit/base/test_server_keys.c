/* test_server_keys.c - the file of known server keys, whatever is in it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/server_keys.h"
#include "tests/data/passdss_vectors.h"
#include "tests/unit/unit.h"
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/gw6c-test-keys.XXXXXX";
static char path[128];

static void put(const char *text, mode_t mode)
{
	int fd;

	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	CU_ASSERT_EQUAL(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	CU_ASSERT_EQUAL(fchmod(fd, mode), 0);
	close(fd);
}

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

/* The key of a line of the vectors. */
static struct gw6c_bytes key_of(const char *line, uint8_t *room)
{
	const char *base64 = strrchr(line, ' ') + 1;
	gnutls_datum_t text = { (unsigned char *)base64,
				(unsigned)strlen(base64) },
		       raw;
	struct gw6c_bytes key = { room, 0 };

	CU_ASSERT_EQUAL_FATAL(gnutls_base64_decode2(&text, &raw), 0);
	memcpy(room, raw.data, raw.size);
	key.len = raw.size;
	gnutls_free(raw.data);
	return key;
}

static enum server_keys_match find(const char *name, struct gw6c_bytes key)
{
	struct server_addr who = server(name);
	char known[SERVER_KEYS_PRINT];
	enum server_keys_match match;
	struct gw6c_err err = { 0 };

	CU_ASSERT_EQUAL(server_keys_find(path, &who, key, &match, known, &err),
			GW6C_OK);
	CU_ASSERT_EQUAL(known[0] != 0, match != SERVER_KEYS_UNKNOWN);
	return match;
}

static void both_ways_to_write_a_key_are_the_same_key(void)
{
	uint8_t old[SERVER_KEYS_BLOB], ssh[SERVER_KEYS_BLOB];
	struct gw6c_bytes old_key = key_of(vector_known.line, old);
	struct gw6c_bytes ssh_key = key_of(vector_known.line_ssh, ssh);
	char print[SERVER_KEYS_PRINT], text[2048];

	CU_ASSERT_NOT_EQUAL(old_key.len, ssh_key.len);
	CU_ASSERT_STRING_EQUAL(server_keys_print(old_key, print),
			       vector_known.fingerprint);
	CU_ASSERT_STRING_EQUAL(server_keys_print(ssh_key, print),
			       vector_known.fingerprint);
	snprintf(text, sizeof(text), "%s\n", vector_known.line);
	put(text, 0600);
	CU_ASSERT_EQUAL(find(vector_known.host, old_key), SERVER_KEYS_SAME);
	CU_ASSERT_EQUAL(find(vector_known.host, ssh_key), SERVER_KEYS_SAME);
	ssh[ssh_key.len - 1] ^= 1;
	CU_ASSERT_EQUAL(find(vector_known.host, ssh_key), SERVER_KEYS_OTHER);
	CU_ASSERT_EQUAL(find("other.example", old_key), SERVER_KEYS_UNKNOWN);
}

static void a_server_is_host_and_port(void)
{
	static const struct {
		const char *line, *asked;
		bool same;
	} cases[] = {
		{ "a.example", "a.example", true },
		{ "A.example", "a.EXAMPLE", true },
		{ "a.example:3653", "a.example", true },
		{ "a.example", "a.example:3653", true },
		{ "a.example:4000", "a.example", false },
		{ "a.example", "a.example:4000", false },
		{ "a.example.", "b.example", false },
		{ "[2001:db8::1]", "[2001:db8:0::1]", true },
		{ "192.0.2.1", "192.0.2.11", false },
	};
	uint8_t room[SERVER_KEYS_BLOB];
	struct gw6c_bytes key = key_of(vector_known.line, room);
	char text[2048];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text), "%s%s\n", cases[i].line,
			 strchr(vector_known.line, ' '));
		put(text, 0600);
		CU_ASSERT_EQUAL(find(cases[i].asked, key),
				cases[i].same ? SERVER_KEYS_SAME
					      : SERVER_KEYS_UNKNOWN);
	}
}

static void the_last_line_of_a_server_counts(void)
{
	uint8_t room[SERVER_KEYS_BLOB];
	struct gw6c_bytes key = key_of(vector_known.line, room);
	char text[4096];

	snprintf(text, sizeof(text), "%s\n%s ssh-dss AAAAB3NzaC1kc3M=\n",
		 vector_known.line, vector_known.host);
	put(text, 0600);
	CU_ASSERT_EQUAL(find(vector_known.host, key), SERVER_KEYS_OTHER);
	snprintf(text, sizeof(text), "%s ssh-dss AAAAB3NzaC1kc3M=\n%s",
		 vector_known.host, vector_known.line); /* no line end */
	put(text, 0600);
	CU_ASSERT_EQUAL(find(vector_known.host, key), SERVER_KEYS_SAME);
}

static void lines_that_are_none_are_skipped(void)
{
	static const char *const lines[] = {
		"",
		"\n\n\r\n",
		"# broker.example.net\n",
		"broker.example.net\n",
		"broker.example.net ssh-dss\n",
		"broker.example.net ssh-dss !!!!\n",
		"broker.example.net  \n \t\n",
		"\1\2\3 ssh-dss AAAA\n",
	};
	uint8_t room[SERVER_KEYS_BLOB];
	struct gw6c_bytes key = key_of(vector_known.line, room);

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		put(lines[i], 0600);
		CU_ASSERT_EQUAL(find(vector_known.host, key),
				SERVER_KEYS_UNKNOWN);
	}
	unlink(path);
	CU_ASSERT_EQUAL(find(vector_known.host, key), SERVER_KEYS_UNKNOWN);
}

static void storing_replaces_the_line_of_this_server_only(void)
{
	struct server_addr who = server(vector_known.host);
	uint8_t room[SERVER_KEYS_BLOB];
	struct gw6c_bytes key = key_of(vector_known.line, room);
	char want[4096], text[4096];
	struct gw6c_err err = { 0 };
	struct stat stat_of;

	snprintf(text, sizeof(text),
		 "# mine\n%s:3653 ssh-dss AAAA\n\nb.example ssh-dss BBBB",
		 vector_known.host);
	put(text, 0644);
	CU_ASSERT_EQUAL(server_keys_store(path, &who, key, &err), GW6C_OK);
	snprintf(want, sizeof(want), "# mine\n\nb.example ssh-dss BBBB\n%s\n",
		 vector_known.line_ssh);
	CU_ASSERT_STRING_EQUAL(content(), want);
	CU_ASSERT_EQUAL(stat(path, &stat_of), 0);
	CU_ASSERT_EQUAL(stat_of.st_mode & 0777, 0600);
	CU_ASSERT_EQUAL(server_keys_store(path, &who, key, &err), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(content(), want);
	unlink(path);
	CU_ASSERT_EQUAL(server_keys_store(path, &who, key, &err), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(content(), strstr(want, vector_known.host));
}

static void another_port_is_another_line(void)
{
	struct server_addr a = server("[2001:db8::1]"),
			   b = server("[2001:db8::1]:4000");
	uint8_t room[SERVER_KEYS_BLOB];
	struct gw6c_bytes key = key_of(vector_known.line, room);
	struct gw6c_err err = { 0 };

	unlink(path);
	CU_ASSERT_EQUAL(server_keys_store(path, &a, key, &err), GW6C_OK);
	CU_ASSERT_EQUAL(server_keys_store(path, &b, key, &err), GW6C_OK);
	CU_ASSERT_EQUAL(find("[2001:db8::1]", key), SERVER_KEYS_SAME);
	CU_ASSERT_EQUAL(find("[2001:db8::1]:4000", key), SERVER_KEYS_SAME);
	CU_ASSERT_EQUAL(find("[2001:db8::1]:4001", key), SERVER_KEYS_UNKNOWN);
}

static void a_file_that_others_write_is_not_believed(void)
{
	static const mode_t modes[] = { 0620, 0602, 0666 };
	struct server_addr who = server(vector_known.host);
	uint8_t room[SERVER_KEYS_BLOB];
	struct gw6c_bytes key = key_of(vector_known.line, room);
	char known[SERVER_KEYS_PRINT];
	enum server_keys_match match;

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		struct gw6c_err err = { 0 };

		put(vector_known.line, modes[i]);
		CU_ASSERT_EQUAL(server_keys_find(path, &who, key, &match, known,
						 &err),
				GW6C_ECONFIG);
		CU_ASSERT_EQUAL(server_keys_store(path, &who, key, &err),
				GW6C_ECONFIG);
		CU_ASSERT_STRING_EQUAL(content(), vector_known.line);
	}
	put(vector_known.line, 0644);
	CU_ASSERT_EQUAL(find(vector_known.host, key), SERVER_KEYS_SAME);
}

static void no_symbolic_link_is_followed(void)
{
	struct server_addr who = server(vector_known.host);
	uint8_t room[SERVER_KEYS_BLOB];
	struct gw6c_bytes key = key_of(vector_known.line, room);
	char target[160], known[SERVER_KEYS_PRINT];
	enum server_keys_match match;
	struct gw6c_err err = { 0 };
	struct stat stat_of;

	put(vector_known.line, 0600);
	snprintf(target, sizeof(target), "%s.real", path);
	CU_ASSERT_EQUAL(rename(path, target), 0);
	CU_ASSERT_EQUAL(symlink(target, path), 0);
	CU_ASSERT_EQUAL(server_keys_find(path, &who, key, &match, known, &err),
			GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "symbolic link"));
	CU_ASSERT_EQUAL(server_keys_store(path, &who, key, &err), GW6C_ECONFIG);
	CU_ASSERT(lstat(path, &stat_of) == 0 && S_ISLNK(stat_of.st_mode));
	unlink(path);
	unlink(target);
}

static void what_is_no_key_has_no_fingerprint(void)
{
	static const char *const bad[] = {
		"", "\0\0\0", "\0\0\0\7ssh-ds", "\0\0\0\0", "\377\377\377\377",
	};
	static const size_t len[] = { 0, 3, 10, 4, 4 };
	char print[SERVER_KEYS_PRINT];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CU_ASSERT_STRING_EQUAL(server_keys_print(
					       (struct gw6c_bytes){
						       (const uint8_t *)bad[i],
						       len[i] },
					       print),
				       "");
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(both_ways_to_write_a_key_are_the_same_key),
		UNIT_TEST(a_server_is_host_and_port),
		UNIT_TEST(the_last_line_of_a_server_counts),
		UNIT_TEST(lines_that_are_none_are_skipped),
		UNIT_TEST(storing_replaces_the_line_of_this_server_only),
		UNIT_TEST(another_port_is_another_line),
		UNIT_TEST(a_file_that_others_write_is_not_believed),
		UNIT_TEST(no_symbolic_link_is_followed),
		UNIT_TEST(what_is_no_key_has_no_fingerprint),
	};
	int rc;

	if (!mkdtemp(dir))
		return 1;
	snprintf(path, sizeof(path), "%s/keys", dir);
	rc = UNIT_RUN("server_keys", tests);
	unlink(path);
	rmdir(dir);
	return rc;
}
