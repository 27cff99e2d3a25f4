#!/bin/sh
# home_web - the worker of Home Web beside nginx, on the same files in one run:
# each header of the answers, requests and octets per second, memory, as ratios.
# Not a test: a machine that does something else shows other numbers. Run it in
# a build directory; needs nginx, wrk and curl.
# SPDX-License-Identifier: BSD-2-Clause
set -u
build=$PWD
worker=$build/gw6c-web
for tool in nginx wrk curl; do
	command -v "$tool" >/dev/null || {
		echo "$tool is not installed"
		exit 77
	}
done
if ! [ -x "$worker" ] || ! [ -x tests/integration/web_serve ]; then
	echo "run this in a build directory with Home Web, after \"make check\""
	exit 77
fi
dir=$(mktemp -d /tmp/gw6c-bench.XXXXXX) || exit 1
holder='' serving=''
end() {
	[ -z "$holder" ] || kill "$holder"
	[ -z "$serving" ] || wait "$serving"
	[ ! -e "$dir/nginx.pid" ] || kill "$(cat "$dir/nginx.pid")"
	rm -rf "$dir"
}
trap end EXIT
trap 'exit 130' INT TERM HUP

mkdir "$dir/site" "$dir/site/dir"
head -c 1024 /dev/urandom >"$dir/site/small.bin"
head -c 1000 /dev/zero | tr '\0' x >"$dir/site/page.html"
truncate -s 4G "$dir/site/large.bin"
cp "$worker" "$dir"
chmod -R a+rX "$dir"

cat >"$dir/nginx.conf" <<CONF
worker_processes 1;
pid $dir/nginx.pid;
error_log $dir/error.log;
user nobody nogroup;
events { worker_connections 2048; }
http {
	include /etc/nginx/mime.types;
	charset utf-8;
	sendfile on;
	tcp_nopush on;
	access_log off;
	keepalive_requests 1000000;
	client_body_temp_path $dir/body;
	proxy_temp_path $dir/proxy;
	fastcgi_temp_path $dir/fastcgi;
	uwsgi_temp_path $dir/uwsgi;
	scgi_temp_path $dir/scgi;
	server {
		listen [::1]:18091;
		root $dir/site;
	}
}
CONF
nginx -c "$dir/nginx.conf" || exit 1
mkfifo "$dir/in"
sleep 600 >"$dir/in" &
holder=$!
"$build/tests/integration/web_serve" "$dir/gw6c-web" 18090 "$dir/site" \
	charset=utf-8 mime_types=/etc/mime.types <"$dir/in" \
	>"$dir/web.log" 2>&1 &
serving=$!
until grep -q ready "$dir/web.log"; do
	kill -0 "$serving" || exit 1
	sleep 0.1
done
web_pid=$(pgrep -f "^$dir/gw6c-web")
nginx_pid=$(pgrep -P "$(cat "$dir/nginx.pid")")
ours='http://[::1]:18090' theirs='http://[::1]:18091'

headers() { # URL [OPTION...]
	headers_url=$1
	shift
	curl -sg -o /dev/null -D - "$@" "$headers_url" | tr -d '\r' |
		grep -v -i -e '^date:' -e '^$' | sort
}
echo "== headers, ours (<) and nginx' (>)"
for case in /page.html /small.bin /dir /none '/page.html -r 2-9' \
	'/page.html -r 0-0,5-6' '/page.html -X POST' '/page.html -I'; do
	echo "-- $case"
	# shellcheck disable=SC2086 # words
	{
		headers $ours$case >"$dir/ours"
		headers $theirs$case >"$dir/theirs"
	}
	diff "$dir/ours" "$dir/theirs"
done

rate() { # URL
	wrk -t1 -c32 -d4 "$1" | sed -n 's/^Requests\/sec: *//p'
}
speed() { curl -sg -o /dev/null -w '%{speed_download}' "$1"; }
rss() { awk '/^VmRSS/ { print $2 }' "/proc/$1/status"; }
ratio() { # WHAT OURS THEIRS: of the best of three
	awk -v what="$1" -v a="$2" -v b="$3" \
		'BEGIN { printf "%-32s %12.0f %12.0f  %.2f\n", what, a, b, a / b }'
}
best() { # COMMAND PATH: ours and theirs in turn
	a=0 b=0
	for _ in 1 2 3; do
		one=$($1 "$ours$2")
		other=$($1 "$theirs$2")
		a=$(printf '%s\n%s\n' "$a" "$one" | sort -g | tail -n 1)
		b=$(printf '%s\n%s\n' "$b" "$other" | sort -g | tail -n 1)
	done
}
echo
printf '%-32s %12s %12s  %s\n' '' ours nginx ratio
best rate /small.bin
ratio 'requests/s, 1 KB' "$a" "$b"
best speed /large.bin
ratio 'octets/s, 4 GB' "$a" "$b"
ratio 'memory afterwards, kB' "$(rss "$web_pid")" \
	"$(($(rss "$nginx_pid") + $(rss "$(cat "$dir/nginx.pid")")))"
