#!/bin/sh
# mutants - the examples with one mistake each: gw6c-plugin-check finds every one
# of them, in a backend in what was really set up.
# SPDX-License-Identifier: BSD-2-Clause
set -u
: "${GW6C_BUILD:=$PWD}" "${srcdir:=.}" "${CC:=cc}"
check=$GW6C_BUILD/gw6c-plugin-check
examples=$srcdir/doc/example-plugin
name=os_example

skip() {
	echo "skipped: $*"
	exit 77
}
[ -z "${GW6C_BRIEF:-}" ] || skip "long; ./check -a runs it"
# The mutants are built without them, and their leaks are told by no other.
grep -aq __asan_init "$check" && skip "the sanitizers count memory themselves"
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
command -v "$CC" >/dev/null || skip "there is no $CC"
bad=0

# try STATUS LINE: the example in the directory, checked
try() {
	"$CC" -I"$srcdir/core/include" -shared -fPIC -fvisibility=hidden \
		-o "$dir/$name.so" "$dir/$name.c" 2>"$dir/cc" || {
		cat "$dir/cc"
		echo "FAILED: it does not compile"
		exit 1
	}
	want=$1 line=$2
	shift 2
	"$check" "$@" "$dir/$name.so" >"$dir/log" 2>&1
	rc=$?
	if [ $rc != "$want" ] || ! grep -q -F -e "$line" "$dir/log"; then
		echo "FAILED: $name: status $rc, not $want, or no \"$line\""
		sed 's/^/  | /' "$dir/log"
		bad=1
	fi
}

mutant() { # SED-EXPRESSION LINE [OPTION...]
	sed -e "$1" "$examples/$name.c" >"$dir/$name.c"
	! cmp -s "$examples/$name.c" "$dir/$name.c" || {
		echo "FAILED: $name: $1 changes nothing"
		bad=1
		return
	}
	shift
	line=$1
	shift
	try 1 "not ok   $line" "$@"
}

cp "$examples"/*.c "$dir"
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
mutant 's/if (step->saved\[0\])/if (0)/' \
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
mutant 's/return self->host->note(.*/return GW6C_OK;/' \
	"killed within step 4 (verb 7): it is taken back"
mutant 's/: restore_value(path, step)/: GW6C_OK/' \
	"GW6C_KEEP restores what others changed, or is refused"

name=tunnel_example
try 0 "all is well"
mutant 's/packet->at = data.at + HEADER/packet->at = data.at/' \
	"unwrap undoes wrap: unwrap() gives another packet"
mutant 's/header\[0\] = 0x42/header[0] = 0xf2/; s/!= 0x42/!= 0xf2/' \
	"unwrap undoes wrap: what wrap() makes begins with the bits 1111"
mutant 's/header\[3\] = .*/;/' "unwrap undoes wrap: unwrap() refuses"
mutant 's/header\[1\] = 1;//; s/ || data.at\[1\] != 1//' \
	"wrap writes the whole header, the same for the same packet"
mutant 's/data.len <= HEADER || //; s/return packet->len == .*/packet->len = data.len - HEADER; return true;/; s/data.at\[0\] != 0x42 || data.at\[1\] != 1/0/' \
	"unwrap refuses data without a packet: it takes"
mutant 's/return packet->len == .*/return data.len > 8;/; s/data.at\[0\] != 0x42 || data.at\[1\] != 1/0/' \
	"unwrap stays within the data, whatever it is"
mutant 's/data.at\[0\] != 0x42 || data.at\[1\] != 1/0/; s/return packet->len == .*/packet->len = data.len - HEADER; return true;/' \
	"unwrap refuses wrong data: it takes data that begins"
mutant 's/20 + 8 + HEADER/20 + HEADER/' "overhead has all headers: it is 24"
mutant 's/.prefix_usual = 48/.prefix_usual = 80/' \
	"prefix_min, prefix_usual and prefix_max are in order"
mutant 's/.over = GW6C_OVER_UDP }/.over = GW6C_OVER_TCP }/' \
	"each of its grants has a type, and the sessions for it: \"example\""
mutant 's/.over = GW6C_OVER_UDP }/.over = 0 }/' \
	"each of its grants has a type, and the sessions for it: \"example\""
mutant 's/.over = GW6C_OVER_UDP,/.over = GW6C_OVER_UDP | GW6C_OVER_TCP,/' \
	"it has families, and sessions that can ask for it: it uses the UDP"
mutant 's/.inner = 6/.inner = 5/' "it has families, and sessions that can"
mutant 's/.type = "example"/.type = "other"/' \
	"it takes what it asks for: no grant"
mutant 's/.header = HEADER,/.header = 0,/' \
	"wrap and unwrap are there if header is not 0"
mutant 's/plan->fd < 0 || sock < 0/0/' "refuses without a packet device, and"
mutant 's/step->value = lease->metric/step->saved[0] = 1/' \
	"the plan is one that a backend can read: step 4 has something in saved"
mutant 's/lease->metric;/lease->metric + (uint32_t)rand();/' \
	"the same lease makes the same plan"

name=auth_example
try 0 "all is well"
mutant 's/return !differs/return true/' "a wrong password is refused"
mutant 's/known == GW6C_OK .. right/right || known/' "an unknown user is refused"
mutant 's/out->overflow/0/; s/GW6C_AUTH_BASE64 | GW6C_AUTH_CLEARTEXT/GW6C_AUTH_BASE64/' \
	"the password is on the wire only if the flags say so"
mutant 's/self->host->done(.*/;/' "the right password satisfies the broker"
mutant 's/.fallback = "50"/.fallback = "0"/' "descriptor, ABI and operations"
mutant 's/self->host->forget(.*/;/; s/self->answer = known/on_timer(self); self->answer = known/' \
	"calls host->done() for what it answers later, and once: in serve()"
mutant 's/X-EXAMPLE/x-example/' "the mechanism has a name of RFC 4422"
mutant 's/.rank = 10/.rank = 30/' "a password that is shown has a low rank"

name=feature_goodbye
try 0 "all is well"
mutant 's/^	reset(arg);$/;/' "leaves no descriptor, signal handler or thread" \
	-o feature.goodbye.server=::1
mutant 's/"said", "%ld"/"Said", "%ld"/' "its status lines are well formed" \
	-o feature.goodbye.server=::1
exit $bad
