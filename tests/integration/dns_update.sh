#!/bin/sh
# dns_update - names in the zone of a real server, by TSIG: they follow the
# addresses, and are taken back at the end, also after a kill.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/dns_update.lib.sh"

LEAVES=client # is renumbered

lab_up
JOURNAL=$T/state/dns-update.journal
broker_conf pool6=2001:db8:1000::/48 prefixes6=2001:db8:1800::/40 \
	user.bob.passwd=b0b user.ann.prefix6=2001:db8:18aa::/48 \
	user.bob.prefix6=2001:db8:18ff::/48
broker_start
dns_conf
dns_up

# Printed: nothing is sent.
dns_client_conf feature.dns-update.by=print
client_up
own=$(tunnel_address)
dns_logged "to be created: home.example. 300 IN AAAA $own\$"
[ "$(dns_status name_1)" = "home.example AAAA $own SUCCESS" ] ||
	fail "status $(dns_status name_1)"
client_stop || fail "exit status $?"
dns_logged "of no use any more: home.example. IN AAAA"
[ ! -e "$JOURNAL" ] || fail "a journal of what was printed"

# Sent: our own name, one of an option, and those of another feature.
: >"$T/client.log"
dns_client_conf \
	'feature.dns-update.names=nas=2001:db8:5::5/https/8443 box=prefix::1:0:0:0:20'
client_up
own=$(tunnel_address)
dns_wait home.example AAAA "$own"
dns_wait nas.home.example AAAA 2001:db8:5::5
dns_wait nas.home.example HTTPS '1 . port=8443'
dns_wait box.home.example AAAA 2001:db8:18aa:1::20
dns_is other.home.example AAAA 2001:db8:9::9 || fail "another name is touched"
[ "$(grep -c 'updating zone .home.example/IN.: adding an RR at .home.example' \
	"$T/named.log")" = 1 ] || fail "it was sent more than once"
dns_ask cams 'cam tunnel' '# of no use' 'front 2001:db8:6::6 rtsp 8554' \
	'-bad tunnel'
dns_wait cam.home.example AAAA "$own"
dns_wait front.home.example AAAA 2001:db8:6::6
dns_wait _rtsp.front.home.example SVCB '1 front.home.example. port=8554'
dns_logged 'cams.names:4: "-bad" is no name'
wait_for 5 grep -qx 'cam.home.example SUCCESS' "$T/run/dns-update.state" ||
	fail "state $(cat "$T/run/dns-update.state")"
[ "$(dns_status state)" = published ] || fail "state $(dns_status state)"
grep -rq "$(sed -n 's/.*secret "\(.*\)";/\1/p' "$T/key")" "$T/client.log" \
	"$T/run" "$T/state" && fail "the secret is told"
dns_ask cams 'cam tunnel'
wait_for 15 dns_none front.home.example AAAA || fail "front stays"
dns_none _rtsp.front.home.example SVCB || fail "its port stays"
# What others could have written is not obeyed.
printf 'evil 2001:db8::bad\n' >"$T/run/evil.names"
chmod 666 "$T/run/evil.names"
dns_logged 'evil.names is not read: others own it'
dns_none evil.home.example AAAA || fail "it is obeyed"
rm "$T/run/evil.names"

# The outer address changes: the same account has the same address, and the
# names stay.
ups=$(count_lines 'client: tunnel up' "$T/client.log")
sent=$(count_lines 'updating zone' "$T/named.log")
is_up_again() {
	[ "$(count_lines 'client: tunnel up' "$T/client.log")" -gt "$ups" ] &&
		client_is_up
}
"$NETLAB" renumber "$LAB" client >"$T/new" ||
	fail "the lab cannot change the address"
wait_for 30 is_up_again || fail "no tunnel after the change"
dns_is home.example AAAA "$own" || fail "our name is gone"
dns_is cam.home.example AAAA "$own" || fail "cam is gone"
state_is() { [ "$(dns_status state)" = "$1" ]; }
wait_for 10 state_is published || fail "state $(dns_status state)"
[ "$(count_lines 'updating zone' "$T/named.log")" = "$sent" ] ||
	fail "the same was sent again"

# Address and prefix change: one update for all, and nothing old is left.
count_lines 'updating zone .*adding an RR at .box' "$T/named.log" >"$T/before"
dns_client_conf userid=bob passwd=b0b \
	'feature.dns-update.names=nas=2001:db8:5::5/https/8443 box=prefix::1:0:0:0:20'
client_reload
dns_wait box.home.example AAAA 2001:db8:18ff:1::20
new=$(tunnel_address)
[ "$new" != "$own" ] || fail "the address has not changed"
dns_wait home.example AAAA "$new"
dns_wait cam.home.example AAAA "$new"
[ "$(count_lines 'updating zone .*adding an RR at .box' "$T/named.log")" = \
	$(($(cat "$T/before") + 1)) ] || fail "box was sent more than once"

# The end: all is taken back, and soon.
client_stop || fail "exit status $?"
grep -q 'did not finish within' "$T/client.log" && fail "the end took too long"
for name in home cam.home nas.home box.home; do
	dns_none "$name.example" AAAA || fail "$name.example stays"
done
dns_none nas.home.example HTTPS || fail "a port stays"
dns_is other.home.example AAAA 2001:db8:9::9 || fail "another name is gone"
[ ! -e "$JOURNAL" ] || fail "the journal stays"
[ ! -e "$T/run/dns-update.state" ] || fail "the state file stays"
rm "$T/run/cams.names"

# Killed: the next start corrects what is wanted, and takes back the rest.
dns_client_conf 'feature.dns-update.names=gone=2001:db8:5::5 nas=2001:db8:5::6'
client_up
dns_wait gone.home.example AAAA 2001:db8:5::5
dns_wait nas.home.example AAAA 2001:db8:5::6
kill -KILL "$(status pid)"
wait "$client_pid" 2>/dev/null
grep -qx 'gone.home.example AAAA' "$JOURNAL" || fail "no journal"
# Printed: what is left is told, and stays in the journal.
dns_client_conf feature.dns-update.by=print
client_up
dns_logged 'to be deleted by hand: gone.home.example AAAA, published by nsupdate'
dns_status by_hand_1 | grep -q 'home.example AAAA to be deleted by hand' ||
	fail "status $(dns_status by_hand_1)"
kill -KILL "$(status pid)"
wait "$client_pid" 2>/dev/null
dns_client_conf 'feature.dns-update.names=nas=2001:db8:5::7'
client_up
dns_logged 'names of a run that was killed may still be there'
dns_wait nas.home.example AAAA 2001:db8:5::7
wait_for 15 dns_none gone.home.example AAAA || fail "gone stays"
grep -q gone "$JOURNAL" && fail "it stays in the journal"

# Turned off by a reload: all is taken back, and no later run takes away what
# somebody else has put there since.
: >"$T/client.log"
dns_client_conf feature.dns-update.enabled=no
client_reload
wait_for 20 dns_none nas.home.example AAAA || fail "nas stays"
dns_logged ' 2 names deleted'
wait_for 20 client_is_up || fail "no tunnel after the reload"
[ ! -e "$JOURNAL" ] || fail "the journal stays: $(cat "$JOURNAL")"
printf 'server %s\nupdate add nas.home.example. 60 AAAA 2001:db8:9::1\nsend\n' \
	"$SERVER6" | at server nsupdate -k "$T/key" || fail "nsupdate fails"
dns_client_conf
client_reload
dns_wait home.example AAAA "$(tunnel_address)"
wait_for 20 state_is published || fail "state $(dns_status state)"
dns_is nas.home.example AAAA 2001:db8:9::1 || fail "a name of others is gone"

# Two hundred names come and go together.
seq -f 'device-%g tunnel' 200 >"$T/run/many.names.new"
mv "$T/run/many.names.new" "$T/run/many.names"
has_all() { [ "$(dns_status success)" = 201 ]; }
wait_for 20 has_all || fail "success $(dns_status success)"
dns_is device-200.home.example AAAA "$(tunnel_address)" || fail "not the last"
client_stop || fail "exit status $?"
grep -q 'could not be deleted' "$T/client.log" && fail "some stay"
for name in device-1 device-100 device-200; do
	dns_none "$name.home.example" AAAA || fail "$name stays"
done
say "all names as they should be"
