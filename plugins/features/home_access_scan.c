/* home_access_scan.c - gw6c-home-access: what answers on the home network, as
 * lines for the list of devices. It only connects, and needs no rights. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_access_target.h"
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define AT_A_TIME 250 /* connections */
#define LIMIT_MS 1000 /* for each batch of them */
#define WIDEST 22 /* the longest network that is looked through, as bits */

/* What home devices listen at, and how that is published. */
static const struct {
	uint16_t port;
	const char *words;
} services[] = {
	{ 80, "http" },	       { 443, "tls" },	      { 554, "tcp:554" },
	{ 631, "http:631" },   { 5000, "http:5000" }, { 8000, "http:8000" },
	{ 8080, "http:8080" }, { 8123, "http:8123" }, { 8443, "tls:8443" },
	{ 9100, "tcp:9100" },
};
#define SERVICES (sizeof(services) / sizeof(services[0]))

struct probe {
	size_t service;
	int fd; /* -1: done */
	bool open;
};

static void begin(struct probe *probe, uint32_t host, size_t service)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(host),
				  .sin_port = htons(services[service].port) };

	*probe = (struct probe){ .service = service };
	probe->fd =
		socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (probe->fd < 0)
		return;
	if (connect(probe->fd, (struct sockaddr *)&to, sizeof(to)) == 0 ||
	    errno == EINPROGRESS)
		return;
	close(probe->fd);
	probe->fd = -1;
}

static bool is_connected(int fd)
{
	int error = 0;
	socklen_t len = sizeof(error);

	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 &&
	       error == 0;
}

static void look(struct probe *probes, const struct pollfd *fds, int n)
{
	for (int i = 0; i < n; i++) {
		if (!fds[i].revents || probes[i].fd < 0)
			continue;
		probes[i].open = is_connected(probes[i].fd);
		close(probes[i].fd);
		probes[i].fd = -1;
	}
}

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Until all have answered, or their time is over. */
static void wait_for(struct probe *probes, int n)
{
	long long end = now_ms() + LIMIT_MS, left;
	struct pollfd fds[AT_A_TIME];
	bool some = true;

	while (some && (left = end - now_ms()) > 0) {
		some = false;
		for (int i = 0; i < n; i++) {
			fds[i] = (struct pollfd){ .fd = probes[i].fd,
						  .events = POLLOUT };
			some = some || probes[i].fd >= 0;
		}
		if (some && poll(fds, (nfds_t)n, (int)left) > 0)
			look(probes, fds, n);
	}
	for (int i = 0; i < n; i++)
		if (probes[i].fd >= 0)
			close(probes[i].fd);
}

/* "device-1-20 = 192.168.1.20 http tcp:554" */
static bool print(uint32_t host, const struct probe *probes)
{
	bool some = false;

	for (size_t k = 0; k < SERVICES; k++) {
		if (!probes[k].open)
			continue;
		if (!some)
			printf("device-%u-%u = %u.%u.%u.%u",
			       (unsigned)(host >> 8 & 255),
			       (unsigned)(host & 255), (unsigned)(host >> 24),
			       (unsigned)(host >> 16 & 255),
			       (unsigned)(host >> 8 & 255),
			       (unsigned)(host & 255));
		printf(" %s", services[k].words);
		some = true;
	}
	if (some)
		putchar('\n');
	return some;
}

static bool may_be_device(const struct target_world *world, uint32_t host)
{
	struct gw6c_addr addr = { .family = 4, .bits = 32 };

	for (int i = 0; i < 4; i++)
		addr.octets[i] = (uint8_t)(host >> (24 - 8 * i));
	return target_kind(world, &addr, NULL) == TARGET_RELAYED;
}

static int scan_hosts(const uint32_t *hosts, int n)
{
	static struct probe probes[AT_A_TIME];
	int found = 0;

	for (int i = 0; i < n; i++)
		for (size_t k = 0; k < SERVICES; k++)
			begin(&probes[(size_t)i * SERVICES + k], hosts[i], k);
	wait_for(probes, n * (int)SERVICES);
	for (int i = 0; i < n; i++)
		found += print(hosts[i], &probes[(size_t)i * SERVICES]);
	return found;
}

static int scan_net(const struct target_world *world,
		    const struct target_net *net)
{
	uint32_t own = 0, size = UINT32_MAX >> net->addr.bits;
	uint32_t hosts[AT_A_TIME / SERVICES];
	int n = 0, found = 0;

	for (int i = 0; i < 4; i++)
		own = own << 8 | net->addr.octets[i];
	for (uint32_t i = 1; i < size; i++) {
		if (may_be_device(world, (own & ~size) + i))
			hosts[n++] = (own & ~size) + i;
		if (n == (int)(AT_A_TIME / SERVICES) || i + 1 == size) {
			found += scan_hosts(hosts, n);
			n = 0;
		}
	}
	return found;
}

static int scan(void)
{
	static struct target_world world;
	const struct gw6c_lease none = { .size = sizeof(none) };
	char text[GW6C_ADDR_TEXT];
	int found = 0;

	if (!target_world_read(&world, &none, "")) {
		fprintf(stderr, "gw6c-home-access: the addresses of this "
				"machine cannot be read\n");
		return 1;
	}
	for (int i = 0; i < world.n; i++) {
		const struct target_net *net = &world.net[i];

		if (net->addr.family != 4 || !net->shared)
			continue;
		gw6c_addr_text(&net->addr, text);
		if (net->addr.bits < WIDEST || net->addr.bits > 30) {
			printf("# the network of %s is left out: it is no "
			       "home network\n",
			       text);
			continue;
		}
		printf("# the network of %s\n", text);
		fflush(stdout);
		found += scan_net(&world, net);
	}
	printf(found ? "# Nobody may come to these until you add allow=PREFIX, "
		       "password or public;\n"
		       "# give them better names, and remove what need not be "
		       "reached.\n"
		     : "# nothing answers\n");
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "scan") == 0)
		return scan();
	fprintf(stderr, "usage: gw6c-home-access scan\n"
			"lists what answers on the home network, as lines for "
			"home-access.devices\n");
	return argc == 2 && strcmp(argv[1], "--help") == 0 ? 0 : 2;
}
