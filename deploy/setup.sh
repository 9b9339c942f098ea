#!/usr/bin/env bash
# Finds or installs what the build needs (a JDK 25, Maven, Node.js), then builds what is not built.
# Run by itself, or sourced by quickstart.sh and test.sh, which call its functions.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# shellcheck source=deploy/bin/java-home.sh
. "$root/deploy/bin/java-home.sh"

# Installs Debian package $1 if this is root on a Debian or Ubuntu whose archive has it.
install_package() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  if ! apt-cache show "$1" >/dev/null 2>&1; then
    apt-get update -qq || true
    apt-cache show "$1" >/dev/null 2>&1 || return 1
  fi
  echo "installing the package $1"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1"
}

require_java() {
  if ! find_java_home >/dev/null; then
    install_package openjdk-25-jdk-headless || install_package temurin-25-jdk || true
    if ! find_java_home >/dev/null; then
      explain_missing_java
      exit 3
    fi
  fi
}

require_maven() {
  if ! command -v mvn >/dev/null && ! install_package maven; then
    {
      echo "error: Maven (the command mvn) is not installed"
      echo "remedy: install Maven 3.8.7 or newer: apt-get install maven, brew install maven, or https://maven.apache.org"
    } >&2
    exit 3
  fi
  # Maven itself may run on 17; its toolchain selection compiles and tests on 25. Without any other
  # Java it runs on the 25 that was found.
  if ! mvn -v >/dev/null 2>&1 || [ -z "${JAVA_HOME:-}" ] && ! command -v java >/dev/null; then
    JAVA_HOME=$(find_java_home)
    export JAVA_HOME
  fi
}

# Node.js 18 or newer with npm, which bundles the console's pages. A build without it: mvn -Dconsole.skip package
require_node() {
  command -v node >/dev/null || install_package nodejs || true
  command -v npm >/dev/null || install_package npm || true
  if ! command -v npm >/dev/null || ! node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 18 ? 1 : 0)' 2>/dev/null; then
    {
      echo "error: Node.js 18 or newer with npm is not installed; the console's pages are built with it"
      echo "remedy: install it: apt-get install nodejs npm, brew install node, or https://nodejs.org"
    } >&2
    exit 3
  fi
}

# True if the three program jars exist and nothing they are made from is newer.
is_built() {
  local jar stamp="$root/deploy/target/built"
  for jar in "$root"/coordinator/target/coordinator-*.jar "$root"/site-agent/target/site-agent-*.jar \
    "$root"/deploy/target/deploy-*.jar "$root"/deploy/spark/target/commissure-spark-job-*.jar "$root"/deploy/containers/target/commissure-containers-*.jar "$root"/coordinator/target/lib "$root"/site-agent/target/lib "$stamp"; do
    [ -e "$jar" ] || return 1
  done
  [ -z "$(find "$root/pom.xml" "$root"/*/pom.xml "$root"/*/src/main "$root"/deploy/spark/pom.xml "$root"/deploy/spark/src/main "$root"/deploy/containers/pom.xml "$root"/deploy/containers/src/main -newer "$stamp" -print -quit)" ]
}

build() {
  if is_built; then
    return
  fi
  echo "building Commissure (once; a few minutes the first time)"
  (cd "$root" && mvn -B -ntp -q -DskipTests package)
  touch "$root/deploy/target/built"
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  require_java
  require_maven
  require_node
  build
  echo "ready: $root/deploy/bin/commissure --help"
fi
