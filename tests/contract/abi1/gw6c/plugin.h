/* plugin.h - the plugin contract: one descriptor, one table of operations. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_PLUGIN_H
#define GW6C_PLUGIN_H

#include "auth.h"
#include "host.h"
#include "plan.h"

/* Changes only if an existing member changes its meaning. Members are added
 * at the end of tables; doc/ABI-CHANGES lists each with its release. */
#define GW6C_ABI 1

enum gw6c_kind {
	GW6C_AUTH = 1,
	GW6C_TUNNEL = 2,
	GW6C_OS = 3,
	GW6C_FEATURE = 4,
};

/* Type of an option; the core checks every value, and each of a list. */
enum gw6c_type {
	GW6C_STR = 1, /* any text */
	GW6C_SECRET = 2, /* text that is never shown or logged */
	GW6C_NUM = 3, /* decimal number min..max */
	GW6C_YES = 4, /* yes or no */
	GW6C_WORD = 5, /* one of words */
	GW6C_ADDRESS = 6, /* IPv4 or IPv6 literal; max 4 or 6: of that family */
	GW6C_PREFIX = 7, /* the same, with "/length"; host bits are cleared */
	GW6C_PATH = 8, /* absolute name of a file or directory */
	GW6C_PORT = 9, /* 1..65535 */
	GW6C_DURATION = 10, /* "90", "90s", "15m", "2h", "7d": min..max s */
	GW6C_DEVICE = 11, /* name of an interface; "auto" is the same as none */
};

enum gw6c_opt_flags {
	GW6C_OPT_LIST = 1, /* several, with blanks or commas between */
	GW6C_OPT_LOADS = 2, /* GW6C_YES of a feature: yes loads it, without
			       features= naming it */
};

/* One option of a plugin, "KIND.NAME.KEY" in the configuration. The array
 * ends with a key of NULL. */
struct gw6c_opt {
	const char *key;
	enum gw6c_type type;
	const char *fallback; /* the default as text, NULL: none */
	const char *summary; /* one line for --describe */
	long min, max;
	const char *words; /* of GW6C_WORD, blanks between */
	const char *classic; /* settings of older files that mean this option,
				blanks between: "hap6_x haccess_x"; "-i": an
				option of the command line */
	uint32_t flags; /* enum gw6c_opt_flags */
};

/* Over what a session runs, may be or-ed. */
enum gw6c_transport {
	GW6C_OVER_UDP = 1,
	GW6C_OVER_TCP = 2,
};

/* What a broker's answer means to a mode that asks. */
struct gw6c_granted {
	const char *type; /* in the answer, any case: "v6v4"; NULL ends */
	const char *mode; /* the plugin that sets it up; NULL: the same name */
	uint32_t over; /* enum gw6c_transport: of the session */
};

enum gw6c_tunnel_flags {
	GW6C_TUNNEL_NAT = 1, /* passes NATs */
	GW6C_TUNNEL_LEASED = 2, /* the lifetime in an answer counts seconds,
				   and ends the tunnel */
};

/* Tunnel mode, for both ends: all that client and broker know of it. The
 * option "interface" of type GW6C_DEVICE, if it has one, names its interface;
 * what else a mode is called on the wire is its name in upper case. */
struct gw6c_tunnel_ops {
	uint32_t size; /* sizeof(struct gw6c_tunnel_ops) */
	uint32_t flags; /* enum gw6c_tunnel_flags */
	uint8_t inner, outer; /* address families in and around it, 4 or 6 */
	uint8_t protocol; /* IP protocol number that carries it, "Assigned
			     Internet Protocol Numbers" of IANA; 0: the UDP
			     socket of the session, whose control datagrams
			     begin with the bits 1111, and its data not */
	uint8_t over; /* enum gw6c_transport: sessions that can ask for it */
	uint8_t prefix_min, prefix_usual, prefix_max; /* lengths of prefixes to
							 delegate; 0: none */
	uint8_t header; /* octets that wrap() puts before a packet */
	uint32_t overhead; /* octets around a packet, outer IP included */
	uint32_t keepalive_s; /* interval where the broker names none; 0: none
				 is needed */
	/* What it takes as an answer, the best first; the broker grants in
	 * this order what it offers and the client can use. */
	const struct gw6c_granted *grants;

	/* Lease to plan; pure. NULL: a mode that only asks (v6anyv4), of
	 * which flags, inner, outer, over, prefix lengths and grants count. */
	int (*plan)(const struct gw6c_lease *lease, struct gw6c_plan *plan,
		    struct gw6c_err *err);

	/* Of a mode with a header of its own; pure; else NULL. wrap: write
	 * the header octets before packet. unwrap: what of these octets, as
	 * they came, is the packet; false: none. */
	void (*wrap)(uint8_t *header, const uint8_t *packet, size_t len);
	bool (*unwrap)(struct gw6c_bytes data, struct gw6c_bytes *packet);

	/* The client's data path, of a mode that moves packets itself; else
	 * all three are NULL. open(): the plan was applied, and gave a packet
	 * device (plan->fd); without one the kernel moves the packets, and
	 * open() is called with protocol 0 alone, to refuse. sock is the
	 * connected socket of the session, the core's, valid until close();
	 * -1: it was TCP. */
	int (*open)(const struct gw6c_host *host,
		    const struct gw6c_lease *lease,
		    const struct gw6c_plan *plan, int sock, void **self,
		    struct gw6c_err *err);
	void (*close)(void *self);
	void (*count)(void *self, struct gw6c_counters *out);
};

enum gw6c_os_flags {
	GW6C_OS_DRY = 1, /* changes nothing: no data path, no keepalive */
	GW6C_OS_ONCE = 2, /* nothing is to be kept up: gw6c ends then */
	GW6C_OS_PROXY = 4, /* takes leases of other routers (lease->proxy) */
	GW6C_OS_SCRIPT = 8, /* runs the script that its option "path" names;
			       template= may name one instead of a backend */
};

/* A service of the system: gw6c, started at boot. */
struct gw6c_service {
	uint32_t size, spare; /* sizeof(struct gw6c_service), and 0 */
	const char *name; /* "gw6c" */
	const char *program, *config; /* absolute paths */
};

/* Operating system: the only kind that touches the machine. */
struct gw6c_os_ops {
	uint32_t size; /* sizeof(struct gw6c_os_ops) */
	uint32_t flags; /* enum gw6c_os_flags */
	int (*open)(const struct gw6c_host *host, void **self,
		    struct gw6c_err *err);
	void (*close)(void *self);
	/* Could a tunnel be set up here? Asked before the broker is: rights,
	 * devices, IPv6. Changes nothing. May be NULL. */
	int (*check)(void *self, struct gw6c_err *err);
	/* Do one step (add), or undo it (!add). To undo what is not there is
	 * GW6C_OK. Notes for undo go into step->saved. GW6C_LATER: plan and
	 * step stay as they are until host->done(), or for 60 s: then it has
	 * failed, is undone, and done() comes no more. */
	int (*step)(void *self, struct gw6c_plan *plan, struct gw6c_step *step,
		    bool add, struct gw6c_err *err);
	/* Let fd send and receive through dev only. May be NULL. */
	int (*bind)(void *self, int fd, const char *dev, struct gw6c_err *err);
	/* The lease that the steps to come are made of, if they do not tell
	 * enough; borrowed. Not called before old steps are undone after a
	 * crash, nor by the broker. May be NULL. */
	int (*lease)(void *self, const struct gw6c_lease *lease,
		     struct gw6c_err *err);
	/* What step() would do, as lines to be typed on the system that the
	 * backend is for; step NULL: what comes before the first. Changes
	 * nothing, and works on any system. May be NULL. */
	int (*show)(void *self, const struct gw6c_plan *plan,
		    const struct gw6c_step *step, bool add,
		    void (*line)(void *arg, const char *text), void *arg,
		    struct gw6c_err *err);
	/* Install and start a service (add), or stop and remove it; line()
	 * tells what was done. NULL: this system has none. */
	int (*service)(const struct gw6c_host *host,
		       const struct gw6c_service *service, bool add,
		       void (*line)(void *arg, const char *text), void *arg,
		       struct gw6c_err *err);
	/* How many packets have come in by dev, for tunnels that the kernel
	 * moves; false: not known. May be NULL. */
	bool (*received)(void *self, const char *dev, uint64_t *packets);
};

/* What a feature is told; it can veto nothing. READY and LEAVING bracket the
 * traffic, DOWN follows once the system is about to be as before. */
enum gw6c_fact {
	GW6C_READY = 1, /* packets pass: the first one came through */
	GW6C_CHANGED = 2, /* they still do; lease or plan differ */
	GW6C_LEAVING = 3, /* they still do, for as long as a feature needs, up
			     to 5 s; left out where the tunnel is dead */
	GW6C_DOWN = 4, /* they do no longer; lease and plan have ended */
};

/* Why a tunnel changes or ends. */
enum gw6c_reason {
	GW6C_FOR_NOTHING = 0, /* READY */
	GW6C_FOR_STOP = 1, /* the program ends */
	GW6C_FOR_RELOAD = 2, /* other settings, another session */
	GW6C_FOR_LOSS = 3, /* silence, or the data path broke */
	GW6C_FOR_MOVE = 4, /* this machine has another address */
	GW6C_FOR_RENEWAL = 5, /* the lease ended, or a new one has come */
	GW6C_FOR_REPAIR = 6, /* somebody else damaged it */
};

struct gw6c_news {
	uint32_t size; /* sizeof(struct gw6c_news) */
	enum gw6c_fact fact;
	enum gw6c_reason reason;
	const char *why; /* the same for people, or "" */
	const struct gw6c_lease *lease; /* in force, or the last */
	const struct gw6c_lease *before; /* CHANGED: the former; else NULL */
	const struct gw6c_plan *plan;
};

enum gw6c_feature_flags {
	GW6C_FEATURE_ROUTER4 = 1, /* of use on a router with an IPv4 prefix: */
	GW6C_FEATURE_ROUTER6 = 2, /* with an IPv6 prefix: loaded there without
				     features= naming it, if it is installed */
};

struct gw6c_feature_ops {
	uint32_t size; /* sizeof(struct gw6c_feature_ops) */
	uint32_t flags; /* enum gw6c_feature_flags */
	int (*open)(const struct gw6c_host *host, void **self,
		    struct gw6c_err *err);
	void (*close)(void *self);
	/* news and all in it is borrowed for the call. GW6C_OK, or at LEAVING
	 * GW6C_LATER: host->done() says that it has finished. */
	int (*tell)(void *self, const struct gw6c_news *news);
	/* Append steps to the mode's: addresses, routes; pure but for the
	 * options. What it asks for is undone with the rest. May be NULL. */
	int (*plan)(const struct gw6c_host *host,
		    const struct gw6c_lease *lease, struct gw6c_plan *plan,
		    struct gw6c_err *err);
	/* An earlier run was killed while the feature was open: take back what
	 * it left. Before open(), whether it is wanted now or not, or NULL. */
	void (*sweep)(const struct gw6c_host *host);
	/* Options have changed, and nothing that needs a new session. NULL:
	 * close() and open(), and READY if packets pass. */
	int (*reload)(void *self, struct gw6c_err *err);
};

/* The descriptor: const, with the name MODULE_LTX_gw6c_plugin. */
struct gw6c_plugin {
	uint32_t abi; /* GW6C_ABI */
	uint32_t size; /* sizeof(struct gw6c_plugin) */
	enum gw6c_kind kind;
	const char *name; /* as the operator writes it, "digest-md5" */
	const char *summary; /* one line */
	const char *version; /* of the plugin */
	const struct gw6c_opt *opts; /* NULL: none */
	const char *const *needs; /* "os:linux", "?tunnel:v6v4" (if it is
				     there); ends with NULL; NULL: none */
	union { /* kind says which; each begins with its size */
		const struct gw6c_auth_ops *auth;
		const struct gw6c_tunnel_ops *tunnel;
		const struct gw6c_os_ops *os;
		const struct gw6c_feature_ops *feature;
		const uint32_t *ops_size;
	};
	const char *aliases; /* other names that old files have for it, blanks
				between; NULL: none */
};

#if defined(__GNUC__)
#define GW6C_EXPORT __attribute__((visibility("default")))
#else
#define GW6C_EXPORT
#endif

/* GW6C_PLUGIN(auth_plain) = { GW6C_HEAD(GW6C_AUTH, "plain", "..."), ... };
 * The argument is the file name of the module without its suffix. */
#define GW6C_PLUGIN(module)                                                    \
	extern const struct gw6c_plugin module##_LTX_gw6c_plugin;              \
	GW6C_EXPORT const struct gw6c_plugin module##_LTX_gw6c_plugin

#ifndef GW6C_PLUGIN_VERSION
#define GW6C_PLUGIN_VERSION "1"
#endif

#define GW6C_HEAD(kind_, name_, summary_)                                      \
	.abi = GW6C_ABI, .size = sizeof(struct gw6c_plugin), .kind = (kind_),  \
	.name = (name_), .summary = (summary_), .version = GW6C_PLUGIN_VERSION

#endif
