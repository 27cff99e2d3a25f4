#!/bin/sh
# home_web_tls - https with the user's certificate, which is replaced without
# breaking a connection; the way from http; the challenge of an authority.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/home_web.lib.sh"
need certtool gnutls-cli

speaks() { # PRIORITY
	at server gnutls-cli --insecure --priority "$1" -p 443 \
		"$(tunnel_address)" </dev/null >"$T/cli.log" 2>&1
}

lab_up
web_site
truncate -s 100M "$WEB/site/big"
certificate one.example
printf 'token.thumb' >"$WEB/acme/Token-1_a"
chmod 644 "$WEB/acme/Token-1_a"
broker_conf
broker_start
web_conf "feature.home-web.certificate=$T/cert.pem" \
	"feature.home-web.key=$T/key.pem" feature.home-web.hsts=1d \
	"feature.home-web.acme_dir=$WEB/acme"
client_up
web_wait serving
url=https://[$(tunnel_address)]
get() { # PATH [OPTION...]
	get_path=$1
	shift
	at server curl -sS -g -k -m 20 "$@" "$url$get_path"
}

[ "$(get /file.txt)" = 'some text' ] || fail "a file by https"
[ "$(visit /file.txt)" = 'some text' ] || fail "a file by http"
get / -D "$T/head" -o "$T/body" || fail "no page"
grep -qi '^strict-transport-security: max-age=86400' "$T/head" || fail "no HSTS"
visit / -D "$T/head" -o "$T/body" || fail "no page by http"
! grep -qi '^strict-transport' "$T/head" || fail "HSTS over http"
[ "$(web_status certificate_name)" = one.example ] ||
	fail "name $(web_status certificate_name)"
web_status certificate_end | grep -q '^20..-..-..T' ||
	fail "end $(web_status certificate_end)"
speaks NORMAL:-VERS-ALL:+VERS-TLS1.3 || fail "no TLS 1.3"
speaks NORMAL:-VERS-ALL:+VERS-TLS1.2 || fail "no TLS 1.2"
! speaks NORMAL:-VERS-ALL:+VERS-TLS1.1:%COMPAT || fail "TLS 1.1"
! speaks NORMAL:-VERS-ALL:+VERS-TLS1.0:%COMPAT || fail "TLS 1.0"

# Handshakes that nobody goes on with cost no time.
ticks() { awk '{ print $14 + $15 }' "/proc/$(web_workers)/stat"; }
ip netns exec "$LAB-server" "$TOOLS/web_sit" "$(tunnel_address)" 443 5 5 hello \
	>"$T/sit.log" 2>&1 &
sitting=$!
wait_for 10 grep -q '^5 of 5' "$T/sit.log" || fail "they do not sit"
before=$(ticks)
sleep 3
spent=$(($(ticks) - before))
[ $spent -lt 100 ] || fail "five handshakes take $spent ticks in 3 s"
wait $sitting

# Another certificate, while a connection is in use.
get /big --limit-rate 8M -o "$T/got" 2>"$T/curl.log" &
fetching=$!
wait_for 10 [ -s "$T/got" ] || fail "nothing comes"
certificate two.example
wait_for 20 is_shown two.example || fail "the certificate shown is $(shown)"
kill -0 $fetching || fail "the connection has ended meanwhile"
wait $fetching || fail "it broke: $(cat "$T/curl.log")"
[ "$(stat -c %s "$T/got")" = 104857600 ] || fail "octets are missing"
[ "$(web_status restarts)" = 0 ] || fail "a restart"

# One that cannot be used is told, and the other stays.
echo rubbish >"$T/cert.new"
mv "$T/cert.new" "$T/cert.pem"
wait_for 20 grep -q 'certificate and key cannot be used' "$T/client.log" ||
	fail "rubbish is not told"
is_shown two.example || fail "the certificate shown is $(shown)"
certificate three.example
wait_for 20 is_shown three.example || fail "shown is $(shown)"

# The challenge of an authority, also where all else goes to https.
[ "$(visit /.well-known/acme-challenge/Token-1_a)" = token.thumb ] ||
	fail "no challenge"
for bad in ../Token-1_a %2e%2e/x Token-1_a/ .x Token%2d1_a ''; do
	case $(visit_code "/.well-known/acme-challenge/$bad") in
	400 | 404) ;;
	*) fail "the challenge $bad is answered" ;;
	esac
done
conf_set "$T/gw6c.conf" feature.home-web.redirect=yes
kill -HUP "$(status pid)"
redirects() { [ "$(visit_code /file.txt)" = 301 ]; }
wait_for 10 redirects || fail "no way to https"
[ "$(visit '/dir/inside.txt?q' -o /dev/null -w '%{redirect_url}')" = \
	"$url/dir/inside.txt?q" ] || fail "$(visit '/dir/inside.txt?q' -I)"
[ "$(visit /.well-known/acme-challenge/Token-1_a)" = token.thumb ] ||
	fail "the challenge is sent to https"
[ "$(get /file.txt)" = 'some text' ] || fail "https after the reload"
client_stop || fail "exit status $?"

# Without a certificate that can be used, http has the challenges by which one
# is got; it is taken when it comes.
rm "$T/cert.pem"
client_up
web_wait serving
web_status certificate_error | grep -q "$T/cert.pem: No such file" ||
	fail "certificate_error $(web_status certificate_error)"
[ "$(visit /.well-known/acme-challenge/Token-1_a)" = token.thumb ] ||
	fail "no challenge without a certificate"
[ "$(visit_code /file.txt)" = 301 ] || fail "a page without a certificate"
! get /file.txt >"$T/got" 2>&1 || fail "https without a certificate"
echo rubbish >"$T/cert.pem"
rubbish() { web_status certificate_error | grep -q . &&
	! web_status certificate_error | grep -q "No such file"; }
wait_for 20 rubbish || fail "rubbish is not told"
[ "$(visit /.well-known/acme-challenge/Token-1_a)" = token.thumb ] ||
	fail "no challenge with a bad certificate"
visit / -o "$T/got"
visit / -o "$T/got"
kill -HUP "$(status pid)"
wait_for 10 web_is serving || fail "no worker with a bad certificate"
[ "$(visit_code /.well-known/acme-challenge/Token-1_a)" = 200 ] ||
	fail "no challenge after a reload with a bad certificate"
certificate four.example
wait_for 20 is_shown four.example || fail "shown is $(shown)"
[ "$(get /file.txt)" = 'some text' ] || fail "https with the next certificate"
[ -z "$(web_status certificate_error)" ] || fail "an error that is over"
certificate 2001:db8::5 ip_address
is_named() { [ "$(web_status certificate_name)" = "$1" ]; }
wait_for 20 is_named 2001:db8::5 || fail "name $(web_status certificate_name)"
[ "$(web_status restarts)" = 0 ] || fail "a restart"
client_stop || fail "exit status $?"

# Where the port of https is taken, http serves no page in its place.
at client ip -6 address add 2001:db8:77::1/128 dev lo nodad
ip netns exec "$LAB-client" "$TOOLS/stream" serve 2001:db8:77::1 443 1 \
	>"$T/taken.log" &
taken=$!
wait_for 5 grep -q ready "$T/taken.log" || fail "nobody takes the port"
conf_set "$T/gw6c.conf" feature.home-web.listen=2001:db8:77::1
client_up
web_wait serving
web_status error | grep -q 'another program has that port' ||
	fail "error $(web_status error)"
alone="http://[2001:db8:77::1]"
clear() { at client curl -sg -m 5 -o "$T/got" -w "$2" "$alone$1"; }
[ "$(clear /file.txt '%{http_code} %{redirect_url}')" = \
	"301 https://[2001:db8:77::1]/file.txt" ] || fail "a page in clear"
! grep -q 'some text' "$T/got" || fail "a page in clear"
[ "$(clear /.well-known/acme-challenge/Token-1_a '%{http_code}')" = 200 ] ||
	fail "no challenge while the port is taken"
kill "$taken"
client_stop || fail "exit status $?"
at client ip -6 address delete 2001:db8:77::1/128 dev lo
