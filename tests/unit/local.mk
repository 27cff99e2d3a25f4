# tests/unit - a CUnit program for each noun, in the rooms of what it tests.
# What a test defines itself (a fake) wins over the archives.
UNIT_CPPFLAGS = $(TREE_CPPFLAGS) -DSRCDIR='"$(abs_top_srcdir)"'
UNIT_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS)
UNIT_FILES = tests/unit/unit.c tests/unit/unit.h
UNIT_LDFLAGS = $(AM_LDFLAGS) -dlopen self
UNIT_LIBS = $(CORE_LIBS) $(CUNIT_LIBS)
UNIT_BROKER_LIBS = $(BROKER_LIBS) $(CUNIT_LIBS)
FAKE_HOST = tests/fake/fake_host.c tests/fake/fake_host.h
LOG_FILES = core/base/log.c core/base/log.h core/base/logfile.c \
	core/base/logfile.h

# Not every test wants every vector.
VECTOR_CFLAGS = -Wno-unused-const-variable

if HAVE_CUNIT
UNIT_TESTS =

UNIT_TESTS += tests/unit/auth/test_auth_digest_md5
tests_unit_auth_test_auth_digest_md5_SOURCES = \
	tests/unit/auth/test_auth_digest_md5.c auth/auth_digest_md5.c auth/digest.c \
	auth/digest.h tests/data/login_vectors.h $(FAKE_HOST) $(UNIT_FILES)
tests_unit_auth_test_auth_digest_md5_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_auth_test_auth_digest_md5_CFLAGS = $(UNIT_CFLAGS) \
	$(GNUTLS_CFLAGS) $(VECTOR_CFLAGS)
tests_unit_auth_test_auth_digest_md5_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_auth_test_auth_digest_md5_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/auth/test_auth_passdss_3des_1
tests_unit_auth_test_auth_passdss_3des_1_SOURCES = \
	tests/unit/auth/test_auth_passdss_3des_1.c auth/auth_passdss_3des_1.c \
	auth/passdss_box.c auth/passdss_box.h auth/passdss_math.c \
	auth/passdss_math.h auth/passdss_wire.c auth/passdss_wire.h \
	tests/data/passdss_vectors.h $(FAKE_HOST) $(UNIT_FILES)
tests_unit_auth_test_auth_passdss_3des_1_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_auth_test_auth_passdss_3des_1_CFLAGS = $(UNIT_CFLAGS) \
	$(GNUTLS_CFLAGS) $(VECTOR_CFLAGS)
tests_unit_auth_test_auth_passdss_3des_1_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_auth_test_auth_passdss_3des_1_LDADD = $(UNIT_LIBS) $(GMP_LIBS)

UNIT_TESTS += tests/unit/auth/test_auth_plain
tests_unit_auth_test_auth_plain_SOURCES = tests/unit/auth/test_auth_plain.c \
	auth/auth_plain.c auth/auth_anonymous.c tests/data/login_vectors.h \
	$(FAKE_HOST) $(UNIT_FILES)
tests_unit_auth_test_auth_plain_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_auth_test_auth_plain_CFLAGS = $(UNIT_CFLAGS) $(GNUTLS_CFLAGS) \
	$(VECTOR_CFLAGS)
tests_unit_auth_test_auth_plain_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_auth_test_auth_plain_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/auth/test_auth_scram_sha_256
tests_unit_auth_test_auth_scram_sha_256_SOURCES = \
	tests/unit/auth/test_auth_scram_sha_256.c auth/auth_scram_sha_256.c \
	auth/scram.c auth/scram.h $(FAKE_HOST) $(UNIT_FILES)
tests_unit_auth_test_auth_scram_sha_256_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_auth_test_auth_scram_sha_256_CFLAGS = $(UNIT_CFLAGS) \
	$(GNUTLS_CFLAGS)
tests_unit_auth_test_auth_scram_sha_256_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_auth_test_auth_scram_sha_256_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/base/test_child
tests_unit_base_test_child_SOURCES = tests/unit/base/test_child.c \
	$(UNIT_FILES)
tests_unit_base_test_child_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_base_test_child_CFLAGS = $(UNIT_CFLAGS) $(GNUTLS_CFLAGS)
tests_unit_base_test_child_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_base_test_child_LDADD = $(UNIT_LIBS)

# The test has a syslog() of its own, which fortified calls go past.
UNIT_TESTS += tests/unit/base/test_log
tests_unit_base_test_log_SOURCES = tests/unit/base/test_log.c $(LOG_FILES) \
	$(UNIT_FILES)
tests_unit_base_test_log_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_base_test_log_CFLAGS = $(UNIT_CFLAGS) -U_FORTIFY_SOURCE
tests_unit_base_test_log_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_base_test_log_LDADD = $(UNIT_LIBS)

# Lookups with a resolver configuration of the test's.
UNIT_TESTS += tests/unit/base/test_loop
tests_unit_base_test_loop_SOURCES = tests/unit/base/test_loop.c \
	core/base/loop.c core/base/loop.h core/base/lookups.h \
	core/base/resolve.c core/base/sockaddr.c core/base/sockaddr.h $(LOG_FILES) \
	$(UNIT_FILES)
tests_unit_base_test_loop_CPPFLAGS = $(UNIT_CPPFLAGS) \
	-DRESOLV_CONF='"test_loop.resolv"' -DHOSTS_FILE='"test_loop.hosts"'
tests_unit_base_test_loop_CFLAGS = $(UNIT_CFLAGS) $(EVENT_CFLAGS)
tests_unit_base_test_loop_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_base_test_loop_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/base/test_resolve
tests_unit_base_test_resolve_SOURCES = tests/unit/base/test_resolve.c \
	core/base/resolve.c $(UNIT_FILES)
tests_unit_base_test_resolve_CPPFLAGS = $(UNIT_CPPFLAGS) \
	-DRESOLV_CONF='"test_resolve.resolv"' \
	-DHOSTS_FILE='"test_resolve.hosts"'
tests_unit_base_test_resolve_CFLAGS = $(UNIT_CFLAGS) $(EVENT_CFLAGS)
tests_unit_base_test_resolve_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_base_test_resolve_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/base/test_server_keys
tests_unit_base_test_server_keys_SOURCES = \
	tests/unit/base/test_server_keys.c tests/data/passdss_vectors.h \
	$(UNIT_FILES)
tests_unit_base_test_server_keys_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_base_test_server_keys_CFLAGS = $(UNIT_CFLAGS) $(GNUTLS_CFLAGS) \
	$(VECTOR_CFLAGS)
tests_unit_base_test_server_keys_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_base_test_server_keys_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/base/test_status
tests_unit_base_test_status_SOURCES = tests/unit/base/test_status.c \
	$(UNIT_FILES)
tests_unit_base_test_status_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_base_test_status_CFLAGS = $(UNIT_CFLAGS)
tests_unit_base_test_status_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_base_test_status_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/broker/test_dialog
tests_unit_broker_test_dialog_SOURCES = tests/unit/broker/test_dialog.c \
	$(FAKE_HOST) $(UNIT_FILES)
tests_unit_broker_test_dialog_CPPFLAGS = $(UNIT_CPPFLAGS) \
	-I$(top_srcdir)/tests/fake
tests_unit_broker_test_dialog_CFLAGS = $(UNIT_CFLAGS) $(GNUTLS_CFLAGS)
tests_unit_broker_test_dialog_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_broker_test_dialog_LDADD = $(UNIT_BROKER_LIBS)

UNIT_TESTS += tests/unit/broker/test_dialog_mode
tests_unit_broker_test_dialog_mode_SOURCES = \
	tests/unit/broker/test_dialog_mode.c $(UNIT_FILES)
tests_unit_broker_test_dialog_mode_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_broker_test_dialog_mode_CFLAGS = $(UNIT_CFLAGS)
tests_unit_broker_test_dialog_mode_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_broker_test_dialog_mode_LDADD = $(UNIT_BROKER_LIBS)

UNIT_TESTS += tests/unit/broker/test_framing
tests_unit_broker_test_framing_SOURCES = tests/unit/broker/test_framing.c \
	$(UNIT_FILES)
tests_unit_broker_test_framing_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_broker_test_framing_CFLAGS = $(UNIT_CFLAGS)
tests_unit_broker_test_framing_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_broker_test_framing_LDADD = $(UNIT_BROKER_LIBS)

UNIT_TESTS += tests/unit/broker/test_options
tests_unit_broker_test_options_SOURCES = tests/unit/broker/test_options.c \
	$(UNIT_FILES)
tests_unit_broker_test_options_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_broker_test_options_CFLAGS = $(UNIT_CFLAGS)
tests_unit_broker_test_options_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_broker_test_options_LDADD = $(UNIT_BROKER_LIBS)

UNIT_TESTS += tests/unit/broker/test_overlap
tests_unit_broker_test_overlap_SOURCES = tests/unit/broker/test_overlap.c \
	$(UNIT_FILES)
tests_unit_broker_test_overlap_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_broker_test_overlap_CFLAGS = $(UNIT_CFLAGS)
tests_unit_broker_test_overlap_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_broker_test_overlap_LDADD = $(UNIT_BROKER_LIBS)

UNIT_TESTS += tests/unit/broker/test_pool
tests_unit_broker_test_pool_SOURCES = tests/unit/broker/test_pool.c \
	$(UNIT_FILES)
tests_unit_broker_test_pool_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_broker_test_pool_CFLAGS = $(UNIT_CFLAGS)
tests_unit_broker_test_pool_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_broker_test_pool_LDADD = $(UNIT_BROKER_LIBS)

UNIT_TESTS += tests/unit/client/test_attempts
tests_unit_client_test_attempts_SOURCES = tests/unit/client/test_attempts.c \
	$(UNIT_FILES)
tests_unit_client_test_attempts_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_client_test_attempts_CFLAGS = $(UNIT_CFLAGS)
tests_unit_client_test_attempts_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_client_test_attempts_LDADD = $(UNIT_LIBS)

# Lookups with a hosts file of the test's.
UNIT_TESTS += tests/unit/client/test_distances
tests_unit_client_test_distances_SOURCES = \
	tests/unit/client/test_distances.c core/client/distances.c \
	core/client/distances.h core/base/resolve.c $(UNIT_FILES)
tests_unit_client_test_distances_CPPFLAGS = $(UNIT_CPPFLAGS) \
	-DRESOLV_CONF='"test_distances.resolv"' \
	-DHOSTS_FILE='"test_distances.hosts"'
tests_unit_client_test_distances_CFLAGS = $(UNIT_CFLAGS) $(EVENT_CFLAGS)
tests_unit_client_test_distances_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_client_test_distances_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/client/test_nat_timeout
tests_unit_client_test_nat_timeout_SOURCES = \
	tests/unit/client/test_nat_timeout.c $(UNIT_FILES)
tests_unit_client_test_nat_timeout_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_client_test_nat_timeout_CFLAGS = $(UNIT_CFLAGS)
tests_unit_client_test_nat_timeout_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_client_test_nat_timeout_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/client/test_servers
tests_unit_client_test_servers_SOURCES = tests/unit/client/test_servers.c \
	$(UNIT_FILES)
tests_unit_client_test_servers_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_client_test_servers_CFLAGS = $(UNIT_CFLAGS)
tests_unit_client_test_servers_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_client_test_servers_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/config/test_conf
tests_unit_config_test_conf_SOURCES = tests/unit/config/test_conf.c \
	$(UNIT_FILES)
tests_unit_config_test_conf_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_config_test_conf_CFLAGS = $(UNIT_CFLAGS)
tests_unit_config_test_conf_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_config_test_conf_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/config/test_settings
tests_unit_config_test_settings_SOURCES = tests/unit/config/test_settings.c \
	$(UNIT_FILES)
tests_unit_config_test_settings_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_config_test_settings_CFLAGS = $(UNIT_CFLAGS)
tests_unit_config_test_settings_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_config_test_settings_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/modules/test_host
tests_unit_modules_test_host_SOURCES = tests/unit/modules/test_host.c \
	$(UNIT_FILES)
tests_unit_modules_test_host_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_modules_test_host_CFLAGS = $(UNIT_CFLAGS) $(GNUTLS_CFLAGS)
tests_unit_modules_test_host_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_modules_test_host_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/modules/test_option
tests_unit_modules_test_option_SOURCES = tests/unit/modules/test_option.c \
	$(UNIT_FILES)
tests_unit_modules_test_option_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_modules_test_option_CFLAGS = $(UNIT_CFLAGS)
tests_unit_modules_test_option_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_modules_test_option_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/plugins/test_radvd_conf
tests_unit_plugins_test_radvd_conf_SOURCES = \
	tests/unit/plugins/test_radvd_conf.c plugins/features/radvd_conf.c \
	plugins/features/radvd_conf.h $(UNIT_FILES)
tests_unit_plugins_test_radvd_conf_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_plugins_test_radvd_conf_CFLAGS = $(UNIT_CFLAGS)
tests_unit_plugins_test_radvd_conf_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_plugins_test_radvd_conf_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/plugins/test_relay
tests_unit_plugins_test_relay_SOURCES = tests/unit/plugins/test_relay.c \
	plugins/os/relay.c plugins/os/tun.h $(FAKE_HOST) $(UNIT_FILES)
tests_unit_plugins_test_relay_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_plugins_test_relay_CFLAGS = $(UNIT_CFLAGS)
tests_unit_plugins_test_relay_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_plugins_test_relay_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/plugins/test_script_env
tests_unit_plugins_test_script_env_SOURCES = \
	tests/unit/plugins/test_script_env.c plugins/os/script_env.c \
	plugins/os/script_env.h $(FAKE_HOST) $(UNIT_FILES)
tests_unit_plugins_test_script_env_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_plugins_test_script_env_CFLAGS = $(UNIT_CFLAGS)
tests_unit_plugins_test_script_env_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_plugins_test_script_env_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/program/test_args
tests_unit_program_test_args_SOURCES = tests/unit/program/test_args.c \
	$(UNIT_FILES)
tests_unit_program_test_args_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_program_test_args_CFLAGS = $(UNIT_CFLAGS)
tests_unit_program_test_args_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_program_test_args_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/program/test_service
tests_unit_program_test_service_SOURCES = tests/unit/program/test_service.c \
	$(UNIT_FILES)
tests_unit_program_test_service_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_program_test_service_CFLAGS = $(UNIT_CFLAGS)
tests_unit_program_test_service_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_program_test_service_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/tsp/test_answer
tests_unit_tsp_test_answer_SOURCES = tests/unit/tsp/test_answer.c \
	tests/data/tsp_vectors.h $(UNIT_FILES)
tests_unit_tsp_test_answer_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_tsp_test_answer_CFLAGS = $(UNIT_CFLAGS) $(VECTOR_CFLAGS)
tests_unit_tsp_test_answer_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_tsp_test_answer_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/tsp/test_rudp
tests_unit_tsp_test_rudp_SOURCES = tests/unit/tsp/test_rudp.c \
	tests/data/tsp_vectors.h $(UNIT_FILES)
tests_unit_tsp_test_rudp_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_tsp_test_rudp_CFLAGS = $(UNIT_CFLAGS) $(VECTOR_CFLAGS)
tests_unit_tsp_test_rudp_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_tsp_test_rudp_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/tsp/test_session
tests_unit_tsp_test_session_SOURCES = tests/unit/tsp/test_session.c \
	$(UNIT_FILES)
tests_unit_tsp_test_session_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_tsp_test_session_CFLAGS = $(UNIT_CFLAGS) $(GNUTLS_CFLAGS)
tests_unit_tsp_test_session_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_tsp_test_session_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/tsp/test_tsp
tests_unit_tsp_test_tsp_SOURCES = tests/unit/tsp/test_tsp.c \
	tests/data/tsp_vectors.h $(UNIT_FILES)
tests_unit_tsp_test_tsp_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_tsp_test_tsp_CFLAGS = $(UNIT_CFLAGS) $(VECTOR_CFLAGS)
tests_unit_tsp_test_tsp_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_tsp_test_tsp_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/tunnel/test_planner
tests_unit_tunnel_test_planner_SOURCES = tests/unit/tunnel/test_planner.c \
	$(UNIT_FILES)
tests_unit_tunnel_test_planner_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_tunnel_test_planner_CFLAGS = $(UNIT_CFLAGS)
tests_unit_tunnel_test_planner_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_tunnel_test_planner_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/tunnels/test_modes
tests_unit_tunnels_test_modes_SOURCES = tests/unit/tunnels/test_modes.c \
	tunnels/tunnel_v6v4.c tunnels/tunnel_v6udpv4.c tunnels/tunnel_v4v6.c \
	tunnels/tunnel_v6anyv4.c $(COMMON_FILES) $(RAW_FILES) $(UNIT_FILES)
tests_unit_tunnels_test_modes_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_tunnels_test_modes_CFLAGS = $(UNIT_CFLAGS)
tests_unit_tunnels_test_modes_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_tunnels_test_modes_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/tunnels/test_pump
tests_unit_tunnels_test_pump_SOURCES = tests/unit/tunnels/test_pump.c \
	tunnels/pump.c tunnels/pump.h tunnels/pump_check.c $(FAKE_HOST) \
	$(UNIT_FILES)
tests_unit_tunnels_test_pump_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_tunnels_test_pump_CFLAGS = $(UNIT_CFLAGS)
tests_unit_tunnels_test_pump_LDFLAGS = $(UNIT_LDFLAGS)
tests_unit_tunnels_test_pump_LDADD = $(UNIT_LIBS)

check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
endif

EXTRA_DIST += tests/data/conf
