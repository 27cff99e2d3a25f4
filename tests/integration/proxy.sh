#!/bin/sh
# proxy - proxy_client=yes: the tunnel of another router is asked for, what to
# do there is printed, and nothing happens here.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

refused() { # EXIT TEXT SETTING...
	want=$1 text=$2
	shift 2
	client_conf "$@"
	client_run -n
	rc=$?
	[ $rc = "$want" ] || fail "$*: exit status $rc, not $want"
	grep -q -e "$text" "$T/client.log" || fail "$*: no word of \"$text\""
}

lab_up --nat none
broker_conf
broker_start
router=203.0.113.2 # the node nat, without a NAT
as_proxy="proxy_client=yes tunnel_mode=v6v4 keepalive=no client_v4=$router"
as_ann="auth_method=digest-md5 userid=ann passwd=s3cret"

kernel_state client >"$T/before"
# shellcheck disable=SC2086 # words
client_conf $as_proxy $as_ann
client_run || fail "exit status $?"
kernel_state client >"$T/after"
diff "$T/before" "$T/after" || fail "something was changed here"
sed -n '/^# Linux: to set it up/,/^# Linux: to revert it/p' "$T/client.log" |
	sed '$d' >"$T/steps"
grep -q "^ip tunnel add gw6c0 mode sit local $router remote $BROKER4" \
	"$T/steps" || fail "the tunnel is not told"
grep -q '^ip tunnel del gw6c0' "$T/client.log" || fail "its end is not told"
[ "$(broker_status tunnels)" = 1 ] || fail "the broker has no tunnel"
"$BROKER" -f "$T/broker.conf" --status=json |
	grep -q "\"outer\":\"$router\"" || fail "the broker's far end"

# By the letter, at that router, where the kernel has such tunnels.
if [ "$DATA_PATH" = kernel ]; then
	at nat sh -e "$T/steps" || fail "what is printed cannot be run"
	wait_for 20 at nat ping -n -q -c 1 -W 1 "$SERVER6" ||
		fail "what is printed makes no tunnel"
fi

# shellcheck disable=SC2086
{
	refused 3 'keepalive=no' $as_proxy $as_ann keepalive=yes
	refused 3 'v6udpv4\|UDP' $as_proxy $as_ann tunnel_mode=v6udpv4
	refused 3 'this machine' $as_proxy $as_ann template=linux
	refused 16 'log in' $as_proxy
}
