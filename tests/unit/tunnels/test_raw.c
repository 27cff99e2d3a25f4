/* test_raw.c - which socket carries the packets of a tunnel that the kernel
 * does not move, and what the pump is given. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/unit.h"
#include "tunnels/pump.h"
#include "tunnels/raw.h"
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define TUN 9

extern const struct gw6c_plugin tunnel_v6udpv4_LTX_gw6c_plugin;

/* --- sockets -------------------------------------------------------------- */

static struct {
	int fd, family, type, protocol; /* as asked for; fd -1: refused */
	struct sockaddr_storage local, remote;
	socklen_t local_len, remote_len;
	int ttl, hops, discover, discover6; /* -1: not set */
	bool no_bind, no_connect;
	int closed;
} net;

int socket(int family, int type, int protocol)
{
	net.family = family;
	net.type = type;
	net.protocol = protocol;
	errno = EPERM;
	return net.fd;
}

int bind(int fd, const struct sockaddr *addr, socklen_t len)
{
	CU_ASSERT_EQUAL(fd, net.fd);
	memcpy(&net.local, addr, len);
	net.local_len = len;
	errno = EADDRNOTAVAIL;
	return net.no_bind ? -1 : 0;
}

int connect(int fd, const struct sockaddr *addr, socklen_t len)
{
	CU_ASSERT_EQUAL(fd, net.fd);
	memcpy(&net.remote, addr, len);
	net.remote_len = len;
	errno = ENETUNREACH;
	return net.no_connect ? -1 : 0;
}

int setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
	int number = *(const int *)value;

	CU_ASSERT_EQUAL(fd, net.fd);
	CU_ASSERT_EQUAL(len, sizeof(number));
	if (level == IPPROTO_IP && name == IP_TTL)
		net.ttl = number;
	if (level == IPPROTO_IPV6 && name == IPV6_UNICAST_HOPS)
		net.hops = number;
#ifdef IP_MTU_DISCOVER
	if (level == IPPROTO_IP && name == IP_MTU_DISCOVER)
		net.discover = number;
	if (level == IPPROTO_IPV6 && name == IPV6_MTU_DISCOVER)
		net.discover6 = number;
#endif
	return 0;
}

int close(int fd)
{
	CU_ASSERT_EQUAL(fd, net.fd);
	net.closed++;
	return 0;
}

/* --- the pump ------------------------------------------------------------- */

static struct {
	struct pump_ends ends;
	struct pump_rules rules;
	int opened, closed, rc;
} pumped;
static char a_pump;

int pump_open(const struct gw6c_host *host, const struct pump_ends *ends,
	      const struct pump_rules *rules, struct pump **out,
	      struct gw6c_err *err)
{
	(void)host;
	pumped.ends = *ends;
	pumped.rules = *rules;
	pumped.opened++;
	if (pumped.rc)
		return gw6c_fail(err, pumped.rc, "out of memory");
	*out = (struct pump *)&a_pump;
	return GW6C_OK;
}

void pump_close(struct pump *pump)
{
	pumped.closed += pump == (struct pump *)&a_pump;
}

void pump_count(struct pump *pump, struct gw6c_counters *out)
{
	CU_ASSERT_PTR_EQUAL(pump, &a_pump);
	out->in_packets = 77;
}

/* --- tests ---------------------------------------------------------------- */

static struct gw6c_plan plan;
static struct gw6c_err err;
static void *self;

static void begin(int fd)
{
	memset(&net, 0, sizeof(net));
	memset(&pumped, 0, sizeof(pumped));
	net.fd = fd;
	net.ttl = net.hops = net.discover = net.discover6 = -1;
	plan = (struct gw6c_plan){ .size = sizeof(plan), .fd = TUN };
	err = (struct gw6c_err){ 0 };
	self = NULL;
}

static struct gw6c_lease lease_of(int inner)
{
	struct gw6c_lease lease = { .size = sizeof(lease), .mtu = 1400 };
	bool six = inner == 6;

	gw6c_addr_parse(six ? "192.0.2.7" : "2001:db8:6::7", &lease.local);
	gw6c_addr_parse(six ? "198.51.100.2" : "2001:db8:a::2", &lease.remote);
	gw6c_addr_parse(six ? "2001:db8:1::2" : "10.9.0.2", &lease.inner);
	gw6c_addr_parse(six ? "2001:db8:aa::" : "10.8.0.0", &lease.prefix);
	return lease;
}

static void ipv6_goes_by_protocol_41(void)
{
	struct gw6c_lease lease = lease_of(6);
	const struct sockaddr_in *local = (struct sockaddr_in *)&net.local;
	const struct sockaddr_in *remote = (struct sockaddr_in *)&net.remote;

	begin(5);
	CU_ASSERT_EQUAL_FATAL(raw_open(NULL, &lease, &plan, -1, &self, &err),
			      GW6C_OK);
	CU_ASSERT_EQUAL(net.family, AF_INET);
	CU_ASSERT_EQUAL(net.protocol, 41);
	CU_ASSERT_EQUAL(net.type, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK);
	CU_ASSERT_EQUAL(local->sin_family, AF_INET);
	CU_ASSERT_EQUAL(net.local_len, sizeof(*local));
	CU_ASSERT_EQUAL(memcmp(&local->sin_addr, lease.local.octets, 4), 0);
	CU_ASSERT_EQUAL(local->sin_port, 0);
	CU_ASSERT_EQUAL(net.remote_len, sizeof(*remote));
	CU_ASSERT_EQUAL(memcmp(&remote->sin_addr, lease.remote.octets, 4), 0);
	CU_ASSERT_EQUAL(net.ttl, 64);
	CU_ASSERT_EQUAL(net.hops, -1);
#ifdef IP_MTU_DISCOVER
	CU_ASSERT_EQUAL(net.discover, IP_PMTUDISC_DONT);
	CU_ASSERT_EQUAL(net.discover6, -1);
#endif
	CU_ASSERT_EQUAL(pumped.ends.tun, TUN);
	CU_ASSERT_EQUAL(pumped.ends.sock, 5);
	CU_ASSERT_EQUAL(pumped.ends.outer, PUMP_RAW4);
	CU_ASSERT_EQUAL(pumped.ends.mtu, 1400);
	CU_ASSERT_EQUAL(memcmp(&pumped.rules.inner, &lease.inner,
			       sizeof(lease.inner)),
			0);
	CU_ASSERT_EQUAL(memcmp(&pumped.rules.prefix, &lease.prefix,
			       sizeof(lease.prefix)),
			0);
	raw_close(self);
	CU_ASSERT_EQUAL(net.closed, 1);
	CU_ASSERT_EQUAL(pumped.closed, 1);
}

static void ipv4_goes_by_protocol_4(void)
{
	struct gw6c_lease lease = lease_of(4);
	const struct sockaddr_in6 *local = (struct sockaddr_in6 *)&net.local;
	const struct sockaddr_in6 *remote = (struct sockaddr_in6 *)&net.remote;
	struct gw6c_counters count = { .size = sizeof(count) };

	begin(0); /* a descriptor like any other */
	CU_ASSERT_EQUAL_FATAL(raw_open(NULL, &lease, &plan, 3, &self, &err),
			      GW6C_OK);
	CU_ASSERT_EQUAL(net.family, AF_INET6);
	CU_ASSERT_EQUAL(net.protocol, 4);
	CU_ASSERT_EQUAL(local->sin6_family, AF_INET6);
	CU_ASSERT_EQUAL(net.local_len, sizeof(*local));
	CU_ASSERT_EQUAL(memcmp(&local->sin6_addr, lease.local.octets, 16), 0);
	CU_ASSERT_EQUAL(local->sin6_scope_id, 0);
	CU_ASSERT_EQUAL(memcmp(&remote->sin6_addr, lease.remote.octets, 16), 0);
	CU_ASSERT_EQUAL(net.ttl, -1);
	CU_ASSERT_EQUAL(net.hops, 64);
#ifdef IP_MTU_DISCOVER
	CU_ASSERT_EQUAL(net.discover, -1);
	CU_ASSERT_EQUAL(net.discover6, IPV6_PMTUDISC_DONT);
#endif
	CU_ASSERT_EQUAL(pumped.ends.outer, PUMP_RAW6);
	raw_count(self, &count);
	CU_ASSERT_EQUAL(count.in_packets, 77);
	raw_close(self);
	CU_ASSERT_EQUAL(net.closed, 1);
}

static void what_fails_is_told_and_leaves_nothing(void)
{
	static const struct {
		int fd;
		bool no_bind, no_connect;
		int pump, closed;
		const char *text;
	} cases[] = {
		{ -1, false, false, 0, 0,
		  "no raw socket for IP protocol 41: Operation not permitted; "
		  "run as root, or with CAP_NET_RAW" },
		{ 5, true, false, 0, 1,
		  "the outer path to 198.51.100.2 cannot be used: Cannot "
		  "assign requested address" },
		{ 5, false, true, 0, 1,
		  "the outer path to 198.51.100.2 cannot be used: Network is "
		  "unreachable" },
		{ 5, false, false, GW6C_EOS, 1, "out of memory" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gw6c_lease lease = lease_of(6);

		begin(cases[i].fd);
		net.no_bind = cases[i].no_bind;
		net.no_connect = cases[i].no_connect;
		pumped.rc = cases[i].pump;
		CU_ASSERT_EQUAL(raw_open(NULL, &lease, &plan, -1, &self, &err),
				GW6C_EOS);
		CU_ASSERT_STRING_EQUAL(err.text, cases[i].text);
		CU_ASSERT_PTR_NULL(self);
		CU_ASSERT_EQUAL(net.closed, cases[i].closed);
		CU_ASSERT_EQUAL(pumped.opened, cases[i].pump != 0);
	}
}

/* In UDP it is the socket of the session. */
static void udp_goes_by_the_socket_of_the_session(void)
{
	const struct gw6c_tunnel_ops *ops =
		tunnel_v6udpv4_LTX_gw6c_plugin.tunnel;
	struct gw6c_lease lease = lease_of(6);
	static const struct {
		int tun, sock, rc;
	} cases[] = {
		{ 0, 0, GW6C_OK },
		{ TUN, 7, GW6C_OK },
		{ -1, 7, GW6C_EOS },
		{ TUN, -1, GW6C_EOS },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gw6c_counters count = { .size = sizeof(count) };

		begin(5);
		plan.fd = cases[i].tun;
		CU_ASSERT_EQUAL(ops->open(NULL, &lease, &plan, cases[i].sock,
					  &self, &err),
				cases[i].rc);
		CU_ASSERT_EQUAL(pumped.opened, !cases[i].rc);
		if (cases[i].rc) {
			CU_ASSERT_STRING_EQUAL(err.text,
					       "this system has no packet "
					       "device; set another "
					       "tunnel_mode");
			continue;
		}
		CU_ASSERT_EQUAL(pumped.ends.tun, cases[i].tun);
		CU_ASSERT_EQUAL(pumped.ends.sock, cases[i].sock);
		CU_ASSERT_EQUAL(pumped.ends.outer, PUMP_UDP);
		CU_ASSERT_EQUAL(pumped.ends.mtu, 1400);
		ops->count(self, &count);
		CU_ASSERT_EQUAL(count.in_packets, 77);
		ops->close(self);
		CU_ASSERT_EQUAL(pumped.closed, 1);
		CU_ASSERT_EQUAL(net.closed, 0); /* the session's */
	}
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(ipv6_goes_by_protocol_41),
		UNIT_TEST(ipv4_goes_by_protocol_4),
		UNIT_TEST(what_fails_is_told_and_leaves_nothing),
		UNIT_TEST(udp_goes_by_the_socket_of_the_session),
	};

	return UNIT_RUN("raw", tests);
}
