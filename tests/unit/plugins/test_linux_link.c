/* test_linux_link.c - the tunnel's interface: its name, its settings, and what
 * the kernel says of requests. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux_lab.h"
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

/* --- what the kernel has, as far as a test says so ------------------------ */

static struct {
	unsigned lacks; /* of the offloads */
	bool has_header;
	unsigned offered[8]; /* and accepted or not */
	int offers;
	bool header; /* of the interface that was made */
} kernel = { .has_header = true };

int ioctl(int fd, unsigned long what, ...)
{
	unsigned long arg;
	va_list args;

	va_start(args, what);
	arg = va_arg(args, unsigned long);
	va_end(args);
	if (what == TUNSETOFFLOAD) {
		kernel.offered[kernel.offers++ % 8] = (unsigned)arg;
		return arg & kernel.lacks ? -1 : 0;
	}
	if (what == TUNGETFEATURES && !kernel.has_header)
		return 0; /* none */
	if (what == TUNSETIFF)
		kernel.header = ((struct ifreq *)arg)->ifr_flags & IFF_VNET_HDR;
	return (int)syscall(SYS_ioctl, fd, what, arg);
}

static struct gw6c_step tun(const char *dev)
{
	struct gw6c_step step = { .verb = GW6C_LINK, .kind = GW6C_TUN };

	snprintf(step.dev, sizeof(step.dev), "%s", dev);
	return step;
}

static int setting(const char *dev, const char *key)
{
	char path[96];
	FILE *file;
	int value = -1;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/%s", dev, key);
	file = fopen(path, "r");
	if (file && fscanf(file, "%d", &value) != 1)
		value = -1;
	if (file)
		fclose(file);
	return value;
}

static void auto_is_the_first_free_number(void)
{
	static const char *const wishes[] = { "", "auto", "auto" };
	static const char *const names[] = { "gw6c0", "gw6c1", "gw6c2" };
	struct gw6c_step step[3];
	int fd[3];

	lab_begin(false);
	for (int i = 0; i < 3; i++) {
		step[i] = tun(wishes[i]);
		lab_plan.dev[0] = 0;
		CU_ASSERT_EQUAL(lab_do(&step[i]), GW6C_OK);
		CU_ASSERT_STRING_EQUAL(lab_plan.dev, names[i]);
		CU_ASSERT_STRING_EQUAL(step[i].saved, names[i]);
		fd[i] = lab_plan.fd;
		CU_ASSERT_TRUE(fd[i] >= 0);
		CU_ASSERT_TRUE(fcntl(fd[i], F_GETFL) & O_NONBLOCK);
		CU_ASSERT_TRUE(fcntl(fd[i], F_GETFD) & FD_CLOEXEC);
	}
	for (int i = 0; i < 3; i++) {
		lab_plan.fd = fd[i];
		CU_ASSERT_EQUAL(lab_undo(&step[i]), GW6C_OK);
		CU_ASSERT_EQUAL(lab_plan.fd, -1);
		CU_ASSERT_FALSE(lab_shows("link show", names[i]));
	}
	CU_ASSERT_EQUAL(lab_undo(&step[0]), GW6C_OK);
	lab_end();
}

static void a_name_that_is_in_use_is_not_taken(void)
{
	struct gw6c_step step = tun("lan0");

	lab_begin(false);
	CU_ASSERT_EQUAL(lab_do(&step), GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(lab_err.text,
			       "an interface \"lan0\" exists and is not ours; "
			       "set another name (if_tunnel_...), or \"auto\"");
	CU_ASSERT_EQUAL(lab_plan.fd, -1);
	lab_end();
}

static void a_name_has_fifteen_octets_at_most(void)
{
	struct gw6c_step step = tun("fifteen-octets0");

	lab_begin(false);
	CU_ASSERT_EQUAL(lab_do(&step), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(lab_plan.dev, "fifteen-octets0");
	CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
	step = tun("sixteen-octets-0");
	CU_ASSERT_EQUAL(lab_do(&step), GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(lab_err.text,
			       "the interface name \"sixteen-octets-0\" is "
			       "longer than 15 octets");
	step = tun("x/y"); /* the kernel has no such names */
	CU_ASSERT_EQUAL(lab_do(&step), GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(lab_err.text, "/dev/net/tun: Invalid argument");
	CU_ASSERT_EQUAL(lab_plan.fd, -1);
	lab_end();
}

/* The plan's own name is the wish of a step without one. */
static void the_plan_may_have_the_name(void)
{
	struct gw6c_step step = tun("");

	lab_begin(false);
	snprintf(lab_plan.dev, sizeof(lab_plan.dev), "mine3");
	CU_ASSERT_EQUAL(lab_do(&step), GW6C_OK);
	CU_ASSERT_TRUE(lab_shows("link show mine3", "mine3"));
	CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
	lab_end();
}

#define ALL                                                                    \
	(GW6C_VNET | GW6C_CSUM | GW6C_TSO4 | GW6C_TSO6 | GW6C_ECN | GW6C_USO)

/* What the kernel has not is left out, the youngest first. */
static void offloads_are_those_of_the_kernel(void)
{
	static const struct {
		uint32_t wants;
		unsigned lacks;
		uint32_t gives;
		unsigned offered[4];
	} cases[] = {
		{ 0, 0, 0, { 0 } },
		{ ALL & ~GW6C_VNET, 0, 0, { 0 } },
		{ GW6C_VNET, 0, GW6C_VNET, { 0 } },
		{ GW6C_VNET | GW6C_CSUM, 0, GW6C_VNET | GW6C_CSUM, { 1 } },
		{ GW6C_VNET | GW6C_CSUM | GW6C_TSO4,
		  0,
		  GW6C_VNET | GW6C_CSUM | GW6C_TSO4,
		  { 3 } },
		{ GW6C_VNET | GW6C_CSUM | GW6C_TSO6,
		  0,
		  GW6C_VNET | GW6C_CSUM | GW6C_TSO6,
		  { 5 } },
		{ GW6C_VNET | GW6C_CSUM | GW6C_ECN,
		  0,
		  GW6C_VNET | GW6C_CSUM | GW6C_ECN,
		  { 9 } },
		{ GW6C_VNET | GW6C_TSO6, 0, GW6C_VNET | GW6C_TSO6, { 4 } },
		{ GW6C_VNET | GW6C_TSO4, 0, GW6C_VNET | GW6C_TSO4, { 2 } },
		{ ALL, 0, ALL, { 0x6f } },
		{ ALL, 0x60, ALL & ~GW6C_USO, { 0x6f, 0x0f } },
		{ ALL,
		  0x68,
		  ALL & ~GW6C_USO & ~GW6C_ECN,
		  { 0x6f, 0x0f, 0x07 } },
		{ ALL, 0x6e, GW6C_VNET | GW6C_CSUM, { 0x6f, 0x0f, 0x07, 1 } },
		{ ALL, 0x6f, GW6C_VNET, { 0x6f, 0x0f, 0x07, 1 } },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gw6c_step step = tun("auto");

		lab_begin(false);
		memset(&kernel, 0, sizeof(kernel));
		kernel.has_header = true;
		kernel.lacks = cases[i].lacks;
		lab_plan.wants = cases[i].wants;
		lab_plan.gives = UINT32_MAX;
		CU_ASSERT_EQUAL(lab_do(&step), GW6C_OK);
		CU_ASSERT_EQUAL(lab_plan.gives, cases[i].gives);
		CU_ASSERT_EQUAL(kernel.header, cases[i].gives != 0);
		for (int k = 0; k < 4; k++)
			CU_ASSERT_EQUAL(kernel.offered[k], cases[i].offered[k]);
		for (int k = 0; k < kernel.offers; k++)
			CU_ASSERT_NOT_EQUAL(kernel.offered[k], 0);
		CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
		lab_end();
	}
	/* Without the header, none goes. */
	lab_begin(false);
	memset(&kernel, 0, sizeof(kernel));
	lab_plan.wants = ALL;
	{
		struct gw6c_step step = tun("auto");

		CU_ASSERT_EQUAL(lab_do(&step), GW6C_OK);
		CU_ASSERT_EQUAL(lab_plan.gives, 0);
		CU_ASSERT_EQUAL(kernel.offers, 0);
		CU_ASSERT_FALSE(kernel.header);
		CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
	}
	kernel.has_header = true;
	lab_end();
}

static void nobody_advertises_to_us_there(void)
{
	struct gw6c_step step = tun("auto");

	lab_begin(false);
	CU_ASSERT_EQUAL(lab_do(&step), GW6C_OK);
	CU_ASSERT_TRUE(lab_shows("link show gw6c0", "alias gw6c\n"));
	CU_ASSERT_EQUAL(setting("gw6c0", "accept_ra"), 0);
	CU_ASSERT_EQUAL(setting("gw6c0", "autoconf"), 0);
	CU_ASSERT_EQUAL(setting("gw6c0", "router_solicitations"), 0);
	CU_ASSERT_EQUAL(setting("gw6c0", "addr_gen_mode"), 1);
	CU_ASSERT_FALSE(lab_shows("link show gw6c0", ",UP"));
	CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
	lab_end();
}

static void a_tunnel_is_up_with_its_mtu(void)
{
	struct gw6c_step mtu = { .verb = GW6C_MTU, .value = 1280 };
	struct gw6c_step small = { .verb = GW6C_MTU, .value = 1279 };
	struct gw6c_step huge = { .verb = GW6C_MTU, .value = 1u << 20 };
	struct gw6c_step none = { .verb = GW6C_MTU, .value = 1280 };
	struct gw6c_step up = { .verb = GW6C_UP }, link = tun("auto");

	snprintf(none.dev, sizeof(none.dev), "none0");
	lab_begin(false);
	CU_ASSERT_EQUAL(lab_do(&link), GW6C_OK);
	CU_ASSERT_EQUAL(lab_do(&up), GW6C_OK);
	CU_ASSERT_TRUE(lab_shows("link show gw6c0", ",UP"));
	CU_ASSERT_EQUAL(lab_do(&mtu), GW6C_OK);
	CU_ASSERT_TRUE(lab_shows("link show gw6c0", "mtu 1280 "));
	CU_ASSERT_EQUAL(lab_do(&small), GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(lab_err.text,
			       "IPv6 needs an MTU of at least 1280");
	/* In the kernel's own words. */
	CU_ASSERT_EQUAL(lab_do(&huge), GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(lab_err.text,
			       "Invalid argument: mtu greater than device "
			       "maximum");
	CU_ASSERT_TRUE(lab_shows("link show gw6c0", "mtu 1280 "));
	CU_ASSERT_EQUAL(lab_do(&none), GW6C_ENET);
	CU_ASSERT_STRING_EQUAL(lab_err.text, "there is no interface \"none0\"");
	CU_ASSERT_EQUAL(lab_undo(&up), GW6C_OK);
	CU_ASSERT_EQUAL(lab_undo(&mtu), GW6C_OK);
	CU_ASSERT_EQUAL(lab_undo(&none), GW6C_OK);
	CU_ASSERT_TRUE(lab_shows("link show gw6c0", ",UP"));
	snprintf(up.dev, sizeof(up.dev), "none0");
	CU_ASSERT_EQUAL(lab_do(&up), GW6C_ENET);
	CU_ASSERT_EQUAL(lab_undo(&link), GW6C_OK);
	lab_end();
}

/* Each interface by itself. */
static void a_step_may_name_another_interface(void)
{
	struct gw6c_step mtu = { .verb = GW6C_MTU, .value = 1400 };

	snprintf(mtu.dev, sizeof(mtu.dev), "lan0");
	lab_begin(true);
	CU_ASSERT_EQUAL(lab_do(&mtu), GW6C_OK);
	CU_ASSERT_TRUE(lab_shows("link show lan0", "mtu 1400 "));
	CU_ASSERT_FALSE(lab_shows("link show gw6c0", "mtu 1400 "));
	CU_ASSERT_FALSE(lab_shows("link show wan0", "mtu 1400 "));
	lab_end();
}

static void what_there_is_not_is_refused(void)
{
	struct gw6c_step link = { .verb = GW6C_LINK, .kind = 99 };
	struct gw6c_step none = { .verb = 0 }, later = { .verb = 99 };
	struct gw6c_step next = { .verb = GW6C_KEEP + 1 };

	lab_begin(false);
	CU_ASSERT_EQUAL(lab_do(&link), GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(lab_err.text,
			       "interface kind 99 is not supported on Linux");
	CU_ASSERT_EQUAL(lab_do(&none), GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(lab_err.text,
			       "step 0 is not supported on Linux");
	CU_ASSERT_EQUAL(lab_do(&later), GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(lab_err.text,
			       "step 99 is not supported on Linux");
	CU_ASSERT_EQUAL(lab_do(&next), GW6C_EOS);
	lab_end();
}

/* Where the kernel has no such tunnels, there is a packet device instead; it
 * goes with its descriptor. */
static void a_tunnel_of_the_kernel_or_a_packet_device(void)
{
	static const uint16_t kinds[] = { GW6C_SIT, GW6C_IP6TNL };

	for (int i = 0; i < 2; i++) {
		struct gw6c_step step = { .verb = GW6C_LINK, .kind = kinds[i] };
		bool six = kinds[i] == GW6C_IP6TNL;

		gw6c_addr_parse(six ? "2001:db8::1" : "192.0.2.1", &step.local);
		gw6c_addr_parse(six ? "2001:db8::2" : "192.0.2.2",
				&step.remote);
		lab_begin(false);
		CU_ASSERT_EQUAL(lab_do(&step), GW6C_OK);
		CU_ASSERT_STRING_EQUAL(lab_plan.dev, "gw6c0");
		CU_ASSERT_STRING_EQUAL(step.saved, "gw6c0");
		CU_ASSERT_TRUE(lab_shows("link show gw6c0", "alias gw6c\n"));
		if (lab_plan.fd >= 0)
			CU_ASSERT_STRING_EQUAL(
				lab_host.log,
				six ? "4 the kernel does not support ip6tnl "
				      "tunnels: forwarding packets in user "
				      "space\n"
				    : "4 the kernel does not support sit "
				      "tunnels: forwarding packets in user "
				      "space\n");
		CU_ASSERT_EQUAL(lab_undo(&step), GW6C_OK);
		CU_ASSERT_EQUAL(lab_plan.fd, -1);
		CU_ASSERT_FALSE(lab_shows("link show", "gw6c0"));
		lab_end();
	}
}

/* As in a container that was not given it; the last test, since it is gone for
 * the others, too. */
static void without_the_device_the_remedy_is_told(void)
{
	struct gw6c_step step = tun("auto");

	lab_begin(false);
	CU_ASSERT_EQUAL_FATAL(unshare(CLONE_NEWNS), 0);
	CU_ASSERT_EQUAL_FATAL(mount("none", "/", "none", MS_REC | MS_PRIVATE,
				    NULL),
			      0);
	CU_ASSERT_EQUAL_FATAL(mount("none", "/dev/net", "tmpfs", MS_NOSUID,
				    NULL),
			      0);
	CU_ASSERT_EQUAL(lab_do(&step), GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(lab_err.text,
			       "there is no /dev/net/tun: load the module tun, "
			       "or give the container access to that device");
	CU_ASSERT_EQUAL(lab_plan.fd, -1);
	lab_end();
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(auto_is_the_first_free_number),
		UNIT_TEST(a_name_that_is_in_use_is_not_taken),
		UNIT_TEST(a_name_has_fifteen_octets_at_most),
		UNIT_TEST(the_plan_may_have_the_name),
		UNIT_TEST(offloads_are_those_of_the_kernel),
		UNIT_TEST(nobody_advertises_to_us_there),
		UNIT_TEST(a_tunnel_is_up_with_its_mtu),
		UNIT_TEST(a_step_may_name_another_interface),
		UNIT_TEST(what_there_is_not_is_refused),
		UNIT_TEST(a_tunnel_of_the_kernel_or_a_packet_device),
		UNIT_TEST(without_the_device_the_remedy_is_told),
	};

	return lab_works() ? UNIT_RUN("linux_link", tests) : LAB_SKIPPED;
}
