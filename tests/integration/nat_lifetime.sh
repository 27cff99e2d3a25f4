#!/bin/sh
# nat_lifetime - a NAT that forgets sooner than the keepalives come: they come
# more often then, and the tunnel stays.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

is_long
lab_up --udp-timeout 5 --nat symmetric
broker_conf
broker_start
client_conf keepalive_interval=10
client_up
[ "$(status keepalive_s)" = 10 ] || fail "keepalive_s: $(status keepalive_s)"
shorter() { [ "$(status keepalive_s)" = 5 ]; }
wait_for 60 shorter || fail "the interval is still $(status keepalive_s) s"
grep -q 'the NAT drops idle tunnels' "$T/client.log" || fail "not told"
tunnels=$(status tunnels)
say "after $tunnels tunnels: every 5 s"
sleep 20
[ "$(status tunnels)" = "$tunnels" ] || fail "the tunnel was lost again"
pings "$SERVER6" >/dev/null || fail "no ping"
client_stop || fail "exit status $?"
