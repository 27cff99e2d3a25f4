/* test_linux_watch.c - what the core hears of what happens on the machine. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux_lab.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define IP(command) CU_ASSERT_TRUE(lab_ip(command))

/* What the core heard since it was asked last. */
static bool heard(int changed, const char *damage)
{
	char log[256] = "";
	bool is;

	lab_settle();
	if (*damage)
		snprintf(log, sizeof(log), "3 damaged: %s\n", damage);
	is = lab_host.changed == changed && strcmp(lab_host.log, log) == 0;
	if (!is)
		printf("\n%d changes, \"%s\"\n", lab_host.changed,
		       lab_host.log);
	lab_host.changed = lab_host.damaged = 0;
	lab_host.log[0] = 0;
	return is;
}
#define HEARD(changed, damage) CU_ASSERT_TRUE(heard(changed, damage))

static void changes_of_others_are_told(void)
{
	static const char *const changes[] = {
		"link set wan0 down",
		"link set wan0 up",
		"address add 192.0.2.9/24 dev lan0",
		"address delete 192.0.2.9/24 dev lan0",
		"-6 address add 2001:db8::9/64 dev lan0 nodad",
		"-6 address delete 2001:db8::9/64 dev lan0",
		"-4 route add 203.0.113.0/24 dev wan0",
		"-4 route delete 203.0.113.0/24 dev wan0",
		"-6 route add 2001:db8:7::/48 dev lan0",
		"-6 route delete 2001:db8:7::/48 dev lan0",
		"-4 rule add priority 99 lookup 77",
		"-4 rule delete priority 99",
		"-6 rule add priority 99 lookup 77",
		"-6 rule delete priority 99",
	};

	lab_begin(true);
	HEARD(0, "");
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		IP(changes[i]);
		HEARD(1, "");
	}
	lab_end();
}

static void a_flock_of_changes_is_told_once_it_has_settled(void)
{
	lab_begin(true);
	IP("address add 192.0.2.9/24 dev lan0");
	for (int i = 0; i < FAKE_WATCHES; i++)
		if (lab_host.watch[i].used && lab_host.watch[i].fd >= 0)
			fake_host_ready(&lab_host, lab_host.watch[i].fd,
					GW6C_READ);
	IP("link set wan0 down");
	for (int i = 0; i < FAKE_WATCHES; i++)
		if (lab_host.watch[i].used && lab_host.watch[i].fd >= 0)
			fake_host_ready(&lab_host, lab_host.watch[i].fd,
					GW6C_READ);
	fake_host_pass(&lab_host, 199);
	CU_ASSERT_EQUAL(lab_host.changed, 0);
	fake_host_pass(&lab_host, 1);
	CU_ASSERT_EQUAL(lab_host.changed, 1);
	fake_host_pass(&lab_host, 1000);
	CU_ASSERT_EQUAL(lab_host.changed, 1);
	lab_end();
}

/* A rule may lead to another table, in which something comes and goes. */
static void routes_of_other_tables_are_looked_at(void)
{
	struct gw6c_step route = lab_step(GW6C_ROUTE, "::/0");

	route.value = LAB_METRIC;
	lab_begin(true);
	CU_ASSERT_EQUAL(lab_do(&route), GW6C_OK);
	IP("-6 rule add priority 500 lookup 77");
	HEARD(1, "");
	CU_ASSERT_STRING_EQUAL(lab_status, "default_route used");
	IP("-6 route add default dev wan0 table 77");
	lab_settle();
	CU_ASSERT_STRING_EQUAL(lab_status, "default_route not used: wan0 has a "
					   "better one (metric 1024)");
	IP("-6 route delete default dev wan0 table 77");
	lab_settle();
	CU_ASSERT_STRING_EQUAL(lab_status, "default_route used");
	CU_ASSERT_EQUAL(lab_host.changed, 0);
	lab_end();
}

static bool stepped; /* the clock, since it was read last */

ssize_t read(int fd, void *room, size_t len)
{
	if (!stepped)
		return syscall(SYS_read, fd, room, len);
	stepped = false;
	errno = ECANCELED;
	return -1;
}

/* The machine has slept, or somebody has set the clock. */
static void a_clock_that_steps_is_a_change(void)
{
	lab_begin(true);
	for (int steps = 1; steps >= 0; steps--) {
		for (int i = 0; i < FAKE_WATCHES; i++) {
			stepped = steps;
			if (lab_host.watch[i].used && lab_host.watch[i].fd >= 0)
				fake_host_ready(&lab_host, lab_host.watch[i].fd,
						GW6C_READ);
		}
		stepped = false;
		HEARD(steps, "");
	}
	lab_end();
}

/* What we do ourselves, and what happens on our interface. */
static void our_own_changes_are_no_news(void)
{
	struct gw6c_step addr = lab_step(GW6C_ADDR, "2001:db8::2");
	struct gw6c_step route = lab_step(GW6C_ROUTE, "::/0");
	struct gw6c_step mtu = { .verb = GW6C_MTU, .value = 1400 };

	route.value = LAB_METRIC;
	lab_begin(true);
	CU_ASSERT_EQUAL(lab_do(&mtu), GW6C_OK);
	CU_ASSERT_EQUAL(lab_do(&addr), GW6C_OK);
	CU_ASSERT_EQUAL(lab_do(&route), GW6C_OK);
	HEARD(0, "");
	CU_ASSERT_EQUAL(lab_undo(&route), GW6C_OK);
	HEARD(0, "");
	IP("-6 address add 2001:db8::77/128 dev gw6c0");
	IP("link set gw6c0 mtu 1300");
	HEARD(0, "");
	lab_end();
}

static int descriptors(void)
{
	int n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void an_address_behind_us_that_goes_is_damage(void)
{
	struct gw6c_step addr = lab_step(GW6C_ADDR, "2001:db8:2::1/64");
	int before = descriptors();

	snprintf(addr.dev, sizeof(addr.dev), "lan0");
	lab_begin(true);
	CU_ASSERT_EQUAL(lab_do(&addr), GW6C_OK);
	lab_settle();
	lab_host.changed = lab_host.damaged = 0;
	lab_host.log[0] = 0;
	IP("-6 address delete 2001:db8:2::1/64 dev lan0");
	lab_settle();
	HEARD(1, "an address of the network behind us was removed");
	lab_end();
	CU_ASSERT_EQUAL(descriptors(), before);
}

static void a_tunnel_that_is_down_is_damage(void)
{
	lab_begin(true);
	IP("link set gw6c0 down");
	HEARD(0, "the tunnel interface was taken down");
	IP("link set gw6c0 up");
	HEARD(0, "");
	IP("link set gw6c0 down");
	IP("link set gw6c0 up");
	HEARD(0, ""); /* as before */
	lab_end();
}

static void a_tunnel_that_is_gone_is_damage(void)
{
	lab_begin(true);
	IP("link delete gw6c0");
	HEARD(0, "the tunnel interface was deleted");
	lab_end();
}

static void an_address_of_the_tunnel_that_goes_is_damage(void)
{
	static const char *const addresses[] = { "2001:db8::2", "10.9.0.2" };
	char delete[64];

	for (int i = 0; i < 2; i++) {
		struct gw6c_step addr = lab_step(GW6C_ADDR, addresses[i]);

		lab_begin(true);
		CU_ASSERT_EQUAL(lab_do(&addr), GW6C_OK);
		snprintf(delete, sizeof(delete), "address delete %s dev gw6c0",
			 addresses[i]);
		IP(delete);
		HEARD(0, "the tunnel's address was removed");
		IP("-6 address add fe80::77/64 dev gw6c0");
		IP("-6 address delete fe80::77/64 dev gw6c0");
		HEARD(0, ""); /* not the one */
		lab_end();
	}
}

static void routes_that_go_or_are_replaced_are_damage(void)
{
	static const struct {
		enum gw6c_verb verb;
		const char *prefix, *family, *change, *damage;
		int changed;
	} cases[] = {
		{ GW6C_ROUTE, "::/0", "-6", "delete default dev gw6c0",
		  "removed", 0 },
		{ GW6C_ROUTE, "0.0.0.0/0", "-4", "delete default dev gw6c0",
		  "removed", 0 },
		{ GW6C_ROUTE, "::/0", "-6", "replace default dev lan0",
		  "replaced", 0 },
		{ GW6C_ROUTE, "0.0.0.0/0", "-4", "replace default dev lan0",
		  "replaced", 0 },
		{ GW6C_ROUTE, "::/0", "-6", "replace unreachable default",
		  "replaced", 0 },
		{ GW6C_ROUTE, "0.0.0.0/0", "-4", "replace blackhole default",
		  "replaced", 0 },
		{ GW6C_ROUTE, "0.0.0.0/0", "-4", "change default dev wan0",
		  "replaced", 0 },
		{ GW6C_REJECT, "2001:db8::/48", "-6",
		  "delete unreachable 2001:db8::/48", "removed", 0 },
		{ GW6C_REJECT, "192.0.2.0/24", "-4",
		  "delete unreachable 192.0.2.0/24", "removed", 0 },
		{ GW6C_REJECT, "2001:db8::/48", "-6",
		  "replace 2001:db8::/48 dev lan0", "replaced", 0 },
		{ GW6C_REJECT, "192.0.2.0/24", "-4",
		  "replace 192.0.2.0/24 dev lan0", "replaced", 0 },
	};
	char change[96], damage[64];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gw6c_step step =
			lab_step(cases[i].verb, cases[i].prefix);

		step.value = LAB_METRIC;
		lab_begin(true);
		CU_ASSERT_EQUAL(lab_do(&step), GW6C_OK);
		snprintf(change, sizeof(change), "%s route %s metric 2048",
			 cases[i].family, cases[i].change);
		IP(change);
		snprintf(damage, sizeof(damage), "a route of the tunnel was %s",
			 cases[i].damage);
		lab_settle();
		CU_ASSERT_PTR_NOT_NULL(strstr(lab_host.log, damage));
		CU_ASSERT_EQUAL(lab_host.damaged, 1);
		CU_ASSERT_EQUAL(lab_host.changed, 0);
		if (!lab_host.damaged)
			printf("\nno damage: %s\n", change);
		lab_end();
	}
}

/* A change may end what the damage is about: it is told first, and alone. */
static void damage_is_told_after_a_change(void)
{
	lab_begin(true);
	IP("link set gw6c0 down");
	IP("link set wan0 down");
	for (int i = 0; i < FAKE_WATCHES; i++)
		if (lab_host.watch[i].used && lab_host.watch[i].fd >= 0)
			fake_host_ready(&lab_host, lab_host.watch[i].fd,
					GW6C_READ);
	fake_host_pass(&lab_host, 200);
	CU_ASSERT_EQUAL(lab_host.changed, 1);
	CU_ASSERT_EQUAL(lab_host.damaged, 0);
	fake_host_pass(&lab_host, 200);
	CU_ASSERT_EQUAL(lab_host.changed, 1);
	CU_ASSERT_EQUAL(lab_host.damaged, 1);
	fake_host_pass(&lab_host, 1000);
	CU_ASSERT_EQUAL(lab_host.damaged, 1);
	lab_end();
}

/* Of an earlier header: it has no word for it. */
static void a_host_may_know_no_damage(void)
{
	lab_begin(true);
	lab_host.host.size = offsetof(struct gw6c_host, damaged);
	IP("link set gw6c0 down");
	HEARD(0, "");
	lab_end();
}

static void forwarding_that_is_switched_off_is_damage(void)
{
	struct gw6c_step six = { .verb = GW6C_FORWARD, .dst = { .family = 6 } };
	FILE *file;

	lab_begin(true);
	CU_ASSERT_EQUAL(lab_do(&six), GW6C_OK);
	HEARD(0, "");
	file = fopen("/proc/sys/net/ipv6/conf/all/forwarding", "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs("0", file);
	fclose(file);
	HEARD(0, "IPv6 forwarding was switched off");
	CU_ASSERT_EQUAL(lab_undo(&six), GW6C_OK);
	lab_end();
}

static int accept_ra(const char *dev)
{
	char path[80];
	FILE *file;
	int value = -1;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/accept_ra",
		 dev);
	file = fopen(path, "r");
	if (file && fscanf(file, "%d", &value) != 1)
		value = -1;
	if (file)
		fclose(file);
	return value;
}

/* A router takes advertisements of an uplink that comes later. */
static void an_interface_that_comes_is_an_uplink(void)
{
	struct gw6c_step six = { .verb = GW6C_FORWARD, .dst = { .family = 6 } };

	lab_begin(true);
	CU_ASSERT_EQUAL(lab_do(&six), GW6C_OK);
	IP("tuntap add late0 mode tap");
	CU_ASSERT_EQUAL(accept_ra("late0"), 1);
	HEARD(1, "");
	CU_ASSERT_EQUAL(accept_ra("late0"), 2);
	CU_ASSERT_EQUAL(accept_ra("gw6c0"), 0);
	CU_ASSERT_EQUAL(lab_undo(&six), GW6C_OK);
	CU_ASSERT_EQUAL(accept_ra("late0"), 1);
	IP("link delete late0");
	lab_end();
}

/* More events than the kernel keeps for us. */
static void flood(void)
{
	char path[] = "/tmp/linux_watch.XXXXXX", command[64];
	int fd = mkstemp(path);

	CU_ASSERT_TRUE_FATAL(fd >= 0);
	for (int i = 0; i < 4000; i++)
		dprintf(fd, "route %s 203.0.113.0/24 dev lan0\n",
			i % 2 ? "delete" : "add");
	close(fd);
	snprintf(command, sizeof(command), "-batch %s", path);
	CU_ASSERT_TRUE(lab_ip(command));
	unlink(path);
}

static void damage_among_lost_events_is_found(void)
{
	static const struct {
		const char *change, *damage;
	} cases[] = {
		{ "link set wan0 up", "" }, /* as it is */
		{ "-6 route delete default dev gw6c0",
		  "a route of the tunnel was removed" },
		/* "replaced", if the kernel kept all of them */
		{ "-6 route replace default dev lan0 metric 2048",
		  "a route of the tunnel was re" },
		{ "-6 route delete unreachable 2001:db8::/48",
		  "a route of the tunnel was removed" },
		{ "-6 route replace 2001:db8::/48 dev lan0 metric 2048",
		  "a route of the tunnel was re" },
		{ "link set gw6c0 down",
		  "the tunnel interface was taken down" },
		{ "link delete gw6c0", "the tunnel interface was deleted" },
		{ "address delete 2001:db8::1/64 dev x",
		  "an address of the network behind us was removed" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gw6c_step route = lab_step(GW6C_ROUTE, "::/0");
		struct gw6c_step reject =
			lab_step(GW6C_REJECT, "2001:db8::/48");
		struct gw6c_step lan = lab_step(GW6C_ADDR, "2001:db8::1/64");

		route.value = reject.value = LAB_METRIC;
		snprintf(lan.dev, sizeof(lan.dev), "x");
		lab_begin(true);
		CU_ASSERT_EQUAL(lab_do(&route), GW6C_OK);
		CU_ASSERT_EQUAL(lab_do(&reject), GW6C_OK);
		CU_ASSERT_EQUAL(lab_do(&lan), GW6C_OK);
		lab_settle();
		lab_host.changed = 0;
		flood();
		IP(cases[i].change);
		lab_settle();
		CU_ASSERT_EQUAL(lab_host.changed, 1);
		CU_ASSERT_EQUAL(lab_host.damaged, *cases[i].damage != 0);
		CU_ASSERT_PTR_NOT_NULL(strstr(lab_host.log, cases[i].damage));
		lab_host.damaged = 0;
		lab_settle(); /* once */
		CU_ASSERT_EQUAL(lab_host.damaged, 0);
		lab_end();
	}
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(changes_of_others_are_told),
		UNIT_TEST(a_flock_of_changes_is_told_once_it_has_settled),
		UNIT_TEST(routes_of_other_tables_are_looked_at),
		UNIT_TEST(a_clock_that_steps_is_a_change),
		UNIT_TEST(our_own_changes_are_no_news),
		UNIT_TEST(an_address_behind_us_that_goes_is_damage),
		UNIT_TEST(a_tunnel_that_is_down_is_damage),
		UNIT_TEST(a_tunnel_that_is_gone_is_damage),
		UNIT_TEST(an_address_of_the_tunnel_that_goes_is_damage),
		UNIT_TEST(routes_that_go_or_are_replaced_are_damage),
		UNIT_TEST(damage_is_told_after_a_change),
		UNIT_TEST(a_host_may_know_no_damage),
		UNIT_TEST(forwarding_that_is_switched_off_is_damage),
		UNIT_TEST(an_interface_that_comes_is_an_uplink),
		UNIT_TEST(damage_among_lost_events_is_found),
	};

	return lab_works() ? UNIT_RUN("linux_watch", tests) : LAB_SKIPPED;
}
