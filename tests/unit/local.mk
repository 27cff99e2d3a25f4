# tests/unit - one CUnit program a room, linked with fakes only.
UNIT_CPPFLAGS = $(TREE_CPPFLAGS) -DSRCDIR='"$(abs_top_srcdir)"'
UNIT_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS)
UNIT_FILES = tests/unit/unit.c tests/unit/unit.h
UNIT_LIBS = $(CUNIT_LIBS)
FAKE_HOST = tests/fake/fake_host.c tests/fake/fake_host.h

CONF_FILES = core/conf.c core/conf_classic.c core/conf_detect.c \
	core/conf_files.c core/conf_libconfig.c core/conf_values.c \
	core/conf.h core/conf_parts.h
OPTIONS_FILES = broker/options.c broker/options_addrs.c \
	broker/options_words.c broker/options.h broker/options_parts.h \
	broker/pool.c broker/pool.h broker/users.c broker/users.h

# Not every test wants every vector.
VECTOR_CFLAGS = -Wno-unused-const-variable

if HAVE_CUNIT
UNIT_TESTS =

UNIT_TESTS += tests/unit/test_args
tests_unit_test_args_SOURCES = tests/unit/test_args.c core/args.c core/args.h \
	core/args_help.c $(CONF_FILES) $(UNIT_FILES)
tests_unit_test_args_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_args_CFLAGS = $(UNIT_CFLAGS) $(CONFIG_CFLAGS)
tests_unit_test_args_LDADD = $(UNIT_LIBS) $(CONFIG_LIBS)

UNIT_TESTS += tests/unit/test_conf
tests_unit_test_conf_SOURCES = tests/unit/test_conf.c $(CONF_FILES) \
	$(UNIT_FILES)
tests_unit_test_conf_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_conf_CFLAGS = $(UNIT_CFLAGS) $(CONFIG_CFLAGS)
tests_unit_test_conf_LDADD = $(UNIT_LIBS) $(CONFIG_LIBS)

UNIT_TESTS += tests/unit/test_settings
tests_unit_test_settings_SOURCES = tests/unit/test_settings.c \
	core/settings.c core/settings_check.c core/settings_keys.c \
	core/settings_old.c core/settings_secret.c \
	core/settings_values.c core/settings.h \
	core/settings_parts.h $(CONF_FILES) $(UNIT_FILES)
tests_unit_test_settings_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_settings_CFLAGS = $(UNIT_CFLAGS) $(CONFIG_CFLAGS)
tests_unit_test_settings_LDADD = $(UNIT_LIBS) $(CONFIG_LIBS)

# test programs go here, one block each, sorted by name
UNIT_TESTS += tests/unit/test_attempts
tests_unit_test_attempts_SOURCES = tests/unit/test_attempts.c core/attempts.c \
	$(UNIT_FILES)
tests_unit_test_attempts_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_attempts_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_attempts_LDADD = $(UNIT_LIBS)

LOG_FILES = core/log.c core/log.h core/logfile.c core/logfile.h

UNIT_TESTS += tests/unit/test_child
tests_unit_test_child_SOURCES = tests/unit/test_child.c core/child.c \
	core/child.h core/child_wait.c core/spawn.c core/spawn.h core/loop.c core/loop.h core/loop_parts.h core/resolve.c \
	core/sockaddr.c core/random.c $(LOG_FILES) $(UNIT_FILES)
tests_unit_test_child_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_child_CFLAGS = $(UNIT_CFLAGS) $(EVENT_CFLAGS) $(GNUTLS_CFLAGS)
tests_unit_test_child_LDADD = $(UNIT_LIBS) $(EVENT_LIBS) $(GNUTLS_LIBS)

UNIT_TESTS += tests/unit/test_service
tests_unit_test_service_SOURCES = tests/unit/test_service.c core/service.c \
	core/service.h $(UNIT_FILES)
tests_unit_test_service_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_service_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_service_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/test_radvd_conf
tests_unit_test_radvd_conf_SOURCES = tests/unit/test_radvd_conf.c \
	plugins/features/radvd_conf.c plugins/features/radvd_conf.h \
	$(UNIT_FILES)
tests_unit_test_radvd_conf_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_radvd_conf_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_radvd_conf_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/test_script_env
tests_unit_test_script_env_SOURCES = tests/unit/test_script_env.c \
	plugins/os/script_env.c plugins/os/script_env.h $(FAKE_HOST) \
	$(UNIT_FILES)
tests_unit_test_script_env_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_script_env_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_script_env_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/test_relay
tests_unit_test_relay_SOURCES = tests/unit/test_relay.c plugins/os/relay.c \
	plugins/os/tun.h $(FAKE_HOST) $(UNIT_FILES)
tests_unit_test_relay_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_relay_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_relay_LDADD = $(UNIT_LIBS)

# host.c needs of the loader the names of kinds only.
UNIT_TESTS += tests/unit/test_host
tests_unit_test_host_SOURCES = tests/unit/test_host.c core/host.c core/host.h core/child.c core/child.h \
	core/child_wait.c core/spawn.c core/spawn.h \
	core/loader.c core/loader_check.c core/loader_whole.c core/loader_files.c core/loader.h \
	core/loader_parts.h core/loop.c core/loop.h core/loop_parts.h \
	core/resolve.c core/sockaddr.c core/sockaddr.h core/random.c \
	core/random.h $(LOG_FILES) $(CONF_FILES) $(UNIT_FILES)
tests_unit_test_host_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_host_CFLAGS = $(UNIT_CFLAGS) $(CONFIG_CFLAGS) \
	$(EVENT_CFLAGS) $(GNUTLS_CFLAGS)
tests_unit_test_host_LDFLAGS = $(AM_LDFLAGS) -dlopen self
tests_unit_test_host_LDADD = $(UNIT_LIBS) $(LIBLTDL) $(CONFIG_LIBS) \
	$(EVENT_LIBS) $(GNUTLS_LIBS)

# The test has a syslog() of its own, which fortified calls go past.
UNIT_TESTS += tests/unit/test_log
tests_unit_test_log_SOURCES = tests/unit/test_log.c $(LOG_FILES) $(UNIT_FILES)
tests_unit_test_log_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_log_CFLAGS = $(UNIT_CFLAGS) -U_FORTIFY_SOURCE
tests_unit_test_log_LDADD = $(UNIT_LIBS)

# Lookups with a resolver configuration of the test's.
UNIT_TESTS += tests/unit/test_loop
tests_unit_test_loop_SOURCES = tests/unit/test_loop.c core/loop.c core/loop.h \
	core/loop_parts.h core/resolve.c core/sockaddr.c core/sockaddr.h \
	$(LOG_FILES) $(UNIT_FILES)
tests_unit_test_loop_CPPFLAGS = $(UNIT_CPPFLAGS) \
	-DRESOLV_CONF='"test_loop.resolv"' -DHOSTS_FILE='"test_loop.hosts"'
tests_unit_test_loop_CFLAGS = $(UNIT_CFLAGS) $(EVENT_CFLAGS)
tests_unit_test_loop_LDADD = $(UNIT_LIBS) $(EVENT_LIBS)

UNIT_TESTS += tests/unit/test_broker_options
tests_unit_test_broker_options_SOURCES = tests/unit/test_broker_options.c \
	$(OPTIONS_FILES) core/tsp.c core/tsp.h core/tsp_xml.c $(CONF_FILES) \
	$(UNIT_FILES)
tests_unit_test_broker_options_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_broker_options_CFLAGS = $(UNIT_CFLAGS) $(CONFIG_CFLAGS) \
	$(EXPAT_CFLAGS)
tests_unit_test_broker_options_LDADD = $(UNIT_LIBS) $(CONFIG_LIBS) \
	$(EXPAT_LIBS)

UNIT_TESTS += tests/unit/test_broker_pool
tests_unit_test_broker_pool_SOURCES = tests/unit/test_broker_pool.c \
	broker/pool.c broker/pool.h $(UNIT_FILES)
tests_unit_test_broker_pool_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_broker_pool_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_broker_pool_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/test_broker_framing
tests_unit_test_broker_framing_SOURCES = tests/unit/test_broker_framing.c \
	broker/framing.c broker/framing.h core/tsp.c core/tsp_xml.c \
	$(UNIT_FILES)
tests_unit_test_broker_framing_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_broker_framing_CFLAGS = $(UNIT_CFLAGS) $(EXPAT_CFLAGS)
tests_unit_test_broker_framing_LDADD = $(UNIT_LIBS) $(EXPAT_LIBS)

UNIT_TESTS += tests/unit/test_broker_modes
tests_unit_test_broker_modes_SOURCES = tests/unit/test_broker_modes.c \
	broker/modes.c broker/modes.h $(OPTIONS_FILES) \
	core/tsp.c core/tsp_xml.c $(CONF_FILES) $(UNIT_FILES)
tests_unit_test_broker_modes_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_broker_modes_CFLAGS = $(UNIT_CFLAGS) $(CONFIG_CFLAGS) \
	$(EXPAT_CFLAGS)
tests_unit_test_broker_modes_LDADD = $(UNIT_LIBS) $(CONFIG_LIBS) $(EXPAT_LIBS)

UNIT_TESTS += tests/unit/test_broker_session
tests_unit_test_broker_session_SOURCES = tests/unit/test_broker_session.c \
	broker/dialog.c broker/dialog.h broker/dialog_create.c \
	broker/dialog_login.c \
	broker/dialog_parts.h broker/dialogs.c broker/dialogs.h \
	broker/hash.h broker/modes.c broker/modes.h $(OPTIONS_FILES) \
	broker/refusals.c core/rudp.c core/rudp.h core/tsp.c core/tsp.h \
	core/tsp_status.c core/tsp_xml.c $(CONF_FILES) $(FAKE_HOST) $(UNIT_FILES)
tests_unit_test_broker_session_CPPFLAGS = $(UNIT_CPPFLAGS) \
	-I$(top_srcdir)/tests/fake
tests_unit_test_broker_session_CFLAGS = $(UNIT_CFLAGS) $(CONFIG_CFLAGS) \
	$(EXPAT_CFLAGS) $(GNUTLS_CFLAGS)
tests_unit_test_broker_session_LDADD = $(UNIT_LIBS) $(CONFIG_LIBS) \
	$(EXPAT_LIBS) $(GNUTLS_LIBS)

UNIT_TESTS += tests/unit/test_answer
tests_unit_test_answer_SOURCES = tests/unit/test_answer.c core/answer.c \
	core/tsp.c core/tsp_xml.c tests/data/tsp_vectors.h $(UNIT_FILES)
tests_unit_test_answer_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_answer_CFLAGS = $(UNIT_CFLAGS) $(EXPAT_CFLAGS) $(VECTOR_CFLAGS)
tests_unit_test_answer_LDADD = $(UNIT_LIBS) $(EXPAT_LIBS)

UNIT_TESTS += tests/unit/test_auth_digest_md5
tests_unit_test_auth_digest_md5_SOURCES = tests/unit/test_auth_digest_md5.c \
	auth/auth_digest_md5.c auth/digest.c auth/digest.h \
	tests/data/login_vectors.h $(FAKE_HOST) $(UNIT_FILES)
tests_unit_test_auth_digest_md5_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_auth_digest_md5_CFLAGS = $(UNIT_CFLAGS) $(GNUTLS_CFLAGS) \
	$(VECTOR_CFLAGS)
tests_unit_test_auth_digest_md5_LDADD = $(UNIT_LIBS) $(GNUTLS_LIBS)

UNIT_TESTS += tests/unit/test_auth_passdss_3des_1
tests_unit_test_auth_passdss_3des_1_SOURCES = \
	tests/unit/test_auth_passdss_3des_1.c \
	auth/auth_passdss_3des_1.c auth/passdss_box.c auth/passdss_box.h \
	auth/passdss_math.c auth/passdss_math.h \
	auth/passdss_wire.c auth/passdss_wire.h \
	tests/data/passdss_vectors.h $(FAKE_HOST) $(UNIT_FILES)
tests_unit_test_auth_passdss_3des_1_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_auth_passdss_3des_1_CFLAGS = $(UNIT_CFLAGS) $(GNUTLS_CFLAGS) \
	$(VECTOR_CFLAGS)
tests_unit_test_auth_passdss_3des_1_LDADD = $(UNIT_LIBS) $(GNUTLS_LIBS) \
	$(GMP_LIBS)

UNIT_TESTS += tests/unit/test_auth_scram_sha_256
tests_unit_test_auth_scram_sha_256_SOURCES = \
	tests/unit/test_auth_scram_sha_256.c \
	auth/auth_scram_sha_256.c auth/scram.c auth/scram.h \
	$(FAKE_HOST) $(UNIT_FILES)
tests_unit_test_auth_scram_sha_256_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_auth_scram_sha_256_CFLAGS = $(UNIT_CFLAGS) $(GNUTLS_CFLAGS)
tests_unit_test_auth_scram_sha_256_LDADD = $(UNIT_LIBS) $(GNUTLS_LIBS)

UNIT_TESTS += tests/unit/test_auth_plain
tests_unit_test_auth_plain_SOURCES = tests/unit/test_auth_plain.c \
	auth/auth_plain.c auth/auth_anonymous.c tests/data/login_vectors.h \
	$(FAKE_HOST) $(UNIT_FILES)
tests_unit_test_auth_plain_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_auth_plain_CFLAGS = $(UNIT_CFLAGS) $(GNUTLS_CFLAGS) \
	$(VECTOR_CFLAGS)
tests_unit_test_auth_plain_LDADD = $(UNIT_LIBS) $(GNUTLS_LIBS)

UNIT_TESTS += tests/unit/test_modes
tests_unit_test_modes_SOURCES = tests/unit/test_modes.c \
	tunnels/tunnel_v6v4.c tunnels/tunnel_v6udpv4.c tunnels/tunnel_v4v6.c \
	tunnels/tunnel_v6anyv4.c $(COMMON_FILES) $(RAW_FILES) \
	core/planner.c core/daemon.c core/journal.c $(LOG_FILES) $(UNIT_FILES)
tests_unit_test_modes_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_modes_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_modes_LDADD = $(UNIT_LIBS)

# Lookups with a hosts file of the test's.
UNIT_TESTS += tests/unit/test_distances
tests_unit_test_distances_SOURCES = tests/unit/test_distances.c \
	core/distances.c core/distances.h core/resolve.c $(UNIT_FILES)
tests_unit_test_distances_CPPFLAGS = $(UNIT_CPPFLAGS) \
	-DRESOLV_CONF='"test_distances.resolv"' \
	-DHOSTS_FILE='"test_distances.hosts"'
tests_unit_test_distances_CFLAGS = $(UNIT_CFLAGS) $(EVENT_CFLAGS)
tests_unit_test_distances_LDFLAGS = $(AM_LDFLAGS) -dlopen self
tests_unit_test_distances_LDADD = $(UNIT_LIBS) $(CORE_LIBS)

UNIT_TESTS += tests/unit/test_pump
tests_unit_test_pump_SOURCES = tests/unit/test_pump.c tunnels/pump.c \
	tunnels/pump.h tunnels/pump_check.c $(FAKE_HOST) $(UNIT_FILES)
tests_unit_test_pump_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_pump_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_pump_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/test_natlife
tests_unit_test_natlife_SOURCES = tests/unit/test_natlife.c core/natlife.c \
	core/natlife.h $(UNIT_FILES)
tests_unit_test_natlife_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_natlife_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_natlife_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/test_status
tests_unit_test_status_SOURCES = tests/unit/test_status.c \
	core/status_print.c core/status.h $(UNIT_FILES)
tests_unit_test_status_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_status_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_status_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/test_planner
tests_unit_test_planner_SOURCES = tests/unit/test_planner.c core/planner.c \
	core/daemon.c core/journal.c $(LOG_FILES) $(UNIT_FILES)
tests_unit_test_planner_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_planner_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_planner_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/test_rudp
tests_unit_test_rudp_SOURCES = tests/unit/test_rudp.c core/rudp.c \
	tests/data/tsp_vectors.h $(UNIT_FILES)
tests_unit_test_rudp_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_rudp_CFLAGS = $(UNIT_CFLAGS) $(VECTOR_CFLAGS)
tests_unit_test_rudp_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/test_server_keys
tests_unit_test_server_keys_SOURCES = tests/unit/test_server_keys.c \
	tests/data/passdss_vectors.h $(UNIT_FILES)
tests_unit_test_server_keys_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_server_keys_CFLAGS = $(UNIT_CFLAGS) $(GNUTLS_CFLAGS) \
	$(VECTOR_CFLAGS)
tests_unit_test_server_keys_LDFLAGS = $(AM_LDFLAGS) -dlopen self
tests_unit_test_server_keys_LDADD = $(UNIT_LIBS) $(CORE_LIBS)

UNIT_TESTS += tests/unit/test_servers
tests_unit_test_servers_SOURCES = tests/unit/test_servers.c core/servers.c \
	core/servers.h $(UNIT_FILES)
tests_unit_test_servers_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_servers_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_servers_LDFLAGS = $(AM_LDFLAGS) -dlopen self
tests_unit_test_servers_LDADD = $(UNIT_LIBS) $(CORE_LIBS)

UNIT_TESTS += tests/unit/test_session
tests_unit_test_session_SOURCES = tests/unit/test_session.c core/session.c \
	core/session_login.c core/session_parts.h core/terminal.c \
	core/terminal.h core/transport.c core/trust.c core/trust.h \
	core/transport_parts.h core/transport_tcp.c core/transport_udp.c \
	$(UNIT_FILES)
tests_unit_test_session_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_session_CFLAGS = $(UNIT_CFLAGS) $(GNUTLS_CFLAGS)
tests_unit_test_session_LDFLAGS = $(AM_LDFLAGS) -dlopen self
tests_unit_test_session_LDADD = $(UNIT_LIBS) $(CORE_LIBS)

UNIT_TESTS += tests/unit/test_tsp
tests_unit_test_tsp_SOURCES = tests/unit/test_tsp.c core/tsp.c \
	core/tsp_xml.c core/tsp_status.c tests/data/tsp_vectors.h $(UNIT_FILES)
tests_unit_test_tsp_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_tsp_CFLAGS = $(UNIT_CFLAGS) $(EXPAT_CFLAGS) $(VECTOR_CFLAGS)
tests_unit_test_tsp_LDADD = $(UNIT_LIBS) $(EXPAT_LIBS)

check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
endif

EXTRA_DIST += tests/data/conf
