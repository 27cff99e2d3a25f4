# faults.lib.sh - what goes wrong around a tunnel, one after the other: how
# long it takes after the cause is gone until traffic flows again.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh disable=SC2119 # functions that may have arguments
#
# Sourced by the tests faults_*.sh, which together are the matrix of faults.

. "$(dirname "$0")/lib.sh"

is_long
LEAVES=client # is renumbered, and more; looked at by faults_end
RELAY=198.51.100.18 # at brokerB, where no broker is
REST=$((3 * INTERVAL)) # s: what nobody can know is found by keepalives
# A tunnel that is lost soon after the last one waits: here a second.
account='auth_method=digest-md5 userid=ann passwd=s3cret retry_delay_max=1'

# Each fault NAME is a pair of functions, break_NAME and heal_NAME. KIND:
# told - the client can know when the cause is gone
# lost - only its keepalives can tell, or the next try
rows=0 told=
row() { printf '  %-46s %-5s %7s ms\n' "$1" "$2" "$3"; }
flows() { pings "$SERVER6" -W 0.3; }

# fault KIND HOLD NAME TEXT: break, wait HOLD seconds, heal, measure
fault() {
	row_kind=$1 row_text=$4
	[ -z "${ONLY:-}" ] || [ "$ONLY" = "$3" ] || return 0
	printf '\n--- %s\n' "$4" | tee -a "$T/broker.log" >>"$T/client.log"
	wait_for $REST flows || fail "$4: the tunnel does not work before"
	break_"$3"
	sleep "$2"
	printf -- '--- healed\n' >>"$T/client.log"
	heal_"$3" || fail "$4: cannot heal"
	from=$(now_ms)
	wait_for $((REST + 5)) flows
	outcome $? $(($(now_ms) - from))
}
failures=
outcome() { # RC MS
	ms=$2
	if [ "$1" != 0 ] || ! client_alive || [ "$ms" -gt $((REST * 1000 + 5000)) ]; then
		failures="$failures, $row_text ($ms ms)"
		row "$row_text" "$row_kind" "$ms FAILED"
		sed -n "/^--- $row_text/,\$p" "$T/client.log" | tail -n 60
		restart
		return
	fi
	row "$row_text" "$row_kind" "$ms"
	[ "$row_kind" = lost ] || told="$told $ms"
	rows=$((rows + 1))
}
restart() {
	client_alive && client_stop
	broker_alive || broker_start
	client_up
}

firewall() { # NODE RULE...: in a table of our own
	where=$1
	shift
	at "$where" nft add table inet fault
	at "$where" nft add chain inet fault "$FW_HOOK" \
		"{ type filter hook $FW_HOOK priority 0; }"
	at "$where" nft add rule inet fault "$FW_HOOK" "$@"
}
FW_HOOK=forward
no_firewall() { at "$1" nft delete table inet fault; }

relay_pid=
relay_stop() {
	[ -z "$relay_pid" ] || kill "$relay_pid" 2>/dev/null
	wait "$relay_pid" 2>/dev/null
	relay_pid=
}
relay() { # MODE
	relay_stop
	ip netns exec "$LAB-brokerB" "$TOOLS/relay" $RELAY:3653 \
		$BROKER4:3653 "$1" 2>>"$T/relay.log" &
	relay_pid=$!
}

faults_lab() {
	lab_up
	broker_conf
	broker_start
	say "until traffic flows again, after the cause is gone"
}
faults_client() { # SETTING...
	# shellcheck disable=SC2086 # words
	client_conf $account "$@"
	client_up
}

faults_end() {
	client_alive && { client_stop || fail "exit status $?"; }
	! ip -n "$LAB-client" link show | grep gw6c ||
		fail "an interface is left"
	[ -z "$(ip -n "$LAB-client" -6 route show proto 199)" ] ||
		fail "a route is left"
	# shellcheck disable=SC2086 # numbers
	median=$(printf '%s\n' $told | sort -n |
		sed -n "$(($(echo "$told" | wc -w) / 2 + 1))p")
	say "$rows faults; median where the client can know:" \
		"${median:-none} ms"
	[ -z "$failures" ] || fail "no good end of: ${failures#, }"
	# Without being told, a client notices after a keepalive interval at best.
	[ "${median:-0}" -lt 4000 ] || fail "the median is above 4000 ms"
}
