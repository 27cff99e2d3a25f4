#!/bin/sh
# v4v6 - IPv4 over an IPv6-only network (DSTM): scenario 6 of the guide.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
NODE=site6

lab_up
broker_conf "listen=$BROKER4 [$BROKER6]" "pool4=$POOL4"
broker_start

kernel_state site6 >"$T/before"
client_conf "server=[$BROKER6]" tunnel_mode=v4v6
client_up
[ "$(status mode)" = v4v6 ] || fail "granted $(status mode)"
[ "$(status data_path)" = "$DATA_PATH" ] ||
	fail "data path: $(status data_path), not $DATA_PATH"
pings "$SERVER4" -c 3 || fail "no ping crosses the tunnel"
pings "$(tunnel_peer)" -s 1252 -M "do" || fail "1280 octets do not cross"
client_stop || fail "exit status $?"
[ "$(unreachables brokerA)" = 0 ] ||
	fail "the broker's kernel calls us unreachable"
kernel_state site6 >"$T/after"
diff "$T/before" "$T/after" || fail "something is left at the client"

# Somebody's default route in the place of ours, and gone again
route4() { ip -n "$LAB-site6" -4 route "$@"; }
beside() {
	route4 show default dev gw6c0 | grep -q 'proto 199.* metric 2049'
}
uses() { [ "$(status os.linux.default_route)" = "$1" ]; }
client_up
uses used || fail "status: $(status os.linux.default_route)"
route4 replace blackhole default metric 2048
wait_for 5 beside || fail "ours is not set beside it"
wait_for 5 client_is_up || fail "state $(status state)"
wait_for 5 uses "not used: a better one or a rule of another program makes \
every destination unreachable" ||
	fail "status: $(status os.linux.default_route)"
route4 delete blackhole default metric 2048
wait_for 5 uses used || fail "status: $(status os.linux.default_route)"
wait_for 5 pings "$SERVER4" || fail "no way when their route is gone"
client_stop || fail "exit status $?"
kernel_state site6 >"$T/after"
diff "$T/before" "$T/after" || fail "something is left at the client"

# Another address of ours
ip -n "$LAB-site6" address add 2001:db8:6::77/64 dev wan nodad
client_conf "server=[$BROKER6]" tunnel_mode=v4v6 client_v6=2001:db8:6::77 \
	if_tunnel_v4v6=tun46
client_up
[ "$(status outer)" = 2001:db8:6::77 ] || fail "outer $(status outer)"
[ "$(status interface)" = tun46 ] || fail "interface $(status interface)"
pings "$SERVER4" || fail "no ping from the other address"
client_stop
ip -n "$LAB-site6" address del 2001:db8:6::77/64 dev wan

# A port of its own, a user, and no login without a pool.
broker_stop
broker_conf "listen=[$BROKER6]:4000" "pool4=$POOL4" auth=digest-md5 \
	user.ann.address4=100.64.1.77
broker_start
client_conf "server=[$BROKER6]:4000" tunnel_mode=v4v6 auth_method=any \
	userid=ann passwd=s3cret
client_up
[ "$(tunnel_address)" = 100.64.1.77 ] || fail "address $(tunnel_address)"
at server ping -n -q -c 1 -W 2 100.64.1.77 || fail "no ping from outside"
client_stop
broker_stop
broker_conf "listen=[$BROKER6]"
broker_start
client_conf "server=[$BROKER6]" tunnel_mode=v4v6
client_run -b
rc=$?
[ $rc = 15 ] || fail "exit status $rc, not 15"
