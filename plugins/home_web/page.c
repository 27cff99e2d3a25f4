/* page.c - the frame of the pages that we write ourselves: readable without a
 * script, by day and by night, on a desk and on a phone. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "page.h"
#include <stdbool.h>
#include <string.h>

static const char style[] =
	":root{color-scheme:light dark;--ink:#1c2330;--soft:#5b6575;"
	"--paper:#fff;--back:#f3f5f8;--line:#e2e6ec;--link:#0b57b4;"
	"--over:#eef4fc}"
	"@media(prefers-color-scheme:dark){:root{--ink:#e4e8ee;--soft:#9aa5b4;"
	"--paper:#1a1f27;--back:#11151b;--line:#2b323d;--link:#8ab8ff;"
	"--over:#222b38}}"
	"*{box-sizing:border-box}"
	"body{margin:0;background:var(--back);color:var(--ink);"
	"font:16px/1.5 system-ui,sans-serif}"
	"main{max-width:56rem;margin:2.5rem auto;padding:0 1rem}"
	"h1{font-size:1.35rem;font-weight:600;margin:0 0 1rem;"
	"overflow-wrap:anywhere}"
	"h1 i{color:var(--soft);font-style:normal;font-weight:400;"
	"padding:0 .15em}"
	"a{color:var(--link);text-decoration:none}"
	"a:hover,a:focus{text-decoration:underline}"
	".card{background:var(--paper);border:1px solid var(--line);"
	"border-radius:12px;overflow:hidden}"
	"table{width:100%;border-collapse:collapse}"
	"th{font-size:.8rem;font-weight:500;color:var(--soft);"
	"text-align:left}"
	"th,td{padding:.55rem 1rem;border-bottom:1px solid var(--line)}"
	"tr:last-child td{border-bottom:0}"
	"tbody tr:hover{background:var(--over)}"
	"td.n{padding-left:2.75rem}"
	".n{overflow-wrap:anywhere;width:100%}"
	".s,.d{white-space:nowrap;color:var(--soft);"
	"font-variant-numeric:tabular-nums}"
	".s{text-align:right}"
	"td{vertical-align:top}"
	".n svg{float:left;width:1.15em;height:1.15em;"
	"margin:.18em .6rem 0 -1.75rem;"
	"fill:none;stroke:var(--soft);stroke-width:1.6}"
	".n .f{fill:var(--link);fill-opacity:.18;stroke:var(--link)}"
	"p{color:var(--soft);margin:1rem 0}"
	".e{padding:2.5rem 1.5rem;text-align:center}"
	".e b{display:block;font-size:3rem;line-height:1.2;font-weight:600;"
	"color:var(--soft)}"
	"@media(max-width:36rem){main{margin:1.25rem auto;padding:0 .75rem}"
	".d{display:none}th,td{padding:.65rem .8rem}td.n{padding-left:2.55rem}}";

/* Octets of one character of UTF-8, or 0: it is none. */
static size_t utf8_len(const unsigned char *at)
{
	size_t len = *at < 0x80 ? 1 : *at >= 0xf0 ? 4 : *at >= 0xe0 ? 3 : 2;

	if (*at >= 0x80 && (*at < 0xc2 || *at > 0xf4))
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	if ((*at == 0xe0 && at[1] < 0xa0) || (*at == 0xed && at[1] > 0x9f) ||
	    (*at == 0xf0 && at[1] < 0x90) || (*at == 0xf4 && at[1] > 0x8f))
		return 0;
	return len;
}

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void page_text(FILE *out, const char *text)
{
	while (*text) {
		const char *name = entity(*text);
		size_t len = utf8_len((const unsigned char *)text);
		bool control = (unsigned char)*text < ' ' || *text == 127;

		if (name)
			fputs(name, out);
		else if (!len || control)
			fputs("\xef\xbf\xbd", out);
		else
			fwrite(text, 1, len, out);
		text += len ? len : 1;
	}
}

void page_begin(FILE *out, const char *title)
{
	fputs("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" "
	      "content=\"width=device-width,initial-scale=1\">\n<title>",
	      out);
	page_text(out, title);
	fprintf(out, "</title>\n<style>%s</style>\n<main>\n", style);
}

void page_end(FILE *out)
{
	fputs("</main>\n</html>\n", out);
}

const char *page_reason(int status)
{
	switch (status) {
	case 400:
		return "Bad Request";
	case 403:
		return "Forbidden";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	case 412:
		return "Precondition Failed";
	case 414:
		return "URI Too Long";
	case 416:
		return "Range Not Satisfiable";
	case 421:
		return "Misdirected Request";
	case 431:
		return "Request Header Fields Too Large";
	case 503:
		return "Service Unavailable";
	default:
		return "Internal Server Error";
	}
}

static const char *explain(int status)
{
	switch (status) {
	case 403:
		return "This is not for reading.";
	case 404:
		return "There is nothing at this address.";
	case 405:
		return "Pages can only be read here.";
	case 416:
		return "The file has no such part.";
	case 500:
	case 503:
		return "Please try again later.";
	default:
		return "The request cannot be answered.";
	}
}

void page_error(FILE *out, int status)
{
	page_begin(out, page_reason(status));
	fprintf(out,
		"<div class=\"card e\">\n<b>%d</b>\n<h1>%s</h1>\n<p>%s</p>\n"
		"</div>\n",
		status, page_reason(status), explain(status));
	page_end(out);
}
