/* home_web_pair.c - do certificate and key work? The worker has the library
 * that knows: it is run for that question alone, and given nothing else. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"
#include "home_web.h"
#include <pwd.h>
#include <unistd.h>

#define PATIENCE_MS 5000

/* What others could change is not run. */
static bool is_ours(const char *program)
{
	struct stat at;

	return stat(program, &at) == 0 && S_ISREG(at.st_mode) &&
	       (at.st_uid == 0 || at.st_uid == geteuid()) &&
	       !(at.st_mode & (S_IWGRP | S_IWOTH));
}

struct answer {
	char *text; /* the first line */
	size_t len;
};

static void on_line(void *arg, const char *text)
{
	const struct answer *answer = arg;

	if (!answer->text[0])
		snprintf(answer->text, answer->len, "%s", text);
}

/* The texts are no secret for that user, who is given them to serve with. */
void web_pair_check(const struct gw6c_host *host, const struct web_pair *pair,
		    char *said, size_t len)
{
	const char *argv[] = { host->str(host, "worker"), "--check", NULL };
	const char *name = host->str(host, "user");
	const struct passwd *user = getpwnam(name);
	struct answer answer = { said, len };
	const struct gw6c_run run = {
		.size = sizeof(run),
		.argv = argv,
		.line = on_line,
		.arg = &answer,
		.user = user && user->pw_uid == geteuid() ? NULL : name,
		.input = { (const uint8_t *)pair->text, pair->len },
	};
	struct gw6c_err err = { 0 };

	said[0] = 0;
	if (is_ours(argv[0]) && host->run_wait(host, &run, PATIENCE_MS, &err))
		said[0] = 0; /* it has not come to an answer */
}
