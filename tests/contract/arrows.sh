#!/bin/sh
# arrows.sh - who includes what: the order of the rooms, what is private to a
# few files, one library in one file. Each rule is broken on purpose in a copy
# of the tree afterwards, and has to name the file and the line.
# SPDX-License-Identifier: BSD-2-Clause
set -u
LC_ALL=C
export LC_ALL
top=$(cd "${srcdir:-.}" && pwd) && [ -d "$top/core" ] || exit 1
tmp=$(mktemp -d "${TMPDIR:-/tmp}/gw6c-arrows.XXXXXX") || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
bad=0

# The rooms: each knows those before it.
PUBLIC=core/include/gw6c
CORE="$PUBLIC core/base core/config core/modules core/tsp core/tunnel
	core/client core/program"
BROKER='broker/config broker/data broker/dialog broker/program'
PLUGINS='auth tunnels plugins/os plugins/features plugins/home_web'

# Headers of libraries, and the files that stand between them and the rest of
# core and the broker.
libraries() {
	cat <<-'EOF'
	(ltdl|dlfcn)\.h core/modules/loader_files.c
	link\.h core/modules/loader_whole.c
	libconfig\.h core/config/conf_libconfig.c
	expat\.h core/tsp/tsp_xml.c
	(event2/|ev(ent|dns|http|util)\.h) core/base/loop.c
	(libmnl|linux|asm|netpacket)/
	sys/prctl\.h core/base/core_dumps.c core/base/spawn_become.c
	sys/(epoll|eventfd|inotify|signalfd|timerfd)\.h
	(microhttpd|gmp)\.h
	(curl|ldns)/
	EOF
}

# --- what there is ----------------------------------------------------------

SYSTEM='__linux__|__FreeBSD__|__NetBSD__|__OpenBSD__|__APPLE__|_WIN32'
BANNED='(strcpy|strcat|sprintf|vsprintf|strtok|atoi|gets|alloca|system)'

# Of the files given, without comments and texts:
#	include FILE LINE < or " or ? NAME
#	system FILE LINE WORD	a directive that asks for the system
#	banned FILE LINE WORD	a call with which no string is safe
# grep only leaves out what is none of these, for speed.
scan() {
	xargs grep -HnE \
		"^[[:space:]]*#|/\*|\*/|\\\\$|$SYSTEM|${BANNED}[[:space:]]*\(" |
		awk -v SYSTEM="$SYSTEM" -v BANNED="$BANNED" '
	function code(text, keep,	out, mark) {
		while (text != "") {
			if (inside) {
				mark = index(text, "*/")
				if (!mark)
					return out
				text = substr(text, mark + 2)
				inside = 0
				out = out " "
			}
			if (!match(text, /["\047]|\/\*|\/\//))
				return out text
			out = out substr(text, 1, RSTART - 1)
			mark = substr(text, RSTART, RLENGTH)
			text = substr(text, RSTART + RLENGTH)
			if (mark == "//")
				return out
			if (mark == "/*") {
				inside = 1
				continue
			}
			if (mark == "\"")
				match(text, /^([^"\\]|\\.)*"/)
			else
				match(text, /^([^\047\\]|\\.)*\047/)
			if (RLENGTH < 0)
				return out
			if (keep)
				out = out mark substr(text, 1, RLENGTH)
			text = substr(text, RLENGTH + 1)
		}
		return out
	}
	function tell(what, rest) {
		print what, file, line, rest
	}
	function word(text, all, one) {
		match(text, all)
		text = substr(text, RSTART, RLENGTH)
		match(text, one)
		return substr(text, RSTART, RLENGTH)
	}
	BEGIN {
		FS = ":"
		CALL = "(^|[^A-Za-z0-9_])" BANNED "[ \t]*[(]"
	}
	{
		if ($1 != file)
			inside = goes_on = 0
		directive = goes_on && $2 == line + 1
		file = $1
		line = $2
		text = substr($0, length(file) + length(line) + 3)
		goes_on = text ~ /\\$/
		text = code(text, text ~ /#[ \t]*(include|import)/)
		directive = directive || text ~ /^[ \t]*#/
		goes_on = goes_on && directive
	}
	text ~ /^[ \t]*#[ \t]*(include|import)/ {
		sub(/^[ \t]*#[ \t]*[a-z_]+[ \t]*/, "", text)
		name = substr(text, 2)
		if (text ~ /^[<"]/ && sub(/[>"].*/, "", name))
			tell("include", substr(text, 1, 1) " " name)
		else
			tell("include", "? " text)
		next
	}
	directive && text ~ SYSTEM { tell("system", word(text, SYSTEM, ".*")) }
	text ~ CALL { tell("banned", word(text, CALL, BANNED)) }
	'
}

# --- the rules: FILE:LINE: what is wrong -------------------------------------

# A rule for what has moved away would hold nothing.
missing() {
	# shellcheck disable=SC2086
	for name in $CORE $BROKER $PLUGINS $(libraries | sed 's/^[^ ]*//'); do
		[ -e "$name" ] || echo "$name: a rule names it, it is missing"
	done
}

rooms() {
	awk -v public="$PUBLIC" -v core="$CORE" -v broker="$BROKER" \
		-v plugins="$PLUGINS" '
	function dir(path) {
		return sub(/\/[^\/]*$/, "", path) ? path : "."
	}
	function list(kind, rooms,	n, i, room) {
		n = split(rooms, room)
		for (i = 1; i <= n; i++) {
			kind_of[room[i]] = kind
			rank[room[i]] = i
		}
	}
	# What is wrong with the name in quotes, or "".
	function quoted(from, name,	to, ours, theirs) {
		to = dir(name)
		ours = kind_of[from]
		theirs = kind_of[to]
		if (name == "config.h" && from != public)
			return ""
		if (name ~ /^linux_(service|wait_up)_unit[.]h$/ &&
		    from == "plugins/os")
			return "" # generated
		if (to == ".")
			return (from "/" name) in ours_all ? "" \
				: "is no header of this room"
		if (!(name in ours_all) && theirs != "")
			return "does not exist"
		if (ours == "plugin")
			return "is included by a plugin"
		if (ours == "broker" && name == "tunnels/pump.h")
			return from == "broker/data" ? "" \
				: "is for broker/data alone"
		if (theirs != "core" && theirs != ours)
			return "is included by " ours
		if (to == from)
			return "is of this room: its bare name will do"
		if (to == public)
			return "is a public header: <gw6c/NAME.h>"
		if (theirs == ours)
			return rank[to] < rank[from] ? "" \
				: "is of a room behind"
		return to ~ /^core\/(client|program)$/ \
			? "is included by " ours : ""
	}
	function angled(from, name) {
		if (from == public)
			return name ~ /^(std(arg|bool|def|int|io)|string|arpa\/inet)\.h$/ \
				? "" : "is included by a public header"
		if (name ~ /^gw6c\//)
			return ("core/include/" name) in ours_all ? "" \
				: "does not exist"
		return name ~ /^(core|auth|tunnels|plugins|broker|tests)\// ||
			name ~ /^\.\.?\// ? "is not of the system" : ""
	}
	BEGIN {
		list("core", core)
		list("broker", broker)
		list("plugin", plugins)
	}
	NF == 1 {
		ours_all[$1] = 1
		if (!kind_of[dir($1)])
			print $1 ":1: is in no room"
		next
	}
	$1 == "include" && kind_of[dir($2)] {
		why = "is neither in \" nor in <"
		if ($4 == "\"")
			why = quoted(dir($2), $5)
		else if ($4 == "<")
			why = angled(dir($2), $5)
		if (why)
			print $2 ":" $3 ": " $5 " " why
	}' "$tmp/files" "$tmp/scan"
}

# client_parts.h is for client.c and client_*.c of its room (and for tests).
parts() {
	awk '$1 == "include" && $5 ~ /_parts\.h$/ {
		file = $2
		sub(/.*\//, "", file)
		stem = $5
		sub(/_parts\.h$/, "", stem)
		if (index(file, stem ".") != 1 && index(file, stem "_") != 1)
			print $2 ":" $3 ": " $5 " is private to " stem "*"
	}' "$tmp/scan"
}

# Arrows from header to header that are part of a circle; then the same with
# a private header and its public one taken as one.
circles() {
	awk '
	function noun(path) {
		sub(/_parts\.h$/, ".h", path)
		return path
	}
	function walk(after, at, goal,	list, n, i) {
		if (at == goal)
			return 1
		if (at in seen)
			return 0
		seen[at] = 1
		n = split(after[at], list)
		for (i = 1; i <= n; i++)
			if (walk(after, list[i], goal))
				return 1
		return 0
	}
	function leads(after, at, goal) {
		split("", seen)
		return walk(after, at, goal)
	}
	$1 == "include" && $2 ~ /\.h$/ && $4 == "\"" && $5 !~ /\// {
		room = $2
		sub(/[^\/]*$/, "", room)
		from[++n] = $2
		to[n] = room $5
		place[n] = $2 ":" $3 ": " $5
		header[$2] = header[$2] " " to[n]
		if (noun($2) != noun(to[n]))
			thing[noun($2)] = thing[noun($2)] " " noun(to[n])
	}
	END {
		for (i = 1; i <= n; i++)
			if (leads(header, to[i], from[i]))
				print place[i] " is part of a circle of headers"
			else if (noun(from[i]) != noun(to[i]) &&
				 leads(thing, noun(to[i]), noun(from[i])))
				print place[i] " is part of a circle of nouns"
	}' "$tmp/scan"
}

one_file() {
	libraries | awk '
	NR == FNR {
		headers[++n] = "^" $1
		$1 = ""
		files[n] = $0 == "" ? " no file here" : $0
		next
	}
	$1 == "include" && $2 ~ /^(core|broker)\// {
		for (i = 1; i <= n; i++)
			if ($5 ~ headers[i] && !index(files[i] " ", " " $2 " "))
				print $2 ":" $3 ": " $5 " is for" files[i]
	}' - "$tmp/scan"
}

# What differs between systems is the business of the backends.
systems() {
	sed -n '/^system plugins\/os\//d
		s/^system \([^ ]*\) \([0-9]*\)/\1:\2: only in plugins\/os:/p' \
		"$tmp/scan"
}

banned() {
	sed -n 's/^banned \([^ ]*\) \([0-9]*\)/\1:\2: is banned:/p' "$tmp/scan"
}

# check ROOT: all that is wrong there.
check() (
	cd "$1" || exit 1
	missing
	find core auth tunnels plugins broker -name '*.[ch]' 2>/dev/null |
		sort >"$tmp/files"
	scan <"$tmp/files" >"$tmp/scan"
	rooms
	parts
	circles
	one_file
	systems
	banned
)

# --- would it notice? --------------------------------------------------------

tree=$tmp/tree

# The sources as they are now; srcdir may be read-only.
copy() {
	(cd "$top" && find core auth tunnels plugins broker -type d) |
		while read -r dir; do
			mkdir -p "$tree/$dir" || exit 1
			set -- "$top/$dir"/*.[ch]
			[ -e "$1" ] || continue
			cp "$@" "$tree/$dir" || exit 1
		done && chmod -R u+w "$tree"
}

# noticed RULE PHRASE PLACE..: does check say so of these places, and nothing
# else that it has not said before?
noticed() {
	rule=$1 phrase=$2 missed=0
	shift 2
	check "$tree" | grep -vxF -f "$tmp/before" >"$tmp/after"
	for place in "$@"; do
		grep -F "$place: " "$tmp/after" | grep -qF "$phrase" ||
			missed=1
	done
	[ $(($(wc -l <"$tmp/after"))) -eq $# ] || missed=1
	[ $missed = 1 ] || return 0
	echo "not noticed: $rule ($*)"
	sed 's/^/	but: /' "$tmp/after"
	bad=1
}

# plant RULE PHRASE FILE TEXT..: each TEXT at the end of FILE, to be noticed in
# its last line. $also: lines elsewhere that are wrong then.
also=
plant() {
	rule=$1 phrase=$2 file=$3 places=$also
	shift 3
	cat "$tree/$file" >"$tmp/saved" || { bad=1; return; }
	for text in "$@"; do
		printf '%s\n' "$text" >>"$tree/$file"
		places="$places $file:$(($(wc -l <"$tree/$file")))"
	done
	# shellcheck disable=SC2086
	noticed "$rule" "$phrase" $places
	cat "$tmp/saved" >"$tree/$file"
	also=
}

# plant_include RULE PHRASE FILE NAME..
plant_include() {
	rule=$1 phrase=$2 file=$3
	shift 3
	for name in "$@"; do
		shift
		case $name in
		'<'*) set -- "$@" "#include $name" ;;
		*) set -- "$@" "#include \"$name\"" ;;
		esac
	done
	plant "$rule" "$phrase" "$file" "$@"
}

# harmless FILE TEXT: the rules let pass what only looks wrong.
harmless() {
	cat "$tree/$1" >"$tmp/saved" || { bad=1; return; }
	printf '%s\n' "$2" >>"$tree/$1"
	noticed "a false alarm, of: $2" ''
	cat "$tmp/saved" >"$tree/$1"
}

# without NAME: a directory or file that a rule names has gone.
without() {
	mv "$tree/$1" "$tmp/gone" || { bad=1; return; }
	check "$tree" | grep -qxF "$1: a rule names it, it is missing" || {
		echo "not noticed: $1 is missing"
		bad=1
	}
	mv "$tmp/gone" "$tree/$1"
}

# where FILE NAME: FILE:LINE of its include of NAME.
where() {
	echo "$1:$(grep -nF "#include \"$2\"" "$tree/$1" | cut -d: -f1)"
}

check "$top" >"$tmp/found"
[ ! -s "$tmp/found" ] || bad=1
cat "$tmp/found"

copy || exit 1
check "$tree" >"$tmp/before"

# Each room of core knows nothing of the next.
behind='is of a room behind'
plant_include 'public before base' 'is no header' $PUBLIC/err.h log.h
plant_include 'public before base' "$behind" \
	$PUBLIC/err.h core/base/log.h
plant_include 'base before config' "$behind" \
	core/base/log.c core/config/conf.h
plant_include 'config before modules' "$behind" \
	core/config/conf.h core/modules/loader.h
plant_include 'modules before tsp' "$behind" \
	core/modules/host.c core/tsp/tsp.h
plant_include 'tsp before tunnel' "$behind" \
	core/tsp/session.c core/tunnel/planner.h
plant_include 'tunnel before client' "$behind" \
	core/tunnel/tunnel.c core/client/servers.h
plant_include 'client before program' "$behind" \
	core/client/client.c core/program/run.h
plant_include 'what was generated' 'is no header' \
	core/client/client.c linux_service_unit.h

# By which name.
plant_include 'own headers by bare name' 'bare name' \
	core/base/log.c core/base/text.h
plant_include 'other headers by whole name' 'no header of this room' \
	core/config/conf.c log.h
plant_include 'public headers in <>' '<gw6c/NAME.h>' \
	core/base/log.c $PUBLIC/err.h
plant_include 'public headers in <>' 'included by core' \
	core/base/log.c gw6c/err.h
plant_include 'ours in quotes' 'not of the system' \
	core/program/run.c '<core/base/text.h>'
plant_include 'no way up' 'included by core' core/config/conf.c ../base/text.h
plant_include 'no such public header' 'does not exist' \
	core/base/log.c '<gw6c/log.h>'
plant_include 'no such header' 'does not exist' \
	core/config/conf.c core/base/nothing.h
plant 'no computed names' 'neither in' core/base/log.c '#include LOG_HEADER'

# Core knows no plugin, not the broker and no tests.
plant_include 'core knows core' 'is included by core' core/program/run.c \
	auth/digest.h tunnels/pump.h plugins/os/tun.h \
	plugins/features/radvd_conf.h broker/data/pool.h \
	tests/contract/module.h

# The broker.
plant_include 'broker: config before data' "$behind" \
	broker/config/users.c broker/data/pool.h
plant_include 'broker: data before dialog' "$behind" \
	broker/data/net.c broker/dialog/dialog.h
plant_include 'broker: dialog before program' "$behind" \
	broker/dialog/streams.c broker/program/loaded.h
plant_include 'broker: own headers by bare name' 'bare name' \
	broker/data/net.c broker/data/pool.h
plant_include 'broker and client' 'included by broker' \
	broker/program/main.c core/client/servers.h
plant_include 'broker and program' 'included by broker' \
	broker/program/main.c core/program/args.h
plant_include 'the pump for broker/data' 'for broker/data alone' \
	broker/program/main.c tunnels/pump.h
plant_include 'broker and tunnels' 'included by broker' \
	broker/data/net.c tunnels/raw.h
plant_include 'broker and auth' 'included by broker' \
	broker/dialog/dialog.c auth/digest.h

# Plugins.
for file in auth/digest.c tunnels/pump.c plugins/os/tools.c \
	plugins/features/router_adv.c; do
	plant_include 'plugins and core' 'included by a plugin' "$file" \
		core/base/log.h
	plant_include 'plugins and core' 'not of the system' "$file" \
		'<core/base/log.h>'
	plant_include 'plugins and core' 'no header of this room' \
		"$file" log.h
done
plant_include 'plugins and plugins' 'included by a plugin' \
	tunnels/raw.c plugins/os/tun.h
plant_include 'plugins and the broker' 'included by a plugin' \
	auth/scram.c broker/dialog/identity.h

# No file and no rule without the other.
mkdir "$tree/core/attic" && : >"$tree/core/attic/old.c"
plant 'a room of its own' 'is in no room' core/attic/old.c '#include "log.h"'
rm -r "$tree/core/attic"
for name in $PUBLIC core/tsp broker/data auth plugins/features \
	core/modules/loader_files.c core/tsp/tsp_xml.c; do
	without "$name"
done

# Private headers.
plant_include 'private headers' 'is private' core/client/trust.c client_parts.h
plant_include 'private headers' 'is private' \
	core/config/conf_files.c settings_parts.h
plant_include 'private headers of another room' 'is private' \
	core/program/run.c core/client/client_parts.h
plant_include 'private headers, for the broker' 'is private' \
	broker/dialog/dialog.c core/tsp/session_parts.h
plant_include 'private headers of the broker' 'is private' \
	broker/program/loaded.c broker_parts.h

# Circles.
circle='a circle of headers'
plant_include 'a circle of one' "$circle" core/base/text.h text.h
also=$(where core/base/child.h loop.h)
plant_include 'a circle of two' "$circle" core/base/loop.h child.h
also="$(where auth/passdss_box.h passdss_math.h)
	$(where auth/passdss_math.h passdss_wire.h)"
plant_include 'a circle of three' "$circle" auth/passdss_wire.h passdss_box.h
also=$(where core/client/client_parts.h nat_timeout.h)
plant_include 'a circle of nouns' 'a circle of nouns' \
	core/client/nat_timeout.h client.h

# Public headers.
plant_include 'public headers stand alone' 'by a public header' \
	$PUBLIC/buf.h '<unistd.h>' '<gnutls/gnutls.h>' '<gw6c/err.h>'
plant_include 'public headers stand alone' 'no header of this room' \
	$PUBLIC/buf.h config.h

# Libraries.
plant_include 'one library in one file' 'is for core/' core/program/run.c \
	'<ltdl.h>' '<dlfcn.h>' '<link.h>' '<libconfig.h>' '<expat.h>' \
	'<event2/event.h>' '<event.h>'
plant_include 'one file for ltdl.h' 'for core/modules/loader_files.c' \
	core/modules/loader_whole.c '<ltdl.h>'
plant_include 'one file for expat.h' 'for core/tsp/tsp_xml.c' \
	broker/dialog/framing.c '<expat.h>'
plant_include 'two files for sys/prctl.h' \
	'for core/base/core_dumps.c core/base/spawn_become.c' \
	core/base/spawn.c '<sys/prctl.h>'
plant_include 'nowhere in core' 'is for no file' core/base/daemon.c \
	'<libmnl/libmnl.h>' '<linux/if.h>' '<asm/types.h>' \
	'<netpacket/packet.h>' '<sys/epoll.h>' '<sys/eventfd.h>' \
	'<sys/inotify.h>' '<sys/signalfd.h>' \
	'<sys/timerfd.h>' '<microhttpd.h>' '<curl/curl.h>' '<ldns/ldns.h>' \
	'<gmp.h>'

# Systems.
for file in auth/digest.c tunnels/raw.c broker/data/net.c \
	plugins/features/router_adv.c; do
	plant 'systems in plugins/os' 'only in plugins/os' $file '#ifdef __linux__'
done
plant 'systems in plugins/os' 'only in plugins/os' core/base/daemon.c \
	'#ifdef __linux__' ' # if defined(__FreeBSD__)' '#ifndef __NetBSD__' \
	'#elif X || defined __OpenBSD__' '#if __APPLE__' '#define X _WIN32' \
	"$(printf '#if defined(X) || \\\n\tdefined(_WIN32)')"
harmless plugins/os/tun.c '#ifdef __linux__'

# Functions.
plant 'banned functions' 'is banned' core/base/text.c \
	'	strcpy(to, from);' '	*strcat (to, from);' 'x = sprintf(to);' \
	'	case 1: *to = *vsprintf(to);' '(strtok(to))' '-atoi(to)' \
	'gets(to);' '#define get alloca(1)' '	if (system("x"))'
for file in auth/digest.c tunnels/raw.c plugins/os/tools.c broker/data/net.c; do
	plant 'banned everywhere' 'is banned' $file '/* so */ strcpy(to, from);'
done
harmless core/base/text.c '/* "#include" and strcpy() // and system( */'
harmless core/base/text.c '	say("/* \" strcpy(a)", '\''"'\''); // atoi(a)'
harmless core/base/text.c '	my_strcpy(snprintf(a));'

exit $bad
