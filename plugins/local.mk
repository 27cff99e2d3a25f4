# plugins - operating systems and features.
plugin_LTLIBRARIES += os_null.la
os_null_la_SOURCES = plugins/os/os_null.c
os_null_la_LDFLAGS = $(PLUGIN_LDFLAGS)

# The units as C strings, with %s for the program and the configuration.
LINUX_UNITS = plugins/os/linux_service_unit.h plugins/os/linux_wait_up_unit.h
UNIT_STRING = $(MKDIR_P) plugins/os && $(SED) -e 's|["\\]|\\&|g' -e 's|%|%%|g' \
	-e 's|@sbindir[@]/gw6c|%s|' -e 's|@confdir[@]/gw6c.conf|%s|' \
	-e 's|.*|"&\\n"|'
BUILT_SOURCES += $(LINUX_UNITS)
CLEANFILES += $(LINUX_UNITS)
plugins/os/linux_service_unit.h: conf/gw6c.service.in
	$(AM_V_GEN)$(UNIT_STRING) $(srcdir)/conf/gw6c.service.in > $@
plugins/os/linux_wait_up_unit.h: conf/gw6c-wait-up.service.in
	$(AM_V_GEN)$(UNIT_STRING) $(srcdir)/conf/gw6c-wait-up.service.in > $@

if LINUX
plugin_LTLIBRARIES += os_linux.la
os_linux_la_SOURCES = plugins/os/os_linux.c plugins/os/linux.h \
	plugins/os/linux_kernel.c plugins/os/linux_link.c plugins/os/linux_onlink.c \
	plugins/os/linux_addr.c plugins/os/linux_better.c \
	plugins/os/linux_damage.c plugins/os/linux_former.c \
	plugins/os/linux_ra.c plugins/os/linux_route.c \
	plugins/os/linux_rtnl.c plugins/os/linux_service.c \
	plugins/os/linux_service.h plugins/os/linux_settings.c \
	plugins/os/own_file.h \
	plugins/os/linux_sysctl.c plugins/os/linux_watch.c
nodist_os_linux_la_SOURCES = $(LINUX_UNITS)
os_linux_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_builddir)/plugins/os
os_linux_la_CFLAGS = $(AM_CFLAGS) $(MNL_CFLAGS)
os_linux_la_LDFLAGS = $(PLUGIN_LDFLAGS)
os_linux_la_LIBADD = $(MNL_LIBS)
endif

plugin_LTLIBRARIES += feature_router_adv.la
feature_router_adv_la_SOURCES = plugins/features/router_adv.c \
	plugins/features/radvd_conf.c plugins/features/radvd_conf.h
feature_router_adv_la_LDFLAGS = $(PLUGIN_LDFLAGS)

plugin_LTLIBRARIES += feature_dns_update.la
feature_dns_update_la_SOURCES = $(DNS_UPDATE_FILES)
feature_dns_update_la_CPPFLAGS = $(AM_CPPFLAGS) $(DNS_UPDATE_DEFS)
feature_dns_update_la_LDFLAGS = $(PLUGIN_LDFLAGS)
DNS_UPDATE_DEFS = -DDNS_JOURNAL='"$(statedir)/dns-update.journal"'
DNS_UPDATE_FILES = plugins/features/dns_update.c \
	plugins/features/dns_update.h plugins/features/dns_update_check.c \
	plugins/features/dns_update_command.c \
	plugins/features/dns_update_journal.c \
	plugins/features/dns_update_key.c \
	plugins/features/dns_update_names.c \
	plugins/features/dns_update_nsupdate.c \
	plugins/features/dns_update_options.c \
	plugins/features/dns_update_proxy.c \
	plugins/features/dns_update_queue.c \
	plugins/features/dns_update_result.c \
	plugins/features/dns_update_sources.c \
	plugins/features/dns_update_status.c \
	plugins/features/dns_update_work.c

plugin_LTLIBRARIES += os_script.la
os_script_la_SOURCES = plugins/os/os_script.c plugins/os/script_env.c \
	plugins/os/script_env.h plugins/os/own_file.h plugins/os/tun.c \
	plugins/os/tun.h plugins/os/relay.c
os_script_la_LDFLAGS = $(PLUGIN_LDFLAGS)

# Systems that are driven by their tools. All are built everywhere, so that
# what they would do can be shown, and tested.
TOOLS_FILES = plugins/os/commands.c plugins/os/commands.h \
	plugins/os/tools.c plugins/os/tools.h plugins/os/tun.c \
	plugins/os/tun.h plugins/os/relay.c
BSD_FILES = plugins/os/bsd.c plugins/os/bsd.h $(TOOLS_FILES)
plugin_LTLIBRARIES += os_freebsd.la os_netbsd.la os_openbsd.la os_darwin.la
os_freebsd_la_SOURCES = plugins/os/os_freebsd.c $(BSD_FILES)
os_freebsd_la_LDFLAGS = $(PLUGIN_LDFLAGS)
os_netbsd_la_SOURCES = plugins/os/os_netbsd.c $(BSD_FILES)
os_netbsd_la_LDFLAGS = $(PLUGIN_LDFLAGS)
os_openbsd_la_SOURCES = plugins/os/os_openbsd.c $(BSD_FILES)
os_openbsd_la_LDFLAGS = $(PLUGIN_LDFLAGS)
os_darwin_la_SOURCES = plugins/os/os_darwin.c $(BSD_FILES)
os_darwin_la_LDFLAGS = $(PLUGIN_LDFLAGS)
plugin_LTLIBRARIES += os_windows.la os_cisco.la os_checktunnel.la
os_windows_la_SOURCES = plugins/os/os_windows.c $(TOOLS_FILES)
os_windows_la_LDFLAGS = $(PLUGIN_LDFLAGS)
os_cisco_la_SOURCES = plugins/os/os_cisco.c plugins/os/commands.c \
	plugins/os/commands.h
os_cisco_la_LDFLAGS = $(PLUGIN_LDFLAGS)
os_checktunnel_la_SOURCES = plugins/os/os_checktunnel.c
os_checktunnel_la_LDFLAGS = $(PLUGIN_LDFLAGS)

# Home Web: the feature, and the worker that speaks to strangers.
if HOME_WEB
plugin_LTLIBRARIES += feature_home_web.la
feature_home_web_la_SOURCES = $(HOME_WEB_FEATURE)
feature_home_web_la_CPPFLAGS = $(HOME_WEB_CPPFLAGS)
feature_home_web_la_LDFLAGS = $(PLUGIN_LDFLAGS)
pkglibexec_PROGRAMS += gw6c-web
endif
HOME_WEB_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_builddir) \
	-DWEB_WORKER='"$(pkglibexecdir)/gw6c-web"'
HOME_WEB_FEATURE = plugins/features/home_web.c plugins/features/home_web.h \
	plugins/features/home_web_cert.c plugins/features/home_web_check.c \
	plugins/features/home_web_files.c \
	plugins/features/home_web_listen.c plugins/features/home_web_look.c \
	plugins/features/home_web_options.c \
	plugins/features/home_web_pair.c plugins/features/home_web_status.c plugins/features/home_web_worker.c \
	plugins/features/home_web_workers.c
HOME_WEB_FIELDS = plugins/home_web/conditions.c plugins/home_web/encodings.c \
	plugins/home_web/http_date.c plugins/home_web/ranges.c
# What needs no library but C's.
HOME_WEB_PURE = plugins/home_web/access_log.c plugins/home_web/access_log.h \
	plugins/home_web/conditions.c plugins/home_web/conditions.h \
	plugins/home_web/connections.c plugins/home_web/connections.h \
	plugins/home_web/encodings.c plugins/home_web/encodings.h \
	plugins/home_web/http_date.c plugins/home_web/http_date.h \
	plugins/home_web/listing.c plugins/home_web/listing.h \
	plugins/home_web/page.c plugins/home_web/page.h \
	plugins/home_web/path.c plugins/home_web/path.h \
	plugins/home_web/ranges.c plugins/home_web/ranges.h \
	plugins/home_web/request.c plugins/home_web/request.h \
	plugins/home_web/types.c plugins/home_web/types.h
gw6c_web_SOURCES = plugins/home_web/answer.c plugins/home_web/answer.h \
	plugins/home_web/answer_check.c plugins/home_web/answer_file.c \
	plugins/home_web/answer_parts.h plugins/home_web/answer_ranges.c \
	plugins/home_web/sandbox.c plugins/home_web/sandbox.h \
	plugins/home_web/server.c plugins/home_web/server.h \
	plugins/home_web/server_parts.h plugins/home_web/server_requests.c \
	plugins/home_web/tls.c plugins/home_web/tls.h \
	plugins/home_web/worker.c plugins/home_web/worker_conf.c \
	plugins/home_web/worker_conf.h $(HOME_WEB_PURE)
gw6c_web_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_builddir)
gw6c_web_CFLAGS = $(AM_CFLAGS) -fPIE $(MHD_CFLAGS) $(GNUTLS_CFLAGS) \
	$(SECCOMP_CFLAGS) $(CAPNG_CFLAGS)
gw6c_web_LDFLAGS = $(AM_LDFLAGS) -pie
gw6c_web_LDADD = $(MHD_LIBS) $(GNUTLS_LIBS) $(SECCOMP_LIBS) $(CAPNG_LIBS)

# Home Access: the feature; HAProxy answers visitors.
HOME_ACCESS_LIST = plugins/features/home_access_devices.c \
	plugins/features/home_access_devices.h \
	plugins/features/home_access_word.c plugins/features/home_access_word.h
HOME_ACCESS_CONF = plugins/features/home_access_conf.c \
	plugins/features/home_access_conf.h \
	plugins/features/home_access_conf_http.c \
	plugins/features/home_access_conf_page.c \
	plugins/features/home_access_conf_parts.h
HOME_ACCESS_USERS = plugins/features/home_access_users.c \
	plugins/features/home_access_users.h
HOME_ACCESS_TARGET = plugins/features/home_access_target.c \
	plugins/features/home_access_target.h
HOME_ACCESS_FEATURE = plugins/features/home_access.c \
	plugins/features/home_access.h plugins/features/home_access_ask.c \
	plugins/features/home_access_check.c \
	plugins/features/home_access_engine.c \
	plugins/features/home_access_entries.c \
	plugins/features/home_access_leave.c \
	plugins/features/home_access_lists.c \
	plugins/features/home_access_listen.c \
	plugins/features/home_access_names.c \
	plugins/features/home_access_options.c \
	plugins/features/home_access_pair.c \
	plugins/features/home_access_parts.c \
	plugins/features/home_access_plan.c \
	plugins/features/home_access_resolve.c \
	plugins/features/home_access_serve.c \
	plugins/features/home_access_status.c $(HOME_ACCESS_LIST) \
	$(HOME_ACCESS_CONF) $(HOME_ACCESS_USERS) $(HOME_ACCESS_TARGET)
HOME_ACCESS_CPPFLAGS = $(AM_CPPFLAGS) \
	-DACCESS_DEVICES_FILE='"$(confdir)/home-access.devices"'
if HOME_ACCESS
plugin_LTLIBRARIES += feature_home_access.la
feature_home_access_la_SOURCES = $(HOME_ACCESS_FEATURE)
feature_home_access_la_CPPFLAGS = $(HOME_ACCESS_CPPFLAGS)
feature_home_access_la_LDFLAGS = $(PLUGIN_LDFLAGS)
bin_PROGRAMS += gw6c-home-access
endif
gw6c_home_access_SOURCES = plugins/features/home_access_scan.c \
	$(HOME_ACCESS_TARGET)
