#!/bin/sh
# router - a delegated prefix on the network behind the client: scenario 3 of
# the guide, and through a NAT. A host there configures itself and reaches the
# server through the tunnel; the system's own radvd is left alone.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
need radvd

PREFIXES=2001:db8:1800::/40 # of what is routed to the broker

lan_address() { # of the prefix, fit for use
	ip -n "$LAB-lan" -6 -o address show scope global dynamic |
		grep "inet6 $1" | grep -v deprecated
}
lan_deprecated() {
	ip -n "$LAB-lan" -6 -o address show scope global deprecated |
		grep "inet6 $1"
}
lan_pings() { at lan ping -n -q -c 1 -W 1 "$SERVER6"; }
ours() { # process numbers of our radvd
	pgrep -f -- "--config $T/run/router-adv.conf"
}
no_radvd() { [ -z "$(ours)" ]; }

lab_up
broker_conf pool6=2001:db8:1000::/48 "prefixes6=$PREFIXES" user.bob.passwd=b0b \
	user.bob.prefix6=2001:db8:18ff::/48
broker_start
as_ann="auth_method=digest-md5 userid=ann passwd=s3cret"
as_bob="auth_method=digest-md5 userid=bob passwd=b0b"

# A radvd of the system, for another interface.
cat >"$T/system.conf" <<-'CONF'
	interface wan { AdvSendAdvert off; };
CONF
at client radvd --nodaemon --logmethod none --config "$T/system.conf" \
	--pidfile "$T/system.pid" &
system_pid=$!

kernel_state client >"$T/before"
# shellcheck disable=SC2086 # words
client_conf host_type=router if_prefix=lan0 prefixlen=56 $as_ann \
	dns_server=ns1.example.org:ns2.example.org
client_up
prefix=$(status prefix)
case $prefix in
2001:db8:18*::/56) ;;
*) fail "prefix $prefix" ;;
esac
net=${prefix%::/56}
wait_for 20 lan_address "$net" || fail "no address by SLAAC"
wait_for 20 lan_pings || fail "the host behind us does not reach the server"
at client ip -6 address show dev lan0 | grep -q "$net::1/64" ||
	fail "no $net::1 on lan0"
case $net in
*:*:*:*) other=${net%00}99 ;;
*) other=$net:99 ;;
esac
at client ip -6 route get "$other::1" 2>&1 |
	grep -q -e unreachable -e 'No route' || fail "the rest of the prefix is not unreachable"
grep -q "reverse zone of $prefix to ns2.example.org" "$T/broker.log" ||
	fail "the name servers were not sent"

# Killed, which ends radvd in good order; and started again: one radvd,
# nothing stale, the same prefix.
client_stop KILL
wait_for 20 sh -c "! kill -0 $client_pid" || fail "it does not die"
wait_for 20 lan_deprecated "$net" || fail "the prefix was not withdrawn at a kill"
wait_for 20 no_radvd || fail "radvd outlives us"
client_up
[ "$(status prefix)" = "$prefix" ] || fail "another prefix than $prefix"
[ "$(ours | wc -l)" -le 2 ] || fail "more than one radvd of ours" # and helper
wait_for 20 lan_pings || fail "no way after the restart"

# Its radvd is killed: there is another one soon.
ours | xargs kill
wait_for 20 grep -q 'restarting it' "$T/client.log" ||
	fail "the end of radvd is not told"
wait_for 20 ours || fail "radvd was not started again"

# Its network is taken down and up, which takes our address away.
at client ip link set dev lan0 down
at client ip link set dev lan0 up
wait_for 20 lan_pings || fail "no way after the network was down"

# Another prefix: the old one is withdrawn, the new one comes.
client_stop || fail "exit status $?"
wait_for 20 lan_deprecated "$net" || fail "the prefix was not withdrawn"
[ -z "$(ours)" ] || fail "our radvd still runs"
# shellcheck disable=SC2086
client_conf host_type=router if_prefix=lan0:0x5 prefixlen=48 $as_bob
client_up
wait_for 20 lan_address 2001:db8:18ff:5: || fail "no address in subnet 5"
wait_for 20 lan_pings || fail "no way in subnet 5"
client_stop || fail "exit status $?"

# An address that the interface has of its own stays.
at client ip -6 address add 2001:db8:18ff:5::1/64 dev lan0
client_up
client_stop || fail "exit status $?"
at client ip -6 address delete 2001:db8:18ff:5::1/64 dev lan0 ||
	fail "it took away an address that was there before"

# With a public address, in protocol 41.
"$NETLAB" nat "$LAB" none
# shellcheck disable=SC2086
client_conf host_type=router if_prefix=lan0 prefixlen=64 $as_ann
client_up
[ "$(status mode)" = v6v4 ] || fail "mode $(status mode) without a NAT"
[ "$(status data_path)" = "$DATA_PATH" ] || fail "$(status data_path)"
net=$(status prefix) # of a tunnel that was up before: may be the /56 still
wait_for 20 lan_address "${net%%::/*}" || fail "no address of $net"
wait_for 20 lan_pings || fail "no way by protocol 41"
client_stop || fail "exit status $?"
"$NETLAB" nat "$LAB" masquerade

kill -0 "$system_pid" || fail "the system's radvd is gone"
kernel_state client >"$T/after"
diff "$T/before" "$T/after" || fail "something is left"

# Killed, and no router any more: nothing is left of it.
client_up
wait_for 20 ours || fail "no radvd"
client_stop KILL
wait_for 20 sh -c "! kill -0 $client_pid" || fail "it does not die"
# shellcheck disable=SC2086
client_conf $as_bob
client_run --dry-run || fail "exit status $? of a dry run"
[ -e "$T/run/router-adv.conf" ] || fail "a dry run took something away"
client_up
[ -z "$(ours)" ] || fail "radvd goes on advertising"
[ ! -e "$T/run/router-adv.conf" ] || fail "its file is left"
client_stop || fail "exit status $?"

# Its interface comes late.
# shellcheck disable=SC2086
client_conf host_type=router if_prefix=late0 prefixlen=48 $as_bob ra=none
client_start
wait_for 20 grep -q 'no interface "late0"; retrying' "$T/client.log" ||
	fail "a missing interface is not waited for"
at client ip tuntap add late0 mode tap
wait_for 20 client_is_up || fail "the interface has come, and nobody sees it"
client_stop || fail "exit status $?"
at client ip tuntap delete late0 mode tap

# Without radvd, and with ra=none, the tunnel works all the same.
# shellcheck disable=SC2086
client_conf host_type=router if_prefix=lan0 $as_ann \
	feature.router-adv.program=/nonexistent/radvd
client_up
told_absence() { grep -q "install radvd" "$T/client.log"; }
wait_for 20 told_absence || fail "its absence is not told"
pings "$SERVER6" || fail "no tunnel without radvd"
client_stop
rm "$T/plugins/feature_router_adv.so"
client_up
grep -q 'hosts behind this router get no router advertisements' "$T/client.log" ||
	fail "the missing plugin is not told"
pings "$SERVER6" || fail "no tunnel without the plugin"
client_stop

# What is refused, and why.
refused() { # EXIT TEXT SETTING...
	want=$1 text=$2
	shift 2
	client_conf host_type=router if_prefix=lan0 "$@"
	client_run -n -b
	rc=$?
	[ $rc = "$want" ] || fail "$*: exit status $rc, not $want"
	grep -q -e "$text" "$T/client.log" || fail "$*: no word of \"$text\""
}
refused 13 'anonymous'
kill "$system_pid"
