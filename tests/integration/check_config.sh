#!/bin/sh
# check_config - --check says yes, or names file and line.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

need_programs
client_conf
check() { # STATUS
	timeout 30 "$GW6C" -f "$T/gw6c.conf" --check \
		>"$T/client.log" 2>&1
	rc=$?
	[ $rc = "$1" ] || fail "exit status $rc, not $1"
}

check 0
grep -q 'configuration OK' "$T/client.log" || fail "it does not say that all is good"

# Each mistake, in a line of its own, all in one go.
client_conf keepalive_interval=often tunnel_mode=v5/v6 prefixlen=200
check 3
for key in keepalive_interval tunnel_mode prefixlen; do
	line=$(grep -n "^$key=" "$T/gw6c.conf" | cut -d: -f1)
	grep -q "gw6c.conf:$line: .*$key" "$T/client.log" ||
		fail "line $line, $key, is not named"
done

# So is what no plugin has, with what there is; and what the mode cannot do.
client_conf tunnel_mode=v6udp4
check 3
line=$(grep -n ^tunnel_mode= "$T/gw6c.conf" | cut -d: -f1)
grep -q "gw6c.conf:$line: tunnel 'v6udp4': no tunnel_v6udp4.so in .*; is its\
 package installed? Installed are: v4v6, v6anyv4, v6udpv4, v6v4; did you mean\
 \"v6udpv4\"?" "$T/client.log" || fail "a missing mode is not told"
client_conf tunnel_mode=v4v6 "server=192.0.2.1" host_type=router \
	if_prefix="lo lo2" if_tunnel_v4v6=lo
check 3
for key in server if_prefix; do
	line=$(grep -n "^$key=" "$T/gw6c.conf" | cut -d: -f1)
	grep -q "gw6c.conf:$line: $key" "$T/client.log" ||
		fail "line $line, $key, is not named"
done

# A name that nobody knows is a warning with the nearest known one.
client_conf keepalive_intervall=30
check 0
grep -q 'keepalive_intervall.*keepalive_interval' "$T/client.log" ||
	fail "no hint for a misspelt name"

# The sample says what it wants filled in.
cp "$top/conf/gw6c.conf" "$T/gw6c.conf"
echo "plugin_dir=$T/plugins" >>"$T/gw6c.conf"
check 3
line=$(grep -n ^auth_method= "$T/gw6c.conf" | cut -d: -f1)
grep -q "gw6c.conf:$line: auth_method: needs userid=" "$T/client.log" ||
	fail "an empty sample is not told what it lacks"

rm "$T/gw6c.conf"
check 3
grep -q "gw6c.conf" "$T/client.log" || fail "the missing file is not named"
