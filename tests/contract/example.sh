#!/bin/sh
# example - builds the example plugins with nothing but what was installed.
# SPDX-License-Identifier: BSD-2-Clause
#
# For "make installcheck", which sets DESTDIR, pkgconfigdir, aclocaldir,
# exampledir, mandir and CC.
set -u
# shellcheck disable=SC2154 # of the environment
: "$DESTDIR$pkgconfigdir$aclocaldir$exampledir$mandir$CC"

dir=$(mktemp -d "${TMPDIR:-/tmp}/gw6c-example.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
fail() {
	echo "example: FAILED: $*" >&2
	[ ! -s "$dir/log" ] || tail -n 40 "$dir/log" >&2
	exit 1
}
run() { "$@" >"$dir/log" 2>&1 || fail "$*"; }

PKG_CONFIG_PATH=$DESTDIR$pkgconfigdir
PKG_CONFIG_SYSROOT_DIR=$DESTDIR
ACLOCAL_PATH=$DESTDIR$aclocaldir
export PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR ACLOCAL_PATH
command -v pkg-config >/dev/null || {
	echo "example: skipped: there is no pkg-config"
	exit 0
}
check=$DESTDIR$(PKG_CONFIG_SYSROOT_DIR='' pkg-config \
	--variable=plugin_check gw6c)
[ -x "$check" ] || fail "gw6c.pc names $check, which is not there"

# With a compiler alone
mkdir "$dir/plain" "$dir/tools"
cp "$DESTDIR$exampledir"/* "$dir/plain" || fail "no example is installed"
cp "$DESTDIR$exampledir"/* "$dir/tools"
cd "$dir/plain" || exit 1
flags="$(pkg-config --cflags gw6c) $(pkg-config --variable=plugin_ccflags gw6c)"
modules="os_example tunnel_example auth_example feature_address_file
	feature_goodbye"
for module in $modules; do
	# shellcheck disable=SC2086 # a list
	run $CC -Wall -Wextra $flags -o $module.so $module.c
done
run "$check" ./*.so
echo "example: built with $CC, and checked"

# The one in the manual
sed -n '/^#include/,/^\.Ed/{/^\.Ed/d;s/\\e/\\/g;p;}' \
	"$DESTDIR$mandir/man7/gw6c-plugin.7" >feature_hello.c
# shellcheck disable=SC2086 # a list
run $CC -Wall $flags -o feature_hello.so feature_hello.c
run "$check" ./feature_hello.so
echo "example: that of the manual is built, and checked"

# The first of first-backend.md, and the one thing it has left to do
sed -n '/^## 1/,/^Build it/s/^    //p' \
	"$(dirname "$DESTDIR$exampledir")/first-backend.md" >os_mine.c
# shellcheck disable=SC2086 # a list
run $CC -Wall -Wextra $flags -o os_mine.so os_mine.c
"$check" ./os_mine.so >"$dir/log"
[ "$(grep -c '^  not ok' "$dir/log")" -le 1 ] ||
	fail "the first backend of the walk has other faults"
echo "example: the walk begins as it is written"

# With Autotools
command -v autoreconf >/dev/null || {
	echo "example: not tried: there is no autoreconf"
	exit 0
}
cd "$dir/tools" || exit 1
run autoreconf -fi
! grep -i -e error -e warning "$dir/log" || fail "autoreconf complains"
run ./configure CC="$CC" GW6C_PLUGIN_CHECK="$check"
run make
run make check
run make install DESTDIR="$dir/root"
for module in $modules; do
	find "$dir/root" -name "$module.so" | grep -q . ||
		fail "$module.so was not installed"
done
if find "$dir/root" -name '*.la' | grep .; then
	fail "libtool's files were installed"
fi
run make uninstall DESTDIR="$dir/root"
if find "$dir/root" -type f | grep .; then
	fail "that is left after make uninstall"
fi
echo "example: built with Autotools, checked, installed and removed"
