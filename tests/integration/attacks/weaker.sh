#!/bin/sh
# weaker - a list of login mechanisms that somebody on the way has shortened:
# "any" takes nothing weaker than the account's last login at that broker.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
top=$(cd "$(dirname "$0")/../../.." && pwd)
. "$top/tests/integration/lib.sh"

lab_up
broker_conf auth=passdss-3des-1
"$BROKER" -f "$T/broker.conf" keygen >/dev/null || fail "no server key"
all='anonymous plain digest-md5 scram-sha-256 passdss-3des-1'

# The broker is the same, and offers no more than that: what is not on the list
# looks to the client as if it had been taken off on the way.
offers() { # "MECHANISM..."
	[ -z "$broker_pid" ] || broker_stop
	broker_conf "auth=$1"
	broker_start
}
any() { # NAME=VALUE...
	client_conf auth_method=any userid=ann passwd=s3cret "$@"
}
logs_in() { # MECHANISM
	client_run -b || fail "offered $offered: exit status $?"
	[ "$(status login)" = "$1" ] ||
		fail "offered $offered: login by $(status login), not $1"
	client_stop || fail "exit status $?"
}
# No word of a login is said to it, neither now nor later.
refuses() { # MECHANISM (of before)
	: >"$T/broker.log"
	client_run -n -b
	rc=$?
	[ $rc = 17 ] || fail "offered $offered after $1: exit status $rc"
	grep -q -e "has logged in there by $1, and nothing weaker.*list" \
		-e 'allow_weaker=yes' "$T/client.log" || fail "no reason"
	! grep -q 'C: AUTHENTICATE' "$T/client.log" ||
		fail "offered $offered after $1: a login was begun"
}

# Nothing is known: all will do, and the weak one is told.
offered=digest-md5
offers digest-md5
any
logs_in digest-md5
grep -q 'digest-md5 at .* never proven itself.*guess' "$T/client.log" ||
	fail "no warning of what it gives away"
logs_in digest-md5
! grep -q 'never proven itself' "$T/client.log" ||
	fail "a broker that has proven itself is warned of"

# Each mechanism after each stronger one.
step() { # MECHANISM "WEAKER..."
	offered=$all
	offers "$all"
	any "auth_list=$1"
	logs_in "$1"
	any allow_plain=yes
	for offered in $2 "$2"; do
		offers "$offered"
		refuses "$1"
	done
	offered="$2 $1"
	offers "$offered"
	logs_in "$1"
}
step scram-sha-256 'plain digest-md5'
step passdss-3des-1 'plain digest-md5 scram-sha-256'

# Another account has no past. Since the key is known, somebody has logged in by
# it, and nothing weaker is tried before the operator says so.
bob() { # "MECHANISM..."
	offered=$1
	offers "$1"
	broker_stop
	conf_set "$T/broker.conf" user.bob.passwd=s3cret
	broker_start
}
for offered in digest-md5 scram-sha-256 'plain digest-md5 scram-sha-256'; do
	bob "$offered"
	any userid=bob allow_plain=yes
	client_run -n -b
	rc=$?
	[ $rc = 17 ] || fail "bob is offered $offered: exit status $rc"
	grep -q 'known, but no login of this account.*allow_weaker=yes' \
		"$T/client.log" || fail "bob: no reason"
	! grep -q 'C: AUTHENTICATE' "$T/client.log" || fail "bob: a login"
done
any userid=bob auth_list='digest-md5 scram-sha-256' # there is no choice
bob 'digest-md5'
logs_in digest-md5
any userid=bob # it is on record
logs_in digest-md5
sed -i '/ bob$/d' "$T/state/proven-logins.txt"
any userid=bob allow_weaker=yes
logs_in digest-md5
sed -i '/ bob$/d' "$T/state/proven-logins.txt"
bob "$all"
any userid=bob
logs_in passdss-3des-1
sed -i '/ bob$/d' "$T/state/proven-logins.txt"

# Where no key is known, nor a login, all will do.
mv "$T/state/gw6ckeys.pub" "$T/keys"
bob digest-md5
logs_in digest-md5
mv "$T/keys" "$T/state/gw6ckeys.pub"
offers digest-md5

# The operator says so: it is done, and told; and so it is by its name.
any allow_weaker=yes
logs_in digest-md5
grep -q 'digest-md5 is weaker than that by passdss-3des-1' "$T/client.log" ||
	fail "a weaker login is not told"
any
logs_in digest-md5 # which is the last one now
offers "$all"
offered=$all
logs_in passdss-3des-1
offers digest-md5
offered=digest-md5
any auth_method=digest-md5
logs_in digest-md5
grep -q 'is weaker than' "$T/client.log" || fail "by its name: not told"

# A service waits, and comes back when the list is whole again.
offers "$all"
offered=$all
any
logs_in passdss-3des-1
offers digest-md5
any on_refusal=wait
: >"$T/client.log"
client_start
wait_for 30 grep -q 'nothing weaker' "$T/client.log" || fail "no reason"
wait_for 30 test "$(status state)" = waiting || fail "it does not wait"
offers "$all"
wait_for 60 client_is_up || fail "it does not come back"
[ "$(status login)" = passdss-3des-1 ] || fail "login $(status login)"
client_stop
