/* goodbye.c - a feature that says goodbye through the tunnel, takes a while for
 * that, and wants addresses of its own. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <gw6c/plugin.h>
#include <stdlib.h>

struct goodbye {
	const struct gw6c_host *host;
	struct gw6c_child *ping;
	struct gw6c_watch *timer;
};

static const struct gw6c_opt opts[] = {
	{ .key = "word",
	  .type = GW6C_STR,
	  .fallback = "none",
	  .summary = "for the status" },
	{ .key = "pause",
	  .type = GW6C_NUM,
	  .fallback = "1000",
	  .summary = "how long it takes, ms, a ping included",
	  .min = 0,
	  .max = 20000 },
	{ .key = "lan",
	  .type = GW6C_STR,
	  .summary = "an interface that gets an address" },
	{ .key = NULL },
};

static int goodbye_reload(void *self, struct gw6c_err *err)
{
	struct goodbye *goodbye = self;

	(void)err;
	goodbye->host->status(goodbye->host, "word", "%s",
			      goodbye->host->str(goodbye->host, "word"));
	return GW6C_OK;
}

static int goodbye_open(const struct gw6c_host *host, void **self,
			struct gw6c_err *err)
{
	struct goodbye *goodbye = calloc(1, sizeof(*goodbye));

	if (!goodbye)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	goodbye->host = host;
	*self = goodbye;
	return goodbye_reload(goodbye, err);
}

static void goodbye_close(void *self)
{
	struct goodbye *goodbye = self;

	goodbye->host->end(goodbye->host, goodbye->ping);
	goodbye->host->forget(goodbye->host, goodbye->timer);
	free(goodbye);
}

static void goodbye_said(void *arg)
{
	struct goodbye *goodbye = arg;

	goodbye->timer = NULL;
	goodbye->host->log(goodbye->host, GW6C_NOTICE, "all is said");
	goodbye->host->done(goodbye->host, GW6C_OK, GW6C_NOTHING, NULL);
}

static void goodbye_heard(void *arg, int status)
{
	struct goodbye *goodbye = arg;

	goodbye->ping = NULL;
	goodbye->host->log(goodbye->host, GW6C_NOTICE, "goodbye status=%d",
			   status);
}

static int goodbye_tell(void *self, const struct gw6c_news *news)
{
	struct goodbye *goodbye = self;
	char peer[GW6C_ADDR_TEXT];
	const char *const argv[] = {
		"ping", "-n", "-q", "-c",
		"1",	"-W", "2",  gw6c_addr_text(&news->lease->peer, peer),
		NULL
	};
	const struct gw6c_run run = { .size = sizeof(run),
				      .argv = argv,
				      .ended = goodbye_heard,
				      .arg = goodbye };
	struct gw6c_err err = { 0 };

	goodbye->host->log(goodbye->host, GW6C_NOTICE, "fact=%d reason=%d",
			   (int)news->fact, (int)news->reason);
	if (news->fact != GW6C_LEAVING)
		return GW6C_OK;
	goodbye->ping = goodbye->host->run(goodbye->host, &run, &err);
	goodbye->timer =
		goodbye->host->on_timer(goodbye->host,
					(uint32_t)goodbye->host
						->num(goodbye->host, "pause"),
					goodbye_said, goodbye);
	return goodbye->timer ? GW6C_LATER : GW6C_OK;
}

static int goodbye_plan(const struct gw6c_host *host,
			const struct gw6c_lease *lease, struct gw6c_plan *plan,
			struct gw6c_err *err)
{
	const char *lan = host->str(host, "lan");
	struct gw6c_step *step;

	(void)lease;
	(void)err;
	if (!lan || !*lan)
		return GW6C_OK;
	step = gw6c_plan_add(plan, GW6C_ADDR);
	snprintf(step->dev, sizeof(step->dev), "%s", lan);
	gw6c_addr_parse("2001:db8:77::1", &step->dst);
	step->dst.bits = 64;
	step = gw6c_plan_add(plan, GW6C_ADDR);
	gw6c_addr_parse("2001:db8:78::1", &step->dst);
	return GW6C_OK;
}

static void goodbye_sweep(const struct gw6c_host *host)
{
	host->log(host, GW6C_NOTICE, "swept");
}

static const struct gw6c_feature_ops ops = {
	.size = sizeof(ops),
	.open = goodbye_open,
	.close = goodbye_close,
	.tell = goodbye_tell,
	.plan = goodbye_plan,
	.sweep = goodbye_sweep,
	.reload = goodbye_reload,
};

GW6C_PLUGIN(feature_goodbye) = {
	GW6C_HEAD(GW6C_FEATURE, "goodbye", "says goodbye through the tunnel"),
	.opts = opts,
	.feature = &ops,
};
