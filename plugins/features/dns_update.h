/* dns_update.h - the feature dns-update: shared by dns_update*.c only. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_FEATURES_DNS_UPDATE_H
#define GW6C_FEATURES_DNS_UPDATE_H

#include <gw6c/plugin.h>

#define DNS_NAME 254 /* octets of a domain name with its NUL */
#define DNS_NAMES 512 /* names at a time */
#define DNS_RECORDS 4 /* of one name */
#define DNS_DATA 300 /* octets of the data of a record as text */
#define DNS_ATTEMPTS 10
#define DNS_LEAVE_MS 4500 /* to delete all, at the end */
#define DNS_TEXT 400 /* octets of what is wrong, for people */

/* dns_update.c */
extern const struct gw6c_feature_ops dns_ops;

/* --- dns_update_names.c: names and addresses that are asked for --------- */

enum dns_type {
	DNS_A = 1,
	DNS_AAAA = 2,
	DNS_SVCB = 4,
	DNS_HTTPS = 8,
};
#define DNS_TYPES 15 /* all of them */

/* All zero but for what its type has; so memcmp() tells if two are the same. */
struct dns_record {
	uint16_t type; /* enum dns_type */
	uint16_t port; /* of SVCB and HTTPS */
	struct gw6c_addr addr; /* of A and AAAA */
};

/* A line "NAME RULE [SERVICE PORT]", checked. */
struct dns_wish {
	char name[DNS_NAME]; /* below the domain; "@": the domain */
	char rule[GW6C_ADDR_TEXT + 8];
	char service[16]; /* "": none is named */
	uint16_t port;
};

/* Labels of 1 to 63 letters, digits and hyphens, 253 octets in all? */
bool dns_name_ok(const char *name);
/* GW6C_OK; GW6C_MORE: nothing is in the line; GW6C_ECONFIG: err says why. */
int dns_wish_line(const char *line, struct dns_wish *out, struct gw6c_err *err);
/* The same of "NAME=RULE" and "NAME=RULE/SERVICE/PORT". */
int dns_wish_item(const char *item, struct dns_wish *out, struct gw6c_err *err);
/* The address that the rule means now. GW6C_MORE: there is none at present. */
int dns_wish_addr(const struct dns_wish *wish, const struct gw6c_lease *lease,
		  struct gw6c_addr *out, struct gw6c_err *err);
/* The whole name, in lower case, without a final dot. */
int dns_wish_owner(const struct dns_wish *wish, const char *domain,
		   char owner[DNS_NAME], struct gw6c_err *err);
/* The record that tells its port, and its name; false: it needs none. */
bool dns_wish_port(const struct dns_wish *wish, const char *owner,
		   char name[DNS_NAME], struct dns_record *out);

const char *dns_type_text(uint16_t type);
/* "2001:db8::1", "1 . port=8443"; in room. */
const char *dns_record_text(const char *owner, const struct dns_record *record,
			    char room[DNS_DATA]);

/* --- dns_update_result.c: how an update ended --------------------------- */

enum dns_result {
	DNS_OK = 0,
	DNS_SERVFAIL,
	DNS_REFUSED,
	DNS_NOTAUTH,
	DNS_NOTZONE,
	DNS_NOZONE,
	DNS_BADKEY,
	DNS_BADSIG,
	DNS_BADTIME,
	DNS_BADFORM, /* FORMERR, NOTIMP */
	DNS_TIMEOUT,
	DNS_UNREACHABLE,
	DNS_BADFILE, /* the key cannot be used */
	DNS_OTHER, /* of which a text of its own tells */
};

/* "the server refuses ... (REFUSED); allow it ..." */
const char *dns_result_text(enum dns_result result);
/* May it be another one later, without anybody doing anything? */
bool dns_result_passes(enum dns_result result);
/* May another name have another one, at the same time? */
bool dns_result_of_name(enum dns_result result);
/* By the number of RFC 1035 and 2136. */
enum dns_result dns_result_rcode(unsigned rcode);
/* Of a line of nsupdate(1); DNS_OK: it says nothing about that. */
enum dns_result dns_result_line(const char *line);

/* --- dns_update_queue.c: what is to be done, and when ------------------- */

struct dns_entry {
	char owner[DNS_NAME];
	struct dns_record want[DNS_RECORDS]; /* in order */
	struct dns_record sent[DNS_RECORDS]; /* while busy */
	struct dns_record done[DNS_RECORDS]; /* that the server has taken */
	struct dns_record next[DNS_RECORDS]; /* being gathered */
	uint8_t n_want, n_sent, n_done, n_next;
	uint8_t had; /* types that the server may have of ours */
	uint8_t before; /* had, before the present attempt */
	bool busy; /* in the present attempt */
	bool alone; /* is tried without others */
	bool failed; /* is not tried any more */
	uint8_t attempts;
	uint64_t due_ms;
	enum dns_result result; /* of the last attempt */
};

struct dns_queue {
	struct dns_entry *at; /* DNS_NAMES of them */
	int n;
	const char *by; /* back end that they are for; "": that keeps nothing */
	char *left; /* lines of the journal of other back ends; or NULL */
};

const struct dns_entry *dns_queue_find(const struct dns_queue *queue,
				       const char *owner);
/* The same; made if there is none. NULL: no room. */
struct dns_entry *dns_queue_get(struct dns_queue *queue, const char *owner);
/* What is wanted: begin, add each, commit. What is not added again is to go
 * after a while, in case that it comes back. */
void dns_queue_begin(struct dns_queue *queue);
bool dns_queue_add(struct dns_queue *queue, const char *owner,
		   const struct dns_record *record);
bool dns_queue_commit(struct dns_queue *queue, uint64_t now_ms); /* changed? */
/* Nothing is wanted any more, and all is tried once, now. */
void dns_queue_empty(struct dns_queue *queue, uint64_t now_ms);
/* What has failed is tried from the beginning; anew: all is. */
void dns_queue_again(struct dns_queue *queue, bool anew, uint64_t now_ms);
bool dns_entry_dirty(const struct dns_entry *entry);
/* Up to max that are due become busy; how many. */
int dns_queue_take(struct dns_queue *queue, uint64_t now_ms, int max);
/* Those that are busy have ended so. */
void dns_queue_finish(struct dns_queue *queue, enum dns_result result,
		      uint64_t now_ms);
/* They are broken off: it is not known what the server has done. */
void dns_queue_cancel(struct dns_queue *queue, uint64_t now_ms);
/* When the next is due; UINT64_MAX: none is. */
uint64_t dns_queue_due_ms(const struct dns_queue *queue);
/* Names of which the server may have something of ours. */
int dns_queue_published(const struct dns_queue *queue);

/* What one entry asks for, for back ends that take one thing at a time. */
struct dns_action {
	bool add;
	uint16_t types; /* to delete; or of record */
	const struct dns_record *record; /* to add */
};

/* Number step = 0.. of them; whole: all types are deleted at once. */
bool dns_entry_action(const struct dns_entry *entry, bool whole, int step,
		      struct dns_action *out);

/* --- dns_update_journal.c: what is published, on disk ------------------- */

/* A file that others cannot have written, as text; in room. Below 0: errno. */
long dns_file_read(const char *path, char *room, size_t len);
bool dns_file_replace(const char *path, const char *text, size_t len);

/* Names and types, and what is left of other back ends; no file where there is
 * nothing. */
int dns_journal_write(const char *path, const struct dns_queue *queue,
		      struct gw6c_err *err);
int dns_journal_read(const char *path, struct dns_queue *queue,
		     struct gw6c_err *err);

/* The next name at *at of what is left, with its types, as in the file, and the
 * back end that has published it. False: there is none. */
bool dns_left_next(const char **at, char by[16], char line[DNS_NAME + 32]);

/* --- back ends ---------------------------------------------------------- */

struct dns_update;

struct dns_backend {
	const char *name; /* of the option "by" */
	int batch; /* names at a time */
	uint8_t types; /* that it can publish */
	bool keeps; /* something stays when we end */
	/* Do what the busy entries ask for. GW6C_OK: that is done; GW6C_LATER:
	 * dns_update_ended() will be called; else err says why not,
	 * GW6C_ECONFIG: because of the key. */
	int (*start)(struct dns_update *self, struct gw6c_err *err);
	/* Break it off. */
	void (*cancel)(struct dns_update *self);
	/* The end has come without goodbye: do it, and wait so long at most.
	 * May be NULL. */
	enum dns_result (*last)(struct dns_update *self, uint32_t limit_ms,
				char said[DNS_TEXT]);
};

extern const struct dns_backend dns_print, dns_nsupdate, dns_proxy, dns_command;

/* Of the option "by". */
const struct dns_backend *dns_backend_of(const struct gw6c_host *host);

/* dns_update_nsupdate.c: the input of nsupdate(1) for all that is busy. */
void dns_nsupdate_script(const struct gw6c_host *host,
			 const struct dns_queue *queue, struct gw6c_buf *out);
/* dns_update_key.c: can nsupdate use the key, if one is named? GW6C_ECONFIG: no,
 * and err says why not. */
int dns_key_check(const struct gw6c_host *host, struct gw6c_err *err);
/* dns_update_proxy.c, pure. An update of one record, with its length; record
 * NULL: all of that name is deleted. False: it does not fit. */
bool dns_proxy_message(uint16_t id, const char *zone, const char *owner,
		       const struct dns_record *record, uint32_t ttl,
		       struct gw6c_buf *out);
/* An answer without its length: false: it is not to that question. */
bool dns_proxy_answer(struct gw6c_bytes answer, uint16_t id,
		      enum dns_result *result);

/* --- dns_update_sources.c: who asks for names --------------------------- */

/* Options, and files of other features, into the queue. What is wrong is told
 * when it is new. Have there been changes? */
bool dns_sources_read(struct dns_update *self);
/* Note that it is asked for and cannot be published; rc GW6C_MORE: at
 * present. */
void dns_unmet_add(struct dns_update *self, const char *owner, int rc,
		   const char *why);
/* The domain that all is below, in lower case. */
int dns_domain(const struct gw6c_host *host, const struct gw6c_lease *lease,
	       char room[DNS_NAME], struct gw6c_err *err);

/* --- dns_update_check.c: mistakes --------------------------------------- */

typedef void (*dns_fault)(void *arg, int rc, const char *key, const char *text);

void dns_check(const struct gw6c_host *host, int inner, const char *const *ours,
	       dns_fault fault, void *arg);

/* --- the feature -------------------------------------------------------- */

/* The present attempt. */
struct dns_work {
	struct gw6c_child *child;
	int fd; /* of the proxy; -1: none */
	struct gw6c_watch *watch, *timer;
	int step; /* of an entry's actions */
	uint16_t id;
	uint8_t room[514]; /* of the answer */
	size_t len;
	enum dns_result result; /* found in what was said */
	char said[DNS_TEXT]; /* the last line of a program */
};

/* A name that is asked for and for which there is no record. */
struct dns_unmet {
	char owner[DNS_NAME];
	bool passes; /* it may come by itself, as a prefix does */
	char why[160];
};

struct dns_update {
	const struct gw6c_host *host;
	const struct dns_backend *by;
	struct gw6c_lease lease; /* while packets pass */
	bool passing;
	bool settling; /* the first look is to come */
	bool ending; /* for good: all is deleted */
	bool awaited; /* host->done() is due */
	struct dns_queue queue;
	struct dns_work work;
	bool busy; /* there is a present attempt */
	struct gw6c_watch *look, *next, *leave;
	char journal[1024]; /* the option, as it was when it was read */
	char faults[4096]; /* of the sources, told */
	char error[DNS_TEXT]; /* "": none */
	char domain[DNS_NAME]; /* that all is below; "": none is known */
	struct dns_unmet *unmet; /* n_unmet of them, or NULL */
	int n_unmet;
	char *state; /* what the state file says; or NULL */
};

/* --- dns_update_work.c -------------------------------------------------- */

/* Do what is due, and come back for the rest. */
void dns_work(struct dns_update *self);
/* Break off the present attempt. */
void dns_work_break_off(struct dns_update *self);
/* At the end each name is tried once: is that over? host->done() then. */
void dns_work_leave(struct dns_update *self);
/* The end without a goodbye, since the tunnel was dead: what can be deleted all
 * the same is. */
void dns_work_last(struct dns_update *self);
/* False: err says why. */
bool dns_work_journal(struct dns_update *self, struct gw6c_err *err);
/* The present attempt has ended; said: what there is to tell, or "". */
void dns_update_ended(struct dns_update *self, enum dns_result result,
		      const char *said);
/* --- dns_update_status.c ------------------------------------------------ */

void dns_show(struct dns_update *self);
void dns_show_remove(const struct gw6c_host *host);
/* "3 names", "1 name" */
const char *dns_count_text(int n, char room[32]);

#endif
