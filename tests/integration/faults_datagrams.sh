#!/bin/sh
# faults_datagrams - what can happen to datagrams, and to the broker's name:
# how long until traffic flows again.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/faults.lib.sh"

for mode in blackhole loss corrupt truncate small reorder duplicate; do
	eval "break_relay_$mode() { relay $mode; }"
	eval "heal_relay_$mode() { relay plain; }"
done
# Only the way through the network is new, and nobody is told.
break_rebound() { relay plain; }
heal_rebound() { :; }

# --- names ---
break_dns_dead() {
	: >"$hosts"
	broker_stop KILL
}
heal_dns_dead() {
	printf '%s broker.test\n' "$BROKER4" >"$hosts"
	broker_start
}
break_dns_moved() { # the name has moved, and so has the broker
	broker_stop KILL
	printf '%s broker.test\n' "$RELAY" >"$hosts"
}
heal_dns_moved() {
	relay plain
	broker_start
}

names_end() {
	end_rc=$?
	rm -rf "/etc/netns/$LAB-client"
	sh -c "exit $end_rc"
	test_end
}
trap 'names_end' EXIT

faults_lab
relay plain
faults_client server=$RELAY
fault lost 8 relay_blackhole "datagrams vanish"
fault lost 8 relay_loss "30 % of datagrams lost"
fault lost 8 relay_corrupt "datagrams corrupted"
fault lost 8 relay_truncate "datagrams cut short"
fault lost 4 relay_small "large datagrams vanish"
fault lost 8 relay_reorder "datagrams out of order"
fault lost 8 relay_duplicate "datagrams doubled"
fault lost 0 rebound "mapping moved, nobody told"
client_stop || fail "exit status $?"
relay_stop

mkdir -p "/etc/netns/$LAB-client"
hosts=/etc/netns/$LAB-client/hosts
printf '%s broker.test\n' "$BROKER4" >"$hosts"
faults_client server=broker.test
fault lost 4 dns_dead "name gone"
fault lost 2 dns_moved "name has another address"
relay_stop
faults_end
