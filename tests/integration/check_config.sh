#!/bin/sh
# check_config - --check says yes, or names file and line.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

need_programs
client_conf
check() { # STATUS
	timeout 10 "$GW6C" -f "$T/gw6c.conf" --check \
		>"$T/client.log" 2>&1
	rc=$?
	[ $rc = "$1" ] || fail "exit status $rc, not $1"
}

check 0
grep -q 'configuration OK' "$T/client.log" || fail "it does not say that all is good"

# Each mistake, in a line of its own, all in one go.
client_conf keepalive_interval=often tunnel_mode=v5v6 prefixlen=200
check 3
for key in keepalive_interval tunnel_mode prefixlen; do
	line=$(grep -n "^$key=" "$T/gw6c.conf" | cut -d: -f1)
	grep -q "gw6c.conf:$line: .*$key" "$T/client.log" ||
		fail "line $line, $key, is not named"
done

# A name that nobody knows is a warning with the nearest known one.
client_conf keepalive_intervall=30
check 0
grep -q 'keepalive_intervall.*keepalive_interval' "$T/client.log" ||
	fail "no hint for a misspelt name"

rm "$T/gw6c.conf"
check 3
grep -q "gw6c.conf" "$T/client.log" || fail "the missing file is not named"
