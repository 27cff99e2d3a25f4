# home_access.lib.sh - a home network with devices, for tests of Home Access.
# Sourced behind lib.sh.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh disable=SC2034,SC2154

need curl python3 openssl haproxy
[ -e "$GW6C_BUILD/.libs/feature_home_access.so" ] ||
	skip "Home Access is not built"

DOMAIN=home.example.org
ACCESS_USER=nobody
LEAVES=client # it gets an address in its own network
devices_pids=

# The network behind the client: 10.44.0.1 is the client, devices have others.
# devices KIND ADDRESS PORT...
devices() {
	at client ip address add 10.44.0.1/24 dev lan0 2>/dev/null
	devices_all=$*
	while [ $# -ge 3 ]; do
		at lan ip address add "$2/24" dev eth0 2>/dev/null
		shift 3
	done
	: >"$T/devices.log"
	# shellcheck disable=SC2086 # words
	ip netns exec "$LAB-lan" python3 "$top/tests/integration/access_device.py" \
		"$T/devices.log" $devices_all 2>"$T/device-errors.log" &
	devices_pids="$devices_pids $!"
	devices_n=$(echo "$devices_all" | wc -w)
	wait_for 20 devices_listen || fail "the devices do not listen"
}
devices_listen() {
	[ "$(at lan ss -Hltn | wc -l)" -ge $((devices_n / 3)) ]
}

access_test_end() {
	access_rc=$?
	# shellcheck disable=SC2086 # words
	ended $devices_pids
	(exit "$access_rc")
	test_end
}
trap 'access_test_end' EXIT

access_conf() { # [NAME=VALUE...]
	client_conf hap6_proxy_enabled=yes \
		"feature.home-access.devices_file=$T/devices" \
		"feature.home-access.domain=$DOMAIN" \
		"feature.home-access.user=$ACCESS_USER" "$@"
}

access_status() { status "feature.home-access.$1"; }
access_is() { [ "$(access_status state)" = "$1" ]; }
access_wait() { # STATE
	wait_for 20 access_is "$1" || fail "state $(access_status state)," \
		"not $1: $(access_status error)"
}

# From behind the broker: visit NAME PATH [OPTION...]
visit() {
	visit_name=$1 visit_path=$2
	shift 2
	at server curl -sS -g -m 20 --path-as-is \
		--resolve "$visit_name.$DOMAIN:80:[$(tunnel_address)]" \
		--resolve "$visit_name.$DOMAIN:443:[$(tunnel_address)]" \
		"$@" "${SCHEME:-http}://$visit_name.$DOMAIN$visit_path"
}
visit_code() { # NAME PATH [OPTION...]
	visit "$@" -o /dev/null -w '%{http_code}' 2>/dev/null
}
# Process numbers of the HAProxys of this test's client
engines() { ip netns pids "$LAB-client" | while read -r pid; do
	grep -qx haproxy "/proc/$pid/comm" 2>/dev/null && echo "$pid"
done; }
engines_are() { [ "$(engines | wc -l)" = "$1" ]; }
# A row of the table, by device and way
row() { # NAME WAY
	"$GW6C" -f "$T/gw6c.conf" --status=json 2>/dev/null | python3 -c '
import json, sys
for row in json.load(sys.stdin).get("feature.home-access.device", []):
    if row["name"] == sys.argv[1] and row["way"] == sys.argv[2]:
        print(" ".join(f"{k}={v}" for k, v in row.items()))' "$1" "$2"
}
