#!/bin/sh
# script - a template script sets up the tunnel, as with the clients of old:
# what it is told, what happens when it fails, hangs, or nobody took it back.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

lab_up
broker_conf pool6=2001:db8:1000::/48 prefixes6=2001:db8:1800::/40 \
	user.ann.prefix6=2001:db8:18ff:a00::/56
broker_start
kernel_state client >"$T/before"
home="$T/the home"
mkdir -p "$home/template"

# As they were: found by name, not executable, no "#!", and told by variables
# alone. It writes down what it was told.
cat >"$home/template/site.sh" <<SCRIPT
exec 2>&1
record=$T/record
env | grep ^TSP_ | sort >"\$record.\$TSP_OPERATION"
echo "\$TSP_OPERATION" >>"\$record"
SCRIPT
cat >>"$home/template/site.sh" <<'SCRIPT'
dev=$TSP_TUNNEL_INTERFACE
echo "setting up $dev; no 'quotes' $(hurt) \"here\""
case $TSP_OPERATION in
TSP_TUNNEL_CREATION)
	if [ "$TSP_TUNNEL_MODE" = v6v4 ]; then
		ip tunnel add "$dev" mode sit ttl 64 \
			remote "$TSP_SERVER_ADDRESS_IPV4" || exit 1
	fi
	if [ "$TSP_TUNNEL_MODE" = v4v6 ]; then
		ip -6 tunnel add "$dev" mode ipip6 encaplimit none \
			local "$TSP_CLIENT_ADDRESS_IPV6" \
			remote "$TSP_SERVER_ADDRESS_IPV6" || exit 1
		ip link set "$dev" up mtu 1280 || exit 1
		ip address add "$TSP_CLIENT_ADDRESS_IPV4/32" dev "$dev" || exit 1
		ip route add default dev "$dev" || exit 1
		exit 0
	fi
	ip link set "$dev" up mtu 1280 || exit 1
	ip -6 address add "$TSP_CLIENT_ADDRESS_IPV6/$TSP_TUNNEL_PREFIXLEN" \
		dev "$dev" || exit 1
	if [ "$TSP_HOST_TYPE" = router ]; then
		sysctl -q -w net.ipv6.conf.all.forwarding=1
		ip -6 address add "$TSP_PREFIX::1/64" \
			dev "$TSP_HOME_INTERFACE" || exit 1
	fi
	ip -6 route add 2000::/3 dev "$dev" || exit 1
	;;
TSP_TUNNEL_TEARDOWN)
	if [ "$TSP_HOST_TYPE" = router ]; then
		ip -6 address del "$TSP_PREFIX::1/64" \
			dev "$TSP_HOME_INTERFACE"
		sysctl -q -w net.ipv6.conf.all.forwarding=0
	fi
	if [ "$TSP_TUNNEL_MODE" = v6v4 ]; then ip tunnel del "$dev"; fi
	if [ "$TSP_TUNNEL_MODE" = v4v6 ]; then ip -6 tunnel del "$dev"; fi
	;;
esac
exit 0
SCRIPT

told() { # OPERATION NAME: what the script was told
	sed -n "s/^$2=//p" "$T/record.TSP_TUNNEL_$1"
}
untouched() {
	kernel_state client >"$T/after"
	diff "$T/before" "$T/after" || fail "$1: something is left"
	[ ! -e "$T/run/script.env" ] || fail "$1: the memory is left"
}
ran() { # OPERATION...: these were all runs since the last call
	for word; do echo "TSP_TUNNEL_$word"; done >"$T/want"
	diff "$T/want" "$T/record" || fail "these were the runs"
	rm "$T/record"
}

client_conf template=site "gw6_dir=$home"
client_up
[ "$(status mode)" = v6udpv4 ] || fail "mode $(status mode)"
wait_for 20 pings "$SERVER6" || fail "no ping crosses the tunnel"
while read -r name value; do
	[ "$(told CREATION "TSP_$name")" = "$value" ] ||
		fail "TSP_$name is $(told CREATION "TSP_$name"), not $value"
done <<LIST
OPERATION TSP_TUNNEL_CREATION
VERBOSE 3
HOME_DIR $home
TUNNEL_MODE v6udpv4
HOST_TYPE host
TUNNEL_INTERFACE $(status interface)
HOME_INTERFACE
CLIENT_ADDRESS_IPV4 $(status outer)
CLIENT_ADDRESS_IPV6 $(tunnel_address)
SERVER_ADDRESS_IPV4 $BROKER4
SERVER_ADDRESS_IPV6 $(tunnel_peer)
TUNNEL_PREFIXLEN 128
TUNNEL_MTU 1280
LIST
[ -z "$(told CREATION TSP_PREFIX)" ] || fail "a host is told a prefix"
grep -q "os:script.*setting up $(status interface); no 'quotes'" \
	"$T/client.log" || fail "what it prints is not logged"
grep -q 'os:script.*hurt.*not found' "$T/client.log" ||
	fail "what it prints as an error is not logged"
client_stop || fail "exit status $?"
ran CREATION TEARDOWN
[ "$(told TEARDOWN TSP_CLIENT_ADDRESS_IPV6)" = \
	"$(told CREATION TSP_CLIENT_ADDRESS_IPV6)" ] ||
	fail "at the end it is told another address"
untouched "stopped"

# A router; killed, and the next one takes back what the dead had done.
as_router="host_type=router if_prefix=lan0 prefixlen=56 ra=none
	auth_method=digest-md5 userid=ann passwd=s3cret"
# shellcheck disable=SC2086 # words
client_conf $as_router template=site "gw6_dir=$home"
client_up
[ "$(told CREATION TSP_PREFIX)" = 2001:0db8:18ff:0a00 ] ||
	fail "TSP_PREFIX $(told CREATION TSP_PREFIX) of $(status prefix)"
[ "$(told CREATION TSP_PREFIXLEN)" = 56 ] || fail "TSP_PREFIXLEN"
[ "$(told CREATION TSP_HOME_INTERFACE)" = lan0 ] || fail "TSP_HOME_INTERFACE"
at client ip -6 address show dev lan0 | grep -q 2001:db8:18ff:a00::1/64 ||
	fail "no address of the prefix on lan0"
client_stop KILL
wait_for 20 sh -c "! kill -0 $client_pid" || fail "it does not die"
client_conf template=site "gw6_dir=$home"
client_up
client_stop || fail "exit status $?"
ran CREATION TEARDOWN CREATION TEARDOWN
untouched "killed"

# By its path, by itself, with its own interpreter. It fails, hangs, is not to
# be trusted: whatever it has done is taken back by itself.
refused() { # EXIT TEXT SETTING...
	want=$1 text=$2
	shift 2
	client_conf "template=$T/own" "$@"
	client_run -n
	rc=$?
	[ $rc = "$want" ] || fail "$text: exit status $rc, not $want"
	grep -q -e "$text" "$T/client.log" || fail "no word of \"$text\""
	untouched "$text"
}
cat >"$T/own" <<SCRIPT
#!/usr/bin/env -S sh -u
echo "\$TSP_OPERATION" >>$T/record
SCRIPT
cat >>"$T/own" <<'SCRIPT'
case $TSP_OPERATION in *TEARDOWN) exec ip address del 192.0.2.9/32 dev lo ;; esac
ip address add 192.0.2.9/32 dev lo
[ "$TSP_ROUTE_METRIC" != 77 ] || sleep 77.5
echo "it hurts here"
exit 7
SCRIPT
chmod 755 "$T/own"
refused 18 "own: exit status 7: it hurts here"
ran CREATION TEARDOWN
refused 18 "own: timed out after 1000 ms" metric=77 os.script.timeout=1
! pgrep -f 'sleep 77[.]5' || fail "what it ran still runs"
ran CREATION TEARDOWN
chmod 757 "$T/own"
refused 18 "chmod go-w"
[ ! -e "$T/record" ] || fail "it was run all the same"
chmod 755 "$T/own"

# For another router: run once, and nobody takes that back.
cat >"$T/own" <<SCRIPT
#!/bin/sh
echo "\$TSP_OPERATION" >>$T/record
echo "\$TSP_CLIENT_ADDRESS_IPV4 \$TSP_TUNNEL_INTERFACE" >$T/router
SCRIPT
client_conf "template=$T/own" proxy_client=yes tunnel_mode=v6v4 keepalive=no \
	client_v4=203.0.113.9 auth_method=digest-md5 userid=ann passwd=s3cret \
	if_tunnel_v6v4=Tunnel7
client_run -n || fail "exit status $? as a proxy"
ran CREATION
[ "$(cat "$T/router")" = "203.0.113.9 Tunnel7" ] ||
	fail "of another router it is told $(cat "$T/router")"
[ ! -e "$T/run/plan" ] || fail "another router's plan is left"
untouched "proxy"

# What would be run, and what is not there.
client_conf "template=$T/own"
client_run --dry-run || fail "exit status $? of a dry run"
[ ! -e "$T/record" ] || fail "a dry run runs it"
grep -q "^TSP_TUNNEL_MODE='v6udpv4'" "$T/client.log" || fail "no variables"
grep -q "^$T/own\$" "$T/client.log" || fail "no script"
client_conf template=nobody "gw6_dir=$home"
client_run --check && fail "a template that is not there is good"
grep -q "gw6c.conf:[0-9]*: template.*\"nobody\".*$home/template/nobody.sh" \
	"$T/client.log" || fail "it does not say what is not there"

client_conf template=openwrt
client_run --check || fail "openwrt is no Linux"
grep -q 'system linux' "$T/client.log" || fail "openwrt: another system"

# Saved on Windows, and one that is beside a backend of the same name.
mkdir -p "$T/old/template"
printf '#!/bin/sh\r\nexit 0\r\n' >"$T/old/template/mine.sh"
cp "$T/old/template/mine.sh" "$T/old/template/linux.sh"
chmod 755 "$T/old/template/mine.sh"
client_conf template=mine "gw6_dir=$T/old"
client_start
wait_for 20 grep -q "mine.sh has lines that end in CR LF" "$T/client.log" ||
	fail "the line ends are not told"
kill "$client_pid" 2>/dev/null
wait "$client_pid" 2>/dev/null
client_conf template=linux "gw6_dir=$T/old"
client_run --check || fail "exit status $? beside a script"
grep -q "gw6c.conf:[0-9]*: template: the backend \"linux\" is used, not your \
script $T/old/template/linux.sh; write template=" "$T/client.log" ||
	fail "a script that is ignored is not told"

# Protocol 41, where the kernel has it.
[ "$DATA_PATH" = kernel ] || exit 0
"$NETLAB" nat "$LAB" none
client_conf template=site "gw6_dir=$home"
client_up
[ "$(status mode)" = v6v4 ] || fail "mode $(status mode) without a NAT"
wait_for 20 pings "$SERVER6" || fail "no ping through sit"
client_stop || fail "exit status $?"
untouched "sit"

# IPv4 over IPv6 alone
broker_stop
broker_conf "listen=[$BROKER6]" "pool4=$POOL4"
broker_start
NODE=site6
client_conf template=site "gw6_dir=$home" "server=[$BROKER6]" tunnel_mode=v4v6
client_up
[ "$(status mode)" = v4v6 ] || fail "mode $(status mode)"
wait_for 20 pings "$SERVER4" || fail "no ping through ip6tnl"
[ "$(told CREATION TSP_CLIENT_ADDRESS_IPV4)" = "$(tunnel_address)" ] ||
	fail "TSP_CLIENT_ADDRESS_IPV4"
client_stop || fail "exit status $?"
