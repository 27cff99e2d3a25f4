/* home_access_word.c - the words behind a device: its services, who may come,
 * and how it is spoken to. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_access_word.h"
#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

int access_word(const char **text, char word[ACCESS_WORD], struct gw6c_err *err)
{
	const char *at = *text + strspn(*text, " \t");
	bool quoted = false;
	size_t len = 0;

	if (!*at || *at == '#') {
		*text = at + strlen(at);
		return GW6C_OK;
	}
	for (; *at && (quoted || !isblank((unsigned char)*at)); at++) {
		if (*at == '"')
			quoted = !quoted;
		else
			word[len++] = *at;
	}
	word[len] = 0;
	*text = at;
	if (quoted)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "a quotation mark is missing behind \"%s\"",
				 word);
	return GW6C_MORE;
}

bool access_port(const char *text, uint16_t *port)
{
	size_t len = strspn(text, "0123456789");
	long value = len && len < 6 && !text[len] ? strtol(text, NULL, 10) : 0;

	if (value < 1 || value > 65535)
		return false;
	*port = (uint16_t)value;
	return true;
}

/* --- services ------------------------------------------------------------------ */

static bool is_there(const struct access_device *device,
		     const struct access_service *service)
{
	for (int i = 0; i < device->n_services; i++)
		if (device->service[i].way == service->way &&
		    device->service[i].port == service->port)
			return true;
	return false;
}

static int add_service(struct access_device *device,
		       const struct access_service *service,
		       struct gw6c_err *err)
{
	if (is_there(device, service))
		return gw6c_fail(err, GW6C_ECONFIG,
				 "%s is named twice; remove one of them",
				 access_way_name(service->way));
	if (device->n_services == ACCESS_SERVICES)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "the device has more than %d services",
				 ACCESS_SERVICES);
	device->service[device->n_services++] = *service;
	return GW6C_OK;
}

/* "554" or "554:8554": the visitor's port, and the device's. */
static int tcp_ports(struct access_service *service, char *value,
		     struct gw6c_err *err)
{
	char *colon = value ? strchr(value, ':') : NULL;

	if (colon)
		*colon = 0;
	if (!value || !access_port(value, &service->port) ||
	    (colon && !access_port(colon + 1, &service->to)))
		return gw6c_fail(err, GW6C_ECONFIG,
				 "expected tcp:PORT or tcp:PORT:PORT, the port "
				 "of visitors and that of the device");
	if (!colon)
		service->to = service->port;
	return GW6C_OK;
}

static int take_service(struct access_device *device, enum access_way way,
			char *value, const char **rest, struct gw6c_err *err)
{
	struct access_service service = { .way = way };
	char next[ACCESS_WORD];

	if (way == ACCESS_TCP) {
		if (!value && access_word(rest, next, err) == GW6C_MORE)
			value = next;
		if (tcp_ports(&service, value, err))
			return err->rc;
	} else if (value && !access_port(value, &service.to)) {
		return gw6c_fail(err, GW6C_ECONFIG,
				 "\"%s\" is no port; expected a number from 1 "
				 "to 65535",
				 value);
	}
	return add_service(device, &service, err);
}

/* --- who may come --------------------------------------------------------------- */

static bool read_prefix(char *text, struct gw6c_addr *out)
{
	char *slash = strchr(text, '/');
	char *end = NULL;
	long bits;

	if (slash)
		*slash = 0;
	if (!gw6c_addr_parse(text, out))
		return false;
	bits = slash ? strtol(slash + 1, &end, 10) : out->bits;
	if (slash &&
	    (!isdigit((unsigned char)slash[1]) || *end || bits > out->bits))
		return false;
	out->bits = (uint8_t)bits;
	for (unsigned i = 0; i < 16; i++) {
		unsigned kept = i * 8 >= out->bits	? 0
				: out->bits - i * 8 > 8 ? 8
							: out->bits - i * 8;

		out->octets[i] &= (uint8_t)(0xff00 >> kept);
	}
	return true;
}

static int take_allow(struct access_device *device, char *value,
		      struct gw6c_err *err)
{
	char *save = NULL, text[ACCESS_WORD];

	if (!value || !*value)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "allow needs addresses or prefixes, such as "
				 "allow=2001:db8::/32");
	for (char *at = strtok_r(value, ",", &save); at;
	     at = strtok_r(NULL, ",", &save)) {
		struct gw6c_addr *to = &device->allow[device->n_allow];

		if (device->n_allow == ACCESS_ALLOWED)
			return gw6c_fail(err, GW6C_ECONFIG,
					 "allow has more than %d prefixes",
					 ACCESS_ALLOWED);
		snprintf(text, sizeof(text), "%s", at);
		if (!read_prefix(at, to))
			return gw6c_fail(err, GW6C_ECONFIG,
					 "\"%s\" is neither an address nor a "
					 "prefix",
					 text);
		if (!to->bits)
			return gw6c_fail(err, GW6C_ECONFIG,
					 "allow=%s would let everybody in; if "
					 "that is meant, write public",
					 text);
		device->n_allow++;
	}
	if (!device->n_allow)
		return gw6c_fail(err, GW6C_ECONFIG, "allow names no prefix");
	return GW6C_OK;
}

static int take_password(struct access_device *device, char *value,
			 struct gw6c_err *err)
{
	char *save = NULL;

	device->password = true;
	if (!value)
		return GW6C_OK;
	for (char *at = strtok_r(value, ",", &save); at;
	     at = strtok_r(NULL, ",", &save)) {
		if (device->n_users == ACCESS_USERS || strlen(at) > 31)
			return gw6c_fail(
				err, GW6C_ECONFIG,
				"password names more than %d users, or "
				"one with more than 31 characters",
				ACCESS_USERS);
		snprintf(device->user[device->n_users++],
			 sizeof(device->user[0]), "%s", at);
	}
	if (!device->n_users)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "password= names nobody; write password for "
				 "all users of the list");
	return GW6C_OK;
}

/* --- how it is spoken to ---------------------------------------------------------- */

/* These are what the connection itself is made of. */
static bool is_ours(const char *name)
{
	static const char *const ours[] = { "Host",	  "Connection",
					    "Upgrade",	  "Content-Length",
					    "Keep-Alive", "Transfer-Encoding",
					    "TE",	  "Forwarded",
					    "Via" };

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strcasecmp(name, ours[i]) == 0)
			return true;
	return strncasecmp(name, "X-Forwarded-", 12) == 0;
}

static int take_header(struct access_device *device, bool answer, char *value,
		       struct gw6c_err *err)
{
	struct access_header *header = &device->header[device->n_headers];
	char *colon = value ? strchr(value, ':') : NULL;

	if (!colon)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "expected %s=\"Name: value\"",
				 answer ? "answer" : "set");
	if (device->n_headers == ACCESS_HEADERS)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "there are more than %d rules for headers",
				 ACCESS_HEADERS);
	*colon++ = 0;
	colon += strspn(colon, " \t");
	if (!*value || strlen(value) >= sizeof(header->name) ||
	    strlen(colon) >= sizeof(header->value) ||
	    value[strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"
				"qrstuvwxyz0123456789-_")])
		return gw6c_fail(err, GW6C_ECONFIG,
				 "\"%s\" is no name of a header, or its value "
				 "is too long",
				 value);
	if (is_ours(value))
		return gw6c_fail(err, GW6C_ECONFIG,
				 "%s is set by gw6c itself%s", value,
				 strcasecmp(value, "Host") == 0
					 ? "; see host=device"
					 : "");
	header->answer = answer;
	snprintf(header->name, sizeof(header->name), "%s", value);
	snprintf(header->value, sizeof(header->value), "%s", colon);
	device->n_headers++;
	return GW6C_OK;
}

static int take_check(struct access_device *device, const char *value,
		      struct gw6c_err *err)
{
	device->checked = true;
	if (!value)
		return GW6C_OK;
	if (*value != '/' || strlen(value) >= sizeof(device->check) ||
	    strpbrk(value, " \t\\'"))
		return gw6c_fail(
			err, GW6C_ECONFIG,
			"expected check, or check=/PATH with a path to "
			"ask for");
	snprintf(device->check, sizeof(device->check), "%s", value);
	return GW6C_OK;
}

/* One of two words. */
static int take_choice(const char *key, const char *value, const char *no,
		       const char *yes, bool *out, struct gw6c_err *err)
{
	if (!value || (strcmp(value, no) != 0 && strcmp(value, yes) != 0))
		return gw6c_fail(err, GW6C_ECONFIG, "expected %s=%s or %s=%s",
				 key, no, key, yes);
	*out = strcmp(value, yes) == 0;
	return GW6C_OK;
}

static int take_plain(const char *word, const char *value, bool *out,
		      struct gw6c_err *err)
{
	if (value)
		return gw6c_fail(err, GW6C_ECONFIG, "%s takes no value", word);
	*out = true;
	return GW6C_OK;
}

int access_word_take(struct access_device *device, char *word,
		     const char **rest, struct gw6c_err *err)
{
	char *end = word + strcspn(word, ":=");
	char *value = *end ? end + 1 : NULL;

	*end = 0;
	for (enum access_way way = ACCESS_HTTP; way <= ACCESS_TCP; way++)
		if (strcmp(word, access_way_name(way)) == 0)
			return take_service(device, way, value, rest, err);
	if (strcmp(word, "public") == 0)
		return take_plain(word, value, &device->everybody, err);
	if (strcmp(word, "allow") == 0)
		return take_allow(device, value, err);
	if (strcmp(word, "password") == 0)
		return take_password(device, value, err);
	if (strcmp(word, "rewrite") == 0)
		return take_plain(word, value, &device->rewrite, err);
	if (strcmp(word, "host") == 0)
		return take_choice(word, value, "keep", "device",
				   &device->own_host, err);
	if (strcmp(word, "device") == 0)
		return take_choice(word, value, "http", "https", &device->tls,
				   err);
	if (strcmp(word, "check") == 0)
		return take_check(device, value, err);
	if (strcmp(word, "set") == 0)
		return take_header(device, false, value, err);
	if (strcmp(word, "answer") == 0)
		return take_header(device, true, value, err);
	return gw6c_fail(err, GW6C_ECONFIG,
			 "\"%s\" is not known here; expected http, https, tls, "
			 "tcp:PORT, public, allow=PREFIX, password, rewrite, "
			 "host=device, device=https, check, set= or answer=",
			 word);
}
