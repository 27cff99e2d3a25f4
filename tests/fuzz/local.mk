# tests/fuzz - targets for libFuzzer. Without --enable-fuzzers each is linked
# with replay.c, and make check runs it over tests/fuzz/corpus/NAME.
#
# A target NAME is one block below: its program in FUZZ_TARGETS, its sources
# (those of core too, so that they are instrumented) and its corpus directory.
FUZZ_TARGETS =
EXTRA_DIST += tests/fuzz/corpus

if FUZZERS
FUZZ_FILES = tests/fuzz/fuzz.h
else
FUZZ_FILES = tests/fuzz/replay.c tests/fuzz/fuzz.h
TESTS += $(FUZZ_TARGETS)
endif
FUZZ_ALL_CPPFLAGS = $(TREE_CPPFLAGS) -DSRCDIR='"$(abs_top_srcdir)"'
FUZZ_ALL_CFLAGS = $(AM_CFLAGS) $(FUZZ_CFLAGS)
check_PROGRAMS += $(FUZZ_TARGETS)

FUZZ_TARGETS += tests/fuzz/fuzz_conf
tests_fuzz_fuzz_conf_SOURCES = tests/fuzz/fuzz_conf.c $(FUZZ_FILES) \
	core/config/conf.c core/config/conf_classic.c core/config/conf_detect.c core/config/conf_files.c \
	core/config/conf_libconfig.c core/config/conf_values.c core/config/conf_parts.h
tests_fuzz_fuzz_conf_CPPFLAGS = $(FUZZ_ALL_CPPFLAGS)
tests_fuzz_fuzz_conf_CFLAGS = $(FUZZ_ALL_CFLAGS) $(CONFIG_CFLAGS)
tests_fuzz_fuzz_conf_LDFLAGS = $(AM_LDFLAGS) -dlopen self
tests_fuzz_fuzz_conf_LDADD = $(CORE_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_tsp
tests_fuzz_fuzz_tsp_SOURCES = tests/fuzz/fuzz_tsp.c $(FUZZ_FILES) \
	core/tsp/answer.c core/tsp/rudp.c core/tsp/tsp.c core/tsp/tsp_xml.c
tests_fuzz_fuzz_tsp_CPPFLAGS = $(FUZZ_ALL_CPPFLAGS)
tests_fuzz_fuzz_tsp_CFLAGS = $(FUZZ_ALL_CFLAGS) $(EXPAT_CFLAGS)
tests_fuzz_fuzz_tsp_LDFLAGS = $(AM_LDFLAGS) -dlopen self
tests_fuzz_fuzz_tsp_LDADD = $(CORE_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_auth
tests_fuzz_fuzz_auth_SOURCES = tests/fuzz/fuzz_auth.c $(FUZZ_FILES) \
	auth/auth_anonymous.c auth/auth_plain.c auth/auth_digest_md5.c \
	auth/digest.c auth/digest.h $(FAKE_HOST)
tests_fuzz_fuzz_auth_CPPFLAGS = $(FUZZ_ALL_CPPFLAGS)
tests_fuzz_fuzz_auth_CFLAGS = $(FUZZ_ALL_CFLAGS) $(GNUTLS_CFLAGS)
tests_fuzz_fuzz_auth_LDADD = $(GNUTLS_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_login
tests_fuzz_fuzz_login_SOURCES = tests/fuzz/fuzz_login.c $(FUZZ_FILES) \
	auth/passdss_box.c auth/passdss_math.c auth/passdss_wire.c \
	auth/scram.c core/base/daemon.c core/base/files.c core/base/server_keys.c core/tsp/tsp.c \
	core/tsp/tsp_xml.c
tests_fuzz_fuzz_login_CPPFLAGS = $(FUZZ_ALL_CPPFLAGS)
tests_fuzz_fuzz_login_CFLAGS = $(FUZZ_ALL_CFLAGS) $(GNUTLS_CFLAGS) \
	$(EXPAT_CFLAGS)
tests_fuzz_fuzz_login_LDFLAGS = $(AM_LDFLAGS) -dlopen self
tests_fuzz_fuzz_login_LDADD = $(CORE_LIBS) $(GMP_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_web
tests_fuzz_fuzz_web_SOURCES = tests/fuzz/fuzz_web.c $(FUZZ_FILES) \
	plugins/home_web/request.c $(HOME_WEB_FIELDS)
tests_fuzz_fuzz_web_CPPFLAGS = $(FUZZ_ALL_CPPFLAGS)
tests_fuzz_fuzz_web_CFLAGS = $(FUZZ_ALL_CFLAGS)
