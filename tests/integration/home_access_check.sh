#!/bin/sh
# home_access_check - what gw6c --check says of Home Access, by file and line; a
# machine without HAProxy has its tunnel all the same.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/home_access.lib.sh"

LEAVES=
need_programs
says() { # STATUS PATTERN
	timeout 30 "$GW6C" -f "$T/gw6c.conf" --check >"$T/check.log" 2>&1
	says_rc=$?
	[ $says_rc = "$1" ] || fail "--check: $says_rc, not $1:" \
		"$(cat "$T/check.log")"
	grep -q -e "$2" "$T/check.log" || fail "--check does not say $2:" \
		"$(cat "$T/check.log")"
}
says_not() { # PATTERN
	! grep -q -e "$1" "$T/check.log" || fail "--check says $1"
}

echo 'cam = 10.44.0.20 allow=2001:db8::/32' >"$T/devices"
access_conf
says 0 ''
says_not home-access
printf '%s\n' 'a = 10.44.0.20 public' '' 'b = 10.44.0.21 http password' \
	'c = 10.44.0.22' >"$T/devices"
access_conf
says 0 'devices:3: b asks for a password over http'
says 0 'devices:4: nobody may come to c'
echo 'd = 10.44.0.300' >>"$T/devices"
says 3 'devices:5: "10.44.0.300" is neither'
rm "$T/devices"
says 3 'there is no device in the list'
access_conf 'feature.home-access.devices=a=10.44.0.20 public; b'
says 3 'feature.home-access.devices:2: expected NAME = ADDRESS'
access_conf 'feature.home-access.devices=a=10.44.0.20 public' \
	feature.home-access.program=no-haproxy
says 3 'there is no program no-haproxy; install haproxy'
access_conf 'feature.home-access.devices=a=10.44.0.20 public' \
	feature.home-access.user=root
says 3 'root is root; strangers are served by a user without rights'
access_conf 'feature.home-access.devices=a=10.44.0.20 public' \
	feature.home-access.user=nobody-here
says 3 'there is no user "nobody-here"'
access_conf 'feature.home-access.devices=a=10.44.0.20 public' \
	feature.home-access.certificate=/dev/null
says 3 'home-access.key is missing'
# Certificate and key: each fault with the file that has it.
for name in one two; do
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$T/$name.key" -out "$T/$name.pem" -days 9 \
		-subj "/CN=$name" 2>"$T/openssl.log" || fail "no certificate"
done
pair() { # STATUS PATTERN CERTIFICATE KEY
	access_conf 'feature.home-access.devices=a=10.44.0.20 public' \
		"feature.home-access.certificate=$T/$3" \
		"feature.home-access.key=$T/$4"
	says "$1" "$2"
}
cat "$T/one.pem" "$T/two.pem" >"$T/chain"
pair 0 '' one.pem one.key
says_not home-access
pair 0 '' chain one.key
says_not home-access
head -c 300 "$T/one.pem" >"$T/cut"
cat "$T/one.pem" "$T/cut" >"$T/chain"
head -c 100 "$T/one.key" >"$T/cut.key"
sed '2s/[a-z]/Q/g' "$T/one.pem" >"$T/damaged"
sed '2s/[a-z]/Q/g' "$T/one.key" >"$T/damaged.key"
echo junk >"$T/junk"
: >"$T/empty"
for file in cut chain damaged junk one.key; do
	pair 3 "certificate: $T/$file: .*not a complete certificate" $file one.key
done
for file in cut.key damaged.key junk one.pem; do
	pair 3 "key: $T/$file: .*no complete private key" one.pem $file
done
pair 3 "key: $T/two.key: the key does not belong" one.pem two.key
pair 3 "certificate: $T/empty: it is empty" empty one.key
pair 3 "key: $T/empty: it is empty" one.pem empty
access_conf 'feature.home-access.devices=a=10.44.0.20 public' \
	feature.home-access.tls_port=80
says 3 'port and tls_port are the same'
access_conf 'feature.home-access.devices=a=10.44.0.20 public' \
	feature.home-access.domain=-_-.example
says 3 'expected a domain'
access_conf 'feature.home-access.devices=a=10.44.0.20 public' \
	tunnel_mode=v4v6 "server=[$BROKER6]"
says 3 'through an IPv6 tunnel only'

# The syntax of libconfig, and the newer name of the old setting.
cat >"$T/gw6c.conf" <<-CONF
	server = "$BROKER4";
	auth_method = "anonymous";
	haccess_proxy_enabled = true;
	plugin_dir = "$T/plugins";
	run_dir = "$T/run";
	state_dir = "$T/state";
	feature : { home-access : { devices = "a=10.44.0.20 public;"
		"b=10.44.0.21 http password"; user = "$ACCESS_USER"; }; };
CONF
says 0 'feature.home-access.devices:2: b asks for a password'
