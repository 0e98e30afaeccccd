#!/bin/sh
# Starts Tomcat with a base that it may write to, as the root file system is read-only in a pod.
# The settings and applications of the image, and what a pod mounts over them, are copied
# there; a folder that the pod mounts for writing under /opt/tomcat is used where it is.
set -eu
: "${CATALINA_HOME:=/opt/tomcat}" "${CATALINA_BASE:=/tmp/tomcat}"
export CATALINA_HOME CATALINA_BASE
if [ "$CATALINA_BASE" != "$CATALINA_HOME" ]; then
  # A container that restarts finds what the one before it left in /tmp.
  rm -rf "$CATALINA_BASE"
  mkdir -p "$CATALINA_BASE"
  for folder in conf webapps; do
    mkdir "$CATALINA_BASE/$folder"
  done
  cp -R "$CATALINA_HOME/conf/." "$CATALINA_BASE/conf/"
  # Tomcat unpacks archives beside themselves, and applications ask where they lie.
  cp -R "$CATALINA_HOME/webapps/." "$CATALINA_BASE/webapps/"
  for folder in logs temp work; do
    if [ -w "$CATALINA_HOME/$folder" ]; then
      ln -s "$CATALINA_HOME/$folder" "$CATALINA_BASE/$folder"
    else
      mkdir "$CATALINA_BASE/$folder"
    fi
  done
fi
exec "$CATALINA_HOME/bin/catalina.sh" run
