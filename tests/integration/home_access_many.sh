#!/bin/sh
# home_access_many - a list of 200 devices changes while 50 streams run: none
# breaks; what 1000 idle connections cost.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/home_access.lib.sh"

lab_up
broker_conf
broker_start
devices web 10.44.0.20 80
list() { # WHO: of the devices but the first
	i=1
	echo 'cam = 10.44.0.20 public'
	while [ $i -lt 200 ]; do
		echo "d$i = 10.44.0.$((i + 30)) $1"
		i=$((i + 1))
	done
}
list public >"$T/devices"
access_conf feature.home-access.connections=3000 \
	feature.home-access.requests=100000
client_up
access_wait serving
[ "$("$GW6C" -f "$T/gw6c.conf" --status |
	grep -c '^feature.home-access.device ')" = 200 ] || fail "not 200 rows"

# 50 streams; a line whenever something came by each of them
ip netns exec "$LAB-server" python3 -c '
import socket, sys
address, host = sys.argv[1:]
streams = []
for i in range(50):
    s = socket.create_connection((address, 80), 10)
    s.sendall(f"GET /stream HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    streams.append(s)
while True:
    for i, s in enumerate(streams):
        s.settimeout(5)
        assert s.recv(65536), f"stream {i} ended"
    print("alive", flush=True)' "$(tunnel_address)" "cam.$DOMAIN" \
	>"$T/streams" 2>"$T/streams.log" &
streams=$!
alive() { wc -l <"$T/streams"; }
more_alive() { [ "$(alive)" -gt "$count" ]; }
count=5
wait_for 20 more_alive || fail "no streams: $(cat "$T/streams.log")"
changes() { count_lines 'devices are published' "$T/client.log"; }
more_changes() { [ "$(changes)" -gt "$seen" ]; }
for who in 'allow=2001:db8::/32' 'public check' public; do
	seen=$(changes)
	list "$who" >"$T/devices"
	wait_for 20 more_changes || fail "no change is seen"
	count=$(($(alive) + 10))
	wait_for 20 more_alive || fail "streams broke with $who:" \
		"$(cat "$T/streams.log")"
done
kill "$streams"
wait_for 20 engines_are 1 || fail "former HAProxys stay: $(engines)"

memory() { awk '/^VmRSS/ { print $2 }' "/proc/$(engines)/status"; }
before=$(memory)
ip netns exec "$LAB-server" python3 -c '
import socket, sys, time
all = [socket.create_connection((sys.argv[1], 80), 20) for i in range(1000)]
print("open", flush=True)
time.sleep(60)' "$(tunnel_address)" >"$T/idle" 2>&1 &
idle=$!
wait_for 30 grep -q open "$T/idle" || fail "1000: $(cat "$T/idle")"
at_once() { [ "$(at client ss -Htn state established sport = :80 | wc -l)" -ge 900 ]; }
wait_for 10 at_once || fail "they are not open"
after=$(memory)
kill "$idle"
say "1000 idle connections: $((after - before)) kB more than $before kB"
[ "$after" -lt 300000 ] || fail "HAProxy has $after kB"
