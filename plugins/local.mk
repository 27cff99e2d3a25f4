# plugins - operating systems and features.
plugin_LTLIBRARIES += os_null.la
os_null_la_SOURCES = plugins/os/os_null.c
os_null_la_LDFLAGS = $(PLUGIN_LDFLAGS)

if LINUX
plugin_LTLIBRARIES += os_linux.la
os_linux_la_SOURCES = plugins/os/os_linux.c plugins/os/linux.h \
	plugins/os/linux_kernel.c plugins/os/linux_link.c \
	plugins/os/linux_rtnl.c \
	plugins/os/linux_sysctl.c plugins/os/linux_watch.c
os_linux_la_CFLAGS = $(AM_CFLAGS) $(MNL_CFLAGS)
os_linux_la_LDFLAGS = $(PLUGIN_LDFLAGS)
os_linux_la_LIBADD = $(MNL_LIBS)
endif

plugin_LTLIBRARIES += feature_router_adv.la
feature_router_adv_la_SOURCES = plugins/features/router_adv.c \
	plugins/features/radvd_conf.c plugins/features/radvd_conf.h
feature_router_adv_la_LDFLAGS = $(PLUGIN_LDFLAGS)

plugin_LTLIBRARIES += os_script.la
os_script_la_SOURCES = plugins/os/os_script.c plugins/os/script_env.c \
	plugins/os/script_env.h plugins/os/tun.c plugins/os/tun.h \
	plugins/os/relay.c
os_script_la_LDFLAGS = $(PLUGIN_LDFLAGS)
