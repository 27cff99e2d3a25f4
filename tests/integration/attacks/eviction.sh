#!/bin/sh
# eviction - a tunnel stays whose client is there, whatever comes in the name of
# its address.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/attacks.lib.sh"

OTHER=198.51.100.3 # of the broker

lab_up --nat none
LEAVES=brokerA
ip -n "$LAB-brokerA" address add "$OTHER/28" dev wan
broker_conf
broker_start
client4=192.168.1.2

stays() { # WHAT
	count=$(count_lines 'up: ' "$T/client.log")
	replaced=$(count_lines 'is now at the same address' "$T/broker.log")
	attack takeover "$client4" 100 3 >/dev/null
	sleep 1
	pings "$SERVER6" >/dev/null || fail "$1: the packets are gone"
	[ "$(count_lines 'up: ' "$T/client.log")" = "$count" ] ||
		fail "$1: the tunnel was set up again"
	[ "$(tunnel_address)" = "$had" ] || fail "$1: another address"
	[ "$(count_lines 'is now at the same address' "$T/broker.log")" = \
		"$replaced" ] ||
		fail "$1: the tunnel was replaced"
	# What comes for the client meanwhile must leave from the same address.
	at "$ATTACKER" "$TOOLS/attacker" turn "$client4" "$OTHER:0" 100 3 \
		"$had" >/dev/null &
	turning=$!
	sleep 1
	at server ping -n -q -c 10 -i 0.1 -W 2 "$had" >"$T/ping.log"
	wait $turning
	grep -q ' 0% packet loss' "$T/ping.log" ||
		fail "$1: packets have turned it away: $(cat "$T/ping.log")"
	say "$1: stays"
}

for login in 'auth_method=digest-md5 userid=ann passwd=s3cret' \
	'auth_method=anonymous'; do
	# shellcheck disable=SC2086 # words
	client_conf tunnel_mode=v6v4 $login
	client_up
	pings "$SERVER6" >/dev/null || fail "no ping"
	had=$(tunnel_address)
	stays "v6v4, ${login%% *}"
	# A second client at that address that is really there, and may choose.
	at client "$TOOLS/guest" "$BROKER4" v6anyv4 $client4 2 >"$T/guest.log" ||
		fail "the second one got no tunnel: $(cat "$T/guest.log")"
	answers=$(sed -n 's/^answers //p' "$T/guest.log")
	[ "${answers:-0}" -ge 4 ] || fail "the second one: $answers answers"
	# And one that may not.
	at client "$TOOLS/guest" "$BROKER4" v6v4 $client4 1 >"$T/guest.log" &&
		fail "two v6v4 tunnels at one address"
	grep -q '^failed: 506 ' "$T/guest.log" ||
		fail "not 506: $(cat "$T/guest.log")"
	pings "$SERVER6" >/dev/null || fail "the first one lost its packets"
	[ "$(tunnel_address)" = "$had" ] || fail "the first one has moved"
	client_stop || fail "exit status $?"
	sleep 1
done
