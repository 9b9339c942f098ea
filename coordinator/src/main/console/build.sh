#!/usr/bin/env bash
# Bundles the console's pages with the machine's Node: build.sh WORK OUT. Does nothing where OUT is newer than the sources.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
work=$1
out=$2

if [ -e "$out/index.html" ] && [ -z "$(find "$here" -newer "$out/index.html" -print -quit)" ]; then
  exit 0
fi
if ! command -v npm >/dev/null || ! command -v node >/dev/null; then
  {
    echo "error: the console's pages need Node.js 18 or newer with npm, and there is none"
    echo "remedy: run deploy/setup.sh as root on Debian or Ubuntu, install Node.js, or build without pages: -Dconsole.skip"
  } >&2
  exit 3
fi
mkdir -p "$work" "$out"
cp "$here/package.json" "$here/.npmrc" "$work/"
if ! cmp -s "$here/package-lock.json" "$work/package-lock.json" || [ ! -d "$work/node_modules" ]; then
  cp "$here/package-lock.json" "$work/"
  (cd "$work" && npm ci --silent --prefer-offline)
fi
rm -rf "$work/src" "$work/dist"
cp -r "$here/src" "$work/src"
(cd "$work" && npm run --silent build)
cp "$work/dist/app.js" "$work/dist/app.css" "$here/icon.svg" "$out/"
cp "$here/index.html" "$out/" # last: its time says that the others are there
touch "$out/index.html"
