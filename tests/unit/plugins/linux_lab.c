/* linux_lab.c - the Linux backend on real interfaces, in a network namespace
 * of the test's. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux_lab.h"
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEVICES 3

struct fake_host lab_host;
struct gw6c_plan lab_plan;
struct gw6c_err lab_err;
char lab_status[256], lab_noted[64];
int lab_notes, lab_note_rc;

extern const struct gw6c_plugin os_linux_LTX_gw6c_plugin;
static void *self;
static int device[DEVICES];
static struct gw6c_step link_step;
static char dir[32]; /* for what a boot forgets */

const struct gw6c_os_ops *lab_ops(void)
{
	return os_linux_LTX_gw6c_plugin.os;
}

void *lab_self(void)
{
	return self;
}

/* An interface of somebody else's; it is there until fd is closed. */
static int add_device(const char *name)
{
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (fd >= 0 && ioctl(fd, TUNSETIFF, &request) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

bool lab_works(void)
{
	bool works = unshare(CLONE_NEWNET) == 0 && lab_ip("link set lo up") &&
		     (device[0] = add_device("lan0")) >= 0;

	if (works)
		close(device[0]);
	else
		puts("needs root, a network namespace, /dev/net/tun and ip(8)");
	return works;
}

GW6C_PRINTF(3, 4)
static void status(const struct gw6c_host *host, const char *key,
		   const char *fmt, ...)
{
	char value[200] = "-";
	va_list args;

	(void)host;
	va_start(args, fmt);
	if (fmt)
		vsnprintf(value, sizeof(value), fmt, args);
	va_end(args);
	snprintf(lab_status, sizeof(lab_status), "%.40s %s", key, value);
}

static int note(const struct gw6c_host *host, const struct gw6c_step *step,
		struct gw6c_err *err)
{
	(void)host;
	lab_notes++;
	memcpy(lab_noted, step->saved, sizeof(lab_noted));
	return lab_note_rc ? gw6c_fail(err, lab_note_rc, "the disk is full")
			   : GW6C_OK;
}

static void add_tunnel(void)
{
	struct gw6c_step up = { .verb = GW6C_UP };

	link_step = (struct gw6c_step){ .verb = GW6C_LINK, .kind = GW6C_TUN };
	CU_ASSERT_EQUAL_FATAL(lab_do(&link_step), GW6C_OK);
	CU_ASSERT_EQUAL_FATAL(lab_do(&up), GW6C_OK);
}

void lab_begin(bool tunnel)
{
	static const char *const names[DEVICES] = { "lan0", "wan0", "x" };
	char up[64];

	CU_ASSERT_EQUAL_FATAL(unshare(CLONE_NEWNET), 0);
	lab_ip("link set lo up");
	for (int i = 0; i < DEVICES; i++) {
		device[i] = add_device(names[i]);
		snprintf(up, sizeof(up), "link set %s up", names[i]);
		CU_ASSERT_TRUE_FATAL(lab_ip(up));
	}
	fake_host_init(&lab_host);
	lab_host.host.status = status;
	lab_host.host.note = note;
	snprintf(dir, sizeof(dir), "/tmp/linux_lab.XXXXXX");
	lab_host.host.run_dir = mkdtemp(dir);
	CU_ASSERT_PTR_NOT_NULL_FATAL(lab_host.host.run_dir);
	lab_status[0] = lab_noted[0] = 0;
	lab_notes = lab_note_rc = 0;
	lab_plan = (struct gw6c_plan){ .size = sizeof(lab_plan), .fd = -1 };
	lab_err = (struct gw6c_err){ 0 };
	CU_ASSERT_EQUAL_FATAL(lab_ops()->open(&lab_host.host, &self, &lab_err),
			      GW6C_OK);
	if (tunnel)
		add_tunnel();
	lab_settle();
	lab_host.log[0] = 0;
	lab_host.changed = lab_host.damaged = 0;
}

void lab_again(void)
{
	lab_ops()->close(self);
	CU_ASSERT_EQUAL_FATAL(lab_ops()->open(&lab_host.host, &self, &lab_err),
			      GW6C_OK);
}

void lab_put_file(const char *name, const char *text)
{
	char path[96];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	unlink(path);
	if (!text)
		return;
	file = fopen(path, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	fclose(file);
}

long lab_file_size(const char *name)
{
	char path[96];
	struct stat info;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return stat(path, &info) == 0 ? (long)info.st_size : -1;
}

void lab_end(void)
{
	if (lab_plan.fd >= 0)
		lab_undo(&link_step);
	lab_ops()->close(self);
	CU_ASSERT_EQUAL(fake_host_left(&lab_host), 0);
	lab_put_file("linux.former", NULL);
	CU_ASSERT_EQUAL(rmdir(dir), 0);
	for (int i = 0; i < DEVICES; i++)
		close(device[i]);
}

int lab_do(struct gw6c_step *step)
{
	lab_err = (struct gw6c_err){ 0 };
	return lab_ops()->step(self, &lab_plan, step, true, &lab_err);
}

int lab_undo(struct gw6c_step *step)
{
	lab_err = (struct gw6c_err){ 0 };
	return lab_ops()->step(self, &lab_plan, step, false, &lab_err);
}

struct gw6c_step lab_step(enum gw6c_verb verb, const char *prefix)
{
	struct gw6c_step step = { .verb = (uint16_t)verb };
	char text[64], *bits;

	snprintf(text, sizeof(text), "%s", prefix);
	bits = strchr(text, '/');
	if (bits)
		*bits++ = 0;
	CU_ASSERT_TRUE_FATAL(gw6c_addr_parse(text, &step.dst));
	if (bits)
		step.dst.bits = (uint8_t)strtoul(bits, NULL, 10);
	return step;
}

bool lab_ip(const char *arguments)
{
	char command[256];

	snprintf(command, sizeof(command), "ip %s 2>/dev/null", arguments);
	return system(command) == 0;
}

static void printed(const char *arguments, char *room, size_t len)
{
	char command[256];
	size_t used = 0;
	FILE *pipe;

	snprintf(command, sizeof(command), "ip %s 2>/dev/null", arguments);
	pipe = popen(command, "r");
	if (pipe) {
		used = fread(room, 1, len - 1, pipe);
		pclose(pipe);
	}
	room[used] = 0;
}

bool lab_shows(const char *arguments, const char *text)
{
	char room[8192];

	printed(arguments, room, sizeof(room));
	return strstr(room, text) != NULL;
}

bool lab_is(const char *arguments, const char *all)
{
	char room[8192];

	printed(arguments, room, sizeof(room));
	return strcmp(room, all) == 0;
}

void lab_settle(void)
{
	for (int i = 0; i < FAKE_WATCHES; i++)
		if (lab_host.watch[i].used && lab_host.watch[i].fd >= 0)
			fake_host_ready(&lab_host, lab_host.watch[i].fd,
					GW6C_READ);
	fake_host_pass(&lab_host, 1000);
}
