#!/bin/sh
# slow_backend - a backend whose steps answer later: client and broker are
# asked to stop, to reload, or killed, while they set up or take back.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
is_long

did() { # LOG TEXT
	grep -q -e "plan: $2" "$T/$1.log"
}
is_clean() { # NODE
	kernel_state "$1" >"$T/now"
	diff "$T/begin.$1" "$T/now" || fail "something is left at $1"
}
ends() { # PID
	wait "$1" || fail "exit status $?"
}

need sysctl
lab_up
cp "$TOOLS/.libs/os_slow.so" "$T/plugins" || fail "there is no os_slow.so"

# --- the broker ---
# Three steps are taken back slowly: longer than the 2 s below.
broker_conf template=slow os.slow.pause=0.8
broker_begin() {
	: >"$T/broker.log"
	ip netns exec "$LAB-brokerA" "$BROKER" -n -f "$T/broker.conf" \
		>>"$T/broker.log" 2>&1 &
	broker_pid=$!
	wait_for 20 did broker '+ up' || fail "the broker does not begin"
}
broker_begin
kill "$broker_pid"
ends "$broker_pid"
is_clean brokerA

# With a tunnel, and so a timer that looks for dead ones every 2 s.
broker_begin
kill -HUP "$broker_pid"
wait_for 20 "$BROKER" -f "$T/broker.conf" --status || fail "no broker"
client_conf
client_up
client_stop || fail "exit status $?"
kill "$broker_pid"
wait_for 20 did broker '- forward' || fail "nothing is taken back"
kill -HUP "$broker_pid" # changes nothing any more
kill "$broker_pid"
ends "$broker_pid"
grep -q 'all changes reverted' "$T/broker.log" || fail "not all was taken back"
is_clean brokerA

# Killed within a step; the next one takes that back.
broker_begin
kill -KILL "$broker_pid"
wait "$broker_pid" 2>/dev/null
conf_set "$T/broker.conf" os.slow.pause=0
: >"$T/broker.log"
broker_start
grep -q 'earlier run did not shut down' "$T/broker.log" || fail "no sweep"

# --- the client ---
client_conf template=slow os.slow.pause=0.5
client_begin() { # STEP: until it was done
	: >"$T/client.log"
	client_start
	wait_for 20 did client "$1" || fail "the client does not get there"
}
for step in '+ mtu' '+ address'; do
	client_begin "$step"
	kill -HUP "$client_pid"
	wait_for 20 client_is_up || fail "no tunnel after a reload at $step"
	pings "$SERVER6" || fail "no ping"
	client_stop || fail "exit status $?"
	is_clean client

	client_begin "$step"
	kill "$client_pid"
	kill "$client_pid"
	ends "$client_pid"
	did client '- create' || fail "nothing is taken back"
	is_clean client

	client_begin "$step"
	kill -KILL "$client_pid"
	wait "$client_pid" 2>/dev/null
	client_begin '+ mtu'
	grep -q 'earlier run did not shut down' "$T/client.log" ||
		fail "killed at $step: no sweep"
	client_stop || fail "exit status $?"
	is_clean client
done
