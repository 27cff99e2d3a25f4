/* wipe.c - overwrites secrets. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "wipe.h"
#include "config.h"
#include <string.h>

void wipe(void *at, size_t len)
{
#ifdef HAVE_EXPLICIT_BZERO
	explicit_bzero(at, len);
#else
	volatile unsigned char *octet = at;

	while (len--)
		*octet++ = 0;
#endif
}
