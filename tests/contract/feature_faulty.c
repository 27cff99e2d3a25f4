/* feature_faulty.c - a feature with the fault that its option names. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <gw6c/plugin.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct faulty {
	const struct gw6c_host *host;
	struct gw6c_watch *timer;
	bool ready;
};

static bool is(const struct gw6c_host *host, const char *fault)
{
	return strcmp(host->str(host, "fault"), fault) == 0;
}

static void on_timer(void *arg)
{
	struct faulty *self = arg;

	self->timer = NULL;
	self->host->done(self->host, GW6C_OK, GW6C_NOTHING, NULL);
}

/* Only in the corner of the network that the check has made. */
static void accept_ra(void)
{
	int fd = open("/proc/sys/net/ipv6/conf/lo/accept_ra",
		      O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	(void)!write(fd, "2", 1);
	close(fd);
}

static void make_file(const struct gw6c_host *host)
{
	char path[200];
	int fd;

	snprintf(path, sizeof(path), "%s/faulty", host->run_dir);
	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	if (fd >= 0)
		close(fd);
}

/* To somebody in the documentation. */
static bool can_send(void)
{
	struct sockaddr_in6 to = { .sin6_family = AF_INET6, .sin6_port = 7 };
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool ok;

	to.sin6_addr.s6_addr[0] = 0x20;
	to.sin6_addr.s6_addr[1] = 0x01;
	to.sin6_addr.s6_addr[2] = 0x0d;
	to.sin6_addr.s6_addr[3] = 0xb8;
	to.sin6_addr.s6_addr[15] = 1;
	ok = sendto(fd, "bye", 3, 0, (struct sockaddr *)&to, sizeof(to)) == 3;
	if (fd >= 0)
		close(fd);
	return ok;
}

static int leave(struct faulty *self)
{
	if (is(self->host, "sends") && can_send())
		return GW6C_EOS;
	if (is(self->host, "leaves never"))
		return GW6C_LATER;
	self->host->forget(self->host, self->timer);
	self->timer = self->host->on_timer(self->host, 1, on_timer, self);
	return GW6C_LATER;
}

static int faulty_tell(void *arg, const struct gw6c_news *news)
{
	struct faulty *self = arg;

	if (news->fact == GW6C_LEAVING)
		return leave(self);
	if (is(self->host, "late at once") && news->fact == GW6C_READY)
		return GW6C_LATER;
	if (is(self->host, "vetoes") && news->fact == GW6C_CHANGED)
		return GW6C_EOS;
	if (is(self->host, "accepts") && news->fact == GW6C_READY)
		accept_ra();
	if (is(self->host, "once") && news->fact == GW6C_READY && self->ready)
		abort();
	self->ready = true;
	return GW6C_OK;
}

static int faulty_open(const struct gw6c_host *host, void **out,
		       struct gw6c_err *err)
{
	struct faulty *self = calloc(1, sizeof(*self));

	if (!self)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	self->host = host;
	*out = self;
	return GW6C_OK;
}

static void faulty_close(void *arg)
{
	struct faulty *self = arg;

	if (!is(self->host, "closes half"))
		self->host->forget(self->host, self->timer);
	free(self);
}

static int faulty_plan(const struct gw6c_host *host,
		       const struct gw6c_lease *lease, struct gw6c_plan *plan,
		       struct gw6c_err *err)
{
	static uint32_t calls;
	struct gw6c_step *step = gw6c_plan_add(plan, GW6C_KEEP);

	memcpy(step->dev, lease->lans[0].dev, sizeof(step->dev));
	if (is(host, "plans differently"))
		step->value = ++calls;
	if (is(host, "plans over others"))
		plan->step[0].value++;
	if (is(host, "plans no verb"))
		step->verb = 99;
	if (is(host, "plans nothing"))
		return gw6c_fail(err, GW6C_EOS, "there is no plan");
	return GW6C_OK;
}

static void faulty_sweep(const struct gw6c_host *host)
{
	if (is(host, "sweeps badly"))
		make_file(host);
}

static int faulty_reload(void *arg, struct gw6c_err *err)
{
	const struct faulty *self = arg;

	if (is(self->host, "reloads badly") && self->ready)
		return gw6c_fail(err, GW6C_EOS, "not now");
	return GW6C_OK;
}

static const struct gw6c_opt opts[] = {
	{ .key = "fault",
	  .type = GW6C_STR,
	  .fallback = "",
	  .summary = "what to do wrong" },
	{ .key = NULL },
};

static const struct gw6c_feature_ops ops = {
	.size = sizeof(ops),
	.open = faulty_open,
	.close = faulty_close,
	.tell = faulty_tell,
	.plan = faulty_plan,
	.sweep = faulty_sweep,
	.reload = faulty_reload,
};

GW6C_PLUGIN(feature_faulty) = {
	GW6C_HEAD(GW6C_FEATURE, "faulty", "does one thing wrong"),
	.opts = opts,
	.feature = &ops,
};
