/* base64.c - octets as text (RFC 4648 section 4). */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "base64.h"
#include "wipe.h"
#include <gnutls/gnutls.h>

void base64_put(struct gw6c_buf *out, struct gw6c_bytes raw)
{
	gnutls_datum_t in = { (unsigned char *)raw.at, (unsigned)raw.len };
	gnutls_datum_t text;

	if (gnutls_base64_encode2(&in, &text)) {
		out->overflow = true;
		return;
	}
	gw6c_put(out, text.data, text.size);
	wipe(text.data, text.size);
	gnutls_free(text.data);
}

bool base64_get(struct gw6c_bytes text, struct gw6c_buf *out)
{
	gnutls_datum_t in = { (unsigned char *)text.at, (unsigned)text.len };
	gnutls_datum_t raw = { NULL, 0 };

	if (!text.len || gnutls_base64_decode2(&in, &raw))
		return false;
	gw6c_put(out, raw.data, raw.size);
	wipe(raw.data, raw.size);
	gnutls_free(raw.data);
	return !out->overflow;
}
