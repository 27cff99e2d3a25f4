/* options_words.c - what gw6c-broker offers: logins, modes, versions; and what
 * it rejects. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "options_words.h"
#include <stdlib.h>
#include <strings.h>

/* Append a copy of the word to a list of OPTIONS_LIST. */
static int add_word(const char **list, int *n, const char *what,
		    const struct setting *at, const char *word,
		    struct gw6c_err *err)
{
	char *copy;

	if (*n == OPTIONS_LIST)
		return conf_fail(at, err, "too many %s; the maximum is %d",
				 what, OPTIONS_LIST);
	copy = strdup(word);
	if (!copy)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	list[(*n)++] = copy;
	return GW6C_OK;
}

static int add_auth(struct reader *reader, const struct setting *at,
		    const char *word, struct gw6c_err *err)
{
	struct options *out = reader->out;

	return add_word(out->auth, &out->auths, "mechanisms", at, word, err);
}

static void read_auth(struct reader *reader)
{
	const struct setting none = { .key = "auth",
				      .file = "",
				      .value = DEFAULT_BROKER_AUTH };

	options_each_word(reader, "auth", add_auth);
	if (!reader->out->auths)
		options_words_of(reader, &none, add_auth);
}

/* Which of them there are, modes.c finds out. */
static int add_mode(struct reader *reader, const struct setting *at,
		    const char *word, struct gw6c_err *err)
{
	struct options *out = reader->out;

	return add_word(out->mode, &out->modes, "modes", at, word, err);
}

static int add_refusal(struct reader *reader, const struct setting *at,
		       const char *word, struct gw6c_err *err)
{
	static const char *const phases[] = { "version", "login", "create",
					      "accept" };
	const char *colon = strchr(word, ':');
	char *end = NULL;
	long code = colon ? strtol(colon + 1, &end, 10) : 0;

	for (int i = 0; colon && i < PHASES; i++) {
		size_t len = strlen(phases[i]);

		if ((size_t)(colon - word) != len ||
		    strncasecmp(word, phases[i], len) != 0 || *end ||
		    code < 201 || code > 1999)
			continue;
		reader->out->refuse[i] = (int)code;
		return GW6C_OK;
	}
	return conf_fail(at, err,
			 "\"%.40s\" is invalid; use version:CODE, login:CODE, "
			 "create:CODE or accept:CODE, with a status from 201 "
			 "to 1999",
			 word);
}

static int add_redirect(struct reader *reader, const struct setting *at,
			const char *word, struct gw6c_err *err)
{
	struct options *out = reader->out;
	struct gw6c_err why = { 0 };

	if (out->redirects == TSP_BROKERS)
		return conf_fail(at, err, "too many brokers; the maximum is %d",
				 TSP_BROKERS);
	if (server_addr_parse(word, &out->redirect[out->redirects], &why))
		return conf_fail(at, err, "%s", why.text);
	out->redirects++;
	return GW6C_OK;
}

static void read_refusals(struct reader *reader)
{
	const struct setting *at = conf_get(reader->conf, "refuse", 0);
	struct options *out = reader->out;
	struct gw6c_err err = { 0 };

	options_each_word(reader, "refuse", add_refusal);
	options_each_word(reader, "redirect", add_redirect);
	for (int i = 0; i < PHASES; i++)
		if (TSP_REDIRECT(out->refuse[i]) && !out->redirects) {
			conf_fail(at, &err,
				  "a status above 1000 redirects clients to "
				  "other brokers; list them in redirect=");
			options_error(reader, &err);
			return;
		}
}

static int add_version(struct reader *reader, const struct setting *at,
		       const char *word, struct gw6c_err *err)
{
	uint32_t *version = reader->out->version;
	char text[32];
	uint32_t one;
	int n = 0;

	while (version[n])
		n++;
	snprintf(text, sizeof(text), "VERSION=%.20s", word);
	if (!tsp_parse_version(gw6c_text(text), &one) || one < TSP_V101 ||
	    one > TSP_V202 || (one > TSP_V101 && one < TSP_V200) ||
	    n == OPTIONS_LIST - 1)
		return conf_fail(at, err,
				 "\"%.20s\" is an unsupported version; use "
				 "2.0.2, 2.0.1, 2.0.0 or 1.0.1",
				 word);
	version[n] = one;
	return GW6C_OK;
}

static void read_versions(struct reader *reader)
{
	uint32_t *version = reader->out->version;

	options_each_word(reader, "versions", add_version);
	if (!version[0])
		for (int i = 0; tsp_versions[i] >= TSP_V200; i++)
			version[i] = tsp_versions[i];
}

void options_words(struct reader *reader)
{
	read_auth(reader);
	options_each_word(reader, "tunnel_modes", add_mode);
	read_versions(reader);
	read_refusals(reader);
}
