# tests/integration - the whole in a lab of network namespaces.
# The longest first: the others run beside them.
INTEGRATION_TESTS = \
	tests/integration/kernel_life.sh \
	tests/integration/kernel_modes.sh \
	tests/integration/lease.sh \
	tests/integration/faults_datagrams.sh \
	tests/integration/dns_update.sh \
	tests/integration/dns_update_faults.sh \
	tests/integration/faults_broker.sh \
	tests/integration/faults_way.sh \
	tests/integration/faults_machine.sh \
	tests/integration/tcp.sh \
	tests/integration/nat_lifetime.sh \
	tests/integration/multi_site.sh \
	tests/integration/attacks/limits.sh \
	tests/integration/attacks/silent.sh \
	tests/integration/attacks/amplifier.sh \
	tests/integration/attacks/eviction.sh \
	tests/integration/attacks/hijack.sh \
	tests/integration/attacks/pool.sh \
	tests/integration/attacks/place.sh \
	tests/integration/attacks/work.sh \
	tests/integration/address_change.sh \
	tests/integration/attacks/lease_takeover.sh \
	tests/integration/attacks/off_path.sh \
	tests/integration/attacks/redirect_always.sh \
	tests/integration/attacks/redirect_pinned.sh \
	tests/integration/any_dropped.sh \
	tests/integration/attacks/descriptors.sh \
	tests/integration/attacks/guessing.sh \
	tests/integration/attacks/private_status.sh \
	tests/integration/attacks/slow.sh \
	tests/integration/any_moves.sh \
	tests/integration/background.sh \
	tests/integration/bad_plugin.sh \
	tests/integration/boot.sh \
	tests/integration/broker_killed.sh \
	tests/integration/broker_life.sh \
	tests/integration/check_config.sh \
	tests/integration/client_killed.sh \
	tests/integration/clock.sh \
	tests/integration/deaf.sh \
	tests/integration/deaf_program.sh \
	tests/integration/dry_run.sh \
	tests/integration/example_plugin.sh \
	tests/integration/goodbye.sh \
	tests/integration/flow_label.sh \
	tests/integration/foreign_routes.sh \
	tests/integration/hostile_datagrams.sh \
	tests/integration/home_access.sh \
	tests/integration/home_access_check.sh \
	tests/integration/home_access_hostile.sh \
	tests/integration/home_access_many.sh \
	tests/integration/home_access_ways.sh \
	tests/integration/home_web.sh \
	tests/integration/home_web_acme.sh \
	tests/integration/home_web_cert.sh \
	tests/integration/home_web_check.sh \
	tests/integration/home_web_clients.sh \
	tests/integration/home_web_hostile.sh \
	tests/integration/home_web_huge.sh \
	tests/integration/home_web_limits.sh \
	tests/integration/home_web_tls.sh \
	tests/integration/idle.sh \
	tests/integration/ipv6_only.sh \
	tests/integration/login_methods.sh \
	tests/integration/lossy.sh \
	tests/integration/nat64.sh \
	tests/integration/native.sh \
	tests/integration/no_ipv6.sh \
	tests/integration/nothing_left.sh \
	tests/integration/old_clients.sh \
	tests/integration/one_missing.sh \
	tests/integration/options.sh \
	tests/integration/own_mode.sh \
	tests/integration/proxy.sh \
	tests/integration/questions.sh \
	tests/integration/reload_features.sh \
	tests/integration/reload_sessions.sh \
	tests/integration/router.sh \
	tests/integration/router_ra.sh \
	tests/integration/script.sh \
	tests/integration/second_instance.sh \
	tests/integration/server_key.sh \
	tests/integration/slow_backend.sh \
	tests/integration/service.sh \
	tests/integration/slow_login.sh \
	tests/integration/stale_source.sh \
	tests/integration/start_time.sh \
	tests/integration/statuses.sh \
	tests/integration/templates.sh \
	tests/integration/tunnel_up.sh \
	tests/integration/two_machines.sh \
	tests/integration/v4v6.sh \
	tests/integration/v6v4.sh \
	tests/integration/verbosity.sh \
	tests/integration/attacks/cores.sh \
	tests/integration/attacks/planted_files.sh \
	tests/integration/attacks/weaker.sh
TESTS += $(INTEGRATION_TESTS)

check_PROGRAMS += tests/integration/crowd tests/integration/liar \
	tests/integration/master tests/integration/mischief \
	tests/integration/notified tests/integration/relay \
	tests/integration/stream tests/integration/translator
# Home Web: its worker alone, and a client that sends what no client would.
check_PROGRAMS += tests/integration/web_raw \
	tests/integration/web_serve tests/integration/web_sit
tests_integration_web_raw_SOURCES = tests/integration/web_raw.c
tests_integration_web_serve_SOURCES = tests/integration/web_serve.c
tests_integration_web_sit_SOURCES = tests/integration/web_sit.c
EXTRA_DIST += tests/data/web/paths.txt tests/data/web/requests.txt
if LINUX
check_PROGRAMS += tests/integration/attacker tests/integration/guest \
	tests/integration/labels tests/integration/offpath \
	tests/integration/veteran
tests_integration_attacker_SOURCES = tests/integration/attacker.c \
	tests/integration/raw4.h
tests_integration_guest_SOURCES = tests/integration/guest.c
tests_integration_veteran_SOURCES = tests/integration/veteran.c \
	tests/integration/veteran_tunnel.c \
	tests/integration/veteran_tunnel.h $(FAKE_HOST) auth/auth_plain.c \
	auth/auth_digest_md5.c auth/digest.c auth/digest.h \
	auth/auth_passdss_3des_1.c auth/passdss_box.c auth/passdss_box.h \
	auth/passdss_key.c auth/passdss_key.h \
	auth/passdss_math.c auth/passdss_math.h \
	auth/passdss_wire.c auth/passdss_wire.h
tests_integration_veteran_CPPFLAGS = $(TREE_CPPFLAGS)
tests_integration_veteran_CFLAGS = $(AM_CFLAGS) $(GNUTLS_CFLAGS)
tests_integration_veteran_LDADD = core/libcore.a $(GNUTLS_LIBS) $(GMP_LIBS)
tests_integration_labels_SOURCES = tests/integration/labels.c
tests_integration_offpath_SOURCES = tests/integration/offpath.c \
	tests/integration/raw4.h
endif
tests_integration_crowd_SOURCES = tests/integration/crowd.c
tests_integration_liar_SOURCES = tests/integration/liar.c
tests_integration_master_SOURCES = tests/integration/master.c
tests_integration_mischief_SOURCES = tests/integration/mischief.c \
	tests/integration/raw4.h
tests_integration_notified_SOURCES = tests/integration/notified.c
tests_integration_relay_SOURCES = tests/integration/relay.c
tests_integration_stream_SOURCES = tests/integration/stream.c
tests_integration_translator_SOURCES = tests/integration/translator.c

# A module that a broker is given in the place of the honest one.
check_LTLIBRARIES += tests/integration/auth_forger.la
tests_integration_auth_forger_la_SOURCES = tests/integration/forger.c \
	auth/auth_passdss_3des_1.c auth/passdss_box.c auth/passdss_box.h \
	auth/passdss_key.c auth/passdss_key.h \
	auth/passdss_math.c auth/passdss_math.h \
	auth/passdss_wire.c auth/passdss_wire.h
tests_integration_auth_forger_la_CPPFLAGS = $(TREE_CPPFLAGS)
tests_integration_auth_forger_la_CFLAGS = $(AM_CFLAGS) $(GNUTLS_CFLAGS)
tests_integration_auth_forger_la_LDFLAGS = $(SAN_CFLAGS) -module \
	-avoid-version -shared -rpath /nowhere \
	-export-symbols-regex 'auth_forger_LTX_gw6c_plugin$$'
tests_integration_auth_forger_la_LIBADD = $(GNUTLS_LIBS) $(GMP_LIBS)

check_LTLIBRARIES += tests/integration/feature_goodbye.la
tests_integration_feature_goodbye_la_SOURCES = tests/integration/goodbye.c
tests_integration_feature_goodbye_la_CPPFLAGS = $(TREE_CPPFLAGS)
tests_integration_feature_goodbye_la_LDFLAGS = $(SAN_CFLAGS) -module \
	-avoid-version -shared -rpath /nowhere \
	-export-symbols-regex 'feature_goodbye_LTX_gw6c_plugin$$'

# A mechanism of a stranger's that answers later.
STRANGER_LDFLAGS = $(SAN_CFLAGS) -module -avoid-version -shared -rpath /nowhere
check_LTLIBRARIES += tests/integration/auth_slow.la
tests_integration_auth_slow_la_SOURCES = tests/integration/auth_slow.c
tests_integration_auth_slow_la_LDFLAGS = $(STRANGER_LDFLAGS)

# A backend of a stranger's that answers later.
if LINUX
check_LTLIBRARIES += tests/integration/os_slow.la
tests_integration_os_slow_la_SOURCES = tests/integration/os_slow.c
tests_integration_os_slow_la_LDFLAGS = $(STRANGER_LDFLAGS)
endif

# A mode of a stranger's, as its author would build it; once more in an IP
# protocol of its own.
check_LTLIBRARIES += tests/integration/tunnel_framed.la \
	tests/integration/tunnel_framed_raw.la
tests_integration_tunnel_framed_la_SOURCES = tests/integration/tunnel_framed.c
tests_integration_tunnel_framed_la_LDFLAGS = $(STRANGER_LDFLAGS)
tests_integration_tunnel_framed_raw_la_SOURCES = \
	tests/integration/tunnel_framed.c
tests_integration_tunnel_framed_raw_la_CPPFLAGS = $(AM_CPPFLAGS) \
	-DFRAMED_PROTOCOL=253
tests_integration_tunnel_framed_raw_la_LDFLAGS = $(STRANGER_LDFLAGS)

EXTRA_DIST += $(INTEGRATION_TESTS) tests/integration/lib.sh \
	tests/integration/attacks/attacks.lib.sh \
	tests/integration/access_attacker.py \
	tests/integration/access_device.py \
	tests/integration/dns_update.lib.sh \
	tests/integration/faults.lib.sh tests/integration/home_access.lib.sh \
	tests/integration/home_web.lib.sh \
	tests/integration/kernel.lib.sh \
	tests/integration/kernel-run tests/integration/netlab tests/common.sh tests/packages .shellcheckrc
