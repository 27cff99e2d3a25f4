# core - the library that gw6c, the broker and tests share, a room a
# directory: a room includes itself and those before it.
gw6cinclude_HEADERS = \
	core/include/gw6c/addr.h core/include/gw6c/auth.h \
	core/include/gw6c/buf.h core/include/gw6c/err.h \
	core/include/gw6c/host.h core/include/gw6c/lease.h \
	core/include/gw6c/plan.h core/include/gw6c/plugin.h

noinst_LIBRARIES += core/libcore.a
core_libcore_a_SOURCES =
include core/base/local.mk
include core/config/local.mk
include core/modules/local.mk
include core/tsp/local.mk
include core/tunnel/local.mk
include core/client/local.mk
include core/program/local.mk
core_libcore_a_CPPFLAGS = $(TREE_CPPFLAGS)
core_libcore_a_CFLAGS = $(AM_CFLAGS) $(CONFIG_CFLAGS) $(EVENT_CFLAGS) \
	$(EXPAT_CFLAGS) $(GNUTLS_CFLAGS) -fPIC
CORE_LIBS = core/libcore.a $(LIBLTDL) $(CONFIG_LIBS) $(EVENT_LIBS) \
	$(EXPAT_LIBS) $(GNUTLS_LIBS) -lm

sbin_PROGRAMS += gw6c
gw6c_SOURCES = core/program/main.c
gw6c_CPPFLAGS = $(TREE_CPPFLAGS)
gw6c_CFLAGS = $(AM_CFLAGS) -fPIE
gw6c_LDFLAGS = $(AM_LDFLAGS) -pie -dlopen self
gw6c_LDADD = $(CORE_LIBS)
