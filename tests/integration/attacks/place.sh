#!/bin/sh
# place - forged packets of a forged session do not keep its place for long.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/attacks.lib.sh"
is_long

lab_up
# So few addresses that the one it is given can be guessed.
broker_conf pool6=2001:db8:1000::/112
broker_start

tunnels() { broker_status tunnels; }
has() { [ "$(tunnels)" = "$1" ]; }

at "$ATTACKER" "$TOOLS/attacker" hold "$VICTIM4" "$BROKER4:3653" 10 70 \
	2001:db8:1000::2 >/dev/null &
holder=$!
wait_for 20 has 1 || fail "there is no forged tunnel"
# Silent, it would end after 20 s.
sleep 25
has 1 || fail "the packets are not taken for those of the tunnel"
wait_for 30 has 0 || fail "the place is kept: $(tunnels) tunnels"
grep -q 'its address has proven nothing' "$T/broker.log" ||
	fail "it has ended for another reason"
ended $holder
broker_alive || fail "the broker ended"
