# tests/contract - what core promises plugins, and they promise core.
CONTRACT_FILES = $(UNIT_FILES)
CONTRACT_CPPFLAGS = $(UNIT_CPPFLAGS) \
	-DMODULES='"$(abs_top_builddir)/tests/contract/.libs"'
CONTRACT_CFLAGS = $(UNIT_CFLAGS)
CONTRACT_LIBS = $(UNIT_LIBS)

# Modules that are right or wrong in one way each. libtool makes shared
# objects of those only that could be installed somewhere.
CONTRACT_LDFLAGS = $(SAN_CFLAGS) -module -avoid-version -shared \
	-rpath /nowhere -export-symbols-regex '_LTX_gw6c_plugin$$'
CONTRACT_MODULES = \
	tests/contract/auth_abi1.la tests/contract/auth_bad_options.la \
	tests/contract/auth_good.la tests/contract/auth_missing_op.la \
	tests/contract/auth_newer.la tests/contract/auth_no_symbol.la \
	tests/contract/auth_orphan.la tests/contract/auth_short.la \
	tests/contract/auth_twice.la tests/contract/auth_two_words.la tests/contract/auth_undefined.la \
	tests/contract/auth_wrong_abi.la tests/contract/auth_wrong_kind.la \
	tests/contract/auth_wrong_name.la tests/contract/feature_bereft.la \
	tests/contract/feature_circle_a.la tests/contract/feature_circle_b.la \
	tests/contract/feature_good.la tests/contract/feature_vague.la \
	tests/contract/os_cut.la tests/contract/os_faulty.la \
	tests/contract/os_older.la \
	tests/contract/auth_any.la \
	tests/contract/auth_no_head.la \
	tests/contract/auth_no_size.la \
	tests/contract/feature_faulty.la \
	tests/contract/feature_rude.la \
	tests/contract/tunnel_far_too_long_a_name.la \
	tests/contract/tunnel_half.la
tests_contract_auth_abi1_la_SOURCES = tests/contract/auth_abi1.c
tests_contract_auth_abi1_la_LDFLAGS = $(CONTRACT_LDFLAGS)
tests_contract_auth_bad_options_la_SOURCES = tests/contract/auth_bad_options.c
tests_contract_auth_bad_options_la_LDFLAGS = $(CONTRACT_LDFLAGS)
tests_contract_auth_good_la_SOURCES = tests/contract/auth_good.c
tests_contract_auth_good_la_LDFLAGS = $(CONTRACT_LDFLAGS)
tests_contract_auth_missing_op_la_SOURCES = tests/contract/auth_missing_op.c
tests_contract_auth_missing_op_la_LDFLAGS = $(CONTRACT_LDFLAGS)
tests_contract_auth_newer_la_SOURCES = tests/contract/auth_newer.c
tests_contract_auth_newer_la_LDFLAGS = $(CONTRACT_LDFLAGS)
tests_contract_auth_no_symbol_la_SOURCES = tests/contract/auth_no_symbol.c
tests_contract_auth_no_symbol_la_LDFLAGS = $(CONTRACT_LDFLAGS)
tests_contract_auth_orphan_la_SOURCES = tests/contract/auth_orphan.c
tests_contract_auth_orphan_la_LDFLAGS = $(CONTRACT_LDFLAGS) \
	-Wl,--no-as-needed,$(abs_top_builddir)/tests/contract/.libs/libgone.so
tests_contract_auth_short_la_SOURCES = tests/contract/auth_short.c
tests_contract_auth_short_la_LDFLAGS = $(CONTRACT_LDFLAGS)
tests_contract_auth_twice_la_SOURCES = tests/contract/auth_twice.c
tests_contract_auth_twice_la_LDFLAGS = $(CONTRACT_LDFLAGS)
tests_contract_auth_two_words_la_SOURCES = tests/contract/auth_two_words.c
tests_contract_auth_two_words_la_LDFLAGS = $(CONTRACT_LDFLAGS)
tests_contract_auth_undefined_la_SOURCES = tests/contract/auth_undefined.c
tests_contract_auth_undefined_la_LDFLAGS = $(CONTRACT_LDFLAGS)
tests_contract_auth_wrong_abi_la_SOURCES = tests/contract/auth_wrong_abi.c
tests_contract_auth_wrong_abi_la_LDFLAGS = $(CONTRACT_LDFLAGS)
tests_contract_auth_wrong_kind_la_SOURCES = tests/contract/auth_wrong_kind.c
tests_contract_auth_wrong_kind_la_LDFLAGS = $(CONTRACT_LDFLAGS)
tests_contract_auth_wrong_name_la_SOURCES = tests/contract/auth_wrong_name.c
tests_contract_auth_wrong_name_la_LDFLAGS = $(CONTRACT_LDFLAGS)
tests_contract_feature_bereft_la_SOURCES = tests/contract/feature_bereft.c
tests_contract_feature_bereft_la_LDFLAGS = $(CONTRACT_LDFLAGS)
tests_contract_feature_circle_a_la_SOURCES = tests/contract/feature_circle_a.c
tests_contract_feature_circle_a_la_LDFLAGS = $(CONTRACT_LDFLAGS)
tests_contract_feature_circle_b_la_SOURCES = tests/contract/feature_circle_b.c
tests_contract_feature_circle_b_la_LDFLAGS = $(CONTRACT_LDFLAGS)
tests_contract_feature_good_la_SOURCES = tests/contract/feature_good.c
tests_contract_feature_good_la_LDFLAGS = $(CONTRACT_LDFLAGS)
tests_contract_feature_vague_la_SOURCES = tests/contract/feature_vague.c
tests_contract_feature_vague_la_LDFLAGS = $(CONTRACT_LDFLAGS)
tests_contract_os_cut_la_SOURCES = tests/contract/os_cut.c
tests_contract_os_cut_la_LDFLAGS = $(CONTRACT_LDFLAGS)
tests_contract_os_faulty_la_SOURCES = tests/contract/os_faulty.c
tests_contract_os_faulty_la_LDFLAGS = $(CONTRACT_LDFLAGS)
tests_contract_os_older_la_SOURCES = tests/contract/os_older.c
tests_contract_os_older_la_LDFLAGS = $(CONTRACT_LDFLAGS)
tests_contract_auth_any_la_SOURCES = tests/contract/auth_any.c
tests_contract_auth_any_la_LDFLAGS = $(CONTRACT_LDFLAGS)
tests_contract_auth_no_head_la_SOURCES = tests/contract/auth_no_head.c
tests_contract_auth_no_head_la_LDFLAGS = $(CONTRACT_LDFLAGS)
tests_contract_auth_no_size_la_SOURCES = tests/contract/auth_no_size.c
tests_contract_auth_no_size_la_LDFLAGS = $(CONTRACT_LDFLAGS)
tests_contract_feature_faulty_la_SOURCES = tests/contract/feature_faulty.c
tests_contract_feature_faulty_la_LDFLAGS = $(CONTRACT_LDFLAGS)
tests_contract_feature_rude_la_SOURCES = tests/contract/feature_rude.c
tests_contract_feature_rude_la_LDFLAGS = $(CONTRACT_LDFLAGS)
tests_contract_tunnel_far_too_long_a_name_la_SOURCES = tests/contract/tunnel_far_too_long_a_name.c
tests_contract_tunnel_far_too_long_a_name_la_LDFLAGS = $(CONTRACT_LDFLAGS)
tests_contract_tunnel_half_la_SOURCES = tests/contract/tunnel_half.c
tests_contract_tunnel_half_la_LDFLAGS = $(CONTRACT_LDFLAGS)

# The library is at hand when this is linked, and nowhere afterwards.
tests_contract_libgone_la_SOURCES = tests/contract/gone.c
tests_contract_libgone_la_LDFLAGS = $(SAN_CFLAGS) -avoid-version -shared \
	-rpath /nowhere -export-symbols-regex gw6c_contract_gone
tests_contract_auth_orphan_la_DEPENDENCIES = tests/contract/libgone.la

# Frozen: a plugin written for the first release builds and loads for ever.
ABI1_FILES = tests/contract/abi1/gw6c/addr.h \
	tests/contract/abi1/gw6c/auth.h tests/contract/abi1/gw6c/buf.h \
	tests/contract/abi1/gw6c/err.h tests/contract/abi1/gw6c/host.h \
	tests/contract/abi1/gw6c/lease.h tests/contract/abi1/gw6c/plan.h \
	tests/contract/abi1/gw6c/plugin.h
tests_contract_auth_abi1_la_CPPFLAGS = -I$(top_srcdir)/tests/contract/abi1
EXTRA_DIST += $(ABI1_FILES) tests/contract/module.h

# One module linked into the program, as a static gw6c has all of them.
tests_contract_auth_inside_la_SOURCES = tests/contract/auth_inside.c
tests_contract_auth_inside_la_LDFLAGS = -module -avoid-version -static \
	-rpath /builtin

CONTRACT_TESTS = tests/contract/test_modules tests/contract/test_built_in \
	tests/contract/test_sizes tests/contract/test_plugin_conf
tests_contract_test_modules_SOURCES = tests/contract/test_modules.c \
	$(CONTRACT_FILES)
tests_contract_test_modules_CPPFLAGS = $(CONTRACT_CPPFLAGS)
tests_contract_test_modules_CFLAGS = $(CONTRACT_CFLAGS)
tests_contract_test_modules_LDFLAGS = $(AM_LDFLAGS) -dlopen self
tests_contract_test_modules_LDADD = $(CONTRACT_LIBS)
tests_contract_test_modules_DEPENDENCIES = $(CONTRACT_MODULES)

tests_contract_test_built_in_SOURCES = tests/contract/test_built_in.c \
	tests/fake/fake_trusted.c $(CONTRACT_FILES)
tests_contract_test_built_in_CPPFLAGS = $(CONTRACT_CPPFLAGS)
tests_contract_test_built_in_CFLAGS = $(CONTRACT_CFLAGS)
tests_contract_test_built_in_LDFLAGS = $(AM_LDFLAGS) -dlopen self
tests_contract_test_built_in_LDADD = \
	-dlpreopen tests/contract/auth_inside.la $(CONTRACT_LIBS)
tests_contract_test_built_in_DEPENDENCIES = $(CONTRACT_MODULES) \
	tests/contract/auth_inside.la

tests_contract_test_plugin_conf_SOURCES = tests/contract/test_plugin_conf.c \
	tests/fake/fake_trusted.c $(CONTRACT_FILES)
tests_contract_test_plugin_conf_CPPFLAGS = $(CONTRACT_CPPFLAGS)
tests_contract_test_plugin_conf_CFLAGS = $(CONTRACT_CFLAGS)
tests_contract_test_plugin_conf_LDFLAGS = $(AM_LDFLAGS) -dlopen self
tests_contract_test_plugin_conf_LDADD = $(CONTRACT_LIBS)
tests_contract_test_plugin_conf_DEPENDENCIES = $(CONTRACT_MODULES)

tests_contract_test_sizes_SOURCES = tests/contract/test_sizes.c $(UNIT_FILES)
tests_contract_test_sizes_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_contract_test_sizes_CFLAGS = $(UNIT_CFLAGS)
tests_contract_test_sizes_LDADD = $(UNIT_LIBS)

if HAVE_CUNIT
check_LTLIBRARIES += $(CONTRACT_MODULES) tests/contract/libgone.la \
	tests/contract/auth_inside.la
check_PROGRAMS += $(CONTRACT_TESTS)
TESTS += $(CONTRACT_TESTS)
endif

# Who includes what, and what a built module shows to the world.
CONTRACT_CHECKS = tests/contract/arrows.sh tests/contract/names.sh \
	tests/contract/symbols.sh tests/contract/manuals.sh
EXTRA_DIST += $(CONTRACT_CHECKS)
TESTS += $(CONTRACT_CHECKS)

# What every plugin must do: an installed tool, for plugins of others, too.
bin_PROGRAMS += gw6c-plugin-check
gw6c_plugin_check_SOURCES = tests/contract/check.h \
	tests/contract/check_auth.c tests/contract/check_auth_key.c \
	tests/contract/check_call.c tests/contract/check_feature.c \
	tests/contract/check_feature_plan.c tests/contract/check_host.c \
	tests/contract/check_imports.c tests/contract/check_kernel.c \
	tests/contract/check_main.c tests/contract/check_module.c \
	tests/contract/check_options.c tests/contract/check_os.c \
	tests/contract/check_os_killed.c tests/contract/check_os_live.c \
	tests/contract/check_os_plan.c tests/contract/check_output.c \
	tests/contract/check_plan.c tests/contract/check_process.c \
	tests/contract/check_report.c tests/contract/check_tunnel.c \
	tests/contract/check_tunnel_header.c tests/contract/check_tunnel_table.c
gw6c_plugin_check_CPPFLAGS = $(TREE_CPPFLAGS)
gw6c_plugin_check_CFLAGS = $(AM_CFLAGS) -fPIE
gw6c_plugin_check_LDFLAGS = $(AM_LDFLAGS) -pie -dlopen self
gw6c_plugin_check_LDADD = $(CORE_LIBS)
CHECKED = tests/contract/os_backends.sh tests/contract/mechanisms.sh \
	tests/contract/other_plugins.sh tests/contract/plugin_check.sh \
	tests/contract/mutants.sh
TESTS += $(CHECKED)
EXTRA_DIST += $(CHECKED)

# What backends that drive tools run, in each mode.
check_PROGRAMS += tests/contract/test_commands
tests_contract_test_commands_SOURCES = tests/contract/test_commands.c \
	tests/contract/machine.c tests/contract/machine.h \
	$(FAKE_HOST)
tests_contract_test_commands_CPPFLAGS = $(TREE_CPPFLAGS)
tests_contract_test_commands_CFLAGS = $(AM_CFLAGS)
tests_contract_test_commands_LDFLAGS = $(UNIT_LINK)
tests_contract_test_commands_LDADD = $(CORE_LIBS) -ldl
TESTS += tests/contract/commands.sh
EXTRA_DIST += tests/contract/commands.sh
COMMAND_FILES = \
	tests/data/os/freebsd/v6v4-host.txt tests/data/os/freebsd/v6v4-router.txt \
	tests/data/os/freebsd/v6udpv4-host.txt tests/data/os/freebsd/v6udpv4-router.txt \
	tests/data/os/freebsd/v4v6-host.txt tests/data/os/freebsd/v4v6-router.txt \
	tests/data/os/netbsd/v6v4-host.txt tests/data/os/netbsd/v6v4-router.txt \
	tests/data/os/netbsd/v6udpv4-host.txt tests/data/os/netbsd/v6udpv4-router.txt \
	tests/data/os/netbsd/v4v6-host.txt tests/data/os/netbsd/v4v6-router.txt \
	tests/data/os/openbsd/v6v4-host.txt tests/data/os/openbsd/v6v4-router.txt \
	tests/data/os/openbsd/v6udpv4-host.txt tests/data/os/openbsd/v6udpv4-router.txt \
	tests/data/os/openbsd/v4v6-host.txt tests/data/os/openbsd/v4v6-router.txt \
	tests/data/os/darwin/v6v4-host.txt tests/data/os/darwin/v6v4-router.txt \
	tests/data/os/darwin/v6udpv4-host.txt tests/data/os/darwin/v6udpv4-router.txt \
	tests/data/os/darwin/v4v6-host.txt tests/data/os/darwin/v4v6-router.txt \
	tests/data/os/windows/v6v4-host.txt tests/data/os/windows/v6v4-router.txt \
	tests/data/os/windows/v6udpv4-host.txt tests/data/os/windows/v6udpv4-router.txt \
	tests/data/os/windows/v4v6-host.txt tests/data/os/windows/v4v6-router.txt \
	tests/data/os/cisco/v6v4-host.txt tests/data/os/cisco/v6v4-router.txt \
	tests/data/os/cisco/v6udpv4-host.txt tests/data/os/cisco/v6udpv4-router.txt \
	tests/data/os/cisco/v4v6-host.txt tests/data/os/cisco/v4v6-router.txt \
	tests/data/os/null/v6v4-host.txt tests/data/os/null/v6v4-router.txt \
	tests/data/os/null/v6udpv4-host.txt tests/data/os/null/v6udpv4-router.txt \
	tests/data/os/null/v4v6-host.txt tests/data/os/null/v4v6-router.txt
EXTRA_DIST += $(COMMAND_FILES)

# Write down anew what they run; to be read before it is committed.
os-commands: tests/contract/test_commands $(plugin_LTLIBRARIES)
	$(AM_V_GEN)tests/contract/test_commands .libs \
		$(abs_top_srcdir)/tests/data/os write && \
		sh $(srcdir)/doc/os-commands.sh $(srcdir)/tests/data/os \
			>$(srcdir)/doc/os-commands.md
.PHONY: os-commands

# And those that were installed; nothing of the source tree is used.
installcheck-local: installcheck-plugins
installcheck-plugins:
	$(DESTDIR)$(bindir)/gw6c-plugin-check \
		-o os.script.path=/nonexistent/script \
		$(DESTDIR)$(plugindir)/*_*.so
.PHONY: installcheck-plugins
