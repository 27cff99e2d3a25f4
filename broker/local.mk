# broker - gw6c-broker, the companion server.
sbin_PROGRAMS += gw6c-broker
gw6c_broker_SOURCES = \
	broker/main.c broker/broker.c broker/broker.h \
	broker/broker_events.c broker/broker_parts.h broker/broker_status.c \
	broker/device.c broker/device.h \
	broker/dialog.c broker/dialog.h broker/dialog_create.c \
	broker/dialog_login.c \
	broker/dialog_parts.h \
	broker/dialogs.c broker/dialogs.h broker/hash.h \
	broker/framing.c broker/framing.h \
	broker/identity.c broker/identity.h \
	broker/loaded.c broker/loaded.h \
	broker/modes.c broker/modes.h \
	broker/net.c broker/net.h \
	broker/options.c broker/options_addrs.c broker/options_words.c \
	broker/options.h broker/options_parts.h \
	broker/parcel.c broker/parcel.h \
	broker/pool.c broker/pool.h \
	broker/refusals.c broker/refusals.h \
	broker/streams.c broker/streams.h \
	broker/tunnels.c broker/tunnels.h \
	broker/users.c broker/users.h \
	tunnels/pump_check.c tunnels/pump.h
gw6c_broker_CPPFLAGS = $(TREE_CPPFLAGS)
gw6c_broker_CFLAGS = $(AM_CFLAGS) $(GNUTLS_CFLAGS) -fPIE
gw6c_broker_LDFLAGS = $(AM_LDFLAGS) -pie -dlopen self
gw6c_broker_LDADD = $(CORE_LIBS)
