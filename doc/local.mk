# doc - manual pages and notes.
dist_man_MANS += doc/gw6c.8 doc/gw6c.conf.5 doc/gw6c-broker.8 \
	doc/gw6c-broker.conf.5 doc/gw6c-dns-update.7 doc/gw6c-home-access.7 \
	doc/gw6c-home-web.7 doc/gw6c-os.7 \
	doc/gw6c-plugin-check.1 doc/gw6c-plugin.7
EXTRA_DIST += doc/ABI-CHANGES doc/HACKING.md doc/dependencies.md \
	doc/attack-figures.md doc/publish-a-folder.md doc/variables.md \
	doc/os-commands.md doc/os-commands.sh

# For authors of plugins: installed, so that nothing of the tree is needed.
dist_doc_DATA = doc/first-backend.md doc/threat-model.md doc/ABI-CHANGES
exampledir = $(docdir)/example-plugin
dist_example_DATA = \
	doc/example-plugin/Makefile.am doc/example-plugin/README \
	doc/example-plugin/auth_example.c \
	doc/example-plugin/configure.ac \
	doc/example-plugin/feature_address_file.c \
	doc/example-plugin/feature_goodbye.c \
	doc/example-plugin/os_example.c \
	doc/example-plugin/test_address_file.c \
	doc/example-plugin/tunnel_example.c

installcheck-local: installcheck-example
installcheck-example:
	DESTDIR='$(DESTDIR)' pkgconfigdir='$(pkgconfigdir)' \
		aclocaldir='$(aclocaldir)' exampledir='$(exampledir)' \
		mandir='$(mandir)' CC='$(CC)' $(SHELL) $(srcdir)/tests/contract/example.sh
.PHONY: installcheck-example
EXTRA_DIST += tests/contract/example.sh
