#!/bin/sh
# server_key - the broker proves itself: PASSDSS-3DES-1 over both transports,
# the file of known keys, each policy, and brokers that lie.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

need script
lab_up
cp "$GW6C_BUILD/tests/integration/.libs/auth_forger.so" "$T/plugins" ||
	fail "there is no forger"
keys=$T/state/gw6ckeys.pub
mutual=auth_method=passdss-3des-1

keygen() { "$BROKER" -f "$T/broker.conf" keygen; }
restart() { # SETTING...
	[ -z "$broker_pid" ] || broker_stop
	broker_conf auth=passdss-3des-1 "$@"
	broker_start
}
conf() { client_conf $mutual userid=ann passwd=s3cret "$@"; }
refused() { # EXIT TEXT [OPTION...]
	want_rc=$1 want_text=$2
	shift 2
	client_run -n -b "$@"
	rc=$?
	[ $rc = "$want_rc" ] || fail "exit status $rc, not $want_rc"
	grep -q -e "$want_text" "$T/client.log" ||
		fail "no word of \"$want_text\""
}
logs_in() { # [OPTION...]
	: >"$T/client.log"
	client_up "$@"
	pings "$SERVER6" >/dev/null || fail "no ping"
	client_stop || fail "exit status $?"
}

# --- the broker's key ---
broker_conf auth=passdss-3des-1
"$BROKER" -n -f "$T/broker.conf" >"$T/broker.log" 2>&1 &&
	fail "a broker without a key runs"
grep -q "; create it: gw6c-broker -f $T/broker.conf keygen\$" "$T/broker.log" ||
	fail "it does not say how to get a key"
keygen_said=$(keygen) || fail "keygen: $keygen_said"
fp=$(printf '%s\n' "$keygen_said" | sed -n 's/^fingerprint //p')
[ -n "$fp" ] || fail "keygen tells no fingerprint"
[ "$(stat -c %a "$T/broker-state/server_key.pem")" = 600 ] ||
	fail "the private key can be read by others"
keygen >"$T/again.log" 2>&1 && fail "keygen replaced a key"
grep -q 'the server key .* already exists' "$T/again.log" ||
	fail "keygen: no reason"
if command -v ssh-keygen >/dev/null; then
	ssh-keygen -y -f "$T/broker-state/server_key.pem" >"$T/key.pub"
	ssh-keygen -l -f "$T/key.pub" | grep -q -F " $fp " ||
		fail "ssh-keygen prints another fingerprint"
fi

# --- a new key is accepted unattended, and known from then on ---
restart
conf
logs_in
grep -q "accepted without asking.*fingerprint=$fp" "$T/client.log" ||
	fail "nobody is told of the new key"
[ "$(stat -c %a "$keys")" = 600 ] || fail "mode of gw6ckeys.pub"
grep -q "^$BROKER4 ssh-dss AAAAB3NzaC1kc3M" "$keys" || fail "no line in it"
if command -v ssh-keygen >/dev/null; then
	ssh-keygen -l -f "$keys" | grep -q -F " $fp " ||
		fail "ssh-keygen cannot read gw6ckeys.pub"
fi
cp "$keys" "$T/first"
logs_in
grep -q "matches the known one" "$T/client.log" || fail "not known"
cmp "$keys" "$T/first" || fail "the file was written again"
conf server_key_policy=strict
logs_in

# --- over TCP ---
restart
"$NETLAB" nat "$LAB" none
at brokerA nft add table inet t
at brokerA nft add chain inet t in '{ type filter hook input priority 0; }'
at brokerA nft add rule inet t in udp dport 3653 drop
conf tunnel_mode=v6v4
logs_in
grep -q 'over TCP' "$T/client.log" || fail "not over TCP"
at brokerA nft delete table inet t
"$NETLAB" nat "$LAB" masquerade

# --- wrong passwords ---
conf passwd=wrong
refused 16 'check userid and passwd'
conf userid=nobody
refused 16 'check userid and passwd'
! grep -q -e s3cret -e wrong "$T/client.log" || fail "the log shows it"

# --- strict, and -y ---
rm "$keys"
conf server_key_policy=strict
refused 16 "is not known.*$fp.*start once with -y"
[ ! -e "$keys" ] || fail "a refused key was written down"
logs_in -y
[ -s "$keys" ] || fail "-y: not written down"

# --- another key ---
mv "$T/broker-state/server_key.pem" "$T/old.pem"
keygen_said=$(keygen) || fail "keygen: $keygen_said"
fp2=$(printf '%s\n' "$keygen_said" | sed -n 's/^fingerprint //p')
[ "$fp" != "$fp2" ] || fail "two keys are the same"
restart
for policy in ask accept-new strict; do
	conf server_key_policy=$policy
	refused 16 "has changed: the known key is $fp, the broker's is $fp2.*$keys"
	cmp "$keys" "$T/first" || fail "$policy: the file was changed"
done
conf
refused 16 'has changed' -y

# --- a person at a terminal ---
mkfifo "$T/typed"
asks() { # ANSWER
	: >"$T/tty.log"
	script -qefc "ip netns exec $LAB-client $GW6C -n -f $T/gw6c.conf" \
		/dev/null <"$T/typed" >"$T/tty.log" 2>&1 &
	script_pid=$!
	exec 9>"$T/typed"
	wait_for 20 grep -q '(yes or no' "$T/tty.log" ||
		fail "it does not ask: $(cat "$T/tty.log")"
	printf '%s\n' "$1" >&9
}
answered() { # what is said after the answer, until it ends
	exec 9>&-
	wait "$script_pid"
}
asks no
answered
rc=$?
[ $rc = 16 ] || fail "no: exit status $rc"
grep -q CHANGED "$T/tty.log" || fail "the change is not told"
cmp "$keys" "$T/first" || fail "no: the file was changed"
printf '# a note of mine\nother.example ssh-dss AAAA\n' >>"$keys"
asks perhaps
printf 'yes\n' >&9
wait_for 20 client_is_up || fail "yes: no tunnel: $(cat "$T/tty.log")"
kill -TERM "$(status pid)"
answered
[ "$(grep -c "^$BROKER4 " "$keys")" = 1 ] || fail "the old line is there"
grep -q '^# a note of mine$' "$keys" || fail "a line of the user is lost"
grep -q '^other.example ssh-dss AAAA$' "$keys" || fail "a line is lost"
logs_in # with the new key, and nobody is asked
rm "$keys"
asks y
wait_for 20 client_is_up || fail "new key: no tunnel: $(cat "$T/tty.log")"
kill -TERM "$(status pid)"
answered
# A boot is never kept waiting.
rm "$keys"
script -qefc "ip netns exec $LAB-client $GW6C -b -n -f $T/gw6c.conf" \
	/dev/null </dev/null >"$T/tty.log" 2>&1 &
script_pid=$!
wait_for 20 client_is_up || fail "--boot waits: $(cat "$T/tty.log")"
kill -TERM "$(status pid)"
wait "$script_pid"

# --- a file that cannot be believed ---
mv "$keys" "$T/real"
ln -s "$T/real" "$keys"
refused 3 'symbolic link'
rm "$keys"
cp "$T/real" "$keys"
chmod 666 "$keys"
refused 3 'chmod 600'
chmod 600 "$keys"
# One that cannot be written keeps nobody out.
conf server_keys=/proc/gw6ckeys.pub
logs_in
grep -q 'will not be known at the next start' "$T/client.log" || fail "not told"

# --- brokers that lie ---
conf
for lie in zero one last signature key short long huge; do
	restart auth=forger auth.forger.forge=$lie
	client_run -n -b
	rc=$?
	[ $rc != 0 ] || fail "$lie: logged in"
	grep -q -e 'impostor' -e 'is malformed' -e 'key rejected' \
		"$T/client.log" || fail "$lie: no reason"
	cmp -s "$keys" "$T/real" || fail "$lie: the file was changed"
done
broker_alive || fail "the broker ended"
