/* conf_files.c - loads a configuration file and the files it includes. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "conf_parts.h"
#include "core/base/wipe.h"
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One conf_load(), files and depth so far. */
struct load {
	struct conf *conf;
	int files, depth;
	struct gw6c_err *err;
};

/* Up to CONF_SIZE + 1 octets; by read(2), so that no stdio buffer keeps a
 * copy of a password. Negative: errno. */
static ssize_t slurp(const char *path, char *room)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = 0, len = 0;

	if (fd < 0)
		return -1;
	while (len <= CONF_SIZE) {
		got = read(fd, room + len, (size_t)(CONF_SIZE + 1 - len));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		len += got;
	}
	close(fd);
	return got < 0 ? -1 : len;
}

static int parse_copy(struct conf *conf, const char *file, char *text,
		      enum conf_syntax syntax, struct gw6c_err *err)
{
	if (syntax == CONF_DETECT && conf_detect(file, text, &syntax, err))
		return err->rc;
	if (syntax == CONF_LIBCONFIG)
		return conf_read_libconfig(conf, file, text, err);
	return conf_read_classic(conf, file, text, err);
}

int conf_parse(struct conf *conf, const char *name, const char *text,
	       size_t len, enum conf_syntax syntax, struct gw6c_err *err)
{
	const char *file = conf_keep_name(conf, name);
	char *copy;
	int rc;

	if (len > CONF_SIZE)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "%s: larger than %d MiB; is it the right "
				 "file?",
				 name, CONF_SIZE / 1024 / 1024);
	if (len && memchr(text, 0, len))
		return gw6c_fail(err, GW6C_ECONFIG,
				 "%s: not a text file: it contains a NUL "
				 "octet; save it as UTF-8",
				 name);
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3, len -= 3;
	copy = malloc(len + 2);
	if (!copy || !file) {
		free(copy);
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	}
	if (len)
		memcpy(copy, text, len);
	memcpy(copy + len, "\n", 2);
	rc = parse_copy(conf, file, copy, syntax, err);
	wipe(copy, len);
	free(copy);
	return rc;
}

static int load_file(struct load *load, const char *path,
		     const struct setting *at);

/* Relative patterns belong to the directory of the file that has them; its
 * own name is no pattern. */
static bool make_pattern(const struct setting *at, char room[PATH_MAX])
{
	const char *slash = strrchr(at->file, '/');
	size_t len = 0;
	int more;

	for (const char *c = at->file; slash && c <= slash; c++) {
		if (at->value[0] == '/')
			break;
		if (len + 2 >= PATH_MAX)
			return false;
		if (strchr("*?[\\", *c))
			room[len++] = '\\';
		room[len++] = *c;
	}
	more = snprintf(room + len, PATH_MAX - len, "%s", at->value);
	return more >= 0 && (size_t)more < PATH_MAX - len;
}

static int follow(struct load *load, const struct setting *at)
{
	char pattern[PATH_MAX];
	glob_t found;
	int rc;

	if (!make_pattern(at, pattern))
		return conf_fail(at, load->err, "the path is too long");
	rc = glob(pattern, 0, NULL, &found);
	if (rc == GLOB_NOMATCH && strpbrk(at->value, "*?["))
		return GW6C_OK; /* an empty drop-in directory */
	if (rc == GLOB_NOMATCH)
		return conf_fail(at, load->err,
				 "there is no file \"%s\" (looked for %s)",
				 at->value, pattern);
	if (rc)
		return conf_fail(at, load->err, "cannot search for \"%s\"",
				 at->value);
	for (size_t i = 0; i < found.gl_pathc && !rc; i++)
		rc = load_file(load, found.gl_pathv[i], at);
	globfree(&found);
	return rc;
}

/* A later file may replace "include", so ours are copied first. */
static int follow_all(struct load *load, const char *file)
{
	struct setting own[64];
	char *value[64];
	const struct setting *at;
	int n = 0, rc = GW6C_OK;

	for (int i = 0; (at = conf_get(load->conf, "include", i)); i++) {
		if (at->file != file || n == 64 || !*at->value)
			continue;
		own[n] = *at;
		value[n] = strdup(at->value);
		own[n].value = value[n];
		own[n].key = "include";
		if (value[n])
			n++;
	}
	for (int i = 0; i < n && !rc; i++)
		rc = follow(load, &own[i]);
	while (n)
		free(value[--n]);
	return rc;
}

static int read_file(struct load *load, const char *path,
		     const struct setting *at)
{
	char *room = malloc(CONF_SIZE + 1);
	ssize_t len;
	int rc;

	if (!room)
		return gw6c_fail(load->err, GW6C_EOS, "out of memory");
	rc = conf_trusted(at, path, load->err);
	if (rc) {
		free(room);
		return rc;
	}
	len = slurp(path, room);
	if (len < 0 && at)
		rc = conf_fail(at, load->err, "cannot read %s: %s", path,
			       strerror(errno));
	else if (len < 0)
		rc = gw6c_fail(load->err, GW6C_ECONFIG,
			       "cannot read %s: %s; %s-f names another "
			       "configuration file",
			       path, strerror(errno),
			       errno == EACCES ? "run it as root, or " : "");
	else
		rc = conf_parse(load->conf, path, room, (size_t)len,
				CONF_DETECT, load->err);
	if (len > 0)
		wipe(room, (size_t)len);
	free(room);
	return rc;
}

static int load_file(struct load *load, const char *path,
		     const struct setting *at)
{
	const struct setting *last;
	int rc;

	if (load->depth > CONF_DEPTH || load->files++ == CONF_FILES)
		return conf_fail(at, load->err,
				 "includes nested more than %d deep, or more "
				 "than %d files; does a file include itself?",
				 CONF_DEPTH, CONF_FILES);
	rc = read_file(load, path, at);
	last = conf_get(load->conf, "include", 0);
	if (rc || !last || strcmp(last->file, path) != 0)
		return rc;
	load->depth++;
	rc = follow_all(load, last->file);
	load->depth--;
	return rc;
}

int conf_load(struct conf *conf, const char *path, struct gw6c_err *err)
{
	struct load load = { conf, 0, 0, err };

	return load_file(&load, path, NULL);
}
