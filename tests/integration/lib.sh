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
umask 022 # what others may write is not obeyed
test_name=$(basename "$0" .sh)
: "${top:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${GW6C_BUILD:=$PWD}"

GW6C=$GW6C_BUILD/gw6c
BROKER=$GW6C_BUILD/gw6c-broker
TOOLS=$GW6C_BUILD/tests/integration # master, mischief, stream
LAB=g$$ # prefix of the namespaces
NETLAB=$top/tests/integration/netlab
NODE=client # where gw6c runs; site6 has IPv6 only
BROKER4=198.51.100.2
BROKER6=2001:db8:a::2
SERVER6=2001:db8:ffff::80 # behind the broker
SERVER4=192.0.2.80
POOL6=2001:db8:1000::/36
POOL4=100.64.1.0/24
INTERVAL=5 # seconds between keepalives
: "${DATA_PATH:=user space}" # or kernel, where it has sit and ip6tnl

say() { printf '%s: %s\n' "$test_name" "$*"; }
skip() {
	say "skipped: $*"
	exit 77
}
fail() {
	for log in ${T:+"$T"/*.log}; do
		[ ! -s "$log" ] || {
			printf -- '--- the end of %s\n' "$(basename "$log")"
			tail -n 40 "$log"
		}
	done
	say "FAILED: $*"
	exit 1
}

# For tests that take minutes: they are not run in every build.
is_long() {
	[ -z "${GW6C_BRIEF:-}" ] || skip "long; ./check -a runs it"
}

# --- the lab ----------------------------------------------------------------

T= # files of this test
lab_is_up=no
LEAVES= # nodes that a test changes itself: not compared at its end

lab_end() {
	[ "$lab_is_up" = no ] || "$NETLAB" down "$LAB"
	lab_is_up=no
	[ -z "$T" ] || rm -rf "$T"
	T=
}

# A test that has passed is at last asked what it has left in the kernel.
test_end() {
	end_rc=$?
	if [ "$end_rc" = 0 ] && [ "$lab_is_up" = yes ]; then
		ended "$client_pid" "$broker_pid"
		nothing_is_left || end_rc=1
	fi
	lab_end
	exit "$end_rc"
}

ended() { # PID...
	for pid; do
		[ -z "$pid" ] || ! kill "$pid" 2>/dev/null ||
			wait "$pid" 2>/dev/null
	done
}

nothing_is_left() {
	for node in client site6 brokerA; do
		case " $LEAVES " in
		*" $node "*) continue ;;
		esac
		kernel_state "$node" >"$T/end.$node"
		diff "$T/begin.$node" "$T/end.$node" || {
			say "FAILED: something is left at $node"
			return 1
		}
	done
}
trap 'test_end' EXIT
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
	[ -e "$GW6C_BUILD/.libs/os_linux.so" ] ||
		skip "built without the Linux backend"
	T=$(mktemp -d "${TMPDIR:-/tmp}/gw6c.XXXXXX") || exit 1
	mkdir "$T/plugins" "$T/run" "$T/state"
	cp "$GW6C_BUILD"/.libs/*.so "$T/plugins" || fail "no plugins are built"
	cp "$top/conf/plugins.index" "$T/plugins" || fail "no index"
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
	wait_for 20 lab_is_calm || fail "the lab's cables have no carrier"
	for node in client site6 brokerA; do
		kernel_state "$node" >"$T/begin.$node"
	done
}

# The kernel tells the carrier late, and gives link-local addresses then.
lab_is_calm() {
	for end in client/lan0 client/wan site6/wan brokerA/wan brokerA/back; do
		ip -n "$LAB-${end%/*}" -6 -o address show dev "${end#*/}" \
			scope link | grep -q -v tentative || return 1
	done
}

at() { # NODE COMMAND...
	node=$1
	shift
	ip netns exec "$LAB-$node" "$@"
}

# Everything in the kernel of a node that a tunnel could leave changed. The
# numbers left out change by themselves.
kernel_state() { # NODE
	for list in address '-4 rule' '-6 rule' tuntap; do
		printf '# ip %s\n' "$list"
		# shellcheck disable=SC2086 # words
		ip -n "$LAB-$1" $list
	done
	# Those of the kernel itself come in any order.
	for family in -4 -6; do
		printf '# ip %s route\n' "$family"
		ip -n "$LAB-$1" "$family" route show table all | sort
	done
	printf '# sysctl\n'
	at "$1" grep -rs '' /proc/sys/net | sort |
		grep -v -e nf_conntrack_count
}

# Packets for which the kernel of a node has said "destination unreachable"
unreachables() { # NODE
	# shellcheck disable=SC2016 # of awk
	at "$1" awk '
		/^Icmp: InMsgs/ { for (i = 1; i <= NF; i++) name[i] = $i; next }
		/^Icmp:/ { for (i = 1; i <= NF; i++)
			if (name[i] == "OutDestUnreachs") sum += $i }
		/^Icmp6OutDestUnreachs/ { sum += $2 }
		END { print sum + 0 }' /proc/net/snmp /proc/net/snmp6
}

# --- waiting ----------------------------------------------------------------

now_ms() { date +%s%3N; }

# Wait until COMMAND succeeds, at most SECONDS; what it prints is lost. On a
# busy machine all takes longer: 20, or what only a wrong program would need.
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
	wait_for 20 "$BROKER" -f "$T/broker.conf" --status ||
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
	ip netns exec "$LAB-$NODE" "$GW6C" -n -f "$T/gw6c.conf" "$@" \
		>>"$T/client.log" 2>&1 &
	client_pid=$!
}

client_up() { # the same, and wait for the tunnel
	client_start "$@"
	wait_for 30 client_is_up || fail "the tunnel did not come up"
}

# Run to its end, or at most 40 s; the exit status is gw6c's.
client_run() { # OPTION...
	at "$NODE" timeout -k 5 40 "$GW6C" -f "$T/gw6c.conf" "$@" \
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
	wait_for 20 sh -c "! kill -0 $stop_pid" || fail "gw6c does not end"
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
	at "$NODE" ping -n -q -c 1 -W 2 "$@" "$ping_to"
}

count_lines() { # PATTERN FILE
	grep -c -e "$1" "$2" || true
}
