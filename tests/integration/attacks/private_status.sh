#!/bin/sh
# private_status - the status that anybody on the machine may read tells
# nothing about those who use the broker.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
top=$(cd "$(dirname "$0")/../../.." && pwd)
. "$top/tests/integration/lib.sh"

need setpriv
lab_up
broker_conf user.ann.address6=2001:db8:1000::a
broker_start
client_conf auth_method=digest-md5 userid=ann passwd=s3cret \
	tunnel_mode=v6udpv4
client_up

cp "$GW6C" "$BROKER" "$T"
chmod 755 "$T" "$T/run" "$T/broker-run" "$T/plugins"
echo "run_dir=$T/broker-run" >"$T/public-broker.conf"
echo "run_dir=$T/run" >"$T/public.conf"
chmod 644 "$T/public-broker.conf" "$T/public.conf"
asks() { # USER PROGRAM FILE HOW
	setpriv --reuid "$1" --regid "$1" --clear-groups \
		"$T/$2" -f "$T/$3" "$4" >"$T/out" 2>"$T/asked" ||
		fail "$1 has no status of $2: $(cat "$T/asked")"
}
tells() { grep -q -e "$1" "$T/out"; }

for how in --status --status=json; do
	asks 0 gw6c-broker public-broker.conf $how
	for secret in ann 203.0.113.2 2001:db8:1000::a failed_logins \
		heard tunnels; do
		tells "$secret" || fail "$how: root is not told $secret"
	done
	asks 65534 gw6c-broker public-broker.conf $how
	tells pid || fail "$how: an ordinary user is told nothing"
	for secret in ann 203.0.113.2 2001:db8:1000::a accepted failed_logins \
		heard tunnel octets dropped; do
		! tells "$secret" || fail "$how: anybody is told $secret"
	done
	grep -q 'shown only to root' "$T/asked" ||
		fail "$how: it does not say that there is more"

	asks 0 gw6c public.conf $how
	for secret in login digest-md5; do
		grep -qi -e "$secret" "$T/out" || fail "$how: root is not told $secret"
	done
	asks 65534 gw6c public.conf $how
	for word in state up v6udpv4; do
		tells "$word" || fail "$how: an ordinary user is not told $word"
	done
	for secret in ann login digest; do
		! grep -qi -e "$secret" "$T/out" ||
			fail "$how: anybody is told $secret"
	done
done
asks 0 gw6c-broker public-broker.conf --status
[ "$(awk 'length > 80' "$T/out" | wc -l)" = 0 ] ||
	fail "wider than a terminal: $(cat "$T/out")"
tells '^ann  *203\.0\.113\.2:[0-9]*  *v6udpv4 .* B$' ||
	fail "no row of the table: $(cat "$T/out")"

# Why there is no tunnel may name both; a service manager tells anybody.
"$TOOLS/notified" "$T/notify" >"$T/notified.out" &
notified=$!
wait_for 20 test -S "$T/notify" || fail "nobody listens at $T/notify"
mkdir -p "$T/run2" "$T/state2"
sed -e "s,^run_dir=.*,run_dir=$T/run2," -e "s,^state_dir=.*,state_dir=$T/state2," \
	"$T/gw6c.conf" >"$T/second.conf"
chmod 600 "$T/second.conf"
chmod 755 "$T/run2"
echo "run_dir=$T/run2" >"$T/public2.conf"
chmod 644 "$T/public2.conf"
ip netns exec "$LAB-client" env NOTIFY_SOCKET="$T/notify" \
	"$GW6C" -n -f "$T/second.conf" >"$T/second.log" 2>&1 &
second=$!
told() { grep -q -e "$1" "$T/notified.out"; }
wait_for 20 told '^STATUS=no tunnel: .*506' ||
	fail "there was no refusal: $(cat "$T/notified.out")"
for how in --status --status=json; do
	asks 0 gw6c public2.conf $how
	tells 203.0.113.2 || fail "$how: root is not told who has the account"
	asks 65534 gw6c public2.conf $how
	tells 506 || fail "$how: an ordinary user is not told why"
	! tells 203.0.113.2 || fail "$how: anybody is told who has the account"
done
! told 203.0.113.2 || fail "the service manager is told who has the account"
ended $second $notified
client_stop || fail "exit status $?"
