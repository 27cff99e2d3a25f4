/* loader_whole.c - has a module's file lost its end? */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#include "loader_parts.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef HAVE_LINK_H
#include <link.h>

/* Do the parts that will be mapped lie within the file? What is no module of
 * this system is left to the linker, which says so. */
static bool elf_is_whole(int fd, uint64_t size)
{
	ElfW(Ehdr) head;
	ElfW(Phdr) part;

	if (pread(fd, &head, sizeof(head), 0) != (ssize_t)sizeof(head) ||
	    memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 ||
	    head.e_ident[EI_CLASS] !=
		    (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32) ||
	    head.e_phentsize != sizeof(part))
		return true;
	for (unsigned i = 0; i < head.e_phnum; i++) {
		if (pread(fd, &part, sizeof(part),
			  (off_t)(head.e_phoff + i * sizeof(part))) !=
		    (ssize_t)sizeof(part))
			return false;
		if (part.p_type == PT_LOAD &&
		    (part.p_filesz > size ||
		     part.p_offset > size - part.p_filesz))
			return false;
	}
	return true;
}
#else
static bool elf_is_whole(int fd, uint64_t size)
{
	(void)fd;
	(void)size;
	return true;
}
#endif

int loader_check_whole(const char *path, struct gw6c_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat info;
	bool plain, whole;

	if (fd < 0 || fstat(fd, &info) < 0) {
		gw6c_fail(err, GW6C_ECONFIG, "%s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return err->rc;
	}
	plain = S_ISREG(info.st_mode);
	whole = plain && elf_is_whole(fd, (uint64_t)info.st_size);
	close(fd);
	if (whole)
		return GW6C_OK;
	return gw6c_fail(err, GW6C_ECONFIG,
			 plain ? "%s is truncated; reinstall it"
			       : "%s is not a regular file",
			 path);
}
