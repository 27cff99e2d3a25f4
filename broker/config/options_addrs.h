/* options_addrs.h - listening addresses, and address pools. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_CONFIG_OPTIONS_ADDRS_H
#define GW6C_BROKER_CONFIG_OPTIONS_ADDRS_H

#include "options_reader.h"

/* Errors are appended to those of the reader. */
void options_addrs(struct reader *reader);

#endif
