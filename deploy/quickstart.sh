#!/usr/bin/env bash
# One federated training from nothing to a verified log; see --help.
set -euo pipefail
caller=$PWD
case " $* " in
  *" --help "* | *" -h "*) help=yes ;;
  *) help=no ;;
esac
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
if [ "$help" = yes ] && ! is_built; then
  # Help must not cost a build; once built, the program itself says more.
  cat <<'HELP'
Usage: deploy/quickstart.sh [--data DIR] [--sites A,B,C,D] [--rounds N] [--out DIR] [--keep]

Starts a coordinator and one agent per hospital as separate processes, trains a small BrainLM in
federated rounds with secure aggregation and differential privacy, kills one site in the middle of a
round and brings it back, evaluates every released model on sealed external cohorts, and verifies the log.

  --data DIR        a folder of site-NAME/ cohorts (default: ../shared/data/abide1, else a made-up cohort)
  --sites A,B,C,D   four or more of them (default: NYU,UM1,PITT,YALE)
  --rounds N        federated rounds, five or more (default: 6)
  --out DIR         the run folder
  --keep            when the run is over, leave everything running until Ctrl-C, for a look into the console

The first call builds Commissure: a few minutes.
HELP
  exit 0
fi
require_java
require_maven
is_built || require_node
build
cd "$caller"
java_home=$(find_java_home)
# The coordinator's jar is here for the form of its status document and of passwords only, the site agent's for the size of a study's model.
jars=("$root"/deploy/target/deploy-*.jar "$root"/coordinator/target/coordinator-*.jar "$root"/site-agent/target/site-agent-*.jar)
class_path=$(IFS=:; printf '%s' "${jars[*]}"):$root/site-agent/target/lib/*
exec "$java_home/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx256m \
  --enable-native-access=ALL-UNNAMED -cp "$class_path" -Dcommissure.root="$root" \
  org.commissure.deploy.quickstart.Quickstart "$@"
