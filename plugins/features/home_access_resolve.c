/* home_access_resolve.c - addresses of devices that are known by a name. HAProxy
 * never looks up a name: each address is judged here first. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_access.h"
#include <stdlib.h>

#define AGAIN_MS 30000
#define MOST 16 /* addresses of a name */

struct resolution {
	struct access_resolver *resolver;
	struct resolution *next;
	char name[GW6C_NAME];
	struct gw6c_addr addr[MOST];
	int n;
	char why[200];
	struct gw6c_watch *watch; /* NULL: nothing is being asked */
	bool used;
};

static struct resolution *find(const struct access_resolver *resolver,
			       const char *name)
{
	struct resolution *at = resolver->first;

	while (at && strcmp(at->name, name) != 0)
		at = at->next;
	return at;
}

/* A failure leaves what was known: a server of names may be away for a while. */
static void on_answer(void *arg, const struct gw6c_addr *addrs, int n,
		      const struct gw6c_err *err)
{
	struct resolution *at = arg;
	struct gw6c_addr fresh[MOST] = { { .family = 0 } };
	int known = n < MOST ? n : MOST;

	at->watch = NULL;
	if (known < 1) {
		snprintf(at->why, sizeof(at->why), "%.*s",
			 (int)sizeof(at->why) - 1, err->text);
		if (!at->n)
			at->resolver->news(at->resolver->arg);
		return;
	}
	memcpy(fresh, addrs, (size_t)known * sizeof(fresh[0]));
	if (at->n == known && memcmp(at->addr, fresh, sizeof(fresh)) == 0)
		return;
	memcpy(at->addr, fresh, sizeof(fresh));
	at->n = known;
	at->resolver->news(at->resolver->arg);
}

static void ask(struct resolution *at)
{
	const struct gw6c_host *host = at->resolver->host;

	if (!at->watch)
		at->watch = host->lookup(host, at->name, 4, on_answer, at);
}

static void on_again(void *arg)
{
	struct access_resolver *resolver = arg;

	resolver->timer = resolver->host->on_timer(resolver->host, AGAIN_MS,
						   on_again, resolver);
	for (struct resolution *at = resolver->first; at; at = at->next)
		ask(at);
}

static struct resolution *add(struct access_resolver *resolver,
			      const char *name)
{
	struct resolution *at = calloc(1, sizeof(*at));

	if (!at)
		return NULL;
	at->resolver = resolver;
	snprintf(at->name, sizeof(at->name), "%s", name);
	snprintf(at->why, sizeof(at->why), "the name is being looked up");
	at->next = resolver->first;
	resolver->first = at;
	ask(at);
	return at;
}

static void remove_unused(struct access_resolver *resolver)
{
	struct resolution **link = &resolver->first;

	while (*link) {
		struct resolution *at = *link;

		if (at->used) {
			link = &at->next;
			continue;
		}
		*link = at->next;
		resolver->host->forget(resolver->host, at->watch);
		free(at);
	}
}

void access_resolve(struct access_resolver *resolver,
		    const struct access_list *list)
{
	for (struct resolution *at = resolver->first; at; at = at->next)
		at->used = false;
	for (int i = 0; i < list->n; i++) {
		const struct access_device *device = &list->device[i];
		struct resolution *at;

		if (device->addr.family)
			continue;
		at = find(resolver, device->host);
		if (!at)
			at = add(resolver, device->host);
		if (at)
			at->used = true;
	}
	remove_unused(resolver);
	resolver->host->forget(resolver->host, resolver->timer);
	resolver->timer = NULL;
	if (resolver->first)
		resolver->timer =
			resolver->host->on_timer(resolver->host, AGAIN_MS,
						 on_again, resolver);
}

void access_resolve_end(struct access_resolver *resolver)
{
	static const struct access_list none = { NULL, 0 };

	access_resolve(resolver, &none);
}

int access_resolved(const struct access_resolver *resolver, const char *name,
		    const struct gw6c_addr **addrs, const char **why)
{
	const struct resolution *at = find(resolver, name);

	*why = at ? at->why : "out of memory";
	*addrs = at ? at->addr : NULL;
	return at ? at->n : 0;
}
