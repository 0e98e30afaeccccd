#!/bin/sh
# Starts a Kafka node: adds the settings that differ between pods to the common ones, formats an empty disk, and runs the
# server.
# POD_NAME ends in the node's number; NODES_DOMAIN is the suffix of the nodes' host names.
# SETTINGS and SECRETS contain *.properties, TLS the node's key and certificate. SECRETS and TLS may be missing or empty:
# the image has an empty folder for secrets.
set -eu
umask 077

properties="$WORK/server.properties"
cat "$SETTINGS"/*.properties >"$properties"
for file in "$SECRETS"/*.properties; do
  if [ -f "$file" ]; then cat "$file" >>"$properties"; fi
done
{
  printf 'node.id=%s\n' "${POD_NAME##*-}"
  printf 'advertised.listeners=CLIENT://%s.%s:9092\n' "$POD_NAME" "$NODES_DOMAIN"
  if [ -n "${ZONE:-}" ]; then printf 'broker.rack=%s\n' "$ZONE"; fi
} >>"$properties"
if [ -f "$TLS/tls.key" ]; then cat "$TLS/tls.key" "$TLS/tls.crt" >"$WORK/node.pem"; fi

"$KAFKA/bin/kafka-storage.sh" format --ignore-formatted --cluster-id="$CLUSTER_ID" --config "$properties"
exec "$KAFKA/bin/kafka-server-start.sh" "$properties"
