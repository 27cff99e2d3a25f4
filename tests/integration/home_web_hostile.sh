#!/bin/sh
# home_web_hostile - hundreds of paths and requests that no honest client sends,
# raw on the worker's socket: each is answered as written down in
# tests/data/web, and none gets an octet from outside the root.
# SPDX-License-Identifier: BSD-2-Clause
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/home_web.lib.sh"

T=$(mktemp -d "${TMPDIR:-/tmp}/gw6c.XXXXXX") || exit 1
web_hostile_site
mkfifo "$T/in"
sleep 600 >"$T/in" &
holder=$!
"$TOOLS/web_serve" "$WEB/gw6c-web" 0 "$WEB/site" listing=1 <"$T/in" \
	>"$T/web.log" 2>&1 &
serving=$!
wait_for 10 grep -q ready "$T/web.log" || fail "the worker does not start"
port=$(sed -n 's/^port //p' "$T/web.log")

for file in paths requests; do
	"$TOOLS/web_raw" ::1 "$port" "$top/tests/data/web/$file.txt" \
		OUTSIDE-SECRET >"$T/$file.log" || fail "$file"
	say "$(tail -n 1 "$T/$file.log")"
done
[ "$(curl -sg "http://[::1]:$port/file.txt")" = text ] ||
	fail "it serves no more"
kill "$holder"
wait "$serving" || fail "the worker ends with status $?"
! grep -e Sanitizer -e 'runtime error' "$T/web.log" || fail "a fault in it"
