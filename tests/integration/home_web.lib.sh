# home_web.lib.sh - a site for tests of Home Web. Sourced behind lib.sh.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh disable=SC2034

need curl
[ -x "$GW6C_BUILD/gw6c-web" ] || skip "Home Web is not built"

WEB= # a directory that strangers may read, unlike that of the test
WEB_USER=nobody

web_end() {
	[ -z "$WEB" ] || rm -rf "$WEB"
	WEB=
}
web_test_end() {
	web_rc=$?
	web_end
	(exit "$web_rc")
	test_end
}
trap 'web_test_end' EXIT

# The site, and a worker where that user can run it.
web_site() {
	WEB=$(mktemp -d "${TMPDIR:-/tmp}/gw6c-web.XXXXXX") || exit 1
	chmod 755 "$WEB"
	mkdir "$WEB/site" "$WEB/site/dir" "$WEB/acme"
	cp "$GW6C_BUILD/gw6c-web" "$WEB"
	echo '<!doctype html><title>x</title>hello' >"$WEB/site/index.html"
	printf 'some text\n' >"$WEB/site/file.txt"
	printf '0123456789' >"$WEB/site/digits"
	printf 'in here\n' >"$WEB/site/dir/inside.txt"
	chmod -R a+rX "$WEB"
}

web_conf() { # [NAME=VALUE...]
	client_conf hap6_web_enabled=yes "hap6_document_root=$WEB/site" \
		"feature.home-web.worker=$WEB/gw6c-web" \
		"feature.home-web.user=$WEB_USER" "$@"
}

web_status() { status "feature.home-web.$1"; }
web_is() { [ "$(web_status state)" = "$1" ]; }
web_wait() { # STATE
	wait_for 15 web_is "$1" || fail "state $(web_status state)," \
		"not $1: $(web_status error)"
}
web_url() { printf 'http://[%s]%s' "$(tunnel_address)" "$1"; }

# From behind the broker.
visit() { # PATH [OPTION...]
	visit_path=$1
	shift
	at server curl -sS -g --path-as-is -m 20 "$@" "$(web_url "$visit_path")"
}
visit_code() { # PATH [OPTION...]
	visit "$@" -o /dev/null -w '%{http_code}' 2>/dev/null
}
# Process numbers of the workers of this test
web_workers() { pgrep -f "^$WEB/gw6c-web" || true; }
no_workers() { [ -z "$(web_workers)" ]; }

# certificate NAME [TYPE]: in $T/cert.pem and $T/key.pem, replaced as one.
certificate() {
	printf 'cn = "%s"\n%s = "%s"\nexpiration_days = 30\n' "$1" \
		"${2-dns_name}" "$1" >"$T/template"
	printf 'tls_www_server\nsigning_key\n' >>"$T/template"
	certtool --generate-privkey --key-type ecdsa --outfile "$T/key.new" \
		2>/dev/null || fail "no key"
	certtool --generate-self-signed --load-privkey "$T/key.new" \
		--template "$T/template" --outfile "$T/cert.new" 2>/dev/null ||
		fail "no certificate"
	mv "$T/key.new" "$T/key.pem"
	mv "$T/cert.new" "$T/cert.pem"
}
shown() { # the name in the certificate that visitors see
	at server gnutls-cli --insecure --print-cert -p 443 \
		"$(tunnel_address)" </dev/null 2>/dev/null |
		certtool -i 2>/dev/null | sed -n 's/.*DNSname: //p' | head -n 1
}
is_shown() { [ "$(shown)" = "$1" ]; }
# A reload of options that have changed, and its worker serves.
web_reloads=100
web_reload() {
	web_old=$(web_workers)
	web_reloads=$((web_reloads + 1))
	conf_set "$T/gw6c.conf" "feature.home-web.slowest=$web_reloads"
	kill -HUP "$(status pid)"
	wait_for 20 web_newer || fail "no new worker after a reload"
	web_wait serving
}
web_newer() { web_workers | grep -q -v -x -F "$web_old"; }

# A site with everything that a stranger may look for. OUTSIDE-SECRET is what he
# must not get. Devices only where we may make them.
web_hostile_site() {
	WEB=$(mktemp -d "${TMPDIR:-/tmp}/gw6c-web.XXXXXX") || exit 1
	chmod 755 "$WEB"
	cp "$GW6C_BUILD/gw6c-web" "$WEB"
	site=$WEB/site
	mkdir -p "$site/dir" "$site/deep/a/b/c" "$site/.git" "$site/closed"
	echo page >"$site/index.html"
	echo text >"$site/file.txt"
	echo in >"$site/dir/inside.txt"
	for name in 'deep/a/b/c/d.txt' 'with blank.txt' 'über.txt' \
		'plus+plus.txt' 'a&b.txt' 'semi;colon.txt' 'percent%.txt'; do
		echo x >"$site/$name"
	done
	for name in ../secret.txt .hidden .git/config dir/.hidden closed/x \
		unreadable.txt; do
		echo OUTSIDE-SECRET >"$site/$name"
	done
	chmod -R a+rX "$WEB"
	chmod 600 "$site/unreadable.txt"
	chmod 700 "$site/closed"
	web_links
	mkfifo "$site/fifo" "$site/dir/fifo"
	mknod "$site/zero" c 1 5 2>/dev/null && chmod 666 "$site/zero"
	mknod "$site/device" c 1 5 2>/dev/null && chmod 666 "$site/device"
}

web_links() {
	ln -s file.txt "$site/in-link.txt"
	ln -s dir "$site/dir-link"
	ln -s .hidden "$site/hidden-link.txt"
	ln -s .git "$site/hidden-dir-link"
	ln -s ../secret.txt "$site/out-link.txt"
	ln -s "$WEB/secret.txt" "$site/abs-link.txt"
	ln -s /etc "$site/etc-link"
	ln -s .. "$site/up-link"
	ln -s loop-b "$site/loop-a"
	ln -s loop-a "$site/loop-b"
	ln -s out-link.txt "$site/chain-link.txt"
	ln -s nowhere "$site/dangling"
	ln -s /proc "$site/proc-link"
	ln -s / "$site/root-link"
	ln -s ../../secret.txt "$site/dir/up-out.txt"
	ln -s /proc/self/cwd "$site/self-cwd"
	hop=0
	while [ $hop -lt 40 ]; do
		ln -s "hop$((hop + 1))" "$site/hop$hop"
		hop=$((hop + 1))
	done
	ln -s file.txt "$site/hop40"
	ln -s hop0 "$site/long-chain"
}
