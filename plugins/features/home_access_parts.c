/* home_access_parts.c - what an HAProxy publishes, so that two can be compared:
 * what is under way goes on where nothing has changed. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_access.h"
#include <stdlib.h>

static void mix(uint64_t *sum, const void *at, size_t len)
{
	const uint8_t *octets = at;

	for (size_t i = 0; i < len; i++)
		*sum = (*sum ^ octets[i]) * 1099511628211u;
}

static uint64_t part_sum(const struct access_entry *entry,
			 const struct access_service *service)
{
	const struct access_device *device = entry->device;
	uint64_t sum = 14695981039346656037u;

	mix(&sum, &entry->target, sizeof(entry->target));
	mix(&sum, &entry->own, sizeof(entry->own));
	mix(&sum, &service->to, sizeof(service->to));
	mix(&sum, device->allow,
	    (size_t)device->n_allow * sizeof(device->allow[0]));
	mix(&sum, device->password ? "p" : "-", 1);
	for (int i = 0; i < device->n_users; i++)
		mix(&sum, device->user[i], strlen(device->user[i]) + 1);
	return sum;
}

bool access_parts_list(struct access_engine *engine,
		       const struct access_conf *conf)
{
	size_t most = (size_t)conf->n * ACCESS_SERVICES + 1;

	engine->parts = calloc(most, sizeof(engine->parts[0]));
	if (!engine->parts)
		return false;
	for (int i = 0; i < conf->n; i++)
		for (int k = 0; k < conf->entry[i].device->n_services; k++) {
			const struct access_entry *entry = &conf->entry[i];
			const struct access_service *service =
				&entry->device->service[k];
			struct access_part *part;

			if (!entry->on[k])
				continue;
			part = &engine->parts[engine->n_parts++];
			access_backend(entry->device, service, part->name);
			part->sum = part_sum(entry, service);
		}
	return true;
}

bool access_parts_has(const struct access_engine *engine,
		      const struct access_part *part)
{
	for (int i = 0; engine && i < engine->n_parts; i++)
		if (engine->parts[i].sum == part->sum &&
		    strcmp(engine->parts[i].name, part->name) == 0)
			return true;
	return false;
}
