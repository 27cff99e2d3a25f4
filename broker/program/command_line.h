/* command_line.h - what gw6c-broker is asked for. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_PROGRAM_COMMAND_LINE_H
#define GW6C_BROKER_PROGRAM_COMMAND_LINE_H

#include "broker.h"
#include <gw6c/err.h>

enum command {
	COMMAND_SERVE,
	COMMAND_CHECK,
	COMMAND_STATUS,
	COMMAND_KEYGEN,
	COMMAND_HELP,
	COMMAND_VERSION,
};

struct command_line {
	enum command command;
	bool json; /* of the status */
	struct broker_args args;
};

int command_line_parse(int argc, char **argv, struct command_line *out,
		       struct gw6c_err *err);

#endif
