/* home_web.h - the feature home-web: shared by home_web*.c only. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_FEATURES_HOME_WEB_H
#define GW6C_FEATURES_HOME_WEB_H

#include <gw6c/plugin.h>
#include <sys/stat.h>

#define WEB_LISTENERS 10 /* sockets, as the worker takes them */
#define WEB_TEXT 400 /* octets of what is wrong, for people */

/* home_web.c */
extern const struct gw6c_feature_ops web_ops;

/* --- home_web_listen.c: where it listens -------------------------------- */

struct web_socket {
	struct gw6c_addr addr;
	uint16_t port;
	bool tls;
	int fd; /* -1: not open */
	bool given; /* the newest worker has it */
	bool served; /* and so has one that is ready */
};

struct web_sockets {
	struct web_socket item[WEB_LISTENERS];
	int n;
	int left_out; /* wanted, without a place in item */
};

/* What the options and the lease ask for, none of it open. */
void web_sockets_want(const struct gw6c_host *host,
		      const struct gw6c_lease *lease, struct web_sockets *out);
/* Open those that are wanted; what is open in have stays open and is moved, the
 * rest of have is closed. How many are open; changed: they are others than in
 * have; err has the first that is not. */
int web_sockets_open(const struct gw6c_host *host, struct web_sockets *wanted,
		     struct web_sockets *have, bool *changed,
		     struct gw6c_err *err);
void web_sockets_close(struct web_sockets *sockets);
/* A worker has been given what is open; it is ready; it has ended, and serves
 * if there is one of before. */
void web_sockets_given(struct web_sockets *sockets);
void web_sockets_ready(struct web_sockets *sockets);
void web_sockets_lost(struct web_sockets *sockets, bool before);
/* Visitors of those that no worker has are refused, instead of waiting. */
void web_sockets_close_idle(struct web_sockets *sockets);
/* "http://[2001:db8::1]:8080/ https://..." of those that are open; in room. */
const char *web_sockets_text(const struct web_sockets *sockets, char *room,
			     size_t len);

/* --- home_web_files.c: what the worker is given to read ------------------ */

struct web_files {
	int root, acme, log; /* descriptors; -1: none */
	dev_t log_dev;
	ino_t log_ino;
	char log_error[WEB_TEXT]; /* why there is no log; "": none */
};

#define WEB_NO_FILES ((struct web_files){ .root = -1, .acme = -1, .log = -1 })

/* The document root as a path; '\\' of older files is '/'. "": none. In room. */
const char *web_root(const struct gw6c_host *host, char *room, size_t len);
/* Without the log, if that cannot be opened: log_error. */
int web_files_open(const struct gw6c_host *host, struct web_files *out,
		   struct gw6c_err *err);
void web_files_close(struct web_files *files);
/* Open it again, if others have moved it, or it could not be opened. */
bool web_files_new_log(const struct gw6c_host *host, struct web_files *files);

/* --- home_web_cert.c: certificate and key -------------------------------- */

#define WEB_PEM_MAX 32768 /* octets of a file */

/* "CERTIFICATE\0KEY\0", both as their files have them; NULL: none. */
struct web_pair {
	char *text;
	size_t len;
};

/* A file as it was when it was last read. */
struct web_stamp {
	dev_t dev;
	ino_t ino;
	time_t changed;
	long changed_ns;
	off_t size;
};

struct web_cert {
	struct web_pair good; /* which a worker has taken */
	struct web_pair asked; /* which it is to take */
	struct web_stamp cert_stamp, key_stamp;
	char error[WEB_TEXT]; /* why there is none to take; "": none */
	bool of_key; /* that is said of the key */
};

/* From the files, to be taken. False: error, or there are to be none. */
bool web_cert_read(const struct gw6c_host *host, struct web_cert *cert);
bool web_cert_is_new(const struct gw6c_host *host, const struct web_cert *cert);
/* What was asked has been taken. */
void web_cert_works(struct web_cert *cert);
void web_cert_close(struct web_cert *cert);

/* --- home_web_pair.c: do certificate and key work? ------------------------ */

/* What the worker says: "good", "certificate WHY" or "key WHY"; "" if it says
 * nothing. */
void web_pair_check(const struct gw6c_host *host, const struct web_pair *pair,
		    char *said, size_t len);

/* --- home_web_check.c: mistakes ------------------------------------------ */

typedef void (*web_fault)(void *arg, int rc, const char *key, const char *text);

void web_check(const struct gw6c_host *host, int inner, const char *const *ours,
	       web_fault fault, void *arg);
/* Can that user read the directory? Else why, with the component. */
int web_check_readable(const char *path, const char *user,
		       struct gw6c_err *err);

/* --- home_web_worker.c: a running worker ---------------------------------- */

struct web_counts {
	uint64_t requests, octets, errors, connections;
};

struct web_worker;

struct web_owner {
	const struct gw6c_host *host;
	/* It serves; or something that it told has changed. */
	void (*news)(void *arg, struct web_worker *worker);
	/* It has ended, and is freed when this returns. */
	void (*ended)(void *arg, struct web_worker *worker, int status);
	void *arg;
};

struct web_worker {
	struct web_owner owner;
	struct gw6c_child *child;
	int control; /* our end */
	bool ready, leaving;
	bool told; /* that it is ready; its owner's */
	bool cert_asked; /* it has not said yet whether it takes it */
	bool cert_taken; /* it does; its owner's */
	bool cert_told; /* that its certificate is bad; its owner's */
	struct web_counts counts;
	char sandbox[64]; /* what holds it */
	char error[WEB_TEXT]; /* that it ended with; "": none */
	char cert_error[WEB_TEXT];
	long long cert_end; /* seconds since 1970; 0: there is none */
	char cert_name[256];
	uint64_t since_ms; /* it was started */
	uint64_t until_ms; /* it may leave so late; its owner's */
	struct web_worker *next; /* for its owner */
};

/* NULL: err says why. */
struct web_worker *web_worker_new(const struct web_owner *owner,
				  const struct web_sockets *sockets,
				  const struct web_files *files,
				  const struct web_cert *cert, const char *name,
				  struct gw6c_err *err);
/* Answer what was asked, and end. */
void web_worker_leave(struct web_worker *worker);
void web_worker_send_log(const struct web_worker *worker, int fd);
void web_worker_send_cert(struct web_worker *worker,
			  const struct web_pair *pair);
/* End it at once; not from its calls. */
void web_worker_end(struct web_worker *worker);

/* --- home_web_workers.c: those there are ---------------------------------- */

struct web_workers {
	struct web_worker *now; /* the newest; NULL: none serves */
	struct web_worker *before; /* serves until that is ready */
	struct web_worker *old; /* those that leave, the newest first */
	struct web_counts past; /* of those that have ended */
};

/* What all have done; connections: those there are. */
struct web_counts web_workers_sum(const struct web_workers *workers);
/* A new one: that of now leaves, when the new one is ready. */
void web_workers_add(struct web_workers *workers, struct web_worker *worker);
/* That of now is ready. */
void web_workers_ready(struct web_workers *workers);
/* None is to serve: all leave. */
void web_workers_retire(struct web_workers *workers);
/* One has ended. Was it that of now? The one before serves on then. */
bool web_workers_ended(struct web_workers *workers,
		       const struct web_worker *worker);
/* Those that leave have time until then at most. */
void web_workers_hurry(struct web_workers *workers, uint64_t until_ms);
/* When the first of them has had its time; 0: none leaves. */
uint64_t web_workers_due_ms(const struct web_workers *workers);
/* End those that have had their time by then. */
void web_workers_end(struct web_workers *workers, uint64_t until_ms);

/* --- home_web_status.c: what the status says ------------------------------- */

struct home_web {
	const struct gw6c_host *host;
	bool passing; /* packets pass, and we shall serve */
	bool awaited; /* host->done() is due */
	bool stale; /* the worker has other sockets or options than we */
	struct gw6c_lease lease; /* while they pass */
	struct web_sockets sockets;
	struct web_files files;
	struct web_cert cert;
	bool complained; /* of the certificate, and that is not over */
	struct web_workers workers;
	struct gw6c_watch *again, *look, *leave;
	uint32_t again_ms;
	unsigned restarts;
	char error[WEB_TEXT]; /* "": none */
};

void web_show(const struct home_web *web);

/* --- home_web_look.c: certificate and log, looked at again ------------------- */

/* The certificate of that worker cannot be used. */
void web_look_complain(struct home_web *web, const struct web_worker *worker,
		       const char *why);
/* What was asked of the newest worker has been taken. */
void web_look_taken(struct home_web *web);
/* New files go to the newest worker. */
void web_look_cert(struct home_web *web);
void web_look_log(struct home_web *web);
/* What has become of the log, of which known was the trouble. */
void web_look_tell_log(const struct home_web *web, const char *known);

#endif
