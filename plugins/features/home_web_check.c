/* home_web_check.c - mistakes in the options, before anything is started. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"
#include "home_web.h"
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef HAVE_LINUX_XATTR_H
#include <linux/xattr.h>
#include <sys/xattr.h>
#endif

struct checker {
	const struct gw6c_host *host;
	web_fault fault;
	void *arg;
};

GW6C_PRINTF(4, 5)
static void complain(const struct checker *checker, int rc, const char *key,
		     const char *fmt, ...)
{
	char text[WEB_TEXT];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	checker->fault(checker->arg, rc, key, text);
}

/* --- rights --------------------------------------------------------------- */

/* Rights beyond the mode cannot be told from outside. */
static bool has_list(const char *path)
{
#ifdef HAVE_LINUX_XATTR_H
	return getxattr(path, XATTR_NAME_POSIX_ACL_ACCESS, NULL, 0) > 0;
#else
	(void)path;
	return false;
#endif
}

static bool mode_allows(const struct stat *at, uid_t uid, gid_t gid,
			mode_t wanted)
{
	int shift = at->st_uid == uid ? 6 : at->st_gid == gid ? 3 : 0;

	return (at->st_mode >> shift & wanted) == wanted;
}

static int look_at(const char *path, const struct passwd *user, mode_t wanted,
		   struct gw6c_err *err)
{
	struct stat at;

	if (stat(path, &at) < 0)
		return gw6c_fail(err, GW6C_EOS, "%s: %s", path,
				 strerror(errno));
	if (mode_allows(&at, user->pw_uid, user->pw_gid, wanted) ||
	    has_list(path))
		return GW6C_OK;
	return gw6c_fail(err, GW6C_EOS,
			 "user %s cannot %s %s, which has mode %04o; run "
			 "chmod o+%s %s, or set another user or directory",
			 user->pw_name, wanted & 4 ? "read" : "pass through",
			 path, (unsigned)(at.st_mode & 07777),
			 wanted & 4 ? "rx" : "x", path);
}

int web_check_readable(const char *path, const char *name, struct gw6c_err *err)
{
	const struct passwd *user = getpwnam(name);
	char part[PATH_MAX];

	if (!user)
		return gw6c_fail(err, GW6C_EOS,
				 "there is no user \"%s\"; create that "
				 "account (useradd --system %s), or name "
				 "another one with feature.home-web.user",
				 name, name);
	for (size_t len = 1; path[len - 1]; len++) {
		if (path[len] != '/' && path[len])
			continue;
		snprintf(part, sizeof(part), "%.*s", (int)len, path);
		if (look_at(part, user, path[len] ? 1 : 5, err))
			return err->rc;
		if (!path[len])
			break;
	}
	return GW6C_OK;
}

/* --- the root -------------------------------------------------------------- */

static bool is_below(const char *path, const char *dir)
{
	char real[PATH_MAX];
	size_t len = strlen(dir);

	return realpath(path, real) && strncmp(real, dir, len) == 0 &&
	       (!real[len] || real[len] == '/');
}

/* What is published with it, and should not be. */
static const char *exposed(const struct gw6c_host *host, const char *dir,
			   const char *const *ours)
{
	static const char *const keys[] = { "key", "certificate",
					    "access_log" };

	for (; ours && *ours; ours++)
		if (**ours && is_below(*ours, dir))
			return *ours;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *path = host->str(host, keys[i]);

		if (*path && is_below(path, dir))
			return path;
	}
	return NULL;
}

static void check_real_root(const struct checker *checker, const char *root,
			    const char *const *ours)
{
	const struct gw6c_host *host = checker->host;
	char real[PATH_MAX];
	struct gw6c_err err = { 0 };
	struct stat at;
	const char *found;

	if (!realpath(root, real) || stat(real, &at) < 0) {
		complain(checker, GW6C_EOS, "root",
			 "%s: %s; create that directory, or name another", root,
			 strerror(errno));
		return;
	}
	if (!S_ISDIR(at.st_mode)) {
		complain(checker, GW6C_ECONFIG, "root",
			 "%s is no directory; name that of the pages", root);
		return;
	}
	if (strcmp(real, "/") == 0) {
		complain(checker, GW6C_ECONFIG, "root",
			 "the whole file system would be published; name the "
			 "directory of the pages");
		return;
	}
	found = exposed(host, real, ours);
	if (found)
		complain(checker, GW6C_ECONFIG, "root",
			 "%s would be published, too, since it is below %s; "
			 "name a directory that has only the pages",
			 found, root);
	else if (web_check_readable(real, host->str(host, "user"), &err))
		complain(checker, err.rc, "root", "%s", err.text);
}

static void check_root(const struct checker *checker, const char *const *ours)
{
	char root[PATH_MAX];

	web_root(checker->host, root, sizeof(root));
	if (!*root)
		complain(checker, GW6C_ECONFIG, "root",
			 "no directory is named; set hap6_document_root");
	else if (root[0] != '/')
		complain(checker, GW6C_ECONFIG, "root",
			 "expected an absolute path, got \"%s\"", root);
	else
		check_real_root(checker, root, ours);
}

/* --- sockets ----------------------------------------------------------------- */

/* A port that is taken is there to be used: only the right to it counts. */
static bool may_use(uint16_t port)
{
	struct sockaddr_in6 at = { .sin6_family = AF_INET6,
				   .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool may;

	at.sin6_port = htons(port);
	may = fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0 ||
	      (errno != EACCES && errno != EPERM);
	if (fd >= 0)
		close(fd);
	return may;
}

static void check_port(const struct checker *checker, const char *key)
{
	long port = checker->host->num(checker->host, key);

	if (port > 0 && !may_use((uint16_t)port))
		complain(checker, GW6C_EOS, key,
			 "port %ld cannot be used without the right to ports "
			 "below 1024; start gw6c as root or with "
			 "CAP_NET_BIND_SERVICE, or set another port",
			 port);
}

static bool is_place(const char *word)
{
	struct gw6c_addr addr;

	return strcmp(word, "tunnel") == 0 || strcmp(word, "lan") == 0 ||
	       strcmp(word, "any") == 0 || gw6c_addr_parse(word, &addr);
}

/* The networks of lan are not known yet. */
static void check_room(const struct checker *checker)
{
	struct gw6c_lease lease = { .size = sizeof(lease) };
	struct web_sockets wanted;

	gw6c_addr_parse("100::1", &lease.inner);
	web_sockets_want(checker->host, &lease, &wanted);
	if (wanted.left_out)
		complain(checker, GW6C_ECONFIG, "listen",
			 "%d sockets would be needed, and there is room for "
			 "%d; name fewer addresses, or any",
			 wanted.n + wanted.left_out, WEB_LISTENERS);
}

static void check_places(const struct checker *checker)
{
	const struct gw6c_host *host = checker->host;
	const char *word;

	for (unsigned n = 0; (word = host->item(host, "listen", n)); n++)
		if (!is_place(word))
			complain(checker, GW6C_ECONFIG, "listen",
				 "expected tunnel, lan, any or an address, got "
				 "\"%s\"",
				 word);
}

/* --- TLS, user and the rest ---------------------------------------------------- */

static bool check_file(const struct checker *checker, const char *key, int how)
{
	const char *path = checker->host->str(checker->host, key);

	if (!*path || access(path, how) == 0)
		return true;
	complain(checker, GW6C_EOS, key, "%s: %s", path, strerror(errno));
	return false;
}

/* Are they what the worker can show? */
static void check_pair(const struct checker *checker)
{
	const struct gw6c_host *host = checker->host;
	struct web_cert cert = { .good = { NULL, 0 } };
	char said[WEB_TEXT] = "";
	const char *why;

	if (!web_cert_read(host, &cert)) {
		complain(checker, GW6C_EOS, cert.of_key ? "key" : "certificate",
			 "%s", cert.error);
	} else {
		web_pair_check(host, &cert.asked, said, sizeof(said));
		why = strchr(said, ' ');
		cert.of_key = strncmp(said, "key ", 4) == 0;
		if (why &&
		    (cert.of_key || strncmp(said, "certificate ", 12) == 0))
			complain(checker, GW6C_EOS,
				 cert.of_key ? "key" : "certificate", "%s: %s",
				 host->str(host,
					   cert.of_key ? "key" : "certificate"),
				 why + 1);
	}
	web_cert_close(&cert);
}

static void check_tls(const struct checker *checker)
{
	const struct gw6c_host *host = checker->host;
	bool cert = *host->str(host, "certificate"),
	     key = *host->str(host, "key");
	bool there;

	if (cert != key)
		complain(checker, GW6C_ECONFIG, cert ? "certificate" : "key",
			 "%s is missing; https needs both",
			 cert ? "feature.home-web.key"
			      : "feature.home-web.certificate");
	if (!cert && host->yes(host, "redirect"))
		complain(checker, GW6C_ECONFIG, "redirect",
			 "there is no https to go to; set certificate and key");
	if (cert && host->num(host, "port") == host->num(host, "tls_port"))
		complain(checker, GW6C_ECONFIG, "tls_port",
			 "port and tls_port are the same; set another one");
	if (cert)
		check_port(checker, "tls_port");
	there = check_file(checker, "certificate", R_OK);
	there = check_file(checker, "key", R_OK) && there;
	if (cert && key && there)
		check_pair(checker);
}

/* It is made when it is first written. */
static void check_log(const struct checker *checker)
{
	const char *path = checker->host->str(checker->host, "access_log");
	char dir[PATH_MAX];
	struct stat at;
	int why = 0;

	if (!*path)
		return;
	snprintf(dir, sizeof(dir), "%.*s", (int)(strrchr(path, '/') - path) + 1,
		 path);
	if (stat(path, &at) == 0 && S_ISDIR(at.st_mode))
		why = EISDIR;
	else if (access(path, W_OK) < 0 &&
		 (errno != ENOENT || access(dir, W_OK | X_OK) < 0))
		why = errno;
	if (why)
		complain(checker, GW6C_OK, "access_log",
			 "cannot open access_log %s: %s; there will be no log "
			 "of requests; create its directory, or name another "
			 "file",
			 path, strerror(why));
}

static void check_user(const struct checker *checker)
{
	const char *name = checker->host->str(checker->host, "user");
	const struct passwd *user = getpwnam(name);

	if (user && user->pw_uid == 0)
		complain(checker, GW6C_ECONFIG, "user",
			 "%s is root; strangers are served by a user without "
			 "rights, such as gw6c-web",
			 name);
}

void web_check(const struct gw6c_host *host, int inner, const char *const *ours,
	       web_fault fault, void *arg)
{
	const struct checker checker = { host, fault, arg };

	if (inner == 4)
		complain(&checker, GW6C_ECONFIG, "enabled",
			 "pages can be published through an IPv6 tunnel only, "
			 "and tunnel_mode asks for IPv4; set another mode, or "
			 "hap6_web_enabled=no");
	check_root(&checker, ours);
	check_places(&checker);
	check_room(&checker);
	check_port(&checker, "port");
	check_tls(&checker);
	check_log(&checker);
	check_user(&checker);
	check_file(&checker, "acme_dir", X_OK);
	check_file(&checker, "worker", X_OK);
}
