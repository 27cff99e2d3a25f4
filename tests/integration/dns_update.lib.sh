# dns_update.lib.sh - a BIND for tests of names. Sourced behind lib.sh.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh disable=SC2034

need named nsupdate dig tsig-keygen

named_pid=
proxy_pid=
dns_test_end() {
	dns_rc=$?
	ended "$named_pid" "$proxy_pid"
	(exit "$dns_rc")
	test_end
}
trap 'dns_test_end' EXIT

dns_zone() { # DIRECTORY ZONE
	cat >"$1/$2" <<-ZONE
		\$TTL 60
		@ SOA ns.$2. root.$2. 1 3600 600 86400 60
		@ NS ns
		ns AAAA $SERVER6
		other AAAA 2001:db8:9::9
	ZONE
}

# A server with a zone for the key, one that takes no updates, and one that it
# cannot write while there is a directory in the place of its journal.
dns_conf() {
	dns=$T/named
	mkdir "$dns"
	for zone in home.example closed.example broken.example; do
		dns_zone "$dns" "$zone"
	done
	(
		umask 077
		tsig-keygen -a hmac-sha256 gw6c >"$T/key"
		tsig-keygen -a hmac-sha256 gw6c >"$T/key.other"
		tsig-keygen -a hmac-sha256 nobody >"$T/key.unknown"
	)
	{
		cat "$T/key"
		cat <<-CONF
			options {
				directory "$dns"; pid-file none;
				session-keyfile none; recursion no;
				dnssec-validation no; notify no;
				listen-on { any; }; listen-on-v6 { any; };
			};
			controls { };
			zone "home.example" {
				type primary; file "home.example";
				allow-update { key gw6c; };
			};
			zone "closed.example" {
				type primary; file "closed.example";
			};
			zone "broken.example" {
				type primary; file "broken.example";
				journal "broken.jnl";
				allow-update { key gw6c; };
			};
		CONF
	} >"$dns/named.conf"
}

dns_up() {
	ip netns exec "$LAB-server" named -g -c "$T/named/named.conf" \
		>>"$T/named.log" 2>&1 &
	named_pid=$!
	wait_for 20 dns_answers || fail "named does not start"
	wait_for 20 dns_answers broken.example || fail "a zone is not loaded"
}
dns_answers() { [ -n "$(dns_records "${1:-home.example}" SOA)" ]; }
dns_down() {
	kill "$named_pid" && wait "$named_pid" 2>/dev/null
	named_pid=
}

# What the server has, one record a line, in order
dns_records() { # NAME [TYPE]
	at server dig +short +time=2 +tries=1 "@$SERVER6" "$1" "${2:-AAAA}" |
		sort
}
dns_is() { # NAME TYPE RECORD...
	dns_name=$1 dns_type=$2
	shift 2
	[ "$(dns_records "$dns_name" "$dns_type")" = "$(printf '%s\n' "$@")" ]
}
dns_wait() { # NAME TYPE RECORD...
	wait_for 15 dns_is "$@" ||
		fail "$1 $2 is $(dns_records "$1" "$2"), not $3"
}
dns_none() { # NAME TYPE
	[ -z "$(dns_records "$1" "$2")" ]
}

# With nsupdate; what follows replaces the settings here.
dns_client_conf() { # [NAME=VALUE...]
	client_conf auth_method=digest-md5 userid=ann passwd=s3cret ra=none \
		host_type=router if_prefix=lan0 \
		feature.dns-update.enabled=yes feature.dns-update.by=nsupdate \
		feature.dns-update.domain=home.example \
		"feature.dns-update.server=$SERVER6" \
		"feature.dns-update.key=$T/key" \
		"feature.dns-update.journal=$T/state/dns-update.journal" "$@"
}
client_reload() {
	kill -HUP "$(status pid)"
}
dns_status() { status "feature.dns-update.$1"; }
dns_logged() { # PATTERN
	wait_for 20 grep -q -e "$1" "$T/client.log" || fail "no word of $1"
}
# Another feature asks for that.
dns_ask() { # FEATURE LINE...
	dns_feature=$1
	shift
	printf '%s\n' "$@" >"$T/run/$dns_feature.names.new"
	mv "$T/run/$dns_feature.names.new" "$T/run/$dns_feature.names"
}
