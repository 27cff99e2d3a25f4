#!/bin/sh
# planted_files - what others can change, or have put where we look, is neither
# obeyed nor run: each place with each fault, and the command that mends it.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
top=$(cd "$(dirname "$0")/../../.." && pwd)
. "$top/tests/integration/lib.sh"

lab_up
user=65534
need setpriv
chmod 755 "$T"
home=$T/home
mkdir -p "$home/conf.d" "$T/bin" "$T/plugins" "$T/state" "$T/run"
printf '#!/bin/sh\nexit 0\n' >"$T/bin/tunnel.sh"
chmod 755 "$T/bin/tunnel.sh"
printf 's3cret\n' >"$home/passwd"
printf 'keepalive=yes\n' >"$home/conf.d/more.conf"
chmod 600 "$home/passwd"

# --- every place, every fault: refused, and mended by what is said ---

check() { # PROGRAM
	case $1 in
	client) "$GW6C" -f "$home/gw6c.conf" --check ;;
	broker) "$BROKER" -f "$home/broker.conf" --check ;;
	esac >"$T/check.log" 2>&1
}
is_refused() { # PROGRAM PLACE WORD
	check "$1" && fail "$1: $2 is taken though it $3"
	grep -q -F -e "$2 " "$T/check.log" || {
		cat "$T/check.log"
		fail "$1: no word of $2, which $3"
	}
	command=$(sed -n 's/.*if you trust what is there: //p' "$T/check.log")
	[ -n "$command" ] || fail "$1: no command that mends $2: $(cat "$T/check.log")"
	sh -c "$command" || fail "cannot run: $command"
	check "$1" || fail "$1: \"$command\" does not mend it:" \
		"$(cat "$T/check.log")"
}
every_fault() { # PROGRAM PLACE...
	program=$1
	shift
	check "$program" || fail "$program: $(cat "$T/check.log")"
	for place; do
		chown "$user" "$place"
		is_refused "$program" "$place" "belongs to user $user"
		chmod o+w "$place"
		is_refused "$program" "$place" "is writable by all"
		chmod g+w "$place"
		chgrp 4711 "$place"
		is_refused "$program" "$place" "is writable by a group"
		chgrp 0 "$place"
	done
}

client_conf auth_method=digest-md5 userid=ann "passwd_file=$home/passwd" \
	"template=$T/bin/tunnel.sh" 'include=conf.d/*.conf'
mv "$T/gw6c.conf" "$home/gw6c.conf"
every_fault client "$T" "$home" "$home/gw6c.conf" "$home/conf.d" \
	"$home/conf.d/more.conf" "$home/passwd" "$T/run" "$T/state" \
	"$T/plugins" "$T/plugins/tunnel_v6udpv4.so" "$T/plugins/os_script.so" \
	"$T/plugins/auth_digest_md5.so" "$T/bin" "$T/bin/tunnel.sh"
broker_conf
mv "$T/broker.conf" "$home/broker.conf"
every_fault broker "$T" "$home" "$home/broker.conf" "$T/broker-run" \
	"$T/broker-state" "$T/plugins" "$T/plugins/auth_anonymous.so"

# A link that somebody else can turn elsewhere; our own are fine.
mv "$T/run" "$T/run.real"
ln -s run.real "$T/run"
check client || fail "a link of root: $(cat "$T/check.log")"
chown -h "$user" "$T/run"
is_refused client "$T/run" "is a link of user $user"
rm "$T/run"
mv "$T/run.real" "$T/run"

# Below a sticky directory what is ours is ours, and what is not is not.
chmod 1777 "$home"
check client || fail "below a sticky directory: $(cat "$T/check.log")"
chown "$user" "$home/gw6c.conf"
is_refused client "$home/gw6c.conf" "belongs to user $user"
ln "$home/gw6c.conf" "$home/second"
is_refused client "$home/gw6c.conf" "has a second name"
rm "$home/second"
chmod 755 "$home"

# An ordinary user has theirs, and root's.
mkdir "$T/ann"
for place in gw6c.conf passwd conf.d; do cp -r "$home/$place" "$T/ann"; done
client_conf "run_dir=$T/ann/run" "state_dir=$T/ann/state"
mv "$T/gw6c.conf" "$T/ann/gw6c.conf"
chown -R "$user" "$T/ann"
as_user() { setpriv --reuid "$user" --regid "$user" --clear-groups "$@"; }
as_user "$GW6C" -f "$T/ann/gw6c.conf" --check >"$T/check.log" 2>&1 ||
	fail "a user with files of their own: $(cat "$T/check.log")"
as_user "$GW6C" -f "$T/ann/gw6c.conf" --list-plugins >"$T/check.log" 2>&1 ||
	fail "--list-plugins: $(cat "$T/check.log")"
chown 4711 "$T/ann/gw6c.conf"
chmod 644 "$T/ann/gw6c.conf"
as_user "$GW6C" -f "$T/ann/gw6c.conf" --check >"$T/check.log" 2>&1 &&
	fail "a user with the files of another"
grep -q 'copy of your own' "$T/check.log" || fail "$(cat "$T/check.log")"

# --- a journal and an environment that a stranger has made up ---

evil=$T/evil
printf 'touch "%s"\n' "$T/owned" >"$evil"
chmod 755 "$evil"
broker_conf
broker_start
script=$(command -v ldd) # any script of root that a variable can turn
head -n 1 "$script" | grep -q bash || script=
[ -n "$script" ] || skip "there is no bash script of root to misuse"

# A tunnel that nobody has taken back: its files are what is made up from.
cat >"$T/bin/tunnel.sh" <<'SCRIPT'
[ "$TSP_OPERATION" != TSP_TUNNEL_CREATION ] ||
	ip link set "$TSP_TUNNEL_INTERFACE" up mtu 1280
SCRIPT
client_conf "template=$T/bin/tunnel.sh" tunnel_mode=v6udpv4 keepalive=no
client_start
wait_for 30 test -s "$T/run/script.env" || fail "no environment is kept"
wait_for 30 test -s "$T/run/plan" || fail "no journal"
wait_for 30 client_is_up || fail "the tunnel did not come up"
client_stop KILL
plant() { # DIRECTORY OWNER
	rm -rf "$1"
	mkdir "$1"
	cp "$T/keep/plan" "$1"
	printf '%s\nBASH_ENV=%s\nend\n' "$script" "$evil" >"$1/script.env"
	chmod 600 "$1/plan" "$1/script.env"
	chown "$2" "$1/plan" "$1/script.env"
	rm -f "$T/owned"
}
mkdir "$T/keep"
cp "$T/run/plan" "$T/keep"

# The proof that it would: with files of our own, it runs.
plant "$T/run" 0
client_start
wait_for 30 test -e "$T/owned" || fail "the attack does not work at all"
wait_for 30 client_is_up || fail "the tunnel did not come up"
client_stop

plant "$T/run" "$user"
client_up
client_stop
[ ! -e "$T/owned" ] || fail "an environment of user $user ran code as root"
grep -q "$T/run/plan is not read: others own it" "$T/client.log" ||
	fail "no word of the foreign journal"

plant "$T/run" 0
chown "$user" "$T/run"
: >"$T/client.log"
client_run -n -b && fail "a run_dir of user $user is used"
[ ! -e "$T/owned" ] || fail "a foreign run_dir ran code as root"
grep -q "chown root $T/run\$" "$T/client.log" || fail "no remedy"
chown 0 "$T/run"

# --- the rest of what is kept, put there by others ---

rm -f "$T/run/plan" "$T/run/script.env"
foreign() { # FILE TEXT
	rm -f "$1"
	printf '%s\n' "$2" >"$1"
	chmod 600 "$1"
	chown "$user" "$1"
}
# The last broker: with ours in it, the client would go there first.
foreign "$T/state/tsp-last-server.txt" 192.0.2.1
foreign "$T/run/linux.settings" '1 forwarding 1 0'
foreign "$T/run/gw6c.pid" 1
: >"$T/client.log"
client_conf always_use_same_server=yes
client_run -n -b && fail "a pid file of user $user is used"
grep -q 'gw6c.pid: others own it' "$T/client.log" || fail "no word of it"
rm "$T/run/gw6c.pid"
before=$(at client cat /proc/sys/net/ipv6/conf/lo/forwarding)
foreign "$T/client-log" "an old line"
conf_set "$T/gw6c.conf" log_file=2 "log_filename=$T/client-log"
client_run -n -b
[ "$(at client cat /proc/sys/net/ipv6/conf/lo/forwarding)" = "$before" ] ||
	fail "settings of user $user were restored"
grep -q 'cannot write the log file .*others own it' "$T/client.log" ||
	fail "a log of user $user is written"
[ "$(cat "$T/client-log")" = "an old line" ] || fail "it was written"
rm "$T/client-log"

# The broker's.
broker_stop
foreign "$T/broker-state/addresses" '2001:db8:1000::666 user:ann'
broker_start
grep -q 'addresses is not read: others own it' "$T/broker.log" ||
	fail "addresses of user $user are taken"
broker_stop
broker_conf auth=passdss-3des-1
"$BROKER" -f "$T/broker.conf" keygen >/dev/null || fail "no key"
chown "$user" "$T/broker-state/server_key.pem"
"$BROKER" -n -f "$T/broker.conf" >"$T/broker.log" 2>&1 &&
	fail "a server key of user $user is used"
grep -q 'server_key.pem: others own it' "$T/broker.log" || fail "no reason"
