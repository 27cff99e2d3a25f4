/* log.c - four sinks, each with a level of its own. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "log.h"
#include "logfile.h"
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_OCTETS 1000
#define FILE_LINE (LINE_MAX_OCTETS + 100) /* with stamp and ident */
#define EARLY_LINES 64
#define LOG_TIME 32

static struct {
	bool open;
	bool background; /* stderr and console are gone for good */
	char ident[32];
	bool times;
	int to_stderr, to_console, to_file, to_syslog;
	int streams; /* level that the streams had, or would have */
	int background_facility;
	bool file_fails; /* and that has been told */
	unsigned long lost; /* lines that are not in the file */
	struct logfile file;
	char *early[EARLY_LINES]; /* lines of before log_open() */
	enum gw6c_level early_level[EARLY_LINES];
	int early_n;
} sinks = { .to_stderr = 1, .ident = "gw6c" };

/* The level of a sink at which a message reaches it. */
static int sink_level(enum gw6c_level level)
{
	if (level <= GW6C_NOTICE)
		return 1;
	return (int)level - GW6C_NOTICE + 1;
}

const char *log_level_name(enum gw6c_level level)
{
	static const char *const names[] = { "",       "error", "warning",
					     "notice", "info",	"debug",
					     "trace" };

	return names[level];
}

static int log_facility(const char *name)
{
	if (!name || strcasecmp(name, "DAEMON") == 0)
		return LOG_DAEMON;
	if (strncasecmp(name, "LOCAL", 5) == 0 && name[5] >= '0' &&
	    name[5] <= '7' && !name[6])
		return LOG_LOCAL0 + ((name[5] - '0') << 3);
	return LOG_USER;
}

static int log_priority(enum gw6c_level level)
{
	static const int priorities[] = { LOG_ERR,    LOG_ERR,	LOG_WARNING,
					  LOG_NOTICE, LOG_INFO, LOG_DEBUG,
					  LOG_DEBUG };

	return priorities[level];
}

static const char *log_time(char room[LOG_TIME])
{
	time_t now = time(NULL);
	struct tm local;

	localtime_r(&now, &local);
	strftime(room, LOG_TIME, "%Y/%m/%d %H:%M:%S", &local);
	return room;
}

/* YYYY/MM/DD hh:mm:ss S ident: line, as the old clients wrote it. */
static void log_stamp(char room[FILE_LINE], char letter, const char *line)
{
	char now[LOG_TIME];

	snprintf(room, FILE_LINE, "%s %c %s: %s", log_time(now), letter,
		 sinks.ident, line);
}

/* False: it is not in the file. */
static bool log_to_file(enum gw6c_level level, const char *line)
{
	static const char letters[] = "EEWIIDD";
	char text[FILE_LINE], last[FILE_LINE];

	log_stamp(text, letters[level], line);
	if (logfile_full(&sinks.file, strlen(text) + 1)) {
		log_stamp(last, 'I', "the log continues in a new file");
		logfile_rotate(&sinks.file, last);
	}
	return logfile_line(&sinks.file, text);
}

static const char *log_colour(FILE *stream, enum gw6c_level level)
{
	if (level > GW6C_WARN || getenv("NO_COLOR") || !isatty(fileno(stream)))
		return NULL;
	return level == GW6C_ERROR ? "\033[31m" : "\033[33m";
}

/* The journal of systemd, which has times of its own. */
static bool log_is_journal(FILE *stream)
{
	const char *journal = getenv("JOURNAL_STREAM");
	struct stat is;
	char text[64];

	if (!journal || fstat(fileno(stream), &is) < 0)
		return false;
	snprintf(text, sizeof(text), "%ju:%ju", (uintmax_t)is.st_dev,
		 (uintmax_t)is.st_ino);
	return strcmp(text, journal) == 0;
}

static void log_to_stream(FILE *stream, enum gw6c_level level, const char *line)
{
	const char *colour = log_colour(stream, level);
	bool timed = sinks.times && !log_is_journal(stream);
	char now[LOG_TIME];

	fprintf(stream, "%s%s%s: %s%s%s%s%s\n", timed ? log_time(now) : "",
		timed ? " " : "", sinks.ident, colour ? colour : "",
		level <= GW6C_WARN ? log_level_name(level) : "",
		level <= GW6C_WARN ? ": " : "", colour ? "\033[0m" : "", line);
	fflush(stream);
}

static void log_keep(enum gw6c_level level, const char *line)
{
	if (sinks.early_n == EARLY_LINES)
		return;
	sinks.early[sinks.early_n] = strdup(line);
	if (sinks.early[sinks.early_n])
		sinks.early_level[sinks.early_n++] = level;
}

/* To all sinks but the file. lost: to syslog if to no other. */
static void log_beside_file(enum gw6c_level level, const char *line,
			    bool streams, bool lost)
{
	int need = sink_level(level);
	bool other = sinks.to_stderr >= need || sinks.to_console >= need;

	if (streams && sinks.to_stderr >= need)
		log_to_stream(stderr, level, line);
	if (streams && sinks.to_console >= need)
		log_to_stream(stdout, level, line);
	if (sinks.to_syslog >= need || (lost && !other))
		syslog(log_priority(level), "%s", line);
}

/* The file has begun to fail, or works again: told once. */
static void log_file_changed(bool fails, int error)
{
	char line[LINE_MAX_OCTETS];

	sinks.file_fails = fails;
	if (fails) {
		snprintf(line, sizeof(line),
			 "log: cannot write the log file %.300s: %s; going on "
			 "without it",
			 sinks.file.path, strerror(error));
		log_beside_file(GW6C_WARN, line, true, true);
		return;
	}
	snprintf(line, sizeof(line),
		 "log: the log file %.300s is written again; lines "
		 "missing=%lu",
		 sinks.file.path, sinks.lost);
	sinks.lost = 0;
	log_beside_file(GW6C_NOTICE, line, true, true);
	log_to_file(GW6C_NOTICE, line);
}

/* Write it where it has to go; streams may have had it already. */
static void log_line(enum gw6c_level level, const char *line, bool streams)
{
	bool wanted = sinks.to_file >= sink_level(level);
	bool lost = wanted && !log_to_file(level, line);
	int error = errno;

	if (wanted && lost != sinks.file_fails)
		log_file_changed(lost, error);
	sinks.lost += lost;
	log_beside_file(level, line, streams, lost);
}

/* What the streams had goes to syslog in the background, if it would go
 * nowhere else. */
static void log_leave_streams(void)
{
	sinks.to_stderr = sinks.to_console = 0;
	if (sinks.to_file || sinks.to_syslog || !sinks.streams)
		return;
	sinks.to_syslog = sinks.streams;
	openlog(sinks.ident, LOG_PID, sinks.background_facility);
}

static void log_release_early(void)
{
	for (int i = 0; i < sinks.early_n; i++) {
		log_line(sinks.early_level[i], sinks.early[i], false);
		free(sinks.early[i]);
	}
	sinks.early_n = 0;
}

int log_open(const struct log_settings *settings, struct gw6c_err *err)
{
	int rc = GW6C_OK;

	log_close();
	snprintf(sinks.ident, sizeof(sinks.ident), "%s", settings->ident);
	sinks.times = settings->times;
	sinks.to_stderr = settings->to_stderr;
	sinks.to_console = settings->to_console;
	sinks.streams = sinks.to_stderr > sinks.to_console ? sinks.to_stderr
							   : sinks.to_console;
	sinks.background_facility = log_facility(
		settings->background_facility ? settings->background_facility
					      : settings->facility);
	sinks.to_syslog = settings->to_syslog;
	sinks.to_file = settings->to_file;
	if (settings->to_file)
		rc = logfile_open(&sinks.file, settings->path, settings->rotate,
				  settings->rotate_delete, settings->rotate_kib,
				  err);
	sinks.file_fails = rc != GW6C_OK; /* the caller tells it */
	sinks.lost = 0;
	if (sinks.to_syslog)
		openlog(sinks.ident, LOG_PID, log_facility(settings->facility));
	if (sinks.background)
		log_leave_streams();
	sinks.open = true;
	log_release_early();
	return rc;
}

void log_close(void)
{
	logfile_close(&sinks.file);
	if (sinks.to_syslog)
		closelog();
	sinks.open = false;
	sinks.to_file = sinks.to_syslog = sinks.to_console = 0;
	sinks.to_stderr = sinks.background ? 0 : 1;
}

void log_reopen(void)
{
	logfile_reopen(&sinks.file);
}

void log_background(void)
{
	sinks.background = true;
	log_leave_streams();
}

bool log_wants(enum gw6c_level level)
{
	int need = sink_level(level);

	return !sinks.open || sinks.to_stderr >= need ||
	       sinks.to_console >= need || sinks.to_file >= need ||
	       sinks.to_syslog >= need;
}

/* Octets of the character there, if it is well-formed UTF-8 and no control;
 * else 0. U+0080 to U+009F move the cursor of some terminals. */
static size_t log_printable(const unsigned char *at)
{
	size_t more = at[0] < 0xe0 ? 1 : at[0] < 0xf0 ? 2 : 3;

	if (at[0] < 0x80)
		return at[0] >= ' ' && at[0] != 127;
	if (at[0] < 0xc2 || at[0] > 0xf4)
		return 0;
	for (size_t i = 1; i <= more; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	if ((at[0] == 0xc2 || at[0] == 0xe0) && at[1] < 0xa0)
		return 0;
	if (at[0] == 0xed && at[1] >= 0xa0) /* half a character of UTF-16 */
		return 0;
	return at[0] == 0xf0 && at[1] < 0x90 ? 0 : more + 1;
}

void log_escape(const char *in, char *out, size_t len)
{
	const unsigned char *at = (const unsigned char *)in;
	size_t used = 0, n;

	while (*at && used + 5 < len) {
		n = log_printable(at);
		if (n)
			memcpy(out + used, at, n);
		else
			snprintf(out + used, len - used, "\\x%02x", *at);
		used += n ? n : 4;
		at += n ? n : 1;
	}
	out[used] = 0;
}

void log_args(enum gw6c_level level, const char *tag, const char *fmt,
	      va_list args)
{
	char text[LINE_MAX_OCTETS], line[LINE_MAX_OCTETS];
	int used = 0;

	/* A plugin may pass an unknown level. */
	if (level < GW6C_ERROR || level > GW6C_TRACE)
		level = GW6C_DEBUG;
	if (!log_wants(level))
		return;
	if (*tag)
		used = snprintf(text, sizeof(text), "%s: ", tag);
	if (used < 0 || (size_t)used >= sizeof(text))
		return;
	vsnprintf(text + used, sizeof(text) - (size_t)used, fmt, args);
	log_escape(text, line, sizeof(line));
	if (!sinks.open)
		log_keep(level, line);
	log_line(level, line, true);
}

void log_msg(enum gw6c_level level, const char *tag, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	log_args(level, tag, fmt, args);
	va_end(args);
}

void log_text(enum gw6c_level level, const char *tag, const char *mark,
	      struct gw6c_bytes text)
{
	const char *at = (const char *)text.at, *end;

	if (!log_wants(level) || !text.len)
		return;
	end = at + text.len;
	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		const char *last = stop ? stop : end;
		int len;

		while (last > at && (last[-1] == '\r' || !last[-1]))
			last--;
		len = last - at > LINE_MAX_OCTETS ? LINE_MAX_OCTETS
						  : (int)(last - at);
		log_msg(level, tag, "%s %.*s", mark, len, at);
		at = stop ? stop + 1 : end;
	}
}
