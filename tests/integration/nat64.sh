#!/bin/sh
# nat64 - a network of IPv6 alone that has a translator: tunnels over IPv4 run
# in UDP through it, without a setting, and the broker stays reachable.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

lab_up
NODE=site6
# "ip netns exec" puts this file in the place of the machine's.
hosts=/etc/netns/$LAB-site6
trap 'rc=$?; rm -rf "$hosts"; (exit $rc); test_end' EXIT
mkdir -p "$hosts" || skip "cannot write $hosts"
echo '64:ff9b::192.0.0.170 ipv4only.arpa' >"$hosts/hosts"
inside=64:ff9b::198.51.100.2 # as BROKER4 is reached from there
ip -n "$LAB-core" addr add $inside/128 dev lo nodad || fail "no address"
ip netns exec "$LAB-core" "$TOOLS/translator" $inside "$BROKER4" \
	>"$T/translator.log" 2>&1 &
translator=$!
wait_for 5 grep -q ready "$T/translator.log" || fail "no translator"
broker_conf
broker_start

for mode in v6udpv4 v6anyv4; do
	client_conf tunnel_mode=$mode
	client_up
	[ "$(status mode)" = v6udpv4 ] || fail "$mode: mode $(status mode)"
	grep -q 'no IPv4; using v6udpv4 through its translator (NAT64) 64:ff9b::/96' \
		"$T/client.log" || fail "$mode: it does not say so"
	pings "$(tunnel_peer)" >/dev/null || fail "$mode: no ping"
	pings "$(tunnel_peer)" -s 1232 -M "do" >/dev/null ||
		fail "$mode: 1280 octets do not cross"
	client_stop || fail "exit status $?"
done

# Where our default route is the only one, the broker is not behind it.
client_conf tunnel_mode=v6udpv4 metric=1
client_up
pings "$SERVER6" -c 3 -i 0.3 >/dev/null || fail "no ping to the server"
at site6 ip -6 route get 64:ff9b::198.51.100.2 | grep -q 'dev wan' ||
	fail "the broker is behind the tunnel"
sleep $((2 * INTERVAL))
client_is_up || fail "it went down"
client_stop || fail "exit status $?"

# What is no UDP does not pass, and is told.
client_conf tunnel_mode=v6v4
client_start
wait_for 15 grep -q 'this network has no IPv4; set tunnel_mode=v4v6' \
	"$T/client.log" || fail "v6v4: the remedy is not told"
ended "$client_pid"
client_pid=
kill $translator
