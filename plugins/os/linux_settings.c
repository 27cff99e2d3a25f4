/* linux_settings.c - settings of interfaces that we have changed: kept in a
 * file, so that the run after one that was killed can restore them. It lies
 * where a boot forgets it, as the kernel forgets the settings. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "linux.h"
#include "own_file.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#define LINE "%u %15s %15s %15s" /* index key was ours */

struct linux_setting {
	unsigned index; /* a name may change, or become somebody else's */
	char key[16]; /* below net/ipv6/conf/DEV */
	char was[16], ours[16];
};

static void settings_path(const struct linux_os *os, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s/linux.settings", os->host->run_dir);
}

static bool settings_push(struct linux_os *os,
			  const struct linux_setting *setting)
{
	struct linux_setting *more =
		realloc(os->setting, (os->settings + 1) * sizeof(*more));

	if (!more)
		return false;
	more[os->settings++] = *setting;
	os->setting = more;
	return true;
}

static bool settings_append(const char *path,
			    const struct linux_setting *setting)
{
	int fd = own_file(path, O_WRONLY | O_CREAT | O_APPEND);

	if (fd < 0)
		return false;
	if (dprintf(fd, "%u %s %s %s\n", setting->index, setting->key,
		    setting->was, setting->ours) < 0) {
		close(fd);
		return false;
	}
	return close(fd) == 0;
}

static void settings_load(struct linux_os *os, const char *path)
{
	int fd = own_file(path, O_RDONLY);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	struct linux_setting setting = { 0 };
	char line[128];

	if (!file) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, LINE, &setting.index, setting.key, setting.was,
			   setting.ours) == 4)
			settings_push(os, &setting);
	fclose(file);
}

bool linux_settings_has(const struct linux_os *os, unsigned index,
			const char *key)
{
	for (size_t i = 0; i < os->settings; i++)
		if (os->setting[i].index == index &&
		    strcmp(os->setting[i].key, key) == 0)
			return true;
	return false;
}

int linux_settings_note(struct linux_os *os, const char *dev, const char *key,
			const char *ours, struct gw6c_err *err)
{
	struct linux_setting setting = { .index = if_nametoindex(dev) };
	char path[PATH_MAX];

	if (!setting.index ||
	    !linux_conf_get(dev, key, setting.was, sizeof(setting.was)))
		return GW6C_OK; /* it has gone meanwhile */
	snprintf(setting.key, sizeof(setting.key), "%s", key);
	snprintf(setting.ours, sizeof(setting.ours), "%s", ours);
	settings_path(os, path);
	if (!settings_append(path, &setting))
		return gw6c_fail(err, GW6C_EOS,
				 "cannot write %s: %s; without it a crash "
				 "could leave %s of %s changed",
				 path, strerror(errno), key, dev);
	if (!settings_push(os, &setting))
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	return GW6C_OK;
}

int linux_settings_change(struct linux_os *os, const char *dev, const char *key,
			  const char *ours, struct gw6c_err *err)
{
	if (linux_settings_note(os, dev, key, ours, err))
		return err->rc;
	if (linux_conf_set(dev, key, ours))
		return GW6C_OK;
	return gw6c_fail(err, GW6C_EOS,
			 "cannot set net.ipv6.conf.%s.%s=%s: %s; set it where "
			 "this container is started, or make /proc/sys "
			 "writable here",
			 dev, key, ours, strerror(errno));
}

/* What somebody else has set meanwhile is theirs. */
static void settings_undo(struct linux_os *os,
			  const struct linux_setting *setting)
{
	char dev[IF_NAMESIZE], value[16];

	if (!if_indextoname(setting->index, dev) ||
	    !linux_conf_get(dev, setting->key, value, sizeof(value)) ||
	    strcmp(value, setting->ours) != 0 ||
	    strcmp(value, setting->was) == 0)
		return;
	if (!linux_conf_set(dev, setting->key, setting->was))
		os->host->log(os->host, GW6C_WARN,
			      "cannot restore net.ipv6.conf.%s.%s=%s: %s", dev,
			      setting->key, setting->was, strerror(errno));
}

void linux_settings_restore(struct linux_os *os)
{
	char path[PATH_MAX];

	settings_path(os, path);
	if (!os->settings)
		settings_load(os, path);
	while (os->settings)
		settings_undo(os, &os->setting[--os->settings]);
	linux_settings_forget(os);
	unlink(path);
}

void linux_settings_forget(struct linux_os *os)
{
	free(os->setting);
	os->setting = NULL;
	os->settings = 0;
}
