#!/bin/sh
# idle - prints what a tunnel without traffic costs.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

lab_up
broker_conf
broker_start
client_conf keepalive_interval=30
client_up
seconds=10

value() { # PID NAME
	sed -n "s/^$2:[[:space:]]*\([0-9]*\).*/\1/p" "/proc/$1/status"
}

sleep 2 # what follows the start is over
wakes=$(value "$client_pid" voluntary_ctxt_switches)
broker_wakes=$(value "$broker_pid" voluntary_ctxt_switches)
sleep $seconds
wakes=$(($(value "$client_pid" voluntary_ctxt_switches) - wakes))
broker_wakes=$(($(value "$broker_pid" voluntary_ctxt_switches) - broker_wakes))
say "client: $(value "$client_pid" RssAnon) KiB of its own memory," \
	"$wakes wake-ups in $seconds s"
say "broker: $(value "$broker_pid" RssAnon) KiB of its own memory," \
	"$broker_wakes wake-ups in $seconds s"
[ $wakes -le $((2 * seconds)) ] || fail "the client is not idle"
[ $broker_wakes -le $((2 * seconds)) ] || fail "the broker is not idle"
