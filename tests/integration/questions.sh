#!/bin/sh
# questions - --status and --list-plugins answer anybody, whatever gw6c.conf is
# like, and never take silence for an answer.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
is_long

need setpriv
lab_up
broker_conf
broker_start
client_conf
client_up

cp "$GW6C" "$BROKER" "$T"
chmod 755 "$T" "$T/run" "$T/broker-run" "$T/plugins"
nobody() { # COMMAND...
	setpriv --reuid 65534 --regid 65534 --clear-groups "$@" \
		>"$T/out" 2>"$T/ask.log"
}

# The secret is in a file of its own, which is included.
for which in gw6c:gw6c.conf gw6c-broker:broker.conf; do
	program=$T/${which%:*} file=$T/${which#*:}
	echo "include=secret.conf" >>"$file"
	echo "passwd=x" >"$T/secret.conf"
	chmod 600 "$T/secret.conf"
	chmod 644 "$file"
	nobody "$program" -f "$file" --status ||
		fail "$which: an ordinary user has no status"
	grep -q '^pid' "$T/out" || fail "$which: there is no pid"
	grep -q 'warning: .*secret.conf' "$T/ask.log" ||
		fail "$which: no warning names the file"

	# Half of a file is better than nothing.
	echo "==" >>"$file"
	nobody "$program" -f "$file" --status ||
		fail "$which: a broken file, and no status"
	grep -q '^pid' "$T/out" || fail "$which: there is no pid"
done

for file in "$T/secret.conf" "$T/missing.conf"; do
	nobody "$T/gw6c" -f "$file" --list-plugins ||
		fail "$file: no list of plugins"
	grep -q '^KIND' "$T/out" || fail "$file: no list of plugins"
	grep -q "warning: .*$file" "$T/ask.log" || fail "$file: no warning"
	nobody "$T/gw6c" -f "$file" --status
	rc=$?
	[ $rc != 0 ] || fail "$file: status 0 where none can be known"
done

# What only root may read: the remedy is not to mend it.
nobody "$T/gw6c" -f "$T/secret.conf" --check
rc=$?
[ $rc = 3 ] || fail "--check of a file that cannot be read: status $rc"
grep -q 'secret.conf: Permission denied; run it as root, or -f' \
	"$T/ask.log" || fail "no remedy: $(cat "$T/ask.log")"

# A process that was stopped.
client=$(status pid)
for which in gw6c:$client:gw6c.conf gw6c-broker:$broker_pid:broker.conf; do
	pid=${which#*:} pid=${pid%:*}
	program=$T/${which%%:*}
	kill -STOP "$pid"
	for how in --status --status=json; do
		"$program" -f "$T/${which##*:}" $how >"$T/out" 2>"$T/ask.log"
		rc=$?
		[ $rc != 0 ] || fail "$which $how: status 0"
		[ ! -s "$T/out" ] || fail "$which $how: prints $(cat "$T/out")"
		grep -q 'does not answer' "$T/ask.log" ||
			fail "$which $how: says $(cat "$T/ask.log")"
	done
	kill -CONT "$pid"
done
client_stop
