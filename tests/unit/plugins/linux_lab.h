/* linux_lab.h - the Linux backend on real interfaces, in a network namespace
 * of the test's. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_LINUX_LAB_H
#define GW6C_LINUX_LAB_H

#include "tests/fake/fake_host.h"
#include "tests/unit/unit.h"
#include <gw6c/plugin.h>

#define LAB_SKIPPED 77
#define LAB_METRIC 2048

extern struct fake_host lab_host;
extern struct gw6c_plan lab_plan;
extern struct gw6c_err lab_err; /* of the last step */
extern char lab_status[256]; /* "key value" of the last one; "key -": removed */
extern char lab_noted[64]; /* step->saved when note() was called last */
extern int lab_notes; /* calls of note() */
extern int lab_note_rc; /* what it answers */

/* Can a test have a namespace here? */
bool lab_works(void);
/* A new namespace with the interfaces lan0, wan0 and x, and a backend in it.
 * Device: with a tunnel interface of kind TUN, gw6c0, that is up. */
void lab_begin(bool device);
void lab_end(void);
/* Another run of it, after an end in order. */
void lab_again(void);
/* A file that an earlier run has left; text NULL: none. */
void lab_put_file(const char *name, const char *text);
long lab_file_size(const char *name); /* -1: there is none */

/* The backend, for what is no step. */
const struct gw6c_os_ops *lab_ops(void);
void *lab_self(void);
/* A step, done or undone: what the backend returned. */
int lab_do(struct gw6c_step *step);
int lab_undo(struct gw6c_step *step);
/* A step about a prefix: "2001:db8::/48". */
struct gw6c_step lab_step(enum gw6c_verb verb, const char *prefix);

/* ip(8): did it work, and does what it prints contain text? */
bool lab_ip(const char *arguments);
bool lab_shows(const char *arguments, const char *text);
bool lab_is(const char *arguments, const char *all);
/* Let the backend see what has happened, and settle. */
void lab_settle(void);

#endif
