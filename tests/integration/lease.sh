#!/bin/sh
# lease - a v4v6 lease is renewed before it ends, and not a packet is lost; the
# broker ends one that is not renewed.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
NODE=site6
is_long

lab_up
broker_conf "listen=[$BROKER6]" "pool4=$POOL4" lifetime=60
broker_start
# Without keepalives only the lease ends a tunnel.
client_conf "server=[$BROKER6]" tunnel_mode=v4v6 keepalive=no
client_up
[ "$(status lifetime_s)" = 60 ] || fail "lifetime $(status lifetime_s)"
address=$(tunnel_address)
at site6 ping -n -q -i 0.05 -w 57 "$SERVER4" >"$T/ping.log" &
ping_pid=$!
wait_for 56 grep -q 'lease renewed' "$T/client.log" ||
	fail "the lease was not renewed before its end"
wait "$ping_pid" || fail "pings were lost"
grep -q ' 0% packet loss' "$T/ping.log" || fail "$(cat "$T/ping.log")"
[ "$(status tunnels)" = 1 ] || fail "the tunnel was set up again"
[ "$(tunnel_address)" = "$address" ] || fail "another address"
[ "$(broker_status tunnels)" = 1 ] || fail "two tunnels at the broker"

# Frozen, the client does not renew: the broker takes the address back.
kill -STOP "$client_pid"
wait_for 70 grep -q 'its lease of 60 s was not renewed' "$T/broker.log" ||
	fail "the broker keeps a lease that ended"
[ "$(broker_status tunnels)" = 0 ] || fail "the tunnel is still there"
kill -CONT "$client_pid"
wait_for 20 pings "$SERVER4" || fail "no tunnel after the pause"
client_stop
