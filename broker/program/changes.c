/* changes.c - what a reload has changed, by name. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "changes.h"
#include "broker/config/users.h"
#include "core/base/log.h"
#include <stdlib.h>
#include <string.h>

/* What the sockets, the device and the pools were made of. */
static const char *const fixed[] = {
	"listen",	"pool6",    "pool4",	  "prefixes6",
	"tunnel_modes", "tcp",	    "mtu",	  "metric",
	"max_tunnels",	"template", "tunnel_dev", "run_dir",
	"state_dir",	"pid_file", "foreground", "reserved_tunnels",
};

/* Names for one line of the log. */
struct names {
	char text[500];
	char last[USERS_KEY]; /* settings of one account follow each other */
	unsigned left_out;
};

struct changes {
	struct conf *old, *fresh;
	struct names added, removed, changed; /* accounts */
	struct names taken, later; /* settings */
};

static void add(struct names *names, const char *name, size_t len)
{
	size_t used = strlen(names->text);

	if (strlen(names->last) == len && memcmp(names->last, name, len) == 0)
		return;
	snprintf(names->last, sizeof(names->last), "%.*s", (int)len, name);
	if (used + len + 3 > sizeof(names->text)) {
		names->left_out++;
		return;
	}
	snprintf(names->text + used, sizeof(names->text) - used, "%s%.*s",
		 used ? ", " : "", (int)len, name);
}

static void say(const char *what, const struct names *names)
{
	char more[32] = "";

	if (!*names->text)
		return;
	if (names->left_out)
		snprintf(more, sizeof(more), " and %u more", names->left_out);
	log_msg(GW6C_NOTICE, "config", "%s: %s%s", what, names->text, more);
}

/* --- what differs ------------------------------------------------------ */

static bool is_fixed(const char *key)
{
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (conf_same(fixed[i], key))
			return true;
	return strncmp(key, "os.", 3) == 0;
}

/* An account is there if it has a password. */
static void account_differs(struct changes *changes, const struct setting *old,
			    const struct setting *fresh)
{
	const char *key = old ? old->key : fresh->key;
	const char *name = key + strlen("user.");
	size_t len = (size_t)(strrchr(key, '.') - name);
	char user[USERS_KEY];

	snprintf(user, sizeof(user), "%.*s", (int)len, name);
	if (users_is_passwd(key) && !old)
		add(&changes->added, name, len);
	else if (users_is_passwd(key) && !fresh)
		add(&changes->removed, name, len);
	else if (users_password(changes->old, user) &&
		 users_password(changes->fresh, user))
		add(&changes->changed, name, len);
}

static void differs(struct changes *changes, const struct setting *old,
		    const struct setting *fresh)
{
	const char *key = old ? old->key : fresh->key;

	if (users_is_key(key))
		account_differs(changes, old, fresh);
	else if (!is_fixed(key))
		add(&changes->taken, key, strlen(key));
}

static void differs_from_base(struct changes *changes,
			      const struct setting *old,
			      const struct setting *fresh)
{
	const char *key = old ? old->key : fresh->key;

	if (is_fixed(key))
		add(&changes->later, key, strlen(key));
}

/* --- two files side by side -------------------------------------------- */

static int by_key(const void *a, const void *b)
{
	const struct setting *const *one = a, *const *two = b;
	int order = strcmp((*one)->key, (*two)->key);

	return order ? order : (*one)->index - (*two)->index;
}

/* NULL: out of memory. */
static const struct setting **sorted(struct conf *conf, size_t *n)
{
	const struct setting **list;

	for (*n = 0; conf_at(conf, *n); (*n)++)
		;
	list = calloc(*n + 1, sizeof(struct setting *));
	for (size_t i = 0; list && i < *n; i++)
		list[i] = conf_at(conf, i);
	if (list)
		qsort(list, *n, sizeof(struct setting *), by_key);
	return list;
}

static void merge(struct changes *changes, const struct setting **old,
		  const struct setting **fresh,
		  void (*call)(struct changes *changes,
			       const struct setting *old,
			       const struct setting *fresh))
{
	while (*old || *fresh) {
		int order = !*old ? 1 : !*fresh ? -1 : by_key(old, fresh);

		if (order)
			call(changes, order < 0 ? *old : NULL,
			     order < 0 ? NULL : *fresh);
		else if (strcmp((*old)->value, (*fresh)->value) != 0)
			call(changes, *old, *fresh);
		old += order <= 0;
		fresh += order >= 0;
	}
}

static void
compare(struct changes *changes, struct conf *old, struct conf *fresh,
	void (*call)(struct changes *changes, const struct setting *old,
		     const struct setting *fresh))
{
	size_t olds, freshes;
	const struct setting **a = sorted(old, &olds);
	const struct setting **b = sorted(fresh, &freshes);

	if (a && b)
		merge(changes, a, b, call);
	free(a);
	free(b);
}

void changes_tell(struct conf *base, struct conf *old, struct conf *fresh)
{
	struct changes *changes = calloc(1, sizeof(*changes));

	if (!changes)
		return;
	changes->old = old;
	changes->fresh = fresh;
	compare(changes, old, fresh, differs);
	compare(changes, base, fresh, differs_from_base);
	say("accounts added", &changes->added);
	say("accounts removed", &changes->removed);
	say("accounts changed", &changes->changed);
	say("settings in effect", &changes->taken);
	say("settings that take effect after a restart", &changes->later);
	if (!*changes->added.text && !*changes->removed.text &&
	    !*changes->changed.text && !*changes->taken.text &&
	    !*changes->later.text)
		log_msg(GW6C_NOTICE, "config", "nothing has changed");
	free(changes);
}
