/* unit.c - runs a CUnit suite and tells the truth in the exit status. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "unit.h"
#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int unit_run(const char *name, const struct unit_test *tests, size_t n)
{
	CU_pSuite suite;
	int bad;

	if (CU_initialize_registry() != CUE_SUCCESS)
		return 1;
	suite = CU_add_suite(name, NULL, NULL);
	for (size_t i = 0; suite && i < n; i++)
		if (!CU_add_test(suite, tests[i].name, tests[i].run))
			suite = NULL;
	if (suite) {
		CU_basic_set_mode(CU_BRM_VERBOSE);
		CU_basic_run_tests();
	}
	bad = !suite || CU_get_number_of_failures() ||
	      CU_get_number_of_suites_failed() ||
	      CU_get_number_of_tests_run() != n;
	CU_cleanup_registry();
	return bad ? 1 : 0;
}

size_t unit_hex(const char *hex, uint8_t *room, size_t cap)
{
	size_t n = 0;
	unsigned octet;

	while (n < cap && sscanf(hex + 2 * n, "%2x", &octet) == 1)
		room[n++] = (uint8_t)octet;
	return n;
}

char *unit_file(const char *name, size_t *len)
{
	char path[4096], *text = NULL;
	long size;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", SRCDIR, name);
	file = fopen(path, "rb");
	if (!file)
		return NULL;
	if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0 &&
	    fseek(file, 0, SEEK_SET) == 0)
		text = calloc(1, (size_t)size + 1);
	if (text)
		*len = fread(text, 1, (size_t)size, file);
	fclose(file);
	return text;
}
