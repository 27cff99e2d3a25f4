/* home_access.h - the feature home-access: shared by home_access*.c only. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_FEATURES_HOME_ACCESS_H
#define GW6C_FEATURES_HOME_ACCESS_H

#include "home_access_conf.h"
#include "home_access_target.h"
#include <sys/stat.h>

#define ACCESS_TEXT 400 /* octets of what is wrong, for people */
#define ACCESS_MISTAKES 20 /* that are shown */

/* home_access.c */
extern const struct gw6c_feature_ops access_ops;

/* --- home_access_lists.c: the files of the user's --------------------------- */

/* A file as it was when it was last read; all zero: it was not there. */
struct access_stamp {
	ino_t ino;
	off_t size;
	struct timespec changed;
};

struct access_lists {
	struct access_list list;
	struct access_users users;
	struct access_stamp devices_stamp, users_stamp, cert_stamp, key_stamp;
	char mistake[ACCESS_MISTAKES][ACCESS_TEXT];
	int n_mistakes; /* also those that are not shown */
};

/* Read all anew; mistakes are told in the log. */
void access_lists_read(const struct gw6c_host *host,
		       struct access_lists *lists);
/* The same, but mistakes go to call(). */
void access_lists_look(const struct gw6c_host *host, struct access_lists *lists,
		       access_mistake call, void *arg);
bool access_lists_changed(const struct gw6c_host *host,
			  const struct access_lists *lists);
bool access_cert_changed(const struct gw6c_host *host,
			 const struct access_lists *lists);
void access_lists_free(struct access_lists *lists);
/* A whole file; false: *len is 0, and errno says why. The caller's to free(). */
bool access_file_read(const char *path, char **text, size_t *len);

/* --- home_access_resolve.c: devices that are named ------------------------- */

struct access_resolver {
	const struct gw6c_host *host;
	void (*news)(void *arg); /* an address is another */
	void *arg;
	struct gw6c_watch *timer;
	struct resolution *first;
};

/* Look up the names of this list, now and every half a minute; forget others. */
void access_resolve(struct access_resolver *resolver,
		    const struct access_list *list);
void access_resolve_end(struct access_resolver *resolver);
/* The addresses of a name; 0: none is known, and why says it. */
int access_resolved(const struct access_resolver *resolver, const char *name,
		    const struct gw6c_addr **addrs, const char **why);

/* --- home_access_entries.c: what of the list is in force --------------------- */

#define ACCESS_OWN 16 /* devices with an address of their own */

struct access_entries {
	struct access_entry item[ACCESS_DEVICES];
	bool direct[ACCESS_DEVICES]; /* the name alone is published */
	char why[ACCESS_DEVICES][ACCESS_SERVICES][200]; /* it is off; "": on */
	int n;
};

/* What the tunnel and the options give. */
struct access_place {
	const struct gw6c_lease *lease;
	const struct gw6c_plan *plan;
	const struct target_world *world;
	const struct access_resolver *resolver;
	const char *domain;
	bool has_certificate;
};

void access_entries_make(struct access_entries *entries,
			 const struct access_lists *lists,
			 const struct access_place *place);

/* --- home_access_plan.c: addresses of devices -------------------------------- */

/* The address that a device of this name has in the prefix; none: there is no
 * prefix. */
struct gw6c_addr access_own_address(const struct gw6c_lease *lease,
				    const char *name);
int access_plan(const struct gw6c_host *host, const struct gw6c_lease *lease,
		struct gw6c_plan *plan, struct gw6c_err *err);
/* Should it have one, and is there one in the plan? */
bool access_wants_address(const struct access_device *device,
			  const struct gw6c_lease *lease);
bool access_has_address(const struct gw6c_plan *plan,
			const struct gw6c_addr *addr);

/* --- home_access_listen.c: what visitors come to ------------------------------ */

#define ACCESS_SOCKETS 56

struct access_socket {
	struct gw6c_addr addr;
	uint16_t port;
	enum access_way way;
	int entry, service; /* of TCP */
	int fd; /* -1: not open */
};

struct access_sockets {
	struct access_socket item[ACCESS_SOCKETS];
	int n, left_out;
};

void access_sockets_want(const struct gw6c_host *host,
			 const struct gw6c_lease *lease,
			 const struct access_entries *entries,
			 struct access_sockets *out);
/* Open what is wanted, and take what is open in have; the rest of that is
 * closed. How many are open; changed: they are others; err has the first that
 * is not. */
int access_sockets_open(const struct gw6c_host *host,
			struct access_sockets *wanted,
			struct access_sockets *have, bool *changed,
			struct gw6c_err *err);
void access_sockets_close(struct access_sockets *sockets);

/* --- home_access_ask.c: questions to HAProxy ---------------------------------- */

struct access_ask;

/* Through control, as its own console does; answer() once with all that it said,
 * then the question is gone. NULL: it could not be asked. */
struct access_ask *access_ask(const struct gw6c_host *host, int control,
			      const char *command,
			      void (*answer)(void *arg, const char *text),
			      void *arg);
void access_ask_end(struct access_ask *ask); /* NULL is fine */

/* --- home_access_engine.c: a running HAProxy ----------------------------------- */

/* A backend, and a number that differs if who may come or where to does. */
struct access_part {
	char name[ACCESS_BACKEND];
	uint64_t sum;
};

struct access_engine;

struct access_engine_owner {
	const struct gw6c_host *host;
	void (*ready)(void *arg, struct access_engine *engine);
	/* It has ended by itself, and is freed when this returns. */
	void (*ended)(void *arg, struct access_engine *engine, int status);
	/* It was to leave, and has nothing to do any more: end it. */
	void (*idle)(void *arg, struct access_engine *engine);
	void *arg;
};

struct access_engine {
	struct access_engine_owner owner;
	struct gw6c_child *child;
	int control; /* our end */
	bool ready;
	struct access_ask *hello; /* until it is ready; then: is it idle? */
	struct access_ask *order, *leave; /* what it was told */
	struct gw6c_watch *timer; /* of one that leaves */
	uint32_t look_ms;
	struct access_part *parts;
	int n_parts;
	bool secure; /* it was given the certificate */
	char error[ACCESS_TEXT]; /* the first that it complained of */
	uint64_t since_ms;
	struct access_engine *next; /* for its owner */
};

/* What is to be done, apart from descriptors. */
struct access_work {
	struct access_conf conf;
	const struct access_sockets *sockets;
	const char *cert; /* chain and key as text; NULL: none */
	size_t cert_len;
};

/* The text that it would be given; for comparison. The caller's to free(). */
char *access_engine_text(const struct gw6c_host *host,
			 struct access_work *work);
/* NULL: err says why. */
struct access_engine *access_engine_new(const struct access_engine_owner *owner,
					struct access_work *work,
					struct gw6c_err *err);
/* Take no more; idle() when all that there is has ended. */
void access_engine_leave(struct access_engine *engine);
/* End what goes on at backends that are gone in another one, or differ. */
void access_engine_cut(struct access_engine *engine,
		       const struct access_engine *now);
/* End it at once; not from its calls. */
void access_engine_end(struct access_engine *engine);

/* --- home_access_parts.c: what it publishes ------------------------------------ */

/* False: memory is out. */
bool access_parts_list(struct access_engine *engine,
		       const struct access_conf *conf);
/* Does it have the same? engine may be NULL. */
bool access_parts_has(const struct access_engine *engine,
		      const struct access_part *part);

/* --- home_access_names.c: what is to be in the DNS ------------------------------ */

/* For the feature dns-update: run_dir/home-access.names. */
void access_names_write(const struct gw6c_host *host,
			const struct access_entries *entries);
void access_names_remove(const struct gw6c_host *host);

/* --- home_access_check.c --------------------------------------------------------- */

void access_check(const struct gw6c_host *host, int inner,
		  const char *const *ours,
		  void (*fault)(void *arg, int rc, const char *key,
				const char *text),
		  void *arg);

/* --- home_access_pair.c: do certificate and key work? ------------------------------ */

/* program: HAProxy. False: the option key names a file that cannot be used. */
bool access_pair_check(const struct gw6c_host *host, const char *program,
		       const char **key, const char **why);

/* --- home_access_status.c: what the status says ------------------------------------ */

#define ACCESS_ROWS (ACCESS_DEVICES * 2) /* that are shown */

struct home_access {
	const struct gw6c_host *host;
	bool passing; /* packets pass, and we shall serve */
	bool awaited; /* host->done() is due */
	bool stale; /* what runs is not what should */
	bool insecure; /* without the certificate, which broke the last start */
	bool complained; /* of it in the log, and that is not over */
	struct gw6c_lease lease; /* while they pass */
	struct gw6c_plan plan;
	char domain[GW6C_NAME];
	struct access_lists lists;
	struct access_resolver resolver;
	struct access_entries *entries;
	struct access_sockets sockets;
	struct access_engine *now; /* the newest; NULL: none */
	struct access_engine *before; /* serves until that is ready */
	struct access_engine *old; /* those that leave */
	char *text; /* that now was given */
	struct access_ask *asking; /* for the states of devices */
	char *states; /* its last answer, or NULL */
	struct gw6c_watch *again, *look, *leave, *soon;
	uint32_t again_ms, looks;
	unsigned restarts;
	int rows, told_mistakes; /* shown last */
	char error[ACCESS_TEXT]; /* "": none */
};

void access_show(struct home_access *access);

/* --- home_access_leave.c: those that leave ------------------------------------------ */

void access_forget(struct home_access *access, struct gw6c_watch **watch);
/* The core is told when the last of them has gone, if it waits for that. */
void access_finished(struct home_access *access);
/* End all but the newest of them. */
void access_end_old(struct home_access *access, int kept);
/* Let one of now and before leave. */
void access_retire(struct home_access *access, struct access_engine **which);
void access_retire_all(struct home_access *access);
void access_take_out(struct home_access *access, struct access_engine *engine);

/* --- home_access_serve.c: those that serve ------------------------------------------- */

#define AGAIN_MIN_MS 1000 /* before another try */

/* Publish what is to be; what is already so is left alone. */
void access_serve(struct home_access *access);
void access_ask_states(struct home_access *access);

#endif
