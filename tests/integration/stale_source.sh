#!/bin/sh
# stale_source - hosts behind a router that use an address which is not, or no
# longer, of the tunnel are told so.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
is_long

refused() { # SOURCE
	at lan ping -n -c 1 -W 1 -I "$1" "$SERVER6" |
		grep -q -e 'code 5' -e 'Source address failed'
}
lan_pings() { # SOURCE
	at lan ping -n -q -c 1 -W 1 -I "$1" "$SERVER6"
}
has_new_prefix() { [ "$(status prefix)" = 2001:db8:18bb::/56 ]; }
routes_of() { # PREFIX
	ip -n "$LAB-client" -6 route show "$1" dev lan0 proto 199
}

lab_up
lan=$(ip -n "$LAB-lan" -o link show | sed -n 's/^[0-9]*: \([^@:]*\)@.*/\1/p' |
	grep -v -x lo)
broker_conf pool6=2001:db8:1000::/48 prefixes6=2001:db8:1800::/40 \
	user.ann.prefix6=2001:db8:18aa::/56
broker_start
router='host_type=router if_prefix=lan0 ra=none prefixlen=56
	auth_method=digest-md5 userid=ann passwd=s3cret'
old=2001:db8:18aa::9 new=2001:db8:18bb::9 other=fd00:77::9

kernel_state client >"$T/before"
# shellcheck disable=SC2086 # words
client_conf $router
client_up
for addr in $old $new $other; do
	ip -n "$LAB-lan" address add "$addr/64" dev "$lan" nodad
done
ip -n "$LAB-lan" -6 route add default via 2001:db8:18aa::1 dev "$lan"
wait_for 20 lan_pings $old || fail "no way for the host behind us"
[ -z "$(routes_of 2001:db8::/16)" ] || fail "a way to a prefix before the first"

# Of another network behind us.
ip -n "$LAB-client" address add fd00:77::1/64 dev lan0 nodad
wait_for 20 refused $other || fail "a source of another network is not told"
ip -n "$LAB-client" address delete fd00:77::1/64 dev lan0

# The broker has another prefix for us.
broker_stop
conf_set "$T/broker.conf" user.ann.prefix6=2001:db8:18bb::/56
rm -rf "${T:?}/broker-state"
mkdir "$T/broker-state"
broker_start
wait_for 30 has_new_prefix || fail "prefix $(status prefix)"
ip -n "$LAB-lan" -6 route replace default via 2001:db8:18bb::1 dev "$lan"
wait_for 20 lan_pings $new || fail "no way with the new prefix"
refused $old || fail "a source of the prefix before is not told"
routes_of 2001:db8:18aa::/64 | grep -q 'expires 7[12][0-9][0-9]sec' ||
	fail "the way back to the prefix before has no end"

# Killed: the next run takes it away, and gives it again.
client_stop KILL
wait_for 20 sh -c "! kill -0 $client_pid" || fail "it does not die"
[ -n "$(routes_of 2001:db8:18aa::/64)" ] || fail "it is gone already"
client_up
[ "$(routes_of 2001:db8:18aa::/64 | grep -c expires)" = 1 ] ||
	fail "no way back after a kill"
wait_for 20 refused $old || fail "the prefix before is forgotten by a kill"

# So does one after an end in order, which leaves nothing in the kernel.
client_stop || fail "exit status $?"
[ -z "$(routes_of 2001:db8:18aa::/64)" ] || fail "the way back is left"
client_up
[ "$(routes_of 2001:db8:18aa::/64 | grep -c expires)" = 1 ] ||
	fail "no way back after an end in order"
wait_for 20 refused $old || fail "the prefix before is forgotten by an end"

# Killed, and the broker has another prefix for the next run: what the killed
# one has left behind tells of the prefix before.
client_stop KILL
wait_for 5 sh -c "! kill -0 $client_pid" || fail "it does not die"
broker_stop
conf_set "$T/broker.conf" user.ann.prefix6=2001:db8:18aa::/56
rm -rf "${T:?}/broker-state"
mkdir "$T/broker-state"
broker_start
client_up
[ "$(status prefix)" = 2001:db8:18aa::/56 ] || fail "prefix $(status prefix)"
ip -n "$LAB-lan" -6 route replace default via 2001:db8:18aa::1 dev "$lan"
wait_for 5 lan_pings $old || fail "no way with the prefix of the next run"
refused $new || fail "the prefix of a run that was killed is forgotten"
client_stop || fail "exit status $?"
kernel_state client >"$T/after"
diff "$T/before" "$T/after" || fail "something is left"
