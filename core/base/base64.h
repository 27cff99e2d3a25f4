/* base64.h - octets as text (RFC 4648 section 4). */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_BASE64_H
#define GW6C_CORE_BASE_BASE64_H

#include <gw6c/buf.h>

/* Append raw octets as base64, without line ends. */
void base64_put(struct gw6c_buf *out, struct gw6c_bytes raw);
/* Append what base64 text means. False: it is not base64, or does not fit. */
bool base64_get(struct gw6c_bytes text, struct gw6c_buf *out);

#endif
