/* dns_update_key.c - whether nsupdate(1) can use the file of the key: if not, it
 * would say so and go on without one. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dns_update.h"
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_FILE 4096 /* octets of one with a single key, and more */
#define TOKEN 512

/* --- who can read it ---------------------------------------------------- */

struct reader {
	uid_t uid;
	gid_t gid;
};

/* bit: of S_IRWXO */
static bool may(const struct reader *reader, const char *path, mode_t bit)
{
	struct stat info;

	if (stat(path, &info) < 0)
		return false;
	if (info.st_uid == reader->uid)
		return info.st_mode & bit << 6;
	if (info.st_gid == reader->gid)
		return info.st_mode & bit << 3;
	return info.st_mode & bit;
}

/* The file, and all directories on the way. */
static bool can_read(const struct reader *reader, const char *path)
{
	char part[PATH_MAX];

	if (!reader->uid)
		return true;
	for (const char *at = path; (at = strchr(at, '/')); at++) {
		snprintf(part, sizeof(part), "%.*s", (int)(at - path + 1),
			 path);
		if (!may(reader, part, S_IXOTH))
			return false;
	}
	return may(reader, path, S_IROTH);
}

/* It gets the user's own group and no other. */
static int check_reader(const struct gw6c_host *host, const char *path,
			struct gw6c_err *err)
{
	const char *user = host->str(host, "user");
	const struct passwd *account = *user ? getpwnam(user) : NULL;
	struct reader reader;

	if (!account)
		return GW6C_OK;
	reader = (struct reader){ account->pw_uid, account->pw_gid };
	if (can_read(&reader, path))
		return GW6C_OK;
	return gw6c_fail(err, GW6C_ECONFIG,
			 "%.200s cannot be read by the user %.40s, whom "
			 "nsupdate runs as; let the group of that user read "
			 "it, and enter its directory",
			 path, user);
}

/* --- what is in it ------------------------------------------------------ */

static int not_key(const char *path, const char *what, struct gw6c_err *err)
{
	return gw6c_fail(err, GW6C_ECONFIG,
			 "%.200s %s; it must have one key statement and "
			 "nothing else, as tsig-keygen makes it",
			 path, what);
}

static long read_key(const char *path, char room[KEY_FILE])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat info;
	ssize_t len = -1;

	if (fd < 0)
		return -1;
	errno = EINVAL;
	if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode))
		len = read(fd, room, KEY_FILE);
	close(fd);
	return len;
}

static const char *skip_comment(const char *at)
{
	const char *end;

	if (strncmp(at, "/*", 2) != 0)
		return at + strcspn(at, "\n");
	end = strstr(at + 2, "*/");
	return end ? end + 2 : at + strlen(at);
}

static const char *skip_blanks(const char *at)
{
	for (;;) {
		at += strspn(at, " \t\r\n");
		if (*at != '#' && strncmp(at, "//", 2) != 0 &&
		    strncmp(at, "/*", 2) != 0)
			return at;
		at = skip_comment(at);
	}
}

/* The next word, text in quotes, or one of "{};"; "": the end, or what is no
 * token. */
static void next(const char **at, char token[TOKEN])
{
	const char *from = skip_blanks(*at);
	bool quoted = *from == '"';
	size_t len;

	from += quoted;
	len = quoted ? strcspn(from, "\"\n") : strcspn(from, " \t\r\n{};\"#");
	if (!quoted && *from && strchr("{};", *from))
		len = 1;
	*at = from + len;
	token[0] = 0;
	if (len >= TOKEN || (quoted && **at != '"'))
		return;
	*at += quoted;
	snprintf(token, TOKEN, "%.*s", (int)len, from);
}

static bool next_is(const char **at, const char *want)
{
	char token[TOKEN];

	next(at, token);
	return strcmp(token, want) == 0;
}

static bool is_algorithm(const char *name)
{
	static const char *const known[] = { "hmac-md5",    "hmac-sha1",
					     "hmac-sha224", "hmac-sha256",
					     "hmac-sha384", "hmac-sha512" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		size_t len = strlen(known[i]);
		const char *rest = name + len;

		if (strncasecmp(name, known[i], len) != 0)
			continue;
		/* Fewer bits of it, or its name of RFC 8945 */
		if (!*rest || strcasecmp(rest, ".sig-alg.reg.int") == 0 ||
		    (rest[0] == '-' && rest[1] &&
		     !rest[1 + strspn(rest + 1, "0123456789")]))
			return true;
	}
	return false;
}

/* With blanks where it was broken. */
static bool is_base64(const char *text)
{
	size_t n = 0, pads = 0;

	for (; *text; text++) {
		if (isspace((unsigned char)*text))
			continue;
		if (*text == '=')
			pads++;
		else if (pads || !(isalnum((unsigned char)*text) ||
				   *text == '+' || *text == '/'))
			return false;
		n++;
	}
	return n && n % 4 == 0 && pads <= 2;
}

struct key {
	bool algorithm, secret; /* it has one */
};

/* A statement within it: what is wrong, or NULL. */
static const char *take(struct key *key, const char *word, const char *value)
{
	if (strcmp(word, "algorithm") == 0 && !key->algorithm) {
		key->algorithm = is_algorithm(value);
		return key->algorithm ? NULL
				      : "has a key with an unknown algorithm";
	}
	if (strcmp(word, "secret") == 0 && !key->secret) {
		key->secret = is_base64(value);
		return key->secret ? NULL
				   : "has a key whose secret is not base64";
	}
	return "has a key with other words than one algorithm and one secret";
}

static const char *take_body(struct key *key, const char **at)
{
	char word[TOKEN], value[TOKEN];
	const char *fault = NULL;

	for (next(at, word); !fault && strcmp(word, "}") != 0; next(at, word)) {
		next(at, value);
		fault = take(key, word, value);
		explicit_bzero(value, sizeof(value));
		if (!fault && !next_is(at, ";"))
			fault = "lacks a \";\" in its key";
	}
	return fault;
}

/* What is wrong with it; NULL: nothing. */
static const char *fault_of(const char *at)
{
	struct key key = { 0 };
	char name[TOKEN];
	const char *fault;

	if (!next_is(&at, "key"))
		return "does not begin with a key statement";
	next(&at, name);
	if (!*name || strchr("{};", *name) || !next_is(&at, "{"))
		return "has a key without a name";
	fault = take_body(&key, &at);
	if (fault)
		return fault;
	if (!key.algorithm || !key.secret)
		return "has a key without algorithm or secret";
	if (!next_is(&at, ";"))
		return "lacks the last \";\"";
	return *skip_blanks(at) ? "has more than a key" : NULL;
}

int dns_key_check(const struct gw6c_host *host, struct gw6c_err *err)
{
	const char *path = host->str(host, "key"), *fault;
	char text[KEY_FILE + 1] = "";
	long len;

	if (!*path)
		return GW6C_OK;
	len = read_key(path, text);
	if (len < 0)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "%.200s cannot be read: %s; set "
				 "feature.dns-update.key to the file that "
				 "tsig-keygen has made",
				 path, strerror(errno));
	text[len] = 0;
	if (len == KEY_FILE)
		fault = "is too large";
	else
		fault = strlen(text) < (size_t)len ? "is no text"
						   : fault_of(text);
	explicit_bzero(text, sizeof(text));
	return fault ? not_key(path, fault, err)
		     : check_reader(host, path, err);
}
