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
	wait_for 20 sh -c "! kill -0 $broker_pid" || fail "the broker stays"
	broker_pid=
done

# A log file that cannot be written is no reason to have no tunnel.
broker_conf log_file=2 "log_filename=$T/none/broker.log"
broker_start
client_conf log_file=2 "log_filename=$T/none/gw6c.log"
client_up
for name in client broker; do
	grep -q 'warning: log: cannot write the log file' "$T/$name.log" ||
		fail "the $name does not say that it has no log file"
done
mkdir "$T/none"
kill -HUP "$client_pid" "$broker_pid"
for name in gw6c broker; do
	wait_for 20 grep -q reloading "$T/none/$name.log" ||
		fail "the log file of $name is not tried again"
done
client_stop
