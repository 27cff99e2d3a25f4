#!/bin/sh
# reload_features - a reload that takes a new session says why.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2119 # functions that may have arguments
set -u
. "$(dirname "$0")/lib.sh"

lab_up
broker_conf
broker_start
client_conf
client_up
said() { grep -q -e "$1" "$T/client.log"; }
reload() { # PATTERN SETTING...
	pattern=$1
	shift
	: >"$T/client.log"
	conf_set "$T/gw6c.conf" "$@"
	kill -HUP "$client_pid"
	wait_for 20 said "$pattern" || fail "a reload of $* does not say $pattern"
	wait_for 20 client_is_up || fail "no tunnel after a reload of $*"
}

features='which features are on, .* have changed; ending the session for a new'
session='settings of the session have changed; ending the session for a new'

reload "$features" feature.dns-update.enabled=yes feature.dns-update.by=print \
	feature.dns-update.domain=home.example
said 'settings of the session' && fail "a feature is called a setting"
reload 'options of features have changed; the session is unchanged' \
	feature.dns-update.domain=other.example
said 'ending the session' && fail "an option of a feature ends the session"
reload "$features" feature.dns-update.enabled=no
reload "$session" keepalive_interval=17
said 'which features' && fail "a setting is called a feature"
reload 'the tunnel is unchanged' log_file=1
said 'ending the session' && fail "a setting of the log ends the session"
client_stop || fail "exit status $?"
