/* check_host.c - stands between a module and its host: what it asks for is
 * right, and what only a client could do is answered. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include "core/modules/option.h"
#include <stdarg.h>

static struct instance *instances; /* that are open */
/* The core's own; they are the same for every host. */
static struct gw6c_host core;

static struct instance *instance_of(const struct gw6c_host *host)
{
	struct instance *at = instances;

	while (at && at->host != host)
		at = at->next;
	return at;
}

/* --- options --------------------------------------------------------------*/

#define TYPE(type) (1u << (type))
#define NUMBERS (TYPE(GW6C_NUM) | TYPE(GW6C_PORT) | TYPE(GW6C_DURATION))
#define ADDRESSES (TYPE(GW6C_ADDRESS) | TYPE(GW6C_PREFIX))

static void must_be(const struct gw6c_host *host, const char *service,
		    const char *key, unsigned types)
{
	const struct instance *instance = instance_of(host);
	const struct gw6c_opt *opt = instance ? instance->plugin->opts : NULL;
	char room[200];

	while (opt && opt->key && strcmp(opt->key, key) != 0)
		opt++;
	if (opt && opt->key && !(TYPE(opt->type) & types))
		call_fault(FAULT_OPTION, "host->%s() for '%s', which is: %s",
			   service, key,
			   option_type_text(opt, room, sizeof(room)));
}

static long on_num(const struct gw6c_host *host, const char *key)
{
	must_be(host, "num", key, NUMBERS);
	return core.num(host, key);
}

static bool on_yes(const struct gw6c_host *host, const char *key)
{
	must_be(host, "yes", key, TYPE(GW6C_YES));
	return core.yes(host, key);
}

static bool on_addr(const struct gw6c_host *host, const char *key, unsigned n,
		    struct gw6c_addr *out)
{
	must_be(host, "addr", key, ADDRESSES);
	return core.addr(host, key, n, out);
}

/* --- programs -------------------------------------------------------------*/

static struct gw6c_child *on_run(const struct gw6c_host *host,
				 const struct gw6c_run *run,
				 struct gw6c_err *err)
{
	struct gw6c_child *child;

	call_pause();
	child = core.run(host, run, err);
	call_resume();
	return child;
}

static void on_end(const struct gw6c_host *host, struct gw6c_child *child)
{
	call_pause();
	core.end(host, child);
	call_resume();
}

static int on_run_wait(const struct gw6c_host *host, const struct gw6c_run *run,
		       uint32_t limit_ms, struct gw6c_err *err)
{
	int rc;

	call_pause();
	rc = core.run_wait(host, run, limit_ms, err);
	call_resume();
	return rc;
}

/* --- later ----------------------------------------------------------------*/

static void on_done(const struct gw6c_host *host, int rc, struct gw6c_bytes out,
		    const struct gw6c_err *err)
{
	struct instance *instance = instance_of(host);

	if (!instance)
		return;
	if (call_is())
		call_fault(FAULT_LATER,
			   "in %s(), before it has returned GW6C_LATER",
			   report_called());
	else if (!instance->awaits)
		call_fault(FAULT_LATER, "nothing is awaited from it");
	else if (rc == GW6C_LATER)
		call_fault(FAULT_LATER, "its result is GW6C_LATER");
	else if (rc < 0 && (!err || !err->text[0]))
		call_fault(FAULT_LATER, "the error %d has no text", rc);
	instance->awaits = false;
	instance->later_rc = rc;
	instance->later_err = err ? *err : (struct gw6c_err){ 0 };
	instance->later_len = out.len < sizeof(instance->later_room)
				      ? out.len
				      : sizeof(instance->later_room);
	if (instance->later_len)
		memcpy(instance->later_room, out.at, instance->later_len);
	loop_stop(instance->loop);
}

int instance_wait(struct instance *instance, int rc, uint32_t limit_ms,
		  struct gw6c_buf *out, struct gw6c_err *err)
{
	if (rc != GW6C_LATER)
		return rc;
	instance->awaits = true;
	instance_turn(instance, limit_ms);
	if (instance->awaits)
		return gw6c_fail(err, GW6C_EBUG,
				 "it said GW6C_LATER, and host->done() did "
				 "not come within %u s",
				 limit_ms / 1000);
	if (out)
		gw6c_put(out, instance->later_room, instance->later_len);
	if (err)
		*err = instance->later_err;
	return instance->later_rc;
}

/* --- what a client has ----------------------------------------------------*/

/* The line of this key, or an unused one; NULL: all are used. */
static char *status_line(struct instance *instance, const char *key)
{
	char *unused = NULL;

	for (int i = 0; i < CHECK_STATUS; i++) {
		char *line = instance->status[i];

		if (strcmp(line, key) == 0)
			return line;
		if (!*line && !unused)
			unused = line;
	}
	return unused;
}

static bool is_key(const char *key)
{
	static const char taken[] = "abcdefghijklmnopqrstuvwxyz0123456789_";

	return *key && strlen(key) < CHECK_KEY &&
	       strspn(key, taken) == strlen(key);
}

GW6C_PRINTF(3, 4)
static void on_status(const struct gw6c_host *host, const char *key,
		      const char *fmt, ...)
{
	struct instance *instance = instance_of(host);
	char text[1000] = "", *line;
	va_list args;

	if (!instance)
		return;
	if (!is_key(key)) {
		call_fault(FAULT_STATUS,
			   "the key \"%s\" is not 1 to %d of a-z, 0-9 and _",
			   key, CHECK_KEY - 1);
		return;
	}
	line = status_line(instance, key);
	if (!line) {
		call_fault(FAULT_STATUS, "more than %d lines", CHECK_STATUS);
		return;
	}
	snprintf(line, CHECK_KEY, "%s", fmt ? key : "");
	if (!fmt)
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (strpbrk(text, "\r\n"))
		call_fault(FAULT_STATUS, "that of \"%s\" is not one line", key);
}

static bool on_view(const struct gw6c_host *host, struct gw6c_view *out)
{
	struct gw6c_view view = { .size = out->size,
				  .state = GW6C_STATE_UP,
				  .since_ms = host->now_ms(host),
				  .rtt_ms = 12.5,
				  .counted = true };

	view.count.size = sizeof(view.count);
	memcpy(out, &view, out->size < sizeof(view) ? out->size : sizeof(view));
	return true;
}

static void on_ask(const struct gw6c_host *host, const char *why)
{
	host->log(host, GW6C_INFO, "asks for a new session or an end: %s", why);
}

static int on_note(const struct gw6c_host *host, const struct gw6c_step *step,
		   struct gw6c_err *err)
{
	struct instance *instance = instance_of(host);

	(void)err;
	if (!instance || instance->step != step) {
		call_fault(FAULT_NOTE, "it notes a step that is not under way");
		return GW6C_OK;
	}
	memcpy(instance->noted, step->saved, sizeof(instance->noted));
	return GW6C_OK;
}

void host_watch(struct instance *instance)
{
	struct gw6c_host *host = instance->host;

	core = *host;
	host->num = on_num;
	host->yes = on_yes;
	host->addr = on_addr;
	host->run = on_run;
	host->end = on_end;
	host->run_wait = on_run_wait;
	host->done = on_done;
	host->status = on_status;
	host->view = on_view;
	host->reconnect = on_ask;
	host->stop = on_ask;
	host->note = on_note;
	instance->next = instances;
	instances = instance;
}

void host_unwatch(struct instance *instance)
{
	struct instance **at = &instances;

	while (*at && *at != instance)
		at = &(*at)->next;
	if (*at)
		*at = instance->next;
}
