#!/bin/sh
# Connects to the controller at JENKINS_URL. Jenkins' Kubernetes plugin passes the secret and the name as two arguments,
# or as JENKINS_SECRET and JENKINS_AGENT_NAME.
set -eu
secret="${1:-${JENKINS_SECRET:-}}"
name="${2:-${JENKINS_AGENT_NAME:-}}"
if [ -z "${JENKINS_URL:-}" ] || [ -z "$secret" ] || [ -z "$name" ]; then
  echo "JENKINS_URL, JENKINS_SECRET and JENKINS_AGENT_NAME are required." >&2
  exit 64
fi
directory="${JENKINS_AGENT_WORKDIR:-/home/jenkins/agent}"
# In a file that only this user can read, because every process can read a command line.
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
# Word splitting is intended: JAVA_OPTS contains several options.
# shellcheck disable=SC2086
exec java ${JAVA_OPTS:-} -jar /usr/share/jenkins/agent.jar "$@"
