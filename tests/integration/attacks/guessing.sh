#!/bin/sh
# guessing - who guesses passwords waits longer each time; the user gets in
# meanwhile, from home at once, and the log and the status tell of it.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
top=$(cd "$(dirname "$0")/../../.." && pwd)
. "$top/tests/integration/lib.sh"

BAD=10.66.0.1 # an attacker's own addresses
WORSE=10.66.0.2
attack() { # NODE FROM USER SECONDS [udp]
	at "$1" "$TOOLS/crowd" "${5:-guess}" "$2" "$BROKER4" 3653 "$3" "$4" \
		>"$T/guesses.$3" 2>&1
}
verdicts() { # USER
	sed -n 's/^300 //p' "$T/guesses.$1"
}

log_in_as() { # USER PASSWORD: ms until it is up
	client_conf auth_method=digest-md5 "userid=$1" "passwd=$2" \
		tunnel_mode=v6udpv4
	log_from=$(now_ms)
	client_up
	log_took=$(($(now_ms) - log_from))
	client_stop || fail "exit status $?"
}

lab_up
LEAVES=core
ip -n "$LAB-core" address add "$BAD/32" dev lo
ip -n "$LAB-core" address add "$WORSE/32" dev lo
broker_conf "auth=anonymous plain digest-md5" user.bob.passwd=b0b \
	user.carl.passwd=c4rl
broker_start

# An address that has failed so often is told "right" or "wrong" no more.
attack core $BAD ann 8
cat "$T/guesses.ann"
n=$(verdicts ann)
[ "${n:-0}" -ge 5 ] || fail "errors in typing: only ${n:-no} logins are free"
[ "$n" -le 12 ] || fail "$n guesses in 8 s from one address"
grep -q '^530 ' "$T/guesses.ann" || fail "a guess too many is not refused"
grep -q "failed logins from $BAD: it has to wait" "$T/broker.log" ||
	fail "the log does not tell who has to wait"
refused=$(broker_status guesses | sed -n 's/.*refused=\([0-9]*\).*/\1/p')
[ "${refused:-0}" -gt 0 ] || fail "the status does not count the refused"

# Over UDP from many ports at once, and proving nothing, it is the same.
attack core $WORSE carl 10 udp
cat "$T/guesses.carl"
n=$(verdicts carl)
[ "${n:-0}" -ge 5 ] || fail "errors in typing: only ${n:-no} logins are free"
[ "$n" -le 12 ] || fail "$n guesses in 10 s over UDP from one address"
grep -q '^530 ' "$T/guesses.carl" || fail "a guess too many is not refused"

# Meanwhile ann gets in, from an address that nobody knows.
attack core $BAD ann 20 &
guesser=$!
log_in_as ann s3cret
say "ann, from an unknown address: up after $log_took ms"
[ "$log_took" -lt 8000 ] || fail "ann has waited $log_took ms"
wait $guesser

# Guesses from the same NAT: at another account ...
attack client 192.168.1.2 bob 4
n=$(verdicts bob)
[ "${n:-99}" -le 10 ] || fail "$n guesses in 4 s from behind the NAT"
attack client 192.168.1.2 bob 20 &
guesser=$!
# ... ann was there before,
log_in_as ann s3cret
say "ann, beside a guesser: up after $log_took ms"
[ "$log_took" -lt 8000 ] || fail "ann has waited $log_took ms"
# ... carl was not, and has to wait until the guesser does.
at client "$TOOLS/crowd" guess 192.168.1.2 "$BROKER4" 3653 carl 1 >"$T/carl"
grep -q '^530 ' "$T/carl" || fail "a new name is tried beside a guesser"
! grep -q '^300 ' "$T/carl" || fail "a new name is told right from wrong"
wait $guesser

# ... and ann was there before the broker was restarted, too. The guesser begins
# first, so that all others of that address have to wait.
broker_stop || fail "exit status $?"
[ "$(cat "$T/broker-state/logins")" = "203.0.113.2 ann" ] ||
	fail "who has logged in from where: $(cat "$T/broker-state/logins")"
broker_start
attack client 192.168.1.2 bob 4
attack client 192.168.1.2 bob 20 &
guesser=$!
log_in_as ann s3cret
say "ann, beside a guesser and after a restart: up after $log_took ms"
[ "$log_took" -lt 8000 ] || fail "ann has waited $log_took ms"
wait $guesser

# Guesses at ann from her own address: she waits for them, but not for long,
# and they count for the network.
broker_stop || fail "exit status $?"
broker_start
attack client 192.168.1.2 ann 20 &
guesser=$!
sleep 2
log_in_as ann s3cret
say "ann, guessed at from her own address: up after $log_took ms"
[ "$log_took" -lt 10000 ] || fail "ann has waited $log_took ms"
at client "$TOOLS/crowd" guess 192.168.1.2 "$BROKER4" 3653 carl 1 >"$T/carl"
! grep -q '^300 ' "$T/carl" || fail "guesses at home are free for others"
wait $guesser
n=$(verdicts ann)
# One a second, and eight that are free or soon, before and after her login
[ "${n:-99}" -le 40 ] || fail "$n guesses in 20 s at her own address"
broker_alive || fail "the broker ended"
