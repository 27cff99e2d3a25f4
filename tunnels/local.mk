# tunnels - one tunnel mode a module, and the pump that moves packets.
plugin_LTLIBRARIES += tunnel_v6udpv4.la tunnel_v6anyv4.la

tunnel_v6udpv4_la_SOURCES = tunnels/tunnel_v6udpv4.c \
	tunnels/common6.c tunnels/common6.h tunnels/pump.c tunnels/pump.h \
	tunnels/pump_check.c
tunnel_v6udpv4_la_LDFLAGS = $(PLUGIN_LDFLAGS)
tunnel_v6anyv4_la_SOURCES = tunnels/tunnel_v6anyv4.c
tunnel_v6anyv4_la_LDFLAGS = $(PLUGIN_LDFLAGS)
