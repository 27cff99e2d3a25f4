#!/bin/sh
# silent - an anonymous tunnel of nobody ends soon, whatever keepalive it has
# asked for; one whose client is there stays, though it says nothing.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/attacks.lib.sh"
is_long

lab_up
broker_conf anonymous_idle=30
broker_start
client_conf keepalive=no
client_up
pings "$SERVER6" >/dev/null || fail "no ping"
had=$(tunnel_address)

# Forged, and never heard.
attack session 10.0.0.0/8 100 1 >/dev/null
[ "$(broker_status tunnels)" -gt 5 ] || fail "no tunnel was forged"
# An old client that goes without a word; it has asked for 30 s.
at client "$TOOLS/guest" "$BROKER4" v6udpv4 192.168.77.2 1 >"$T/guest.log" ||
	fail "no tunnel: $(cat "$T/guest.log")"

only_one() { [ "$(broker_status tunnels)" = 1 ]; }
wait_for 45 only_one || fail "$(broker_status tunnels) tunnels are left"
sleep 35
[ "$(broker_status tunnels)" = 1 ] || fail "the client's tunnel has ended"
pings "$SERVER6" >/dev/null || fail "no ping after a long silence"
[ "$(tunnel_address)" = "$had" ] || fail "another address"
client_stop || fail "exit status $?"
