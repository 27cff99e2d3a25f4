#!/bin/sh
# deaf_program - a program of a feature that does not end when it is told to
# holds up nothing: gw6c answers and moves packets meanwhile, and the next one
# begins when it is gone.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

TRIES=10 # this machine may be slow: one is enough
lab_up
broker_conf pool6=2001:db8:1000::/48 prefixes6=2001:db8:1800::/40
broker_start
# It says who it is, when it begins and when it was told to end.
cat >"$T/radvd" <<-SH
	#!/bin/sh
	trap 'echo \$\$ >>"$T/told"' TERM
	echo \$\$ >>"$T/begun"
	while :; do sleep 0.02; done
SH
chmod 755 "$T/radvd"
: >"$T/told"
: >"$T/begun"
lines() { wc -l <"$1"; }
told() { [ "$(lines "$T/told")" -gt "$1" ]; }
begun() { [ "$(lines "$T/begun")" -gt "$1" ]; }
client_conf auth_method=digest-md5 userid=ann passwd=s3cret host_type=router \
	if_prefix=lan0 "feature.router-adv.program=$T/radvd"
client_up
wait_for 20 begun 0 || fail "the program does not begin"

# A reload replaces it.
free=0
for try in $(seq $TRIES); do
	was_told=$(lines "$T/told") was_begun=$(lines "$T/begun")
	old=$(tail -n 1 "$T/begun")
	dns=yes
	[ $((try % 2)) = 1 ] || dns=no
	conf_set "$T/gw6c.conf" "feature.router-adv.dns=$dns"
	kill -HUP "$(status pid)"
	wait_for 20 told "$was_told" || fail "it was not told to end"
	if pings "$SERVER6" >/dev/null && [ "$(status state)" = up ] &&
		[ "$(tail -n 1 "$T/told")" = "$old" ] && kill -0 "$old"; then
		free=$((free + 1))
	fi 2>/dev/null
	wait_for 20 begun "$was_begun" || fail "no other one begins"
	! kill -0 "$old" 2>/dev/null || fail "two of them run"
done
[ $free -gt 0 ] || fail "nothing happens while it ends"
say "packets and answers while it ended: $free of $TRIES"

# So it is at the end, and it goes with us.
last=$(tail -n 1 "$T/begun")
client_stop || fail "exit status $?"
! kill -0 "$last" 2>/dev/null || fail "it outlives gw6c"
