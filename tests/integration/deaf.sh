#!/bin/sh
# deaf - a firewall of the client's drops echo replies, or the requests: the
# tunnel stays, and a warning names the firewall. In a tunnel of the kernel,
# the interface counts the packets that come.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
is_long

LEAVES=client
lab_up --nat none
broker_conf auth=anonymous
broker_start
if [ "$DATA_PATH" = kernel ]; then
	client_conf tunnel_mode=v6v4
else
	client_conf
fi
drop_replies() {
	at client nft -f - <<-'NFT'
		table inet deaf {
			chain in {
				type filter hook input priority 0
				icmpv6 type echo-reply drop
			}
		}
	NFT
}
drop_replies 2>/dev/null || at client ip6tables-legacy -A INPUT -p icmpv6 \
	--icmpv6-type echo-reply -j DROP || skip "no way to drop echo replies"
client_up
[ "$(status data_path)" = "$DATA_PATH" ] ||
	fail "data path: $(status data_path), not $DATA_PATH"
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
drop_requests() {
	at client nft -f - <<-'NFT'
		flush ruleset
		table inet mute {
			chain out {
				type filter hook output priority 0
				oifname "gw6c*" icmpv6 type echo-request drop
			}
		}
	NFT
}
drop_requests_legacy() {
	at client ip6tables-legacy -F INPUT
	at client ip6tables-legacy -A OUTPUT -o gw6c+ -p icmpv6 \
		--icmpv6-type echo-request -j DROP
}
drop_requests 2>/dev/null || drop_requests_legacy ||
	skip "no way to drop echo requests"
broker_start
: >"$T/client.log"
client_up
sleep 25
grep -q 'tunnel lost' "$T/client.log" && fail "given up without a ping"
[ "$(status tunnels)" = 1 ] || fail "there were $(status tunnels) tunnels"
[ "$(grep -c 'warning: keepalive: a firewall of this machine drops our pings: let ICMPv6 echo requests out on gw6c0' "$T/client.log")" = 1 ] ||
	fail "the firewall is not named, or more than once"
client_stop || fail "exit status $?"
