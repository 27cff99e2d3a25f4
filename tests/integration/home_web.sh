#!/bin/sh
# home_web - pages through the tunnel: seen by a visitor behind the broker, while
# the client's address changes and the worker is killed; nothing is left.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/home_web.lib.sh"

LEAVES=client
web_site
truncate -s 10G "$WEB/site/huge"
printf 'the end' | dd of="$WEB/site/huge" bs=1 seek=10737418240 conv=notrunc \
	2>/dev/null
lab_up
broker_conf
broker_start

# The feature off: no process, no page of memory, nothing in the status.
web_conf hap6_web_enabled=no feature.home-web.listing=yes
client_up
! "$GW6C" -f "$T/gw6c.conf" --status | grep -q home-web ||
	fail "the status tells of a feature that is off"
no_workers || fail "there is a worker"
! grep -q home_web "/proc/$(status pid)/maps" ||
	fail "a feature that is off is in memory"
client_stop || fail "exit status $?"

web_conf auth_method=digest-md5 userid=ann passwd=s3cret
client_up
web_wait serving
[ "$(web_status address)" = "$(web_url /)" ] ||
	fail "address $(web_status address)"
case $(web_status sandbox) in
*', seccomp' | *'no seccomp: built with sanitizers') ;;
*) fail "sandbox $(web_status sandbox)" ;;
esac
grep -q "pages are published at http://\[$(tunnel_address)\]/" \
	"$T/client.log" || fail "it is not told where"

# Pages.
[ "$(visit /)" = '<!doctype html><title>x</title>hello' ] || fail "index"
[ "$(visit /file.txt)" = 'some text' ] || fail "a file"
[ "$(visit_code /nothing)" = 404 ] || fail "what is not there"
[ "$(visit_code /dir)" = 301 ] || fail "no way to the slash"
[ "$(visit_code /dir/)" = 403 ] || fail "a listing nobody asked for"
[ "$(visit /digits -r 2-4)" = 234 ] || fail "a range"
[ "$(visit /huge -r 10737418240-)" = 'the end' ] || fail "the end of 10 GB"
[ "$(visit_code /digits -r 50-)" = 416 ] || fail "a range behind the end"
[ "$(visit /digits -H 'If-None-Match: *' -D "$T/head" -w '%{http_code}')" = \
	304 ] || fail "what has not changed"
grep -qi '^content-length: 0' "$T/head" && fail "304 says that it has no octets"
digits=$(web_url /digits)
[ "$(at server curl -sgm 5 -H 'If-None-Match: *' "$digits" --next -sgm 5 \
	-w '%{num_connects}' "$digits")" = 01234567890 ] ||
	fail "a connection is lost after 304"
visit /file.txt -D "$T/head" -o "$T/got"
grep -qi '^vary:' "$T/head" && fail "Vary without a packed form"
gzip -k "$WEB/site/file.txt"
chmod a+r "$WEB/site/file.txt.gz"
visit /file.txt -D "$T/head" -o "$T/got"
grep -qi '^vary: accept-encoding' "$T/head" || fail "no Vary for who takes all"
grep -qi '^content-encoding' "$T/head" && fail "packed for who does not take it"
rm "$WEB/site/file.txt.gz"
touch -d '2090-01-01' "$WEB/site/digits"
visit /digits -D "$T/head" -o "$T/got"
grep -qi '^last-modified: .* 2090 ' "$T/head" && fail "changed after it was sent"
[ "$(visit_code "/dir?$(printf '\303\251')")" = 400 ] || fail "no URL in Location"
[ "$(visit '/dir?a=%C3' -o /dev/null -w '%{redirect_url}')" = \
	"$(web_url '/dir/?a=%C3')" ] || fail "the query is lost"
[ "$(visit_code / -X POST -d x)" = 405 ] || fail "POST"

# It listens there and nowhere else.
pid=$(web_workers)
[ "$(at client ss -Hltnp | grep -c "pid=$pid,")" = 1 ] ||
	fail "it listens elsewhere, too: $(at client ss -Hltnp)"
grep -q '^Uid:.*\b0\b' "/proc/$pid/status" && fail "it runs as root"
grep '^Cap' "/proc/$pid/status" | grep -v CapBnd | grep -q '[1-9a-f]$' &&
	fail "it has rights"
grep -q '^NoNewPrivs:.*1' "/proc/$pid/status" || fail "new privileges"
case $(web_status sandbox) in
*'built with sanitizers') say "built with sanitizers: no seccomp" ;;
*) grep -q '^Seccomp:.*2' "/proc/$pid/status" || fail "no seccomp" ;;
esac
tr '\0' '\n' <"/proc/$pid/environ" | grep -v -e '^PATH=' -e '^LC_ALL=C$' |
	grep . && fail "it has an environment"

# A download goes on while the client's outer address changes, and while the
# tunnel is another one then.
visit /huge -r 0-20000000 --limit-rate 2M -o "$T/got" -w '%{http_code}' \
	>"$T/code" 2>"$T/curl.log" &
fetching=$!
wait_for 10 [ -s "$T/got" ] || fail "nothing comes"
"$NETLAB" renumber "$LAB" client >"$T/new" ||
	fail "the lab cannot change the address"
wait $fetching || fail "the download broke: $(cat "$T/curl.log")"
[ "$(stat -c %s "$T/got")" = 20000001 ] || fail "$(stat -c %s "$T/got") octets"
wait_for 15 client_is_up || fail "no tunnel after the change"
web_wait serving
[ "$(visit /file.txt)" = 'some text' ] || fail "a file after the change"

# The worker is killed: another one comes, and that is told.
kill -KILL "$(web_workers)"
wait_for 5 grep -q 'the worker has ended.*trying again in 1 s' \
	"$T/client.log" || fail "its end is not told"
web_wait serving
[ "$(web_status restarts)" = 1 ] || fail "restarts $(web_status restarts)"
[ "$(visit /file.txt)" = 'some text' ] || fail "a file of the next worker"
[ -z "$(web_status error)" ] || fail "an error that is over"
client_is_up || fail "the tunnel is gone"

# gw6c is killed: no orphan.
kill -KILL "$(status pid)"
wait_for 5 no_workers || fail "the worker outlives gw6c"
wait "$client_pid" 2>/dev/null

# A stop ends it after what was asked is answered.
client_up
web_wait serving
rm "$T/got"
visit /huge -r 0-3000000 --limit-rate 1M -o "$T/got" 2>"$T/curl.log" &
fetching=$!
wait_for 10 [ -s "$T/got" ] || fail "nothing comes"
client_stop || fail "exit status $?"
wait $fetching || fail "it was cut off: $(cat "$T/curl.log")"
no_workers || fail "there is a worker after the end"
