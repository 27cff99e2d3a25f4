/* status.h - tells the state of a running program, and asks for it. Shared by
 * gw6c and gw6c-broker: "name value" lines through a socket in run_dir. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_STATUS_H
#define GW6C_CORE_BASE_STATUS_H

#include "loop.h"
#include <stdio.h>

#define STATUS_MAX 65536 /* octets of one answer */

struct status;

#define STATUS_LIST "[]" /* at the end of a name: one of several such lines */

/* Append one line; the value as log_escape() has it. */
void status_put(struct gw6c_buf *out, const char *name, const char *fmt, ...)
	GW6C_PRINTF(3, 4);

/* Serve at path: whoever connects is sent what write() puts. Anybody on this
 * machine may ask; nothing is read from them. owner: root, or the user that
 * this process runs as; others are not told who uses the tunnels, and that
 * there is more: STATUS_COMPLETE is put before. */
#define STATUS_COMPLETE "complete" /* yes or no */
int status_serve(struct loop *loop, const char *path,
		 void (*write)(void *arg, bool owner, struct gw6c_buf *out),
		 void *arg, struct status **out, struct gw6c_err *err);
void status_end(struct status *status); /* removes the socket; NULL is fine */

/* Ask the program at path. GW6C_ENET: none is running there, or it does not
 * answer; what is in out then is no status. */
int status_ask(const char *path, struct gw6c_buf *out, struct gw6c_err *err);

/* Print for people, or as one JSON object: numbers are numbers, yes and no
 * booleans, what is empty or "-" null; name=value words are an object, the
 * lines of a list an array. */
void status_print(FILE *file, struct gw6c_bytes status, bool json);

#endif
