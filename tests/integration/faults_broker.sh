#!/bin/sh
# faults_broker - what can happen to a broker: how long until traffic flows again.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/faults.lib.sh"

break_killed() { broker_stop KILL; }
heal_killed() { broker_start; }
break_amnesia() {
	broker_stop KILL
	rm -f "$T"/broker-state/*
}
heal_amnesia() { broker_start; }
break_restart() { broker_stop TERM; }
heal_restart() { broker_start; }
break_stopped() { kill -STOP "$broker_pid"; }
heal_stopped() { kill -CONT "$broker_pid"; }
break_broker_tun() { ip -n "$LAB-brokerA" link delete "$broker_dev"; }
heal_broker_tun() {
	wait "$broker_pid" 2>/dev/null
	broker_start
}
refusing() { # SETTING...
	broker_stop KILL
	broker_conf "$@"
	broker_start
}
honest() {
	broker_conf
	kill -HUP "$broker_pid"
}
break_busy() { refusing refuse=version:530; }
heal_busy() { honest; }
break_full() { refusing refuse=create:301; }
heal_full() { honest; }
break_in_use() { refusing refuse=create:506; }
heal_in_use() { honest; }
break_inside() { refusing refuse=login:310; }
heal_inside() { honest; }
break_to_self() { refusing refuse=version:1300 redirect=$BROKER4; }
heal_to_self() { honest; }
break_to_dead() {
	refusing refuse=version:1300 redirect="198.51.100.99 198.51.100.98"
}
heal_to_dead() { honest; }
break_circle() {
	refusing refuse=create:1300 redirect="$BROKER4 $RELAY"
	relay plain
}
heal_circle() {
	relay_stop
	honest
}

faults_lab
faults_client
broker_dev=$(broker_status interface)
# Between two sessions that the broker has forgotten there are 10 s, at least.
fault told 2 killed "broker killed"
fault lost 10 stopped "broker hangs"
fault told 2 amnesia "broker killed, its state lost"
fault lost 10 stopped "broker hangs again"
fault told 2 broker_tun "packet device of the broker deleted"
fault told 2 restart "broker stopped in order"
fault lost 2 busy "broker busy (530)"
fault lost 2 full "no tunnel left (301)"
fault lost 2 in_use "interface of the broker in use (506)"
fault lost 2 inside "internal error of the broker (310)"
fault lost 2 to_self "redirected to itself"
fault lost 2 to_dead "redirected to the dead"
fault lost 2 circle "redirected in circles"
faults_end
