#!/bin/sh
# nothing_left - a tidy stop leaves the kernel as it was, octet by octet.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

lab_up
broker_conf
broker_start

# Each way to end: a signal, in the foreground and in the background.
for how in TERM INT QUIT background; do
	client_conf tunnel_mode=v6udpv4
	kernel_state client >"$T/before"
	if [ $how = background ]; then
		client_run || fail "the start in the background failed: $?"
		client_is_up || fail "in the background without a tunnel"
		client_stop
	else
		client_up
		kernel_state client >"$T/during"
		! cmp -s "$T/before" "$T/during" ||
			fail "a tunnel that changes nothing?"
		client_stop $how || fail "exit status $? after SIG$how"
	fi
	kernel_state client >"$T/after"
	diff "$T/before" "$T/after" || fail "left behind after $how"
	left=$(ls -A "$T/run")
	[ -z "$left" ] || fail "files in run_dir after $how: $left"
done
