#!/bin/sh
# home_web_cert - a certificate or key that cannot be used, of every kind: https
# goes on with the old one, also after a reload and with the next worker, and
# log and status say what is wrong.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/home_web.lib.sh"
need certtool gnutls-cli setpriv

lab_up
web_site
certificate one.example
mkdir "$T/good" "$T/other"
cp "$T/cert.pem" "$T/key.pem" "$T/good"
certificate other.example
mv "$T/cert.pem" "$T/key.pem" "$T/other"

# With the rights of the unit: root that cannot read everything.
cat >"$T/gw6c" <<UNIT
#!/bin/sh
exec setpriv --bounding-set=-dac_override,-dac_read_search "$GW6C" "\$@"
UNIT
chmod 755 "$T/gw6c"
GW6C=$T/gw6c

# Written anew: the file of before is overwritten, not replaced.
put() { # FILE NAME
	rm -rf "${T:?}/$2"
	cp "$1" "$T/$2"
}
put "$T/good/cert.pem" cert.pem
put "$T/good/key.pem" key.pem
broker_conf
broker_start
web_conf "feature.home-web.certificate=$T/cert.pem" \
	"feature.home-web.key=$T/key.pem"
client_up
web_wait serving
is_shown one.example || fail "shown is $(shown)"

told() { web_status certificate_error | grep -q -e "$1"; }
# What the files say now is told with TEXT, and the old certificate is shown.
stays() { # TEXT
	wait_for 20 told "$1" ||
		fail "$1: certificate_error $(web_status certificate_error)"
	grep -q "cannot be used: .*$1.*; going on with the old ones" \
		"$T/client.log" || fail "$1: the log does not tell"
	is_shown one.example || fail "$1: shown is $(shown)"
	[ "$(web_status certificate_name)" = one.example ] ||
		fail "$1: name $(web_status certificate_name)"
	web_is serving || fail "$1: state $(web_status state)"
	[ -z "$(web_status error)" ] || fail "$1: error $(web_status error)"
}
# bad TEXT: the same after a reload; then all is good again.
bad() {
	web_reload
	stays "$1"
	put "$T/good/cert.pem" cert.pem
	put "$T/good/key.pem" key.pem
}

put "$T/other/key.pem" key.pem
bad 'does not belong to the certificate'
put "$T/other/cert.pem" cert.pem
bad 'does not belong to the certificate'
for octets in 1 30 200; do
	head -c "$octets" "$T/good/cert.pem" >"$T/cert.pem"
	bad 'is not a complete certificate'
	head -c "$octets" "$T/good/key.pem" >"$T/key.pem"
	bad 'no complete private key'
done
# A chain that ends in the midst of its second certificate
head -c 300 "$T/other/cert.pem" >>"$T/cert.pem"
bad 'is not a complete certificate'
put "$T/good/key.pem" cert.pem
bad 'is not a complete certificate'
put "$T/good/cert.pem" key.pem
bad 'no complete private key'
sed '3s/[a-z]/Q/g' "$T/good/cert.pem" >"$T/cert.pem"
bad 'or is damaged'
certtool --to-p8 --load-privkey "$T/good/key.pem" --password secret \
	--pkcs-cipher aes-128 --outfile "$T/key.pem" 2>/dev/null
bad 'passphrase'
for name in cert key; do
	: >"$T/$name.pem"
	bad "$name.pem is empty"
	chmod 0 "$T/$name.pem"
	bad "$name.pem: Permission denied"
	rm "$T/$name.pem"
	bad "$name.pem: No such file"
	rm "$T/$name.pem"
	mkdir "$T/$name.pem"
	bad "$name.pem is not a file"
	rm "$T/$name.pem"
	mkfifo "$T/$name.pem"
	bad "$name.pem is not a file"
	ln -sf "$name.pem" "$T/$name.pem"
	bad "$name.pem: Too many levels"
	head -c 40000 /dev/zero | tr '\0' x >"$T/$name.pem"
	bad "$name.pem has more than"
	head -c 100 /dev/zero >"$T/$name.pem"
	bad "$name.pem is not text"
done
web_reload
[ -z "$(web_status certificate_error)" ] || fail "an error that is over"

# Half is written while nobody reloads; the next worker has the old one, too.
head -c 200 "$T/other/cert.pem" >"$T/cert.pem"
stays 'is not a complete certificate'
kill -KILL "$(web_workers)"
restarted() { [ "$(web_status restarts)" = 1 ] && web_is serving; }
wait_for 20 restarted || fail "no next worker"
stays 'is not a complete certificate'
# The rest comes, and then the key.
tail -c +201 "$T/other/cert.pem" >>"$T/cert.pem"
stays 'does not belong to the certificate'
cat "$T/other/key.pem" >"$T/key.pem"
wait_for 25 is_shown other.example || fail "shown is $(shown)"
[ -z "$(web_status certificate_error)" ] || fail "an error that is over"
grep -q 'warning.*certificate and key can be used again' "$T/client.log" ||
	fail "the log does not say that they are good again"
client_stop || fail "exit status $?"
