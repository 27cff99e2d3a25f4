# doc - manual pages and notes.
dist_man_MANS += doc/gw6c.8 doc/gw6c.conf.5
EXTRA_DIST += doc/HACKING.md doc/dependencies.md
