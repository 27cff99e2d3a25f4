# conf - the sample configuration and the service files.
EXTRA_DIST += conf/gw6c.conf
CLEANFILES += conf/gw6c.conf.sample
conf_DATA = conf/gw6c.conf.sample

# Installed under a name that never replaces the operator's own.
conf/gw6c.conf.sample: conf/gw6c.conf
	$(AM_V_GEN)$(MKDIR_P) conf && cp $(srcdir)/conf/gw6c.conf $@

EXTRA_DIST += conf/gw6c.service.in
CLEANFILES += conf/gw6c.service
if SYSTEMD
systemdsystemunit_DATA = conf/gw6c.service
endif

conf/gw6c.service: conf/gw6c.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) conf && $(SED) -e 's|@sbindir[@]|$(sbindir)|g' \
		-e 's|@confdir[@]|$(confdir)|g' \
		$(srcdir)/conf/gw6c.service.in > $@
