#!/bin/sh
# Connects to the controller that JENKINS_URL names, as Jenkins' Kubernetes plugin starts agents:
# secret and name are the two arguments, or JENKINS_SECRET and JENKINS_AGENT_NAME.
set -eu
secret="${1:-${JENKINS_SECRET:-}}"
name="${2:-${JENKINS_AGENT_NAME:-}}"
if [ -z "${JENKINS_URL:-}" ] || [ -z "$secret" ] || [ -z "$name" ]; then
  echo "JENKINS_URL, JENKINS_SECRET and JENKINS_AGENT_NAME are needed." >&2
  exit 64
fi
directory="${JENKINS_AGENT_WORKDIR:-/home/jenkins/agent}"
# In a file of the user's own: a command line can be read by every process.
umask 077
file="$(mktemp)"
printf '%s' "$secret" > "$file"
unset JENKINS_SECRET
set -- -url "$JENKINS_URL" -secret "@$file" -name "$name" -workDir "$directory"
if [ "${JENKINS_WEB_SOCKET:-false}" = true ]; then
  set -- "$@" -webSocket
elif [ -n "${JENKINS_TUNNEL:-}" ]; then
  set -- "$@" -tunnel "$JENKINS_TUNNEL"
fi
# The options are words on purpose.
# shellcheck disable=SC2086
exec java ${JAVA_OPTS:-} -jar /usr/share/jenkins/agent.jar "$@"
