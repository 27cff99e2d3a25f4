#!/bin/sh
# os_backends - the contract of OS backends, held to all that were built.
# SPDX-License-Identifier: BSD-2-Clause
set -u
: "${GW6C_BUILD:=$PWD}"
exec "$GW6C_BUILD/gw6c-plugin-check" \
	-o os.script.path=/nonexistent/script "$GW6C_BUILD"/.libs/os_*.so
