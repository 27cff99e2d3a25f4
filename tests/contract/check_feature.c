/* check_feature.c - what any feature must bear: facts, in any order. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include <dirent.h>

static struct gw6c_lease a_lease(void)
{
	struct gw6c_lease lease = { .size = sizeof(lease),
				    .version = 0x020002,
				    .mode = "v6udpv4",
				    .asked = "v6anyv4",
				    .broker = "broker.example",
				    .name = "ann.example",
				    .mtu = 1280 };

	lease.local = lease.seen = check_addr("192.0.2.1", 32);
	lease.remote = check_addr("192.0.2.2", 32);
	lease.inner = check_addr("2001:db8:1::2", 128);
	lease.peer = check_addr("2001:db8:1::1", 128);
	return lease;
}

#define LEAVING_MS 5000

/* One fact, in memory that is overwritten afterwards: who keeps what was
 * borrowed reads rubbish. */
static int tell(struct instance *instance, enum gw6c_fact fact,
		enum gw6c_reason reason)
{
	const struct gw6c_feature_ops *ops = instance->plugin->feature;
	struct gw6c_lease lease = a_lease(), before = lease;
	struct gw6c_plan plan = { .size = sizeof(plan),
				  .fd = -1,
				  .dev = "gw6c-check0" };
	char why[] = "because";
	struct gw6c_news news = { .size = sizeof(news),
				  .fact = fact,
				  .reason = reason,
				  .why = why,
				  .lease = &lease,
				  .plan = &plan };
	int rc;

	if (fact == GW6C_CHANGED)
		news.before = &before;
	before.inner = check_addr("2001:db8:1::9", 128);
	rc = CALL("tell", ops->tell(instance->self, &news));
	memset(&lease, 0xff, sizeof(lease));
	memset(&before, 0xff, sizeof(before));
	memset(&plan, 0xff, sizeof(plan));
	memset(why, 0xff, sizeof(why) - 1);
	memset(&news, 0xff, sizeof(news));
	return rc;
}

/* hurry: the core does not wait for what LEAVING started. False, and why. */
static bool tell_one(struct instance *instance, enum gw6c_fact fact, bool hurry,
		     struct gw6c_err *err)
{
	int rc = tell(instance, fact,
		      fact == GW6C_READY ? GW6C_FOR_NOTHING : GW6C_FOR_STOP);

	if (rc == GW6C_LATER && fact == GW6C_LEAVING) {
		instance->awaits = true; /* done() may come, or not */
		if (!hurry)
			rc = instance_wait(instance, rc, LEAVING_MS, NULL, err);
		else
			rc = GW6C_OK;
	}
	if (rc && !err->text[0])
		gw6c_fail(err, GW6C_EBUG,
			  "tell() returned %d at fact %d; GW6C_OK, or at "
			  "GW6C_LEAVING GW6C_LATER, can be",
			  rc, (int)fact);
	if (!hurry)
		instance_turn(instance, 1);
	return rc == GW6C_OK;
}

static void close_one(struct instance *instance)
{
	call_begin("close");
	instance->plugin->feature->close(instance->self);
	call_end(0);
}

static bool open_one(struct instance *instance, struct module *module,
		     struct gw6c_err *err)
{
	const struct gw6c_feature_ops *ops = module->plugin->feature;

	return instance_start(instance, module) &&
	       CALL("open", ops->open(instance->host, &instance->self, err)) ==
		       GW6C_OK;
}

/* *left: watches and programs that it did not end. */
static bool tell_all(struct module *module, const enum gw6c_fact *facts,
		     bool hurry, struct gw6c_err *err, int *left)
{
	struct instance instance;
	bool opened = open_one(&instance, module, err), ok = opened;

	for (; ok && *facts; facts++)
		ok = tell_one(&instance, *facts, hurry, err);
	if (opened)
		close_one(&instance);
	*left = instance_end(&instance);
	return ok;
}

/* Many times, so no goodbye, which may take seconds, is waited for. */
static bool one_round(void *arg)
{
	static const enum gw6c_fact facts[] = { GW6C_READY, GW6C_CHANGED,
						GW6C_LEAVING, GW6C_DOWN, 0 };
	struct gw6c_err err = { 0 };
	int left;

	return tell_all(arg, facts, true, &err, &left);
}

static bool opens(struct module *module)
{
	static const enum gw6c_fact none[] = { 0 };
	struct gw6c_err err = { 0 };
	int left = 0;

	report_try("opens, and closes without having been told anything");
	if (tell_all(module, none, false, &err, &left))
		return report(left == 0, "%d watches or programs are left",
			      left);
	if (err.rc == GW6C_ECONFIG && err.text[0]) {
		report_skip("it wants options, set them with -o: %s", err.text);
		return false;
	}
	return report(false, "%s", err.text[0] ? err.text : "no reason");
}

/* All that the core can tell: READY comes first, and DOWN after it, unless
 * gw6c ends; LEAVING is left out where the tunnel is dead. */
static void bears_every_order(struct module *module)
{
	static const struct {
		const char *what;
		bool hurry;
		enum gw6c_fact facts[8];
	} cases[] = {
		{ "bears ready, changed, leaving, down",
		  false,
		  { GW6C_READY, GW6C_CHANGED, GW6C_LEAVING, GW6C_DOWN } },
		{ "bears a tunnel that dies, and comes again",
		  false,
		  { GW6C_READY, GW6C_DOWN, GW6C_READY, GW6C_DOWN } },
		{ "bears ready again after it has left",
		  false,
		  { GW6C_READY, GW6C_LEAVING, GW6C_DOWN, GW6C_READY,
		    GW6C_LEAVING, GW6C_DOWN } },
		{ "bears many changes",
		  false,
		  { GW6C_READY, GW6C_CHANGED, GW6C_CHANGED, GW6C_CHANGED,
		    GW6C_DOWN } },
		{ "bears that nobody waits for what it does at leaving",
		  true,
		  { GW6C_READY, GW6C_LEAVING, GW6C_DOWN, GW6C_READY,
		    GW6C_LEAVING, GW6C_DOWN } },
		{ "bears to be closed while it is leaving",
		  true,
		  { GW6C_READY, GW6C_LEAVING } },
		{ "bears to be closed while packets pass",
		  false,
		  { GW6C_READY, GW6C_CHANGED } },
		{ "bears a fact of a newer gw6c",
		  false,
		  { (enum gw6c_fact)99 } },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gw6c_err err = { 0 };
		int left = 0;

		report_try(cases[i].what);
		if (tell_all(module, cases[i].facts, cases[i].hurry, &err,
			     &left))
			report(left == 0, "%d watches or programs are left",
			       left);
		else
			report(false, "%s", err.text);
	}
}

static void reloads(struct module *module)
{
	const struct gw6c_feature_ops *ops = module->plugin->feature;
	struct gw6c_err err = { 0 };
	struct instance instance;

	if (!GW6C_HAS(ops, reload) || !ops->reload)
		return;
	report_try("reloads before and while packets pass");
	if (!open_one(&instance, module, &err)) {
		report(false, "%s", err.text);
	} else {
		bool ok = CALL("reload", ops->reload(instance.self, &err)) ==
				  GW6C_OK &&
			  tell_one(&instance, GW6C_READY, false, &err) &&
			  CALL("reload", ops->reload(instance.self, &err)) ==
				  GW6C_OK &&
			  tell_one(&instance, GW6C_DOWN, false, &err);

		report(ok, "%s", err.text[0] ? err.text : "without a reason");
		close_one(&instance);
	}
	report_try("leaves nothing watched after it");
	report(instance_end(&instance) == 0, "something is left");
}

/* Of run_dir, whose files need not survive; ours is "log". */
static void leaves_no_file(const struct module *module, const char *what)
{
	char dir[64];
	char left[256] = "";
	const struct dirent *file;
	DIR *at;

	snprintf(dir, sizeof(dir), "%.*s",
		 (int)(strrchr(module->log, '/') - module->log), module->log);
	at = opendir(dir);
	report_try(what);
	while (at && (file = readdir(at)))
		if (file->d_name[0] != '.' && strcmp(file->d_name, "log") != 0)
			snprintf(left, sizeof(left), "%.255s", file->d_name);
	report(!left[0], "%s", left);
	if (at)
		closedir(at);
}

/* An earlier run was killed: here it was none, and nothing is left. */
static void sweeps(struct module *module)
{
	const struct gw6c_feature_ops *ops = module->plugin->feature;
	struct instance instance;

	if (!GW6C_HAS(ops, sweep) || !ops->sweep)
		return;
	report_try("sweeps without having been opened, also twice");
	if (!instance_start(&instance, module))
		return;
	for (int i = 0; i < 2; i++) {
		call_begin("sweep");
		ops->sweep(instance.host);
		call_end(0);
	}
	report(instance_end(&instance) == 0, "something is left watched");
	leaves_no_file(module, "leaves no file when it has swept");
}

void check_feature(struct module *module)
{
	struct process before;
	char why[CHECK_WHY];
	size_t octets;
	bool told, small;

	sweeps(module);
	if (!opens(module))
		return;
	process_look(&before);
	bears_every_order(module);
	reloads(module);
	check_feature_plan(module);
	report_try("leaves no descriptor, signal handler or thread");
	process_differs(&before, why);
	report(!why[0], "%s", why);
	leaves_no_file(module, "leaves no file in run_dir");
	report_try("needs no more and more memory");
	small = check_memory(one_round, module, &octets, &told);
	if (told)
		report(small, "%zu octets are lost after %d tunnels", octets,
		       CHECK_ROUNDS);
	else
		report_skip("what is allocated cannot be told here");
}
