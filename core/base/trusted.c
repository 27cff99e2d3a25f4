/* trusted.c - files that nobody can change but root and the user we run as. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "trusted.h"
#include "config.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>
#ifdef HAVE_LGETXATTR
#include <sys/xattr.h>
#endif

#define LINKS_MAX 40 /* symbolic links on one way, as Linux has it */
#define OTHERS (S_IWGRP | S_IWOTH)

/* The way to a file, name by name, links resolved as they come. */
struct way {
	const char *asked; /* path as the caller has it */
	char done[PATH_MAX]; /* looked at, without links; "" is the root */
	char rest[PATH_MAX]; /* yet to be gone */
	int links; /* followed so far */
	bool shared; /* done is a directory where others may make files */
	bool may_share; /* the last one may be such a directory */
};

/* --- who can write ------------------------------------------------------ */

static bool is_root_or_us(uid_t uid)
{
	return uid == 0 || uid == geteuid();
}

static bool name_is_root_or_us(const char *name)
{
	const struct passwd *user = getpwnam(name);

	return user && is_root_or_us(user->pw_uid);
}

/* The group of one user, as many systems give it to each, or one that nobody
 * is in. */
static bool group_is_private(gid_t gid)
{
	const struct group *group = getgrgid(gid);
	const struct passwd *user;
	bool ours = group;

	for (char **name = group ? group->gr_mem : NULL; ours && *name; name++)
		ours = name_is_root_or_us(*name);
	setpwent();
	while (ours && (user = getpwent()))
		ours = user->pw_gid != gid || is_root_or_us(user->pw_uid);
	endpwent();
	return ours;
}

/* The bits of the group are the mask of a list then, and do not tell who. */
static bool has_access_list(const char *path)
{
#ifdef HAVE_LGETXATTR
	return lgetxattr(path, "system.posix_acl_access", NULL, 0) > 0;
#else
	(void)path;
	return false;
#endif
}

/* What root obeys is writable by root alone; above it are directories that some
 * systems hand out to a group, as /usr/local to "staff" of Debian. */
static bool others_write(const char *path, const struct stat *info, bool last)
{
	if (info->st_mode & S_IWOTH)
		return true;
	return info->st_mode & S_IWGRP &&
	       ((last && geteuid() == 0) || has_access_list(path) ||
		!group_is_private(info->st_gid));
}

/* --- one name of the way ------------------------------------------------- */

static const char *place(const struct way *way)
{
	return way->done[0] ? way->done : "/";
}

static int bad_owner(const struct way *way, const struct stat *info,
		     struct gw6c_err *err)
{
	if (geteuid() != 0)
		return gw6c_fail(err, GW6C_ECONFIG,
				 "%.180s is not used: %.180s belongs to user "
				 "%ld, who could change it; use a copy of your "
				 "own",
				 way->asked, place(way), (long)info->st_uid);
	return gw6c_fail(err, GW6C_ECONFIG,
			 "%.90s is not used: %.90s belongs to user %ld, not "
			 "to root; if you trust what is there: chown %sroot "
			 "%.220s",
			 way->asked, place(way), (long)info->st_uid,
			 S_ISLNK(info->st_mode) ? "-h " : "", place(way));
}

static int bad_mode(const struct way *way, struct gw6c_err *err)
{
	return gw6c_fail(err, GW6C_ECONFIG,
			 "%.90s is not used: %.90s is writable by others; "
			 "if you trust what is there: chmod go-w %.220s",
			 way->asked, place(way), place(way));
}

/* In a shared directory, others can give a file of ours a second name. */
static int bad_name(const struct way *way, struct gw6c_err *err)
{
	return gw6c_fail(err, GW6C_ECONFIG,
			 "%.80s is not used: it is one of several names of a "
			 "file, and in its directory others could have made "
			 "it; if you trust what is there: cp -p %.80s "
			 "%.80s.new && mv %.80s.new %.80s",
			 place(way), place(way), place(way), place(way),
			 place(way));
}

static int too_long(const struct way *way, struct gw6c_err *err)
{
	return gw6c_fail(err, GW6C_ECONFIG,
			 "%.180s is not used: with its links resolved, its "
			 "path is too long; use a shorter one",
			 way->asked);
}

static int judge(struct way *way, const struct stat *info, bool last,
		 struct gw6c_err *err)
{
	bool dir = S_ISDIR(info->st_mode);
	bool sticky =
		dir && info->st_mode & S_ISVTX && (!last || way->may_share);
	bool was_shared = way->shared;

	way->shared = false;
	if (!is_root_or_us(info->st_uid))
		return bad_owner(way, info, err);
	if (!dir && was_shared && info->st_nlink > 1)
		return bad_name(way, err);
	/* Of a link or a device, the mode does not tell who can replace it. */
	if (!dir && !S_ISREG(info->st_mode))
		return GW6C_OK;
	if (!others_write(place(way), info, last))
		return GW6C_OK;
	way->shared = sticky;
	return sticky ? GW6C_OK : bad_mode(way, err);
}

/* --- the way ------------------------------------------------------------- */

/* The next name goes from rest to done. False: there is none, or no room. */
static bool way_next(struct way *way, char name[NAME_MAX + 1])
{
	const char *rest = way->rest + strspn(way->rest, "/");
	size_t len = strcspn(rest, "/");

	if (!len || len > NAME_MAX)
		return false;
	memcpy(name, rest, len);
	name[len] = 0;
	rest += len;
	memmove(way->rest, rest, strlen(rest) + 1);
	return true;
}

static bool way_ended(const struct way *way)
{
	return !way->rest[strspn(way->rest, "/")];
}

/* What the link in done points to takes its place. False: it cannot. */
static bool way_follow(struct way *way)
{
	char target[PATH_MAX], rest[2 * PATH_MAX];
	ssize_t len = readlink(way->done, target, sizeof(target) - 1);
	size_t whole;

	if (len <= 0 || ++way->links > LINKS_MAX)
		return false;
	target[len] = 0;
	whole = (size_t)snprintf(rest, sizeof(rest), "%s/%s", target,
				 way->rest);
	if (whole >= sizeof(way->rest))
		return false;
	memcpy(way->rest, rest, whole + 1);
	*(target[0] == '/' ? way->done : strrchr(way->done, '/')) = 0;
	return true;
}

static bool way_enter(struct way *way, const char *name)
{
	size_t used = strlen(way->done), room = sizeof(way->done) - used;
	char *slash = strrchr(way->done, '/');

	if (strcmp(name, ".") == 0)
		return true;
	if (strcmp(name, "..") != 0)
		return (size_t)snprintf(way->done + used, room, "/%s", name) <
		       room;
	if (slash)
		*slash = 0;
	return true;
}

/* Where the way ends early, whoever opens the file is told why. */
static int way_go(struct way *way, struct gw6c_err *err)
{
	char name[NAME_MAX + 1];
	struct stat info;

	while (lstat(place(way), &info) == 0) {
		if (judge(way, &info, way_ended(way), err))
			return GW6C_ECONFIG;
		if (S_ISLNK(info.st_mode)) {
			if (!way_follow(way))
				return too_long(way, err);
		} else if (!way_next(way, name)) {
			return GW6C_OK;
		} else if (!way_enter(way, name)) {
			return too_long(way, err);
		}
	}
	return GW6C_OK;
}

/* From the root, or from where we are. */
static bool way_begin(struct way *way, const char *path)
{
	char here[PATH_MAX] = "";
	int len;

	if (path[0] != '/' && !getcwd(here, sizeof(here)))
		return false;
	len = snprintf(way->rest, sizeof(way->rest), "%s/%s", here, path);
	return len >= 0 && (size_t)len < sizeof(way->rest);
}

static int way_to(const char *path, const char *asked, bool may_share,
		  struct gw6c_err *err)
{
	struct way way = { .asked = asked, .may_share = may_share };

	return way_begin(&way, path) ? way_go(&way, err) : too_long(&way, err);
}

int trusted_path(const char *path, struct gw6c_err *err)
{
	return way_to(path, path, false, err);
}

int trusted_parents(const char *path, struct gw6c_err *err)
{
	const char *slash = strrchr(path, '/');
	char dir[PATH_MAX];

	if (!slash)
		return way_to(".", path, true, err);
	snprintf(dir, sizeof(dir), "%.*s", (int)(slash - path), path);
	return way_to(slash == path ? "/" : dir, path, true, err);
}

/* --- files of our own ---------------------------------------------------- */

bool trusted_is_ours(const struct stat *file)
{
	return is_root_or_us(file->st_uid) &&
	       (!S_ISREG(file->st_mode) || file->st_nlink <= 1);
}

int trusted_open(const char *path, int flags, mode_t mode)
{
	int fd = open(path,
		      flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY,
		      mode);
	struct stat file;
	int error = 0;

	if (fd < 0)
		return -1;
	if (fstat(fd, &file) < 0)
		error = errno;
	else if (!S_ISREG(file.st_mode))
		error = EINVAL;
	else if (!trusted_is_ours(&file) || file.st_mode & OTHERS)
		error = EPERM;
	if (!error)
		return fd;
	close(fd);
	errno = error;
	return -1;
}

const char *trusted_error(int error)
{
	switch (error) {
	case ELOOP:
		return "it is a symbolic link";
	case EINVAL:
	case ENXIO: /* a pipe without a reader, a socket */
		return "it is not a regular file";
	case EPERM:
		return "others own it or its directory, can write there, or "
		       "have linked it";
	default:
		return strerror(error);
	}
}
