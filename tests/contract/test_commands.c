/* test_commands.c - what the backends that drive tools do in every mode:
 * against what is written down, with stubs in place of the tools that fail at
 * each step, and that hang. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/child.h"
#include "machine.h"
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const platforms[] = { "freebsd", "netbsd",  "openbsd",
					 "darwin",  "windows", "cisco",
					 "null" };
#define PLATFORMS (sizeof(platforms) / sizeof(platforms[0]))
static const char *const modes[] = { "v6v4", "v6udpv4", "v4v6" };

static const char *data;

/* --- what is written down ------------------------------------------------ */

static void put_command(void *arg, const char *text)
{
	char line[1024];

	snprintf(line, sizeof(line), "    %s", text);
	put_line(arg, line);
}

static void tell_step(struct machine *machine, uint32_t at, bool add, char *all)
{
	struct gw6c_err err = { 0 };
	char text[256], line[300];

	plan_step_text(&machine->plan, &machine->plan.step[at], text,
		       sizeof(text));
	snprintf(line, sizeof(line), "%c %s", add ? '+' : '-', text);
	put_line(all, line);
	if (machine_show(machine, at, add, put_command, all, &err)) {
		snprintf(line, sizeof(line), "refused: %.200s", err.text);
		put_command(all, line);
	}
}

/* Each step with its commands, forwards and back. */
static void tell(struct machine *machine, char *all)
{
	all[0] = 0;
	for (uint32_t i = 0; i < machine->plan.n; i++)
		tell_step(machine, i, true, all);
	for (uint32_t i = machine->plan.n; i-- > 0;)
		tell_step(machine, i, false, all);
}

static void data_path(const char *platform, const char *mode, bool router,
		      char *path, size_t len)
{
	snprintf(path, len, "%s/%s/%s-%s.txt", data, platform, mode,
		 router ? "router" : "host");
}

static void compare(const char *platform, const char *mode, bool router,
		    bool write)
{
	static char got[TEXT], want[TEXT];
	struct machine machine;
	char path[4096];
	FILE *file;

	data_path(platform, mode, router, path, sizeof(path));
	machine_open(&machine, platform, mode, router);
	tell(&machine, got);
	machine_close(&machine);
	check(machine.fake.runs == 0, machine.who, "shows without running");
	if (write) {
		file = fopen(path, "w");
		check(file && fputs(got, file) >= 0 && fclose(file) == 0, path,
		      "is written");
		return;
	}
	if (!read_file(path, want))
		want[0] = 0;
	check(strcmp(got, want) == 0, path, "is what is done");
	if (strcmp(got, want) != 0)
		printf("--- it is\n%s--- and not\n%s", got, want);
}

/* --- doing it, with nothing run ------------------------------------------ */

static const struct journal nowhere = { 0 };

/* What is shown is what is run, forwards and back, once; also if another
 * process does the latter. */
static void does_what_it_shows(const char *platform, const char *mode,
			       bool router)
{
	static char shown[TEXT], want[TEXT], got[TEXT];
	struct machine machine;
	struct gw6c_err err = { 0 };
	int runs;

	machine_open(&machine, platform, mode, router);
	shown[0] = 0;
	machine_show_all(&machine, machine.plan.n, true, shown);
	machine_show_all(&machine, machine.plan.n, false, shown);
	sift(shown, want);
	check(plan_apply(&machine.os, &nowhere, &machine.plan, &err) == GW6C_OK,
	      machine.who, "is done");
	machine_reopen(&machine);
	check(plan_undo(&machine.os, &nowhere, &machine.plan) == GW6C_OK,
	      machine.who, "is taken back");
	sift(machine.fake.ran, got);
	check(strcmp(want, got) == 0, machine.who, "does what it shows");
	if (strcmp(want, got) != 0)
		printf("--- shown\n%s--- done\n%s", want, got);
	check(machine.fake.limit_ms == 20000, machine.who, "with a limit");
	runs = machine.fake.runs;
	plan_undo(&machine.os, &nowhere, &machine.plan);
	check(machine.fake.runs == runs, machine.who,
	      "takes back nothing twice");
	machine_close(&machine);
}

/* --- doing it, with stubs that can fail ---------------------------------- */

static char stubs[] = "/tmp/gw6c-test-tools-XXXXXX";

/* Each tool writes down how it was called. The call of number $fail is made
 * to fail, or to hang; then it says something. */
static void make_stub(const char *tool)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", stubs, tool);
	file = fopen(path, "w");
	if (!file)
		exit(1);
	fprintf(file,
		"#!/bin/sh\n"
		"dir=%s\n"
		"echo \"${0##*/} $*\" >>$dir/record\n"
		"case $* in '-n net.'*) echo $BEFORE; exit 0 ;; esac\n"
		"echo x >>$dir/count\n"
		"[ \"$(wc -l <$dir/count)\" -eq \"$FAIL\" ] || exit 0\n"
		"echo noise\n"
		"echo \"$1: it hurts here\" >&2\n"
		"[ -z \"$HANG\" ] || sleep 99\n"
		"exit 5\n",
		stubs);
	fclose(file);
	chmod(path, 0755);
}

static int stub_fail;
static const char *stub_hang = "";
static int stub_before; /* forwarding */

/* As the core's, but the tools are stubs. */
static int stub_run_wait(const struct gw6c_host *host,
			 const struct gw6c_run *run, uint32_t limit_ms,
			 struct gw6c_err *err)
{
	const char *argv[64];
	char path[128], fail[32], hang[32], before[32];
	const char *env[] = { fail, hang, before, NULL };
	struct gw6c_run real = *run;
	int n = 0;

	(void)host;
	snprintf(path, sizeof(path), "%s/%s", stubs, run->argv[0]);
	snprintf(fail, sizeof(fail), "FAIL=%d", stub_fail);
	snprintf(hang, sizeof(hang), "HANG=%s", stub_hang);
	snprintf(before, sizeof(before), "BEFORE=%d", stub_before);
	argv[n++] = path;
	while (run->argv[n] && n < 63) {
		argv[n] = run->argv[n];
		n++;
	}
	argv[n] = NULL;
	real.argv = argv;
	real.env = env;
	return child_wait(&real, limit_ms, err);
}

static void clear_record(void)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/record", stubs);
	unlink(path);
	snprintf(path, sizeof(path), "%s/count", stubs);
	unlink(path);
}

static void read_record(char *out)
{
	static char all[TEXT];
	char path[128];

	snprintf(path, sizeof(path), "%s/record", stubs);
	if (!read_file(path, all))
		all[0] = 0;
	sift(all, out);
}

static int count_lines(const char *text)
{
	int n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

/* The commands up to number `fail`, then the undoing of all before it: of the
 * step itself, if that is half done, and of those before. */
static void want_failure(struct machine *machine, int fail, char *want)
{
	static char shown[TEXT], commands[TEXT];
	struct gw6c_err err = { 0 };
	int before = 0;

	want[0] = 0;
	for (uint32_t i = 0; i < machine->plan.n; i++) {
		int n;

		shown[0] = 0;
		machine_show(machine, i, true, put_line, shown, &err);
		sift(shown, commands);
		n = count_lines(commands);
		if (before + n < fail) {
			snprintf(want + strlen(want), TEXT - strlen(want), "%s",
				 commands);
			before += n;
			continue;
		}
		for (char *at = commands; before < fail; before++) {
			int len = (int)strcspn(at, "\n") + 1;

			snprintf(want + strlen(want), TEXT - strlen(want),
				 "%.*s", len, at);
			at += len;
			n--;
		}
		shown[0] = 0;
		/* Half done: more than the one that failed was run. */
		if (count_lines(commands) - n > 1)
			machine_show(machine, i, false, put_line, shown, &err);
		machine_show_all(machine, i, false, shown);
		sift(shown, commands);
		snprintf(want + strlen(want), TEXT - strlen(want), "%s",
			 commands);
		return;
	}
}

/* False: there are not so many commands. */
static bool fails_at(const char *platform, const char *mode, int fail)
{
	static char want[TEXT], got[TEXT];
	struct machine machine;
	struct gw6c_err err = { 0 };
	char who[128], text[256];
	int rc;

	machine_open(&machine, platform, mode, true);
	machine.fake.host.run_wait = stub_run_wait;
	stub_fail = fail;
	clear_record();
	want_failure(&machine, fail, want);
	rc = plan_apply(&machine.os, &nowhere, &machine.plan, &err);
	read_record(got);
	machine_close(&machine);
	if (rc == GW6C_OK)
		return false;
	snprintf(who, sizeof(who), "%s, failing at command %d", machine.who,
		 fail);
	check(strcmp(want, got) == 0, who, "takes back all that was done");
	if (strcmp(want, got) != 0)
		printf("--- wanted\n%s--- done\n%s", want, got);
	snprintf(text, sizeof(text), ": %s/", stubs);
	check(strstr(err.text, text) && strstr(err.text, ": exit status 5: ") &&
		      strstr(err.text, "it hurts here"),
	      who, err.text);
	return true;
}

static void fails_anywhere(const char *platform, const char *mode)
{
	int n = 1;

	while (fails_at(platform, mode, n) && n < 50)
		n++;
	check(n > 5 && n < 50, platform, "has some commands to fail");
}

/* What was on before is not switched on, nor off at the end. */
static void leaves_forwarding_as_it_was(const char *platform)
{
	static char got[TEXT];
	struct gw6c_err err = { 0 };

	stub_fail = 0;
	for (stub_before = 0; stub_before <= 1; stub_before++) {
		struct machine machine;

		machine_open(&machine, platform, "v6v4", true);
		machine.fake.host.run_wait = stub_run_wait;
		clear_record();
		plan_apply(&machine.os, &nowhere, &machine.plan, &err);
		plan_undo(&machine.os, &nowhere, &machine.plan);
		read_record(got);
		machine_close(&machine);
		check((strstr(got, "forwarding=1") != NULL) == !stub_before &&
			      (strstr(got, "forwarding=0") != NULL) ==
				      !stub_before,
		      platform, "leaves forwarding as it was");
	}
	stub_before = 0;
}

static void hangs(const char *platform)
{
	struct machine machine;
	struct gw6c_err err = { 0 };

	machine_open(&machine, platform, "v6v4", false);
	machine.fake.option[0].value = "5";
	machine.fake.host.run_wait = stub_run_wait;
	stub_fail = 2;
	stub_hang = "yes";
	clear_record();
	check(plan_apply(&machine.os, &nowhere, &machine.plan, &err) ==
			      GW6C_EOS &&
		      strstr(err.text, "timed out after 5000 ms") &&
		      strstr(err.text, "it hurts here"),
	      platform, err.text);
	stub_hang = "";
	machine_close(&machine);
}

static void remove_stubs(void)
{
	static const char *const files[] = { "ifconfig", "route",  "sysctl",
					     "netsh",	 "record", "count" };
	char path[128];

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", stubs, files[i]);
		unlink(path);
	}
	rmdir(stubs);
}

int main(int argc, char **argv)
{
	bool write = argc == 4 && strcmp(argv[3], "write") == 0;

	if (argc < 3)
		return 2;
	modules = argv[1];
	data = argv[2];
	for (size_t i = 0; i < PLATFORMS; i++)
		for (size_t m = 0; m < 3; m++) {
			compare(platforms[i], modes[m], false, write);
			compare(platforms[i], modes[m], true, write);
		}
	if (write || !mkdtemp(stubs))
		return failures != 0;
	make_stub("ifconfig");
	make_stub("route");
	make_stub("sysctl");
	make_stub("netsh");
	for (size_t i = 0; i < 5; i++) {
		does_what_it_shows(platforms[i], "v6v4", false);
		does_what_it_shows(platforms[i], "v6v4", true);
		does_what_it_shows(platforms[i], "v4v6", true);
		fails_anywhere(platforms[i], "v6v4");
	}
	fails_anywhere("freebsd", "v4v6");
	for (size_t i = 0; i < 4; i++)
		leaves_forwarding_as_it_was(platforms[i]);
	hangs("freebsd");
	remove_stubs();
	if (!failures)
		printf("ok\n");
	return failures != 0;
}
