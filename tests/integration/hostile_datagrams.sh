#!/bin/sh
# hostile_datagrams - what strangers send is dropped and counted; both live.
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

client4=192.168.1.2
nat4=203.0.113.2
port=$(at client ss -Huan "dst $BROKER4" |
	sed -n "s/.*${client4}[^:]*:\([0-9]*\) .*/\1/p" | head -n 1)
[ -n "$port" ] || fail "cannot tell the client's port"

sound() { # WHEN
	broker_alive || fail "the broker died: $1"
	client_alive || fail "the client died: $1"
	client_is_up || fail "the tunnel went down: $1"
	pings "$SERVER6" >/dev/null || fail "no ping: $1"
}
growing() { # WHAT BEFORE AFTER
	[ "${3:-0}" -gt "${2:-0}" ] || fail "not counted: $1 ($2, then $3)"
	say "$1: $2 dropped before, $3 after"
}

dropped=$(status in_dropped)
for kind in garbage strangers; do
	# With the broker's address, through the NAT, to the client.
	at brokerA "$TOOLS/mischief" $kind "$BROKER4:3653" "$nat4:$port"
	sound "$kind to the client"
	# With the client's address to the broker, and with that of nobody.
	at client "$TOOLS/mischief" $kind "$client4:$port" "$BROKER4:3653"
	sound "$kind to the broker"
	at core "$TOOLS/mischief" $kind 203.0.113.77:3000 "$BROKER4:3653"
	sound "$kind of a stranger to the broker"
done
growing "to the client" "$dropped" "$(status in_dropped)"

# What passed once passes again, in both directions.
at client "$TOOLS/mischief" replay $client4 "$BROKER4" wan 20 >"$T/ready" &
replay=$!
wait_for 20 grep -q ready "$T/ready" || fail "nothing listens on wan"
pings "$SERVER6" -c 20 -i 0.05 >/dev/null
wait $replay
sound "replayed to the broker"
at brokerA "$TOOLS/mischief" replay "$BROKER4" $nat4 wan 20 >"$T/ready" &
replay=$!
wait_for 20 grep -q ready "$T/ready" || fail "nothing listens on wan"
pings "$SERVER6" -c 20 -i 0.05 >/dev/null
wait $replay
sound "replayed to the client"

# The whole login, each datagram three times.
client_stop || fail "exit status $?"
at client "$TOOLS/mischief" replay $client4 "$BROKER4" wan 4 >"$T/ready" &
replay=$!
wait_for 20 grep -q ready "$T/ready" || fail "nothing listens on wan"
client_up
wait $replay
sound "a replayed login"
client_stop || fail "exit status $?"
broker_stop || fail "the broker's exit status is $?"
