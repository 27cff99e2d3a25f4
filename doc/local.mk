# doc - manual pages and notes.
dist_man_MANS += doc/gw6c.8 doc/gw6c.conf.5 doc/gw6c-broker.8 \
	doc/gw6c-broker.conf.5 doc/gw6c-plugin-check.1
EXTRA_DIST += doc/ABI-CHANGES doc/HACKING.md doc/dependencies.md \
	doc/variables.md
