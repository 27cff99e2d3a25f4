# tests/integration - the whole in a lab of network namespaces.
# The longest first: the others run beside them.
INTEGRATION_TESTS = \
	tests/integration/kernel_modes.sh \
	tests/integration/lease.sh \
	tests/integration/address_change.sh \
	tests/integration/any_moves.sh \
	tests/integration/bad_plugin.sh \
	tests/integration/broker_killed.sh \
	tests/integration/broker_life.sh \
	tests/integration/check_config.sh \
	tests/integration/client_killed.sh \
	tests/integration/dry_run.sh \
	tests/integration/hostile_datagrams.sh \
	tests/integration/idle.sh \
	tests/integration/login_methods.sh \
	tests/integration/lossy.sh \
	tests/integration/multi_site.sh \
	tests/integration/nothing_left.sh \
	tests/integration/options.sh \
	tests/integration/proxy.sh \
	tests/integration/router.sh \
	tests/integration/second_instance.sh \
	tests/integration/start_time.sh \
	tests/integration/statuses.sh \
	tests/integration/tcp.sh \
	tests/integration/tunnel_up.sh \
	tests/integration/v4v6.sh \
	tests/integration/v6v4.sh \
	tests/integration/verbosity.sh \
	tests/integration/example_plugin.sh \
	tests/integration/one_missing.sh
TESTS += $(INTEGRATION_TESTS)

check_PROGRAMS += tests/integration/master tests/integration/mischief \
	tests/integration/stream
tests_integration_master_SOURCES = tests/integration/master.c
tests_integration_mischief_SOURCES = tests/integration/mischief.c
tests_integration_stream_SOURCES = tests/integration/stream.c

EXTRA_DIST += $(INTEGRATION_TESTS) tests/integration/lib.sh \
	tests/integration/kernel-run tests/integration/netlab tests/common.sh tests/packages .shellcheckrc
