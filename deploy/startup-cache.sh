#!/usr/bin/env bash
# Called by the build, once the launcher's jars are there: what lets every later command start in about half the time.
# Without it everything works as well, so nothing here fails the build.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

for module in coordinator site-agent; do
  [ -d "$root/$module/target/lib" ] || exit 0 # only compiled
done
stale=
for module in coordinator site-agent; do
  cache=$root/deploy/target/startup/$module.aot
  if [ ! -f "$cache" ] || [ -n "$(find "$root/$module"/target/*.jar "$root/$module/target/lib" -newer "$cache" -print -quit)" ]; then
    stale=yes
  fi
done
if [ -n "$stale" ] && ! "$root/deploy/bin/commissure" startup-cache; then
  echo "commands will start without a start-up cache; to make it: deploy/bin/commissure startup-cache" >&2
fi
