/* test_linux.c - what the Linux backend changes on the machine, in a network
 * namespace of the test's: nothing that was not noted before. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"
#include "plugins/os/linux.h"
#include "tests/fake/fake_host.h"
#include "tests/unit/unit.h"
#include <fcntl.h>
#include <gw6c/plugin.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#define SKIPPED 77

extern const struct gw6c_plugin os_linux_LTX_gw6c_plugin;
static const struct gw6c_os_ops *ops;
static struct fake_host fake;
static void *self;
static char dir[] = "/tmp/test_linux.XXXXXX", settings[64];

#define FORWARDING "/proc/sys/net/ipv6/conf/all/forwarding"
#define FORWARDING4 "/proc/sys/net/ipv4/ip_forward"
#define ACCEPT_RA "/proc/sys/net/ipv6/conf/up0/accept_ra"
#define MTU "/proc/sys/net/ipv6/conf/up0/mtu"
#define HOP_LIMIT "/proc/sys/net/ipv6/conf/up0/hop_limit"

static int get(const char *path)
{
	FILE *file = fopen(path, "r");
	int value = -1;

	if (file && fscanf(file, "%d", &value) != 1)
		value = -1;
	if (file)
		fclose(file);
	return value;
}

static void set(const char *path, int value)
{
	FILE *file = fopen(path, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fprintf(file, "%d", value);
	CU_ASSERT_EQUAL(fclose(file), 0);
	CU_ASSERT_EQUAL(get(path), value);
}

/* An interface of somebody else's; it is there until fd is closed. */
static int add_device(const char *name)
{
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &request) < 0)
		return -1;
	return fd;
}

/* --- a host that takes notes --------------------------------------------- */

static struct noted {
	int calls;
	struct gw6c_step step;
	int forwarding, accept_ra; /* as they were then */
	int rc; /* what to answer */
	int kill; /* or rather this */
} * noted; /* seen by children, too */

static int note(const struct gw6c_host *host, const struct gw6c_step *step,
		struct gw6c_err *err)
{
	(void)host;
	noted->calls++;
	noted->step = *step;
	noted->forwarding = get(FORWARDING);
	noted->accept_ra = get(ACCEPT_RA);
	if (noted->kill)
		raise(noted->kill);
	return noted->rc ? gw6c_fail(err, noted->rc, "the disk is full")
			 : GW6C_OK;
}

static void begin(void)
{
	struct gw6c_err err = { 0 };

	fake_host_init(&fake);
	fake.host.note = note;
	fake.host.run_dir = dir;
	memset(noted, 0, sizeof(*noted));
	CU_ASSERT_EQUAL_FATAL(ops->open(&fake.host, &self, &err), GW6C_OK);
}

static int step(struct gw6c_step *what, bool add)
{
	struct gw6c_plan plan = { .size = sizeof(plan), .fd = -1 };
	struct gw6c_err err = { 0 };

	return ops->step(self, &plan, what, add, &err);
}

static const struct gw6c_step forward = { .verb = GW6C_FORWARD,
					  .dst = { .family = 6 } };

static void what_cannot_be_read_has_no_value(void)
{
	char value[64] = "as before";

	/* As long as nobody has set one. */
	CU_ASSERT_FALSE(linux_sysctl_get("net/ipv6/conf/all/stable_secret",
					 value, sizeof(value)));
	CU_ASSERT_FALSE(linux_sysctl_get("net/no/such", value, sizeof(value)));
	CU_ASSERT_STRING_EQUAL(value, "as before");
	CU_ASSERT_FALSE(linux_sysctl_set("net/no/such", "1"));
	CU_ASSERT_TRUE(
		linux_sysctl_get("net/ipv4/ip_forward", value, sizeof(value)));
	CU_ASSERT_STRING_EQUAL(value, "0");
}

static void forwarding_is_noted_and_restored(void)
{
	struct gw6c_step what = forward;

	set(ACCEPT_RA, 1);
	begin();
	CU_ASSERT_EQUAL(step(&what, true), GW6C_OK);
	CU_ASSERT_EQUAL(noted->calls, 1);
	CU_ASSERT_EQUAL(noted->forwarding, 0);
	CU_ASSERT_EQUAL(noted->accept_ra, 1);
	CU_ASSERT_STRING_EQUAL(noted->step.saved, "0");
	CU_ASSERT_STRING_EQUAL(what.saved, "0");
	CU_ASSERT_EQUAL(access(settings, F_OK), 0);
	CU_ASSERT_EQUAL(get(FORWARDING), 1);
	CU_ASSERT_EQUAL(get(ACCEPT_RA), 2);
	CU_ASSERT_EQUAL(step(&what, false), GW6C_OK);
	CU_ASSERT_EQUAL(get(FORWARDING), 0);
	CU_ASSERT_EQUAL(get(ACCEPT_RA), 1);
	CU_ASSERT_EQUAL(access(settings, F_OK), -1);
	ops->close(self);
}

/* On already: nothing changes, nothing is noted, nothing is taken back. */
static void forwarding_of_others_stays(void)
{
	struct gw6c_step what = forward;

	set(FORWARDING, 1);
	begin();
	CU_ASSERT_EQUAL(step(&what, true), GW6C_OK);
	CU_ASSERT_EQUAL(noted->calls, 0);
	CU_ASSERT_EQUAL(step(&what, false), GW6C_OK);
	CU_ASSERT_EQUAL(get(FORWARDING), 1);
	ops->close(self);
	set(FORWARDING, 0);
}

static void without_a_note_nothing_changes(void)
{
	struct gw6c_step what = forward;

	set(ACCEPT_RA, 1);
	begin();
	noted->rc = GW6C_EOS;
	CU_ASSERT_EQUAL(step(&what, true), GW6C_EOS);
	CU_ASSERT_EQUAL(get(FORWARDING), 0);
	CU_ASSERT_EQUAL(get(ACCEPT_RA), 1);
	what = (struct gw6c_step){ .verb = GW6C_KEEP, .dev = "up0" };
	CU_ASSERT_EQUAL(step(&what, true), GW6C_EOS);
	ops->close(self);
}

/* Killed in the step, before the change or after: what was noted undoes it. */
static void a_kill_within_the_step_leaves_nothing(void)
{
	static const int signals[] = { SIGKILL, 0 };
	struct gw6c_step what;
	int status;

	for (int i = 0; i < 2; i++) {
		pid_t pid;

		set(ACCEPT_RA, 1);
		begin();
		noted->kill = signals[i];
		pid = fork();
		if (pid == 0) {
			what = forward;
			step(&what, true);
			raise(SIGKILL);
		}
		CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
		CU_ASSERT_EQUAL(noted->calls, 1);
		CU_ASSERT_EQUAL(get(FORWARDING), i);
		what = noted->step;
		CU_ASSERT_EQUAL(step(&what, false), GW6C_OK);
		CU_ASSERT_EQUAL(get(FORWARDING), 0);
		CU_ASSERT_EQUAL(get(ACCEPT_RA), 1);
		ops->close(self);
	}
}

static void what_router_programs_change_is_kept(void)
{
	struct gw6c_step what = { .verb = GW6C_KEEP, .dev = "up0" };

	set(MTU, 1400);
	set(HOP_LIMIT, 77);
	begin();
	CU_ASSERT_EQUAL(step(&what, true), GW6C_OK);
	CU_ASSERT_EQUAL(noted->calls, 1);
	CU_ASSERT_STRING_EQUAL(noted->step.saved, "1400 77");
	CU_ASSERT_STRING_EQUAL(noted->step.dev, "up0");
	set(MTU, 1280);
	set(HOP_LIMIT, 64);
	CU_ASSERT_EQUAL(step(&what, false), GW6C_OK);
	CU_ASSERT_EQUAL(get(MTU), 1400);
	CU_ASSERT_EQUAL(get(HOP_LIMIT), 77);
	set(MTU, 1280);
	what.saved[0] = 0; /* it was never done */
	CU_ASSERT_EQUAL(step(&what, false), GW6C_OK);
	CU_ASSERT_EQUAL(get(MTU), 1280);
	CU_ASSERT_STRING_EQUAL(fake.log, "");
	ops->close(self);
}

static void a_device_may_go_meanwhile(void)
{
	struct gw6c_step what = { .verb = GW6C_KEEP, .dev = "gone0" };
	int fd = add_device("gone0");

	begin();
	CU_ASSERT_EQUAL(step(&what, true), GW6C_OK);
	close(fd);
	CU_ASSERT_EQUAL(step(&what, false), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(fake.log, "");
	what.saved[0] = 0;
	CU_ASSERT_EQUAL(step(&what, true), GW6C_ENET);
	ops->close(self);
}

/* IPv6 leaves a device whose MTU is too small for it. */
static void a_device_may_have_no_ipv6(void)
{
	struct gw6c_step what = { .verb = GW6C_KEEP, .dev = "up0" };

	CU_ASSERT_EQUAL_FATAL(system("ip link set up0 mtu 1000"), 0);
	CU_ASSERT_EQUAL_FATAL(get(MTU), -1);
	snprintf(what.saved, sizeof(what.saved), "9 9"); /* of another run */
	begin();
	CU_ASSERT_EQUAL(step(&what, true), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(what.saved, "");
	CU_ASSERT_EQUAL(noted->calls, 0);
	snprintf(what.saved, sizeof(what.saved), "1400 77"); /* it had then */
	CU_ASSERT_EQUAL(step(&what, false), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(
		fake.log,
		"2 cannot restore net.ipv6.conf.up0.mtu=1400: No such file or "
		"directory\n"
		"2 cannot restore net.ipv6.conf.up0.hop_limit=77: No such file "
		"or directory\n");
	ops->close(self);
	CU_ASSERT_EQUAL_FATAL(system("ip link set up0 mtu 1500"), 0);
}

static void each_family_forwards_by_itself(void)
{
	struct gw6c_step six = forward, four = forward;

	four.dst.family = 4;
	set(ACCEPT_RA, 1);
	set(FORWARDING4, 0);
	begin();
	CU_ASSERT_EQUAL(step(&four, true), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(four.saved, "0");
	CU_ASSERT_EQUAL(get(FORWARDING4), 1);
	CU_ASSERT_EQUAL(get(FORWARDING), 0);
	CU_ASSERT_EQUAL(get(ACCEPT_RA), 1);
	CU_ASSERT_EQUAL(step(&six, true), GW6C_OK);
	CU_ASSERT_EQUAL(get(ACCEPT_RA), 2);
	CU_ASSERT_EQUAL(step(&four, false), GW6C_OK);
	CU_ASSERT_EQUAL(get(FORWARDING4), 0);
	CU_ASSERT_EQUAL(get(FORWARDING), 1);
	CU_ASSERT_EQUAL(get(ACCEPT_RA), 2);
	noted->rc = GW6C_EOS; /* the one fails, the other goes on */
	CU_ASSERT_EQUAL(step(&four, true), GW6C_EOS);
	CU_ASSERT_EQUAL(get(FORWARDING4), 0);
	CU_ASSERT_EQUAL(get(ACCEPT_RA), 2);
	CU_ASSERT_EQUAL(step(&six, false), GW6C_OK);
	ops->close(self);
}

/* Who switched it off, or to something else, meanwhile, meant that. */
static void what_others_set_meanwhile_is_theirs(void)
{
	struct gw6c_step what = forward;

	begin();
	CU_ASSERT_EQUAL(step(&what, true), GW6C_OK);
	set(FORWARDING, 0);
	CU_ASSERT_EQUAL(step(&what, false), GW6C_OK);
	CU_ASSERT_EQUAL(get(FORWARDING), 0);
	CU_ASSERT_EQUAL(step(&what, true), GW6C_OK);
	set(FORWARDING, 2);
	CU_ASSERT_EQUAL(step(&what, false), GW6C_OK);
	CU_ASSERT_EQUAL(get(FORWARDING), 2); /* on, by somebody else */
	CU_ASSERT_EQUAL(step(&what, true), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(what.saved, "1");
	CU_ASSERT_EQUAL(step(&what, false), GW6C_OK);
	CU_ASSERT_EQUAL(get(FORWARDING), 2);
	set(FORWARDING, 0);
	what.saved[0] = 0; /* it was never done */
	set(FORWARDING, 1);
	CU_ASSERT_EQUAL(step(&what, false), GW6C_OK);
	CU_ASSERT_EQUAL(get(FORWARDING), 1);
	set(FORWARDING, 0);
	ops->close(self);
}

/* Of a container, say: the last test, since it stays so. */
static void settings_that_cannot_be_written_are_told(void)
{
	struct gw6c_step what = forward;
	struct gw6c_plan plan = { .size = sizeof(plan), .fd = -1 };
	struct gw6c_err err = { 0 };

	CU_ASSERT_EQUAL_FATAL(unshare(CLONE_NEWNS), 0);
	CU_ASSERT_EQUAL_FATAL(mount("none", "/", "none", MS_REC | MS_PRIVATE,
				    NULL),
			      0);
	begin();
	CU_ASSERT_EQUAL_FATAL(mount("/proc/sys", "/proc/sys", "none", MS_BIND,
				    NULL),
			      0);
	CU_ASSERT_EQUAL_FATAL(mount("none", "/proc/sys", "none",
				    MS_REMOUNT | MS_BIND | MS_RDONLY, NULL),
			      0);
	CU_ASSERT_EQUAL(ops->step(self, &plan, &what, true, &err), GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(err.text,
			       "/proc/sys/net/ipv6/conf/all/forwarding: "
			       "Read-only file system; set "
			       "net.ipv6.conf.all.forwarding=1 where this "
			       "container is started, or make /proc/sys "
			       "writable here");
	CU_ASSERT_EQUAL(noted->calls, 0);
	CU_ASSERT_EQUAL_FATAL(mount("none", "/proc/sys", "tmpfs", 0, NULL), 0);
	CU_ASSERT_EQUAL(ops->step(self, &plan, &what, true, &err), GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(err.text,
			       "/proc/sys/net/ipv6/conf/all/forwarding: No "
			       "such file or directory");
	ops->close(self);
}

/* --- packet devices ------------------------------------------------------ */

static unsigned flags_of(int fd)
{
	struct ifreq request = { .ifr_flags = 0 };

	CU_ASSERT_EQUAL(ioctl(fd, TUNGETIFF, &request), 0);
	return (unsigned)(unsigned short)request.ifr_flags;
}

static void a_packet_device_gives_what_is_wanted(void)
{
	static const uint32_t all =
		GW6C_VNET | GW6C_CSUM | GW6C_TSO4 | GW6C_TSO6 | GW6C_ECN;
	static const struct {
		uint32_t wants, gives, maybe;
	} cases[] = {
		{ 0, 0, 0 },
		{ GW6C_CSUM | GW6C_TSO4, 0, 0 }, /* the header is needed */
		{ GW6C_VNET, GW6C_VNET, 0 },
		{ GW6C_VNET | GW6C_CSUM, GW6C_VNET | GW6C_CSUM, 0 },
		{ GW6C_VNET | GW6C_TSO4, GW6C_VNET, 0 }, /* and CSUM */
		{ all, all, 0 },
		{ all | GW6C_USO, all, GW6C_USO },
		{ all | 1u << 20, all, 0 }, /* of a later header */
		{ GW6C_VNET | GW6C_CSUM | GW6C_ECN, GW6C_VNET | GW6C_CSUM, 0 },
	};

	begin();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gw6c_plan plan = { .size = sizeof(plan),
					  .fd = -1,
					  .wants = cases[i].wants,
					  .gives = 1u << 30 };
		struct gw6c_step what = { .verb = GW6C_LINK, .kind = GW6C_TUN };
		struct gw6c_err err = { 0 };

		CU_ASSERT_EQUAL(ops->step(self, &plan, &what, true, &err),
				GW6C_OK);
		CU_ASSERT_EQUAL(plan.gives & ~cases[i].maybe, cases[i].gives);
		CU_ASSERT_EQUAL(!!(flags_of(plan.fd) & IFF_VNET_HDR),
				plan.gives & GW6C_VNET);
		CU_ASSERT_EQUAL(ops->step(self, &plan, &what, false, &err),
				GW6C_OK);
		CU_ASSERT_EQUAL(plan.fd, -1);
	}
	ops->close(self);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(what_cannot_be_read_has_no_value),
		UNIT_TEST(forwarding_is_noted_and_restored),
		UNIT_TEST(forwarding_of_others_stays),
		UNIT_TEST(without_a_note_nothing_changes),
		UNIT_TEST(a_kill_within_the_step_leaves_nothing),
		UNIT_TEST(what_router_programs_change_is_kept),
		UNIT_TEST(a_device_may_go_meanwhile),
		UNIT_TEST(a_device_may_have_no_ipv6),
		UNIT_TEST(each_family_forwards_by_itself),
		UNIT_TEST(what_others_set_meanwhile_is_theirs),
		UNIT_TEST(a_packet_device_gives_what_is_wanted),
		UNIT_TEST(settings_that_cannot_be_written_are_told),
	};
	int fd, failed;

	ops = os_linux_LTX_gw6c_plugin.os;
	noted = mmap(NULL, sizeof(*noted), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (noted == MAP_FAILED)
		return 1;
	if (unshare(CLONE_NEWNET) < 0 || (fd = add_device("up0")) < 0 ||
	    access(FORWARDING, W_OK) < 0) {
		puts("needs root, a network namespace and /dev/net/tun");
		return SKIPPED;
	}
	if (!mkdtemp(dir))
		return 1;
	snprintf(settings, sizeof(settings), "%s/linux.settings", dir);
	failed = UNIT_RUN("linux", tests);
	unlink(settings);
	rmdir(dir);
	return failed;
}
