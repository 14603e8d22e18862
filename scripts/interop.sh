#!/usr/bin/env bash
# Runs the interoperability suite in a network namespace of its own: nothing that it sends can leave it.
# With NTPCONFD_PEERS=required a missing peer is a failure; otherwise it is a visible skip.
set -eu
cd "$(dirname "$0")/.."
run=(npx vitest run --config test/interop/vitest.config.ts "$@")
if [ "$(id -u)" = 0 ]; then enter=(unshare -n); else enter=(unshare -Urn); fi
if ! "${enter[@]}" true 2>/dev/null; then
  echo "no network namespace may be made here: the suite is skipped" >&2
  [ "${NTPCONFD_PEERS:-}" != required ] || exit 1
  exit 0
fi
exec "${enter[@]}" bash -c 'ip link set lo up && exec "$@"' interop "${run[@]}"
