#!/bin/sh
# home_access_ways - by TLS that stays closed, by https that ends here, with a
# password, over WebSocket, and by an address in the delegated prefix.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/home_access.lib.sh"

LEAVES='client'
lab_up
broker_conf pool6=2001:db8:1000::/48 prefixes6=2001:db8:1800::/40
broker_start
devices web 10.44.0.20 80 raw 10.44.0.22 554 raw 10.44.0.22 5555

# make_cert NAME: for a device or for us
make_cert() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$T/$1.key" -out "$T/$1.pem" -days 30 \
		-subj "/CN=$1" 2>"$T/openssl.log" || fail "no certificate"
}
make_cert ours
make_cert device
at lan ip address add 10.44.0.23/24 dev eth0
ip netns exec "$LAB-lan" openssl s_server -accept 10.44.0.23:443 -www -quiet \
	-cert "$T/device.pem" -key "$T/device.key" >"$T/s_server.log" 2>&1 &
devices_pids="$devices_pids $!"

printf 'ann:%s\nbob:%s\n' "$(openssl passwd -6 s3cret)" \
	"$(openssl passwd -5 other)" >"$T/users"
cat >"$T/devices" <<LIST
tv = 10.44.0.23 tls public
shut = 10.44.0.23 tls allow=2001:db8:eeee::/48
safe = 10.44.0.20 https password=ann
inner = 10.44.0.23 https device=https public
cam = 10.44.0.20 http tcp:8554:554 public
rtsp = 10.44.0.22 tcp:554 tcp 5000:5555 allow=2001:db8:ffff::/48
deny = 10.44.0.22 tcp:554 allow=2001:db8:eeee::/48
LIST
access_conf "feature.home-access.users_file=$T/users" \
	"feature.home-access.certificate=$T/ours.pem" \
	"feature.home-access.key=$T/ours.key" host_type=router prefixlen=56 \
	if_prefix=lan0 ra=none auth_method=digest-md5 userid=ann passwd=s3cret \
	feature.home-access.failures=4
client_up
access_wait serving

# by NAME: what certificate a visitor sees
subject() { # NAME
	at server openssl s_client -connect "[$(tunnel_address)]:443" \
		-servername "$1.$DOMAIN" </dev/null 2>/dev/null |
		openssl x509 -noout -subject 2>/dev/null | sed 's/.*= *//'
}
SCHEME=https
[ "$(subject tv)" = device ] || fail "TLS of the device: $(subject tv)"
visit tv / -k | grep -q 's_server -accept' || fail "no page by TLS"
[ "$(subject safe)" = ours ] || fail "TLS that ends here: $(subject safe)"

# A device that one may not come to is like one that is not there.
[ "$(subject shut)" = ours ] || fail "shut: $(subject shut)"
for name in nothing shut; do
	visit "$name" / -k -i -H "Host: nothing.$DOMAIN" >"$T/$name"
	visit "$name" / -k -i >"$T/$name.own"
	cmp -s "$T/nothing" "$T/$name.own" || fail "$name differs"
done

# Passwords: the right one, which the device does not see; a wrong one; another
# user; and when it was enough.
[ "$(visit_code safe / -k)" = 401 ] || fail "no password is asked for"
visit safe / -k -u ann:s3cret >"$T/got"
grep -qi '^x-forwarded-proto: https' "$T/got" || fail "$(cat "$T/got")"
grep -qi '^authorization' "$T/got" && fail "the device sees the password"
[ "$(visit_code safe / -k -u bob:other)" = 401 ] || fail "another user"
[ "$(visit_code safe / -k -u ann:guess)" = 401 ] || fail "a guess"
[ "$(visit_code safe / -k -u ann:guess)" = 401 ] || fail "a guess"
[ "$(visit_code safe / -k -u ann:s3cret)" = 200 ] || fail "three are allowed"
[ "$(visit_code safe / -k -u ann:guess)" = 401 ] || fail "a guess"
[ "$(visit_code safe / -k -u ann:s3cret)" = 429 ] || fail "no end of guesses"
[ "$(visit_code inner / -k)" = 200 ] || fail "TLS to the device"

# HTTP/2, and events that come when they come.
visit inner / -k --http2 -o /dev/null -w '%{http_version}' | grep -qx 2 ||
	fail "no HTTP/2"
SCHEME=http

# By address: the name leads there, with http as well.
address=$(sed -n 's/^cam //p' "$T/run/home-access.names" | head -1)
rtsp=$(sed -n 's/^rtsp //p' "$T/run/home-access.names" | head -1)
deny=$(sed -n 's/^deny //p' "$T/run/home-access.names" | head -1)
prefix=$(status prefix)
python3 -c '
import ipaddress, sys
for text in sys.argv[2:]:
    assert ipaddress.ip_address(text) in ipaddress.ip_network(sys.argv[1])
assert len(set(sys.argv[2:])) == 3' "$prefix" "$address" "$rtsp" "$deny" ||
	fail "addresses $address $rtsp $deny are not in $prefix"
[ "$(at server curl -sgm 10 -o /dev/null -w '%{http_code}' \
	-H "Host: cam.$DOMAIN" "http://[$address]/")" = 200 ] || fail "http there"
talk() { # ADDRESS PORT: what a device greets with, and sends back
	at server python3 -c '
import socket, sys
s = socket.create_connection((sys.argv[1], int(sys.argv[2])), 5)
s.settimeout(5)
print(s.recv(100).decode().strip())
s.sendall(b"OPTIONS rtsp://x RTSP/1.0\r\n\r\n")
print(s.recv(100).decode().strip())' "$1" "$2" 2>/dev/null
}
wanted=$(printf 'hello\nOPTIONS rtsp://x RTSP/1.0')
[ "$(talk "$rtsp" 554)" = "$wanted" ] || fail "tcp: $(talk "$rtsp" 554)"
[ "$(talk "$rtsp" 5000)" = "$wanted" ] || fail "another port"
[ -z "$(talk "$rtsp" 22)" ] || fail "a port that is not listed"
[ -z "$(talk "$(tunnel_address)" 554)" ] || fail "at the address of the client"
before=$(count_lines 'raw 10.44.0.22 554' "$T/devices.log")
[ -z "$(talk "$deny" 554)" ] || fail "who may not come gets in"
[ "$(count_lines 'raw 10.44.0.22 554' "$T/devices.log")" = "$before" ] ||
	fail "the device heard of who may not come"
case $(row rtsp tcp) in
*"at=[$rtsp]:554 to=10.44.0.22:554 who=2001:db8:ffff::/48 state=on"*) ;;
*) fail "row of rtsp: $(row rtsp tcp)" ;;
esac

# WebSocket, both ways.
at server python3 -c '
import socket, sys
s = socket.create_connection((sys.argv[1], 80), 5)
s.settimeout(5)
s.sendall(("GET /ws HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\n"
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" %
    sys.argv[2]).encode())
top = s.recv(4096).decode()
assert " 101 " in top and "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in top, top
for i in range(5):
    s.sendall(b"frame%d" % i)
    assert s.recv(100) == b"frame%d" % i' "$address" "cam.$DOMAIN" ||
	fail "no WebSocket"

# A device that is new in the list gets an address, too, and what flows flows on.
ip netns exec "$LAB-server" python3 -c '
import socket, sys, time
s = socket.create_connection((sys.argv[1], 554), 5)
s.settimeout(30)
s.recv(100)
while True:
    s.sendall(b"x")
    assert s.recv(1) == b"x"
    print("ok", flush=True)
    time.sleep(0.1)' "$rtsp" >"$T/flow" 2>"$T/flow.log" &
flow=$!
wait_for 10 [ -s "$T/flow" ] || fail "nothing flows"
echo 'fresh = 10.44.0.22 tcp:554 public' >>"$T/devices"
wait_for 30 sh -c "grep -q '^fresh 2001' '$T/run/home-access.names'" ||
	fail "no address for a new device"
fresh=$(sed -n 's/^fresh //p' "$T/run/home-access.names" | head -1)
wait_for 20 access_is serving
is_fresh() { [ "$(talk "$fresh" 554)" = "$wanted" ]; }
wait_for 20 is_fresh || fail "the new device: $(access_status error)"
lines=$(wc -l <"$T/flow")
wait_for 20 sh -c "[ \$(wc -l <'$T/flow') -gt $((lines + 5)) ]" ||
	fail "what flowed broke: $(cat "$T/flow.log")"
kill "$flow"

# A certificate that is no good does not touch http and tcp.
echo nonsense >"$T/ours.pem"
wait_for 20 sh -c "\"$GW6C\" -f \"$T/gw6c.conf\" --status |
	grep -q 'certificate_error HAProxy does not start'" ||
	fail "no word of a bad certificate"
wait_for 20 access_is serving || fail "state $(access_status state)"
wait_for 20 is_fresh || fail "a bad certificate stops tcp"
make_cert ours
wait_for 20 sh -c "[ \"\$(\"$GW6C\" -f \"$T/gw6c.conf\" --status |
	grep -c certificate_error)\" = 0 ]" || fail "it is not looked at again"
again() { [ "$(subject safe)" = ours ]; }
wait_for 20 again || fail "https does not come back"
grep -q 'warning.*certificate and key can be used again' "$T/client.log" ||
	fail "the log does not say that they are good again"
client_stop || fail "exit status $?"
engines_are 0 || fail "HAProxy after the end"
