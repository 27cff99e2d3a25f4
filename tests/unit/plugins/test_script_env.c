/* test_script_env.c - what template scripts are told, and what is remembered of
 * it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "plugins/os/script_env.h"
#include "tests/fake/fake_host.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct fake_host fake;
static struct script_env env;
static struct gw6c_lease lease;

static struct gw6c_addr addr(const char *text, uint8_t bits)
{
	struct gw6c_addr out = { 0 };

	gw6c_addr_parse(text, &out);
	out.bits = bits;
	return out;
}

static void make(void)
{
	struct gw6c_err err = { 0 };

	CU_ASSERT_EQUAL(script_env_make(&env, &fake.host, &lease, "tun7", &err),
			GW6C_OK);
}

static void begin(const char *mode)
{
	bool v4v6 = strcmp(mode, "v4v6") == 0;

	fake_host_init(&fake);
	fake_host_option(&fake, "path", "/opt/the script");
	fake_host_option(&fake, "home", "/opt/a home");
	lease = (struct gw6c_lease){ .size = sizeof(lease),
				     .mtu = 1400,
				     .metric = 7 };
	snprintf(lease.mode, sizeof(lease.mode), "%s", mode);
	lease.local = addr(v4v6 ? "2001:db8::7" : "192.0.2.7", 128);
	lease.remote = addr(v4v6 ? "2001:db8::9" : "192.0.2.9", 128);
	lease.inner = addr(v4v6 ? "10.0.0.7" : "2001:db8:1::7", 128);
	lease.peer = addr(v4v6 ? "10.0.0.9" : "2001:db8:1::9", 128);
	make();
}

/* The value of a variable, NULL if it is not set. */
static const char *told(const char *name)
{
	size_t len = strlen(name);

	for (int i = 0; i < env.n; i++)
		if (strncmp(env.var[i], name, len) == 0 &&
		    env.var[i][len] == '=')
			return env.var[i] + len + 1;
	return NULL;
}

static void check(const char *name, const char *want)
{
	const char *got = told(name);

	CU_ASSERT_PTR_NOT_NULL_FATAL(got);
	CU_ASSERT_STRING_EQUAL(got, want);
}

static void addresses_are_those_of_the_family_they_name(void)
{
	begin("v6v4");
	check("TSP_CLIENT_ADDRESS_IPV4", "192.0.2.7");
	check("TSP_CLIENT_ADDRESS_IPV6", "2001:db8:1::7");
	check("TSP_SERVER_ADDRESS_IPV4", "192.0.2.9");
	check("TSP_SERVER_ADDRESS_IPV6", "2001:db8:1::9");
	check("TSP_TUNNEL_PREFIXLEN", "128");
	begin("v4v6");
	check("TSP_CLIENT_ADDRESS_IPV4", "10.0.0.7");
	check("TSP_CLIENT_ADDRESS_IPV6", "2001:db8::7");
	check("TSP_SERVER_ADDRESS_IPV4", "10.0.0.9");
	check("TSP_SERVER_ADDRESS_IPV6", "2001:db8::9");
	check("TSP_TUNNEL_PREFIXLEN", "32");
	check("TSP_TUNNEL_MODE", "v4v6");
	check("TSP_HOME_DIR", "/opt/a home");
	check("TSP_TUNNEL_INTERFACE", "tun7");
	check("TSP_TUNNEL_MTU", "1400");
	check("TSP_ROUTE_METRIC", "7");
	check("TSP_DEFAULT_ROUTE", "no");
	check("TSP_HOME_INTERFACE", "");
}

/* Scripts write $TSP_PREFIX::1. */
static void a_prefix_has_the_groups_that_its_length_needs(void)
{
	static const struct {
		uint8_t bits;
		const char *text, *want, *length;
	} each[] = {
		{ 48, "2001:db8:a::", "2001:0db8:000a", "48" },
		{ 56, "2001:db8:a:f00::", "2001:0db8:000a:0f00", "56" },
		{ 60, "2001:db8:a:ff0::", "2001:0db8:000a:0ff0", "60" },
		{ 64, "2001:db8:a:b::", "2001:0db8:000a:000b", "64" },
		{ 32, "2001:db8::", "2001:0db8", "32" },
		{ 24, "203.0.113.0", "203.0.113.0", "24" },
	};

	for (size_t i = 0; i < sizeof(each) / sizeof(each[0]); i++) {
		begin("v6v4");
		lease.router = true;
		snprintf(lease.lans[0].dev, sizeof(lease.lans[0].dev), "eth1");
		lease.prefix = addr(each[i].text, each[i].bits);
		make();
		check("TSP_PREFIX", each[i].want);
		check("TSP_PREFIXLEN", each[i].length);
		check("TSP_HOST_TYPE", "router");
		check("TSP_HOME_INTERFACE", "eth1");
	}
}

/* Nor is anything left of an earlier tunnel. */
static void what_does_not_apply_is_not_set(void)
{
	begin("v6v4");
	snprintf(lease.name, sizeof(lease.name), "ann.example.org");
	lease.resolver[0] = addr("2001:db8::53", 128);
	lease.prefix = addr("2001:db8::", 48);
	make();
	check("TSP_CLIENT_DNS_NAME", "ann.example.org");
	check("TSP_CLIENT_DNS_ADDRESS_IPV6", "2001:db8::53");
	begin("v6v4");
	CU_ASSERT_PTR_NULL(told("TSP_CLIENT_DNS_NAME"));
	CU_ASSERT_PTR_NULL(told("TSP_CLIENT_DNS_ADDRESS_IPV6"));
	CU_ASSERT_PTR_NULL(told("TSP_PREFIX"));
	CU_ASSERT_PTR_NULL(told("TSP_PREFIXLEN"));
	CU_ASSERT_PTR_NULL(env.var[env.n]);
}

static char path[] = "/tmp/gw6c-test-env-XXXXXX";

static void what_was_told_is_remembered(void)
{
	static struct script_env again;
	struct gw6c_err err = { 0 };

	close(mkstemp(path));
	begin("v6udpv4");
	CU_ASSERT_EQUAL(script_env_write(&env, path, &err), GW6C_OK);
	CU_ASSERT_TRUE(script_env_read(&again, path));
	CU_ASSERT_STRING_EQUAL(again.path, "/opt/the script");
	CU_ASSERT_EQUAL_FATAL(again.n, env.n);
	CU_ASSERT_STRING_EQUAL(again.var[0],
			       "TSP_OPERATION=TSP_TUNNEL_TEARDOWN");
	for (int i = 1; i < env.n; i++)
		CU_ASSERT_STRING_EQUAL(again.var[i], env.var[i]);
	unlink(path);
	CU_ASSERT_FALSE(script_env_read(&again, path));
	CU_ASSERT_EQUAL(again.n, 0);
}

/* By a crash while it was written: it is not followed. */
static void a_cut_memory_is_none(void)
{
	static struct script_env again;
	struct gw6c_err err = { 0 };
	char text[4096];
	FILE *file;
	size_t len;

	begin("v6udpv4");
	CU_ASSERT_EQUAL(script_env_write(&env, path, &err), GW6C_OK);
	file = fopen(path, "r");
	len = fread(text, 1, sizeof(text), file);
	fclose(file);
	for (size_t i = 0; i < len; i++) {
		CU_ASSERT_EQUAL(truncate(path, (off_t)(len - 1 - i)), 0);
		CU_ASSERT_FALSE(script_env_read(&again, path));
		CU_ASSERT_EQUAL(again.n, 0);
	}
	unlink(path);
	CU_ASSERT_EQUAL(script_env_write(&env, "/nonexistent/x", &err),
			GW6C_EOS);
}

/* It names a program that is run with our rights. */
static void what_others_could_have_written_is_no_memory(void)
{
	static const mode_t theirs[] = { 0602, 0620, 0622 };
	static struct script_env again;
	struct gw6c_err err = { 0 };
	char other[sizeof(path) + 8];

	begin("v6udpv4");
	snprintf(other, sizeof(other), "%s.other", path);
	CU_ASSERT_EQUAL(script_env_write(&env, path, &err), GW6C_OK);
	CU_ASSERT_TRUE(script_env_read(&again, path));
	for (int i = 0; i < 3; i++) {
		CU_ASSERT_EQUAL(chmod(path, theirs[i]), 0);
		CU_ASSERT_FALSE(script_env_read(&again, path));
		CU_ASSERT_EQUAL(again.n, 0);
	}
	CU_ASSERT_EQUAL(chmod(path, 0644), 0);
	CU_ASSERT_TRUE(script_env_read(&again, path));
	CU_ASSERT_EQUAL(link(path, other), 0);
	CU_ASSERT_FALSE(script_env_read(&again, path));
	CU_ASSERT_EQUAL(unlink(path), 0);
	CU_ASSERT_EQUAL(symlink(other, path), 0);
	CU_ASSERT_FALSE(script_env_read(&again, path));
	CU_ASSERT_TRUE(script_env_read(&again, other));
	if (geteuid() == 0) {
		CU_ASSERT_EQUAL(chown(other, 4711, 0), 0);
		CU_ASSERT_FALSE(script_env_read(&again, other));
	}
	CU_ASSERT_EQUAL(unlink(path), 0);
	CU_ASSERT_EQUAL(mkfifo(path, 0600), 0);
	CU_ASSERT_FALSE(script_env_read(&again, path)); /* nor waited for */
	unlink(path);
	unlink(other);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(addresses_are_those_of_the_family_they_name),
		UNIT_TEST(a_prefix_has_the_groups_that_its_length_needs),
		UNIT_TEST(what_does_not_apply_is_not_set),
		UNIT_TEST(what_was_told_is_remembered),
		UNIT_TEST(a_cut_memory_is_none),
		UNIT_TEST(what_others_could_have_written_is_no_memory),
	};

	return UNIT_RUN("script_env", tests);
}
