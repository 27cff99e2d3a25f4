#!/bin/sh
# redirect_pinned - a redirection leads away from a broker whose key is known:
# only another known key is given the password, by no weaker login, and nothing
# of it lasts.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
top=$(cd "$(dirname "$0")/../../.." && pwd)
. "$top/tests/integration/lib.sh"

THIEF=198.51.100.18 # brokerB
lab_up
keys=$T/state/gw6ckeys.pub
list=$T/state/tsp-broker-list.txt
last=$T/state/tsp-last-server.txt

thief_start() { # MECHANISM...
	mkdir -p "$T/thief"
	cat >"$T/thief.conf" <<-CONF
		listen=$THIEF
		pool6=2001:db8:2000::/36
		plugin_dir=$T/plugins
		run_dir=$T/thief
		state_dir=$T/thief
		log_stderr=3
		user.ann.passwd=s3cret
		auth=$*
	CONF
	chmod 600 "$T/thief.conf"
	[ -e "$T/thief/server_key.pem" ] ||
		"$BROKER" -f "$T/thief.conf" keygen >/dev/null ||
		fail "no key for the thief"
	: >"$T/thief.log"
	ip netns exec "$LAB-brokerB" "$BROKER" -n -f "$T/thief.conf" \
		>"$T/thief.log" 2>&1 &
	thief=$!
	wait_for 10 "$BROKER" -f "$T/thief.conf" --status ||
		fail "the thief did not start"
}
thief_stop() { kill $thief && wait $thief 2>/dev/null; }
master_start() { # BROKER...
	: >"$T/heard"
	ip netns exec "$LAB-brokerA" "$TOOLS/master" $BROKER4 3653 version \
		"$@" >"$T/heard" 2>&1 &
	master=$!
	wait_for 5 grep -q ready "$T/heard" || fail "no master"
}
master_stop() {
	kill $master
	wait $master 2>/dev/null || true
}
is_robbed() { grep -q -e 'user=ann' -e 'ann' "$T/thief.log"; }

# Once with the true broker: its key is known from then on.
broker_conf auth='passdss-3des-1 digest-md5'
"$BROKER" -f "$T/broker.conf" keygen >/dev/null || fail "no key"
broker_start
conf() { client_conf auth_method=any userid=ann passwd=s3cret "$@"; }
conf
client_up
client_stop || fail "exit status $?"
grep -q "^$BROKER4 ssh-dss" "$keys" || fail "the key is not known"
cp "$keys" "$T/keys.before"
broker_stop

refused() { # WORDS WHAT
	client_run -n -b </dev/null && fail "a tunnel: $2"
	grep -q 'redirects to' "$T/client.log" || fail "no redirection: $2"
	grep -q -e "$1" "$T/client.log" || fail "no word of \"$1\": $2"
	is_robbed && fail "the thief has seen a login: $2"
	cmp -s "$keys" "$T/keys.before" || fail "another key is known: $2"
	[ ! -e "$list" ] || fail "the list was written: $2"
	[ "$(cat "$last")" = "$BROKER4" ] || fail "another last server: $2"
	say "refused: $2"
}

for policy in ask accept-new strict; do
	thief_start passdss-3des-1 digest-md5
	conf server_key_policy=$policy
	master_start $THIEF
	refused 'key of 198.51.100.18 is not known\|whose key is not known' \
		"an unknown key, server_key_policy=$policy"
	[ $policy = strict ] || grep -q "server=$THIEF" "$T/client.log" ||
		fail "it does not say how to add the key"
	master_stop
	master_start $THIEF 198.51.100.99
	refused 'is not known\|whose key is not known' \
		"a list, server_key_policy=$policy"
	master_stop
	thief_stop
done

# Weaker mechanisms are what an answer can be guessed from.
for weak in digest-md5 scram-sha-256; do
	conf
	thief_start $weak
	master_start $THIEF
	refused 'a redirection leads there' "$weak"
	master_stop
	thief_stop
done

# Without a known key, what the account has used last is the least.
# It starts without a past: nothing weaker than before is used at home, too.
rm "$keys" "$T/state/proven-logins.txt"
: >"$T/keys.before"
conf auth_list='scram-sha-256 digest-md5'
broker_conf auth='scram-sha-256 digest-md5'
broker_start
client_up
client_stop || fail "exit status $?"
broker_stop
: >"$keys"
thief_start digest-md5
master_start $THIEF
refused 'nothing weaker is used' "below the last login"
master_stop
thief_stop

# The key is added as the message says; then the redirection is followed.
rm -f "$keys"
broker_conf auth='passdss-3des-1 digest-md5'
broker_start
conf
client_up
client_stop || fail "exit status $?"
broker_stop
thief_start passdss-3des-1
conf server=$THIEF
client_up -y
client_stop || fail "exit status $?"
conf
master_start $THIEF
client_up
[ "$(status server)" = $THIEF ] || fail "a known broker was not used"
client_stop || fail "exit status $?"
master_stop
thief_stop
