/* options.h - the settings of gw6c-broker, checked. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_CONFIG_OPTIONS_H
#define GW6C_BROKER_CONFIG_OPTIONS_H

#include "core/config/conf.h"
#include "core/tsp/tsp.h"

#define OPTIONS_LIST 16

/* Where a client can be refused. */
enum phase { PHASE_VERSION, PHASE_LOGIN, PHASE_CREATE, PHASE_ACCEPT };
#define PHASES 4

#define OPTIONS_KEEPALIVE_MIN_S 5
#define OPTIONS_KEEPALIVE_MAX_S 3600
#define OPTIONS_MTU_MAX 2048 /* octets: the largest packet that is forwarded */

/* Strings belong to conf, except auth and mode. */
struct options {
	struct server_addr listen[OPTIONS_LIST]; /* literals */
	int listens;
	bool tcp; /* also listen over TCP */
	uint32_t version[OPTIONS_LIST]; /* of TSP, supported; 0 ends */
	struct gw6c_addr
		server_v4; /* announced; none: the address the client used */
	struct gw6c_addr pool6; /* host addresses; the first is ours */
	struct gw6c_addr pool4; /* none: no tunnels with IPv4 inside */
	struct gw6c_addr
		prefixes6; /* delegated to routers; none: no delegation */
	long largest_prefix; /* length, 16..64: larger requests get this */
	const char *mode[OPTIONS_LIST]; /* tunnel modes, in the order offered */
	int modes; /* 0: all that can be */
	long lifetime; /* s, of modes with GW6C_TUNNEL_LEASED */
	int refuse[PHASES]; /* status sent to every client; 0: none */
	struct server_addr redirect[TSP_BROKERS]; /* sent with status 1xxx */
	int redirects;
	const char *realm; /* of logins; also the domain of host names */
	const char *auth[OPTIONS_LIST]; /* mechanisms, in the order offered */
	int auths;
	long keepalive_interval; /* s, for all clients; 0: as requested */
	long max_tunnels;
	long reserved_tunnels; /* for accounts; -1: a quarter */
	long max_per_address, max_per_network; /* anonymous tunnels */
	long anonymous_idle; /* s, until a silent one is asked, and ended */
	long mtu, metric;
	const char *os; /* backend, "linux" */
	const char *tunnel_dev; /* "auto": any free name */
	const char *plugin_dir, *run_dir, *state_dir, *pid_file;
	const char *server_key; /* "": server_key.pem in state_dir */
	bool foreground;
	bool core_dumps; /* with passwords in them */
	long log_stderr, log_console, log_file, log_syslog;
	const char *log_filename, *syslog_facility;
	bool log_rotation;
	long log_rotation_size; /* KiB */
};

/* All errors are put into errors, one per line. Unknown keys become warnings
 * of conf. */
int options_read(struct conf *conf, struct options *out, char *errors,
		 size_t room);

/* Of max_tunnels, those that only accounts get. */
long options_reserved(const struct options *options);

void options_free(struct options *options);

/* The path of the server key, written to room. */
const char *options_server_key(const struct options *options, char *room,
			       size_t len);

#endif
