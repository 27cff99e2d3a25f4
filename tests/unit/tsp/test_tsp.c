/* test_tsp.c - lines, servers and XML of TSP, against the vectors and
 * against everything that may be wrong with them. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/tsp/tsp.h"
#include "tests/data/tsp_vectors.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void servers_are_parsed_strictly(void)
{
	for (size_t i = 0; i < COUNT(server_vectors); i++) {
		struct server_addr server;
		struct gw6c_err err = { 0 };
		int rc = server_addr_parse(server_vectors[i].in, &server, &err);

		if (!server_vectors[i].port) {
			CU_ASSERT_EQUAL(rc, GW6C_ECONFIG);
			continue;
		}
		CU_ASSERT_EQUAL(rc, GW6C_OK);
		CU_ASSERT_STRING_EQUAL(server.host, server_vectors[i].host);
		CU_ASSERT_EQUAL(server.port, server_vectors[i].port);
	}
}

static void odd_servers_are_refused_and_old_ones_taken(void)
{
	static const char *const bad[] = {
		"",
		":3653",
		"[2001:db8::1",
		"[192.0.2.1]",
		"a b",
		"host:",
		"[]",
		"[::1]x",
		"host:-1",
		"host:1:2",
		"host/evil",
		"198.51.100.300",
		"198.51.100",
		"198.51.100.3.:4000",
		"1234",
	};
	struct server_addr server;
	struct gw6c_err err;

	for (size_t i = 0; i < COUNT(bad); i++)
		CU_ASSERT_EQUAL(server_addr_parse(bad[i], &server, &err),
				GW6C_ECONFIG);
	CU_ASSERT_EQUAL(server_addr_parse("2001:db8::9", &server, &err),
			GW6C_OK);
	CU_ASSERT_EQUAL(server.literal.family, 6);
	CU_ASSERT_EQUAL(server_addr_parse("name : 4000", &server, &err),
			GW6C_OK);
	CU_ASSERT_EQUAL(server.port, 4000);
	CU_ASSERT_STRING_EQUAL(server.host, "name");
	CU_ASSERT_EQUAL(server_addr_parse("198.51.100.3", &server, &err),
			GW6C_OK);
	CU_ASSERT_EQUAL(server.literal.family, 4);
	CU_ASSERT_EQUAL(server_addr_parse("1.2.3.a", &server, &err), GW6C_OK);
	CU_ASSERT_EQUAL(server.literal.family, 0);
}

static void a_server_is_written_as_it_is_read(void)
{
	static const char *const texts[] = { "name", "name:1", "192.0.2.1:9",
					     "[2001:db8::1]",
					     "[2001:db8::1]:5" };

	for (size_t i = 0; i < COUNT(texts); i++) {
		struct server_addr server;
		struct gw6c_err err;
		char room[300] = "";
		struct gw6c_buf out = GW6C_BUF(room);

		CU_ASSERT_EQUAL(server_addr_parse(texts[i], &server, &err), 0);
		server_addr_put(&out, &server);
		room[out.len] = 0;
		CU_ASSERT_STRING_EQUAL(room, texts[i]);
	}
}

static void status_lines_are_told_from_other_text(void)
{
	struct gw6c_bytes text;

	for (size_t i = 0; i < COUNT(status_vectors); i++)
		CU_ASSERT_EQUAL(tsp_status(gw6c_text(status_vectors[i].in),
					   NULL),
				status_vectors[i].code);
	CU_ASSERT_EQUAL(tsp_status(gw6c_text("200"), NULL), 200);
	CU_ASSERT_EQUAL(tsp_status(gw6c_text("200x"), NULL), 0);
	CU_ASSERT_EQUAL(tsp_status(gw6c_text("20 x"), NULL), 0);
	CU_ASSERT_EQUAL(tsp_status(GW6C_NOTHING, NULL), 0);
	CU_ASSERT_EQUAL(tsp_status(gw6c_text("200"), &text), 200);
	CU_ASSERT_EQUAL(text.len, 0);
	CU_ASSERT_EQUAL(tsp_status(gw6c_text("200 \r\nmore"), &text), 200);
	CU_ASSERT_EQUAL(text.len, 0);
	CU_ASSERT_EQUAL(tsp_status(gw6c_text("200 OK\r\nmore"), &text), 200);
	CU_ASSERT_EQUAL(text.len, 2);
	CU_ASSERT_EQUAL(memcmp(text.at, "OK", 2), 0);
}

static void every_status_has_a_meaning_and_a_remedy(void)
{
	static const struct {
		int code, rc;
		const char *text; /* a word of it */
	} cases[] = {
		{ 300, GW6C_EAUTH, "login refused" },
		{ 301, GW6C_ENET, "no tunnel left" },
		{ 302, GW6C_ECONFIG, "protocol versions" },
		{ 303, GW6C_ECONFIG, "this tunnel mode" },
		{ 310, GW6C_EPEER, "internal error" },
		{ 500, GW6C_ECONFIG, "did not understand" },
		{ 501, GW6C_ECONFIG, "refuses our IPv4 address" },
		{ 502, GW6C_ECONFIG, "refuses our IPv6 address" },
		{ 506, GW6C_ENET, "in use by another tunnel" },
		{ 507, GW6C_ECONFIG, "has no prefix of this length" },
		{ 509, GW6C_ECONFIG, "reverse zone" },
		{ 518, GW6C_ECONFIG, "does not assign prefixes" },
		{ 520, GW6C_ECONFIG, "needs the length" },
		{ 521, GW6C_ENET, "already in progress" },
		{ 522, GW6C_ECONFIG, "anonymous users" },
		{ 530, GW6C_ENET, "too busy" },
		{ 599, GW6C_ENET, "timed out waiting" },
		{ 400, GW6C_ENET, "a temporary problem" },
		{ 499, GW6C_ENET, "a temporary problem" },
		{ 399, GW6C_ECONFIG, "an unknown status" },
		{ 508, GW6C_ECONFIG, "an unknown status" },
		{ 598, GW6C_ECONFIG, "an unknown status" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct tsp_meaning *meaning = tsp_meaning(cases[i].code);

		CU_ASSERT_EQUAL(meaning->rc, cases[i].rc);
		CU_ASSERT_TRUE(meaning->text[0] && meaning->remedy[0]);
		CU_ASSERT_PTR_NOT_NULL(strstr(meaning->text, cases[i].text));
		CU_ASSERT_EQUAL(meaning->code,
				strstr(meaning->text, "unknown status") ||
						strstr(meaning->text,
						       "temporary")
					? 0
					: cases[i].code);
	}
	CU_ASSERT_EQUAL(tsp_meaning(200)->rc, GW6C_OK);
	CU_ASSERT_STRING_EQUAL(tsp_meaning(200)->text, "success");
}

static void join(char words[][TSP_WORD], int n, char *room, size_t len)
{
	room[0] = 0;
	for (int i = 0; i < n; i++) {
		size_t used = strlen(room);

		snprintf(room + used, len - used, "%s%s", i ? " " : "",
			 words[i]);
	}
}

static void capabilities_are_read_in_any_shape(void)
{
	for (size_t i = 0; i < COUNT(capability_vectors); i++) {
		struct tsp_capability capability;
		char room[300];

		CU_ASSERT_TRUE(
			tsp_parse_capability(gw6c_text(
						     capability_vectors[i].in),
					     &capability));
		join(capability.tunnel, capability.tunnels, room, sizeof(room));
		/* Unknown words are kept: a plugin may know them. */
		CU_ASSERT_PTR_NOT_NULL(
			strstr(room, capability_vectors[i].tunnels));
		join(capability.auth, capability.auths, room, sizeof(room));
		CU_ASSERT_PTR_NOT_NULL(
			strstr(room, capability_vectors[i].auths));
	}
}

static void a_broker_says_that_it_takes_secrets(void)
{
	static const struct {
		const char *line;
		bool lease;
	} cases[] = {
		{ "CAPABILITY TUNNEL=V6V4 AUTH=ANONYMOUS LEASE=1\r\n", true },
		{ "CAPABILITY TUNNEL=V6V4 AUTH=ANONYMOUS lease=1\r\n", true },
		{ "CAPABILITY TUNNEL=V6V4 AUTH=LEASE\r\n", false },
		{ "CAPABILITY TUNNEL=V6V4 AUTH=ANONYMOUS LEASES=1\r\n", false },
	};
	struct tsp_capability capability;
	uint8_t room[100];
	struct gw6c_buf out = GW6C_BUF(room);

	for (size_t i = 0; i < COUNT(cases); i++) {
		CU_ASSERT_TRUE(tsp_parse_capability(gw6c_text(cases[i].line),
						    &capability));
		CU_ASSERT_EQUAL(capability.lease, cases[i].lease);
	}
	tsp_parse_capability(gw6c_text(cases[0].line), &capability);
	tsp_put_capability(&out, &capability);
	gw6c_put(&out, "", 1);
	CU_ASSERT_STRING_EQUAL(room, cases[0].line);
}

static void a_secret_is_written_and_read(void)
{
	static const char secret[] = "00112233445566778899aabbccddeeff";
	struct tsp_tunnel tunnel, got;
	uint8_t room[500];
	struct gw6c_buf out = GW6C_BUF(room);
	struct gw6c_err err = { 0 };

	tsp_tunnel_init(&tunnel);
	CU_ASSERT_STRING_EQUAL(tunnel.secret, "");
	tunnel.clients = 1;
	snprintf(tunnel.secret, sizeof(tunnel.secret), "%s", secret);
	tsp_put_xml(&out, &tunnel);
	CU_ASSERT_EQUAL(tsp_parse_xml(gw6c_got(&out), &got, &err), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(got.secret, secret);
	tunnel.secret[0] = 0;
	out.len = 0;
	tsp_put_xml(&out, &tunnel);
	CU_ASSERT_PTR_NULL(memmem(room, out.len, "lease", 5));
}

/* A prefix of one character is no prefix, but that is for others to say. */
static void a_prefix_is_written_and_read(void)
{
	struct tsp_tunnel tunnel, got;
	uint8_t room[500];
	struct gw6c_buf out = GW6C_BUF(room);
	struct gw6c_err err = { 0 };

	tsp_tunnel_init(&tunnel);
	tunnel.clients = 1;
	tunnel.router = true;
	tunnel.prefix_length = 48;
	snprintf(tunnel.prefix, sizeof(tunnel.prefix), "x");
	tsp_put_xml(&out, &tunnel);
	CU_ASSERT_EQUAL(tsp_parse_xml(gw6c_got(&out), &got, &err), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(got.prefix, "x");
	CU_ASSERT_EQUAL(got.prefix_length, 48);
}

/* In an answer, what has not been said is told from 0. */
static void what_is_not_said_is_not_there(void)
{
	struct tsp_tunnel got;
	struct gw6c_err err = { 0 };

	CU_ASSERT_EQUAL(tsp_parse_xml(gw6c_text("<tunnel/>"), &got, &err),
			GW6C_OK);
	CU_ASSERT_EQUAL(got.lifetime, -1);
	CU_ASSERT_EQUAL(got.mtu, -1);
	CU_ASSERT_EQUAL(got.keepalive, -1);
	CU_ASSERT_EQUAL(got.prefix_length, -1);
	CU_ASSERT_FALSE(got.router);
}

static void what_is_no_capability_line_is_refused(void)
{
	static const char *const bad[] = { "", "CAPABILITIES A=B",
					   "200 Success", "CAPABILIT",
					   "<tunnel/>" };
	struct tsp_capability capability;

	for (size_t i = 0; i < COUNT(bad); i++)
		CU_ASSERT_FALSE(
			tsp_parse_capability(gw6c_text(bad[i]), &capability));
}

static void versions_go_both_ways(void)
{
	static const char *const bad[] = { "VERSION=",	      "VERSION=2",
					   "VERSION=2.0",     "VERSION=2.0.0x",
					   "VERSION=-2.0.0",  "VERSION=2.0.999",
					   "VERSION=2.0.256", "VERSION=2.256.0",
					   "VERSION=256.0.0", "VERSIO=2.0.0" };
	uint32_t version;

	for (size_t i = 0; tsp_versions[i]; i++) {
		uint8_t room[32];
		struct gw6c_buf out = GW6C_BUF(room);
		struct gw6c_bytes line, rest;

		tsp_put_version(&out, tsp_versions[i]);
		CU_ASSERT_TRUE(text_line(gw6c_got(&out), &line, &rest));
		CU_ASSERT_TRUE(tsp_parse_version(line, &version));
		CU_ASSERT_EQUAL(version, tsp_versions[i]);
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		CU_ASSERT_FALSE(tsp_parse_version(gw6c_text(bad[i]), &version));
	CU_ASSERT_TRUE(
		tsp_parse_version(gw6c_text("VERSION=255.255.255"), &version));
	CU_ASSERT_EQUAL(version, 0xffffff);
	CU_ASSERT_TRUE(tsp_parse_version(gw6c_text("version=0.0.0"), &version));
	CU_ASSERT_EQUAL(version, 0);
}

/* The XML of a message, and whether it has a Content-length. */
static bool body_of(const char *text, struct gw6c_bytes *xml)
{
	struct gw6c_bytes in = gw6c_text(text), line, rest;
	size_t header;
	long len = tsp_content_length(in, &header);

	if (len > 0) {
		CU_ASSERT_EQUAL(header + (size_t)len, in.len);
		in.at += header;
		in.len -= header;
	}
	if (tsp_status(in, NULL)) {
		text_line(in, &line, &rest);
		in = rest;
	}
	*xml = in;
	return len > 0;
}

static void requests_are_written_as_the_vectors_have_them(void)
{
	struct tsp_tunnel *tunnel = malloc(sizeof(*tunnel));
	int seen = 0;

	for (size_t i = 0; i < COUNT(message_vectors); i++) {
		uint8_t room[4096];
		struct gw6c_buf out = GW6C_BUF(room);
		struct gw6c_bytes xml;
		struct gw6c_err err = { 0 };

		if (message_vectors[i].name[0] != 'c' ||
		    !body_of(message_vectors[i].text, &xml))
			continue;
		CU_ASSERT_EQUAL(tsp_parse_xml(xml, tunnel, &err), GW6C_OK);
		tsp_put_message(&out, 0, NULL, tunnel);
		CU_ASSERT_EQUAL(out.len, strlen(message_vectors[i].text));
		CU_ASSERT_EQUAL(memcmp(room, message_vectors[i].text, out.len),
				0);
		seen++;
	}
	CU_ASSERT_TRUE(seen >= 7);
	free(tunnel);
}

static void answers_survive_being_written_and_read_again(void)
{
	struct tsp_tunnel *first = malloc(sizeof(*first));
	struct tsp_tunnel *second = malloc(sizeof(*second));

	for (size_t i = 0; i < COUNT(message_vectors); i++) {
		uint8_t room[4096];
		struct gw6c_buf out = GW6C_BUF(room);
		struct gw6c_bytes xml;
		struct gw6c_err err = { 0 };

		body_of(message_vectors[i].text, &xml);
		if (!xml.len)
			continue;
		CU_ASSERT_EQUAL(tsp_parse_xml(xml, first, &err), GW6C_OK);
		tsp_put_xml(&out, first);
		CU_ASSERT_EQUAL(tsp_parse_xml(gw6c_got(&out), second, &err),
				GW6C_OK);
		CU_ASSERT_EQUAL(memcmp(first, second, sizeof(*first)), 0);
	}
	free(first);
	free(second);
}

static void xml_cut_anywhere_is_refused(void)
{
	struct tsp_tunnel *tunnel = malloc(sizeof(*tunnel));

	for (size_t i = 0; i < COUNT(message_vectors); i++) {
		struct gw6c_bytes xml;
		struct gw6c_err err = { 0 };

		body_of(message_vectors[i].text, &xml);
		for (size_t len = 0; len + 3 < xml.len; len++)
			CU_ASSERT_EQUAL(
				tsp_parse_xml((struct gw6c_bytes){ xml.at,
								   len },
					      tunnel, &err),
				GW6C_EPEER);
	}
	free(tunnel);
}

static void hostile_xml_is_refused(void)
{
	static const char deep[] =
		"<tunnel><b><c><d><e><f><g><h><i/></h></g></f></e></d></c></b>"
		"</tunnel>";
	static const char *const bad[] = {
		"<!DOCTYPE tunnel [<!ENTITY a \"b\">]><tunnel>&a;</tunnel>",
		"<!DOCTYPE tunnel SYSTEM \"file:///etc/passwd\"><tunnel/>",
		"<tunnel>&nbsp;</tunnel>",
		"<tunnels/>",
		"<tunnel lifetime=\"-1\"/>",
		"<tunnel lifetime=\"99999999999999999999\"/>",
		"<tunnel><client><keepalive interval=\"1e9\"/></client></tunnel>",
		"<tunnel/><tunnel/>",
		"<tunnel><client></tunnel></client>",
		"<a><b><c><d><e><f><g><h><i/></h></g></f></e></d></c></b></a>",
		deep,
	};
	struct tsp_tunnel *tunnel = malloc(sizeof(*tunnel));
	struct gw6c_err err = { 0 };

	for (size_t i = 0; i < COUNT(bad); i++)
		CU_ASSERT_EQUAL(tsp_parse_xml(gw6c_text(bad[i]), tunnel, &err),
				GW6C_EPEER);
	free(tunnel);
}

/* "<tunnel>" then n times middle, then "</tunnel>". */
static int parse_repeated(const char *middle, int n, size_t pad)
{
	size_t room = strlen(middle) * (size_t)n + pad + 64;
	char *text = calloc(1, room);
	struct tsp_tunnel *tunnel = malloc(sizeof(*tunnel));
	struct gw6c_err err = { 0 };
	struct gw6c_buf out = { .at = (uint8_t *)text, .cap = room };
	int rc;

	gw6c_put_text(&out, "<tunnel>");
	for (int i = 0; i < n; i++)
		gw6c_put_text(&out, middle);
	gw6c_put_text(&out, "</tunnel>");
	rc = tsp_parse_xml(gw6c_got(&out), tunnel, &err);
	free(tunnel);
	free(text);
	return rc;
}

static void a_body_has_an_end(void)
{
	static char body[TSP_BODY_MAX + 2];
	static struct tsp_tunnel tunnel;
	struct gw6c_err err = { 0 };

	for (size_t more = 0; more < 2; more++) {
		size_t len = TSP_BODY_MAX + more;

		memset(body, ' ', sizeof(body));
		memcpy(body, "<tunnel>", 8);
		memcpy(body + len - 9, "</tunnel>", 9);
		body[len] = 0;
		CU_ASSERT_EQUAL(tsp_parse_xml(gw6c_text(body), &tunnel, &err),
				more ? GW6C_EPEER : GW6C_OK);
	}
}

static void limits_of_xml_hold(void)
{
	char text[1200];

	CU_ASSERT_EQUAL(parse_repeated("<x/>", 255, 0), GW6C_OK);
	CU_ASSERT_EQUAL(parse_repeated("<x/>", 256, 0), GW6C_EPEER);
	memset(text, 'a', sizeof(text));
	memcpy(text, "<x y=\"", 6);
	memcpy(text + 6 + 1024, "\"/>", 4);
	CU_ASSERT_EQUAL(parse_repeated(text, 1, 0), GW6C_OK);
	text[6 + 1024] = 'a';
	memcpy(text + 6 + 1025, "\"/>", 4);
	CU_ASSERT_EQUAL(parse_repeated(text, 1, 0), GW6C_EPEER);
	CU_ASSERT_EQUAL(parse_repeated("          ", 800, 0), GW6C_OK);
	CU_ASSERT_EQUAL(parse_repeated("          ", 900, 0), GW6C_EPEER);
	CU_ASSERT_EQUAL(
		parse_repeated("<broker><address type=\"dn\">b</address>"
			       "</broker>",
			       60, 0),
		GW6C_OK);
}

static void lenient_xml_of_other_brokers_is_read(void)
{
	static const char text[] =
		"<?xml version='1.0'?><!-- hello -->\n"
		"<tunnel  type='V6UDPV4'\tlifetime = '10' other='x'>\n"
		"<client><address type=\"ipv4\">\t 192.0.2.1 \r\n</address>"
		"<unknown a='b'><c/></unknown></client>\n"
		"</tunnel>\r\n";
	struct tsp_tunnel *tunnel = malloc(sizeof(*tunnel));
	struct gw6c_bytes in = { (const uint8_t *)text, sizeof(text) };
	struct gw6c_err err = { 0 };

	CU_ASSERT_EQUAL(tsp_parse_xml(in, tunnel, &err), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(tunnel->type, "v6udpv4");
	CU_ASSERT_EQUAL(tunnel->lifetime, 10);
	CU_ASSERT_EQUAL(tunnel->clients, 1);
	CU_ASSERT_STRING_EQUAL(tunnel->client[0].text, "192.0.2.1");
	free(tunnel);
}

static void foreign_characters_are_escaped_when_written(void)
{
	struct tsp_tunnel *tunnel = malloc(sizeof(*tunnel));
	uint8_t room[1024];
	struct gw6c_buf out = GW6C_BUF(room);
	struct gw6c_err err = { 0 };
	static const char name[] = "a&b<c>\"d\"";

	tsp_tunnel_init(tunnel);
	snprintf(tunnel->action, sizeof(tunnel->action), "create");
	snprintf(tunnel->client[0].type, 8, "dn");
	snprintf(tunnel->client[0].text, GW6C_NAME, "%s", name);
	tunnel->clients = 1;
	tsp_put_xml(&out, tunnel);
	CU_ASSERT_EQUAL(tsp_parse_xml(gw6c_got(&out), tunnel, &err), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(tunnel->client[0].text, name);
	free(tunnel);
}

static void content_lengths_are_bounded(void)
{
	static const struct {
		const char *text;
		long want;
	} cases[] = {
		{ "Content-length: 35\r\n", 35 },
		{ "content-LENGTH:35\n", 35 },
		{ "Content-length:   8192  \r\n", 8192 },
		{ "Content-length: 8193\r\n", -1 },
		{ "Content-length: 0\r\n", -1 },
		{ "Content-length: -5\r\n", -1 },
		{ "Content-length: 4294967331\r\n", -1 },
		{ "Content-length: 12x\r\n", -1 },
		{ "Content-length:\r\n", -1 },
		{ "Content-len", 0 },
		{ "HTTP/1.1 400 Bad Request and much more\r\n", -1 },
		{ "0123456789012345678901234567890123456789 no end", -1 },
	};
	size_t header;

	for (size_t i = 0; i < COUNT(cases); i++)
		CU_ASSERT_EQUAL(tsp_content_length(gw6c_text(cases[i].text),
						   &header),
				cases[i].want);
}

static void addresses_are_written_out_for_old_readers(void)
{
	struct gw6c_addr addr;
	char room[GW6C_ADDR_TEXT];

	gw6c_addr_parse("2001:db8::5", &addr);
	tsp_full_text(&addr, room);
	CU_ASSERT_STRING_EQUAL(room, "2001:0db8:0000:0000:0000:0000:0000:0005");
	gw6c_addr_parse("123:4567:89ab:cdef:fedc:ba98:7654:3210", &addr);
	tsp_full_text(&addr, room);
	CU_ASSERT_STRING_EQUAL(room, "0123:4567:89ab:cdef:fedc:ba98:7654:3210");
	gw6c_addr_parse("192.0.2.1", &addr);
	tsp_full_text(&addr, room);
	CU_ASSERT_STRING_EQUAL(room, "192.0.2.1");
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(servers_are_parsed_strictly),
		UNIT_TEST(odd_servers_are_refused_and_old_ones_taken),
		UNIT_TEST(a_server_is_written_as_it_is_read),
		UNIT_TEST(status_lines_are_told_from_other_text),
		UNIT_TEST(every_status_has_a_meaning_and_a_remedy),
		UNIT_TEST(a_broker_says_that_it_takes_secrets),
		UNIT_TEST(a_secret_is_written_and_read),
		UNIT_TEST(a_prefix_is_written_and_read),
		UNIT_TEST(what_is_not_said_is_not_there),
		UNIT_TEST(capabilities_are_read_in_any_shape),
		UNIT_TEST(what_is_no_capability_line_is_refused),
		UNIT_TEST(versions_go_both_ways),
		UNIT_TEST(requests_are_written_as_the_vectors_have_them),
		UNIT_TEST(answers_survive_being_written_and_read_again),
		UNIT_TEST(xml_cut_anywhere_is_refused),
		UNIT_TEST(hostile_xml_is_refused),
		UNIT_TEST(a_body_has_an_end),
		UNIT_TEST(limits_of_xml_hold),
		UNIT_TEST(lenient_xml_of_other_brokers_is_read),
		UNIT_TEST(foreign_characters_are_escaped_when_written),
		UNIT_TEST(content_lengths_are_bounded),
		UNIT_TEST(addresses_are_written_out_for_old_readers),
	};

	return UNIT_RUN("tsp", tests);
}
