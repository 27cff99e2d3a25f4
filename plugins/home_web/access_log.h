/* access_log.h - one line a request, in the combined format. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_HOME_WEB_ACCESS_LOG_H
#define GW6C_HOME_WEB_ACCESS_LOG_H

#include <stdint.h>
#include <sys/socket.h>
#include <time.h>

struct access {
	const struct sockaddr *from;
	time_t at;
	const char *method, *target, *version; /* as they came */
	int status;
	uint64_t octets; /* of the body */
	const char *referer, *agent; /* NULL: none */
};

#define ACCESS_LINE 8192

/* The line with its newline into room; its length. What came from the network
 * is cut before it fills the line, and cannot end a field or a line. */
size_t access_line(const struct access *access, char room[ACCESS_LINE]);

#endif
