#!/bin/sh
# home_access - devices that know only IPv4, reached by name through the tunnel;
# what is changed, killed and moved breaks nothing else; nothing is left.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/home_access.lib.sh"

# The feature off: no process, nothing in the status.
lab_up
broker_conf
broker_start
client_conf
client_up
! "$GW6C" -f "$T/gw6c.conf" --status | grep -q home-access ||
	fail "the status tells of a feature that is off"
client_stop || fail "exit status $?"

devices web 10.44.0.20 80 web 10.44.0.21 8080 raw 10.44.0.22 554
cat >"$T/devices" <<LIST
# what there is at home
cam=10.44.0.20 public rewrite check
nas = 10.44.0.21:8080 allow=2001:db8:ffff::/48 host=device set="X-Way: 100% home" answer=Server: rewrite
far = 10.44.0.20 allow=2001:db8:eeee::/48
old=10.44.0.20
gone = 10.44.0.99 public check
refused = 10.44.0.20:9 public
lost = 10.44.0.20 bogus
me = 10.44.0.1 public
LIST

# What there is to publish is shown, and can be copied.
at client "$GW6C_BUILD/gw6c-home-access" scan >"$T/scan" ||
	fail "scan: $(cat "$T/scan")"
grep -qx 'device-0-20 = 10.44.0.20 http' "$T/scan" || fail "$(cat "$T/scan")"
grep -qx 'device-0-22 = 10.44.0.22 tcp:554' "$T/scan" ||
	fail "scan: $(cat "$T/scan")"
grep -q '^device.*10.44.0.1 ' "$T/scan" && fail "scan shows this machine"

access_conf feature.home-access.answer_time=3
client_up
access_wait serving

# What is exposed to whom, and why the rest is not.
case $(row cam http) in
"name=cam way=http at=cam.$DOMAIN:80 to=10.44.0.20:80 who=public state="*) ;;
*) fail "row of cam: $(row cam http)" ;;
esac
case $(row nas http) in
*'to=10.44.0.21:8080 who=2001:db8:ffff::/48 state=on') ;;
*) fail "row of nas: $(row nas http)" ;;
esac
case $(row old http) in
*'at=None to=10.44.0.20:80 who=nobody state=off') ;;
*) fail "row of old: $(row old http)" ;;
esac
"$GW6C" -f "$T/gw6c.conf" --status >"$T/status"
grep -q 'devices:8: "bogus" is not known' "$T/status" || fail "no mistake"
grep -q 'old http: nobody may come' "$T/status" || fail "no reason for old"
grep -q 'me http: 10.44.0.1 is an address of this machine' "$T/status" ||
	fail "no reason for me"
grep -q 'status=26' "$T/client.log" || fail "no status of old"

# Pages, and what they are told of the way.
visit cam '/x?y=z' -H 'X-Forwarded-For: 6.6.6.6' -H 'X-Real-IP: 6.6.6.6' \
	-H 'Forwarded: for=6.6.6.6' -H 'X_Forwarded_Proto: https' \
	-H 'Connection: X-Forwarded-Proto' >"$T/got" || fail "no page"
grep -q '^GET /x?y=z HTTP/1.1' "$T/got" || fail "request: $(cat "$T/got")"
grep -qi "^host: cam.$DOMAIN" "$T/got" || fail "another host"
grep -qi "^x-forwarded-for: $SERVER6" "$T/got" || fail "no address"
grep -qi '^x-forwarded-proto: http' "$T/got" || fail "no scheme"
grep -qi "^forwarded: for=\"\[$SERVER6\]\";host=\"cam.$DOMAIN\";proto=http" \
	"$T/got" || fail "no Forwarded"
grep -q '6\.6\.6\.6\|X_Forw' "$T/got" && fail "a forged address"
visit nas / -D "$T/head" >"$T/got" || fail "no page of nas"
grep -qi '^host: 10.44.0.21:8080' "$T/got" || fail "not its own host"
grep -qi '^x-way: 100% home' "$T/got" || fail "no header of the rule"
grep -qi '^server:' "$T/head" && fail "a header that is to be removed"
[ "$(visit cam /redirect -o /dev/null -w '%{redirect_url}')" = \
	"http://cam.$DOMAIN/there?a=b" ] || fail "a redirection to inside"
[ "$(visit nas /redirect -o /dev/null -w '%{redirect_url}')" = \
	"http://nas.$DOMAIN/there?a=b" ] || fail "a redirection to inside"
visit cam /cookie -D "$T/head" -o /dev/null
grep -qi '^set-cookie: a=b; Path=/; HttpOnly' "$T/head" ||
	fail "cookie: $(cat "$T/head")"

# Methods, uploads, streams.
head -c 30000000 /dev/zero >"$T/big"
[ "$(visit cam /upload -T "$T/big")" = \
	"$(sha256sum "$T/big" | cut -d' ' -f1)" ] || fail "an upload"
[ "$(visit cam /upload -X POST -H 'Transfer-Encoding:' -d x=y)" = \
	"$(printf x=y | sha256sum | cut -d' ' -f1)" ] || fail "POST"
visit cam /stream -m 3 -N >"$T/got" 2>/dev/null
grep -q 'data: 5' "$T/got" || fail "a stream does not flow"

# Devices that are off, slow or broken, in words; a device's own 503 is its own.
[ "$(visit_code gone /)" = 502 ] || fail "off: $(visit_code gone /)"
[ "$(visit_code refused /)" = 502 ] || fail "a closed port"
visit gone / | grep -q 'It may be switched off' || fail "no words"
[ "$(visit_code cam /slow)" = 504 ] || fail "slow: $(visit_code cam /slow)"
visit cam /slow | grep -q 'did not answer in time' || fail "no words"
[ "$(visit_code cam /broken)" = 502 ] || fail "broken"
[ "$(visit_code cam /busy)" = 503 ] || fail "the device's own status"

# Nothing there, and nobody may come: the same.
visit cam / -H "Host: nothing.$DOMAIN" -i >"$T/a"
for host in "far.$DOMAIN" "old.$DOMAIN" "me.$DOMAIN" "lost.$DOMAIN" "$DOMAIN" \
	other.example.com cam '[::1]' 10.44.0.20 localhost; do
	visit cam / -H "Host: $host" -i >"$T/b"
	cmp -s "$T/a" "$T/b" || fail "$host differs: $(cat "$T/b")"
done
head -1 "$T/a" | grep -q 404 || fail "not 404"
for host in "CAM.$DOMAIN" "cam.$DOMAIN:80" "cam.$DOMAIN."; do
	[ "$(visit_code cam / -H "Host: $host")" = 200 ] || fail "$host"
done

# It listens there and nowhere else, without rights.
engines_are 1 || fail "HAProxys: $(engines)"
pid=$(engines)
[ "$(at client ss -Hltnp | grep -c "pid=$pid,")" = 1 ] ||
	fail "it listens elsewhere, too: $(at client ss -Hltnp)"
grep -q '^Uid:.*\b0\b' "/proc/$pid/status" && fail "it runs as root"
grep '^Cap' "/proc/$pid/status" | grep -v CapBnd | grep -q '[1-9a-f]$' &&
	fail "it has rights"
tr '\0' '\n' <"/proc/$pid/environ" | grep -v -e '^PATH=' -e '^LC_ALL=C$' |
	grep . && fail "it has an environment"
[ "$(cat "$T/run/home-access.names")" = "$(printf '%s\n' 'cam tunnel' \
	'nas tunnel' 'far tunnel' 'gone tunnel' 'refused tunnel')" ] ||
	fail "names: $(cat "$T/run/home-access.names")"
wait_for 30 sh -c "\"$GW6C\" -f \"$T/gw6c.conf\" --status | tr -s ' \n' ' ' |
	grep -q 'gone.$DOMAIN:80 to=10.44.0.99:80 who=public state=down'" ||
	fail "the state of a device that is off: $(row gone http)"
case $(row cam http) in *state=up) ;; *) fail "$(row cam http)" ;; esac

# The list changes: a stream of what stays goes on, of what is gone it ends.
ip netns exec "$LAB-server" curl -sgN -H "Host: cam.$DOMAIN" -o "$T/stays" \
	"http://[$(tunnel_address)]/stream" &
stays=$!
{
	visit nas /stream -m 60 -N -o "$T/ends" 2>/dev/null
	: >"$T/ended"
} &
wait_for 10 grep -q 'data: 3' "$T/ends" || fail "no stream"
wait_for 10 grep -q 'data: 3' "$T/stays" || fail "no stream"
{
	echo "cam=10.44.0.20 public rewrite check"
	echo "new=10.44.0.21:8080 public"
} >"$T/devices"
wait_for 20 [ -e "$T/ended" ] ||
	fail "what is gone from the list goes on"
[ "$(visit_code nas /)" = 404 ] || fail "nas is still there"
[ "$(visit_code new /)" = 200 ] || fail "new is not there"
lines=$(wc -l <"$T/stays")
wait_for 10 sh -c "[ \$(wc -l <'$T/stays') -gt $((lines + 10)) ]" ||
	fail "a stream broke with another device"
engines_are 2 || fail "the HAProxy of the stream is gone"
kill "$stays"
wait_for 20 engines_are 1 || fail "the old HAProxy stays"

# It is killed: another one comes, and that is told.
kill -KILL "$(engines)"
wait_for 5 grep -q 'HAProxy has ended.*trying again in 1 s' "$T/client.log" ||
	fail "its end is not told"
wait_for 15 engines_are 1 || fail "no other one"
access_wait serving
[ "$(visit_code cam /)" = 200 ] || fail "not served by the next one"
[ "$(access_status restarts)" = 1 ] || fail "restarts"
[ -z "$(access_status error)" ] || fail "an error that is over"

# The address changes: served again within 10 s.
"$NETLAB" renumber "$LAB" client >"$T/new" ||
	fail "the lab cannot change the address"
is_served() { [ "$(visit_code cam / -m 2)" = 200 ]; }
wait_for 15 is_served || fail "not served after the change"

# gw6c is killed: no orphan; the next one removes what it left.
kill -KILL "$(status pid)"
wait_for 5 engines_are 0 || fail "HAProxy outlives gw6c"
wait "$client_pid" 2>/dev/null
[ -e "$T/run/home-access.names" ] || fail "a killed one removes nothing"
client_up
access_wait serving
client_stop || fail "exit status $?"
engines_are 0 || fail "HAProxy after the end"
[ -z "$(find "$T/run" -name 'home-access*')" ] || fail "files are left"
