/* service_cmd.c - what --register and --unregister do. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/modules/host.h"
#include "core/modules/template.h"
#include "loaded.h"

/* The backend's own way to install a service, else that of the backend for this
 * system; NULL: neither has one. */
static const struct gw6c_plugin *service_os(const struct run_params *params,
					    struct loaded *loaded)
{
	const struct gw6c_plugin *os;
	struct gw6c_err err = { 0 };

	if (template_choose(loaded->loader, loaded->conf, loaded->settings,
			    params->dry_run, loaded->os, &err) == GW6C_OK &&
	    loader_peek(loaded->loader, GW6C_OS, loaded->os, &os, &err) ==
		    GW6C_OK &&
	    GW6C_HAS(os->os, service) && os->os->service)
		return os;
	if (loader_peek(loaded->loader, GW6C_OS, DEFAULT_OS, &os, &err) ==
		    GW6C_OK &&
	    GW6C_HAS(os->os, service) && os->os->service)
		return os;
	return NULL;
}

static void service_say(void *arg, const char *text)
{
	(void)arg;
	printf("gw6c: %s\n", text);
}

enum end run_service(const struct run_params *params, const char *program,
		     const char *config, bool add)
{
	const struct gw6c_service service = { .size = sizeof(service),
					      .name = "gw6c",
					      .program = program,
					      .config = config };
	struct run_params bare = *params;
	const struct gw6c_plugin *os;
	struct gw6c_host *host;
	struct loaded loaded;
	struct gw6c_err err = { 0 };

	/* A mistake in the file is no reason to keep the service. */
	bare.path = NULL;
	if (!loaded_look(params, &loaded) &&
	    (add || !loaded_read(&bare, &loaded)))
		return END_CONFIG;
	os = service_os(params, &loaded);
	host = os ? host_new(os, NULL, loaded.conf, NULL) : NULL;
	if (!os)
		gw6c_fail(&err, GW6C_EOS,
			  "this platform has no service manager that gw6c "
			  "knows; have your start scripts run \"gw6c -f "
			  "FILE\" and stop it with SIGTERM");
	else if (!host)
		gw6c_fail(&err, GW6C_EOS, "out of memory");
	else
		os->os->service(host, &service, add, service_say, NULL, &err);
	host_end(host);
	if (err.rc)
		fprintf(stderr, "gw6c: %s\n", err.text);
	loaded_free(&loaded);
	return err.rc ? END_SETUP : END_OK;
}
