#!/bin/sh
# off_path - somebody who sees nothing of the path, and may use any address,
# answers in the broker's name: to a session that begins, and into a tunnel.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
top=$(cd "$(dirname "$0")/../../.." && pwd)
. "$top/tests/integration/lib.sh"

client4=192.168.1.2
nat4=203.0.113.2
FIRST=40000 LAST=40031 # ports, few to be guessed: it knows the rest

lab_up
# Errors, too, come from addresses that have nothing to do with the path.
for node in client nat; do
	at $node sh -c 'echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter'
done
ports() { # FIRST LAST
	at client sh -c "echo $1 $2 >/proc/sys/net/ipv4/ip_local_port_range"
}
old_ports=$(at client cat /proc/sys/net/ipv4/ip_local_port_range)
put_back() { # the exit status stays as it is
	put_back_rc=$?
	# shellcheck disable=SC2086 # two numbers
	ports $old_ports
	return $put_back_rc
}
trap 'put_back; test_end' EXIT
ports $FIRST $LAST

attack() { # KIND SECONDS [TEXT]
	at core "$TOOLS/offpath" "$1" "$BROKER4:3653" "$nat4:$FIRST" $LAST "$2" \
		${3:+"$3"} &
	attacker=$!
	at client "$TOOLS/offpath" "$1" "$BROKER4:3653" "$client4:$FIRST" $LAST \
		"$2" ${3:+"$3"} &
	neighbour=$!
}
attack_ends() { wait $attacker $neighbour; }

# --- a session that begins ----------------------------------------------------

# The broker takes its time: each answer comes before its own.
client_conf
broker_conf
broker_start
redirect='1200 Redirect
<tunnel action="list" type="broker"><broker><address type="ipv4">198.51.100.18</address></broker></tunnel>'
for text in '300 no' '302 no' '303 no' '310 no' \
	'CAPABILITY TUNNEL=V4V6 AUTH=ANONYMOUS' \
	'CAPABILITY TUNNEL=V6UDPV4 AUTH=NONE' "$redirect"; do
	: >"$T/client.log"
	"$NETLAB" cut "$LAB" brokerA
	attack answers 4 "$text"
	client_start -b
	sleep 1
	client_alive || fail "the client ended by \"$text\""
	"$NETLAB" heal "$LAB" brokerA
	wait_for 10 client_is_up || fail "no tunnel after \"$text\""
	attack_ends
	grep -q -e 'status 3' -e redirects -e 'does not offer' -e offers \
		"$T/client.log" && fail "\"$text\" was heard"
	client_stop || fail "exit status $?"
	say "not heard: $(printf '%s\n' "$text" | head -n 1)"
done

# "Port unreachable" makes it ask again, and the broker answers.
: >"$T/client.log"
attack refusals 3
sleep 0.2
client_up
attack_ends
grep -q 'over TCP' "$T/client.log" && fail "ICMP drove it to TCP"
say "\"port unreachable\" is no verdict"

# --- a tunnel that is up --------------------------------------------------------

port=$(at client ss -Huan "dst $BROKER4" |
	sed -n "s/.*${client4}[^:]*:\([0-9]*\) .*/\1/p" | head -n 1)
[ -n "$port" ] || fail "cannot tell the client's port"
logins() { count_lines 'logged in' "$T/client.log"; }

at brokerA "$TOOLS/offpath" unknown "$BROKER4:3653" "$nat4:$port" 2000
client_is_up || fail "the tunnel went down by a forged 310"
pings "$SERVER6" >/dev/null || fail "no ping after a forged 310"
at core "$TOOLS/offpath" errors "$BROKER4:3653" "$nat4:$port" 20
at client "$TOOLS/offpath" errors "$BROKER4:3653" "$client4:$port" 20
for _ in 1 2 3; do
	pings "$SERVER6" >/dev/null || fail "no ping after errors of ICMP"
done
sleep 3
client_is_up || fail "the tunnel went down"
[ "$(logins)" = 1 ] || fail "it logged in $(logins) times"
[ "$(status tunnels)" = 1 ] || fail "it was down meanwhile"

# What is true is believed soon: the broker has forgotten the session.
broker_stop KILL
rm -rf "$T/broker-state"
mkdir "$T/broker-state"
broker_start
from=$(now_ms)
wait_for 8 pings "$SERVER6" || fail "a 310 that is true is not noticed"
say "a 310 that is true: back after $(($(now_ms) - from)) ms"
client_stop || fail "exit status $?"
