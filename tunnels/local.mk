# tunnels - one tunnel mode a module, and the pump that moves packets.
plugin_LTLIBRARIES += tunnel_v6udpv4.la tunnel_v6v4.la tunnel_v4v6.la \
	tunnel_v6anyv4.la

PUMP_FILES = tunnels/pump.c tunnels/pump.h tunnels/pump_check.c \
	tunnels/pump_refuse.c
RAW_FILES = tunnels/raw.c tunnels/raw.h $(PUMP_FILES)
COMMON_FILES = tunnels/common.c tunnels/common.h

tunnel_v6udpv4_la_SOURCES = tunnels/tunnel_v6udpv4.c $(COMMON_FILES) \
	$(PUMP_FILES)
tunnel_v6udpv4_la_LDFLAGS = $(PLUGIN_LDFLAGS)
tunnel_v6v4_la_SOURCES = tunnels/tunnel_v6v4.c $(COMMON_FILES) $(RAW_FILES)
tunnel_v6v4_la_LDFLAGS = $(PLUGIN_LDFLAGS)
tunnel_v4v6_la_SOURCES = tunnels/tunnel_v4v6.c $(COMMON_FILES) $(RAW_FILES)
tunnel_v4v6_la_LDFLAGS = $(PLUGIN_LDFLAGS)
tunnel_v6anyv4_la_SOURCES = tunnels/tunnel_v6anyv4.c
tunnel_v6anyv4_la_LDFLAGS = $(PLUGIN_LDFLAGS)
