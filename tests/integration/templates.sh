#!/bin/sh
# templates - every value of template that the guide names: what would be done
# on that system is shown anywhere, and nothing is done on a wrong one.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

lab_up --nat none
broker_conf
broker_start
kernel_state client >"$T/before"
ours=203.0.113.9 # of the router whose tunnel is asked for
as_proxy="proxy_client=yes tunnel_mode=v6v4 keepalive=no client_v4=$ours
	auth_method=digest-md5 userid=ann passwd=s3cret"

# show OPTION... : standard output to out, the log to the log
show() {
	at "$NODE" timeout -k 5 20 "$GW6C" -f "$T/gw6c.conf" "$@" \
		>"$T/out" 2>"$T/client.log"
}
shown() { # TEXT...
	for text; do
		grep -q -x -e "$text" "$T/out" || {
			cat "$T/out"
			fail "$what: no line \"$text\""
		}
	done
}
untouched() {
	kernel_state client >"$T/after"
	diff "$T/before" "$T/after" || fail "$what: something was changed"
}

for what in freebsd netbsd openbsd darwin; do
	client_conf template=$what tunnel_mode=v6v4
	show --dry-run || fail "$what: exit status $?"
	shown 'ifconfig gif0 create' 'ifconfig gif0 .*tunnel [0-9.]* '$BROKER4 \
		'ifconfig gif0 mtu 1280' \
		'ifconfig gif0 inet6 2001:db8:.* 2001:db8:.* prefixlen 128 alias' \
		'route -n add -inet6 default 2001:db8:.*' 'ifconfig gif0 destroy'
	client_run -n
	rc=$?
	[ $rc = 18 ] || fail "$what: exit status $rc, not 18"
	grep -q "this system is not .*--dry-run" "$T/client.log" ||
		fail "$what: it does not say why"
	untouched
done

what=windows
client_conf template=$what tunnel_mode=v6v4 if_tunnel_v6v4=my6
show --dry-run || fail "$what: exit status $?"
shown 'netsh interface ipv6 add v6v4tunnel interface=my6 .*='$BROKER4 \
	'netsh interface ipv6 delete interface interface=my6'
untouched

what=linux
client_conf template=$what
show --dry-run || fail "$what: exit status $?"
shown 'ip link set dev gw6c0 mtu 1280' 'ip -6 route add ::/0 dev gw6c0 .*'
untouched

# For another router: the whole, bare, so that it can be pasted.
what=cisco
# shellcheck disable=SC2086 # words
client_conf $as_proxy template=$what if_tunnel_v6v4=Tunnel7
show || fail "$what: exit status $?"
shown 'interface Tunnel7' "  tunnel source $ours" \
	"  tunnel destination $BROKER4" '  tunnel mode ipv6ip' \
	'  ipv6 address 2001:db8:[0-9a-f:]*/128' 'ipv6 route ::/0 Tunnel7' \
	'no ipv6 route ::/0 Tunnel7' 'no interface Tunnel7'
! grep -q -i -e gw6c -e '^\[' "$T/out" || fail "$what: there is more in it"
untouched
client_conf template=$what tunnel_mode=v6udpv4
show
rc=$?
[ $rc = 18 ] || fail "$what: exit status $rc, not 18, over UDP"
grep -q 'IOS does not support this tunnel' "$T/client.log" || fail "$what: why?"

# FreeBSD's commands for another router, too.
what=freebsd
# shellcheck disable=SC2086
client_conf $as_proxy template=$what
show || fail "$what: exit status $? as a proxy"
shown "ifconfig gif0 tunnel $ours $BROKER4"

what=checktunnel
client_conf template=$what
show || fail "$what: exit status $?"
shown 'mode  *v6v4' 'peer  *2001:db8:.*' 'outer_broker  *'$BROKER4 \
	'step  *mtu 1280 of .*' 'The tunnel is complete.*'
untouched

# The one that works here, named.
what=linux
client_conf template=$what
client_up
wait_for 20 pings "$SERVER6" || fail "$what: no ping"
client_stop || fail "exit status $?"
untouched

# Every backend can be asked about itself.
"$GW6C" -f "$T/gw6c.conf" --list-plugins >"$T/out" || fail "--list-plugins"
! grep unusable "$T/out" || fail "a backend cannot be loaded"
for what in checktunnel darwin freebsd linux netbsd openbsd windows cisco \
	script null; do
	grep -q "^os  *$what " "$T/out" || fail "no backend $what"
	"$GW6C" -f "$T/gw6c.conf" "--describe=os:$what" >"$T/one"
	grep -q "^os '$what'" "$T/one" || fail "$what is not described"
	cat "$T/one" >>"$T/out"
done
"$GW6C" -f "$T/gw6c.conf" --describe=settings >>"$T/out" ||
	fail "the settings are not described"
! grep '.\{81\}' "$T/out" || fail "not within 80 columns"
