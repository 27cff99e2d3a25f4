#!/bin/sh
# router_ra - whose router advertisements a router takes: those of its uplinks,
# also of one that comes later, and none of the network behind it. All is as
# before in the end, also after kill -9.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
is_long
need radvd

accepts() { # DEVICE: its accept_ra
	at client cat "/proc/sys/net/ipv6/conf/$1/accept_ra"
}
accept_is() { # DEVICE VALUE
	[ "$(accepts "$1")" = "$2" ]
}
advertises() { # NODE DEVICE PREFIX
	cat >"$T/$1.conf" <<-CONF
		interface $2 {
			AdvSendAdvert on;
			MinRtrAdvInterval 3;
			MaxRtrAdvInterval 4;
			prefix $3 { };
		};
	CONF
	at "$1" sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
	ip netns exec "$LAB-$1" radvd --nodaemon --logmethod none \
		--config "$T/$1.conf" --pidfile "$T/$1.pid" &
}
advertisements() { # that have come in at the client
	# shellcheck disable=SC2016 # of awk
	at client awk '$1 == "Icmp6InRouterAdvertisements" { print $2 }' \
		/proc/net/snmp6
}
more_than() { [ "$(advertisements)" -gt "$1" ]; }
from_rogue() {
	ip -n "$LAB-client" -6 route show default dev lan0 | grep . ||
		ip -n "$LAB-client" -6 address show dev lan0 | grep 2001:db8:bad:
}
usb_lives() { # by what is advertised there
	ip -n "$LAB-client" -6 -o address show dev "$1" scope global |
		grep -q 2001:db8:77: &&
		ip -n "$LAB-client" -6 route show default dev "$1" proto ra |
		grep -q via
}
told() { # COUNT TEXT
	[ "$(count_lines "$2" "$T/client.log")" -ge "$1" ]
}
router() {
	client_conf host_type=router if_prefix=lan0 auth_method=digest-md5 \
		userid=ann passwd=s3cret ra=none
}

lab_up
lan=$(ip -n "$LAB-lan" -o link show | sed -n 's/^[0-9]*: \([^@:]*\)@.*/\1/p')
# shellcheck disable=SC2016 # of the shell there
at client sh -c 'for dev in lan0 wan default; do
	echo 1 >/proc/sys/net/ipv6/conf/$dev/accept_ra
done'
# More of them than a step's note has room for.
for number in 1 2 3 4 5 6 7 8; do
	ip -n "$LAB-client" tuntap add "somelongname$number" mode tap
done
LEAVES=client # compared here, with these
kernel_state client >"$T/before"
broker_conf pool6=2001:db8:1000::/48 prefixes6=2001:db8:1800::/40
broker_start

# Of the network behind us.
router
client_up
accept_is lan0 0 || fail "accept_ra of lan0 is $(accepts lan0), not 0"
accept_is wan 2 || fail "accept_ra of wan is $(accepts wan), not 2"
accept_is somelongname8 2 || fail "accept_ra of the last one is not 2"
seen=$(advertisements)
advertises lan "$lan" 2001:db8:bad::/64
rogue_pid=$!
wait_for 20 more_than "$((seen + 1))" || fail "no rogue advertisement comes"
! from_rogue || fail "an advertisement of the LAN was taken"
pings "$SERVER6" || fail "no way beside a rogue router"

# An uplink that comes later.
ip -n "$LAB-client" link add usb0 type veth peer name up0 netns "$LAB-nat"
ip -n "$LAB-nat" link set up0 up
ip -n "$LAB-client" link set usb0 up
wait_for 20 accept_is usb0 2 || fail "accept_ra of usb0 is $(accepts usb0)"
advertises nat up0 2001:db8:77::/64
wait_for 20 usb_lives usb0 || fail "a later uplink gets nothing"
wait_for 20 told 1 \
	'default route not used: usb0 has a better one (metric [0-9]*)' ||
	fail "the better route is not told"
# What is set there by hand stays, and a name is only a name.
at client sh -c 'echo 1 >/proc/sys/net/ipv6/conf/usb0/accept_ra'
ip -n "$LAB-client" link set usb0 down
ip -n "$LAB-client" link set usb0 up
wait_for 20 told 1 'default route in use again' || fail "its end is not told"
accept_is usb0 1 || fail "accept_ra was set by hand, and is $(accepts usb0)"
at client sh -c 'echo 2 >/proc/sys/net/ipv6/conf/usb0/accept_ra'
ip -n "$LAB-client" link set usb0 down
ip -n "$LAB-client" link set usb0 name usb1
ip -n "$LAB-client" link set usb1 up

# The network behind us comes anew, as one on USB does.
at client sh -c 'echo 2 >/proc/sys/net/ipv6/conf/default/accept_ra'
ip -n "$LAB-client" tuntap add later mode tap
at client sh -c 'echo 1 >/proc/sys/net/ipv6/conf/default/accept_ra'
accept_is later 2 || fail "what has 2 of its own is $(accepts later)"

kill "$rogue_pid"
wait "$rogue_pid" 2>/dev/null
client_stop || fail "exit status $?"
accept_is usb1 1 || fail "accept_ra of usb1 is $(accepts usb1) in the end"
accept_is later 2 || fail "accept_ra of later is $(accepts later) in the end"
ip -n "$LAB-client" link delete usb1
ip -n "$LAB-client" tuntap delete later mode tap
kernel_state client >"$T/after"
diff "$T/before" "$T/after" || fail "something is left"

# Killed, and no router any more.
router
client_up
accept_is lan0 0 || fail "accept_ra of lan0 is $(accepts lan0) the next time"
client_stop KILL
wait_for 20 sh -c "! kill -0 $client_pid" || fail "it does not die"
client_conf
client_up
for dev in lan0 wan somelongname1 somelongname8; do
	accept_is $dev 1 || fail "$dev: accept_ra=$(accepts $dev) after a kill"
done
client_stop || fail "exit status $?"
kernel_state client >"$T/after"
diff "$T/before" "$T/after" || fail "something is left after a kill"

# Forwarding was on, and advertisements of the LAN were taken.
at client sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
	echo 2 >/proc/sys/net/ipv6/conf/lan0/accept_ra'
router
client_up
accept_is lan0 0 || fail "accept_ra of lan0 stays $(accepts lan0)"
accept_is wan 1 || fail "accept_ra of wan is not ours to change"
client_stop || fail "exit status $?"
accept_is lan0 2 || fail "accept_ra of lan0 is $(accepts lan0), and was 2"
at client sh -c 'echo 0 >/proc/sys/net/ipv6/conf/all/forwarding
	echo 1 >/proc/sys/net/ipv6/conf/lan0/accept_ra'
for number in 1 2 3 4 5 6 7 8; do
	ip -n "$LAB-client" tuntap delete "somelongname$number" mode tap
done
