#!/bin/sh
# faults_machine - what can happen to our own machine: how long until traffic flows again.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/faults.lib.sh"

break_moved() { "$NETLAB" renumber "$LAB" client >/dev/null; }
heal_moved() { :; }
break_link() { ip -n "$LAB-client" link delete "$(status interface)"; }
heal_link() { :; }
break_down() { ip -n "$LAB-client" link set "$(status interface)" down; }
heal_down() { :; }
break_address() {
	ip -n "$LAB-client" -6 address delete "$(tunnel_address)/128" \
		dev "$(status interface)"
}
heal_address() { :; }
break_default() { ip -n "$LAB-client" -6 route delete default; }
heal_default() { :; }
break_replaced() {
	ip -n "$LAB-client" -6 route replace unreachable default metric 2048
}
heal_replaced() {
	ip -n "$LAB-client" -6 route delete unreachable default metric 2048
}
break_asleep() { kill -STOP "$client_pid"; }
heal_asleep() { kill -CONT "$client_pid"; }
break_run_dir() { rm -rf "${T:?}/run"; }
heal_run_dir() {
	broker_stop KILL
	broker_start
}
break_files() { # no descriptor is left to open anything
	open=$(find "/proc/$client_pid/fd" -mindepth 1 | wc -l)
	prlimit --pid "$client_pid" --nofile="$open:"
	broker_stop KILL
}
heal_files() {
	prlimit --pid "$client_pid" --nofile=1024:
	broker_start
}
break_disk() { # no room for the files that remember servers
	mount -t tmpfs -o size=16k tmpfs "$T/state"
	head -c 100000 /dev/zero >"$T/state/filler" 2>/dev/null
	broker_stop KILL
}
heal_disk() { broker_start; }
break_read_only() {
	umount "$T/state"
	mount --bind "$T/state" "$T/state"
	mount -o remount,ro,bind "$T/state"
	broker_stop KILL
}
heal_read_only() {
	broker_start
}

# We have been in the file system.
machine_end() {
	end_rc=$?
	umount "$T/state" 2>/dev/null
	sh -c "exit $end_rc"
	test_end
}
trap 'machine_end' EXIT
need prlimit
faults_lab
faults_client
fault told 0 moved "address of the client changed"
fault told 0 link "tunnel interface deleted"
fault told 0 link "and again at once" # no repair: a new session
fault told 8 asleep "client frozen"
fault told 0 down "tunnel interface down"
fault told 8 asleep "client frozen again"
fault told 0 address "tunnel address deleted"
fault told 8 asleep "client frozen, a third time"
fault told 0 default "tunnel route deleted"
fault told 8 asleep "client frozen, a fourth time"
fault told 2 replaced "tunnel route replaced"
fault told 2 files "no file descriptor left"
fault told 2 disk "disk full"
fault told 2 read_only "state_dir read-only"
umount "$T/state"
fault told 2 run_dir "run_dir removed"
# It took the control socket along, which tells the state.
kill "$client_pid" && wait "$client_pid"
mkdir -p "$T/run"
faults_end
