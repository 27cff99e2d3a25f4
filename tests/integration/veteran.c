/* veteran.c - one dialogue of an old client, with all that is peculiar to it: a
 * NUL behind AUTHENTICATE, lines of PASSDSS without an end, one read for one
 * reply, no proof of anything, no goodbye. Then its keepalives, until three were
 * answered.
 *
 * veteran CLIENT TRANSPORT MECHANISM MODE ROLE BROKER USER PASSWORD
 *	CLIENT is gogoc-1.2 or gw6c-5.1, TRANSPORT udp or tcp, ROLE host or
 *	router; prints what it was granted. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/base64.h"
#include "tests/fake/fake_host.h"
#include "veteran_tunnel.h"
#include <gw6c/plugin.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/time.h>

#define FIRST 0xf00000f0u
#define TRIES 3
#define RTO_MS 2000
#define REPLY 4096 /* octets that it can take */

extern const struct gw6c_plugin auth_plain_LTX_gw6c_plugin;
extern const struct gw6c_plugin auth_digest_md5_LTX_gw6c_plugin;
extern const struct gw6c_plugin auth_passdss_3des_1_LTX_gw6c_plugin;

static bool udp;
static int sock;
static uint32_t word = FIRST;
static char reply[REPLY + 1];
static size_t reply_len;

/* --- transports -------------------------------------------------------- */

static void connect_to(const char *broker)
{
	struct sockaddr_in six4 = { .sin_family = AF_INET,
				    .sin_port = htons(3653) };
	struct sockaddr_in6 six6 = { .sin6_family = AF_INET6,
				     .sin6_port = htons(3653) };
	struct timeval limit = { .tv_sec = 10 };
	bool four = inet_pton(AF_INET, broker, &six4.sin_addr) == 1;
	int rc;

	if (!four && inet_pton(AF_INET6, broker, &six6.sin6_addr) != 1)
		veteran_die("the broker is no address");
	sock = socket(four ? AF_INET : AF_INET6, udp ? SOCK_DGRAM : SOCK_STREAM,
		      0);
	setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	rc = four ? connect(sock, (struct sockaddr *)&six4, sizeof(six4))
		  : connect(sock, (struct sockaddr *)&six6, sizeof(six6));
	if (sock < 0 || rc < 0)
		veteran_die("cannot connect");
}

static void ask_udp(const void *text, size_t len)
{
	uint8_t out[8 + 2048], in[8 + REPLY];
	uint32_t head[2] = { htonl(word++), 0 };

	memcpy(out + 8, text, len);
	for (int i = 0; i < TRIES; i++) {
		long until = veteran_ms() + RTO_MS, left;
		struct pollfd ready = { .fd = sock, .events = POLLIN };

		head[1] = htonl((uint32_t)veteran_ms());
		memcpy(out, head, 8);
		send(sock, out, 8 + len, 0);
		while ((left = until - veteran_ms()) > 0 &&
		       poll(&ready, 1, (int)left) > 0) {
			ssize_t got = recv(sock, in, sizeof(in), 0);

			if (got < 8 || memcmp(in, head, 4) != 0)
				continue;
			reply_len = (size_t)got - 8;
			memcpy(reply, in + 8, reply_len);
			return;
		}
	}
	veteran_die("no answer");
}

/* What one read brings is a reply, whatever it is. */
static void hear_tcp(void)
{
	ssize_t got = recv(sock, reply, REPLY, 0);

	if (got <= 0)
		veteran_die("hung up on");
	reply_len = (size_t)got;
}

/* quiet: over TCP, nobody answers that. */
static const char *ask(const void *text, size_t len, bool quiet)
{
	reply_len = 0;
	if (udp)
		ask_udp(text, len);
	else if (send(sock, text, len, MSG_NOSIGNAL) != (ssize_t)len)
		veteran_die("cannot send");
	else if (!quiet)
		hear_tcp();
	reply[reply_len] = 0;
	return reply;
}

static void expect(const char *wanted)
{
	if (strncmp(reply, wanted, strlen(wanted)) != 0)
		veteran_die(*reply ? reply : "an empty answer");
}

/* --- logins ------------------------------------------------------------ */

static int believe(void *ctx, struct gw6c_bytes key, struct gw6c_err *err)
{
	(void)ctx;
	(void)err;
	return key.len ? GW6C_OK : GW6C_EAUTH;
}

static void draw(const struct gw6c_host *host, void *out, size_t len)
{
	(void)host;
	if (getrandom(out, len, 0) != (ssize_t)len)
		veteran_die("no random numbers");
}

static struct fake_host fake;
static struct gw6c_login login = { .size = sizeof(login),
				   .realm = "",
				   .trust = believe };

/* In the form in which it travels. */
static size_t frame(const struct gw6c_auth_ops *ops, struct gw6c_bytes raw,
		    uint8_t *room, size_t cap)
{
	struct gw6c_buf out = { .at = room, .cap = cap };

	if (ops->flags & GW6C_AUTH_BASE64)
		base64_put(&out, raw);
	else
		gw6c_put(&out, raw.at, raw.len);
	if (!(ops->flags & GW6C_AUTH_BARE))
		gw6c_put_text(&out, "\r\n");
	return out.len;
}

static struct gw6c_bytes heard(uint8_t *room, size_t cap)
{
	struct gw6c_buf out = { .at = room, .cap = cap };
	size_t len = strcspn(reply, "\r\n");

	if (!base64_get((struct gw6c_bytes){ (uint8_t *)reply, len }, &out))
		veteran_die(reply);
	return gw6c_got(&out);
}

/* The messages of the mechanism, up to the status. */
static void exchange(const struct gw6c_auth_ops *ops, void *self)
{
	uint8_t raw[2048], text[3000], in[2048];
	struct gw6c_bytes got = GW6C_NOTHING;
	int rc = GW6C_MORE;

	if (!(ops->flags & GW6C_AUTH_INITIAL))
		got = heard(in, sizeof(in));
	while (rc == GW6C_MORE) {
		struct gw6c_buf out = GW6C_BUF(raw);
		struct gw6c_err err = { 0 };

		rc = ops->step(self, got, &out, &err);
		if (rc != GW6C_OK && rc != GW6C_MORE)
			veteran_die(err.text);
		if (rc == GW6C_OK && !out.len)
			break;
		ask(text, frame(ops, gw6c_got(&out), text, sizeof(text)),
		    false);
		if (rc == GW6C_OK || strncmp(reply, "200 ", 4) == 0)
			return;
		got = heard(in, sizeof(in));
	}
	/* The status behind the last message of the broker. */
	if (udp)
		ask("", 0, false);
	else
		hear_tcp();
	reply[reply_len] = 0;
}

static void log_in(const char *mechanism)
{
	static const struct gw6c_plugin *const plugins[] = {
		&auth_plain_LTX_gw6c_plugin, &auth_digest_md5_LTX_gw6c_plugin,
		&auth_passdss_3des_1_LTX_gw6c_plugin
	};
	const struct gw6c_auth_ops *ops = NULL;
	struct gw6c_err err = { 0 };
	char line[64];
	void *self;
	int len;

	for (int i = 0; i < 3; i++)
		if (strcmp(plugins[i]->auth->mechanism, mechanism) == 0)
			ops = plugins[i]->auth;
	len = snprintf(line, sizeof(line), "AUTHENTICATE %s\r\n", mechanism);
	/* With the NUL. */
	ask(line, (size_t)len + 1, ops && ops->flags & GW6C_AUTH_INITIAL);
	if (ops) {
		fake_host_init(&fake);
		fake.host.random = draw;
		if (ops->open(&fake.host, &login, &self, &err))
			veteran_die(err.text);
		exchange(ops, self);
		ops->close(self);
	}
	expect("200 ");
}

/* --- the request ------------------------------------------------------- */

static void ask_length(const char *body)
{
	char message[1200];
	size_t length = 0;
	const char *end;

	ask(message,
	    (size_t)snprintf(message, sizeof(message),
			     "Content-length: %zu\r\n%s", strlen(body), body),
	    false);
	if (!reply_len)
		return;
	end = strstr(reply, "\r\n");
	if (sscanf(reply, "Content-length: %zu", &length) != 1 || !end)
		veteran_die(reply);
	end += 2;
	if ((size_t)(reply + reply_len - end) != length)
		veteran_die("octets too many, or too few");
	memmove(reply, end, length + 1);
}

static void create(const char *mode, bool router)
{
	bool four_in = strcmp(mode, "v4v6") == 0;
	char body[1000], own[INET6_ADDRSTRLEN];

	veteran_own(sock, own);
	snprintf(body, sizeof(body),
		 "<tunnel action=\"create\" type=\"%s\" proxy=\"no\">\r\n"
		 " <client>\r\n"
		 "  <address type=\"%s\">%s</address>\r\n"
		 "  <keepalive interval=\"30\"><address type=\"%s\">%s"
		 "</address></keepalive>\r\n%s"
		 " </client>\r\n</tunnel>\r\n",
		 mode, four_in ? "ipv6" : "ipv4", own,
		 four_in ? "ipv4" : "ipv6", four_in ? "127.0.0.1" : "::",
		 router ? "  <router><prefix length=\"64\"/></router>\r\n"
			: "");
	ask_length(body);
	expect("200 ");
}

int main(int argc, char **argv)
{
	struct veteran_lease lease;
	bool new, router;

	if (argc != 9) {
		fputs("usage: veteran CLIENT TRANSPORT MECHANISM MODE ROLE "
		      "BROKER USER PASSWORD\n",
		      stderr);
		return 2;
	}
	new = strcmp(argv[1], "gogoc-1.2") == 0;
	udp = strcmp(argv[2], "udp") == 0;
	router = strcmp(argv[5], "router") == 0;
	login.version = new ? 0x020002 : 0x020001;
	login.broker = argv[6];
	login.user = argv[7];
	login.password = argv[8];
	connect_to(argv[6]);
	ask(new ? "VERSION=2.0.2\r\n" : "VERSION=2.0.1\r\n", 15, false);
	expect("CAPABILITY TUNNEL=");
	if (!strstr(reply, argv[3]))
		veteran_die(reply);
	log_in(argv[3]);
	create(argv[4], router);
	veteran_read(reply, router, &lease);
	reply[0] = 0;
	reply_len = 0;
	if (udp)
		ask_length("<tunnel action=\"accept\"></tunnel>\r\n");
	else if (send(sock,
		      "Content-length: 35\r\n"
		      "<tunnel action=\"accept\"></tunnel>\r\n",
		      55, MSG_NOSIGNAL) != 55)
		veteran_die("cannot accept");
	printf("%s %s %s\n", lease.type, lease.ours, lease.prefix);
	veteran_keep(&lease, sock, new ? 16 : 56);
	return 0;
}
