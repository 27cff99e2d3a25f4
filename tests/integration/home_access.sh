#!/bin/sh
# home_access - devices that know only IPv4, reached by name through the tunnel;
# what is changed, killed and moved breaks nothing else; nothing is left.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/home_access.lib.sh"

lab_up
broker_conf
broker_start
devices web 10.44.0.20 80 web 10.44.0.21 8080 raw 10.44.0.22 554
cat >"$T/devices" <<LIST
# what there is at home
cam=10.44.0.20 public rewrite
nas = 10.44.0.21:8080 allow=2001:db8:ffff::/48 host=device set="X-Way: 100% home" answer=Server: rewrite
far = 10.44.0.20 allow=2001:db8:eeee::/48
old=10.44.0.20
gone = 10.44.0.99 public
lost = 10.44.0.20 bogus
LIST
access_conf
client_up
access_wait serving
[ "$(visit_code cam /)" = 200 ] || fail "cam: $(visit cam /)"
"$GW6C" -f "$T/gw6c.conf" --status
cat "$T/client.log" | tail -30
