/* linux.h - what the files of the Linux backend share. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_OS_LINUX_H
#define GW6C_OS_LINUX_H

#include <gw6c/plugin.h>
#include <net/if.h>

struct mnl_socket;
struct nlattr;
struct nlmsghdr;

#define LINUX_PROTOCOL 199 /* of our routes, see "ip route show proto 199" */
#define LINUX_ALIAS "gw6c" /* of our interfaces */
#define LINUX_OWN 8 /* interfaces of ours that the watch ignores */
#define LINUX_ROUTES 32 /* routes of ours that it watches */
#define LINUX_LANS 8 /* addresses on interfaces of others, likewise */

struct linux_os {
	const struct gw6c_host *host;
	struct mnl_socket *talk; /* requests */
	uint32_t sequence;
	struct mnl_socket *listen; /* events */
	struct gw6c_watch *on_event, *on_quiet;
	unsigned own[LINUX_OWN]; /* interface indices, the newest at own_n-1 */
	unsigned own_n; /* counts up, taken modulo LINUX_OWN */
	struct linux_route {
		struct gw6c_addr dst;
		uint32_t metric; /* 0: no route */
		bool reject; /* GW6C_REJECT; else it is the tunnel's */
		bool seen; /* when we looked */
	} route[LINUX_ROUTES]; /* that we have set */
	struct linux_lan {
		char dev[IF_NAMESIZE]; /* "": none */
		struct gw6c_addr addr;
		bool lost; /* wanted back as soon as there is dev */
	} lan[LINUX_LANS], former[LINUX_LANS]; /* now, and before it */
	unsigned formers; /* counts up, taken modulo LINUX_LANS */
	bool formers_read; /* those of an earlier run */
	struct gw6c_addr inner, prefix; /* of the lease in force */
	bool forwards4, forwards6; /* because of a step of ours */
	char ra_lan[LINUX_LANS][IF_NAMESIZE]; /* networks behind us */
	unsigned ra_lans;
	bool ra_uplinks; /* others take advertisements as before, though */
	struct linux_setting *setting; /* changed by us, linux_settings.c */
	size_t settings;
	struct linux_better {
		unsigned index; /* of its interface; 0: ours is in use */
		uint32_t metric;
		bool part; /* of the destinations; ours has the others */
		char from[GW6C_ADDR_TEXT]; /* it is for such packets only */
	} better; /* default route than ours, as it was told */
	bool changed; /* the network, and not told yet */
	bool missed; /* events: damage may be among them */
	const char *damage; /* done to the tunnel, likewise */
	int clock; /* timer that is cancelled when the clock steps, or -1 */
	struct gw6c_watch *on_clock;
};

/* A step of the plan, forwards (add) or backwards. */
typedef int linux_step_fn(struct linux_os *os, struct gw6c_plan *plan,
			  struct gw6c_step *step, bool add,
			  struct gw6c_err *err);

linux_step_fn linux_link_step; /* linux_link.c */

/* linux_link.c: the wish, or the first free one of gw6c0, gw6c1, ...; never
 * one in use. */
int linux_choose_name(const char *wish, char name[IF_NAMESIZE],
		      struct gw6c_err *err);
/* Mark an interface as ours; nobody advertises to us there. */
void linux_prepare(struct linux_os *os, const char *name);
/* A packet device, with what the kernel has of plan->wants. */
int linux_tun_add(struct linux_os *os, struct gw6c_plan *plan,
		  struct gw6c_step *step, struct gw6c_err *err);

/* linux_kernel.c */
int linux_kernel_add(struct linux_os *os, struct gw6c_plan *plan,
		     struct gw6c_step *step, struct gw6c_err *err);
int linux_sink_add(struct linux_os *os, struct gw6c_plan *plan,
		   struct gw6c_step *step, struct gw6c_err *err);
bool linux_is_marked(struct linux_os *os, unsigned index); /* as of gw6c */
int linux_kernel_remove(struct linux_os *os, const struct gw6c_step *step,
			struct gw6c_err *err);

linux_step_fn linux_mtu_step, linux_up_step; /* linux_rtnl.c */
linux_step_fn linux_addr_step; /* linux_addr.c */
linux_step_fn linux_route_step, linux_reject_step, linux_pin_step;
linux_step_fn linux_forward_step, linux_keep_step; /* linux_sysctl.c */

/* linux_onlink.c: of struct gw6c_os_ops. */
void linux_networks(void *self,
		    void (*tell)(void *arg, const char *dev,
				 const struct gw6c_addr *network),
		    void *arg);

/* linux_rtnl.c: send a request and wait for the kernel's verdict. Returns 0,
 * or an errno that err describes in the kernel's own words. */
int linux_talk(struct linux_os *os, struct nlmsghdr *message,
	       struct gw6c_err *err);
struct nlmsghdr *linux_message(struct linux_os *os, void *room, uint16_t type,
			       uint16_t flags);
/* Ask for one thing; each attribute behind the fixed header of its answer is
 * passed to found(). 0 or an errno. */
int linux_ask(struct linux_os *os, struct nlmsghdr *message, size_t header,
	      int (*found)(const struct nlattr *attr, void *arg), void *arg);
/* Ask for all there are of a kind. 0 or an errno; EINTR: they changed while
 * they were told, and one may be missing or told twice. */
int linux_dump(struct linux_os *os, struct nlmsghdr *message,
	       int (*found)(const struct nlmsghdr *one, void *arg), void *arg);
int linux_open_talk(struct linux_os *os, struct gw6c_err *err);
void linux_close_talk(struct linux_os *os);
/* AF_INET or AF_INET6, and how many octets such an address has. */
int linux_family(const struct gw6c_addr *addr);
size_t linux_octets(const struct gw6c_addr *addr);
/* It may yet come: GW6C_ENET. */
int linux_no_interface(const char *dev, struct gw6c_err *err);
/* The interface a step is about: its own, or the plan's. */
const char *linux_dev(const struct gw6c_plan *plan,
		      const struct gw6c_step *step);

/* linux_sysctl.c: a value below /proc/sys, without newline. False: there is
 * no such, or it cannot be read or written. */
bool linux_sysctl_get(const char *name, char *room, size_t len);
bool linux_sysctl_set(const char *name, const char *value);
/* The same of one interface: net/ipv6/conf/DEV/KEY. */
bool linux_conf_get(const char *dev, const char *key, char *room, size_t len);
bool linux_conf_set(const char *dev, const char *key, const char *value);
bool linux_conf_is(const char *dev, const char *key, const char *want);
/* A step that changes what was there before: known for good before it does. */
int linux_note(struct linux_os *os, const struct gw6c_step *step,
	       struct gw6c_err *err);
/* Does the machine forward packets of family 4 or 6 at present? */
bool linux_forwards(uint8_t family);

/* linux_settings.c: a setting of an interface is ours from now on, or will be
 * when something else changes it; known to the next run before it is so. */
int linux_settings_change(struct linux_os *os, const char *dev, const char *key,
			  const char *ours, struct gw6c_err *err);
int linux_settings_note(struct linux_os *os, const char *dev, const char *key,
			const char *ours, struct gw6c_err *err);
bool linux_settings_has(const struct linux_os *os, unsigned index,
			const char *key);
/* All, the last first; those of an earlier run if this one has none. */
void linux_settings_restore(struct linux_os *os);
void linux_settings_forget(struct linux_os *os); /* memory only */

/* linux_ra.c: forwarding goes on, and is not on already if uplinks; an
 * interface has come or changed; forwarding is off again. */
int linux_ra_begin(struct linux_os *os, const struct gw6c_plan *plan,
		   bool uplinks, struct gw6c_err *err);
void linux_ra_link(struct linux_os *os, unsigned index);
void linux_ra_end(struct linux_os *os);
bool linux_is_lan(const struct linux_os *os, const char *dev);

/* linux_former.c: such an address has come, or is to go. */
void linux_former_add(struct linux_os *os, struct gw6c_step *step);
void linux_former_remove(struct linux_os *os, const struct gw6c_step *step);

/* linux_watch.c: tell host->network_changed of what others change. */
int linux_open_watch(struct linux_os *os, struct gw6c_err *err);
void linux_close_watch(struct linux_os *os);
void linux_own(struct linux_os *os, unsigned index);
bool linux_is_own(const struct linux_os *os, unsigned index);
/* The tunnel interface there is at present, 0: none yet. */
unsigned linux_present(const struct linux_os *os);

/* linux_better.c: say so when the default route in use is not ours, and when
 * it is again; ours is about to go. */
int linux_lease(void *self, const struct gw6c_lease *lease,
		struct gw6c_err *err);
void linux_better_look(struct linux_os *os);
void linux_better_end(struct linux_os *os);

/* linux_damage.c: what of ours this event says is gone, or NULL; is it still;
 * and an address of a network behind us, whose interface is there. */
const char *linux_damage(struct linux_os *os, const struct nlmsghdr *event);
bool linux_damage_holds(const struct linux_os *os, const char *damage);
const char *linux_lan_damage(struct linux_os *os);
/* The same when nothing tells where to look. */
const char *linux_any_damage(struct linux_os *os);
/* That address is gone: the kernel does so, too, when an interface is taken
 * down. */
void linux_lan_lost(struct linux_os *os, const struct nlmsghdr *event);
/* A route of somebody's: could it lead elsewhere than before? */
bool linux_route_counts(const struct linux_os *os,
			const struct nlmsghdr *event);
void linux_note_forward(struct linux_os *os, uint8_t family, bool on);
/* A route was set, or is to be taken back. */
void linux_note_route(struct linux_os *os, const struct gw6c_step *step,
		      bool add);
/* The same of an address on an interface that is not the tunnel. */
void linux_note_lan(struct linux_os *os, const struct gw6c_step *step,
		    bool add);

#endif
