# doc - manual pages and notes.
dist_man_MANS +=
