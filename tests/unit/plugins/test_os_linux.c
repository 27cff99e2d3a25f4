/* test_os_linux.c - what the Linux backend needs, and what it is asked besides
 * steps. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux_lab.h"
#include <errno.h>
#include <linux/capability.h>
#include <net/if.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Keep these capabilities only. */
static bool keep(uint32_t mask)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct data[2] = { { .effective = mask,
						    .permitted = mask } };

	return syscall(SYS_capset, &header, data) == 0;
}

/* In a process of its own: what check() says to one with these. */
static bool says(uint32_t mask, int rc, const char *text)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		struct gw6c_err err = { 0 };

		if (!keep(mask) || lab_ops()->check(lab_self(), &err) != rc)
			_exit(1);
		_exit(strcmp(err.text, text) == 0 ? 0 : 2);
	}
	return waitpid(pid, &status, 0) == pid && status == 0;
}

static void rights_are_asked_for(void)
{
	struct gw6c_err err = { 0 };
	uint32_t admin = 1u << CAP_NET_ADMIN, raw = 1u << CAP_NET_RAW;

	lab_begin(false);
	CU_ASSERT_EQUAL(lab_ops()->check(lab_self(), &err), GW6C_OK);
	CU_ASSERT_TRUE(says(admin | raw, GW6C_OK, ""));
	CU_ASSERT_TRUE(says(raw, GW6C_EOS,
			    "not allowed to set up interfaces: run as root, or "
			    "give the process CAP_NET_ADMIN and CAP_NET_RAW"));
	CU_ASSERT_TRUE(says(admin, GW6C_EOS,
			    "not allowed to send keepalives: run as root, or "
			    "give the process CAP_NET_RAW, too"));
	lab_end();
}

static void a_socket_is_bound_to_the_tunnel(void)
{
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char dev[IF_NAMESIZE] = "";
	socklen_t len = sizeof(dev);
	struct gw6c_err err = { 0 };

	lab_begin(true);
	close(fd);
	fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	CU_ASSERT_EQUAL(lab_ops()->bind(lab_self(), fd, "none0", &err),
			GW6C_EOS);
	CU_ASSERT_STRING_EQUAL(err.text, "binding to none0: No such device");
	CU_ASSERT_EQUAL(lab_ops()->bind(lab_self(), fd, "gw6c0", &err),
			GW6C_OK);
	CU_ASSERT_EQUAL(getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, dev, &len),
			0);
	CU_ASSERT_STRING_EQUAL(dev, "gw6c0");
	close(fd);
	lab_end();
}

static void steps_that_nobody_knows_are_refused(void)
{
	static const uint16_t verbs[] = { 0, GW6C_KEEP + 1, 99, UINT16_MAX };
	char text[64];

	lab_begin(false);
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		struct gw6c_step step = { .verb = verbs[i] };

		CU_ASSERT_EQUAL(lab_do(&step), GW6C_EOS);
		snprintf(text, sizeof(text),
			 "step %u is not supported on Linux", verbs[i]);
		CU_ASSERT_STRING_EQUAL(lab_err.text, text);
	}
	lab_end();
}

static uint64_t received(const char *dev)
{
	uint64_t packets = UINT64_MAX;

	return lab_ops()->received(lab_self(), dev, &packets) ? packets
							      : UINT64_MAX;
}

static void packets_that_come_are_counted(void)
{
	static const uint8_t packet[40] = { 0x60 };

	lab_begin(true);
	CU_ASSERT_EQUAL(received("gw6c0"), 0);
	for (int i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(write(lab_plan.fd, packet, sizeof(packet)), 40);
	CU_ASSERT_EQUAL(received("gw6c0"), 3);
	CU_ASSERT_EQUAL(received("lan0"), 0);
	CU_ASSERT_EQUAL(received("gw6c"), UINT64_MAX);
	CU_ASSERT_EQUAL(received("none0"), UINT64_MAX);
	lab_end();
}

/* Without descriptors, it says so, and leaves none. */
static void an_open_that_fails_leaves_nothing(void)
{
	struct gw6c_err err = { 0 };
	int fds[1024], n = 0, before;
	void *other = NULL;

	lab_begin(false);
	before = dup(0);
	close(before);
	while (n < 1024 && (fds[n] = dup(0)) >= 0)
		n++;
	for (int freed = 0; freed < 2 && n > 2; freed++) {
		CU_ASSERT_EQUAL(lab_ops()->open(&lab_host.host, &other, &err),
				GW6C_EOS);
		CU_ASSERT_STRING_EQUAL(err.text,
				       "rtnetlink: Too many open files");
		CU_ASSERT_PTR_NULL(other);
		close(fds[--n]); /* the next one has one more */
	}
	while (n > 0)
		close(fds[--n]);
	n = dup(0);
	CU_ASSERT_EQUAL(n, before);
	close(n);
	lab_end();
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(rights_are_asked_for),
		UNIT_TEST(a_socket_is_bound_to_the_tunnel),
		UNIT_TEST(steps_that_nobody_knows_are_refused),
		UNIT_TEST(packets_that_come_are_counted),
		UNIT_TEST(an_open_that_fails_leaves_nothing),
	};
	struct rlimit few = { .rlim_cur = 64, .rlim_max = 64 };

	setrlimit(RLIMIT_NOFILE, &few);
	return lab_works() ? UNIT_RUN("os_linux", tests) : LAB_SKIPPED;
}
