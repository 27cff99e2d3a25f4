#!/bin/sh
# descriptors - connections that say nothing take no place from those who log
# in, and no processor time, however few descriptors there are.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
top=$(cd "$(dirname "$0")/../../.." && pwd)
. "$top/tests/integration/lib.sh"

ADDRESSES=51
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

limited_start() { # LIMIT...
	ip netns exec "$LAB-brokerA" prlimit "$@" "$BROKER" -n -f "$T/broker.conf" \
		>>"$T/broker.log" 2>&1 &
	broker_pid=$!
	wait_for 10 "$BROKER" -f "$T/broker.conf" --status ||
		fail "the broker did not start"
}

ticks() { # processor time of the broker, in 1/100 s
	awk '{ print $14 + $15 }' "/proc/$broker_pid/stat"
}

crowd_start() { # EACH
	ip netns exec "$LAB-core" "$TOOLS/crowd" idle 10.66.0.1 $ADDRESSES "$1" "$BROKER4" 3653 \
		40 >"$T/crowd" 2>&1 &
	crowd_pid=$!
	wait_for 30 grep -q '^open' "$T/crowd" || fail "no crowd: $(cat "$T/crowd")"
	say "$(cat "$T/crowd")"
}
crowd_stop() {
	kill "$crowd_pid"
	wait "$crowd_pid" 2>/dev/null
}

crowded() { # WHAT EACH
	crowd_start "$2"
	before=$(ticks)
	sleep 3
	used=$(($(ticks) - before))
	[ "$used" -lt 60 ] || fail "$1: the broker used $used of 300 ticks"
	client_conf tunnel_mode=v6anyv4 auth_method=digest-md5 userid=ann \
		passwd=s3cret
	from=$(now_ms)
	client_start
	wait_for 20 client_is_up || fail "$1: no login over TCP"
	say "$1: up after $(($(now_ms) - from)) ms, $used ticks in 3 s"
	[ "$(status transport)" = tcp ] || fail "$1: not over TCP"
	client_stop || fail "$1: exit status $?"
	crowd_stop
	broker_alive || fail "$1: the broker ended"
	broker_stop
}

need prlimit
lab_up --nat none
LEAVES=core
i=1
while [ $i -le $ADDRESSES ]; do
	ip -n "$LAB-core" address add 10.66.0.$i/32 dev lo
	i=$((i + 1))
done
broker_conf
block_udp

# As a shell or an old unit starts it; it raises the limit by itself.
limited_start --nofile=1024:4096
crowded "51 addresses, 32 each" 32

# There is no more to be had.
limited_start --nofile=48:48
crowded "48 descriptors" 2
at brokerA nft delete table inet noudp
