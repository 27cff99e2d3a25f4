#!/bin/sh
# dns_update_faults - names and a server that refuses, fails, is down or is
# silent: each is told with its remedy, and the tunnel stays; and the back ends
# ddns-proxy and command.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/dns_update.lib.sh"

lab_up
JOURNAL=$T/state/dns-update.journal
broker_conf prefixes6=2001:db8:1800::/40 pool6=2001:db8:1000::/48
broker_start
dns_conf
dns_up

# again NAME=VALUE...: other settings, in the same tunnel
again() {
	dns_client_conf "$@"
	client_reload
}
state_is() { [ "$(dns_status state)" = "$1" ]; }

# --- what the administrator has to mend ---------------------------------------

dns_client_conf "feature.dns-update.key=$T/key.other"
client_up
session=$(status pid)$(tunnel_address)
dns_logged 'cannot publish home.example: .*another secret .*(BADSIG)'
wait_for 5 state_is error || fail "state $(dns_status state)"
grep -qx 'home.example ERROR' "$T/run/dns-update.state" || fail "no ERROR"
dns_none home.example AAAA || fail "published with a wrong key"

again "feature.dns-update.key=$T/key.unknown"
dns_logged 'cannot publish home.example: .*does not know the key (BADKEY)'

# nsupdate would go on without a signature.
(umask 077 && echo 'options { };' >"$T/key.bad")
again "feature.dns-update.key=$T/key.bad" feature.dns-update.domain=closed.example
dns_logged 'cannot publish closed.example: the key cannot be used.*key.bad does'
grep -q 'closed.example: .*(REFUSED)' "$T/client.log" && fail "sent unsigned"

again feature.dns-update.domain=closed.example
dns_logged 'cannot publish closed.example: .*(REFUSED); allow updates'
dns_none closed.example AAAA || fail "published where it is refused"

# One name that is refused does not hold up the others.
again feature.dns-update.zone=home.example feature.dns-update.domain=example \
	feature.dns-update.name=none \
	'feature.dns-update.names=ok.home=2001:db8:5::1 bad=2001:db8:5::2'
dns_logged 'cannot publish bad.example: .*(NOTZONE)'
dns_wait ok.home.example AAAA 2001:db8:5::1

mkdir "$T/named/broken.jnl"
again feature.dns-update.domain=broken.example
dns_logged 'cannot publish broken.example: .*(SERVFAIL).*again in 5 s (1 of 10)'
dns_none broken.example AAAA || fail "published where it cannot be written"
rmdir "$T/named/broken.jnl"

again feature.dns-update.program=/nonexistent/nsupdate
dns_logged 'cannot publish home.example: .*/nonexistent/nsupdate'

# --- down, and up again ---------------------------------------------------------

dns_down
again
dns_logged 'cannot publish home.example: .*cannot be reached.*again in 5 s'
dns_up
dns_wait home.example AAAA "$(tunnel_address)"
wait_for 15 dns_none ok.home.example AAAA || fail "ok.home.example stays"
wait_for 5 state_is published || fail "state $(dns_status state)"
[ -z "$(dns_status error)" ] || fail "an error that is over"
[ "$session" = "$(status pid)$(tunnel_address)" ] || fail "another tunnel"

# --- the end, while something is pending ------------------------------------------

kill -STOP "$named_pid"
dns_ask cams 'cam tunnel'
wait_for 10 grep -qx 'cam.home.example AAAA' "$JOURNAL" || fail "it is not sent"
client_stop || fail "exit status $?"
grep -q 'did not finish within' "$T/client.log" && fail "the end took too long"
dns_logged '2 names could not be deleted; the next start does it'
grep -qx 'cam.home.example AAAA' "$JOURNAL" || fail "cam is not in the journal"
kill -CONT "$named_pid"
rm "$T/run/cams.names"
dns_client_conf feature.dns-update.name=none
client_up
wait_for 20 dns_none home.example AAAA || fail "it stays after the next start"
wait_for 20 dns_none cam.home.example AAAA || fail "cam stays"
wait_for 10 [ ! -e "$JOURNAL" ] || fail "the journal stays"

# --- command ------------------------------------------------------------------------

cat >"$T/command" <<-COMMAND
	#!/bin/sh
	echo "\$# \$*" >>"$T/command.said"
	[ ! -e "$T/command.fails" ]
COMMAND
chmod 755 "$T/command"
touch "$T/command.fails"
: >"$T/client.log"
again feature.dns-update.by=command "feature.dns-update.command=$T/command"
dns_logged 'cannot publish home.example: .*again in 5 s (1 of 10)'
rm "$T/command.fails"
said="5 add home.example AAAA 300 $(tunnel_address)"
wait_for 15 grep -qx "$said" "$T/command.said" ||
	fail "said: $(cat "$T/command.said")"
wait_for 15 state_is published || fail "state $(dns_status state)"
client_stop || fail "exit status $?"
[ "$(tail -n 1 "$T/command.said")" = '3 delete home.example AAAA' ] ||
	fail "said: $(cat "$T/command.said")"

# --- the proxy of the broker -----------------------------------------------------

mkdir "$T/proxy"
dns_zone "$T/proxy" home.example
cat >"$T/proxy/named.conf" <<-CONF
	options {
		directory "$T/proxy"; pid-file none; session-keyfile none;
		recursion no; dnssec-validation no; notify no;
		listen-on { none; }; listen-on-v6 port 853 { any; };
	};
	controls { };
	zone "home.example" {
		type primary; file "home.example";
		allow-update { $POOL6; };
	};
CONF
: >"$T/client.log"
dns_client_conf feature.dns-update.by=ddns-proxy \
	'feature.dns-update.names=old=192.0.2.9 cam=tunnel'
client_up
peer=$(tunnel_peer)
dns_logged 'cannot publish .*cannot be reached'
ip netns exec "$LAB-brokerA" named -g -c "$T/proxy/named.conf" \
	>>"$T/proxy.log" 2>&1 &
proxy_pid=$!
proxy_has() {
	[ "$(at brokerA dig +short +time=2 +tries=1 -p 853 "@$peer" \
		"$1.example" AAAA)" = "$2" ]
}
wait_for 20 proxy_has cam.home "$(tunnel_address)" || fail "cam is not there"
wait_for 20 proxy_has home "$(tunnel_address)" || fail "home is not there"
dns_logged 'old.home.example is left out: ddns-proxy publishes no A record'
client_stop || fail "exit status $?"
proxy_has cam.home '' || fail "cam stays"
proxy_has home '' || fail "home stays"
proxy_has other.home 2001:db8:9::9 || fail "another name is gone"
say "each told, and the tunnel stays"
