/* test_pages.c - what visitors and the log are shown: types, listings, pages and
 * lines. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "plugins/home_web/access_log.h"
#include "plugins/home_web/listing.h"
#include "plugins/home_web/page.h"
#include "plugins/home_web/types.h"
#include "tests/unit/unit.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *type(const struct types *types, const char *name)
{
	static char room[128];

	return types_of(types, name, "utf-8", room, sizeof(room));
}

static void knows_types(void)
{
	char room[64];

	CU_ASSERT_STRING_EQUAL(type(NULL, "a.html"),
			       "text/html; charset=utf-8");
	CU_ASSERT_STRING_EQUAL(type(NULL, "dir.txt/a.HTM"),
			       "text/html; charset=utf-8");
	CU_ASSERT_STRING_EQUAL(type(NULL, "a.svg"),
			       "image/svg+xml; charset=utf-8");
	CU_ASSERT_STRING_EQUAL(type(NULL, "a.png"), "image/png");
	CU_ASSERT_STRING_EQUAL(type(NULL, "a.7z"),
			       "application/x-7z-compressed");
	CU_ASSERT_STRING_EQUAL(type(NULL, "a.zst"), "application/zstd");
	CU_ASSERT_STRING_EQUAL(type(NULL, "a"), "application/octet-stream");
	CU_ASSERT_STRING_EQUAL(type(NULL, "a."), "application/octet-stream");
	CU_ASSERT_STRING_EQUAL(type(NULL, "html"), "application/octet-stream");
	CU_ASSERT_STRING_EQUAL(types_of(NULL, "a.html", "", room, sizeof(room)),
			       "text/html");
}

static void takes_those_of_the_system_first(void)
{
	char path[] = "/tmp/gw6c-web-types-XXXXXX";
	int fd = mkstemp(path);
	static const char text[] = "# text/x-no no\n"
				   "text/x-mine\tmine MINE2 html # not\n"
				   "application/x-none\n"
				   "rubbish here\n"
				   "image/x-long averyveryverylongsuffix z\n"
				   "text/x-last last";
	struct types *types;

	CU_ASSERT_EQUAL(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	types = types_load(path);
	unlink(path);
	CU_ASSERT_PTR_NOT_NULL_FATAL(types);
	CU_ASSERT_STRING_EQUAL(type(types, "a.mine"),
			       "text/x-mine; charset=utf-8");
	CU_ASSERT_STRING_EQUAL(type(types, "a.mine2"),
			       "text/x-mine; charset=utf-8");
	CU_ASSERT_STRING_EQUAL(type(types, "a.html"),
			       "text/x-mine; charset=utf-8");
	CU_ASSERT_STRING_EQUAL(type(types, "a.last"),
			       "text/x-last; charset=utf-8");
	CU_ASSERT_STRING_EQUAL(type(types, "a.z"), "image/x-long");
	CU_ASSERT_STRING_EQUAL(type(types, "a.no"), "application/octet-stream");
	CU_ASSERT_STRING_EQUAL(type(types, "a.not"),
			       "application/octet-stream");
	CU_ASSERT_STRING_EQUAL(type(types, "a.here"),
			       "application/octet-stream");
	CU_ASSERT_STRING_EQUAL(type(types, "a.png"), "image/png");
	types_free(types);
	CU_ASSERT_PTR_NULL(types_load("/nonexistent"));
	types_free(NULL);
}

static const char *text_of(const char *text)
{
	static char *made;
	size_t len;
	FILE *out;

	free(made);
	out = open_memstream(&made, &len);
	page_text(out, text);
	fclose(out);
	return made;
}

static void escapes_text(void)
{
	CU_ASSERT_STRING_EQUAL(text_of("a<b>&\"'c"),
			       "a&lt;b&gt;&amp;&quot;&#39;c");
	CU_ASSERT_STRING_EQUAL(text_of("\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80"),
			       "\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80");
	CU_ASSERT_STRING_EQUAL(text_of("a\xff"), "a\xef\xbf\xbd");
	CU_ASSERT_STRING_EQUAL(text_of("\xc3"), "\xef\xbf\xbd");
	CU_ASSERT_STRING_EQUAL(text_of("\xc0\xaf"), "\xef\xbf\xbd\xef\xbf\xbd");
	CU_ASSERT_STRING_EQUAL(text_of("\xed\xa0\x80"),
			       "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	CU_ASSERT_STRING_EQUAL(text_of("\x01\x7f"), "\xef\xbf\xbd\xef\xbf\xbd");
}

static void tells_sizes(void)
{
	static const struct {
		unsigned long long octets;
		const char *text;
	} cases[] = {
		{ 0, "0 B" },	      { 999, "999 B" },
		{ 1000, "1.0 kB" },   { 9949, "9.9 kB" },
		{ 9950, "10 kB" },    { 999499, "999 kB" },
		{ 999500, "1.0 MB" }, { 10737418240, "11 GB" },
		{ ~0ull, "18 EB" },
	};
	char room[16];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CU_ASSERT_STRING_EQUAL(listing_size(cases[i].octets, room),
				       cases[i].text);
}

static void put_file(int dir, const char *name)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT, 0644);

	CU_ASSERT_EQUAL(write(fd, "12345", 5), 5);
	close(fd);
}

static const char *order(const char *page, const char *a, const char *b)
{
	const char *one = strstr(page, a), *other = strstr(page, b);

	return !one || !other ? "missing" : one < other ? "before" : "behind";
}

static void lists_what_is_served(void)
{
	char path[] = "/tmp/gw6c-web-list-XXXXXX", command[64];
	int dir = mkdtemp(path) ? open(path, O_RDONLY | O_DIRECTORY) : -1;
	char *page;
	size_t len;
	FILE *out = open_memstream(&page, &len);

	CU_ASSERT_FATAL(dir >= 0);
	mkdirat(dir, "sub", 0755);
	mkdirat(dir, "sub/Zdir", 0755);
	put_file(dir, "sub/b.txt");
	put_file(dir, "sub/A.txt");
	put_file(dir, "sub/<i>&:x");
	put_file(dir, "sub/.hidden");
	put_file(dir, "outside");
	CU_ASSERT_EQUAL(symlinkat("b.txt", dir, "sub/link"), 0);
	CU_ASSERT_EQUAL(symlinkat("/etc/passwd", dir, "sub/away"), 0);
	mkfifoat(dir, "sub/fifo", 0644);
	CU_ASSERT_EQUAL(listing_write(out, dir, "sub/",
				      openat(dir, "sub",
					     O_RDONLY | O_DIRECTORY)),
			0);
	fclose(out);
	CU_ASSERT_PTR_NOT_NULL(strstr(page, "<title>Files in /sub/</title>"));
	CU_ASSERT_PTR_NOT_NULL(strstr(page, "<a href=\"./Zdir/\">Zdir/</a>"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(page,
		       "<a href=\"./%3Ci%3E%26%3Ax\">&lt;i&gt;&amp;:x</a>"));
	CU_ASSERT_STRING_EQUAL(order(page, "Zdir", "A.txt"), "before");
	CU_ASSERT_STRING_EQUAL(order(page, "A.txt", "b.txt"), "before");
	CU_ASSERT_PTR_NOT_NULL(strstr(page, "<td class=\"s\">5 B<"));
	CU_ASSERT_PTR_NOT_NULL(strstr(page, "<a href=\"../\">.. (up)"));
	CU_ASSERT_PTR_NOT_NULL(strstr(page, ">link</a>"));
	CU_ASSERT_PTR_NULL(strstr(page, ".hidden"));
	CU_ASSERT_PTR_NULL(strstr(page, "away"));
	CU_ASSERT_PTR_NULL(strstr(page, "fifo"));
	CU_ASSERT_PTR_NULL(strstr(page, "<script"));
	free(page);
	close(dir);
	snprintf(command, sizeof(command), "rm -rf %s", path);
	CU_ASSERT_EQUAL(system(command), 0);
}

/* The page of a status takes the place of ours, and is not there to be read. */
static void leaves_out_error_pages(void)
{
	static const char *const listed[] = { "4040.html", "404.htm",
					      "304.html",  "404.html.txt",
					      "604.html",  "404-a.html",
					      "40.html" };
	static const char *const hidden[] = { "404.html", "403.html",
					      "503.html" };
	char path[] = "/tmp/gw6c-web-list-XXXXXX", command[64], link[64];
	int dir = mkdtemp(path) ? open(path, O_RDONLY | O_DIRECTORY) : -1;
	char *page;
	size_t len;

	CU_ASSERT_FATAL(dir >= 0);
	mkdirat(dir, "sub", 0755);
	mkdirat(dir, "416.html", 0755);
	put_file(dir, "sub/404.html");
	for (size_t i = 0; i < sizeof(listed) / sizeof(listed[0]); i++)
		put_file(dir, listed[i]);
	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		put_file(dir, hidden[i]);
	for (int below = 0; below <= 1; below++) {
		FILE *out = open_memstream(&page, &len);

		CU_ASSERT_EQUAL(listing_write(out, dir, below ? "sub/" : "",
					      openat(dir, below ? "sub" : ".",
						     O_RDONLY | O_DIRECTORY)),
				0);
		fclose(out);
		for (size_t i = 0; i < sizeof(listed) / sizeof(listed[0]);
		     i++) {
			snprintf(link, sizeof(link), ">%s</a>", listed[i]);
			CU_ASSERT_EQUAL(strstr(page, link) != NULL, !below);
		}
		CU_ASSERT_EQUAL(strstr(page, ">416.html/</a>") != NULL, !below);
		CU_ASSERT_EQUAL(strstr(page, ">404.html</a>") != NULL, below);
		CU_ASSERT_PTR_NULL(strstr(page, ">403.html</a>"));
		CU_ASSERT_PTR_NULL(strstr(page, ">503.html</a>"));
		free(page);
	}
	close(dir);
	snprintf(command, sizeof(command), "rm -rf %s", path);
	CU_ASSERT_EQUAL(system(command), 0);
}

static void writes_the_combined_format(void)
{
	struct sockaddr_in6 from = { .sin6_family = AF_INET6 };
	struct access access = { .from = (struct sockaddr *)&from,
				 .at = 784111777,
				 .method = "GET",
				 .target = "/a\"b\\\n",
				 .version = "HTTP/1.1",
				 .status = 206,
				 .octets = 12345678901ull,
				 .agent = "x\x80" };
	char line[ACCESS_LINE], *target = calloc(1, 9001);
	size_t len;

	inet_pton(AF_INET6, "2001:db8::1", &from.sin6_addr);
	len = access_line(&access, line);
	CU_ASSERT_EQUAL(len, strlen(line));
	CU_ASSERT_STRING_EQUAL(
		line, "2001:db8::1 - - [06/Nov/1994:08:49:37 +0000] "
		      "\"GET /a\\x22b\\x5C\\x0A HTTP/1.1\" 206 12345678901 "
		      "\"-\" \"x\\x80\"\n");
	/* The longest is one whole line. */
	memset(target, '"', 9000);
	access.target = access.referer = access.agent = target;
	len = access_line(&access, line);
	CU_ASSERT_TRUE(len < ACCESS_LINE);
	CU_ASSERT_EQUAL(strcspn(line, "\n"), len - 1);
	CU_ASSERT_STRING_EQUAL(line + len - 3, "2\"\n");
	access.from = NULL;
	access_line(&access, line);
	CU_ASSERT_EQUAL(strncmp(line, "- - - [", 7), 0);
	free(target);
}

static void explains_errors(void)
{
	char *page;
	size_t len;
	FILE *out = open_memstream(&page, &len);

	page_error(out, 404);
	fclose(out);
	CU_ASSERT_PTR_NOT_NULL(strstr(page, "<b>404</b>\n<h1>Not Found</h1>"));
	CU_ASSERT_PTR_NULL(strstr(page, "gw6c"));
	free(page);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(knows_types),
		UNIT_TEST(takes_those_of_the_system_first),
		UNIT_TEST(escapes_text),
		UNIT_TEST(tells_sizes),
		UNIT_TEST(lists_what_is_served),
		UNIT_TEST(leaves_out_error_pages),
		UNIT_TEST(writes_the_combined_format),
		UNIT_TEST(explains_errors),
	};

	return UNIT_RUN("home-web: pages", tests);
}
