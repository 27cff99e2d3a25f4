/* home_access_check.c - mistakes in the options and in the list of devices,
 * before anything is started. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_access.h"
#include <errno.h>
#include <pwd.h>
#include <unistd.h>

struct checker {
	const struct gw6c_host *host;
	void (*fault)(void *arg, int rc, const char *key, const char *text);
	void *arg;
};

static void complain(const struct checker *checker, int rc, const char *key,
		     const char *text)
{
	checker->fault(checker->arg, rc, key, text);
}

static void on_mistake(void *arg, const char *text)
{
	const struct checker *checker = arg;

	complain(checker, GW6C_EOS, "devices_file", text);
}

/* Nothing of it is wrong, but somebody may not have meant it. */
static void check_device(const struct checker *checker,
			 const struct access_device *device)
{
	char text[ACCESS_TEXT];

	for (int i = 0; i < device->n_services; i++) {
		if (!device->password || device->service[i].way != ACCESS_HTTP)
			continue;
		snprintf(text, sizeof(text),
			 "%s: %s asks for a password over http, where anybody "
			 "on the way can read it; use https",
			 device->where, device->name);
		complain(checker, GW6C_OK, "devices_file", text);
	}
	if (device->everybody || device->n_allow || device->password ||
	    device->addr.family == 6)
		return;
	snprintf(text, sizeof(text),
		 "%s: nobody may come to %s; add allow=PREFIX, password or "
		 "public",
		 device->where, device->name);
	complain(checker, GW6C_OK, "devices_file", text);
}

static void check_lists(const struct checker *checker)
{
	static struct access_lists lists;

	access_lists_look(checker->host, &lists, on_mistake,
			  (void *)(uintptr_t)checker);
	for (int i = 0; i < lists.list.n; i++)
		check_device(checker, &lists.list.device[i]);
	if (!lists.list.n)
		complain(checker, GW6C_EOS, "devices_file",
			 "there is no device in the list; nothing would be "
			 "published");
	access_lists_free(&lists);
}

static bool check_file(const struct checker *checker, const char *key)
{
	const char *path = checker->host->str(checker->host, key);
	char text[ACCESS_TEXT];

	if (!*path || access(path, R_OK) == 0)
		return true;
	snprintf(text, sizeof(text), "%s: %s", path, strerror(errno));
	complain(checker, GW6C_EOS, key, text);
	return false;
}

static void check_pair(const struct checker *checker, const char *program)
{
	const char *key, *why;
	char text[ACCESS_TEXT];

	if (access_pair_check(checker->host, program, &key, &why))
		return;
	snprintf(text, sizeof(text), "%.200s: %s",
		 checker->host->str(checker->host, key), why);
	complain(checker, GW6C_EOS, key, text);
}

static void check_tls(const struct checker *checker, const char *program)
{
	const struct gw6c_host *host = checker->host;
	bool cert = *host->str(host, "certificate"),
	     key = *host->str(host, "key");
	bool there;

	if (cert != key)
		complain(checker, GW6C_ECONFIG, cert ? "certificate" : "key",
			 cert ? "feature.home-access.key is missing; https "
				"needs both"
			      : "feature.home-access.certificate is missing; "
				"https needs both");
	if (host->num(host, "port") == host->num(host, "tls_port"))
		complain(checker, GW6C_ECONFIG, "tls_port",
			 "port and tls_port are the same; set another one");
	there = check_file(checker, "certificate");
	there = check_file(checker, "key") && there;
	if (cert && key && there)
		check_pair(checker, program);
}

static void check_user(const struct checker *checker)
{
	const char *name = checker->host->str(checker->host, "user");
	const struct passwd *user = getpwnam(name);
	char text[ACCESS_TEXT];

	if (!user) {
		snprintf(text, sizeof(text),
			 "there is no user \"%s\"; create that account "
			 "(useradd --system %s), or name another one",
			 name, name);
		complain(checker, GW6C_EOS, "user", text);
	} else if (user->pw_uid == 0) {
		snprintf(text, sizeof(text),
			 "%s is root; strangers are served by a user without "
			 "rights, such as gw6c-access",
			 name);
		complain(checker, GW6C_ECONFIG, "user", text);
	}
}

/* As host->run() looks for it; path has room for 1024 octets. */
static void check_program(const struct checker *checker, char *path)
{
	static const char *const dirs[] = { "/usr/local/sbin", "/usr/local/bin",
					    "/usr/sbin",       "/usr/bin",
					    "/sbin",	       "/bin" };
	const char *name = checker->host->str(checker->host, "program");
	char text[ACCESS_TEXT];

	snprintf(path, 1024, "%s", name);
	if (strchr(name, '/') && access(name, X_OK) == 0)
		return;
	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		snprintf(path, 1024, "%s/%s", dirs[i], name);
		if (!strchr(name, '/') && access(path, X_OK) == 0)
			return;
	}
	snprintf(text, sizeof(text),
		 "there is no program %.200s; install haproxy", name);
	complain(checker, GW6C_EOS, "program", text);
}

static void check_domain(const struct checker *checker)
{
	const char *domain = checker->host->str(checker->host, "domain");
	size_t len = strlen(domain);

	if (len &&
	    (strspn(domain, "abcdefghijklmnopqrstuvwxyz0123456789-.") != len ||
	     domain[0] == '.' || domain[len - 1] == '.' || len > 189))
		complain(checker, GW6C_ECONFIG, "domain",
			 "expected a domain of lower-case letters, digits, "
			 "hyphens and dots, such as home.example.org");
}

void access_check(const struct gw6c_host *host, int inner,
		  const char *const *ours,
		  void (*fault)(void *arg, int rc, const char *key,
				const char *text),
		  void *arg)
{
	const struct checker checker = { host, fault, arg };
	char program[1024];

	(void)ours;
	if (inner == 4)
		complain(
			&checker, GW6C_ECONFIG, "enabled",
			"devices can be published through an IPv6 tunnel only, "
			"and tunnel_mode asks for IPv4; set another mode, or "
			"hap6_proxy_enabled=no");
	check_lists(&checker);
	check_program(&checker, program);
	check_tls(&checker, program);
	check_user(&checker);
	check_domain(&checker);
}
