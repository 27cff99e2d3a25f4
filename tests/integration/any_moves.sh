#!/bin/sh
# any_moves - v6anyv4 finds the right encapsulation with and without a NAT, and
# again when the NAT comes or goes while it runs.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

has_mode() { [ "$(status mode)" = "$1" ] && pings "$SERVER6"; }

moves_to() { # NAT MODE SECONDS
	"$NETLAB" nat "$LAB" "$1" || fail "netlab nat $1"
	"$NETLAB" flush "$LAB"
	wait_for "$3" has_mode "$2" || fail "NAT $1: mode $(status mode), not $2"
	say "NAT $1: $2"
}

lab_up
broker_conf
broker_start
client_conf tunnel_mode=v6anyv4
client_up
[ "$(status mode)" = v6udpv4 ] || fail "granted $(status mode) behind a NAT"
moves_to none v6v4 $((4 * INTERVAL + 10))
moves_to masquerade v6udpv4 $((4 * INTERVAL + 10))
moves_to symmetric v6udpv4 $((4 * INTERVAL + 10))
client_stop || fail "exit status $?"
