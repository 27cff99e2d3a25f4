# conf - the sample configuration and the service files.
EXTRA_DIST += conf/gw6c.conf
CLEANFILES += conf/gw6c.conf.sample
conf_DATA = conf/gw6c.conf.sample

# Installed under a name that never replaces the operator's own.
conf/gw6c.conf.sample: conf/gw6c.conf
	$(AM_V_GEN)$(MKDIR_P) conf && cp $(srcdir)/conf/gw6c.conf $@
