/* login_vectors.h - vectors of PLAIN and DIGEST-MD5, as C. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_LOGIN_VECTORS_H
#define GW6C_LOGIN_VECTORS_H

#include <stdbool.h>

static const struct {
	const char *user, *password, *hex; /* blob with its CR LF */
} plain_vectors[] = {
	{ "alice", "wonderland", "00616c69636500776f6e6465726c616e640d0a" },
	{ "bob", "", "00626f62000d0a" },
	{ "u@ex ample", "p:a\\ss\"w",
	  "007540657820616d706c6500703a615c737322770d0a" },
};

static const struct {
	const char *user, *password, *realm, *nonce, *cnonce, *uri, *charset;
	const char *response, *rspauth;
	bool cut;
} digest_vectors[] = {
	{ "alice", "wonderland", "spec-realm", "0123456789abcdef", "1262304000",
	  "tsp/broker.example.net", "utf8", "0e9f255abd16a565a641d04db68e36d4",
	  "7a3378cfa74b7e83ef44084034f2bbe9", false },
	{ "ann\"e\\x", "pw:with:colons", "hexago", "5a6b7c8d", "1",
	  "tsp/192.0.2.10", "utf-8", "c3d5fd258f27b45b88bdd89a5a1bbbfa",
	  "38ec5a75e7db72fe9e159f7417e7cbff", false },
	{ "user12", "pw", "spec-realm", "00ff00ff", "42",
	  "tsp/broker.example.net", "utf8", "cab6a0fac1f47f5e37bd2c06d8e17c66",
	  "e377cba236752b878dd7acd108489c04", false },
	{ "user12", "pw", "spec-realm", "00ff00ff", "42",
	  "tsp/broker.example.net", "utf8", "78f2b2d25682c7d0862346f0ae6835b1",
	  "be535b0602bdf2ace3707fad81882382", true },
};

#endif
