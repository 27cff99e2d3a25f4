#!/bin/sh
# broker_life - background, reload, second login, crash, and nothing left.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

lab_up
broker_conf "user.bob.passwd=b0b" "user.bob.address6=2001:db8:1000::b0b"
before=$(kernel_state brokerA)

same_kernel() { # WHEN
	kernel_state brokerA >"$T/after"
	printf '%s\n' "$before" | diff - "$T/after" >"$T/diff.log" ||
		fail "left behind $1"
}
in_background() {
	at brokerA "$BROKER" -f "$T/broker.conf" >>"$T/broker.log" 2>&1 ||
		fail "the start ended with $?"
	broker_pid=$(broker_status pid)
	[ -n "$broker_pid" ] || fail "the start ended before it serves"
}
gone() { ! kill -0 "$broker_pid" 2>/dev/null; }
end_broker() { # SIGNAL
	kill -"$1" "$broker_pid"
	wait_for 20 gone || fail "does not end on $1"
}
logged() { grep -q -e "$1" "$T/broker-file.log"; }

conf_set "$T/broker.conf" log_file=2 "log_filename=$T/broker-file.log"

# The start returns when it serves; a second one is refused.
in_background
at brokerA "$BROKER" -f "$T/broker.conf" >"$T/second.log" 2>&1
[ $? = 3 ] || fail "a second broker started"
grep -q "already running as process $broker_pid" "$T/second.log" ||
	fail "the second does not name the first"
end_broker TERM
same_kernel "after TERM"

# kill -9: the next start takes back what was left, and knows its clients.
in_background
client_conf auth_method=digest-md5 userid=bob passwd=b0b
client_up
[ "$(tunnel_address)" = 2001:db8:1000::b0b ] ||
	fail "bob has $(tunnel_address), not his address"
pings "$SERVER6" >/dev/null || fail "no ping"
client_stop || fail "exit status $?"

# An address that is new in the file is given at the next login, even if the
# client was killed and its tunnel is there.
cp "$T/broker.conf" "$T/first.conf"
client_up
conf_set "$T/broker.conf" user.bob.address6=2001:db8:1000::b0c
kill -HUP "$broker_pid"
wait_for 20 logged \
	'bob keeps 2001:db8:1000::b0b until the next login, and is .*::b0c$' ||
	fail "that bob keeps his address for now is not told"
logged 'bob cannot be assigned' && fail "bob's own tunnel is called another's"
pings "$SERVER6" >/dev/null || fail "a new address has ended the tunnel"
kill -KILL "$client_pid"
wait "$client_pid" 2>/dev/null
client_up
[ "$(tunnel_address)" = 2001:db8:1000::b0c ] ||
	fail "bob has $(tunnel_address), not his new address"
logged 'tunnel of bob ended: 2001:db8:1000::b0b: the account logs in' ||
	fail "why the earlier tunnel ended is not told"
[ "$(broker_status tunnels)" = 1 ] || fail "bob's earlier tunnel is there"
pings "$SERVER6" >/dev/null || fail "no ping with the new address"
client_stop || fail "exit status $?"
cp "$T/first.conf" "$T/broker.conf"
kill -HUP "$broker_pid"

client_conf auth_method=digest-md5 userid=ann passwd=s3cret on_refusal=stop
client_up
had=$(tunnel_address)
end_broker KILL
in_background
logged 'did not shut down cleanly' || fail "nothing was taken back"
wait_for 20 pings "$SERVER6" || fail "no ping 20 s after a crash"
[ "$(tunnel_address)" = "$had" ] ||
	fail "ann had $had before, and $(tunnel_address) after"

# A second login of the same user takes the place of the first.
"$BROKER" -f "$T/broker.conf" --status=json |
	grep -q '"tunnels":1,.*"tunnel":\[{"user":"[^"]*","address":"[^"]*",' ||
	fail "the status as JSON"
[ "$(broker_status tunnels)" = 1 ] ||
	fail "$(broker_status tunnels) tunnels of one client"

# Reload: a file with mistakes changes nothing, a removed account ends.
cp "$T/broker.conf" "$T/good.conf"
conf_set "$T/broker.conf" mtu=1
kill -HUP "$broker_pid"
wait_for 20 logged 'keeping the current configuration' ||
	fail "a bad file was taken"
cp "$T/good.conf" "$T/broker.conf"
kill -HUP "$broker_pid"
wait_for 20 logged 'nothing has changed' || fail "a reload that changes nothing"
pings "$SERVER6" >/dev/null || fail "a reload has ended a tunnel"

# It says what has changed; another password ends the account's tunnel.
conf_set "$T/broker.conf" user.bob.passwd=new user.carl.passwd=c4rl mtu=1300 \
	lifetime=3600
kill -HUP "$broker_pid"
wait_for 20 logged 'accounts added: carl$' || fail "who is new is not told"
logged 'accounts changed: bob$' || fail "who has changed is not told"
wait_for 20 logged 'settings in effect: lifetime$' ||
	fail "what is in effect is not told"
wait_for 20 logged 'after a restart: mtu$' ||
	fail "what needs a restart is not told"
client_is_up || fail "a reload has ended the tunnel of an account that stays"
conf_set "$T/broker.conf" user.ann.passwd=other
kill -HUP "$broker_pid"
wait_for 20 logged 'tunnel of ann ended: the password of the account has' ||
	fail "a changed password does not end the tunnel"
wait_for 20 logged 'failed logins from 203.0.113.2: 1, the last one as ann' ||
	fail "a failed login is not told"
wait "$client_pid"
rc=$?
[ $rc = 16 ] || fail "exit status $rc with the old password"
cp "$T/good.conf" "$T/broker.conf"
kill -HUP "$broker_pid"
wait_for 20 logged 'accounts removed: carl$' || fail "who is gone is not told"
client_up
sed -i /user.ann/d "$T/broker.conf"
kill -HUP "$broker_pid"
wait_for 20 logged 'the account no longer exists' || fail "ann is still welcome"
client_refused() { ! client_alive; }
wait_for 20 client_refused || fail "the client does not give up"
wait "$client_pid"
rc=$?
[ $rc = 16 ] || fail "the refused client's exit status is $rc"

# Somebody removes the interface: an end with a reason, no busy loop.
ip -n "$LAB-brokerA" link del "$(broker_status interface)"
wait_for 20 gone || fail "goes on without its interface"
logged 'packet device cannot be read' || fail "no reason is given"
same_kernel "after the interface was removed"

# Without accounts and without anonymous, nobody can log in.
sed -i -e /^user/d -e 's/^auth=.*/auth=digest-md5/' "$T/broker.conf"
at brokerA "$BROKER" -f "$T/broker.conf" --check >"$T/check.log" 2>&1 ||
	fail "--check ended with $?"
grep -q 'nobody can log in' "$T/check.log" || fail "--check does not say it"
