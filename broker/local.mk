# broker - gw6c-broker, the companion server, a room a directory.
noinst_LIBRARIES += broker/libbroker.a
broker_libbroker_a_SOURCES = tunnels/pump_check.c tunnels/pump.h
include broker/config/local.mk
include broker/data/local.mk
include broker/dialog/local.mk
include broker/program/local.mk
broker_libbroker_a_CPPFLAGS = $(TREE_CPPFLAGS)
broker_libbroker_a_CFLAGS = $(AM_CFLAGS) $(GNUTLS_CFLAGS) -fPIC
BROKER_LIBS = broker/libbroker.a $(CORE_LIBS)

sbin_PROGRAMS += gw6c-broker
gw6c_broker_SOURCES = broker/program/main.c
gw6c_broker_CPPFLAGS = $(TREE_CPPFLAGS)
gw6c_broker_CFLAGS = $(AM_CFLAGS) -fPIE
gw6c_broker_LDFLAGS = $(AM_LDFLAGS) -pie -dlopen self
gw6c_broker_LDADD = $(BROKER_LIBS)
