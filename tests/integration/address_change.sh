#!/bin/sh
# address_change - the tunnel follows the addresses of client and NAT.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

LEAVES=client
lab_up
broker_conf
broker_start
client_conf
client_up
pings "$SERVER6" >/dev/null || fail "no ping before"

# Its own address: the system says so, no keepalive has to get lost.
new=$("$NETLAB" renumber "$LAB" client)
from=$(now_ms)
wait_for 5 pings "$SERVER6" || fail "no ping 5 s after the move to $new"
say "on after $(($(now_ms) - from)) ms at $new"
[ "$(status outer)" = "$new" ] || fail "status tells $(status outer), not $new"

# Behind its back: only keepalives can tell.
new=$("$NETLAB" renumber "$LAB" nat)
from=$(now_ms)
wait_for $((3 * INTERVAL + 5)) pings "$SERVER6" ||
	fail "no ping after the NAT moved to $new"
say "on after $(($(now_ms) - from)) ms behind $new"

# The cable out, and in again.
"$NETLAB" cut "$LAB" client --link
sleep 2
client_alive || fail "the client ended when its cable was pulled"
"$NETLAB" heal "$LAB" client
ip -n "$LAB-client" route replace default via 192.168.1.1
from=$(now_ms)
wait_for $((3 * INTERVAL + 5)) pings "$SERVER6" ||
	fail "no ping after the cable was back"
say "on after $(($(now_ms) - from)) ms with the cable"
client_stop || fail "exit status $?"
