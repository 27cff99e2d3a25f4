# lib.sh - a lab, a broker and a client for one integration test.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh disable=SC2034
#
# Sourced; $top is the source tree and $GW6C_BUILD the build directory (in a
# test both are found). The lab is removed when the test ends, however it
# does. Exit status of a test: 0 passed, 1 failed, 77 skipped with a reason.

PATH=$PATH:/usr/sbin:/sbin
LC_ALL=C
export PATH LC_ALL
test_name=$(basename "$0" .sh)
: "${top:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${GW6C_BUILD:=$PWD}"

GW6C=$GW6C_BUILD/gw6c
BROKER=$GW6C_BUILD/gw6c-broker
TOOLS=$GW6C_BUILD/tests/integration # master, mischief, stream
LAB=g$$ # prefix of the namespaces
NETLAB=$top/tests/integration/netlab
BROKER4=198.51.100.2
SERVER6=2001:db8:ffff::80 # behind the broker
POOL6=2001:db8:1000::/36
INTERVAL=5 # seconds between keepalives

say() { printf '%s: %s\n' "$test_name" "$*"; }
skip() {
	say "skipped: $*"
	exit 77
}
fail() {
	say "FAILED: $*"
	for log in ${T:+"$T"/*.log}; do
		[ ! -s "$log" ] || {
			printf -- '--- the end of %s\n' "$(basename "$log")"
			tail -n 40 "$log"
		}
	done
	exit 1
}

# --- the lab ----------------------------------------------------------------

T= # files of this test
lab_is_up=no

lab_end() {
	[ "$lab_is_up" = no ] || "$NETLAB" down "$LAB"
	lab_is_up=no
	[ -z "$T" ] || rm -rf "$T"
	T=
}
trap 'lab_end' EXIT
trap 'exit 130' INT TERM HUP

need() { # COMMAND...
	for tool; do
		command -v "$tool" >/dev/null || skip "$tool is not installed"
	done
}

need_programs() {
	[ -z "${GW6C_NO_LAB:-}" ] || skip "GW6C_NO_LAB is set"
	[ -x "$GW6C" ] || fail "there is no $GW6C"
	[ -x "$BROKER" ] || fail "there is no $BROKER"
	T=$(mktemp -d "${TMPDIR:-/tmp}/gw6c.XXXXXX") || exit 1
	mkdir "$T/plugins" "$T/run" "$T/state"
	cp "$GW6C_BUILD"/.libs/*.so "$T/plugins" || fail "no plugins are built"
	: >"$T/client.log"
}

# lab_up [OPTION OF NETLAB...]
lab_up() {
	[ "$(id -u)" = 0 ] || skip "needs root, for network namespaces"
	need ip nft ping flock
	[ -c /dev/net/tun ] || skip "there is no /dev/net/tun"
	unshare -n true 2>/dev/null || skip "cannot make network namespaces"
	need_programs
	lab_is_up=yes
	"$NETLAB" up "$LAB" "$@" || skip "cannot make the lab; see above"
	wait_for 5 lab_is_calm || fail "the lab's cables have no carrier"
}

# The kernel tells the carrier late, and gives link-local addresses then.
lab_is_calm() {
	ip -n "$LAB-client" -6 -o address show dev lan0 scope link |
		grep -q -v tentative &&
		ip -n "$LAB-client" -6 -o address show dev wan scope link |
		grep -q -v tentative
}

at() { # NODE COMMAND...
	node=$1
	shift
	ip netns exec "$LAB-$node" "$@"
}

# Everything in the kernel of a node that a tunnel could leave changed. The
# numbers left out change by themselves.
kernel_state() { # NODE
	for list in 'address' '-4 route show table all' \
		'-6 route show table all' '-4 rule' '-6 rule' 'tuntap'; do
		printf '# ip %s\n' "$list"
		# shellcheck disable=SC2086 # words
		ip -n "$LAB-$1" $list
	done
	printf '# sysctl\n'
	at "$1" grep -rs '' /proc/sys/net | sort |
		grep -v -e nf_conntrack_count
}

# --- waiting ----------------------------------------------------------------

now_ms() { date +%s%3N; }

# Wait until COMMAND succeeds, at most SECONDS; what it prints is lost.
wait_for() { # SECONDS COMMAND...
	wait_until=$(($(now_ms) + $1 * 1000))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$(now_ms)" -lt "$wait_until" ] || return 1
		sleep 0.1
	done
}

# --- the broker -------------------------------------------------------------

broker_pid=

# broker_conf [NAME=VALUE...]: what follows replaces the settings here.
broker_conf() {
	cat >"$T/broker.conf" <<-CONF
		listen=$BROKER4
		pool6=$POOL6
		plugin_dir=$T/plugins
		run_dir=$T/broker-run
		state_dir=$T/broker-state
		log_stderr=3
		user.ann.passwd=s3cret
		auth=anonymous digest-md5
	CONF
	mkdir -p "$T/broker-run" "$T/broker-state"
	conf_set "$T/broker.conf" "$@"
}

conf_set() { # FILE NAME=VALUE...
	conf_file=$1
	shift
	for setting; do
		grep -v "^${setting%%=*}=" "$conf_file" >"$conf_file.new"
		printf '%s\n' "$setting" >>"$conf_file.new"
		mv "$conf_file.new" "$conf_file"
	done
	chmod 600 "$conf_file"
}

broker_start() {
	ip netns exec "$LAB-brokerA" "$BROKER" -n -f "$T/broker.conf" \
		>>"$T/broker.log" 2>&1 &
	broker_pid=$!
	wait_for 10 "$BROKER" -f "$T/broker.conf" --status ||
		fail "the broker did not start"
}

broker_alive() { kill -0 "$broker_pid" 2>/dev/null; }

broker_stop() { # [SIGNAL]
	kill -"${1:-TERM}" "$broker_pid" && wait "$broker_pid" 2>/dev/null
}

broker_status() { # NAME
	"$BROKER" -f "$T/broker.conf" --status 2>/dev/null |
		sed -n "s/^$1  *//p"
}

# --- the client -------------------------------------------------------------

client_pid=

client_conf() { # [NAME=VALUE...]
	cat >"$T/gw6c.conf" <<-CONF
		server=$BROKER4
		auth_method=anonymous
		keepalive_interval=$INTERVAL
		retry_delay=1
		retry_delay_max=2
		plugin_dir=$T/plugins
		run_dir=$T/run
		state_dir=$T/state
		log_stderr=3
	CONF
	conf_set "$T/gw6c.conf" "$@"
}

# In the foreground of the node; to wait for the end, or for client_is_up.
client_start() { # [OPTION...]
	ip netns exec "$LAB-client" "$GW6C" -n -f "$T/gw6c.conf" "$@" \
		>>"$T/client.log" 2>&1 &
	client_pid=$!
}

client_up() { # the same, and wait for the tunnel
	client_start "$@"
	wait_for 15 client_is_up || fail "the tunnel did not come up"
}

# Run to its end, or at most 20 s; the exit status is gw6c's.
client_run() { # OPTION...
	at client timeout -k 5 20 "$GW6C" -f "$T/gw6c.conf" "$@" \
		>"$T/client.log" 2>&1
}

client_alive() { kill -0 "$client_pid" 2>/dev/null; }
client_is_up() { [ "$(status state)" = up ]; }

# TERM, and wait for the end, also of one that went to the background.
client_stop() { # [SIGNAL]
	stop_pid=$(status pid)
	kill -"${1:-TERM}" "$stop_pid" || return 1
	wait "$stop_pid" 2>/dev/null
	stop_rc=$?
	wait_for 10 sh -c "! kill -0 $stop_pid" || fail "gw6c does not end"
	[ "$stop_rc" = 127 ] || return "$stop_rc"
}

status() { # NAME: one value of gw6c --status
	"$GW6C" -f "$T/gw6c.conf" --status 2>/dev/null | sed -n "s/^$1  *//p"
}

# The address without the length of the prefix
tunnel_address() { status address | cut -d/ -f1; }
tunnel_peer() { status peer | cut -d/ -f1; }

pings() { # ADDRESS [OPTION...]
	ping_to=$1
	shift
	at client ping -n -q -c 1 -W 1 "$@" "$ping_to"
}

count_lines() { # PATTERN FILE
	grep -c -e "$1" "$2" || true
}
