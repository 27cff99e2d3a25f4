/* raw.c - moves packets through a raw IP socket, where the kernel has no
 * tunnel of its own. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "raw.h"
#include "pump.h"
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define TTL 64 /* of the outer header, RFC 4213 section 3.3 */

struct raw {
	int sock;
	struct pump *pump;
};

static socklen_t put_address(const struct gw6c_addr *addr,
			     struct sockaddr_storage *out)
{
	struct sockaddr_in *four = (struct sockaddr_in *)out;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;

	memset(out, 0, sizeof(*out));
	if (addr->family == 4) {
		four->sin_family = AF_INET;
		memcpy(&four->sin_addr, addr->octets, 4);
		return sizeof(*four);
	}
	six->sin6_family = AF_INET6;
	memcpy(&six->sin6_addr, addr->octets, 16);
	return sizeof(*six);
}

/* Odd paths work if the outer packet may be fragmented: its size is no
 * business of the inner one, whose MTU is fixed. */
static void set_outer(int sock, int family)
{
	int ttl = TTL;
#ifdef IP_MTU_DISCOVER
	int off = IP_PMTUDISC_DONT, off6 = IPV6_PMTUDISC_DONT;
#endif

	if (family == 4) {
		setsockopt(sock, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl));
#ifdef IP_MTU_DISCOVER
		setsockopt(sock, IPPROTO_IP, IP_MTU_DISCOVER, &off,
			   sizeof(off));
#endif
	} else {
		setsockopt(sock, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &ttl,
			   sizeof(ttl));
#ifdef IP_MTU_DISCOVER
		setsockopt(sock, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &off6,
			   sizeof(off6));
#endif
	}
}

static int raw_socket(const struct gw6c_lease *lease, int *out,
		      struct gw6c_err *err)
{
	struct sockaddr_storage local, remote;
	socklen_t local_len = put_address(&lease->local, &local);
	socklen_t remote_len = put_address(&lease->remote, &remote);
	int protocol = lease->inner.family == 6 ? IPPROTO_IPV6 : IPPROTO_IPIP;
	char room[GW6C_ADDR_TEXT];

	*out = socket(remote.ss_family, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
		      protocol);
	if (*out < 0)
		return gw6c_fail(err, GW6C_EOS,
				 "no raw socket for IP protocol %d: %s; run as "
				 "root, or with CAP_NET_RAW",
				 protocol, strerror(errno));
	set_outer(*out, lease->remote.family);
	if (bind(*out, (struct sockaddr *)&local, local_len) == 0 &&
	    connect(*out, (struct sockaddr *)&remote, remote_len) == 0)
		return GW6C_OK;
	return gw6c_fail(err, GW6C_EOS,
			 "the outer path to %s cannot be used: %s",
			 gw6c_addr_text(&lease->remote, room), strerror(errno));
}

int raw_open(const struct gw6c_host *host, const struct gw6c_lease *lease,
	     const struct gw6c_plan *plan, int sock, void **self,
	     struct gw6c_err *err)
{
	struct pump_rules rules = { .inner = lease->inner,
				    .prefix = lease->prefix };
	struct pump_ends ends = { .tun = plan->fd, .mtu = lease->mtu };
	struct raw *raw = calloc(1, sizeof(*raw));

	(void)sock;
	if (!raw)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	ends.outer = lease->remote.family == 4 ? PUMP_RAW4 : PUMP_RAW6;
	if (raw_socket(lease, &raw->sock, err) == GW6C_OK) {
		ends.sock = raw->sock;
		pump_open(host, &ends, &rules, &raw->pump, err);
	}
	if (!raw->pump) {
		raw_close(raw);
		return err->rc;
	}
	*self = raw;
	return GW6C_OK;
}

void raw_close(void *self)
{
	struct raw *raw = self;

	pump_close(raw->pump);
	if (raw->sock >= 0)
		close(raw->sock);
	free(raw);
}

void raw_count(void *self, struct gw6c_counters *out)
{
	struct raw *raw = self;

	pump_count(raw->pump, out);
}
