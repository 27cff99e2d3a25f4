#!/bin/sh
# old_clients - gogoCLIENT 1.2 and Gateway6 5.1 log in and pass packets, by every
# mechanism, transport and mode that they had.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

lab_up --nat none
broker_conf "listen=$BROKER4 [$BROKER6]" "pool4=$POOL4" \
	prefixes6=2001:db8:2000::/36 \
	"auth=anonymous plain digest-md5 passdss-3des-1" \
	auth.passdss-3des-1.key_bits=1024 \
	user.bob.passwd=b0b user.carl.passwd=c4rl user.dora.passwd=d0ra
"$BROKER" -f "$T/broker.conf" keygen >/dev/null || fail "no server key"
broker_start

# Of two tunnels without ports at one address, another user's is replaced only
# by who is there for certain: such a row is over TCP.
# node, client, transport, mechanism, mode, role, user, password, granted
cat >"$T/table" <<'TABLE'
client gogoc-1.2 udp ANONYMOUS v6v4 host - - v6v4
client gw6c-5.1 tcp ANONYMOUS v6v4 host - - v6v4
client gw6c-5.1 udp ANONYMOUS v6udpv4 host - - v6udpv4
client gogoc-1.2 tcp ANONYMOUS v6anyv4 host - - v6v4
client gogoc-1.2 udp ANONYMOUS v6udpv4 host - - v6udpv4
client gogoc-1.2 tcp PLAIN v6v4 host ann s3cret v6v4
client gw6c-5.1 udp PLAIN v6v4 router ann s3cret v6v4
client gw6c-5.1 tcp PLAIN v6anyv4 router ann s3cret v6v4
client gogoc-1.2 udp PLAIN v6udpv4 host bob b0b v6udpv4
client gw6c-5.1 udp PLAIN v6udpv4 router carl c4rl v6udpv4
client gogoc-1.2 udp DIGEST-MD5 v6anyv4 router ann s3cret v6v4
client gw6c-5.1 tcp DIGEST-MD5 v6v4 router ann s3cret v6v4
client gogoc-1.2 tcp DIGEST-MD5 v6anyv4 host ann s3cret v6v4
client gw6c-5.1 udp DIGEST-MD5 v6udpv4 host bob b0b v6udpv4
client gogoc-1.2 udp DIGEST-MD5 v6udpv4 router carl c4rl v6udpv4
client gogoc-1.2 tcp PASSDSS-3DES-1 v6v4 router ann s3cret v6v4
client gw6c-5.1 udp PASSDSS-3DES-1 v6v4 host ann s3cret v6v4
client gw6c-5.1 tcp PASSDSS-3DES-1 v6anyv4 host ann s3cret v6v4
client gogoc-1.2 udp PASSDSS-3DES-1 v6udpv4 router dora d0ra v6udpv4
client gw6c-5.1 udp PASSDSS-3DES-1 v6udpv4 host dora d0ra v6udpv4
site6 gogoc-1.2 udp ANONYMOUS v4v6 host - - v4v6
site6 gw6c-5.1 tcp ANONYMOUS v4v6 host - - v4v6
site6 gogoc-1.2 tcp PLAIN v4v6 host bob b0b v4v6
site6 gw6c-5.1 udp PLAIN v4v6 host bob b0b v4v6
site6 gogoc-1.2 udp DIGEST-MD5 v4v6 host bob b0b v4v6
site6 gw6c-5.1 tcp DIGEST-MD5 v4v6 host bob b0b v4v6
site6 gw6c-5.1 udp PASSDSS-3DES-1 v4v6 host bob b0b v4v6
site6 gogoc-1.2 tcp PASSDSS-3DES-1 v4v6 host bob b0b v4v6
TABLE

dialogues=0
while read -r node client transport mechanism mode role user password granted; do
	broker=$BROKER4
	[ "$node" = client ] || broker=$BROKER6
	row="$client $transport $mechanism $mode $role"
	at "$node" "$TOOLS/veteran" "$client" "$transport" "$mechanism" \
		"$mode" "$role" "$broker" "$user" "$password" \
		>"$T/veteran.log" 2>&1 ||
		fail "$row: $(cat "$T/veteran.log")"
	grep -q "^$granted " "$T/veteran.log" ||
		fail "$row: $(cat "$T/veteran.log")"
	dialogues=$((dialogues + 1))
done <"$T/table"
say "$dialogues dialogues"
[ "$dialogues" = 28 ] || fail "only $dialogues dialogues"
broker_alive || fail "the broker ended"

# They say no goodbye: of what they had, nothing is left at the end.
broker_stop || fail "exit status $?"
