#!/bin/sh
# slow_login - a mechanism that answers later holds up nobody else; and the
# broker reads its file again and again while logins are half way.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

asked() { [ "$(count_lines 'asked about ann' "$T/broker.log")" -ge "$1" ]; }
reloaded() { [ "$(count_lines 'reloading' "$T/broker.log")" -ge "$1" ]; }

lab_up
cp "$TOOLS/.libs/auth_slow.so" "$T/plugins" || fail "there is no auth_slow.so"
broker_conf "listen=$BROKER4 [$BROKER6]" "pool4=$POOL4" \
	auth='slow anonymous passdss-3des-1' auth.slow.delay_ms=15000
"$BROKER" -f "$T/broker.conf" keygen || fail "no key"
broker_start

# --- over UDP, while another one comes and goes ---
client_conf auth_method=slow userid=ann passwd=s3cret
client_start
wait_for 20 asked 1 || fail "nobody asked"
mkdir "$T/six" "$T/six-state"
cp "$T/gw6c.conf" "$T/six.conf"
conf_set "$T/six.conf" "server=[$BROKER6]" tunnel_mode=v4v6 \
	auth_method=anonymous "run_dir=$T/six" "state_dir=$T/six-state"
ip netns exec "$LAB-site6" "$GW6C" -n -f "$T/six.conf" >"$T/six.log" 2>&1 &
six_pid=$!
six_is_up() { grep -q 'tunnel up' "$T/six.log"; }
wait_for 14 six_is_up || fail "the other client has to wait: $(cat "$T/six.log")"
wait_for 40 client_is_up || fail "no tunnel after a slow login"
before=$(grep -n 'tunnel of anonymous up' "$T/broker.log" | cut -d: -f1)
after=$(grep -n 'tunnel of ann up' "$T/broker.log" | cut -d: -f1)
[ "${before:-999}" -lt "${after:-0}" ] || fail "the quick one was not first"
[ "$(count_lines 'asked about ann' "$T/broker.log")" = 1 ] ||
	fail "it was asked again for what was repeated"
pings "$SERVER6" || fail "no ping"
client_stop || fail "exit status $?"
kill "$six_pid"
wait "$six_pid"
broker_stop
conf_set "$T/broker.conf" auth.slow.delay_ms=3000
broker_start

client_conf auth_method=slow userid=ann passwd=wrong
client_run -n -b
rc=$?
[ $rc = 16 ] || fail "wrong password: exit status $rc"

# --- the file is read while logins are half way ---
client_conf auth_method=slow userid=ann passwd=s3cret
n=$(count_lines 'asked about ann' "$T/broker.log")
client_start
for i in 1 2 3 4 5 6 7 8 9 10; do
	wait_for 20 asked $((n + 1)) || fail "reload $i: nobody asked"
	n=$(count_lines 'asked about ann' "$T/broker.log")
	kill -HUP "$broker_pid"
	wait_for 20 reloaded "$i" || fail "reload $i: not noticed"
	broker_alive || fail "reload $i: the broker ended"
done
wait_for 30 client_is_up || fail "no login after the reloads"
client_stop || fail "exit status $?"

# Its key is as good as before.
client_conf auth_method=passdss-3des-1 userid=ann passwd=s3cret
client_up
pings "$SERVER6" || fail "no ping after the reloads"
client_stop || fail "exit status $?"

# --- over TCP ---
"$NETLAB" nat "$LAB" none
at brokerA nft add table inet t
at brokerA nft add chain inet t in '{ type filter hook input priority 0; }'
at brokerA nft add rule inet t in udp dport 3653 drop
client_conf auth_method=slow userid=ann passwd=s3cret tunnel_mode=v6v4
client_start
wait_for 40 client_is_up || fail "no tunnel over TCP"
grep -q 'over TCP' "$T/client.log" || fail "not over TCP"
client_stop || fail "exit status $?"
at brokerA nft delete table inet t
"$NETLAB" nat "$LAB" masquerade
broker_alive || fail "the broker ended"
