/* linux_ra.c - whose router advertisements we take while we forward: those of
 * uplinks, as before, and none of the networks that we are the router of. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux.h"

/* The plan has steps for interfaces of its own there. */
static void note_lans(struct linux_os *os, const struct gw6c_plan *plan)
{
	uint32_t n = plan->n < GW6C_STEPS ? plan->n : GW6C_STEPS;

	os->ra_lans = 0;
	for (uint32_t i = 0; i < n; i++) {
		const struct gw6c_step *step = &plan->step[i];

		if ((step->verb != GW6C_ADDR && step->verb != GW6C_KEEP) ||
		    !step->dev[0] || strcmp(step->dev, plan->dev) == 0 ||
		    linux_is_lan(os, step->dev) || os->ra_lans == LINUX_LANS)
			continue;
		snprintf(os->ra_lan[os->ra_lans++], IF_NAMESIZE, "%.15s",
			 step->dev);
	}
}

bool linux_is_lan(const struct linux_os *os, const char *dev)
{
	for (unsigned i = 0; i < os->ra_lans; i++)
		if (strcmp(os->ra_lan[i], dev) == 0)
			return true;
	return false;
}

/* Where it cannot be changed, 1 is as good: a router does not listen then. */
static int refuse(struct linux_os *os, const char *dev, struct gw6c_err *err)
{
	struct gw6c_err why = { 0 };

	if (linux_conf_is(dev, "accept_ra", "0") ||
	    !linux_settings_change(os, dev, "accept_ra", "0", &why) ||
	    !linux_conf_is(dev, "accept_ra", "2"))
		return GW6C_OK;
	return gw6c_fail(err, GW6C_EOS,
			 "%s; with 2 we would take router advertisements of "
			 "the network that we are the router of",
			 why.text);
}

/* A forwarding host ignores router advertisements unless accept_ra is 2:
 * uplinks that live by them must not lose their default route. */
static int listen_on(struct linux_os *os, const char *dev, struct gw6c_err *err)
{
	if (!linux_conf_is(dev, "accept_ra", "1") || strcmp(dev, "lo") == 0)
		return GW6C_OK;
	return linux_settings_change(os, dev, "accept_ra", "2", err);
}

/* Switching all of forwarding off does so with each interface's own. */
static int set_one(struct linux_os *os, const char *dev, struct gw6c_err *err)
{
	bool forwards = linux_conf_is(dev, "forwarding", "1");

	if (linux_is_lan(os, dev) && refuse(os, dev, err))
		return err->rc;
	if (!os->ra_uplinks)
		return GW6C_OK;
	if (forwards)
		return linux_settings_note(os, dev, "forwarding", "0", err);
	return linux_is_lan(os, dev) ? GW6C_OK : listen_on(os, dev, err);
}

int linux_ra_begin(struct linux_os *os, const struct gw6c_plan *plan,
		   bool uplinks, struct gw6c_err *err)
{
	struct if_nameindex *list = if_nameindex();
	int rc = GW6C_OK;

	linux_settings_restore(os);
	note_lans(os, plan);
	os->ra_uplinks = uplinks;
	for (struct if_nameindex *at = list; at && at->if_index && !rc; at++)
		rc = set_one(os, at->if_name, err);
	if (list)
		if_freenameindex(list);
	return rc;
}

void linux_ra_end(struct linux_os *os)
{
	os->ra_uplinks = false;
	os->ra_lans = 0;
	linux_settings_restore(os);
}

/* Once only: what is set there afterwards is meant. */
void linux_ra_link(struct linux_os *os, unsigned index)
{
	struct gw6c_err err = { 0 };
	char dev[IF_NAMESIZE];
	int rc = GW6C_OK;

	if ((!os->ra_uplinks && !os->ra_lans) || !if_indextoname(index, dev) ||
	    linux_settings_has(os, index, "accept_ra") ||
	    linux_settings_has(os, index, "forwarding"))
		return;
	if (linux_is_lan(os, dev))
		rc = refuse(os, dev, &err);
	else if (os->ra_uplinks)
		rc = listen_on(os, dev, &err);
	if (rc)
		os->host->log(os->host, GW6C_WARN, "%s", err.text);
}
