/* check_report.c - one line a check, for people or as TAP. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include <fcntl.h>
#include <sys/mman.h>

/* Shared with the children, which do the checks. */
static struct tally {
	bool tap, done; /* done: with this module */
	unsigned n, failed, skipped; /* of all modules */
	unsigned first, first_failed, first_skipped; /* before this module */
	char file[128], now[128], call[64];
} * tally;

/* Not stdout, which is taken from the modules. */
static FILE *out;

bool report_start(bool tap)
{
	tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	out = fdopen(fcntl(1, F_DUPFD_CLOEXEC, 3), "w");
	if (tally == MAP_FAILED || !out)
		return false;
	tally->tap = tap;
	if (tap)
		fputs("TAP version 13\n", out);
	fflush(out);
	return true;
}

static void module_sum(void)
{
	unsigned n = tally->n - tally->first;
	unsigned failed = tally->failed - tally->first_failed;
	unsigned skipped = tally->skipped - tally->first_skipped;

	if (tally->file[0] && !tally->tap)
		fprintf(out, "%s: %u ok, %u not ok, %u skipped\n\n",
			tally->file, n - failed - skipped, failed, skipped);
}

void report_module(const char *file)
{
	module_sum();
	snprintf(tally->file, sizeof(tally->file), "%s", file);
	tally->now[0] = tally->call[0] = 0;
	tally->done = false;
	tally->first = tally->n;
	tally->first_failed = tally->failed;
	tally->first_skipped = tally->skipped;
	if (!tally->tap)
		fprintf(out, "%s\n", file);
	fflush(out);
}

/* What a module says of itself is no line of ours. */
static void print_clean(const char *text)
{
	for (; *text; text++)
		putc((unsigned char)*text < ' ' ? ' ' : *text, out);
}

void report_note(const char *fmt, ...)
{
	char text[1000];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	fputs(tally->tap ? "# " : "  ", out);
	print_clean(text);
	putc('\n', out);
	fflush(out);
}

void report_try(const char *what)
{
	snprintf(tally->now, sizeof(tally->now), "%s", what);
}

static void print_line(const char *word, const char *directive, const char *why)
{
	tally->n++;
	if (tally->tap) {
		fprintf(out, "%s %u - %s: %s", word, tally->n, tally->file,
			tally->now);
		fputs(directive, out);
		if (*why)
			fputs(*directive ? " " : "\n# ", out);
	} else {
		fprintf(out, "  %-8s %s", *directive ? "skipped" : word,
			tally->now);
		if (*why)
			fputs(": ", out);
	}
	print_clean(why);
	putc('\n', out);
	fflush(out);
	tally->now[0] = 0;
}

void report_call(const char *what)
{
	snprintf(tally->call, sizeof(tally->call), "%s", what);
}

const char *report_called(void)
{
	return tally->call;
}

bool report(bool ok, const char *fmt, ...)
{
	char why[1000] = "";
	va_list args;

	va_start(args, fmt);
	if (!ok)
		vsnprintf(why, sizeof(why), fmt, args);
	va_end(args);
	tally->failed += !ok;
	print_line(ok ? "ok" : "not ok", "", why);
	return ok;
}

void report_skip(const char *fmt, ...)
{
	char why[1000];
	va_list args;

	va_start(args, fmt);
	vsnprintf(why, sizeof(why), fmt, args);
	va_end(args);
	tally->skipped++;
	print_line("ok", " # SKIP", why);
}

void report_done(void)
{
	tally->done = true;
}

bool report_is_done(void)
{
	return tally->done;
}

void report_died(const char *why)
{
	if (!tally->now[0])
		report_try("lives through the checks");
	report(false, "%s", why);
}

int report_end(void)
{
	module_sum();
	if (tally->tap)
		fprintf(out, "1..%u\n", tally->n);
	else if (tally->failed)
		fprintf(out, "%u of %u checks failed\n", tally->failed,
			tally->n);
	else
		fprintf(out, "all is well%s\n",
			tally->skipped ? ", but not all was tried" : "");
	fclose(out);
	return tally->failed || !tally->n ? 1 : 0;
}
