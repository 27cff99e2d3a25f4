/* broker_parts.h - what the files of a run share. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_PROGRAM_BROKER_PARTS_H
#define GW6C_BROKER_PROGRAM_BROKER_PARTS_H

#include "broker.h"
#include "broker/data/device.h"
#include "broker/data/net.h"
#include "broker/data/tunnels.h"
#include "broker/dialog/dialogs.h"
#include "broker/dialog/streams.h"
#include "loaded.h"
#include <limits.h>

struct broker {
	const struct broker_args *args;
	struct loaded *base; /* at startup: sockets, device, pool, modes */
	struct loaded *fresh; /* of the last reload; NULL: none yet */
	struct dialog_env env;
	struct loop *loop;
	struct pool *pool6, *pool4; /* pool4: NULL if no mode needs it */
	struct pool *prefixes6; /* NULL: nothing is delegated */
	struct tunnels *tunnels;
	struct dialogs *dialogs;
	struct net *net;
	struct streams *streams; /* NULL: no TCP */
	struct status *status;
	struct device *device;
	struct gw6c_watch *expire, *signals[4];
	char pid_file[PATH_MAX], journal[PATH_MAX];
	char addresses6[PATH_MAX], addresses4[PATH_MAX], prefixes[PATH_MAX];
	char logins[PATH_MAX];
	int lock, dir_lock; /* of pid file and run_dir, -1: none */
	int end; /* exit status */
	bool ending; /* signals change nothing any more */
	uint64_t start_ms, saved_ms;
	unsigned long accepted, expired;
};

/* broker.c */
void broker_obey(const struct broker_args *args, const struct options *options);

/* broker_events.c. The owner of a tunnel, for display. */
const char *broker_holder(const struct grant *grant);
void broker_control(void *arg, const struct endpoint *from,
		    struct gw6c_bytes datagram, struct gw6c_buf *out);
void broker_send(void *arg, const struct endpoint *to,
		 const struct gw6c_buf *out);
void broker_gone(void *arg, const struct tunnel_entry *entry);
void broker_reload(void *arg, int signo);
void broker_watch_expiry(struct broker *broker);
void broker_save(struct broker *broker);
void broker_reserve(struct broker *broker, struct conf *conf);

/* broker_tunnels.c. Send a probe into a tunnel. */
void broker_ask(struct broker *broker, struct tunnel_entry *entry);
bool broker_taken(void *arg, const struct endpoint *to, const char *key);
enum sessions_verdict broker_sessions(void *arg, const struct dialog *dialog,
				      struct sessions_ask *ask,
				      unsigned *number,
				      const struct tunnel_entry **rival);
bool broker_vacant(void *arg, const struct dialog *dialog);
const struct grant *broker_up(void *arg, const struct gw6c_addr *inner);
void broker_displace(void *arg, const struct dialog *dialog,
		     const struct gw6c_addr *inner);
/* One that has proven itself and found no place looks for one. */
void broker_try_again(struct broker *broker, struct tunnel_entry *entry);
void broker_heard(void *arg, struct tunnel_entry *entry,
		  const struct endpoint *from, struct gw6c_bytes packet);
void broker_accepted(void *arg, const struct dialog *dialog);

/* broker_status.c */
void broker_write_status(void *arg, bool owner, struct gw6c_buf *out);

#endif
