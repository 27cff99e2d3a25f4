/* test_networks.c - the file of networks that drop something, whatever is in
 * it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/client/networks.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char dir[] = "/tmp/gw6c-test-networks.XXXXXX";
static char path[128];
static struct network got[NETWORKS_MAX];

static int count(const char *text)
{
	struct gw6c_err err = { 0 };
	FILE *file = fopen(path, "w");

	fputs(text, file);
	fclose(file);
	return networks_read(path, got, &err);
}

static void what_is_written_is_read(void)
{
	struct network in[2] = { { .asked = "v6anyv4",
				   .mode = "v6udpv4",
				   .until_s = 1700000000 },
				 { .asked = "a", .mode = "b", .until_s = 0 } };
	struct gw6c_err err = { 0 };

	unlink(path);
	CU_ASSERT_EQUAL(networks_read(path, got, &err), 0);
	CU_ASSERT_EQUAL(err.rc, GW6C_OK);
	gw6c_addr_parse("192.168.1.2", &in[0].local);
	gw6c_addr_parse("2001:db8::1", &in[1].local);
	CU_ASSERT_EQUAL(networks_write(path, in, 2, &err), GW6C_OK);
	CU_ASSERT_EQUAL(networks_read(path, got, &err), 2);
	CU_ASSERT_EQUAL(memcmp(got, in, sizeof(in)), 0);
}

static void other_lines_are_skipped(void)
{
	CU_ASSERT_EQUAL(count("\n# mine\n192.0.2.1 a b\n192.0.2.1 a b x\n"
			      "192.0.2.1 a b 1 2\nhost a b 1\n"
			      "192.0.2.1 0123456789abcdef b 1\n"
			      "192.0.2.1 a b 7\n"),
			1);
	CU_ASSERT_EQUAL(got[0].until_s, 7);
}

static void no_more_than_there_is_room_for(void)
{
	char text[2000] = "";

	for (int i = 0; i < 40; i++)
		strcat(text, "192.0.2.1 a b 7\n");
	CU_ASSERT_EQUAL(count(text), NETWORKS_MAX);
}

static void a_link_is_not_followed(void)
{
	struct gw6c_err err = { 0 };

	unlink(path);
	CU_ASSERT_EQUAL(symlink("/etc/hosts", path), 0);
	CU_ASSERT_EQUAL(networks_read(path, got, &err), 0);
	CU_ASSERT_EQUAL(err.rc, GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, path));
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(what_is_written_is_read),
		UNIT_TEST(other_lines_are_skipped),
		UNIT_TEST(no_more_than_there_is_room_for),
		UNIT_TEST(a_link_is_not_followed),
	};
	int rc;

	if (!mkdtemp(dir))
		return 1;
	snprintf(path, sizeof(path), "%s/networks", dir);
	rc = UNIT_RUN("networks", tests);
	unlink(path);
	rmdir(dir);
	return rc;
}
