# core/modules - finds plugins, checks them, and gives them their services.
core_libcore_a_SOURCES += core/modules/classic.c core/modules/classic.h \
	core/modules/feature_check.c core/modules/feature_check.h \
	core/modules/host.c core/modules/host.h core/modules/host_client.c \
	core/modules/host_options.c core/modules/host_parts.h \
	core/modules/host_programs.c core/modules/host_status.c \
	core/modules/host_watch.c core/modules/loader.c core/modules/loader.h \
	core/modules/loader_check.c core/modules/loader_files.c \
	core/modules/loader_list.c core/modules/loader_parts.h \
	core/modules/loader_whole.c core/modules/mechanisms.c \
	core/modules/mechanisms.h core/modules/option.c core/modules/option.h \
	core/modules/plugin_conf.c core/modules/plugin_conf.h \
	core/modules/plugin_index.c core/modules/plugin_index.h \
	core/modules/plugin_kind.c core/modules/plugin_kind.h \
	core/modules/template.c core/modules/template.h core/modules/wanted.c \
	core/modules/wanted.h
