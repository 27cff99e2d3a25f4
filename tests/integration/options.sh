#!/bin/sh
# options - what variables and options of the guide do to the system.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

dev_is() { # NAME SETTING... [-- OPTION...]
	want=$1
	shift
	client_conf "$1"
	shift
	client_up "$@"
	[ "$(status interface)" = "$want" ] ||
		fail "interface $(status interface), not $want"
	client_stop
}

lab_up
broker_conf prefixes6=2001:db8:1800::/40 pool6=2001:db8:1000::/48
broker_start

# Names of the interface: in the file, on the command line, which wins.
dev_is tunA if_tunnel_v6udpv4=tunA
dev_is tunB if_tunnel_v6udpv4=tunA -u tunB
dev_is gw6c0 if_tunnel_v6udpv4=auto

# mtu, metric, default_route
client_conf mtu=1400 metric=77
client_up
at client ip link show dev gw6c0 | grep -q 'mtu 1400' || fail "no mtu 1400"
at client ip -6 route show default | grep -q 'metric 77' || fail "no metric 77"
client_stop
client_conf mtu=9000
client_up
[ "$(status mtu)" = 1472 ] || fail "mtu $(status mtu) over an Ethernet"
grep -q 'does not fit' "$T/client.log" || fail "it is not told"
client_stop
client_conf default_route=no
client_up
[ -z "$(at client ip -6 route show default dev gw6c0)" ] ||
	fail "a default route though there shall be none"
pings "$(tunnel_peer)" || fail "no ping without a default route"
client_stop

# client_v4: another address of ours.
at client ip address add 192.168.1.99/24 dev wan
client_conf client_v4=192.168.1.99
client_up
[ "$(status outer)" = 192.168.1.99 ] || fail "outer $(status outer)"
client_stop
at client ip address del 192.168.1.99/24 dev wan
client_run -n -b
rc=$?
[ $rc != 0 ] || fail "an address that is not ours is taken"
grep -q '192.168.1.99' "$T/client.log" || fail "the address is not named"

# keepalive=no sends none; the broker gives none.
client_conf keepalive=no
client_up
[ "$(status keepalive_s)" = 0 ] || fail "keepalives though there shall be none"
client_stop

# host_type=router by -s
client_conf host_type=router if_prefix=wan ra=none auth_method=digest-md5 userid=ann \
	passwd=s3cret prefixlen=64
client_up -s lan0
case $(status prefix) in
*/64) ;;
*) fail "prefix $(status prefix), not a /64" ;;
esac
client_stop

# server by name
mkdir -p "/etc/netns/$LAB-client"
echo "$BROKER4 broker.test" >"/etc/netns/$LAB-client/hosts"
client_conf server=broker.test:3653
client_up
[ "$(status broker)" = broker.test ] || fail "broker $(status broker)"
client_stop
rm -r "/etc/netns/$LAB-client"

# last_server, always_use_same_server: the file wins over server.
client_conf last_server="$T/last"
client_up
client_stop
[ "$(cat "$T/last")" = "$BROKER4" ] || fail "last server: $(cat "$T/last")"
client_conf last_server="$T/last" always_use_same_server=yes \
	server=192.0.2.1
client_up
[ "$(status broker)" = "$BROKER4" ] || fail "broker $(status broker)"
client_stop

# broker_list: asked when the configured server does not answer.
printf '# a list\n%s\n' "$BROKER4" >"$T/list"
client_conf broker_list="$T/list" server="$BROKER4:4000" tunnel_mode=v6udpv4
client_up
[ "$(status port)" = 3653 ] || fail "port $(status port)"
client_stop

# retry_delay, and -r, which wins.
broker_stop
for option in '' '-r 7'; do
	client_conf retry_delay=4 retry_delay_max=60 tunnel_mode=v6udpv4
	: >"$T/client.log"
	# shellcheck disable=SC2086 # words
	client_start $option
	want='retrying in [45] s'
	[ -z "$option" ] || want='retrying in [78] s'
	wait_for 20 grep -q "$want" "$T/client.log" || fail "no \"$want\""
	client_stop || fail "exit status $?"
done

# auto_retry_connect=no: the loss of the tunnel is the end.
broker_start
client_conf auto_retry_connect=no
client_up
broker_stop KILL
wait_for $((4 * INTERVAL + 10)) sh -c "! kill -0 $client_pid" ||
	fail "it does not end"
wait "$client_pid"
rc=$?
[ $rc = 21 ] || fail "exit status $rc, not 21"
