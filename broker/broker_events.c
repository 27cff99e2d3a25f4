/* broker_events.c - what happens while the broker serves: clients come, fall
 * silent and go; accounts change. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "broker_parts.h"
#include "core/log.h"
#include "users.h"

#define EXPIRE_MS 2000 /* how often the dead are looked for */
#define DEAD_AFTER 5 /* keepalive intervals without a packet */
#define SAVE_MS 1000 /* between two writes of the addresses */

const char *broker_holder(const struct grant *grant)
{
	return grant->anonymous ? "anonymous" : grant->key;
}

/* --- addresses --------------------------------------------------------- */

void broker_save(struct broker *broker)
{
	struct gw6c_err err = { 0 };

	if (broker->loop)
		broker->saved_ms = loop_now_ms(broker->loop);
	if (pool_save(broker->pool, &err))
		log_msg(GW6C_WARN, "", "%s", err.text);
}

static void reserve_one(void *arg, const char *user,
			const struct gw6c_addr *addr)
{
	struct broker *broker = arg;
	struct gw6c_addr got;

	if (!pool_take(broker->pool, user, addr, &got))
		return;
	pool_leave(broker->pool, &got);
	if (memcmp(&got, addr, sizeof(got)) != 0)
		log_msg(GW6C_WARN, "",
			"%s cannot have its address6 before the tunnel that "
			"is in the way has ended",
			user);
}

/* Nobody else shall be given what is configured for an account. */
void broker_reserve(struct broker *broker, struct conf *conf)
{
	users_each_address6(conf, reserve_one, broker);
}

void broker_gone(void *arg, const struct tunnel_entry *entry)
{
	struct broker *broker = arg;

	pool_leave(broker->pool, &entry->grant.inner);
}

/* --- clients ----------------------------------------------------------- */

/* Without keepalives silence says little: a lease ends it. */
static uint64_t patience_ms(const struct grant *grant)
{
	if (grant->keepalive_s)
		return (uint64_t)grant->keepalive_s * 1000 * DEAD_AFTER;
	return (uint64_t)DIALOG_LIFETIME_S * 1000;
}

static void expire_one(void *arg, struct tunnel_entry *entry)
{
	struct broker *broker = arg;
	uint64_t silent_ms = loop_now_ms(broker->loop) - entry->heard_ms;
	char room[GW6C_ADDR_TEXT];

	if (silent_ms < patience_ms(&entry->grant))
		return;
	log_msg(GW6C_NOTICE, "", "tunnel of %s ended: %s was silent for %llu s",
		broker_holder(&entry->grant),
		gw6c_addr_text(&entry->grant.inner, room),
		(unsigned long long)silent_ms / 1000);
	tunnels_remove(broker->tunnels, entry);
	broker->expired++;
}

/* Runs only while there is something that can expire. */
static void on_expire(void *arg)
{
	struct broker *broker = arg;
	long left;

	broker->expire = NULL;
	tunnels_each(broker->tunnels, expire_one, broker);
	left = dialogs_expire(broker->dialogs, loop_now_ms(broker->loop));
	broker_save(broker);
	if (left || tunnels_count(broker->tunnels))
		broker->expire =
			loop_timer(broker->loop, EXPIRE_MS, on_expire, broker);
}

void broker_control(void *arg, const struct endpoint *from,
		    struct gw6c_bytes datagram, struct gw6c_buf *out)
{
	struct broker *broker = arg;

	dialogs_datagram(broker->dialogs, from, datagram,
			 loop_now_ms(broker->loop), out);
	if (!broker->expire)
		broker->expire =
			loop_timer(broker->loop, EXPIRE_MS, on_expire, broker);
}

void broker_accepted(void *arg, const struct dialog *dialog)
{
	struct broker *broker = arg;
	const struct grant *grant = &dialog->grant;
	uint64_t now_ms = loop_now_ms(broker->loop);
	char inner[GW6C_ADDR_TEXT], outer[GW6C_ADDR_TEXT];
	bool again = tunnels_by_inner(broker->tunnels, grant->inner.octets);

	/* What the dialogue held in the pool is the tunnel's now. */
	if (!tunnels_add(broker->tunnels, &dialog->from, grant, now_ms)) {
		pool_leave(broker->pool, &grant->inner);
		log_msg(GW6C_ERROR, "", "out of memory");
		return;
	}
	broker->accepted++;
	if (now_ms - broker->saved_ms >= SAVE_MS)
		broker_save(broker);
	log_msg(GW6C_NOTICE, "",
		"tunnel of %s up: v6udpv4 %s to %s port %u%s%s",
		broker_holder(grant), gw6c_addr_text(&grant->inner, inner),
		gw6c_addr_text(&dialog->from.addr, outer), dialog->from.port,
		grant->nat ? ", behind a NAT" : "",
		again ? ", in place of an earlier one" : "");
}

/* --- reload ------------------------------------------------------------ */

static bool may_anonymous(const struct desk *desk)
{
	for (int i = 0; desk->auth[i]; i++)
		if (desk->auth[i]->auth->flags & GW6C_AUTH_EMPTY)
			return true;
	return false;
}

/* Who could not log in any more does not stay, either. */
static void end_unwanted(void *arg, struct tunnel_entry *entry)
{
	struct broker *broker = arg;
	const struct grant *grant = &entry->grant;
	bool wanted = grant->anonymous ? may_anonymous(&broker->desk)
				       : users_password(broker->desk.conf,
							grant->key) != NULL;

	if (wanted)
		return;
	log_msg(GW6C_NOTICE, "", "tunnel of %s ended: no such account any more",
		broker_holder(grant));
	tunnels_remove(broker->tunnels, entry);
}

static void take_fresh(struct broker *broker, const struct loaded *fresh,
		       const struct desk *desk)
{
	struct gw6c_err err = { 0 };

	dialogs_clear(broker->dialogs);
	loaded_free(&broker->fresh);
	broker->fresh = *fresh;
	broker->desk = *desk;
	broker->desk.options = &broker->fresh.options;
	broker_reserve(broker, broker->fresh.conf);
	tunnels_each(broker->tunnels, end_unwanted, broker);
	broker_save(broker);
	log_reopen();
	if (broker_open_log(broker->args, &broker->fresh.options, &err))
		log_msg(GW6C_WARN, "", "%s", err.text);
	if (loaded_needs_start(&broker->base, &broker->fresh))
		log_msg(GW6C_WARN, "",
			"accounts, logins and log settings were taken; other "
			"settings have changed, too, and wait for a restart");
}

/* Accounts and logs are taken anew; what the sockets and the device are made
 * of needs a new start. */
void broker_reload(void *arg, int signo)
{
	struct broker *broker = arg;
	struct loaded fresh;
	struct desk desk = broker->desk;
	struct gw6c_err err = { 0 };

	(void)signo;
	log_msg(GW6C_NOTICE, "", "reloading %s", broker->args->file);
	if (loaded_read(broker->args->file, &fresh, &err) == GW6C_OK &&
	    loaded_desk(&fresh, &desk, &err) == GW6C_OK) {
		take_fresh(broker, &fresh, &desk);
		return;
	}
	loaded_free(&fresh);
	log_msg(GW6C_ERROR, "", "%s; going on as before", err.text);
}
