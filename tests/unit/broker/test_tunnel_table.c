/* test_tunnel_table.c - the tunnels as people see them. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "broker/program/tunnel_table.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <string.h>

#define COLUMNS 80

static char *printed;

static const char *print(const char *status)
{
	size_t len;
	FILE *file;

	free(printed);
	file = open_memstream(&printed, &len);
	tunnel_table_print(file, gw6c_text(status));
	fclose(file);
	return printed;
}

static size_t widest(const char *text)
{
	size_t most = 0;

	while (*text) {
		size_t len = strcspn(text, "\n");

		most = len > most ? len : most;
		text += len + (text[len] == '\n');
	}
	return most;
}

#define ANN                                                                    \
	"tunnel[] user=ann address=2001:db8:1000::2 outer=203.0.113.2 "        \
	"port=40000 prefix=- mode=v6udpv4 nat=yes up_s=11520 heard_s=3 "       \
	"in_packets=9 in_octets=12345678 out_packets=8 out_octets=999\n"
#define LONG "an-account-with-a-name-that-has-more-than-32-letters"

static void each_has_a_row_and_what_it_has(void)
{
	const char *text = print("tunnels 1\n" ANN "left_out 3\n");

	CU_ASSERT_STRING_EQUAL(
		text,
		"\n"
		"USER           FROM                  MODE              UP "
		"      IN      OUT\n"
		"ann            203.0.113.2:40000     v6udpv4   3 h 12 min "
		" 12.3 MB    999 B\n"
		"  has 2001:db8:1000::2; behind a NAT; silent 3 s\n");
}

static void a_prefix_is_told_and_no_port_is_none(void)
{
	const char *text =
		print("tunnel[] user=bob address=2001:db8::3 outer=192.0.2.9 "
		      "port=0 prefix=2001:db8:1800::/56 mode=v6v4 nat=no "
		      "up_s=1 heard_s=120 in_octets=0 out_octets=0\n");

	CU_ASSERT_PTR_NOT_NULL(strstr(text, "bob            192.0.2.9   "));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "  has 2001:db8::3; silent 2 min\n"
					    "  routes 2001:db8:1800::/56\n"));
}

static void what_is_long_stays_within_80_columns(void)
{
	static const char *const users[] = { "ann", "fourteen-lette",
					     "fifteen-letters", LONG };
	static const char *const outers[] = {
		"203.0.113.2", "255.255.255.255",
		"2001:1db8:1234:5678:9abc:def0:1234:5678"
	};
	char status[600];

	for (int i = 0; i < 12; i++) {
		const char *user = users[i / 3], *outer = outers[i % 3];

		snprintf(status, sizeof(status),
			 "tunnel[] user=%s "
			 "address=2001:1db8:1234:5678:9abc:def0:1234:5678 "
			 "outer=%s port=65535 "
			 "prefix=2001:1db8:1234:5678:9abc:def0:1234:5670/124 "
			 "mode=a-mode-of-somebody nat=yes up_s=172799 "
			 "heard_s=172799 in_octets=999900000 "
			 "out_octets=999900000\n",
			 user, outer);
		print(status);
		CU_ASSERT_TRUE(widest(printed) <= COLUMNS);
		CU_ASSERT_PTR_NOT_NULL(strstr(printed, outer));
		CU_ASSERT_PTR_NOT_NULL(strstr(printed, "47 h 59 min"));
	}
	CU_ASSERT_PTR_NOT_NULL(
		strstr(printed,
		       "an-account-with-a-name-that-h... "
		       "[2001:1db8:1234:5678:9abc:def0:1234:5678]:65535\n"
		       "                                     a-mode-of- "));
}

/* Of another version, maybe. */
static void what_is_not_there_is_left_empty(void)
{
	const char *text = print("tunnel[] mode=v6v4 user=bob\n");

	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "\nbob                                  v6v4     "
			     "        0 s      0 B      0 B\n"
			     "  has ; silent 0 s\n"));
}

static void without_tunnels_there_is_no_table(void)
{
	CU_ASSERT_STRING_EQUAL(print("tunnel[] \n"), "");
	CU_ASSERT_STRING_EQUAL(print("tunnels 0\ntunnel x\n"), "");
}

static void the_rest_is_left_as_it_is(void)
{
	char room[1000];
	struct gw6c_buf rest = GW6C_BUF(room);

	tunnel_table_rest(gw6c_text("tunnels 1\n" ANN ANN "left_out 3\n"),
			  &rest);
	CU_ASSERT_EQUAL(rest.len, 21);
	CU_ASSERT_EQUAL(memcmp(room, "tunnels 1\nleft_out 3\n", 21), 0);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(each_has_a_row_and_what_it_has),
		UNIT_TEST(a_prefix_is_told_and_no_port_is_none),
		UNIT_TEST(what_is_long_stays_within_80_columns),
		UNIT_TEST(what_is_not_there_is_left_empty),
		UNIT_TEST(without_tunnels_there_is_no_table),
		UNIT_TEST(the_rest_is_left_as_it_is),
	};
	int rc = UNIT_RUN("broker: tunnel table", tests);

	free(printed);
	return rc;
}
