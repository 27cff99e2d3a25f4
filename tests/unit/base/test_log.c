/* test_log.c - who gets a message, in which form, and how a file rotates. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"
#include "core/base/log.h"
#include "core/base/logfile.h"
#include "tests/unit/unit.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

static char dir[] = "/tmp/gw6c-log-XXXXXX";
static char path[300];

/* --- a syslog of our own ------------------------------------------------ */

static struct {
	int facility, priority, lines;
	char text[1200];
} sys;

void openlog(const char *ident, int option, int facility)
{
	(void)ident;
	(void)option;
	sys.facility = facility;
}

void closelog(void)
{
}

void syslog(int priority, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(sys.text, sizeof(sys.text), fmt, args);
	va_end(args);
	sys.priority = priority;
	sys.lines++;
}

/* --- streams and files -------------------------------------------------- */

static int saved[3];

/* Let descriptor 1 or 2 go to fd, until given back. */
static void divert(int stream, int fd)
{
	saved[stream] = dup(stream);
	dup2(fd, stream);
	close(fd);
}

static void give_back(int stream)
{
	fflush(stream == 1 ? stdout : stderr);
	dup2(saved[stream], stream);
	close(saved[stream]);
}

static void in_dir(char room[300], const char *name)
{
	snprintf(room, 300, "%s/%s", dir, name);
}

static int new_file(const char *name)
{
	char file[300];

	in_dir(file, name);
	return open(file, O_RDWR | O_CREAT | O_TRUNC, 0600);
}

/* The text of a file; static. */
static const char *text_of(const char *file)
{
	static char text[20000];
	FILE *in = fopen(file, "r");
	size_t len = in ? fread(text, 1, sizeof(text) - 1, in) : 0;

	text[len] = 0;
	if (in)
		fclose(in);
	return text;
}

static const char *text_in_dir(const char *name)
{
	char file[300];

	in_dir(file, name);
	return text_of(file);
}

static int lines_in(const char *text)
{
	int n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

/* Remove all files; returns how many there were, the name of the last one
 * that is not the log in copy. */
static int clean(char copy[300])
{
	DIR *at = opendir(dir);
	struct dirent *file;
	char name[300];
	int n = 0;

	while ((file = readdir(at))) {
		if (file->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%.20s/%.250s", dir, file->d_name);
		if (copy && strcmp(name, path) != 0)
			snprintf(copy, 300, "%s", name);
		else if (!copy)
			unlink(name);
		n++;
	}
	closedir(at);
	return n;
}

static struct log_settings quiet(void)
{
	return (struct log_settings){ .ident = "gw6c",
				      .path = path,
				      .rotate_kib = 1,
				      .facility = "USER" };
}

static void open_file_log(bool rotate, bool rotate_delete)
{
	struct log_settings settings = quiet();
	struct gw6c_err err = { 0 };

	settings.to_file = 4;
	settings.rotate = rotate;
	settings.rotate_delete = rotate_delete;
	CU_ASSERT_EQUAL(log_open(&settings, &err), GW6C_OK);
}

static void log_all_levels(void)
{
	for (int level = GW6C_ERROR; level <= GW6C_TRACE; level++)
		log_msg((enum gw6c_level)level, "", "hello");
}

/* --- the tests ---------------------------------------------------------- */

static void early_lines_reach_the_file(void)
{
	int ours = new_file("stderr");
	const char *text;

	divert(2, ours);
	log_msg(GW6C_DEBUG, "", "first");
	for (int i = 0; i < 70; i++)
		log_msg(GW6C_NOTICE, "", "early %d", i);
	give_back(2);
	CU_ASSERT_EQUAL(lines_in(text_in_dir("stderr")), 70);
	open_file_log(false, false);
	log_msg(GW6C_NOTICE, "", "late");
	log_close();
	text = text_of(path);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, " D gw6c: first\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, " I gw6c: early 62\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, " I gw6c: late\n"));
	CU_ASSERT_EQUAL(lines_in(text), 65);
	clean(NULL);
}

static void each_sink_has_a_level_of_its_own(void)
{
	/* Levels of the guide, messages of our six levels that arrive. */
	static const int want[] = { 0, 3, 4, 5, 6 };

	for (int sink = 0; sink < 4; sink++)
		for (int level = 0; level <= 4; level++) {
			struct log_settings settings = quiet();
			int *to[] = { &settings.to_stderr, &settings.to_console,
				      &settings.to_file, &settings.to_syslog };
			int got[4];

			*to[sink] = level;
			sys.lines = 0;
			divert(2, new_file("stderr"));
			divert(1, new_file("stdout"));
			log_open(&settings, NULL);
			log_all_levels();
			log_close();
			give_back(1);
			give_back(2);
			got[0] = lines_in(text_in_dir("stderr"));
			got[1] = lines_in(text_in_dir("stdout"));
			got[2] = lines_in(text_of(path));
			got[3] = sys.lines;
			for (int i = 0; i < 4; i++)
				CU_ASSERT_EQUAL(got[i],
						i == sink ? want[level] : 0);
			clean(NULL);
		}
}

static void wants_only_what_goes_somewhere(void)
{
	struct log_settings settings = quiet();

	settings.to_syslog = 2;
	log_open(&settings, NULL);
	CU_ASSERT_TRUE(log_wants(GW6C_INFO));
	CU_ASSERT_FALSE(log_wants(GW6C_DEBUG));
	log_close();
}

static void file_lines_have_the_old_format(void)
{
	int part[6], end = 0;

	open_file_log(false, false);
	log_msg(GW6C_WARN, "os:linux", "no %s", "route");
	log_close();
	CU_ASSERT_EQUAL(sscanf(text_of(path),
			       "%4d/%2d/%2d %2d:%2d:%2d W gw6c: os:linux: no "
			       "route%n",
			       &part[0], &part[1], &part[2], &part[3], &part[4],
			       &part[5], &end),
			6);
	CU_ASSERT_EQUAL(end, 46);
	clean(NULL);
}

static void file_letters_are_e_w_i_d(void)
{
	static const char want[] = "EWIIDD";
	const char *line;

	open_file_log(false, false);
	log_all_levels();
	log_close();
	line = text_of(path);
	for (int i = 0; i < 6; i++) {
		CU_ASSERT_EQUAL(line[20], want[i]);
		line = strchr(line, '\n') + 1;
	}
	clean(NULL);
}

static void syslog_gets_the_right_priorities(void)
{
	static const int want[] = { LOG_ERR,  LOG_WARNING, LOG_NOTICE,
				    LOG_INFO, LOG_DEBUG,   LOG_DEBUG };
	static const struct {
		const char *name;
		int facility;
	} facilities[] = { { "USER", LOG_USER },
			   { "daemon", LOG_DAEMON },
			   { "LOCAL0", LOG_LOCAL0 },
			   { "local7", LOG_LOCAL7 } };
	struct log_settings settings = quiet();

	settings.to_syslog = 4;
	for (int i = 0; i < 4; i++) {
		settings.facility = facilities[i].name;
		log_open(&settings, NULL);
		CU_ASSERT_EQUAL(sys.facility, facilities[i].facility);
	}
	for (int i = 0; i < 6; i++) {
		log_msg((enum gw6c_level)(i + 1), "", "100%%s %s", "%s%n");
		CU_ASSERT_EQUAL(sys.priority, want[i]);
		CU_ASSERT_STRING_EQUAL(sys.text, "100%s %s%n");
	}
	log_close();
}

static void foreign_octets_are_shown_not_sent(void)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
		{ "a\nb\rc\td", "a\\x0ab\\x0dc\\x09d" },
		{ "\033[2J\177", "\\x1b[2J\\x7f" },
		{ "gr\303\274n \342\202\254 \360\237\230\200",
		  "gr\303\274n \342\202\254 \360\237\230\200" },
		{ "\302\23331m", "\\xc2\\x9b31m" },
		{ "\302\240", "\302\240" },
		{ "\233", "\\x9b" },
		{ "\303", "\\xc3" },
		{ "\303(", "\\xc3(" },
		{ "\300\212", "\\xc0\\x8a" },
		{ "\340\202\233", "\\xe0\\x82\\x9b" },
		{ "\360\200\200\212", "\\xf0\\x80\\x80\\x8a" },
		/* half a character of UTF-16 */
		{ "\355\240\200", "\\xed\\xa0\\x80" },
		{ "\377", "\\xff" },
	};
	struct log_settings settings = quiet();

	settings.to_syslog = 1;
	log_open(&settings, NULL);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		log_msg(GW6C_ERROR, "", "%s", cases[i].in);
		CU_ASSERT_STRING_EQUAL(sys.text, cases[i].want);
	}
	log_close();
}

static void long_lines_are_cut(void)
{
	struct log_settings settings = quiet();
	char text[3000];

	settings.to_syslog = 1;
	log_open(&settings, NULL);
	for (int c = 1; c < 256; c += 27) {
		memset(text, c, sizeof(text) - 1);
		text[sizeof(text) - 1] = 0;
		log_msg(GW6C_ERROR, "", "%s", text);
		CU_ASSERT_TRUE(strlen(sys.text) > 900);
		CU_ASSERT_TRUE(strlen(sys.text) < 1000);
	}
	log_msg(GW6C_ERROR, text, "tag");
	log_close();
}

static void levels_of_nobody_are_debug(void)
{
	static const int odd[] = { 0, -1, -1000, 7, 1000000 };
	struct log_settings settings = quiet();

	settings.to_syslog = 3;
	log_open(&settings, NULL);
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		sys.priority = -1;
		log_msg((enum gw6c_level)odd[i], "", "what");
		CU_ASSERT_EQUAL(sys.priority, LOG_DEBUG);
	}
	log_close();
}

static void text_of_several_lines_becomes_lines(void)
{
	open_file_log(false, false);
	log_text(GW6C_DEBUG, "session",
		 "S:", gw6c_text("200 ok\r\n<tunnel>\n\n end"));
	log_text(GW6C_DEBUG, "session", "C:", GW6C_NOTHING);
	log_close();
	CU_ASSERT_EQUAL(lines_in(text_of(path)), 4);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text_of(path), "gw6c: session: S: 200 ok\n"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text_of(path), "gw6c: session: S:  end\n"));
	clean(NULL);
}

/* What a terminal would show of one error. */
static const char *on_a_terminal(char room[200])
{
	struct log_settings settings = quiet();
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave;
	ssize_t len = 0;

	if (master < 0 || grantpt(master) || unlockpt(master))
		return "no terminals here";
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	divert(2, slave);
	settings.to_stderr = 1;
	log_open(&settings, NULL);
	log_msg(GW6C_ERROR, "", "bad");
	log_close();
	len = read(master, room, 199);
	give_back(2);
	close(master);
	room[len > 0 ? len : 0] = 0;
	return room;
}

/* Each line without the time that it begins with. */
static const char *untimed(const char *text)
{
	static const char form[] = "0000/00/00 00:00:00 ";
	static char room[400];
	size_t len = 0;

	while (*text) {
		size_t line = strcspn(text, "\n") + 1;
		bool timed = line > sizeof(form);

		for (size_t i = 0; timed && form[i]; i++)
			timed = form[i] == '0'
					? text[i] >= '0' && text[i] <= '9'
					: text[i] == form[i];
		CU_ASSERT_TRUE_FATAL(timed);
		len += (size_t)snprintf(room + len, sizeof(room) - len, "%.*s",
					(int)(line - sizeof(form) + 1),
					text + sizeof(form) - 1);
		text += line;
	}
	return room;
}

/* One that is read later has the time; the journal has its own. */
static void times_are_for_all_but_the_journal(void)
{
	struct log_settings settings = quiet();
	struct stat is;
	char journal[64];
	int fd = new_file("stderr");

	settings.to_stderr = 1;
	settings.times = true;
	CU_ASSERT_EQUAL(fstat(fd, &is), 0);
	snprintf(journal, sizeof(journal), "%ju:%ju", (uintmax_t)is.st_dev,
		 (uintmax_t)is.st_ino);
	divert(2, fd);
	setenv("JOURNAL_STREAM", journal, 1);
	log_msg(GW6C_NOTICE, "", "early");
	log_open(&settings, NULL);
	log_msg(GW6C_NOTICE, "", "good");
	log_close();
	give_back(2);
	CU_ASSERT_STRING_EQUAL(text_in_dir("stderr"),
			       "gw6c: early\ngw6c: good\n");
	/* Inherited from one who has the journal: this is not it. */
	setenv("JOURNAL_STREAM", "1:2", 1);
	divert(2, new_file("stderr"));
	log_open(&settings, NULL);
	log_msg(GW6C_WARN, "", "bad");
	log_close();
	give_back(2);
	CU_ASSERT_STRING_EQUAL(untimed(text_in_dir("stderr")),
			       "gw6c: warning: bad\n");
	/* Nor does a command want them. */
	settings.times = false;
	divert(2, new_file("stderr"));
	log_open(&settings, NULL);
	log_msg(GW6C_WARN, "", "bad");
	log_close();
	give_back(2);
	CU_ASSERT_STRING_EQUAL(text_in_dir("stderr"), "gw6c: warning: bad\n");
	unsetenv("JOURNAL_STREAM");
	clean(NULL);
}

static void colours_are_for_terminals(void)
{
	struct log_settings settings = quiet();
	char room[200];

	unsetenv("NO_COLOR");
	CU_ASSERT_STRING_EQUAL(on_a_terminal(room),
			       "gw6c: \033[31merror: \033[0mbad\r\n");
	setenv("NO_COLOR", "1", 1);
	CU_ASSERT_STRING_EQUAL(on_a_terminal(room), "gw6c: error: bad\r\n");
	unsetenv("NO_COLOR");
	settings.to_stderr = 1;
	divert(2, new_file("stderr"));
	log_open(&settings, NULL);
	log_msg(GW6C_WARN, "", "bad");
	log_msg(GW6C_NOTICE, "", "good");
	log_close();
	give_back(2);
	CU_ASSERT_STRING_EQUAL(text_in_dir("stderr"),
			       "gw6c: warning: bad\ngw6c: good\n");
	clean(NULL);
}

static void copies_are_named_by_the_last_dot_of_the_name(void)
{
	static const struct {
		const char *path, *want;
	} cases[] = {
		{ "gw6c.log", "gw6c.20240131235958.log" },
		{ "/var/log/gw6c.log", "/var/log/gw6c.20240131235958.log" },
		{ "/var/log.d/gw6c", "/var/log.d/gw6c.20240131235958" },
		{ "/var/log.d/a.b.c", "/var/log.d/a.b.20240131235958.c" },
		{ "../gw6c", "../gw6c.20240131235958" },
	};
	const struct tm when = { .tm_year = 124,
				 .tm_mon = 0,
				 .tm_mday = 31,
				 .tm_hour = 23,
				 .tm_min = 59,
				 .tm_sec = 58 };
	char room[100];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		logfile_copy_name(cases[i].path, &when, room, sizeof(room));
		CU_ASSERT_STRING_EQUAL(room, cases[i].want);
	}
}

/* Lines of 100 octets each: the tenth fits below 1024, the eleventh would
 * reach it. */
static void log_hundreds(int n)
{
	char text[100];

	memset(text, 'x', sizeof(text));
	for (int i = 0; i < n; i++)
		log_msg(GW6C_NOTICE, "", "%02d%.*s", i, 69, text);
}

static void rotates_before_the_line_that_reaches_the_size(void)
{
	char copy[300] = "";

	open_file_log(true, false);
	log_hundreds(10);
	CU_ASSERT_EQUAL(clean(copy), 1);
	log_hundreds(1);
	log_close();
	CU_ASSERT_EQUAL(clean(copy), 2);
	CU_ASSERT_EQUAL(lines_in(text_of(path)), 1);
	CU_ASSERT_EQUAL(strlen(text_of(path)), 100);
	CU_ASSERT_EQUAL(lines_in(text_of(copy)), 11);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text_of(copy), " I gw6c: the log continues"));
	CU_ASSERT_EQUAL(strlen(copy), strlen(path) + 15);
	clean(NULL);
}

static void the_size_counts_what_was_there_before(void)
{
	open_file_log(true, false);
	log_hundreds(10);
	log_close();
	open_file_log(true, false);
	log_hundreds(1);
	log_close();
	CU_ASSERT_EQUAL(lines_in(text_of(path)), 1);
	clean(NULL);
}

static void rotation_can_be_off_or_keep_nothing(void)
{
	open_file_log(false, false);
	log_hundreds(40);
	log_close();
	CU_ASSERT_EQUAL(lines_in(text_of(path)), 40);
	clean(NULL);
	open_file_log(true, true);
	log_hundreds(12);
	log_close();
	CU_ASSERT_EQUAL(lines_in(text_of(path)), 2);
	CU_ASSERT_EQUAL(clean(NULL), 1);
}

static void a_failed_rotation_loses_nothing(void)
{
	char copy[400];
	time_t now = time(NULL);

	open_file_log(true, false);
	for (int i = 0; i < 30; i++) { /* every name it could take is taken */
		time_t then = now + i;
		struct tm local;

		localtime_r(&then, &local);
		logfile_copy_name(path, &local, copy, sizeof(copy));
		close(open(copy, O_WRONLY | O_CREAT, 0600));
	}
	log_hundreds(35);
	log_close();
	CU_ASSERT_EQUAL(lines_in(text_of(path)), 35);
	CU_ASSERT_EQUAL(clean(NULL), 31);
}

static void a_log_moved_away_is_begun_again(void)
{
	char moved[300];

	in_dir(moved, "moved");
	open_file_log(true, false);
	log_hundreds(3);
	rename(path, moved);
	log_hundreds(1);
	CU_ASSERT_EQUAL(lines_in(text_of(moved)), 4);
	log_reopen();
	log_hundreds(2);
	CU_ASSERT_EQUAL(lines_in(text_of(path)), 2);
	rename(path, moved);
	log_hundreds(10); /* rotation finds no file of that name */
	log_close();
	CU_ASSERT_EQUAL(lines_in(text_of(moved)), 2 + 8 + 1);
	CU_ASSERT_EQUAL(lines_in(text_of(path)), 2);
	clean(NULL);
}

static void a_pipe_is_neither_waited_for_nor_renamed(void)
{
	struct log_settings settings = quiet();
	struct gw6c_err err = { 0 };
	struct stat info;
	int reader;

	mkfifo(path, 0600);
	settings.to_file = 4;
	settings.rotate = true;
	CU_ASSERT_EQUAL(log_open(&settings, &err), GW6C_ECONFIG);
	log_close();
	reader = open(path, O_RDONLY | O_NONBLOCK);
	open_file_log(true, true);
	log_hundreds(30);
	log_close();
	CU_ASSERT_EQUAL(stat(path, &info), 0);
	CU_ASSERT_TRUE(S_ISFIFO(info.st_mode));
	close(reader);
	CU_ASSERT_EQUAL(clean(NULL), 1);
}

static void a_link_is_not_followed(void)
{
	struct log_settings settings = quiet();
	struct gw6c_err err = { 0 };
	char other[300];

	in_dir(other, "other");
	CU_ASSERT_EQUAL(symlink(other, path), 0);
	settings.to_file = 1;
	CU_ASSERT_EQUAL(log_open(&settings, &err), GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "it is a symbolic link"));
	log_close();
	CU_ASSERT_EQUAL(access(other, F_OK), -1);
	clean(NULL);
}

static void without_the_file_the_other_sinks_work(void)
{
	struct log_settings settings = quiet();
	struct gw6c_err err = { 0 };
	char name[1200];

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	settings.to_file = settings.to_syslog = 1;
	settings.path = "/nonexistent/gw6c.log";
	CU_ASSERT_EQUAL(log_open(&settings, &err), GW6C_ECONFIG);
	CU_ASSERT_STRING_EQUAL(err.text,
			       "cannot write the log file "
			       "/nonexistent/gw6c.log: No such file or "
			       "directory; set log_filename, or log_file=0");
	sys.lines = 0;
	log_msg(GW6C_ERROR, "", "still here");
	CU_ASSERT_EQUAL(sys.lines, 1);
	settings.path = name;
	CU_ASSERT_EQUAL(log_open(&settings, &err), GW6C_ECONFIG);
	log_close();
}

/* /dev/full is a disk without room. */
static void a_file_that_fails_is_told_once_and_again_when_it_works(void)
{
	struct log_settings settings = quiet();
	struct gw6c_err err = { 0 };
	char file[300];

	settings.to_file = 2;
	settings.path = "/dev/full";
	CU_ASSERT_EQUAL(log_open(&settings, &err), GW6C_OK);
	sys.lines = 0;
	log_msg(GW6C_INFO, "", "first");
	CU_ASSERT_EQUAL(sys.lines, 2); /* the trouble, and the line */
	CU_ASSERT_STRING_EQUAL(sys.text, "first");
	log_msg(GW6C_INFO, "", "second");
	CU_ASSERT_EQUAL(sys.lines, 3);
	log_msg(GW6C_DEBUG, "", "not wanted");
	CU_ASSERT_EQUAL(sys.lines, 3);
	log_close();

	settings.to_syslog = 1;
	CU_ASSERT_EQUAL(log_open(&settings, &err), GW6C_OK);
	sys.lines = 0;
	log_msg(GW6C_NOTICE, "", "x");
	CU_ASSERT_EQUAL(sys.lines, 2);
	log_close();
	settings.to_file = 1;
	log_open(&settings, &err);
	sys.lines = 0;
	log_msg(GW6C_INFO, "", "of no sink");
	CU_ASSERT_EQUAL(sys.lines, 0);
	log_msg(GW6C_ERROR, "", "y");
	CU_ASSERT_EQUAL(sys.lines, 2);
	log_close();

	/* The directory comes later. */
	in_dir(file, "late/gw6c.log");
	settings.to_file = 2;
	settings.to_syslog = 0;
	settings.path = file;
	CU_ASSERT_EQUAL(log_open(&settings, &err), GW6C_ECONFIG);
	sys.lines = 0;
	log_msg(GW6C_NOTICE, "", "lost");
	CU_ASSERT_EQUAL(sys.lines, 1); /* the caller of log_open() told */
	*strrchr(file, '/') = 0;
	CU_ASSERT_EQUAL(mkdir(file, 0700), 0);
	log_msg(GW6C_NOTICE, "", "found");
	CU_ASSERT_EQUAL(sys.lines, 2);
	CU_ASSERT_PTR_NOT_NULL(strstr(sys.text, "is written again; lines "
						"missing=1"));
	log_msg(GW6C_NOTICE, "", "more");
	CU_ASSERT_EQUAL(sys.lines, 2);
	log_close();
	CU_ASSERT_EQUAL(lines_in(text_in_dir("late/gw6c.log")), 3);
	in_dir(file, "late/gw6c.log");
	unlink(file);
	*strrchr(file, '/') = 0;
	rmdir(file);
}

/* What the streams had is not lost in the background. */
static void in_the_background_syslog_stands_in(void)
{
	struct log_settings settings = quiet();

	settings.background_facility = "DAEMON";
	settings.to_stderr = 2;
	divert(2, new_file("stderr"));
	log_open(&settings, NULL);
	sys.lines = sys.facility = 0;
	log_background();
	log_msg(GW6C_INFO, "", "kept");
	log_msg(GW6C_DEBUG, "", "not wanted");
	CU_ASSERT_EQUAL(sys.lines, 1);
	CU_ASSERT_EQUAL(sys.facility, LOG_DAEMON);
	log_open(&settings, NULL); /* a reload */
	log_msg(GW6C_INFO, "", "kept");
	CU_ASSERT_EQUAL(sys.lines, 2);
	settings.to_syslog = 1; /* its own level counts */
	settings.facility = "LOCAL3";
	log_open(&settings, NULL);
	log_msg(GW6C_INFO, "", "not wanted");
	CU_ASSERT_EQUAL(sys.lines, 2);
	CU_ASSERT_EQUAL(sys.facility, LOG_LOCAL3);
	settings.to_syslog = settings.to_stderr = 0;
	log_open(&settings, NULL);
	log_msg(GW6C_ERROR, "", "not wanted");
	CU_ASSERT_EQUAL(sys.lines, 2);
	log_close();
	give_back(2);
	clean(NULL);
}

static void in_the_background_streams_stay_silent(void)
{
	struct log_settings settings = quiet();

	settings.to_stderr = settings.to_console = 4;
	divert(2, new_file("stderr"));
	divert(1, new_file("stdout"));
	log_open(&settings, NULL);
	log_background();
	log_msg(GW6C_ERROR, "", "lost");
	log_open(&settings, NULL); /* a reload */
	log_msg(GW6C_ERROR, "", "lost");
	log_close();
	log_msg(GW6C_ERROR, "", "lost");
	give_back(1);
	give_back(2);
	CU_ASSERT_STRING_EQUAL(text_in_dir("stderr"), "");
	CU_ASSERT_STRING_EQUAL(text_in_dir("stdout"), "");
	clean(NULL);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(early_lines_reach_the_file), /* must be first */
		UNIT_TEST(each_sink_has_a_level_of_its_own),
		UNIT_TEST(wants_only_what_goes_somewhere),
		UNIT_TEST(file_lines_have_the_old_format),
		UNIT_TEST(file_letters_are_e_w_i_d),
		UNIT_TEST(syslog_gets_the_right_priorities),
		UNIT_TEST(foreign_octets_are_shown_not_sent),
		UNIT_TEST(long_lines_are_cut),
		UNIT_TEST(levels_of_nobody_are_debug),
		UNIT_TEST(text_of_several_lines_becomes_lines),
		UNIT_TEST(times_are_for_all_but_the_journal),
		UNIT_TEST(colours_are_for_terminals),
		UNIT_TEST(copies_are_named_by_the_last_dot_of_the_name),
		UNIT_TEST(rotates_before_the_line_that_reaches_the_size),
		UNIT_TEST(the_size_counts_what_was_there_before),
		UNIT_TEST(rotation_can_be_off_or_keep_nothing),
		UNIT_TEST(a_failed_rotation_loses_nothing),
		UNIT_TEST(a_log_moved_away_is_begun_again),
		UNIT_TEST(a_pipe_is_neither_waited_for_nor_renamed),
		UNIT_TEST(a_link_is_not_followed),
		UNIT_TEST(without_the_file_the_other_sinks_work),
		UNIT_TEST(
			a_file_that_fails_is_told_once_and_again_when_it_works),
		UNIT_TEST(in_the_background_syslog_stands_in),
		UNIT_TEST(in_the_background_streams_stay_silent),
	};
	int bad;

	if (!mkdtemp(dir))
		return 1;
	in_dir(path, "gw6c.log");
	bad = UNIT_RUN("log", tests);
	rmdir(dir);
	return bad;
}
