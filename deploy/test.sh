#!/usr/bin/env bash
# Builds Commissure and runs every test there is, the ones that start real processes included.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
require_java
require_maven
require_node
# An independent check of the log's format; without these packages its test is skipped and says so.
if ! command -v go >/dev/null || [ ! -d /usr/share/gocode/src/golang.org/x/mod ]; then
  install_package golang-go && install_package golang-golang-x-mod-dev || echo "skipping the check by Go's code: packages golang-go and golang-golang-x-mod-dev are not installed"
fi
# For the tests of PKCS#11 tokens and of the HTTP proxy, which are skipped without them.
command -v softhsm2-util >/dev/null || install_package softhsm2 || true
command -v tinyproxy >/dev/null || install_package tinyproxy || true
# For the tests of a coordinator over PostgreSQL, which are skipped without its server.
[ -n "$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null)" ] || command -v initdb >/dev/null || install_package postgresql || true
# For the test of the alert rules, which is skipped without promtool.
command -v promtool >/dev/null || install_package prometheus || true
# For the tests of the pages, which are skipped without them.
command -v chromium >/dev/null || install_package chromium || true
command -v chromedriver >/dev/null || install_package chromium-driver || true
cd "$root"
exec mvn -B -ntp verify "$@"
