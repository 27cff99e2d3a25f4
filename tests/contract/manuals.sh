#!/bin/sh
# manuals.sh - the manuals name every setting, option and word of the command
# line that there is, and none that there is not; the sample has every setting.
# SPDX-License-Identifier: BSD-2-Clause
set -u
LC_ALL=C
export LC_ALL
top=$(cd "${srcdir:-.}" && pwd) && [ -d "$top/core" ] || exit 1
tmp=$(mktemp -d "${TMPDIR:-/tmp}/gw6c-manuals.XXXXXX") || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

# --- what there is ----------------------------------------------------------

client_keys() { # ROOT
	sed -n 's/^.*[{ ]\(KEY\|TEXT\|YES\)("\([a-z0-9_]*\)",.*/\2/p' \
		"$1/core/config/settings_keys.c"
}
broker_keys() {
	sed -n '/^static const struct known known/,/^};/s/^	{ "\([a-z0-9_]*\)",.*/\1/p' \
		"$1/broker/config/options.c"
	sed -n '/^static const char \*const lists/,/;$/p' \
		"$1/broker/config/options.c" | grep -o '"[^"]*"' | tr -d '"'
}
# KIND.NAME.KEY, and the classic names of each
plugin_options() {
	grep -l GW6C_HEAD "$1"/auth/*.c "$1"/tunnels/*.c "$1"/plugins/*/*.c |
		while read -r file; do
			awk '
			/\.key = "/ { split($0, a, "\""); key[++n] = a[2] }
			/\.classic = "/ { split($0, a, "\""); also[n] = a[2] }
			/GW6C_HEAD\(GW6C_/ {
				split($0, a, "\"")
				kind = tolower($0)
				sub(/.*gw6c_head\(gw6c_/, "", kind)
				sub(/,.*/, "", kind)
				name = a[2]
			}
			END {
				for (i = 1; name != "" && i <= n; i++)
					print kind "." name "." key[i], also[i]
			}' "$file"
		done
}
long_options() { # ROOM
	cat "$1"/*.c | sed -n 's/^	{ "\([a-z-]*\)", [a-z]*_argument,.*/\1/p'
}

# --- what is told -----------------------------------------------------------

# The names in the heads of paragraphs: .It Va a , b Ns = Ns Cm x
heads() { # FILE
	sed -n 's/^\.It Va //p' "$1" | sed -e 's/ Ns .*//' -e 's/ , / /g' |
		tr ' ' '\n' | grep -v -x -e user -e KIND.NAME.OPTION
}
tells() { # FILE NAME
	grep -q -e "^\.It Va \(.* \)\{0,1\}$2\( .*\)\{0,1\}$" \
		-e "^\.Va $2\( .*\)\{0,1\}$" "$1"
}
flags() { # FILE
	grep -o 'Fl \\-[a-z][a-z-]*' "$1" | sed 's/Fl \\-//' | sort -u
}

check_settings() { # ROOT
	client_keys "$1" | while read -r key; do
		tells "$1/doc/gw6c.conf.5" "$key" ||
			echo "gw6c.conf(5): no word about $key"
		grep -q "^#*$key=" "$1/conf/gw6c.conf" ||
			echo "conf/gw6c.conf: no word about $key"
	done
	broker_keys "$1" | while read -r key; do
		tells "$1/doc/gw6c-broker.conf.5" "$key" ||
			echo "gw6c-broker.conf(5): no word about $key"
	done
}

# KIND.NAME.KEY in the page that the plugin has for itself.
own_page_tells() { # ROOT OPTION
	key=${2##*.} plugin=${2%.*}
	page=$1/doc/gw6c-${plugin#*.}.7
	[ -f "$page" ] && tells "$page" "$key"
}

# An option has a paragraph by its name or by one that older files have.
check_options() { # ROOT
	cat "$1"/doc/*.[578] >"$tmp/pages"
	while read -r names; do
		found=no
		for name in $names; do
			! grep -q -e "Va $name" "$tmp/pages" || found=yes
		done
		[ $found = yes ] || own_page_tells "$1" "${names%% *}" ||
			echo "no manual tells of ${names%% *}"
	done <"$tmp/options"
}

check_heads() { # ROOT
	cat "$1"/core/config/*.c "$1"/broker/config/*.c "$1"/auth/*.c \
		"$1"/tunnels/*.c "$1"/plugins/*/*.c "$1/conf/plugins.index" \
		"$tmp/options" | tr '" =' '[\n*]' | sort -u >"$tmp/words"
	for page in gw6c.conf gw6c-broker.conf; do
		for name in $(heads "$1/doc/$page.5"); do
			grep -q -x -F -e "$name" "$tmp/words" ||
				echo "$page(5): there is no $name"
		done
	done
}

check_program() { # ROOT PROGRAM ROOM
	long_options "$1/$3" | sort -u >"$tmp/long"
	flags "$1/doc/$2.8" >"$tmp/flags"
	comm -23 "$tmp/long" "$tmp/flags" |
		sed "s/.*/$2(8): no word about --&/"
	# systemctl's, and the other program's, are in examples only.
	comm -13 "$tmp/long" "$tmp/flags" |
		sed "s/.*/$2(8): there is no --&/"
}

check() { # ROOT
	plugin_options "$1" >"$tmp/options"
	check_settings "$1"
	check_options "$1"
	check_heads "$1"
	check_program "$1" gw6c core/program
	check_program "$1" gw6c-broker broker/program
}

check "$top" >"$tmp/bad"
bad=0
[ ! -s "$tmp/bad" ] || {
	cat "$tmp/bad"
	bad=1
}
for list in client_keys broker_keys plugin_options; do
	[ "$($list "$top" | wc -l)" -ge 8 ] || {
		echo "$list finds $($list "$top" | wc -l) only"
		bad=1
	}
done

# --- demo and check, before they begin --------------------------------------

# ./check is no part of the archive.
for command in demo check; do
	[ -e "$top/$command" ] || continue
	for help in -h --help; do
		sh "$top/$command" $help >"$tmp/out" 2>&1 || bad=1
		grep -q "^usage: ./$command " "$tmp/out" || {
			echo "./$command $help does not help"
			bad=1
		}
	done
	for wrong in -x --nonsense nonsense; do
		# One that takes it would begin to build.
		timeout -k 1 10 sh "$top/$command" $wrong >"$tmp/out" 2>&1 \
			</dev/null
		rc=$?
		if [ $rc = 0 ] || [ $rc = 124 ] || ! grep -q "$command" "$tmp/out"; then
			echo "./$command takes $wrong: $(cat "$tmp/out")"
			bad=1
		fi
	done
done

# --- would it be noticed? ---------------------------------------------------

mkdir "$tmp/copy"
(cd "$top" && cp -R core broker auth tunnels plugins conf doc "$tmp/copy")
chmod -R u+w "$tmp/copy"
plant() { # FILE SED WANTED
	sed "$2" "$top/$1" >"$tmp/copy/$1"
	check "$tmp/copy" | grep -F -x -e "$3" >"$tmp/out" || {
		echo "not noticed: $3"
		bad=1
	}
	cat "$top/$1" >"$tmp/copy/$1"
}
plant doc/gw6c.conf.5 '/Va mtu/d' 'gw6c.conf(5): no word about mtu'
plant conf/gw6c.conf /retry_delay_max/d \
	'conf/gw6c.conf: no word about retry_delay_max'
plant doc/gw6c-broker.conf.5 /largest_prefix/d \
	'gw6c-broker.conf(5): no word about largest_prefix'
plant doc/gw6c.conf.5 /router-adv.dns/d \
	'no manual tells of feature.router-adv.dns'
plant doc/gw6c-home-web.7 '/^.It Va mime_types/d' \
	'no manual tells of feature.home-web.mime_types'
plant doc/gw6c.conf.5 's/^.It Va passwd$/.It Va passwort/' \
	'gw6c.conf(5): there is no passwort'
plant doc/gw6c.8 's/-wait-up/-wait/' 'gw6c(8): no word about --wait-up'
plant doc/gw6c-broker.8 's/-foreground/-background/' \
	'gw6c-broker(8): there is no --background'
exit $bad
