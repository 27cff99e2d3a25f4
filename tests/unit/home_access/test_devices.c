/* test_devices.c - the list of devices: what is understood, and what is told of
 * the rest. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "plugins/features/home_access_devices.h"
#include "tests/unit/unit.h"
#include <stdlib.h>

static struct access_list list;
static char told[4][700];
static int n_told;

static void mistake(void *arg, const char *text)
{
	CU_ASSERT_PTR_NULL(arg);
	if (n_told < 4)
		snprintf(told[n_told], sizeof(told[0]), "%s", text);
	n_told++;
}

static void read_octets(const char *text, size_t len, char end)
{
	const struct gw6c_bytes bytes = { (const uint8_t *)text, len };

	access_list_free(&list);
	n_told = 0;
	access_list_read(&list, "list", bytes, end, mistake, NULL);
}

static void read_text(const char *text)
{
	read_octets(text, strlen(text), '\n');
}

/* The one device of this line. */
static const struct access_device *one(const char *text)
{
	read_text(text);
	CU_ASSERT_EQUAL_FATAL(list.n, 1);
	CU_ASSERT_EQUAL(n_told, 0);
	return list.device;
}

static void is_refused(const char *text, const char *part)
{
	read_text(text);
	CU_ASSERT_EQUAL(list.n, 0);
	CU_ASSERT_EQUAL(n_told, 1);
	CU_ASSERT_PTR_EQUAL(strstr(told[0], "list:1: "), told[0]);
	CU_ASSERT_PTR_NOT_NULL(strstr(told[0], part));
	if (!strstr(told[0], part))
		printf("\n%s: %s\n", text, told[0]);
}

static void is_service(const struct access_device *device, int i,
		       enum access_way way, int port, int to)
{
	CU_ASSERT_TRUE_FATAL(i < device->n_services);
	CU_ASSERT_EQUAL(device->service[i].way, way);
	CU_ASSERT_EQUAL(device->service[i].port, port);
	CU_ASSERT_EQUAL(device->service[i].to, to);
}

/* Nobody may come to what an old file names, until somebody says so. */
static void the_old_syntax(void)
{
	const struct access_device *device = one("Cam-1=192.168.1.20\n");

	CU_ASSERT_STRING_EQUAL(device->name, "cam-1");
	CU_ASSERT_STRING_EQUAL(device->host, "192.168.1.20");
	CU_ASSERT_EQUAL(device->addr.family, 4);
	CU_ASSERT_EQUAL(device->addr.octets[3], 20);
	CU_ASSERT_STRING_EQUAL(device->where, "list:1");
	CU_ASSERT_EQUAL(device->n_services, 1);
	is_service(device, 0, ACCESS_HTTP, 0, 80);
	CU_ASSERT_FALSE(device->everybody || device->n_allow ||
			device->password);
	device = one(" cam = 2001:db8::7 ");
	CU_ASSERT_EQUAL(device->addr.family, 6);
	CU_ASSERT_EQUAL(device->addr.octets[15], 7);
	is_service(device, 0, ACCESS_HTTP, 0, 80);
}

static void addresses_names_and_ports(void)
{
	is_service(one("a=192.168.1.20:8080"), 0, ACCESS_HTTP, 0, 8080);
	is_service(one("a=[fd00::1]:8081"), 0, ACCESS_HTTP, 0, 8081);
	CU_ASSERT_STRING_EQUAL(list.device->host, "fd00::1");
	CU_ASSERT_EQUAL(one("a=[fd00::1]")->addr.family, 6);
	is_service(one("a=NAS.lan:5000 http https"), 1, ACCESS_HTTPS, 0, 5000);
	CU_ASSERT_STRING_EQUAL(list.device->host, "NAS.lan");
	CU_ASSERT_EQUAL(list.device->addr.family, 0);
	is_refused("a=192.168.1.256", "neither an address nor");
	is_refused("a=192.168.1", "neither an address nor");
	is_refused("a=nas..lan", "neither an address nor");
	is_refused("a=-x", "neither an address nor");
	is_refused("a=x/y", "neither an address nor");
	is_refused("a=192.168.1.20:0", "is no port");
	is_refused("a=192.168.1.20:65536", "is no port");
	is_refused("a=192.168.1.20:8x", "is no port");
	is_refused("a=[fd00::1]x", "in brackets");
	is_refused("a=", "has no address");
	is_refused("a= # 192.168.1.20", "has no address");
	is_refused("a", "expected NAME = ADDRESS");
	is_refused("a b=192.168.1.20", "expected NAME = ADDRESS");
}

static void names(void)
{
	char text[100];

	memset(text, 'a', 63);
	strcpy(text + 63, "=192.168.1.2");
	CU_ASSERT_EQUAL(strlen(one(text)->name), 63);
	memset(text, 'a', 64);
	strcpy(text + 64, "=192.168.1.2");
	is_refused(text, "the name has 64 characters");
	CU_ASSERT_STRING_EQUAL(one("0=192.168.1.2")->name, "0");
	is_refused("-a=192.168.1.2", "no hyphen at its ends");
	is_refused("a-=192.168.1.2", "no hyphen at its ends");
	is_refused("a_b=192.168.1.2", "cannot be used");
	is_refused("a.b=192.168.1.2", "cannot be used");
	is_refused("=192.168.1.2", "cannot be used");
}

static void services(void)
{
	const struct access_device *device =
		one("a=192.168.1.2 http:8080 https tls=8443 tcp:554:8554 "
		    "tcp 22 public");

	CU_ASSERT_EQUAL(device->n_services, 5);
	is_service(device, 0, ACCESS_HTTP, 0, 8080);
	is_service(device, 1, ACCESS_HTTPS, 0, 80);
	is_service(device, 2, ACCESS_TLS, 0, 8443);
	is_service(device, 3, ACCESS_TCP, 554, 8554);
	is_service(device, 4, ACCESS_TCP, 22, 22);
	is_service(one("a=192.168.1.2 tls"), 0, ACCESS_TLS, 0, 443);
	is_service(one("a=192.168.1.2 https device=https"), 0, ACCESS_HTTPS, 0,
		   443);
	is_service(one("a=192.168.1.2 http device=http"), 0, ACCESS_HTTP, 0,
		   80);
	is_refused("a=192.168.1.2 tcp", "expected tcp:PORT");
	is_refused("a=192.168.1.2 tcp:0", "expected tcp:PORT");
	is_refused("a=192.168.1.2 tcp:5:", "expected tcp:PORT");
	is_refused("a=192.168.1.2 http:x", "is no port");
	is_refused("a=192.168.1.2 http http:81", "http is named twice");
	is_refused("a=192.168.1.2 tcp:5 tcp:5:6", "tcp is named twice");
	is_refused("a=192.168.1.2 tcp:1 tcp:2 tcp:3 tcp:4 tcp:5 tcp:6 tcp:7",
		   "more than 6 services");
	is_refused("a=192.168.1.2 ftp", "\"ftp\" is not known here");
	is_refused("a=192.168.1.2 device=ftp", "device=http or device=https");
}

static void who_may_come(void)
{
	char text[64];
	const struct access_device *device =
		one("a=192.168.1.2 allow=2001:db8:ffff::9/33,fd00::1 "
		    "allow=192.0.2.77/25 password=ann,bob");

	CU_ASSERT_FALSE(device->everybody);
	CU_ASSERT_EQUAL(device->n_allow, 3);
	CU_ASSERT_STRING_EQUAL(gw6c_addr_text(&device->allow[0], text),
			       "2001:db8:8000::/33");
	CU_ASSERT_STRING_EQUAL(gw6c_addr_text(&device->allow[1], text),
			       "fd00::1");
	CU_ASSERT_STRING_EQUAL(gw6c_addr_text(&device->allow[2], text),
			       "192.0.2.0/25");
	CU_ASSERT_TRUE(device->password);
	CU_ASSERT_EQUAL(device->n_users, 2);
	CU_ASSERT_STRING_EQUAL(device->user[1], "bob");
	device = one("a=192.168.1.2 public");
	CU_ASSERT_TRUE(device->everybody);
	CU_ASSERT_FALSE(device->password);
	CU_ASSERT_EQUAL(one("a=192.168.1.2 password")->n_users, 0);
	CU_ASSERT_TRUE(list.device->password);
	is_refused("a=192.168.1.2 public=no", "public takes no value");
	is_refused("a=192.168.1.2 public allow=fd00::1", "beside allow");
	is_refused("a=192.168.1.2 public password", "beside password");
	is_refused("a=192.168.1.2 allow", "allow needs");
	is_refused("a=192.168.1.2 allow=", "allow needs");
	is_refused("a=192.168.1.2 allow=,", "names no prefix");
	is_refused("a=192.168.1.2 allow=::/0", "write public");
	is_refused("a=192.168.1.2 allow=fd00::/0", "write public");
	is_refused("a=192.168.1.2 allow=fd00::/129", "neither an address nor");
	is_refused("a=192.168.1.2 allow=fd00::/", "neither an address nor");
	is_refused("a=192.168.1.2 allow=fd00::/6x", "neither an address nor");
	is_refused("a=192.168.1.2 allow=all", "neither an address nor");
	is_refused("a=192.168.1.2 password=", "names nobody");
	is_refused("a=192.168.1.2 tcp:5 password", "asked for by tcp");
	is_refused("a=192.168.1.2 tls password", "asked for by tls");
	is_refused("a=192.168.1.2 PUBLIC", "not known here");
}

static void how_it_is_spoken_to(void)
{
	const struct access_device *device =
		one("a=192.168.1.2 rewrite host=device check=/ok "
		    "set=\"X-Who: a # b\" answer=Server:");

	CU_ASSERT_TRUE(device->rewrite && device->own_host && device->checked);
	CU_ASSERT_STRING_EQUAL(device->check, "/ok");
	CU_ASSERT_EQUAL(device->n_headers, 2);
	CU_ASSERT_FALSE(device->header[0].answer);
	CU_ASSERT_STRING_EQUAL(device->header[0].name, "X-Who");
	CU_ASSERT_STRING_EQUAL(device->header[0].value, "a # b");
	CU_ASSERT_TRUE(device->header[1].answer);
	CU_ASSERT_STRING_EQUAL(device->header[1].name, "Server");
	CU_ASSERT_STRING_EQUAL(device->header[1].value, "");
	device = one("a=192.168.1.2 check host=keep # all by itself");
	CU_ASSERT_TRUE(device->checked);
	CU_ASSERT_STRING_EQUAL(device->check, "");
	CU_ASSERT_FALSE(device->own_host || device->rewrite);
	is_refused("a=192.168.1.2 check=ok", "check=/PATH");
	is_refused("a=192.168.1.2 check=\"/a b\"", "check=/PATH");
	is_refused("a=192.168.1.2 host=other", "host=keep or host=device");
	is_refused("a=192.168.1.2 set=X", "expected set=\"Name: value\"");
	is_refused("a=192.168.1.2 answer=\"X y: z\"", "is no name of a header");
	is_refused("a=192.168.1.2 set=host:x", "host is set by gw6c itself; "
					       "see host=device");
	is_refused("a=192.168.1.2 set=x-forwarded-for:x", "set by gw6c");
	is_refused("a=192.168.1.2 set=content-length:1", "set by gw6c");
	is_refused("a=192.168.1.2 set=\"X: y", "a quotation mark is missing");
}

/* Editors of all systems, and what is wrong told by its line. */
static void lines(void)
{
	static const char nul[] = "a=192.168.1.2\n\0b=192.168.1.3\n";
	char wide[1100] = "a=192.168.1.2 ";

	read_text("\xef\xbb\xbf# mine\r\n\r\na = 192.168.1.2\tpublic\r\n"
		  "b=192.168.1.3\nA=192.168.1.4\n\t#x\nc=1\nd=192.168.1.5");
	CU_ASSERT_EQUAL_FATAL(list.n, 3);
	CU_ASSERT_STRING_EQUAL(list.device[0].name, "a");
	CU_ASSERT_TRUE(list.device[0].everybody);
	CU_ASSERT_STRING_EQUAL(list.device[0].host, "192.168.1.2");
	CU_ASSERT_STRING_EQUAL(list.device[1].name, "b");
	CU_ASSERT_STRING_EQUAL(list.device[2].name, "d");
	CU_ASSERT_STRING_EQUAL(list.device[2].where, "list:8");
	CU_ASSERT_EQUAL(n_told, 2);
	CU_ASSERT_STRING_EQUAL(told[0], "list:5: a is there already, at "
					"list:3; that one counts");
	CU_ASSERT_PTR_EQUAL(strstr(told[1], "list:7: "), told[1]);

	read_octets(nul, sizeof(nul) - 1, '\n');
	CU_ASSERT_EQUAL(list.n, 1);
	CU_ASSERT_PTR_EQUAL(strstr(told[0], "list:2: there is a control"),
			    told[0]);
	memset(wide + strlen(wide), ' ', 1000 - strlen(wide));
	CU_ASSERT_EQUAL(one(wide)->n_services, 1);
	memset(wide, ' ', 1001);
	is_refused(wide, "too long");

	read_octets("a=192.168.1.2 public; b=192.168.1.3;;c", 38, ';');
	CU_ASSERT_EQUAL(list.n, 2);
	CU_ASSERT_STRING_EQUAL(list.device[1].name, "b");
	CU_ASSERT_PTR_EQUAL(strstr(told[0], "list:4: expected NAME"), told[0]);
}

static void many(void)
{
	size_t len = 0;
	char *text = malloc(10000);

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	for (int i = 0; i <= ACCESS_DEVICES; i++)
		len += (size_t)sprintf(text + len, "d%d=192.168.1.2\n", i);
	read_octets(text, len, '\n');
	CU_ASSERT_EQUAL(list.n, ACCESS_DEVICES);
	CU_ASSERT_EQUAL(n_told, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(told[0], "more than 250 devices"));
	free(text);
	access_list_free(&list);
	CU_ASSERT_EQUAL(list.n, 0);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(the_old_syntax), UNIT_TEST(addresses_names_and_ports),
		UNIT_TEST(names),	   UNIT_TEST(services),
		UNIT_TEST(who_may_come),   UNIT_TEST(how_it_is_spoken_to),
		UNIT_TEST(lines),	   UNIT_TEST(many),
	};

	return UNIT_RUN("home-access: devices", tests);
}
