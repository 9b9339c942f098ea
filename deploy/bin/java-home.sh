# Sourced by the launcher and by setup.sh: where a JDK of at least version 25 is.

REQUIRED_JAVA=25

# The feature version of the JDK in folder $1 ("25"), or nothing; read from its release file, so
# that no virtual machine has to start.
java_feature_version() {
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

# True if folder $1 holds a JDK (compiler included) that is new enough.
is_suitable_jdk() {
  local version
  version=$(java_feature_version "$1")
  [ -n "$version" ] && [ "$version" -ge "$REQUIRED_JAVA" ] && [ -x "$1/bin/javac" ]
}

# Prints the home of the JDK to use: JAVA_HOME if it is new enough, else the first found in the
# usual places. Fails without output where there is none.
find_java_home() {
  local home
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/* /opt/*/* "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/* \
    "$HOME"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ -n "$home" ] && is_suitable_jdk "$home"; then
      printf '%s\n' "$home"
      return 0
    fi
  done
  if [ -x /usr/libexec/java_home ]; then # macOS
    home=$(/usr/libexec/java_home -v "$REQUIRED_JAVA+" 2>/dev/null) && is_suitable_jdk "$home" && printf '%s\n' "$home"
    return
  fi
  return 1
}

# Says on standard error what to install.
explain_missing_java() {
  {
    echo "error: no JDK $REQUIRED_JAVA or newer found in JAVA_HOME, /usr/lib/jvm, /opt, SDKMAN or ~/.jdks"
    echo "remedy: install a JDK $REQUIRED_JAVA, for example"
    echo "  Debian 13+/Ubuntu:  apt-get install openjdk-25-jdk-headless   (where the release has it)"
    echo "  Eclipse Temurin:    package temurin-25-jdk of https://adoptium.net, or its archive unpacked under /opt"
    echo "  SDKMAN:             sdk install java 25-tem"
    echo "or set JAVA_HOME to one that is already there."
  } >&2
}
