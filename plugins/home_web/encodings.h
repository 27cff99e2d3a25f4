/* encodings.h - which of the packed forms of a file a client takes. Pure. RFC
 * 9110 section 12.5.3. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_HOME_WEB_ENCODINGS_H
#define GW6C_HOME_WEB_ENCODINGS_H

#define ENCODINGS 3

struct encoding {
	const char *name; /* as in Content-Encoding */
	const char *suffix; /* of the file beside the plain one */
};

/* Those that Accept-Encoding takes at least as gladly as the plain file, the
 * best first; NULL behind the last. text may be NULL. */
void encodings_choose(const char *text,
		      const struct encoding *out[ENCODINGS + 1]);

#endif
