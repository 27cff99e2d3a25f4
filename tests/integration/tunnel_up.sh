#!/bin/sh
# tunnel_up - through a NAT: both ends ping, TCP and full packets pass.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

lab_up
broker_conf
broker_start
client_conf
client_up

[ "$(status mode)" = v6udpv4 ] || fail "mode is $(status mode), not v6udpv4"
[ "$(status nat)" = yes ] || fail "the NAT was not noticed"
own=$(tunnel_address)
peer=$(tunnel_peer)

pings "$peer" >/dev/null || fail "the client cannot ping the broker's end"
at brokerA ping -n -q -c 1 -W 2 "$own" >/dev/null ||
	fail "the broker cannot ping the client's end"
pings "$SERVER6" >/dev/null ||
	fail "the client cannot ping a host behind the broker"
at server ping -n -q -c 1 -W 2 "$own" >/dev/null ||
	fail "a host behind the broker cannot ping the client"

# 1232 octets of ICMPv6 data make a packet of 1280, the MTU of the tunnel.
pings "$SERVER6" -M "do" -s 1232 >/dev/null || fail "1280 octets do not pass"
if pings "$SERVER6" -M "do" -s 1233 >/dev/null 2>&1; then
	fail "1281 octets passed; the MTU of the tunnel is to be 1280"
fi

for way in client server; do
	if [ $way = client ]; then
		from=$own to=server
	else
		from=$SERVER6 to=client
	fi
	at $way "$TOOLS/stream" serve "$from" 4000 3000000 >"$T/stream" &
	wait_for 5 grep -q ready "$T/stream" || fail "no stream on $way"
	at $to "$TOOLS/stream" fetch "$from" 4000 3000000 ||
		fail "3 MB of TCP from $way to $to did not arrive whole"
	wait $! || fail "the stream of $way ended badly"
done

client_stop || fail "exit status $? after a tidy stop"
