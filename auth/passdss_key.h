/* passdss_key.h - the broker's key of PASSDSS-3DES-1 as a file: DSA of 2048
 * bits, the most that fits into a datagram, or of 1024 for old clients. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_AUTH_PASSDSS_KEY_H
#define GW6C_AUTH_PASSDSS_KEY_H

#include <gw6c/plugin.h>

/* As key_make and key_read of gw6c/auth.h. How many bits one that is made has
 * says the option key_bits; the file is PEM, the private form
 * "ssh-dss", p, q, g, y, x. */
int passdss_key_make(const struct gw6c_host *host, struct gw6c_buf *file,
		     struct gw6c_err *err);
int passdss_key_read(const struct gw6c_host *host, struct gw6c_bytes file,
		     struct gw6c_buf *private_key, struct gw6c_buf *public_key,
		     struct gw6c_err *err);

#endif
