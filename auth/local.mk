# auth - one login mechanism a module.
plugin_LTLIBRARIES += auth_anonymous.la auth_plain.la auth_digest_md5.la

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
