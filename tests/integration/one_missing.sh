#!/bin/sh
# one_missing - each plugin in turn is removed: where it is named gw6c says
# so, with file and line, and all others work as before.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

need_programs
built=$GW6C_BUILD/.libs
all=$(cd "$built" && echo *.so | sed 's/\.so//g')

remove() { # MODULE: only this one is not there
	cp "$built"/*.so "$T/plugins"
	rm "$T/plugins/$1.so"
}

# The first of a kind that is still there
any_of() { # KIND
	for file in "$T/plugins/$1"_*.so; do
		basename "$file" .so | sed "s/^$1_//; s/_/-/g"
		return
	done
}

# A configuration in which the module is named, and nothing that is missing
names() { # MODULE
	name=$(echo "${1#*_}" | tr _ -)
	client_conf auth_method="$(any_of auth)" template="$(any_of os)" \
		tunnel_mode="$(any_of tunnel)" userid=ann passwd=s3cret \
		allow_plain=yes
	case $1 in
	auth_*) key=auth_method ;;
	tunnel_*) key=tunnel_mode ;;
	os_*) key=template ;;
	feature_*) key=features ;;
	*) fail "what is $1?" ;;
	esac
	conf_set "$T/gw6c.conf" "$key=$name"
	# A feature that has no use without a directory and IPv6
	if [ "$1" = feature_home_web ]; then
		mode=v6udpv4
		[ "$missing" != tunnel_v6udpv4 ] || mode=v6v4
		conf_set "$T/gw6c.conf" tunnel_mode=$mode \
			feature.home-web.root=/usr feature.home-web.user=nobody \
			feature.home-web.worker=/bin/sh
	fi
	if [ "$1" = feature_home_access ]; then
		mode=v6udpv4
		[ "$missing" != tunnel_v6udpv4 ] || mode=v6v4
		conf_set "$T/gw6c.conf" tunnel_mode=$mode \
			'feature.home-access.devices=x=192.168.1.1 public' \
			feature.home-access.user=nobody \
			feature.home-access.program=/bin/sh
	fi
	# Who is anonymous has no name, and a warning would say so.
	! grep -q '^auth_method=anonymous$' "$T/gw6c.conf" ||
		conf_set "$T/gw6c.conf" userid= passwd=
	# Of a v4v6 broker, as of no other, the address is one of IPv6.
	[ "$(sed -n s/^tunnel_mode=//p "$T/gw6c.conf")" != v4v6 ] ||
		conf_set "$T/gw6c.conf" "server=[$BROKER6]"
}

check() { # STATUS
	timeout 30 "$GW6C" -f "$T/gw6c.conf" --check >"$T/client.log" 2>&1
	rc=$?
	[ $rc = "$1" ] || fail "without $missing, $module named:" \
		"--check returns $rc, not $1"
}

for missing in $all; do
	remove "$missing"
	for module in $all; do
		names "$module"
		if [ "$module" != "$missing" ]; then
			check 0
			continue
		fi
		check 3
		line=$(grep -n "^$key=" "$T/gw6c.conf" | cut -d: -f1)
		want="gw6c.conf:$line: ${module%%_*} '$name': no $module.so in"
		want="$want $T/plugins; is its package installed"
		# What is no backend could be a script.
		[ $key != template ] || want="gw6c.conf:$line: template: there\
 is neither a backend \"$name\" (is its package installed?) nor a script"
		grep -q "$want" "$T/client.log" ||
			fail "without $missing it does not say so"
		[ "$(wc -l <"$T/client.log")" = 1 ] ||
			fail "without $missing it says more than that"
	done
	"$GW6C" -f "$T/gw6c.conf" --list-plugins >"$T/list" ||
		fail "without $missing there is no list"
	! grep -q "/$missing.so" "$T/list" || fail "$missing is listed"
	[ "$(grep -c '^ *path:' "$T/list")" = $(($(echo "$all" | wc -w) - 1)) ] ||
		fail "without $missing others are not listed"
done
say "--check: all is told"

# What names it in other words: the default of the system, and old variables.
missing=os_linux module=none
remove os_linux
client_conf
sed -i /^template=/d "$T/gw6c.conf"
check 3
grep -q "os 'linux': no os_linux.so in" "$T/client.log" ||
	fail "a missing backend of this system is not told"
# A setting of a feature is known though the feature is missing: the tunnel does
# without.
rm -f "$T/plugins/feature_home_web.so"
client_conf template=null hap6_document_root="$T" hap6_web_enabled=yes
check 0
line=$(grep -n ^hap6_web_enabled "$T/gw6c.conf" | cut -d: -f1)
grep -q "gw6c.conf:$line: hap6_web_enabled: needs the plugin feature:home-web,\
 which is not installed; install the package gw6c-plugin-home-web" \
	"$T/client.log" || fail "the line that wants it is not named"
! grep -q hap6_document_root "$T/client.log" || fail "the other line is named"

# The broker says the same.
remove auth_digest_md5
broker_conf
timeout 30 "$BROKER" -n -f "$T/broker.conf" >"$T/broker.log" 2>&1 &&
	fail "a broker without its login mechanism"
grep -q "broker.conf:$(grep -n ^auth= "$T/broker.conf" | cut -d: -f1): auth" \
	"$T/broker.log" || fail "the broker does not name the line"

# Tunnels. What they do not need is missing, one after the other.
rm -rf "$T"
lab_up
broker_conf plugin_dir="$built" pool6=2001:db8:1000::/48 \
	prefixes6=2001:db8:1800::/40
broker_start
for missing in $all; do
	case $missing in
	os_linux | auth_anonymous | tunnel_v6anyv4 | tunnel_v6udpv4) continue ;;
	esac
	remove "$missing"
	client_conf
	client_up
	pings "$SERVER6" >/dev/null || fail "without $missing: no ping"
	client_stop || fail "without $missing: exit status $?"
done

# Without a backend for this system, what would be done can be seen.
remove os_linux
: >"$T/client.log"
client_conf template=null
client_start
wait_for 20 grep -q "^ip -6 route add ::/0 dev gw6c0 metric" "$T/client.log" ||
	fail "without os_linux: the null backend tells nothing"
client_stop || fail "without os_linux: exit status $?"

# A router whose machines are not told their prefix is still a router.
remove feature_router_adv
: >"$T/client.log"
client_conf host_type=router if_prefix=lan0 prefixlen=64 \
	auth_method=digest-md5 userid=ann passwd=s3cret
client_up
line=$(grep -n ^host_type= "$T/gw6c.conf" | cut -d: -f1)
grep -q "gw6c.conf:$line: host_type: needs the plugin feature:router-adv.*get\
 no router advertisements.*gw6c-plugin-router" "$T/client.log" || fail "missing advertisements are not told"
client_stop

# The broker chooses a mode that is not there.
remove tunnel_v6udpv4
client_conf
client_run -n -b
rc=$?
[ $rc = 3 ] || fail "a mode that is missing: exit status $rc, not 3"
grep -q "tunnel 'v6udpv4': no tunnel_v6udpv4.so in" "$T/client.log" ||
	fail "a mode that is missing is not named"
