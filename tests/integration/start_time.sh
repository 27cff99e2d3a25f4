#!/bin/sh
# start_time - prints how long a start takes, network and our part.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

lab_up
broker_conf
broker_start
client_conf tunnel_mode=v6udpv4

rtt=$(at client ping -n -q -c 5 -i 0.2 "$BROKER4" |
	sed -n 's|.*= [0-9.]*/\([0-9.]*\)/.*|\1|p')
for round in 1 2 3; do
	from=$(now_ms)
	client_run || fail "exit status $?"
	took=$(($(now_ms) - from))
	say "round $round: the tunnel was up $took ms after the start" \
		"(a round trip takes $rtt ms)"
	[ $took -lt 10000 ] || fail "a start takes $took ms on a good network"
	client_stop
done
