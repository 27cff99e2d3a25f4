/* test_dns_proxy.c - updates as older programs sent them, and answers; and the
 * words of a server. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "plugins/features/dns_update.h"
#include "tests/fake/fake_host.h"
#include "tests/unit/unit.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static uint8_t want[600], got[600];

static void is(const struct gw6c_buf *out, const char *hex)
{
	size_t len = unit_hex(hex, want, sizeof(want));

	CU_ASSERT_EQUAL(out->len, len);
	CU_ASSERT_EQUAL(memcmp(out->at, want, len), 0);
}

#define HEAD                                                                   \
	"1234"                                                                 \
	"2800"                                                                 \
	"0001"                                                                 \
	"0000"                                                                 \
	"0001"                                                                 \
	"0000"
#define ZONE                                                                   \
	"0161"                                                                 \
	"0178"                                                                 \
	"00"                                                                   \
	"0006"                                                                 \
	"0001" /* a.x SOA IN */
#define OWNER                                                                  \
	"0163"                                                                 \
	"0161"                                                                 \
	"0178"                                                                 \
	"00" /* c.a.x */

static void a_record_is_added(void)
{
	struct gw6c_buf out = GW6C_BUF(got);
	struct dns_record record = { .type = DNS_AAAA };

	gw6c_addr_parse("2001:db8::5", &record.addr);
	CU_ASSERT_TRUE(
		dns_proxy_message(0x1234, "a.x", "c.a.x", &record, 3600, &out));
	is(&out, "0036" HEAD ZONE OWNER "001c"
		 "0001"
		 "00000e10"
		 "0010"
		 "20010db8000000000000000000000005");
}

static void all_records_of_a_name_are_deleted(void)
{
	struct gw6c_buf out = GW6C_BUF(got);

	CU_ASSERT_TRUE(
		dns_proxy_message(0x1234, "a.x", "c.a.x", NULL, 3600, &out));
	is(&out, "0026" HEAD ZONE OWNER "00ff"
		 "00ff"
		 "00000000"
		 "0000");
}

static void what_does_not_fit_is_told(void)
{
	struct gw6c_buf out = { .at = got, .cap = 39 };

	CU_ASSERT_FALSE(
		dns_proxy_message(0x1234, "a.x", "c.a.x", NULL, 3600, &out));
}

/* -1: it is not to us. */
static int answer(const char *hex)
{
	enum dns_result result = DNS_OTHER;
	size_t len = unit_hex(hex, got, sizeof(got));

	return dns_proxy_answer((struct gw6c_bytes){ got, len }, 0x1234,
				&result)
		       ? (int)result
		       : -1;
}

static void only_an_answer_to_the_question_counts(void)
{
	CU_ASSERT_EQUAL(answer("1234a8000000000000000000"), DNS_OK);
	CU_ASSERT_EQUAL(answer("1235a8000000000000000000"), -1);
	CU_ASSERT_EQUAL(answer("123428000000000000000000"), -1);
	CU_ASSERT_EQUAL(answer("123480000000000000000000"), -1);
	CU_ASSERT_EQUAL(answer("1234a80000000000000000"), -1);
	CU_ASSERT_EQUAL(answer("1234a8020000000000000000"), DNS_SERVFAIL);
	CU_ASSERT_EQUAL(answer("1234a8050000000000000000"), DNS_REFUSED);
	CU_ASSERT_EQUAL(answer("1234a8090000000000000000"), DNS_NOTAUTH);
	CU_ASSERT_EQUAL(answer("1234a80a0000000000000000"), DNS_NOTZONE);
	CU_ASSERT_EQUAL(answer("1234a8010000000000000000"), DNS_BADFORM);
	CU_ASSERT_EQUAL(answer("1234a8040000000000000000"), DNS_BADFORM);
	CU_ASSERT_EQUAL(answer("1234a8070000000000000000"), DNS_OTHER);
}

static void the_words_of_nsupdate_are_told_apart(void)
{
	static const struct {
		const char *line;
		enum dns_result result;
		bool passes;
	} cases[] = {
		{ "update failed: SERVFAIL", DNS_SERVFAIL, true },
		{ "update failed: REFUSED", DNS_REFUSED, false },
		{ "update failed: NOTAUTH", DNS_NOTAUTH, false },
		{ "update failed: NOTZONE", DNS_NOTZONE, false },
		{ "update failed: NOTAUTH(BADKEY)", DNS_BADKEY, false },
		{ "update failed: NOTAUTH(BADSIG)", DNS_BADSIG, false },
		{ "update failed: NOTAUTH(BADTIME)", DNS_BADTIME, true },
		{ "update failed: FORMERR", DNS_BADFORM, false },
		{ "; Communication with ::1#53 failed: timed out", DNS_TIMEOUT,
		  true },
		{ "could not reach any name server", DNS_UNREACHABLE, true },
		{ "response to SOA query was unsuccessful", DNS_NOZONE, true },
		{ "could not read key from k: permission denied", DNS_BADFILE,
		  false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CU_ASSERT_EQUAL(dns_result_line(cases[i].line),
				cases[i].result);
		CU_ASSERT_EQUAL(dns_result_passes(cases[i].result),
				cases[i].passes);
	}
	CU_ASSERT_EQUAL(dns_result_line("hello"), DNS_OK);
}

/* --- over a real connection --------------------------------------------- */

static struct dns_entry entry;
static struct dns_update self;
static struct fake_host fake;
static enum dns_result ended;
static int ends, listener;

void dns_update_ended(struct dns_update *of, enum dns_result result,
		      const char *said)
{
	(void)of;
	(void)said;
	ended = result;
	ends++;
}

static void begin(void)
{
	struct sockaddr_in6 at = { .sin6_family = AF_INET6,
				   .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	socklen_t len = sizeof(at);
	static char port[8];
	struct gw6c_err err = { 0 };

	listener = socket(AF_INET6, SOCK_STREAM, 0);
	CU_ASSERT_EQUAL_FATAL(bind(listener, (struct sockaddr *)&at, len), 0);
	CU_ASSERT_EQUAL_FATAL(listen(listener, 4), 0);
	getsockname(listener, (struct sockaddr *)&at, &len);
	snprintf(port, sizeof(port), "%u", ntohs(at.sin6_port));
	fake_host_init(&fake);
	fake_host_option(&fake, "proxy_port", port);
	fake_host_option(&fake, "ttl", "300");
	memset(&self, 0, sizeof(self));
	self.host = &fake.host;
	self.queue.at = &entry;
	self.queue.n = 1;
	self.work.fd = -1;
	snprintf(self.domain, sizeof(self.domain), "a.x");
	gw6c_addr_parse("::1", &self.lease.inner);
	self.lease.peer = self.lease.inner;
	memset(&entry, 0, sizeof(entry));
	snprintf(entry.owner, sizeof(entry.owner), "c.a.x");
	entry.sent[0].type = DNS_AAAA;
	gw6c_addr_parse("2001:db8::5", &entry.sent[0].addr);
	entry.n_sent = 1;
	entry.before = DNS_AAAA;
	entry.busy = true;
	ends = 0;
	CU_ASSERT_EQUAL_FATAL(dns_proxy.start(&self, &err), GW6C_LATER);
}

/* Take the connection, and what comes; answers are to that. */
static int take(void)
{
	struct sockaddr_in6 from;
	socklen_t len = sizeof(from);
	int fd = accept(listener, (struct sockaddr *)&from, &len);

	fake_host_ready(&fake, self.work.fd, GW6C_WRITE);
	CU_ASSERT_TRUE(recv(fd, got, sizeof(got), 0) > 14);
	return fd;
}

static void say(int fd, unsigned id, unsigned flags)
{
	const uint8_t text[14] = { 0,
				   12,
				   (uint8_t)(id >> 8),
				   (uint8_t)id,
				   (uint8_t)(flags >> 8),
				   (uint8_t)flags };

	CU_ASSERT_EQUAL(send(fd, text, sizeof(text), 0), sizeof(text));
	fake_host_ready(&fake, self.work.fd, GW6C_READ);
}

static void end(void)
{
	close(listener);
	CU_ASSERT_EQUAL(self.work.fd, -1);
	CU_ASSERT_EQUAL(fake_host_left(&fake), 0);
}

static void an_old_address_goes_before_the_new_one_comes(void)
{
	unsigned id;
	int fd;

	begin();
	fd = take();
	id = (unsigned)got[2] << 8 | got[3];
	CU_ASSERT_EQUAL(got[1], 0x26);
	say(fd, id + 1, 0xa800);
	CU_ASSERT_EQUAL(ends, 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(fake.log, "to another question"));
	say(fd, id, 0xa800);
	close(fd);
	CU_ASSERT_EQUAL(ends, 0);
	fd = take();
	CU_ASSERT_EQUAL(got[1], 0x36);
	CU_ASSERT_NOT_EQUAL((unsigned)got[2] << 8 | got[3], id);
	say(fd, (unsigned)got[2] << 8 | got[3], 0xa800);
	CU_ASSERT_EQUAL(ends, 1);
	CU_ASSERT_EQUAL(ended, DNS_OK);
	close(fd);
	end();
}

static void a_refusal_ends_it(void)
{
	int fd;

	begin();
	fd = take();
	say(fd, (unsigned)got[2] << 8 | got[3], 0xa805);
	CU_ASSERT_EQUAL(ends, 1);
	CU_ASSERT_EQUAL(ended, DNS_REFUSED);
	close(fd);
	end();
}

static void silence_and_a_broken_connection_are_told_apart(void)
{
	int fd;

	begin();
	fd = take();
	fake_host_pass(&fake, 9999);
	CU_ASSERT_EQUAL(ends, 0);
	fake_host_pass(&fake, 1);
	CU_ASSERT_EQUAL(ends, 1);
	CU_ASSERT_EQUAL(ended, DNS_TIMEOUT);
	close(fd);
	end();
	begin();
	fd = take();
	close(fd);
	fake_host_ready(&fake, self.work.fd, GW6C_READ);
	CU_ASSERT_EQUAL(ended, DNS_UNREACHABLE);
	end();
}

static void only_the_broker_in_the_tunnel_is_asked(void)
{
	struct gw6c_err err = { 0 };

	begin();
	dns_proxy.cancel(&self);
	end();
	self.lease.peer = (struct gw6c_addr){ 0 };
	self.work.step = 0;
	CU_ASSERT_EQUAL(dns_proxy.start(&self, &err), GW6C_ENET);
	CU_ASSERT_EQUAL(self.work.fd, -1);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(a_record_is_added),
		UNIT_TEST(all_records_of_a_name_are_deleted),
		UNIT_TEST(what_does_not_fit_is_told),
		UNIT_TEST(only_an_answer_to_the_question_counts),
		UNIT_TEST(the_words_of_nsupdate_are_told_apart),
		UNIT_TEST(an_old_address_goes_before_the_new_one_comes),
		UNIT_TEST(a_refusal_ends_it),
		UNIT_TEST(silence_and_a_broken_connection_are_told_apart),
		UNIT_TEST(only_the_broker_in_the_tunnel_is_asked),
	};

	return UNIT_RUN("the broker's DDNS proxy", tests);
}
