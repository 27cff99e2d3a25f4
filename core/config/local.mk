# core/config - gw6c.conf, from text to checked settings.
core_libcore_a_SOURCES += core/config/conf.c core/config/conf.h \
	core/config/conf_classic.c core/config/conf_detect.c \
	core/config/conf_files.c core/config/conf_libconfig.c \
	core/config/conf_parts.h core/config/conf_values.c core/config/settings.c \
	core/config/settings.h core/config/settings_check.c \
	core/config/settings_keys.c core/config/settings_mode.c \
	core/config/settings_old.c core/config/settings_parts.h \
	core/config/settings_secret.c core/config/settings_store.c \
	core/config/settings_store.h core/config/settings_values.c \
	core/config/usage.c core/config/usage.h
