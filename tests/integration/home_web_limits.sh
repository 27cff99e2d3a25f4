#!/bin/sh
# home_web_limits - a crowd at Home Web: those who only sit there cost little,
# are sent away in time, and the tunnel does not notice.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/home_web.lib.sh"

lab_up
web_site
truncate -s 50M "$WEB/site/big"
broker_conf
broker_start
web_conf feature.home-web.connections=1500 \
	feature.home-web.connections_per_net=1200 \
	feature.home-web.head_time=8s feature.home-web.idle_time=8s \
	"feature.home-web.access_log=$T/access.log"
client_up
web_wait serving
rss() { awk '/^VmRSS/ { print $2 }' "/proc/$(web_workers)/status"; }
connections() { web_status connections; }
has() { test "$(connections)" "$1" "$2"; }

# A thousand that say nothing, and more than may.
before=$(rss)
ip netns exec "$LAB-server" "$TOOLS/web_sit" "$(tunnel_address)" 80 1300 40 >"$T/sit.log" 2>&1 &
sitting=$!
wait_for 10 has -ge 1000 || fail "$(connections) connections"
kb=$(($(rss) - before))
say "$(connections) idle connections take $kb kB"
# The sanitizers need memory of their own.
grep -aq __asan_init "$GW6C" || [ $kb -lt 40000 ] ||
	fail "a thousand idle connections take $kb kB"
[ "$(connections)" -le 1200 ] || fail "$(connections) of one /64"
pings "$SERVER6" >/dev/null || fail "the tunnel suffers"
# Others are served meanwhile: they are not of that /64.
[ "$(at client curl -sg -m 5 "$(web_url /file.txt)")" = 'some text' ] ||
	fail "others are not served"
wait_for 20 has -lt 10 || fail "$(connections) are left after their time"
kill "$sitting" 2>/dev/null
wait "$sitting" 2>/dev/null
client_is_up || fail "the tunnel is gone"
[ "$(status reconnects)" = 0 ] || [ -z "$(status reconnects)" ] ||
	fail "it reconnected"

# Heads that come octet by octet.
ip netns exec "$LAB-server" "$TOOLS/web_sit" "$(tunnel_address)" 80 20 40 drip \
	>"$T/sit.log" 2>&1 &
sitting=$!
wait_for 10 has -ge 20 || fail "$(connections) connections"
wait_for 20 has -lt 10 || fail "who drips is not sent away"
kill "$sitting" 2>/dev/null
wait "$sitting" 2>/dev/null

# Who has been answered may wait for idle_time, and not for that of a head, too.
conf_set "$T/gw6c.conf" feature.home-web.head_time=100s
web_reload
at server "$TOOLS/web_sit" "$(tunnel_address)" 80 3 40 kept >"$T/sit.log" ||
	fail "they are not answered"
shut=$(sed -n 's/^shut after //p' "$T/sit.log")
say "between two requests: $shut ms"
[ "${shut% *}" -ge 7000 ] || fail "shut after $shut ms, before idle_time"
[ "${shut#* }" -lt 60000 ] || fail "shut after $shut ms, of 8 s"
conf_set "$T/gw6c.conf" feature.home-web.head_time=8s
web_reload

# The log: combined format, and a new file when the old one is moved.
visit '/file.txt?a="b' -A 'a "quoted" agent' -e http://from.example/ >/dev/null
wait_for 5 grep -q '"GET /file.txt?a=\\x22b HTTP/1.1" 200 10 "http://from.example/" "a \\x22quoted\\x22 agent"$' \
	"$T/access.log" || fail "the log: $(tail -n 1 "$T/access.log")"
mv "$T/access.log" "$T/access.old"
wait_for 15 [ -e "$T/access.log" ] || fail "no new log"
visit /digits >/dev/null
wait_for 5 grep -q 'GET /digits' "$T/access.log" || fail "the new log is empty"

# Bandwidth for all together.
conf_set "$T/gw6c.conf" feature.home-web.rate=1000
kill -HUP "$(status pid)"
sleep 1
begin=$(now_ms)
visit /big -r 0-2999999 -o "$T/one" &
first=$!
visit /big -r 0-2999999 -o "$T/two" || fail "a slow one"
wait $first || fail "the other slow one"
ms=$(($(now_ms) - begin))
say "6 MB at 1 MB/s: $ms ms"
[ $ms -ge 3500 ] || fail "6 MB in $ms ms"

# Who comes when there is no room is sent away at once, and does not wait.
conf_set "$T/gw6c.conf" feature.home-web.connections=5
kill -HUP "$(status pid)"
few() { has -eq 0; }
wait_for 10 few || fail "$(connections) connections after the reload"
ip netns exec "$LAB-server" "$TOOLS/web_sit" "$(tunnel_address)" 80 5 30 \
	>"$T/sit.log" 2>&1 &
sitting=$!
wait_for 5 has -eq 5 || fail "$(connections) connections"
at client curl -sg -m 5 "$(web_url /file.txt)" >"$T/got"
rc=$?
case $rc in
0 | 28) fail "one beyond all is served or waits: curl says $rc" ;;
esac
kill "$sitting" 2>/dev/null
wait "$sitting" 2>/dev/null
client_stop || fail "exit status $?"
