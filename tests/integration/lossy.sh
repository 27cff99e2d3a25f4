#!/bin/sh
# lossy - a fifth of all packets is lost, both ways: each mode comes up, stays
# up, and carries the rest.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

lose() { # in the middle of the network
	at core nft -f - 2>/dev/null <<-'NFT' ||
		table inet lossy {
			chain forward {
				type filter hook forward priority 0
				numgen random mod 100 < 20 drop
			}
		}
	NFT
		at core iptables-legacy -A FORWARD -m statistic --mode random \
			--probability 0.2 -j DROP ||
		skip "no filter here can lose packets at random"
}

# 40 pings, of which 26 return on average; fewer than 10 do once in 10^7 runs.
carries() {
	at client ping -n -q -i 0.1 -c 40 -W 2 "$SERVER6" >"$T/ping.log"
	got=$(sed -n 's/.* \([0-9]*\) received.*/\1/p' "$T/ping.log")
	say "$(status mode): $got of 40 pings return"
	[ "$got" -ge 10 ]
}

try() { # NAT MODE
	"$NETLAB" nat "$LAB" "$1" || fail "netlab nat $1"
	client_conf tunnel_mode=v6anyv4
	client_start
	wait_for 90 client_is_up || fail "the tunnel did not come up"
	[ "$(status mode)" = "$2" ] || fail "granted $(status mode), not $2"
	carries || fail "the tunnel carries too little"
	client_stop || fail "exit status $?"
}

lab_up
broker_conf
broker_start
lose
try masquerade v6udpv4
try none v6v4
