/* home_access_engine.c - a running HAProxy: what it is given, when it is ready,
 * and how it leaves. It gets sockets and files as open descriptors: it need not
 * be able to open anything. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_access.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define FIRST_FD 3 /* as it sees them */
#define FDS 64 /* that can be passed */
#define CONF_FD 5
#define COMMANDS 14000 /* octets of one line of its console */
#define LOOK_MIN_MS 100 /* whether one that leaves is idle */
#define LOOK_MAX_MS 10000

/* --- what it is given --------------------------------------------------------- */

struct outfit {
	int fds[FDS];
	uint32_t n;
};

static bool wants_https(const struct access_conf *conf)
{
	for (int i = 0; i < conf->n; i++)
		for (int k = 0; k < conf->entry[i].device->n_services; k++)
			if (conf->entry[i].on[k] &&
			    conf->entry[i].device->service[k].way ==
				    ACCESS_HTTPS)
				return true;
	return false;
}

/* The numbers that descriptors have there: console, map, configuration, then
 * what there is of the rest. */
static void number(struct access_work *work, struct access_bind *binds)
{
	const struct access_sockets *sockets = work->sockets;
	struct access_conf *conf = &work->conf;
	int fd = CONF_FD + 1;

	conf->stats = FIRST_FD;
	conf->map = FIRST_FD + 1;
	conf->certificate = conf->inside[0] = conf->inside[1] = -1;
	if (wants_https(conf)) {
		conf->certificate = fd++;
		conf->inside[0] = fd++;
		conf->inside[1] = fd++;
	}
	conf->bind = binds;
	conf->n_binds = 0;
	for (int i = 0; i < sockets->n; i++) {
		const struct access_socket *at = &sockets->item[i];

		if (at->fd >= 0)
			binds[conf->n_binds++] = (struct access_bind){
				.way = at->way,
				.entry = at->entry,
				.service = at->service,
				.fd = fd++,
			};
	}
}

/* The file has no name any more, so that nothing is left of it. */
static int file_of(const struct gw6c_host *host, const char *text, size_t len,
		   const struct passwd *user)
{
	char path[PATH_MAX];
	int fd;
	bool ok;

	snprintf(path, sizeof(path), "%s/home-access.XXXXXX", host->run_dir);
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		return -1;
	unlink(path);
	ok = write(fd, text, len) == (ssize_t)len && fchmod(fd, 0400) == 0 &&
	     (geteuid() != 0 || fchown(fd, user->pw_uid, (gid_t)-1) == 0);
	if (ok)
		return fd;
	close(fd);
	return -1;
}

static void pass(struct outfit *outfit, int fd)
{
	outfit->fds[outfit->n++] = fd;
}

/* What was opened for it alone; the sockets are not. */
static void close_ours(const struct outfit *outfit, uint32_t n)
{
	for (uint32_t i = 0; i < n && i < outfit->n; i++)
		if (outfit->fds[i] >= 0)
			close(outfit->fds[i]);
}

static bool all_open(const struct outfit *outfit)
{
	for (uint32_t i = 0; i < outfit->n; i++)
		if (outfit->fds[i] < 0)
			return false;
	return true;
}

/* How many of them are ours to close. */
static uint32_t fill(struct outfit *outfit, const struct gw6c_host *host,
		     const struct access_work *work, int control,
		     const char *text, const char *map,
		     const struct passwd *user)
{
	uint32_t ours;

	pass(outfit, control);
	pass(outfit, file_of(host, map, strlen(map), user));
	pass(outfit, file_of(host, text, strlen(text), user));
	if (work->conf.certificate >= 0) {
		int inside[2] = { -1, -1 };

		pass(outfit, file_of(host, work->cert, work->cert_len, user));
		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, inside))
			inside[0] = -1;
		pass(outfit, inside[0]);
		pass(outfit, inside[1]);
	}
	ours = outfit->n;
	for (int i = 0; i < work->sockets->n; i++)
		if (work->sockets->item[i].fd >= 0)
			pass(outfit, work->sockets->item[i].fd);
	return ours;
}

char *access_engine_text(const struct gw6c_host *host, struct access_work *work)
{
	struct access_bind binds[ACCESS_SOCKETS];
	char *text, *map, *whole = NULL;

	(void)host;
	number(work, binds);
	text = access_conf_text(&work->conf);
	map = access_conf_map(&work->conf);
	if (text && map) {
		size_t len = strlen(text) + strlen(map) + 1;

		whole = malloc(len);
		if (whole)
			snprintf(whole, len, "%s%s", map, text);
	}
	free(text);
	free(map);
	return whole;
}

/* --- what it is told -------------------------------------------------- */

static void on_obeyed(void *arg, const char *text)
{
	struct access_engine *engine = arg;

	(void)text;
	engine->order = NULL;
}

static void order(struct access_engine *engine, const char *line)
{
	access_ask_end(engine->order);
	engine->order = access_ask(engine->owner.host, engine->control, line,
				   on_obeyed, engine);
}

void access_engine_cut(struct access_engine *engine,
		       const struct access_engine *now)
{
	char line[COMMANDS + 128];
	size_t len = 0;

	for (int i = 0; i < engine->n_parts && len < COMMANDS; i++)
		if (!access_parts_has(now, &engine->parts[i]))
			len += (size_t)snprintf(line + len, sizeof(line) - len,
						"%sshutdown sessions server "
						"%s/s",
						len ? ";" : "",
						engine->parts[i].name);
	if (!len)
		return;
	snprintf(line + len, sizeof(line) - len, "\n");
	order(engine, line);
}

/* --- its end ------------------------------------------------------------------------- */

static void look_soon(struct access_engine *engine);

static void on_left(void *arg, const char *text)
{
	struct access_engine *engine = arg;

	(void)text;
	engine->leave = NULL;
}

/* A number of what it says; below 0: it does not say it. */
static long number_of(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	return at ? strtol(at + strlen(name), NULL, 10) : -1;
}

static void on_looked(void *arg, const char *text)
{
	struct access_engine *engine = arg;

	engine->hello = NULL;
	if (number_of(text, "\nCurrConns: ") == 0)
		engine->owner.idle(engine->owner.arg, engine);
	else
		look_soon(engine);
}

static void on_look(void *arg)
{
	struct access_engine *engine = arg;

	engine->timer = NULL;
	access_ask_end(engine->hello);
	engine->hello = access_ask(engine->owner.host, engine->control,
				   "show info\n", on_looked, engine);
	if (!engine->hello)
		look_soon(engine);
}

/* A stream may go on for days. */
static void look_soon(struct access_engine *engine)
{
	const struct gw6c_host *host = engine->owner.host;
	uint32_t ms = engine->look_ms * 2;

	engine->timer = host->on_timer(host, engine->look_ms, on_look, engine);
	engine->look_ms = ms > LOOK_MAX_MS ? LOOK_MAX_MS : ms;
}

/* Its sockets are those of the next one, too. Its console stays, unlike after a
 * signal, so that what goes on can still be ended. */
void access_engine_leave(struct access_engine *engine)
{
	char line[COMMANDS + 128] = "shutdown frontend http;shutdown frontend "
				    "https;shutdown frontend tls";
	size_t len = strlen(line);

	for (int i = 0; i < engine->n_parts && len < COMMANDS; i++)
		if (strstr(engine->parts[i].name, ":tcp:"))
			len += (size_t)snprintf(line + len, sizeof(line) - len,
						";shutdown frontend %s",
						engine->parts[i].name);
	snprintf(line + len, sizeof(line) - len, "\n");
	access_ask_end(engine->leave);
	engine->leave = access_ask(engine->owner.host, engine->control, line,
				   on_left, engine);
	engine->look_ms = LOOK_MIN_MS;
	look_soon(engine);
}

/* --- its life ------------------------------------------------------------------------ */

static void engine_free(struct access_engine *engine)
{
	engine->owner.host->forget(engine->owner.host, engine->timer);
	access_ask_end(engine->hello);
	access_ask_end(engine->order);
	access_ask_end(engine->leave);
	close(engine->control);
	free(engine->parts);
	free(engine);
}

static void on_ended(void *arg, int status)
{
	struct access_engine *engine = arg;

	engine->child = NULL;
	engine->owner.ended(engine->owner.arg, engine, status);
	engine_free(engine);
}

/* "[ALERT]    (123) : config : ..." of which the cause is the end. */
static void on_line(void *arg, const char *text)
{
	struct access_engine *engine = arg;
	const struct gw6c_host *host = engine->owner.host;
	bool alert = strncmp(text, "[ALERT]", 7) == 0;
	const char *rest = strstr(text, ") : ");

	if (!*text || strncmp(text, "[NOTICE]", 8) == 0)
		return;
	if (alert && rest && !engine->error[0])
		snprintf(engine->error, sizeof(engine->error), "%.*s",
			 ACCESS_TEXT - 1, rest + 4);
	host->log(host, GW6C_INFO, "haproxy: %s", rest ? rest + 4 : text);
}

static void on_hello(void *arg, const char *text)
{
	struct access_engine *engine = arg;

	engine->hello = NULL;
	if (!*text) /* it is about to end, and that will be told */
		return;
	engine->ready = true;
	engine->owner.ready(engine->owner.arg, engine);
}

static const char *other_user(const struct passwd *user, const char *name)
{
	return user->pw_uid == geteuid() && user->pw_uid ? NULL : name;
}

static int start(struct access_engine *engine, struct access_work *work,
		 int control, struct gw6c_err *err)
{
	const struct gw6c_host *host = engine->owner.host;
	const char *name = host->str(host, "user");
	const struct passwd *user = getpwnam(name);
	const char *argv[] = { host->str(host, "program"), "-db", "-f",
			       "/dev/fd/5", NULL };
	struct outfit outfit = { .n = 0 };
	struct access_bind binds[ACCESS_SOCKETS];
	struct gw6c_run run = { .size = sizeof(run),
				.argv = argv,
				.line = on_line,
				.ended = on_ended,
				.arg = engine,
				.fds = outfit.fds };
	char *text, *map;
	uint32_t ours;

	if (!user)
		return gw6c_fail(err, GW6C_EOS,
				 "there is no user \"%s\"; create that account "
				 "(useradd --system %s), or name another one "
				 "with feature.home-access.user",
				 name, name);
	number(work, binds);
	text = access_conf_text(&work->conf);
	map = access_conf_map(&work->conf);
	if (!text || !map || !access_parts_list(engine, &work->conf)) {
		free(text);
		free(map);
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	}
	ours = fill(&outfit, host, work, control, text, map, user);
	free(text);
	free(map);
	run.n_fds = outfit.n;
	run.user = other_user(user, name);
	engine->secure = work->conf.certificate >= 0;
	engine->since_ms = host->now_ms(host);
	if (!all_open(&outfit))
		gw6c_fail(err, GW6C_EOS, "cannot make a file in %s: %s",
			  host->run_dir, strerror(errno));
	else
		engine->child = host->run(host, &run, err);
	outfit.fds[0] = -1; /* the caller's */
	close_ours(&outfit, ours);
	return engine->child ? GW6C_OK : err->rc;
}

struct access_engine *access_engine_new(const struct access_engine_owner *owner,
					struct access_work *work,
					struct gw6c_err *err)
{
	struct access_engine *engine = calloc(1, sizeof(*engine));
	int ends[2], rc;

	if (!engine ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
		gw6c_fail(err, GW6C_EOS, "out of memory or descriptors");
		free(engine);
		return NULL;
	}
	engine->owner = *owner;
	engine->control = ends[0];
	rc = start(engine, work, ends[1], err);
	close(ends[1]);
	if (rc == GW6C_OK) {
		engine->hello = access_ask(owner->host, engine->control,
					   "show info\n", on_hello, engine);
		return engine;
	}
	engine_free(engine);
	return NULL;
}

void access_engine_end(struct access_engine *engine)
{
	engine->owner.host->end(engine->owner.host, engine->child);
	engine_free(engine);
}
