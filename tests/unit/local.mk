# tests/unit - one CUnit program a room, linked with fakes only.
UNIT_CPPFLAGS = $(TREE_CPPFLAGS) -DSRCDIR='"$(abs_top_srcdir)"'
UNIT_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS)
UNIT_FILES = tests/unit/unit.c tests/unit/unit.h
UNIT_LIBS = $(CUNIT_LIBS)
FAKE_HOST = tests/fake/fake_host.c tests/fake/fake_host.h

if HAVE_CUNIT
UNIT_TESTS =
# test programs go here, one block each, sorted by name
UNIT_TESTS += tests/unit/test_attempts
tests_unit_test_attempts_SOURCES = tests/unit/test_attempts.c core/attempts.c \
	$(UNIT_FILES)
tests_unit_test_attempts_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_attempts_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_attempts_LDADD = $(UNIT_LIBS)

check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
endif
