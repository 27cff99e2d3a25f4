/* exit_status.h - exit statuses of gw6c, numbered as the old clients did. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_EXIT_STATUS_H
#define GW6C_CORE_BASE_EXIT_STATUS_H

enum end {
	END_OK = 0,
	END_MEMORY = 2,
	END_CONFIG = 3,
	END_SERVER = 4, /* bad server address */
	END_LOG = 6,
	END_RESOLVE = 8,
	END_CONNECT = 9,
	END_VERSION = 11,
	END_BUSY = 12,
	END_TSP = 13, /* any other refusal of the broker */
	END_REDIRECT = 14,
	END_MODE = 15, /* tunnel mode not offered */
	END_AUTH = 16,
	END_MECHANISM = 17, /* no common login mechanism */
	END_SETUP = 18, /* the system refused; rights, devices */
	END_PARAMETERS = 19, /* bad tunnel parameters */
	END_KEEPALIVE = 21, /* timeout, and auto_retry_connect=no */
};

#endif
