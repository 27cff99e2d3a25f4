#!/bin/sh
# client_killed - after kill -9 the next start clears up.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

lab_up
broker_conf
broker_start
client_conf tunnel_mode=v6udpv4
kernel_state client >"$T/before"

devices() { ip -n "$LAB-client" -o tuntap show | wc -l; }

for round in 1 2 3; do
	client_up
	[ "$(devices)" = 1 ] || fail "round $round: $(devices) interfaces"
	own=$(tunnel_address)
	routes=$(ip -n "$LAB-client" -6 route show default | wc -l)
	[ "$routes" = 1 ] || fail "round $round: $routes default routes"
	addresses=$(ip -n "$LAB-client" -6 -o address show scope global |
		wc -l)
	[ "$addresses" = 1 ] || fail "round $round: $addresses addresses"
	pings "$SERVER6" >/dev/null || fail "round $round: no ping from $own"
	kill -KILL "$(status pid)"
	wait "$client_pid" 2>/dev/null
done

client_up
client_stop || fail "exit status $?"
kernel_state client >"$T/after"
diff "$T/before" "$T/after" || fail "a killed client left something"
