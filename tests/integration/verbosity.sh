#!/bin/sh
# verbosity - -v to -vvvv show more and more, but never a password.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

lab_up
broker_conf "auth=anonymous plain digest-md5"
broker_start
secret=s3cret
in_base64=AGFubgBzM2NyZXQ= # NUL ann NUL s3cret

# Even the first tells more than there is without it.
client_conf log_stderr=1
client_run || fail "without -v: status $?"
lines=$(wc -l <"$T/client.log")
client_stop
client_run -v || fail "-v: status $?"
[ "$(wc -l <"$T/client.log")" -gt "$lines" ] || fail "-v tells no more"
grep -q '^[0-9/]* [0-9:]* gw6c: login: logged in' "$T/client.log" ||
	fail "no phase, or no time: $(cat "$T/client.log")"
client_stop

for method in plain digest-md5; do
	client_conf auth_method=$method userid=ann passwd=$secret \
		allow_plain=yes log_stderr=0
	lines=0
	for verbose in -v -vv -vvv -vvvv; do
		client_run $verbose || fail "$method $verbose: status $?"
		more=$(wc -l <"$T/client.log")
		[ "$more" -ge "$lines" ] ||
			fail "$method: $verbose says less than one v fewer"
		lines=$more
		if grep -q -e $secret -e $in_base64 "$T/client.log"; then
			fail "$method $verbose shows the password"
		fi
		dialogue=$(count_lines '<tunnel' "$T/client.log")
		case $verbose in
		-v | -vv)
			[ "$dialogue" = 0 ] || fail "$verbose shows XML"
			;;
		*)
			[ "$dialogue" -ge 2 ] ||
				fail "$verbose does not show request and answer"
			;;
		esac
		client_stop
	done
done
