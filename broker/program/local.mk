# broker/program - the process and its state.
broker_libbroker_a_SOURCES += broker/program/broker.c \
	broker/program/broker.h broker/program/broker_events.c \
	broker/program/broker_parts.h broker/program/broker_status.c \
	broker/program/broker_tunnels.c broker/program/changes.c \
	broker/program/changes.h broker/program/command_line.c \
	broker/program/command_line.h broker/program/descriptors.c \
	broker/program/descriptors.h broker/program/loaded.c \
	broker/program/loaded.h broker/program/overlap.c broker/program/overlap.h \
	broker/program/tunnel_table.c broker/program/tunnel_table.h
