#!/bin/sh
# hijack - two anonymous clients behind one NAT that call themselves the same
# have a tunnel each; and each has its own again after a restart.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/attacks.lib.sh"

lab_up
broker_conf
broker_start

guest() { # NAME SECONDS
	at client "$TOOLS/guest" "$BROKER4" v6udpv4 192.168.77.2 "$2" \
		>"$T/$1.log" 2>&1
}
value() { # NAME WHAT
	sed -n "s/^$2 //p" "$T/$1.log"
}

guest one 6 &
one=$!
wait_for 5 grep -q address "$T/one.log" || fail "the first got no tunnel"
guest two 4 &
two=$!
wait $two || fail "the second one: $(cat "$T/two.log")"
wait $one || fail "the first one: $(cat "$T/one.log")"
[ "$(value one address)" != "$(value two address)" ] ||
	fail "both have the address $(value one address)"
# Five a second.
[ "$(value one answers)" -ge 24 ] ||
	fail "the first one heard only $(value one answers) answers"
[ "$(value two answers)" -ge 15 ] ||
	fail "the second one heard only $(value two answers) answers"

# Nor does one get the address of a neighbour that is silent.
guest one 0 || fail "the first one: $(cat "$T/one.log")"
guest two 1 || fail "the second one: $(cat "$T/two.log")"
[ "$(value one address)" != "$(value two address)" ] ||
	fail "the second one got the address of the first"

# A client with a secret of its own is known again, from any port.
client_conf
client_up
had=$(tunnel_address)
mode=$(stat -c %a "$T/state/lease_secret") || fail "no secret is kept"
[ "$mode" = 600 ] || fail "the secret has mode $mode"
client_stop || fail "exit status $?"
client_up
[ "$(tunnel_address)" = "$had" ] || fail "another address after a restart"
client_stop KILL
client_up
[ "$(tunnel_address)" = "$had" ] || fail "another address after kill -9"
client_stop || fail "exit status $?"

# A copy of the machine gets a tunnel of its own while the first one is there.
client_up
cp -a "$T/state" "$T/state3"
login_ms >/dev/null || fail "the copy got no tunnel"
grep -q "$had" "$T/login.log" && fail "the copy was granted the same address"
pings "$SERVER6" >/dev/null || fail "the first one lost its packets"
client_stop || fail "exit status $?"
