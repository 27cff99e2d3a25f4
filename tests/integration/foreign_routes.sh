#!/bin/sh
# foreign_routes - somebody's route over, beside or better than ours, and
# forwarding that is switched off: noticed at once, told, and nothing of others
# is taken away.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
is_long

LEAVES=client # looked at here
SOON=10 # s: it takes less than one, on a machine that has nothing else to do
route() { ip -n "$LAB-client" -6 route "$@"; }
told() { # COUNT TEXT
	[ "$(count_lines "$2" "$T/client.log")" -ge "$1" ]
}
stays_at() { # COUNT TEXT: as often and not more, once all has settled
	sleep 1
	[ "$(count_lines "$2" "$T/client.log")" = "$1" ]
}
is_down() { ! client_is_up; }
forwards() { # VALUE
	[ "$(at client cat /proc/sys/net/ipv6/conf/all/forwarding)" = "$1" ]
}

NOT_USED='default route not used: '
AGAIN='default route in use again'
REPLACED='a route of the tunnel was replaced by another program'

lab_up
kernel_state client >"$T/before"
broker_conf pool6=2001:db8:1000::/48 prefixes6=2001:db8:1800::/40
broker_start
as_ann='auth_method=digest-md5 userid=ann passwd=s3cret'

# Better ones: at the start, when they come, and when they go.
route add default dev lan0 metric 1024
client_conf
client_up
told 1 "${NOT_USED}lan0 has a better one (metric 1024)" ||
	fail "a better route that is there is not told"
route delete default dev lan0 metric 1024
wait_for $SOON told 1 "$AGAIN" || fail "its end is not told"
route add default dev lan0 metric 7
wait_for $SOON told 1 "${NOT_USED}lan0 has a better one (metric 7)" ||
	fail "a better route that comes is not told"
route add default dev wan metric 9 # makes no difference
route add default dev wan metric 4000
stays_at 2 "$NOT_USED" || fail "the same is told again"
route delete default dev lan0 metric 7
wait_for $SOON told 1 "${NOT_USED}wan has a better one (metric 9)" ||
	fail "the next best is not told"
route delete default dev wan metric 9
wait_for $SOON told 2 "$AGAIN" || fail "its end is not told"
route add unreachable default metric 8
wait_for $SOON told 1 "${NOT_USED}a better one .* makes every destination" ||
	fail "a better route to nowhere is not told"
route delete unreachable default metric 8
wait_for $SOON told 3 "$AGAIN" || fail "its end is not told"
route add default dev lan0 table 77
ip -n "$LAB-client" -6 rule add priority 500 lookup 77
wait_for $SOON told 2 "${NOT_USED}lan0 has a better one (metric 1024)" ||
	fail "a rule that comes is not told"
ip -n "$LAB-client" -6 rule delete priority 500
wait_for $SOON told 4 "$AGAIN" || fail "its end is not told"
route flush table 77
route show default dev wan | grep -q 'metric 4000' || fail "theirs is gone"
route delete default dev wan metric 4000
client_is_up || fail "state $(status state) after routes beside ours"
! told 1 "$REPLACED" || fail "a route beside ours is no damage"

# What leads into the tunnel as before is as good as ours.
route replace default dev gw6c0 metric 2048 mtu 1280
stays_at 0 "$REPLACED" || fail "a route into the tunnel is no damage"
pings "$SERVER6" || fail "no way by somebody's route into the tunnel"

# In the place of ours: told, left alone, and ours comes when it goes.
route replace default dev lan0 metric 2048
wait_for $SOON told 1 "$REPLACED; restoring" || fail "a replacement is not told"
wait_for $SOON told 1 'has the same metric 2048; set another' ||
	fail "the reason is not told"
wait_for $SOON is_down || fail "state up without a route"
route show default dev lan0 | grep -q 'metric 2048' || fail "theirs is gone"
route delete default dev lan0 metric 2048
wait_for 20 client_is_up || fail "it does not come back"
wait_for $SOON pings "$SERVER6" || fail "no way when their route is gone"
client_stop || fail "exit status $?"

# The same of the rest of a prefix.
# shellcheck disable=SC2086 # words
client_conf host_type=router if_prefix=lan0 ra=none prefixlen=56 $as_ann
client_up
prefix=$(status prefix)
seen=$(count_lines "$REPLACED" "$T/client.log")
route replace blackhole "$prefix" metric 4096
wait_for $SOON told $((seen + 1)) "$REPLACED" ||
	fail "a replacement for the rest of the prefix is not told"
route delete blackhole "$prefix" metric 4096
wait_for 20 client_is_up || fail "it does not come back to the prefix"
client_stop || fail "exit status $?"

# Forwarding is switched off.
client_up
forwards 1 || fail "a router does not forward"
at client sh -c 'echo 0 >/proc/sys/net/ipv6/conf/all/forwarding'
wait_for $SOON forwards 1 || fail "forwarding stays off"
told 1 'IPv6 forwarding was switched off by another program' ||
	fail "the end of forwarding is not told"
wait_for $SOON pings "$SERVER6" || fail "no way after forwarding was off"
lost=$(count_lines 'tunnel lost' "$T/client.log")
sleep 1 # what a repair does itself is no damage
[ "$(count_lines 'tunnel lost' "$T/client.log")" = "$lost" ] ||
	fail "a repair is followed by a loss"
at client sh -c 'echo 0 >/proc/sys/net/ipv6/conf/wan/forwarding'
stays_at 1 'IPv6 forwarding was switched off' || fail "an interface is not all"
at client sh -c 'echo 1 >/proc/sys/net/ipv6/conf/wan/forwarding'
client_stop || fail "exit status $?"
forwards 0 || fail "forwarding stays on"

kernel_state client >"$T/after"
diff "$T/before" "$T/after" || fail "something is left"

# Where nobody may change settings, a router cannot be.
# shellcheck disable=SC2086 # words
client_conf host_type=router if_prefix=lan0 ra=none $as_ann
cat >"$T/read_only" <<-SCRIPT
	mount --bind /proc/sys /proc/sys &&
		mount -o remount,ro,bind /proc/sys &&
		exec timeout -k 5 10 "$GW6C" -n -f "$T/gw6c.conf"
SCRIPT
: >"$T/client.log"
at client unshare -m sh "$T/read_only" >"$T/client.log" 2>&1
told 1 'Read-only file system; set net.ipv6.conf.all.forwarding=1 where' ||
	fail "the remedy for read-only settings is not told"
at client sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
: >"$T/client.log"
at client unshare -m sh "$T/read_only" >"$T/client.log" 2>&1 &
unshared_pid=$!
wait_for 20 client_is_up || fail "the remedy does not help"
kill "$(status pid)"
wait "$unshared_pid"
at client sh -c 'echo 0 >/proc/sys/net/ipv6/conf/all/forwarding'
kernel_state client >"$T/after"
diff "$T/before" "$T/after" || fail "something is left where it was read-only"
