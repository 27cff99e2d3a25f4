#!/bin/sh
# statuses - every status a broker can answer with: the operator is told what
# to change, and the client ends with its own exit status, or tries again.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

says() { # PHASE:CODE
	broker_conf refuse="$1" auth=anonymous
	: >"$T/broker.log.new"
	n=$(grep -c 'reloading' "$T/broker.log")
	kill -HUP "$broker_pid"
	wait_for 20 reloaded "$n" || fail "the broker did not reload"
}
reloaded() { [ "$(grep -c 'reloading' "$T/broker.log")" -gt "$1" ]; }

ends() { # PHASE:CODE EXIT TEXT
	says "$1"
	client_run -n -b
	rc=$?
	[ $rc = "$2" ] || fail "$1: exit status $rc, not $2"
	grep -q -e "$3" "$T/client.log" || fail "$1: no word of \"$3\""
	grep -q -e "status ${1#*:}" "$T/client.log" ||
		fail "$1: the number is not told"
}

# What can pass is waited for: up again when it has.
passes() { # PHASE:CODE TEXT
	says "$1"
	: >"$T/client.log"
	client_start
	wait_for 20 grep -q -e "$2.*retrying" "$T/client.log" ||
		fail "$1: no word of \"$2\", or it does not try again"
	broker_conf auth=anonymous
	kill -HUP "$broker_pid"
	wait_for 20 client_is_up || fail "$1: not up when it has passed"
	client_stop || fail "exit status $?"
}

lab_up
broker_conf auth=anonymous
broker_start
client_conf

ends login:300 16 'check userid and passwd'
ends version:303 15 'set another tunnel_mode'
ends create:303 15 'set another tunnel_mode'
ends create:301 12 'no tunnel left'
ends create:500 13 'report it'
ends create:501 13 'set client_v4'
ends create:502 13 'set client_v6'
ends create:507 13 'set another prefixlen'
ends create:509 13 'remove dns_server'
ends create:518 13 'set another prefixlen'
ends create:520 13 'set prefixlen'
ends create:522 13 'host_type=host'
ends create:598 13 'ask its operator'
ends version:302 11 'use another server'
ends accept:310 13 'internal error of the broker'
passes create:301 'no tunnel left'
passes login:310 'internal error of the broker'
passes create:506 'in use'
passes create:521 'already in progress'
passes version:530 'too busy'
passes login:530 'too busy'
passes create:599 'timed out waiting for us'
