/* check_tunnel.c - what any tunnel mode must do: lease in, plan out. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static struct gw6c_lease a_lease(const struct gw6c_plugin *plugin, bool router)
{
	struct gw6c_lease lease = { .size = sizeof(lease),
				    .version = 0x020002,
				    .lifetime_s = 3600,
				    .mtu = 1280,
				    .metric = 2048,
				    .default_route = true,
				    .router = router };
	bool six = plugin->tunnel->outer == 6;
	bool four_inside = plugin->tunnel->inner == 4;

	snprintf(lease.mode, sizeof(lease.mode), "%s", plugin->name);
	snprintf(lease.asked, sizeof(lease.asked), "%s", plugin->name);
	snprintf(lease.broker, sizeof(lease.broker), "broker.example");
	lease.local = six ? check_addr("2001:db8:f::1", 128)
			  : check_addr("127.0.0.1", 32);
	lease.seen = lease.local;
	lease.remote = six ? check_addr("2001:db8:f::2", 128)
			   : check_addr("127.0.0.2", 32);
	lease.local_port = 40000;
	lease.remote_port = 3653;
	lease.inner = four_inside ? check_addr("100.64.1.2", 32)
				  : check_addr("2001:db8:1::2", 128);
	lease.peer = four_inside ? check_addr("100.64.1.1", 32)
				 : check_addr("2001:db8:1::1", 128);
	if (!router)
		return lease;
	lease.prefix = four_inside ? check_addr("100.64.2.0", 24)
				   : check_addr("2001:db8:aa::", 48);
	snprintf(lease.lans[0].dev, sizeof(lease.lans[0].dev), "lan0");
	lease.lans[0].prefix =
		four_inside ? lease.prefix : check_addr("2001:db8:aa::", 64);
	return lease;
}

/* --- the plan -------------------------------------------------------------*/

static bool makes(const struct module *module, bool router,
		  struct gw6c_plan *plan, struct gw6c_err *err)
{
	struct gw6c_lease lease = a_lease(module->plugin, router);

	*plan = (struct gw6c_plan){ .size = sizeof(*plan), .fd = -1 };
	return CALL("plan", module->plugin->tunnel->plan(&lease, plan, err)) ==
	       GW6C_OK;
}

static void check_plan(const struct module *module, bool router)
{
	struct gw6c_plan plan, again;
	struct gw6c_err err = { 0 };
	char fault[CHECK_PLAN_WHY];

	report_try(router ? "makes a plan for a router"
			  : "makes a plan for a host");
	if (!report(makes(module, router, &plan, &err), "%s", err.text))
		return;
	report_try("the plan is one that a backend can read");
	report(!plan_fault(&plan, 0, fault), "%s", fault);
	report_try("the first step makes a link");
	report(plan.step[0].verb == GW6C_LINK, "it is verb %u",
	       plan.step[0].verb);
	report_try("the same lease makes the same plan");
	report(makes(module, router, &again, &err) &&
		       memcmp(&plan, &again, sizeof(plan)) == 0,
	       "it does not; plan() must be pure");
}

/* --- the data path --------------------------------------------------------*/

/* Packets may be refused here, a crash or a leak may not be. */
static bool open_path(struct module *module, struct gw6c_err *err)
{
	const struct gw6c_tunnel_ops *ops = module->plugin->tunnel;
	struct gw6c_lease lease = a_lease(module->plugin, false);
	struct gw6c_counters counters = { .size = sizeof(counters) };
	struct instance instance;
	struct gw6c_plan plan;
	int ends[2], sock[2];
	bool ok = false;

	makes(module, false, &plan, err);
	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
		       ends) < 0)
		return false;
	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
		       sock) == 0) {
		plan.fd = ends[0];
		if (instance_start(&instance, module) &&
		    CALL("open", ops->open(instance.host, &lease, &plan,
					   sock[0], &instance.self, err)) ==
			    GW6C_OK) {
			instance_turn(&instance, 1);
			call_begin("count");
			ops->count(instance.self, &counters);
			call_end(0);
			call_begin("close");
			ops->close(instance.self);
			call_end(0);
			ok = true;
		}
		if (instance_end(&instance))
			ok = !gw6c_fail(err, GW6C_EBUG,
					"a watch is left after close()");
		close(sock[0]);
		close(sock[1]);
	}
	close(ends[0]);
	close(ends[1]);
	return ok;
}

static bool one_round(void *arg)
{
	struct gw6c_err err = { 0 };

	return open_path(arg, &err);
}

static void refuses_no_device(const struct module *module)
{
	const struct gw6c_tunnel_ops *ops = module->plugin->tunnel;
	struct gw6c_lease lease = a_lease(module->plugin, false);
	struct gw6c_err err = { 0 };
	struct instance instance;
	struct gw6c_plan plan;

	if (ops->protocol || !makes(module, false, &plan, &err))
		return;
	report_try("refuses without a packet device, and says why");
	if (instance_start(&instance, module)) {
		bool refused =
			CALL("open", ops->open(instance.host, &lease, &plan, -1,
					       &instance.self, &err)) < 0;

		report(refused && err.text[0], "it does not");
		if (!refused)
			ops->close(instance.self);
	}
	instance_end(&instance);
}

static void check_path(struct module *module)
{
	struct gw6c_err err = { 0 };
	struct process before;
	char why[CHECK_WHY];
	size_t octets;
	bool told, small;

	process_look(&before);
	report_try("opens and closes its data path");
	if (!open_path(module, &err)) {
		if (err.rc == GW6C_EOS && err.text[0])
			report_skip("this system refuses: %s", err.text);
		else
			report(false, "%s",
			       err.text[0] ? err.text : "without a reason");
		return;
	}
	report(true, " ");
	report_try("leaves no descriptor, signal handler or thread");
	process_differs(&before, why);
	report(!why[0], "%s", why);
	report_try("needs no more and more memory");
	small = check_memory(one_round, module, &octets, &told);
	if (told)
		report(small, "%zu octets are lost after %d tunnels", octets,
		       CHECK_ROUNDS);
	else
		report_skip("what is allocated cannot be told here");
}

void check_tunnel(struct module *module)
{
	const struct gw6c_tunnel_ops *ops = module->plugin->tunnel;

	check_tunnel_table(module->plugin);
	if (!ops->plan) {
		report_try("makes plans");
		report_skip("it only asks; others set up what is granted");
		return;
	}
	check_plan(module, false);
	check_plan(module, true);
	if (ops->wrap && ops->unwrap)
		check_tunnel_header(ops);
	if (GW6C_HAS(ops, open) && ops->open) {
		refuses_no_device(module);
		check_path(module);
	}
}
