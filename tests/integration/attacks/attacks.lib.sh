# attacks.lib.sh - a lab with an attacker that sees nothing of the path.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh disable=SC2034
#
# Sourced. The attacker is node brokerC, whose provider lets any source address
# pass; the victim of forged sources is node brokerB.

: "${top:=$(cd "$(dirname "$0")/../../.." && pwd)}"
. "$top/tests/integration/lib.sh"

ATTACKER=brokerC
VICTIM=brokerB
VICTIM4=198.51.100.18
NAT4=203.0.113.2
attack_pid=

# attack KIND FROM[/BITS] PPS SECONDS: prints octets and datagrams.
attack() {
	at "$ATTACKER" "$TOOLS/attacker" "$1" "$2" "$BROKER4:3653" "$3" "$4"
}

attack_begin() { # KIND FROM[/BITS] PPS
	attack_sent=$(octets "$ATTACKER" tx)
	ip netns exec "$LAB-$ATTACKER" "$TOOLS/attacker" "$1" "$2" \
		"$BROKER4:3653" "$3" 300 >"$T/attack" &
	attack_pid=$!
	wait_for 5 attack_is_on || fail "the attacker sends nothing"
}
attack_is_on() {
	[ "$(octets "$ATTACKER" tx)" -gt $((attack_sent + 20000)) ]
}
attack_end() {
	ended "$attack_pid"
	attack_pid=
}

# Octets of IP that a node has sent (tx) or received (rx); the cable counts the
# 14 of Ethernet, too.
octets() { # NODE rx|tx
	at "$1" sh -c "cd /sys/class/net/wan/statistics &&
		echo \$((\$(cat $2_bytes) - 14 * \$(cat $2_packets)))"
}

# login_ms [NAME=VALUE...]: how long a client needs to be granted a tunnel, by
# a dry run with a state of its own.
login_ms() {
	sed -e "s,^run_dir=.*,run_dir=$T/run3," \
		-e "s,^state_dir=.*,state_dir=$T/state3," \
		"$T/gw6c.conf" >"$T/login.conf"
	mkdir -p "$T/run3" "$T/state3"
	conf_set "$T/login.conf" "$@"
	login_from=$(now_ms)
	at client timeout 20 "$GW6C" -f "$T/login.conf" --dry-run \
		>"$T/login.log" 2>&1 || return 1
	echo $(($(now_ms) - login_from))
}
