/* check_os_live.c - what a backend that changes things must have changed. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr_in6 discard(const char *text)
{
	struct gw6c_addr addr = check_addr(text, 128);
	struct sockaddr_in6 to = { .sin6_family = AF_INET6,
				   .sin6_port = htons(9) };

	memcpy(&to.sin6_addr, addr.octets, 16);
	return to;
}

/* A UDP socket connected there; -1 and errno: no way. */
static int connect_to(const char *text)
{
	struct sockaddr_in6 to = discard(text);
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0) {
		int saved = errno;

		close(fd);
		errno = saved;
		return -1;
	}
	return fd;
}

/* --- the packet device ----------------------------------------------------*/

static void device_is_right(const struct gw6c_plan *plan)
{
	report_try("GW6C_TUN gives a descriptor");
	if (!report(plan->fd >= 0, "plan->fd is %d", plan->fd))
		return;
	report_try("the descriptor does not block");
	report(fcntl(plan->fd, F_GETFL) & O_NONBLOCK, "O_NONBLOCK is not set");
	report_try("the descriptor is closed in other programs");
	report(fcntl(plan->fd, F_GETFD) & FD_CLOEXEC, "O_CLOEXEC is not set");
	report_try("plan->dev is the name of an interface");
	report(if_nametoindex(plan->dev) != 0, "there is no \"%s\"", plan->dev);
}

/* One packet a read, and no header before it. */
static void packets_come_out(const struct gw6c_plan *plan)
{
	struct sockaddr_in6 to = discard("2001:db8:99::1");
	uint8_t octets[2048];
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct pollfd wait = { .fd = plan->fd, .events = POLLIN };
	ssize_t len = 0;
	bool sent;

	report_try("packets of the default route come out of it as they are");
	sent = fd >= 0 && sendto(fd, "hello", 5, 0, (struct sockaddr *)&to,
				 sizeof(to)) == 5;
	for (int i = 0; sent && i < 20; i++) {
		if (poll(&wait, 1, 200) != 1)
			continue;
		len = read(plan->fd, octets, sizeof(octets));
		if (len == 40 + 8 + 5 && memcmp(octets + 48, "hello", 5) == 0)
			break;
	}
	if (fd >= 0)
		close(fd);
	if (!sent)
		report(false, "cannot send there: %s", strerror(errno));
	else if (len <= 0)
		report(false, "no packet came");
	else
		report(len == 53 && octets[0] >> 4 == 6,
		       "%zd octets came, beginning with 0x%02x, not 53 that "
		       "begin with 0x6.",
		       len, octets[0]);
}

static bool has_address(const char *dev, const struct gw6c_addr *addr,
			unsigned *flags)
{
	struct ifaddrs *list = NULL;
	bool found = false;

	*flags = 0;
	if (getifaddrs(&list) < 0)
		return false;
	for (struct ifaddrs *at = list; at; at = at->ifa_next) {
		if (strcmp(at->ifa_name, dev) != 0)
			continue;
		*flags |= at->ifa_flags;
		if (at->ifa_addr && at->ifa_addr->sa_family == AF_INET6 &&
		    memcmp(&((struct sockaddr_in6 *)at->ifa_addr)->sin6_addr,
			   addr->octets, 16) == 0)
			found = true;
	}
	freeifaddrs(list);
	return found;
}

static int mtu_of(const char *dev)
{
	struct ifreq request = { 0 };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool ok;

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%.15s", dev);
	ok = fd >= 0 && ioctl(fd, SIOCGIFMTU, &request) == 0;
	if (fd >= 0)
		close(fd);
	return ok ? request.ifr_mtu : -1;
}

static void interface_is_right(const struct gw6c_plan *plan)
{
	struct gw6c_addr addr = check_addr("2001:db8:1::2", 128);
	struct gw6c_addr lan = check_addr("2001:db8:aa::1", 64);
	unsigned flags;
	bool there = has_address(plan->dev, &addr, &flags);

	report_try("the interface has the MTU of the plan");
	report(mtu_of(plan->dev) == 1280, "it is %d, not 1280",
	       mtu_of(plan->dev));
	report_try("the interface is up");
	report(flags & IFF_UP, "the flags are 0x%x", flags);
	report_try("the interface has the address of the plan");
	report(there, "there is no 2001:db8:1::2 on %s", plan->dev);
	report_try("another interface has the address meant for it");
	report(has_address("lo", &lan, &flags),
	       "there is no 2001:db8:aa::1 on lo");
}

static void reject_is_right(void)
{
	int fd = connect_to("2001:db8:aa:5::1");

	report_try("GW6C_REJECT makes the rest of a prefix unreachable");
	report(fd < 0, "there is a way to 2001:db8:aa:5::1");
	if (fd >= 0)
		close(fd);
}

static void bind_is_right(struct os *os, const struct gw6c_plan *plan)
{
	struct gw6c_err err = { 0 };
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	report_try("binds a socket to the interface");
	if (!GW6C_HAS(os->ops, bind) || !os->ops->bind) {
		report_skip("it has no bind(): keepalives go where the routes "
			    "say");
	} else {
		report(CALL("bind", os->ops->bind(os->instance.self, fd,
						  plan->dev, &err)) == GW6C_OK,
		       "%s", err.text);
		report_try("refuses to bind one to an interface that is not "
			   "there");
		report(CALL("bind", os->ops->bind(os->instance.self, fd,
						  "nowhere0", &err)) < 0 &&
			       err.text[0],
		       "it does not, or says nothing about it");
	}
	close(fd);
}

static void applied_is_right(struct os *os)
{
	struct gw6c_plan plan;

	os_router_plan(&plan);
	snprintf(plan.dev, sizeof(plan.dev), "wished0");
	os_apply(os, &plan, plan.n);
	report_try("the interface has the name that was wished for");
	report(strcmp(plan.dev, "wished0") == 0, "it is \"%s\", not wished0",
	       plan.dev);
	device_is_right(&plan);
	interface_is_right(&plan);
	reject_is_right();
	if (plan.fd >= 0)
		packets_come_out(&plan);
	bind_is_right(os, &plan);
	os_undo(os, &plan, plan.n);
	report_try("taking back the link closes the descriptor");
	report(plan.fd == -1, "plan->fd is still %d", plan.fd);
	os_router_plan(&plan);
	snprintf(plan.dev, sizeof(plan.dev), "auto");
	os_apply(os, &plan, plan.n);
	report_try("a wish of \"auto\" gets a free name");
	report(plan.dev[0] && strcmp(plan.dev, "auto") != 0 &&
		       if_nametoindex(plan.dev),
	       "the interface is \"%s\"", plan.dev);
	os_undo(os, &plan, plan.n);
}

/* --- others ---------------------------------------------------------------*/

static bool ip(const char *const *argv)
{
	return kernel_run(argv, NULL);
}

/* A neighbour with an address, as the network below the tunnel. */
static bool make_foreign(void)
{
	static const char *const add[] = { "ip",   "tuntap", "add", "foreign",
					   "mode", "tun",    NULL };
	static const char *const addr[] = {
		"ip",	 "-6",	"address", "add", "2001:db8:f::1/64",
		"nodad", "dev", "foreign", NULL
	};
	static const char *const up[] = { "ip",	     "link", "set",
					  "foreign", "up",   NULL };

	return ip(add) && ip(up) && ip(addr);
}

/* The kernel adds routes of its own a little later. */
static void settle(void)
{
	char *was = kernel_look(), *is = NULL;

	for (int i = 0; i < 40; i++) {
		poll(NULL, 0, 100);
		is = kernel_look();
		if (was && is && strcmp(was, is) == 0)
			break;
		free(was);
		was = is;
		is = NULL;
	}
	free(was);
	free(is);
}

static void remove_foreign(void)
{
	static const char *const del[] = { "ip",   "tuntap", "del", "foreign",
					   "mode", "tun",    NULL };

	ip(del);
}

static void keeps_off_others(struct os *os)
{
	char *before = kernel_look(), why[CHECK_WHY];
	struct gw6c_plan plan;
	uint32_t done;

	os_router_plan(&plan);
	snprintf(plan.dev, sizeof(plan.dev), "foreign");
	report_try("takes no interface of others, and says why");
	done = os_apply(os, &plan, 1);
	report(done == 0 && os->err.text[0],
	       done ? "it took it" : "it says nothing about the reason");
	os_undo(os, &plan, 1);
	report_try("does not change or remove one of others");
	kernel_differs(before, kernel_look(), why);
	report(!why[0], "%s", why);
}

/* Verbs and kinds that a system may not have: a reason is enough. */
static void may_refuse(struct os *os, const char *what, struct gw6c_plan *plan)
{
	char *before = kernel_look(), why[CHECK_WHY];
	uint32_t n = plan->n, done;
	bool undone;

	report_try(what);
	done = os_apply(os, plan, n);
	if (done < n && os->err.text[0])
		report_note("%s: refused: %s", what, os->err.text);
	undone = os_undo(os, plan, done);
	kernel_differs(before, kernel_look(), why);
	if (done < n && !os->err.text[0])
		report(false, "refused without a reason");
	else if (!undone)
		report(false, "%s", os->err.text);
	else
		report(!why[0], "left: %s", why);
}

static void kernel_links(struct os *os)
{
	static const char *const what[] = {
		[GW6C_SIT] = "GW6C_SIT is set up or refused; nothing is left",
		[GW6C_IP6TNL] =
			"GW6C_IP6TNL is set up or refused; nothing is left",
		[GW6C_RAW_SINK] =
			"GW6C_RAW_SINK is set up or refused; nothing is left",
	};

	for (uint16_t kind = GW6C_SIT; kind <= GW6C_RAW_SINK; kind++) {
		struct gw6c_plan plan = { .size = sizeof(plan), .fd = -1 };
		struct gw6c_step *step = gw6c_plan_add(&plan, GW6C_LINK);
		bool six = kind == GW6C_IP6TNL;

		step->kind = kind;
		step->value = 64;
		step->local = check_addr(six ? "2001:db8:f::1" : "127.0.0.1",
					 six ? 128 : 32);
		step->remote = check_addr(six ? "2001:db8:f::2" : "127.0.0.2",
					  six ? 128 : 32);
		if (kind != GW6C_RAW_SINK) {
			gw6c_plan_add(&plan, GW6C_MTU)->value = 1280;
			gw6c_plan_add(&plan, GW6C_UP);
		}
		may_refuse(os, what[kind], &plan);
	}
}

static void pins(struct os *os)
{
	struct gw6c_plan plan = { .size = sizeof(plan), .fd = -1 };
	struct gw6c_step *step = gw6c_plan_add(&plan, GW6C_PIN);

	step->dst = check_addr("2001:db8:f::77", 128);
	may_refuse(os, "GW6C_PIN is set up or refused; nothing is left", &plan);
}

/* As a program for routers would, while the step is done. */
static bool change_mtu(void)
{
	FILE *file = fopen("/proc/sys/net/ipv6/conf/foreign/mtu", "we");
	bool ok = file && fprintf(file, "1400") > 0;

	return file && fclose(file) == 0 && ok;
}

static void keeps(struct os *os)
{
	char *before = kernel_look(), why[CHECK_WHY];
	struct gw6c_plan plan = { .size = sizeof(plan), .fd = -1 };
	uint32_t done;

	snprintf(gw6c_plan_add(&plan, GW6C_KEEP)->dev, GW6C_DEV, "foreign");
	report_try("GW6C_KEEP restores what others changed, or is refused");
	done = os_apply(os, &plan, 1);
	if (!done && os->err.text[0])
		report_note("GW6C_KEEP: refused: %s", os->err.text);
	if (done)
		change_mtu();
	done = os_undo(os, &plan, done);
	kernel_differs(before, kernel_look(), why);
	if (!done)
		report(false, "%s", os->err.text);
	else
		report(!why[0], "%s", why);
}

static void notices_changes(struct os *os)
{
	static const char *const add[] = {
		"ip",	 "-6",	"address", "add", "2001:db8:f::5/64",
		"nodad", "dev", "foreign", NULL
	};

	report_try("tells the core that others have changed the network");
	os->instance.changed = 0;
	ip(add);
	for (int i = 0; i < 40 && !os->instance.changed; i++)
		instance_turn(&os->instance, 50);
	if (os->instance.changed)
		report(true, " ");
	else
		report_skip("it does not, and need not: a new address is "
			    "noticed by a missing keepalive only");
}

void check_os_live(struct os *os)
{
	applied_is_right(os);
	report_try("takes no interface of others, and says why");
	if (!make_foreign()) {
		report_skip("ip(8) cannot make one");
		return;
	}
	settle();
	keeps_off_others(os);
	kernel_links(os);
	pins(os);
	keeps(os);
	notices_changes(os);
	remove_foreign();
}
