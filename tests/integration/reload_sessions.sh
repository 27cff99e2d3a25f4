#!/bin/sh
# reload_sessions - sessions of every mechanism, over UDP and TCP, several at
# once and half way through, while the broker reloads again and again.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
is_long

lab_up
broker_conf "auth=plain digest-md5 scram-sha-256 passdss-3des-1" \
	user.plain.passwd=s3cret user.digest-md5.passwd=s3cret \
	user.scram-sha-256.passwd=s3cret user.passdss-3des-1.passwd=s3cret \
	user.plain.sessions=2 user.digest-md5.sessions=2 \
	user.scram-sha-256.sessions=2 user.passdss-3des-1.sessions=2
"$BROKER" -f "$T/broker.conf" keygen >/dev/null || fail "no server key"
broker_start
# A session takes a second then, where the kernel can delay packets.
for node in brokerA brokerB brokerC; do
	"$NETLAB" path "$LAB" $node 100 2>/dev/null
done
# Only the client's network may use UDP.
at brokerA nft -f - <<-'NFT' || skip "no filter here"
	table inet noudp {
		chain input {
			type filter hook input priority 0
			ip saddr != 203.0.113.0/24 udp dport 3653 drop
		}
	}
NFT
pids=
metric=3000

start() { # NODE MODE MECHANISM
	own=$T/$1-$3
	metric=$((metric + 1))
	mkdir -p "$own/run" "$own/state"
	client_conf "tunnel_mode=$2" "auth_method=$3" "userid=$3" \
		passwd=s3cret "metric=$metric" allow_plain=yes "run_dir=$own/run" \
		server_key_policy=accept-new "state_dir=$own/state"
	cp -p "$T/gw6c.conf" "$own/gw6c.conf"
	ip netns exec "$LAB-$1" "$GW6C" -n -f "$own/gw6c.conf" \
		>>"$own.log" 2>&1 &
	pids="$pids $!"
}
all_up() {
	for conf in "$T"/*/gw6c.conf; do
		"$GW6C" -f "$conf" --status 2>/dev/null |
			grep -q '^state  *up$' || return 1
	done
}
stop_all() {
	for pid in $pids; do
		kill "$pid"
		wait "$pid" || fail "a client ended with $?"
	done
	pids=
	rm -rf "$T"/client-* "$T"/brokerB-* "$T"/brokerC-*
}

# Over TCP, one client at an address.
pass() { # MECHANISM MECHANISM: over TCP
	for mechanism in plain digest-md5 scram-sha-256 passdss-3des-1; do
		start client v6udpv4 $mechanism
	done
	start brokerB v6v4 "$1"
	start brokerC v6v4 "$2"
	for n in 1 2 3 4 5 6 7 8 9 10; do
		conf_set "$T/broker.conf" user.other.passwd=$n
		kill -HUP "$broker_pid" || fail "the broker has died"
		sleep 0.3
	done
	wait_for 40 all_up || fail "not all sessions lead to a tunnel"
	for node in brokerB brokerC; do
		"$GW6C" -f "$T"/$node-*/gw6c.conf --status |
			grep -q '^transport  *tcp$' || fail "$node: not by TCP"
	done
	stop_all
}

pass passdss-3des-1 scram-sha-256
pass digest-md5 plain
told=$(grep -c -e 'accounts changed: other$' "$T/broker.log")
[ "$told" -ge 18 ] || fail "only $told of 20 reloads were told"
! grep -q 'there is no server key' "$T/broker.log" ||
	fail "a reload has lost the server key"
broker_stop || fail "the broker ended with $?"
at brokerA nft delete table inet noudp
