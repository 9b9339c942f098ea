#!/usr/bin/env bash
# Builds Commissure and runs every test there is, the ones that start real processes included.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
require_java
require_maven
cd "$root"
exec mvn -B -ntp verify "$@"
