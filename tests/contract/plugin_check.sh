#!/bin/sh
# plugin_check - gw6c-plugin-check notices each fault, and names it.
# SPDX-License-Identifier: BSD-2-Clause
set -u
: "${GW6C_BUILD:=$PWD}"
check=$GW6C_BUILD/gw6c-plugin-check
modules=$GW6C_BUILD/tests/contract/.libs
bad=0
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

fail() {
	echo "FAILED: $*"
	sed 's/^/  | /' "$log"
	bad=1
}

# finds STATUS "WORD TEXT" MODULE [OPTION...]: that line is among the results.
finds() {
	want=$1 line=$2 module=$3
	shift 3
	"$check" "$@" "$modules/$module.so" >"$log" 2>&1
	rc=$?
	[ $rc = "$want" ] || fail "$module $*: exit status $rc, not $want"
	tr -s ' ' <"$log" | grep -q -F -e "$line" ||
		fail "$module $*: there is no line \"$line\""
}

faulty() { # FAULT "TEXT": "not ok" with that text
	finds 1 "not ok $2" os_faulty -o "os.faulty.fault=$1"
}

[ -e "$modules/os_faulty.so" ] || {
	echo "skipped: the modules of these tests are not built"
	exit 77
}

# Whoever may make no network of its own sees less.
finds 0 "all is well" os_faulty
faulty "does not open" "opens: out of order"
faulty "watch left" "watches nothing once it is closed: 1 watches"
faulty "descriptor left" "leaves no descriptor, signal handler or thread: descri"
faulty "descriptor inherited" "programs that are run do not get its descriptors"
faulty "signal" "leaves no descriptor, signal handler or thread: signal 10"
faulty "undeclared option" "asks for no option that it does not declare"
faulty "num of text" "asks for each option by a service of its type: host->num() for 'fault', which is: "
faulty "yes of number" "asks for each option by a service of its type: host->yes() for 'number'"
faulty "addr of text" "asks for each option by a service of its type: host->addr() for 'fault'"
faulty "signal for a while" "touches no signal, in no call: open() changes how signal 10"
faulty "thread" "starts no thread, in no call: open() starts one"
faulty "shell" "runs programs by its host alone: open() makes a process by"
faulty "child" "runs programs by its host alone: open() makes a process by"
faulty "prints" "prints nothing on standard output and standard error: it printed \"hello\""
faulty "complains" "prints nothing on standard output and standard error: it printed \"oh\""
faulty "status key" "its status lines are well formed: the key \"My Key\""
faulty "status line" "its status lines are well formed: that of \"key\" is not one line"
faulty "status lines" "its status lines are well formed: more than 32 lines"
faulty "notes early" "calls host->note() in step() alone: it notes a step"
faulty "done for nothing" "calls host->done() for what it answers later, and once: in open(), before it"
[ -n "${GW6C_BRIEF:-}" ] || faulty "blocks" "says that a tunnel can be set up here: check() had not returned after 10 s"
faulty "refuses silently" "says that a tunnel can be set up here: it refuses w"
finds 0 "skipped says that a tunnel can be set up here: it cannot: not on this" \
	os_faulty -o "os.faulty.fault=cannot"
if grep -q "steps, undone" "$log"; then
	fail "it applies steps on a system that cannot"
fi
finds 1 "not ok the options given with -o are its own: option -o: os" \
	os_faulty -o "os.faulty.falt=x"

finds 0 "all is well" os_faulty
if grep -q "skipped *applies plans" "$log"; then
	echo "skipped from here on: no network namespaces to break things in"
	exit $bad
fi
if grep -q "what is allocated cannot be told" "$log"; then
	# A build with sanitizers, which tell it when the process ends
	faulty "memory lost" "lives through the checks: it ended the process"
else
	faulty "memory lost" "needs no more and more memory: "
fi
faulty "takes all verbs" "refuses a verb that it does not know: it says that it"
faulty "no reason" "refuses a verb that it does not know: it says nothing"
faulty "step fails" "applies a plan with every verb: step 4 (verb 7): forwards"
faulty "undo fails" "takes such a plan back: what is done is done"
faulty "changes" "changes nothing, as its flag promises: "
faulty "changes" "leaves nothing of such a plan: it was \"/proc/sys"
faulty "changes" "after 3 steps, undone: nothing is left: it was"
[ -n "${GW6C_BRIEF:-}" ] || faulty "never" "applies a plan with every verb: step 2 (verb 3): it said GW6C_LATER, and host->done() did not come within 10 s"
faulty "fails later" "applies a plan with every verb: step 2 (verb 3): found out"
faulty "silent later" "calls host->done() for what it answers later, and once: the error -5 has no text"
faulty "done early" "calls host->done() for what it answers later, and once: in step(), before it"
faulty "done twice" "calls host->done() for what it answers later, and once: nothing is awaited"
faulty "step changed" "writes nothing into a step but saved: step 7"
faulty "odd note" "what it saves is one line of text: that of step 7"
faulty "dies" "applies a plan with every verb: it died: Aborted"
faulty "ends" "applies a plan with every verb: it ended the process, status 0"

feature() { # FAULT "TEXT": the same of a feature
	finds 1 "not ok $2" feature_faulty -o "feature.faulty.fault=$1"
}

finds 0 "all is well" feature_faulty
[ -n "${GW6C_BRIEF:-}" ] || feature "leaves never" "bears ready, changed, leaving, down: it said GW6C_LATER, and host->done() did not come within 5 s"
feature "late at once" "bears ready, changed, leaving, down: tell() returned 2 at fact 1"
feature "sends" "bears ready, changed, leaving, down: tell() returned -5 at fact 3"
feature "vetoes" "bears ready, changed, leaving, down: tell() returned -5 at fact 2"
feature "once" "bears a tunnel that dies, and comes again: it died: Aborted"
feature "closes half" "bears that nobody waits for what it does at leaving: 1 watches"
feature "accepts" "leaves the network and its sysctl values as they were: it was \"/proc/sys/net/ipv6/conf/lo/accept_ra = "
feature "plans differently" "the same lease and options make the same steps: they do not"
feature "plans over others" "the steps before its own are as they were"
feature "plans no verb" "its steps are such as a backend can read: step 8 has a verb"
feature "plans nothing" "appends steps to a plan: there is no plan"
feature "sweeps badly" "leaves no file when it has swept: faulty"
feature "reloads badly" "reloads before and while packets pass: not now"
finds 1 "not ok imports nothing that only the core may call: it imports " \
	feature_rude
for name in "signal()" "sleep()" "system()"; do
	grep -q -F "$name" "$log" || fail "feature_rude: $name is not named"
done
finds 1 "not ok their classic names are no settings of gw6c itself: option 'name': gw6c reads 'userid' itself" feature_rude

# A backend that does nothing, and says that it has done it
for line in "GW6C_TUN gives a descriptor" "the interface is up" \
	"the interface has the MTU of the plan: it is -1" \
	"the interface has the address of the plan" \
	"another interface has the address meant for it" \
	"a wish of \"auto\" gets a free name" \
	"takes no interface of others, and says why: it took it" \
	"GW6C_ROUTE fails without its interface, and says why"; do
	finds 1 "not ok $line" os_older
done

# Modules that no gw6c would load
whole="not ok descriptor, ABI and operations are whole:"
finds 1 "$whole its descriptor has no size; GW6C_HEAD()" auth_no_head
finds 1 "$whole its table of operations has no size; \".size = " auth_no_size
finds 1 "$whole its name 'any' is reserved" auth_any
finds 1 "$whole its name 'far-too-long-a-name' has 19 letters, and at most 15" \
	tunnel_far_too_long_a_name
finds 1 "$whole its operations lack 'unwrap'" tunnel_half
finds 1 "not ok descriptor, ABI and operations are whole: built for plug" \
	auth_wrong_abi
finds 1 "not ok its name is that of the file: it calls itself 'other'" \
	auth_wrong_name
finds 1 "not ok it loads, and all its symbols are found: " auth_undefined
finds 1 "not ok it needs os:absent, which can be had: there is no os_absent" \
	feature_bereft
finds 1 "not ok it needs rain, which can be had: that is not [?]KIND:NAME" \
	feature_vague
finds 1 "not ok a wrong password is refused: it returned 0, not" auth_good
finds 1 "not ok it loads, and all its symbols are found: " os_absent

# For programs: a plan that counts what was printed, and directives.
finds 1 "# SKIP it has no check()" os_older --tap
"$check" --tap "$modules/os_faulty.so" "$modules/feature_good.so" \
	"$modules/auth_wrong_abi.so" >"$log"
lines=$(grep -c -e '^ok ' -e '^not ok ' "$log")
[ "$(tail -n 1 "$log")" = "1..$lines" ] || fail "the TAP plan is not 1..$lines"
[ "$(head -n 1 "$log")" = "TAP version 13" ] || fail "no TAP version"
if grep -qv -e '^ok [0-9]' -e '^not ok [0-9]' -e '^#' -e '^1\.\.' \
	-e '^TAP version' "$log"; then
	fail "a line is no TAP"
fi

# What it is called with
"$check" >"$log" 2>&1
[ $? = 2 ] || fail "no module: the exit status is not 2"
"$check" --help >"$log" 2>&1 || fail "no help"
grep -q -e '--tap' "$log" || fail "the help does not name --tap"
exit $bad
