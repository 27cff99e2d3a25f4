/* loop_resolve.c - names to addresses, by libevent's resolver: never blocks, can
 * be cancelled, honours the hosts file. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "loop_parts.h"
#include "sockaddr.h"
#include <event2/dns.h>
#include <event2/event.h>
#include <event2/util.h>
#include <stdlib.h>

#ifndef RESOLV_CONF
#define RESOLV_CONF "/etc/resolv.conf"
#endif
#ifndef HOSTS_FILE
#define HOSTS_FILE "/etc/hosts"
#endif

struct lookup {
	struct loop *loop;
	struct lookup *next, **link; /* in the loop's list */
	struct gw6c_watch *timer; /* the next stage */
	char *name;
	int family;
	struct evdns_base *dns;
	struct evdns_getaddrinfo_request *request;
	bool no_server; /* resolv.conf names none */
	struct gw6c_addr addr[LOOP_ADDRS];
	int n;
	struct gw6c_err err;
	/* NULL: cancelled, only to be freed. */
	void (*call)(void *arg, const struct gw6c_addr *addrs, int n,
		     const struct gw6c_err *err);
	void *arg;
};

static void lookup_free(struct lookup *lookup)
{
	*lookup->link = lookup->next;
	if (lookup->next)
		lookup->next->link = lookup->link;
	free(lookup->name);
	free(lookup);
}

/* The library must not be freed from inside its own callback: each stage is
 * a timer of its own. */
static void lookup_end(void *arg)
{
	struct lookup *lookup = arg;

	if (lookup->dns)
		evdns_base_free(lookup->dns, 0);
	if (lookup->call)
		lookup->call(lookup->arg, lookup->addr, lookup->n,
			     &lookup->err);
	lookup_free(lookup);
}

static void lookup_finish(struct lookup *lookup)
{
	lookup->request = NULL;
	lookup->timer = loop_timer(lookup->loop, 0, lookup_end, lookup);
}

static void lookup_fail(struct lookup *lookup, const char *why)
{
	gw6c_fail(&lookup->err, GW6C_ENET,
		  "cannot resolve %.200s to an IPv%d address: %s%s",
		  lookup->name, lookup->family, why,
		  lookup->no_server ? " (" RESOLV_CONF " lists no name server)"
				    : "");
}

static void lookup_answer(int result, struct evutil_addrinfo *list, void *arg)
{
	struct lookup *lookup = arg;
	struct sockaddr_storage storage;
	uint16_t port;

	for (struct evutil_addrinfo *at = list; at && lookup->n < LOOP_ADDRS;
	     at = at->ai_next) {
		if (at->ai_addrlen > sizeof(storage))
			continue;
		memset(&storage, 0, sizeof(storage));
		memcpy(&storage, at->ai_addr, at->ai_addrlen);
		if (sockaddr_get(&storage, &lookup->addr[lookup->n], &port) &&
		    lookup->addr[lookup->n].family == lookup->family)
			lookup->n++;
	}
	if (list)
		evutil_freeaddrinfo(list);
	if (!lookup->n)
		lookup_fail(lookup, result ? evutil_gai_strerror(result)
					   : "it has none");
	lookup_finish(lookup);
}

static void lookup_ask(void *arg)
{
	struct lookup *lookup = arg;
	struct evutil_addrinfo hints = {
		.ai_family = lookup->family == 4 ? AF_INET : AF_INET6,
		.ai_socktype = SOCK_DGRAM,
		.ai_protocol = IPPROTO_UDP,
	};

	lookup->timer = NULL;
	lookup->dns = evdns_base_new(loop_base(lookup->loop),
				     EVDNS_BASE_DISABLE_WHEN_INACTIVE);
	if (!lookup->dns) {
		lookup_fail(lookup, "out of memory or descriptors");
		lookup_finish(lookup);
		return;
	}
	/* Some home routers do not preserve the case of names. */
	evdns_base_set_option(lookup->dns, "randomize-case:", "0");
	lookup->no_server =
		evdns_base_resolv_conf_parse(lookup->dns,
					     DNS_OPTIONS_ALL &
						     ~DNS_OPTION_HOSTSFILE,
					     RESOLV_CONF) != 0;
	if (lookup->no_server) {
		/* The library asks 127.0.0.1 then: it is there, or is not. */
		evdns_base_set_option(lookup->dns, "timeout:", "3");
		evdns_base_set_option(lookup->dns, "attempts:", "1");
	}
	evdns_base_load_hosts(lookup->dns, HOSTS_FILE);
	lookup->request = evdns_getaddrinfo(lookup->dns, lookup->name, NULL,
					    &hints, lookup_answer, lookup);
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
				   literal ? lookup_literal : lookup_ask,
				   lookup);
	if (lookup->timer)
		return lookup;
	lookup_free(lookup);
	return NULL;
}

void loop_cancel(struct lookup *lookup)
{
	if (!lookup)
		return;
	lookup->call = NULL;
	if (lookup->request) {
		/* Its callback comes, and frees. */
		evdns_getaddrinfo_cancel(lookup->request);
		return;
	}
	loop_forget(lookup->timer);
	lookup_end(lookup);
}

void lookups_cancel(struct loop *loop)
{
	struct lookup *next;

	for (struct lookup *at = *loop_lookups(loop); at; at = next) {
		next = at->next;
		loop_cancel(at);
	}
}
