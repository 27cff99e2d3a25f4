#!/bin/sh
# home_web - the worker of Home Web beside nginx, on the same files in one run:
# each header of the answers that is another one, and why; requests and octets
# per second and memory, as ratios. Not a test: a machine that does something
# else shows other numbers. Run it in a build directory; needs nginx, wrk and
# curl. With "headers" it stops behind these. Exit status 1: a difference of
# headers that nobody has explained.
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

# "NAME: VALUE", a line each, the first one with the status.
headers() { # URL [OPTION...]
	headers_url=$1
	shift
	curl -sg -o /dev/null -D - "$@" "$headers_url" | tr -d '\r' |
		sed -n -e '1s/^HTTP[^ ]* /status: /' -e '/^date:/Id' -e '/./p'
}

# Why they differ: STATUS FIELD WHO, who is the one that has it, or both.
why() {
	case "$1 $2 $3" in
	"405 status both" | "416 status both") echo "the reason phrase of RFC 9110" ;;
	*" server nginx") echo "who asks need not know which program it is" ;;
	*" connection nginx") echo "kept is the default of HTTP/1.1" ;;
	"400 connection both" | "405 connection both" | "405 connection ours")
		echo "a body is not read, so what follows is no request" ;;
	*" x-content-type-options ours") echo "no browser guesses a type" ;;
	*" referrer-policy ours") echo "other sites do not learn the address" ;;
	*" content-security-policy ours") echo "a page of ours runs nothing" ;;
	*" etag both") echo "with inode and nanoseconds: it is a strong one" ;;
	"206 accept-ranges ours") echo "true of this answer, too" ;;
	"206 content-type both") echo "the boundary is drawn each time" ;;
	"206 content-length both") echo "the boundary is longer" ;;
	"301 location both") echo "a path, whatever name the visitor used" ;;
	"301 content-length both" | "301 content-type nginx")
		echo "no page is sent with it, browsers show none" ;;
	4[0-9][0-9]" content-length both") echo "it is another page" ;;
	"304 content-length ours")
		echo "that of the file; libmicrohttpd would say 0, which is wrong" ;;
	"405 allow ours") echo "required by RFC 9110, section 15.5.6" ;;
	*) return 1 ;;
	esac
}

# compare CASE: the files ours and theirs
compare() {
	code=$(sed -n 's/^status: \([0-9]*\).*/\1/p' "$dir/ours")
	cut -d: -f1 "$dir/ours" "$dir/theirs" | tr '[:upper:]' '[:lower:]' |
		sort -u >"$dir/names"
	while read -r name; do
		mine=$(sed -n "s/^$name: //Ip" "$dir/ours")
		other=$(sed -n "s/^$name: //Ip" "$dir/theirs")
		[ "$mine" != "$other" ] || continue
		who=both
		[ -n "$mine" ] || who=nginx
		[ -n "$other" ] || who=ours
		reason=$(why "$code" "$name" $who) || {
			reason='NOBODY HAS EXPLAINED THIS'
			unexplained=$((unexplained + 1))
		}
		printf '%s: %s\n' "$name" "$reason"
		printf '    ours:  %s\n    nginx: %s\n' "${mine:--}" "${other:--}"
	done <"$dir/names"
}

unexplained=0
echo "== headers that differ, and why"
for case in /page.html /small.bin /dir /none '/page.html -r 2-9' \
	'/page.html -r 0-0,5-6' '/page.html -r 5000-' '/page.html -X POST' \
	'/page.html -X POST -d x' '/page.html -I' '/page.html -0' \
	'/page.html -H If-None-Match:*' '/page.html -H If-Match:x' \
	'/page.html -H Host:'; do
	echo "-- $case"
	# shellcheck disable=SC2086 # words
	{
		headers $ours$case >"$dir/ours"
		headers $theirs$case >"$dir/theirs"
	}
	compare
done
[ $unexplained = 0 ] || echo "== $unexplained differences are not explained"
if [ "${1:-}" = headers ]; then
	[ $unexplained = 0 ]
	exit
fi

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
[ $unexplained = 0 ]
