#!/bin/sh
# home_web_huge - 10 GB through the tunnel, while the client's outer address
# changes once, which the download outlives, and the worker is killed once, after
# which it is gone on with: each octet is the right one.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/home_web.lib.sh"
is_long
! grep -aq __asan_init "$GW6C" || skip "10 GB take an hour with sanitizers"

LEAVES=client
SIZE=10737418247
web_site
truncate -s 10G "$WEB/site/huge"
# Something to be found beside the nothing: at the beginning, behind 4 GB, and at
# the end.
for at in 0 4294967290 5368709120 10737418240; do
	printf '%d' "$at" | head -c 7 | dd of="$WEB/site/huge" bs=1 seek="$at" \
		conv=notrunc 2>/dev/null
done
[ "$(stat -c %s "$WEB/site/huge")" = $SIZE ] || fail "the file is not $SIZE"
lab_up
broker_conf
broker_start
web_conf auth_method=digest-md5 userid=ann passwd=s3cret
client_up
web_wait serving
url=$(web_url /huge)

# From octet $1 on, until it breaks, and compared: a line with how many came.
part() {
	at server curl -sSg -m 3600 -r "$1-" "$url" 2>>"$T/curl.log" |
		cmp -i "0:$1" - "$WEB/site/huge" >"$T/cmp" 2>&1
	if [ ! -s "$T/cmp" ]; then
		echo $((SIZE - $1))
	else
		sed -n 's/^cmp: EOF on - after byte \([0-9]*\).*/\1/p' "$T/cmp"
	fi
}
fetch() {
	have=0
	while [ $have -lt $SIZE ]; do
		got=$(part $have)
		[ -n "$got" ] || grep -q 'which is empty' "$T/cmp" || return 1
		echo "${got:-0} from $have on" >>"$T/parts.log"
		have=$((have + ${got:-0}))
		[ -n "$got" ] || sleep 0.5
	done
	touch "$T/all"
}
arrived() { # octets at the visitor
	at server sh -c 'cat /sys/class/net/*/statistics/rx_bytes' | sort -n |
		tail -n 1
}
has() { [ "$(arrived)" -gt "$1" ]; }

begin=$(now_ms)
fetch &
fetching=$!
wait_for 900 has 1000000000 || fail "$(arrived) octets have come"
"$NETLAB" renumber "$LAB" client >"$T/new" ||
	fail "the lab cannot change the address"
wait_for 1800 has 4600000000 || fail "$(arrived) octets have come"
[ ! -e "$T/parts.log" ] || fail "it broke as the address changed"
kill -KILL "$(web_workers)"
wait_for 20 [ -s "$T/parts.log" ] || fail "it does not notice the end"
wait $fetching || fail "other octets: $(cat "$T/cmp")"
[ -e "$T/all" ] || fail "it is not complete"
say "10 GB in $((($(now_ms) - begin) / 1000)) s"
[ "$(grep -c -v '^0 ' "$T/parts.log")" = 2 ] ||
	fail "it broke more than once: $(cat "$T/parts.log")"
[ "$(web_status restarts)" = 1 ] || fail "restarts $(web_status restarts)"
client_is_up || fail "the tunnel is gone"
client_stop || fail "exit status $?"
