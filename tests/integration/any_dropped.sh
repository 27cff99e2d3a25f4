#!/bin/sh
# any_dropped - no NAT, but a network that drops protocol 41: v6anyv4 goes on
# in UDP by itself, says so, and does not come back to what carries nothing.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
is_long

has_mode() { [ "$(status mode)" = "$1" ] && pings "$SERVER6"; }

LEAVES=client
lab_up --nat none
at core nft -f - <<'NFT'
table ip dropped {
	chain through {
		type filter hook forward priority 0
		ip protocol 41 drop
	}
}
NFT
broker_conf auth=anonymous
broker_start
client_conf tunnel_mode=v6anyv4
client_start
wait_for 40 has_mode v6udpv4 || fail "mode $(status mode), not v6udpv4"
grep -q 'v6v4 tunnel.*drop IP protocol 41; asking for v6udpv4' \
	"$T/client.log" || fail "it does not say why"
kill -HUP "$client_pid"
at client ip link set wan down
sleep 1
at client ip link set wan up
at client ip route replace default via 192.168.1.1
wait_for 20 has_mode v6udpv4 || fail "mode $(status mode) after a while"
[ "$(grep -c 'drop IP protocol 41' "$T/client.log")" = 1 ] ||
	fail "it tried v6v4 again"

# Another configuration, and another start, know it, too.
client_conf tunnel_mode=v6anyv4 keepalive_interval=6
kill -HUP "$client_pid"
wait_for 10 grep -q 'reload' "$T/client.log" || fail "no reload"
sleep 1
wait_for 10 has_mode v6udpv4 || fail "mode $(status mode) after SIGHUP"
client_stop || fail "exit status $?"
client_up
has_mode v6udpv4 || fail "mode $(status mode) after a restart"
[ "$(grep -c 'drop IP protocol 41' "$T/client.log")" = 1 ] ||
	fail "it tried v6v4 again, after SIGHUP or a restart"
client_stop || fail "exit status $?"
