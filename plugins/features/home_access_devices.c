/* home_access_devices.c - reads the list of devices:
 *
 *	camera  = 192.168.1.20 http allow=2001:db8::/32
 *	printer = 192.168.1.30:631 http password=ann check
 *
 * "name=address" alone is the syntax of the programs of old. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_access_devices.h"
#include "home_access_word.h"
#include <ctype.h>
#include <stdlib.h>

struct reader {
	struct access_list *list;
	const char *where;
	int line;
	access_mistake mistake;
	void *arg;
};

static void complain(const struct reader *reader, const char *text)
{
	char whole[700];

	snprintf(whole, sizeof(whole), "%s:%d: %s", reader->where, reader->line,
		 text);
	reader->mistake(reader->arg, whole);
}

const char *access_way_name(enum access_way way)
{
	static const char *const names[] = { "http", "https", "tls", "tcp" };

	return names[way];
}

/* --- name and address ------------------------------------------------------- */

static bool label_is_good(const char *name)
{
	size_t len = strlen(name);

	return len && len < ACCESS_LABEL && name[0] != '-' &&
	       name[len - 1] != '-' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

static int take_name(struct access_device *device, const char *text, size_t len,
		     struct gw6c_err *err)
{
	if (len >= ACCESS_LABEL)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "the name has %zu characters, and 63 are the "
				 "most; shorten it",
				 len);
	for (size_t i = 0; i < len; i++)
		device->name[i] = (char)tolower((unsigned char)text[i]);
	if (label_is_good(device->name))
		return GW6C_OK;
	return gw6c_fail(err, GW6C_ECONFIG,
			 "the name \"%s\" cannot be used; take 1 to 63 of the "
			 "letters a-z, digits and hyphens, no hyphen at its "
			 "ends",
			 device->name);
}

static bool host_is_good(const char *host)
{
	size_t len = strlen(host), digits = strspn(host, "0123456789.");

	return len && len < GW6C_NAME && digits < len && host[0] != '-' &&
	       host[0] != '.' && !strstr(host, "..") &&
	       strspn(host, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrst"
			    "uvwxyz0123456789-._") == len;
}

/* "192.168.1.20", "192.168.1.20:8080", "nas.lan", "[fd00::1]:80", "fd00::1" */
static int take_host(struct access_device *device, char *text, uint16_t *port,
		     struct gw6c_err *err)
{
	struct gw6c_addr addr;
	char *colon = strrchr(text, ':');

	if (text[0] == '[' && strchr(text, ']')) {
		char *end = strchr(text, ']');

		*end = 0;
		text++;
		colon = end[1] == ':' ? end + 1 : NULL;
		if (end[1] && !colon)
			return gw6c_fail(err, GW6C_ECONFIG,
					 "\"%s\" follows an address in "
					 "brackets; expected a colon and a "
					 "port",
					 end + 1);
	} else if (gw6c_addr_parse(text, &addr)) {
		colon = NULL;
	}
	if (colon) {
		*colon = 0;
		if (!access_port(colon + 1, port))
			return gw6c_fail(err, GW6C_ECONFIG,
					 "\"%s\" is no port; expected a number "
					 "from 1 to 65535",
					 colon + 1);
	}
	if (!gw6c_addr_parse(text, &device->addr) && !host_is_good(text))
		return gw6c_fail(err, GW6C_ECONFIG,
				 "\"%s\" is neither an address nor the name of "
				 "a host",
				 text);
	snprintf(device->host, sizeof(device->host), "%s", text);
	return GW6C_OK;
}

/* --- an entry ---------------------------------------------------------------- */

static const struct access_device *find(const struct access_list *list,
					const char *name)
{
	for (int i = 0; i < list->n; i++)
		if (strcmp(list->device[i].name, name) == 0)
			return &list->device[i];
	return NULL;
}

/* Ports that an entry does not name: that of its address, or the usual one. */
static void fill_ports(struct access_device *device, uint16_t port)
{
	if (!device->n_services)
		device->service[device->n_services++].way = ACCESS_HTTP;
	for (int i = 0; i < device->n_services; i++) {
		struct access_service *service = &device->service[i];
		bool tls = device->tls || service->way == ACCESS_TLS;

		if (!service->to)
			service->to = port ? port : tls ? 443 : 80;
	}
}

/* What cannot be kept is a mistake, not a promise that is broken silently. */
static int fits(const struct access_device *device, struct gw6c_err *err)
{
	if (device->everybody && (device->n_allow || device->password))
		return gw6c_fail(
			err, GW6C_ECONFIG,
			"public means everybody, and stands beside %s; "
			"remove one of them",
			device->n_allow ? "allow" : "password");
	for (int i = 0; device->password && i < device->n_services; i++)
		if (device->service[i].way >= ACCESS_TLS)
			return gw6c_fail(
				err, GW6C_ECONFIG,
				"a password cannot be asked for by %s; "
				"use http or https, or name who may "
				"come with allow or public",
				access_way_name(device->service[i].way));
	return GW6C_OK;
}

static int read_entry(struct access_device *device, const char *text,
		      struct gw6c_err *err)
{
	const char *equal = strchr(text, '=');
	size_t len = equal ? (size_t)(equal - text) : 0;
	char word[ACCESS_WORD];
	uint16_t port = 0;
	const char *at;
	int rc;

	while (len && isblank((unsigned char)text[len - 1]))
		len--;
	if (!equal || memchr(text, ' ', len) || memchr(text, '\t', len))
		return gw6c_fail(err, GW6C_ECONFIG,
				 "expected NAME = ADDRESS, and what else is "
				 "known of the device");
	if (take_name(device, text, len, err))
		return err->rc;
	at = equal + 1;
	rc = access_word(&at, word, err);
	if (rc != GW6C_MORE)
		return rc ? rc
			  : gw6c_fail(err, GW6C_ECONFIG,
				      "%s has no address; expected NAME = "
				      "ADDRESS",
				      device->name);
	if (take_host(device, word, &port, err))
		return err->rc;
	while ((rc = access_word(&at, word, err)) == GW6C_MORE)
		if (access_word_take(device, word, &at, err))
			return err->rc;
	if (rc || fits(device, err))
		return err->rc;
	fill_ports(device, port);
	return GW6C_OK;
}

static int append(struct access_list *list, const struct access_device *device,
		  struct gw6c_err *err)
{
	const struct access_device *before = find(list, device->name);
	struct access_device *more;

	if (before)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "%s is there already, at %s; that one counts",
				 device->name, before->where);
	if (list->n == ACCESS_DEVICES)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "there are more than %d devices; %s and those "
				 "behind it are left out",
				 ACCESS_DEVICES, device->name);
	more = realloc(list->device, (size_t)(list->n + 1) * sizeof(*more));
	if (!more)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	list->device = more;
	more[list->n++] = *device;
	return GW6C_OK;
}

static void take_line(const struct reader *reader, const char *text)
{
	struct access_device device = { .n_services = 0 };
	struct gw6c_err err = { 0 };

	text += strspn(text, " \t");
	if (!*text || *text == '#')
		return;
	snprintf(device.where, sizeof(device.where), "%s:%d", reader->where,
		 reader->line);
	if (read_entry(&device, text, &err) ||
	    append(reader->list, &device, &err))
		complain(reader, err.text);
}

/* --- lines --------------------------------------------------------------------- */

/* Without the CR of a foreign editor. A NUL ends no line of ours. */
static void cut_line(struct reader *reader, const uint8_t *at, size_t len)
{
	char line[ACCESS_LINE];

	if (len && at[len - 1] == '\r')
		len--;
	if (len >= sizeof(line)) {
		complain(reader, "the line is too long; 1000 octets are the "
				 "most");
		return;
	}
	for (size_t i = 0; i < len; i++)
		if ((at[i] < ' ' && at[i] != '\t') || at[i] == 127) {
			complain(reader, "there is a control character in "
					 "this line; remove it");
			return;
		}
	memcpy(line, at, len);
	line[len] = 0;
	take_line(reader, line);
}

void access_list_read(struct access_list *list, const char *where,
		      struct gw6c_bytes text, char end, access_mistake mistake,
		      void *arg)
{
	struct reader reader = { list, where, 0, mistake, arg };
	size_t from = 0;

	if (text.len >= 3 && memcmp(text.at, "\xef\xbb\xbf", 3) == 0)
		from = 3;
	while (from < text.len) {
		const uint8_t *at = text.at + from;
		const uint8_t *found = memchr(at, end, text.len - from);
		size_t len = found ? (size_t)(found - at) : text.len - from;

		reader.line++;
		cut_line(&reader, at, len);
		from += len + 1;
	}
}

void access_list_free(struct access_list *list)
{
	free(list->device);
	*list = (struct access_list){ NULL, 0 };
}
