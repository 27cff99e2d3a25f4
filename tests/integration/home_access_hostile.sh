#!/bin/sh
# home_access_hostile - requests of hostile visitors reach listed devices and
# nothing else: every other host of the lab counts who comes.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/home_access.lib.sh"

lab_up
broker_conf
broker_start
devices web 10.44.0.20 80 count 10.44.0.30 80 count 10.44.0.30 22 \
	count 10.44.0.20 8080
# bystanders NODE KIND ADDRESS PORT...: who must not be reached
bystanders() {
	bystander=$1
	shift
	ip netns exec "$LAB-$bystander" python3 \
		"$top/tests/integration/access_device.py" \
		"$T/$bystander-reached" "$@" 2>"$T/$bystander.errors" &
	devices_pids="$devices_pids $!"
}
for port in 80 22 8080; do
	set -- "$@" count 127.0.0.1 $port count ::1 $port \
		count 10.44.0.1 $port count 192.168.1.2 $port
done
bystanders client "$@"
bystanders brokerA count 198.51.100.2 80 count 198.51.100.2 22
bystanders nat count 192.168.1.1 80
cat >"$T/devices" <<LIST
cam = 10.44.0.20 public
far = 10.44.0.30 allow=2001:db8:eeee::/48
old = 10.44.0.30
loop = 127.0.0.1 public
self = 10.44.0.1 public
wan = 192.168.1.2 public
router = 198.51.100.2 public
link = 169.254.169.254 public
multi = 224.0.0.1 public
away = 10.99.0.1 public
six = 2001:db8:6::2 public
LIST
access_conf feature.home-access.requests=100000
client_up
access_wait serving
wait_for 20 sh -c "[ \"\$(ip netns exec '$LAB-client' ss -Hltn | wc -l)\" -ge 13 ]" ||
	fail "the bystanders do not listen: $(cat "$T/client.errors")"

# They would tell: a visit of each is written down.
at client curl -s -m 1 http://127.0.0.1/ >/dev/null
wait_for 10 grep -q 'count 127.0.0.1 80' "$T/client-reached" ||
	fail "a bystander that does not count"
rm "$T/client-reached"

[ "$(visit_code cam /)" = 200 ] || fail "cam is not there"
n=$(at server python3 "$top/tests/integration/access_attacker.py" \
	"$(tunnel_address)" "cam.$DOMAIN" 2>"$T/attack.log") ||
	fail "attacker: $(cat "$T/attack.log")"
[ "$n" -ge 200 ] || fail "only $n requests"
for name in loop self wan router link multi away six far old; do
	[ "$(visit_code "$name" /)" = 404 ] || fail "$name is published"
done
for file in "$T"/*-reached; do
	[ ! -e "$file" ] || fail "reached: $(sort "$file" | uniq -c)"
done
grep -v '^web 10.44.0.20 80$' "$T/devices.log" &&
	fail "a device was reached that nobody may come to"
[ "$(visit_code cam /)" = 200 ] || fail "cam is gone"
[ "$(access_status restarts)" = 0 ] || fail "HAProxy was restarted"
say "$n requests"

# Who asks too often is told so, and others are not touched.
access_conf feature.home-access.requests=20
kill -HUP "$(status pid)"
too_many() { [ "$(visit_code cam /)" = 429 ]; }
wait_for 20 too_many || fail "no limit of requests"
at server ip -6 address add 2001:db8:ffff:7::1/128 dev lo
at brokerA ip -6 route add 2001:db8:ffff:7::/64 via "$SERVER6" dev back
LEAVES='client brokerA'
[ "$(visit_code cam / --interface 2001:db8:ffff:7::1)" = 200 ] ||
	fail "another network is limited, too"
