/* dns_update_names.c - names that are asked for, and the addresses that their
 * rules mean. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dns_update.h"
#include <ctype.h>
#include <stdlib.h>

#define LABEL 63 /* octets, RFC 1035 section 2.3.4 */
#define BLANKS " \t\r\n"
#define WORDS 4 /* of a line */

/* --- names -------------------------------------------------------------- */

static bool is_label(const char *at, size_t len)
{
	if (!len || len > LABEL || at[0] == '-' || at[len - 1] == '-')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)at[i]) && at[i] != '-')
			return false;
	return true;
}

bool dns_name_ok(const char *name)
{
	if (strlen(name) >= DNS_NAME)
		return false;
	for (;;) {
		size_t len = strcspn(name, ".");

		if (!is_label(name, len))
			return false;
		if (!name[len])
			return true;
		name += len + 1;
	}
}

static void lower(char *text)
{
	for (; *text; text++)
		*text = (char)tolower((unsigned char)*text);
}

int dns_wish_owner(const struct dns_wish *wish, const char *domain,
		   char owner[DNS_NAME], struct gw6c_err *err)
{
	bool whole = strcmp(wish->name, "@") == 0;
	char text[2 * DNS_NAME];

	snprintf(text, sizeof(text), "%s%s%s", whole ? "" : wish->name,
		 whole ? "" : ".", domain);
	if (strlen(text) >= DNS_NAME)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "the name %.80s... has %zu octets with the "
				 "domain %.80s; the maximum is %d",
				 wish->name, strlen(text), domain,
				 DNS_NAME - 1);
	lower(text);
	memcpy(owner, text, strlen(text) + 1);
	return GW6C_OK;
}

/* --- lines -------------------------------------------------------------- */

static int set_name(struct dns_wish *out, const char *name,
		    struct gw6c_err *err)
{
	if (strcmp(name, "@") != 0 && !dns_name_ok(name))
		return gw6c_fail(err, GW6C_ECONFIG,
				 "\"%.80s\" is no name; expected @, or labels "
				 "of 1 to %d letters, digits and hyphens with "
				 "dots between",
				 name, LABEL);
	snprintf(out->name, sizeof(out->name), "%s", name);
	return GW6C_OK;
}

/* "prefix::20": what follows the word, as an address. */
static bool suffix_of(const char *rule, const char *word, struct gw6c_addr *out)
{
	size_t len = strlen(word);

	return strncmp(rule, word, len) == 0 && rule[len] == ':' &&
	       gw6c_addr_parse(rule + len, out) && out->family == 6;
}

static int set_rule(struct dns_wish *out, const char *rule,
		    struct gw6c_err *err)
{
	struct gw6c_addr addr;

	if (strlen(rule) >= sizeof(out->rule) ||
	    (strcmp(rule, "tunnel") != 0 && !gw6c_addr_parse(rule, &addr) &&
	     !suffix_of(rule, "prefix", &addr) &&
	     !suffix_of(rule, "lan", &addr)))
		return gw6c_fail(err, GW6C_ECONFIG,
				 "\"%.80s\" is no address; expected tunnel, an "
				 "IPv6 or IPv4 address, prefix::SUFFIX or "
				 "lan::SUFFIX",
				 rule);
	snprintf(out->rule, sizeof(out->rule), "%s", rule);
	return GW6C_OK;
}

/* A service becomes the label "_service": one of RFC 6335 section 5.1. */
static int set_service(struct dns_wish *out, const char *service,
		       const char *port, struct gw6c_err *err)
{
	char *end;
	unsigned long number = strtoul(port, &end, 10);

	if (strlen(service) >= sizeof(out->service) ||
	    !is_label(service, strlen(service)))
		return gw6c_fail(err, GW6C_ECONFIG,
				 "\"%.80s\" is no service; expected up to %zu "
				 "letters, digits and hyphens, such as https",
				 service, sizeof(out->service) - 1);
	if (!isdigit((unsigned char)port[0]) || *end || !number ||
	    number > 65535)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "\"%.80s\" is no port; expected a number from "
				 "1 to 65535",
				 port);
	snprintf(out->service, sizeof(out->service), "%s", service);
	lower(out->service);
	out->port = (uint16_t)number;
	return GW6C_OK;
}

static int set_words(struct dns_wish *out, char *const *word, int n,
		     struct gw6c_err *err)
{
	memset(out, 0, sizeof(*out));
	if (n != 2 && n != 4)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "expected a name and an address, or a name, "
				 "an address, a service and a port");
	if (set_name(out, word[0], err) || set_rule(out, word[1], err))
		return err->rc;
	return n == 4 ? set_service(out, word[2], word[3], err) : GW6C_OK;
}

/* How many there are; of those, so many as fit. text is cut. */
static int split(char *text, const char *gaps, char *word[WORDS])
{
	char *rest = text, *at;
	int n = 0;

	while ((at = strtok_r(rest, gaps, &rest)))
		if (n++ < WORDS)
			word[n - 1] = at;
	return n;
}

int dns_wish_line(const char *line, struct dns_wish *out, struct gw6c_err *err)
{
	char text[1024], *word[WORDS];
	int n;

	if (strlen(line) >= sizeof(text))
		return gw6c_fail(err, GW6C_ECONFIG, "the line is too long");
	snprintf(text, sizeof(text), "%s", line);
	n = split(text, BLANKS, word);
	if (!n || word[0][0] == '#')
		return GW6C_MORE;
	return set_words(out, word, n, err);
}

int dns_wish_item(const char *item, struct dns_wish *out, struct gw6c_err *err)
{
	char text[1024], *word[WORDS];
	const char *equals = strchr(item, '=');

	if (!equals || strlen(item) >= sizeof(text))
		return gw6c_fail(err, GW6C_ECONFIG,
				 "expected NAME=ADDRESS or "
				 "NAME=ADDRESS/SERVICE/PORT, got \"%.80s\"",
				 item);
	snprintf(text, sizeof(text), "%s", item);
	text[equals - item] = '/';
	return set_words(out, word, split(text, "/", word), err);
}

/* --- addresses ---------------------------------------------------------- */

static int on_prefix(const struct gw6c_addr *prefix,
		     const struct gw6c_addr *suffix, const char *what,
		     struct gw6c_addr *out, struct gw6c_err *err)
{
	struct gw6c_addr mine = *suffix;

	if (prefix->family != 6)
		return gw6c_fail(err, GW6C_MORE, "there is no %s", what);
	for (unsigned bit = 0; bit < prefix->bits; bit++)
		if (mine.octets[bit / 8] & 0x80 >> bit % 8)
			return gw6c_fail(err, GW6C_ECONFIG,
					 "the suffix is longer than what the "
					 "%s leaves, %u bits",
					 what, 128u - prefix->bits);
	for (int i = 0; i < 16; i++)
		mine.octets[i] |= prefix->octets[i];
	*out = mine;
	return GW6C_OK;
}

int dns_wish_addr(const struct dns_wish *wish, const struct gw6c_lease *lease,
		  struct gw6c_addr *out, struct gw6c_err *err)
{
	struct gw6c_addr suffix;

	if (gw6c_addr_parse(wish->rule, out))
		return GW6C_OK;
	if (suffix_of(wish->rule, "prefix", &suffix))
		return on_prefix(&lease->prefix, &suffix, "delegated prefix",
				 out, err);
	if (suffix_of(wish->rule, "lan", &suffix))
		return on_prefix(&lease->lans[0].prefix, &suffix,
				 "network of if_prefix", out, err);
	if (!lease->inner.family)
		return gw6c_fail(err, GW6C_MORE, "the tunnel has no address");
	*out = lease->inner;
	out->bits = out->family == 4 ? 32 : 128;
	return GW6C_OK;
}

/* --- records ------------------------------------------------------------ */

/* RFC 9460: of https at the name itself, of others at "_service.name". */
bool dns_wish_port(const struct dns_wish *wish, const char *owner,
		   char name[DNS_NAME], struct dns_record *out)
{
	bool https = strcmp(wish->service, "https") == 0;
	char text[DNS_NAME + 32];

	if (!wish->port || (https && wish->port == 443) ||
	    (strcmp(wish->service, "http") == 0 && wish->port == 80))
		return false;
	snprintf(text, sizeof(text), "%s%s%s%s", https ? "" : "_",
		 https ? "" : wish->service, https ? "" : ".", owner);
	if (strlen(text) >= DNS_NAME)
		return false;
	memcpy(name, text, strlen(text) + 1);
	*out = (struct dns_record){ .type = https ? DNS_HTTPS : DNS_SVCB,
				    .port = wish->port };
	return true;
}

const char *dns_type_text(uint16_t type)
{
	switch (type) {
	case DNS_A:
		return "A";
	case DNS_AAAA:
		return "AAAA";
	case DNS_SVCB:
		return "SVCB";
	case DNS_HTTPS:
		return "HTTPS";
	default:
		return "?";
	}
}

const char *dns_record_text(const char *owner, const struct dns_record *record,
			    char room[DNS_DATA])
{
	char addr[GW6C_ADDR_TEXT];

	if (record->type == DNS_HTTPS)
		snprintf(room, DNS_DATA, "1 . port=%u", record->port);
	else if (record->type == DNS_SVCB)
		snprintf(room, DNS_DATA, "1 %s. port=%u",
			 owner + strcspn(owner, ".") + 1, record->port);
	else
		snprintf(room, DNS_DATA, "%s",
			 gw6c_addr_text(&record->addr, addr));
	return room;
}
