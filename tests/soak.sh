#!/bin/sh
# soak - many reconnects, one after the other: nothing grows, nothing is left.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
#
# usage: sh tests/soak.sh [RECONNECTS]     2000 take about 8 minutes; needs
# root, and GW6C_BUILD or the build directory as the current one
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/tests/integration/lib.sh"
wanted=${1:-2000}

# What must be the same at the end.
routes() {
	ip -n "$LAB-client" -6 route show | sed 's/ expires [0-9a-z]*//'
	ip -n "$LAB-client" -6 -o address show scope global | cut -d' ' -f2-4
}
descriptors() { find "/proc/$1/fd" -mindepth 1 | wc -l; }
memory_kb() { sed -n 's/^RssAnon:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$1/status"; }
look() {
	client_fds=$(descriptors "$client") broker_fds=$(descriptors "$broker")
	client_kb=$(memory_kb "$client") broker_kb=$(memory_kb "$broker")
}

# Another address of the client is another way to the broker.
move() {
	if [ "$here" = 192.168.1.2 ]; then
		there=192.168.1.3
	else
		there=192.168.1.2
	fi
	ip -n "$LAB-client" address add "$there/24" dev wan
	ip -n "$LAB-client" address delete "$here/24" dev wan
	ip -n "$LAB-client" route replace default via 192.168.1.1
	here=$there
}
moved() { [ "$(status outer)" = "$here" ] && client_is_up; }

LEAVES=client
lab_up
at client sh -c 'echo 1 >/proc/sys/net/ipv4/conf/wan/promote_secondaries'
broker_conf log_stderr=1
broker_start
client_conf auth_method=digest-md5 userid=ann passwd=s3cret log_stderr=1
client_up
client=$(status pid)
broker=$(broker_status pid)
here=192.168.1.2

# What is allocated once is there soon; the broker remembers each dialogue for
# a minute, and so has its full size only after some.
WARM=100 # seconds
done_so_far=0 warm_at=
from=$(date +%s)
while [ "$done_so_far" -lt "$wanted" ]; do
	move
	wait_for 15 moved || fail "no tunnel after $done_so_far reconnects"
	done_so_far=$((done_so_far + 1))
	took=$(($(date +%s) - from))
	if [ -z "$warm_at" ] && [ "$took" -ge $WARM ]; then
		warm_at=$done_so_far
	elif [ "$done_so_far" != "$wanted" ]; then
		continue
	fi
	[ "$here" = 192.168.1.2 ] || { move && wait_for 15 moved; }
	pings "$SERVER6" >/dev/null || fail "no ping"
	look
	routes >"$T/routes.$done_so_far"
	say "$done_so_far reconnects, $took s:" \
		"gw6c $client_fds descriptors, $client_kb KiB;" \
		"gw6c-broker $broker_fds, $broker_kb KiB"
	if [ "$done_so_far" = "$warm_at" ]; then
		was_client_fds=$client_fds was_broker_fds=$broker_fds
		was_client_kb=$client_kb was_broker_kb=$broker_kb
	fi
done
if [ -n "$warm_at" ]; then
	[ "$client_fds" = "$was_client_fds" ] || fail "descriptors of gw6c"
	[ "$broker_fds" = "$was_broker_fds" ] || fail "those of gw6c-broker"
	# How an allocator breathes; a leak of 150 octets each would show.
	[ "$client_kb" -le $((was_client_kb + 128)) ] || fail "memory of gw6c"
	[ "$broker_kb" -le $((was_broker_kb + 256)) ] ||
		fail "memory of gw6c-broker"
	diff "$T/routes.$warm_at" "$T/routes.$wanted" ||
		fail "routes and addresses"
else
	say "too short to tell whether anything grows"
fi
client_stop || fail "exit status $?"
