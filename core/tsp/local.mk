# core/tsp - the dialogue with the broker, from transport to lease.
core_libcore_a_SOURCES += core/tsp/answer.c core/tsp/answer.h \
	core/tsp/answer_request.c core/tsp/lease_secret.c core/tsp/lease_secret.h \
	core/tsp/rudp.c core/tsp/rudp.h core/tsp/session.c core/tsp/session.h \
	core/tsp/session_end.c core/tsp/session_login.c core/tsp/session_parts.h \
	core/tsp/session_redirect.c core/tsp/transport.c core/tsp/transport.h \
	core/tsp/transport_parts.h core/tsp/transport_tcp.c \
	core/tsp/transport_udp.c core/tsp/tsp.c core/tsp/tsp.h \
	core/tsp/tsp_status.c core/tsp/tsp_xml.c
