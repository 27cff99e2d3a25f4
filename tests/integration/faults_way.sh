#!/bin/sh
# faults_way - what can happen on the way to the broker: how long until traffic flows again.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/faults.lib.sh"

break_cut() { "$NETLAB" cut "$LAB" brokerA; }
heal_cut() { "$NETLAB" heal "$LAB" brokerA; }
break_cut_client() { "$NETLAB" cut "$LAB" client; }
heal_cut_client() { "$NETLAB" heal "$LAB" client; }
break_unplug() { "$NETLAB" cut "$LAB" client --link; }
heal_unplug() {
	"$NETLAB" heal "$LAB" client
	ip -n "$LAB-client" route replace default via 192.168.1.1
}
break_route() { ip -n "$LAB-client" route delete default; }
heal_route() { ip -n "$LAB-client" route add default via 192.168.1.1; }
break_reject() {
	firewall nat udp dport 3653 reject with icmp type admin-prohibited
}
heal_reject() { no_firewall nat; }
break_no_udp() { firewall nat udp dport 3653 drop; }
heal_no_udp() { no_firewall nat; }
break_lossy() { firewall core numgen random mod 100 '<' 30 drop; }
heal_lossy() { no_firewall core; }
break_narrow() { tc -n "$LAB-client" qdisc add dev wan root tbf \
	rate 8kbit burst 1600 latency 1ms; }
heal_narrow() { tc -n "$LAB-client" qdisc delete dev wan root; }
break_fragments() { # a path that carries no large datagram
	ip -n "$LAB-nat" link set outside mtu 1000
	firewall core ip frag-off '&' 0x3fff '!=' 0 drop
}
heal_fragments() {
	no_firewall core
	ip -n "$LAB-nat" link set outside mtu 1500
}
break_neighbour() { # the gateway has another network card
	mac=$(at nat cat /sys/class/net/inside/address)
	ip -n "$LAB-nat" link set inside address 02:00:00:00:00:99
}
heal_neighbour() { ip -n "$LAB-nat" link set inside address "$mac"; }

# --- the NAT ---
break_flush() { "$NETLAB" flush "$LAB"; }
heal_flush() { :; }
break_ports() { "$NETLAB" nat "$LAB" symmetric && "$NETLAB" flush "$LAB"; }
heal_ports() { :; }
break_outer() { "$NETLAB" renumber "$LAB" nat >/dev/null; }
heal_outer() { :; }

need tc
faults_lab
faults_client
fault told 8 cut "cable of the broker cut"
fault told 8 cut_client "no packet to or from the client"
fault told 8 lossy "30 % of all packets lost"
fault told 4 unplug "cable of the client unplugged"
fault told 4 route "default route of the client lost"
fault told 4 reject "ICMP unreachable for all datagrams"
fault lost 20 no_udp "UDP blocked, TCP not"
fault told 5 narrow "8 kbit/s, no buffers"
fault told 4 fragments "no fragment passes"
fault told 4 neighbour "gateway replaced"
fault lost 0 flush "mappings of the NAT forgotten"
fault lost 0 ports "NAT takes other ports"
fault lost 0 outer "NAT has another address"
faults_end
