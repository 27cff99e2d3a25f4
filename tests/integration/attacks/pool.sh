#!/bin/sh
# pool - forged sessions take no tunnel from those who are there.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/attacks.lib.sh"

lab_up
broker_conf max_tunnels=100 anonymous_idle=30
broker_start
client_conf

for kind in session padded; do
	attack_begin $kind 10.0.0.0/8 1000
	sleep 3
	ms=$(login_ms auth_method=digest-md5 userid=ann passwd=s3cret) ||
		fail "$kind: an account got no tunnel: $(cat "$T/login.log")"
	say "$kind: an account had its tunnel after $ms ms"
	ms=$(login_ms) ||
		fail "$kind: a client got no tunnel: $(cat "$T/login.log")"
	say "$kind: anonymous after $ms ms"
	# An old client, which cannot prove anything, has to be patient.
	if [ $kind = session ]; then
		at client "$TOOLS/guest" "$BROKER4" v6udpv4 192.168.1.2 1 \
			>"$T/guest.log" ||
			fail "an old client: $(cat "$T/guest.log")"
		say "$kind: an old client: $(head -n 1 "$T/guest.log")"
	fi
	attack_end
	tunnels=$(broker_status tunnels)
	say "$kind: $tunnels tunnels"
	[ "$tunnels" -le 30 ] || fail "$kind: forged sessions have $tunnels"
done

# What is forged is forgotten soon, and leaves nothing in the file.
wait_for 30 sh -c "[ \$('$BROKER' -f '$T/broker.conf' --status |
	sed -n 's/^tunnels  *//p') = 0 ]" || fail "forged tunnels stay"
[ "$(grep -c . "$T/broker-state/addresses")" -le 3 ] ||
	fail "forged clients are remembered"

# Those that are really there have a limit at one address; accounts have none.
broker_stop || fail "exit status $?"
broker_conf max_per_address=2
broker_start
client_conf
at client "$TOOLS/guest" "$BROKER4" v6udpv4 192.168.1.2 8 >"$T/guest1.log" &
one=$!
at client "$TOOLS/guest" "$BROKER4" v6udpv4 192.168.1.2 8 >"$T/guest2.log" &
two=$!
wait_for 5 grep -q address "$T/guest2.log" || fail "the second got no tunnel"
sleep 2
login_ms tunnel_mode=v6anyv4 auth_method=digest-md5 userid=ann \
	passwd=s3cret >/dev/null ||
	fail "an account got no tunnel: $(cat "$T/login.log")"
wait $one || fail "the first guest: $(cat "$T/guest1.log")"
wait $two || fail "the second guest: $(cat "$T/guest2.log")"
