#!/bin/sh
# redirect_always - the configured broker only redirects: where it led to
# before counts as if it were known itself, and nobody whom a redirection names
# gets the password.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
top=$(cd "$(dirname "$0")/../../.." && pwd)
. "$top/tests/integration/lib.sh"

THIEF=198.51.100.18 # brokerB
FRIEND=198.51.100.34 # brokerC
lab_up
keys=$T/state/gw6ckeys.pub
led=$T/state/proven-redirections.txt
: >"$T/broker.log"

# other_start NODE ADDRESS MECHANISM...: a broker with a key of its own.
other_start() {
	other=$1 addr=$2
	shift 2
	mkdir -p "$T/$other"
	cat >"$T/$other.conf" <<-CONF
		listen=$addr
		pool6=2001:db8:2000::/36
		plugin_dir=$T/plugins
		run_dir=$T/$other
		state_dir=$T/$other
		log_stderr=3
		user.ann.passwd=s3cret
		user.bob.passwd=s3cret
		auth=$*
	CONF
	chmod 600 "$T/$other.conf"
	[ -e "$T/$other/server_key.pem" ] ||
		"$BROKER" -f "$T/$other.conf" keygen >/dev/null ||
		fail "no key for $other"
	ip netns exec "$LAB-$other" "$BROKER" -n -f "$T/$other.conf" \
		>"$T/$other.log" 2>&1 &
	other_pid=$!
	wait_for 10 "$BROKER" -f "$T/$other.conf" --status ||
		fail "$other did not start"
}
other_stop() { kill $other_pid && wait $other_pid 2>/dev/null; }
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
conf() { client_conf "$@"; }
any='auth_method=any passwd=s3cret'

# No login is begun, and nothing is taken for known.
refused() { # WORDS WHAT
	client_run -n -b </dev/null && fail "a tunnel: $2"
	grep -q -e "$1" "$T/client.log" || fail "no word of \"$1\": $2"
	grep -q -w -e ann -e bob "$T/brokerB.log" "$T/broker.log" &&
		fail "somebody has seen a login: $2"
	[ "$(cat "$keys" 2>/dev/null)" = "$known" ] ||
		fail "another key is known: $2"
	say "refused: $2"
}

# A redirection gets no password in clear text, whether it is named or allowed.
known=
other_start brokerB $THIEF plain
master_start $THIEF
conf auth_method=plain userid=ann passwd=s3cret
refused 'clear text is not used' "plain, by its name"
grep -q "set server=$THIEF" "$T/client.log" || fail "no remedy"
conf auth_method=any allow_plain=yes userid=ann passwd=s3cret
refused 'clear text is not used' "plain, by any"
conf auth_method=plain userid=ann passwd=s3cret "server=$THIEF"
client_up
client_stop || fail "exit status $?"
grep -q -w ann "$T/brokerB.log" || fail "a login is not seen"
other_stop
master_stop

# The first time somebody must be believed.
# shellcheck disable=SC2086 # words
{
	other_start brokerC $FRIEND passdss-3des-1 scram-sha-256
	master_start $FRIEND
	conf $any userid=ann
	client_up
	client_stop || fail "exit status $?"
	grep -q "^$FRIEND passdss-3des-1 .* $BROKER4\$" "$led" ||
		fail "where it led to is not known"
	known=$(cat "$keys")
	client_up # and again
	client_stop || fail "exit status $?"
	master_stop
	other_stop

	# Another redirection leads to nobody who is not known, ann and bob.
	for user in ann bob; do
		conf $any userid=$user
		other_start brokerB $THIEF passdss-3des-1 scram-sha-256
		master_start $THIEF
		refused 'whose key is not known' "a key, $user"
		grep -q "server=$THIEF" "$T/client.log" || fail "no remedy"
		other_stop
		for weak in digest-md5 scram-sha-256; do
			other_start brokerB $THIEF $weak
			refused 'a redirection leads there' "$weak, $user"
			conf auth_method=$weak passwd=s3cret userid=$user
			refused 'a redirection leads there' \
				"$weak by its name, $user"
			conf $any userid=$user
			other_stop
		done
		master_stop

		# Nor is there a login without a redirection.
		broker_conf auth=passdss-3des-1 user.bob.passwd=s3cret
		"$BROKER" -f "$T/broker.conf" keygen >/dev/null 2>&1
		broker_start
		refused 'has led to brokers whose keys are known' "home, $user"
		grep -q "remove $led" "$T/client.log" || fail "no remedy"
		broker_stop
		broker_conf auth=digest-md5 user.bob.passwd=s3cret
		broker_start
		refused 'has logged in there by\|key of .* is known' \
			"home by digest-md5, $user"
		broker_stop
	done

	# What the message says helps.
	rm "$led"
	broker_conf auth=passdss-3des-1
	broker_start
	conf $any userid=ann
	client_up
	client_stop || fail "exit status $?"
}
