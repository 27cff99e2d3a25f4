/* check_output.c - what a module prints, where only the program may. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Never in run_dir, where the module's own files are looked for. */
int output_new(void)
{
	char path[] = "/tmp/gw6c-plugin-check-XXXXXX";
	int fd = mkostemp(path, O_CLOEXEC | O_APPEND);

	if (fd >= 0)
		unlink(path);
	return fd;
}

void output_take(int fd)
{
	if (fd < 0)
		return;
	fflush(stdout);
	dup2(fd, 1);
	dup2(fd, 2);
}

void output_report(int fd)
{
	char line[200] = "";
	ssize_t len;

	report_try("prints nothing on standard output and standard error");
	fflush(stdout);
	if (fd < 0) {
		report_skip("no file for it can be made in /tmp");
		return;
	}
	len = pread(fd, line, sizeof(line) - 1, 0);
	line[len > 0 ? len : 0] = 0;
	line[strcspn(line, "\n")] = 0;
	report(len <= 0, "it printed \"%s\"; host->log() is there for it",
	       line);
}

void output_show(int fd, bool all)
{
	char room[4096];
	off_t at = 0;
	ssize_t len;

	if (fd < 0)
		return;
	while (all && (len = pread(fd, room, sizeof(room), at)) > 0) {
		fwrite(room, 1, (size_t)len, stderr);
		at += len;
	}
	close(fd);
}
