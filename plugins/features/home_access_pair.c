/* home_access_pair.c - do certificate and key work? It is HAProxy that
 * knows: it is run for that question alone. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_access.h"
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATIENCE_MS 5000
#define SAID 4096 /* octets of what it says that are looked at */

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

static void on_line(void *arg, const char *text)
{
	char *said = arg;
	size_t used = strlen(said);

	snprintf(said + used, SAID - used, "%s\n", text);
}

/* A file without a name, so that nothing is left of it, for that user. */
static FILE *file_for(const struct passwd *user)
{
	FILE *out = tmpfile();

	if (!out)
		return NULL;
	setvbuf(out, NULL, _IONBF, 0); /* no copy of a key stays */
	if (geteuid() || fchown(fileno(out), user->pw_uid, user->pw_gid) == 0)
		return out;
	fclose(out);
	return NULL;
}

static FILE *conf_for(const struct passwd *user)
{
	FILE *out = file_for(user);

	if (out && fputs(conf, out) >= 0)
		return out;
	if (out)
		fclose(out);
	return NULL;
}

/* What it says; nothing where it cannot be asked. */
static void ask(const struct gw6c_host *host, const char *program,
		const struct passwd *user, FILE *pem, char said[SAID])
{
	const char *argv[] = { program, "-c", "-f", "/dev/fd/4", NULL };
	FILE *text = conf_for(user);
	const int fds[] = { fileno(pem), text ? fileno(text) : -1 };
	const struct gw6c_run run = {
		.size = sizeof(run),
		.argv = argv,
		.line = on_line,
		.arg = said,
		.user = user->pw_uid == geteuid() ? NULL
						  : host->str(host, "user"),
		.fds = fds,
		.n_fds = 2,
	};
	struct gw6c_err err = { 0 };

	if (!text)
		return;
	host->run_wait(host, &run, PATIENCE_MS, &err);
	fclose(text);
}

static FILE *pem_of(const struct passwd *user, const char *cert,
		    size_t cert_len, const char *key, size_t key_len)
{
	FILE *out = file_for(user);

	if (!out)
		return NULL;
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
	const struct passwd *user = getpwnam(host->str(host, "user"));
	size_t cert_len = 0, len = 0;
	FILE *pem = NULL;

	if (read_one(host, "certificate", bad_cert, &cert, &cert_len, key,
		     why) &&
	    read_one(host, "key", bad_key, &secret, &len, key, why) && user &&
	    is_ours(program))
		pem = pem_of(user, cert, cert_len, secret, len);
	if (pem) {
		ask(host, program, user, pem, said);
		judge(said, key, why);
		fclose(pem);
	}
	if (secret)
		explicit_bzero(secret, len);
	free(cert);
	free(secret);
	return !*why;
}
