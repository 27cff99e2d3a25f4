#!/bin/sh
# other_plugins - the contract of tunnels and features, held to all of them.
# SPDX-License-Identifier: BSD-2-Clause
set -u
: "${GW6C_BUILD:=$PWD}"
exec "$GW6C_BUILD/gw6c-plugin-check" "$GW6C_BUILD"/.libs/tunnel_*.so \
	"$GW6C_BUILD"/.libs/feature_*.so
