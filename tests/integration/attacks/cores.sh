#!/bin/sh
# cores - a crash of gw6c or gw6c-broker leaves no password behind, nor can
# another program of its user read it; unless core_dumps=yes.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
top=$(cd "$(dirname "$0")/../../.." && pwd)
. "$top/tests/integration/lib.sh"

need_programs
grep -aq __asan_init "$GW6C" && skip "the sanitizers allow no core files"
lab_up
need setpriv
# shellcheck disable=SC3045 # the limit is what this is about
ulimit -c unlimited 2>/dev/null || skip "the limit of core files is fixed"
cd "$T" || exit 1
mkdir crash
pattern=$(cat /proc/sys/kernel/core_pattern)

core_limit() { # PID
	sed -n 's/^Max core file size *\([^ ]*\).*/\1/p' "/proc/$1/limits"
}
# Whoever may debug a process may read its environment; of one that is closed,
# the files belong to root.
is_closed() { # PID
	[ "$(stat -c %u "/proc/$1/environ")" = 0 ]
}
crash() { # PID: it leaves a core?
	rm -f crash/core*
	kill -ABRT "$1"
	wait "$1" 2>/dev/null
	ls crash/core* >/dev/null 2>&1
}
holds() { grep -q -a -e "$1" crash/core*; }

# Does a crash leave anything here?
(cd crash && exec sleep 60) &
leaves=no
wait_for 10 test "$(readlink "/proc/$!/cwd")" = "$T/crash"
crash $! && leaves=yes
[ "$leaves" = yes ] || say "core files go to $pattern here: not looked at"

try() { # core_dumps
	broker_conf "core_dumps=$1"
	client_conf auth_method=digest-md5 userid=ann passwd=s3cret \
		"core_dumps=$1" "template=$T/tunnel.sh" tunnel_mode=v6udpv4 \
		keepalive=no
	cd crash || exit 1
	broker_start
	client_start
	cd ..
	wait_for 30 client_is_up || fail "the tunnel did not come up"
}
# What is run with our rights has the same limit, and cannot raise it; of what
# we were given it gets nothing.
SECRET=hush7
export SECRET
# shellcheck disable=SC2016 # of the script
printf '(ulimit -S -c; ulimit -H -c) >"%s"\nenv >"%s"\n%s\n' \
	"$T/limit" "$T/env" \
	'[ "$TSP_OPERATION" != TSP_TUNNEL_CREATION ] ||
	ip link set "$TSP_TUNNEL_INTERFACE" up mtu 1280' >"$T/tunnel.sh"

try no
client=$(status pid)
broker=$(broker_status pid)
for pid in "$client" "$broker"; do
	[ "$(core_limit "$pid")" = 0 ] ||
		fail "the limit of core files is $(core_limit "$pid")"
	! grep -q -a s3cret "/proc/$pid/cmdline" "/proc/$pid/environ" ||
		fail "the password is there for all to see"
done
[ "$(tr '\n' ' ' <"$T/limit")" = '0 0 ' ] ||
	fail "a script may leave core files"
grep -q TSP_TUNNEL_MODE "$T/env" || fail "the environment was not looked at"
! grep -q -e hush7 -e s3cret "$T/env" ||
	fail "a secret is in it: $(cat "$T/env")"
! crash "$client" || fail "the client's crash left a file"
! crash "$broker" || fail "the broker's crash left a file"

try yes
client=$(status pid)
broker=$(broker_status pid)
[ "$(core_limit "$client")" = unlimited ] || fail "core_dumps=yes: the client"
[ "$(core_limit "$broker")" = unlimited ] || fail "core_dumps=yes: the broker"
if [ "$leaves" = yes ]; then
	crash "$client" || fail "core_dumps=yes: no core file of the client"
	holds s3cret || fail "there was nothing to find"
	crash "$broker" || fail "core_dumps=yes: no core file of the broker"
	holds s3cret || fail "there was nothing to find"
else
	kill -KILL "$client" "$broker"
fi
wait

# With a user of its own: no other program of that user reads its memory.
closed() { # core_dumps
	mkdir -p "$T/theirs/run" "$T/theirs/state"
	client_conf "run_dir=$T/theirs/run" "state_dir=$T/theirs/state" \
		template=null "core_dumps=$1" server=127.0.0.1 retry_delay=1
	mv "$T/gw6c.conf" "$T/theirs/gw6c.conf"
	chown -R 65534 "$T/theirs"
	chmod 755 "$T"
	at client setpriv --reuid 65534 --regid 65534 --clear-groups \
		"$GW6C" -n -f "$T/theirs/gw6c.conf" >>"$T/client.log" 2>&1 &
	wait_for 30 test -S "$T/theirs/run/control" || fail "it does not run"
	theirs=$(cat "$T/theirs/run/gw6c.pid")
	is_closed "$theirs"
	closed=$?
	kill "$theirs"
	wait
	return "$closed"
}
INVOCATION_ID=1
export INVOCATION_ID
closed no || fail "another program of its user can read its memory"
! closed yes || fail "core_dumps=yes: it is closed all the same"
