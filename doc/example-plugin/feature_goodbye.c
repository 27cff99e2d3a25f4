/* feature_goodbye.c - says goodbye to a server through the tunnel, while
 * packets still pass. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <gw6c/plugin.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER_MS 2000 /* of the 5 s that the core gives */

struct goodbye {
	const struct gw6c_host *host;
	struct gw6c_watch *on_answer, *on_timer;
	int sock; /* -1: nothing is under way */
	long said;
};

/* Nothing is under way any more. */
static void reset(struct goodbye *self)
{
	self->host->forget(self->host, self->on_answer);
	self->host->forget(self->host, self->on_timer);
	self->on_answer = self->on_timer = NULL;
	if (self->sock >= 0)
		close(self->sock);
	self->sock = -1;
}

/* LEAVING was answered with GW6C_LATER; this is what comes later. */
static void finish(struct goodbye *self, const char *how)
{
	reset(self);
	self->said++;
	self->host->status(self->host, "said", "%ld", self->said);
	self->host->log(self->host, GW6C_INFO, "said goodbye, %s", how);
	self->host->done(self->host, GW6C_OK, GW6C_NOTHING, NULL);
}

static void on_answer(void *arg, int ready)
{
	(void)ready;
	finish(arg, "and was answered");
}

static void on_timer(void *arg)
{
	struct goodbye *self = arg;

	self->on_timer = NULL; /* it has fired, and is gone */
	finish(self, "without an answer");
}

/* Non-blocking: what cannot be sent now is not sent. */
static bool say(struct goodbye *self, const struct gw6c_addr *server)
{
	const char *words = self->host->str(self->host, "words");
	struct sockaddr_in6 to = { .sin6_family = AF_INET6 };

	to.sin6_port = htons((uint16_t)self->host->num(self->host, "port"));
	memcpy(&to.sin6_addr, server->octets, 16);
	self->sock = socket(AF_INET6,
			    SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	return self->sock >= 0 &&
	       connect(self->sock, (struct sockaddr *)&to, sizeof(to)) == 0 &&
	       send(self->sock, words, strlen(words), 0) >= 0;
}

static int leave(struct goodbye *self)
{
	const struct gw6c_host *host = self->host;
	struct gw6c_addr server;

	if (!host->addr(host, "server", 0, &server))
		return GW6C_OK; /* there is none to say it to */
	reset(self);
	if (!say(self, &server)) {
		host->log(host, GW6C_WARN, "cannot say goodbye: %s",
			  strerror(errno));
		reset(self);
		return GW6C_OK;
	}
	self->on_answer =
		host->on_fd(host, self->sock, GW6C_READ, on_answer, self);
	self->on_timer = host->on_timer(host, ANSWER_MS, on_timer, self);
	if (self->on_timer)
		return GW6C_LATER;
	reset(self);
	return GW6C_OK;
}

static int tell(void *arg, const struct gw6c_news *news)
{
	struct goodbye *self = arg;
	char text[GW6C_ADDR_TEXT];

	switch (news->fact) {
	case GW6C_READY:
	case GW6C_CHANGED:
		self->host->status(self->host, "as", "%s",
				   gw6c_addr_text(&news->lease->inner, text));
		return GW6C_OK;
	case GW6C_LEAVING:
		return leave(self);
	case GW6C_DOWN: /* maybe before it has finished */
		reset(self);
		self->host->status(self->host, "as", NULL);
		return GW6C_OK;
	}
	return GW6C_OK; /* a fact of a newer gw6c */
}

static void close_goodbye(void *arg)
{
	reset(arg);
	free(arg);
}

static int open_goodbye(const struct gw6c_host *host, void **out,
			struct gw6c_err *err)
{
	struct goodbye *self = calloc(1, sizeof(*self));

	if (!self)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	self->host = host;
	self->sock = -1;
	*out = self;
	return GW6C_OK;
}

static const struct gw6c_opt options[] = {
	{ .key = "server",
	  .type = GW6C_ADDRESS,
	  .max = 6, /* of IPv6 */
	  .summary = "whom to say it to, by UDP" },
	{ .key = "port",
	  .type = GW6C_PORT,
	  .fallback = "9",
	  .summary = "port of the server" },
	{ .key = "words",
	  .type = GW6C_STR,
	  .fallback = "goodbye",
	  .summary = "what to say" },
	{ .key = NULL },
};

static const struct gw6c_feature_ops ops = {
	.size = sizeof(ops),
	.open = open_goodbye,
	.close = close_goodbye,
	.tell = tell,
};

GW6C_PLUGIN(feature_goodbye) = {
	GW6C_HEAD(GW6C_FEATURE, "goodbye",
		  "says goodbye to a server through the tunnel"),
	.opts = options,
	.feature = &ops,
};
