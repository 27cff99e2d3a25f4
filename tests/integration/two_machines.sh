#!/bin/sh
# two_machines - one account on two machines: the second is told, and a
# restarted one gets its tunnel at once.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
is_long

lab_up
broker_conf
broker_start
ann='auth_method=digest-md5 userid=ann passwd=s3cret tunnel_mode=v6udpv4'
OTHER=brokerB # on the internet, with an address of its own

other_start() {
	sed -e "s,^run_dir=.*,run_dir=$T/run2," \
		-e "s,^state_dir=.*,state_dir=$T/state2," \
		"$T/gw6c.conf" >"$T/other.conf"
	chmod 600 "$T/other.conf"
	mkdir -p "$T/run2" "$T/state2"
	: >"$T/other.log"
	ip netns exec "$LAB-$OTHER" "$GW6C" -n -f "$T/other.conf" \
		>>"$T/other.log" 2>&1 &
	other_pid=$!
}
other_stop() {
	kill "$other_pid"
	wait "$other_pid"
}
other_status() {
	"$GW6C" -f "$T/other.conf" --status 2>/dev/null | sed -n "s/^$1  *//p"
}
other_is_up() { [ "$(other_status state)" = up ]; }
other_told() { grep -q -e "$1" "$T/other.log"; }

# The second is told who has the account, the first keeps its tunnel.
# shellcheck disable=SC2086 # words
client_conf $ann
client_up
had=$(tunnel_address)
other_start
wait_for 20 other_told '506.*This account is in use at 203\.0\.113\.2 port' ||
	fail "the second machine is not told"
sleep 3
other_is_up && fail "the second machine got the tunnel of the first"
pings "$SERVER6" >/dev/null || fail "the first machine lost its tunnel"
! grep -q 'tunnel lost' "$T/client.log" || fail "the first one was thrown out"

# When the first has ended, the second gets it without waiting for the end of
# the first one's keepalives.
client_stop || fail "exit status $?"
from=$(now_ms)
wait_for $((2 * INTERVAL)) other_is_up ||
	fail "the second is not up $((2 * INTERVAL)) s after the first ended"
say "the second is up after $(($(now_ms) - from)) ms"
[ "$(other_status address | cut -d/ -f1)" = "$had" ] ||
	fail "the account's address has changed"
other_stop || fail "exit status $?"

# Killed, and started again from another port.
for round in 1 2 3; do
	client_up
	kill -KILL "$(status pid)"
	wait "$client_pid" 2>/dev/null
	from=$(now_ms)
	client_up
	took=$(($(now_ms) - from))
	[ "$took" -lt 10000 ] || fail "round $round: $took ms after a restart"
	[ "$(tunnel_address)" = "$had" ] || fail "round $round: another address"
	pings "$SERVER6" >/dev/null || fail "round $round: no ping"
	client_stop || fail "exit status $?"
done
say "up $took ms after a restart"

# A machine that does not answer loses its tunnel, and is told at once.
client_up
at client nft add table ip6 quiet
at client nft add chain ip6 quiet in '{ type filter hook input priority 0; }'
at client nft add rule ip6 quiet in icmpv6 type echo-request drop
other_start
wait_for 20 other_is_up || fail "a silent machine keeps its tunnel"
from=$(now_ms)
wait_for $((2 * INTERVAL)) grep -q 'does not know this session' "$T/client.log" ||
	fail "the first is not told that its tunnel is gone"
at client nft delete table ip6 quiet
other_stop || fail "exit status $?"
client_stop || fail "exit status $?"

# Several sessions: each has an address of its own.
conf_set "$T/broker.conf" user.ann.sessions=2
kill -HUP "$broker_pid"
wait_for 20 grep -q reloading "$T/broker.log" || fail "no reload"
sleep 1
client_up
other_start
wait_for 20 other_is_up || fail "no second session"
[ "$(other_status address)" != "$(status address)" ] ||
	fail "both sessions have $(status address)"
pings "$SERVER6" >/dev/null || fail "no ping from the first session"
at $OTHER ping -n -q -c 1 -W 1 "$(tunnel_address)" >/dev/null ||
	fail "no ping from session to session"
other_stop || fail "exit status $?"
client_stop || fail "exit status $?"
