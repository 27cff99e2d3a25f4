# conf - the sample configurations and the service files.
EXTRA_DIST += conf/gw6c.conf conf/gw6c-broker.conf
CLEANFILES += conf/gw6c.conf.sample conf/gw6c-broker.conf.sample
conf_DATA = conf/gw6c.conf.sample conf/gw6c-broker.conf.sample

# Installed under a name that never replaces the operator's own.
conf/gw6c.conf.sample: conf/gw6c.conf
	$(AM_V_GEN)$(MKDIR_P) conf && cp $(srcdir)/conf/gw6c.conf $@
conf/gw6c-broker.conf.sample: conf/gw6c-broker.conf
	$(AM_V_GEN)$(MKDIR_P) conf && cp $(srcdir)/conf/gw6c-broker.conf $@

dist_pkgdata_DATA = conf/plugins.index

# The account that Home Web runs as: systemd-sysusers(8) makes it.
EXTRA_DIST += conf/gw6c-web.sysusers
CLEANFILES += conf/gw6c-web.conf
conf/gw6c-web.conf: conf/gw6c-web.sysusers
	$(AM_V_GEN)$(MKDIR_P) conf && cp $(srcdir)/conf/gw6c-web.sysusers $@
if HOME_WEB
if SYSTEMD
sysusersdir = $(prefix)/lib/sysusers.d
sysusers_DATA = conf/gw6c-web.conf
endif
endif

# And that of the HAProxy of Home Access.
EXTRA_DIST += conf/gw6c-access.sysusers
CLEANFILES += conf/gw6c-access.conf
conf/gw6c-access.conf: conf/gw6c-access.sysusers
	$(AM_V_GEN)$(MKDIR_P) conf && cp $(srcdir)/conf/gw6c-access.sysusers $@
if HOME_ACCESS
if SYSTEMD
accessusersdir = $(prefix)/lib/sysusers.d
accessusers_DATA = conf/gw6c-access.conf
endif
endif

EXTRA_DIST += conf/gw6c.service.in conf/gw6c-broker.service.in \
	conf/gw6c-wait-up.service.in
CLEANFILES += conf/gw6c.service conf/gw6c-broker.service \
	conf/gw6c-wait-up.service
if SYSTEMD
systemdsystemunit_DATA = conf/gw6c.service conf/gw6c-broker.service \
	conf/gw6c-wait-up.service
endif

UNIT_SED = $(SED) -e 's|@sbindir[@]|$(sbindir)|g' \
	-e 's|@confdir[@]|$(confdir)|g'

conf/gw6c.service: conf/gw6c.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) conf && \
		$(UNIT_SED) $(srcdir)/conf/gw6c.service.in > $@
conf/gw6c-wait-up.service: conf/gw6c-wait-up.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) conf && \
		$(UNIT_SED) $(srcdir)/conf/gw6c-wait-up.service.in > $@
conf/gw6c-broker.service: conf/gw6c-broker.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) conf && \
		$(UNIT_SED) $(srcdir)/conf/gw6c-broker.service.in > $@

# GW6C_PLUGIN_INIT, for configure scripts of plugins.
aclocaldir = $(datadir)/aclocal
dist_aclocal_DATA = conf/gw6c.m4
