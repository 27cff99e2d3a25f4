# tests/peers - our logins against implementations of others.
PEER_FILES = tests/peers/peer.c tests/peers/peer.h $(FAKE_HOST) \
	auth/auth_plain.c auth/auth_digest_md5.c auth/digest.c auth/digest.h \
	auth/auth_scram_sha_256.c auth/scram.c auth/scram.h
PEER_TESTS =

if HAVE_GSASL
PEER_TESTS += tests/peers/test_gsasl
tests_peers_test_gsasl_SOURCES = tests/peers/test_gsasl.c $(PEER_FILES)
tests_peers_test_gsasl_CPPFLAGS = $(TREE_CPPFLAGS)
tests_peers_test_gsasl_CFLAGS = $(AM_CFLAGS) $(GNUTLS_CFLAGS) $(GSASL_CFLAGS)
tests_peers_test_gsasl_LDADD = $(GNUTLS_LIBS) $(GSASL_LIBS)
endif

if HAVE_SASL
PEER_TESTS += tests/peers/test_cyrus
tests_peers_test_cyrus_SOURCES = tests/peers/test_cyrus.c $(PEER_FILES)
tests_peers_test_cyrus_CPPFLAGS = $(TREE_CPPFLAGS)
tests_peers_test_cyrus_CFLAGS = $(AM_CFLAGS) $(GNUTLS_CFLAGS) $(SASL_CFLAGS)
tests_peers_test_cyrus_LDADD = $(GNUTLS_LIBS) $(SASL_LIBS)
endif

check_PROGRAMS += $(PEER_TESTS)
TESTS += $(PEER_TESTS)
