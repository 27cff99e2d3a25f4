/* test_own_net.c - the networks of this machine. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/own_net.h"
#include "tests/unit/unit.h"
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>

/* What the system says, in the place of the library's. */
static struct ifaddrs all[6];
static struct sockaddr_in in[6];
static struct sockaddr_in6 in6[6];
static int n, freed;
static bool no_answer;

int getifaddrs(struct ifaddrs **out)
{
	*out = n ? all : NULL;
	return no_answer ? -1 : 0;
}

void freeifaddrs(struct ifaddrs *which)
{
	CU_ASSERT_PTR_EQUAL(which, n ? all : NULL);
	freed++;
}

static struct sockaddr *as4(int at, const char *text)
{
	in[at] = (struct sockaddr_in){ .sin_family = AF_INET };
	inet_pton(AF_INET, text, &in[at].sin_addr);
	return (struct sockaddr *)&in[at];
}

static struct sockaddr *as6(int at, const char *text)
{
	in6[at] = (struct sockaddr_in6){ .sin6_family = AF_INET6 };
	inet_pton(AF_INET6, text, &in6[at].sin6_addr);
	return (struct sockaddr *)&in6[at];
}

static void add(char *name, struct sockaddr *addr, struct sockaddr *mask)
{
	all[n] = (struct ifaddrs){ .ifa_name = name,
				   .ifa_addr = addr,
				   .ifa_netmask = mask };
	if (n)
		all[n - 1].ifa_next = &all[n];
	n++;
}

static char seen[400];
static int most; /* of calls */

static bool see(void *arg, const struct own_net *net)
{
	size_t used = strlen(seen);
	char text[GW6C_ADDR_TEXT];

	CU_ASSERT_PTR_EQUAL(arg, seen);
	snprintf(seen + used, sizeof(seen) - used, "%s %s;", net->dev,
		 gw6c_addr_text(&net->addr, text));
	return --most > 0;
}

static void each_address_comes_with_the_length_of_its_network(void)
{
	static struct sockaddr other = { .sa_family = AF_UNIX };
	static char lo[] = "lo", eth0[] = "eth0", tun[] = "tun";

	add(lo, &other, NULL);
	add(lo, as4(0, "127.0.0.1"), as4(1, "255.0.0.0"));
	add(eth0, as4(2, "192.0.2.9"), as4(3, "255.255.255.128"));
	add(eth0, as6(0, "2001:db8::9"), as6(1, "ffff:ffff:ffff:fffe::"));
	add(tun, as6(2, "2001:db8:1::2"), NULL);
	add(tun, NULL, NULL);
	most = 10;
	CU_ASSERT_TRUE(own_net_each(see, seen));
	CU_ASSERT_STRING_EQUAL(seen, "lo 127.0.0.1/8;eth0 192.0.2.9/25;"
				     "eth0 2001:db8::9/63;tun 2001:db8:1::2;");
	CU_ASSERT_EQUAL(freed, 1);
	seen[0] = 0;
	most = 2;
	CU_ASSERT_TRUE(own_net_each(see, seen));
	CU_ASSERT_STRING_EQUAL(seen, "lo 127.0.0.1/8;eth0 192.0.2.9/25;");
	CU_ASSERT_EQUAL(freed, 2);
	no_answer = true;
	seen[0] = 0;
	CU_ASSERT_FALSE(own_net_each(see, seen));
	CU_ASSERT_STRING_EQUAL(seen, "");
}

static void the_text_names_address_or_network(void)
{
	struct own_net net = { .dev = "eth0" };
	struct gw6c_addr prefix;
	char room[OWN_NET_TEXT];

	gw6c_addr_parse("192.0.2.9", &net.addr);
	net.addr.bits = 25;
	gw6c_addr_parse("192.0.2.9", &prefix);
	CU_ASSERT_STRING_EQUAL(own_net_text(&net, &prefix, room),
			       "192.0.2.9, the address of eth0");
	gw6c_addr_parse("192.0.2.10", &prefix);
	CU_ASSERT_STRING_EQUAL(own_net_text(&net, &prefix, room),
			       "192.0.2.0/25, the network of eth0");
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(each_address_comes_with_the_length_of_its_network),
		UNIT_TEST(the_text_names_address_or_network),
	};

	return UNIT_RUN("own_net", tests);
}
