/* home_access_conf_page.c - what visitors are told when there is nothing to
 * show. No version, no name, no address of the home network. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "home_access_conf_parts.h"

#define TYPE "content-type \"text/html; charset=utf-8\""

static void put_page(FILE *file, const char *title, const char *text)
{
	fprintf(file,
		" string '<!doctype html><html lang=\"en\"><head><title>%s"
		"</title></head><body><h1>%s</h1><p>%s</p></body></html>'",
		title, title, text);
}

/* The same for a name that is not there and for a visitor who may not come. */
void conf_put_nothing(FILE *file, const char *condition)
{
	fprintf(file, "    http-request return status 404 " TYPE);
	put_page(file, "Not found", "There is nothing under this name.");
	fprintf(file, "%s\n", condition);
}

void conf_put_too_many(FILE *file, const char *condition)
{
	fprintf(file, "    http-request return status 429 " TYPE
		      " hdr Retry-After 60");
	put_page(file, "Too many requests",
		 "Too much came from your network. Try again later.");
	fprintf(file, "%s\n", condition);
}

void conf_put_errors(FILE *file)
{
	static const struct {
		int status;
		const char *title, *text;
	} pages[] = {
		{ 400, "Bad request", "This request cannot be understood." },
		{ 403, "Forbidden", "This is not allowed." },
		{ 408, "Time-out", "The request did not arrive in time." },
		{ 500, "Internal error", "Something went wrong here." },
		{ 502, "Bad gateway",
		  "The device gave an answer that cannot be understood." },
		/* Becomes 502, see there. */
		{ 503, "Bad gateway",
		  "The device does not answer. It may be switched off." },
		{ 504, "Time-out",
		  "The device did not answer in time. Try again later." },
	};

	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		fprintf(file, "    http-error status %d " TYPE,
			pages[i].status);
		put_page(file, pages[i].title, pages[i].text);
		putc('\n', file);
	}
}
