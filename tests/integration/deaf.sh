#!/bin/sh
# deaf - a firewall of the client's drops echo replies, or the requests: the
# tunnel stays, and a warning names the firewall.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
is_long

LEAVES=client
lab_up
broker_conf auth=anonymous
broker_start
client_conf
at client nft -f - <<'NFT'
table inet deaf {
	chain in {
		type filter hook input priority 0
		icmpv6 type echo-reply drop
	}
}
NFT
client_up
sleep 25
grep -q 'tunnel lost' "$T/client.log" && fail "the tunnel was given up"
[ "$(status tunnels)" = 1 ] || fail "there were $(status tunnels) tunnels"
[ "$(grep -c 'warning: .*firewall' "$T/client.log")" = 1 ] ||
	fail "the firewall is not named, or more than once"
# Silence is a loss all the same.
ended "$broker_pid"
wait_for 25 grep -q 'tunnel lost' "$T/client.log" ||
	fail "a dead broker is not noticed"
client_stop || fail "exit status $?"

# Our own pings are dropped, and nothing else moves: nobody has missed one.
at client nft -f - <<'NFT'
flush ruleset
table inet mute {
	chain out {
		type filter hook output priority 0
		oifname "gw6c*" icmpv6 type echo-request drop
	}
}
NFT
broker_start
: >"$T/client.log"
client_up
sleep 25
grep -q 'tunnel lost' "$T/client.log" && fail "given up without a ping"
[ "$(status tunnels)" = 1 ] || fail "there were $(status tunnels) tunnels"
[ "$(grep -c 'warning: keepalive: a firewall of this machine drops our pings: let ICMPv6 echo requests out on gw6c0' "$T/client.log")" = 1 ] ||
	fail "the firewall is not named, or more than once"
client_stop || fail "exit status $?"
