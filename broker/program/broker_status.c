/* broker_status.c - the broker's answer to --status. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "broker/dialog/failures.h"
#include "broker/dialog/guesses.h"
#include "broker_parts.h"
#include "config.h"
#include "core/base/exit_status.h"
#include "core/base/log.h"
#include "core/base/status.h"
#include "tunnel_table.h"
#include <stdlib.h>
#include <unistd.h>

#define LINE_MAX_OCTETS 800 /* of one tunnel */

struct listing {
	struct broker *broker;
	struct gw6c_buf *out;
	long left_out;
};

static unsigned long long seconds(const struct broker *broker, uint64_t since)
{
	return (loop_now_ms(broker->loop) - since) / 1000;
}

static void write_tunnel(void *arg, struct tunnel_entry *entry)
{
	struct listing *listing = arg;
	char inner[GW6C_ADDR_TEXT], outer[GW6C_ADDR_TEXT];
	char prefix[GW6C_ADDR_TEXT];

	if (listing->out->cap - listing->out->len < 2 * LINE_MAX_OCTETS) {
		listing->left_out++;
		return;
	}
	status_put(listing->out, "tunnel" STATUS_LIST,
		   "user=%s address=%s outer=%s port=%u prefix=%s mode=%s "
		   "nat=%s up_s=%llu heard_s=%llu in_packets=%llu "
		   "in_octets=%llu out_packets=%llu out_octets=%llu",
		   broker_holder(&entry->grant),
		   gw6c_addr_text(&entry->grant.inner, inner),
		   gw6c_addr_text(&entry->to.addr, outer), entry->to.port,
		   gw6c_addr_text(&entry->grant.prefix, prefix),
		   entry->grant.mode->name, entry->grant.nat ? "yes" : "no",
		   seconds(listing->broker, entry->since_ms),
		   seconds(listing->broker, entry->heard_ms),
		   (unsigned long long)entry->in_packets,
		   (unsigned long long)entry->in_octets,
		   (unsigned long long)entry->out_packets,
		   (unsigned long long)entry->out_octets);
}

static void write_logins(struct broker *broker, struct gw6c_buf *out)
{
	struct guesses_counters guesses;

	guesses_count(broker->env.guesses, loop_now_ms(broker->loop), &guesses);
	status_put(out, "failed_logins", "%lu",
		   failures_total(broker->env.failures));
	status_put(out, "guesses", "refused=%lu held=%lu waiting=%u",
		   guesses.refused, guesses.held, guesses.waiting);
}

static void write_tcp(struct broker *broker, struct gw6c_buf *out)
{
	const struct streams_counters *s = streams_count(broker->streams);

	status_put(out, "tcp",
		   "connections=%lu turned_away=%lu bad=%lu closed=%lu "
		   "pauses=%lu",
		   s->connections, s->turned_away, s->bad, s->closed,
		   s->pauses);
}

static void write_counters(struct broker *broker, struct gw6c_buf *out)
{
	const struct dialogs_counters *d = dialogs_count(broker->dialogs);
	const struct net_counters *n = net_count(broker->net);

	status_put(out, "accepted", "%lu", broker->accepted);
	status_put(out, "expired", "%lu", broker->expired);
	write_logins(broker, out);
	status_put(out, "messages",
		   "heard=%lu repeated=%lu limited=%lu stale=%lu asked=%lu "
		   "proven=%lu",
		   d->messages, d->repeated, d->limited, d->stale, d->asked,
		   d->proven);
	if (broker->streams)
		write_tcp(broker, out);
	status_put(out, "dropped",
		   "junk=%lu unknown=%lu spoofed=%lu undeliverable=%lu "
		   "lost=%lu unproven=%lu",
		   n->junk, n->unknown, n->spoofed, n->undeliverable, n->lost,
		   n->unproven);
}

/* What anybody on this machine can see, and what is in no way about those who
 * use the broker. */
static void write_public(struct broker *broker, struct gw6c_buf *out)
{
	char room[GW6C_ADDR_TEXT];
	struct gw6c_addr inner;

	pool_server(broker->pool6, &inner);
	status_put(out, "version", "%s", PACKAGE_VERSION);
	status_put(out, "pid", "%ld", (long)getpid());
	status_put(out, "up_s", "%llu", seconds(broker, broker->start_ms));
	status_put(out, "interface", "%s", device_name(broker->device));
	status_put(out, "address", "%s", gw6c_addr_text(&inner, room));
	status_put(out, "pool", "%s",
		   gw6c_addr_text(&broker->base->options.pool6, room));
	if (broker->pool4) {
		pool_server(broker->pool4, &inner);
		status_put(out, "address4", "%s", gw6c_addr_text(&inner, room));
		status_put(out, "pool4", "%s",
			   gw6c_addr_text(&broker->base->options.pool4, room));
	}
	if (broker->prefixes6)
		status_put(out, "prefixes", "%s",
			   gw6c_addr_text(&broker->base->options.prefixes6,
					  room));
}

void broker_write_status(void *arg, bool owner, struct gw6c_buf *out)
{
	struct broker *broker = arg;
	struct listing listing = { .broker = broker, .out = out };

	write_public(broker, out);
	if (!owner)
		return;
	status_put(out, "tunnels", "%ld", tunnels_count(broker->tunnels));
	write_counters(broker, out);
	tunnels_each(broker->tunnels, write_tunnel, &listing);
	if (listing.left_out)
		status_put(out, "left_out", "%ld", listing.left_out);
}

/* Anybody may ask, but not read the passwords: as much of the configuration
 * counts as can be read. */
static bool control_path(const char *file, char *room, size_t len)
{
	struct conf *conf = conf_new();
	struct gw6c_err err = { 0 };
	const struct setting *at;

	if (!conf)
		return false;
	if (conf_load(conf, file, &err))
		fprintf(stderr,
			"gw6c-broker: warning: %s; using defaults for what "
			"was not read\n",
			err.text);
	at = conf_get(conf, "run_dir", 0);
	snprintf(room, len, "%s/control",
		 at && *at->value ? at->value : RUNDIR "-broker");
	conf_free(conf);
	return true;
}

/* The tunnels are a table; programs ask for JSON. */
static int print_table(struct gw6c_bytes status)
{
	struct gw6c_buf rest = { .at = malloc(STATUS_MAX), .cap = STATUS_MAX };

	if (!rest.at)
		return END_MEMORY;
	tunnel_table_rest(status, &rest);
	status_print(stdout, gw6c_got(&rest), false);
	tunnel_table_print(stdout, status);
	free(rest.at);
	return END_OK;
}

static int print(struct gw6c_bytes status, bool json)
{
	static const char part[] = STATUS_COMPLETE " no\n";

	if (status.len >= sizeof(part) - 1 &&
	    memcmp(status.at, part, sizeof(part) - 1) == 0)
		fputs("gw6c-broker: note: users, their addresses and counters "
		      "are shown only to root and to the user that the broker "
		      "runs as\n",
		      stderr);
	if (!json)
		return print_table(status);
	status_print(stdout, status, true);
	return END_OK;
}

int broker_status(const struct broker_args *args, bool json)
{
	struct gw6c_err err = { 0 };
	struct gw6c_buf out = { .cap = STATUS_MAX };
	char control[PATH_MAX];
	int status = END_OK;

	if (!control_path(args->file, control, sizeof(control)))
		return END_MEMORY;
	out.at = malloc(out.cap);
	if (!out.at)
		return END_MEMORY;
	if (status_ask(control, &out, &err)) {
		fprintf(stderr, "gw6c-broker: %s\n", err.text);
		status = END_CONNECT;
	} else {
		status = print(gw6c_got(&out), json);
	}
	free(out.at);
	return status;
}
