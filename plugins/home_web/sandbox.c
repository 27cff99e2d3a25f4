/* sandbox.c - what the worker gives up before it speaks to strangers. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "sandbox.h"
#include "config.h"
#include <cap-ng.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif
#ifdef HAVE_LINUX_LANDLOCK_H
#include <linux/landlock.h>
#include <sys/syscall.h>
#endif
#include <seccomp.h>

/* Sanitizers map terabytes, and look around in the system at the end. */
#if defined(__SANITIZE_ADDRESS__)
#define UNBOUND true
#else
#define UNBOUND false
#endif
#define MEMORY (1024ull << 20) /* octets of address space */

static bool limit(int what, rlim_t most)
{
	struct rlimit value = { most, most };

	return setrlimit(what, &value) == 0;
}

bool sandbox_limit(char *why, size_t len)
{
	bool ok = true;

	if (getuid() == 0) {
		snprintf(why, len, "it must not run as root");
		return false;
	}
#ifdef PR_SET_NO_NEW_PRIVS
	ok = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
	prctl(PR_SET_DUMPABLE, UNBOUND, 0, 0, 0);
#endif
	capng_clear(CAPNG_SELECT_BOTH);
	ok = ok && capng_apply(CAPNG_SELECT_CAPS) == 0;
	ok = ok && limit(RLIMIT_CORE, 0);
	if (!UNBOUND)
		ok = ok && limit(RLIMIT_NPROC, 0) && limit(RLIMIT_AS, MEMORY);
	if (!ok)
		snprintf(why, len, "giving up rights: %s", strerror(errno));
	return ok;
}

/* --- files --------------------------------------------------------------- */

#if defined(HAVE_LINUX_LANDLOCK_H) && defined(SYS_landlock_create_ruleset)
#define READING (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define VERSION_OF_KERNEL LANDLOCK_CREATE_RULESET_VERSION
/* As the kernel has them, also where the headers are older: execute to symlink,
 * refer (2), truncate (3), connections (4), ioctl (5). */
#define ALL_OF_1 ((1ull << 13) - 1)

struct rules {
	uint64_t files, net;
};

static struct rules rules_of(int version)
{
	struct rules rules = { .files = ALL_OF_1 };

	if (version >= 2)
		rules.files |= 1ull << 13;
	if (version >= 3)
		rules.files |= 1ull << 14;
	if (version >= 5)
		rules.files |= 1ull << 15;
	if (version >= 4)
		rules.net = 3;
	return rules;
}

/* The version of Landlock that holds now; 0: none does. */
static int close_files(const int *dirs, size_t n)
{
	int version = (int)syscall(SYS_landlock_create_ruleset, NULL, 0,
				   VERSION_OF_KERNEL);
	struct rules rules = rules_of(version);
	bool ok = true;
	int set;

	if (version < 1)
		return 0;
	set = (int)syscall(SYS_landlock_create_ruleset, &rules,
			   version >= 4 ? sizeof(rules) : sizeof(rules.files),
			   0);
	if (set < 0)
		return 0;
	for (size_t i = 0; i < n; i++) {
		struct landlock_path_beneath_attr rule = {
			.allowed_access = READING, .parent_fd = dirs[i]
		};

		if (dirs[i] >= 0)
			ok = ok &&
			     syscall(SYS_landlock_add_rule, set,
				     LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
	}
	ok = ok && syscall(SYS_landlock_restrict_self, set, 0) == 0;
	close(set);
	return ok ? version : 0;
}
#else
static int close_files(const int *dirs, size_t n)
{
	(void)dirs;
	(void)n;
	return 0;
}
#endif

/* --- system calls -------------------------------------------------------- */

/* What is not here fails, and kills nobody: a C library of another day may ask
 * for one that it can do without. */
static const int calls[] = {
	SCMP_SYS(accept4),
	SCMP_SYS(brk),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(close),
	SCMP_SYS(dup),
	SCMP_SYS(epoll_ctl),
	SCMP_SYS(epoll_pwait),
	SCMP_SYS(epoll_wait),
	SCMP_SYS(eventfd2),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(fcntl),
	SCMP_SYS(fstat),
	SCMP_SYS(futex),
	SCMP_SYS(getdents64),
	SCMP_SYS(getpeername),
	SCMP_SYS(getpid),
	SCMP_SYS(getrandom),
	SCMP_SYS(getsockname),
	SCMP_SYS(getsockopt),
	SCMP_SYS(gettid),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(lseek),
	SCMP_SYS(madvise),
	SCMP_SYS(mremap),
	SCMP_SYS(munmap),
	SCMP_SYS(newfstatat),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(pread64),
	SCMP_SYS(read),
	SCMP_SYS(readlinkat),
	SCMP_SYS(readv),
	SCMP_SYS(recvfrom),
	SCMP_SYS(recvmsg),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sendfile),
	SCMP_SYS(sendmsg),
	SCMP_SYS(sendto),
	SCMP_SYS(setsockopt),
	SCMP_SYS(shutdown),
	SCMP_SYS(statx),
	SCMP_SYS(sysinfo),
	SCMP_SYS(tgkill),
	SCMP_SYS(time),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	SCMP_SYS(openat2),
};

#define CODE_PAGES 4 /* PROT_EXEC of mmap(2) */
#define OPEN_WRITES 3 /* O_WRONLY or O_RDWR of open(2) */

static bool allow(scmp_filter_ctx filter)
{
	bool ok = true;

	for (size_t i = 0; ok && i < sizeof(calls) / sizeof(calls[0]); i++)
		ok = calls[i] < 0 ||
		     seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) == 0;
	/* No page becomes code, no file is written. */
	return ok &&
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
				SCMP_A2(SCMP_CMP_MASKED_EQ, CODE_PAGES, 0)) ==
		       0 &&
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
				SCMP_A2(SCMP_CMP_MASKED_EQ, CODE_PAGES, 0)) ==
		       0 &&
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
				SCMP_A2(SCMP_CMP_MASKED_EQ, OPEN_WRITES, 0)) ==
		       0;
}

static bool close_calls(void)
{
	scmp_filter_ctx filter =
		UNBOUND ? NULL : seccomp_init(SCMP_ACT_ERRNO(EPERM));
	bool ok;

	if (!filter)
		return false;
	ok = allow(filter) && seccomp_load(filter) == 0;
	seccomp_release(filter);
	return ok;
}

bool sandbox_close(const int *dirs, size_t n, char *said, size_t len)
{
	int version = UNBOUND ? 0 : close_files(dirs, n);
	bool calls_closed = close_calls();
	char files[32];

	snprintf(files, sizeof(files), "landlock %d", version);
	snprintf(said, len, "%s, %s%s", version ? files : "no landlock",
		 calls_closed ? "seccomp" : "no seccomp",
		 UNBOUND ? ": built with sanitizers" : "");
	return version && calls_closed;
}
