#!/bin/sh
# arrows.sh - who includes what: the rooms, and one library in one room.
# SPDX-License-Identifier: BSD-2-Clause
set -u
cd "${srcdir:-.}" && [ -d core/include/gw6c ] || exit 1
bad=0

# Every #include of the files given, as "file:line:name".
includes() {
	grep -Hn '^[[:space:]]*#[[:space:]]*include' "$@" /dev/null |
		sed -n 's/^\([^:]*:[0-9]*\):[^<"]*[<"]\([^>"]*\)[>"].*/\1:\2/p'
}

sources() {
	find "$@" -name '*.[ch]' 2>/dev/null
}

# A plugin knows the public headers, the system, its libraries and its own
# directory.
for room in auth tunnels plugins/os plugins/feature; do
	[ -d "$room" ] || continue
	# shellcheck disable=SC2046
	includes $(sources "$room") | while IFS=: read -r file line name; do
		case $name in
		gw6c/*) ;;
		core/* | broker/* | tests/* | ../*)
			echo "$file:$line: a plugin includes $name" ;;
		*/*) ;;
		*)
			# A file of core of that name would be one of ours.
			if [ -e "core/$name" ] && [ ! -e "$room/$name" ] &&
				grep -q "^#include \"$name\"" "$file"; then
				echo "$file:$line: a plugin includes core/$name"
			fi ;;
		esac
	done
done | grep . && bad=1

# Core knows no plugin and not the broker.
# shellcheck disable=SC2046
includes $(sources core) |
	grep -E ':(\.\./)?(auth|tunnels|plugins|broker|tests)/' |
	sed 's/$/ is included by core/' | grep . && bad=1

# The public headers stand on the C library and POSIX alone.
includes core/include/gw6c/*.h |
	grep -Ev ':(addr|auth|buf|err|host|lease|plan|plugin)\.h$' |
	grep -Ev ':(std(arg|bool|def|int|io)|string|arpa/inet)\.h$' |
	sed 's/$/ is included by a public header/' | grep . && bad=1

# one_room HEADERS FILES: only FILES may include what matches HEADERS.
one_room() {
	# shellcheck disable=SC2046
	includes $(sources core) | grep -E ":($1)" |
		grep -Ev "^core/($2):" |
		sed "s/\$/ belongs to core\/($2)/" | grep . && bad=1
}
one_room 'ltdl\.h|dlfcn\.h' 'loader_files\.c'
one_room 'link\.h' 'loader_whole\.c'
one_room 'libconfig\.h' 'conf_libconfig\.c'
one_room 'expat\.h' 'tsp_xml\.c'
one_room 'event2/' '(loop|resolve)\.c'
one_room 'libmnl|linux/|asm/|netpacket/|sys/(epoll|eventfd|inotify|prctl|signalfd|timerfd)\.h' \
	'nowhere'
one_room 'microhttpd\.h|curl/|ldns/|gmp\.h' 'nowhere'

# What differs between systems is the business of the backends.
# shellcheck disable=SC2046
grep -HnE '^[[:space:]]*#.*(__linux__|__FreeBSD__|__APPLE__|_WIN32|__OpenBSD__)' \
	$(sources core auth tunnels broker plugins/feature) /dev/null |
	sed 's/$/  (only in plugins\/os)/' | grep . && bad=1

# Functions with which no string is safe.
# shellcheck disable=SC2046
grep -HnE '(^|[^[:alnum:]_])(strcpy|strcat|sprintf|vsprintf|strtok|atoi|gets|alloca|system)[[:space:]]*\(' \
	$(sources core auth tunnels plugins broker) /dev/null |
	grep -Ev ':[[:space:]]*(/?\*|//)' | sed 's/$/  (banned)/' |
	grep . && bad=1

exit $bad
