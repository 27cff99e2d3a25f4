#!/bin/sh
# flow_label - keepalives have the flow label 0: there are brokers that do not
# answer some of the others.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

lab_up
broker_conf
broker_start
at client cat /proc/sys/net/ipv6/auto_flowlabels | grep -q '[123]' ||
	skip "this kernel gives no flow labels by itself"

# Two tunnels: the kernel makes one label for each socket.
for tunnel in 1 2; do
	client_conf keepalive_interval=2
	client_up
	at client "$TOOLS/labels" gw6c0 2 >"$T/labels" ||
		fail "no keepalives in tunnel $tunnel"
	[ "$(sort -u "$T/labels")" = 0 ] ||
		fail "keepalives have the flow label $(sort -u "$T/labels")"
	client_stop || fail "exit status $?"
done
