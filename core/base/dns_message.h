/* dns_message.h - questions to a name server and its answers, RFC 1035. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_DNS_MESSAGE_H
#define GW6C_CORE_BASE_DNS_MESSAGE_H

#include <gw6c/addr.h>
#include <gw6c/buf.h>

#define DNS_QUERY_MAX 300 /* octets of a question */

/* What an answer says. */
enum dns_verdict {
	DNS_FOREIGN, /* not to this question: wait for another */
	DNS_FOUND,
	DNS_NO_NAME, /* NXDOMAIN */
	DNS_NO_ADDRESS, /* there is the name, but not such an address */
	DNS_CUT, /* ask again over TCP */
	DNS_FAILED, /* SERVFAIL */
	DNS_REFUSED,
	DNS_BROKEN, /* another error, or nonsense */
};

/* Put the question for the addresses of name. False: it cannot be a name. */
bool dns_question(uint16_t id, const char *name, int family,
		  struct gw6c_buf *out);

/* Read an answer to that question; up to max addresses. The case of names
 * does not count, aliases (CNAME) are followed. */
enum dns_verdict dns_answer(struct gw6c_bytes question,
			    struct gw6c_bytes answer, struct gw6c_addr *out,
			    int max, int *n);

#endif
