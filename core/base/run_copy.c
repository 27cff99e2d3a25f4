/* run_copy.c - a program to run, kept beyond the call that asked for it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "run_copy.h"
#include "wipe.h"
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static void list_free(const char *const *list)
{
	for (const char *const *at = list; at && *at; at++)
		free((char *)*at);
	free((void *)list);
}

/* False: out of memory. No list is none. */
static bool list_copy(const char *const *list, const char *const **out)
{
	size_t n = 0;
	char **copy;

	if (!list)
		return true;
	while (list[n])
		n++;
	copy = calloc(n + 1, sizeof(*copy));
	*out = (const char *const *)copy;
	for (size_t i = 0; copy && i < n; i++)
		if (!(copy[i] = strdup(list[i])))
			return false;
	return copy;
}

static bool text_copy(const char *text, const char **out)
{
	*out = text ? strdup(text) : NULL;
	return !text || *out;
}

static bool input_copy(struct gw6c_bytes input, struct gw6c_bytes *out)
{
	uint8_t *copy = malloc(input.len + 1);

	if (!copy)
		return false;
	if (input.len)
		memcpy(copy, input.at, input.len);
	*out = (struct gw6c_bytes){ copy, input.len };
	return true;
}

/* Whoever asked may close theirs, and get another with its number. */
static bool fds_copy(const struct gw6c_run *run, struct gw6c_run *copy)
{
	int *fds = calloc(run->n_fds + 1, sizeof(*fds));

	copy->fds = fds;
	while (fds && copy->n_fds < run->n_fds) {
		int fd = fcntl(run->fds[copy->n_fds], F_DUPFD_CLOEXEC, 3);

		if (fd < 0)
			return false;
		fds[copy->n_fds++] = fd;
	}
	return fds;
}

struct gw6c_run *run_copy(const struct gw6c_run *run)
{
	struct gw6c_run *copy = calloc(1, sizeof(*copy));

	if (!copy)
		return NULL;
	*copy = *run;
	copy->argv = copy->env = NULL;
	copy->user = copy->group = copy->dir = NULL;
	copy->input = GW6C_NOTHING;
	copy->fds = NULL;
	copy->n_fds = 0;
	if (list_copy(run->argv, &copy->argv) &&
	    list_copy(run->env, &copy->env) &&
	    text_copy(run->user, &copy->user) &&
	    text_copy(run->group, &copy->group) &&
	    text_copy(run->dir, &copy->dir) &&
	    input_copy(run->input, &copy->input) && fds_copy(run, copy))
		return copy;
	run_copy_free(copy);
	return NULL;
}

/* What it is told on standard input may be a secret. */
void run_copy_free(struct gw6c_run *copy)
{
	if (!copy)
		return;
	list_free(copy->argv);
	list_free(copy->env);
	free((char *)copy->user);
	free((char *)copy->group);
	free((char *)copy->dir);
	if (copy->input.at)
		wipe((uint8_t *)copy->input.at, copy->input.len);
	free((uint8_t *)copy->input.at);
	for (uint32_t i = 0; i < copy->n_fds; i++)
		close(copy->fds[i]);
	free((int *)copy->fds);
	free(copy);
}
