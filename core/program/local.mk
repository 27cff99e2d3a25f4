# core/program - the command line, the process, the service.
core_libcore_a_SOURCES += core/program/args.c core/program/args.h \
	core/program/args_help.c core/program/loaded.c core/program/loaded.h \
	core/program/plugins_cmd.c core/program/plugins_cmd.h core/program/run.c \
	core/program/run.h core/program/run_ask.c core/program/service_cmd.c \
	core/program/wait_up.c core/program/wait_up.h
