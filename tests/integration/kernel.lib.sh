# kernel.lib.sh - tests again under a stock Debian kernel, which has sit and
# ip6tnl interfaces: there the kernel moves the packets.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
#
# Sourced by the tests kernel_*.sh, which run beside each other.

name=$(basename "$0" .sh)
: "${top:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${GW6C_BUILD:=$PWD}"
here=$top/tests/integration

skip() {
	echo "$name: skipped: $*"
	exit 77
}
[ -z "${GW6C_NO_LAB:-}" ] || skip "GW6C_NO_LAB is set"
[ -z "${GW6C_BRIEF:-}" ] || skip "long; ./check -a runs it"
# Their shadow memory finds no room there.
grep -aq __asan_init "$GW6C_BUILD/gw6c" &&
	skip "the sanitizers do not run under that kernel"
[ "$(id -u)" = 0 ] || skip "needs root"
sh "$here/kernel-run" --check 2>/dev/null ||
	skip "kernel-run cannot be used; packages: user-mode-linux kmod iptables"

# Their own modules first: loading one makes an interface everywhere.
# shellcheck disable=SC2016 # for the shell over there
under_kernel() { # TEST...
	sh "$here/kernel-run" --timeout 600 --modules 'sit ip6_tunnel' \
		--env "GW6C_BUILD=$GW6C_BUILD" --env "DATA_PATH=kernel" -- \
		sh -c '
		here=$1 name=$2 failed=0
		shift 2
		uptime() { cut -d. -f1 /proc/uptime; }
		for test; do
			from=$(uptime)
			sh "$here/$test.sh" >/tmp/$test.out 2>&1
			rc=$?
			[ $rc = 0 ] || {
				failed=1
				cat "/tmp/$test.out"
			}
			echo "$name: $test: exit status $rc," \
				"$(($(uptime) - from)) s"
		done
		exit $failed' sh "$here" "$name" "$@"
}
