#!/bin/sh
# bad_plugin - one line says what is wrong with a plugin, and what to do.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

need_programs
client_conf auth_method=digest-md5 userid=ann passwd=s3cret
good=$GW6C_BUILD/.libs
module=$T/plugins/auth_digest_md5.so
conf_line=$(grep -n '^auth_method=' "$T/gw6c.conf" | cut -d: -f1)

spoil() {
	rm -f "$module"
	case $1 in
	missing) ;;
	empty) : >"$module" ;;
	garbage) head -c 5000 /dev/urandom >"$module" ;;
	cut) head -c 3000 "$good/auth_digest_md5.so" >"$module" ;;
	another) cp "$good/auth_plain.so" "$module" ;;
	"another kind") cp "$good/os_null.so" "$module" ;;
	library) cp "$(find_library)" "$module" ;;
	directory) mkdir "$module" ;;
	"writable by all")
		cp "$good/auth_digest_md5.so" "$module"
		chmod 666 "$module"
		;;
	esac
}

find_library() { # any one that is no plugin
	sed -n 's/.* \(\/.*libc\.so[^ ]*\)$/\1/p' /proc/self/maps | head -n 1
}

for how in missing empty garbage cut another "another kind" library \
	directory "writable by all"; do
	if [ "$how" = "writable by all" ] && [ "$(id -u)" != 0 ]; then
		continue
	fi
	spoil "$how"
	for action in --check -n; do
		timeout 30 "$GW6C" -f "$T/gw6c.conf" $action \
			>"$T/client.log" 2>&1
		rc=$?
		[ $rc = 3 ] || fail "$how, $action: exit status $rc, not 3"
		lines=$(wc -l <"$T/client.log")
		[ "$lines" = 1 ] || fail "$how, $action: $lines lines, not 1"
		grep -q "gw6c.conf:$conf_line: .*auth_digest_md5" \
			"$T/client.log" ||
			fail "$how, $action: without file, line and module"
	done
	say "$how: $(cat "$T/client.log")"
	[ -d "$module" ] && rmdir "$module"
done

rm -f "$module"
cp "$good/auth_digest_md5.so" "$module"
"$GW6C" -f "$T/gw6c.conf" --check >"$T/client.log" 2>&1 ||
	fail "the good one is refused"
