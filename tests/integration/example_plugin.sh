#!/bin/sh
# example_plugin - a tunnel set up by a backend that was built out of tree,
# with nothing but what gw6c installs.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

need make pkg-config "${CC:=cc}"
lab_up
stage=$T/stage
mkdir "$T/mine"
make -C "$GW6C_BUILD" install DESTDIR="$stage" >"$T/install.log" 2>&1 ||
	fail "it does not install"
PKG_CONFIG_PATH=$(dirname "$(find "$stage" -name gw6c.pc)")
export PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR="$stage"
example=$(find "$stage" -name example-plugin -type d)
flags="$(pkg-config --cflags gw6c) $(pkg-config --variable=plugin_ccflags gw6c)"
for module in os_example feature_address_file; do
	# shellcheck disable=SC2086 # a list
	"$CC" -Wall -Wextra $flags -o "$T/mine/$module.so" \
		"$example/$module.c" 2>"$T/cc.log" || fail "cc $module.c"
	[ ! -s "$T/cc.log" ] || fail "the compiler warns of $module.c"
done
"$(find "$stage" -name gw6c-plugin-check)" "$T/mine"/*.so >"$T/check.log" ||
	fail "the example does not keep the contract"

broker_conf prefixes6=2001:db8:1800::/40 pool6=2001:db8:1000::/48
broker_start

# Nothing of ours could set up the client's system.
cp -R "$T/plugins" "$T/others"
rm "$T/others"/os_*.so
both() { # SETTING...
	client_conf template=example "plugin_dir=$T/others:$T/mine" \
		features=address-file \
		"feature.address-file.path=$T/address" "$@"
	"$GW6C" -f "$T/gw6c.conf" --check >"$T/check.log" 2>&1 ||
		fail "gw6c --check does not take it"
	client_up
}

both tunnel_mode=v6anyv4
[ "$(status system)" = example ] || fail "the system is $(status system)"
pings "$(tunnel_peer)" || fail "the client cannot ping the broker"
pings "$SERVER6" || fail "the client cannot ping beyond the broker"
at server ping -n -q -c 1 -W 2 "$(tunnel_address)" ||
	fail "a host behind the broker cannot ping the client"
[ "$(cat "$T/address")" = "$(tunnel_address) $(status interface)" ] ||
	fail "the feature wrote $(cat "$T/address")"

# A reload takes a changed option of a plugin.
conf_set "$T/gw6c.conf" "feature.address-file.path=$T/elsewhere"
kill -HUP "$client_pid"
wait_for 20 [ -e "$T/elsewhere" ] || fail "the option was not taken"
[ ! -e "$T/address" ] || fail "the old file is left"
wait_for 20 client_is_up || fail "the tunnel is down after a reload"
client_stop || fail "exit status $?"
[ ! -e "$T/elsewhere" ] || fail "the feature's file is left"

# Options that it does not have, or that belong to nobody
conf_says() { # STATUS TEXT SETTING
	conf_set "$T/gw6c.conf" "$3"
	"$GW6C" -f "$T/gw6c.conf" --check >"$T/check.log" 2>&1
	[ $? = "$1" ] || fail "--check with $3: not $1"
	line=$(grep -n "^${3%%=*}=" "$T/gw6c.conf" | cut -d: -f1)
	grep -q "gw6c.conf:$line: ${3%%=*}: $2" "$T/check.log" ||
		fail "it does not say: $2"
	sed -i "/^${3%%=*}=/d" "$T/gw6c.conf"
}
conf_says 3 ".*did you mean 'path'" feature.address-file.pat=x
conf_says 0 "ignored: no os plugin 'absent' is installed" os.absent.x=1
conf_says 0 ".*'router-adv' has no such option" feature.router-adv.x=1

# A router: forwarding, the prefix on the LAN, the rest of it rejected.
both auth_method=digest-md5 userid=ann passwd=s3cret host_type=router \
	if_prefix=lan0 ra=none
prefix=$(status prefix)
[ -n "$prefix" ] || fail "there is no prefix"
[ "$(at client cat /proc/sys/net/ipv6/conf/all/forwarding)" = 1 ] ||
	fail "it does not forward"
at client ip -6 route show | grep -q "^unreachable ${prefix%/*}/" ||
	fail "the rest of $prefix is not rejected"
at client ip -6 address show dev lan0 | grep -q "${prefix%%::*}" ||
	fail "lan0 has no address of $prefix"
pings "$SERVER6" || fail "the router cannot ping beyond the broker"

# Killed: the next start takes back what it left.
client_stop KILL
wait_for 20 sh -c "! kill -0 $client_pid" || fail "it lives"
at client ip -6 route show | grep -q "^unreachable ${prefix%/*}/" ||
	fail "a kill has removed the route?"
both tunnel_mode=v6udpv4
grep -q "shut down cleanly; reverted its changes" "$T/client.log" ||
	fail "the next start does not tidy up"
client_stop || fail "exit status $?"

# Made with the headers of the first release, and with those of a later one:
# the same gw6c takes both.
mkdir -p "$T/later/gw6c"
for header in "$top"/core/include/gw6c/*.h; do
	awk '/^struct (gw6c_host|gw6c_os_ops|gw6c_plugin) \{/ { here = 1 }
		here && /^};/ { print "int (*later)(void *self);"; here = 0 }
		{ print }' "$header" >"$T/later/gw6c/$(basename "$header")"
done
[ "$(grep -c later "$T/later/gw6c/plugin.h")" = 2 ] || fail "no later header"
for headers in "$top/tests/contract/abi1" "$T/later"; do
	rm "$T/mine/os_example.so"
	"$CC" -Wall -Wextra -I"$headers" -shared -fPIC -fvisibility=hidden \
		-o "$T/mine/os_example.so" "$example/os_example.c" \
		2>"$T/cc.log" || fail "cc with $headers"
	"$(find "$stage" -name gw6c-plugin-check)" "$T/mine/os_example.so" \
		>"$T/check.log" || fail "made with $headers: not as it was"
	both tunnel_mode=v6udpv4
	pings "$SERVER6" || fail "made with $headers: no ping"
	client_stop || fail "exit status $?"
done
# What is left in the kernel is looked at by lib.sh.
