/* tools.c - a backend that drives the tools of its platform. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "tools.h"
#include "tun.h"
#include <net/if.h>
#include <stdlib.h>
#include <unistd.h>

#define NAMES 1000 /* interfaces tried */

struct tools {
	const struct platform *platform;
	const struct gw6c_host *host;
	struct relay *relay;
};

int tools_open(const struct platform *platform, const struct gw6c_host *host,
	       void **self, struct gw6c_err *err)
{
	struct tools *tools;

	if (!GW6C_HAS(host, run_wait))
		return gw6c_fail(err, GW6C_ECONFIG, "it needs a newer gw6c");
	tools = calloc(1, sizeof(*tools));
	if (!tools)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	tools->platform = platform;
	tools->host = host;
	*self = tools;
	return GW6C_OK;
}

void tools_close(void *self)
{
	struct tools *tools = self;

	relay_close(tools->relay);
	free(tools);
}

int tools_check(void *self, struct gw6c_err *err)
{
	const struct tools *tools = self;

	if (!tools->platform->here)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "this system is not %s; gw6c --dry-run shows "
				 "what would be done there",
				 tools->platform->name);
	if (geteuid() != 0)
		return gw6c_fail(err, GW6C_EOS,
				 "not allowed to set up interfaces: run as "
				 "root");
	return GW6C_OK;
}

/* --- what a plan says ---------------------------------------------------- */

const struct gw6c_step *plan_link(const struct gw6c_plan *plan)
{
	static const struct gw6c_step none;

	for (uint32_t i = 0; i < plan->n; i++)
		if (plan->step[i].verb == GW6C_LINK &&
		    plan->step[i].kind != GW6C_RAW_SINK)
			return &plan->step[i];
	return &none;
}

const struct gw6c_step *plan_inner(const struct gw6c_plan *plan)
{
	for (uint32_t i = 0; i < plan->n; i++)
		if (plan->step[i].verb == GW6C_ADDR && !plan->step[i].dev[0])
			return &plan->step[i];
	return NULL;
}

static bool is_any(const char *name)
{
	return !name[0] || strcmp(name, "auto") == 0;
}

/* The interface of a step. On paper nobody has chosen one: the first. */
static void find_dev(const struct tools *tools, const struct gw6c_plan *plan,
		     const struct gw6c_step *step, char dev[GW6C_DEV])
{
	const struct platform *platform = tools->platform;
	const char *name = step->dev[0] ? step->dev : plan->dev;

	if (is_any(name))
		snprintf(dev, GW6C_DEV, "%s0",
			 platform->names(platform, plan_link(plan)->kind));
	else
		snprintf(dev, GW6C_DEV, "%s", name);
}

/* --- commands ---------------------------------------------------------- */

static int list_step(const struct tools *tools, const struct gw6c_plan *plan,
		     const struct gw6c_step *step, bool add,
		     struct commands *list, struct gw6c_err *err)
{
	char dev[GW6C_DEV];

	*list = (struct commands){ .n = 0 };
	find_dev(tools, plan, step, dev);
	if (tools->platform->commands(tools->platform, dev, plan, step, add,
				      list, err))
		return err->rc;
	if (!list->overflow)
		return GW6C_OK;
	return gw6c_fail(err, GW6C_EBUG, "command line too long");
}

/* What is looked for in the output of a command. */
struct search {
	const struct gw6c_host *host;
	const char *begin;
	char *found;
	size_t len;
};

static void search_line(void *arg, const char *text)
{
	struct search *search = arg;
	const char *at = text + strspn(text, " \t");
	size_t len = search->begin ? strlen(search->begin) : 0;

	if (!search->begin)
		search->host->log(search->host, GW6C_DEBUG, "%s", text);
	else if (!search->found[0] && strncmp(at, search->begin, len) == 0)
		snprintf(search->found, search->len, "%s",
			 at + len + strspn(at + len, " \t"));
}

static int run_command(const struct tools *tools, const char *const *argv,
		       struct search *search, struct gw6c_err *err)
{
	const struct gw6c_host *host = tools->host;
	struct gw6c_run run = { .size = sizeof(run),
				.argv = argv,
				.line = search_line,
				.arg = search };
	uint32_t limit_ms = (uint32_t)host->num(host, "timeout") * 1000;
	char text[400];

	if (strcmp(argv[0], tools->platform->remark) == 0)
		return GW6C_OK;
	command_text(argv, text, sizeof(text));
	host->log(host, GW6C_DEBUG, "running %s", text);
	return host->run_wait(host, &run, limit_ms, err);
}

/* *done: how many have been run well. */
static int run_list(const struct tools *tools, const struct commands *list,
		    int *done, struct gw6c_err *err)
{
	struct search search = { .host = tools->host };

	for (*done = 0; *done < list->n; ++*done)
		if (run_command(tools, list->argv[*done], &search, err))
			return err->rc;
	return GW6C_OK;
}

/* --- steps ------------------------------------------------------------- */

/* Look what a step will change. */
static int take_note(const struct tools *tools, struct gw6c_step *step,
		     struct gw6c_err *err)
{
	struct commands list = { .n = 0 };
	struct search search = { .host = tools->host,
				 .found = step->saved,
				 .len = sizeof(step->saved) };

	step->saved[0] = 0;
	if (!tools->platform->note(step, &list, &search.begin))
		return GW6C_OK;
	return run_command(tools, list.argv[0], &search, err);
}

static int take_back(const struct tools *tools, const struct gw6c_plan *plan,
		     const struct gw6c_step *step, struct gw6c_err *err)
{
	struct commands list;
	int done;

	if (list_step(tools, plan, step, false, &list, err))
		return err->rc;
	return run_list(tools, &list, &done, err);
}

static int do_step(const struct tools *tools, const struct gw6c_plan *plan,
		   struct gw6c_step *step, struct gw6c_err *err)
{
	struct gw6c_err ignored = { 0 };
	struct commands list;
	int done = 0;

	if (list_step(tools, plan, step, true, &list, err))
		return err->rc;
	if (run_list(tools, &list, &done, err) == GW6C_OK) {
		if (!step->saved[0])
			snprintf(step->saved, sizeof(step->saved), SAVED_DONE);
		return GW6C_OK;
	}
	/* The planner takes back what came before; half a step is ours. */
	if (done)
		take_back(tools, plan, step, &ignored);
	step->saved[0] = 0;
	return err->rc;
}

/* The wish, or the first free one. Never one in use. */
static int choose_dev(const struct tools *tools, struct gw6c_plan *plan,
		      struct gw6c_step *step, struct gw6c_err *err)
{
	const struct platform *platform = tools->platform;
	const char *prefix = platform->names(platform, step->kind);
	const char *wish = step->dev[0] ? step->dev : plan->dev;
	char name[GW6C_DEV];

	snprintf(name, sizeof(name), "%s", wish);
	for (int i = 0; is_any(wish) && i < NAMES; i++) {
		snprintf(name, sizeof(name), "%s%d", prefix, i);
		if (!if_nametoindex(name))
			break;
	}
	snprintf(step->saved, sizeof(step->saved), SAVED_DONE);
	if (if_nametoindex(name)) {
		if (!platform->shared || strcmp(name, platform->shared) != 0)
			return gw6c_fail(
				err, GW6C_EOS,
				"an interface \"%s\" exists and is not "
				"ours; set another name "
				"(if_tunnel_...), or \"auto\"",
				name);
		snprintf(step->saved, sizeof(step->saved), SAVED_SHARED);
	}
	snprintf(plan->dev, sizeof(plan->dev), "%s", name);
	return GW6C_OK;
}

static int add_tun(struct tools *tools, struct gw6c_plan *plan,
		   struct gw6c_step *step, struct gw6c_err *err)
{
	char wish[GW6C_DEV];
	bool there;

	snprintf(wish, sizeof(wish), "%s",
		 step->dev[0] ? step->dev : plan->dev);
	there = if_nametoindex(wish);
	if (!tools->platform->here)
		return gw6c_fail(err, GW6C_EOS, "this system is not %s",
				 tools->platform->name);
	if (tun_open(tools->host, wish, plan, &tools->relay, err))
		return err->rc;
	snprintf(step->saved, sizeof(step->saved), "%s",
		 there ? SAVED_SHARED : SAVED_DONE);
	if (do_step(tools, plan, step, err) == GW6C_OK)
		return GW6C_OK;
	tun_close(plan, &tools->relay);
	return err->rc;
}

static int add_step(struct tools *tools, struct gw6c_plan *plan,
		    struct gw6c_step *step, struct gw6c_err *err)
{
	if (step->verb == GW6C_LINK && step->kind == GW6C_TUN)
		return add_tun(tools, plan, step, err);
	if (step->verb == GW6C_LINK && step->kind != GW6C_RAW_SINK) {
		if (choose_dev(tools, plan, step, err)) {
			step->saved[0] = 0;
			return err->rc;
		}
	} else if (take_note(tools, step, err)) {
		return err->rc;
	}
	return do_step(tools, plan, step, err);
}

/* Only what was done, and only while there is something to take back: with
 * its interface, all that belongs to it has gone. */
static int undo_step(struct tools *tools, struct gw6c_plan *plan,
		     struct gw6c_step *step, struct gw6c_err *err)
{
	bool global = step->verb == GW6C_REJECT || step->verb == GW6C_FORWARD ||
		      step->verb == GW6C_PIN;
	char dev[GW6C_DEV];
	int rc = GW6C_OK;

	find_dev(tools, plan, step, dev);
	if (step->verb == GW6C_LINK)
		tun_close(plan, &tools->relay);
	if (step->saved[0] &&
	    (global || !tools->platform->here || if_nametoindex(dev)))
		rc = take_back(tools, plan, step, err);
	step->saved[0] = 0;
	return rc;
}

int tools_step(void *self, struct gw6c_plan *plan, struct gw6c_step *step,
	       bool add, struct gw6c_err *err)
{
	struct tools *tools = self;
	struct commands list;

	/* One that is not known is refused in both directions. */
	if (list_step(tools, plan, step, add, &list, err))
		return err->rc;
	return add ? add_step(tools, plan, step, err)
		   : undo_step(tools, plan, step, err);
}

int tools_show(void *self, const struct gw6c_plan *plan,
	       const struct gw6c_step *step, bool add,
	       void (*line)(void *arg, const char *text), void *arg,
	       struct gw6c_err *err)
{
	const struct tools *tools = self;
	struct commands list;
	char text[1024];

	if (!step) {
		snprintf(text, sizeof(text), "%s %s: to %s",
			 tools->platform->remark, tools->platform->name,
			 add ? "set it up" : "revert it");
		line(arg, text);
		return GW6C_OK;
	}
	if (list_step(tools, plan, step, add, &list, err))
		return err->rc;
	for (int i = 0; i < list.n; i++) {
		command_text(list.argv[i], text, sizeof(text));
		line(arg, text);
	}
	return GW6C_OK;
}
