/* linux_former.c - the way back to hosts behind us that still use an address
 * of the prefix before: they are told that it is of no use any more, and could
 * not be without. It lasts no longer than they believe in that prefix, which
 * is on the link to them as well. The next run learns of it from a file, which
 * a boot forgets. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux.h"
#include "own_file.h"
#include <libmnl/libmnl.h>
#include <limits.h>
#include <linux/rtnetlink.h>
#include <time.h>

#define VALID_S 7200 /* RFC 4862 section 5.5.3 (e): not less than two hours */
#define METRIC 4096 /* any other way to that prefix wins */
#define WORD "former" /* in saved */
#define FILE_MAX 4096 /* octets of the file, but for the last line */

static struct gw6c_addr prefix_of(const struct gw6c_addr *addr)
{
	struct gw6c_addr prefix = *addr;

	for (unsigned bit = addr->bits; bit < 128; bit++)
		prefix.octets[bit / 8] &= (uint8_t) ~(0x80 >> bit % 8);
	return prefix;
}

static void former_push(struct linux_os *os, const char *dev,
			const struct gw6c_addr *prefix)
{
	struct linux_lan *now = &os->former[os->formers++ % LINUX_LANS];

	snprintf(now->dev, sizeof(now->dev), "%.15s", dev);
	now->addr = *prefix;
}

/* --- the file ---------------------------------------------------------- */

static void former_path(const struct linux_os *os, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s/linux.former", os->host->run_dir);
}

/* It begins with each boot, as the file does, and goes on in sleep. */
static long long now_s(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec;
}

/* "seconds interface prefix" */
static void former_line(struct linux_os *os, const char *line)
{
	char dev[IF_NAMESIZE], text[GW6C_ADDR_TEXT];
	struct gw6c_addr prefix = { 0 };
	long long at_s;
	unsigned bits;

	if (sscanf(line, "%lld %15s %49[^/]/%u", &at_s, dev, text, &bits) !=
		    4 ||
	    at_s > now_s() || now_s() - at_s >= VALID_S || bits >= 128 ||
	    !gw6c_addr_parse(text, &prefix) || prefix.family != 6)
		return;
	prefix.bits = (uint8_t)bits;
	former_push(os, dev, &prefix);
}

static void former_load(struct linux_os *os)
{
	char path[PATH_MAX], line[128];
	FILE *file;
	int fd;

	if (os->formers_read)
		return;
	os->formers_read = true;
	former_path(os, path);
	fd = own_file(path, O_RDONLY);
	file = fd < 0 ? NULL : fdopen(fd, "r");
	if (!file) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while (fgets(line, sizeof(line), file))
		former_line(os, line);
	fclose(file);
}

/* Where it cannot be written, the next run does not know. */
static void former_save(const struct linux_os *os, const char *dev,
			const struct gw6c_addr *prefix)
{
	char path[PATH_MAX], text[GW6C_ADDR_TEXT];
	struct stat info;
	int fd;

	former_path(os, path);
	fd = own_file(path, O_WRONLY | O_CREAT | O_APPEND);
	if (fd < 0)
		return;
	if (fstat(fd, &info) == 0 &&
	    (info.st_size <= FILE_MAX || ftruncate(fd, 0) == 0))
		dprintf(fd, "%lld %s %s\n", now_s(), dev,
			gw6c_addr_text(prefix, text));
	close(fd);
}

/* --- the route --------------------------------------------------------- */

static int former_route(struct linux_os *os, const char *dev,
			const struct gw6c_addr *prefix, bool add)
{
	struct gw6c_err ignored = { 0 };
	char room[512];
	struct nlmsghdr *message =
		linux_message(os, room, add ? RTM_NEWROUTE : RTM_DELROUTE,
			      add ? NLM_F_CREATE | NLM_F_EXCL : 0);
	struct rtmsg *info = mnl_nlmsg_put_extra_header(message, sizeof(*info));

	info->rtm_family = AF_INET6;
	info->rtm_dst_len = prefix->bits;
	info->rtm_table = RT_TABLE_MAIN;
	info->rtm_protocol = LINUX_PROTOCOL;
	info->rtm_type = RTN_UNICAST;
	mnl_attr_put(message, RTA_DST, 16, prefix->octets);
	mnl_attr_put_u32(message, RTA_PRIORITY, METRIC);
	mnl_attr_put_u32(message, RTA_OIF, if_nametoindex(dev));
	if (add)
		mnl_attr_put_u32(message, RTA_EXPIRES, VALID_S);
	return linux_talk(os, message, &ignored);
}

/* The newest of this interface that is not that one, or NULL. */
static const struct linux_lan *former_of(const struct linux_os *os,
					 const char *dev,
					 const struct gw6c_addr *prefix)
{
	for (unsigned back = 1; back <= LINUX_LANS; back++) {
		const struct linux_lan *at =
			&os->former[(os->formers - back) % LINUX_LANS];

		if (strcmp(at->dev, dev) == 0 &&
		    memcmp(&at->addr, prefix, sizeof(*prefix)) != 0)
			return at;
	}
	return NULL;
}

void linux_former_add(struct linux_os *os, struct gw6c_step *step)
{
	struct gw6c_addr prefix = prefix_of(&step->dst);
	const struct linux_lan *former;
	char text[GW6C_ADDR_TEXT];

	if (step->dst.family != 6)
		return;
	former_load(os);
	former = former_of(os, step->dev, &prefix);
	if (former && !former_route(os, step->dev, &former->addr, true))
		snprintf(step->saved, sizeof(step->saved), WORD " %s",
			 gw6c_addr_text(&former->addr, text));
}

void linux_former_remove(struct linux_os *os, const struct gw6c_step *step)
{
	struct gw6c_addr prefix = { 0 };
	char text[GW6C_ADDR_TEXT];
	unsigned bits;

	if (step->dst.family != 6)
		return;
	if (sscanf(step->saved, WORD " %49[^/]/%u", text, &bits) == 2 &&
	    bits <= 128 && gw6c_addr_parse(text, &prefix)) {
		prefix.bits = (uint8_t)bits;
		former_route(os, step->dev, &prefix, false);
	}
	former_load(os);
	prefix = prefix_of(&step->dst);
	former_push(os, step->dev, &prefix);
	former_save(os, step->dev, &prefix);
}
