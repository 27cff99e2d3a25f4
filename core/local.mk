# core - the program, and the library that gw6c, the broker and tests share.
gw6cinclude_HEADERS = \
	core/include/gw6c/addr.h core/include/gw6c/auth.h \
	core/include/gw6c/buf.h core/include/gw6c/err.h \
	core/include/gw6c/host.h core/include/gw6c/lease.h \
	core/include/gw6c/plan.h core/include/gw6c/plugin.h

noinst_LIBRARIES += core/libcore.a
core_libcore_a_SOURCES = \
	core/answer.c core/answer.h \
	core/child.c core/child.h core/child_wait.c \
	core/spawn.c core/spawn.h \
	core/conf.c core/conf.h core/conf_classic.c core/conf_detect.c \
	core/conf_files.c core/conf_libconfig.c core/conf_values.c \
	core/conf_parts.h \
	core/daemon.c core/daemon.h \
	core/files.c core/files.h \
	core/host.c core/host.h \
	core/loader.c core/loader.h core/loader_check.c core/loader_whole.c \
	core/loader_files.c core/loader_list.c core/loader_parts.h \
	core/log.c core/log.h core/logfile.c core/logfile.h \
	core/loop.c core/loop.h core/loop_parts.h core/resolve.c \
	core/planner.c core/planner.h core/journal.c core/journal.h \
	core/plugin_conf.c core/plugin_conf.h \
	core/random.c core/random.h \
	core/rudp.c core/rudp.h \
	core/server_keys.c core/server_keys.h \
	core/settings.c core/settings.h core/settings_check.c \
	core/settings_keys.c core/settings_old.c core/settings_secret.c \
	core/settings_values.c \
	core/settings_parts.h \
	core/sockaddr.c core/sockaddr.h \
	core/status.c core/status.h core/status_print.c \
	core/tsp.c core/tsp.h core/tsp_xml.c core/tsp_status.c
core_libcore_a_CPPFLAGS = $(TREE_CPPFLAGS)
core_libcore_a_CFLAGS = $(AM_CFLAGS) $(CONFIG_CFLAGS) $(EVENT_CFLAGS) \
	$(EXPAT_CFLAGS) $(GNUTLS_CFLAGS) -fPIC
CORE_LIBS = core/libcore.a $(LIBLTDL) $(CONFIG_LIBS) $(EVENT_LIBS) \
	$(EXPAT_LIBS) $(GNUTLS_LIBS) -lm

sbin_PROGRAMS += gw6c
gw6c_SOURCES = \
	core/main.c core/run.c core/run.h \
	core/args.c core/args.h core/args_help.c \
	core/attempts.c core/attempts.h \
	core/client.c core/client.h core/client_parts.h \
	core/client_events.c core/client_home.c core/client_redirect.c \
	core/client_renew.c core/client_status.c \
	core/distances.c core/distances.h core/exit.h \
	core/features.c core/features.h \
	core/keepalive.c core/keepalive.h \
	core/lookout.c core/lookout.h \
	core/mechanisms.c core/mechanisms.h \
	core/paper.c core/paper.h \
	core/servers.c core/servers.h \
	core/natlife.c core/natlife.h \
	core/plugins_cmd.c core/plugins_cmd.h \
	core/service.c core/service.h \
	core/session.c core/session.h core/session_login.c \
	core/session_parts.h \
	core/template.c core/template.h \
	core/terminal.c core/terminal.h \
	core/transport.h core/transport_parts.h core/transport.c \
	core/transport_tcp.c core/transport_udp.c \
	core/trust.c core/trust.h \
	core/tunnel.c core/tunnel.h
gw6c_CPPFLAGS = $(TREE_CPPFLAGS)

# The unit as a C string, with %s for the program and the configuration.
BUILT_SOURCES += core/service_unit.h
CLEANFILES += core/service_unit.h
core/service_unit.h: conf/gw6c.service.in
	$(AM_V_GEN)$(MKDIR_P) core && $(SED) -e 's|["\\]|\\&|g' -e 's|%|%%|g' \
		-e 's|@sbindir[@]/gw6c|%s|' -e 's|@confdir[@]/gw6c.conf|%s|' \
		-e 's|.*|"&\\n"|' $(srcdir)/conf/gw6c.service.in > $@
gw6c_CFLAGS = $(AM_CFLAGS) $(GNUTLS_CFLAGS) -fPIE
gw6c_LDFLAGS = $(AM_LDFLAGS) -pie -dlopen self
gw6c_LDADD = $(CORE_LIBS)
