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
client_conf auth_method=digest-md5 userid=ann passwd=s3cret
client_up
pings "$SERVER6" >/dev/null || fail "no ping before"

# A connection through the tunnel lives through all of this: an account has
# the same address again, and then nothing inside is touched.
index=$(at client cat "/sys/class/net/$(status interface)/ifindex")
octets=300000000
at server "$TOOLS/stream" serve "$SERVER6" 4000 $octets >"$T/stream" &
serving=$!
wait_for 20 grep -q ready "$T/stream" || fail "no stream"
at client "$TOOLS/stream" fetch "$SERVER6" 4000 $octets &
fetching=$!

# Its own address: the system says so, no keepalive has to get lost.
new=$("$NETLAB" renumber "$LAB" client)
from=$(now_ms)
wait_for $((2 * INTERVAL)) pings "$SERVER6" ||
	fail "no ping $((2 * INTERVAL)) s after the move to $new"
say "on after $(($(now_ms) - from)) ms at $new"
kill -0 $fetching 2>/dev/null || fail "the stream was over before"
[ "$(status outer)" = "$new" ] || fail "status tells $(status outer), not $new"
wait $fetching || fail "a connection did not survive the move"
wait $serving || fail "the other end of it did not"
[ "$(at client cat "/sys/class/net/$(status interface)/ifindex")" = "$index" ] ||
	fail "there is another interface"

# Behind its back: only keepalives can tell.
new=$("$NETLAB" renumber "$LAB" nat)
from=$(now_ms)
wait_for $((3 * INTERVAL + 15)) pings "$SERVER6" ||
	fail "no ping after the NAT moved to $new"
say "on after $(($(now_ms) - from)) ms behind $new"

# The cable out, and in again.
"$NETLAB" cut "$LAB" client --link
sleep 2
client_alive || fail "the client ended when its cable was pulled"
"$NETLAB" heal "$LAB" client
ip -n "$LAB-client" route replace default via 192.168.1.1
from=$(now_ms)
wait_for $((3 * INTERVAL + 15)) pings "$SERVER6" ||
	fail "no ping after the cable was back"
say "on after $(($(now_ms) - from)) ms with the cable"
client_stop || fail "exit status $?"
