#!/bin/sh
# dry_run - --dry-run logs in and shows the plan, but changes nothing.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

lab_up
broker_conf
broker_start
client_conf
kernel_state client >"$T/before"
client_run --dry-run || fail "exit status $?"
kernel_state client >"$T/after"
diff "$T/before" "$T/after" || fail "something was changed"
for word in 2001:db8: 'mtu' 'default\|::/0'; do
	grep -q -i -e "$word" "$T/client.log" || fail "no \"$word\" is shown"
done
sed 's/^/| /' "$T/client.log"

# Its lines are commands: all of them can be pasted into a shell, and what the
# second half says takes back what the first has done.
at client timeout -k 5 40 "$GW6C" -f "$T/gw6c.conf" --dry-run \
	>"$T/plan" 2>>"$T/client.log" || fail "exit status $?"
sed '/to revert it/,$d' "$T/plan" >"$T/plan.up"
sed -n '/to revert it/,$p' "$T/plan" >"$T/plan.down"
at client sh -e "$T/plan.up" || fail "these are no commands: $(cat "$T/plan.up")"
ip -n "$LAB-client" -6 route show default | grep -q 'dev gw6c0.* metric 2048' ||
	fail "the commands make no tunnel"
at client sh -e "$T/plan.down" || fail "no commands: $(cat "$T/plan.down")"
kernel_state client >"$T/after"
diff "$T/before" "$T/after" || fail "the commands leave something"

# Beside one that runs, which keeps its tunnel: it is there, and the other one
# gets a tunnel of its own.
client_up
pid=$(status pid)
had=$(tunnel_address)
count=$(count_lines 'up: ' "$T/client.log")
at client timeout -k 5 20 "$GW6C" -f "$T/gw6c.conf" --dry-run \
	>"$T/other.log" 2>&1 || fail "exit status $? beside another client"
[ "$(status pid)" = "$pid" ] || fail "the other client is gone"
! grep -q "$had" "$T/other.log" || fail "both were granted $had"
pings "$SERVER6" || fail "the other client lost its packets"
[ "$(count_lines 'up: ' "$T/client.log")" = "$count" ] ||
	fail "the other client set up its tunnel again"
client_stop || fail "exit status $?"

# Who looks does not wait for a broker that may never come.
broker_stop
client_run --dry-run
rc=$?
[ $rc = 9 ] || fail "without a broker: exit status $rc, not 9"
grep -q 'giving up (--dry-run)' "$T/client.log" || fail "why is not told"
