#!/bin/sh
# work - logins that cost the broker much, over TCP, keep neither logins nor
# packets of others waiting.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/attacks.lib.sh"

LIMIT_MS=2000
ADDRESSES=12
SECONDS_OF_IT=6

lab_up
LEAVES=core
for i in $(seq $ADDRESSES); do
	ip -n "$LAB-core" address add "10.66.0.$i/32" dev lo
done
broker_conf auth='anonymous digest-md5 passdss-3des-1'
"$BROKER" -f "$T/broker.conf" keygen >/dev/null || fail "no server key"
broker_start
client_conf
client_up
pings "$SERVER6" >/dev/null || fail "no ping before"

# The first message of PASSDSS, with a number of 1024 bits.
x=$({
	printf '\0\0\0\0\0\0\0\003ann\0\0\0\200'
	head -c 128 /dev/zero | tr '\0' U
} | base64 -w0)
flood() { # ADDRESSES
	at core "$TOOLS/crowd" work 10.66.0.1 "$1" 8 "$BROKER4" 3653 \
		$SECONDS_OF_IT "VERSION=2.0.2~AUTHENTICATE PASSDSS-3DES-1~$x~"
}

# AUTHENTICATE and the message count: 25 answers a second to one address.
from_ms=$(now_ms)
answers=$(flood 1)
took_ms=$(($(now_ms) - from_ms))
say "one address: $answers answers in $SECONDS_OF_IT s"
[ "$answers" -ge 20 ] || fail "the flood is none"
[ "$answers" -le $((took_ms * 25 / 1000 + 10)) ] ||
	fail "one address makes the broker work too much"

# Together they are more than all may have: others go first.
from_ms=$(now_ms)
flood $ADDRESSES >"$T/answers" &
flooding=$!
sleep 1
at client ping -n -q -c 100 -i 0.02 -W 2 "$SERVER6" >"$T/ping.log" &
pinging=$!
for n in 1 2 3; do
	ms=$(login_ms auth_method=passdss-3des-1 userid=ann passwd=s3cret) ||
		fail "login $n: $(cat "$T/login.log")"
	say "login $n took $ms ms"
	[ "$ms" -le $LIMIT_MS ] || fail "login $n took $ms ms"
done
wait $pinging || fail "no packets pass"
grep -q ' 0% packet loss' "$T/ping.log" || fail "lost: $(cat "$T/ping.log")"
wait $flooding
took_ms=$(($(now_ms) - from_ms))
answers=$(cat "$T/answers")
say "$ADDRESSES addresses: $answers answers in $SECONDS_OF_IT s"
[ "$answers" -le $((took_ms * 200 / 1000 + 20)) ] ||
	fail "together they make the broker work too much"
client_stop || fail "exit status $?"
