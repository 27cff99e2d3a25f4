/* journal.c - applied steps on disk: a line each, in hexadecimal for us and
 * in words for people. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "journal.h"
#include "core/base/daemon.h"
#include "core/base/log.h"
#include "core/base/trusted.h"
#include "plan_text.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#define HEX_LEN (2 * sizeof(struct gw6c_step))
#define LINE_LEN (HEX_LEN + 300)
#define HEADER "gw6c plan 1 os=%31s dev=%31s"

static int journal_fail(const char *path, struct gw6c_err *err)
{
	return gw6c_fail(err, GW6C_EOS,
			 "cannot write %s: %s; without it a crash could leave "
			 "routes behind, so nothing is set up",
			 path, strerror(errno));
}

static void journal_put(FILE *file, const struct gw6c_plan *plan,
			const struct gw6c_step *step)
{
	const uint8_t *octet = (const uint8_t *)step;
	char text[256];

	for (size_t i = 0; i < sizeof(*step); i++)
		fprintf(file, "%02x", octet[i]);
	plan_step_text(plan, step, text, sizeof(text));
	fprintf(file, " %s\n", text);
}

/* Its directory may be gone: some clean /run while we are there. */
static FILE *journal_create(const char *path)
{
	struct gw6c_err err;
	FILE *file;
	int fd;

	unlink(path);
	if (daemon_directory(path, &err))
		return NULL;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	file = fd < 0 ? NULL : fdopen(fd, "w");
	if (!file && fd >= 0)
		close(fd);
	return file;
}

int journal_write(const struct journal *journal, const struct gw6c_plan *plan,
		  uint32_t n, struct gw6c_err *err)
{
	char fresh[PATH_MAX];
	FILE *file;

	if (!journal->path)
		return GW6C_OK;
	if (!n) {
		unlink(journal->path);
		return GW6C_OK;
	}
	snprintf(fresh, sizeof(fresh), "%s.new", journal->path);
	file = journal_create(fresh);
	if (!file)
		return journal_fail(fresh, err);
	fprintf(file, "gw6c plan 1 os=%s dev=%s\n", journal->os,
		plan->dev[0] ? plan->dev : "-");
	for (uint32_t i = 0; i < n; i++)
		journal_put(file, plan, &plan->step[i]);
	if (fclose(file) == 0 && rename(fresh, journal->path) == 0)
		return GW6C_OK;
	return journal_fail(journal->path, err);
}

/* False: the line is truncated or invalid. */
static bool journal_get(const char *line, struct gw6c_step *step)
{
	uint8_t *octet = (uint8_t *)step;
	unsigned value;

	if (strspn(line, "0123456789abcdef") != HEX_LEN ||
	    line[HEX_LEN] != ' ' || !strchr(line, '\n'))
		return false;
	for (size_t i = 0; i < sizeof(*step); i++) {
		if (sscanf(line + 2 * i, "%2x", &value) != 1)
			return false;
		octet[i] = (uint8_t)value;
	}
	step->dev[sizeof(step->dev) - 1] = 0;
	step->saved[sizeof(step->saved) - 1] = 0;
	return true;
}

static int journal_parse(const struct journal *journal, FILE *file,
			 struct gw6c_plan *plan, struct gw6c_err *err)
{
	char line[LINE_LEN], os[32], dev[32];

	if (!fgets(line, sizeof(line), file) ||
	    sscanf(line, HEADER, os, dev) != 2 || !strchr(line, '\n'))
		return GW6C_OK;
	if (strcmp(os, journal->os) != 0)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "%s records changes made by the '%s' "
				 "backend that are still in place; run gw6c "
				 "once with template=%s to revert them, or "
				 "remove the file",
				 journal->path, os, os);
	snprintf(plan->dev, sizeof(plan->dev), "%s",
		 strcmp(dev, "-") == 0 ? "" : dev);
	while (plan->n < GW6C_STEPS && fgets(line, sizeof(line), file) &&
	       journal_get(line, &plan->step[plan->n]))
		plan->n++;
	return GW6C_OK;
}

int journal_read(const struct journal *journal, struct gw6c_plan *plan,
		 struct gw6c_err *err)
{
	int rc, fd;
	FILE *file;

	*plan = (struct gw6c_plan){ .size = sizeof(*plan), .fd = -1 };
	if (!journal->path)
		return GW6C_OK;
	fd = trusted_open(journal->path, O_RDONLY, 0);
	if (fd < 0 && errno != ENOENT)
		log_msg(GW6C_WARN, "tunnel",
			"%s is not read: %s; what an earlier run has left is "
			"not reverted",
			journal->path, trusted_error(errno));
	file = fd < 0 ? NULL : fdopen(fd, "r");
	if (!file) {
		if (fd >= 0)
			close(fd);
		return GW6C_OK;
	}
	rc = journal_parse(journal, file, plan, err);
	fclose(file);
	return rc;
}
