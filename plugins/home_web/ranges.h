/* ranges.h - which octets of a file a Range field asks for. Pure. RFC 9110
 * section 14. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_HOME_WEB_RANGES_H
#define GW6C_HOME_WEB_RANGES_H

#include <stddef.h>
#include <stdint.h>

#define RANGES_MAX 16

struct range {
	uint64_t first, last; /* both included */
};

enum ranges {
	RANGES_NONE, /* none, or none that we honour: the whole file */
	RANGES_SOME,
	RANGES_OUTSIDE, /* 416 */
};

/* Of a file with size octets. Many, or ranges that together are longer than
 * the file, are an attack or a mistake: the whole file costs less. */
enum ranges ranges_parse(const char *text, uint64_t size,
			 struct range out[RANGES_MAX], size_t *n);

#endif
