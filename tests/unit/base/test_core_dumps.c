/* test_core_dumps.c - whether a crash leaves a core file. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/core_dumps.h"
#include "tests/unit/unit.h"
#include <sys/resource.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

static rlim_t soft(void)
{
	struct rlimit limit = { 0 };

	getrlimit(RLIMIT_CORE, &limit);
	return limit.rlim_cur;
}

/* Where it cannot be asked, it is what it should be. */
static int dumpable(int want)
{
#ifdef PR_GET_DUMPABLE
	(void)want;
	return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);
#else
	return want;
#endif
}

static void none_is_left_unless_it_is_asked_for(void)
{
	struct rlimit limit = { 4096, RLIM_INFINITY }, now;

	getrlimit(RLIMIT_CORE, &now);
	limit.rlim_max = now.rlim_max;
	if (now.rlim_max < limit.rlim_cur)
		limit.rlim_cur = now.rlim_max;
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_CORE, &limit), 0);
	for (int i = 0; i < 2; i++) {
		core_dumps_allow(false);
		CU_ASSERT_EQUAL(soft(), 0);
		CU_ASSERT_EQUAL(dumpable(0), 0);
		core_dumps_allow(true);
		CU_ASSERT_EQUAL(soft(), limit.rlim_cur);
		CU_ASSERT_EQUAL(dumpable(1), 1);
		core_dumps_allow(true);
		CU_ASSERT_EQUAL(dumpable(1), 1);
	}
	/* The programs that we run may set their own. */
	core_dumps_allow(false);
	getrlimit(RLIMIT_CORE, &now);
	CU_ASSERT_EQUAL(now.rlim_max, limit.rlim_max);
	core_dumps_allow(true);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(none_is_left_unless_it_is_asked_for),
	};

	return UNIT_RUN("core_dumps", tests);
}
