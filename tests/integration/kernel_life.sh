#!/bin/sh
# kernel_life - what tunnels of the kernel live through: other networks, lost
# packets, a clock that jumps, a firewall; and scripts that set them up.
# SPDX-License-Identifier: BSD-2-Clause
set -u
. "$(dirname "$0")/kernel.lib.sh"

under_kernel any_moves lossy script clock deaf
