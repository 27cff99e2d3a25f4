/* descriptors.c - how many files and connections may be open. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "descriptors.h"
#include "core/base/log.h"
#include <sys/resource.h>

void descriptors_raise(unsigned long wanted)
{
	struct rlimit limit, higher;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= wanted)
		return;
	higher.rlim_cur = wanted;
	higher.rlim_max = limit.rlim_max < wanted ? wanted : limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &higher) == 0)
		return;
	limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
	if (setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur == wanted)
		return;
	log_msg(GW6C_WARN, "broker",
		"at most %lu files can be open, %lu are wanted: a flood of TCP "
		"connections ends earlier ones sooner; raise the limit "
		"(LimitNOFILE, ulimit -n)",
		(unsigned long)limit.rlim_cur, wanted);
}
