#!/usr/bin/env bash
# Fetches NVIDIA's and libtorch's native libraries, which Commissure does not ship: `cpu` (90 MB, to compare
# with), `cuda` (to train on an NVIDIA GPU), or `nvrtc` (380 MB, CUDA's run-time compiler, for regional models on
# a machine without CUDA). The launcher finds them in deploy/target/libtorch and deploy/target/nvrtc.
set -euo pipefail

usage() {
  cat <<'HELP'
Usage: deploy/libtorch.sh cpu|cuda|nvrtc|remove

  cpu     libtorch for the processor, for `commissure bench brainlm --peer libtorch`
  cuda    libtorch for NVIDIA GPUs of compute capability 7.5 and later, for --device cuda; the machine needs
          NVIDIA's driver, CUDA 13, cuDNN 9 and NCCL
  nvrtc   CUDA's run-time compiler, for `commissure site regional … --device cuda` where CUDA itself is not
          installed; the machine needs NVIDIA's driver
  remove  delete them

Example:
  deploy/libtorch.sh cpu && deploy/bin/commissure bench brainlm --peer libtorch --sizes small
HELP
}

case "${1:-}" in
  cpu) artifacts=(pytorch:linux-x86_64) ;;
  cuda) artifacts=(pytorch:linux-x86_64-gpu cuda: cuda:linux-x86_64) ;;
  nvrtc) artifacts=(cuda-redist:linux-x86_64) ;;
  remove) artifacts=() ;;
  -h | --help | help)
    usage
    exit 0
    ;;
  *)
    usage >&2
    exit 2
    ;;
esac

. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
folder=$root/deploy/target/libtorch
if [ "$1" = nvrtc ]; then
  folder=$root/deploy/target/nvrtc
fi
rm -rf "$folder" "$folder.part"
if [ ${#artifacts[@]} -eq 0 ]; then
  rm -rf "$root/deploy/target/nvrtc"
  echo "removed: $folder"
  exit 0
fi
require_java
require_maven

# The version that the root pom pins for artifact $1.
version_of() {
  sed -n "s:.*<$1.version>\(.*\)</$1.version>.*:\1:p" "$root/pom.xml"
}

for artifact in "${artifacts[@]}"; do
  name=${artifact%%:*}
  classifier=${artifact#*:}
  coordinates=org.bytedeco:$name:$(version_of "${name%-redist}"):jar${classifier:+:$classifier}
  echo "fetching $coordinates"
  if ! (cd "$root" && mvn -B -ntp -q -N dependency:copy -Dartifact="$coordinates" \
    -DoutputDirectory="$folder.part"); then
    rm -rf "$folder.part"
    {
      echo "error: Maven could not fetch $coordinates"
      echo "remedy: check the network or the mirror in Maven's settings.xml, then run this again"
    } >&2
    exit 3
  fi
done
mv "$folder.part" "$folder"
echo "ready: $folder"
