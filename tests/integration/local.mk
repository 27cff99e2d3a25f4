# tests/integration - the whole in a lab of network namespaces.
INTEGRATION_TESTS = \
	tests/integration/address_change.sh \
	tests/integration/bad_plugin.sh \
	tests/integration/broker_killed.sh \
	tests/integration/broker_life.sh \
	tests/integration/check_config.sh \
	tests/integration/client_killed.sh \
	tests/integration/dry_run.sh \
	tests/integration/hostile_datagrams.sh \
	tests/integration/idle.sh \
	tests/integration/login_methods.sh \
	tests/integration/multi_site.sh \
	tests/integration/nothing_left.sh \
	tests/integration/second_instance.sh \
	tests/integration/start_time.sh \
	tests/integration/tunnel_up.sh \
	tests/integration/verbosity.sh
TESTS += $(INTEGRATION_TESTS)

check_PROGRAMS += tests/integration/master tests/integration/mischief \
	tests/integration/stream
tests_integration_master_SOURCES = tests/integration/master.c
tests_integration_mischief_SOURCES = tests/integration/mischief.c
tests_integration_stream_SOURCES = tests/integration/stream.c

EXTRA_DIST += $(INTEGRATION_TESTS) tests/integration/lib.sh \
	tests/integration/netlab tests/common.sh tests/packages .shellcheckrc
