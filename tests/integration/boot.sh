#!/bin/sh
# boot - started before there is a network: the client waits, says so once,
# and is there as soon as the network is.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

LEAVES=client
hosts=/etc/netns/$LAB-client/hosts
boot_end() {
	end_rc=$?
	rm -rf "/etc/netns/$LAB-client"
	sh -c "exit $end_rc"
	test_end
}
trap 'boot_end' EXIT
lab_up
mkdir -p "/etc/netns/$LAB-client"
# No resolver ever answers: what is known is in the file of hosts.
printf 'nameserver 203.0.113.77\n' >"/etc/netns/$LAB-client/resolv.conf"
broker_conf
broker_start

network_off() {
	ip -n "$LAB-client" link set wan down
	ip -n "$LAB-client" address flush dev wan
	: >"$hosts"
}
network_on() { # as a DHCP client does it: link, address, route, resolver
	ip -n "$LAB-client" link set wan up
	ip -n "$LAB-client" address add 192.168.1.2/24 dev wan
	printf '%s broker.test\n' "$BROKER4" >"$hosts"
	ip -n "$LAB-client" route add default via 192.168.1.1
}
warnings() { grep -c 'warning: .*retrying' "$T/client.log"; }

for server in $BROKER4 broker.test; do
	for seconds in 1 7; do
		network_off
		# A retry would come much later than the network.
		client_conf "server=$server" retry_delay=60 \
			retry_delay_max=60
		: >"$T/client.log"
		client_start
		sleep $seconds
		client_alive || fail "$server: it ended without a network"
		network_on
		from=$(now_ms)
		wait_for 20 client_is_up ||
			fail "$server: no tunnel 20 s after the network"
		ms=$(($(now_ms) - from))
		say "$server, $seconds s before the network: up $ms ms after it"
		[ "$ms" -le 10000 ] || fail "that is late"
		[ "$(warnings)" -le 1 ] || fail "it says so $(warnings) times"
		client_stop || fail "exit status $?"
	done
done
