/* tsp_status.c - what the status codes of TSP mean to the operator. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "tsp.h"

/* RFC 5572 section 4.7, and those that gogo6 brokers add. */
static const struct tsp_meaning meanings[] = {
	{ 200, GW6C_OK, "success", "" },
	{ 300, GW6C_EAUTH, "login refused",
	  "the broker rejects this user name and password: check userid and "
	  "passwd" },
	{ 301, GW6C_ENET, "the broker has no tunnel left", "wait" },
	{ 302, GW6C_ECONFIG,
	  "the broker does not support our protocol "
	  "versions",
	  "use another server, or allow_v1=yes for a very old one" },
	{ 303, GW6C_ECONFIG, "the broker does not offer this tunnel mode",
	  "set another tunnel_mode" },
	{ 310, GW6C_EPEER, "internal error of the broker",
	  "report it to its operator if it persists" },
	{ 500, GW6C_ECONFIG, "the broker did not understand the request",
	  "run with -vvv to see it, and report it" },
	{ 501, GW6C_ECONFIG, "the broker refuses our IPv4 address",
	  "set client_v4 to an address that it can reach, or to auto" },
	{ 502, GW6C_ECONFIG, "the broker refuses our IPv6 address",
	  "set client_v6 to an address that it can reach, or to auto" },
	{ 506, GW6C_ENET,
	  "this account, or our address, is in use by another tunnel",
	  "stop the other client, or wait until its tunnel has ended; for one "
	  "account on several machines, ask the operator of the broker to "
	  "allow it several sessions" },
	{ 507, GW6C_ECONFIG, "the broker has no prefix of this length",
	  "ask its operator for one, or set another prefixlen" },
	{ 509, GW6C_ECONFIG, "the broker cannot delegate the reverse zone",
	  "check or remove dns_server" },
	{ 518, GW6C_ECONFIG,
	  "the broker does not assign prefixes of this "
	  "length",
	  "set another prefixlen" },
	{ 520, GW6C_ECONFIG, "the broker needs the length of the prefix",
	  "set prefixlen" },
	{ 521, GW6C_ENET, "a request of this account is already in progress",
	  "wait, or stop the other client" },
	{ 522, GW6C_ECONFIG, "anonymous users get no prefix here",
	  "set auth_method, userid and passwd, or host_type=host" },
	{ 530, GW6C_ENET,
	  "the broker is too busy, or takes no logins from our network for a "
	  "while",
	  "wait; if logins have failed before, check userid and passwd" },
	{ 599, GW6C_ENET, "the broker timed out waiting for us", "wait" },
};

static const struct tsp_meaning other_later = {
	0, GW6C_ENET, "a temporary problem of the broker", "wait"
};
static const struct tsp_meaning other_final = {
	0, GW6C_ECONFIG, "the broker refused with an unknown status",
	"ask its operator what the status means"
};

const struct tsp_meaning *tsp_meaning(int code)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (meanings[i].code == code)
			return &meanings[i];
	return code >= 400 && code < 500 ? &other_later : &other_final;
}
