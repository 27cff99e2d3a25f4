/* dns_update_check.c - mistakes in the options, before anything is started. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dns_update.h"
#include <errno.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

struct checker {
	const struct gw6c_host *host;
	dns_fault fault;
	void *arg;
};

GW6C_PRINTF(4, 5)
static void complain(const struct checker *checker, int rc, const char *key,
		     const char *fmt, ...)
{
	char text[DNS_TEXT];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	checker->fault(checker->arg, rc, key, text);
}

static const char *str(const struct checker *checker, const char *key)
{
	return checker->host->str(checker->host, key);
}

static void check_names(const struct checker *checker)
{
	const struct gw6c_host *host = checker->host;
	const char *name = str(checker, "name"), *item;
	char domain[DNS_NAME];
	struct gw6c_lease lease = { .size = sizeof(lease) };
	struct gw6c_err err = { 0 };
	struct dns_wish wish;

	if (*str(checker, "domain") && dns_domain(host, &lease, domain, &err))
		complain(checker, GW6C_ECONFIG, "domain",
			 "\"%.80s\" is no domain name; labels have 1 to 63 "
			 "letters, digits and hyphens, and the whole at most "
			 "253",
			 str(checker, "domain"));
	if (strcmp(name, "@") != 0 && !dns_name_ok(name))
		complain(checker, GW6C_ECONFIG, "name",
			 "\"%.80s\" is no name; expected @, none, or labels of "
			 "1 to 63 letters, digits and hyphens",
			 name);
	for (unsigned n = 0; (item = host->item(host, "names", n)); n++)
		if (dns_wish_item(item, &wish, &err))
			complain(checker, GW6C_ECONFIG, "names", "%s",
				 err.text);
}

/* They become words of what nsupdate reads. */
static void check_word(const struct checker *checker, const char *key)
{
	const char *text = str(checker, key);

	if (strlen(text) >= DNS_NAME ||
	    text[strspn(text, "0123456789abcdefghijklmnopqrstuvwxyz"
			      "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_.:%")])
		complain(checker, GW6C_ECONFIG, key,
			 "\"%.80s\" is no name or address", text);
}

/* Who can read the key can change the zone. */
static void check_key(const struct checker *checker)
{
	const char *path = str(checker, "key");
	struct gw6c_err err = { 0 };
	struct stat info;

	if (!*path)
		return;
	if (stat(path, &info) < 0) {
		complain(checker, GW6C_EOS, "key", "%s: %s", path,
			 strerror(errno));
		return;
	}
	/* As one that is absent: no reason to be without a tunnel. */
	if (dns_key_check(checker->host, &err))
		complain(checker, GW6C_EOS, "key", "%s", err.text);
	if (info.st_mode & S_IROTH)
		complain(checker, GW6C_ECONFIG, "key",
			 "%s can be read by everybody, who could change the "
			 "zone then; run chmod o-r %s",
			 path, path);
}

/* As gw6c looks for it. */
static bool is_installed(const char *program)
{
	static const char *const dirs[] = { "/usr/local/sbin", "/usr/local/bin",
					    "/usr/sbin",       "/usr/bin",
					    "/sbin",	       "/bin" };
	char path[1200];

	if (strchr(program, '/'))
		return access(program, X_OK) == 0;
	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", dirs[i], program);
		if (access(path, X_OK) == 0)
			return true;
	}
	return false;
}

static void check_nsupdate(const struct checker *checker)
{
	const char *program = str(checker, "program");

	check_word(checker, "server");
	check_word(checker, "zone");
	check_key(checker);
	if (!is_installed(program))
		complain(checker, GW6C_EOS, "program",
			 "there is no program %s; install it (bind9-dnsutils), "
			 "or choose another back end with "
			 "feature.dns-update.by",
			 program);
}

static void check_command(const struct checker *checker)
{
	const char *path = str(checker, "command");

	if (!*path)
		complain(checker, GW6C_ECONFIG, "command",
			 "no program is named; set feature.dns-update.command");
	else if (access(path, X_OK) < 0)
		complain(checker, GW6C_EOS, "command", "%s: %s", path,
			 strerror(errno));
}

static void check_user(const struct checker *checker)
{
	const char *name = str(checker, "user");

	if (*name && !getpwnam(name))
		complain(checker, GW6C_EOS, "user",
			 "there is no user \"%s\"; create that account, or "
			 "name another one",
			 name);
}

void dns_check(const struct gw6c_host *host, int inner, const char *const *ours,
	       dns_fault fault, void *arg)
{
	const struct checker checker = { host, fault, arg };
	const struct dns_backend *by = dns_backend_of(host);

	(void)ours;
	check_names(&checker);
	check_user(&checker);
	if (by == &dns_nsupdate)
		check_nsupdate(&checker);
	if (by == &dns_command)
		check_command(&checker);
	if (by == &dns_proxy && inner == 4)
		complain(&checker, GW6C_ECONFIG, "by",
			 "the DDNS proxy is reached through an IPv6 tunnel "
			 "only, and tunnel_mode asks for IPv4; choose "
			 "nsupdate, command or print");
}
