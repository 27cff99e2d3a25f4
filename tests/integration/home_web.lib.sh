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
trap 'web_rc=$?; web_end; (exit $web_rc); test_end' EXIT

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
