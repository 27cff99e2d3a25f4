#!/bin/sh
# v6v4 - IPv6 in IPv4 by protocol 41: scenarios 1 and 2 of the guide, a host
# with a public address, as anybody and as a user.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

lab_up --nat none
broker_conf
broker_start

kernel_state client >"$T/before"
for mode in v6v4 v6anyv4; do
	client_conf tunnel_mode=$mode
	client_up
	[ "$(status mode)" = v6v4 ] || fail "$mode: granted $(status mode)"
	[ "$(status nat)" = no ] || fail "$mode: a NAT is seen"
	[ "$(status data_path)" = "$DATA_PATH" ] ||
		fail "data path: $(status data_path), not $DATA_PATH"
	pings "$SERVER6" -c 3 || fail "$mode: no ping crosses the tunnel"
	pings "$(tunnel_peer)" -s 1232 -M "do" || fail "1280 octets do not cross"
	client_stop || fail "exit status $?"
done

[ "$(unreachables brokerA)" = 0 ] ||
	fail "the broker's kernel calls us unreachable"

# The same address again for the same user.
client_conf tunnel_mode=v6v4 auth_method=digest-md5 userid=ann passwd=s3cret
client_up
address=$(tunnel_address)
client_stop
client_up
[ "$(tunnel_address)" = "$address" ] || fail "another address than $address"
at server ping -n -q -c 1 -W 2 "$address" || fail "no ping from outside"
client_stop
kernel_state client >"$T/after"
diff "$T/before" "$T/after" || fail "something is left at the client"

client_up -i tun41
[ "$(status interface)" = tun41 ] || fail "interface $(status interface)"
client_stop

# What is not from a tunnel's far end, or not from its inner address, gets
# nowhere. (kernel tunnels of the client let a packet with a foreign source
# out, the broker has to stop it)
client_up
at client ip addr add 2001:db8:bad::1/128 dev "$(status interface)"
! pings "$SERVER6" -I 2001:db8:bad::1 || fail "a forged source gets through"

broker_stop
! at brokerA ip -o link show | grep -q gw6c ||
	fail "the broker left an interface"
client_stop
