#!/bin/sh
# login_methods - each way to log in, and what a wrong password says.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

lab_up
broker_conf "auth=anonymous plain digest-md5 scram-sha-256"
broker_start

# METHOD USER PASSWORD ALLOW_PLAIN STATUS
try() {
	client_conf "auth_method=$1" "userid=$2" "passwd=$3" "allow_plain=$4"
	client_run -b
	rc=$?
	[ $rc = "$5" ] || fail "$1 as '$2': exit status $rc, not $5"
	[ $rc = 0 ] || return 0
	login=$(status login | tr '[:upper:]' '[:lower:]')
	pings "$SERVER6" >/dev/null || fail "$1: no ping"
	client_stop
}

try anonymous '' '' no 0
[ "$login" = anonymous ] || fail "logged in with $login, not anonymous"
try plain ann s3cret yes 0
[ "$login" = plain ] || fail "logged in with $login, not plain"
try digest-md5 ann s3cret no 0
[ "$login" = digest-md5 ] || fail "logged in with $login, not digest-md5"
try scram-sha-256 ann s3cret no 0
[ "$login" = scram-sha-256 ] || fail "logged in with $login, not scram"
try any ann s3cret no 0
[ "$login" = scram-sha-256 ] || fail "\"any\" chose $login, not the strongest"

for method in plain digest-md5 scram-sha-256; do
	for who in ann nobody; do
		try $method $who wrong yes 16
		grep -q 'check userid and passwd' "$T/client.log" ||
			fail "$method: it does not say what to check"
		! grep -q wrong "$T/client.log" ||
			fail "$method: the log shows the password"
	done
done

# "any" takes what the other end has, by strength, whatever the order; nothing
# weaker than before, but that is another test: attacks/weaker.sh.
forget() { rm -f "$T/state/proven-logins.txt" "$T/state/gw6ckeys.pub"; }
strongest() { # MECHANISM "OFFER"
	broker_stop
	broker_conf "auth=$2"
	broker_start
	forget
	try any ann s3cret yes 0
	[ "$login" = "$1" ] || fail "of $2, \"any\" chose $login, not $1"
}
"$BROKER" -f "$T/broker.conf" keygen >/dev/null || fail "no server key"
strongest passdss-3des-1 "plain digest-md5 scram-sha-256 passdss-3des-1"
strongest scram-sha-256 "digest-md5 scram-sha-256 plain"
strongest digest-md5 "anonymous plain digest-md5"
strongest plain "anonymous plain"
# A module that is not there is none of both ends.
broker_stop
broker_conf "auth=scram-sha-256 digest-md5"
broker_start
rm "$T/plugins/auth_scram_sha_256.so"
forget
try any ann s3cret no 0
[ "$login" = digest-md5 ] || fail "without its module: $login"

# A password that is not in the configuration.
printf 's3cret\n' >"$T/secret"
chmod 600 "$T/secret"
client_conf auth_method=digest-md5 userid=ann "passwd_file=$T/secret"
client_run -b || fail "passwd_file: exit status $?"
client_stop
mkdir "$T/credentials"
mv "$T/secret" "$T/credentials/passwd"
client_conf auth_method=digest-md5 userid=ann
CREDENTIALS_DIRECTORY=$T/credentials
export CREDENTIALS_DIRECTORY
client_run -b || fail "a credential: exit status $?"
client_stop
unset CREDENTIALS_DIRECTORY

# A mechanism that the broker has not is no reason to try again.
broker_stop
broker_conf auth=plain
broker_start
try digest-md5 ann s3cret no 17
forget
try any ann s3cret no 17
try any ann s3cret yes 0
[ "$login" = plain ] || fail "\"any\" chose $login, not plain"
broker_alive || fail "the broker ended"
