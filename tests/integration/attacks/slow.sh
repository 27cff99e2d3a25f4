#!/bin/sh
# slow - who sends an octet now and then, or nothing, is hung up on in time,
# wherever in the dialogue.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
top=$(cd "$(dirname "$0")/../../.." && pwd)
. "$top/tests/integration/lib.sh"
is_long

loris() { # NAME WHOLE LAST
	ip netns exec "$LAB-core" "$TOOLS/crowd" trickle 203.0.113.1 "$BROKER4" 3653 700 115 \
		"$2" "$3" >"$T/loris.$1" 2>&1 &
}
hung_up() { [ -s "$T/loris.$1" ]; } # NAME
in_time() { # NAME SECONDS
	wait_for "$2" hung_up "$1" || fail "$1: still open after $2 s"
	say "$1: $(cat "$T/loris.$1") ms"
	[ "$(cat "$T/loris.$1")" != open ] || fail "$1: never hung up on"
}

lab_up
broker_conf "auth=anonymous plain"
broker_start
loris silent '' ''
loris version '' 'VERSION'
loris spaces 'VERSION=2.0.0~' 'A'
loris password 'VERSION=2.0.0~AUTHENTICATE PLAIN~' 'x'
loris request 'VERSION=2.0.0~AUTHENTICATE ANONYMOUS~' 'C'

in_time version 35
in_time spaces 5
in_time silent 5

# After AUTHENTICATE a person may be asked, and a minute is allowed.
in_time request 60
in_time password 90
broker_alive || fail "the broker ended"
