#!/bin/sh
# kernel_modes - the tunnels of the kernel: every mode, and router mode.
# SPDX-License-Identifier: BSD-2-Clause
set -u
. "$(dirname "$0")/kernel.lib.sh"

under_kernel v6v4 v4v6 proxy router
