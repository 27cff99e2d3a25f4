# core/client - the client's life: which broker, when, and what then.
core_libcore_a_SOURCES += core/client/attempts.c core/client/attempts.h \
	core/client/broker_probe.c core/client/broker_probe.h core/client/client.c \
	core/client/client.h core/client/client_blocked.c \
	core/client/client_connect.c core/client/client_events.c \
	core/client/client_fits.c core/client/client_home.c \
	core/client/client_life.c core/client/client_nat64.c \
	core/client/client_parts.h core/client/client_prefixes.c \
	core/client/client_redirect.c core/client/client_renew.c \
	core/client/client_status.c core/client/client_trust.c \
	core/client/client_tunnel.c core/client/distances.c core/client/distances.h \
	core/client/nat_timeout.c core/client/nat_timeout.h core/client/networks.c \
	core/client/networks.h core/client/outcome.c core/client/outcome.h \
	core/client/proven.c core/client/proven.h core/client/public_words.c \
	core/client/public_words.h core/client/servers.c core/client/servers.h \
	core/client/terminal.c core/client/terminal.h core/client/trust.c \
	core/client/trust.h
