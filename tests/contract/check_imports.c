/* check_imports.c - functions of the C library that a plugin must not call,
 * found by name in what the module imports. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include "config.h"
#ifdef __ELF__
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* It blocks, makes processes or threads, touches what is of the whole process,
 * or prints: all that is the core's. */
static const char *const forbidden[] = {
	"system",      "popen",		  "fork",
	"vfork",       "_Fork",		  "clone",
	"daemon",      "execl",		  "execle",
	"execlp",      "execv",		  "execve",
	"execvp",      "execvpe",	  "fexecve",
	"posix_spawn", "posix_spawnp",	  "pthread_create",
	"thrd_create", "signal",	  "sigaction",
	"sigprocmask", "pthread_sigmask", "__sysv_signal",
	"bsd_signal",  "sleep",		  "usleep",
	"nanosleep",   "clock_nanosleep", "pause",
	"alarm",       "setitimer",	  "printf",
	"puts",	       "putchar",	  "vprintf",
	"perror",      "__printf_chk",	  "__vprintf_chk",
	"stdout",      "stderr",	  "exit",
	"_exit",       "_Exit",		  "setenv",
	"putenv",      "unsetenv",	  "chdir",
	"fchdir",      "umask",		  "setlocale",
	NULL
};

static bool is_forbidden(const char *name)
{
	for (const char *const *at = forbidden; *at; at++)
		if (strcmp(*at, name) == 0)
			return true;
	return false;
}

struct file {
	const uint8_t *at;
	size_t len;
};

/* The octets there, or NULL if the file has not all of them. */
static const void *part(const struct file *file, size_t offset, size_t len)
{
	return offset <= file->len && len <= file->len - offset
		       ? file->at + offset
		       : NULL;
}

static const ElfW(Shdr) * section(const struct file *file, size_t n)
{
	const ElfW(Ehdr) *head = part(file, 0, sizeof(*head));

	if (!head || memcmp(head->e_ident, ELFMAG, SELFMAG) != 0 ||
	    head->e_shentsize != sizeof(ElfW(Shdr)) || n >= head->e_shnum)
		return NULL;
	return part(file, head->e_shoff + n * sizeof(ElfW(Shdr)),
		    sizeof(ElfW(Shdr)));
}

/* Append the forbidden ones of this table of symbols to names. */
static void look_symbols(const struct file *file, const ElfW(Shdr) * table,
			 char names[CHECK_WHY])
{
	const ElfW(Shdr) *texts = section(file, table->sh_link);
	const ElfW(Sym) *symbol = part(file, table->sh_offset, table->sh_size);
	size_t n = table->sh_size / sizeof(*symbol);
	const char *text =
		texts ? part(file, texts->sh_offset, texts->sh_size) : NULL;

	if (!symbol || !text || !texts->sh_size ||
	    text[texts->sh_size - 1] != 0)
		return;
	for (size_t i = 0; i < n; i++) {
		size_t used = strlen(names);
		const char *name = text + symbol[i].st_name;

		if (symbol[i].st_shndx == SHN_UNDEF &&
		    symbol[i].st_name < texts->sh_size && is_forbidden(name))
			snprintf(names + used, CHECK_WHY - used, "%s%s%s",
				 used ? ", " : "", name,
				 strncmp(name, "std", 3) == 0 ? "" : "()");
	}
}

static bool look_file(const char *path, char names[CHECK_WHY])
{
	struct stat info;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct file file = { .at = MAP_FAILED };
	bool found = false;

	if (fd >= 0 && fstat(fd, &info) == 0)
		file.at = mmap(NULL, file.len = (size_t)info.st_size, PROT_READ,
			       MAP_PRIVATE, fd, 0);
	if (fd >= 0)
		close(fd);
	if (file.at == MAP_FAILED)
		return false;
	for (size_t i = 0; section(&file, i); i++) {
		const ElfW(Shdr) *table = section(&file, i);

		if (table->sh_type != SHT_DYNSYM)
			continue;
		found = true;
		look_symbols(&file, table, names);
	}
	munmap((void *)file.at, file.len);
	return found;
}
#else
static bool look_file(const char *path, char names[CHECK_WHY])
{
	(void)path;
	(void)names;
	return false;
}
#endif

void check_imports(const char *path)
{
	char names[CHECK_WHY] = "";

	report_try("imports nothing that only the core may call");
	if (look_file(path, names))
		report(!names[0], "it imports %s", names);
	else
		report_skip("its table of symbols cannot be read");
}
