/* loop_resolve.c - names to addresses: never blocks, can be cancelled, honours
 * the hosts file. Of the servers of resolv.conf each is asked in turn over UDP,
 * and over TCP where an answer did not fit. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dns_conf.h"
#include "dns_message.h"
#include "lookups.h"
#include "random.h"
#include "sockaddr.h"
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <unistd.h>

#ifndef RESOLV_CONF
#define RESOLV_CONF "/etc/resolv.conf"
#endif
#ifndef HOSTS_FILE
#define HOSTS_FILE "/etc/hosts"
#endif

#define ANSWER_MAX (2 + 65535) /* octets, with the length that TCP has */

struct lookup {
	struct loop *loop;
	struct lookup *next, **link; /* in the loop's list */
	struct gw6c_watch *timer; /* the next stage, or the end of patience */
	struct gw6c_watch *watch; /* of fd */
	int fd; /* to the server that is asked now, -1: none */
	bool tcp;
	char *name;
	int family;
	struct dns_conf conf;
	int candidate; /* which of dns_candidate() is asked */
	int turn; /* of all servers, attempts times */
	bool heard; /* a server has answered to this candidate */
	uint8_t question[2 + DNS_QUERY_MAX]; /* behind its length, for TCP */
	size_t question_len;
	uint8_t *answer;
	size_t answer_len;
	enum dns_verdict why; /* what says most of the failure */
	int why_server; /* which server said it */
	int mute, mute_errno; /* the last one that did not answer, and why */
	struct gw6c_addr addr[LOOP_ADDRS];
	int n;
	struct gw6c_err err;
	void (*call)(void *arg, const struct gw6c_addr *addrs, int n,
		     const struct gw6c_err *err);
	void *arg;
};

static void lookup_hang_up(struct lookup *lookup)
{
	loop_forget(lookup->timer);
	lookup->timer = NULL;
	loop_forget(lookup->watch);
	lookup->watch = NULL;
	if (lookup->fd >= 0)
		close(lookup->fd);
	lookup->fd = -1;
}

static void lookup_free(struct lookup *lookup)
{
	lookup_hang_up(lookup);
	*lookup->link = lookup->next;
	if (lookup->next)
		lookup->next->link = lookup->link;
	free(lookup->answer);
	free(lookup->name);
	free(lookup);
}

static void lookup_end(struct lookup *lookup)
{
	lookup_hang_up(lookup);
	lookup->call(lookup->arg, lookup->addr, lookup->n, &lookup->err);
	lookup_free(lookup);
}

/* --- why not ------------------------------------------------------------ */

static void lookup_fail(struct lookup *lookup, const char *why)
{
	gw6c_fail(&lookup->err, GW6C_ENET,
		  "cannot resolve %.200s to an IPv%d address: %s%s",
		  lookup->name, lookup->family, why,
		  lookup->conf.none ? " (" RESOLV_CONF " lists no name server)"
				    : "");
	lookup_end(lookup);
}

/* None of the names or servers led to an address. */
static void lookup_give_up(struct lookup *lookup)
{
	char server[GW6C_ADDR_TEXT], why[200];
	struct gw6c_addr addr = { 0 };
	uint16_t port;

	sockaddr_get(&lookup->conf.server[lookup->why_server], &addr, &port);
	gw6c_addr_text(&addr, server);
	switch (lookup->why) {
	case DNS_NO_NAME:
		lookup_fail(lookup, "there is no such name (NXDOMAIN)");
		return;
	case DNS_NO_ADDRESS:
		snprintf(why, sizeof(why),
			 "the name exists, but has no IPv%d address (%s "
			 "record)",
			 lookup->family, lookup->family == 4 ? "A" : "AAAA");
		break;
	case DNS_FAILED:
		snprintf(why, sizeof(why),
			 "name server %s failed to look it up (SERVFAIL)",
			 server);
		break;
	case DNS_REFUSED:
		snprintf(why, sizeof(why),
			 "name server %s refuses to look it up (REFUSED)",
			 server);
		break;
	case DNS_BROKEN:
		snprintf(why, sizeof(why),
			 "name server %s sent an answer that makes no sense",
			 server);
		break;
	default:
		snprintf(why, sizeof(why),
			 lookup->mute_errno == ETIMEDOUT
				 ? "time-out: name server %s does not answer"
				 : "name server %s cannot be reached: %s",
			 server, strerror(lookup->mute_errno));
	}
	lookup_fail(lookup, why);
}

/* Remember the reason that says most: a server's verdict is worth more than
 * its silence, and that a name exists more than that another does not. */
static void lookup_note(struct lookup *lookup, enum dns_verdict why)
{
	static const int worth[] = {
		[DNS_FOREIGN] = 0, [DNS_BROKEN] = 1,  [DNS_REFUSED] = 2,
		[DNS_FAILED] = 3,  [DNS_NO_NAME] = 4, [DNS_NO_ADDRESS] = 5
	};

	if (worth[why] < worth[lookup->why])
		return;
	lookup->why = why;
	lookup->why_server = lookup->turn % lookup->conf.servers;
}

/* --- asking ------------------------------------------------------------- */

static void lookup_ask(struct lookup *lookup);
static void lookup_name(struct lookup *lookup);

static void lookup_next_name(struct lookup *lookup)
{
	lookup_hang_up(lookup);
	lookup->candidate++;
	lookup_name(lookup);
}

/* This server did not help. */
static void lookup_next_server(struct lookup *lookup, enum dns_verdict why)
{
	lookup_hang_up(lookup);
	lookup_note(lookup, why);
	lookup->heard |= why != DNS_FOREIGN;
	lookup->turn++;
	lookup_ask(lookup);
}

static void lookup_server_error(struct lookup *lookup, int error)
{
	lookup->mute_errno = error;
	lookup->mute = lookup->turn % lookup->conf.servers;
	lookup_next_server(lookup, DNS_FOREIGN);
}

static void lookup_silence(void *arg)
{
	struct lookup *lookup = arg;

	lookup->timer = NULL;
	lookup_server_error(lookup, ETIMEDOUT);
}

static void lookup_open(struct lookup *lookup, bool tcp);

static void lookup_answered(struct lookup *lookup, struct gw6c_bytes answer)
{
	const struct gw6c_bytes question = { lookup->question + 2,
					     lookup->question_len };
	enum dns_verdict verdict = dns_answer(question, answer, lookup->addr,
					      LOOP_ADDRS, &lookup->n);

	switch (verdict) {
	case DNS_FOUND:
		lookup_end(lookup);
		return;
	case DNS_NO_NAME:
	case DNS_NO_ADDRESS:
		lookup_note(lookup, verdict);
		lookup_next_name(lookup);
		return;
	case DNS_CUT:
		if (lookup->tcp)
			break;
		lookup_hang_up(lookup);
		lookup_open(lookup, true);
		return;
	case DNS_FOREIGN:
		if (lookup->tcp)
			break;
		return; /* perhaps forged: the true one may still come */
	default:
		lookup_next_server(lookup, verdict);
		return;
	}
	lookup_next_server(lookup, DNS_BROKEN);
}

static void lookup_udp(void *arg, int ready)
{
	struct lookup *lookup = arg;
	ssize_t len = recv(lookup->fd, lookup->answer, ANSWER_MAX, 0);

	(void)ready;
	if (len >= 0)
		lookup_answered(lookup, (struct gw6c_bytes){ lookup->answer,
							     (size_t)len });
	else if (errno != EAGAIN && errno != EINTR)
		lookup_server_error(lookup, errno);
}

static void lookup_tcp_read(void *arg, int ready)
{
	struct lookup *lookup = arg;
	uint8_t *at = lookup->answer;
	ssize_t len = recv(lookup->fd, at + lookup->answer_len,
			   ANSWER_MAX - lookup->answer_len, 0);
	size_t whole;

	(void)ready;
	if (len < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (len <= 0) {
		lookup_server_error(lookup, len < 0 ? errno : ECONNRESET);
		return;
	}
	lookup->answer_len += (size_t)len;
	if (lookup->answer_len < 2)
		return;
	whole = 2 + ((size_t)at[0] << 8 | at[1]);
	if (lookup->answer_len >= whole)
		lookup_answered(lookup,
				(struct gw6c_bytes){ at + 2, whole - 2 });
}

/* Connected: the question is so short that it goes at once. */
static void lookup_tcp_send(void *arg, int ready)
{
	struct lookup *lookup = arg;
	size_t len = 2 + lookup->question_len;
	int error = 0;
	socklen_t size = sizeof(error);

	(void)ready;
	getsockopt(lookup->fd, SOL_SOCKET, SO_ERROR, &error, &size);
	if (!error && send(lookup->fd, lookup->question, len, MSG_NOSIGNAL) !=
			      (ssize_t)len)
		error = errno;
	loop_forget(lookup->watch);
	lookup->watch = error ? NULL
			      : loop_fd(lookup->loop, lookup->fd, GW6C_READ,
					lookup_tcp_read, lookup);
	if (!lookup->watch)
		lookup_server_error(lookup, error ? error : ENOMEM);
}

/* Begin with the server whose turn it is. */
static void lookup_open(struct lookup *lookup, bool tcp)
{
	const struct sockaddr_storage *at =
		&lookup->conf.server[lookup->turn % lookup->conf.servers];
	socklen_t len = at->ss_family == AF_INET ? sizeof(struct sockaddr_in)
						 : sizeof(struct sockaddr_in6);
	int type = tcp ? SOCK_STREAM : SOCK_DGRAM;

	lookup->tcp = tcp;
	lookup->answer_len = 0;
	lookup->fd =
		socket(at->ss_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (lookup->fd < 0 ||
	    (connect(lookup->fd, (const struct sockaddr *)at, len) < 0 &&
	     errno != EINPROGRESS) ||
	    (!tcp && send(lookup->fd, lookup->question + 2,
			  lookup->question_len, MSG_NOSIGNAL) < 0)) {
		lookup_server_error(lookup, errno);
		return;
	}
	lookup->watch =
		loop_fd(lookup->loop, lookup->fd, tcp ? GW6C_WRITE : GW6C_READ,
			tcp ? lookup_tcp_send : lookup_udp, lookup);
	lookup->timer = loop_timer(lookup->loop,
				   (uint32_t)lookup->conf.timeout_s * 1000,
				   lookup_silence, lookup);
	if (!lookup->watch || !lookup->timer)
		lookup_server_error(lookup, ENOMEM);
}

static void lookup_ask(struct lookup *lookup)
{
	const struct dns_conf *conf = &lookup->conf;

	if (lookup->turn < conf->servers * conf->attempts)
		lookup_open(lookup, false);
	else if (lookup->heard)
		lookup_next_name(lookup);
	else {
		lookup->why = DNS_FOREIGN;
		lookup->why_server = lookup->mute;
		lookup_give_up(lookup); /* no other name would be answered */
	}
}

/* The next name that could be meant. */
static void lookup_name(struct lookup *lookup)
{
	struct gw6c_buf out = GW6C_BUF(lookup->question);
	char name[DNS_NAME];
	uint16_t id;

	if (!dns_candidate(&lookup->conf, lookup->name, lookup->candidate,
			   name)) {
		lookup_give_up(lookup);
		return;
	}
	lookup->turn = 0;
	lookup->heard = false;
	random_octets(&id, sizeof(id));
	gw6c_put(&out, "\0", 2);
	if (!dns_question(id, name, lookup->family, &out)) {
		lookup_fail(lookup, "it is not a valid name");
		return;
	}
	lookup->question_len = out.len - 2;
	lookup->question[0] = (uint8_t)(lookup->question_len >> 8);
	lookup->question[1] = (uint8_t)lookup->question_len;
	lookup_ask(lookup);
}

/* --- start and end ------------------------------------------------------ */

static void lookup_begin(void *arg)
{
	struct lookup *lookup = arg;

	lookup->timer = NULL;
	lookup->n = dns_hosts(HOSTS_FILE, lookup->name, lookup->family,
			      lookup->addr, LOOP_ADDRS);
	if (lookup->n) {
		lookup_end(lookup);
		return;
	}
	dns_conf_read(RESOLV_CONF, &lookup->conf);
	lookup->answer = malloc(ANSWER_MAX);
	if (lookup->answer)
		lookup_name(lookup);
	else
		lookup_fail(lookup, "out of memory");
}

static void lookup_literal(void *arg)
{
	struct lookup *lookup = arg;

	lookup->timer = NULL;
	if (lookup->addr[0].family == lookup->family)
		lookup->n = 1;
	else
		gw6c_fail(&lookup->err, GW6C_ECONFIG,
			  "%.100s is not an IPv%d address, which this tunnel "
			  "mode requires",
			  lookup->name, lookup->family);
	lookup_end(lookup);
}

struct lookup *loop_resolve(struct loop *loop, const char *name, int family,
			    void (*call)(void *arg,
					 const struct gw6c_addr *addrs, int n,
					 const struct gw6c_err *err),
			    void *arg)
{
	struct lookup *lookup = calloc(1, sizeof(*lookup));
	bool literal;

	if (!lookup)
		return NULL;
	lookup->loop = loop;
	lookup->fd = -1;
	lookup->family = family;
	lookup->call = call;
	lookup->arg = arg;
	lookup->name = strdup(name);
	lookup->link = loop_lookups(loop);
	lookup->next = *lookup->link;
	if (lookup->next)
		lookup->next->link = &lookup->next;
	*lookup->link = lookup;
	literal = gw6c_addr_parse(name, &lookup->addr[0]);
	if (lookup->name)
		lookup->timer =
			loop_timer(loop, 0,
				   literal ? lookup_literal : lookup_begin,
				   lookup);
	if (lookup->timer)
		return lookup;
	lookup_free(lookup);
	return NULL;
}

void loop_cancel(struct lookup *lookup)
{
	if (lookup)
		lookup_free(lookup);
}

void lookups_cancel(struct loop *loop)
{
	while (*loop_lookups(loop))
		lookup_free(*loop_lookups(loop));
}
