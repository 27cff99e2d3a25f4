/* test_listener.c - sockets that listen at an address of this machine. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/listener.h"
#include "core/base/sockaddr.h"
#include "tests/unit/unit.h"
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static struct gw6c_err err;

static int open_at(const char *text, uint16_t port)
{
	struct gw6c_addr addr;

	CU_ASSERT_TRUE_FATAL(gw6c_addr_parse(text, &addr));
	err = (struct gw6c_err){ 0 };
	return listener_open(&addr, port, &err);
}

static uint16_t port_of(int fd)
{
	struct sockaddr_storage at = { .ss_family = 0 };
	socklen_t len = sizeof(at);
	struct gw6c_addr addr;
	uint16_t port = 0;

	CU_ASSERT_EQUAL(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	CU_ASSERT_TRUE(sockaddr_get(&at, &addr, &port));
	return port;
}

/* Connect to it over loopback. */
static int call(const char *text, uint16_t port)
{
	struct sockaddr_storage at;
	struct gw6c_addr addr;
	socklen_t len;
	int fd;

	CU_ASSERT_TRUE_FATAL(gw6c_addr_parse(text, &addr));
	len = sockaddr_put(&addr, port, &at);
	fd = socket(at.ss_family, SOCK_STREAM, 0);
	CU_ASSERT_EQUAL(connect(fd, (struct sockaddr *)&at, len), 0);
	return fd;
}

static void it_listens_there(void)
{
	int fd = open_at("127.0.0.1", 0), caller, answer;
	char text[4] = "";

	CU_ASSERT_TRUE_FATAL(fd >= 0);
	CU_ASSERT_TRUE(fcntl(fd, F_GETFL) & O_NONBLOCK);
	CU_ASSERT_TRUE(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	CU_ASSERT_EQUAL(accept(fd, NULL, NULL), -1);
	caller = call("127.0.0.1", port_of(fd));
	answer = accept(fd, NULL, NULL);
	CU_ASSERT_TRUE_FATAL(answer >= 0);
	CU_ASSERT_EQUAL(write(answer, "hi", 2), 2);
	CU_ASSERT_EQUAL(read(caller, text, 2), 2);
	CU_ASSERT_STRING_EQUAL(text, "hi");
	close(answer);
	close(caller);
	close(fd);
}

/* Any address of one family leaves the other alone. */
static void families_do_not_mix(void)
{
	int six = open_at("::", 0), four, caller;

	CU_ASSERT_TRUE_FATAL(six >= 0);
	four = open_at("0.0.0.0", port_of(six));
	CU_ASSERT_TRUE_FATAL(four >= 0);
	CU_ASSERT_EQUAL(port_of(four), port_of(six));
	caller = call("127.0.0.1", port_of(six));
	CU_ASSERT_EQUAL(accept(six, NULL, NULL), -1);
	close(caller);
	close(four);
	close(six);
}

/* The dead connections of a run before do not keep its port. */
static void a_port_can_be_had_again_at_once(void)
{
	int fd = open_at("127.0.0.1", 0), caller, answer;
	uint16_t port = port_of(fd);
	char octet;

	caller = call("127.0.0.1", port);
	answer = accept(fd, NULL, NULL);
	shutdown(answer, SHUT_WR);
	CU_ASSERT_EQUAL(read(caller, &octet, 1), 0);
	close(caller);
	CU_ASSERT_EQUAL(read(answer, &octet, 1), 0);
	close(answer);
	close(fd);
	fd = open_at("127.0.0.1", port);
	CU_ASSERT_TRUE(fd >= 0);
	close(fd);
}

static void what_cannot_be_is_explained(void)
{
	int fd = open_at("127.0.0.1", 0);
	const struct gw6c_addr none = { .family = 0 };
	char want[256];

	CU_ASSERT_TRUE(open_at("127.0.0.1", port_of(fd)) < 0);
	CU_ASSERT_EQUAL(err.rc, GW6C_EOS);
	snprintf(want, sizeof(want),
		 "cannot listen at 127.0.0.1:%u: another program has that "
		 "port, and the system does not say which; stop it (ss -ltnp "
		 "shows it), or set another port",
		 port_of(fd));
	CU_ASSERT_STRING_EQUAL(err.text, want);
	CU_ASSERT_TRUE(open_at("2001:db8::1", 4080) < 0);
	CU_ASSERT_STRING_EQUAL(err.text,
			       "cannot listen at [2001:db8::1]:4080: this "
			       "machine does not have that address");
	CU_ASSERT_TRUE(open_at("fe80::1", 80) < 0);
	CU_ASSERT_STRING_EQUAL(err.text,
			       "cannot listen at [fe80::1]:80: a link-local "
			       "address is not unique to one interface; set "
			       "another address of this machine");
	CU_ASSERT_TRUE(listener_open(&none, 80, &err) < 0);
	CU_ASSERT_EQUAL(err.rc, GW6C_EBUG);
	close(fd);
}

/* Where that takes a right, and in a process that has none. */
static void low_ports_take_a_right(void)
{
	FILE *file =
		fopen("/proc/sys/net/ipv4/ip_unprivileged_port_start", "r");
	int first = 0, status = -1;
	pid_t pid;

	if (file && fscanf(file, "%d", &first) != 1)
		first = 0;
	if (file)
		fclose(file);
	if (first <= 79)
		return;
	pid = fork();
	if (pid == 0) {
		if (geteuid() == 0 &&
		    (setgroups(0, NULL) || setgid(65534) || setuid(65534)))
			_exit(9);
		if (open_at("127.0.0.1", 79) >= 0)
			_exit(1);
		_exit(strcmp(err.text,
			     "cannot listen at 127.0.0.1:79: not allowed to "
			     "use a port below 1024; start this program as "
			     "root, give it CAP_NET_BIND_SERVICE, or set "
			     "another port") != 0);
	}
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT_EQUAL(status, 0);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(it_listens_there),
		UNIT_TEST(families_do_not_mix),
		UNIT_TEST(a_port_can_be_had_again_at_once),
		UNIT_TEST(what_cannot_be_is_explained),
		UNIT_TEST(low_ports_take_a_right),
	};

	return UNIT_RUN("listener", tests);
}
