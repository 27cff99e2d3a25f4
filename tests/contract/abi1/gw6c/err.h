/* err.h - return codes and the one error a call may hand back. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_ERR_H
#define GW6C_ERR_H

#include <stdarg.h>
#include <stdio.h>

/* What a call returns. Errors are named by who has to act. */
enum gw6c_rc {
	GW6C_OK = 0,
	GW6C_MORE = 1, /* not an error: the peer's next message is wanted */
	GW6C_LATER = 2, /* not an error: host->done() will bring the result */
	GW6C_ECONFIG = -1, /* the operator: fix the configuration; no retry */
	GW6C_EAUTH = -2, /* the operator: login refused; no retry */
	GW6C_EPEER = -3, /* the broker misbehaves: try the next one */
	GW6C_ENET = -4, /* the network: may pass, try again later */
	GW6C_EOS = -5, /* this system refuses: undo, report */
	GW6C_EBUG = -6, /* ours: a promise between rooms was broken */
};

/* Filled by the deepest frame that knows the cause, logged by the frame that
 * handles it. Owned by the caller; zero it before the call. */
struct gw6c_err {
	int rc; /* enum gw6c_rc */
	char text[500]; /* one line for the operator, no newline, no secret */
};

#if defined(__GNUC__)
#define GW6C_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define GW6C_PRINTF(fmt, args)
#endif

/* Fill *err (may be NULL) and return rc: return gw6c_fail(err, GW6C_EOS, ...);
 * Text that came from the network is an argument, never fmt. */
GW6C_PRINTF(3, 4)
static inline int gw6c_fail(struct gw6c_err *err, int rc, const char *fmt, ...)
{
	va_list args;

	if (!err)
		return rc;
	err->rc = rc;
	va_start(args, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	return rc;
}

#endif
