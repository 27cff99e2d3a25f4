/* log.h - four sinks, each with a level of its own. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_LOG_H
#define GW6C_CORE_BASE_LOG_H

#include <gw6c/host.h>

/* Levels of the guide: 0 off; 1 ERROR, WARN, NOTICE; 2 also INFO; 3 also
 * DEBUG; 4 also TRACE. */
struct log_settings {
	const char *ident; /* "gw6c" or "gw6c-broker" */
	bool times; /* on the streams, unless they are the journal */
	int to_stderr, to_console, to_file, to_syslog; /* 0..4 */
	const char *path; /* of the file sink */
	bool rotate; /* when the file would pass rotate_kib */
	bool rotate_delete; /* keep no dated copy */
	int rotate_kib; /* 1024 octets each */
	const char *facility; /* "USER", "DAEMON", "LOCAL0".."LOCAL7" */
	/* Where the streams' lines go in the background if there is no other
	 * sink; NULL: facility. */
	const char *background_facility;
};

/* Before it, ERROR to NOTICE go to stderr and all is kept for the file sink
 * (up to 64 lines). May be called again: a reload. Text is copied. A file
 * that cannot be opened is GW6C_ECONFIG; the other sinks work then, and each
 * line tries again. While the file cannot be written, lines that would go
 * nowhere else go to syslog; that it fails, and that it works again, is told
 * once. */
int log_open(const struct log_settings *settings, struct gw6c_err *err);
void log_close(void);

/* Reopen the file, for external log rotation. */
void log_reopen(void);

/* stderr and console have gone to /dev/null: stop writing to them. Without
 * another sink, what they had goes to syslog. */
void log_background(void);

/* True if a message of that level would be written anywhere. */
bool log_wants(enum gw6c_level level);

/* tag: the room, subject or plugin that logs, "" for none: the line then begins
 * with "tag: ". Control octets in the finished line are shown as \xNN:
 * untrusted text is safe as an argument. Lines are cut at 1000 octets. */
void log_msg(enum gw6c_level level, const char *tag, const char *fmt, ...)
	GW6C_PRINTF(3, 4);
void log_args(enum gw6c_level level, const char *tag, const char *fmt,
	      va_list args);

/* Well-formed UTF-8 is kept, the rest and controls become \xNN, so that no
 * untrusted text moves the cursor, forges a second line or rings a bell. What
 * does not fit is dropped. */
void log_escape(const char *in, char *out, size_t len);

/* A text of several lines (the TSP dialogue): one log line for each, all
 * with the same tag and mark ("C:" or "S:") in front. */
void log_text(enum gw6c_level level, const char *tag, const char *mark,
	      struct gw6c_bytes text);

/* "warning" for GW6C_WARN and so on. */
const char *log_level_name(enum gw6c_level level);

#endif
