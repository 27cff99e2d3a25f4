#!/bin/sh
# os-commands.sh - makes os-commands.md of what the tests expect.
# SPDX-License-Identifier: BSD-2-Clause
set -eu
LC_ALL=C
data=$1

cat <<'HEAD'
# What gw6c runs on each system

Made by `make os-commands` from `tests/data/os`, which the tests compare with
what the backends do; do not edit. The names and addresses are examples: `em0`
and `em1` are networks behind a router, the tunnel's interface is the first
that is free. Undoing goes from the last row to the first. What stands behind
`#`, `rem` and `!` is not run.
HEAD

section() { # PLATFORM NAME
	printf '\n## %s\n' "$2"
	for mode in v6v4 v6udpv4 v4v6; do
		for type in host router; do
			printf '\n### %s, %s, %s\n\n' "$2" "$mode" "$type"
			awk -f - "$data/$1/$mode-$type.txt" <<'AWK'
function cell(text) { gsub(/\|/, "\\|", text); return text }
/^[+-] / {
	add = /^\+/
	step = substr($0, 3)
	if (add) order[++n] = step
	key = step
	next
}
{
	text = "`" substr($0, 5) "`"
	if (/^    refused: /) text = substr($0, 5)
	if (add) does[key] = does[key] (does[key] ? "<br>" : "") text
	else undoes[key] = undoes[key] (undoes[key] ? "<br>" : "") text
}
END {
	print "| step | commands | undone by |"
	print "|---|---|---|"
	for (i = 1; i <= n; i++)
		printf "| %s | %s | %s |\n", cell(order[i]),
			cell(does[order[i]]), cell(undoes[order[i]])
}
AWK
		done
	done
}

section freebsd FreeBSD
section netbsd NetBSD
section openbsd OpenBSD
section darwin 'Darwin (macOS)'
section windows Windows
section cisco 'Cisco IOS'
section null 'Linux, as a dry run tells it'
