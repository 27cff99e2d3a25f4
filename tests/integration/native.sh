#!/bin/sh
# native - a network with IPv6 of its own, from a real router advertisement:
# the tunnel comes up beside it, stays up, and carries what the native way
# does not, before and after that is there.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
need radvd

LEAVES=client # keeps the address of the advertisement
goes_by() { # DEVICE: packets to the server
	at client ip -6 route get "$SERVER6" | grep -q "dev $1 "
}

native_begins() {
	ip netns exec "$LAB-nat" radvd --nodaemon --logmethod none \
		--config "$T/radvd.conf" --pidfile "$T/radvd.pid" &
	radvd_pid=$!
	wait_for 20 native_default || fail "no route by the advertisement"
}
native_default() {
	ip -n "$LAB-client" -6 route show default proto ra | grep -q metric
}
native_ends() { # radvd tells it
	kill "$radvd_pid"
	wait "$radvd_pid" 2>/dev/null
	wait_for 20 native_is_gone || fail "the advertised route stays"
}
native_is_gone() { ! native_default; }

tunnel_is_good() {
	[ "$(status state)" = up ] || fail "$1: the state is $(status state)"
	wait_for 20 pings "$(tunnel_peer)" || fail "$1: no ping to the broker"
}

lab_up
cat >"$T/radvd.conf" <<-'CONF'
	interface inside {
		AdvSendAdvert on;
		MinRtrAdvInterval 3;
		MaxRtrAdvInterval 4;
		prefix 2001:db8:77::/64 { };
	};
CONF
at nat sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
at client sh -c 'echo 2 >/proc/sys/net/ipv6/conf/wan/accept_ra'
broker_conf
broker_start
client_conf

native_begins
client_up
goes_by wan || fail "the native way does not win"
tunnel_is_good "beside a native way"
native_ends
goes_by gw6c0 || fail "the tunnel does not take over"
wait_for 20 pings "$SERVER6" || fail "no ping when the native way is gone"

native_begins
goes_by wan || fail "a native way that came later does not win"
tunnel_is_good "after a native way has come"
client_stop || fail "exit status $?"
native_default || fail "the native route is gone"
native_ends
