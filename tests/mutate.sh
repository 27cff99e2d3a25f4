#!/bin/sh
# mutate.sh - would the tests notice a wrong token? Changes one at a time.
# SPDX-License-Identifier: BSD-2-Clause
#
# usage: sh tests/mutate.sh [-n COUNT] [-s START] [-t SECONDS] FILE [TEST...]
#   FILE         a source file, as named from the top: core/tsp/tsp.c
#   TEST         programs or scripts of make check; without one, the unit
#                tests of the same noun, else those of the same room
#   -n COUNT     so many mutants, spread over the file (20; 0: all)
#   -s START     begin with this one (1)
#   -t SECONDS   a test that takes longer has noticed (what all take without
#                a mutant, five times, and 10 s)
#
# To be run in a configured build directory out of tree, which has been built
# and whose tests pass. A mutant is a copy of FILE in the build directory,
# which make prefers to that of the source tree; nothing is changed there.
# Mutants that do not compile do not count. Survivors that tests/mutants.txt
# explains are marked "(explained)". Exit status: 1 if another survived.
set -u
count=20 start=1 limit=
while getopts n:s:t:h option; do
	case $option in
	n) count=$OPTARG ;;
	s) start=$OPTARG ;;
	t) limit=$OPTARG ;;
	h)
		sed -n '/^# usage/,/^set/s/^# \{0,1\}//p' "$0"
		exit 0
		;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || { echo "usage: mutate.sh [-n COUNT] FILE [TEST...]" >&2; exit 2; }
top=$(cd "$(dirname "$0")/.." && pwd) || exit 2
file=$1
shift
[ -f "$top/$file" ] || { echo "$file: no such file in $top" >&2; exit 2; }
[ -f config.status ] || { echo "run it in a build directory" >&2; exit 2; }
[ "$PWD" != "$top" ] || { echo "build out of tree first" >&2; exit 2; }
[ ! -e "$file" ] || { echo "$file: is in the way here; remove it" >&2; exit 2; }

# The tests of a noun: of core/tsp/tsp_xml.c, test_tsp_xml, else test_tsp and
# test_tsp_*.
tests_of() { # FILE
	room=$(basename "$(dirname "$1")")
	case $1 in
	broker/*) room=broker ;;
	plugins/*) room=plugins ;;
	esac
	noun=$(basename "$1" .c)
	while :; do
		[ -f "$top/tests/unit/$room/test_$noun.c" ] && break
		case $noun in
		*_*) noun=${noun%_*} ;;
		*) noun='*' && break ;;
		esac
	done
	for found in "$top/tests/unit/$room/test_"$noun.c \
		"$top/tests/unit/$room/test_$noun"_*.c; do
		[ -f "$found" ] && echo "tests/unit/$room/$(basename "$found" .c)"
	done
}
[ $# -gt 0 ] || {
	# shellcheck disable=SC2046 # a list
	set -- $(tests_of "$file")
}
[ $# -gt 0 ] || { echo "$file: which tests? name them" >&2; exit 2; }

# Each place and what it becomes, as LINE COLUMN LENGTH NEW, outside comments,
# strings, characters and directives.
places() { # FILE
	awk '
	NR == FNR { text[NR] = $0; next }
	function put(len, new) { print FNR, i, len, new }
	# A break of a switch without which its end comes all the same.
	function idle(	k, depth) {
		if (text[FNR + 1] ~ /default:$/)
			return text[FNR + 2] ~ /^\t*break;$/
		if (text[FNR + 1] !~ /^\t*}$/) return 0
		match(text[FNR], /^\t*/); depth = RLENGTH
		for (k = FNR - 1; k > 0; k--) {
			match(text[k], /^\t*/)
			if (RLENGTH < depth)
				return text[k] ~ /^\t*(case .*|default):$/
		}
	}
	# The size of an array of octets: one more is as good.
	function octets() {
		return w + 0 > 15 && substr($0, i - 1, 1) == "[" &&
		       substr($0, i + RLENGTH, 1) == "]"
	}
	# What secrets are overwritten with is all the same.
	function fill() {
		return substr($0, 1, i - 1) ~ /gnutls_memset\([^,]*, $/
	}
	# Memory: more than is used is as good. Sizes: all elements have one.
	function memory() {
		return substr($0, 1, i - 1) ~ /(calloc\(|sizeof\([^()]*\[)$/
	}
	# A bound: its operator is one place, and moves it as well.
	function bound() {
		return substr($0, 1, i - 1) ~ /[^<>-](<|>|<=|>=) $/
	}
	# A sign tells errors from the rest, and no descriptor is 0 in a test.
	function sign(op) {
		return op " 0" == substr($0, i, length(op) + 2) &&
		       !word(substr($0, i + length(op) + 2, 1))
	}
	function word(c) { return c ~ /[A-Za-z0-9_]/ }
	BEGIN {
		swap["<="] = "<"; swap[">="] = ">"; swap["=="] = "!="
		swap["!="] = "=="; swap["&&"] = "||"; swap["||"] = "&&"
		swap["<<"] = ">>"; swap["+="] = "-="; swap["-="] = "+="
		one["<"] = "<="; one[">"] = ">="; one["+"] = "-"
		one["-"] = "+"
	}
	/^[ \t]*#/ { directive = /\\$/; next }
	directive { directive = /\\$/; next }
	{
		n = length($0); quote = ""
		for (i = 1; i <= n; i++) {
			c = substr($0, i, 1); d = substr($0, i, 2)
			if (comment) {
				if (d == "*/") { comment = 0; i++ }
				continue
			}
			if (quote != "") {
				if (c == "\\") i++
				else if (c == quote) quote = ""
				continue
			}
			if (d == "/*") { comment = 1; i++; continue }
			if (c == "\"" || c == "\047") { quote = c; continue }
			if (d == "->" || d == "++" || d == "--") { i++; continue }
			if (substr($0, i, 3) == "<<=" || substr($0, i, 3) == ">>=") {
				i += 2; continue
			}
			if (sign("<")) { put(1, ">="); continue }
			if (sign(">=")) { put(2, "<"); i++; continue }
			if (d in swap) { put(2, swap[d]); i++; continue }
			if ((c == "<" || c == ">") && d != "<<" && d != ">>") {
				put(1, one[c]); continue
			}
			if ((c == "+" || c == "-") && substr($0, i + 1, 1) == " ") {
				put(1, one[c]); continue
			}
			if (c == "!" && d != "!=") { put(1, " "); continue }
			if (word(c)) {
				match(substr($0, i), /^[A-Za-z0-9_]+/)
				w = substr($0, i, RLENGTH)
				if (w ~ /^[0-9]+u?$/ && w + 0 < 100000 &&
				    !octets() && !bound() && !fill() &&
				    !memory())
					put(RLENGTH, w + 1)
				else if (w == "true") put(4, "false")
				else if (w == "false") put(5, "true")
				else if (w == "continue" ||
					 (w == "break" && !idle()))
					put(RLENGTH, "(void)0")
				i += RLENGTH - 1
			}
		}
	}' "$1" "$1"
}

log=mutate.log
places "$top/$file" >mutate.places
total=$(wc -l <mutate.places)
[ "$count" -gt 0 ] && [ "$count" -lt "$total" ] || count=$total
tried=0 killed=0 broken=0 survived=0 explained=0
programs=
for test; do
	case $test in
	*.sh) programs="$programs gw6c gw6c-broker" ;;
	*) programs="$programs $test" ;;
	esac
done

# What make does after a change of the file: asked once, since reading the
# makefiles takes longer than the rest. Nobody debugs a mutant, archives need no
# copies of what is in them, nor do programs a table of what they export.
remember() {
	# shellcheck disable=SC2086 # a list
	make -s V=0 $programs >"$log" 2>&1 || return 1
	cp "$top/$file" "$file"
	# shellcheck disable=SC2086
	make -n -o config.h V=1 CPPFLAGS="-iquote $top/$(dirname "$file")" \
		CFLAGS=-O2 LDFLAGS=-Wl,-S ARFLAGS=crT RANLIB=: $programs |
		sed '/^make: /d; s/-dlopen self/-Wl,--export-dynamic/' \
			>mutate.commands
}

build() { # the mutant and the programs that hold it
	sh -e mutate.commands >"$log" 2>&1
}

# A test ends with what it says next after its first failure, and is not waited
# for any longer.
verdict() { # COMMAND: its exit status
	{
		srcdir=$top timeout "$limit" stdbuf -oL "$@" 2>&1
		echo "status $?"
	} | tee "$log" | sed -n '/FAILED/ { s/.*/1/p; q; }
		s/^status //p'
}

noticed() { # TEST...
	for test; do
		case $test in
		*.sh) status=$(verdict sh "$top/$test") ;;
		*) status=$(verdict "./$test") ;;
		esac
		case $status in
		0 | 77) ;;
		*) return 0 ;;
		esac
	done
	return 1
}

# The objects end newer than the file that they are made of here.
restore() {
	cp "$top/$file" "$file"
	build
	rm -f "$file" mutate.places mutate.commands
}
mkdir -p "$(dirname "$file")"
trap 'restore; exit 130' INT TERM HUP
if ! remember || ! build; then
	cat "$log" >&2
	rm -f "$file"
	exit 2
fi
began=$(date +%s)
asked=$limit
limit=300
! noticed "$@" || {
	echo "$test: fails without a mutant; see $log" >&2
	restore
	exit 2
}
limit=${asked:-$((($(date +%s) - began) * 5 + 10))}

i=0
while read -r line column len new; do
	i=$((i + 1))
	[ "$i" -ge "$start" ] || continue
	# Spread over the file.
	[ $((i * count / total)) -gt $(((i - 1) * count / total)) ] || continue
	rm -f "$file"
	awk -v l="$line" -v c="$column" -v n="$len" -v new="$new" '
		NR == l { $0 = substr($0, 1, c - 1) new substr($0, c + n) }
		{ print }' "$top/$file" >"$file"
	was=$(sed -n "${line}p" "$top/$file")
	is=$(sed -n "${line}p" "$file")
	if ! build; then
		broken=$((broken + 1))
		continue
	fi
	tried=$((tried + 1))
	if noticed "$@"; then
		killed=$((killed + 1))
		continue
	fi
	survived=$((survived + 1))
	why=
	if grep -qsF "$file: $(echo "$is" | sed 's/^[[:space:]]*//')" \
		"$top/tests/mutants.txt"; then
		explained=$((explained + 1))
		why=' (explained)'
	fi
	printf '%s:%s: survived%s\n  -%s\n  +%s\n' "$file" "$line" "$why" \
		"$was" "$is"
done <mutate.places
restore
echo "$file: $tried mutants, $killed noticed, $survived survived," \
	"$explained of them explained; $broken did not compile" \
	"(of $total places; tests: $*)"
[ "$survived" = "$explained" ]
