/* test_status.c - what --status prints, for people and for programs. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/status.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static char *printed;

/* In printed, until the next call. */
static const char *print(const char *status, bool json)
{
	size_t len;
	FILE *file;

	free(printed);
	file = open_memstream(&printed, &len);
	status_print(file, gw6c_text(status), json);
	fclose(file);
	return printed;
}

static void people_get_a_line_for_each_name(void)
{
	CU_ASSERT_STRING_EQUAL(print("state up\ntunnel[] user=ann port=3\n",
				     false),
			       "state          up\n"
			       "tunnel         user=ann port=3\n");
	CU_ASSERT_STRING_EQUAL(print("", false), "");
}

static void a_line_has_room_for_the_longest_name(void)
{
	char room[2000], name[254];
	struct gw6c_buf out = GW6C_BUF(room);

	memset(name, '\xff', 253);
	name[253] = 0;
	status_put(&out, "t", "user=%s end=1", name);
	CU_ASSERT_EQUAL(out.len, 2 + 5 + 4 * 253 + 6 + 1);
}

static void long_times_and_sizes_are_explained(void)
{
	static const struct {
		const char *status, *text;
	} cases[] = {
		{ "up_s 119\n", "up_s           119\n" },
		{ "up_s 120\n", "up_s           120 (2 min)\n" },
		{ "up_s 3599\n", "up_s           3599 (59 min)\n" },
		{ "up_s 3600\n", "up_s           3600 (1 h 0 min)\n" },
		{ "up_s 172800\n", "up_s           172800 (2 d 0 h)\n" },
		{ "up_s 11520\n", "up_s           11520 (3 h 12 min)\n" },
		{ "up_s 172799\n", "up_s           172799 (47 h 59 min)\n" },
		{ "up_s 180000\n", "up_s           180000 (2 d 2 h)\n" },
		{ "up 11520\n", "up             11520\n" },
		{ "in_octets 999\n", "in_octets      999\n" },
		{ "in_octets 1000\n", "in_octets      1000 (1.0 kB)\n" },
		{ "in_octets 999999\n", "in_octets      999999 (999.9 kB)\n" },
		{ "in_octets 12345678\n",
		  "in_octets      12345678 (12.3 MB)\n" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CU_ASSERT_STRING_EQUAL(print(cases[i].status, false),
				       cases[i].text);
}

/* 80 columns: 15, 65 octets of words, and not one more. */
static void a_long_line_goes_on_below(void)
{
	CU_ASSERT_STRING_EQUAL(print("t[] a=23456789012345678901234567890 "
				     "b=2345678901234567890123456789012 c=1\n",
				     false),
			       "t              a=23456789012345678901234567890 "
			       "b=2345678901234567890123456789012\n"
			       "               c=1\n");
	CU_ASSERT_STRING_EQUAL(
		print("t[] a=23456789012345678901234567890 "
		      "b=23456789012345678901234567890123 c=1\n",
		      false),
		"t              a=23456789012345678901234567890\n"
		"               b=23456789012345678901234567890123 c=1\n");
}

static void programs_get_one_object(void)
{
	static const struct {
		const char *status, *json;
	} cases[] = {
		{ "", "{}\n" },
		{ "state up\npid 17\n", "{\"state\":\"up\",\"pid\":17}\n" },
		{ "rtt_ms 0.5\nn 0\n", "{\"rtt_ms\":0.5,\"n\":0}\n" },
		/* no numbers of JSON */
		{ "a 007\nb 1.\nc .5\nd 1.2.3\ne -\nf\n",
		  "{\"a\":\"007\",\"b\":\"1.\",\"c\":\".5\","
		  "\"d\":\"1.2.3\",\"e\":null,\"f\":null}\n" },
		{ "nat yes\nx proxy=no prefix=- user=yes\n",
		  "{\"nat\":true,\"x\":{\"proxy\":false,\"prefix\":null,"
		  "\"user\":\"yes\"}}\n" },
		/* names that people gave */
		{ "broker 17\nx user=17 port=17\n",
		  "{\"broker\":\"17\",\"x\":{\"user\":\"17\","
		  "\"port\":17}}\n" },
		/* what is not all name=value is text */
		{ "data_path user space\ne a=1 b\n",
		  "{\"data_path\":\"user space\",\"e\":\"a=1 b\"}\n" },
		{ "failure a \"b\" \\ c\n",
		  "{\"failure\":\"a \\\"b\\\" \\\\ c\"}\n" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CU_ASSERT_STRING_EQUAL(print(cases[i].status, true),
				       cases[i].json);
}

static void lines_of_a_list_are_an_array(void)
{
	CU_ASSERT_STRING_EQUAL(print("t[] a=1\n", true),
			       "{\"t\":[{\"a\":1}]}\n");
	CU_ASSERT_STRING_EQUAL(
		print("n 2\nt[] a=1\nt[] a=2\nu[] x\nend 3\n", true),
		"{\"n\":2,\"t\":[{\"a\":1},{\"a\":2}],\"u\":[\"x\"],"
		"\"end\":3}\n");
}

/* A listener that accepts nobody, as a process that was stopped. */
static void a_process_that_hangs_does_not_answer(void)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX,
				  .sun_path = "test_status.control" };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	char room[100];

	unlink(at.sun_path);
	CU_ASSERT_EQUAL(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	CU_ASSERT_EQUAL(listen(fd, 0), 0);
	/* The first one waits to be read, the next to be connected. */
	for (int i = 0; i < 2; i++) {
		struct gw6c_buf out = GW6C_BUF(room);
		struct gw6c_err err = { 0 };
		int first;

		CU_ASSERT_EQUAL(status_ask(at.sun_path, &out, &err), GW6C_ENET);
		if (!strstr(err.text, "is running, but does not answer"))
			CU_FAIL(err.text);
		CU_ASSERT_EQUAL(out.len, 0);
		first = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
		while (!connect(first, (struct sockaddr *)&at, sizeof(at)))
			first = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	}
	close(fd);
	unlink(at.sun_path);
}

static struct loop *loop;
static bool told_owner;
static char answer[200];

static void write_some(void *arg, bool owner, struct gw6c_buf *out)
{
	(void)arg;
	told_owner = owner;
	status_put(out, "state", "%s", owner ? "all" : "some");
}

static void asked(void *arg, int ready)
{
	ssize_t len = read(*(int *)arg, answer, sizeof(answer) - 1);

	(void)ready;
	answer[len > 0 ? len : 0] = 0;
	loop_stop(loop);
}

/* What a process of that user is answered, in answer. */
static void ask_as(const char *path, uid_t user)
{
	int pipe_fd[2];
	struct gw6c_watch *watch;
	pid_t child;

	CU_ASSERT_EQUAL(pipe(pipe_fd), 0);
	child = fork();
	if (!child) {
		char room[200];
		struct gw6c_buf out = GW6C_BUF(room);
		struct gw6c_err err = { 0 };

		if (setuid(user) == 0 && status_ask(path, &out, &err) == 0)
			(void)!write(pipe_fd[1], room, out.len);
		else
			(void)!write(pipe_fd[1], "failed", 6);
		_exit(0);
	}
	watch = loop_fd(loop, pipe_fd[0], GW6C_READ, asked, &pipe_fd[0]);
	loop_run(loop);
	loop_forget(watch);
	waitpid(child, NULL, 0);
	close(pipe_fd[0]);
	close(pipe_fd[1]);
}

static void the_owner_is_told_more_than_others(void)
{
	char dir[] = "/tmp/gw6c-status.XXXXXX", path[64];
	struct status *status = NULL;
	struct gw6c_err err = { 0 };

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
	chmod(dir, 0755);
	snprintf(path, sizeof(path), "%s/control", dir);
	loop = loop_new();
	CU_ASSERT_EQUAL(status_serve(loop, path, write_some, NULL, &status,
				     &err),
			GW6C_OK);
	ask_as(path, geteuid());
	CU_ASSERT_TRUE(told_owner);
	CU_ASSERT_STRING_EQUAL(answer, "complete yes\nstate all\n");
	if (geteuid() == 0) {
		ask_as(path, 65534);
		CU_ASSERT_FALSE(told_owner);
		CU_ASSERT_STRING_EQUAL(answer, "complete no\nstate some\n");
		ask_as(path, 0);
		CU_ASSERT_TRUE(told_owner);
	}
	status_end(status);
	rmdir(dir);
	loop_free(loop);
}

static void nobody_there_is_not_running(void)
{
	char room[100];
	struct gw6c_buf out = GW6C_BUF(room);
	struct gw6c_err err = { 0 };

	CU_ASSERT_EQUAL(status_ask("/nowhere/control", &out, &err), GW6C_ENET);
	CU_ASSERT_STRING_EQUAL(err.text,
			       "not running: no answer at /nowhere/control "
			       "(No such file or directory)");
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(people_get_a_line_for_each_name),
		UNIT_TEST(a_line_has_room_for_the_longest_name),
		UNIT_TEST(long_times_and_sizes_are_explained),
		UNIT_TEST(a_long_line_goes_on_below),
		UNIT_TEST(programs_get_one_object),
		UNIT_TEST(lines_of_a_list_are_an_array),
		UNIT_TEST(a_process_that_hangs_does_not_answer),
		UNIT_TEST(the_owner_is_told_more_than_others),
		UNIT_TEST(nobody_there_is_not_running),
	};
	int rc = UNIT_RUN("status", tests);

	free(printed);
	return rc;
}
