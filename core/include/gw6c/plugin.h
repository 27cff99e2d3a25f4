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

/* Type of an option. */
enum gw6c_type {
	GW6C_STR = 1, /* any text */
	GW6C_SECRET = 2, /* text that is never shown or logged */
	GW6C_NUM = 3, /* decimal number min..max */
	GW6C_YES = 4, /* yes or no */
};

/* One option of a plugin, "KIND.NAME.KEY" in the configuration. The array
 * ends with a key of NULL. */
struct gw6c_opt {
	const char *key;
	enum gw6c_type type;
	const char *fallback; /* the default as text, NULL: none */
	const char *summary; /* one line for --describe */
	long min, max; /* of GW6C_NUM */
};

/* Packets a data path moved or dropped, since it was opened. */
struct gw6c_counters {
	uint32_t size; /* sizeof(struct gw6c_counters) */
	uint32_t spare;
	uint64_t in_packets, in_octets; /* tunnel to this machine */
	uint64_t out_packets, out_octets; /* this machine to tunnel */
	uint64_t in_dropped, out_dropped; /* failed a check, or no room */
};

/* Tunnel mode: which answers it takes, and what the system shall do then. */
struct gw6c_tunnel_ops {
	uint32_t size; /* sizeof(struct gw6c_tunnel_ops) */
	uint32_t flags; /* enum gw6c_tunnel_flags */
	/* Granted types it takes, upper case as in CAPABILITY, ends with
	 * NULL. A type other than its own name is left to that plugin. */
	const char *const *grants;
	/* Lease to plan; pure. NULL: a mode that only asks (v6anyv4). */
	int (*plan)(const struct gw6c_lease *lease, struct gw6c_plan *plan,
		    struct gw6c_err *err);
	/* Modes that move packets themselves; otherwise all three are NULL.
	 * open(): the plan was applied, and gave a packet device (plan->fd);
	 * without one the kernel moves the packets, and open() is called for
	 * UDP_ONLY modes alone, to refuse. sock is the connected socket of
	 * the session, the core's, valid until close(); -1: it was TCP. */
	int (*open)(const struct gw6c_host *host,
		    const struct gw6c_lease *lease,
		    const struct gw6c_plan *plan, int sock, void **self,
		    struct gw6c_err *err);
	void (*close)(void *self);
	/* What was moved so far. */
	void (*count)(void *self, struct gw6c_counters *out);
};

enum gw6c_tunnel_flags {
	GW6C_TUNNEL_OUTER6 = 1, /* the broker is reached over IPv6 */
	GW6C_TUNNEL_UDP_ONLY = 2, /* the session's socket carries the data */
	GW6C_TUNNEL_NO_PROXY = 4, /* cannot be made for another router */
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
	/* Do one step (add), or take it back (!add). Taking back what is not
	 * there is GW6C_OK. Notes for undo go into step->saved. */
	int (*step)(void *self, struct gw6c_plan *plan, struct gw6c_step *step,
		    bool add, struct gw6c_err *err);
	/* Let fd send and receive through dev only. May be NULL. */
	int (*bind)(void *self, int fd, const char *dev, struct gw6c_err *err);

	/* Added in 0.1.0, after the first; ask GW6C_HAS(). */

	/* The lease that the steps to come are made of, for a backend to
	 * which they do not tell enough; borrowed for the call. Not called
	 * before old steps are taken back after a crash, nor by the broker.
	 * May be NULL. */
	int (*lease)(void *self, const struct gw6c_lease *lease,
		     struct gw6c_err *err);
	/* What step() would do, on the system that the backend is for, as
	 * lines to be typed there; with step NULL what comes before the
	 * first. Changes nothing, and works on any system. May be NULL. */
	int (*show)(void *self, const struct gw6c_plan *plan,
		    const struct gw6c_step *step, bool add,
		    void (*line)(void *arg, const char *text), void *arg,
		    struct gw6c_err *err);
};

enum gw6c_os_flags {
	GW6C_OS_DRY = 1, /* changes nothing: no data path, no keepalive */
	GW6C_OS_ONCE = 2, /* nothing is to be kept up: gw6c ends then */
	GW6C_OS_PROXY = 4, /* takes leases of other routers (lease->proxy) */
};

/* Feature: told what happens, can veto nothing. */
enum gw6c_fact {
	GW6C_TUNNEL_UP = 1,
	GW6C_TUNNEL_CHANGED = 2, /* still up, lease or plan differ */
	GW6C_TUNNEL_DOWN = 3, /* lease and plan are those that ended */
};

struct gw6c_feature_ops {
	uint32_t size; /* sizeof(struct gw6c_feature_ops) */
	uint32_t flags; /* 0 */
	int (*open)(const struct gw6c_host *host, void **self,
		    struct gw6c_err *err);
	void (*close)(void *self);
	/* lease and plan are borrowed for the call. */
	void (*tell)(void *self, enum gw6c_fact fact,
		     const struct gw6c_lease *lease,
		     const struct gw6c_plan *plan);
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
