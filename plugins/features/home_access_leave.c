/* home_access_leave.c - HAProxys that have been replaced, and what is under way
 * there. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_access.h"
#include <stdlib.h>

#define OLD_MOST 8 /* that leave; the oldest ends when there are more */

void access_forget(struct home_access *access, struct gw6c_watch **watch)
{
	access->host->forget(access->host, *watch);
	*watch = NULL;
}

void access_finished(struct home_access *access)
{
	if (!access->awaited || access->old)
		return;
	access->awaited = false;
	access_forget(access, &access->leave);
	access->host->done(access->host, GW6C_OK, GW6C_NOTHING, NULL);
}

/* All but the newest of them. */
void access_end_old(struct home_access *access, int kept)
{
	struct access_engine **link = &access->old;

	while (*link && kept--)
		link = &(*link)->next;
	while (*link) {
		struct access_engine *engine = *link;

		*link = engine->next;
		access_engine_end(engine);
	}
}

/* What has not begun to serve has nothing to finish. */
void access_retire(struct home_access *access, struct access_engine **which)
{
	struct access_engine *engine = *which;

	*which = NULL;
	if (!engine)
		return;
	if (!engine->ready) {
		access_engine_end(engine);
		return;
	}
	access_engine_leave(engine);
	engine->next = access->old;
	access->old = engine;
	access_end_old(access, OLD_MOST);
}

void access_retire_all(struct home_access *access)
{
	access_retire(access, &access->now);
	access_retire(access, &access->before);
	free(access->text);
	access->text = NULL;
}

void access_take_out(struct home_access *access, struct access_engine *engine)
{
	struct access_engine **link = &access->old;

	while (*link && *link != engine)
		link = &(*link)->next;
	if (*link)
		*link = engine->next;
}
