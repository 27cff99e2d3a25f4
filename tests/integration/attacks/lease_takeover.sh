#!/bin/sh
# lease_takeover - a broker grants addresses and networks that this machine has
# already: nothing of that is set up, and the message says what collides.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
top=$(cd "$(dirname "$0")/../../.." && pwd)
. "$top/tests/integration/lib.sh"

LEAVES='client site6' # addresses are added here
lab_up
for net in 2001:db8:77:1::5/64 fd77::5/64; do
	ip -n "$LAB-client" addr add $net dev lan0 nodad || fail "$net"
done
ip -n "$LAB-client" addr add 10.77.0.5/16 dev lan0 || fail "lan0"
# Networks without an address of ours in them
ip -n "$LAB-client" route add 2001:db8:88:1::/64 dev lan0 || fail "route"
ip -n "$LAB-client" route add 2001:db8:88:2::7/128 dev lan0 || fail "route"
ip -n "$LAB-client" route add 2000::/3 dev lan0 metric 9000 || fail "route"
ip -n "$LAB-client" route add 203.0.113.128/25 dev lan0 || fail "route"
# The node of IPv6 gets a network of IPv4.
ip -n "$LAB-site6" link add side0 type veth peer name side1 || fail "side0"
ip -n "$LAB-site6" link set side0 up
ip -n "$LAB-site6" link set side1 up
ip -n "$LAB-site6" addr add 10.77.0.5/16 dev side0 || fail "side0"
sleep 2 # link-local addresses
kernel_state client >"$T/client.before"
kernel_state site6 >"$T/site6.before"

liar=
from=brokerA
lie() { # ADDRESS TYPE OUTER PEER INNER [PREFIX LENGTH]
	: >"$T/liar"
	ip netns exec "$LAB-$from" "$TOOLS/liar" "$@" >"$T/liar" 2>&1 &
	liar=$!
	wait_for 5 grep -q ready "$T/liar" || fail "no liar: $(cat "$T/liar")"
}
silence() {
	kill $liar
	wait $liar 2>/dev/null || true
}
refused() { # WORDS ADDRESS TYPE OUTER PEER INNER [PREFIX LENGTH]
	words=$1
	shift
	lie "$@"
	client_run -n -b
	rc=$?
	silence
	[ $rc = 19 ] || fail "exit status $rc: $*"
	grep -q 'bad tunnel parameters' "$T/client.log" || fail "taken: $*"
	grep -q -e "$words" "$T/client.log" || fail "no \"$words\": $*"
	! grep -q accepted "$T/liar" || fail "accepted: $*"
	kernel_state $NODE | diff "$T/$NODE.before" - || fail "changed: $*"
	say "refused: $*"
}

P=2001:db8:1::1 I=2001:db8:1::2 # good ones
B=$BROKER4
udp="$B v6udpv4 $B"
net='2001:db8:77:1::/64, the network of lan0'
# shellcheck disable=SC2086 # words
{
	client_conf tunnel_mode=v6udpv4
	refused "$net" $udp 2001:db8:77:1::9 $I
	refused '2001:db8:77:1::5, the address of lan0' $udp \
		2001:db8:77:1::5 $I
	refused '2001:db8:77:1::5, the address of lan0' $udp \
		$P 2001:db8:77:1::5
	refused "$net" $udp $P 2001:db8:77:1::6
	refused 'fd77::/64, the network of lan0' $udp $P fd77::6
	refused 'no usable' $udp $P 64:ff9b::6
	refused '2001:db8:88:1::/64, .* directly by lan0' $udp $P \
		2001:db8:88:1::6
	refused '2001:db8:88:2::7, .* directly by lan0' $udp $P \
		2001:db8:88:2::7
	refused 'in the tunnel, 2001:db8:88:1::1 .* directly by lan0' $udp \
		2001:db8:88:1::1 $I
	refused 'in the tunnel, 2001:db8:88:2::7 .* directly by lan0' $udp \
		2001:db8:88:2::7 $I
	refused 'no usable' $udp 4000::6 $I

	client_conf tunnel_mode=v6udpv4 host_type=router if_prefix=lan0
	refused "$net" $udp $P $I 2001:db8:77:1:: 64
	refused "$net" $udp $P $I 2001:db8:77:: 48
	refused 'invalid prefix length 65' $udp $P $I 2001:db8:77:1:8000:: 65
	refused '2001:db8:88:1::/64, .* directly by lan0' $udp $P $I \
		2001:db8:88:: 48
	refused 'larger than the /48' $udp $P $I 2001:db8:4000:: 47
	refused 'larger than the /48' $udp $P $I 2001:db8:: 32
	refused 'far too large' $udp $P $I 2001:: 16
	refused 'not a usable prefix' $udp $P $I 64:: 48

	client_conf tunnel_mode=v6v4
	refused '10.77.0.5, the address of lan0' $B v6v4 10.77.0.5 $P $I
	refused '10.77.0.0/16, the network of lan0' $B v6v4 10.77.3.3 $P $I
	refused '192.168.1.2, the address of wan' $B v6v4 192.168.1.2 $P $I

	refused 'the server, 203.0.113.200 .*203.0.113.128/25.* directly by lan0' \
		$B v6v4 203.0.113.200 $P $I

	# A refusal can pass: it is waited for, and what is granted then is taken.
	client_conf tunnel_mode=v6udpv4 retry_delay=1 retry_delay_max=1
	lie $udp $P 2001:db8:88:1::6
	: >"$T/client.log"
	client_start
	wait_for 10 grep -q 'directly by lan0.*retrying in' "$T/client.log" ||
		fail "the refusal is not waited for"
	silence
	lie $udp $P $I
	wait_for 20 grep -q 'tunnel up: v6udpv4' "$T/client.log" ||
		fail "it is not tried again"
	client_stop || fail "exit status $?"
	silence

	# Nothing is in the way of a prefix that was ours before, by whatever
	# interface, though none has an address of it.
	client_conf tunnel_mode=v6udpv4 host_type=router if_prefix=lan0
	lie $udp $P $I 2001:db8:66:: 48
	: >"$T/client.log"
	client_start
	wait_for 10 grep -q 'tunnel up: v6udpv4' "$T/client.log" ||
		fail "a good prefix was refused"
	client_stop || fail "exit status $?"
	ip -n "$LAB-client" route add 2001:db8:66:9::/64 dev wan || fail "route"
	: >"$T/client.log"
	client_start
	wait_for 10 grep -q 'tunnel up: v6udpv4' "$T/client.log" ||
		fail "our own prefix was refused"
	client_stop || fail "exit status $?"
	ip -n "$LAB-client" route del 2001:db8:66:9::/64 dev wan || fail "route"
	silence

	# What collides with nothing is taken, whatever routes there are.
	lie $udp $P $I
	client_conf tunnel_mode=v6udpv4
	: >"$T/client.log"
	client_start
	wait_for 10 grep -q 'tunnel up: v6udpv4' "$T/client.log" ||
		fail "a good lease was refused"
	client_stop || fail "exit status $?"
	silence

	NODE=site6 from=brokerA
	client_conf tunnel_mode=v4v6 "server=[$BROKER6]"
	four="$BROKER6 v4v6 $BROKER6"
	refused '10.77.0.5, the address of side0' $four 100.64.1.1 10.77.0.5
	refused '10.77.0.0/16, the network of side0' $four 100.64.1.1 10.77.8.8
	refused '10.77.0.0/16, the network of side0' $four 10.77.8.8 100.64.1.2
	for bad in 127.0.0.5 169.254.3.3 224.1.1.1 240.0.0.1 0.0.0.1; do
		refused 'no usable' $four 100.64.1.1 $bad
		refused 'no usable' $four $bad 100.64.1.2
	done
}
