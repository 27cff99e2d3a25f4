# broker/data - tunnels, the pool they come from, and their packets.
broker_libbroker_a_SOURCES += broker/data/datagram.c broker/data/datagram.h \
	broker/data/device.c broker/data/device.h broker/data/grant.h \
	broker/data/life.c broker/data/life.h broker/data/listen.c \
	broker/data/listen.h broker/data/net.c broker/data/net.h \
	broker/data/net_out.c broker/data/net_parts.h broker/data/packet.c \
	broker/data/packet.h broker/data/pool.c broker/data/pool.h \
	broker/data/pool_file.c broker/data/pool_parts.h broker/data/probe.c \
	broker/data/probe.h broker/data/quota.c broker/data/quota.h \
	broker/data/sessions.c broker/data/sessions.h broker/data/tunnels.c \
	broker/data/tunnels.h
