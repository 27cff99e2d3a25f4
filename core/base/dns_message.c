/* dns_message.c - questions to a name server and its answers, RFC 1035. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "dns_message.h"
#include <string.h>

#define HEADER 12 /* octets */
#define LABEL 63
#define NAME 255 /* octets of a name in a message */
#define POINTERS 64 /* that are followed in one name */
#define ALIASES 16

enum { TYPE_A = 1, TYPE_CNAME = 5, TYPE_AAAA = 28, CLASS_IN = 1 };

struct name {
	uint8_t at[NAME]; /* labels, lower case, with the final 0 */
	size_t len;
};

/* One resource record; its data stays in the message. */
struct record {
	struct name owner;
	unsigned type, class;
	size_t data, len;
};

static unsigned number(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

static void put_number(struct gw6c_buf *out, unsigned value)
{
	const uint8_t octets[] = { (uint8_t)(value >> 8), (uint8_t)value };

	gw6c_put(out, octets, 2);
}

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

bool dns_question(uint16_t id, const char *name, int family,
		  struct gw6c_buf *out)
{
	size_t start;

	put_number(out, id);
	put_number(out, 0x0100); /* a query; recursion is desired */
	put_number(out, 1);
	gw6c_put(out, "\0\0\0\0\0", 6);
	start = out->len;
	while (*name) {
		size_t len = strcspn(name, ".");
		uint8_t octet = (uint8_t)len;

		if (len == 0 || len > LABEL)
			return false;
		gw6c_put(out, &octet, 1);
		gw6c_put(out, name, len);
		name += len + (name[len] == '.');
	}
	gw6c_put(out, "", 1);
	if (out->len - start < 2 || out->len - start > NAME)
		return false;
	put_number(out, family == 4 ? TYPE_A : TYPE_AAAA);
	put_number(out, CLASS_IN);
	return !out->overflow;
}

/* The name at *pos, which moves behind it. False: there is none. */
static bool read_name(struct gw6c_bytes in, size_t *pos, struct name *out)
{
	size_t at = *pos;
	int pointers = 0;

	out->len = 0;
	while (at < in.len) {
		size_t len = in.at[at];

		if (len > LABEL) {
			if (len < 0xc0 || at + 2 > in.len ||
			    pointers++ == POINTERS)
				return false;
			if (pointers == 1)
				*pos = at + 2;
			at = number(in.at + at) & 0x3fff;
			continue;
		}
		if (at + 1 + len > in.len || out->len + 1 + len > NAME)
			return false;
		for (size_t i = 0; i <= len; i++)
			out->at[out->len++] = lower(in.at[at + i]);
		at += 1 + len;
		if (!len) {
			if (!pointers)
				*pos = at;
			return true;
		}
	}
	return false;
}

static bool read_record(struct gw6c_bytes in, size_t *pos, struct record *out)
{
	if (!read_name(in, pos, &out->owner) || *pos + 10 > in.len)
		return false;
	out->type = number(in.at + *pos);
	out->class = number(in.at + *pos + 2);
	out->len = number(in.at + *pos + 8);
	out->data = *pos + 10;
	*pos = out->data + out->len;
	return *pos <= in.len;
}

static bool same_name(const struct name *a, const struct name *b)
{
	return a->len == b->len && memcmp(a->at, b->at, a->len) == 0;
}

/* One pass over the answers from pos: addresses of wanted into out. True if
 * wanted turned out to be an alias; it is what that stands for then. */
static bool scan(struct gw6c_bytes in, size_t pos, int family,
		 struct name *wanted, struct gw6c_addr *out, int max, int *n)
{
	unsigned type = family == 4 ? TYPE_A : TYPE_AAAA;
	unsigned left = number(in.at + 6);
	struct record record;

	while (left-- && read_record(in, &pos, &record)) {
		struct gw6c_addr addr = { .family = (uint8_t)family,
					  .bits = family == 4 ? 32 : 128 };

		if (record.class != CLASS_IN ||
		    !same_name(&record.owner, wanted))
			continue;
		if (record.type == TYPE_CNAME)
			return read_name(in, &record.data, wanted);
		if (record.type != type || record.len != addr.bits / 8U ||
		    *n == max)
			continue;
		memcpy(addr.octets, in.at + record.data, record.len);
		out[(*n)++] = addr;
	}
	return false;
}

static bool same_question(struct gw6c_bytes question, struct gw6c_bytes answer)
{
	if (answer.len < question.len || number(answer.at + 4) != 1)
		return false;
	for (size_t i = HEADER; i < question.len; i++)
		if (lower(question.at[i]) != lower(answer.at[i]))
			return false;
	return true;
}

enum dns_verdict dns_answer(struct gw6c_bytes question,
			    struct gw6c_bytes answer, struct gw6c_addr *out,
			    int max, int *n)
{
	int family = number(question.at + question.len - 4) == TYPE_A ? 4 : 6;
	struct name wanted;
	size_t pos = HEADER;
	unsigned rcode;

	*n = 0;
	if (answer.len < HEADER || memcmp(answer.at, question.at, 2) != 0 ||
	    !(answer.at[2] & 0x80))
		return DNS_FOREIGN;
	rcode = answer.at[3] & 15;
	/* An error may come without the question. */
	if (!same_question(question, answer) &&
	    (!rcode || number(answer.at + 4) != 0))
		return DNS_FOREIGN;
	if (rcode == 2)
		return DNS_FAILED;
	if (rcode == 3)
		return DNS_NO_NAME;
	if (rcode == 5)
		return DNS_REFUSED;
	if (rcode)
		return DNS_BROKEN;
	if (answer.at[2] & 0x02)
		return DNS_CUT;
	read_name(question, &pos, &wanted);
	for (int i = 0; i < ALIASES; i++)
		if (!scan(answer, question.len, family, &wanted, out, max, n))
			break;
	return *n ? DNS_FOUND : DNS_NO_ADDRESS;
}
