# auth - one login mechanism a module.
plugin_LTLIBRARIES += auth_anonymous.la auth_plain.la auth_digest_md5.la \
	auth_passdss_3des_1.la auth_scram_sha_256.la

auth_anonymous_la_SOURCES = auth/auth_anonymous.c
auth_anonymous_la_LDFLAGS = $(PLUGIN_LDFLAGS)
auth_plain_la_SOURCES = auth/auth_plain.c
auth_plain_la_LDFLAGS = $(PLUGIN_LDFLAGS)
auth_plain_la_CFLAGS = $(AM_CFLAGS) $(GNUTLS_CFLAGS)
auth_plain_la_LIBADD = $(GNUTLS_LIBS)
auth_digest_md5_la_SOURCES = auth/auth_digest_md5.c auth/digest.c auth/digest.h
auth_digest_md5_la_CFLAGS = $(AM_CFLAGS) $(GNUTLS_CFLAGS)
auth_digest_md5_la_LDFLAGS = $(PLUGIN_LDFLAGS)
auth_digest_md5_la_LIBADD = $(GNUTLS_LIBS)
auth_passdss_3des_1_la_SOURCES = auth/auth_passdss_3des_1.c \
	auth/passdss_box.c auth/passdss_box.h \
	auth/passdss_key.c auth/passdss_key.h \
	auth/passdss_math.c auth/passdss_math.h \
	auth/passdss_wire.c auth/passdss_wire.h
auth_passdss_3des_1_la_CFLAGS = $(AM_CFLAGS) $(GNUTLS_CFLAGS)
auth_passdss_3des_1_la_LDFLAGS = $(PLUGIN_LDFLAGS)
auth_passdss_3des_1_la_LIBADD = $(GNUTLS_LIBS) $(GMP_LIBS)
auth_scram_sha_256_la_SOURCES = auth/auth_scram_sha_256.c \
	auth/scram.c auth/scram.h
auth_scram_sha_256_la_CFLAGS = $(AM_CFLAGS) $(GNUTLS_CFLAGS)
auth_scram_sha_256_la_LDFLAGS = $(PLUGIN_LDFLAGS)
auth_scram_sha_256_la_LIBADD = $(GNUTLS_LIBS)
