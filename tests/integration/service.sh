#!/bin/sh
# service - as a service manager runs it: ready before there is a tunnel, the
# state in words, no end because of what a broker says; and --wait-up.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119,SC2154 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
is_long

NOTIFIED=
listen() {
	"$TOOLS/notified" "$T/notify" >"$T/notified.log" &
	NOTIFIED=$!
	wait_for 20 [ -S "$T/notify" ] || fail "nobody listens"
}
service_end() {
	end_rc=$?
	[ -z "$NOTIFIED" ] || kill "$NOTIFIED" 2>/dev/null
	sh -c "exit $end_rc"
	test_end
}
told() { grep -q -e "$1" "$T/notified.log"; }
reloaded() { [ "$(count_lines 'reloading' "$T/broker.log")" -ge "$1" ]; }
wait_up() { # OPTION
	at client timeout -k 5 30 "$GW6C" -f "$T/gw6c.conf" "$1" \
		>"$T/wait.log" 2>&1
}
refuse() { # [PHASE:CODE]
	broker_conf ${1:+refuse=$1} auth=anonymous
	seen=$(count_lines 'reloading' "$T/broker.log")
	kill -HUP "$broker_pid"
	wait_for 20 reloaded $((seen + 1)) || fail "no reload"
}

trap 'service_end' EXIT
lab_up
broker_conf auth=anonymous
broker_start
client_conf
listen

for refusal in create:500 create:516 create:519 create:600 login:500 \
	login:300 version:303 version:500; do
	refuse "$refusal"
	: >"$T/notified.log"
	NOTIFY_SOCKET=$T/notify client_start
	wait_for 20 told "^STATUS=no tunnel: .*${refusal#*:}" ||
		fail "$refusal: the service manager is not told"
	told '^READY=1' || fail "$refusal: it is not ready"
	client_alive || fail "$refusal: it has ended"
	[ "$(status state)" = waiting ] || fail "$refusal: it does not wait"
	wait_up --wait-up=0
	rc=$?
	[ $rc = 9 ] || fail "$refusal: --wait-up ends with $rc"
	grep -q "status ${refusal#*:}" "$T/wait.log" ||
		fail "$refusal: --wait-up does not say why"
	client_stop || fail "exit status $?"
done

# Up once the broker has changed its mind, and whoever waits is told.
NOTIFY_SOCKET=$T/notify client_start
wait_for 20 told "^STATUS=no tunnel: " || fail "there was no refusal"
refuse
wait_up --wait-up=25 || fail "--wait-up: $(cat "$T/wait.log")"
client_is_up || fail "--wait-up ended, and there is no tunnel"
grep -q '^tunnel up: v6udpv4 to' "$T/wait.log" || fail "$(cat "$T/wait.log")"
told '^STATUS=tunnel up: v6udpv4$' || fail "up is not told"
client_stop || fail "exit status $?"
wait_up --wait-up
[ $? = 9 ] || fail "--wait-up for a client that is not there"
grep -q 'not running' "$T/wait.log" || fail "it does not say that none runs"

# By hand, it ends; unless it is told not to.
refuse create:500
client_run -n
rc=$?
[ $rc = 13 ] || fail "by hand: exit status $rc"
client_conf on_refusal=wait
: >"$T/client.log"
client_start
wait_for 20 grep -q 'status 500.*trying again in 1[0-9] s' "$T/client.log" ||
	fail "on_refusal=wait does not wait"
client_stop || fail "exit status $?"
client_conf on_refusal=stop
NOTIFY_SOCKET=$T/notify client_run -n
rc=$?
[ $rc = 13 ] || fail "on_refusal=stop: exit status $rc"
