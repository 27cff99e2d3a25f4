#!/bin/sh
# amplifier - the broker sends no more octets to an address that may be forged
# than came from it, but for a few in advance.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/attacks.lib.sh"

# To one address: 4096 octets in advance, and 32 a second; with what came before
# and was not answered, and what is not of the broker.
ADVANCE=6400

lab_up
broker_conf max_tunnels=100
broker_start

for kind in repeat session takeover version empty passdss; do
	before=$(octets "$VICTIM" rx)
	sent=$(attack $kind "$VICTIM4" 1000 3 | cut -d' ' -f1)
	sleep 0.3
	got=$(($(octets "$VICTIM" rx) - before))
	say "$kind: $sent octets sent, $got received by the victim"
	[ "$sent" -gt 10000 ] || fail "$kind: the attacker has sent too little"
	[ "$got" -le $((sent + ADVANCE)) ] ||
		fail "$kind: the broker has amplified"
	# What is not answered makes up for what was sent in advance.
	[ "$kind" != version ] || [ "$got" -le "$sent" ] ||
		fail "$kind: a flood has got more than it has"
done
broker_alive || fail "the broker died"

# An address that is forged no more is served.
client_conf
client_up
pings "$SERVER6" >/dev/null || fail "no ping"
client_stop || fail "exit status $?"
