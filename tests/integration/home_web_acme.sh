#!/bin/sh
# home_web_acme - the walk-through of gw6c-home-web(7): uacme gets a certificate
# of an authority behind the broker, which looks at the challenge through the
# tunnel; https begins by itself, and again with the next certificate.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/home_web.lib.sh"
need certtool gnutls-cli uacme pebble pebble-challtestsrv

NAME=home.example.org
HOOK=/usr/share/uacme/uacme.sh
trusted=/etc/ssl/certs/ca-certificates.crt
for file in $HOOK $trusted; do
	[ -e "$file" ] || skip "there is no $file"
done
lab_up
web_site
certificate "$SERVER6" ip_address # of the authority's own web server
broker_conf
broker_start
# As the manual has it: from the first start on, when there is no certificate.
web_conf auth_method=digest-md5 userid=ann passwd=s3cret \
	"feature.home-web.acme_dir=$WEB/acme" \
	"feature.home-web.certificate=$T/uacme/$NAME/cert.pem" \
	"feature.home-web.key=$T/uacme/private/$NAME/key.pem" \
	feature.home-web.redirect=yes
client_up
web_wait serving

cat >"$T/pebble.json" <<CONF
{ "pebble": {
	"listenAddress": "[$SERVER6]:14000",
	"managementListenAddress": "[$SERVER6]:15000",
	"certificate": "$T/cert.pem",
	"privateKey": "$T/key.pem",
	"httpPort": 80,
	"tlsPort": 443,
	"ocspResponderURL": "",
	"externalAccountBindingRequired": false
} }
CONF
ip netns exec "$LAB-server" pebble-challtestsrv -http01 '' -https01 '' \
	-tlsalpn01 '' -management '' -dns01 127.0.0.1:8053 -defaultIPv4 '' \
	-defaultIPv6 "$(tunnel_address)" >"$T/dns.log" 2>&1 &
dns=$!
# Each order is looked at, at once, and no request is refused by chance.
ip netns exec "$LAB-server" env PEBBLE_VA_NOSLEEP=1 PEBBLE_AUTHZREUSE=0 \
	PEBBLE_WFE_NONCEREJECT=0 pebble -config "$T/pebble.json" \
	-dnsserver 127.0.0.1:8053 >"$T/pebble.log" 2>&1 &
authority=$!
directory=https://[$SERVER6]:14000/dir
answers() { at client curl -skg -m 5 -f "$directory"; }
wait_for 20 answers || fail "the authority does not answer"

# For uacme alone the certificate of that authority is a trusted one.
acme() { # ARGUMENT...
	# shellcheck disable=SC2016 # of the inner shell
	at client sh -c 'mount --bind "$1" "$2" && shift 2 && exec "$@"' sh \
		"$T/cert.pem" $trusted \
		env UACME_CHALLENGE_PATH="$WEB/acme" \
		uacme -a "$directory" -c "$T/uacme" "$@" >>"$T/uacme.log" 2>&1
}
acme -y new you@example.org || fail "no account"
acme -h $HOOK issue $NAME || fail "no certificate"
grep -q "Attempting to validate w/ HTTP: http://$NAME:80/" "$T/pebble.log" ||
	fail "the authority has not looked at the challenge"
[ -z "$(ls "$WEB/acme")" ] || fail "the challenge is left"

serial() { # of the certificate that visitors see
	at server gnutls-cli --insecure --print-cert -p 443 \
		"$(tunnel_address)" </dev/null 2>/dev/null |
		certtool -i 2>/dev/null |
		sed -n 's/.*Serial Number (hex): //p' | head -n 1
}
file_serial() {
	certtool -i <"$T/uacme/$NAME/cert.pem" |
		sed -n 's/.*Serial Number (hex): //p' | head -n 1
}
is_file() { [ -n "$(serial)" ] && [ "$(serial)" = "$(file_serial)" ]; }
page() {
	at server curl -sSgk -m 20 --resolve "$NAME:443:[$(tunnel_address)]" \
		"https://$NAME/file.txt"
}
wait_for 25 is_file || fail "shown is $(serial), and not $(file_serial)"
is_shown $NAME || fail "shown is $(shown)"
[ "$(page)" = 'some text' ] || fail "no page by https"
[ "$(web_status certificate_name)" = $NAME ] ||
	fail "name $(web_status certificate_name)"
[ -z "$(web_status certificate_error)" ] ||
	fail "certificate_error $(web_status certificate_error)"

# As every day: nothing, before it is time. Then the next one.
first=$(file_serial)
acme -h $HOOK issue $NAME && fail "a certificate before it is time"
[ "$(file_serial)" = "$first" ] || fail "another one before it is time"
pid=$(web_workers)
acme -f -h $HOOK issue $NAME || fail "no certificate, the second time"
[ "$(file_serial)" != "$first" ] || fail "it is the same"
wait_for 25 is_file || fail "shown is $(serial), and not $(file_serial)"
[ "$(page)" = 'some text' ] || fail "no page with the next certificate"
[ "$(web_workers)" = "$pid" ] || fail "another worker"
client_is_up || fail "the tunnel is gone"
kill "$authority" "$dns"
client_stop || fail "exit status $?"
