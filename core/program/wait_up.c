/* wait_up.c - waits until the tunnel of the gw6c that runs is up: for units and
 * scripts that need it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "wait_up.h"
#include "core/base/status.h"
#include "core/base/text.h"
#include "loaded.h"
#include <limits.h>
#include <stdlib.h>
#include <time.h>

#define PAUSE_NS 250000000
#define ABSENT_S 5 /* a gw6c that is just being started has that long */

static long now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long)now.tv_sec;
}

/* The value of that line of the status. */
static bool find(struct gw6c_bytes status, const char *name, char *room,
		 size_t len)
{
	struct gw6c_bytes line, rest;
	size_t n = strlen(name);

	while (text_line(status, &line, &rest)) {
		if (line.len > n && memcmp(line.at, name, n) == 0 &&
		    line.at[n] == ' ') {
			snprintf(room, len, "%.*s", (int)(line.len - n - 1),
				 (const char *)line.at + n + 1);
			return true;
		}
		status = rest;
	}
	return false;
}

/* Up? Else why not, in words. */
static bool is_up(const char *control, struct gw6c_buf *out, char *words,
		  size_t len, bool *absent)
{
	struct gw6c_err err = { 0 };
	char state[32];

	out->len = 0;
	*absent = status_ask(control, out, &err) != GW6C_OK;
	if (*absent) {
		snprintf(words, len, "%s", err.text);
		return false;
	}
	if (!find(gw6c_got(out), "state", state, sizeof(state))) {
		snprintf(words, len, "gw6c does not answer at %.500s", control);
		return false;
	}
	if (!find(gw6c_got(out), "summary", words, len))
		snprintf(words, len, "%s", state);
	return strcmp(state, "up") == 0;
}

static enum end wait_at(const char *control, long limit_s, struct gw6c_buf *out)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };
	long begin_s = now_s(), spent_s;
	char words[700];
	bool absent;

	while (!is_up(control, out, words, sizeof(words), &absent)) {
		spent_s = now_s() - begin_s;
		if ((limit_s >= 0 && spent_s >= limit_s) ||
		    (absent && spent_s >= ABSENT_S)) {
			fprintf(stderr, "gw6c: no tunnel after %ld s: %s\n",
				spent_s, words);
			return END_CONNECT;
		}
		nanosleep(&pause, NULL);
	}
	puts(words);
	return END_OK;
}

enum end run_wait_up(const struct run_params *params, long limit_s)
{
	struct gw6c_buf out = { .cap = STATUS_MAX };
	struct loaded loaded;
	char control[PATH_MAX];
	enum end end;

	if (!loaded_read(params, &loaded))
		return END_CONFIG;
	snprintf(control, sizeof(control), "%s/control",
		 loaded.settings->run_dir);
	loaded_free(&loaded);
	out.at = malloc(out.cap);
	if (!out.at)
		return END_MEMORY;
	end = wait_at(control, limit_s, &out);
	free(out.at);
	return end;
}
