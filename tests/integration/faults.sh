#!/bin/sh
# faults - what goes wrong around a tunnel, one after the other: how long it
# takes after the cause is gone until traffic flows again.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

is_long
need tc
RELAY=198.51.100.18 # at brokerB, where no broker is
REST=$((3 * INTERVAL)) # s: what nobody can know is found by keepalives

# Each fault NAME is a pair of functions, break_NAME and heal_NAME. KIND:
# told - the client can know when the cause is gone
# lost - only its keepalives can tell, or the next try
rows=0 told=
row() { printf '  %-46s %-5s %7s ms\n' "$1" "$2" "$3"; }
flows() { pings "$SERVER6" -W 0.3; }

# fault KIND HOLD NAME TEXT: break, wait HOLD seconds, heal, measure
fault() {
	row_kind=$1 row_text=$4
	[ -z "${ONLY:-}" ] || [ "$ONLY" = "$3" ] || return 0
	printf '\n--- %s\n' "$4" | tee -a "$T/broker.log" >>"$T/client.log"
	wait_for $REST flows || fail "$4: the tunnel does not work before"
	break_"$3"
	sleep "$2"
	printf -- '--- healed\n' >>"$T/client.log"
	heal_"$3" || fail "$4: cannot heal"
	from=$(now_ms)
	wait_for $((REST + 5)) flows
	outcome $? $(($(now_ms) - from))
}
failures=0
outcome() { # RC MS
	ms=$2
	if [ "$1" != 0 ] || ! client_alive || [ "$ms" -gt $((REST * 1000 + 1000)) ]; then
		failures=$((failures + 1))
		row "$row_text" "$row_kind" "$ms FAILED"
		sed -n "/^--- $row_text/,\$p" "$T/client.log" | tail -n 60
		restart
		return
	fi
	row "$row_text" "$row_kind" "$ms"
	[ "$row_kind" = lost ] || told="$told $ms"
	rows=$((rows + 1))
}
restart() {
	client_alive && client_stop
	broker_alive || broker_start
	client_up
}

firewall() { # NODE RULE...: in a table of our own
	where=$1
	shift
	at "$where" nft add table inet fault
	at "$where" nft add chain inet fault "$FW_HOOK" \
		"{ type filter hook $FW_HOOK priority 0; }"
	at "$where" nft add rule inet fault "$FW_HOOK" "$@"
}
FW_HOOK=forward
no_firewall() { at "$1" nft delete table inet fault; }

# --- the broker ---
break_killed() { broker_stop KILL; }
heal_killed() { broker_start; }
break_amnesia() {
	broker_stop KILL
	rm -f "$T"/broker-state/*
}
heal_amnesia() { broker_start; }
break_restart() { broker_stop TERM; }
heal_restart() { broker_start; }
break_stopped() { kill -STOP "$broker_pid"; }
heal_stopped() { kill -CONT "$broker_pid"; }
break_broker_tun() { ip -n "$LAB-brokerA" link delete "$broker_dev"; }
heal_broker_tun() {
	wait "$broker_pid" 2>/dev/null
	broker_start
}
refusing() { # SETTING...
	broker_stop KILL
	broker_conf "$@"
	broker_start
}
honest() {
	broker_conf
	kill -HUP "$broker_pid"
}
break_busy() { refusing refuse=version:530; }
heal_busy() { honest; }
break_full() { refusing refuse=create:301; }
heal_full() { honest; }
break_in_use() { refusing refuse=create:506; }
heal_in_use() { honest; }
break_inside() { refusing refuse=login:310; }
heal_inside() { honest; }
break_to_self() { refusing refuse=version:1300 redirect=$BROKER4; }
heal_to_self() { honest; }
break_to_dead() {
	refusing refuse=version:1300 redirect="198.51.100.99 198.51.100.98"
}
heal_to_dead() { honest; }
break_circle() {
	refusing refuse=create:1300 redirect="$BROKER4 $RELAY"
	relay plain
}
heal_circle() {
	relay_stop
	honest
}

# --- the way ---
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

# --- our own machine ---
break_moved() { "$NETLAB" renumber "$LAB" client >/dev/null; }
heal_moved() { :; }
break_link() { ip -n "$LAB-client" link delete "$(status interface)"; }
heal_link() { :; }
break_down() { ip -n "$LAB-client" link set "$(status interface)" down; }
heal_down() { :; }
break_address() {
	ip -n "$LAB-client" -6 address delete "$(tunnel_address)/128" \
		dev "$(status interface)"
}
heal_address() { :; }
break_default() { ip -n "$LAB-client" -6 route delete default; }
heal_default() { :; }
break_replaced() {
	ip -n "$LAB-client" -6 route replace unreachable default metric 1024
}
heal_replaced() {
	ip -n "$LAB-client" -6 route delete unreachable default metric 1024
}
break_asleep() { kill -STOP "$client_pid"; }
heal_asleep() { kill -CONT "$client_pid"; }
break_run_dir() { rm -rf "${T:?}/run"; }
heal_run_dir() {
	broker_stop KILL
	broker_start
}
break_files() { # no descriptor is left to open anything
	open=$(find "/proc/$client_pid/fd" -mindepth 1 | wc -l)
	prlimit --pid "$client_pid" --nofile="$open:"
	broker_stop KILL
}
heal_files() {
	prlimit --pid "$client_pid" --nofile=1024:
	broker_start
}
break_disk() { # no room for the files that remember servers
	mount -t tmpfs -o size=16k tmpfs "$T/state"
	head -c 100000 /dev/zero >"$T/state/filler" 2>/dev/null
	broker_stop KILL
}
heal_disk() { broker_start; }
break_read_only() {
	umount "$T/state"
	mount --bind "$T/state" "$T/state"
	mount -o remount,ro,bind "$T/state"
	broker_stop KILL
}
heal_read_only() {
	broker_start
}

# --- datagrams in the hands of a stranger ---
relay_pid=
relay_stop() {
	[ -z "$relay_pid" ] || kill "$relay_pid" 2>/dev/null
	wait "$relay_pid" 2>/dev/null
	relay_pid=
}
relay() { # MODE
	relay_stop
	ip netns exec "$LAB-brokerB" "$TOOLS/relay" $RELAY:3653 \
		$BROKER4:3653 "$1" 2>>"$T/relay.log" &
	relay_pid=$!
}
for mode in blackhole loss corrupt truncate small reorder duplicate; do
	eval "break_relay_$mode() { relay $mode; }"
	eval "heal_relay_$mode() { relay plain; }"
done
# Only the way through the network is new, and nobody is told.
break_rebound() { relay plain; }
heal_rebound() { :; }

# --- names ---
break_dns_dead() {
	: >"$hosts"
	broker_stop KILL
}
heal_dns_dead() {
	printf '%s broker.test\n' "$BROKER4" >"$hosts"
	broker_start
}
break_dns_moved() { # the name has moved, and so has the broker
	broker_stop KILL
	printf '%s broker.test\n' "$RELAY" >"$hosts"
}
heal_dns_moved() {
	relay plain
	broker_start
}

undo_mounts() {
	umount "$T/state" 2>/dev/null
	rm -rf "/etc/netns/$LAB-client"
}
lab_trap() {
	end_rc=$?
	undo_mounts
	sh -c "exit $end_rc"
	test_end
}
trap 'lab_trap' EXIT
lab_up
broker_conf "auth=anonymous digest-md5"
broker_start
broker_dev=$(broker_status interface)
client_conf auth_method=digest-md5 userid=ann passwd=s3cret
client_up
printf '%s\n' "$test_name: until traffic flows again, after the cause is gone"

# Between two sessions that the broker has forgotten there are 10 s, at least.
fault told 2 killed "broker killed"
fault told 8 cut "cable of the broker cut"
fault told 2 amnesia "broker killed, its state lost"
fault told 8 cut_client "no packet to or from the client"
fault told 2 broker_tun "packet device of the broker deleted"
fault told 8 lossy "30 % of all packets lost"
fault told 2 restart "broker stopped in order"
fault lost 3 stopped "broker hangs"
fault lost 2 busy "broker busy (530)"
fault lost 2 full "no tunnel left (301)"
fault lost 2 in_use "interface of the broker in use (506)"
fault lost 2 inside "error inside the broker (310)"
fault lost 2 to_self "redirected to itself"
fault lost 2 to_dead "redirected to the dead"
fault lost 2 circle "redirected in circles"
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
fault told 0 moved "address of the client changed"
fault told 0 link "tunnel interface deleted"
fault told 10 neighbour "gateway replaced again"
fault told 0 down "tunnel interface down"
fault told 10 lossy "30 % of all packets lost again"
fault told 0 address "tunnel address deleted"
fault told 10 unplug "cable unplugged again"
fault told 0 default "tunnel route deleted"
fault told 10 narrow "8 kbit/s again"
fault told 2 replaced "tunnel route replaced"
fault told 8 asleep "client frozen"
fault told 2 files "no file descriptor left"
fault told 2 disk "disk full"
fault told 2 read_only "state_dir read-only"
umount "$T/state"
fault told 2 run_dir "run_dir removed"
# It took the control socket along, which tells the state.
kill "$client_pid" && wait "$client_pid"
mkdir -p "$T/run"

# Through somebody else's hands
relay plain
client_conf auth_method=digest-md5 userid=ann passwd=s3cret server=$RELAY
client_up
fault lost 8 relay_blackhole "datagrams vanish"
fault lost 8 relay_loss "30 % of datagrams lost"
fault lost 8 relay_corrupt "datagrams corrupted"
fault lost 8 relay_truncate "datagrams cut short"
fault lost 4 relay_small "large datagrams vanish"
fault lost 8 relay_reorder "datagrams out of order"
fault lost 8 relay_duplicate "datagrams doubled"
fault lost 0 rebound "mapping moved, nobody told"
client_stop || fail "exit status $?"
relay_stop

# By name
mkdir -p "/etc/netns/$LAB-client"
hosts=/etc/netns/$LAB-client/hosts
printf '%s broker.test\n' "$BROKER4" >"$hosts"
client_conf auth_method=digest-md5 userid=ann passwd=s3cret server=broker.test
client_up
fault lost 4 dns_dead "name gone"
fault lost 2 dns_moved "name has another address"
relay_stop
client_stop || fail "exit status $?"
rm -rf "/etc/netns/$LAB-client"

# shellcheck disable=SC2086 # numbers
median=$(printf '%s\n' $told | sort -n | sed -n "$(($(echo $told | wc -w) / 2 + 1))p")
say "$rows faults; median where the client can know: $median ms"
[ "$failures" = 0 ] || fail "$failures of them came to no good end"
[ "$median" -le 2000 ] || fail "the median is above 2000 ms"
