/* unit.h - what every unit test program begins with. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_UNIT_H
#define GW6C_UNIT_H

#include <CUnit/CUnit.h>
#include <stddef.h>
#include <stdint.h>

/* UNIT_TEST(sends_nul_user): the function's name is the sentence shown. */
struct unit_test {
	const char *name;
	void (*run)(void);
};
#define UNIT_TEST(function)                                                    \
	{                                                                      \
#function, function                                            \
	}

/* Run them as one suite; returns the exit status: 1 if anything failed or
 * nothing ran. */
int unit_run(const char *suite, const struct unit_test *tests, size_t n);
#define UNIT_RUN(suite, tests)                                                 \
	unit_run(suite, tests, sizeof(tests) / sizeof((tests)[0]))

/* "0a1b" into room, returns octets; for vectors. */
size_t unit_hex(const char *hex, uint8_t *room, size_t cap);

/* A whole file below the source directory, as text with a final NUL; free()
 * it. NULL if there is none. */
char *unit_file(const char *name, size_t *len);

#endif
