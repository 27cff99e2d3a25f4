/* page.h - the frame of the pages that we write ourselves. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_HOME_WEB_PAGE_H
#define GW6C_HOME_WEB_PAGE_H

#include <stdio.h>

/* Text with what HTML would take for its own written as entities, and octets
 * that are no UTF-8 as U+FFFD. */
void page_text(FILE *out, const char *text);

void page_begin(FILE *out, const char *title);
void page_end(FILE *out);

/* "Not Found" */
const char *page_reason(int status);
/* A whole page for an error. */
void page_error(FILE *out, int status);

#endif
