#!/bin/sh
# mutants - the example backend with one mistake each: gw6c-plugin-check finds
# every one of them in what was really set up.
# SPDX-License-Identifier: BSD-2-Clause
set -u
: "${GW6C_BUILD:=$PWD}" "${srcdir:=.}" "${CC:=cc}"
check=$GW6C_BUILD/gw6c-plugin-check
source=$srcdir/doc/example-plugin/os_example.c

skip() {
	echo "skipped: $*"
	exit 77
}
[ -z "${GW6C_BRIEF:-}" ] || skip "long, and run in another build"
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
command -v "$CC" >/dev/null || skip "there is no $CC"
bad=0

# try STATUS LINE: os_example.c of the directory, checked
try() {
	"$CC" -I"$srcdir/core/include" -shared -fPIC -fvisibility=hidden \
		-o "$dir/os_example.so" "$dir/os_example.c" 2>"$dir/cc" || {
		cat "$dir/cc"
		echo "FAILED: it does not compile"
		exit 1
	}
	"$check" "$dir/os_example.so" >"$dir/log" 2>&1
	rc=$?
	if [ $rc != "$1" ] || ! grep -q -F -e "$2" "$dir/log"; then
		echo "FAILED: status $rc, wanted $1 and \"$2\""
		sed 's/^/  | /' "$dir/log"
		bad=1
	fi
}

mutant() { # SED-EXPRESSION LINE
	sed -e "$1" "$source" >"$dir/os_example.c"
	! cmp -s "$source" "$dir/os_example.c" || {
		echo "FAILED: $1 changes nothing"
		bad=1
		return
	}
	try 1 "not ok   $2"
}

cp "$source" "$dir"
try 0 "all is well"
! grep -q "skipped  applies plans" "$dir/log" ||
	skip "$(sed -n 's/.*skipped  applies plans[^:]*: //p' "$dir/log")"

mutant 's/ | IFF_NO_PI//' "packets of the default route come out of it as"
mutant 's/O_RDWR | O_NONBLOCK/O_RDWR/' "the descriptor does not block"
mutant 's/O_NONBLOCK | O_CLOEXEC/O_NONBLOCK/' \
	"the descriptor is closed in other programs"
mutant 's/if (!any && index_of/if (0 \&\& index_of/' \
	"takes no interface of others, and says why: it took it"
mutant 's/"%.15s", wish/"%.15s", "mine%d"/' \
	"the interface has the name that was wished for"
mutant 's/add ? SIOCSIFADDR : SIOCDIFADDR/SIOCSIFADDR/' \
	"takes such a plan back: File exists"
mutant 's/write_value(FORWARDING, step->saved)/(void)0/' \
	"leaves nothing of such a plan: it was"
mutant 's/plan->fd = -1;//' "taking back the link closes the descriptor"
mutant 's/errno == ESRCH || //' "taking back what was never done is no error"
mutant 's/errno == EADDRNOTAVAIL/0/' "taking it back twice is no error"
mutant 's/ifr_mtu = (int)step->value/ifr_mtu = 1400/' \
	"the interface has the MTU of the plan: it is 1400"
mutant 's/ifr_flags |= IFF_UP/ifr_flags |= 0/' "applies a plan with every verb: step 3 (verb 4): Network"
mutant 's/close(self->sock);//' "leaves no descriptor, signal handler"
mutant 's/.rtmsg_type = type,//' "GW6C_REJECT makes the rest of a prefix unr"
mutant 's/step->dev\[0\] ? step->dev : plan->dev/plan->dev/' \
	"another interface has the address meant for it"
mutant 's/SO_BINDTODEVICE, dev/SO_BINDTODEVICE, ""/' "refuses to bind one to an"
mutant 's/free(self);$/;/' \
	"needs no more and more memory"
exit $bad
