# tests/unit - a CUnit program for each noun, in the rooms of what it tests.
# What a test defines itself (a fake) wins over the archives.
UNIT_CPPFLAGS = $(TREE_CPPFLAGS) -DSRCDIR='"$(abs_top_srcdir)"'
UNIT_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS)
UNIT_FILES = tests/unit/unit.c tests/unit/unit.h
UNIT_LINK = $(AM_LDFLAGS) -dlopen self
UNIT_LIBS = $(CORE_LIBS) $(CUNIT_LIBS)
UNIT_BROKER_LIBS = $(BROKER_LIBS) $(CUNIT_LIBS)
FAKE_HOST = tests/fake/fake_host.c tests/fake/fake_host.h
EXTRA_DIST += tests/fake/fake_hash.h tests/fake/fake_modes.h
FAKE_LOADER = tests/fake/fake_loader.c tests/fake/fake_loader.h
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
tests_unit_auth_test_auth_digest_md5_LDFLAGS = $(UNIT_LINK)
tests_unit_auth_test_auth_digest_md5_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/auth/test_auth_passdss_3des_1
tests_unit_auth_test_auth_passdss_3des_1_SOURCES = \
	tests/unit/auth/test_auth_passdss_3des_1.c auth/auth_passdss_3des_1.c \
	auth/passdss_box.c auth/passdss_box.h auth/passdss_key.c \
	auth/passdss_key.h auth/passdss_math.c \
	auth/passdss_math.h auth/passdss_wire.c auth/passdss_wire.h \
	tests/data/passdss_vectors.h $(FAKE_HOST) $(UNIT_FILES)
tests_unit_auth_test_auth_passdss_3des_1_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_auth_test_auth_passdss_3des_1_CFLAGS = $(UNIT_CFLAGS) \
	$(GNUTLS_CFLAGS) $(VECTOR_CFLAGS)
tests_unit_auth_test_auth_passdss_3des_1_LDFLAGS = $(UNIT_LINK)
tests_unit_auth_test_auth_passdss_3des_1_LDADD = $(UNIT_LIBS) $(GMP_LIBS)

UNIT_TESTS += tests/unit/auth/test_passdss_key
tests_unit_auth_test_passdss_key_SOURCES = tests/unit/auth/test_passdss_key.c \
	auth/passdss_key.c auth/passdss_key.h \
	auth/passdss_math.c auth/passdss_math.h \
	auth/passdss_wire.c auth/passdss_wire.h $(FAKE_HOST) $(UNIT_FILES)
tests_unit_auth_test_passdss_key_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_auth_test_passdss_key_CFLAGS = $(UNIT_CFLAGS) $(GNUTLS_CFLAGS)
tests_unit_auth_test_passdss_key_LDFLAGS = $(UNIT_LINK)
tests_unit_auth_test_passdss_key_LDADD = $(UNIT_LIBS) $(GNUTLS_LIBS) $(GMP_LIBS)

UNIT_TESTS += tests/unit/auth/test_auth_plain
tests_unit_auth_test_auth_plain_SOURCES = tests/unit/auth/test_auth_plain.c \
	auth/auth_plain.c auth/auth_anonymous.c tests/data/login_vectors.h \
	$(FAKE_HOST) $(UNIT_FILES)
tests_unit_auth_test_auth_plain_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_auth_test_auth_plain_CFLAGS = $(UNIT_CFLAGS) $(GNUTLS_CFLAGS) \
	$(VECTOR_CFLAGS)
tests_unit_auth_test_auth_plain_LDFLAGS = $(UNIT_LINK)
tests_unit_auth_test_auth_plain_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/auth/test_auth_scram_sha_256
tests_unit_auth_test_auth_scram_sha_256_SOURCES = \
	tests/unit/auth/test_auth_scram_sha_256.c auth/auth_scram_sha_256.c \
	auth/scram.c auth/scram.h $(FAKE_HOST) $(UNIT_FILES)
tests_unit_auth_test_auth_scram_sha_256_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_auth_test_auth_scram_sha_256_CFLAGS = $(UNIT_CFLAGS) \
	$(GNUTLS_CFLAGS)
tests_unit_auth_test_auth_scram_sha_256_LDFLAGS = $(UNIT_LINK)
tests_unit_auth_test_auth_scram_sha_256_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/base/test_child
tests_unit_base_test_child_SOURCES = tests/unit/base/test_child.c \
	$(UNIT_FILES)
tests_unit_base_test_child_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_base_test_child_CFLAGS = $(UNIT_CFLAGS) $(GNUTLS_CFLAGS)
tests_unit_base_test_child_LDFLAGS = $(UNIT_LINK)
tests_unit_base_test_child_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/base/test_child_again
tests_unit_base_test_child_again_SOURCES = tests/unit/base/test_child_again.c \
	$(UNIT_FILES)
tests_unit_base_test_child_again_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_base_test_child_again_CFLAGS = $(UNIT_CFLAGS) $(GNUTLS_CFLAGS)
tests_unit_base_test_child_again_LDFLAGS = $(UNIT_LINK)
tests_unit_base_test_child_again_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/base/test_listener
tests_unit_base_test_listener_SOURCES = tests/unit/base/test_listener.c \
	$(UNIT_FILES)
tests_unit_base_test_listener_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_base_test_listener_CFLAGS = $(UNIT_CFLAGS) $(GNUTLS_CFLAGS)
tests_unit_base_test_listener_LDFLAGS = $(UNIT_LINK)
tests_unit_base_test_listener_LDADD = $(UNIT_LIBS)

# The test has a syslog() of its own, which fortified calls go past.
UNIT_TESTS += tests/unit/base/test_log
tests_unit_base_test_log_SOURCES = tests/unit/base/test_log.c $(LOG_FILES) \
	$(UNIT_FILES)
tests_unit_base_test_log_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_base_test_log_CFLAGS = $(UNIT_CFLAGS) -U_FORTIFY_SOURCE
tests_unit_base_test_log_LDFLAGS = $(UNIT_LINK)
tests_unit_base_test_log_LDADD = $(UNIT_LIBS)

# Lookups with a resolver configuration of the test's.
UNIT_TESTS += tests/unit/base/test_loop
tests_unit_base_test_loop_SOURCES = tests/unit/base/test_loop.c \
	core/base/loop.c core/base/loop.h core/base/lookups.h \
	core/base/loop_resolve.c core/base/sockaddr.c core/base/sockaddr.h $(LOG_FILES) \
	$(UNIT_FILES)
tests_unit_base_test_loop_CPPFLAGS = $(UNIT_CPPFLAGS) \
	-DRESOLV_CONF='"test_loop.resolv"' -DHOSTS_FILE='"test_loop.hosts"'
tests_unit_base_test_loop_CFLAGS = $(UNIT_CFLAGS) $(EVENT_CFLAGS)
tests_unit_base_test_loop_LDFLAGS = $(UNIT_LINK)
tests_unit_base_test_loop_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/base/test_nat64
tests_unit_base_test_nat64_SOURCES = tests/unit/base/test_nat64.c \
	$(UNIT_FILES)
tests_unit_base_test_nat64_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_base_test_nat64_CFLAGS = $(UNIT_CFLAGS)
tests_unit_base_test_nat64_LDFLAGS = $(UNIT_LINK)
tests_unit_base_test_nat64_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/base/test_own_net
tests_unit_base_test_own_net_SOURCES = tests/unit/base/test_own_net.c \
	$(UNIT_FILES)
tests_unit_base_test_own_net_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_base_test_own_net_CFLAGS = $(UNIT_CFLAGS)
tests_unit_base_test_own_net_LDFLAGS = $(UNIT_LINK)
tests_unit_base_test_own_net_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/base/test_resolve
tests_unit_base_test_resolve_SOURCES = tests/unit/base/test_resolve.c \
	core/base/loop_resolve.c $(UNIT_FILES)
tests_unit_base_test_resolve_CPPFLAGS = $(UNIT_CPPFLAGS) \
	-DRESOLV_CONF='"test_resolve.resolv"' \
	-DHOSTS_FILE='"test_resolve.hosts"'
tests_unit_base_test_resolve_CFLAGS = $(UNIT_CFLAGS) $(EVENT_CFLAGS)
tests_unit_base_test_resolve_LDFLAGS = $(UNIT_LINK)
tests_unit_base_test_resolve_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/base/test_hash
tests_unit_base_test_hash_SOURCES = tests/unit/base/test_hash.c $(UNIT_FILES)
tests_unit_base_test_hash_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_base_test_hash_CFLAGS = $(UNIT_CFLAGS)
tests_unit_base_test_hash_LDFLAGS = $(UNIT_LINK)
tests_unit_base_test_hash_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/base/test_server_keys
tests_unit_base_test_server_keys_SOURCES = \
	tests/unit/base/test_server_keys.c tests/data/passdss_vectors.h \
	$(UNIT_FILES)
tests_unit_base_test_server_keys_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_base_test_server_keys_CFLAGS = $(UNIT_CFLAGS) $(GNUTLS_CFLAGS) \
	$(VECTOR_CFLAGS)
tests_unit_base_test_server_keys_LDFLAGS = $(UNIT_LINK)
tests_unit_base_test_server_keys_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/base/test_space
tests_unit_base_test_space_SOURCES = tests/unit/base/test_space.c \
	$(UNIT_FILES)
tests_unit_base_test_space_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_base_test_space_CFLAGS = $(UNIT_CFLAGS) $(GNUTLS_CFLAGS)
tests_unit_base_test_space_LDFLAGS = $(UNIT_LINK)
tests_unit_base_test_space_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/base/test_spawn
tests_unit_base_test_spawn_SOURCES = tests/unit/base/test_spawn.c \
	$(UNIT_FILES)
tests_unit_base_test_spawn_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_base_test_spawn_CFLAGS = $(UNIT_CFLAGS) $(GNUTLS_CFLAGS)
tests_unit_base_test_spawn_LDFLAGS = $(UNIT_LINK)
tests_unit_base_test_spawn_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/base/test_status
tests_unit_base_test_status_SOURCES = tests/unit/base/test_status.c \
	$(UNIT_FILES)
tests_unit_base_test_status_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_base_test_status_CFLAGS = $(UNIT_CFLAGS)
tests_unit_base_test_status_LDFLAGS = $(UNIT_LINK)
tests_unit_base_test_status_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/base/test_core_dumps
tests_unit_base_test_core_dumps_SOURCES = tests/unit/base/test_core_dumps.c \
	$(UNIT_FILES)
tests_unit_base_test_core_dumps_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_base_test_core_dumps_CFLAGS = $(UNIT_CFLAGS)
tests_unit_base_test_core_dumps_LDFLAGS = $(UNIT_LINK)
tests_unit_base_test_core_dumps_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/base/test_random
tests_unit_base_test_random_SOURCES = tests/unit/base/test_random.c \
	$(UNIT_FILES)
tests_unit_base_test_random_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_base_test_random_CFLAGS = $(UNIT_CFLAGS) $(GNUTLS_CFLAGS)
tests_unit_base_test_random_LDFLAGS = $(UNIT_LINK)
tests_unit_base_test_random_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/base/test_trusted
tests_unit_base_test_trusted_SOURCES = tests/unit/base/test_trusted.c \
	$(UNIT_FILES)
tests_unit_base_test_trusted_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_base_test_trusted_CFLAGS = $(UNIT_CFLAGS)
tests_unit_base_test_trusted_LDFLAGS = $(UNIT_LINK)
tests_unit_base_test_trusted_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/base/test_units
tests_unit_base_test_units_SOURCES = tests/unit/base/test_units.c \
	$(UNIT_FILES)
tests_unit_base_test_units_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_base_test_units_CFLAGS = $(UNIT_CFLAGS)
tests_unit_base_test_units_LDFLAGS = $(UNIT_LINK)
tests_unit_base_test_units_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/base/test_wrap
tests_unit_base_test_wrap_SOURCES = tests/unit/base/test_wrap.c \
	$(UNIT_FILES)
tests_unit_base_test_wrap_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_base_test_wrap_CFLAGS = $(UNIT_CFLAGS)
tests_unit_base_test_wrap_LDFLAGS = $(UNIT_LINK)
tests_unit_base_test_wrap_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/broker/test_dialog
tests_unit_broker_test_dialog_SOURCES = tests/unit/broker/test_dialog.c \
	tunnels/tunnel_v6udpv4.c tunnels/tunnel_v6anyv4.c $(COMMON_FILES) \
	$(PUMP_FILES) $(FAKE_HOST) $(UNIT_FILES)
tests_unit_broker_test_dialog_CPPFLAGS = $(UNIT_CPPFLAGS) \
	-I$(top_srcdir)/tests/fake
tests_unit_broker_test_dialog_CFLAGS = $(UNIT_CFLAGS) $(GNUTLS_CFLAGS)
tests_unit_broker_test_dialog_LDFLAGS = $(UNIT_LINK)
tests_unit_broker_test_dialog_LDADD = $(UNIT_BROKER_LIBS)

UNIT_TESTS += tests/unit/broker/test_dialog_mode
tests_unit_broker_test_dialog_mode_SOURCES = \
	tests/unit/broker/test_dialog_mode.c tunnels/tunnel_v6v4.c \
	tunnels/tunnel_v6udpv4.c tunnels/tunnel_v4v6.c tunnels/tunnel_v6anyv4.c \
	$(COMMON_FILES) $(RAW_FILES) $(UNIT_FILES)
tests_unit_broker_test_dialog_mode_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_broker_test_dialog_mode_CFLAGS = $(UNIT_CFLAGS)
tests_unit_broker_test_dialog_mode_LDFLAGS = $(UNIT_LINK)
tests_unit_broker_test_dialog_mode_LDADD = $(UNIT_BROKER_LIBS)

UNIT_TESTS += tests/unit/broker/test_framing
tests_unit_broker_test_framing_SOURCES = tests/unit/broker/test_framing.c \
	$(UNIT_FILES)
tests_unit_broker_test_framing_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_broker_test_framing_CFLAGS = $(UNIT_CFLAGS)
tests_unit_broker_test_framing_LDFLAGS = $(UNIT_LINK)
tests_unit_broker_test_framing_LDADD = $(UNIT_BROKER_LIBS)

UNIT_TESTS += tests/unit/broker/test_options
tests_unit_broker_test_options_SOURCES = tests/unit/broker/test_options.c \
	$(UNIT_FILES)
tests_unit_broker_test_options_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_broker_test_options_CFLAGS = $(UNIT_CFLAGS)
tests_unit_broker_test_options_LDFLAGS = $(UNIT_LINK)
tests_unit_broker_test_options_LDADD = $(UNIT_BROKER_LIBS)

UNIT_TESTS += tests/unit/broker/test_overlap
tests_unit_broker_test_overlap_SOURCES = tests/unit/broker/test_overlap.c \
	$(UNIT_FILES)
tests_unit_broker_test_overlap_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_broker_test_overlap_CFLAGS = $(UNIT_CFLAGS)
tests_unit_broker_test_overlap_LDFLAGS = $(UNIT_LINK)
tests_unit_broker_test_overlap_LDADD = $(UNIT_BROKER_LIBS)

UNIT_TESTS += tests/unit/broker/test_pool
tests_unit_broker_test_pool_SOURCES = tests/unit/broker/test_pool.c \
	$(UNIT_FILES)
tests_unit_broker_test_pool_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_broker_test_pool_CFLAGS = $(UNIT_CFLAGS)
tests_unit_broker_test_pool_LDFLAGS = $(UNIT_LINK)
tests_unit_broker_test_pool_LDADD = $(UNIT_BROKER_LIBS)

UNIT_TESTS += tests/unit/broker/test_net
tests_unit_broker_test_net_SOURCES = tests/unit/broker/test_net.c \
	$(UNIT_FILES)
tests_unit_broker_test_net_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_broker_test_net_CFLAGS = $(UNIT_CFLAGS)
tests_unit_broker_test_net_LDFLAGS = $(UNIT_LINK)
tests_unit_broker_test_net_LDADD = $(UNIT_BROKER_LIBS)

UNIT_TESTS += tests/unit/broker/test_streams
tests_unit_broker_test_streams_SOURCES = tests/unit/broker/test_streams.c \
	$(UNIT_FILES)
tests_unit_broker_test_streams_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_broker_test_streams_CFLAGS = $(UNIT_CFLAGS)
tests_unit_broker_test_streams_LDFLAGS = $(UNIT_LINK)
tests_unit_broker_test_streams_LDADD = $(UNIT_BROKER_LIBS)

UNIT_TESTS += tests/unit/broker/test_failures
tests_unit_broker_test_failures_SOURCES = tests/unit/broker/test_failures.c \
	$(UNIT_FILES)
tests_unit_broker_test_failures_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_broker_test_failures_CFLAGS = $(UNIT_CFLAGS)
tests_unit_broker_test_failures_LDFLAGS = $(UNIT_LINK)
tests_unit_broker_test_failures_LDADD = $(UNIT_BROKER_LIBS)

UNIT_TESTS += tests/unit/broker/test_guesses
tests_unit_broker_test_guesses_SOURCES = tests/unit/broker/test_guesses.c \
	$(UNIT_FILES)
tests_unit_broker_test_guesses_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_broker_test_guesses_CFLAGS = $(UNIT_CFLAGS)
tests_unit_broker_test_guesses_LDFLAGS = $(UNIT_LINK)
tests_unit_broker_test_guesses_LDADD = $(UNIT_BROKER_LIBS)

UNIT_TESTS += tests/unit/broker/test_tunnel_table
tests_unit_broker_test_tunnel_table_SOURCES = tests/unit/broker/test_tunnel_table.c \
	$(UNIT_FILES)
tests_unit_broker_test_tunnel_table_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_broker_test_tunnel_table_CFLAGS = $(UNIT_CFLAGS)
tests_unit_broker_test_tunnel_table_LDFLAGS = $(UNIT_LINK)
tests_unit_broker_test_tunnel_table_LDADD = $(UNIT_BROKER_LIBS)

UNIT_TESTS += tests/unit/broker/test_command_line
tests_unit_broker_test_command_line_SOURCES = tests/unit/broker/test_command_line.c \
	$(UNIT_FILES)
tests_unit_broker_test_command_line_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_broker_test_command_line_CFLAGS = $(UNIT_CFLAGS)
tests_unit_broker_test_command_line_LDFLAGS = $(UNIT_LINK)
tests_unit_broker_test_command_line_LDADD = $(UNIT_BROKER_LIBS)

UNIT_TESTS += tests/unit/broker/test_heard
tests_unit_broker_test_heard_SOURCES = tests/unit/broker/test_heard.c \
	$(UNIT_FILES)
tests_unit_broker_test_heard_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_broker_test_heard_CFLAGS = $(UNIT_CFLAGS)
tests_unit_broker_test_heard_LDFLAGS = $(UNIT_LINK)
tests_unit_broker_test_heard_LDADD = $(UNIT_BROKER_LIBS)

UNIT_TESTS += tests/unit/broker/test_life
tests_unit_broker_test_life_SOURCES = tests/unit/broker/test_life.c $(UNIT_FILES)
tests_unit_broker_test_life_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_broker_test_life_CFLAGS = $(UNIT_CFLAGS)
tests_unit_broker_test_life_LDFLAGS = $(UNIT_LINK)
tests_unit_broker_test_life_LDADD = $(UNIT_BROKER_LIBS)

UNIT_TESTS += tests/unit/broker/test_quota
tests_unit_broker_test_quota_SOURCES = tests/unit/broker/test_quota.c $(UNIT_FILES)
tests_unit_broker_test_quota_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_broker_test_quota_CFLAGS = $(UNIT_CFLAGS)
tests_unit_broker_test_quota_LDFLAGS = $(UNIT_LINK)
tests_unit_broker_test_quota_LDADD = $(UNIT_BROKER_LIBS)

UNIT_TESTS += tests/unit/broker/test_sources
tests_unit_broker_test_sources_SOURCES = tests/unit/broker/test_sources.c $(UNIT_FILES)
tests_unit_broker_test_sources_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_broker_test_sources_CFLAGS = $(UNIT_CFLAGS)
tests_unit_broker_test_sources_LDFLAGS = $(UNIT_LINK)
tests_unit_broker_test_sources_LDADD = $(UNIT_BROKER_LIBS)

UNIT_TESTS += tests/unit/broker/test_sessions
tests_unit_broker_test_sessions_SOURCES = tests/unit/broker/test_sessions.c \
	$(UNIT_FILES)
tests_unit_broker_test_sessions_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_broker_test_sessions_CFLAGS = $(UNIT_CFLAGS)
tests_unit_broker_test_sessions_LDFLAGS = $(UNIT_LINK)
tests_unit_broker_test_sessions_LDADD = $(UNIT_BROKER_LIBS)

UNIT_TESTS += tests/unit/broker/test_tunnels
tests_unit_broker_test_tunnels_SOURCES = tests/unit/broker/test_tunnels.c \
	$(UNIT_FILES)
tests_unit_broker_test_tunnels_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_broker_test_tunnels_CFLAGS = $(UNIT_CFLAGS)
tests_unit_broker_test_tunnels_LDFLAGS = $(UNIT_LINK)
tests_unit_broker_test_tunnels_LDADD = $(UNIT_BROKER_LIBS)

UNIT_TESTS += tests/unit/client/test_attempts
tests_unit_client_test_attempts_SOURCES = tests/unit/client/test_attempts.c \
	$(UNIT_FILES)
tests_unit_client_test_attempts_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_client_test_attempts_CFLAGS = $(UNIT_CFLAGS)
tests_unit_client_test_attempts_LDFLAGS = $(UNIT_LINK)
tests_unit_client_test_attempts_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/client/test_client
tests_unit_client_test_client_SOURCES = tests/unit/client/test_client.c \
	tests/unit/client/fake_world.c tests/unit/client/fake_world.h \
	$(UNIT_FILES)
tests_unit_client_test_client_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_client_test_client_CFLAGS = $(UNIT_CFLAGS)
tests_unit_client_test_client_LDFLAGS = $(UNIT_LINK)
tests_unit_client_test_client_LDADD = $(UNIT_LIBS)

# Lookups with a hosts file of the test's.
UNIT_TESTS += tests/unit/client/test_distances
tests_unit_client_test_distances_SOURCES = \
	tests/unit/client/test_distances.c core/client/distances.c \
	core/client/distances.h core/base/loop_resolve.c $(UNIT_FILES)
tests_unit_client_test_distances_CPPFLAGS = $(UNIT_CPPFLAGS) \
	-DRESOLV_CONF='"test_distances.resolv"' \
	-DHOSTS_FILE='"test_distances.hosts"'
tests_unit_client_test_distances_CFLAGS = $(UNIT_CFLAGS) $(EVENT_CFLAGS)
tests_unit_client_test_distances_LDFLAGS = $(UNIT_LINK)
tests_unit_client_test_distances_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/client/test_nat_timeout
tests_unit_client_test_nat_timeout_SOURCES = \
	tests/unit/client/test_nat_timeout.c $(UNIT_FILES)
tests_unit_client_test_nat_timeout_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_client_test_nat_timeout_CFLAGS = $(UNIT_CFLAGS)
tests_unit_client_test_nat_timeout_LDFLAGS = $(UNIT_LINK)
tests_unit_client_test_nat_timeout_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/client/test_networks
tests_unit_client_test_networks_SOURCES = tests/unit/client/test_networks.c \
	$(UNIT_FILES)
tests_unit_client_test_networks_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_client_test_networks_CFLAGS = $(UNIT_CFLAGS)
tests_unit_client_test_networks_LDFLAGS = $(UNIT_LINK)
tests_unit_client_test_networks_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/client/test_proven
tests_unit_client_test_proven_SOURCES = tests/unit/client/test_proven.c \
	$(UNIT_FILES)
tests_unit_client_test_proven_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_client_test_proven_CFLAGS = $(UNIT_CFLAGS)
tests_unit_client_test_proven_LDFLAGS = $(UNIT_LINK)
tests_unit_client_test_proven_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/client/test_servers
tests_unit_client_test_servers_SOURCES = tests/unit/client/test_servers.c \
	$(UNIT_FILES)
tests_unit_client_test_servers_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_client_test_servers_CFLAGS = $(UNIT_CFLAGS)
tests_unit_client_test_servers_LDFLAGS = $(UNIT_LINK)
tests_unit_client_test_servers_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/client/test_trust
tests_unit_client_test_trust_SOURCES = tests/unit/client/test_trust.c \
	$(UNIT_FILES)
tests_unit_client_test_trust_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_client_test_trust_CFLAGS = $(UNIT_CFLAGS)
tests_unit_client_test_trust_LDFLAGS = $(UNIT_LINK)
tests_unit_client_test_trust_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/config/test_conf
tests_unit_config_test_conf_SOURCES = tests/unit/config/test_conf.c \
	tests/fake/fake_trusted.c $(UNIT_FILES)
tests_unit_config_test_conf_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_config_test_conf_CFLAGS = $(UNIT_CFLAGS)
tests_unit_config_test_conf_LDFLAGS = $(UNIT_LINK)
tests_unit_config_test_conf_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/config/test_settings
tests_unit_config_test_settings_SOURCES = tests/unit/config/test_settings.c \
	tests/fake/fake_trusted.c $(UNIT_FILES)
tests_unit_config_test_settings_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_config_test_settings_CFLAGS = $(UNIT_CFLAGS)
tests_unit_config_test_settings_LDFLAGS = $(UNIT_LINK)
tests_unit_config_test_settings_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/modules/test_feature_check
tests_unit_modules_test_feature_check_SOURCES = \
	tests/unit/modules/test_feature_check.c $(UNIT_FILES)
tests_unit_modules_test_feature_check_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_modules_test_feature_check_CFLAGS = $(UNIT_CFLAGS)
tests_unit_modules_test_feature_check_LDFLAGS = $(UNIT_LINK)
tests_unit_modules_test_feature_check_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/modules/test_host
tests_unit_modules_test_host_SOURCES = tests/unit/modules/test_host.c \
	tests/fake/fake_trusted.c $(UNIT_FILES)
tests_unit_modules_test_host_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_modules_test_host_CFLAGS = $(UNIT_CFLAGS) $(GNUTLS_CFLAGS)
tests_unit_modules_test_host_LDFLAGS = $(UNIT_LINK)
tests_unit_modules_test_host_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/modules/test_host_client
tests_unit_modules_test_host_client_SOURCES = tests/unit/modules/test_host_client.c \
	tests/unit/tunnel/fake_loop.c tests/unit/tunnel/fake_loop.h $(UNIT_FILES)
tests_unit_modules_test_host_client_CPPFLAGS = $(UNIT_CPPFLAGS) \
	-I$(top_srcdir)/tests/unit/tunnel
tests_unit_modules_test_host_client_CFLAGS = $(UNIT_CFLAGS)
tests_unit_modules_test_host_client_LDFLAGS = $(UNIT_LINK)
tests_unit_modules_test_host_client_LDADD = $(UNIT_LIBS)

if LINUX
UNIT_TESTS += tests/unit/plugins/test_linux_damage
tests_unit_plugins_test_linux_damage_SOURCES = \
	tests/unit/plugins/test_linux_damage.c plugins/os/linux.h \
	plugins/os/linux_damage.c $(UNIT_FILES)
tests_unit_plugins_test_linux_damage_CPPFLAGS = $(UNIT_CPPFLAGS)
# Later initializers of the same member are meant to win there.
tests_unit_plugins_test_linux_damage_CFLAGS = $(UNIT_CFLAGS) $(MNL_CFLAGS) \
	-Wno-override-init
tests_unit_plugins_test_linux_damage_LDFLAGS = $(UNIT_LINK)
tests_unit_plugins_test_linux_damage_LDADD = $(UNIT_LIBS) $(MNL_LIBS)

UNIT_TESTS += tests/unit/plugins/test_linux_rtnl
tests_unit_plugins_test_linux_rtnl_SOURCES = \
	tests/unit/plugins/test_linux_rtnl.c plugins/os/linux.h \
	plugins/os/linux_rtnl.c $(UNIT_FILES)
tests_unit_plugins_test_linux_rtnl_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_plugins_test_linux_rtnl_CFLAGS = $(UNIT_CFLAGS) $(MNL_CFLAGS)
tests_unit_plugins_test_linux_rtnl_LDFLAGS = $(UNIT_LINK)
tests_unit_plugins_test_linux_rtnl_LDADD = $(UNIT_LIBS) $(MNL_LIBS)

UNIT_TESTS += tests/unit/plugins/test_linux_kernel
tests_unit_plugins_test_linux_kernel_SOURCES = \
	tests/unit/plugins/test_linux_kernel.c plugins/os/linux.h \
	plugins/os/linux_kernel.c $(FAKE_HOST) $(UNIT_FILES)
tests_unit_plugins_test_linux_kernel_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_plugins_test_linux_kernel_CFLAGS = $(UNIT_CFLAGS) $(MNL_CFLAGS)
tests_unit_plugins_test_linux_kernel_LDFLAGS = $(UNIT_LINK)
tests_unit_plugins_test_linux_kernel_LDADD = $(UNIT_LIBS) $(MNL_LIBS)

# The system is made up in it.
UNIT_TESTS += tests/unit/plugins/test_linux_ra
tests_unit_plugins_test_linux_ra_SOURCES = \
	tests/unit/plugins/test_linux_ra.c plugins/os/linux.h \
	plugins/os/linux_ra.c plugins/os/linux_settings.c $(FAKE_HOST) \
	$(UNIT_FILES)
tests_unit_plugins_test_linux_ra_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_plugins_test_linux_ra_CFLAGS = $(UNIT_CFLAGS)
tests_unit_plugins_test_linux_ra_LDFLAGS = $(UNIT_LINK)
tests_unit_plugins_test_linux_ra_LDADD = $(UNIT_LIBS)
endif

# The backend, in network namespaces of the tests'.
if LINUX
LINUX_LIB = tests/unit/plugins/liblinux.a
check_LIBRARIES = $(LINUX_LIB)
tests_unit_plugins_liblinux_a_SOURCES = \
	plugins/os/os_linux.c plugins/os/linux.h \
	plugins/os/linux_kernel.c plugins/os/linux_link.c plugins/os/linux_onlink.c \
	plugins/os/linux_addr.c plugins/os/linux_better.c \
	plugins/os/linux_damage.c plugins/os/linux_former.c \
	plugins/os/linux_ra.c plugins/os/linux_route.c \
	plugins/os/linux_rtnl.c plugins/os/linux_service.c \
	plugins/os/linux_settings.c plugins/os/linux_sysctl.c \
	plugins/os/linux_watch.c
nodist_tests_unit_plugins_liblinux_a_SOURCES = $(LINUX_UNITS)
tests_unit_plugins_liblinux_a_CPPFLAGS = $(UNIT_CPPFLAGS) \
	-I$(top_builddir)/plugins/os
tests_unit_plugins_liblinux_a_CFLAGS = $(UNIT_CFLAGS) $(MNL_CFLAGS)

UNIT_TESTS += tests/unit/plugins/test_linux
tests_unit_plugins_test_linux_SOURCES = tests/unit/plugins/test_linux.c \
	$(FAKE_HOST) $(UNIT_FILES)
tests_unit_plugins_test_linux_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_plugins_test_linux_CFLAGS = $(UNIT_CFLAGS)
tests_unit_plugins_test_linux_LDFLAGS = $(UNIT_LINK)
tests_unit_plugins_test_linux_LDADD = $(LINUX_LIB) $(UNIT_LIBS) $(MNL_LIBS)

LINUX_LAB = tests/unit/plugins/linux_lab.c tests/unit/plugins/linux_lab.h \
	$(FAKE_HOST) $(UNIT_FILES)

UNIT_TESTS += tests/unit/plugins/test_linux_addr
tests_unit_plugins_test_linux_addr_SOURCES = \
	tests/unit/plugins/test_linux_addr.c $(LINUX_LAB)
tests_unit_plugins_test_linux_addr_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_plugins_test_linux_addr_CFLAGS = $(UNIT_CFLAGS)
tests_unit_plugins_test_linux_addr_LDFLAGS = $(UNIT_LINK)
tests_unit_plugins_test_linux_addr_LDADD = $(LINUX_LIB) $(UNIT_LIBS) \
	$(MNL_LIBS)

UNIT_TESTS += tests/unit/plugins/test_linux_onlink
tests_unit_plugins_test_linux_onlink_SOURCES = \
	tests/unit/plugins/test_linux_onlink.c $(LINUX_LAB)
tests_unit_plugins_test_linux_onlink_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_plugins_test_linux_onlink_CFLAGS = $(UNIT_CFLAGS)
tests_unit_plugins_test_linux_onlink_LDFLAGS = $(UNIT_LINK)
tests_unit_plugins_test_linux_onlink_LDADD = $(LINUX_LIB) $(UNIT_LIBS) \
	$(MNL_LIBS)

UNIT_TESTS += tests/unit/plugins/test_linux_link
tests_unit_plugins_test_linux_link_SOURCES = \
	tests/unit/plugins/test_linux_link.c $(LINUX_LAB)
tests_unit_plugins_test_linux_link_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_plugins_test_linux_link_CFLAGS = $(UNIT_CFLAGS)
tests_unit_plugins_test_linux_link_LDFLAGS = $(UNIT_LINK)
tests_unit_plugins_test_linux_link_LDADD = $(LINUX_LIB) $(UNIT_LIBS) \
	$(MNL_LIBS)

UNIT_TESTS += tests/unit/plugins/test_os_linux
tests_unit_plugins_test_os_linux_SOURCES = \
	tests/unit/plugins/test_os_linux.c $(LINUX_LAB)
tests_unit_plugins_test_os_linux_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_plugins_test_os_linux_CFLAGS = $(UNIT_CFLAGS)
tests_unit_plugins_test_os_linux_LDFLAGS = $(UNIT_LINK)
tests_unit_plugins_test_os_linux_LDADD = $(LINUX_LIB) $(UNIT_LIBS) \
	$(MNL_LIBS)

UNIT_TESTS += tests/unit/plugins/test_linux_watch
tests_unit_plugins_test_linux_watch_SOURCES = \
	tests/unit/plugins/test_linux_watch.c $(LINUX_LAB)
tests_unit_plugins_test_linux_watch_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_plugins_test_linux_watch_CFLAGS = $(UNIT_CFLAGS)
tests_unit_plugins_test_linux_watch_LDFLAGS = $(UNIT_LINK)
tests_unit_plugins_test_linux_watch_LDADD = $(LINUX_LIB) $(UNIT_LIBS) \
	$(MNL_LIBS)

UNIT_TESTS += tests/unit/plugins/test_linux_route
tests_unit_plugins_test_linux_route_SOURCES = \
	tests/unit/plugins/test_linux_route.c $(LINUX_LAB)
tests_unit_plugins_test_linux_route_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_plugins_test_linux_route_CFLAGS = $(UNIT_CFLAGS)
tests_unit_plugins_test_linux_route_LDFLAGS = $(UNIT_LINK)
tests_unit_plugins_test_linux_route_LDADD = $(LINUX_LIB) $(UNIT_LIBS) \
	$(MNL_LIBS)

UNIT_TESTS += tests/unit/plugins/test_linux_better
tests_unit_plugins_test_linux_better_SOURCES = \
	tests/unit/plugins/test_linux_better.c $(LINUX_LAB)
tests_unit_plugins_test_linux_better_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_plugins_test_linux_better_CFLAGS = $(UNIT_CFLAGS)
tests_unit_plugins_test_linux_better_LDFLAGS = $(UNIT_LINK)
tests_unit_plugins_test_linux_better_LDADD = $(LINUX_LIB) $(UNIT_LIBS) \
	$(MNL_LIBS)

endif

UNIT_TESTS += tests/unit/modules/test_classic
tests_unit_modules_test_classic_SOURCES = tests/unit/modules/test_classic.c \
	$(FAKE_LOADER) $(UNIT_FILES)
tests_unit_modules_test_classic_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_modules_test_classic_CFLAGS = $(UNIT_CFLAGS)
tests_unit_modules_test_classic_LDFLAGS = $(UNIT_LINK)
tests_unit_modules_test_classic_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/modules/test_mechanisms
tests_unit_modules_test_mechanisms_SOURCES = tests/unit/modules/test_mechanisms.c \
	$(FAKE_LOADER) $(UNIT_FILES)
tests_unit_modules_test_mechanisms_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_modules_test_mechanisms_CFLAGS = $(UNIT_CFLAGS)
tests_unit_modules_test_mechanisms_LDFLAGS = $(UNIT_LINK)
tests_unit_modules_test_mechanisms_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/modules/test_plugin_index
tests_unit_modules_test_plugin_index_SOURCES = tests/unit/modules/test_plugin_index.c \
	$(FAKE_LOADER) $(UNIT_FILES)
tests_unit_modules_test_plugin_index_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_modules_test_plugin_index_CFLAGS = $(UNIT_CFLAGS)
tests_unit_modules_test_plugin_index_LDFLAGS = $(UNIT_LINK)
tests_unit_modules_test_plugin_index_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/modules/test_template
tests_unit_modules_test_template_SOURCES = tests/unit/modules/test_template.c \
	$(FAKE_LOADER) $(UNIT_FILES)
tests_unit_modules_test_template_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_modules_test_template_CFLAGS = $(UNIT_CFLAGS)
tests_unit_modules_test_template_LDFLAGS = $(UNIT_LINK)
tests_unit_modules_test_template_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/modules/test_wanted
tests_unit_modules_test_wanted_SOURCES = tests/unit/modules/test_wanted.c \
	$(FAKE_LOADER) $(UNIT_FILES)
tests_unit_modules_test_wanted_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_modules_test_wanted_CFLAGS = $(UNIT_CFLAGS)
tests_unit_modules_test_wanted_LDFLAGS = $(UNIT_LINK)
tests_unit_modules_test_wanted_LDADD = $(UNIT_LIBS)

if LINUX
UNIT_TESTS += tests/unit/plugins/test_linux_service
endif
tests_unit_plugins_test_linux_service_SOURCES = \
	tests/unit/plugins/test_linux_service.c plugins/os/linux_service.c \
	plugins/os/linux_service.h $(UNIT_FILES)
nodist_tests_unit_plugins_test_linux_service_SOURCES = $(LINUX_UNITS)
tests_unit_plugins_test_linux_service_CPPFLAGS = $(UNIT_CPPFLAGS) \
	-I$(top_builddir)/plugins/os
tests_unit_plugins_test_linux_service_CFLAGS = $(UNIT_CFLAGS)
tests_unit_plugins_test_linux_service_LDFLAGS = $(UNIT_LINK)
tests_unit_plugins_test_linux_service_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/modules/test_option
tests_unit_modules_test_option_SOURCES = tests/unit/modules/test_option.c \
	$(UNIT_FILES)
tests_unit_modules_test_option_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_modules_test_option_CFLAGS = $(UNIT_CFLAGS)
tests_unit_modules_test_option_LDFLAGS = $(UNIT_LINK)
tests_unit_modules_test_option_LDADD = $(UNIT_LIBS)

# Home Web: what of it needs no library.
UNIT_TESTS += tests/unit/home_web/test_connections
tests_unit_home_web_test_connections_SOURCES = \
	tests/unit/home_web/test_connections.c plugins/home_web/connections.c $(UNIT_FILES)
tests_unit_home_web_test_connections_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_home_web_test_connections_CFLAGS = $(UNIT_CFLAGS)
tests_unit_home_web_test_connections_LDFLAGS = $(UNIT_LINK)
tests_unit_home_web_test_connections_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/home_web/test_fields
tests_unit_home_web_test_fields_SOURCES = \
	tests/unit/home_web/test_fields.c $(HOME_WEB_FIELDS) $(UNIT_FILES)
tests_unit_home_web_test_fields_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_home_web_test_fields_CFLAGS = $(UNIT_CFLAGS)
tests_unit_home_web_test_fields_LDFLAGS = $(UNIT_LINK)
tests_unit_home_web_test_fields_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/home_web/test_pages
tests_unit_home_web_test_pages_SOURCES = \
	tests/unit/home_web/test_pages.c plugins/home_web/access_log.c \
	plugins/home_web/listing.c plugins/home_web/page.c \
	plugins/home_web/path.c plugins/home_web/request.c \
	plugins/home_web/types.c $(UNIT_FILES)
tests_unit_home_web_test_pages_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_home_web_test_pages_CFLAGS = $(UNIT_CFLAGS)
tests_unit_home_web_test_pages_LDFLAGS = $(UNIT_LINK)
tests_unit_home_web_test_pages_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/home_web/test_path
tests_unit_home_web_test_path_SOURCES = \
	tests/unit/home_web/test_path.c plugins/home_web/path.c $(UNIT_FILES)
tests_unit_home_web_test_path_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_home_web_test_path_CFLAGS = $(UNIT_CFLAGS)
tests_unit_home_web_test_path_LDFLAGS = $(UNIT_LINK)
tests_unit_home_web_test_path_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/home_web/test_request
tests_unit_home_web_test_request_SOURCES = \
	tests/unit/home_web/test_request.c plugins/home_web/request.c $(UNIT_FILES)
tests_unit_home_web_test_request_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_home_web_test_request_CFLAGS = $(UNIT_CFLAGS)
tests_unit_home_web_test_request_LDFLAGS = $(UNIT_LINK)
tests_unit_home_web_test_request_LDADD = $(UNIT_LIBS)

# Home Access: what is pure.
UNIT_TESTS += tests/unit/home_access/test_devices
tests_unit_home_access_test_devices_SOURCES = \
	tests/unit/home_access/test_devices.c $(HOME_ACCESS_LIST) $(UNIT_FILES)
tests_unit_home_access_test_devices_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_home_access_test_devices_CFLAGS = $(UNIT_CFLAGS)
tests_unit_home_access_test_devices_LDFLAGS = $(UNIT_LINK)
tests_unit_home_access_test_devices_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/home_access/test_target
tests_unit_home_access_test_target_SOURCES = \
	tests/unit/home_access/test_target.c $(HOME_ACCESS_TARGET) $(UNIT_FILES)
tests_unit_home_access_test_target_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_home_access_test_target_CFLAGS = $(UNIT_CFLAGS)
tests_unit_home_access_test_target_LDFLAGS = $(UNIT_LINK)
tests_unit_home_access_test_target_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/home_access/test_conf
tests_unit_home_access_test_conf_SOURCES = \
	tests/unit/home_access/test_conf.c $(HOME_ACCESS_LIST) \
	$(HOME_ACCESS_CONF) $(HOME_ACCESS_USERS) $(UNIT_FILES)
tests_unit_home_access_test_conf_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_home_access_test_conf_CFLAGS = $(UNIT_CFLAGS)
tests_unit_home_access_test_conf_LDFLAGS = $(UNIT_LINK)
tests_unit_home_access_test_conf_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/home_access/test_entries
tests_unit_home_access_test_entries_SOURCES = \
	tests/unit/home_access/test_entries.c $(HOME_ACCESS_LIST) \
	$(HOME_ACCESS_CONF) $(HOME_ACCESS_USERS) $(HOME_ACCESS_TARGET) \
	plugins/features/home_access_entries.c \
	plugins/features/home_access_plan.c $(UNIT_FILES)
tests_unit_home_access_test_entries_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_home_access_test_entries_CFLAGS = $(UNIT_CFLAGS)
tests_unit_home_access_test_entries_LDFLAGS = $(UNIT_LINK)
tests_unit_home_access_test_entries_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/plugins/test_home_web
tests_unit_plugins_test_home_web_SOURCES = \
	tests/unit/plugins/test_home_web.c $(HOME_WEB_FEATURE) \
	$(FAKE_HOST) $(UNIT_FILES)
tests_unit_plugins_test_home_web_CPPFLAGS = $(UNIT_CPPFLAGS) \
	-DWEB_WORKER='"/libexec/gw6c-web"'
tests_unit_plugins_test_home_web_CFLAGS = $(UNIT_CFLAGS)
tests_unit_plugins_test_home_web_LDFLAGS = $(UNIT_LINK)
tests_unit_plugins_test_home_web_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/plugins/test_dns_names
tests_unit_plugins_test_dns_names_SOURCES = tests/unit/plugins/test_dns_names.c \
	plugins/features/dns_update_names.c plugins/features/dns_update.h $(FAKE_HOST) $(UNIT_FILES)
tests_unit_plugins_test_dns_names_CPPFLAGS = $(UNIT_CPPFLAGS) $(DNS_UPDATE_DEFS)
tests_unit_plugins_test_dns_names_CFLAGS = $(UNIT_CFLAGS)
tests_unit_plugins_test_dns_names_LDFLAGS = $(UNIT_LINK)
tests_unit_plugins_test_dns_names_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/plugins/test_dns_proxy
tests_unit_plugins_test_dns_proxy_SOURCES = tests/unit/plugins/test_dns_proxy.c \
	plugins/features/dns_update_proxy.c plugins/features/dns_update_queue.c \
	plugins/features/dns_update_result.c plugins/features/dns_update.h $(FAKE_HOST) $(UNIT_FILES)
tests_unit_plugins_test_dns_proxy_CPPFLAGS = $(UNIT_CPPFLAGS) $(DNS_UPDATE_DEFS)
tests_unit_plugins_test_dns_proxy_CFLAGS = $(UNIT_CFLAGS)
tests_unit_plugins_test_dns_proxy_LDFLAGS = $(UNIT_LINK)
tests_unit_plugins_test_dns_proxy_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/plugins/test_dns_queue
tests_unit_plugins_test_dns_queue_SOURCES = tests/unit/plugins/test_dns_queue.c \
	plugins/features/dns_update_journal.c plugins/features/dns_update_key.c \
	plugins/features/dns_update_names.c \
	plugins/features/dns_update_nsupdate.c \
	plugins/features/dns_update_queue.c plugins/features/dns_update_result.c \
	plugins/features/dns_update.h $(FAKE_HOST) $(UNIT_FILES)
tests_unit_plugins_test_dns_queue_CPPFLAGS = $(UNIT_CPPFLAGS) $(DNS_UPDATE_DEFS)
tests_unit_plugins_test_dns_queue_CFLAGS = $(UNIT_CFLAGS)
tests_unit_plugins_test_dns_queue_LDFLAGS = $(UNIT_LINK)
tests_unit_plugins_test_dns_queue_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/plugins/test_dns_update
tests_unit_plugins_test_dns_update_SOURCES = tests/unit/plugins/test_dns_update.c \
	$(DNS_UPDATE_FILES) $(FAKE_HOST) $(UNIT_FILES)
tests_unit_plugins_test_dns_update_CPPFLAGS = $(UNIT_CPPFLAGS) $(DNS_UPDATE_DEFS)
tests_unit_plugins_test_dns_update_CFLAGS = $(UNIT_CFLAGS)
tests_unit_plugins_test_dns_update_LDFLAGS = $(UNIT_LINK)
tests_unit_plugins_test_dns_update_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/plugins/test_radvd_conf
tests_unit_plugins_test_radvd_conf_SOURCES = \
	tests/unit/plugins/test_radvd_conf.c plugins/features/radvd_conf.c \
	plugins/features/radvd_conf.h $(UNIT_FILES)
tests_unit_plugins_test_radvd_conf_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_plugins_test_radvd_conf_CFLAGS = $(UNIT_CFLAGS)
tests_unit_plugins_test_radvd_conf_LDFLAGS = $(UNIT_LINK)
tests_unit_plugins_test_radvd_conf_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/plugins/test_relay
tests_unit_plugins_test_relay_SOURCES = tests/unit/plugins/test_relay.c \
	plugins/os/relay.c plugins/os/tun.h $(FAKE_HOST) $(UNIT_FILES)
tests_unit_plugins_test_relay_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_plugins_test_relay_CFLAGS = $(UNIT_CFLAGS)
tests_unit_plugins_test_relay_LDFLAGS = $(UNIT_LINK)
tests_unit_plugins_test_relay_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/plugins/test_router_adv
tests_unit_plugins_test_router_adv_SOURCES = \
	tests/unit/plugins/test_router_adv.c plugins/features/router_adv.c \
	plugins/features/radvd_conf.c plugins/features/radvd_conf.h \
	$(FAKE_HOST) $(UNIT_FILES)
tests_unit_plugins_test_router_adv_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_plugins_test_router_adv_CFLAGS = $(UNIT_CFLAGS)
tests_unit_plugins_test_router_adv_LDFLAGS = $(UNIT_LINK)
tests_unit_plugins_test_router_adv_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/plugins/test_script_env
tests_unit_plugins_test_script_env_SOURCES = \
	tests/unit/plugins/test_script_env.c plugins/os/script_env.c \
	plugins/os/script_env.h $(FAKE_HOST) $(UNIT_FILES)
tests_unit_plugins_test_script_env_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_plugins_test_script_env_CFLAGS = $(UNIT_CFLAGS)
tests_unit_plugins_test_script_env_LDFLAGS = $(UNIT_LINK)
tests_unit_plugins_test_script_env_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/program/test_args
tests_unit_program_test_args_SOURCES = tests/unit/program/test_args.c \
	$(UNIT_FILES)
tests_unit_program_test_args_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_program_test_args_CFLAGS = $(UNIT_CFLAGS)
tests_unit_program_test_args_LDFLAGS = $(UNIT_LINK)
tests_unit_program_test_args_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/tsp/test_answer
tests_unit_tsp_test_answer_SOURCES = tests/unit/tsp/test_answer.c \
	tests/data/tsp_vectors.h $(UNIT_FILES)
tests_unit_tsp_test_answer_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_tsp_test_answer_CFLAGS = $(UNIT_CFLAGS) $(VECTOR_CFLAGS)
tests_unit_tsp_test_answer_LDFLAGS = $(UNIT_LINK)
tests_unit_tsp_test_answer_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/tsp/test_lease_secret
tests_unit_tsp_test_lease_secret_SOURCES = tests/unit/tsp/test_lease_secret.c $(UNIT_FILES)
tests_unit_tsp_test_lease_secret_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_tsp_test_lease_secret_CFLAGS = $(UNIT_CFLAGS)
tests_unit_tsp_test_lease_secret_LDFLAGS = $(UNIT_LINK)
tests_unit_tsp_test_lease_secret_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/tsp/test_transport
tests_unit_tsp_test_transport_SOURCES = tests/unit/tsp/test_transport.c $(UNIT_FILES)
tests_unit_tsp_test_transport_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_tsp_test_transport_CFLAGS = $(UNIT_CFLAGS)
tests_unit_tsp_test_transport_LDFLAGS = $(UNIT_LINK)
tests_unit_tsp_test_transport_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/tsp/test_transport_udp
tests_unit_tsp_test_transport_udp_SOURCES = tests/unit/tsp/test_transport_udp.c $(UNIT_FILES)
tests_unit_tsp_test_transport_udp_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_tsp_test_transport_udp_CFLAGS = $(UNIT_CFLAGS)
tests_unit_tsp_test_transport_udp_LDFLAGS = $(UNIT_LINK)
tests_unit_tsp_test_transport_udp_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/tsp/test_rudp
tests_unit_tsp_test_rudp_SOURCES = tests/unit/tsp/test_rudp.c \
	tests/data/tsp_vectors.h $(UNIT_FILES)
tests_unit_tsp_test_rudp_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_tsp_test_rudp_CFLAGS = $(UNIT_CFLAGS) $(VECTOR_CFLAGS)
tests_unit_tsp_test_rudp_LDFLAGS = $(UNIT_LINK)
tests_unit_tsp_test_rudp_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/tsp/test_session
tests_unit_tsp_test_session_SOURCES = tests/unit/tsp/test_session.c \
	$(UNIT_FILES)
tests_unit_tsp_test_session_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_tsp_test_session_CFLAGS = $(UNIT_CFLAGS) $(GNUTLS_CFLAGS)
tests_unit_tsp_test_session_LDFLAGS = $(UNIT_LINK)
tests_unit_tsp_test_session_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/tsp/test_tsp
tests_unit_tsp_test_tsp_SOURCES = tests/unit/tsp/test_tsp.c \
	tests/data/tsp_vectors.h $(UNIT_FILES)
tests_unit_tsp_test_tsp_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_tsp_test_tsp_CFLAGS = $(UNIT_CFLAGS) $(VECTOR_CFLAGS)
tests_unit_tsp_test_tsp_LDFLAGS = $(UNIT_LINK)
tests_unit_tsp_test_tsp_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/tunnel/test_features
tests_unit_tunnel_test_features_SOURCES = tests/unit/tunnel/test_features.c \
	tests/unit/tunnel/fake_loop.c tests/unit/tunnel/fake_loop.h $(UNIT_FILES)
tests_unit_tunnel_test_features_CPPFLAGS = $(UNIT_CPPFLAGS) \
	-I$(top_srcdir)/tests/unit/tunnel
tests_unit_tunnel_test_features_CFLAGS = $(UNIT_CFLAGS)
tests_unit_tunnel_test_features_LDFLAGS = $(UNIT_LINK)
tests_unit_tunnel_test_features_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/tunnel/test_keepalive
tests_unit_tunnel_test_keepalive_SOURCES = tests/unit/tunnel/test_keepalive.c \
	tests/unit/tunnel/fake_loop.c tests/unit/tunnel/fake_loop.h $(UNIT_FILES)
tests_unit_tunnel_test_keepalive_CPPFLAGS = $(UNIT_CPPFLAGS) \
	-I$(top_srcdir)/tests/unit/tunnel
tests_unit_tunnel_test_keepalive_CFLAGS = $(UNIT_CFLAGS)
tests_unit_tunnel_test_keepalive_LDFLAGS = $(UNIT_LINK)
tests_unit_tunnel_test_keepalive_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/tunnel/test_plan_run
tests_unit_tunnel_test_plan_run_SOURCES = tests/unit/tunnel/test_plan_run.c \
	tests/unit/tunnel/fake_loop.c tests/unit/tunnel/fake_loop.h $(UNIT_FILES)
tests_unit_tunnel_test_plan_run_CPPFLAGS = $(UNIT_CPPFLAGS) \
	-I$(top_srcdir)/tests/unit/tunnel
tests_unit_tunnel_test_plan_run_CFLAGS = $(UNIT_CFLAGS)
tests_unit_tunnel_test_plan_run_LDFLAGS = $(UNIT_LINK)
tests_unit_tunnel_test_plan_run_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/tunnel/test_plan_show
tests_unit_tunnel_test_plan_show_SOURCES = tests/unit/tunnel/test_plan_show.c $(UNIT_FILES)
tests_unit_tunnel_test_plan_show_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_tunnel_test_plan_show_CFLAGS = $(UNIT_CFLAGS)
tests_unit_tunnel_test_plan_show_LDFLAGS = $(UNIT_LINK)
tests_unit_tunnel_test_plan_show_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/tunnel/test_plan_text
tests_unit_tunnel_test_plan_text_SOURCES = tests/unit/tunnel/test_plan_text.c $(UNIT_FILES)
tests_unit_tunnel_test_plan_text_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_tunnel_test_plan_text_CFLAGS = $(UNIT_CFLAGS)
tests_unit_tunnel_test_plan_text_LDFLAGS = $(UNIT_LINK)
tests_unit_tunnel_test_plan_text_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/tunnel/test_planner
tests_unit_tunnel_test_planner_SOURCES = tests/unit/tunnel/test_planner.c \
	tests/unit/tunnel/fake_loop.c tests/unit/tunnel/fake_loop.h $(UNIT_FILES)
tests_unit_tunnel_test_planner_CPPFLAGS = $(UNIT_CPPFLAGS) \
	-I$(top_srcdir)/tests/unit/tunnel
tests_unit_tunnel_test_planner_CFLAGS = $(UNIT_CFLAGS)
tests_unit_tunnel_test_planner_LDFLAGS = $(UNIT_LINK)
tests_unit_tunnel_test_planner_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/tunnel/test_tunnel
tests_unit_tunnel_test_tunnel_SOURCES = tests/unit/tunnel/test_tunnel.c \
	tests/unit/tunnel/fake_loop.c tests/unit/tunnel/fake_loop.h $(UNIT_FILES)
tests_unit_tunnel_test_tunnel_CPPFLAGS = $(UNIT_CPPFLAGS) \
	-I$(top_srcdir)/tests/unit/tunnel
tests_unit_tunnel_test_tunnel_CFLAGS = $(UNIT_CFLAGS)
tests_unit_tunnel_test_tunnel_LDFLAGS = $(UNIT_LINK)
tests_unit_tunnel_test_tunnel_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/tunnels/test_modes
tests_unit_tunnels_test_modes_SOURCES = tests/unit/tunnels/test_modes.c \
	tunnels/tunnel_v6v4.c tunnels/tunnel_v6udpv4.c tunnels/tunnel_v4v6.c \
	tunnels/tunnel_v6anyv4.c $(COMMON_FILES) $(RAW_FILES) $(UNIT_FILES)
tests_unit_tunnels_test_modes_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_tunnels_test_modes_CFLAGS = $(UNIT_CFLAGS)
tests_unit_tunnels_test_modes_LDFLAGS = $(UNIT_LINK)
tests_unit_tunnels_test_modes_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/tunnels/test_pump
tests_unit_tunnels_test_pump_SOURCES = tests/unit/tunnels/test_pump.c \
	tunnels/pump.c tunnels/pump.h tunnels/pump_check.c \
	tunnels/pump_refuse.c $(FAKE_HOST) $(UNIT_FILES)
tests_unit_tunnels_test_pump_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_tunnels_test_pump_CFLAGS = $(UNIT_CFLAGS)
tests_unit_tunnels_test_pump_LDFLAGS = $(UNIT_LINK)
tests_unit_tunnels_test_pump_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/tunnels/test_raw
tests_unit_tunnels_test_raw_SOURCES = tests/unit/tunnels/test_raw.c \
	tunnels/raw.c tunnels/raw.h tunnels/tunnel_v6udpv4.c \
	$(COMMON_FILES) $(UNIT_FILES)
tests_unit_tunnels_test_raw_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_tunnels_test_raw_CFLAGS = $(UNIT_CFLAGS)
tests_unit_tunnels_test_raw_LDFLAGS = $(UNIT_LINK)
tests_unit_tunnels_test_raw_LDADD = $(UNIT_LIBS)

check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
endif

EXTRA_DIST += tests/data/conf
