#!/bin/sh
# home_web_clients - clients of others behind the broker: a download that is gone
# on with, many requests at once, packed forms, several parts in one answer, and
# the site's own pages for errors.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/home_web.lib.sh"
need wget h2load gzip python3

lab_up
web_site
head -c 3000000 /dev/urandom >"$WEB/site/big"
chmod a+r "$WEB/site/big"
broker_conf
broker_start
web_conf "feature.home-web.access_log=$T/access.log"
client_up
web_wait serving

# A download that was broken off.
mkdir "$T/got"
head -c 1234567 "$WEB/site/big" >"$T/got/big"
at server wget -q -c -P "$T/got" "$(web_url /big)" || fail "wget -c: $?"
cmp "$T/got/big" "$WEB/site/big" || fail "wget -c got another file"
wait_for 10 grep -q '"GET /big HTTP/1.1" 206 1765433 ' "$T/access.log" ||
	fail "wget -c did not go on: $(tail -n 1 "$T/access.log")"
# It is complete: that is 416, and no mistake.
at server wget -q -c -P "$T/got" "$(web_url /big)" || fail "wget -c, all there"
cmp "$T/got/big" "$WEB/site/big" || fail "wget -c has spoilt the file"
# It was cut off by a site that ended: wget asks again by itself.
head -c 2999999 "$WEB/site/big" >"$T/got/big"
at server wget -q -c -P "$T/got" "$(web_url /big)" || fail "the last octet"
cmp "$T/got/big" "$WEB/site/big" || fail "the last octet is another one"

# Many requests at once, on connections that are kept. By a name: h2load would
# write an address into Host without its brackets, which is 400.
at server h2load --h1 -n 3000 -c 20 -t 1 --connect-to="[$(tunnel_address)]:80" \
	http://home.example/file.txt >"$T/h2load.log" 2>&1 || fail "h2load: $?"
grep -q '^status codes: 3000 2xx, 0 3xx, 0 4xx, 0 5xx' "$T/h2load.log" ||
	fail "$(grep '^status' "$T/h2load.log")"
grep -q '3000 succeeded, 0 failed, 0 errored, 0 timeout' "$T/h2load.log" ||
	fail "$(grep '^requests' "$T/h2load.log")"

# --- packed forms -----------------------------------------------------------

site=$WEB/site
printf 'plain' >"$site/app.js"
for form in gz br zst; do
	printf 'as %s' $form >"$site/app.js.$form"
done
chmod a+r "$site"/app.js*
# takes EXPECTED [ACCEPT-ENCODING]: what comes for it, by GET and by HEAD.
takes() {
	want=$1
	shift
	visit /app.js -D "$T/head" -o "$T/body" ${1+-H "Accept-Encoding: $1"} ||
		fail "no answer to \"$*\""
	case $want in
	plain) text=plain ;;
	br) text='as br' ;;
	zstd) text='as zst' ;;
	gzip) text='as gz' ;;
	esac
	[ "$(cat "$T/body")" = "$text" ] || fail "\"$*\": $(cat "$T/body")"
	grep -qi '^vary: accept-encoding' "$T/head" || fail "\"$*\": no Vary"
	grep -qi '^content-type: [a-z]*/javascript' "$T/head" ||
		fail "\"$*\": $(grep -i '^content-type' "$T/head")"
	encoding=$(tr -d '\r' <"$T/head" | sed -n 's/^content-encoding: //Ip')
	[ "${encoding:-plain}" = "$want" ] || fail "\"$*\": it says $encoding"
	visit /app.js -I ${1+-H "Accept-Encoding: $1"} |
		grep -v -i '^date:' >"$T/head2"
	grep -v -i '^date:' "$T/head" | diff - "$T/head2" ||
		fail "\"$*\": HEAD is another one"
}
etag() { tr -d '\r' <"$T/head" | sed -n 's/^etag: //Ip'; }
takes plain
plain_etag=$(etag)
takes gzip gzip
gzip_etag=$(etag)
[ "$gzip_etag" != "$plain_etag" ] || fail "two forms with one ETag"
takes gzip GZIP
takes gzip x-gzip
takes br br
takes zstd zstd
takes br 'gzip, deflate, br'
takes br 'gzip, deflate, br, zstd'
takes gzip 'gzip;q=1, br;q=0.5'
takes gzip 'br;q=0, gzip'
takes gzip 'br;q=0.0, gzip;q=0.001'
takes gzip 'gzip ; q=0.5'
takes plain 'gzip;q=0'
takes plain 'gzip;q=0.000, br;q=0, zstd;q=0'
takes plain 'gzip;q=no'
takes plain deflate
takes plain identity
takes plain ''
takes plain 'identity;q=1, gzip;q=0.5'
takes gzip 'identity;q=0.5, gzip;q=1'
takes gzip 'identity;q=0, gzip'
takes gzip 'identity;q=0, gzip;q=0.1'
takes br 'identity;q=0, *'
takes plain 'identity;q=0'
takes br '*'
takes br '*;q=0.1'
takes zstd 'br;q=0, *'
takes gzip '*;q=0, gzip'
takes plain '*;q=0'

# Conditions and ranges are those of the form.
code() { # OPTION...
	visit /app.js -o /dev/null -w '%{http_code}' "$@"
}
[ "$(code -H 'Accept-Encoding: gzip' -H "If-None-Match: $gzip_etag")" = 304 ] ||
	fail "a form that is known is sent again"
[ "$(code -H 'Accept-Encoding: gzip' -H "If-None-Match: $plain_etag")" = 200 ] ||
	fail "another form is taken for the same"
[ "$(visit /app.js -H 'Accept-Encoding: br' -r 3-)" = br ] ||
	fail "a range of a packed form"
# One that is missing, older than the file, or nothing that may be read.
rm "$site/app.js.br"
takes gzip 'gzip, br'
touch -d '2001-01-01' "$site/app.js.gz"
takes zstd 'gzip, zstd;q=0.1'
chmod 0 "$site/app.js.zst"
touch "$site/app.js.gz"
takes gzip 'gzip;q=0.1, zstd'
rm "$site/app.js.gz"
mkfifo "$site/app.js.gz"
chmod 644 "$site/app.js.gz"
[ "$(visit /app.js -H 'Accept-Encoding: gzip')" = plain ] || fail "a fifo"
# What is packed is the same page.
gzip -k "$site/index.html"
visit / --compressed -D "$T/head" | cmp - "$site/index.html" ||
	fail "another page, unpacked"
grep -qi '^content-encoding: gzip' "$T/head" || fail "the index is not packed"

# --- several parts ------------------------------------------------------------

# parts FILE RANGES: as RFC 2046 has them, by somebody else's parser.
cat >"$T/parts.py" <<'PYTHON'
import email.parser, email.policy, sys
head, body, file, ranges = sys.argv[1:]
fields = open(head, "rb").read().split(b"\r\n", 1)[1]
text = fields.rstrip() + b"\r\n\r\n" + open(body, "rb").read()
message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(text)
assert message.get_content_type() == "multipart/byteranges", message.items()
assert not message.defects, message.defects
assert int(message["Content-Length"]) == len(open(body, "rb").read())
whole = open(file, "rb").read()
parts = list(message.iter_parts())
wanted = ranges.split(",")
assert len(parts) == len(wanted), (len(parts), wanted)
for part, want in zip(parts, wanted):
    first, last = want.split("-")
    if not first:
        first, last = len(whole) - int(last), len(whole) - 1
    first, last = int(first), min(int(last or len(whole)), len(whole) - 1)
    said = "bytes %d-%d/%d" % (first, last, len(whole))
    assert part["Content-Range"] == said, (part["Content-Range"], said)
    assert part["Content-Type"], want
    assert part.get_payload(decode=True) == whole[first:last + 1], want
print(message.get_boundary())
PYTHON
parts() {
	visit "/$1" -r "$2" -D "$T/head" -o "$T/body" || fail "no parts of $1"
	grep -q '^HTTP/1.1 206' "$T/head" || fail "$1 $2: $(head -n 1 "$T/head")"
	python3 "$T/parts.py" "$T/head" "$T/body" "$site/$1" "$2" ||
		fail "$1: the parts $2"
}
parts digits 0-1,4-5 >"$T/boundary1"
parts digits 0-1,4-5 >"$T/boundary2"
! cmp -s "$T/boundary1" "$T/boundary2" || fail "the boundary is always the same"
[ "$(wc -c <"$T/boundary1")" -ge 20 ] || fail "the boundary can be guessed"
parts digits 7-,0-0
parts digits -1,0-0,2-3,-2
parts digits 0-1,9-100
parts big 0-99999,200000-1999999,2999999-
# A file that has the last boundary in it
{
	printf 'one\r\n--%s\r\n\r\n' "$(cat "$T/boundary1")"
	printf 'two\r\n--%s--\r\n' "$(cat "$T/boundary2")"
} >"$site/hostile.txt"
chmod a+r "$site/hostile.txt"
parts hostile.txt 0-60,62-
visit /digits -r '50-60,70-' -D "$T/head" -o /dev/null
grep -q '^HTTP/1.1 416' "$T/head" || fail "parts behind the end"
grep -qi '^content-range: bytes \*/10' "$T/head" || fail "416 without the size"

# --- pages for errors -----------------------------------------------------------

# says PATH STATUS TEXT [OPTION...]
says() {
	says_path=$1 says_status=$2 says_text=$3
	shift 3
	visit "$says_path" -D "$T/head" -o "$T/body" "$@" || fail "$says_path: $?"
	grep -q "^HTTP/1.1 $says_status" "$T/head" ||
		fail "$says_path: $(head -n 1 "$T/head")"
	grep -q "$says_text" "$T/body" ||
		fail "$says_path: it does not say $says_text"
	grep -qi '^content-type: text/html' "$T/head" || fail "$says_path: no page"
}
ours='<b>404</b>'
says /none 404 "$ours"
for status in 403 404 405 416; do
	echo "my own $status" >"$site/$status.html"
	chmod a+r "$site/$status.html"
done
says /none 404 'my own 404'
says /dir/none 404 'my own 404'
says /dir/ 403 'my own 403'
says / 405 'my own 405' -X POST -d x
grep -qi '^allow: GET, HEAD, OPTIONS' "$T/head" || fail "405 without Allow"
says /digits 416 'my own 416' -r 50-
grep -qi '^content-range: bytes \*/10' "$T/head" || fail "416 without the size"
says /404.html 200 'my own 404'
says /none 404 '' -I
grep -qi '^content-length: 11' "$T/head" || fail "HEAD of a page for an error"
[ "$(visit_code /none -r 0-1)" = 404 ] || fail "a range of a page for an error"
says /a%00b 400 '<b>400</b>'
# What is no page of the site: ours.
truncate -s 2M "$site/404.html"
says /none 404 "$ours"
truncate -s 1M "$site/404.html"
visit /none -o "$T/body" -w '%{http_code} %{size_download}' >"$T/code"
[ "$(cat "$T/code")" = '404 1048576' ] || fail "a page of 1 MB: $(cat "$T/code")"
instead() { # COMMAND...: makes what is there
	rm -rf "$site/404.html"
	"$@" || fail "cannot make it: $*"
	says /none 404 "$ours"
}
instead mkfifo -m 644 "$site/404.html"
instead mkdir "$site/404.html"
instead ln -s "$T/gw6c.conf" "$site/404.html"
instead ln -s 404.html "$site/404.html"
instead cp -f --preserve=mode "$T/gw6c.conf" "$site/404.html"
rm "$site/404.html"
echo 'again my own' >"$site/404.html"
says /none 404 'again my own'
[ "$(visit /file.txt)" = 'some text' ] || fail "it serves no more"
[ "$(web_status restarts)" = 0 ] || fail "the worker was started again"
[ "$(web_status errors)" = 0 ] || fail "$(web_status errors) errors"
client_stop || fail "exit status $?"
