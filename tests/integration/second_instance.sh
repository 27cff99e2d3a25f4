#!/bin/sh
# second_instance - a second client is refused and harms nothing.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

lab_up
broker_conf
broker_start
client_conf
client_up
first=$(status pid)
cp "$T/client.log" "$T/first.log"

client_run -n
rc=$?
[ $rc = 3 ] || fail "exit status $rc, not 3"
grep -q "already running as process $first" "$T/client.log" ||
	fail "the message does not name process $first"

client_is_up || fail "the first one is no longer up"
[ "$(status pid)" = "$first" ] || fail "another one answers"
pings "$SERVER6" >/dev/null || fail "the first tunnel is broken"

# Another pid file does not make room for two in one run_dir.
client_conf "pid_file=$T/other.pid"
client_run -n
rc=$?
[ $rc = 3 ] || fail "with another pid file: exit status $rc, not 3"
grep -q "another process uses $T/run" "$T/client.log" ||
	fail "the message does not name run_dir"
client_is_up || fail "the first one is no longer up after that"
