#!/bin/sh
# clock - somebody steps the clock, both ways: the tunnel stays, and the broker
# is asked at once, as after a sleep. Only in a machine that is thrown away.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

[ "$DATA_PATH" = kernel ] || skip "it sets the clock; see kernel_life"
lab_up
broker_conf
broker_start
client_conf keepalive_interval=100
client_up -vvvv
asked() { count_lines 'keepalive: ping sequence' "$T/client.log"; }
more() { [ "$(asked)" -gt "$1" ]; }
wait_for 20 more 0 || fail "no keepalive at all"
sleep 1
for step in +86400 -172800 +86400; do
	before=$(asked)
	date -s "@$(($(date +%s) + step))" >/dev/null || fail "no clock to set"
	i=0
	until more "$before"; do
		i=$((i + 1))
		[ $i -lt 200 ] || fail "$step s: the broker was not asked"
		sleep 0.1
	done
	pings "$SERVER6" >/dev/null || fail "$step s: no ping"
	[ "$(status tunnels)" = 1 ] || fail "$step s: the tunnel was lost"
done
say "the clock was set three times, and the tunnel stayed"
client_stop || fail "exit status $?"
