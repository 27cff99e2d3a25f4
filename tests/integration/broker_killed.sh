#!/bin/sh
# broker_killed - the client notices a dead broker, and its return.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

lab_up
broker_conf
broker_start
client_conf
client_up
pings "$SERVER6" >/dev/null || fail "no ping before"

client_lost() { [ "$(status state)" != up ]; }

# Lost without a word: a cut cable, so that no "port unreachable" helps.
"$NETLAB" cut "$LAB" brokerA
from=$(now_ms)
wait_for $((3 * INTERVAL + 10)) client_lost ||
	fail "not noticed after $((3 * INTERVAL + 10)) s"
say "noticed after $(($(now_ms) - from)) ms (interval $INTERVAL s)"
broker_stop KILL
client_alive || fail "the client ended"
sleep 3
"$NETLAB" heal "$LAB" brokerA
broker_start
from=$(now_ms)
wait_for 20 pings "$SERVER6" ||
	fail "no ping 20 s after the broker came back"
say "back $(($(now_ms) - from)) ms after the broker"

# Once more, killed while the machine stays: the socket says so.
broker_stop KILL
from=$(now_ms)
wait_for $((3 * INTERVAL + 10)) client_lost || fail "a kill is not noticed"
say "a kill was noticed after $(($(now_ms) - from)) ms"
broker_start
wait_for 20 pings "$SERVER6" || fail "no ping after a kill and a return"
client_stop || fail "exit status $?"
