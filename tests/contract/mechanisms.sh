#!/bin/sh
# mechanisms - the contract of login mechanisms, held to all that were built.
# SPDX-License-Identifier: BSD-2-Clause
set -u
: "${GW6C_BUILD:=$PWD}"
exec "$GW6C_BUILD/gw6c-plugin-check" "$GW6C_BUILD"/.libs/auth_*.so
