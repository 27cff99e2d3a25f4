/* dns_conf.c - resolv.conf(5) and hosts(5), as the system's resolver reads
 * them. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dns_conf.h"
#include "sockaddr.h"
#include "text.h"
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define GAPS " \t\r\n"
#define LINE 1024 /* octets that are read of a line */
#define PORT 53

/* "192.0.2.1", "2001:db8::1", "fe80::1%eth0"; with ":PORT" behind IPv4. */
static void add_server(struct dns_conf *conf, char *text)
{
	struct sockaddr_storage *at = &conf->server[conf->servers];
	char *scope = strchr(text, '%'), *colon = strchr(text, ':');
	struct gw6c_addr addr;
	long port = PORT;

	if (scope)
		*scope++ = 0;
	if (colon && strchr(text, '.') && !strchr(colon + 1, ':')) {
		*colon++ = 0;
		port = text_number(colon, strlen(colon), 65535);
	}
	if (conf->servers == DNS_SERVERS || port <= 0 ||
	    !gw6c_addr_parse(text, &addr))
		return;
	sockaddr_put(&addr, (uint16_t)port, at);
	if (scope && addr.family == 6)
		((struct sockaddr_in6 *)at)->sin6_scope_id =
			if_nametoindex(scope);
	conf->servers++;
}

/* "NAME:NUMBER" of an options line, kept within the system's bounds. */
static void read_option(const char *word, const char *name, int least, int most,
			int *out)
{
	size_t len = strlen(name);
	long value;

	if (strncmp(word, name, len) != 0 || word[len] != ':')
		return;
	value = text_number(word + len + 1, strlen(word + len + 1), 1000);
	if (value >= 0)
		*out = value < least ? least : value > most ? most : (int)value;
}

static void read_line(struct dns_conf *conf, char *line)
{
	char *rest = line, *key = strtok_r(rest, GAPS, &rest), *word;
	bool search = key && (strcmp(key, "search") == 0 ||
			      strcmp(key, "domain") == 0);

	if (!key)
		return;
	if (search)
		conf->domains = 0; /* the last one counts */
	while ((word = strtok_r(NULL, GAPS, &rest))) {
		if (strcmp(key, "nameserver") == 0) {
			add_server(conf, word);
			return;
		}
		if (search && conf->domains < DNS_DOMAINS)
			snprintf(conf->search[conf->domains++], DNS_NAME, "%s",
				 word);
		if (strcmp(key, "options") == 0) {
			read_option(word, "ndots", 0, 15, &conf->ndots);
			read_option(word, "timeout", 1, 30, &conf->timeout_s);
			read_option(word, "attempts", 1, 5, &conf->attempts);
		}
	}
}

void dns_conf_read(const char *path, struct dns_conf *out)
{
	FILE *file = fopen(path, "re");
	char line[LINE];

	*out = (struct dns_conf){ .ndots = 1, .timeout_s = 5, .attempts = 2 };
	while (file && fgets(line, sizeof(line), file))
		if (line[0] != '#' && line[0] != ';')
			read_line(out, line);
	if (file)
		fclose(file);
	if (out->servers)
		return;
	out->none = true;
	out->timeout_s = 3;
	out->attempts = 1;
	add_server(out, (char[]){ "127.0.0.1" });
}

/* --- hosts -------------------------------------------------------------- */

/* A final dot only says that the name is whole. */
static bool same_name(const char *a, const char *b)
{
	size_t len = strlen(a), other = strlen(b);

	len -= len && a[len - 1] == '.';
	other -= other && b[other - 1] == '.';
	return len == other && strncasecmp(a, b, len) == 0;
}

static bool hosts_line(char *line, const char *name, struct gw6c_addr *out)
{
	char *rest = line, *word;

	line[strcspn(line, "#")] = 0;
	word = strtok_r(rest, GAPS, &rest);
	if (!word || !gw6c_addr_parse(word, out))
		return false;
	while ((word = strtok_r(NULL, GAPS, &rest)))
		if (same_name(word, name))
			return true;
	return false;
}

int dns_hosts(const char *path, const char *name, int family,
	      struct gw6c_addr *out, int max)
{
	FILE *file = fopen(path, "re");
	struct gw6c_addr addr;
	char *line = NULL; /* some list thousands of names in one */
	size_t len = 0;
	int n = 0;

	while (file && n < max && getline(&line, &len, file) >= 0)
		if (hosts_line(line, name, &addr) && addr.family == family)
			out[n++] = addr;
	if (file)
		fclose(file);
	free(line);
	return n;
}

/* --- search list -------------------------------------------------------- */

bool dns_candidate(const struct dns_conf *conf, const char *name, int n,
		   char room[DNS_NAME])
{
	size_t len = strlen(name);
	bool whole = len && name[len - 1] == '.';
	int dots = 0, domain;

	for (const char *c = name; *c; c++)
		dots += *c == '.';
	/* A name with enough dots is tried as it is before the search list,
	 * others after it. */
	domain = dots >= conf->ndots ? n - 1 : n;
	if (whole || domain < 0 || domain == conf->domains) {
		snprintf(room, DNS_NAME, "%s", name);
		return whole ? n == 0 : n <= conf->domains;
	}
	if (domain > conf->domains)
		return false;
	snprintf(room, DNS_NAME, "%s.%s", name, conf->search[domain]);
	return true;
}
