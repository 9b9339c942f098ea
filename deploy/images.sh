#!/usr/bin/env bash
# Builds the container images of coordinator and site agent, without a daemon: deploy/images.sh --help
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
require_java
if ! is_built && [ -z "${COMMISSURE_BUILT:-}" ]; then # set by the tests: what Maven has just packaged is new
  require_maven
  require_node
  build
fi
jars=("$root"/deploy/containers/target/commissure-containers-*.jar)
exec "$(find_java_home)/bin/java" -XX:+UseSerialGC --sun-misc-unsafe-memory-access=allow -Djava.util.logging.config.file=/dev/null \
  -cp "${jars[0]}:$root/deploy/containers/target/lib/*" org.commissure.containers.ImagesCommand --root "$root" "$@"
