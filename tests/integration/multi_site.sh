#!/bin/sh
# multi_site - a master sends the client to the nearest of three brokers; when
# that one dies the next takes over, and the list outlives the master.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

A=198.51.100.2 B=198.51.100.18 C=198.51.100.34
dead=198.51.100.99 # nobody has it
wrong=2001:db8:a::2 # of a family that no tunnel of ours uses outside

LEAVES=brokerA # a broker runs there to the end
lab_up
list=$T/state/tsp-broker-list.txt
last=$T/state/tsp-last-server.txt

site_start() { # A|B|C ADDRESS POOL
	site=$T/site$1
	mkdir -p "$site"
	cat >"$site.conf" <<-CONF
		listen=$2
		pool6=$3
		plugin_dir=$T/plugins
		run_dir=$site
		state_dir=$site
		log_stderr=3
		auth=anonymous
	CONF
	chmod 600 "$site.conf"
	ip netns exec "$LAB-broker$1" "$BROKER" -n -f "$site.conf" \
		>>"$T/broker$1.log" 2>&1 &
	eval "pid$1=$!"
	wait_for 20 "$BROKER" -f "$site.conf" --status ||
		fail "broker $1 did not start"
}
site_kill() { # A|B|C
	eval "kill -KILL \$pid$1 && wait \$pid$1" 2>/dev/null
}
start_A() { site_start A $A 2001:db8:1000::/36; }
start_B() { site_start B $B 2001:db8:2000::/36; }
start_C() { site_start C $C 2001:db8:3000::/36; }

master_pid=
master_start() { # version|login|request BROKER...
	: >"$T/heard"
	ip netns exec "$LAB-brokerA" "$TOOLS/master" $A 4000 "$@" \
		>"$T/heard" 2>"$T/master.log" &
	master_pid=$!
	wait_for 20 grep -q ready "$T/heard" || fail "no master"
}
master_stop() {
	kill "$master_pid"
	wait "$master_pid" 2>/dev/null || true
}
heard() { count_lines "^$1\$" "$T/heard"; }

at_broker() { client_is_up && [ "$(status server)" = "$1" ]; }
expect_broker() { # SECONDS ADDRESS WHEN
	wait_for "$1" at_broker "$2" || fail "no tunnel from $2: $3"
	wait_for 20 pings "$SERVER6" || fail "no ping: $3"
	[ "$(cat "$last")" = "$2" ] ||
		fail "tsp-last-server.txt says $(cat "$last"): $3"
	say "$3: $2"
}
expect_list() { # BROKER...
	printf '%s\n' "$@" | diff - "$list" >"$T/diff.log" ||
		fail "tsp-broker-list.txt is not as it should be"
}

# --- the nearest ------------------------------------------------------------

# Without netem no broker is nearer than another, and those that answer keep
# the order of the message.
start_B
if "$NETLAB" path "$LAB" brokerA 60 2>/dev/null &&
	"$NETLAB" path "$LAB" brokerC 120; then
	start_A
	start_C
	next=$A rest="$A $C"
else
	next=$C rest=
fi
client_conf "server=$A:4000"
master_start version $C $dead $wrong $B $A
client_start
expect_broker 20 $B "the nearest"
if [ -n "$rest" ]; then
	# shellcheck disable=SC2086 # words
	expect_list $B $rest $dead $wrong
else
	expect_list $B $C $dead $A $wrong
	start_A
	start_C
fi
[ "$(heard version)" = 1 ] || fail "the master was asked more than once"
grep -q "distance to $B port 3653: [0-9]* ms" "$T/client.log" ||
	fail "the log does not tell the distance"

# --- the next ---------------------------------------------------------------

site_kill B
expect_broker $((4 * INTERVAL)) $next "the nearest was killed"
[ "$(heard version)" = 1 ] || fail "the master was asked again too early"
client_stop || fail "exit status $?"

# --- the list outlives the master -------------------------------------------

master_stop
printf '%s\n' '# mine' '' 'not a server' "$B" "$wrong" "$A" >"$list"
client_start
expect_broker 20 $A "the master is gone, and so is the first of the list"
client_stop || fail "exit status $?"

# --- later in the dialogue ---------------------------------------------------

# One broker alone is neither measured nor written down.
cp "$list" "$T/list.before"
for step in login request; do
	master_start $step $C
	client_start
	expect_broker 10 $C "sent on in answer to the $step"
	[ "$(heard $step)" = 1 ] || fail "no $step was heard"
	client_stop || fail "exit status $?"
	master_stop
done
cmp -s "$list" "$T/list.before" || fail "a single broker changed the list"

# --- always the same ---------------------------------------------------------

conf_set "$T/gw6c.conf" always_use_same_server=yes
master_start version $A
client_start
expect_broker 10 $C "always_use_same_server=yes"
[ "$(heard version)" = 0 ] || fail "the configured server was asked"
site_kill C
client_lost() { [ "$(status state)" != up ]; }
wait_for $((4 * INTERVAL + 10)) client_lost || fail "a kill is not noticed"
sleep 3 # it must not use the list, which has a broker that answers
client_is_up && fail "another server was used"
start_C
expect_broker 15 $C "it is back"
[ "$(heard version)" = 0 ] || fail "the configured server was asked"
client_stop || fail "exit status $?"
conf_set "$T/gw6c.conf" always_use_same_server=no
master_stop

# --- circles ------------------------------------------------------------------

master_start version $A:4000
client_run -n -b
[ $? = 14 ] || fail "going in circles has another exit status"
grep -q 'redirection loop' "$T/client.log" || fail "the log does not say why"
[ "$(heard version)" = 3 ] ||
	fail "the master was visited $(heard version) times"
say "left a circle after $(heard version) visits"
master_stop

# A dry run follows, and writes nothing.
master_start version $C $A
client_run --dry-run || fail "the dry run ended with $?"
grep -q 'redirects to 2 brokers' "$T/client.log" ||
	fail "the dry run did not measure"
cmp -s "$list" "$T/list.before" || fail "a dry run changed the list"
master_stop
