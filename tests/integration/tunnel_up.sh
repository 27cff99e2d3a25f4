#!/bin/sh
# tunnel_up - through both sorts of NAT: pings, TCP and full packets pass.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

both_ends_ping() {
	pings "$peer" >/dev/null || fail "the client cannot ping the broker"
	at brokerA ping -n -q -c 1 -W 2 "$own" >/dev/null ||
		fail "the broker cannot ping the client"
	pings "$SERVER6" >/dev/null ||
		fail "the client cannot ping a host behind the broker"
	at server ping -n -q -c 1 -W 2 "$own" >/dev/null ||
		fail "a host behind the broker cannot ping the client"
}

# 1232 octets of ICMPv6 data make a packet of 1280, the MTU of the tunnel.
full_packets_pass() {
	pings "$SERVER6" -M "do" -s 1232 >/dev/null ||
		fail "1280 octets do not pass"
	if pings "$SERVER6" -M "do" -s 1233 >/dev/null 2>&1; then
		fail "1281 octets passed; the MTU is to be 1280"
	fi
}

stream_passes() { # FROM-NODE FROM-ADDRESS TO-NODE
	at "$1" "$TOOLS/stream" serve "$2" 4000 3000000 >"$T/stream" &
	wait_for 20 grep -q ready "$T/stream" || fail "no stream on $1"
	at "$3" "$TOOLS/stream" fetch "$2" 4000 3000000 ||
		fail "3 MB of TCP from $1 to $3 did not arrive whole"
	wait $! || fail "the stream of $1 ended badly"
}

lab_up
broker_conf
broker_start
for nat in masquerade symmetric; do
	"$NETLAB" nat "$LAB" $nat
	client_conf
	client_up
	[ "$(status mode)" = v6udpv4 ] ||
		fail "behind $nat the mode is $(status mode), not v6udpv4"
	[ "$(status nat)" = yes ] || fail "the NAT ($nat) was not noticed"
	own=$(tunnel_address)
	peer=$(tunnel_peer)
	both_ends_ping
	full_packets_pass
	stream_passes client "$own" server
	stream_passes server "$SERVER6" client
	client_stop || fail "exit status $? after a tidy stop"
done
