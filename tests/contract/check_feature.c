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

static bool tell_all(struct module *module, const enum gw6c_fact *facts,
		     size_t n, struct gw6c_err *err, int *left)
{
	const struct gw6c_feature_ops *ops = module->plugin->feature;
	struct gw6c_lease lease = a_lease();
	struct gw6c_plan plan = { .size = sizeof(plan),
				  .fd = -1,
				  .dev = "gw6c-check0" };
	struct instance instance;
	bool ok = instance_start(&instance, module) &&
		  ops->open(instance.host, &instance.self, err) == GW6C_OK;

	for (size_t i = 0; ok && i < n; i++) {
		struct gw6c_lease lent = lease;
		struct gw6c_plan shown = plan;

		struct gw6c_news news = { .size = sizeof(news),
					  .fact = facts[i],
					  .why = "",
					  .lease = &lent,
					  .plan = &shown };

		ops->tell(instance.self, &news);
		/* Borrowed for the call: who keeps it reads rubbish now. */
		memset(&lent, 0xff, sizeof(lent));
		memset(&shown, 0xff, sizeof(shown));
		instance_turn(&instance, 1);
	}
	if (ok)
		ops->close(instance.self);
	*left = instance_end(&instance);
	return ok;
}

static bool one_round(void *arg)
{
	static const enum gw6c_fact facts[] = { GW6C_READY, GW6C_CHANGED,
						GW6C_DOWN };
	struct gw6c_err err = { 0 };
	int left;

	return tell_all(arg, facts, 3, &err, &left);
}

static bool opens(struct module *module)
{
	struct gw6c_err err = { 0 };
	int left = 0;

	report_try("opens, and closes without having been told anything");
	if (tell_all(module, NULL, 0, &err, &left))
		return report(left == 0, "%d watches or programs are left",
			      left);
	if (err.rc == GW6C_ECONFIG && err.text[0]) {
		report_skip("it wants options, set them with -o: %s", err.text);
		return false;
	}
	return report(false, "%s", err.text[0] ? err.text : "no reason");
}

static void bears_any_order(struct module *module)
{
	static const struct {
		const char *what;
		enum gw6c_fact facts[4];
		size_t n;
	} cases[] = {
		{ "bears up, changed, down",
		  { GW6C_READY, GW6C_CHANGED, GW6C_DOWN },
		  3 },
		{ "bears up, down, up, down",
		  { GW6C_READY, GW6C_DOWN, GW6C_READY, GW6C_DOWN },
		  4 },
		{ "bears to be closed while the tunnel is up",
		  { GW6C_READY },
		  1 },
		{ "bears a fact of a newer gw6c", { (enum gw6c_fact)99 }, 1 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gw6c_err err = { 0 };
		int left = 0;

		report_try(cases[i].what);
		if (tell_all(module, cases[i].facts, cases[i].n, &err, &left))
			report(left == 0, "%d watches or programs are left",
			       left);
		else
			report(false, "%s", err.text);
	}
}

/* Of run_dir, whose files need not survive; ours is "log". */
static void leaves_no_file(const struct module *module)
{
	char dir[64];
	char left[256] = "";
	const struct dirent *file;
	DIR *at;

	snprintf(dir, sizeof(dir), "%.*s",
		 (int)(strrchr(module->log, '/') - module->log), module->log);
	at = opendir(dir);
	report_try("leaves no file in run_dir");
	while (at && (file = readdir(at)))
		if (file->d_name[0] != '.' && strcmp(file->d_name, "log") != 0)
			snprintf(left, sizeof(left), "%.255s", file->d_name);
	report(!left[0], "%s", left);
	if (at)
		closedir(at);
}

void check_feature(struct module *module)
{
	struct process before;
	char why[CHECK_WHY];
	size_t octets;
	bool told, small;

	if (!opens(module))
		return;
	process_look(&before);
	bears_any_order(module);
	report_try("leaves no descriptor, signal handler or thread");
	process_differs(&before, why);
	report(!why[0], "%s", why);
	leaves_no_file(module);
	report_try("needs no more and more memory");
	small = check_memory(one_round, module, &octets, &told);
	if (told)
		report(small, "%zu octets are lost after %d tunnels", octets,
		       CHECK_ROUNDS);
	else
		report_skip("what is allocated cannot be told here");
}
