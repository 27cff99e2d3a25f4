/* test_linux_service.c - --register and --unregister, below a directory that
 * stands for the system, and with a systemctl that writes down what it is told. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "plugins/os/linux_service.h"
#include "tests/unit/unit.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[] = "/tmp/gw6c-service.XXXXXX";

static const char *below(const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s%s", root, name);
	return path;
}

/* A file of the root, "" if there is none. */
static const char *content(const char *name)
{
	static char text[8192];
	FILE *file = fopen(below(name), "r");
	size_t len = file ? fread(text, 1, sizeof(text) - 1, file) : 0;

	text[len] = 0;
	if (file)
		fclose(file);
	return text;
}

static void make_root(void)
{
	static const char *const dirs[] = { "/run", "/run/systemd", "/etc",
					    "/etc/systemd",
					    "/etc/systemd/system" };
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(root));
	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		mkdir(below(dirs[i]), 0755);
}

static char told[400];
static bool broken;

/* systemctl */
static int run_wait(const struct gw6c_host *host, const struct gw6c_run *run,
		    uint32_t limit_ms, struct gw6c_err *err)
{
	(void)host;
	CU_ASSERT_TRUE(limit_ms >= 10000);
	CU_ASSERT_STRING_EQUAL(run->argv[0], "systemctl");
	for (int i = 1; run->argv[i]; i++)
		snprintf(told + strlen(told), sizeof(told) - strlen(told),
			 "%s%s", i > 1 ? " " : "", run->argv[i]);
	snprintf(told + strlen(told), sizeof(told) - strlen(told), "\n");
	return broken ? gw6c_fail(err, GW6C_EOS, "systemctl: exit status 1")
		      : GW6C_OK;
}

static const struct gw6c_host host = { .size = sizeof(host),
				       .run_wait = run_wait };

static char said[400];

static void say(void *arg, const char *text)
{
	CU_ASSERT_PTR_EQUAL(arg, said);
	snprintf(said, sizeof(said), "%s", text);
}

static const struct gw6c_service service = { .size = sizeof(service),
					     .name = "gw6c",
					     .program = "/opt/gw6c",
					     .config = "/etc/my.conf" };

static int register_it(struct gw6c_err *err)
{
	return linux_service_below(&host, root, &service, true, say, said, err);
}

static int unregister_it(struct gw6c_err *err)
{
	return linux_service_below(&host, root, &service, false, say, said,
				   err);
}

static void without_systemd_it_says_what_to_do(void)
{
	struct gw6c_err err = { 0 };

	make_root();
	CU_ASSERT_EQUAL(register_it(&err), GW6C_EOS);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "init scripts"));
	CU_ASSERT_EQUAL(unregister_it(&err), GW6C_EOS);
	mkdir(below("/run/systemd/system"), 0755);
}

static void it_is_written_and_enabled_not_started(void)
{
	struct gw6c_err err = { 0 };
	struct stat is;
	const char *unit;

	umask(0);
	CU_ASSERT_EQUAL(register_it(&err), GW6C_OK);
	umask(022);
	CU_ASSERT_EQUAL(stat(below("/etc/systemd/system/gw6c.service"), &is),
			0);
	CU_ASSERT_EQUAL(is.st_mode & 0777, 0644);
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "/etc/systemd/system/gw6c.service; "
					    "start it with: systemctl start "
					    "gw6c"));
	unit = content("/etc/systemd/system/gw6c.service");
	CU_ASSERT_PTR_NOT_NULL(
		strstr(unit,
		       "\nExecStart=/opt/gw6c --foreground -f /etc/my.conf\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(unit, "\nProtectSystem=strict\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(unit, "\nWantedBy=multi-user.target\n"));
	CU_ASSERT_PTR_NULL(strstr(unit, "dir@"));
	/* What units that need the tunnel wait for. */
	unit = content("/etc/systemd/system/gw6c-wait-up.service");
	CU_ASSERT_PTR_NOT_NULL(strstr(
		unit, "\nExecStart=/opt/gw6c --wait-up=120 -f /etc/my.conf\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(unit, "\nRequisite=gw6c.service\n"));
	CU_ASSERT_PTR_NULL(strstr(unit, "dir@"));
	CU_ASSERT_STRING_EQUAL(told, "daemon-reload\nenable gw6c.service\n");
	told[0] = 0;
}

static void it_is_stopped_and_removed(void)
{
	struct gw6c_err err = { 0 };

	CU_ASSERT_EQUAL(unregister_it(&err), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(said, "stopped and unregistered");
	CU_ASSERT_STRING_EQUAL(told,
			       "disable --now gw6c.service\n"
			       "reset-failed gw6c.service\ndaemon-reload\n");
	CU_ASSERT_TRUE(access(below("/etc/systemd/system/gw6c.service"), F_OK) <
		       0);
	CU_ASSERT_TRUE(access(below("/etc/systemd/system/gw6c-wait-up.service"),
			      F_OK) < 0);
	CU_ASSERT_EQUAL(unregister_it(&err), GW6C_EOS);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "not registered"));
}

static const char theirs[] = "[Service]\nExecStart=/theirs\n";

static void write_theirs(const char *unit)
{
	FILE *file = fopen(below(unit), "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(theirs, file);
	fclose(file);
	told[0] = 0;
}

/* Somebody else's, or one that was made somebody's. */
static void a_unit_of_others_is_left_alone(void)
{
	static const char unit[] = "/etc/systemd/system/gw6c.service";
	static const char other[] = "/etc/systemd/system/gw6c-wait-up.service";
	struct gw6c_err err = { 0 };

	write_theirs(unit);
	CU_ASSERT_EQUAL(unregister_it(&err), GW6C_EOS);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "was not written by gw6c"));
	CU_ASSERT_EQUAL(register_it(&err), GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(content(unit), theirs);
	CU_ASSERT_STRING_EQUAL(content(other), "");
	CU_ASSERT_STRING_EQUAL(told, "");
	unlink(below(unit));
	write_theirs(other);
	CU_ASSERT_EQUAL(register_it(&err), GW6C_EOS);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(err.text, "gw6c-wait-up.service was not"));
	CU_ASSERT_STRING_EQUAL(content(unit), "");
	CU_ASSERT_STRING_EQUAL(told, "");
	unlink(below(other));
	CU_ASSERT_EQUAL(register_it(&err), GW6C_OK);
	write_theirs(other);
	CU_ASSERT_EQUAL(unregister_it(&err), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(content(unit), "");
	CU_ASSERT_STRING_EQUAL(content(other), theirs);
	unlink(below(other));
	/* Ours may be written anew. */
	CU_ASSERT_EQUAL(register_it(&err), GW6C_OK);
	CU_ASSERT_EQUAL(register_it(&err), GW6C_OK);
	CU_ASSERT_EQUAL(unregister_it(&err), GW6C_OK);
}

static void a_systemctl_that_fails_is_told(void)
{
	struct gw6c_err err = { 0 };

	broken = true;
	CU_ASSERT_EQUAL(register_it(&err), GW6C_EOS);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "daemon-reload"));
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(without_systemd_it_says_what_to_do),
		UNIT_TEST(it_is_written_and_enabled_not_started),
		UNIT_TEST(it_is_stopped_and_removed),
		UNIT_TEST(a_unit_of_others_is_left_alone),
		UNIT_TEST(a_systemctl_that_fails_is_told),
	};
	static const char *const left[] = {
		"/etc/systemd/system/gw6c.service",
		"/etc/systemd/system/gw6c-wait-up.service"
	};
	static const char *const dirs[] = { "/run/systemd/system",
					    "/run/systemd",
					    "/run",
					    "/etc/systemd/system",
					    "/etc/systemd",
					    "/etc",
					    "" };
	int rc;

	rc = UNIT_RUN("linux_service", tests);
	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++)
		unlink(below(left[i]));
	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		rmdir(below(dirs[i]));
	return rc;
}
