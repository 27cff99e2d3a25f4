#!/bin/sh
# goodbye - features say goodbye through the tunnel before it ends, take other
# options without a new session, and may ask the system for what it refuses.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
is_long

need ping
lab_up
mkdir "$T/mine"
cp "$GW6C_BUILD/tests/integration/.libs/feature_goodbye.so" "$T/mine"
broker_conf prefixes6=2001:db8:1800::/40 pool6=2001:db8:1000::/48
broker_start
client_conf tunnel_mode=v6udpv4 "plugin_dir=$T/plugins:$T/mine" \
	features=goodbye feature.goodbye.word=one feature.goodbye.pause=4000
client_up
pings "$(tunnel_peer)" || fail "the client cannot ping the broker"
told() { # TEXT
	[ "$(count_lines "feature:goodbye: $1" "$T/client.log")" -ge 1 ]
}
wait_for 10 told "fact=1 reason=0" || fail "READY was not told"
[ "$(status feature.goodbye.word)" = one ] || fail "no line in the status"

conf_set "$T/gw6c.conf" feature.goodbye.word=two
kill -HUP "$client_pid"
two() { [ "$(status feature.goodbye.word)" = two ]; }
wait_for 5 two || fail "the option was not taken"
[ "$(status tunnels)" = 1 ] || fail "a new session for that"
told "fact=4" && fail "DOWN for that"

kill "$client_pid"
wait_for 5 told "goodbye status=0" || fail "no way for a goodbye"
client_alive || fail "it does not wait for the goodbye"
told "fact=3 reason=1" || fail "LEAVING was not told"
wait_for 5 told "all is said" || fail "it did not wait for all of it"
wait_for 5 told "fact=4 reason=1" || fail "DOWN was not told"
gone() { ! client_alive; }
wait_for 5 gone || fail "it does not end"
wait "$client_pid" || fail "exit status $?"

# A second signal does not wait.
conf_set "$T/gw6c.conf" feature.goodbye.pause=4500
: >"$T/client.log"
client_up
wait_for 10 told "fact=1 reason=0" || fail "READY was not told"
kill "$client_pid"
wait_for 5 told "fact=3 reason=1" || fail "LEAVING was not told"
kill "$client_pid"
wait_for 3 told "fact=4 reason=1" || fail "DOWN was not told"
told "all is said" && fail "it waited for the goodbye"
wait_for 5 gone || fail "it does not end"
wait "$client_pid" || fail "exit status $?"

# No goodbye has more than 5 s.
conf_set "$T/gw6c.conf" feature.goodbye.pause=6000
: >"$T/client.log"
client_up
wait_for 10 told "fact=1 reason=0" || fail "READY was not told"
kill "$client_pid"
wait_for 5 told "goodbye status=0" || fail "no way for a goodbye"
wait_for 10 told "fact=4 reason=1" || fail "DOWN was not told"
told "all is said" && fail "it waited for all of a long goodbye"
wait_for 5 gone || fail "it does not end"
wait "$client_pid" || fail "exit status $?"

# What the system refuses to a feature is left out, and nothing else.
conf_set "$T/gw6c.conf" feature.goodbye.lan=nosuch0
: >"$T/client.log"
client_up
grep -q "2001:db8:77::1/64 dev nosuch0.*; a feature asked for this step" \
	"$T/client.log" || fail "no warning of the step that was refused"
has() { # ADDRESS
	at client ip -6 address show | grep -q " $1"
}
has 2001:db8:78::1 || fail "the step behind it was left out"
grep -q nosuch0 "$T/run/plan" && fail "the journal has the refused step"

# A feature takes back what a killed run left, wanted or not.
kill -9 "$client_pid"
wait "$client_pid"
sed -i '/goodbye/d' "$T/gw6c.conf"
: >"$T/client.log"
client_up
told swept || fail "the feature was not asked to sweep"
has 2001:db8:78::1 && fail "its address is left"
told "fact=" && fail "the feature is still in use"
client_stop
