#!/bin/sh
# home_web_check - mistakes in the options of Home Web are named by line at
# --check; what may pass does not keep the tunnel from coming up.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/home_web.lib.sh"
need certtool

lab_up
web_site

# check STATUS KEY TEXT [NAME=VALUE...]: the line of KEY is named with TEXT.
check() {
	want=$1 key=$2 text=$3
	shift 3
	web_conf template=null "$@"
	"$GW6C" -f "$T/gw6c.conf" --check >"$T/client.log" 2>&1
	rc=$?
	[ $rc = "$want" ] || fail "$* $text: --check returns $rc, not $want"
	[ -n "$key" ] || return 0
	line=$(grep -n "^$key=" "$T/gw6c.conf" | cut -d: -f1)
	grep -q "gw6c.conf:$line: $key: .*$text" "$T/client.log" ||
		fail "$*: line $line does not say \"$text\""
}

root=hap6_document_root
check 0 '' ''
check 3 hap6_web_enabled 'no directory is named' $root=
check 3 $root "$WEB/none: No such file" "$root=$WEB/none"
check 3 $root 'whole file system' $root=/
check 3 $root 'whole file system' $root=///
check 3 $root 'whole file system' "$root=/$WEB/../../../../../.."
check 3 $root 'expected an absolute path' $root=site
check 3 $root 'no directory' "$root=$WEB/site/file.txt"
check 0 '' '' "$root=$(echo "$WEB/site" | sed 's|/|\\|g')"
check 3 $root 'gw6c.conf would be published' "$root=$T"
check 3 $root "would be published" "$root=$(dirname "$T")"
check 3 hap6_web_enabled 'IPv6 tunnel only' tunnel_mode=v4v6 \
	"server=[$BROKER6]"
check 3 feature.home-web.user 'is root' feature.home-web.user=root
check 3 feature.home-web.listen 'expected tunnel, lan, any or an address' \
	feature.home-web.listen=everywhere
many='2001:db8::1 2001:db8::2 2001:db8::3 2001:db8::4 2001:db8::5'
more='2001:db8::6 2001:db8::7 2001:db8::8 2001:db8::9 2001:db8::a ::b'
check 0 '' '' "feature.home-web.listen=$many"
check 3 feature.home-web.listen '12 sockets would be needed' \
	"feature.home-web.listen=tunnel $many $more"
check 3 feature.home-web.certificate 'feature.home-web.key is missing' \
	"feature.home-web.certificate=$WEB/site/file.txt"
check 3 feature.home-web.redirect 'no https' feature.home-web.redirect=yes
check 3 feature.home-web.worker "$WEB/none: No such file" \
	"feature.home-web.worker=$WEB/none"
check 3 feature.home-web.acme_dir "No such file" \
	feature.home-web.acme_dir=/nowhere/at/all

# A log that cannot be opened: the site is served all the same.
for log in "$WEB/none/log" "$WEB/gw6c-web/log" "$WEB/acme"; do
	check 0 feature.home-web.access_log 'there will be no log of requests' \
		"feature.home-web.access_log=$log"
done
check 0 '' '' "feature.home-web.access_log=$T/access.log"
[ ! -e "$T/access.log" ] || fail "--check makes the log"
! grep -q 'access_log:' "$T/client.log" || fail "a log that may be made"

# Certificate and key: each fault with the file that has it.
certificate one.example
mkdir "$T/good"
mv "$T/cert.pem" "$T/key.pem" "$T/good"
certificate other.example
mv "$T/key.pem" "$T/other-key.pem"
pair() { # STATUS KEY TEXT CERTIFICATE [PRIVATE-KEY]
	pair_key=${5-$T/good/key.pem}
	check "$1" "${2:+feature.home-web.$2}" "$3" \
		"feature.home-web.certificate=$4" \
		"feature.home-web.key=$pair_key"
}
pair 0 '' '' "$T/good/cert.pem"
! grep -q 'home-web' "$T/client.log" || fail "a good pair"
head -c 300 "$T/good/cert.pem" >"$T/cut"
pair 3 certificate "$T/cut: .*not a complete certificate" "$T/cut"
cat "$T/good/cert.pem" "$T/cut" >"$T/chain"
pair 3 certificate "$T/chain: .*not a complete certificate" "$T/chain"
echo junk >"$T/junk"
pair 3 certificate "$T/junk: .*not a complete certificate" "$T/junk"
pair 3 key "$T/junk: .*no complete private key" "$T/good/cert.pem" "$T/junk"
head -c 100 "$T/good/key.pem" >"$T/cut"
pair 3 key "$T/cut: .*no complete private key" "$T/good/cert.pem" "$T/cut"
pair 3 key "$T/other-key.pem: .*does not belong to the certificate" \
	"$T/good/cert.pem" "$T/other-key.pem"
: >"$T/empty"
pair 3 certificate "$T/empty is empty" "$T/empty"
pair 3 key "$T/empty is empty" "$T/good/cert.pem" "$T/empty"
pair 3 key "$T is not a file" "$T/good/cert.pem" "$T"

# A key below the root.
: >"$WEB/site/key.pem"
check 3 $root 'key.pem would be published' \
	"feature.home-web.key=$WEB/site/key.pem" \
	"feature.home-web.certificate=$WEB/site/key.pem"
rm "$WEB/site/key.pem"

# The component that stops the worker's user, and its mode.
mkdir -p "$WEB/a/b/c"
chmod 755 "$WEB/a" "$WEB/a/b/c"
chmod 710 "$WEB/a/b"
check 3 $root "user nobody cannot pass through $WEB/a/b, which has mode 0710" \
	"$root=$WEB/a/b/c"
chmod 755 "$WEB/a/b"
chmod 711 "$WEB/a/b/c"
check 3 $root "user nobody cannot read $WEB/a/b/c, which has mode 0711" \
	"$root=$WEB/a/b/c"
check 3 $root 'no user "gw6c-nobody-else"' feature.home-web.user=gw6c-nobody-else

# A port without the right to it.
chmod 755 "$T" "$T/plugins"
web_conf template=null
chmod 644 "$T/gw6c.conf"
setpriv --reuid nobody --clear-groups --bounding-set=-all \
	"$GW6C" -f "$T/gw6c.conf" --check >"$T/client.log" 2>&1
rc=$?
case $rc in
126 | 127) say "gw6c cannot be run by nobody here; no test of the port" ;;
*)
	[ $rc = 3 ] || fail "a port without right: $rc"
	grep -q 'port 80 cannot be used without the right' "$T/client.log" ||
		fail "the port is not told"
	;;
esac

# What may pass: the tunnel is up, the feature says what is wrong, and begins
# when it is no longer.
broker_conf
broker_start
web_conf "$root=$WEB/later"
client_up
web_wait error
web_status error | grep -q "$WEB/later" || fail "error $(web_status error)"
[ "$(web_status hap6_web)" = ERROR ] || fail "hap6_web"
[ -z "$(web_status address)" ] || fail "address $(web_status address)"
visit / >/dev/null 2>&1
rc=$?
[ $rc = 7 ] || fail "a visitor is not refused: curl returns $rc"
mkdir "$WEB/later"
echo now >"$WEB/later/index.html"
chmod -R a+rX "$WEB/later"
web_wait serving
[ "$(visit /)" = now ] || fail "the page"
[ -z "$(web_status error)" ] || fail "an error that is over"
client_stop || fail "exit status $?"

# Without its log.
web_conf "feature.home-web.access_log=$WEB/logs/access.log"
client_up
web_wait serving
[ "$(visit_code /)" = 200 ] || fail "no page without the log"
web_status access_log_error | grep -q "$WEB/logs/access.log: No such file" ||
	fail "access_log_error $(web_status access_log_error)"
mkdir "$WEB/logs"
web_logs() {
	visit / >/dev/null
	grep -q 'GET / ' "$WEB/logs/access.log"
}
wait_for 30 web_logs 2>/dev/null || fail "the log is not begun"
[ -z "$(web_status access_log_error)" ] || fail "an error that is over"
client_stop || fail "exit status $?"

# A port that is taken.
at client ip -6 address add 2001:db8:77::1/128 dev lo nodad
ip netns exec "$LAB-client" "$TOOLS/stream" serve 2001:db8:77::1 80 1 >"$T/taken.log" &
taken=$!
wait_for 5 grep -q ready "$T/taken.log" || fail "nobody takes the port"
web_conf "feature.home-web.listen=2001:db8:77::1"
client_up
web_wait error
web_status error | grep -q 'another program has that port' ||
	fail "error $(web_status error)"
client_is_up || fail "no tunnel"
[ "$(web_status hap6_web)" = ERROR ] || fail "hap6_web $(web_status hap6_web)"
no_workers || fail "a worker without a socket"
pings "$SERVER6" >/dev/null || fail "the tunnel suffers"
# It leaves as if nothing were wrong, and comes again.
client_stop || fail "exit status $? while the port is taken"
client_up
web_wait error
[ "$(count_lines 'tunnel up' "$T/client.log")" -ge 2 ] || fail "no tunnel"
[ "$(count_lines 'reconnect' "$T/client.log")" = 0 ] || fail "it reconnects"
kill "$taken"
wait_for 40 web_is serving || fail "it does not begin"
web_wait serving
client_stop || fail "exit status $?"
at client ip -6 address delete 2001:db8:77::1/128 dev lo
