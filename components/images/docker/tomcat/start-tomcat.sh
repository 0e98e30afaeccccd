#!/bin/sh
# Starts Tomcat with a writable base directory, because the root file system is read-only in a pod. The configuration and
# the applications of the image, including files that the pod mounts over them, are copied there. A writable volume that
# the pod mounts below /opt/tomcat is used in place.
set -eu
: "${CATALINA_HOME:=/opt/tomcat}" "${CATALINA_BASE:=/tmp/tomcat}"
export CATALINA_HOME CATALINA_BASE
if [ "$CATALINA_BASE" != "$CATALINA_HOME" ]; then
  # After a restart, /tmp still contains the files of the previous container.
  rm -rf "$CATALINA_BASE"
  mkdir -p "$CATALINA_BASE"
  for folder in conf webapps; do
    mkdir "$CATALINA_BASE/$folder"
  done
  cp -R "$CATALINA_HOME/conf/." "$CATALINA_BASE/conf/"
  # Tomcat unpacks archives next to themselves, and applications read their own paths.
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
