/* outcome.c - how gw6c exits because of how a session ended. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "outcome.h"

/* What the broker's status means. */
static enum end status_exit(int status)
{
	if (TSP_REDIRECT(status))
		return END_REDIRECT;
	switch (status) {
	case 300:
		return END_AUTH;
	case 302:
		return END_VERSION;
	case 303:
		return END_MODE;
	case 301:
	case 530:
		return END_BUSY;
	default:
		return END_TSP;
	}
}

enum end outcome_exit(const struct session_result *result)
{
	if (result->status)
		return status_exit(result->status);
	switch (result->reason) {
	case REASON_RESOLVE:
		return END_RESOLVE;
	case REASON_REDIRECT:
		return END_REDIRECT;
	case REASON_MODE:
		return END_MODE;
	case REASON_MECHANISM:
		return END_MECHANISM;
	case REASON_LOGIN:
		return END_AUTH;
	case REASON_PARAMETERS:
		return END_PARAMETERS;
	case REASON_SETUP:
		return END_SETUP;
	case REASON_FORGED:
	case REASON_NONE:
		break;
	}
	if (result->end == SESSION_SILENT)
		return END_CONNECT;
	return result->err.rc == GW6C_EAUTH ? END_AUTH : END_CONFIG;
}
