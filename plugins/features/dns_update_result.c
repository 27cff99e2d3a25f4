/* dns_update_result.c - how an update ended, in words and with what to do. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dns_update.h"

static const struct {
	const char *text;
	bool passes;
} results[] = {
	[DNS_OK] = { "done", false },
	[DNS_SERVFAIL] = { "the server has failed (SERVFAIL); its log says "
			   "why: perhaps it cannot write the zone",
			   true },
	[DNS_REFUSED] = { "the server refuses it (REFUSED); allow updates of "
			  "that name there, with update-policy or "
			  "allow-update, or set another server",
			  false },
	[DNS_NOTAUTH] = { "the server is not in charge of that zone "
			  "(NOTAUTH); set the primary server of the zone, or "
			  "another zone",
			  false },
	[DNS_NOTZONE] = { "the name is not in that zone (NOTZONE); set another "
			  "zone or domain",
			  false },
	[DNS_NOZONE] = { "the zone of that name cannot be found; set zone and "
			 "server, and check that the server has loaded it",
			 true },
	[DNS_BADKEY] = { "the server does not know the key (BADKEY); its name "
			 "and algorithm must be the same at both ends",
			 false },
	[DNS_BADSIG] = { "the server has another secret for that key (BADSIG); "
			 "copy the key anew",
			 false },
	[DNS_BADTIME] = { "the clocks of server and client differ (BADTIME); "
			  "set them",
			  true },
	[DNS_BADFORM] = { "the server does not take updates (FORMERR or "
			  "NOTIMP); set another server",
			  false },
	[DNS_TIMEOUT] = { "the server does not answer; check its address, and "
			  "the firewalls on the way",
			  true },
	[DNS_UNREACHABLE] = { "the server cannot be reached; check that it "
			      "runs, its address and port",
			      true },
	[DNS_BADFILE] = { "the key cannot be used; make it with tsig-keygen, "
			  "and check that it can be read",
			  false },
	[DNS_OTHER] = { "it failed", true },
};

const char *dns_result_text(enum dns_result result)
{
	return results[result].text;
}

bool dns_result_passes(enum dns_result result)
{
	return results[result].passes;
}

bool dns_result_of_name(enum dns_result result)
{
	return result != DNS_BADFILE && !results[result].passes;
}

enum dns_result dns_result_rcode(unsigned rcode)
{
	switch (rcode) {
	case 0:
		return DNS_OK;
	case 1:
	case 4:
		return DNS_BADFORM;
	case 2:
		return DNS_SERVFAIL;
	case 5:
		return DNS_REFUSED;
	case 9:
		return DNS_NOTAUTH;
	case 10:
		return DNS_NOTZONE;
	default:
		return DNS_OTHER;
	}
}

/* The first that is found counts: BADKEY comes with NOTAUTH. */
enum dns_result dns_result_line(const char *line)
{
	static const struct {
		const char *word;
		enum dns_result result;
	} words[] = {
		{ "could not read key", DNS_BADFILE },
		{ "could not create key", DNS_BADFILE },
		{ "BADKEY", DNS_BADKEY },
		{ "BADSIG", DNS_BADSIG },
		{ "BADTIME", DNS_BADTIME },
		{ "clocks are unsynchronized", DNS_BADTIME },
		{ "tsig indicates error", DNS_BADSIG },
		{ "tsig verify failure", DNS_BADSIG },
		{ "SERVFAIL", DNS_SERVFAIL },
		{ "REFUSED", DNS_REFUSED },
		{ "NOTAUTH", DNS_NOTAUTH },
		{ "NOTZONE", DNS_NOTZONE },
		{ "FORMERR", DNS_BADFORM },
		{ "NOTIMP", DNS_BADFORM },
		{ "SOA query was unsuccessful", DNS_NOZONE },
		{ "enclosing zone", DNS_NOZONE },
		{ "timed out", DNS_TIMEOUT },
		{ "connection refused", DNS_UNREACHABLE },
		{ "unreachable", DNS_UNREACHABLE },
		{ "could not reach", DNS_UNREACHABLE },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(line, words[i].word))
			return words[i].result;
	return DNS_OK;
}
