# core/tunnel - a lease as a plan that the system carries, and its upkeep.
core_libcore_a_SOURCES += core/tunnel/features.c core/tunnel/features.h \
	core/tunnel/journal.c core/tunnel/journal.h core/tunnel/keepalive.c \
	core/tunnel/keepalive.h core/tunnel/plan_show.c core/tunnel/plan_show.h \
	core/tunnel/planner.c core/tunnel/planner.h core/tunnel/tunnel.c \
	core/tunnel/tunnel.h
