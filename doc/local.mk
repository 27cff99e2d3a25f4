# doc - manual pages and notes.
dist_man_MANS += doc/gw6c.conf.5
