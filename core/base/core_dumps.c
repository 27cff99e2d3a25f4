/* core_dumps.c - whether a crash writes our memory, with its passwords, to a
 * file. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core_dumps.h"
#include "config.h"
#include "log.h"
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif

/* As we were started. */
static struct {
	bool known;
	struct rlimit limit;
	int dumpable;
} before;

static int get_dumpable(void)
{
#ifdef PR_GET_DUMPABLE
	return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);
#else
	return 0;
#endif
}

/* Where a crash is handed to a program, as systemd-coredump, the limit alone
 * does not stop it. */
static bool set_dumpable(bool yes)
{
#ifdef PR_SET_DUMPABLE
	return get_dumpable() == yes ||
	       prctl(PR_SET_DUMPABLE, yes, 0, 0, 0) == 0;
#else
	(void)yes;
	return true;
#endif
}

void core_dumps_allow(bool yes)
{
	struct rlimit limit;

	if (!before.known) {
		before.dumpable = get_dumpable();
		before.known = getrlimit(RLIMIT_CORE, &before.limit) == 0;
	}
	if (!before.known)
		return;
	limit = before.limit;
	if (!yes)
		limit.rlim_cur = 0;
	if (setrlimit(RLIMIT_CORE, &limit) < 0 ||
	    !set_dumpable(yes && before.dumpable == 1))
		log_msg(GW6C_WARN, "service",
			"cannot change whether a crash leaves a core file: %s",
			strerror(errno));
}
