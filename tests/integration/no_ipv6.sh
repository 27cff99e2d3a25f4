#!/bin/sh
# no_ipv6 - a machine where IPv6 is switched off: the tunnel has it all the
# same, and other interfaces are left as they are.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

lab_up
for scope in all default; do
	at client sh -c "echo 1 >/proc/sys/net/ipv6/conf/$scope/disable_ipv6"
done
kernel_state client >"$T/begin.client"
broker_conf prefixes6=2001:db8:2000::/40
broker_start

account='auth_method=digest-md5 userid=ann passwd=s3cret'
# shellcheck disable=SC2086 # words
client_conf $account
client_up
wait_for 20 pings $SERVER6 || fail "no reply through the tunnel"
[ "$(at client cat /proc/sys/net/ipv6/conf/wan/disable_ipv6)" = 1 ] ||
	fail "IPv6 was switched on elsewhere"
client_stop || fail "exit status $?"

# A network of the machine's own is not ours to decide about.
# shellcheck disable=SC2086 # words
client_conf $account host_type=router if_prefix=lan0 ra=none
client_run -n -b
rc=$?
[ $rc = 18 ] || fail "a router without IPv6: exit status $rc, not 18"
grep -q 'set net.ipv6.conf.lan0.disable_ipv6=0' "$T/client.log" ||
	fail "what to do is not told"
