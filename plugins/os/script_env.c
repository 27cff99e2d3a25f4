/* script_env.c - what a template script is told: its environment. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "script_env.h"
#include "own_file.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static void env_text(struct script_env *env, const char *text)
{
	size_t len = strlen(text) + 1;

	if (env->n == ENV_VARS || env->used + len > sizeof(env->text)) {
		env->overflow = true;
		return;
	}
	memcpy(env->text + env->used, text, len);
	env->var[env->n++] = env->text + env->used;
	env->var[env->n] = NULL;
	env->used += len;
}

static void env_put(struct script_env *env, const char *name, const char *value)
{
	char text[PATH_MAX + 64];

	if (snprintf(text, sizeof(text), "%s=%s", name, value) >=
	    (int)sizeof(text))
		env->overflow = true;
	env_text(env, text);
}

static void env_num(struct script_env *env, const char *name, unsigned value)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", value);
	env_put(env, name, text);
}

/* Without the length: scripts write their own. */
static void env_addr(struct script_env *env, const char *name,
		     const struct gw6c_addr *addr)
{
	char text[INET6_ADDRSTRLEN] = "";

	inet_ntop(addr->family == 4 ? AF_INET : AF_INET6, addr->octets, text,
		  sizeof(text));
	env_put(env, name, addr->family ? text : "");
}

/* As many groups of 16 bits as the length needs, in full, since scripts write
 * $TSP_PREFIX::1; an IPv4 prefix as it is. */
static void env_prefix(struct script_env *env, const struct gw6c_addr *prefix)
{
	char text[64] = "";

	if (prefix->family == 4) {
		env_addr(env, "TSP_PREFIX", prefix);
	} else {
		for (unsigned i = 0; i < (prefix->bits + 15u) / 16; i++)
			snprintf(text + strlen(text),
				 sizeof(text) - strlen(text), "%s%02x%02x",
				 i ? ":" : "", prefix->octets[2 * i],
				 prefix->octets[2 * i + 1]);
		env_put(env, "TSP_PREFIX", text);
	}
	env_num(env, "TSP_PREFIXLEN", prefix->bits);
}

static void env_addresses(struct script_env *env,
			  const struct gw6c_lease *lease)
{
	bool v4v6 = lease->inner.family == 4;

	env_addr(env, "TSP_CLIENT_ADDRESS_IPV4",
		 v4v6 ? &lease->inner : &lease->local);
	env_addr(env, "TSP_CLIENT_ADDRESS_IPV6",
		 v4v6 ? &lease->local : &lease->inner);
	env_addr(env, "TSP_SERVER_ADDRESS_IPV4",
		 v4v6 ? &lease->peer : &lease->remote);
	env_addr(env, "TSP_SERVER_ADDRESS_IPV6",
		 v4v6 ? &lease->remote : &lease->peer);
	env_put(env, "TSP_TUNNEL_PREFIXLEN", v4v6 ? "32" : "128");
	if (lease->resolver[0].family)
		env_addr(env, "TSP_CLIENT_DNS_ADDRESS_IPV6",
			 &lease->resolver[0]);
	if (lease->name[0])
		env_put(env, "TSP_CLIENT_DNS_NAME", lease->name);
	if (lease->prefix.family)
		env_prefix(env, &lease->prefix);
}

int script_env_make(struct script_env *env, const struct gw6c_host *host,
		    const struct gw6c_lease *lease, const char *dev,
		    struct gw6c_err *err)
{
	*env = (struct script_env){ .n = 0 };
	snprintf(env->path, sizeof(env->path), "%s", host->str(host, "path"));
	script_env_operation(env, true);
	env->n = 1;
	env_put(env, "TSP_VERBOSE", "3");
	env_put(env, "TSP_HOME_DIR", host->str(host, "home"));
	env_put(env, "TSP_TUNNEL_MODE", lease->mode);
	env_put(env, "TSP_HOST_TYPE", lease->router ? "router" : "host");
	env_put(env, "TSP_TUNNEL_INTERFACE", dev);
	env_put(env, "TSP_HOME_INTERFACE", lease->lans[0].dev);
	env_addresses(env, lease);
	/* Newer than the scripts. */
	env_num(env, "TSP_TUNNEL_MTU", lease->mtu);
	env_num(env, "TSP_ROUTE_METRIC", lease->metric);
	env_put(env, "TSP_DEFAULT_ROUTE", lease->default_route ? "yes" : "no");
	env_put(env, "TSP_STATE_DIR",
		GW6C_HAS(host, run_dir) && host->run_dir ? host->run_dir : "");
	if (!env->overflow)
		return GW6C_OK;
	return gw6c_fail(err, GW6C_EBUG,
			 "the script's environment is too "
			 "large");
}

void script_env_operation(struct script_env *env, bool create)
{
	env->var[0] = create ? "TSP_OPERATION=TSP_TUNNEL_CREATION"
			     : "TSP_OPERATION=TSP_TUNNEL_TEARDOWN";
}

int script_env_write(const struct script_env *env, const char *path,
		     struct gw6c_err *err)
{
	int fd, error = 0;
	FILE *file;

	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	file = fd < 0 ? NULL : fdopen(fd, "w");
	if (!file && fd >= 0)
		close(fd);
	if (!file)
		return gw6c_fail(err, GW6C_EOS, "cannot write %s: %s", path,
				 strerror(errno));
	fprintf(file, "%s\n", env->path);
	for (int i = 1; i < env->n; i++)
		fprintf(file, "%s\n", env->var[i]);
	/* The last line: whatever is cut is not followed. */
	fprintf(file, "end\n");
	if (ferror(file))
		error = EIO;
	if (fclose(file) != 0)
		error = errno;
	if (!error)
		return GW6C_OK;
	return gw6c_fail(err, GW6C_EOS, "cannot write %s: %s", path,
			 strerror(error));
}

static bool read_line(FILE *file, char *line, size_t len)
{
	char *end = fgets(line, (int)len, file) ? strchr(line, '\n') : NULL;

	if (end)
		*end = 0;
	return end;
}

bool script_env_read(struct script_env *env, const char *path)
{
	int fd = own_file(path, O_RDONLY);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	char line[PATH_MAX + 64];
	bool whole = false;

	*env = (struct script_env){ .n = 0 };
	if (!file) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	script_env_operation(env, false);
	env->n = 1;
	whole = read_line(file, env->path, sizeof(env->path));
	while (whole && (whole = read_line(file, line, sizeof(line))) &&
	       strcmp(line, "end") != 0)
		env_text(env, line);
	fclose(file);
	whole = whole && !env->overflow;
	if (!whole)
		env->n = 0;
	return whole;
}
