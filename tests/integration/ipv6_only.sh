#!/bin/sh
# ipv6_only - a network without IPv4, and a mode that needs it: the message
# says so, and what to set; one without any network says neither.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

HINT='this network has no IPv4; set tunnel_mode=v4v6'

lab_up
NODE=site6
LEAVES=site6 # loses its addresses
client_conf
client_start
wait_for 20 grep -q "$HINT" "$T/client.log" || fail "the remedy is not told"
ended "$client_pid"
ip -n "$LAB-site6" link set wan down
: >"$T/client.log"
client_start
wait_for 20 grep -q 'Network is unreachable' "$T/client.log" ||
	fail "no word of the reason"
ended "$client_pid"
client_pid=
! grep -q "$HINT" "$T/client.log" || fail "without IPv6 it is no remedy"
