#!/bin/sh
# own_mode - a tunnel mode that neither end has ever heard of: a module made
# from the public headers, for client and broker, with a header of its own.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
is_long

# Packets through it, a large one, and one in fragments, for which the server
# has to learn the MTU first.
works() { # MODE
	[ "$(status mode)" = "$1" ] || fail "granted $(status mode), not $1"
	pings "$SERVER6" -c 3 || fail "$1: no ping crosses the tunnel"
	pings "$SERVER6" -M "do" -s 1232 || fail "$1: 1280 octets do not cross"
	pings "$SERVER6" -c 3 -s 5000 || fail "$1: 5000 octets do not cross"
}
lan_pings() { at lan ping -n -q -c 1 -W 1 "$SERVER6"; }
refused() { # EXIT TEXT SETTING...
	want=$1 text=$2
	shift 2
	client_conf "$@"
	client_run -n -b
	rc=$?
	[ $rc = "$want" ] || fail "$*: exit status $rc, not $want"
	grep -q -e "$text" "$T/client.log" || fail "$*: no word of \"$text\""
}

lab_up
for file in tunnel_framed tunnel_framed_raw; do
	cp "$TOOLS/.libs/$file.so" "$T/plugins" || fail "there is no $file.so"
done

# --- alone ---
broker_conf tunnel_modes=framed
broker_start
refused 15 'v6udpv4' tunnel_mode=v6udpv4
client_conf tunnel_mode=framed
client_up
works framed
"$BROKER" -f "$T/broker.conf" --status=json |
	grep -q '"mode":"framed","nat":true' ||
	fail "the broker does not tell it"

# The broker forgets us, and says so to what it does not know.
broker_stop KILL
broker_start
wait_for 30 pings "$SERVER6" || fail "no tunnel after the broker's restart"
client_stop || fail "exit status $?"

# --- beside the others; a prefix for the network behind us ---
broker_stop
broker_conf pool6=2001:db8:1000::/48 prefixes6=2001:db8:1800::/40 \
	"tunnel_modes=v6udpv4 v6v4 framed framed-raw"
broker_start
client_conf tunnel_mode=framed host_type=router if_prefix=lan0 prefixlen=56 \
	auth_method=digest-md5 userid=ann passwd=s3cret ra=none
client_up
works framed
prefix=$(status prefix)
case $prefix in
2001:db8:18*::/56) ;;
*) fail "prefix $prefix" ;;
esac
net=${prefix%::/56}
at lan ip -6 address add "$net::99/64" dev eth0 nodad ||
	fail "no address for the host behind us"
at lan ip -6 route add default via "$net::1" ||
	fail "no route for the host behind us"
wait_for 20 lan_pings || fail "the host behind us does not reach the server"
client_stop || fail "exit status $?"
client_conf tunnel_mode=v6anyv4
client_up
works v6udpv4
client_stop || fail "exit status $?"

# --- in an IP protocol of its own ---
refused 15 'framed-raw cannot traverse your NAT; request v6anyv4' \
	tunnel_mode=framed-raw
"$NETLAB" nat "$LAB" none
client_conf tunnel_mode=framed-raw
client_up
works framed-raw
client_stop || fail "exit status $?"
"$NETLAB" nat "$LAB" masquerade

# --- all there are, if nobody says which ---
broker_stop
broker_conf
broker_start
client_conf tunnel_mode=framed
client_up
works framed
client_stop || fail "exit status $?"

# --- what is not installed ---
rm "$T/plugins/tunnel_framed.so"
broker_stop
broker_conf tunnel_modes=framed
"$BROKER" -f "$T/broker.conf" --check >"$T/check.log" 2>&1 &&
	fail "a mode that is not there is taken"
grep -q '"framed" is not an installed tunnel mode; installed: .*v6udpv4' \
	"$T/check.log" || fail "--check: $(cat "$T/check.log")"
broker_conf tunnel_modes=v6anyv4
"$BROKER" -f "$T/broker.conf" --check >"$T/check.log" 2>&1 &&
	fail "a mode that only asks is offered"
grep -q '"v6anyv4" lets the broker choose a mode' "$T/check.log" ||
	fail "--check: $(cat "$T/check.log")"
