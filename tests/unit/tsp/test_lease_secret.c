/* test_lease_secret.c - by what a broker knows an anonymous client again. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/tsp/lease_secret.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[64], path[100];

static void begin(void)
{
	snprintf(dir, sizeof(dir), "/tmp/gw6c-lease.XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/lease_secret", dir);
}

static void end(void)
{
	unlink(path);
	rmdir(dir);
}

static const char *secret(const char *broker)
{
	static char room[4][TSP_SECRET];
	static int n;
	char *out = room[n++ % 4];

	lease_secret(dir, broker, out);
	return out;
}

static void it_is_kept_and_each_broker_has_its_own(void)
{
	const char *first;
	struct stat file;

	begin();
	first = secret("a.example");
	CU_ASSERT_EQUAL(strlen(first), TSP_SECRET - 1);
	CU_ASSERT_EQUAL(strspn(first, "0123456789abcdef"), TSP_SECRET - 1);
	CU_ASSERT_STRING_EQUAL(secret("a.example"), first);
	CU_ASSERT_STRING_NOT_EQUAL(secret("b.example"), first);
	CU_ASSERT_NOT_EQUAL(strncmp(first, first + 16, 16), 0);
	CU_ASSERT_EQUAL(stat(path, &file), 0);
	CU_ASSERT_EQUAL(file.st_mode & 0777, 0600);
	unlink(path);
	CU_ASSERT_STRING_NOT_EQUAL(secret("a.example"), first);
	end();
}

static void write_file(const char *text, mode_t mode)
{
	FILE *file = fopen(path, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	fclose(file);
	chmod(path, mode);
}

/* One that others may know, or that is broken, is replaced. */
static void what_cannot_be_trusted_is_made_anew(void)
{
	static const struct {
		const char *text;
		mode_t mode;
		bool kept;
	} cases[] = {
		{ "00112233445566778899aabbccddeeff", 0600, true },
		{ "00112233445566778899aabbccddeeff", 0640, false },
		{ "00112233445566778899aabbccddeeff", 0604, false },
		{ "00112233445566778899aabbccddeef", 0600, false },
		{ "00112233445566778899aabbccddeefg", 0600, false },
		{ " 0112233445566778899aabbccddeeff", 0600, false },
		{ "", 0600, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char now[40] = "";
		FILE *file;

		begin();
		write_file(cases[i].text, cases[i].mode);
		CU_ASSERT_EQUAL(strlen(secret("a")), TSP_SECRET - 1);
		file = fopen(path, "r");
		CU_ASSERT_PTR_NOT_NULL_FATAL(file);
		CU_ASSERT_PTR_NOT_NULL(fgets(now, sizeof(now), file));
		fclose(file);
		CU_ASSERT_EQUAL(strcmp(now, cases[i].text) == 0, cases[i].kept);
		end();
	}
}

static void a_link_is_not_followed(void)
{
	char other[100];

	begin();
	snprintf(other, sizeof(other), "%s/other", dir);
	write_file("00112233445566778899aabbccddeeff", 0600);
	CU_ASSERT_EQUAL(rename(path, other), 0);
	CU_ASSERT_EQUAL(symlink(other, path), 0);
	secret("a");
	snprintf(other, sizeof(other), "%s/other", dir);
	unlink(other);
	CU_ASSERT_EQUAL(access(path, F_OK), 0); /* a file of its own */
	end();
}

static void without_a_file_there_is_none(void)
{
	char out[TSP_SECRET] = "x";

	lease_secret("/proc/nowhere", "a", out);
	CU_ASSERT_STRING_EQUAL(out, "");
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(it_is_kept_and_each_broker_has_its_own),
		UNIT_TEST(what_cannot_be_trusted_is_made_anew),
		UNIT_TEST(a_link_is_not_followed),
		UNIT_TEST(without_a_file_there_is_none),
	};

	return UNIT_RUN("tsp: lease secret", tests);
}
