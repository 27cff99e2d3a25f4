/* web_raw.c - sends octets to a web server as a file says, and compares what it
 * answers: web_raw ADDRESS PORT FILE SECRET. A line of the file is
 *
 *	EXPECTED<TAB>OCTETS
 *
 * EXPECTED: the statuses of all answers in order, "200,404"; "-": no answer; a
 * "|" between alternatives. OCTETS: with \r \n \t \0 \\ \xNN, \p for a pause of
 * 30 ms, and \{N:TEXT} for N times TEXT. A line that begins with a slash or a
 * percent sign is a target, of which a whole GET is made. When the answers have
 * come, or none comes, our side is closed, and everything else that comes
 * counts. No answer may have SECRET in it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX (1 << 20)
#define PATIENCE_MS 5000
#define BRIEF_MS 200 /* where no whole answer is as good as one */

static char out[MAX + 1], in[MAX + 1];
static size_t pause_at[64]; /* before these octets of out */
static int pauses;
static size_t out_len;

static void put(char c)
{
	if (out_len < MAX)
		out[out_len++] = c;
}

static void put_pause(void)
{
	if (pauses < 64)
		pause_at[pauses++] = out_len;
}

static const char *unescape(const char *at);

/* "N:TEXT}" */
static const char *repeat(const char *at)
{
	char *text;
	long n = strtol(at, &text, 10);
	const char *end = at;

	for (long i = 0; i < n; i++) {
		end = text + 1;
		while (*end && *end != '}')
			end = unescape(end);
	}
	return *end == '}' ? end + 1 : end;
}

static const char *unescape(const char *at)
{
	char hex[3] = { 0 };

	if (*at != '\\') {
		put(*at);
		return at + 1;
	}
	switch (*++at) {
	case 'r':
		put('\r');
		break;
	case 'n':
		put('\n');
		break;
	case 't':
		put('\t');
		break;
	case '0':
		put(0);
		break;
	case 'p':
		put_pause();
		break;
	case 'x':
		memcpy(hex, at + 1, 2);
		put((char)strtol(hex, NULL, 16));
		return at + 3;
	case '{':
		return repeat(at + 1);
	default:
		put(*at);
	}
	return at + 1;
}

static void compose(const char *text)
{
	bool target = *text == '/' || *text == '%';

	out_len = 0;
	pauses = 0;
	if (target)
		for (const char *word = "GET "; *word; word++)
			put(*word);
	while (*text)
		text = unescape(text);
	if (target)
		for (const char *rest = " HTTP/1.1\r\nHost: x\r\n"
					"Connection: close\r\n\r\n";
		     *rest; rest++)
			put(*rest);
}

static int connect_to(const char *address, unsigned port)
{
	struct sockaddr_in6 at = { .sin6_family = AF_INET6 };
	int fd = socket(AF_INET6, SOCK_STREAM, 0);

	at.sin6_port = htons((uint16_t)port);
	if (inet_pton(AF_INET6, address, &at.sin6_addr) != 1 ||
	    connect(fd, (struct sockaddr *)&at, sizeof(at)) < 0) {
		perror("connect");
		exit(1);
	}
	return fd;
}

static void nap(long ms)
{
	const struct timespec time = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&time, NULL);
}

static void send_all(int fd)
{
	size_t done = 0;

	for (int i = 0; i <= pauses; i++) {
		size_t end = i < pauses ? pause_at[i] : out_len;

		while (done < end) {
			ssize_t n =
				send(fd, out + done, end - done, MSG_NOSIGNAL);

			if (n <= 0)
				return;
			done += (size_t)n;
		}
		if (i < pauses)
			nap(30);
	}
}

/* The statuses of what has come, "200,404", and how many. */
static int statuses(size_t len, char *room, size_t cap)
{
	size_t at = 0, used = 0;
	int n = 0;

	room[0] = 0;
	while (len - at > 12 && strncmp(in + at, "HTTP/1.", 7) == 0) {
		const char *end = strstr(in + at, "\r\n\r\n");
		const char *field = strcasestr(in + at, "\r\nContent-Length:");
		size_t body = 0;

		if (!end)
			break;
		/* What has not changed is not sent, whatever its length. */
		if (field && field < end && strncmp(in + at + 9, "304", 3) != 0)
			body = strtoul(field + 17, NULL, 10);
		if (end + 4 + body > in + len)
			break;
		used += (size_t)snprintf(room + used, cap - used, "%s%.3s",
					 n ? "," : "", in + at + 9);
		at = (size_t)(end + 4 - in) + body;
		n++;
	}
	if (at < len && used + 2 < cap)
		snprintf(room + used, cap - used, "?");
	return n;
}

static size_t receive(int fd, size_t len, int wanted, int ms)
{
	struct pollfd at = { .fd = fd, .events = POLLIN };
	char seen[256];

	while (len < MAX &&
	       (wanted < 0 || statuses(len, seen, sizeof(seen)) < wanted)) {
		ssize_t n = poll(&at, 1, ms) == 1
				    ? recv(fd, in + len, MAX - len, 0)
				    : 0;

		if (n <= 0)
			break;
		len += (size_t)n;
		in[len] = 0;
	}
	return len;
}

static bool is_among(const char *seen, const char *list)
{
	size_t len = strlen(seen);

	for (;; list += strcspn(list, "|") + 1) {
		if (strcspn(list, "|") == len && strncmp(list, seen, len) == 0)
			return true;
		if (!strchr(list, '|'))
			return false;
	}
}

static int how_many(const char *expected)
{
	int n = *expected != '-';

	for (; *expected && *expected != '|'; expected++)
		n += *expected == ',';
	return n;
}

/* A body that was not read makes the kernel reset what it has not yet given
 * us: an answer may be lost then, which is as good as none. */
static bool try(const char *address, unsigned port, const char *expected,
		const char *text, const char *secret)
{
	int fd = connect_to(address, port);
	size_t len = 0;
	char seen[256];
	bool ok;

	compose(text);
	in[0] = 0;
	send_all(fd);
	if (how_many(expected))
		len = receive(fd, len, how_many(expected),
			      strpbrk(expected, "-?") ? BRIEF_MS : PATIENCE_MS);
	shutdown(fd, SHUT_WR);
	len = receive(fd, len, -1, PATIENCE_MS);
	close(fd);
	statuses(len, seen, sizeof(seen));
	ok = is_among(seen[0] ? seen : "-", expected) &&
	     !memmem(in, len, secret, strlen(secret));
	if (!ok)
		printf("expected %s, got %s%s: %.100s\n", expected,
		       seen[0] ? seen : "-",
		       memmem(in, len, secret, strlen(secret))
			       ? " AND THE SECRET"
			       : "",
		       text);
	return ok;
}

int main(int argc, char **argv)
{
	static char line[65536];
	FILE *file = argc == 5 ? fopen(argv[3], "r") : NULL;
	int n = 0, bad = 0;

	if (!file) {
		fprintf(stderr, "usage: web_raw ADDRESS PORT FILE SECRET\n");
		return 2;
	}
	while (fgets(line, sizeof(line), file)) {
		char *tab = strchr(line, '\t');

		line[strcspn(line, "\n")] = 0;
		if (line[0] == '#' || !tab)
			continue;
		*tab = 0;
		n++;
		bad += !try(argv[1], (unsigned)atoi(argv[2]), line, tab + 1,
			    argv[4]);
	}
	fclose(file);
	printf("%d cases, %d wrong\n", n, bad);
	return bad || !n;
}
