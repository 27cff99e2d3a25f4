#!/bin/sh
# background - started without standard descriptors, as some supervisors do:
# the exit status of the start tells the truth, and the tunnel is there.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

start() { ip netns exec "$1" timeout 20 "$2" -f "$3"; }
without() { # WHAT COMMAND...
	shape=$1
	shift
	case $shape in
	input) "$@" <&- ;;
	output) "$@" >&- ;;
	both) "$@" <&- >&- ;;
	all) "$@" <&- >&- 2>&- ;;
	esac
}

lab_up
broker_conf
client_conf
for closed in input output both all; do
	without $closed start "$LAB-brokerA" "$BROKER" "$T/broker.conf" ||
		fail "without $closed: exit status $? of the broker"
	broker_pid=$(broker_status pid)
	[ -n "$broker_pid" ] || fail "without $closed: no broker"
	without $closed start "$LAB-client" "$GW6C" "$T/gw6c.conf" ||
		fail "without $closed: exit status $?"
	client_is_up || fail "without $closed: no tunnel"
	pings "$SERVER6" || fail "without $closed: no ping"
	client_stop
	kill "$broker_pid"
	wait_for 5 sh -c "! kill -0 $broker_pid" || fail "the broker stays"
	broker_pid=
done
