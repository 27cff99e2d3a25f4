#!/bin/sh
# symbols.sh - a built module shows its descriptor and nothing else.
# SPDX-License-Identifier: BSD-2-Clause
set -u
bad=0 n=0

for module in .libs/auth_*.so .libs/tunnel_*.so .libs/os_*.so \
	.libs/feature_*.so; do
	[ -e "$module" ] || continue
	n=$((n + 1))
	name=$(basename "$module" .so)
	shown=$(nm -D --defined-only "$module" |
		awk '{ sub(/@.*/, "", $NF); print $NF }' |
		grep -Ev '^(_init|_fini|_edata|_end|__bss_start|__odr_asan.*|__asan.*|__sancov.*)$')
	if [ "$shown" != "${name}_LTX_gw6c_plugin" ]; then
		echo "$module shows: $shown"
		bad=1
	fi
	# All it needs comes in through struct gw6c_host.
	wanted=$(nm -D --undefined-only "$module" | awk '{ print $NF }' |
		grep -E '^(gw6c|conf|core|host|log|loop|loader|random|tsp)_')
	if [ -n "$wanted" ]; then
		echo "$module wants of core: $wanted"
		bad=1
	fi
done

[ $n -gt 0 ] || { echo "skipped: no modules here"; exit 77; }
exit $bad
