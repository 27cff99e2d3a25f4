# broker - gw6c-broker, the companion server.
sbin_PROGRAMS += gw6c-broker
gw6c_broker_SOURCES = broker/main.c
gw6c_broker_CPPFLAGS = $(TREE_CPPFLAGS)
gw6c_broker_CFLAGS = $(AM_CFLAGS) $(GNUTLS_CFLAGS) -fPIE
gw6c_broker_LDFLAGS = $(AM_LDFLAGS) -pie -dlopen self
gw6c_broker_LDADD = $(CORE_LIBS)
