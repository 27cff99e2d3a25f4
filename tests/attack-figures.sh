#!/bin/sh
# attack-figures.sh - what floods of forged datagrams do to clients: the table of
# doc/attack-figures.md.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
#
# usage: sh tests/attack-figures.sh, as root, in a build directory, when nothing
# else runs. Takes about five minutes; the table goes to standard output, what
# else there is to say to standard error.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
. "$(dirname "$0")/integration/attacks/attacks.lib.sh"

LOGINS=20
PPS=1000
PINGS=500 # in ten seconds

exec 3>&1 >&2

lab_up
broker_conf auth='anonymous digest-md5 passdss-3des-1' log_stderr=1
"$BROKER" -f "$T/broker.conf" keygen >/dev/null || fail "no server key"
broker_start
client_conf
client_up

# Middle and longest of the numbers that are read.
middle() {
	sort -n | awk '{ n[NR] = $1 }
		END { print (NR ? n[int((NR + 1) / 2)] " / " n[NR] : "-") }'
}
logins() { # FILE [NAME=VALUE...]
	: >"$1"
	logins_to=$1
	shift
	for login in $(seq $LOGINS); do
		rm -rf "$T/state3"
		login_ms "$@" >>"$logins_to" ||
			say "login $login failed: $(grep error "$T/login.log")"
	done
}
good() { # FILE: logins within two seconds
	awk '$1 <= 2000' "$1" | wc -l
}
rss() { sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$broker_pid/status"; }

row() { # KIND FROM
	[ "$1" = none ] || attack_begin "$1" "$2" "$PPS"
	at client ping -n -q -c $PINGS -i 0.02 -W 2 "$SERVER6" >"$T/ping" 2>&1 &
	pinging=$!
	logins "$T/anonymous"
	logins "$T/passdss" auth_method=passdss-3des-1 userid=ann passwd=s3cret
	wait $pinging
	attack_end
	printf '| %s | %s | %s | %s | %s | %s | %s |\n' "$1" "$2" \
		"$(good "$T/anonymous"), $(middle <"$T/anonymous")" \
		"$(good "$T/passdss"), $(middle <"$T/passdss")" \
		"$(sed -n 's/.* received, \([0-9.]*%\).*/\1/p' "$T/ping")" \
		"$(broker_status tunnels)" "$(($(rss) / 1024))" >&3
}

# Octets of IP to the forged address for each one sent.
ratio() { # KIND
	before=$(octets "$VICTIM" rx)
	sent=$(attack "$1" "$VICTIM4" $PPS 5 | cut -d' ' -f1)
	sleep 0.5
	awk -v got=$(($(octets "$VICTIM" rx) - before)) -v sent="$sent" \
		-v kind="$1" 'BEGIN { printf "| %s | %d | %d | %.2f |\n", kind,
			sent, got, got / sent }' >&3
}

printf '| flood | from | anonymous: in 2 s, ms | PASSDSS: in 2 s, ms | lost | tunnels | MiB |\n' >&3
printf '|---|---|---|---|---|---|---|\n' >&3
row none -
for kind in empty version session padded takeover repeat passdss \
	passdss-padded; do
	for from in $NAT4 10.0.0.0/8; do
		row "$kind" "$from"
	done
done
client_stop || fail "exit status $?"

printf '\n| flood | octets sent | octets to the forged address | ratio |\n' >&3
printf '|---|---|---|---|\n' >&3
for kind in empty version session padded takeover repeat passdss; do
	ratio $kind
done
broker_stop || fail "exit status $?"
