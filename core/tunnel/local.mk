# core/tunnel - a lease as a plan that the system carries, and its upkeep.
core_libcore_a_SOURCES += core/tunnel/features.c core/tunnel/features.h \
	core/tunnel/features_facts.c core/tunnel/features_file.c \
	core/tunnel/features_file.h core/tunnel/features_parts.h \
	core/tunnel/features_plan.c core/tunnel/features_reload.c \
	core/tunnel/journal.c core/tunnel/journal.h core/tunnel/keepalive.c \
	core/tunnel/keepalive.h core/tunnel/plan_run.c core/tunnel/plan_run.h \
	core/tunnel/plan_show.c core/tunnel/plan_show.h core/tunnel/plan_text.c \
	core/tunnel/plan_text.h core/tunnel/planner.c core/tunnel/planner.h \
	core/tunnel/tunnel.c core/tunnel/tunnel.h core/tunnel/tunnel_life.c \
	core/tunnel/tunnel_parts.h core/tunnel/tunnel_path.c \
	core/tunnel/tunnel_plan.c
