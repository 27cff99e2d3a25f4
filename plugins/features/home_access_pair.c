/* home_access_pair.c - do certificate and key work? It is HAProxy that
 * knows: it is run for that question alone. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_access.h"
#include <errno.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 5000
#define SAID 4096 /* octets of what it says that are looked at */
#define PEM_FD 3

static const char conf[] = "frontend check\n"
			   "	mode http\n"
			   "	timeout client 1s\n"
			   "	bind unix@/nowhere ssl crt /dev/fd/3\n";

/* What others could change is not run. */
static bool is_ours(const char *program)
{
	struct stat at;

	return stat(program, &at) == 0 && S_ISREG(at.st_mode) &&
	       (at.st_uid == 0 || at.st_uid == geteuid()) &&
	       !(at.st_mode & (S_IWGRP | S_IWOTH));
}

/* In the child. */
static void become_haproxy(const char *program, const char *name, int in,
			   int end, int pem)
{
	const struct passwd *user = getpwnam(name);

	/* Where pem is PEM_FD already, dup2() would leave it to be closed. */
	if (dup2(in, STDIN_FILENO) < 0 || dup2(end, STDERR_FILENO) < 0 ||
	    dup2(end, STDOUT_FILENO) < 0 || dup2(pem, end) < 0 ||
	    dup2(end, PEM_FD) < 0)
		_exit(127);
	if (geteuid() == 0 &&
	    (!user || fchown(PEM_FD, user->pw_uid, user->pw_gid) < 0 ||
	     fchown(STDIN_FILENO, user->pw_uid, user->pw_gid) < 0 ||
	     setgroups(0, NULL) < 0 || setgid(user->pw_gid) < 0 ||
	     setuid(user->pw_uid) < 0))
		_exit(127);
	execl(program, program, "-c", "-f", "/dev/stdin", (char *)NULL);
	_exit(127);
}

/* All that it says; false: that takes too long. */
static bool receive(int fd, char room[SAID])
{
	struct pollfd at = { .fd = fd, .events = POLLIN };
	size_t used = 0;
	ssize_t got = 1;

	while (got > 0 && used < SAID - 1 && poll(&at, 1, PATIENCE_MS) > 0) {
		got = read(fd, room + used, SAID - 1 - used);
		used += got > 0 ? (size_t)got : 0;
	}
	room[used] = 0;
	return got == 0;
}

/* The configuration, to be read as a file: that of a socket cannot be. */
static int conf_open(void)
{
	size_t len = sizeof(conf) - 1; /* a pipe has room for more */
	int ends[2];
	bool ok;

	if (pipe(ends) < 0)
		return -1;
	ok = write(ends[1], conf, len) == (ssize_t)len;
	close(ends[1]);
	if (ok)
		return ends[0];
	close(ends[0]);
	return -1;
}

/* False: it has said nothing that can be believed. */
static bool run(const struct gw6c_host *host, const char *program, int pem,
		char said[SAID])
{
	int ends[2], in = conf_open();
	pid_t pid;
	bool ok = false;

	if (in < 0)
		return false;
	if (pipe(ends) < 0) {
		close(in);
		return false;
	}
	pid = fork();
	if (pid == 0)
		become_haproxy(program, host->str(host, "user"), in, ends[1],
			       pem);
	close(in);
	close(ends[1]);
	if (pid > 0) {
		ok = receive(ends[0], said);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	close(ends[0]);
	return ok;
}

/* Chain and key in a file without a name, so that nothing is left of it. */
static FILE *pem_of(const char *cert, size_t cert_len, const char *key,
		    size_t key_len)
{
	FILE *out = tmpfile();

	if (!out)
		return NULL;
	setvbuf(out, NULL, _IONBF, 0); /* no copy of the key stays */
	if (fwrite(cert, 1, cert_len, out) == cert_len &&
	    fputc('\n', out) == '\n' && fwrite(key, 1, key_len, out) == key_len)
		return out;
	fclose(out);
	return NULL;
}

static const char bad_cert[] =
	"the file of the certificate has something in it that is not a "
	"complete certificate in PEM form, or is damaged";
static const char bad_key[] =
	"the file of the key has no complete private key in PEM form, or one "
	"that is damaged or has a passphrase";

static int count(const char *text, const char *word)
{
	int n = 0;

	for (; (text = strstr(text, word)); text += strlen(word))
		n++;
	return n;
}

/* In one text, a part without its end would take in what follows it, and
 * HAProxy would find fault with that. */
static bool is_whole(const char *text)
{
	int n = count(text, "-----BEGIN ");

	return n && n == count(text, "-----END ");
}

/* The words of HAProxy, as people can use them. */
static void judge(const char *said, const char **key, const char **why)
{
	static const struct {
		const char *word, *key, *why;
	} faults[] = {
		{ "inconsistencies", "key",
		  "the key does not belong to the certificate, which must be "
		  "the first one of its file" },
		{ "rivate key", "key", bad_key },
		{ "rivate Key", "key", bad_key },
		{ "/dev/fd/3", "certificate", bad_cert },
	};

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		if (strstr(said, "[ALERT]") && strstr(said, faults[i].word)) {
			*key = faults[i].key;
			*why = faults[i].why;
			return;
		}
}

static bool read_one(const struct gw6c_host *host, const char *name,
		     const char *bad, char **text, size_t *len,
		     const char **key, const char **why)
{
	*why = NULL;
	*key = name;
	errno = 0;
	if (!access_file_read(host->str(host, name), text, len))
		*why = errno ? strerror(errno) : "it cannot be read";
	else if (!*len)
		*why = "it is empty";
	else if (!is_whole(*text))
		*why = bad;
	return !*why;
}

bool access_pair_check(const struct gw6c_host *host, const char *program,
		       const char **key, const char **why)
{
	char *cert = NULL, *secret = NULL, said[SAID] = "";
	size_t cert_len = 0, len = 0;
	FILE *pem = NULL;

	if (read_one(host, "certificate", bad_cert, &cert, &cert_len, key,
		     why) &&
	    read_one(host, "key", bad_key, &secret, &len, key, why))
		pem = pem_of(cert, cert_len, secret, len);
	if (pem && is_ours(program) && run(host, program, fileno(pem), said))
		judge(said, key, why);
	if (pem)
		fclose(pem);
	if (secret)
		explicit_bzero(secret, len);
	free(cert);
	free(secret);
	return !*why;
}
