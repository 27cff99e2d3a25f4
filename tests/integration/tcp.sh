#!/bin/sh
# tcp - TSP over TCP, where UDP is blocked: IPv4 and IPv6; older versions of the
# protocol, down to 1.0.1, which knows no UDP and no accept.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

block_udp() {
	at brokerA nft -f - <<-'NFT' || skip "no filter here"
		table inet noudp {
			chain input {
				type filter hook input priority 0
				udp dport 3653 drop
			}
		}
	NFT
}

by_tcp() { # MODE TARGET SETTING...
	want=$1 target=$2
	shift 2
	client_conf "$@"
	client_up
	[ "$(status mode)" = "$want" ] || fail "$*: mode $(status mode)"
	[ "$(status transport)" = tcp ] || fail "$*: not by TCP"
	pings "$target" -c 2 || fail "$*: no ping crosses the tunnel"
	client_stop || fail "exit status $?"
}

restart_broker() { # SETTING...
	broker_stop
	broker_conf "listen=$BROKER4 [$BROKER6]" "pool4=$POOL4" \
		"auth=anonymous digest-md5 plain" "$@"
	broker_start
}

as_ann="userid=ann passwd=s3cret"
LEAVES=client # its address
lab_up --nat none
broker_conf
broker_start
restart_broker

# Over TCP and UDP, every version by itself.
for version in 2.0.2 2.0.1 2.0.0; do
	restart_broker versions=$version
	# shellcheck disable=SC2086 # words
	client_conf tunnel_mode=v6v4 auth_method=digest-md5 $as_ann
	client_up
	[ "$(status transport)" = udp ] || fail "$version: not by UDP"
	[ "$(status tsp_version)" = $version ] ||
		fail "version $(status tsp_version)"
	client_stop
done

restart_broker
block_udp
by_tcp v6v4 "$SERVER6" tunnel_mode=v6anyv4

# What is blocked where it was need not be so where it is now.
over_udp() { client_is_up && [ "$(status transport)" = udp ]; }
client_conf tunnel_mode=v6v4
client_up
[ "$(status transport)" = tcp ] || fail "before the move: not by TCP"
at brokerA nft delete table inet noudp
"$NETLAB" renumber "$LAB" client >/dev/null
wait_for 20 over_udp || fail "after the move: by $(status transport)"
pings "$SERVER6" -c 2 || fail "after the move: no ping"
client_stop || fail "exit status $?"
block_udp
# shellcheck disable=SC2086 # words
{
	by_tcp v6v4 "$SERVER6" tunnel_mode=v6v4 auth_method=digest-md5 $as_ann
	by_tcp v6v4 "$SERVER6" tunnel_mode=v6v4 auth_method=plain $as_ann
}
restart_broker versions=2.0.0
by_tcp v6v4 "$SERVER6" tunnel_mode=v6v4
NODE=site6
by_tcp v4v6 "$SERVER4" tunnel_mode=v4v6 "server=[$BROKER6]"
NODE=client

# 1.0.1, if the operator allows it
restart_broker versions=1.0.1
client_conf tunnel_mode=v6v4
client_run -n -b
rc=$?
[ $rc = 11 ] || fail "1.0.1 without allow_v1: exit status $rc, not 11"
for method in anonymous digest-md5; do
	# shellcheck disable=SC2086 # words
	by_tcp v6v4 "$SERVER6" tunnel_mode=v6v4 allow_v1=yes \
		auth_method=$method $as_ann
done
[ "$(broker_status tunnels)" -ge 1 ] || fail "no tunnel without an accept"

# Behind a NAT only v6udpv4 helps, and that is not for TCP.
restart_broker
"$NETLAB" nat "$LAB" masquerade
client_conf tunnel_mode=v6anyv4
client_run -n -b
rc=$?
# That UDP is silent may pass, and so it is what counts.
[ $rc = 9 ] || fail "TCP behind a NAT: exit status $rc, not 9"
grep -q 'UDP: no answer; then: .*status 303' "$T/client.log" ||
	fail "the reason is not told"

# No TCP at all
restart_broker tcp=no
client_conf tunnel_mode=v6v4
client_run -n -b
rc=$?
[ $rc = 9 ] || fail "without TCP: exit status $rc, not 9"
