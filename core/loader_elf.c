/* loader_elf.c - is a module whole? The linker dies of one that is not. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#include "loader_parts.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef HAVE_ELF_H
#include <elf.h>
#include <link.h>

/* End of the last segment that is mapped, 0 if the headers are not whole. */
static off_t elf_end(int fd, const ElfW(Ehdr) * head)
{
	ElfW(Phdr) part;
	off_t end = 0;

	for (int i = 0; i < head->e_phnum; i++) {
		off_t at = (off_t)head->e_phoff + i * (off_t)sizeof(part);

		if (pread(fd, &part, sizeof(part), at) != sizeof(part))
			return 0;
		if (part.p_type == PT_LOAD &&
		    (off_t)(part.p_offset + part.p_filesz) > end)
			end = (off_t)(part.p_offset + part.p_filesz);
	}
	return end;
}

static bool elf_whole(int fd, off_t size)
{
	ElfW(Ehdr) head;
	off_t end;

	if (pread(fd, &head, sizeof(head), 0) != sizeof(head) ||
	    memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 ||
	    head.e_phentsize != sizeof(ElfW(Phdr)))
		return true; /* nothing we know: dlopen() says what it is */
	end = elf_end(fd, &head);
	return end > 0 && end <= size;
}
#else
static bool elf_whole(int fd, off_t size)
{
	return true;
}
#endif

bool loader_whole(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat info;
	bool whole;

	if (fd < 0)
		return true; /* dlopen() tells why */
	whole = fstat(fd, &info) < 0 || !S_ISREG(info.st_mode) ||
		elf_whole(fd, info.st_size);
	close(fd);
	return whole;
}
