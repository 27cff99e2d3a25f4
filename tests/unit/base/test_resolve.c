/* test_resolve.c - what name servers may answer, from small ones of our own:
 * two of them, that do what their mode says, over UDP and TCP. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/dns_message.h"
#include "core/base/loop.h"
#include "tests/unit/unit.h"
#include <ctype.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define WAIT_MS 20000 /* until a test gives up */

enum mode {
	ANSWER,
	MIXED, /* the letters of all names in another case */
	ALIAS, /* two aliases, in an odd order, and an address of others */
	ONLY_CUT, /* over UDP; the answer over TCP, in small pieces */
	FORGED, /* answers to other questions before the true one */
	SILENT,
	EMPTY, /* no address of this family */
	RCODE, /* and more */
};

struct server {
	int udp, tcp, connection;
	struct gw6c_watch *watch[3];
	enum mode mode;
	int asked, asked_tcp;
	unsigned port;
};

static struct loop *loop;
static struct server server[2];
static const char *known; /* the only name there is; NULL: any */
static struct {
	struct lookup *lookup;
	int n, rc;
	char first[GW6C_ADDR_TEXT], text[500];
} found;

/* --- the servers -------------------------------------------------------- */

/* The name in a question, as text. */
static void read_name(const uint8_t *at, char *room)
{
	for (; *at; at += 1 + *at) {
		memcpy(room, at + 1, *at);
		room += *at;
		*room++ = '.';
	}
	room[-1] = 0;
}

static size_t put(uint8_t *at, const char *hex)
{
	char tight[200] = "";
	size_t used = 0;

	for (; *hex; hex++)
		if (*hex != ' ')
			tight[used++] = *hex;
	return unit_hex(tight, at, 100);
}

/* What server makes of the question in packet, which has room. */
static size_t answer(enum mode mode, uint8_t *packet, size_t len)
{
	bool six = packet[len - 3] == 28;
	char name[256];

	read_name(packet + 12, name);
	packet[2] = 0x81;
	packet[3] = 0x80;
	if (mode >= RCODE) {
		packet[3] = (uint8_t)(0x80 | (mode - RCODE));
		return len;
	}
	if (known && strcasecmp(known, name) != 0) {
		packet[3] = 0x83;
		return len;
	}
	if (mode == EMPTY)
		return len;
	if (mode == MIXED)
		for (size_t i = 13; i < len - 4; i++)
			packet[i] ^= isalpha(packet[i]) ? 0x20 : 0;
	packet[7] = 1;
	if (mode == ALIAS) {
		packet[7] = 5;
		/* b.x -> c.x; other.x A; QUESTION -> b.x; c.X A; b.x TXT */
		len += put(packet + len, "0162017800 0005 0001 00000000 0005"
					 "0163017800");
		len += put(packet + len, "056f74686572017800 0001 0001"
					 "00000000 0004 c6336401");
		len += put(packet + len, "c00c 0005 0001 00000000 0005"
					 "0142017800");
		len += put(packet + len, "0163015800 0001 0001 00000000 0004"
					 "c0000209");
		len += put(packet + len, "0162017800 0010 0001 00000000 0001"
					 "00");
		return len;
	}
	if (six)
		return len + put(packet + len,
				 "c00c 001c 0001 00000000 0010"
				 "20010db8000000000000000000000009");
	return len + put(packet + len, "c00c 0001 0001 00000000 0004"
				       "c0000209");
}

static void serve_udp(void *arg, int ready)
{
	struct server *at = arg;
	struct sockaddr_in from;
	socklen_t from_len = sizeof(from);
	uint8_t packet[600];
	ssize_t got = recvfrom(at->udp, packet, 300, 0,
			       (struct sockaddr *)&from, &from_len);
	size_t len;

	(void)ready;
	if (got < 17)
		return;
	at->asked++;
	if (at->mode == SILENT)
		return;
	len = answer(at->mode, packet, (size_t)got);
	if (at->mode == ONLY_CUT) {
		packet[2] |= 2;
		packet[7] = 0;
		len = (size_t)got;
	}
	for (int i = 0; at->mode == FORGED && i < 4; i++) {
		/* Another id, a question, another name, a short one. */
		static const int octet[] = { 0, 2, 14, 1 };
		static const uint8_t bit[] = { 1, 0x80, 1, 1 };

		packet[octet[i]] ^= bit[i];
		sendto(at->udp, packet, i == 3 ? 5 : len, 0,
		       (struct sockaddr *)&from, from_len);
		packet[octet[i]] ^= bit[i];
	}
	sendto(at->udp, packet, len, 0, (struct sockaddr *)&from, from_len);
}

/* The question came in one piece; the answer goes in two. */
static void serve_connection(void *arg, int ready)
{
	struct server *at = arg;
	uint8_t packet[600];
	ssize_t got = recv(at->connection, packet, 300, 0);
	size_t len;

	(void)ready;
	if (got > 19) {
		CU_ASSERT_EQUAL(packet[0] << 8 | packet[1], got - 2);
		len = answer(at->mode, packet + 2, (size_t)got - 2);
		packet[0] = 0;
		packet[1] = (uint8_t)len;
		CU_ASSERT_EQUAL(send(at->connection, packet, 1, 0), 1);
		CU_ASSERT_EQUAL(send(at->connection, packet + 1, len + 1, 0),
				(ssize_t)len + 1);
	}
	loop_forget(at->watch[2]);
	close(at->connection);
}

static void serve_tcp(void *arg, int ready)
{
	struct server *at = arg;

	(void)ready;
	at->asked_tcp++;
	at->connection = accept(at->tcp, NULL, NULL);
	at->watch[2] =
		loop_fd(loop, at->connection, GW6C_READ, serve_connection, at);
}

static void write_file(const char *file, const char *fmt, ...)
{
	FILE *out = fopen(file, "w");
	va_list args;

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	va_start(args, fmt);
	vfprintf(out, fmt, args);
	va_end(args);
	fclose(out);
}

/* UDP and TCP on the same free port. */
static bool server_bind(struct server *at)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	socklen_t len = sizeof(addr);

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	at->udp = socket(AF_INET, SOCK_DGRAM, 0);
	at->tcp = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(at->tcp, (struct sockaddr *)&addr, len) == 0 &&
	    getsockname(at->tcp, (struct sockaddr *)&addr, &len) == 0 &&
	    bind(at->udp, (struct sockaddr *)&addr, len) == 0 &&
	    listen(at->tcp, 4) == 0) {
		at->port = ntohs(addr.sin_port);
		return true;
	}
	close(at->udp);
	close(at->tcp);
	return false;
}

static void begin(enum mode first, enum mode second)
{
	loop = loop_new();
	known = NULL;
	unlink(HOSTS_FILE);
	for (int i = 0; i < 2; i++) {
		server[i] = (struct server){ .mode = i ? second : first };
		while (!server_bind(&server[i]))
			;
		server[i].watch[0] = loop_fd(loop, server[i].udp, GW6C_READ,
					     serve_udp, &server[i]);
		server[i].watch[1] = loop_fd(loop, server[i].tcp, GW6C_READ,
					     serve_tcp, &server[i]);
	}
	/* Short only where nothing comes: else nobody is asked twice. */
	write_file(RESOLV_CONF,
		   "# servers\nnameserver 127.0.0.1:%u\n"
		   "nameserver 127.0.0.1:%u\noptions timeout:%d attempts:2\n",
		   server[0].port, server[1].port, first == SILENT ? 1 : 10);
}

/* Nobody listens at its port from now on. */
static void stop(struct server *at)
{
	loop_forget(at->watch[0]);
	close(at->udp);
	at->udp = -1;
}

static void end(void)
{
	loop_free(loop);
	for (int i = 0; i < 2; i++) {
		close(server[i].udp);
		close(server[i].tcp);
	}
	unlink(RESOLV_CONF);
}

static void resolved(void *arg, const struct gw6c_addr *addrs, int n,
		     const struct gw6c_err *err)
{
	(void)arg;
	found.n = n;
	found.rc = err->rc;
	snprintf(found.text, sizeof(found.text), "%s", err->text);
	if (n)
		gw6c_addr_text(addrs, found.first);
	loop_stop(loop);
}

static void too_late(void *arg)
{
	(void)arg;
	CU_FAIL("no answer");
	loop_stop(loop);
}

static void look_up(const char *name, int family)
{
	struct gw6c_watch *limit = loop_timer(loop, WAIT_MS, too_late, NULL);

	memset(&found, 0, sizeof(found));
	loop_resolve(loop, name, family, resolved, NULL);
	loop_run(loop);
	loop_forget(limit);
}

static void says(const char *text)
{
	CU_ASSERT_EQUAL(found.n, 0);
	CU_ASSERT_EQUAL(found.rc, GW6C_ENET);
	if (!strstr(found.text, text))
		CU_FAIL(found.text);
}

/* --- tests -------------------------------------------------------------- */

static void the_case_of_names_does_not_count(void)
{
	for (int mode = ANSWER; mode <= MIXED; mode++) {
		begin((enum mode)mode, SILENT);
		look_up("Broker.Example.Net", 4);
		CU_ASSERT_EQUAL(found.n, 1);
		CU_ASSERT_STRING_EQUAL(found.first, "192.0.2.9");
		look_up("broker.example.net", 6);
		CU_ASSERT_STRING_EQUAL(found.first, "2001:db8::9");
		CU_ASSERT_EQUAL(server[0].asked, 2);
		CU_ASSERT_EQUAL(server[1].asked, 0);
		end();
	}
}

static void aliases_are_followed_in_any_order(void)
{
	begin(ALIAS, SILENT);
	look_up("a.x", 4);
	CU_ASSERT_EQUAL(found.n, 1);
	CU_ASSERT_STRING_EQUAL(found.first, "192.0.2.9");
	look_up("a.x", 6);
	says("the name exists, but has no IPv6 address (AAAA record)");
	end();
}

static void an_answer_that_was_cut_comes_over_tcp(void)
{
	begin(ONLY_CUT, SILENT);
	look_up("broker.test", 6);
	if (found.rc)
		CU_FAIL(found.text);
	CU_ASSERT_STRING_EQUAL(found.first, "2001:db8::9");
	CU_ASSERT_EQUAL(server[0].asked, 1);
	CU_ASSERT_EQUAL(server[0].asked_tcp, 1);
	end();
}

static void other_answers_are_not_taken(void)
{
	begin(FORGED, SILENT);
	look_up("broker.test", 4);
	CU_ASSERT_STRING_EQUAL(found.first, "192.0.2.9");
	CU_ASSERT_EQUAL(server[0].asked, 1);
	end();
}

static void another_server_helps_where_one_fails(void)
{
	static const enum mode bad[] = { SILENT, RCODE + 1, RCODE + 2,
					 RCODE + 4, RCODE + 5 };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		begin(bad[i], ANSWER);
		look_up("broker.test", 4);
		CU_ASSERT_STRING_EQUAL(found.first, "192.0.2.9");
		CU_ASSERT_EQUAL(server[0].asked, 1);
		end();
	}
	begin(ANSWER, ANSWER);
	stop(&server[0]); /* refused by the system */
	look_up("broker.test", 4);
	CU_ASSERT_STRING_EQUAL(found.first, "192.0.2.9");
	CU_ASSERT_EQUAL(server[1].asked, 1);
	end();
}

static void failures_are_told_apart(void)
{
	static const struct {
		enum mode mode;
		const char *says;
		int asked; /* each server */
	} cases[] = {
		{ EMPTY,
		  "cannot resolve broker.test to an IPv4 address: the name "
		  "exists, but has no IPv4 address (A record)",
		  1 },
		{ RCODE + 2,
		  "name server 127.0.0.1 failed to look it up (SERVFAIL)", 4 },
		{ RCODE + 3, "there is no such name (NXDOMAIN)", 1 },
		{ RCODE + 5,
		  "name server 127.0.0.1 refuses to look it up (REFUSED)", 4 },
		{ RCODE + 4, "sent an answer that makes no sense", 4 },
		{ SILENT, "time-out: name server 127.0.0.1 does not answer",
		  4 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(cases[i].mode, cases[i].mode);
		look_up("broker.test", 4);
		says(cases[i].says);
		CU_ASSERT_PTR_NULL(strstr(found.text, "lists no"));
		CU_ASSERT_EQUAL(server[0].asked + server[1].asked,
				cases[i].asked);
		end();
	}
	begin(ANSWER, ANSWER);
	write_file(RESOLV_CONF, "nameserver 127.0.0.1:%u\n", server[0].port);
	stop(&server[0]);
	look_up("broker.test", 4);
	says("name server 127.0.0.1 cannot be reached: Connection refused");
	end();
}

static void the_search_list_counts(void)
{
	begin(ANSWER, ANSWER);
	known = "broker.corp.test";
	write_file(RESOLV_CONF,
		   "domain no.test\nsearch lab.test corp.test\n"
		   "nameserver 127.0.0.1:%u\n",
		   server[0].port);
	look_up("broker", 4);
	CU_ASSERT_EQUAL(found.n, 1);
	CU_ASSERT_EQUAL(server[0].asked, 2);
	look_up("broker.", 4); /* is whole */
	says("there is no such name");
	CU_ASSERT_EQUAL(server[0].asked, 3);
	look_up("broker.corp.test", 4);
	CU_ASSERT_EQUAL(found.n, 1);
	CU_ASSERT_EQUAL(server[0].asked, 4);
	known = "a.b.lab.test";
	look_up("a.b", 4); /* as it is, then lab.test */
	CU_ASSERT_EQUAL(found.n, 1);
	CU_ASSERT_EQUAL(server[0].asked, 6);
	look_up("x", 4); /* twice in the list, and alone */
	says("there is no such name");
	CU_ASSERT_EQUAL(server[0].asked, 9);
	known = "lone";
	look_up("lone", 4);
	CU_ASSERT_EQUAL(found.n, 1);
	end();
}

static void the_hosts_file_has_aliases_in_any_case(void)
{
	begin(SILENT, SILENT);
	write_file(HOSTS_FILE, "192.0.2.1 one.test # 192.0.2.2 two.test\n"
			       "192.0.2.3\tthree Two.Test\n"
			       "2001:db8::3 two.test\n192.0.2.4 two.test\n");
	look_up("tWo.test", 4);
	CU_ASSERT_EQUAL(found.n, 2);
	CU_ASSERT_STRING_EQUAL(found.first, "192.0.2.3");
	look_up("two.test.", 6);
	CU_ASSERT_EQUAL(found.n, 1);
	CU_ASSERT_STRING_EQUAL(found.first, "2001:db8::3");
	CU_ASSERT_EQUAL(server[0].asked, 0);
	end();
	unlink(HOSTS_FILE);
}

static void a_line_of_the_hosts_file_may_be_long(void)
{
	static char names[3000];

	begin(SILENT, SILENT);
	while (strlen(names) < 2900)
		strcat(names, " name.of.nobody");
	write_file(HOSTS_FILE, "192.0.2.1%s two.test\n192.0.2.2 one.test\n",
		   names);
	look_up("two.test", 4);
	CU_ASSERT_EQUAL(found.n, 1);
	CU_ASSERT_STRING_EQUAL(found.first, "192.0.2.1");
	look_up("one.test", 4);
	CU_ASSERT_STRING_EQUAL(found.first, "192.0.2.2");
	CU_ASSERT_EQUAL(server[0].asked, 0);
	end();
	unlink(HOSTS_FILE);
}

/* Cut and damaged at every place: nothing is read behind the end. */
static void damaged_answers_are_survived(void)
{
	uint8_t room[DNS_QUERY_MAX], packet[600];
	struct gw6c_buf question = GW6C_BUF(room);
	struct gw6c_addr addr[2];
	size_t len;
	int n;

	CU_ASSERT_TRUE(dns_question(7, "a.x", 4, &question));
	memcpy(packet, room, question.len);
	len = answer(ALIAS, packet, question.len);
	for (size_t cut = 0; cut < len; cut++) {
		uint8_t *copy = malloc(cut + 1);

		memcpy(copy, packet, cut);
		dns_answer(gw6c_got(&question),
			   (struct gw6c_bytes){ copy, cut }, addr, 2, &n);
		CU_ASSERT_TRUE(n <= 1);
		free(copy);
	}
	for (size_t at = 0; at < len * 8; at++) {
		packet[at / 8] ^= (uint8_t)(1 << at % 8);
		dns_answer(gw6c_got(&question),
			   (struct gw6c_bytes){ packet, len }, addr, 2, &n);
		CU_ASSERT_TRUE(n <= 2);
		packet[at / 8] ^= (uint8_t)(1 << at % 8);
	}
	/* A name that points to itself. */
	memcpy(packet, room, question.len);
	packet[2] = 0x81;
	packet[7] = 1;
	len = question.len + put(packet + question.len, "c015 0001 0001");
	packet[question.len + 1] = (uint8_t)question.len;
	CU_ASSERT_EQUAL(dns_answer(gw6c_got(&question),
				   (struct gw6c_bytes){ packet, len }, addr, 2,
				   &n),
			DNS_NO_ADDRESS);
}

static const struct unit_test tests[] = {
	UNIT_TEST(the_case_of_names_does_not_count),
	UNIT_TEST(aliases_are_followed_in_any_order),
	UNIT_TEST(an_answer_that_was_cut_comes_over_tcp),
	UNIT_TEST(other_answers_are_not_taken),
	UNIT_TEST(another_server_helps_where_one_fails),
	UNIT_TEST(failures_are_told_apart),
	UNIT_TEST(the_search_list_counts),
	UNIT_TEST(a_line_of_the_hosts_file_may_be_long),
	UNIT_TEST(the_hosts_file_has_aliases_in_any_case),
	UNIT_TEST(damaged_answers_are_survived),
};

int main(void)
{
	return UNIT_RUN("resolve", tests);
}
