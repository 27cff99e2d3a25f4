#!/bin/sh
# limits - a flood in the name of a client's address, or of all, keeps no client
# out, and no packets back.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/attacks.lib.sh"
is_long

LOGINS=4
LIMIT_MS=2000

lab_up
broker_conf auth='anonymous digest-md5 passdss-3des-1'
"$BROKER" -f "$T/broker.conf" keygen >/dev/null || fail "no server key"
broker_start
client_conf
client_up
pings "$SERVER6" >/dev/null || fail "no ping before"

login() { # WHAT [NAME=VALUE...]
	what=$1
	shift
	n=0
	while [ $n -lt $LOGINS ]; do
		n=$((n + 1))
		ms=$(login_ms "$@") || fail "$what: $(cat "$T/login.log")"
		[ "$ms" -le $LIMIT_MS ] || fail "$what: a login took $ms ms"
		rm -rf "$T/state3/lease_secret"
	done
	say "$what: the last of $LOGINS logins took $ms ms"
}

# A busy machine loses one now and then; a flood would cost some of each series.
none_is_lost() {
	for _ in 1 2 3 4 5; do
		pings "$SERVER6" -c 50 -i 0.02 -W 2 >"$T/ping.log" ||
			fail "$kind from $from: no packets pass"
		lost=$(sed -n 's/.* \([0-9]*\)% packet loss.*/\1/p' "$T/ping.log")
		[ "$lost" != 0 ] || return 0
	done
	return 1
}

for kind in empty version session passdss-padded; do
	for from in $NAT4 10.0.0.0/8; do
		attack_begin "$kind" "$from" 1000
		login "$kind from $from, anonymous"
		login "$kind from $from, passdss" auth_method=passdss-3des-1 \
			userid=ann passwd=s3cret
		none_is_lost || fail "$kind from $from: $lost % were lost"
		attack_end
	done
done
kib=$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$broker_pid/status")
say "memory of the broker: $kib KiB"
# The sanitizers need memory of their own.
grep -aq __asan_init "$BROKER" || [ "$kib" -le 20480 ] ||
	fail "the broker has $kib KiB"
client_stop || fail "exit status $?"
