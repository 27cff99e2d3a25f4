/* test_request.c - targets and hosts, as strangers write them. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "plugins/home_web/request.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void decodes_a_target_once(void)
{
	static const struct {
		const char *target, *path;
		int status;
	} cases[] = {
		{ "/", "", 0 },
		{ "/a/b", "a/b", 0 },
		{ "/a/b/", "a/b/", 0 },
		{ "/a?b/../c%00", "a", 0 },
		{ "/%41%2e%7e", "A.~", 0 },
		{ "/%25%34%31", "%41", 0 },
		{ "/%c3%BC", "\xc3\xbc", 0 },
		{ "/a%20b+c", "a b+c", 0 },
		{ "/..a", NULL, 404 },
		{ "/a..", "a..", 0 },
		{ "/a.b..c", "a.b..c", 0 },
		{ "", NULL, 400 },
		{ "a", NULL, 400 },
		{ "*", NULL, 400 },
		{ "/%", NULL, 400 },
		{ "/%4", NULL, 400 },
		{ "/%4g", NULL, 400 },
		{ "/%g4", NULL, 400 },
		{ "/%00", NULL, 400 },
		{ "/%1f", NULL, 400 },
		{ "/%7f", NULL, 400 },
		{ "/a b", NULL, 400 },
		{ "/a#b", NULL, 400 },
		{ "/\x80", NULL, 400 },
		{ "/\x7f", NULL, 400 },
		{ "/..", NULL, 400 },
		{ "/a/../b", NULL, 400 },
		{ "/a/%2e%2E/b", NULL, 400 },
		{ "/.", NULL, 400 },
		{ "/./a", NULL, 400 },
		{ "/a%2fb", NULL, 404 },
		{ "/a%2Fb", NULL, 404 },
		{ "/a\\b", NULL, 404 },
		{ "/a%5cb", NULL, 404 },
		{ "/a%5c../b", NULL, 404 },
		{ "/..%5cb/../x", NULL, 400 },
		{ "/..%2fx", NULL, 400 },
		{ "/.a", NULL, 404 },
		{ "/a/.b/c", NULL, 404 },
		{ "//", NULL, 404 },
		{ "//a", NULL, 404 },
		{ "/a//b", NULL, 404 },
		{ "/.a/..", NULL, 400 },
		{ "/a//..", NULL, 400 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char path[REQUEST_PATH] = "?";
		int status = request_path(cases[i].target, path);

		CU_ASSERT_EQUAL(status, cases[i].status);
		if (status != cases[i].status)
			printf("%s: %d\n", cases[i].target, status);
		if (!status)
			CU_ASSERT_STRING_EQUAL(path, cases[i].path);
	}
}

static void takes_as_much_as_fits(void)
{
	char target[REQUEST_PATH + 2], path[REQUEST_PATH];

	memset(target, 'a', sizeof(target));
	target[0] = '/';
	target[REQUEST_PATH] = 0;
	CU_ASSERT_EQUAL(request_path(target, path), 0);
	CU_ASSERT_EQUAL(strlen(path), REQUEST_PATH - 1);
	target[REQUEST_PATH] = 'a';
	target[REQUEST_PATH + 1] = 0;
	CU_ASSERT_EQUAL(request_path(target, path), 414);
}

static void splits_an_absolute_target(void)
{
	char host[REQUEST_HOST];

	CU_ASSERT_STRING_EQUAL(request_absolute("http://a:80/b?c", host),
			       "/b?c");
	CU_ASSERT_STRING_EQUAL(host, "a:80");
	CU_ASSERT_STRING_EQUAL(request_absolute("HTTPS://[::1]", host), "/");
	CU_ASSERT_STRING_EQUAL(host, "[::1]");
	CU_ASSERT_STRING_EQUAL(request_absolute("http://a?b", host), "/");
	CU_ASSERT_STRING_EQUAL(host, "a");
	CU_ASSERT_PTR_NULL(request_absolute("http:///b", host));
	CU_ASSERT_PTR_NULL(request_absolute("ftp://a/b", host));
	CU_ASSERT_PTR_NULL(request_absolute("/b", host));
}

static void knows_a_host(void)
{
	static const char *const good[] = {
		"a",	 "a.b-c_d~",	      "a:80",	"a:", "192.0.2.1",
		"[::1]", "[2001:db8::1]:443", "a:65535"
	};
	static const char *const bad[] = { "",	       ":80",	 "a b",
					   "a/b",      "a@b",	 "a:b",
					   "a:123456", "[::1",	 "::1",
					   "[]",       "[g]",	 "a:80x",
					   "a%00",     "[::1]x", "[::1]80" };
	char name[REQUEST_HOST], too_long[REQUEST_HOST + 1] = { 0 };

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		CU_ASSERT_TRUE(request_host_is_good(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CU_ASSERT_FALSE(request_host_is_good(bad[i]));
	memset(too_long, 'a', REQUEST_HOST);
	CU_ASSERT_FALSE(request_host_is_good(too_long));
	too_long[REQUEST_HOST - 1] = 0;
	CU_ASSERT_TRUE(request_host_is_good(too_long));
	request_host_name("a.b:80", name);
	CU_ASSERT_STRING_EQUAL(name, "a.b");
	request_host_name("[::1]:80", name);
	CU_ASSERT_STRING_EQUAL(name, "[::1]");
}

static void knows_a_token(void)
{
	char text[130] = { 0 };

	CU_ASSERT_TRUE(request_is_token("aZ09-_"));
	CU_ASSERT_FALSE(request_is_token(""));
	CU_ASSERT_FALSE(request_is_token("a.b"));
	CU_ASSERT_FALSE(request_is_token("a/b"));
	CU_ASSERT_FALSE(request_is_token("a?b"));
	memset(text, 'a', 127);
	CU_ASSERT_TRUE(request_is_token(text));
	text[127] = 'a';
	CU_ASSERT_FALSE(request_is_token(text));
}

static void encodes_a_path(void)
{
	char url[16];

	CU_ASSERT_TRUE(request_encode("a/b-._~", url, sizeof(url)));
	CU_ASSERT_STRING_EQUAL(url, "a/b-._~");
	CU_ASSERT_TRUE(request_encode("\xc3 ?", url, sizeof(url)));
	CU_ASSERT_STRING_EQUAL(url, "%C3%20%3F");
	CU_ASSERT_TRUE(request_encode("a:\"%", url, sizeof(url)));
	CU_ASSERT_STRING_EQUAL(url, "a%3A%22%25");
	CU_ASSERT_FALSE(request_encode("      ", url, sizeof(url)));
	CU_ASSERT_TRUE(request_encode("     ", url, sizeof(url)));
}

static void knows_the_octets_of_a_url(void)
{
	CU_ASSERT_TRUE(request_is_url(""));
	CU_ASSERT_TRUE(request_is_url("/a?b=%20&c=!~"));
	CU_ASSERT_FALSE(request_is_url("/a b"));
	CU_ASSERT_FALSE(request_is_url("/a?\x7f"));
	CU_ASSERT_FALSE(request_is_url("/a?\x1f"));
	CU_ASSERT_FALSE(request_is_url("/a?\xc3\xa9"));
	CU_ASSERT_FALSE(request_is_url("\t"));
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(decodes_a_target_once),
		UNIT_TEST(takes_as_much_as_fits),
		UNIT_TEST(splits_an_absolute_target),
		UNIT_TEST(knows_a_host),
		UNIT_TEST(knows_a_token),
		UNIT_TEST(encodes_a_path),
		UNIT_TEST(knows_the_octets_of_a_url),
	};

	return UNIT_RUN("home-web: request", tests);
}
