# common.sh - shared by demo and check: messages, packages, the build.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh disable=SC2034,SC2154
#
# The sourcing script must set: me (its own name), top (the source tree) and
# yes ("yes": do not ask).

PATH=$PATH:/usr/sbin:/sbin
LC_ALL=C.UTF-8
export PATH LC_ALL

bold='' green='' red='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
	bold=$(printf '\033[1m') green=$(printf '\033[32m')
	red=$(printf '\033[31m') plain=$(printf '\033[0m')
fi

die() {
	printf '%s%s: %s%s\n' "$red" "$me" "$*" "$plain" >&2
	exit 1
}
heading() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
note() { printf '  %s\n' "$*"; }

# --- packages ---------------------------------------------------------------

packages_for() { # KIND...: their names, from tests/packages
	for kind; do
		awk -v kind="$kind" '!/^#/ && $2 == kind { print $1 }' \
			"$top/tests/packages"
	done
}

package_reason() {
	awk -v name="$1" '$1 == name { $1 = $2 = ""; sub(/^ */, ""); print }' \
		"$top/tests/packages"
}

package_there() {
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = \
		installed ]
}

# Install missing packages, after asking; silent if none is missing.
install_packages() { # KIND...
	if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null
	then
		note "apt-get was not found: packages are not installed" \
			"automatically."
		note "For the packages needed, see tests/packages."
		return
	fi
	missing=
	for package in $(packages_for "$@"); do
		package_there "$package" || missing="$missing $package"
	done
	[ -n "$missing" ] || return 0

	heading "Packages to be installed with apt-get"
	for package in $missing; do
		printf '  %-20s %s\n' "$package" "$(package_reason "$package")"
	done
	[ "$(id -u)" = 0 ] ||
		die "installing packages requires root; run: sudo ./$me"
	if [ "$yes" != yes ]; then
		[ -t 0 ] || die "no terminal to ask on; use ./$me -y to install"
		printf 'Install them now? [Y/n] '
		read -r answer || answer=n
		case $answer in
		'' | [Yy]*) ;;
		*) die "cancelled; nothing was installed or built" ;;
		esac
	fi
	DEBIAN_FRONTEND=noninteractive
	export DEBIAN_FRONTEND
	quietly packages.log apt-get update ||
		die "apt-get update failed; is the network up?"
	# shellcheck disable=SC2086 # a list
	quietly packages.log apt-get install -y --no-install-recommends \
		$missing || die "apt-get install failed"
	note "installed."
}

# --- building ---------------------------------------------------------------

logs=$top/build/logs

# Run a command with its output in build/logs/NAME; on failure show the end.
quietly() { # NAME CMD...
	quiet_log=$logs/$1
	shift
	mkdir -p "$logs" || return 1
	printf '$ %s\n' "$*" >>"$quiet_log"
	"$@" >>"$quiet_log" 2>&1 && return 0
	quiet_rc=$?
	printf '%s  failed: %s%s\n' "$red" "$*" "$plain" >&2
	tail -n 25 "$quiet_log" | sed 's/^/  | /' >&2
	note "full log: $quiet_log" >&2
	return "$quiet_rc"
}

make_configure() { # in a tree from version control
	[ ! -x "$top/configure" ] || [ -n "$(find "$top/configure.ac" \
		-newer "$top/configure")" ] || return 0
	(cd "$top" && quietly autoreconf.log autoreconf -fi)
}

build_in() { # DIR CONFIGURE-OPTION...
	build_dir=$1
	shift
	build_log=$(basename "$build_dir").log
	mkdir -p "$build_dir" && make_configure || return 1
	if [ ! -f "$build_dir/Makefile" ] ||
		[ "$*" != "$(cat "$build_dir/options" 2>/dev/null)" ]; then
		(cd "$build_dir" &&
			quietly "$build_log" "$top/configure" "$@") || return 1
		printf '%s\n' "$*" >"$build_dir/options"
	fi
	quietly "$build_log" make -C "$build_dir" -j"$(nproc)"
}
