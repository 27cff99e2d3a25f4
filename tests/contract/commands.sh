#!/bin/sh
# commands - what backends that drive tools do, and what is written of it in
# tests/data/os and doc/os-commands.md. After a change that is meant:
# make os-commands
# SPDX-License-Identifier: BSD-2-Clause
set -u
: "${GW6C_BUILD:=$PWD}"
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
"$GW6C_BUILD/tests/contract/test_commands" "$GW6C_BUILD/.libs" \
	"$top/tests/data/os" || exit 1
sh "$top/doc/os-commands.sh" "$top/tests/data/os" |
	diff "$top/doc/os-commands.md" - || {
	echo "doc/os-commands.md is out of date: make os-commands"
	exit 1
}
