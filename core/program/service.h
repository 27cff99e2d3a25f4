/* service.h - installs and removes the system service (--register). */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_PROGRAM_SERVICE_H
#define GW6C_CORE_PROGRAM_SERVICE_H

#include <gw6c/err.h>

/* root: "" , or a directory that stands for "/" in tests. program and conf:
 * absolute paths for the unit. As the guide has it, registering does not
 * start the client. GW6C_EOS where there is no systemd, saying what to do
 * instead. */
int service_register(const char *root, const char *program, const char *conf,
		     struct gw6c_err *err);
/* Stops it first. */
int service_unregister(const char *root, struct gw6c_err *err);

#endif
