/* broker.h - one run of gw6c-broker. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_PROGRAM_BROKER_H
#define GW6C_BROKER_PROGRAM_BROKER_H

#include <stdbool.h>

struct broker_args {
	const char *file; /* of the configuration */
	int verbose; /* how often -v */
	bool foreground;
};

/* All print their messages and return the exit status. */
int broker_serve(const struct broker_args *args);
/* Generate the configured server key and print its fingerprint. */
int broker_keygen(const struct broker_args *args);
int broker_check(const struct broker_args *args);
int broker_status(const struct broker_args *args, bool json);

#endif
