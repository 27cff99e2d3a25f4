#!/bin/sh
# names.sh - core and broker know no mode, mechanism, platform or feature by
# name: what there is to know of one stands in its descriptor. Each rule is
# broken on purpose in a copy afterwards, and has to name the file and the line.
# SPDX-License-Identifier: BSD-2-Clause
set -u
LC_ALL=C
export LC_ALL
top=$(cd "${srcdir:-.}" && pwd) && [ -d "$top/core" ] || exit 1
tmp=$(mktemp -d "${TMPDIR:-/tmp}/gw6c-names.XXXXXX") || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
bad=0

# Names that are ordinary words, too: only what cannot be such a word counts,
# a text that is the name, or has it as KIND.NAME, KIND:NAME, 'NAME' or =NAME.
ORDINARY='anonymous plain null script windows'
# Texts of our own that happen to be the name of a plugin: --status, and the
# broker's word for a client without an account.
OWN='null status anonymous'

# "ordinary NAME" or "always NAME" for each plugin in the tree.
names() {
	echo 'always systemd'
	for dir in auth tunnels plugins/os plugins/features; do
		cat "$top/$dir"/*.c |
			sed -n 's/.*GW6C_HEAD(GW6C_\([A-Z]*\), "\([^"]*\)".*/\1 \2/p'
	done | while read -r kind name; do
		case " $ORDINARY " in
		*" $name "*)
			echo "ordinary $name"
			continue
			;;
		esac
		case $kind:$name in
		FEATURE:*[!a-z]* | [!F]*) echo "always $name" ;;
		*) echo "ordinary $name" ;;
		esac
	done
}

# check ROOT: FILE:LINE: what is wrong, of all code there. Comments may name
# whom they like, and so may #include, which arrows.sh looks after.
check() {
	# shellcheck disable=SC2016 # $0 is awk's
	(cd "$1" && find core broker -name '*.[ch]' | sort |
		xargs awk -v own="$OWN" -v names="$tmp/names" '
	BEGIN {
		while ((getline line < names) > 0) {
			split(line, word, " ")
			sort_of[word[2]] = word[1]
		}
		n = split(own, word, " ")
		for (i = 1; i <= n; i++)
			is_own[word[i]] = 1
	}
	# Without comments; texts go into text[1..texts] as well.
	function code(line,	out, mark) {
		while (line != "") {
			if (inside) {
				mark = index(line, "*/")
				if (!mark)
					return out
				line = substr(line, mark + 2)
				inside = 0
				out = out " "
			}
			if (!match(line, /["\047]|\/\*|\/\//))
				return out line
			out = out substr(line, 1, RSTART - 1)
			mark = substr(line, RSTART, RLENGTH)
			line = substr(line, RSTART + RLENGTH)
			if (mark == "//")
				return out
			if (mark == "/*") {
				inside = 1
				continue
			}
			if (mark == "\"")
				match(line, /^([^"\\]|\\.)*"/)
			else
				match(line, /^([^\047\\]|\\.)*\047/)
			if (RLENGTH < 0)
				return out
			if (mark == "\"")
				text[++texts] = substr(line, 1, RLENGTH - 1)
			out = out mark substr(line, 1, RLENGTH)
			line = substr(line, RLENGTH + 1)
		}
		return out
	}
	# "a-b" is "a_b" in code.
	function plain(line) {
		gsub(/_/, "-", line)
		return tolower(line)
	}
	function named(name, all,	i) {
		if (sort_of[name] == "always")
			return index(plain(all), name)
		for (i = 1; i <= texts; i++) {
			if (plain(text[i]) == name && !(name in is_own))
				return 1
			if (plain(text[i]) ~ "(^|[^a-z])(auth|tunnel|os|feature)[.:]" \
			    name "([^a-z0-9-]|$)" ||
			    plain(text[i]) ~ "[\047=]" name "([^a-z0-9-]|$)")
				return 1
		}
		return 0
	}
	FNR == 1 { inside = 0 }
	{
		texts = 0
		all = code($0)
		if (all ~ /^[ \t]*#[ \t]*include/)
			next
		for (name in sort_of)
			if (named(name, all))
				print FILENAME ":" FNR ": knows \"" name "\""
	}')
}

names >"$tmp/names"
for name in systemd v6udpv4 digest-md5 router-adv linux; do
	grep -q "^always $name\$" "$tmp/names" || {
		echo "the name $name was not found"
		bad=1
	}
done

check "$top" >"$tmp/found"
[ ! -s "$tmp/found" ] || bad=1
cat "$tmp/found"

# --- would it notice? --------------------------------------------------------

tree=$tmp/tree
mkdir "$tree" && cp -R "$top/core" "$top/broker" "$tree" &&
	chmod -R u+w "$tree" || exit 1

# planted NAME FILE TEXT: is the name noticed in this last line of the file? An
# empty NAME: nothing is.
planted() {
	cp "$tree/$2" "$tmp/saved" || exit 1
	printf '%s\n' "$3" >>"$tree/$2"
	place=$2:$(($(wc -l <"$tree/$2")))
	check "$tree" | grep -F "$place:" >"$tmp/after"
	want=
	[ -z "$1" ] || want="$place: knows \"$1\""
	[ "$(cat "$tmp/after")" = "$want" ] || {
		echo "planted $3: expected \"$want\""
		sed 's/^/	but: /' "$tmp/after"
		bad=1
	}
	cp "$tmp/saved" "$tree/$2"
}

in_core=core/tunnel/tunnel.c in_broker=broker/program/broker.c
planted v6v4 $in_core 'static const char *const mode = "v6v4";'
planted v6udpv4 $in_broker 'static int dev_v6udpv4;'
planted v4v6 core/config/settings.h '#define IS_V4V6 1'
planted v6anyv4 $in_core '	log("write tunnel_mode=v6anyv4");'
planted passdss-3des-1 $in_broker 'static int passdss_3des_1;'
planted digest-md5 $in_core '	log("DIGEST-MD5 or better");'
planted plain $in_core '	strcmp(name, "plain");'
planted plain $in_broker '	strcmp(name, "PLAIN");'
planted anonymous $in_core '	log("write auth_method=anonymous");'
planted anonymous $in_core "	log(\"the mechanism 'anonymous'\");"
planted script $in_core '	conf_get(conf, "os.script.path");'
planted null $in_core '	pick("os:null");'
planted windows $in_core '	if (strcasecmp(os, "windows"))'
planted linux $in_core 'static int linux_only;'
planted freebsd $in_broker '	pick(x /* the other */, "freebsd"); // one'
planted router-adv $in_core '	open("router-adv.conf");'
planted systemd $in_core '	access("/run/systemd/system");'

planted '' $in_core '/* v6v4, linux and systemd */'
planted '' $in_core '	settings->allow_plain = get("allow_plain");'
planted '' $in_core '	log("nor a script; the graphical Windows client");'
planted '' $in_core '	bool plain = false, script; // plain'
planted '' $in_core '	open("/dev/null");'
planted '' $in_core '	log("anonymous users get no prefix here");'
planted '' $in_core '	{ "status", optional_argument },'
planted '' $in_core '#include <linux/if.h>'

exit $bad
